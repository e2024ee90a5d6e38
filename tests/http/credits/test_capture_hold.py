"""POST /api/credits/holds/{hold_id}/capture spends a hold, or a part."""
import pytest

from support.api import new_key


@pytest.fixture(name="hold")
def open_hold(api, user):
    """The id of a hold of 60 of 100."""
    return api.hold(api.service, 60, user_id=user).json["hold"]["id"]


def test_the_whole_without_an_amount(api, user, hold):
    answer = api.capture(user, hold)
    assert answer.status == 200
    assert answer.json["transaction"] is None
    assert answer.json["hold"]["status"] == "captured"
    assert answer.json["hold"]["captured"] == 60
    wallet = answer.json["wallet"]
    assert (wallet["balance"], wallet["held"]) == (40, 0)
    assert wallet["total_spent"] == 60


def test_the_whole_with_its_amount(api, user, hold):
    answer = api.capture(user, hold, amount=60)
    assert answer.json["transaction"] is None
    assert answer.json["wallet"]["total_spent"] == 60


def test_of_a_part_the_rest_returns(api, user, hold):
    answer = api.capture(user, hold, amount=25)
    transaction, wallet = (answer.json[n] for n in ("transaction", "wallet"))
    assert answer.json["hold"]["captured"] == 25
    assert answer.json["hold"]["amount"] == 60
    assert (transaction["kind"], transaction["amount"]) == ("release", 35)
    assert transaction["reference"] == {"type": "hold", "id": hold}
    assert transaction["actor"] == "service:backend"
    assert wallet["version"] >= transaction["id"]
    assert (wallet["balance"], wallet["held"]) == (75, 0)
    assert wallet["total_spent"] == 25


def test_what_was_drawn_first_is_kept(api):
    user = api.new_user(0)
    first = api.grant(user, 10, priority=1).json["transaction"]["draws"]
    last = api.grant(user, 10, priority=2).json["transaction"]["draws"]
    hold = api.hold(api.service, 15, user_id=user).json["hold"]["id"]
    answer = api.capture(user, hold, amount=7)
    draws = answer.json["transaction"]["draws"]
    assert [(d["grant_id"], d["amount"]) for d in draws] == [
        (last[0]["grant_id"], 5), (first[0]["grant_id"], 3)]


def test_a_new_revision_also_without_a_row(api, user, hold):
    before = api.get("/api/credits", api.as_user(user)).json["revision"]
    answer = api.capture(user, hold)
    assert answer.json["wallet"]["revision"] > before


def test_an_admin_may_capture(api, user, hold):
    answer = api.capture(user, hold, who=api.admin, amount=1)
    assert answer.json["transaction"]["actor"] == "admin:boss"


def test_a_user_may_not(api, user, token):
    hold = api.hold(token, 5).json["hold"]["id"]
    answer = api.write(f"credits/holds/{hold}/capture", token)
    assert (answer.status, answer.code) == (403, "forbidden")


@pytest.mark.parametrize("amount", [61, 2**53 - 1])
def test_more_than_the_hold(api, user, hold, amount):
    answer = api.capture(user, hold, amount=amount)
    assert (answer.status, answer.code) == (422, "capture_exceeds_hold")
    assert api.capture(user, hold).status == 200


def closed(answer, status):
    assert (answer.status, answer.code) == (409, "hold_closed")
    assert answer.json["hold"]["status"] == status


def test_a_hold_ends_once(api, user, hold):
    api.capture(user, hold, amount=10)
    closed(api.capture(user, hold, amount=10), "captured")
    closed(api.capture(user, hold, amount=99), "captured")
    closed(api.release(api.service, hold, user_id=user), "captured")
    assert api.balance(user) == 90


def test_not_after_its_time(api, stack, user, hold):
    stack.dev("clock", "15 minutes")
    closed(api.capture(user, hold), "expired")
    assert api.balance(user) == 100


def test_the_same_key_captures_once(api, user, hold):
    key = new_key()
    first = api.capture(user, hold, key, amount=10)
    again = api.capture(user, hold, key, amount=10)
    assert again.body == first.body
    assert again.header("idempotent-replayed") == "true"
    other = api.hold(api.service, 5, user_id=user).json["hold"]["id"]
    answer = api.capture(user, other, key, amount=10)
    assert answer.code == "idempotency_key_reused"


def test_a_frozen_wallets_hold(api, stack, user, hold):
    stack.freeze(user)
    assert api.capture(user, hold, amount=1).status == 200


def test_credits_returning_to_an_expired_grant_go_at_once(api, stack):
    user = api.new_user(0)
    api.grant(user, 10, expires_at=stack.moment("1 hour"))
    hold = api.hold(api.service, 10, user_id=user, ttl_seconds=86400)
    stack.dev("clock", "2 hours")
    answer = api.capture(user, hold.json["hold"]["id"], amount=4)
    assert answer.json["transaction"]["amount"] == 6
    assert answer.json["wallet"]["balance"] == 0
    listed = api.get("/api/credits/transactions", api.as_user(user), limit=2)
    assert [(row["kind"], row["amount"]) for row in listed.json["data"]] == [
        ("expire", -6), ("release", 6)]


@pytest.mark.parametrize("name", ["x", "0" * 26, "z" * 128, "%C3%A4"])
def test_an_unknown_hold(api, user, name):
    answer = api.capture(user, name)
    assert (answer.status, answer.code) == (404, "not_found")


def test_a_hold_of_another_user(api, user, hold):
    other = api.new_user(100)
    assert api.capture(other, hold).code == "not_found"
    assert api.capture(user, hold).status == 200


def test_an_unknown_user(api, hold):
    assert api.capture("nobody-21", hold).code == "user_not_found"


@pytest.mark.parametrize("field, value, code", [
    ("amount", 0, "range"), ("amount", -1, "range"), ("amount", "1", "type"),
    ("reason", "r", "unknown"), ("hold_id", "x", "unknown"),
    ("user_id", None, "required")])
def test_a_wrong_field_is_named(api, user, hold, field, value, code):
    answer = api.write(f"credits/holds/{hold}/capture", api.service,
                       **{"user_id": user, "amount": 1, field: value})
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]
