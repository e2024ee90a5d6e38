"""POST /api/sessions/{id}/end: over once and for all."""
from support.keyed import assert_keyed
from support.sessions import assert_of_its_user, assert_over, begin, end, \
    message


def test_the_record_and_the_stats(api, stack, token):
    session = begin(api, token, client="web")
    message(api, token, session["id"], count=5)
    stack.dev("clock", "90 s")
    told = end(api, token, session["id"]).json
    record = told["session_record"]
    assert (record["end_reason"], record["message_count"]) == ("ended", 5)
    assert 90 <= record["duration_seconds"] < 120
    assert told["stats"]["session_seconds"] == record["duration_seconds"]


def test_of_its_user_only(api, user):
    assert_of_its_user(api, user, end)


def test_it_ends_once(api, token):
    assert_over(api, token, end)


def test_a_key(api, stack, user, token):
    session = begin(api, token)
    assert_keyed(api, stack, user,
                 lambda key: end(api, token, session["id"], key))


def test_an_unknown_user(api):
    answer = end(api, api.as_user("nobody-se"), "0" * 26)
    assert (answer.status, answer.code) == (404, "user_not_found")
