"""POST /api/credits/batch: many operations, each its own transaction."""
import json
import threading
import time

import pytest

from support import shapes
from support.api import new_key

OPERATIONS_MAX = 1000
LOCKED_SECONDS_MAX = 11


def consume(user, amount=1, key=None, **more):
    return {"op": "consume", "user_id": user, "amount": amount,
            "reason": "an image", "idempotency_key": key or new_key(),
            **more}


def grant(user, amount=1, key=None, **more):
    return {"op": "grant", "user_id": user, "amount": amount,
            "source": "bonus", "reason": "a gift",
            "idempotency_key": key or new_key(), **more}


def refund(user, transaction_id, key=None, **more):
    return {"op": "refund", "user_id": user, "reason": "failed",
            "transaction_id": transaction_id,
            "idempotency_key": key or new_key(), **more}


def run(api, *operations):
    """The results, each problem held against its schema."""
    answer = api.batch(list(operations))
    assert answer.status == 200, answer
    results = answer.json["results"]
    assert len(results) == len(operations)
    for result in results:
        if "problem" in result:
            problem = result["problem"]
            shapes.check_members(problem)
            assert problem["status"] == result["status"]
    return results


def codes(results):
    return [result["problem"]["code"] if "problem" in result
            else result["status"] for result in results]


def test_each_kind_in_input_order(api):
    one, two = api.new_user(100), api.new_user(10)
    results = run(api, consume(one, 30), grant(two, 5), refund(one, 3),
                  consume(two, 15))
    assert codes(results) == [200, 200, 200, 200]
    rows = [result["transaction"] for result in results]
    assert [(r["user_id"], r["kind"], r["amount"]) for r in rows] == [
        (one, "consume", -30), (two, "grant", 5), (one, "refund", 30),
        (two, "consume", -15)]
    assert [r["actor"] for r in rows] == ["service:backend"] * 4
    assert results[3]["wallet"]["balance"] == 0
    assert (api.balance(one), api.balance(two)) == (100, 0)


def test_an_answer_is_the_single_endpoints(api, user):
    done = run(api, consume(user, 2, reference_type="image",
                            reference_id="7"))[0]
    single = api.consume(api.service, 2, user_id=user,
                         reference_type="image", reference_id="7").json
    assert set(done) == {"status", *single}
    assert set(done["transaction"]) == set(single["transaction"])
    assert set(done["wallet"]) == set(single["wallet"])
    listed = api.get(f"/api/credits/transactions/{done['transaction']['id']}",
                     api.as_user(user))
    assert listed.json == done["transaction"]


def test_one_that_fails_leaves_the_others(api, stack, user):
    frozen, nobody = api.new_user(50), "nobody-30"
    stack.freeze(frozen)
    results = run(api, consume(user, 10), consume(user, 91), consume(frozen),
                  consume(nobody), refund(user, 99), refund(user, 1),
                  refund(user, 3, amount=11), grant(user, 1, source="x"),
                  consume(user, 1, reference_type="hold", reference_id="x"),
                  consume(user, 90))
    assert codes(results) == [
        200, "insufficient_credits", "wallet_frozen", "user_not_found",
        "not_found", "not_refundable", "refund_exceeds_transaction",
        "unknown_source", "invalid_request", 200]
    assert results[1]["problem"]["shortfall"] == 1
    assert api.balance(user) == 0


@pytest.mark.parametrize("place", [0, 1, 20, 39])
def test_one_of_a_users_consumes_fails(api, place):
    """Consumes of one user go to the database together: those beside one
    that is refused are done as if it were not there."""
    user = api.new_user(100)
    operations = [consume(user, 2) for _ in range(40)]
    operations[place] = consume(user, 1, reference_type="hold",
                                reference_id="x")
    results = run(api, *operations)
    expected = [200] * 40
    expected[place] = "invalid_request"
    assert codes(results) == expected
    assert "reference_type" in json.dumps(results[place]["problem"])
    assert api.balance(user) == 100 - 2 * 39
    balances = [result["transaction"]["balance_after"]
                for result in results if "transaction" in result]
    assert balances == list(range(98, 20, -2))
    again = run(api, *operations)
    assert codes(again) == expected
    assert all(result["replayed"] for i, result in enumerate(again)
               if i != place)
    assert api.balance(user) == 100 - 2 * 39


def test_consumes_of_one_user_until_nothing_is_left(api):
    """More than one statement takes, more than there is."""
    user = api.new_user(150)
    results = run(api, *[consume(user, 2) for _ in range(200)])
    assert codes(results) == [200] * 75 + ["insufficient_credits"] * 125
    assert all(result["problem"]["balance"] == 0 for result in results[75:])
    assert api.balance(user) == 0


