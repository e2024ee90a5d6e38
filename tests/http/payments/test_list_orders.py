"""GET /api/payments/orders: a user's orders, newest first."""
from support.payments import order, paid_order

PATH = "/api/payments/orders"


def listed(api, who, **query):
    return [row["id"] for row in api.get(PATH, who, **query).json["data"]]


def test_newest_first_in_pages(api, user, token):
    made = [order(api, user)["id"] for _ in range(3)][::-1]
    assert listed(api, token) == made
    page = api.get(PATH, token, limit=2).json
    assert page["has_more"] and page["next_cursor"]
    rest = api.get(PATH, token, limit=2, cursor=page["next_cursor"]).json
    assert [row["id"] for row in page["data"] + rest["data"]] == made
    assert not rest["has_more"] and rest["next_cursor"] is None


def test_by_status(api, user, token):
    paid, open_one = paid_order(api, user)["id"], order(api, user)["id"]
    assert listed(api, token, status="paid") == [paid]
    assert listed(api, token, status="pending") == [open_one]
    assert listed(api, token, status="refunded") == []


def test_by_time(api, stack, user, token):
    order(api, user)
    moment = stack.moment("1 day")
    assert listed(api, token, **{"from": moment}) == []
    assert len(listed(api, token, to=moment)) == 1


def test_only_ones_own(api, user):
    order(api, user)
    assert listed(api, api.as_user(api.new_user(0))) == []
    assert len(listed(api, api.service, user_id=user)) == 1


def test_what_is_wrong(api, token):
    for query in ({"cursor": "x"}, {"status": "open"}, {"limit": 0},
                  {"limit": 201}, {"order": "asc"}):
        assert api.get(PATH, token, **query).code == "invalid_request"


def test_an_unknown_user(api):
    answer = api.get(PATH, api.service, user_id="nobody-53")
    assert answer.code == "user_not_found"
