"""GET /api/admin/orders: every user's orders."""
from support.payments import order, paid_order

PATH = "/api/admin/orders"


def listed(api, **query):
    return [row["id"] for row in api.get(PATH, api.admin, **query).json["data"]]


def test_all_users_newest_first(api, user):
    other = api.new_user(0)
    made = [order(api, user)["id"], order(api, other)["id"]]
    page = api.get(PATH, api.admin, limit=1).json
    assert [row["id"] for row in page["data"]] == made[1:]
    assert page["as_of"] >= page["data"][0]["created_at"]
    more = api.get(PATH, api.admin, limit=1, cursor=page["next_cursor"]).json
    assert [row["id"] for row in more["data"]] == made[:1]


def test_filters(api, stack, user):
    paid, open_one = paid_order(api, user)["id"], order(api, user)["id"]
    assert listed(api, user_id=user) == [open_one, paid]
    assert listed(api, user_id=user, status="paid") == [paid]
    assert listed(api, user_id=user, provider="stripe") == [open_one, paid]
    assert listed(api, user_id=user, provider="alipay") == []
    assert listed(api, user_id=user, to="2020-01-01T00:00:00Z") == []
    stack.dev("clock", "1 hour")
    assert listed(api, user_id=user, status="pending") == []
    assert listed(api, user_id=user, status="expired") == [open_one]


def test_a_cursor_of_another_list(api):
    answer = api.get(PATH, api.admin, cursor="12")
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "cursor"
