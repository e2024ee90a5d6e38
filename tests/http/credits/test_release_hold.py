"""POST /api/credits/holds/{hold_id}/release returns all of a hold."""
import pytest

from support.api import new_key


@pytest.fixture(name="hold")
def own_hold(api, token):
    """The id of a hold of 60 of 100, made by the user."""
    return api.hold(token, 60).json["hold"]["id"]


@pytest.fixture(name="service_hold")
def hold_of_the_service(api, user):
    return api.hold(api.service, 30, user_id=user).json["hold"]["id"]


def test_all_returns(api, token, hold):
    answer = api.release(token, hold)
    assert answer.status == 200
    told, transaction, wallet = (
        answer.json[name] for name in ("hold", "transaction", "wallet"))
    assert (told["status"], told["captured"]) == ("released", 0)
    assert (transaction["kind"], transaction["amount"]) == ("release", 60)
    assert transaction["reference"] == {"type": "hold", "id": hold}
    assert transaction["actor"] == "user"
    assert (wallet["balance"], wallet["held"]) == (100, 0)
    assert wallet["total_spent"] == 0


def test_the_site_may_release_any(api, user, hold, service_hold):
    answer = api.release(api.service, hold, user_id=user)
    assert answer.json["transaction"]["actor"] == "service:backend"
    answer = api.release(api.admin, service_hold, user_id=user)
    assert answer.json["transaction"]["actor"] == "admin:boss"


def test_a_user_may_release_only_what_it_made(api, token, service_hold):
    answer = api.release(token, service_hold)
    assert (answer.status, answer.code) == (403, "forbidden")
    assert api.get("/api/credits", token).json["held"] == 30


def test_a_hold_of_another_user_is_not_there(api, hold):
    other = api.new_user(100)
    answer = api.release(api.as_user(other), hold)
    assert (answer.status, answer.code) == (404, "not_found")
    assert api.release(api.service, hold, user_id=other).code == "not_found"


def test_a_hold_ends_once(api, user, token, hold):
    api.release(token, hold)
    for answer in (api.release(token, hold),
                   api.release(api.service, hold, user_id=user),
                   api.capture(user, hold)):
        assert (answer.status, answer.code) == (409, "hold_closed")
        assert answer.json["hold"]["status"] == "released"
    assert api.balance(user) == 100


def test_not_after_its_time(api, stack, token, hold):
    stack.dev("clock", "15 minutes")
    answer = api.release(token, hold)
    assert answer.code == "hold_closed"
    assert answer.json["hold"]["status"] == "expired"


def test_the_same_key_releases_once(api, token, hold):
    key = new_key()
    first = api.release(token, hold, key)
    again = api.release(token, hold, key)
    assert again.body == first.body
    assert again.header("idempotent-replayed") == "true"


def test_a_frozen_wallets_hold(api, stack, user, token, hold):
    stack.freeze(user)
    assert api.release(token, hold).status == 200


def test_a_body_is_not_needed(api, token, hold):
    answer = api.post(f"/api/credits/holds/{hold}/release", token, None,
                      new_key())
    assert answer.status == 200


def test_a_hold_keeps_no_credits_past_their_expiry(api, stack):
    user = api.new_user(0)
    token = api.as_user(user)
    api.grant(user, 10, expires_at=stack.moment("1 hour"))
    hold = api.hold(token, 10, ttl_seconds=86400).json["hold"]["id"]
    stack.dev("clock", "2 hours")
    answer = api.release(token, hold)
    assert answer.status == 200
    assert answer.json["wallet"]["balance"] == 0
    listed = api.get("/api/credits/transactions", token, limit=2)
    assert [(row["kind"], row["amount"]) for row in listed.json["data"]] == [
        ("expire", -10), ("release", 10)]


def test_an_unknown_hold(api, token):
    assert api.release(token, "0" * 26).code == "not_found"


def test_an_unknown_user(api, hold):
    answer = api.release(api.as_user("nobody-22"), hold)
    assert answer.code == "user_not_found"


def test_nothing_unknown_in_the_body(api, token, hold):
    answer = api.release(token, hold, amount=1)
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "amount"