def test_what_is_asked_of_one_user_keeps_its_order(api):
    """Also where some of it goes to the database together, is refused there
    and is asked again, and others' operations stand between."""
    one, two = api.new_user(100), api.new_user(100)
    results = run(api, consume(one, 60), consume(two, 1), consume(one, 60),
                  consume(two, 99), grant(one, 20), consume(two, 1),
                  consume(one, 30), consume(one, 30), consume(one, 1))
    refused = "insufficient_credits"
    assert codes(results) == [200, 200, refused, 200, 200, refused, 200, 200,
                              refused]
    assert [result["transaction"]["balance_after"] for result in results
            if "transaction" in result] == [40, 99, 0, 60, 30, 0]
    assert (api.balance(one), api.balance(two)) == (0, 0)


def test_what_a_statement_leaves_out_keeps_its_place(api):
    """Several go together, of each something is refused; consumes behind a
    grant of their user go after it."""
    rich, poor, one, two, other = (api.new_user(n) for n in (9, 5, 5, 5, 5))
    operations = [*[consume(rich) for _ in range(7)], consume(poor, 6),
                  consume(poor), consume(poor), grant(one), grant(two),
                  consume(one), consume(two, 7), consume(two, 6),
                  *[grant(other) for _ in range(60)], consume(poor, 4)]
    results = run(api, *operations)
    refused = "insufficient_credits"
    assert codes(results) == [*[200] * 7, refused, 200, 200, 200, 200, 200,
                              refused, *[200] * 61, refused]
    assert [api.balance(user) for user in (rich, poor, one, two, other)] == [
        2, 3, 5, 0, 65]


def test_the_same_key_among_a_users_consumes(api):
    user, key = api.new_user(10), new_key()
    results = run(api, consume(user, 1, key), consume(user, 1),
                  consume(user, 1, key), consume(user, 2, key))
    assert codes(results) == [200, 200, 200, "idempotency_key_reused"]
    assert results[2]["transaction"] == results[0]["transaction"]
    assert results[2]["replayed"] is True
    assert api.balance(user) == 8


WRONG = [
    ({"amount": 0}, "amount", "range"),
    ({"amount": "1"}, "amount", "type"),
    ({"amount": None}, "amount", "required"),
    ({"reason": ""}, "reason", "length"),
    ({"user_id": None}, "user_id", "required"),
    ({"user_id": 7}, "user_id", "type"),
    ({"user_id": ""}, "user_id", "format"),
    ({"idempotency_key": None}, "idempotency_key", "required"),
    ({"idempotency_key": ""}, "idempotency_key", "length"),
    ({"idempotency_key": "a b"}, "idempotency_key", "format"),
    ({"idempotency_key": "x" * 256}, "idempotency_key", "format"),
    ({"idempotency_key": 1}, "idempotency_key", "type"),
    ({"op": None}, "op", "required"),
    ({"op": "adjust"}, "op", "choice"),
    ({"op": "Consume"}, "op", "choice"),
    ({"op": 1}, "op", "type"),
    ({"source": "bonus"}, "source", "unknown"),
    ({"transaction_id": 2}, "transaction_id", "unknown"),
    ({"operations": []}, "operations", "unknown"),
]


@pytest.mark.parametrize("change, field, code", WRONG)
def test_a_wrong_element_only_fails_itself(api, user, change, field, code):
    before, wrong, after = run(
        api, consume(user), {**consume(user), **change}, consume(user))
    assert (before["status"], after["status"]) == (200, 200)
    assert wrong["status"] == 400
    assert wrong["problem"]["code"] == "invalid_request"
    assert [(e["field"], e["code"]) for e in wrong["problem"]["errors"]] == [
        (field, code)]
    assert api.balance(user) == 98


@pytest.mark.parametrize("element", [None, 1, "x", [], True])
def test_an_element_that_is_no_object(api, user, element):
    results = run(api, element, consume(user))
    assert codes(results) == ["invalid_request", 200]


def test_an_empty_element(api):
    (result,) = run(api, {})
    assert result["status"] == 400


def test_only_wrong_elements(api):
    assert codes(run(api, {}, {"op": "x"})) == ["invalid_request"] * 2


ENVELOPES = [
    b"", b"[]", b"null", b"1", b"{}", b'{"operations": null}',
    b'{"operations": {}}', b'{"operations": "x"}', b'{"operations": []}',
    b'{"operations": [{}], "more": 1}', b'{"operations": [{}]',
    b'{"operations": [{}], "user_id": "x"}',
    b'{"operations": [{"op": "consume", "op": "grant"}]}',
]


