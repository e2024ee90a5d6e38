"""POST /api/credits/consume takes credits in burn order."""
import pytest

from support.api import new_key
from support.payments import add_package
from support.shapes import AMOUNT_MAX


def test_takes_the_amount(api, user, token):
    before = api.get("/api/credits", token).json
    answer = api.consume(token, 30, reason="one image")
    assert answer.status == 200
    transaction, wallet = (answer.json[n] for n in ("transaction", "wallet"))
    assert transaction["kind"] == "consume"
    assert transaction["amount"] == -30
    assert transaction["balance_after"] == wallet["balance"] == 70
    assert transaction["id"] == wallet["version"] == before["version"] + 1
    assert transaction["reason"] == "one image"
    assert transaction["reference"] is None
    assert transaction["actor"] == "user"
    assert transaction["user_id"] == wallet["user_id"] == user
    assert wallet["total_spent"] == 30
    assert wallet["total_granted"] == before["total_granted"]
    assert wallet["revision"] > before["revision"]


def test_is_the_service_for_a_named_user(api, user):
    answer = api.consume(api.service, 5, user_id=user)
    assert answer.status == 200
    assert answer.json["transaction"]["actor"] == "service:backend"
    assert answer.json["wallet"]["user_id"] == user


def test_is_an_admin_for_a_named_user(api, user):
    answer = api.consume(api.admin, 5, user_id=user)
    assert answer.json["transaction"]["actor"] == "admin:boss"


def test_the_whole_balance_can_be_taken(api, token):
    assert api.consume(token, 100).json["wallet"]["balance"] == 0


def test_the_reference_is_kept(api, token):
    answer = api.consume(token, 1, reference_type="image.v2",
                         reference_id="image 7")
    assert answer.json["transaction"]["reference"] == {
        "type": "image.v2", "id": "image 7"}


def test_what_expires_first_goes_first_then_what_never_does(api):
    user = api.new_user(0)
    api.grant(user, 10, priority=20)
    api.grant(user, 10, priority=20, expires_at="2099-01-01T00:00:00Z")
    api.grant(user, 10, priority=20, expires_at="2098-01-01T00:00:00Z")
    api.grant(user, 10, priority=5)
    api.grant(user, 10, priority=20)
    order = [g["id"] for g in
             api.get("/api/credits", api.as_user(user)).json["grants"]]
    draws = api.consume(api.as_user(user), 45).json["transaction"]["draws"]
    assert [d["grant_id"] for d in draws] == order
    assert [d["amount"] for d in draws] == [10, 10, 10, 10, 5]
    first = min(order)
    assert order == [first + 3, first + 2, first + 1, first, first + 4]


def test_402_tells_what_is_missing_and_takes_nothing(api, token):
    answer = api.consume(token, 101)
    assert answer.status == 402
    told = answer.json
    assert told["code"] == "insufficient_credits"
    assert (told["balance"], told["required"], told["shortfall"]) == (
        100, 101, 1)
    assert isinstance(told["suggestions"], list)
    assert api.get("/api/credits", token).json["balance"] == 100


def test_402_suggests_what_would_help(api, stack):
    """A member what members may have and the plan above its own."""
    add_package(stack, "all-may", credits=30_000, amount=2)
    add_package(stack, "members-may", credits=30_000, amount=1,
                min_plan="pro")

    def suggested(user):
        missing = api.balance(user) + 30_000
        told = api.consume(api.as_user(user), missing).json["suggestions"]
        return [s.get("package_id") or s["plan"] for s in told]

    nobody, member = api.new_user(), api.new_user()
    try:
        assert suggested(nobody) == ["all-may", "lite"]
        api.make_member(member, "lite")
        assert suggested(member) == ["all-may", "pro"]
        api.make_member(member, "pro")
        assert suggested(member) == ["members-may", "premium"]
        api.make_member(member, "premium")
        assert suggested(member) == ["members-may"]
        api.end_member(member)
        assert suggested(member) == ["all-may", "lite"]
    finally:
        stack.rows("delete from florin.credit_packages"
                   " where package_id in ('all-may', 'members-may')")


def test_402_of_the_largest_amount(api, token):
    told = api.consume(token, AMOUNT_MAX).json
    assert told["shortfall"] == AMOUNT_MAX - 100


