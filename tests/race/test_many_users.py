"""Registrations, refunds, grants and expiry while others do the same."""
import threading
import time
import uuid

import pytest

from support.api import new_key
from support.storm import (consume_request, post_request, statuses, storm)
from support.stack import wait_until

CLIENTS = 64
WAIT_SECONDS_MAX = 5


@pytest.mark.parametrize("with_key", [True, False])
def test_parallel_registrations_make_one_user(api, with_key):
    """One is 201; the same key replays it, without a key it is 200."""
    user = f"race-{uuid.uuid4().hex[:12]}"
    key = new_key() if with_key else None
    answers = storm(api, [
        post_request(api, "/api/users", api.as_user(user), key)
        for _ in range(CLIENTS)])
    first = [a for a in answers if a.status == 201
             and a.header("idempotent-replayed") is None]
    assert len(first) == 1
    assert statuses(answers) == (
        {201: CLIENTS} if with_key else {201: 1, 200: CLIENTS - 1})
    wallet = api.get("/api/credits", api.as_user(user)).json
    assert (wallet["balance"], wallet["version"]) == (50, 1)


def test_refunds_never_exceed_what_was_taken(api):
    user = api.new_user(100)
    taken = api.consume(api.as_user(user), 60).json["transaction"]["id"]
    answers = storm(api, [
        post_request(api, "/api/credits/refund", api.service, new_key(),
                     user_id=user, transaction_id=taken, amount=7,
                     reason="r")
        for _ in range(CLIENTS)])
    assert statuses(answers) == {200: 8, 422: CLIENTS - 8}
    assert api.balance(user) == 40 + 8 * 7


def test_refunds_of_the_rest_return_it_once(api):
    user = api.new_user(100)
    taken = api.consume(api.as_user(user), 60).json["transaction"]["id"]
    answers = storm(api, [
        post_request(api, "/api/credits/refund", api.service, new_key(),
                     user_id=user, transaction_id=taken, reason="r")
        for _ in range(CLIENTS)])
    assert statuses(answers) == {200: 1, 422: CLIENTS - 1}
    assert api.balance(user) == 100


@pytest.mark.parametrize("source", ["bonus", "compensation"])
def test_grants_in_parallel_all_arrive(api, source):
    user = api.new_user(0)
    answers = storm(api, [
        post_request(api, "/api/credits/grant", api.service, new_key(),
                     user_id=user, amount=3, source=source, reason="r")
        for _ in range(CLIENTS)])
    assert statuses(answers) == {200: CLIENTS}
    assert api.balance(user) == 3 * CLIENTS


def test_adjustments_up_and_down_never_pass_zero(api):
    user = api.new_user(10)
    answers = storm(api, [
        post_request(api, "/api/admin/credits/adjust", api.admin, new_key(),
                     user_id=user, amount=-3, reason="r")
        for _ in range(CLIENTS)])
    assert statuses(answers) == {200: 3, 402: CLIENTS - 3}
    assert api.balance(user) == 1


def test_users_do_not_wait_for_each_other(api, stack):
    """A locked wallet holds up nobody but itself: others are served while
    its own request waits."""
    users = [api.new_user(10) for _ in range(20)]
    with stack.connect() as db:
        db.autocommit = False
        db.cursor().execute("select from florin.wallets where user_id = %s"
                            " for update", [users[0]])
        started = time.monotonic()
        answers = storm(api, [
            consume_request(api, api.as_user(user), new_key(), amount=1,
                            reason="r") for user in users])
        elapsed = time.monotonic() - started
        db.rollback()
    assert statuses(answers[1:]) == {200: len(users) - 1}
    assert (answers[0].status, answers[0].code) == (503, "unavailable")
    assert answers[0].header("retry-after")
    assert elapsed < WAIT_SECONDS_MAX


def test_a_wait_that_ends_in_time_is_served(api, stack):
    user = api.new_user(10)
    with stack.connect() as db:
        db.autocommit = False
        db.cursor().execute("select from florin.wallets where user_id = %s"
                            " for update", [user])
        timer = threading.Timer(0.2, db.rollback)
        timer.start()
        answer = api.consume(api.as_user(user), 1)
        timer.join()
    assert answer.status == 200


def test_credits_that_expire_during_spending_are_not_spent(api, stack):
    """A grant ends while a storm spends it: what was spent and what expired
    are the whole, and nothing is spent after the expiry."""
    user = api.new_user(0)
    token = api.as_user(user)
    api.grant(user, 10_000, expires_at=stack.moment("1 hour"))
    answers = []

    def spend():
        for _ in range(6):
            answers.extend(storm(api, [
                consume_request(api, token, new_key(), amount=1, reason="r")
                for _ in range(50)]))

    spender = threading.Thread(target=spend)
    spender.start()
    wait_until(lambda: len(answers) >= 50, 30, "no answers")
    stack.dev("clock", "2 hours")
    spender.join()
    served = statuses(answers).get(200, 0)
    assert statuses(answers) == {200: served, 402: len(answers) - served}
    assert 50 <= served < len(answers)
    assert api.balance(user) == 0
    rows = stack.rows(
        "select kind, sum(amount)::integer as amount, max(seq) as last"
        " from florin.credit_transactions where user_id = %s group by kind",
        user)
    total = {row["kind"]: row for row in rows}
    assert total["consume"]["amount"] == -served
    assert total["expire"]["amount"] == served - 10_000
    assert total["expire"]["last"] > total["consume"]["last"]


def test_operations_of_all_kinds_on_two_wallets_do_not_deadlock(api, stack):
    users = [api.new_user(1000) for _ in range(2)]
    requests = []
    for number in range(60):
        user = users[number % 2]
        requests += [
            consume_request(api, api.as_user(user), new_key(), amount=2,
                            reason="r"),
            post_request(api, "/api/credits/grant", api.service, new_key(),
                         user_id=user, amount=1, source="compensation",
                         reason="r"),
            post_request(api, "/api/admin/credits/adjust", api.admin,
                         new_key(), user_id=user, amount=1, reason="r")]
    assert statuses(storm(api, requests)) == {200: len(requests)}
    assert [api.balance(user) for user in users] == [1000, 1000]
