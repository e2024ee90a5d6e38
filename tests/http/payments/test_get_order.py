"""GET /api/payments/orders/{order_id}: one order."""
from support.payments import order, seen


def test_it_is_what_was_made(api, user):
    made = order(api, user)
    assert seen(api, made) == made


def test_the_site_names_the_user(api, user):
    made = order(api, user)
    path = f"/api/payments/orders/{made['id']}"
    for who in (api.service, api.admin):
        assert api.get(path, who, user_id=user).json == made


def test_after_its_time_it_is_expired(api, stack, user):
    made = order(api, user)
    stack.dev("clock", "30 minutes")
    assert seen(api, made)["status"] == "expired"


def test_another_users_is_not_there(api, user):
    made = order(api, user)
    path = f"/api/payments/orders/{made['id']}"
    other = api.new_user(0)
    assert api.get(path, api.as_user(other)).code == "not_found"
    assert api.get(path, api.service, user_id=other).code == "not_found"


def test_an_unknown_order(api, token):
    for name in ("0" * 26, "x", "%F0%9F%92%B0"):
        answer = api.get(f"/api/payments/orders/{name}", token)
        assert (answer.status, answer.code) == (404, "not_found")


def test_an_unknown_user(api, user):
    made = order(api, user)
    answer = api.get(f"/api/payments/orders/{made['id']}", api.service,
                     user_id="nobody-52")
    assert answer.code == "user_not_found"
