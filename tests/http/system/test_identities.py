"""Who may: each route with each of seven identities, made from the table.

The user's wallet is named wherever a request may name it, so that a denial
is never a missing user_id."""
import time

import pytest

from support.api import good_call, prepared
from support.routes import API_ROUTES, ROUTES, ids

IDENTITIES = ["none", "expired", "wrong key", "user", "other user",
              "service", "admin"]


@pytest.fixture(scope="module", name="owner")
def owner_of_wallet(api):
    """A user whose transaction 2 is a large consume."""
    user = api.new_user()
    api.consume(api.as_user(user), 40)
    api.grant(user, 1000)
    return user


@pytest.fixture(scope="module", name="tokens")
def token_of_each_identity(api, owner):
    mint = api.minter
    stale = mint.claims(owner, exp=int(time.time()) - 3600)
    return {
        "none": None,
        "expired": mint.sign(stale),
        "wrong key": mint.sign(mint.claims(owner), key=b"k" * 32),
        "user": mint.token(owner),
        "other user": mint.token(api.new_user()),
        "service": api.service,
        "admin": api.admin,
    }


def expected(route, identity):
    if not route.who:
        return route.success, None
    if identity in ("none", "expired", "wrong key"):
        return 401, "unauthorized"
    role = identity.removeprefix("other ")
    if role not in route.who:
        return 403, "forbidden"
    if identity == "other user" and route.user_in is not None:
        return 403, "forbidden"
    return 200 if route.path == "/api/users" else route.success, None


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("route", ROUTES, ids=ids(ROUTES))
def test_who_may(api, owner, tokens, route, identity):
    answer = good_call(api, route, tokens[identity], owner, name_user=True)
    assert (answer.status, answer.code) == expected(route, identity)


NAMING = [r for r in API_ROUTES if r.user_in in ("body", "query")]


@pytest.mark.parametrize("who", ["service", "admin"])
@pytest.mark.parametrize("route", NAMING, ids=ids(NAMING))
def test_the_site_must_name_the_user(api, owner, route, who):
    if who not in route.who:
        pytest.skip("not its route")
    answer = good_call(api, route, getattr(api, who), owner,
                       name_user=False)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        ("user_id", "required")]


OWN = [r for r in NAMING if "user" in r.who]


@pytest.mark.parametrize("route", OWN, ids=ids(OWN))
def test_a_user_need_not_name_itself(api, owner, tokens, route):
    answer = good_call(api, route, tokens["user"], owner, name_user=False)
    assert answer.status in (200, 201)


def test_a_denied_write_changes_nothing(api, owner, tokens):
    writes = [(route, prepared(api, route, owner)) for route in API_ROUTES
              if route.method == "POST"]
    before = api.get("/api/credits", tokens["user"]).json
    for route, made in writes:
        good_call(api, route, tokens["other user"], owner, True, made)
    assert api.get("/api/credits", tokens["user"]).json == before
