"""GET /api/credits/packages: what credits cost; anyone may ask."""
import pytest

from support.payments import add_package

PATH = "/api/credits/packages"


@pytest.fixture(name="package")
def a_package(stack):
    return add_package(stack, "listed", credits=77, amount=7)


def test_anyone_sees_what_is_for_sale(api, stack, package):
    add_package(stack, "hidden")
    stack.rows("update florin.credit_packages set available = false"
               " where package_id = 'hidden'")
    data = {row["package_id"]: row for row in api.get(PATH).json["data"]}
    assert data[package] == {
        "package_id": "listed", "title": "a package", "credits": 77,
        "bonus_credits": 0, "member_bonus_credits": 0, "amount": 7,
        "currency": "CNY", "expires_after_days": None, "min_plan": None,
        "available": True}
    assert "hidden" not in data


def test_pages(api, package):
    whole = api.get(PATH).json["data"]
    assert package in [row["package_id"] for row in whole]
    paged, cursor = [], None
    while True:
        page = api.get(PATH, limit=2, cursor=cursor).json
        paged += page["data"]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert paged == whole


def test_a_wrong_cursor(api):
    assert api.get(PATH, cursor="x").code == "invalid_request"


def test_nothing_unknown(api):
    assert api.get(PATH, user_id="me").code == "invalid_request"


def test_a_402_suggests_one(api, stack, user, token):
    add_package(stack, "cheap", credits=100_000, amount=1)
    answer = api.consume(token, 100_001)
    assert answer.status == 402
    assert {"kind": "top_up", "package_id": "cheap"} in answer.json[
        "suggestions"]
    stack.rows("delete from florin.credit_packages where package_id = 'cheap'")
    assert api.consume(token, 101).json["suggestions"]
