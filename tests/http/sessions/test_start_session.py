"""POST /api/sessions: one open session for each client."""
import pytest

from support.keyed import assert_keyed
from support.sessions import begin, end, message, start
from support.storm import post_request, statuses, storm


def test_a_session_from_begin_to_end(api, stack, user, token):
    session = begin(api, token, client="web", metadata={"page": "/x"})
    assert session["user_id"] == user
    assert (session["client"], session["message_count"]) == ("web", 0)
    assert api.get("/api/sessions/current", token).json["session"] == session
    assert message(api, token, session["id"]).json["session"][
        "message_count"] == 1
    told = message(api, token, session["id"], count=4).json
    assert told["session"]["message_count"] == 5
    assert told["stats"]["message_count"] == 5
    stack.dev("clock", "90 s")
    told = end(api, token, session["id"]).json
    record = told["session_record"]
    assert (record["end_reason"], record["message_count"]) == ("ended", 5)
    assert 90 <= record["duration_seconds"] < 120
    assert told["stats"]["session_seconds"] == record["duration_seconds"]
    assert api.get("/api/sessions/current", token).json["session"] is None
    assert api.get("/api/sessions", token).json["data"] == [record]


def test_starting_again_returns_the_open_one(api, token):
    first = begin(api, token, client="web")
    again = start(api, token, client="web")
    assert again.status == 200
    assert again.json["session"] == first
    assert again.json["stats"]["session_count"] == 1
    assert begin(api, token, client="app")["id"] != first["id"]
    assert begin(api, token)["client"] is None


def test_many_at_once_open_one(api, token):
    answers = storm(api, [
        post_request(api, "/api/sessions", token, None, client="web")
        for _ in range(24)])
    assert statuses(answers) == {201: 1, 200: 23}
    assert len({a.json["session"]["id"] for a in answers}) == 1


def test_a_key(api, stack, user, token):
    assert_keyed(api, stack, user, lambda key: start(api, token, key), 201)


def test_an_unknown_user(api):
    answer = start(api, api.as_user("nobody-se"))
    assert (answer.status, answer.code) == (404, "user_not_found")


FIELDS = [({"client": ""}, "client"), ({"client": "a\n"}, "client"),
          ({"client": "x" * 129}, "client"), ({"metadata": []}, "metadata"),
          ({"metadata": "x"}, "metadata"), ({"colour": 1}, "colour")]


@pytest.mark.parametrize("body, field", FIELDS)
def test_a_wrong_field_is_named(api, token, body, field):
    answer = start(api, token, **body)
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == field
