"""POST /api/admin/memberships/{user_id}: what a paid order does."""
import pytest

from support.api import new_key
from support.shapes import AMOUNT_MAX


def test_begins_at_once_with_its_quota(api, user, token):
    answer = api.make_member(user, "pro")
    assert answer.status == 200
    assert (answer.json["plan"], answer.json["status"]) == ("pro", "active")
    assert answer.json["monthly_credits"] == 250
    row = api.get("/api/credits/transactions", token).json["data"][0]
    assert (row["kind"], row["amount"]) == ("membership", 250)
    assert row["draws"][0]["source"] == "membership"
    assert row["reference"]["type"] == "membership"
    assert row["actor"] == "admin:boss"


def test_the_same_plan_again_goes_behind(api, user):
    first = api.make_member(user, "pro").json
    second = api.make_member(user, "pro").json
    (later,) = second["upcoming"]
    assert later["starts_at"] == first["expires_at"]
    assert later["ends_at"] == second["expires_at"]
    assert api.balance(user) == 350


def test_a_higher_plan_begins_now_with_the_difference(api, user):
    api.make_member(user, "lite")
    answer = api.make_member(user, "premium")
    assert answer.json["plan"] == "premium"
    (rest,) = answer.json["upcoming"]
    assert rest["plan"] == "lite"
    assert api.balance(user) == 100 + 600


def test_a_key_makes_it_once(api, user):
    key = new_key()
    first = api.make_member(user, "pro", key=key)
    again = api.make_member(user, "pro", key=key)
    assert again.body == first.body
    assert again.header("idempotent-replayed") == "true"
    assert api.make_member(user, "lite", key=key).code == (
        "idempotency_key_reused")


def test_an_answer_no_longer_kept(api, stack, user):
    key = new_key()
    api.make_member(user, "pro", key=key)
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s and key = %s", user, key)
    assert api.make_member(user, "pro", key=key).code == "already_done"


def test_an_unknown_plan(api, stack, user):
    answer = api.make_member(user, "gold")
    assert (answer.status, answer.code) == (422, "unknown_plan")
    row = stack.rows("select operator, outcome from"
                     " florin.admin_operation_logs where user_id = %s"
                     " order by id desc limit 1", user)[0]
    assert (row["operator"], row["outcome"]) == ("admin:boss",
                                                 "unknown_plan")


def test_an_unknown_user(api):
    answer = api.make_member("nobody-22", "pro")
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_the_balance_has_a_limit(api, user):
    api.adjust(user, AMOUNT_MAX - 200)
    answer = api.make_member(user, "pro")
    assert (answer.status, answer.code) == (422, "balance_limit")
    assert api.get("/api/membership",
                   api.as_user(user)).json["status"] == "none"


def test_is_logged_with_before_and_after(api, stack, user):
    api.make_member(user, "pro", reason="why not")
    row = stack.rows(
        "select operator, operation, before ->> 'status' as was,"
        " after ->> 'plan' as plan, reason, ip, outcome"
        " from florin.admin_operation_logs where user_id = %s"
        " order by id desc limit 1", user)[0]
    assert tuple(row.values()) == (
        "admin:boss", "create_membership", "none", "pro", "why not",
        "127.0.0.1", "done")


FIELDS = [
    ("plan", None, "required"), ("plan", "Pro", "format"),
    ("period", None, "required"), ("period", "weekly", "choice"),
    ("reason", None, "required"), ("reason", "", "length"),
    ("expires_at", "2030-01-01T00:00:00Z", "unknown"),
]


@pytest.mark.parametrize("field, value, code", FIELDS)
def test_a_wrong_field_is_named(api, user, field, value, code):
    body = {"plan": "pro", "period": "monthly", "reason": "r", field: value}
    answer = api.write(f"admin/memberships/{user}", api.admin, **body)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]
