"""Holds at once: none is sold twice, each ends once; batches among them."""
import contextlib
import threading
import time

import pytest

from support.api import new_key
from support.storm import post_request, statuses, storm
from support.stack import wait_until

CLIENTS = 48
TERMINATIONS = 5
HOLDS = "/api/credits/holds"


def hold_request(api, user, amount, **more):
    return post_request(api, HOLDS, api.as_user(user), new_key(),
                        amount=amount, reason="work", **more)


def end_request(api, user, hold, verb, **more):
    return post_request(api, f"{HOLDS}/{hold}/{verb}", api.service,
                        new_key(), user_id=user, **more)


def made_hold(api, user, amount=10, **more):
    answer = api.hold(api.service, amount, user_id=user, **more)
    return answer.json["hold"]["id"]


def ends(stack, user):
    """{status: how many} and how many release rows there are."""
    holds = stack.rows(
        "select status, count(*)::integer as count from florin.holds"
        " where user_id = %s group by status", user)
    releases = stack.value(
        "select count(*)::integer from florin.credit_transactions"
        " where user_id = %s and kind = 'release'", user)
    return {row["status"]: row["count"] for row in holds}, releases


def test_holds_and_consumes_never_take_more_than_there_is(api, stack):
    user = api.new_user(100)
    answers = storm(api, [
        hold_request(api, user, 3) if number % 2 else
        post_request(api, "/api/credits/consume", api.as_user(user),
                     new_key(), amount=3, reason="r")
        for number in range(200)])
    served = statuses(answers)
    assert served[201] + served[200] == 33
    assert served[402] == 200 - 33
    wallet = api.get("/api/credits", api.as_user(user)).json
    assert wallet["balance"] == 1
    assert wallet["held"] == 3 * served[201]
    assert ends(stack, user)[0] == {"open": served[201]}


def test_a_hold_ends_once_by_capture_or_release(api, stack):
    user = api.new_user(100)
    hold = made_hold(api, user)
    answers = storm(api, [
        end_request(api, user, hold, *(("capture",) if n % 2 else
                                       ("release",)))
        for n in range(CLIENTS)])
    assert statuses(answers) == {200: 1, 409: CLIENTS - 1}
    (first,) = [a.json["hold"] for a in answers if a.status == 200]
    assert all(a.json["hold"] == first for a in answers if a.status == 409)
    assert ends(stack, user) == (
        {first["status"]: 1}, 1 if first["status"] == "released" else 0)


def test_captures_of_different_parts(api, stack):
    user = api.new_user(100)
    hold = made_hold(api, user, 50)
    answers = storm(api, [
        end_request(api, user, hold, "capture", amount=n + 1)
        for n in range(CLIENTS)])
    assert statuses(answers) == {200: 1, 409: CLIENTS - 1}
    (kept,) = [a.json["hold"]["captured"] for a in answers
               if a.status == 200]
    wallet = api.get("/api/credits", api.as_user(user)).json
    assert (wallet["balance"], wallet["held"], wallet["total_spent"]) == (
        100 - kept, 0, kept)
    assert ends(stack, user) == ({"captured": 1}, 1)


def test_many_with_one_key_capture_once(api, stack):
    user, key = api.new_user(100), new_key()
    hold = made_hold(api, user, 50)
    answers = storm(api, [
        post_request(api, f"{HOLDS}/{hold}/capture", api.service, key,
                     user_id=user, amount=20) for _ in range(CLIENTS)])
    assert statuses(answers) == {200: CLIENTS}
    assert len({a.body for a in answers}) == 1
    assert ends(stack, user) == ({"captured": 1}, 1)


def test_capture_release_and_expiry_at_once(api, stack):
    """The clock passes the expiry while others end the holds and read: each
    ends once, however it ends, and what is told is how it ended."""
    user = api.new_user(100)
    holds = [made_hold(api, user, 2, ttl_seconds=3600) for _ in range(40)]
    requests = [end_request(api, user, hold, verb)
                for hold in holds for verb in ("capture", "release")]
    answers = []
    clock = threading.Thread(target=stack.dev, args=("clock", "1 hour"))
    clock.start()
    for start in range(0, len(requests), 8):
        answers += storm(api, requests[start:start + 8])
        time.sleep(0.02)
    clock.join()
    for hold, pair in zip(holds, zip(answers[0::2], answers[1::2])):
        told = [answer.json["hold"] for answer in pair]
        kept = api.get(f"{HOLDS}/{hold}", api.as_user(user)).json
        assert sum(answer.status == 200 for answer in pair) == (
            0 if kept["status"] == "expired" else 1)
        assert told == [kept, kept]
    ended, releases = ends(stack, user)
    assert "open" not in ended and sum(ended.values()) == len(holds)
    assert releases == len(holds) - ended.get("captured", 0)
    wallet = api.get("/api/credits", api.as_user(user)).json
    assert wallet["held"] == 0
    assert wallet["balance"] == 100 - 2 * ended.get("captured", 0)


def test_an_expiry_seen_by_many_is_written_once(api, stack):
    user = api.new_user(100)
    made_hold(api, user, 60, ttl_seconds=3600)
    stack.dev("clock", "2 hours")
    answers = storm(api, [hold_request(api, user, 1) for _ in range(CLIENTS)])
    assert statuses(answers) == {201: CLIENTS}
    assert ends(stack, user)[1] == 1


def test_refunds_of_a_captured_hold_never_exceed_it(api):
    user = api.new_user(100)
    hold = api.hold(api.service, 60, user_id=user).json["hold"]
    api.capture(user, hold["id"], amount=40)
    answers = storm(api, [
        post_request(api, "/api/credits/refund", api.service, new_key(),
                     user_id=user, amount=7, reason="r",
                     transaction_id=hold["transaction_id"])
        for _ in range(CLIENTS)])
    assert statuses(answers) == {200: 5, 422: CLIENTS - 5}
    assert api.balance(user) == 60 + 35


@contextlib.contextmanager
def lost_connections(stack):
    """The batch pool's connections end, some times."""

    def terminate():
        for _ in range(TERMINATIONS):
            time.sleep(0.1)
            stack.rows("select pg_terminate_backend(pid) from"
                       " pg_stat_activity where usename = 'florin_admin'")

    thread = threading.Thread(target=terminate)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@pytest.mark.parametrize("round_", range(3))
def test_batches_whose_connection_is_lost_are_done_once(api, stack, round_):
    """What is in doubt is repeated with its own key: nothing is lost, nothing
    is done twice; what could not be done in time says so."""
    user = api.new_user(2000)
    operations = [{"op": "consume", "user_id": user, "amount": 1,
                   "reason": "r", "idempotency_key": f"{round_}-{n}"}
                  for n in range(1000)]
    with lost_connections(stack):
        answer = api.batch(operations)
    assert answer.status == 200, answer
    done = [result["transaction"]["id"] for result in answer.json["results"]
            if result["status"] == 200]
    assert len(set(done)) == len(done)
    assert {result["status"] for result in answer.json["results"]} <= {
        200, 503}
    wait_until(lambda: api.batch(operations[:1]).status == 200, 20,
               "the database is back")
    answer = api.batch(operations)
    assert all(result["status"] == 200 for result in answer.json["results"])
    assert len({result["transaction"]["id"]
                for result in answer.json["results"]}) == 1000
    assert api.balance(user) == 1000
