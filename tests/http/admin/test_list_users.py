"""GET /api/admin/users."""
import uuid

PATH = "/api/admin/users"


def ids(page):
    return [row["user_id"] for row in page["data"]]


def test_found_newest_first(api):
    word = uuid.uuid4().hex
    for n in range(3):
        api.register(api.service, user_id=f"{word}-{n}",
                     email=f"{n}@{word}.example")
    page = api.get(PATH, api.admin, query=word.upper(), limit=2).json
    assert ids(page) == [f"{word}-2", f"{word}-1"]
    assert page["as_of"]
    rest = api.get(PATH, api.admin, query=word, limit=2,
                   cursor=page["next_cursor"]).json
    assert ids(rest) == [f"{word}-0"]
    assert ids(api.get(PATH, api.admin, query=f"1@{word}").json) == [
        f"{word}-1"]


def test_by_plan_and_status(api, user):
    member = api.get(PATH, api.admin, query=user, status="none").json
    assert ids(member) == [user]
    assert member["data"][0]["balance"] == 100
    assert ids(api.get(PATH, api.admin, query=user,
                       status="active").json) == []
    assert ids(api.get(PATH, api.admin, query=user, plan="pro").json) == []


def test_an_unknown_status(api):
    assert api.get(PATH, api.admin, status="rich").status == 400


def test_by_time(api):
    first, second = api.new_user(), api.new_user()
    times = [api.get(PATH, api.admin, query=user).json["data"][0]["created_at"]
             for user in (first, second)]
    page = api.get(PATH, api.admin, **{"from": times[0], "to": times[1]}).json
    assert ids(page) == [first]
