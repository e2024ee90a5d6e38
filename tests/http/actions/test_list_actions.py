"""GET /api/actions: what a user did, newest first."""


def test_the_list(api, stack, token):
    for kind in ("share", "like", "share"):
        api.post("/api/actions", token, {"action_type": kind})
        stack.dev("clock", "1 s")
    rows = api.get("/api/actions", token).json["data"]
    assert [r["action_type"] for r in rows] == ["share", "like", "share"]
    assert rows[0]["created_at"] > rows[2]["created_at"]
    only = api.get("/api/actions", token, action_type="like").json["data"]
    assert only == [rows[1]]
    page = api.get("/api/actions", token, limit=2).json
    assert page["data"] == rows[:2] and page["has_more"]
    rest = api.get("/api/actions", token, cursor=page["next_cursor"]).json
    assert rest["data"] == rows[2:] and not rest["has_more"]
    after = api.get("/api/actions", token, **{
        "from": rows[1]["created_at"], "to": rows[0]["created_at"]}).json
    assert after["data"] == [rows[1]]


def test_a_cursor_of_another_list(api, token):
    answer = api.get("/api/actions", token, cursor="17")
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_an_unknown_user(api):
    answer = api.get("/api/actions", api.as_user("nobody-ac"))
    assert (answer.status, answer.code) == (404, "user_not_found")
