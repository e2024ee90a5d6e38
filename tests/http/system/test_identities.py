"""Who may: each row of the table with each of seven identities, as the row
alone (x-florin-who, x-florin-scoped of the document) says; so that a new row
is covered by itself.  And good calls, by the contract's own table."""
import re
import time

import pytest

from support import contract
from support.api import good_call, new_key, prepared, quote
from support.routes import API_ROUTES, ROUTES, ids, named
from support.stack import built

IDENTITIES = ["none", "expired", "wrong key", "user", "other user",
              "service", "admin"]
STRANGERS = {"none", "expired", "wrong key"}
OPERATIONS = contract.of_program(built()).operations


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


# The matrix.

def example_call(api, operation, who, user_id):
    """The document's own example; user_id None: it names nobody.  A write
    that is no single user's is spoiled, so that nothing comes of it."""
    path = operation.path
    for name, value in operation.examples("path").items():
        value = user_id if name == "user_id" else str(value)
        path = path.replace("{%s}" % name, quote(value))
    query, body = operation.examples("query"), None
    if operation.method not in ("GET", "DELETE"):
        body = dict(operation.body_example())
        body.pop("user_id", None)
    if user_id is not None and operation.user_in in ("query", "body"):
        (query if body is None else body)["user_id"] = user_id
    if not operation.scoped and operation.method != "GET":
        (query if body is None else body)["no_such_member"] = 1
    key = new_key() if operation.examples("header") else None
    return api.call(operation.method, path, who, body, key, query)


def verdict(operation, identity, is_named):
    """What the row says: 401, 403, 400 for want of a user_id, or None: it is
    for the business to say."""
    role = identity.removeprefix("other ")
    if operation.is_open:
        return None
    if identity in STRANGERS:
        return 401, "unauthorized"
    if role not in operation.who:
        return 403, "forbidden"
    if role != "user" and operation.user_in is not None and not is_named:
        return 400, "invalid_request"
    if identity == "other user" and operation.user_in is not None \
            and is_named:
        return 403, "forbidden"
    return None


def faults(answer):
    if answer.code != "invalid_request":
        return []
    return [error["field"] for error in answer.json.get("errors", [])]


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("operation", OPERATIONS, ids=ids(OPERATIONS))
def test_who_may(api, owner, tokens, operation, identity):
    for is_named in (True, operation.user_in == "path"):
        answer = example_call(api, operation, tokens[identity],
                              owner if is_named else None)
        wanted = verdict(operation, identity, is_named)
        if wanted is None:
            assert answer.status != 401
            assert answer.code != "forbidden"
            assert "user_id" not in faults(answer)
        else:
            assert (answer.status, answer.code) == wanted
            assert answer.status != 400 or "user_id" in faults(answer)


@pytest.mark.parametrize("operation", OPERATIONS, ids=ids(OPERATIONS))
def test_the_row_is_the_contract_s(operation):
    route = named(operation.name)
    assert route.who == (frozenset() if operation.is_open else operation.who)
    assert route.user_in == operation.user_in


def test_the_matrix_has_every_kind_of_verdict():
    told = {verdict(operation, identity, is_named)
            for operation in OPERATIONS for identity in IDENTITIES
            for is_named in (True, False)}
    assert {pair and pair[0] for pair in told} == {None, 400, 401, 403}


# Good calls.

GOOD = [(route, role) for route in ROUTES
        for role in sorted(route.who) or ["none"]]


@pytest.mark.parametrize("route, role", GOOD, ids=[
    f"{route.name}-{role}" for route, role in GOOD])
def test_who_may_succeeds(api, owner, tokens, route, role):
    answer = good_call(api, route, tokens[role], owner, name_user=True)
    wanted = 200 if route.path == "/api/users" else route.success
    assert (answer.status, answer.code) == (wanted, None)


OBJECTS = [r for r in API_ROUTES if "user" in r.who and re.search(
    r"{(?!user_id)\w+_id}", r.path)]


@pytest.mark.parametrize("route", OBJECTS, ids=ids(OBJECTS))
def test_an_object_of_another_user_is_none(api, owner, route):
    made = prepared(api, route, owner)
    other = api.as_user(api.new_user())
    answer = good_call(api, route, other, owner, False, made)
    assert (answer.status, answer.code) == (404, "not_found")


NAMING = [r for r in API_ROUTES if r.user_in in ("body", "query")]


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
