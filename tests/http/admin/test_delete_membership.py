"""DELETE /api/admin/memberships/{user_id}: it ends now."""


def test_ends_all_of_it(api, user, token):
    api.make_member(user, "lite")
    api.make_member(user, "pro")
    api.make_member(user, "pro", "yearly")
    answer = api.end_member(user)
    assert answer.status == 200
    assert (answer.json["status"], answer.json["upcoming"]) == ("expired", [])
    assert answer.json["plan"] == "pro"
    assert api.balance(user) == 100
    rows = api.get("/api/credits/transactions", token).json["data"]
    assert [(row["kind"], row["amount"]) for row in rows[:2]] == [
        ("expire", -150), ("expire", -100)]


def test_a_second_time_changes_nothing(api, user, token):
    api.make_member(user, "lite")
    first = api.end_member(user)
    revision = api.get("/api/credits", token).json["revision"]
    assert api.end_member(user).body == first.body
    assert api.get("/api/credits", token).json["revision"] == revision


def test_after_it_a_new_one_gives_its_quota_at_once(api, user):
    api.make_member(user, "lite")
    api.end_member(user)
    api.make_member(user, "lite")
    assert api.balance(user) == 200


def test_of_somebody_who_never_was_a_member(api, user):
    answer = api.end_member(user)
    assert (answer.status, answer.code) == (404, "not_found")


def test_an_unknown_user(api):
    answer = api.end_member("nobody-24")
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_the_reason_is_asked_for(api, user):
    answer = api.call("DELETE", f"/api/admin/memberships/{user}", api.admin)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        ("reason", "required")]
