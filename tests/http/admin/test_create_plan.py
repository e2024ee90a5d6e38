"""POST /api/admin/plans."""
import pytest

from support import catalogue


def test_made_once(api, stack):
    catalogue.check_create(api, stack, "plan")


def test_a_wrong_field_is_named(api, stack):
    catalogue.check_wrong_fields(api, stack, "plan", "add")


@pytest.mark.parametrize("amount", ["1e2", "1.0", "1E0", "100e-2", "0.5"])
def test_a_price_is_an_integer_as_it_is_written(api, amount):
    body = ('{"plan": "test.new", "rank": 7001, "monthly_credits": 40,'
            ' "prices": [{"period": "monthly", "currency": "EUR",'
            f' "amount": {amount}}}], "reason": "why not"}}')
    answer = api.post("/api/admin/plans", api.admin, body.encode())
    assert catalogue.faults(answer) == [("prices", "type")]
