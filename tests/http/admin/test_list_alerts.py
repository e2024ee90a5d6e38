"""GET /api/admin/alerts: what the site's people should look at."""
from support.payments import complete, mismatch, order

PATH = "/api/admin/alerts"


def listed(api, **query):
    return [row["id"] for row in api.get(PATH, api.admin, **query).json["data"]]


def test_newest_first(api, user):
    other = api.new_user(0)
    made = [mismatch(api, who) for who in (user, other)]
    page = api.get(PATH, api.admin, limit=1).json
    assert [row["id"] for row in page["data"]] == made[1:]
    more = api.get(PATH, api.admin, limit=1, cursor=page["next_cursor"]).json
    assert [row["id"] for row in more["data"]] == made[:1]


def test_what_is_said(api, user):
    made = order(api, user)
    for amount in 1, 2:
        complete(api, made, "pi_said", amount=amount)
    alert, = api.get(PATH, api.admin, user_id=user).json["data"]
    assert (alert["category"], alert["detector"], alert["severity"],
            alert["status"], alert["count"], alert["user_id"]) == (
        "security", "payment_mismatch", "critical", "open", 2, user)
    assert alert["first_seen_at"] < alert["last_seen_at"]


def test_filters(api, user):
    made = [mismatch(api, user)]
    assert listed(api, user_id=user, category="security") == made
    assert listed(api, user_id=user, category="repair") == []
    assert listed(api, user_id=user, status="open") == made
    assert listed(api, user_id=user, status="resolved") == []
    assert listed(api, user_id=user, detector="other") == []
    assert listed(api, user_id=user, to="2020-01-01T00:00:00Z") == []


def test_a_cursor_of_another_list(api):
    answer = api.get(PATH, api.admin, cursor="12")
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "cursor"
