"""GET /api/membership: the membership with the balance."""


def test_of_somebody_who_is_no_member(api, token):
    answer = api.get("/api/membership", token)
    assert answer.json == {
        "plan": None, "period": None, "status": "none",
        "monthly_credits": None, "started_at": None, "expires_at": None,
        "next_reset_at": None, "upcoming": [], "balance": 100}


def test_of_a_member(api, user, token):
    api.make_member(user, "pro", "yearly")
    api.make_member(user, "lite")
    member = api.get("/api/membership", token).json
    assert (member["plan"], member["period"], member["status"]) == (
        "pro", "yearly", "active")
    assert (member["monthly_credits"], member["balance"]) == (250, 350)
    (later,) = member["upcoming"]
    assert (later["plan"], later["period"]) == ("lite", "monthly")
    assert later["starts_at"] < later["ends_at"] == member["expires_at"]
    assert member["started_at"] < member["next_reset_at"]


def test_stands_in_the_wallet_and_the_user_too(api, user, token):
    api.make_member(user, "pro")
    member = api.get("/api/membership", token).json
    assert member.pop("balance") == 350
    assert api.get("/api/credits", token).json["membership"] == member
    assert api.get("/api/users/me", token).json["membership"] == member


def test_an_unchanged_one_is_304_until_it_changes(api, user, token):
    api.make_member(user, "lite")
    etag = api.get("/api/membership", token).header("etag")
    known = [("If-None-Match", etag)]
    assert api.call("GET", "/api/membership", token,
                    headers=known).status == 304
    api.post("/api/membership/cancel", token)
    answer = api.call("GET", "/api/membership", token, headers=known)
    assert (answer.status, answer.json["status"]) == (200, "cancelling")


def test_the_end_is_seen_when_it_has_come(api, stack, user, token):
    api.set_member(user, "lite", expires_at=stack.moment("1 hour"))
    assert api.get("/api/membership", token).json["status"] == "active"
    stack.dev("clock", "61 minutes")
    member = api.get("/api/membership", token).json
    assert (member["status"], member["plan"]) == ("expired", "lite")
    assert (member["balance"], member["next_reset_at"]) == (100, None)
    kinds = [row["kind"] for row in api.get(
        "/api/credits/transactions", token).json["data"]]
    assert kinds[:2] == ["expire", "membership"]


def test_an_unknown_user(api):
    answer = api.get("/api/membership", api.service, user_id="nobody-20")
    assert (answer.status, answer.code) == (404, "user_not_found")
