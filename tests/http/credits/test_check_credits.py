"""GET /api/credits/check: would a consume of this amount be served?"""
import pytest


def check(api, token, amount):
    return api.get("/api/credits/check", token, amount=amount)


def test_enough(api, token):
    assert check(api, token, 100).json == {
        "allowed": True, "balance": 100, "required": 100, "shortfall": 0}


def test_too_little(api, token):
    assert check(api, token, 130).json == {
        "allowed": False, "balance": 100, "required": 130, "shortfall": 30}


def test_takes_nothing(api, user, token):
    check(api, token, 100)
    assert api.balance(user) == 100


def test_a_frozen_wallet_allows_nothing(api, stack, user, token):
    stack.freeze(user)
    told = check(api, token, 1).json
    assert (told["allowed"], told["shortfall"]) == (False, 0)


def test_an_unknown_user(api):
    answer = check(api, api.as_user("nobody-6"), 1)
    assert (answer.status, answer.code) == (404, "user_not_found")


@pytest.mark.parametrize("amount", [
    "", "0", "-1", "1.0", "1e2", "+1", " 1", "1 ", "01", "0x1", "ten",
    "9007199254740992", "99999999999999999999", "१"])
def test_an_amount_that_is_none(api, token, amount):
    answer = check(api, token, amount)
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "amount"


def test_the_amount_is_required(api, token):
    answer = api.get("/api/credits/check", token)
    assert answer.json["errors"][0] == {
        "field": "amount", "code": "required",
        "detail": answer.json["errors"][0]["detail"]}


def test_the_largest_amount(api, token):
    assert check(api, token, 2**53 - 1).json["required"] == 2**53 - 1
