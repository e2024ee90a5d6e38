"""GET /api/admin/audit-log."""
PATH = "/api/admin/audit-log"


def test_newest_first_with_pages(api, user):
    for amount in (1, 2, 3):
        api.adjust(user, amount)
    api.adjust(user, -10**6)
    page = api.get(PATH, api.admin, user_id=user, limit=3).json
    assert [e["outcome"] for e in page["data"]] == [
        "insufficient_credits", "done", "done"]
    assert page["data"][1]["after"]["balance"] == 106
    rest = api.get(PATH, api.admin, user_id=user, limit=3,
                   cursor=page["next_cursor"]).json
    assert rest["data"][0]["after"]["balance"] == 101
    assert not rest["has_more"]


def test_filters(api, user):
    api.adjust(user, 1)
    for query in ({"operator": "admin:boss"}, {"outcome": "done"},
                  {"operation": "adjust_credits"},
                  {"from": "2020-01-01T00:00:00Z"}):
        data = api.get(PATH, api.admin, user_id=user, **query).json["data"]
        assert len(data) == 2, query
    for query in ({"operator": "admin:x"}, {"outcome": "forbidden"},
                  {"operation": "x"}, {"to": "2020-01-01T00:00:00Z"}):
        data = api.get(PATH, api.admin, user_id=user, **query).json["data"]
        assert data == [], query


def test_an_unknown_parameter(api):
    assert api.get(PATH, api.admin, colour="red").status == 400
