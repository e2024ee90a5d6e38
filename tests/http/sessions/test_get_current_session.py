"""GET /api/sessions/current: the open one of a client, or of any."""
from support.sessions import begin, end


def test_none_before_the_first_and_after_the_last(api, token):
    assert api.get("/api/sessions/current", token).json["session"] is None
    session = begin(api, token)
    assert api.get("/api/sessions/current", token).json["session"] == session
    end(api, token, session["id"])
    assert api.get("/api/sessions/current", token).json["session"] is None


def test_the_current_of_a_client(api, token):
    web = begin(api, token, client="web")
    begin(api, token, client="app")
    told = api.get("/api/sessions/current", token, client="web").json
    assert told["session"] == web
    told = api.get("/api/sessions/current", token, client="tv").json
    assert told["session"] is None


def test_an_unknown_user(api):
    answer = api.get("/api/sessions/current", api.as_user("nobody-se"))
    assert (answer.status, answer.code) == (404, "user_not_found")
