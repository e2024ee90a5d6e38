"""POST /api/codes/redeem."""
import pytest

from support.api import new_key
from support.catalogue import faults

PATH = "/api/codes/redeem"


def code(api, **fields):
    fields = {"count": 1, "reason": "a campaign", **fields}
    if "plan" not in fields:
        fields.setdefault("credits", 20)
    return api.post("/api/admin/codes", api.admin, fields).json["codes"][0]


def redeem(api, who, text, key=None, **more):
    return api.post(PATH, who, {"code": text, **more}, key or new_key())


def test_credits(api, user, token):
    text = code(api)
    answer = redeem(api, token, text)
    transaction = answer.json["transaction"]
    assert (transaction["kind"], transaction["amount"]) == ("code", 20)
    assert transaction["reference"]["type"] == "code"
    assert transaction["draws"][0]["source"] == "code"
    assert answer.json["wallet"]["balance"] == 120
    assert text not in answer.body.decode()


def test_a_plan(api, token):
    answer = redeem(api, token, code(api, plan="pro", period="monthly"))
    assert answer.json["membership"]["plan"] == "pro"
    assert answer.json["wallet"]["balance"] == 350
    assert "transaction" not in answer.json


def test_once(api, token):
    text, key = code(api), new_key()
    first = redeem(api, token, text, key)
    again = redeem(api, token, text, key)
    assert (again.status, again.body) == (200, first.body)
    assert again.header("idempotent-replayed") == "true"
    for who in (token, api.as_user(api.new_user())):
        answer = redeem(api, who, text)
        assert (answer.status, answer.code) == (409, "code_used")


def test_unknown_and_expired(api, stack, token):
    answer = redeem(api, token, "ABCD-EFGH-JKMN-PQRS")
    assert (answer.status, answer.code) == (422, "unknown_code")
    text = code(api, expires_at=stack.moment("1 hour"))
    stack.dev("clock", "2 hours")
    answer = redeem(api, token, text)
    assert (answer.status, answer.code) == (422, "unknown_code")


def test_the_balance_has_a_limit(api, token):
    answer = redeem(api, token, code(api, credits=2**53 - 1))
    assert (answer.status, answer.code) == (422, "balance_limit")


def test_an_unknown_user(api):
    answer = redeem(api, api.service, code(api), user_id="nobody-5")
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_a_refused_code_is_not_logged(api, stack, user):
    redeem(api, api.admin, "SECR-ETSE-CRET", user_id=user)
    row = stack.rows(
        "select after::text, outcome from florin.admin_operation_logs"
        " where user_id = %s order by created_at", user)[-1]
    assert row["outcome"] == "unknown_code"
    assert "SECR" not in row["after"]


@pytest.mark.parametrize("value, fault", [
    (None, "required"), ("", "length"), ("x" * 65, "length"), (5, "type")])
def test_a_wrong_code_is_named(api, token, value, fault):
    assert faults(redeem(api, token, value)) == [("code", fault)]
