"""POST /api/admin/credits/reset: apply what time has brought to one user."""
from support.api import new_key


def reset(api, user, key=None, reason="a look"):
    return api.post("/api/admin/credits/reset", api.admin,
                    {"user_id": user, "reason": reason}, key)


def test_nothing_is_due(api, user):
    answer = reset(api, user)
    assert answer.status == 200
    assert answer.json["transaction"] is None
    assert answer.json["wallet"]["balance"] == 100


def test_a_reset_that_is_due(api, stack, user):
    api.make_member(user, "lite", "yearly")
    api.consume(api.as_user(user), 30)
    with stack.jobs_stopped():
        stack.dev("clock", "32 days")
        answer = reset(api, user)
    row = answer.json["transaction"]
    assert (row["kind"], row["amount"], row["actor"]) == (
        "reset", 100, "system")
    assert answer.json["wallet"]["balance"] == 200
    assert reset(api, user).json["transaction"] is None


def test_a_key_replays(api, stack, user):
    key = new_key()
    first = reset(api, user, key)
    stack.dev("clock", "1 second")
    assert reset(api, user, key).body == first.body
    assert reset(api, user, key, reason="r").code == "idempotency_key_reused"
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s and key = %s", user, key)
    assert reset(api, user, key).code == "already_done"


def test_is_logged(api, stack, user):
    reset(api, user, reason="why not")
    row = stack.rows("select operator, operation, reason from"
                     " florin.admin_operation_logs where user_id = %s"
                     " order by id desc limit 1", user)[0]
    assert tuple(row.values()) == (
        "admin:boss", "check_and_reset_user_credits", "why not")


def test_an_unknown_user(api):
    answer = reset(api, "nobody-25")
    assert (answer.status, answer.code) == (404, "user_not_found")
