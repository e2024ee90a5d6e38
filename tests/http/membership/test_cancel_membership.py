"""POST /api/membership/cancel: no more renewals; what is paid still runs."""


def cancel(api, who, **body):
    return api.post("/api/membership/cancel", who, body)


def test_what_is_paid_still_runs(api, user, token):
    before = api.make_member(user, "pro").json
    answer = cancel(api, token)
    assert answer.status == 200
    assert answer.json == dict(before, status="cancelling")
    assert api.balance(user) == 350


def test_a_second_time_changes_nothing(api, user, token):
    api.make_member(user, "pro")
    cancel(api, token)
    revision = api.get("/api/credits", token).json["revision"]
    assert cancel(api, token).json["status"] == "cancelling"
    assert api.get("/api/credits", token).json["revision"] == revision


def test_a_new_order_takes_it_back(api, user, token):
    api.make_member(user, "pro")
    cancel(api, token)
    assert api.make_member(user, "pro").json["status"] == "active"


def test_without_a_membership(api, user, token):
    answer = cancel(api, token)
    assert (answer.status, answer.code) == (404, "not_found")
    api.make_member(user, "lite")
    api.end_member(user)
    assert cancel(api, token).code == "not_found"


def test_is_noted_as_the_system_s_unless_an_admin_asks(api, stack, user,
                                                       token):
    api.make_member(user, "lite")
    cancel(api, token)
    api.make_member(user, "lite")
    cancel(api, api.admin, user_id=user)
    rows = stack.rows(
        "select operator, operation, before ->> 'status' as was,"
        " after ->> 'status' as is_now from florin.admin_operation_logs"
        " where user_id = %s and operation = 'cancel_membership'"
        " order by id", user)
    assert [tuple(row.values()) for row in rows] == [
        ("system", "cancel_membership", "active", "cancelling"),
        ("admin:boss", "cancel_membership", "active", "cancelling")]


def test_an_unknown_user(api):
    answer = cancel(api, api.service, user_id="nobody-21")
    assert (answer.status, answer.code) == (404, "user_not_found")
