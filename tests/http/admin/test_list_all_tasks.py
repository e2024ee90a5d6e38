"""GET /api/admin/tasks: every user's tasks."""
from support.tasks import claim, create

PATH = "/api/admin/tasks"


def listed(api, **query):
    return [(row["id"], row["status"])
            for row in api.get(PATH, api.admin, **query).json["data"]]


def test_all_users_newest_first(api, user, kind):
    other = api.new_user(100)
    made = [create(api, who, kind=kind)["id"] for who in (user, other)]
    page = api.get(PATH, api.admin, limit=1).json
    assert [row["id"] for row in page["data"]] == made[1:]
    assert page["as_of"] >= page["data"][0]["created_at"]
    more = api.get(PATH, api.admin, limit=1, cursor=page["next_cursor"]).json
    assert [row["id"] for row in more["data"]] == made[:1]


def test_filters(api, user, kind):
    made = create(api, user, kind=kind)["id"]
    assert listed(api, user_id=user) == [(made, "queued")]
    assert listed(api, kind=kind, status="queued") == [(made, "queued")]
    assert listed(api, kind=kind, status="running") == []
    assert listed(api, kind="no." + kind) == []
    assert listed(api, user_id=user, to="2020-01-01T00:00:00Z") == []


def test_a_lease_that_is_over(api, stack, user, kind):
    """Nothing is settled; shown is what time will have done."""
    made = create(api, user, kind=kind)["id"]
    with stack.jobs_stopped():
        claim(api, kind)
        assert listed(api, user_id=user) == [(made, "running")]
        stack.dev("clock", "61 s")
        assert listed(api, user_id=user) == [(made, "queued")]
        assert listed(api, kind=kind, status="running") == []


def test_a_cursor_of_another_list(api):
    answer = api.get(PATH, api.admin, cursor="12")
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "cursor"
