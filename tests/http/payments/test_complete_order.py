"""POST /api/payments/orders/{order_id}/complete: the site's back end says
that an order was paid."""
import pytest

from support.api import new_key
from support.payments import add_package, alerts, complete, new_id, order
from support.shapes import AMOUNT_MAX


@pytest.fixture(name="made")
def pending_order(api, user):
    return order(api, user)


def test_credits_bonus_and_first_bonus_are_rows(api, stack, user):
    add_package(stack, "rich", credits=500, amount=4500)
    stack.rows("update florin.credit_packages set bonus_credits = 50,"
               " expires_after_days = 30 where package_id = 'rich'")
    stack.rows("update florin.settings set value = '30'"
               " where name = 'first_recharge_bonus'")
    made = order(api, user, "rich")
    stack.rows("update florin.settings set value = '0'"
               " where name = 'first_recharge_bonus'")
    answer = complete(api, made, "pi_rich")
    assert answer.status == 200
    rows = answer.json["transactions"]
    assert [(row["kind"], row["amount"]) for row in rows] == [
        ("recharge", 500), ("recharge_bonus", 50),
        ("first_recharge_bonus", 30)]
    assert all(row["reference"] == {"type": "order", "id": made["id"]}
               and row["actor"] == "service:backend" for row in rows)
    told, wallet = answer.json["order"], answer.json["wallet"]
    assert (told["status"], told["late"]) == ("paid", False)
    assert told["provider_reference"] == "pi_rich"
    assert wallet["balance"] == 680
    assert wallet["total_recharged"] == {"CNY": 4500}
    assert wallet["first_recharged_at"] == told["paid_at"]
    grants = api.get("/api/credits", api.as_user(user)).json["grants"]
    assert [(g["source"], g["amount"]) for g in grants
            if g["expires_at"]] == [
        ("bonus", 50), ("first_recharge_bonus", 30), ("purchase", 500)]


def test_the_same_payment_is_answered_as_it_was(api, user, made):
    first = complete(api, made, "pi_same").json
    again = complete(api, made, "pi_same")
    assert again.status == 200
    assert again.json["transactions"] == first["transactions"]
    assert again.json["order"] == first["order"]
    assert api.balance(user) == 200


def test_the_same_key(api, made):
    key, reference = new_key(), new_id("pi")
    first = complete(api, made, reference, key)
    again = complete(api, made, reference, key)
    assert first.body == again.body
    assert again.header("idempotent-replayed") == "true"


def test_a_second_payment_is_noted(api, stack, user, made):
    complete(api, made)
    answer = complete(api, made)
    assert (answer.status, answer.code) == (409, "order_closed")
    assert answer.json["order"]["status"] == "paid"
    assert alerts(stack, user) == {"unmatched_payment": 1}
    assert api.balance(user) == 200


def test_a_refusal_is_not_remembered(api, user, made):
    key = new_key()
    assert complete(api, made, "pi_k", key, amount=1).status == 422
    answer = complete(api, made, "pi_k", key)
    assert (answer.status, api.balance(user)) == (200, 200)


def test_a_reference_of_another_order(api, stack, user, made):
    other = api.new_user(0)
    complete(api, order(api, other), "pi_taken")
    answer = complete(api, made, "pi_taken")
    assert (answer.status, answer.code) == (409, "order_closed")
    assert alerts(stack, user) == {"unmatched_payment": 1}
    assert api.balance(user) == 100


def test_a_reference_is_the_providers(api, user):
    complete(api, order(api, user, provider="alipay"), "ref_both")
    answer = complete(api, order(api, user), "ref_both")
    assert answer.status == 200


@pytest.mark.parametrize("change", [
    {"amount": 989}, {"amount": 991}, {"currency": "USD"}])
def test_another_amount_or_currency(api, stack, user, made, change):
    answer = complete(api, made, **change)
    assert (answer.status, answer.code) == (422, "payment_mismatch")
    assert alerts(stack, user) == {"payment_mismatch": 1}
    assert api.balance(user) == 100
    assert complete(api, made).status == 200


def test_money_that_comes_late_is_real(api, stack, user, made):
    stack.dev("clock", "31 minutes")
    answer = complete(api, made)
    assert answer.json["order"]["late"] is True
    assert answer.json["wallet"]["balance"] == 200


def test_the_limit_of_a_balance(api, stack, user, made):
    api.grant(user, AMOUNT_MAX - 150)
    answer = complete(api, made)
    assert (answer.status, answer.code) == (409, "order_closed")
    assert alerts(stack, user) == {"unmatched_payment": 1}
    assert api.balance(user) == AMOUNT_MAX - 50


def test_levels_rise_with_what_was_recharged(api, stack, user):
    add_package(stack, "level", credits=1, amount=10000)
    assert complete(api, order(api, user)).json["wallet"]["level"] == 1
    answer = complete(api, order(api, user, "level"))
    assert answer.json["wallet"]["level"] == 2


def test_a_frozen_wallet_takes_money(api, stack, user, made):
    stack.freeze(user)
    assert complete(api, made).status == 200


def test_only_a_service_may(api, token, made):
    for who in (token, api.admin):
        assert complete(api, made, who=who).code == "forbidden"


def test_another_users_order(api, made):
    answer = complete(api, made, user_id=api.new_user(0))
    assert (answer.status, answer.code) == (404, "not_found")


def test_an_unknown_user(api, made):
    assert complete(api, made, user_id="nobody-55").code == "user_not_found"


FIELDS = [
    ("provider_reference", None, "required"),
    ("provider_reference", "", "length"),
    ("provider_reference", "a\nb", "format"), ("amount", 0, "range"),
    ("amount", "990", "type"), ("amount", None, "required"),
    ("currency", None, "required"), ("currency", "cny", "format"),
    ("status", "paid", "unknown"),
]


@pytest.mark.parametrize("field, value, code", FIELDS)
def test_a_wrong_field_is_named(api, made, field, value, code):
    answer = complete(api, made, **{field: value})
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]


def test_another_request_with_the_key(api, made):
    key = new_key()
    complete(api, made, "pi_one_key", key)
    answer = complete(api, made, "pi_another", key)
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_an_answer_no_longer_kept(api, stack, user, made):
    key, reference = new_key(), new_id("pi")
    complete(api, made, reference, key)
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s and key = %s", user, key)
    answer = complete(api, made, reference, key)
    assert (answer.status, answer.code) == (409, "already_done")
