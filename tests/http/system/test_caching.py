"""ETag, If-None-Match, Vary, HEAD on the reads of one user's wallet."""
import pytest

from support.api import good_call, good_path, prepared
from support.routes import API_ROUTES, CACHED_ROUTES, ids

READS = [route for route in API_ROUTES if route.method == "GET"]


def each_cached(test):
    return pytest.mark.parametrize(
        "route", CACHED_ROUTES, ids=ids(CACHED_ROUTES))(test)


def read(api, route, user, etag=None, method=None):
    headers = [("If-None-Match", etag)] if etag is not None else []
    if method is not None:
        path = route.path.replace("{user_id}", user)
        return api.call(method, path, api.as_user(user), headers=headers,
                        query=route.query)
    return good_call(api, route, api.as_user(user), user, False,
                     headers=headers)


@each_cached
def test_the_same_state_has_the_same_etag(api, user, route):
    first, second = read(api, route, user), read(api, route, user)
    assert first.header("etag") == second.header("etag") is not None


@each_cached
def test_304_has_no_body_and_the_etag(api, user, route):
    etag = read(api, route, user).header("etag")
    answer = read(api, route, user, etag)
    assert (answer.status, answer.body) == (304, b"")
    assert answer.header("etag") == etag
    assert answer.header("cache-control") == "private, no-cache"
    assert "authorization" in answer.vary


@each_cached
def test_a_write_changes_the_etag(api, user, route):
    etag = read(api, route, user).header("etag")
    api.consume(api.as_user(user), 1)
    answer = read(api, route, user, etag)
    assert answer.status == 200
    assert answer.header("etag") != etag


@each_cached
def test_the_etag_is_the_users_own(api, route):
    one, two = api.new_user(), api.new_user()
    etag = read(api, route, one).header("etag")
    answer = read(api, route, two, etag)
    assert answer.status == 200
    assert answer.header("etag") != etag


@pytest.mark.parametrize("wrap", [
    "W/{}", "{}", '"x", {}', '{} , "y"', 'W/"x",W/{}'])
def test_compare_is_weak_and_lists_count(api, token, wrap):
    etag = api.get("/api/credits", token).header("etag").removeprefix("W/")
    answer = api.call("GET", "/api/credits", token, headers=[
        ("If-None-Match", wrap.format(etag))])
    assert answer.status == 304


def test_a_star_matches_whatever_is_there(api, user, token):
    answer = api.call("GET", "/api/credits", token,
                      headers=[("If-None-Match", "*")])
    assert answer.status == 304 and answer.header("etag")
    answer = api.call("GET", "/api/credits", api.as_user("nobody-9"),
                      headers=[("If-None-Match", "*")])
    assert (answer.status, answer.code) == (404, "user_not_found")


@pytest.mark.parametrize("value", ['"x"', "x", "", '"', 'W/"', ",", "W/",
                                   '"9999999999999999999999"', "1"])
def test_other_values_do_not_match(api, token, value):
    answer = api.call("GET", "/api/credits", token, headers=[
        ("If-None-Match", value)])
    assert answer.status == 200


def test_an_expiry_that_is_due_changes_the_etag(api, stack, user, token):
    api.grant(user, 5, expires_at=stack.moment("1 hour"))
    etag = api.get("/api/credits", token).header("etag")
    stack.dev("clock", "2 hours")
    answer = api.call("GET", "/api/credits", token, headers=[
        ("If-None-Match", etag)])
    assert answer.status == 200
    assert answer.json["balance"] == 100


def test_an_error_has_no_etag(api):
    answer = api.get("/api/credits", api.as_user("nobody-10"))
    assert answer.header("etag") is None


@pytest.mark.parametrize("route", READS, ids=ids(READS))
def test_head_works_where_get_does(api, user, route):
    api.consume(api.as_user(user), 1)  # transaction 2
    path = good_path(route, user, prepared(api, route, user))
    who = api.as_user(user) if "user" in route.who else api.admin
    got = api.call("GET", path, who, query=route.query)
    head = api.call("HEAD", path, who, query=route.query)
    assert (head.status, head.body) == (200, b"")
    for name in ("etag", "content-type", "cache-control", "vary"):
        assert head.all(name) == got.all(name)


def test_head_of_an_error(api):
    head = api.call("HEAD", "/api/credits")
    assert (head.status, head.body) == (401, b"")
