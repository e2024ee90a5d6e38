"""GET /api/features: what there is, to anyone."""


def test_anyone_reads_what_there_is(api):
    told = api.get("/api/features").json
    assert {"feature": "rewrite", "cost": 1, "min_plan": None} in told["data"]


def test_pages_by_name(api, stack):
    names = [f"zz.page.{c}" for c in "abc"]
    for name in names:
        stack.rows("insert into florin.features values (%s, 'x', 2,"
                   " 'http://127.0.0.1/', 1, 'pro')", name)
    seen, cursor = [], None
    while True:
        page = api.get("/api/features", limit=2, cursor=cursor).json
        seen += page["data"]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    stack.rows("delete from florin.features where feature like 'zz.page.%%'"
               " and %s", True)
    assert [f["feature"] for f in seen][-3:] == names
    assert seen[-1] == {"feature": "zz.page.c", "cost": 2, "min_plan": "pro"}
    assert len(seen) == len({f["feature"] for f in seen})


def test_a_cursor_of_another_list(api):
    answer = api.get("/api/features", cursor="17")
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert answer.json["errors"][0]["field"] == "cursor"
