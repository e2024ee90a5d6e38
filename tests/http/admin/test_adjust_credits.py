"""POST /api/admin/credits/adjust: an admin's signed change."""
import pytest

from support.shapes import AMOUNT_MAX


def logged(stack, user):
    return stack.rows(
        "select operator, operation, before, after, reason, ip, user_agent,"
        " outcome from florin.admin_operation_logs"
        " where user_id = %s order by id", user)


def test_adds(api, user):
    answer = api.adjust(user, 5, reason="a present")
    assert answer.status == 200
    transaction = answer.json["transaction"]
    assert (transaction["kind"], transaction["amount"]) == ("adjust", 5)
    assert transaction["actor"] == "admin:boss"
    assert transaction["draws"][0]["source"] == "adjust"
    assert answer.json["wallet"]["balance"] == 105


def test_takes(api, user):
    answer = api.adjust(user, -30)
    assert answer.json["transaction"]["amount"] == -30
    assert answer.json["wallet"]["balance"] == 70
    assert answer.json["wallet"]["total_spent"] == 0


def test_below_zero_takes_nothing(api, user):
    answer = api.adjust(user, -101)
    assert (answer.status, answer.code) == (402, "insufficient_credits")
    assert answer.json["shortfall"] == 1
    assert api.balance(user) == 100


def test_the_balance_has_a_limit(api, user):
    answer = api.adjust(user, AMOUNT_MAX)
    assert (answer.status, answer.code) == (422, "balance_limit")


def test_an_unknown_user(api):
    answer = api.adjust("nobody-4", 1)
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_is_logged_with_before_and_after(api, stack, user):
    api.post("/api/admin/credits/adjust", api.admin,
             {"user_id": user, "amount": 7, "reason": "why not"}, "k-log",
             headers=[("User-Agent", "browser/1.0")])
    row = logged(stack, user)[-1]
    assert row["operator"] == "admin:boss"
    assert row["operation"] == "adjust_credits"
    assert row["before"]["balance"] == 100
    assert row["after"]["balance"] == 107
    assert row["reason"] == "why not"
    assert row["ip"] == "127.0.0.1"
    assert row["user_agent"] == "browser/1.0"
    assert row["outcome"] == "done"


def test_a_refusal_is_logged_with_its_code(api, stack, user):
    api.adjust(user, -1000, reason="too much")
    row = logged(stack, user)[-1]
    assert row["operator"] == "admin:boss"
    assert row["operation"] == "adjust_credits"
    assert row["outcome"] == "insufficient_credits"
    assert row["reason"] == "too much"


def test_an_admins_grant_and_refund_are_logged_too(api, stack, user, token):
    taken = api.consume(token, 5).json["transaction"]["id"]
    api.grant(user, 5, who=api.admin)
    api.refund(user, taken, who=api.admin)
    operations = [row["operation"] for row in logged(stack, user)]
    assert operations[-2:] == ["grant_credits", "refund_credits"]


FIELDS = [
    ("amount", 0, "range"), ("amount", AMOUNT_MAX + 1, "range"),
    ("amount", -AMOUNT_MAX - 1, "range"), ("amount", "5", "type"),
    ("amount", None, "required"), ("reason", None, "required"),
    ("reason", "", "length"), ("user_id", None, "required"),
    ("priority", 5, "unknown"),
]


@pytest.mark.parametrize("field, value, code", FIELDS)
def test_a_wrong_field_is_named(api, user, field, value, code):
    body = {"user_id": user, "amount": 1, "reason": "r", field: value}
    answer = api.write("admin/credits/adjust", api.admin, **body)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]
