"""Sessions, as the tests of several functions need them."""
from support.api import quote


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


def assert_of_its_user(api, user, ask):
    """message or end: another's session is none, and the site says whose."""
    token = api.as_user(user)
    others = begin(api, api.as_user(api.new_user()))
    answer = ask(api, token, others["id"])
    assert (answer.status, answer.code) == (404, "not_found")
    own = begin(api, token)
    assert ask(api, api.service, own["id"]).status == 400
    assert ask(api, api.service, own["id"], user_id=user).status == 200


def assert_over(api, token, ask):
    """message or end: what is over stays over, and is shown."""
    session = begin(api, token)
    record = end(api, token, session["id"]).json["session_record"]
    answer = ask(api, token, session["id"])
    assert (answer.status, answer.code) == (409, "session_closed")
    assert answer.json["session_record"] == record
