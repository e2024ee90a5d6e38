"""GET /api/admin/users/{user_id}."""
from support import payments
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


def test_what_one_does(api, user, token):
    order = payments.order(api, user)
    task = api.write("tasks", token, kind="image").json["task"]
    session = api.post("/api/sessions", token, {}).json["session"]
    action = api.post("/api/actions", token,
                      {"action_type": "share"}).json["action"]
    checkin = api.post("/api/checkin", token).json["checkin"]
    record = api.get(path(user), api.admin).json
    assert record["orders"] == [order]
    assert record["tasks"] == [task]
    assert record["sessions"] == [session]
    assert record["session_records"] == []
    assert record["actions"] == [action]
    assert record["checkins"] == [checkin]


def test_an_unknown_user(api):
    assert api.get(path("nobody-7"), api.admin).code == "user_not_found"
