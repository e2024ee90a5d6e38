"""GET /api/credits/transactions/{transaction_id}: one row of the ledger."""
import pytest

PATH = "/api/credits/transactions"


def test_is_what_was_answered_when_it_was_written(api, user, token):
    written = api.consume(token, 3).json["transaction"]
    answer = api.get(f"{PATH}/{written['id']}", token)
    assert answer.status == 200
    assert answer.json == written
    site = api.get(f"{PATH}/{written['id']}", api.admin, user_id=user)
    assert site.json == written


def test_numbers_are_each_users_own(api, user, token):
    other = api.new_user()
    assert api.get(f"{PATH}/1", token).json["user_id"] == user
    assert api.get(f"{PATH}/1", api.as_user(other)).json["user_id"] == other


@pytest.mark.parametrize("number", ["999", "9007199254740991"])
def test_a_number_that_is_not_there(api, token, number):
    answer = api.get(f"{PATH}/{number}", token)
    assert (answer.status, answer.code) == (404, "not_found")


def test_an_unknown_user(api):
    answer = api.get(f"{PATH}/1", api.as_user("nobody-8"))
    assert (answer.status, answer.code) == (404, "user_not_found")


@pytest.mark.parametrize("number", [
    "0", "-1", "x", "1.0", "1e2", "01", "%31x", "9007199254740992",
    "99999999999999999999999", "1%20", "%00"])
def test_what_is_no_number(api, token, number):
    answer = api.get(f"{PATH}/{number}", token)
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_an_encoded_digit_is_a_digit(api, token):
    assert api.get(f"{PATH}/%31", token).json["id"] == 1
