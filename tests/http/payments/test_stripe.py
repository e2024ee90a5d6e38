"""POST /api/payments/webhooks/stripe: notices as Stripe sends them."""
import json
import time

import pytest

from support.payments import (
    WEBHOOKS, alerts, complete, new_id, order, seen, send_stripe, session_of,
    stripe_event, stripe_signature, tell_stripe)
from support.stack import BEHIND_APACHE, wait_until

COMPLETED = "checkout.session.completed"


@pytest.fixture(name="made")
def pending_order(api, user):
    return order(api, user)


@pytest.fixture(name="session")
def session_of_order(made):
    return session_of(made)


def outcome(answer):
    assert answer.status == 200, answer
    return answer.json["outcome"]


def test_a_paid_session_completes_the_order(api, stack, user, made, session):
    answer = tell_stripe(api, COMPLETED, session)
    assert outcome(answer) == "completed"
    told = seen(api, made)
    assert (told["status"], told["late"]) == ("paid", False)
    assert told["provider_reference"] == session["payment_intent"]
    assert api.balance(user) == 200
    row = api.get("/api/credits/transactions", api.as_user(user)).json[
        "data"][0]
    assert row["actor"] == "payment:stripe"
    assert alerts(stack, user) == {}


def test_it_is_kept_raw(api, stack, session):
    body = stripe_event(COMPLETED, session, "evt_raw")
    send_stripe(api, body)
    row, = stack.rows("select * from florin.payment_notices"
                      " where event_id = 'evt_raw'")
    assert bytes(row["raw"]) == body
    assert (row["outcome"], row["event_type"]) == ("completed", COMPLETED)


def test_the_same_notice_again(api, user, session):
    body = stripe_event(COMPLETED, session)
    assert outcome(send_stripe(api, body)) == "completed"
    assert outcome(send_stripe(api, body)) == "repeated"
    later = stripe_signature(api.stack.stripe_secret, body,
                             int(time.time()) - 60)
    assert outcome(send_stripe(api, body, signature=later)) == "repeated"
    assert api.balance(user) == 200


def test_two_notices_of_one_payment(api, user, session):
    tell_stripe(api, COMPLETED, {**session, "payment_status": "unpaid"})
    assert api.balance(user) == 100
    kind = "checkout.session.async_payment_succeeded"
    assert outcome(tell_stripe(api, kind, session)) == "completed"
    assert outcome(tell_stripe(api, COMPLETED, session)) == "repeated"
    assert api.balance(user) == 200


def test_what_the_back_end_completed_already(api, user, made, session):
    complete(api, made, session["payment_intent"])
    assert outcome(tell_stripe(api, COMPLETED, session)) == "repeated"
    assert api.balance(user) == 200


@pytest.mark.parametrize("change", [
    {"amount_total": 989}, {"amount_total": 99000}, {"currency": "usd"}])
def test_another_amount_or_currency(api, stack, user, session, change):
    answer = tell_stripe(api, COMPLETED, {**session, **change})
    assert (answer.status, answer.code) == (422, "payment_mismatch")
    assert alerts(stack, user) == {"payment_mismatch": 1}
    assert api.balance(user) == 100


def test_an_order_of_another_provider(api, stack, user):
    made = order(api, user, provider="alipay")
    answer = tell_stripe(api, COMPLETED, session_of(made))
    assert (answer.status, answer.code) == (422, "payment_mismatch")
    assert alerts(stack, user) == {"payment_mismatch": 1}
    assert api.balance(user) == 100


def test_an_unknown_order(api, stack, made):
    before = alerts(stack, "").get("unmatched_payment", 0)
    answer = tell_stripe(api, COMPLETED, session_of({**made, "id": "none"}))
    assert (answer.status, answer.code) == (404, "not_found")
    assert alerts(stack, "")["unmatched_payment"] == before + 1


def test_a_second_payment(api, stack, user, made, session):
    tell_stripe(api, COMPLETED, session)
    answer = tell_stripe(api, COMPLETED, session_of(made))
    assert outcome(answer) == "order_closed"
    assert alerts(stack, user) == {"unmatched_payment": 1}
    assert api.balance(user) == 200


@pytest.mark.parametrize("kind, change", [
    (COMPLETED, {"metadata": {}}), (COMPLETED, {"metadata": None}),
    (COMPLETED, {"payment_status": "unpaid"}),
    (COMPLETED, {"payment_status": "no_payment_required"}),
    ("checkout.session.expired", {}), ("payment_intent.succeeded", {}),
    ("a.type.of.the.future", {})])
