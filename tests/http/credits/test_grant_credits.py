"""POST /api/credits/grant gives credits from a grantable source."""
import pytest

from support.shapes import AMOUNT_MAX


def test_gives_the_amount(api, user):
    answer = api.grant(user, 25, reason="a thank-you")
    assert answer.status == 200
    transaction, wallet = (answer.json[n] for n in ("transaction", "wallet"))
    assert transaction["kind"] == "grant"
    assert transaction["amount"] == 25
    assert transaction["reason"] == "a thank-you"
    assert transaction["actor"] == "service:backend"
    assert wallet["balance"] == 125
    assert [(d["source"], d["amount"]) for d in transaction["draws"]] == [
        ("bonus", 25)]


def test_an_admin_may_grant(api, user):
    answer = api.grant(user, 1, who=api.admin)
    assert answer.json["transaction"]["actor"] == "admin:boss"


def test_total_granted_rises_and_total_spent_does_not(api, user, token):
    before = api.get("/api/credits", token).json
    after = api.grant(user, 25).json["wallet"]
    assert after["total_granted"] == before["total_granted"] + 25
    assert after["total_spent"] == before["total_spent"]


def test_expiry_and_priority_are_kept(api):
    user = api.new_user(0)
    api.grant(user, 5, expires_at="2099-06-01T12:00:00+02:00", priority=7)
    (grant,) = api.get("/api/credits", api.as_user(user)).json["grants"]
    assert grant["priority"] == 7
    assert grant["expires_at"].startswith("2099-06-01T10:00:00")


def test_a_bonus_is_a_grant_of_its_own(api):
    user = api.new_user(0)
    api.grant(user, 5)
    api.grant(user, 5)
    grants = api.get("/api/credits", api.as_user(user)).json["grants"]
    assert [grant["amount"] for grant in grants] == [5, 5]


def test_compensations_merge(api):
    user = api.new_user(0)
    api.grant(user, 5, source="compensation")
    api.grant(user, 6, source="compensation")
    (grant,) = api.get("/api/credits", api.as_user(user)).json["grants"]
    assert (grant["amount"], grant["remaining"]) == (11, 11)


def test_compensations_that_expire_do_not_merge(api):
    user = api.new_user(0)
    for _ in range(2):
        api.grant(user, 5, source="compensation",
                  expires_at="2099-01-01T00:00:00Z")
    grants = api.get("/api/credits", api.as_user(user)).json["grants"]
    assert len(grants) == 2


@pytest.mark.parametrize("source", [
    "membership", "registration", "checkin", "purchase", "adjust", "refund",
    "import", "code", "first_recharge_bonus", "no-such-source"])
def test_other_sources_are_refused(api, user, source):
    answer = api.grant(user, 1, source=source)
    assert (answer.status, answer.code) == (422, "unknown_source")


def test_the_balance_has_a_limit(api, user):
    answer = api.grant(user, AMOUNT_MAX)
    assert (answer.status, answer.code) == (422, "balance_limit")
    assert api.balance(user) == 100


def test_a_merged_grant_keeps_to_the_limit(api, user):
    api.grant(user, 5, source="compensation")
    answer = api.grant(user, AMOUNT_MAX, source="compensation")
    assert (answer.status, answer.code) == (422, "balance_limit")


def test_total_granted_has_a_limit(api, user, token):
    api.grant(user, AMOUNT_MAX - 1000)
    api.consume(token, AMOUNT_MAX - 1000)
    answer = api.grant(user, AMOUNT_MAX - 1000)
    assert (answer.status, answer.code) == (422, "balance_limit")


def test_a_merged_grant_that_was_spent_keeps_to_the_limit(api, user, token):
    api.grant(user, AMOUNT_MAX - 1000, source="compensation")
    api.consume(token, AMOUNT_MAX - 1000)
    answer = api.grant(user, 5000, source="compensation")
    assert (answer.status, answer.code) == (422, "balance_limit")


def test_an_expiry_in_the_past(api, user):
    answer = api.grant(user, 1, expires_at="2020-01-01T00:00:00Z")
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "expires_at"


def test_an_unknown_user(api):
    answer = api.grant("nobody-3", 1)
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_a_frozen_wallet_takes_what_comes_in(api, stack, user):
    stack.freeze(user)
    assert api.grant(user, 1).status == 200


FIELDS = [
    ("amount", 0, "range"), ("amount", "5", "type"),
    ("amount", None, "required"), ("source", None, "required"),
    ("source", 5, "type"), ("source", "No Source", "format"),
    ("reason", None, "required"), ("user_id", None, "required"),
    ("priority", -1, "range"), ("priority", 101, "range"),
    ("priority", "7", "type"),
    ("expires_at", 0, "type"), ("expires_at", "tomorrow", "format"),
    ("expires_at", "2099-01-01", "format"),
    ("expires_at", "2099-01-01T00:00:00", "format"),
    ("expires_at", "2099-02-30T00:00:00Z", "format"),
    ("expires_at", "2099-01-01T24:00:01Z", "format"),
    ("expires_at", "2099-01-01T00:60:00Z", "format"),
    ("expires_at", "2099-01-01 00:00:00Z;", "format"),
    ("expires_at", "infinity", "format"),
    ("expires_at", "2099-01-01T00:00:00+99:00", "format"),
    ("level", 1, "unknown"),
]


@pytest.mark.parametrize("field, value, code", FIELDS)
def test_a_wrong_field_is_named(api, user, field, value, code):
    body = {"user_id": user, "amount": 1, "source": "bonus", "reason": "r",
            field: value}
    answer = api.write("credits/grant", api.service, **body)
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]
