"""POST /api/payments/orders/{order_id}/cancel."""
import pytest

from support.payments import complete, order, paid_order


def cancel(api, who, made, **body):
    return api.post(f"/api/payments/orders/{made['id']}/cancel", who, body)


@pytest.fixture(name="made")
def pending_order(api, user):
    return order(api, user)


def test_again_is_the_same(api, token, made):
    first = cancel(api, token, made)
    assert first.status == 200
    assert first.json == {**made, "status": "cancelled"}
    assert cancel(api, token, made).json == first.json


def test_the_site_may(api, user, made):
    for who in (api.service, api.admin):
        answer = cancel(api, who, made, user_id=user)
        assert answer.json["status"] == "cancelled"


def test_a_paid_order_is_closed(api, user, token):
    made = paid_order(api, user)
    answer = cancel(api, token, made)
    assert (answer.status, answer.code) == (409, "order_closed")
    assert answer.json["order"] == made


def test_an_order_whose_time_is_over_is_closed(api, stack, token, made):
    stack.dev("clock", "30 minutes")
    answer = cancel(api, token, made)
    assert answer.code == "order_closed"
    assert answer.json["order"]["status"] == "expired"


def test_money_for_it_is_still_real(api, user, token, made):
    cancel(api, token, made)
    answer = complete(api, made)
    assert answer.status == 200
    assert answer.json["order"]["late"] is True
    assert api.balance(user) == 200


def test_another_users(api, made):
    other = api.new_user(0)
    assert cancel(api, api.as_user(other), made).code == "not_found"


def test_an_unknown_user(api, made):
    answer = cancel(api, api.service, made, user_id="nobody-54")
    assert answer.code == "user_not_found"
