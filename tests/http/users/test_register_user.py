"""POST /api/users: user, wallet, stats and first credits, once."""
import uuid

import pytest

from support.api import new_key


@pytest.fixture(name="name")
def unused_name():
    return f"new-{uuid.uuid4().hex[:12]}"


def test_a_user_registers_itself(api, name):
    answer = api.register(api.as_user(name), email="ann@example.org",
                          display_name="Ann")
    assert answer.status == 201
    told = answer.json
    assert told["user"]["user_id"] == name
    assert told["user"]["email"] == "ann@example.org"
    assert told["user"]["display_name"] == "Ann"
    assert told["wallet"]["balance"] == 50
    assert told["wallet"]["level"] == 1
    assert told["transaction"]["kind"] == "registration"
    assert told["transaction"]["amount"] == 50
    assert told["stats"]["message_count"] == 0


def test_a_user_registers_without_a_body(api, name):
    answer = api.post("/api/users", api.as_user(name))
    assert answer.status == 201
    assert answer.json["user"]["email"] is None


@pytest.mark.parametrize("who", ["service", "admin"])
def test_the_site_registers_a_named_user(api, name, who):
    answer = api.register(getattr(api, who), user_id=name)
    assert answer.status == 201
    assert answer.json["user"]["user_id"] == name
    assert answer.json["transaction"]["actor"].startswith(who)


def test_a_second_time_gives_nothing(api, name):
    api.register(api.as_user(name))
    answer = api.register(api.as_user(name))
    assert answer.status == 200
    assert answer.json["transaction"] is None
    assert answer.json["wallet"]["balance"] == 50


def test_a_second_time_changes_nothing(api, name):
    api.register(api.as_user(name), email="ann@example.org")
    answer = api.register(api.as_user(name), email="bob@example.org")
    assert answer.status == 200
    assert answer.json["user"]["email"] == "ann@example.org"


def test_the_first_key_replays_the_201(api, name):
    key = new_key()
    first = api.register(api.as_user(name), key, email="ann@example.org")
    again = api.register(api.as_user(name), key, email="ann@example.org")
    assert again.status == 201
    assert again.body == first.body
    assert again.header("idempotent-replayed") == "true"


def test_a_reused_key(api, name):
    key = new_key()
    api.register(api.as_user(name), key, email="ann@example.org")
    answer = api.register(api.as_user(name), key, email="bob@example.org")
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_a_key_whose_answer_is_no_longer_kept(api, stack, name):
    key = new_key()
    api.register(api.as_user(name), key)
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s", name)
    answer = api.register(api.as_user(name), key)
    assert (answer.status, answer.code) == (409, "already_done")


IDS = ["a", "x" * 128, "ä" * 64, "auth0|5f7c8ec7c33c6c004bbafe82",
       "a/b", "a b", "用户", "me", "a%2fb", "😀", "'; --", "a\u00adb"]


@pytest.mark.parametrize("user_id", IDS)
def test_an_id_is_any_text(api, user_id):
    answer = api.register(api.service, user_id=user_id)
    assert answer.status in (200, 201)
    assert answer.json["user"]["user_id"] == user_id


@pytest.mark.parametrize("user_id, code", [
    ("", "format"), ("x" * 129, "format"), ("ä" * 65, "format"),
    ("a\nb", "format"), ("a\x7fb", "format"), ("a\u0080b", "format"),
    ("a\u009fb", "format"), (7, "type"), ({}, "type"), (None, "required")])
def test_what_is_no_id(api, user_id, code):
    answer = api.register(api.service, user_id=user_id)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        ("user_id", code)]


@pytest.mark.parametrize("field, value, code", [
    ("email", "no-at-sign", "format"), ("email", "", "length"),
    ("email", "a\n@b", "format"), ("email", 5, "type"),
    ("email", "a@" + "b" * 400, "length"),
    ("display_name", "", "length"), ("display_name", 5, "type"),
    ("display_name", "x" * 1000, "length"),
    ("balance", 1000000, "unknown"), ("level", 9, "unknown")])
def test_a_wrong_field_is_named(api, name, field, value, code):
    answer = api.register(api.as_user(name), **{field: value})
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]
    assert api.get("/api/users/me", api.as_user(name)).status == 404
