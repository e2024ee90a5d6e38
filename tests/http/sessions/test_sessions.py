"""Sessions: begun, talked in, ended or left idle; counted in the stats."""
import pytest

from support.api import new_key, quote
from support.storm import post_request, statuses, storm


def start(api, who, key=None, **body):
    return api.post("/api/sessions", who, body, key)


def begin(api, who, **body):
    answer = start(api, who, **body)
    assert answer.status == 201, answer
    return answer.json["session"]


def message(api, who, session_id, key=None, **body):
    return api.post(f"/api/sessions/{quote(session_id)}/messages", who, body,
                    key)


def end(api, who, session_id, key=None, **body):
    return api.post(f"/api/sessions/{quote(session_id)}/end", who, body, key)


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


def test_messages_at_once_are_all_counted(api, token):
    session = begin(api, token)
    path = f"/api/sessions/{session['id']}/messages"
    answers = storm(api, [post_request(api, path, token, None)
                          for _ in range(30)])
    assert statuses(answers) == {200: 30}
    counts = sorted(a.json["session"]["message_count"] for a in answers)
    assert counts == list(range(1, 31))


def test_the_current_of_a_client(api, token):
    web = begin(api, token, client="web")
    begin(api, token, client="app")
    told = api.get("/api/sessions/current", token, client="web").json
    assert told["session"] == web
    told = api.get("/api/sessions/current", token, client="tv").json
    assert told["session"] is None


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


@pytest.mark.parametrize("ask", [message, end])
def test_what_is_over_stays_over(api, token, ask):
    session = begin(api, token)
    record = end(api, token, session["id"]).json["session_record"]
    answer = ask(api, token, session["id"])
    assert (answer.status, answer.code) == (409, "session_closed")
    assert answer.json["session_record"] == record


@pytest.mark.parametrize("ask", [message, end])
def test_another_users_session_is_none(api, token, ask):
    session = begin(api, api.as_user(api.new_user()))
    answer = ask(api, token, session["id"])
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("ask", [message, end])
def test_the_site_names_the_user(api, user, token, ask):
    session = begin(api, token)
    answer = ask(api, api.service, session["id"])
    assert answer.status == 400
    assert ask(api, api.service, session["id"], user_id=user).status == 200


@pytest.mark.parametrize("ask", [start, message, end])
def test_a_key_replays(api, token, ask):
    session = [] if ask is start else [begin(api, token)["id"]]
    key = new_key()
    first = ask(api, token, *session, key)
    again = ask(api, token, *session, key)
    assert (again.status, again.body) == (first.status, first.body)
    assert again.header("idempotent-replayed") == "true"


@pytest.mark.parametrize("ask", [start, message, end])
def test_a_key_of_another_request(api, token, ask):
    session = [] if ask is start else [begin(api, token)["id"]]
    key = new_key()
    api.consume(token, 1, key)
    answer = ask(api, token, *session, key)
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("ask", [start, message, end])
def test_an_answer_no_longer_kept(api, stack, user, token, ask):
    session = [] if ask is start else [begin(api, token)["id"]]
    key = new_key()
    ask(api, token, *session, key)
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s", user)
    answer = ask(api, token, *session, key)
    assert (answer.status, answer.code) == (409, "already_done")


def test_an_unknown_user(api):
    nobody = api.as_user("nobody-se")
    for answer in (start(api, nobody), message(api, nobody, "0" * 26),
                   end(api, nobody, "0" * 26),
                   api.get("/api/sessions", nobody),
                   api.get("/api/sessions/current", nobody)):
        assert (answer.status, answer.code) == (404, "user_not_found")


def test_pages(api, token):
    for name in "abc":
        end(api, token, begin(api, token, client=name)["id"])
    first = api.get("/api/sessions", token, limit=2).json
    assert first["has_more"]
    rest = api.get("/api/sessions", token, limit=2,
                   cursor=first["next_cursor"]).json
    assert len(first["data"]) == 2 and len(rest["data"]) == 1
    assert not rest["has_more"] and rest["next_cursor"] is None
    assert {r["client"] for r in first["data"] + rest["data"]} == set("abc")


def test_a_cursor_of_another_list(api, token):
    answer = api.get("/api/sessions", token, cursor="17")
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert answer.json["errors"][0]["field"] == "cursor"


FIELDS = [({"client": ""}, "client"), ({"client": "a\n"}, "client"),
          ({"client": "x" * 129}, "client"), ({"metadata": []}, "metadata"),
          ({"metadata": "x"}, "metadata"), ({"colour": 1}, "colour")]


@pytest.mark.parametrize("body, field", FIELDS)
def test_a_wrong_field_is_named(api, token, body, field):
    answer = start(api, token, **body)
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == field


@pytest.mark.parametrize("count", [0, -1, 1.0, "1", 1000001])
def test_a_wrong_count(api, token, count):
    answer = message(api, token, begin(api, token)["id"], count=count)
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "count"
