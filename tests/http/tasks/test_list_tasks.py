"""GET /api/tasks: newest first, by kind and status."""
from support.tasks import claim, create


def test_pages_and_filters(api, user, token, kind):
    made = [create(api, user, kind=kind)["id"] for _ in range(3)]
    create(api, user, kind="image")
    page = api.get("/api/tasks", token, kind=kind, limit=2).json
    rest = api.get("/api/tasks", token, kind=kind,
                   cursor=page["next_cursor"]).json
    assert page["has_more"] and not rest["has_more"]
    assert sorted(t["id"] for t in page["data"] + rest["data"]) == sorted(
        made)
    claim(api, kind)
    only = api.get("/api/tasks", token, status="running").json["data"]
    assert len(only) == 1 and only[0]["status"] == "running"
    answer = api.get("/api/tasks", token, cursor="17")
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_an_unknown_user(api):
    answer = api.get("/api/tasks", api.as_user("nobody-ta"))
    assert (answer.status, answer.code) == (404, "user_not_found")
