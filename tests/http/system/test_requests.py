"""Paths, methods, queries, sizes, media types: what is refused before the
business is asked."""
import gzip
import json
import re
import uuid

import pytest

from support.api import new_key
from support.routes import API_ROUTES, ids
from support.stack import HEADERS_TOO_LARGE

CONSUME = "/api/credits/consume"
GOOD = b'{"amount": 1, "reason": "r"}'


def post(api, token, *headers, body=GOOD):
    return api.call("POST", CONSUME, token, body, new_key(),
                    headers=headers)


# Paths.

@pytest.mark.parametrize("path", [
    "/", "/api", "/api/", "/api/nothing", "/API/credits", "/api/Credits",
    "/api/credits/", "/api/users/me/", "/api/credits/transactions/",
    "/api/credits/transactions/1/", "/api/credits/transactions/1/2",
    "/api/credits/check/x", "/api/credits;x=1", "/api/credits.json",
    "/apicredits", "/api/credits%20", "/api/credits/nothing",
    "/index.html", "/favicon.ico", "/.env", "/livez/", "/api/admin",
    "/api/admin/credits", "/api/users/a/b"])
def test_there_is_no_such_path(api, token, path):
    answer = api.call("GET", path, token)
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("path", [
    "/api/users/%00", "/api/users/a%00b", "/api/users/a%2fb",
    "/api/users/a%2Fb", "/api/users/%2f", "//api/credits",
    "/api//credits", "/api/credits//", "/api/../api/credits",
    "/api/credits/..", "/../etc/passwd", "/api/users/../credits",
    "/api/users/%2e%2e", "/api/users/.%2e/credits", "/api/users/%2E%2E/x",
    "/api/%2e%2e/credits", "/api%2fcredits", "/api/users/%00/..",
    "/..", "//", "/api/users/a%", "/api/users/a%4", "/api/users/a%zz",
    "/api/users/%ff", "/api/users/%c0%af", "/api/users/%ed%a0%80",
    "/api/users/%0a", "/api/users/%7f", "/api/users/%c2%85"])
def test_a_path_that_is_not_clean(api, path):
    answer = api.call("GET", path, api.service)
    assert (answer.status, answer.code) == (400, "invalid_request")


@pytest.mark.parametrize("name", ["a..b", "..a", "a..", "...", "~", "a:b"])
def test_two_dots_within_a_segment_are_text(api, name):
    answer = api.call("GET", f"/api/users/{name}", api.service)
    assert answer.code in (None, "user_not_found")


# Methods.

ALLOWED = {
    "/api/users": {"GET", "HEAD", "POST"},
    "/api/users/me": {"GET", "HEAD"},
    "/api/users/x": {"GET", "HEAD"},
    "/api/credits": {"GET", "HEAD"},
    "/api/credits/check": {"GET", "HEAD"},
    "/api/credits/transactions": {"GET", "HEAD"},
    "/api/credits/transactions/1": {"GET", "HEAD"},
    "/api/credits/consume": {"POST"},
    "/api/credits/refund": {"POST"},
    "/api/credits/grant": {"POST"},
    "/api/admin/credits/adjust": {"POST"},
}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}


@pytest.mark.parametrize("path", ALLOWED)
def test_other_methods_are_405_with_allow(api, token, path):
    for method in sorted(METHODS - ALLOWED[path]):
        answer = api.call(method, path, token)
        assert answer.status == 405
        allow = {word.strip() for word in answer.header("allow").split(",")}
        assert allow - {"OPTIONS"} == ALLOWED[path]


@pytest.mark.parametrize("method", ["get", "Get", "FOO", "PROPFIND", "GETX"])
def test_odd_methods(api, token, method):
    answer = api.call(method, "/api/credits", token)
    assert answer.status in (400, 405)


# Queries.

@pytest.mark.parametrize("query", [
    "colour=red", "user_id=x&user_id=y", "at=&at=", "amount=1", "=", "=x",
    "%00=1", "user_id=%00", "user_id=a%00b", "user_id=%ff", "user_id=%",
    "user_id=%zz", "user_id=", "a[]=1", "user_id[]=x", "user%5fid=a&user_id=a",
    "&".join(f"p{n}=1" for n in range(100))])
def test_a_query_that_is_not_clean(api, token, query):
    answer = api.call("GET", f"/api/credits?{query}", token)
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_an_empty_query_is_none(api, token):
    assert api.call("GET", "/api/credits?", token).status == 200


def test_a_plus_and_an_escaped_blank_are_one(api):
    api.register(api.service, user_id="plus sign")
    for text in ("plus+sign", "plus%20sign"):
        answer = api.call("GET", f"/api/credits?user_id={text}",
                          api.service)
        assert answer.json["user_id"] == "plus sign"


