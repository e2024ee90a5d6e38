"""POST /api/credits/holds sets credits aside for work that is not finished."""
import pytest

from support.api import new_key
from support.shapes import AMOUNT_MAX


def test_takes_the_amount_out_of_the_balance(api, user, token):
    answer = api.hold(token, 30, reason="one image")
    assert answer.status == 201
    hold, transaction, wallet = (
        answer.json[name] for name in ("hold", "transaction", "wallet"))
    assert (hold["user_id"], hold["amount"], hold["captured"]) == (
        user, 30, 0)
    assert (hold["status"], hold["reason"]) == ("open", "one image")
    assert hold["created_by"] == transaction["actor"] == "user"
    assert hold["transaction_id"] == transaction["id"] == wallet["version"]
    assert (transaction["kind"], transaction["amount"]) == ("hold", -30)
    assert transaction["reason"] == "one image"
    assert transaction["reference"] == {"type": "hold", "id": hold["id"]}
    assert transaction["balance_after"] == wallet["balance"] == 70
    assert (wallet["held"], wallet["total_spent"]) == (30, 0)


def test_is_the_service_for_a_named_user(api, user):
    answer = api.hold(api.service, 5, user_id=user)
    assert answer.json["hold"]["created_by"] == "service:backend"
    assert answer.json["hold"]["user_id"] == user


def test_is_an_admin_for_a_named_user(api, user):
    answer = api.hold(api.admin, 5, user_id=user)
    assert answer.json["hold"]["created_by"] == "admin:boss"


def seconds(stack, answer):
    """The life of a hold."""
    return stack.value(
        "select extract(epoch from expires_at - created_at)::integer"
        " from florin.holds where user_id = %s and id = %s",
        answer.json["hold"]["user_id"], answer.json["hold"]["id"])


def test_lives_15_minutes_unless_asked(api, stack, token):
    assert seconds(stack, api.hold(token, 1)) == 900


@pytest.mark.parametrize("ttl", [1, 86400])
def test_lives_as_long_as_asked(api, stack, token, ttl):
    answer = api.hold(token, 1, ttl_seconds=ttl)
    assert answer.status == 201
    assert seconds(stack, answer) == ttl


def test_ids_are_ordered_by_time(api, token):
    ids = []
    for _ in range(3):
        ids.append(api.hold(token, 1).json["hold"]["id"])
    assert len(set(ids)) == 3
    assert [i[:9] for i in ids] == sorted(i[:9] for i in ids)


def test_what_is_held_cannot_be_spent_or_held_again(api, token):
    api.hold(token, 60)
    for answer in (api.consume(token, 41), api.hold(token, 41)):
        assert answer.status == 402
        told = answer.json
        assert (told["balance"], told["required"], told["shortfall"]) == (
            40, 41, 1)
    check = api.get("/api/credits/check", token, amount=41).json
    assert (check["allowed"], check["balance"]) == (False, 40)


def test_the_whole_balance_can_be_held(api, token):
    assert api.hold(token, 100).json["wallet"]["balance"] == 0


def test_the_wallet_shows_it_until_it_ends(api, stack, user, token):
    api.hold(token, 60, ttl_seconds=3600)
    etag = api.get("/api/credits", token).header("etag")
    stack.dev("clock", "2 hours")
    answer = api.call("GET", "/api/credits", token, headers=[
        ("If-None-Match", etag)])
    assert answer.status == 200
    assert (answer.json["balance"], answer.json["held"]) == (100, 0)
    listed = api.get("/api/credits/transactions", token, limit=1)
    (row,) = listed.json["data"]
    assert (row["kind"], row["amount"], row["actor"]) == (
        "release", 60, "system")
    assert row["effective_at"] < row["created_at"]


def test_the_same_key_holds_once(api, token):
    key = new_key()
    first = api.hold(token, 5, key)
    again = api.hold(token, 5, key)
    assert again.status == 201
    assert again.body == first.body
    assert again.header("idempotent-replayed") == "true"
    assert api.get("/api/credits", token).json["held"] == 5


def test_a_frozen_wallet_refuses(api, stack, user, token):
    stack.freeze(user)
    answer = api.hold(token, 1)
    assert (answer.status, answer.code) == (403, "wallet_frozen")
    assert api.hold(api.service, 1, user_id=user).status == 403
    assert api.hold(api.admin, 1, user_id=user).status == 201


def test_an_unknown_user(api):
    answer = api.hold(api.as_user("nobody-20"), 1)
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_the_systems_reference_is_not_the_callers(api, token):
    answer = api.consume(token, 1, reference_type="hold", reference_id="x")
    assert answer.status == 400


FIELDS = [
    ("amount", 0, "range"), ("amount", -1, "range"),
    ("amount", AMOUNT_MAX + 1, "range"), ("amount", "1", "type"),
    ("amount", None, "required"), ("reason", None, "required"),
    ("reason", "", "length"), ("reason", "x" * 501, "length"),
    ("ttl_seconds", 0, "range"), ("ttl_seconds", 86401, "range"),
    ("ttl_seconds", "60", "type"), ("ttl_seconds", 1.5, "type"),
    ("reference_type", "image", "unknown"), ("expires_at", "x", "unknown"),
]


@pytest.mark.parametrize("field, value, code", FIELDS)
def test_a_wrong_field_is_named(api, token, field, value, code):
    body = {"amount": 1, "reason": "r", field: value}
    answer = api.write("credits/holds", token, **body)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]


# Refunds of a hold, by its transaction.

def hold_of(api, user, amount):
    answer = api.hold(api.service, amount, user_id=user)
    return answer.json["hold"]


def test_a_captured_hold_is_refunded_up_to_what_was_captured(api, user):
    hold = hold_of(api, user, 60)
    api.capture(user, hold["id"], amount=25)
    answer = api.refund(user, hold["transaction_id"], amount=26)
    assert answer.code == "refund_exceeds_transaction"
    assert answer.json["refundable"] == 25
    answer = api.refund(user, hold["transaction_id"], amount=10)
    assert answer.status == 200
    assert answer.json["wallet"]["total_spent"] == 15
    assert answer.json["transaction"]["reference"] == {
        "type": "transaction", "id": str(hold["transaction_id"])}
    answer = api.refund(user, hold["transaction_id"])
    assert answer.json["transaction"]["amount"] == 15
    assert answer.json["wallet"]["balance"] == 100
    answer = api.refund(user, hold["transaction_id"])
    assert answer.code == "refund_exceeds_transaction"


@pytest.mark.parametrize("end", ["open", "released", "expired"])
def test_other_holds_are_not_refundable(api, stack, user, end):
    hold = hold_of(api, user, 60)
    if end == "released":
        api.release(api.service, hold["id"], user_id=user)
    if end == "expired":
        stack.dev("clock", "1 hour")
    answer = api.refund(user, hold["transaction_id"])
    assert (answer.status, answer.code) == (422, "not_refundable")


def test_a_release_is_not_refundable(api, user):
    hold = hold_of(api, user, 60)
    answer = api.capture(user, hold["id"], amount=25)
    released = answer.json["transaction"]["id"]
    assert api.refund(user, released).code == "not_refundable"
