"""GET /api/users/me, /api/users/{user_id}, /api/users?user_id="""
import pytest

from support.api import quote

IDS = ["plain", "with space", "a/b", "用户", "100%", "a%2fb", "?x=1#y",
       "a+b", "..", ".", "a..b", "me"]


def test_me_is_the_token_s_user(api, user, token):
    answer = api.get("/api/users/me", token)
    assert answer.status == 200
    assert answer.json["user"]["user_id"] == user
    assert answer.json["wallet"]["balance"] == 100
    assert answer.json["membership"]["status"] == "none"


def test_three_addresses_one_answer(api, user, token):
    me = api.get("/api/users/me", token)
    by_path = api.get(f"/api/users/{user}", token)
    by_query = api.get("/api/users", token, user_id=user)
    assert me.json == by_path.json == by_query.json


@pytest.mark.parametrize("user_id", IDS)
def test_each_id_can_be_read_by_query(api, user_id):
    api.register(api.service, user_id=user_id)
    answer = api.get("/api/users", api.service, user_id=user_id)
    assert answer.json["user"]["user_id"] == user_id


@pytest.mark.parametrize("user_id", [
    name for name in IDS if "/" not in name
    and "%2f" not in name and name not in (".", "..", "me")])
def test_an_id_in_a_path_is_percent_encoded(api, user_id):
    api.register(api.service, user_id=user_id)
    answer = api.get(f"/api/users/{quote(user_id)}", api.service)
    assert answer.json["user"]["user_id"] == user_id


def test_an_unknown_user_is_404_everywhere(api):
    for answer in (api.get("/api/users/me", api.as_user("nobody-9")),
                   api.get("/api/users/nobody-9", api.service),
                   api.get("/api/users", api.admin, user_id="nobody-9")):
        assert (answer.status, answer.code) == (404, "user_not_found")


def test_a_service_has_no_me(api):
    answer = api.get("/api/users/me", api.service)
    assert (answer.status, answer.code) == (403, "forbidden")


def test_an_id_in_a_path_that_is_none(api):
    answer = api.get("/api/users/" + "x" * 129, api.service)
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_what_only_the_stats_tell_is_no_304(api, user, token):
    tag = api.get("/api/users/me", token).header("etag")
    known = [("If-None-Match", tag)]
    assert api.call("GET", "/api/users/me", token, headers=known).status == 304
    assert api.post("/api/sessions", token, {}).status == 201
    answer = api.call("GET", "/api/users/me", token, headers=known)
    assert answer.status == 200
    assert answer.json["stats"]["session_count"] == 1
    assert answer.header("etag") != tag
