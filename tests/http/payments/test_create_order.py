"""POST /api/payments/orders: an order of a package."""
import pytest

from support.api import new_key
from support.payments import add_package, order


def create(api, who, key=None, **body):
    return api.write("payments/orders", who, key, **{
        "package_id": "starter", "provider": "stripe", **body})


def test_an_order_waits_for_its_payment(api, user, token):
    answer = create(api, token)
    assert answer.status == 201
    made = answer.json["order"]
    assert made["user_id"] == user
    assert made["status"] == "pending"
    assert made["item"] == {"package_id": "starter"}
    assert (made["amount"], made["currency"], made["credits"]) == (
        990, "CNY", 100)
    assert made["provider_reference"] is None
    assert api.balance(user) == 100


def test_price_and_bonus_are_copied_in(api, stack, user):
    add_package(stack, "changing", credits=10, amount=100)
    made = order(api, user, "changing")
    add_package(stack, "changing", credits=11, amount=101)
    seen = api.get(f"/api/payments/orders/{made['id']}",
                   api.as_user(user)).json
    assert (seen["credits"], seen["amount"]) == (10, 100)


def test_the_site_orders_for_a_user(api, user):
    for who in (api.service, api.admin):
        answer = create(api, who, user_id=user)
        assert answer.json["order"]["user_id"] == user


def test_an_admins_order_is_logged(api, stack, user):
    create(api, api.admin, user_id=user)
    assert stack.value("select count(*) from florin.admin_operation_logs"
                       " where user_id = %s and operation = 'create_order'",
                       user) == 1


def test_any_provider_may_be_named(api, token):
    answer = create(api, token, provider="paypal.eu-1")
    assert answer.json["order"]["provider"] == "paypal.eu-1"


def test_the_currency_is_the_packages(api, token):
    assert create(api, token, currency="CNY").status == 201
    answer = create(api, token, currency="USD")
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        ("currency", "choice")]


def test_an_unknown_package(api, token):
    assert create(api, token, package_id="none").code == "unknown_package"


def test_a_package_that_is_not_for_sale(api, stack, token):
    add_package(stack, "gone")
    stack.rows("update florin.credit_packages set available = false"
               " where package_id = 'gone'")
    assert create(api, token, package_id="gone").code == "unknown_package"


def test_a_package_for_members(api, stack, token):
    add_package(stack, "members")
    stack.rows("update florin.credit_packages set min_plan = 'pro'"
               " where package_id = 'members'")
    answer = create(api, token, package_id="members")
    assert (answer.status, answer.code) == (403, "members_only")
    assert "pro" in answer.json["plans"]


def test_a_plan(api, token):
    answer = create(api, token, package_id=None, plan="pro", period="yearly")
    made = answer.json["order"]
    assert made["item"] == {"plan": "pro", "period": "yearly"}
    assert (made["amount"], made["currency"], made["credits"]) == (
        39900, "CNY", 0)


def test_a_plan_in_another_currency(api, token):
    answer = create(api, token, package_id=None, plan="pro", period="yearly",
                    currency="XTS")
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        ("currency", "choice")]


def test_an_unknown_plan(api, token):
    answer = create(api, token, package_id=None, plan="none",
                    period="monthly")
    assert (answer.status, answer.code) == (422, "unknown_plan")


def test_an_unknown_user(api):
    answer = create(api, api.service, user_id="nobody-51")
    assert answer.code == "user_not_found"


def test_a_frozen_wallet_may_order(api, stack, user, token):
    stack.freeze(user)
    assert create(api, token).status == 201


def test_the_same_key_is_one_order(api, token):
    key = new_key()
    first, again = create(api, token, key), create(api, token, key)
    assert first.body == again.body
    assert len(api.get("/api/payments/orders", token).json["data"]) == 1


FIELDS = [
    ({"package_id": None}, "package_id", "required"),
    ({"plan": "pro", "period": "monthly"}, "plan", "choice"),
    ({"period": "monthly"}, "period", "choice"),
    ({"package_id": None, "plan": "pro"}, "period", "required"),
    ({"package_id": None, "plan": "pro", "period": "weekly"}, "period",
     "choice"),
    ({"package_id": 5}, "package_id", "type"),
    ({"package_id": "A B"}, "package_id", "format"),
    ({"provider": None}, "provider", "required"),
    ({"provider": "Stripe!"}, "provider", "format"),
    ({"currency": "cny"}, "currency", "format"),
    ({"currency": "CN"}, "currency", "length"),
    ({"amount": 990}, "amount", "unknown"),
]


@pytest.mark.parametrize("body, field, code", FIELDS)
def test_a_wrong_field_is_named(api, token, body, field, code):
    answer = create(api, token, **body)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]
