"""POST /api/credits/refund returns a consume, never more than it took."""
import pytest

from support.api import new_key
from support.shapes import AMOUNT_MAX


@pytest.fixture(name="spent")
def spent_transaction(api, token):
    """The id of a consume of 60."""
    return api.consume(token, 60).json["transaction"]["id"]


def test_returns_the_whole_without_an_amount(api, user, spent):
    answer = api.refund(user, spent, reason="it failed")
    assert answer.status == 200
    transaction, wallet = (answer.json[n] for n in ("transaction", "wallet"))
    assert transaction["kind"] == "refund"
    assert transaction["amount"] == 60
    assert transaction["reason"] == "it failed"
    assert transaction["reference"] == {
        "type": "transaction", "id": str(spent)}
    assert transaction["actor"] == "service:backend"
    assert wallet["balance"] == 100
    assert wallet["total_spent"] == 0


def test_an_admin_may_refund(api, user, spent):
    answer = api.refund(user, spent, who=api.admin)
    assert answer.json["transaction"]["actor"] == "admin:boss"


def test_parts_add_up_to_the_whole(api, user, spent):
    assert api.refund(user, spent, amount=20).status == 200
    answer = api.refund(user, spent)
    assert answer.json["transaction"]["amount"] == 40
    assert answer.json["wallet"]["balance"] == 100


def test_draws_walk_backwards_into_the_same_grants(api):
    user = api.new_user(0)
    api.grant(user, 10)
    api.grant(user, 10)
    taken = api.consume(api.as_user(user), 15).json["transaction"]
    first, second = (draw["grant_id"] for draw in taken["draws"])
    back = api.refund(user, taken["id"], amount=7).json["transaction"]
    assert [(d["grant_id"], d["amount"]) for d in back["draws"]] == [
        (second, 5), (first, 2)]
    rest = api.refund(user, taken["id"]).json["transaction"]
    assert [(d["grant_id"], d["amount"]) for d in rest["draws"]] == [
        (first, 8)]


def test_more_than_it_took_is_refused(api, user, spent):
    answer = api.refund(user, spent, amount=61)
    assert (answer.status, answer.code) == (
        422, "refund_exceeds_transaction")
    assert answer.json["refundable"] == 60
    assert api.balance(user) == 40


def test_more_than_what_is_left_is_refused(api, user, spent):
    api.refund(user, spent, amount=50)
    answer = api.refund(user, spent, amount=11)
    assert answer.code == "refund_exceeds_transaction"


def test_nothing_left_is_refused(api, user, spent):
    api.refund(user, spent)
    answer = api.refund(user, spent)
    assert answer.code == "refund_exceeds_transaction"


def test_a_grant_is_not_refundable(api, user):
    given = api.grant(user, 5).json["transaction"]["id"]
    answer = api.refund(user, given)
    assert (answer.status, answer.code) == (422, "not_refundable")


def test_a_refund_is_not_refundable(api, user, spent):
    back = api.refund(user, spent).json["transaction"]["id"]
    assert api.refund(user, back).code == "not_refundable"


def test_an_unknown_transaction(api, user):
    answer = api.refund(user, 999)
    assert (answer.status, answer.code) == (404, "not_found")


def test_a_transaction_of_another_user(api, spent):
    other = api.new_user(0)
    assert api.refund(other, spent + 1000).code == "not_found"


def test_an_unknown_user(api):
    answer = api.refund("nobody-2", 1)
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_a_frozen_wallet_takes_its_refunds(api, stack, user, spent):
    stack.freeze(user)
    assert api.refund(user, spent).status == 200


def test_the_balance_has_a_limit(api, stack, user, spent):
    """Cannot be reached while the books are right; it holds all the same."""
    with stack.falsified(user, "balance", AMOUNT_MAX - 59):
        answer = api.refund(user, spent)
    assert (answer.status, answer.code) == (422, "balance_limit")
    assert api.balance(user) == 40


def grant_for_an_hour(api, stack, user, amount):
    moment = stack.moment("1 hour")
    return api.grant(user, amount, expires_at=moment)


def test_credits_keep_their_grants_expiry(api, stack):
    user = api.new_user(0)
    grant_for_an_hour(api, stack, user, 10)
    taken = api.consume(api.as_user(user), 10).json["transaction"]["id"]
    api.refund(user, taken)
    (grant,) = api.get("/api/credits", api.as_user(user)).json["grants"]
    assert grant["remaining"] == 10
    assert grant["expires_at"] is not None


def test_credits_of_an_expired_grant_get_a_grace(api, stack):
    user = api.new_user(0)
    grant_for_an_hour(api, stack, user, 10)
    taken = api.consume(api.as_user(user), 10).json["transaction"]["id"]
    stack.dev("clock", "2 hours")
    answer = api.refund(user, taken)
    assert answer.json["wallet"]["balance"] == 10
    (draw,) = answer.json["transaction"]["draws"]
    assert draw["source"] == "refund"
    (grant,) = api.get("/api/credits", api.as_user(user)).json["grants"]
    assert grant["source"] == "refund"
    assert grant["expires_at"] is not None


def test_a_second_return_of_expired_credits_expires_at_once(api, stack):
    user = api.new_user(0)
    token = api.as_user(user)
    grant_for_an_hour(api, stack, user, 10)
    taken = api.consume(token, 10).json["transaction"]["id"]
    stack.dev("clock", "2 hours")
    api.refund(user, taken)
    again = api.consume(token, 10).json["transaction"]["id"]
    stack.dev("clock", "8 days")
    answer = api.refund(user, again)
    assert answer.status == 200
    assert answer.json["transaction"]["amount"] == 10
    assert answer.json["wallet"]["balance"] == 0
    listed = api.get("/api/credits/transactions", token, limit=2)
    kinds = [row["kind"] for row in listed.json["data"]]
    assert kinds == ["expire", "refund"]


def test_the_same_key_returns_once(api, user, spent):
    key = new_key()
    first = api.refund(user, spent, key, amount=10)
    again = api.refund(user, spent, key, amount=10)
    assert again.header("idempotent-replayed") == "true"
    assert again.body == first.body
    assert api.balance(user) == 50


FIELDS = [
    ("transaction_id", 0, "range"), ("transaction_id", "2", "type"),
    ("transaction_id", None, "required"), ("amount", 0, "range"),
    ("amount", -1, "range"), ("amount", "1", "type"),
    ("reason", None, "required"), ("reason", "x" * 501, "length"),
    ("user_id", None, "required"), ("user_id", 7, "type"),
    ("user_id", "", "format"), ("source", "bonus", "unknown"),
]


@pytest.mark.parametrize("field, value, code", FIELDS)
def test_a_wrong_field_is_named(api, user, field, value, code):
    body = {"user_id": user, "transaction_id": 1, "amount": 1,
            "reason": "r", field: value}
    answer = api.write("credits/refund", api.service, **body)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]
