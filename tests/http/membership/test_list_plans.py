"""GET /api/membership/plans: what can be bought."""


def test_the_three_of_the_origin_lowest_first(api, token):
    answer = api.get("/api/membership/plans", token)
    plans = answer.json["data"]
    assert [(p["plan"], p["rank"], p["monthly_credits"]) for p in plans] == [
        ("lite", 1, 100), ("pro", 2, 250), ("premium", 3, 600)]
    assert all(p["available"] for p in plans)
    for plan in plans:
        assert {p["period"] for p in plan["prices"]} == {"monthly", "yearly"}
    assert answer.json["has_more"] is False


def test_page_by_page(api, token):
    seen, cursor = [], None
    while True:
        answer = api.get("/api/membership/plans", token, limit=1,
                         cursor=cursor)
        seen += [plan["plan"] for plan in answer.json["data"]]
        cursor = answer.json["next_cursor"]
        if not answer.json["has_more"]:
            break
    assert (seen, cursor) == (["lite", "pro", "premium"], None)


def test_a_cursor_of_another_list(api, token):
    answer = api.get("/api/membership/plans", token, cursor="abc")
    assert (answer.status, answer.code) == (400, "invalid_request")
