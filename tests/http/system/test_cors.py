"""CORS: an exact allow-list.  The stack of this suite allows one origin,
every other gets no header at all."""
import pytest

ALLOWED = "http://localhost:5173"
EXPOSED = {"etag", "link", "location", "retry-after", "ratelimit",
           "ratelimit-policy", "x-request-id", "idempotent-replayed",
           "x-credits-balance"}


def words(text):
    return {word.strip().lower() for word in text.split(",")}


def get(api, origin, token=None):
    return api.call("GET", "/api/credits", token,
                    headers=[("Origin", origin)])


def preflight(api, origin, path="/api/credits/consume", method="POST"):
    return api.call("OPTIONS", path, headers=[
        ("Origin", origin), ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers",
         "authorization,content-type,idempotency-key")])


def assert_open(answer):
    assert answer.header("access-control-allow-origin") == ALLOWED
    assert words(answer.header("access-control-expose-headers")) == EXPOSED
    assert "origin" in answer.vary


def test_an_allowed_origin_may_read_answers(api, token):
    assert_open(get(api, ALLOWED, token))


def test_an_allowed_origin_may_read_errors(api):
    assert_open(get(api, ALLOWED))


def test_an_allowed_origin_may_read_304(api, token):
    etag = get(api, ALLOWED, token).header("etag")
    answer = api.call("GET", "/api/credits", token, headers=[
        ("Origin", ALLOWED), ("If-None-Match", etag)])
    assert answer.status == 304
    assert answer.header("access-control-allow-origin") == ALLOWED


@pytest.mark.parametrize("origin", [
    "http://evil.example", "null", "http://localhost:5173.evil.example",
    "https://localhost:5173", "http://localhost:51730", "http://localhost",
    "HTTP://LOCALHOST:5173", "http://localhost:5173/", "*", "",
    "http://localhost:5173, http://evil.example"])
def test_another_origin_may_not(api, token, origin):
    answer = get(api, origin, token)
    assert answer.status == 200
    assert answer.header("access-control-allow-origin") is None


def test_vary_names_origin_without_one_too(api, token):
    answer = api.get("/api/credits", token)
    assert "origin" in answer.vary


def test_a_preflight_of_an_allowed_origin(api):
    answer = preflight(api, ALLOWED)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.header("access-control-allow-origin") == ALLOWED
    assert answer.header("access-control-max-age") == "7200"
    assert "POST" in answer.header("access-control-allow-methods")
    allowed = words(answer.header("access-control-allow-headers"))
    assert {"authorization", "content-type", "idempotency-key"} <= allowed
    assert "origin" in answer.vary


def test_a_preflight_of_another_origin(api):
    answer = preflight(api, "http://evil.example")
    assert answer.header("access-control-allow-origin") is None
    assert answer.header("access-control-allow-methods") is None


def test_credentials_are_never_allowed(api, token):
    for answer in (get(api, ALLOWED, token), preflight(api, ALLOWED)):
        assert answer.header("access-control-allow-credentials") is None


def test_a_preflight_needs_no_token_and_does_nothing(api, user):
    preflight(api, ALLOWED)
    assert api.balance(user) == 100
