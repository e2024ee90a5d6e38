"""PUT /api/admin/memberships/{user_id}: make it so from now on."""
import pytest

from support.shapes import AMOUNT_MAX


def test_makes_a_member(api, stack, user):
    until = stack.moment("10 days")
    answer = api.set_member(user, "pro", expires_at=until)
    assert answer.status == 200
    assert (answer.json["plan"], answer.json["period"]) == ("pro", "monthly")
    assert answer.json["expires_at"].startswith(until[:19])
    assert api.balance(user) == 350


def test_the_same_values_change_nothing(api, stack, user, token):
    until = stack.moment("10 days")
    first = api.set_member(user, "pro", expires_at=until)
    revision = api.get("/api/credits", token).json["revision"]
    assert api.set_member(user, "pro", expires_at=until).body == first.body
    assert api.set_member(user, "pro").body == first.body
    assert api.get("/api/credits", token).json["revision"] == revision
    assert stack.value(
        "select count(*) from florin.admin_operation_logs where user_id = %s"
        " and operation = 'set_membership'", user) == 1


def test_the_same_plan_gets_another_end_and_the_queue_follows(api, stack,
                                                              user):
    api.make_member(user, "pro")
    api.make_member(user, "lite")
    until = stack.moment("10 days")
    answer = api.set_member(user, "pro", expires_at=until)
    (later,) = answer.json["upcoming"]
    assert later["plan"] == "lite"
    assert later["starts_at"].startswith(until[:19])
    assert api.balance(user) == 350


def test_another_plan_replaces_the_running_period(api, user):
    api.make_member(user, "pro")
    api.make_member(user, "pro")
    answer = api.set_member(user, "lite", "yearly")
    assert (answer.json["plan"], answer.json["period"]) == ("lite", "yearly")
    assert [p["plan"] for p in answer.json["upcoming"]] == ["pro"]


def test_an_end_in_the_past(api, stack, user):
    answer = api.set_member(user, "pro", expires_at=stack.moment("-1 hour"))
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        ("expires_at", "range")]


def test_an_unknown_plan(api, user):
    answer = api.set_member(user, "gold")
    assert (answer.status, answer.code) == (422, "unknown_plan")


def test_an_unknown_user(api):
    answer = api.set_member("nobody-23", "pro")
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_the_balance_has_a_limit(api, user):
    api.adjust(user, AMOUNT_MAX - 200)
    answer = api.set_member(user, "pro")
    assert (answer.status, answer.code) == (422, "balance_limit")


@pytest.mark.parametrize("field, value, code", [
    ("plan", None, "required"), ("period", 1, "type"),
    ("expires_at", "tomorrow", "format"), ("reason", None, "required")])
def test_a_wrong_field_is_named(api, user, field, value, code):
    body = {"plan": "pro", "period": "monthly", "reason": "r", field: value}
    answer = api.call("PUT", f"/api/admin/memberships/{user}", api.admin,
                      body)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]
