"""POST /api/admin/alerts/{alert_id}/resolve: it is over."""
from support.payments import mismatch, order


def move(api, alert_id, verb="resolve"):
    return api.post(f"/api/admin/alerts/{alert_id}/{verb}", api.admin,
                    {"reason": "mended"})


def test_resolved(api, user):
    made = mismatch(api, user)
    assert move(api, made).json["status"] == "resolved"


def test_it_never_goes_back(api, user):
    made = mismatch(api, user)
    assert move(api, made, "acknowledge").json["status"] == "acknowledged"
    over = move(api, made)
    assert over.json["status"] == "resolved"
    assert move(api, made, "acknowledge").body == over.body


def test_the_next_one_is_another(api, user):
    bought = order(api, user), "pi_once_more"
    made = mismatch(api, user, *bought)
    move(api, made)
    again = mismatch(api, user, *bought)
    assert again != made
    alerts = api.get("/api/admin/alerts", api.admin, user_id=user).json
    assert [(a["id"], a["status"], a["count"]) for a in alerts["data"]] == [
        (again, "open", 1), (made, "resolved", 1)]


def test_no_such_alert(api):
    answer = move(api, "0" * 26)
    assert (answer.status, answer.code) == (404, "not_found")
