"""GET /api/sessions: those that are over, newest first."""
from support.sessions import begin, end


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


def test_an_unknown_user(api):
    answer = api.get("/api/sessions", api.as_user("nobody-se"))
    assert (answer.status, answer.code) == (404, "user_not_found")
