"""POST /api/sessions/{id}/messages: counted, and a sign of life."""
import pytest

from support.keyed import assert_keyed
from support.sessions import assert_of_its_user, assert_over, begin, message
from support.storm import post_request, statuses, storm


def test_messages_at_once_are_all_counted(api, token):
    session = begin(api, token)
    path = f"/api/sessions/{session['id']}/messages"
    answers = storm(api, [post_request(api, path, token, None)
                          for _ in range(30)])
    assert statuses(answers) == {200: 30}
    counts = sorted(a.json["session"]["message_count"] for a in answers)
    assert counts == list(range(1, 31))


def test_half_an_hour_without_a_message_ends_it(api, stack, user, token):
    session = begin(api, token)
    stack.dev("clock", "60 s")
    last = message(api, token, session["id"]).json["session"]
    stack.dev("clock", "30 minutes")
    answer = message(api, token, session["id"])
    assert (answer.status, answer.code) == (409, "session_closed")
    record = answer.json["session_record"]
    assert record["end_reason"] == "idle"
    assert record["ended_at"] == last["last_message_at"]
    stats = api.get("/api/users/me", token).json["stats"]
    assert stats["session_seconds"] == record["duration_seconds"] >= 60
    assert stats["message_count"] == 1


def test_the_stats_change_the_etag(api, token):
    session = begin(api, token)
    before = api.get("/api/users/me", token)
    etag = [("If-None-Match", before.header("etag"))]
    assert api.call("GET", "/api/users/me", token,
                    headers=etag).status == 304
    message(api, token, session["id"])
    after = api.call("GET", "/api/users/me", token, headers=etag)
    assert after.status == 200
    assert after.json["stats"]["message_count"] == 1


def test_of_its_user_only(api, user):
    assert_of_its_user(api, user, message)


def test_nothing_is_said_after_the_end(api, token):
    assert_over(api, token, message)


def test_a_key(api, stack, user, token):
    session = begin(api, token)
    assert_keyed(api, stack, user,
                 lambda key: message(api, token, session["id"], key))


def test_an_unknown_user(api):
    answer = message(api, api.as_user("nobody-se"), "0" * 26)
    assert (answer.status, answer.code) == (404, "user_not_found")


@pytest.mark.parametrize("count", [0, -1, 1.0, "1", 1000001])
def test_a_wrong_count(api, token, count):
    answer = message(api, token, begin(api, token)["id"], count=count)
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "count"
