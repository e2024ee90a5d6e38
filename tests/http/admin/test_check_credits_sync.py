"""POST /api/admin/checks/credits-sync."""
PATH = "/api/admin/checks/credits-sync"


def check(api, **body):
    return api.post(PATH, api.service, body)


def test_a_user_in_order(api, user):
    assert check(api, user_id=user).json == {
        "checked": 1, "problems": [], "repaired": 0, "next_cursor": None}


def test_found_and_repaired(api, stack, user):
    stack.rows("update florin.wallets set balance = balance + 1"
                  " where user_id = %s", user)
    problems = check(api, user_id=user).json["problems"]
    assert {p["invariant"] for p in problems} == {"balance"}
    answer = check(api, user_id=user, repair=True).json
    assert (answer["problems"], answer["repaired"]) == (problems, 1)
    assert check(api, user_id=user).json["problems"] == []
    assert api.balance(user) == 100


def test_all_users_by_pages(api, user):
    checked, cursor = 0, None
    while True:
        body = {} if cursor is None else {"cursor": cursor}
        page = check(api, limit=7, **body).json
        assert page["problems"] == []
        checked, cursor = checked + page["checked"], page["next_cursor"]
        if cursor is None:
            break
    (row,) = api.stack.rows("select count(*) as n from florin.users")
    assert checked == row["n"]


def test_an_unknown_user(api):
    answer = check(api, user_id="nobody-9")
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_a_user_may_not(api, token):
    assert api.post(PATH, token, {}).code == "forbidden"


def test_an_admin_s_repair_is_logged_with_its_reason(api, stack, user):
    stack.rows("update florin.wallets set balance = balance + 1"
                  " where user_id = %s", user)
    answer = api.call("POST", PATH, api.admin, {
        "user_id": user, "repair": True, "reason": "seen in a report"},
        headers=[("User-Agent", "console")])
    assert answer.json["repaired"] == 1
    row = api.get("/api/admin/audit-log", api.admin,
                  user_id=user).json["data"][0]
    assert (row["operation"], row["reason"], row["user_agent"], row["ip"]) == (
        "repair_wallet", "seen in a report", "console", "127.0.0.1")
