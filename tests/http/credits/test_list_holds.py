"""GET /api/credits/holds: a user's open holds, newest first."""
import pytest

PATH = "/api/credits/holds"


@pytest.fixture(name="made")
def five_holds(api, token):
    """Five holds, oldest first."""
    return [api.hold(token, n + 1).json["hold"] for n in range(5)]


def test_none(api, token):
    assert api.get(PATH, token).json == {
        "data": [], "has_more": False, "next_cursor": None}


def test_newest_first_and_in_full(api, token, made):
    assert api.get(PATH, token).json["data"] == made[::-1]


def test_only_open_ones(api, user, token, made):
    api.capture(user, made[1]["id"])
    api.release(token, made[3]["id"])
    assert api.get(PATH, token).json["data"] == [
        made[4], made[2], made[0]]


def test_their_time_is_over(api, stack, token, made):
    longer = api.hold(token, 1, ttl_seconds=7200).json["hold"]
    stack.dev("clock", "1 hour")
    assert api.get(PATH, token).json["data"] == [longer]
    assert len(made) == 5


def test_pages_join(api, token, made):
    found, cursor = [], None
    while True:
        page = api.get(PATH, token, limit=2, cursor=cursor).json
        found += page["data"]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert found == made[::-1]
    assert cursor is None


def test_the_site_names_the_user(api, user, made):
    answer = api.get(PATH, api.service, user_id=user)
    assert len(answer.json["data"]) == len(made)


def test_nobody_elses(api, made):
    assert made
    assert api.get(PATH, api.as_user(api.new_user(5))).json["data"] == []


@pytest.mark.parametrize("query", [
    {"cursor": "x"}, {"cursor": "0"}, {"limit": 0}, {"limit": 201},
    {"status": "open"}, {"from": "2026-01-01T00:00:00Z"}])
def test_wrong_parameters(api, token, query):
    answer = api.get(PATH, token, **query)
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert answer.json["errors"][0]["field"] == list(query)[0]


def test_an_unknown_user(api):
    answer = api.get(PATH, api.as_user("nobody-24"))
    assert answer.code == "user_not_found"
