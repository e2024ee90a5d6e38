"""POST /api/admin/alerts/{alert_id}/acknowledge: somebody looks at it."""
from support.payments import mismatch, order


def acknowledge(api, alert_id, reason="mine"):
    return api.post(f"/api/admin/alerts/{alert_id}/acknowledge", api.admin,
                    {"reason": reason})


def test_acknowledged(api, stack, user):
    made = mismatch(api, user)
    assert acknowledge(api, made).json["status"] == "acknowledged"
    row = stack.rows("select operator, operation, reason,"
                     " before ->> 'status' as old, after ->> 'status' as new"
                     " from florin.admin_operation_logs where user_id = %s"
                     " order by id desc limit 1", user)[0]
    assert list(row.values()) == ["admin:boss", "acknowledge_alert", "mine",
                                  "open", "acknowledged"]


def test_again_changes_nothing(api, stack, user):
    made = mismatch(api, user)
    assert acknowledge(api, made).body == acknowledge(api, made, "too").body
    assert len(stack.rows("select from florin.admin_operation_logs"
                          " where user_id = %s and operation ="
                          " 'acknowledge_alert'", user)) == 1


def test_what_goes_on_is_counted(api, user):
    bought = order(api, user), "pi_again"
    made = mismatch(api, user, *bought)
    acknowledge(api, made)
    assert mismatch(api, user, *bought) == made
    alert = api.get("/api/admin/alerts", api.admin,
                    user_id=user).json["data"][0]
    assert (alert["status"], alert["count"]) == ("acknowledged", 2)


def test_no_such_alert(api):
    answer = acknowledge(api, "0" * 26)
    assert (answer.status, answer.code) == (404, "not_found")