def test_what_is_no_payment_of_ours_is_kept(api, user, session, kind, change):
    answer = tell_stripe(api, kind, {**session, **change})
    assert outcome(answer) == "ignored"
    assert api.balance(user) == 100


# Signatures.

def spoilt(text):
    """One letter of a text changed."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def test_one_byte_of_the_body(api, user, session):
    body = stripe_event(COMPLETED, session)
    signature = stripe_signature(api.stack.stripe_secret, body)
    for place in (0, len(body) // 2, len(body) - 1):
        other = bytearray(body)
        other[place] ^= 1
        answer = send_stripe(api, bytes(other), signature=signature)
        assert (answer.status, answer.code) == (400, "invalid_request")
    assert api.balance(user) == 100


@pytest.mark.parametrize("age", [301, 3600, -301, 10**9])
def test_another_time(api, user, session, age):
    body = stripe_event(COMPLETED, session)
    signature = stripe_signature(api.stack.stripe_secret, body,
                                 int(time.time()) - age)
    answer = send_stripe(api, body, signature=signature)
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert api.balance(user) == 100


@pytest.mark.parametrize("age", [290, -290])
def test_within_the_tolerance(api, user, session, age):
    body = stripe_event(COMPLETED, session)
    signature = stripe_signature(api.stack.stripe_secret, body,
                                 int(time.time()) - age)
    assert outcome(send_stripe(api, body, signature=signature)) == "completed"


def test_the_test_clock_is_not_stripes(api, stack, session):
    stack.dev("clock", "1 day")
    assert outcome(tell_stripe(api, COMPLETED, session)) == "completed"


@pytest.mark.parametrize("secret", [
    b"", b"whsec_", b"other", b"whsec_other"])
def test_another_secret(api, user, session, secret):
    body = stripe_event(COMPLETED, session)
    answer = send_stripe(api, body, signature=stripe_signature(secret, body))
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_the_prefix_is_part_of_the_secret(api, session):
    body = stripe_event(COMPLETED, session)
    bare = api.stack.stripe_secret.removeprefix(b"whsec_")
    answer = send_stripe(api, body, signature=stripe_signature(bare, body))
    assert answer.code == "invalid_request"


def test_any_of_several_v1(api, session):
    body = stripe_event(COMPLETED, session)
    good = stripe_signature(api.stack.stripe_secret, body)
    at, v1 = good.split(",")
    signature = f"{at},v1={'0' * 64},v0={v1[3:]},{v1},v1={'f' * 64}"
    assert outcome(send_stripe(api, body, signature=signature)) == "completed"


@pytest.mark.parametrize("form", [
    "", "x", "{at}", "{v1}", "{v1},", "{at},{at},{v1}", "{at};{v1}",
    "{at},v0={mac}", "{at},v1={mac}0", "{at},v1={upper}", "{at}x,{v1}",
    "t=,{v1}", "t=-5,{v1}", "{at},v1=", ",{at},{v1}", "{at}, {v1}",
    "t =5,{v1}", "=,{at},{v1}", "{at},v2={mac}"])
def test_another_form(api, user, session, form):
    body = stripe_event(COMPLETED, session)
    at, v1 = stripe_signature(api.stack.stripe_secret, body).split(",")
    header = form.format(at=at, v1=v1, mac=v1[3:], upper=v1[3:].upper())
    if form == "{at},v1={upper}" and v1[3:].isdigit():
        pytest.skip("no letters in it")
    answer = api.call("POST", WEBHOOKS + "stripe", None, body,
                      headers=[("Stripe-Signature", header)])
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert api.balance(user) == 100


def test_no_signature(api, session):
    answer = api.call("POST", WEBHOOKS + "stripe", None,
                      stripe_event(COMPLETED, session))
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_two_signature_headers(api, session):
    body = stripe_event(COMPLETED, session)
    good = ("Stripe-Signature",
            stripe_signature(api.stack.stripe_secret, body))
    answer = api.call("POST", WEBHOOKS + "stripe", None, body,
                      headers=[good, good])
    if BEHIND_APACHE:  # it makes one header of them, and that is a good one
        assert answer.status == 200
    else:
        assert (answer.status, answer.code) == (400, "invalid_request")


@pytest.mark.parametrize("body", [
    b"", b"{}", b"[]", b"null", b"{", b"\xff", b'{"id": 5, "type": "x"}',
    b'{"id": "evt", "type": ""}', b'{"id": "evt", "id": "evt2"}',
    b'{"id": "evt"}', b"[" * 100, b'{"id":"e\\u0000","type":"x"}',
    json.dumps({"id": "e" * 300, "type": "x"}).encode()])
def test_signed_and_yet_no_event(api, body):
    answer = send_stripe(api, body)
    assert (answer.status, answer.code) == (400, "invalid_request")


@pytest.mark.parametrize("change", [
    {"amount_total": None}, {"amount_total": "990"}, {"amount_total": -990},
    {"amount_total": 990.5}, {"currency": None}, {"currency": 5},
    {"id": None, "payment_intent": None}])
def test_a_payment_that_does_not_say_what(api, user, session, change):
    answer = tell_stripe(api, COMPLETED, {**session, **change})
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert api.balance(user) == 100


def test_the_body_is_read_as_it_came(api, made):
    """No JSON of ours: spaces, escapes, members in any order, no type."""
    body = (b' {"type":"checkout.session.completed" ,"data":{"object":{"id":'
            b'"cs_1\\u002f\\u00e9","payment_status":"paid","currency":"cny"\n,'
            b'"metadata":{"florin_order_id":"%s"},"amount_total":%d,'
            b'"payment_intent":{"id":"pi_x\\ud83d\\ude00"}}},"id":"evt_odd"}\t'
            % (made["id"].encode(), made["amount"]))
    answer = api.call("POST", WEBHOOKS + "stripe", None, body, headers=[
        ("Content-Type", "text/x-anything"),
        ("Stripe-Signature",
         stripe_signature(api.stack.stripe_secret, body))])
    assert outcome(answer) == "completed"
    assert seen(api, made)["provider_reference"] == "pi_x\U0001f600"


def test_a_body_has_a_limit(api):
    answer = send_stripe(api, b" " * (256 * 1024 + 1))
    assert (answer.status, answer.code) == (413, "body_too_large")


# Money that goes back.

@pytest.fixture(name="paid")
def paid_session(api, session):
    tell_stripe(api, COMPLETED, session)
    return session


def charge_of(session, refunded):
    return {"id": new_id("ch"), "object": "charge", "currency": "cny",
            "amount": 990, "amount_refunded": refunded, "invoice": None,
            "payment_intent": session["payment_intent"], "metadata": {}}


def test_a_refund(api, user, made, paid):
    charge = charge_of(paid, 495)
    answer = tell_stripe(api, "charge.refunded", charge)
    assert outcome(answer) == "applied"
    told = seen(api, made)
    assert (told["status"], told["refunded_amount"]) == (
        "partially_refunded", 495)
    assert api.balance(user) == 150
    tell_stripe(api, "charge.refunded", charge)
    assert api.balance(user) == 150
    tell_stripe(api, "charge.refunded", {**charge, "amount_refunded": 990})
    assert seen(api, made)["status"] == "refunded"
    assert api.balance(user) == 100


def test_a_refund_that_names_only_the_order(api, user, made, paid):
    charge = {**charge_of(paid, 990), "payment_intent": None,
              "metadata": {"florin_order_id": made["id"]}}
    assert outcome(tell_stripe(api, "charge.refunded", charge)) == "applied"
    assert api.balance(user) == 100


def test_a_refund_that_is_told_before_the_payment(api, user, made, session):
    charge = charge_of(session, 990)
    assert outcome(tell_stripe(api, "charge.refunded", charge)) == "waiting"
    assert outcome(tell_stripe(api, COMPLETED, session)) == "completed"
    assert seen(api, made)["status"] == "refunded"
    assert api.balance(user) == 100


def test_a_refund_of_something_else(api, user, paid):
    charge = {**charge_of(paid, 990), "payment_intent": new_id("pi")}
    assert outcome(tell_stripe(api, "charge.refunded", charge)) == "waiting"
    assert api.balance(user) == 200


def dispute_of(session, **more):
    return {"id": new_id("dp"), "object": "dispute", "amount": 990,
            "currency": "cny", "status": "needs_response", "metadata": {},
            "charge": new_id("ch"),
            "payment_intent": session["payment_intent"], **more}


@pytest.mark.parametrize("kind, status, balance", [
    ("charge.dispute.closed", "won", 200),
    ("charge.dispute.closed", "warning_closed", 200),
    ("charge.dispute.funds_reinstated", "needs_response", 200),
    ("charge.dispute.closed", "lost", 100)])
def test_a_dispute(api, user, made, paid, kind, status, balance):
    dispute = dispute_of(paid)
    tell_stripe(api, "charge.dispute.created", dispute)
    assert seen(api, made)["status"] == "refunded"
    assert api.balance(user) == 100
    tell_stripe(api, kind, {**dispute, "status": status})
    assert api.balance(user) == balance
    tell_stripe(api, "charge.dispute.created", dispute)
    assert api.balance(user) == balance


# Subscriptions.

def invoice_of(made, subscription, **more):
    return {"id": new_id("in"), "object": "invoice", "currency": "cny",
            "amount_paid": made["amount"], "subscription": subscription,
            "subscription_details": {
                "metadata": {"florin_order_id": made["id"]}}, **more}


def without_subscription(invoice):
    return {**invoice, "subscription": None, "subscription_details": None}


def test_the_first_invoice_is_the_orders_payment(api, user, made):
    subscription = new_id("sub")
    invoice = invoice_of(made, subscription)
    session = session_of(made, mode="subscription", payment_intent=None,
                         invoice=invoice["id"], subscription=subscription)
    assert outcome(tell_stripe(api, COMPLETED, session)) == "completed"
    assert outcome(tell_stripe(api, "invoice.paid", invoice)) == "repeated"
    assert api.balance(user) == 200


def test_an_invoice_in_todays_layout_that_comes_first(api, user, made):
    subscription = new_id("sub")
    invoice = {"id": new_id("in"), "amount_paid": 990, "currency": "cny",
               "parent": {"type": "subscription_details",
                          "subscription_details": {
                              "subscription": subscription, "metadata": {
                                  "florin_order_id": made["id"]}}}}
    session = session_of(made, mode="subscription", payment_intent=None,
                         invoice=invoice["id"], subscription=subscription)
    assert outcome(tell_stripe(api, "invoice.paid", invoice)) == "completed"
    assert outcome(tell_stripe(api, COMPLETED, session)) == "repeated"
    assert api.balance(user) == 200


def test_a_subscription_of_a_plan(api, user, token):
    made = order(api, user, None, plan="lite", period="monthly")
    subscription, first = new_id("sub"), new_id("in")
    session = session_of(made, mode="subscription", payment_intent=None,
                         invoice=first, subscription=subscription)
    assert outcome(tell_stripe(api, COMPLETED, session)) == "completed"
    assert api.get("/api/membership", token).json["plan"] == "lite"
    invoice = invoice_of(made, subscription)
    for told in ("completed", "repeated"):
        assert outcome(tell_stripe(api, "invoice.paid", invoice)) == told
    member = api.get("/api/membership", token).json
    assert [p["plan"] for p in member["upcoming"]] == ["lite"]
    wallet = api.get("/api/credits", token).json
    assert wallet["total_recharged"] == {"CNY": 3800}
    assert wallet["first_recharged_at"] is None
    charge = {"id": new_id("ch"), "invoice": invoice["id"], "currency": "cny",
              "amount_refunded": made["amount"], "payment_intent": None}
    assert outcome(tell_stripe(api, "charge.refunded", charge)) == "applied"
    member = api.get("/api/membership", token).json
    assert (member["plan"], member["upcoming"]) == ("lite", [])


def test_an_invoice_that_is_not_ours(api):
    good = invoice_of({"id": "x", "amount": 1}, new_id("sub"))
    for invoice in ({**good, "subscription_details": {"metadata": {}}},
                    without_subscription(good), {**good, "amount_paid": 0}):
        assert outcome(tell_stripe(api, "invoice.paid", invoice)) == "ignored"


def test_nobody_needs_a_token(api, session):
    body = stripe_event(COMPLETED, session)
    answer = api.call("POST", WEBHOOKS + "stripe", "not a token", body,
                      headers=[("Stripe-Signature", stripe_signature(
                          api.stack.stripe_secret, body))])
    assert outcome(answer) == "completed"


@pytest.fixture(name="use_secret")
def replaceable_secret(api, stack):
    """use_secret(text): florind gets another secret, until the test ends."""
    good = stack.dir / "stripe.secret"
    other = stack.dir / "other.secret"
    ping = stripe_event("ping", {})

    def reload(old, new, status):
        stack.configure(f'secret_file = "{old}"', f'secret_file = "{new}"')
        wait_until(lambda: all(send_stripe(api, ping).status == status
                               for _ in range(10)), 20,
                   f"all workers use {new}")

    def use(text):
        other.write_bytes(text)
        other.chmod(0o644)
        reload(good, other, 403)

    yield use
    reload(other, good, 200)


@pytest.mark.parametrize("text", [b"", b"\n"])
def test_an_empty_secret_refuses_everything(api, user, session, use_secret,
                                            text):
    use_secret(text)
    body = stripe_event(COMPLETED, session)
    for secret in (b"", b"\n", api.stack.stripe_secret):
        answer = send_stripe(api, body,
                             signature=stripe_signature(secret, body))
        assert (answer.status, answer.code) == (403, "forbidden")
    assert api.balance(user) == 100