@pytest.mark.parametrize("body", ENVELOPES)
def test_a_wrong_envelope(api, body):
    answer = api.post("/api/credits/batch", api.service, body)
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_a_wrong_envelope_does_nothing(api, user):
    body = json.dumps({"operations": [consume(user)], "more": 1}).encode()
    assert api.post("/api/credits/batch", api.service, body).status == 400
    assert api.balance(user) == 100


def test_as_many_as_may_be_and_one_more(api):
    user = api.new_user(OPERATIONS_MAX)
    many = [consume(user, reason="r", key=f"m{n}")
            for n in range(OPERATIONS_MAX)]
    results = run(api, *many)
    assert codes(results) == [200] * OPERATIONS_MAX
    assert [r["transaction"]["balance_after"] for r in results] == list(
        reversed(range(OPERATIONS_MAX)))
    answer = api.batch([*many, consume(user)])
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert answer.json["errors"][0]["code"] == "length"


def test_a_body_that_is_too_large(api, user):
    answer = api.batch([consume(user, reason="ä" * 500)] * 200)
    assert (answer.status, answer.code) == (413, "body_too_large")
    assert api.balance(user) == 100


# Keys.

def test_a_key_repeated_inside_a_batch_replays(api, user):
    twice = consume(user, 10)
    first, other, again = run(api, twice, consume(user, 1), twice)
    assert "replayed" not in first and "replayed" not in other
    assert again.pop("replayed") is True
    assert again == first
    assert api.balance(user) == 89


def test_a_key_with_another_request_inside_a_batch(api, user):
    key = new_key()
    results = run(api, consume(user, 10, key), consume(user, 11, key),
                  grant(user, 10, key))
    assert codes(results) == [200, "idempotency_key_reused",
                              "idempotency_key_reused"]


def test_a_batch_again_replays(api, user):
    operations = [consume(user, 10), consume(user, 1000), grant(user, 5)]
    first = run(api, *operations)
    again = run(api, *operations)
    assert again[0].pop("replayed") is again[2].pop("replayed") is True
    assert (again[0], again[2]) == (first[0], first[2])
    assert api.balance(user) == 95


@pytest.mark.parametrize("batch_first", [True, False])
def test_batch_and_single_calls_replay_each_other(api, user, batch_first):
    key = new_key()
    operation = consume(user, 10, key)
    body = {name: value for name, value in operation.items()
            if name not in ("op", "idempotency_key")}
    if batch_first:
        (result,) = run(api, operation)
        single = api.consume(api.service, key=f'"{key}"', **body)
        assert single.header("idempotent-replayed") == "true"
        assert single.json["transaction"] == result["transaction"]
    else:
        single = api.consume(api.service, key=key, **body)
        (result,) = run(api, operation)
        assert result["replayed"] is True
        assert result["transaction"] == single.json["transaction"]
    assert api.balance(user) == 90


def test_an_answer_no_longer_kept(api, stack, user):
    operation = consume(user)
    run(api, operation)
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s", user)
    assert codes(run(api, operation)) == ["already_done"]


def test_problems_speak_the_clients_language(api, user):
    answer = api.post("/api/credits/batch", api.service,
                      {"operations": [consume(user, 101), {}]},
                      headers=[("Accept-Language", "zh-CN")])
    assert [result["problem"]["title"]
            for result in answer.json["results"]] == ["积分不足", "请求无效"]


# Locks.

def test_a_locked_wallet_holds_up_only_its_own(api, stack):
    """Its elements are refused, untouched; the others are done in time; the
    same batch again does the rest and replays what was done."""
    locked, free = api.new_user(500), api.new_user(500)
    operations = [consume(user, 1) for _ in range(100)
                  for user in (locked, free)]
    with stack.connect() as db:
        db.autocommit = False
        db.cursor().execute("select from florin.wallets where user_id = %s"
                            " for update", [locked])
        started = time.monotonic()
        results = run(api, *operations)
        elapsed = time.monotonic() - started
        db.rollback()
    assert codes(results[0::2]) == ["unavailable"] * 100
    assert codes(results[1::2]) == [200] * 100
    assert elapsed < LOCKED_SECONDS_MAX
    again = run(api, *operations)
    assert codes(again) == [200] * 200
    assert all("replayed" not in result for result in again[0::2])
    assert all(result["replayed"] for result in again[1::2])
    assert (api.balance(locked), api.balance(free)) == (400, 400)


def test_batches_at_once_with_the_same_keys(api):
    user = api.new_user(200)
    operations = [consume(user) for _ in range(100)]
    answers = []

    def ask():
        answers.append(api.batch(operations))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(100):
        results = [answer.json["results"][number] for answer in answers]
        assert sum("replayed" not in result for result in results) == 1
        assert len({result["transaction"]["id"] for result in results}) == 1
    assert api.balance(user) == 100
