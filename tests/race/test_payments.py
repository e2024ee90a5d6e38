"""Many notices of one payment, many payments of one user: as if one by one."""
from support.api import new_key
from support.payments import (
    WEBHOOKS, add_package, alerts, new_id, order, seen, session_of,
    stripe_event, stripe_signature)
from support.storm import post_request, statuses, storm

TIMES = 50
COMPLETED = "checkout.session.completed"


def notice(api, event_type, obj, event_id=None):
    body = stripe_event(event_type, obj, event_id)
    return api.client.encode("POST", WEBHOOKS + "stripe", [
        ("Stripe-Signature",
         stripe_signature(api.stack.stripe_secret, body)),
        ("Connection", "close")], body)


def outcomes(answers):
    """{outcome: how many} of notices that were taken."""
    assert statuses(answers) == {200: len(answers)}
    counts = {}
    for answer in answers:
        told = answer.json["outcome"]
        counts[told] = counts.get(told, 0) + 1
    return counts


def kinds(stack, user):
    return [row["kind"] for row in stack.rows(
        "select kind from florin.credit_transactions where user_id = %s"
        " and kind <> 'registration' order by seq", user)]


def set_first_bonus(stack, credits):
    stack.rows("update florin.settings set value = to_jsonb(%s::integer)"
               " where name = 'first_recharge_bonus'", credits)


def test_the_same_notice_credits_once(api, stack):
    user = api.new_user()
    made = order(api, user)
    request = notice(api, COMPLETED, session_of(made), new_id("evt"))
    told = outcomes(storm(api, [request] * TIMES))
    assert told == {"completed": 1, "repeated": TIMES - 1}
    assert kinds(stack, user) == ["recharge"]
    assert alerts(stack, user) == {}


def test_different_notices_of_one_payment_credit_once(api, stack):
    user = api.new_user()
    made = order(api, user)
    session = session_of(made)
    kind = "checkout.session.async_payment_succeeded"
    told = outcomes(storm(api, [
        notice(api, (COMPLETED, kind)[n % 2], session)
        for n in range(TIMES)]))
    assert told == {"completed": 1, "repeated": TIMES - 1}
    assert kinds(stack, user) == ["recharge"]


def test_of_many_payments_one_completes_the_order(api, stack):
    user = api.new_user()
    made = order(api, user)
    told = outcomes(storm(api, [
        notice(api, COMPLETED, session_of(made)) for _ in range(TIMES)]))
    assert told == {"completed": 1, "order_closed": TIMES - 1}
    assert kinds(stack, user) == ["recharge"]
    assert alerts(stack, user) == {"unmatched_payment": TIMES - 1}


def test_notices_and_the_back_end_at_once(api, stack):
    user = api.new_user()
    made = order(api, user)
    session = session_of(made)
    body = dict(user_id=user, amount=made["amount"], currency="CNY",
                provider_reference=session["payment_intent"])
    path = f"/api/payments/orders/{made['id']}/complete"
    answers = storm(api, [
        notice(api, COMPLETED, session) if n % 2 else
        post_request(api, path, api.service, new_key(), **body)
        for n in range(TIMES)])
    assert statuses(answers) == {200: TIMES}
    assert kinds(stack, user) == ["recharge"]


def test_one_reference_for_orders_of_many_users(api, stack):
    """Whose it is is decided by an index, not by a wallet's lock."""
    reference = new_id("pi")
    users = [api.new_user() for _ in range(20)]
    told = outcomes(storm(api, [
        notice(api, COMPLETED, session_of(
            order(api, user), id=reference + "x", payment_intent=reference))
        for user in users]))
    assert told == {"completed": 1, "order_closed": 19}
    assert sum(len(kinds(stack, user)) for user in users) == 1


def test_first_recharges_at_once_give_one_bonus(api, stack):
    add_package(stack, "racing", credits=10, amount=100)
    set_first_bonus(stack, 30)
    user = api.new_user()
    made = [order(api, user, "racing") for _ in range(10)]
    set_first_bonus(stack, 0)
    told = outcomes(storm(api, [
        notice(api, COMPLETED, session_of(one)) for one in made]))
    assert told == {"completed": 10}
    assert sorted(kinds(stack, user)) == [
        "first_recharge_bonus"] + ["recharge"] * 10
    assert api.balance(user) == 50 + 10 * 10 + 30


def test_refund_told_many_times_and_by_its_payment(api, stack):
    """The payment, its refund and its dispute in any order: all gone."""
    user = api.new_user(0)
    made = order(api, user)
    session = session_of(made)
    back = {"currency": "cny", "payment_intent": session["payment_intent"]}
    refund = {**back, "id": new_id("ch"), "amount_refunded": made["amount"]}
    dispute = {**back, "id": new_id("dp"), "amount": made["amount"]}
    storm(api, [
        notice(api, *(("charge.refunded", refund), (COMPLETED, session),
                      ("charge.dispute.created", dispute))[n % 3])
        for n in range(TIMES)])
    assert seen(api, made)["status"] == "refunded"
    assert api.balance(user) == 0
    assert sum(kind == "clawback" for kind in kinds(stack, user)) == 1


def test_refunds_of_the_back_end_at_once(api):
    user = api.new_user(0)
    made = order(api, user)
    storm(api, [notice(api, COMPLETED, session_of(made))])
    path = f"/api/payments/orders/{made['id']}/refund"
    answers = storm(api, [
        post_request(api, path, api.service, new_key(), user_id=user,
                     amount=99, reason="race") for _ in range(20)])
    assert statuses(answers) == {200: 10, 422: 10}
    assert api.balance(user) == 0


def test_spending_while_it_is_refunded(api):
    """Whoever wins, nobody has money and credits."""
    user = api.new_user(0)
    made = order(api, user)
    storm(api, [notice(api, COMPLETED, session_of(made))])
    token = api.as_user(user)
    refund = post_request(
        api, f"/api/payments/orders/{made['id']}/refund", api.service,
        new_key(), user_id=user, reason="race")
    spend = [post_request(api, "/api/credits/consume", token, new_key(),
                          amount=7, reason="race") for _ in range(14)]
    answers = storm(api, spend[:7] + [refund] + spend[7:])
    spent = 7 * (statuses(answers).get(200, 0) - 1)
    told = answers[7].json
    assert told["shortfall"] == seen(api, made)["shortfall"]
    assert api.balance(user) == 0
    taken = -told["transaction"]["amount"] if told["transaction"] else 0
    assert taken + told["shortfall"] == 100
    assert spent == told["shortfall"]