def test_a_refusal_is_not_remembered(api, user, token):
    key = new_key()
    assert api.consume(token, 150, key).status == 402
    api.grant(user, 50)
    answer = api.consume(token, 150, key)
    assert answer.status == 200
    assert answer.header("idempotent-replayed") is None


def test_a_frozen_wallet_refuses(api, stack, user, token):
    stack.freeze(user)
    answer = api.consume(token, 1)
    assert (answer.status, answer.code) == (403, "wallet_frozen")
    assert api.consume(api.service, 1, user_id=user).status == 403


def test_an_admin_may_take_from_a_frozen_wallet(api, stack, user):
    stack.freeze(user)
    assert api.consume(api.admin, 1, user_id=user).status == 200


def test_an_unknown_user(api):
    answer = api.consume(api.as_user("nobody-1"), 1)
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_total_spent_has_a_limit(api, stack, user, token):
    """Cannot be reached while the books are right; it holds all the same."""
    with stack.falsified(user, "total_spent", AMOUNT_MAX - 5):
        answer = api.consume(token, 6)
    assert (answer.status, answer.code) == (422, "balance_limit")
    assert api.balance(user) == 100


OWN_TYPES = "order task hold checkin membership transaction code".split()


@pytest.mark.parametrize("own", OWN_TYPES)
def test_the_systems_own_references_are_refused(api, token, own):
    answer = api.consume(token, 1, reference_type=own, reference_id="1")
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "reference_type"


@pytest.mark.parametrize("alone, missing", [
    ({"reference_type": "image"}, "reference_id"),
    ({"reference_id": "7"}, "reference_type"),
])
def test_reference_type_and_id_go_together(api, token, alone, missing):
    answer = api.consume(token, 1, **alone)
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == missing


FIELDS = [
    ("amount", 0, "range"), ("amount", -1, "range"),
    ("amount", AMOUNT_MAX + 1, "range"), ("amount", "1", "type"),
    ("amount", True, "type"), ("amount", [1], "type"),
    ("amount", None, "required"),
    ("reason", "", "length"), ("reason", "x" * 501, "length"),
    ("reason", "€" * 501, "length"), ("reason", 1, "type"),
    ("reason", None, "required"), ("reason", {}, "type"),
    ("reference_type", "Image", "format"),
    ("reference_type", "a b", "format"),
    ("reference_type", "x" * 65, "length"),
    ("reference_id", "x" * 129, "length"), ("reference_id", "", "length"),
    ("reference_id", 7, "type"), ("reference_id", "a\u0085b", "format"),
    ("reference_id", "a\nb", "format"),
    ("colour", "red", "unknown"),
]


@pytest.mark.parametrize("field, value, code", FIELDS)
def test_a_wrong_field_is_named(api, token, field, value, code):
    body = {"amount": 1, "reason": "r", "reference_type": "image",
            "reference_id": "7"}
    body[field] = value
    answer = api.write("credits/consume", token, **body)
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [
        (field, code)]


def test_each_wrong_field_is_named(api, token):
    answer = api.write("credits/consume", token, amount="x", colour=1)
    found = {e["field"] for e in answer.json["errors"]}
    assert found == {"amount", "colour", "reason"}


def test_an_optional_member_that_is_null_is_absent(api, token):
    answer = api.consume(token, 1, reference_type=None, reference_id=None)
    assert answer.json["transaction"]["reference"] is None


REASONS = ["x", "x" * 500, "€" * 500, "😀" * 500, "a\nb\tc\u0085\u202e",
           ' "quoted" \\ ', "'; drop table x; --", "%s $1 {0}", "\x01\x7f"]


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_kept_verbatim(api, token, reason):
    written = api.consume(token, 1, reason=reason).json["transaction"]
    assert written["reason"] == reason
    read = api.get(f"/api/credits/transactions/{written['id']}", token)
    assert read.json == written


def test_settles_what_is_due_before_it_takes(api, stack):
    user = api.new_user(0)
    moment = stack.moment("1 hour")
    api.grant(user, 40, expires_at=moment)
    stack.dev("clock", "2 hours")
    answer = api.consume(api.as_user(user), 10)
    assert answer.status == 402
    assert answer.json["balance"] == 0
