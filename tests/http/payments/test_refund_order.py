"""POST /api/payments/orders/{order_id}/refund: the credits that money bought
go with it."""
import pytest

from support.api import new_key
from support.payments import alerts, order, paid_order, refund, seen


@pytest.fixture(name="made")
def paid(api, user):
    """A paid order of 100 credits, beside 100 others."""
    return paid_order(api, user)


def test_the_whole(api, user, made):
    answer = refund(api, made)
    assert answer.status == 200
    told, row = answer.json["order"], answer.json["transaction"]
    assert (row["kind"], row["amount"]) == ("clawback", -100)
    assert row["reference"] == {"type": "order", "id": made["id"]}
    assert row["reason"] == "sorry"
    assert answer.json["shortfall"] == 0
    assert (told["status"], told["refunded_amount"]) == ("refunded", 990)
    assert answer.json["wallet"]["balance"] == 100
    assert answer.json["wallet"]["total_recharged"] == {"CNY": 990}


def test_a_part_in_proportion(api, made):
    answer = refund(api, made, amount=1)
    assert answer.json["transaction"]["amount"] == -1
    assert answer.json["order"]["status"] == "partially_refunded"
    answer = refund(api, made, amount=98)
    assert answer.json["transaction"]["amount"] == -9
    answer = refund(api, made)
    assert answer.json["transaction"]["amount"] == -90


def test_what_was_spent_is_missing(api, stack, user, token, made):
    api.consume(token, 170)
    answer = refund(api, made)
    assert answer.json["shortfall"] == 70
    assert answer.json["transaction"]["amount"] == -30
    assert answer.json["order"]["shortfall"] == 70
    assert alerts(stack, user) == {"clawback_shortfall": 1}
    assert api.balance(user) == 0


def test_nobody_has_money_and_credits(api, user, token, made):
    spent = api.consume(token, 170).json["transaction"]["id"]
    refund(api, made)
    back = api.refund(user, spent)
    assert back.json["wallet"]["balance"] == 100
    assert seen(api, made)["shortfall"] == 0


def test_what_is_held_is_missing_until_it_returns(api, user, token, made):
    held = api.hold(token, 180).json["hold"]["id"]
    answer = refund(api, made)
    assert answer.json["shortfall"] == 80
    assert api.release(token, held).json["wallet"]["balance"] == 100
    assert seen(api, made)["shortfall"] == 0


def test_all_spent_takes_nothing(api, token, made):
    api.consume(token, 200)
    answer = refund(api, made)
    assert answer.json["transaction"] is None
    assert answer.json["shortfall"] == 100


@pytest.mark.parametrize("amount", [991, 2**53 - 1])
def test_more_than_was_paid(api, user, made, amount):
    answer = refund(api, made, amount=amount)
    assert (answer.status, answer.code) == (422, "order_not_refundable")
    assert answer.json["refundable"] == 990
    assert api.balance(user) == 200


def test_nothing_is_left(api, made):
    refund(api, made)
    assert refund(api, made).code == "order_not_refundable"


def test_an_order_that_is_not_paid(api, user):
    answer = refund(api, order(api, user))
    assert answer.code == "order_not_refundable"


def test_the_same_key_refunds_once(api, user, made):
    key = new_key()
    first = refund(api, made, key, amount=99)
    assert refund(api, made, key, amount=99).body == first.body
    assert api.balance(user) == 190


def test_an_admins_refund_is_logged(api, stack, user, made):
    refund(api, made, who=api.admin)
    refund(api, made, who=api.admin)
    rows = stack.rows(
        "select outcome, before, after from florin.admin_operation_logs"
        " where user_id = %s and operation = 'refund_order' order by id",
        user)
    assert [row["outcome"] for row in rows] == [
        "done", "order_not_refundable"]
    assert rows[0]["before"]["balance"] - rows[0]["after"]["balance"] == 100


def test_a_user_may_not(api, token, made):
    assert refund(api, made, who=token).code == "forbidden"


def test_another_users_order(api, made):
    other = {**made, "user_id": api.new_user(0)}
    assert refund(api, other).code == "not_found"


def test_an_unknown_user(api, made):
    other = {**made, "user_id": "nobody-56"}
    assert refund(api, other).code == "user_not_found"


def test_a_frozen_wallet(api, stack, user, made):
    stack.freeze(user)
    assert refund(api, made).status == 200


FIELDS = [
    ("amount", 0, "range"), ("amount", "1", "type"),
    ("reason", None, "required"), ("reason", "", "length"),
    ("currency", "CNY", "unknown"),
]


@pytest.mark.parametrize("field, value, code", FIELDS)
def test_a_wrong_field_is_named(api, made, field, value, code):
    answer = refund(api, made, **{field: value})
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]