def test_a_post_takes_no_query(api, token):
    answer = api.call("POST", CONSUME + "?amount=5", token, GOOD, new_key())
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_a_get_takes_no_user_id_in_a_body(api, user, token):
    body = json.dumps({"user_id": user}).encode()
    answer = api.call("GET", "/api/credits", token, body)
    assert answer.status in (200, 400)


# Sizes.

def test_a_body_of_the_largest_size_is_read(api, token):
    padding = b" " * (256 * 1024 - len(GOOD))
    assert post(api, token, body=GOOD + padding).status == 200


@pytest.mark.parametrize("size", [256 * 1024 + 1, 300_000, 2_000_000])
def test_a_body_too_large(api, token, size):
    head = api.client.encode("POST", CONSUME, [
        ("Authorization", f"Bearer {token}"), ("Idempotency-Key", "k"),
        ("Content-Type", "application/json"), ("Content-Length", str(size)),
        ("Connection", "close")])
    answer = api.client.exchange(head + b" " * size)
    assert (answer.status, answer.code) == (413, "body_too_large")


@pytest.mark.parametrize("size", [17_000, 30_000, 100_000])
def test_an_address_too_long(api, token, size):
    answer = api.client.exchange(api.client.encode(
        "GET", "/api/users/" + "x" * size, [("Connection", "close")]))
    assert (answer.status, answer.code) == (414, "uri_too_long")
    assert answer.header("x-request-id")


def test_headers_too_large(api, token):
    answer = api.client.exchange(api.client.encode(
        "GET", "/api/credits", [("X-Filler", "x" * 40_000)]))
    assert (answer.status, answer.code) == HEADERS_TOO_LARGE


def test_too_many_headers(api, token):
    filler = [(f"X-Filler-{n}", "x" * 1000) for n in range(100)]
    answer = api.client.exchange(api.client.encode(
        "GET", "/api/credits", filler))
    assert (answer.status, answer.code) == HEADERS_TOO_LARGE


# Media types.

@pytest.mark.parametrize("kind", [
    "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
    "application/xml", "application/jsonx", "application", "json", "",
    "text/json", "application/problem+json", "application/json-patch+json",
    "application/json, text/plain", "application/json; charset=utf-16",
    "application/json; charset=latin1"])
def test_another_media_type(api, token, kind):
    answer = post(api, token, ("Content-Type", kind))
    assert (answer.status, answer.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize("kind", [
    "application/json", "APPLICATION/JSON", "application/json;charset=utf-8",
    "application/json; charset=UTF-8", 'application/json; charset="utf-8"'])
def test_json_s_media_type(api, token, kind):
    assert post(api, token, ("Content-Type", kind)).status == 200


def test_a_body_without_a_media_type(api, token):
    head = api.client.encode("POST", CONSUME, [
        ("Authorization", f"Bearer {token}"), ("Idempotency-Key", "k"),
        ("Connection", "close")], GOOD)
    answer = api.client.exchange(head)
    assert (answer.status, answer.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "x"])
def test_a_content_encoding(api, token, coding):
    answer = post(api, token, ("Content-Encoding", coding),
                  body=gzip.compress(GOOD))
    assert (answer.status, answer.code) == (415, "unsupported_media_type")


def test_a_chunked_body_is_read(api, token):
    head = api.client.encode("POST", CONSUME, [
        ("Authorization", f"Bearer {token}"), ("Idempotency-Key", "chunked"),
        ("Content-Type", "application/json"),
        ("Transfer-Encoding", "chunked"), ("Connection", "close")])
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in GOOD) + b"0\r\n\r\n"
    assert api.client.exchange(head + chunks).status == 200


# Request ids.

def test_each_answer_has_a_request_id_of_its_own(api, token):
    seen = {api.get("/api/credits", token).header("x-request-id")
            for _ in range(20)}
    assert len(seen) == 20


@pytest.mark.parametrize("sent", [
    "x" * 5000, 'a"b', "a b", "<script>", "é", "%0d%0aX-Evil: 1"])
def test_a_hostile_request_id_is_not_echoed(api, token, sent):
    answer = api.call("GET", "/api/credits", token,
                      headers=[("X-Request-Id", sent)])
    assert answer.header("x-request-id") != sent
    assert re.fullmatch(r"[\w.:-]{1,128}", answer.header("x-request-id"))
    assert answer.header("x-evil") is None


@pytest.mark.parametrize("route", API_ROUTES, ids=ids(API_ROUTES))
def test_a_path_parameter_never_reaches_another_function(api, route):
    path = re.sub(r"\{[a-z_]+\}", uuid.uuid4().hex, route.path)
    answer = api.call(route.method, path, None)
    assert answer.status == 401
