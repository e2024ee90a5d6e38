"""Idempotency-Key: the first answer's bytes, once done, for ever."""
import dataclasses
import json

import pytest

from support.api import good_call, good_path, new_key, prepared, site
from support.routes import KEYED_ROUTES, ids


@pytest.fixture(scope="module", name="owner")
def owner_of_wallet(api):
    user = api.new_user()
    api.consume(api.as_user(user), 40)
    api.grant(user, 10_000)
    return user


def each_keyed(test):
    return pytest.mark.parametrize(
        "route", KEYED_ROUTES, ids=ids(KEYED_ROUTES))(test)


@each_keyed
def test_a_key_is_required(api, owner, route):
    answer = good_call(api, route, site(api, route), owner, True, key=None)
    assert (answer.status, answer.code) == (400, "idempotency_key_missing")


@each_keyed
def test_a_repeat_gets_the_first_answers_bytes(api, owner, route):
    made, key = prepared(api, route, owner), new_key()
    first = good_call(api, route, site(api, route), owner, True, made, key=key)
    again = good_call(api, route, site(api, route), owner, True, made, key=key)
    assert first.status == again.status == route.success
    assert first.body == again.body
    assert first.header("idempotent-replayed") is None
    assert again.header("idempotent-replayed") == "true"


@each_keyed
def test_another_request_with_the_key(api, owner, route):
    made, key = prepared(api, route, owner), new_key()
    good_call(api, route, site(api, route), owner, True, made, key=key)
    if route.another is None:
        made = prepared(api, route, owner)
    other = dataclasses.replace(
        route, body={**route.body, **(route.another or {})})
    answer = good_call(api, other, site(api, route), owner, True, made, key=key)
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


@each_keyed
def test_an_answer_no_longer_kept(api, stack, owner, route):
    made, key = prepared(api, route, owner), new_key()
    good_call(api, route, site(api, route), owner, True, made, key=key)
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s and key = %s", owner, key)
    answer = good_call(api, route, site(api, route), owner, True, made, key=key)
    assert (answer.status, answer.code) == (409, "already_done")


def test_a_key_of_one_operation_is_another_request_of_another(api, owner):
    key = new_key()
    api.consume(api.admin, 1, key, user_id=owner)
    answer = api.adjust(owner, 1, key)
    assert answer.code == "idempotency_key_reused"


def test_the_order_of_members_does_not_count(api, token):
    key = new_key()
    first = api.post("/api/credits/consume", token,
                     b'{"amount": 1, "reason": "\\u00e4"}', key)
    again = api.post("/api/credits/consume", token,
                     '{"reason":"ä","amount":1,"reference_id":null}'.encode(),
                     key)
    assert again.body == first.body


def test_keys_of_callers_are_apart(api, user, token):
    key = new_key()
    answers = [api.consume(token, 1, key),
               api.consume(api.service, 1, key, user_id=user),
               api.consume(api.admin, 1, key, user_id=user),
               api.consume(api.minter.token("shop", "service"), 1, key,
                           user_id=user)]
    assert len({answer.body for answer in answers}) == 4
    assert api.balance(user) == 96


def test_keys_of_users_are_apart(api, token):
    key = new_key()
    api.consume(token, 1, key)
    other = api.as_user(api.new_user(10))
    answer = api.consume(other, 1, key)
    assert answer.status == 200
    assert answer.header("idempotent-replayed") is None


def test_quotes_are_not_part_of_a_key(api, token):
    key = new_key()
    first = api.consume(token, 1, f'"{key}"')
    assert api.consume(token, 1, key).body == first.body


@pytest.mark.parametrize("key", ["k", "~", "x" * 255, "a:b/c=d,e;f",
                                 '"quoted"', "!#$%&'()*+"])
def test_a_key_is_visible_ascii(api, user, key):
    assert api.grant(user, 1, key).status == 200


@pytest.mark.parametrize("key", ["x" * 256, "a b", "ä", '"a', 'a"', '""',
                                 '"', "a\tb", "a\x7fb"])
def test_what_is_no_key(api, user, key):
    answer = api.grant(user, 1, key)
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert api.balance(user) == 100


def test_an_empty_key_is_none(api, user):
    answer = api.post("/api/credits/grant", api.service,
                      {"user_id": user, "amount": 1, "source": "bonus",
                       "reason": "r"}, headers=[("Idempotency-Key", "")])
    assert answer.status == 400


def test_two_keys_in_one_request(api, user):
    answer = api.post("/api/credits/grant", api.service,
                      {"user_id": user, "amount": 1, "source": "bonus",
                       "reason": "r"},
                      headers=[("Idempotency-Key", "a"),
                               ("Idempotency-Key", "b")])
    assert answer.status == 400
    assert api.balance(user) == 100


def test_a_replay_ignores_what_happened_since(api, stack, user, token):
    key = new_key()
    first = api.consume(token, 100, key)
    stack.freeze(user)
    again = api.consume(token, 100, key)
    assert (again.status, again.body) == (200, first.body)
    assert json.loads(again.body)["wallet"]["frozen"] is False


def test_a_key_on_a_read_does_no_harm(api, token):
    answer = api.call("GET", "/api/credits", token, key="k")
    assert answer.status == 200
