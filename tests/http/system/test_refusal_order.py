"""Size, route, token, role, fields, whose, state: the first that is wrong
is told."""
import pytest

from support.api import new_key

TOO_LARGE = b'{"amount": 1, "reason": "' + b"x" * 300_000 + b'"}'
CONSUME = "/api/credits/consume"


def test_size_comes_before_the_route(api):
    answer = api.post("/api/no-such-thing", None, TOO_LARGE)
    assert (answer.status, answer.code) == (413, "body_too_large")


def test_the_route_comes_before_the_token(api):
    answer = api.post("/api/no-such-thing", "x.y.z", b"{")
    assert (answer.status, answer.code) == (404, "not_found")


def test_the_method_comes_before_the_token(api):
    answer = api.call("DELETE", "/api/credits", "x.y.z")
    assert (answer.status, answer.code) == (405, "method_not_allowed")


def test_the_token_comes_before_the_fields(api):
    answer = api.post(CONSUME, "x.y.z", b"{")
    assert (answer.status, answer.code) == (401, "unauthorized")


def test_the_role_comes_before_the_fields(api, token):
    answer = api.post("/api/credits/grant", token, b"{")
    assert (answer.status, answer.code) == (403, "forbidden")


def test_the_role_comes_before_the_media_type(api, token):
    answer = api.post("/api/credits/grant", token, b"{", headers=[
        ("Content-Type", "text/plain")])
    assert (answer.status, answer.code) == (403, "forbidden")


def test_the_fields_come_before_whose(api, token):
    answer = api.write("credits/consume", token, user_id="another",
                       amount=0, reason="r")
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_whose_comes_before_the_state(api, token):
    answer = api.consume(token, 10**9, user_id="another")
    assert (answer.status, answer.code) == (403, "forbidden")


def test_whose_does_not_tell_who_exists(api, user, token):
    other = api.new_user()
    known = api.get("/api/credits", token, user_id=other)
    unknown = api.get("/api/credits", token, user_id="nobody-11")
    assert (known.status, known.code) == (unknown.status, unknown.code)


@pytest.mark.parametrize("key", [None, "a b"])
def test_a_wrong_key_comes_before_whose(api, token, key):
    body = {"user_id": "another", "amount": 1, "reason": "r"}
    assert api.post(CONSUME, token, body, key).status == 400


def test_the_key_is_looked_up_before_the_state_is_checked(api, user, token):
    key = new_key()
    api.consume(token, 100, key)
    answer = api.consume(token, 1, key)
    assert answer.code == "idempotency_key_reused"
