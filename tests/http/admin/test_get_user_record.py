"""GET /api/admin/users/{user_id}."""
from support.api import quote


def path(user):
    return f"/api/admin/users/{quote(user)}"


def test_everything_about_one(api, user, token):
    api.consume(token, 5)
    api.hold(token, 2)
    record = api.get(path(user), api.admin).json
    assert record["user"]["user_id"] == user
    assert record["wallet"]["balance"] == 93
    assert [t["kind"] for t in record["transactions"]][:2] == [
        "hold", "consume"]
    assert [h["amount"] for h in record["holds"]] == [2]
    assert sum(g["remaining"] for g in record["grants"]) == 93
    assert record["operations"][0]["operation"] == "adjust_credits"


def test_an_unknown_user(api):
    assert api.get(path("nobody-7"), api.admin).code == "user_not_found"
