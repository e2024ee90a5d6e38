"""The checker finds each kind of lie in a small history, and only that.

These histories are written by hand; broken programs are in test_bugs.py.
"""
import dataclasses
import json

import pytest

from chaos.checker import check
from chaos.history import Attempt, Call, Hold, Row, is_garbled

USER = "ann"


def done(call, sent, ended, seq, balance, **changed):
    """An answer that tells seq and balance."""
    value = {
        "transaction": {"id": seq, "user_id": call.user, "kind": call.kind,
                        "amount": call.change, "balance_after": balance},
        "wallet": {"user_id": call.user, "version": seq,
                   "balance": balance}}
    value["transaction"].update(changed)
    body = json.dumps(value).encode()
    call.attempts.append(Attempt(sent, ended, 200, body))
    return call


def read(name, sent, ended, version, balance):
    body = json.dumps({"user_id": USER, "version": version,
                       "balance": balance}).encode()
    return Call(name, USER, "read", 0, None,
                [Attempt(sent, ended, 200, body)])


def told(call, sent, ended, status, **members):
    body = json.dumps(members).encode()
    call.attempts.append(Attempt(sent, ended, status, body))
    return call


def silent(call, sent):
    call.attempts.append(Attempt(sent))
    return call


def grant(name, amount=100):
    return Call(name, USER, "grant", amount)


def consume(name, amount=10):
    return Call(name, USER, "consume", amount)


@pytest.fixture(name="good")
def good_history():
    """A grant, a consume, one more in doubt, a refusal and two reads."""
    calls = [
        done(grant("g"), 0, 1, 1, 100),
        read("r1", 1.5, 1.6, 1, 100),
        done(silent(consume("c1"), 2), 3, 4, 2, 90),
        told(consume("c2", 500), 4.2, 4.3, 402, balance=90),
        read("r2", 5, 6, 2, 90),
        silent(consume("c3"), 7),
    ]
    rows = [
        Row(USER, 1, "grant", 100, 100, "g"),
        Row(USER, 2, "consume", -10, 90, "c1"),
    ]
    return calls, rows


def kinds(calls, rows):
    return {violation.kind for violation in check(calls, rows)}


def changed(row, **fields):
    return dataclasses.replace(row, **fields)


def test_a_good_history_passes(good):
    assert check(*good) == []


def test_a_call_in_doubt_may_stand_in_the_ledger(good):
    calls, rows = good
    rows.append(Row(USER, 3, "consume", -10, 80, "c3"))
    assert check(calls, rows) == []


def test_an_expiry_needs_no_call(good):
    calls, rows = good
    rows.append(Row(USER, 3, "expire", -90, 0, "expired"))
    assert check(calls, rows) == []


def test_a_lost_row(good):
    calls, rows = good
    assert "lost" in kinds(calls, rows[:1])


def test_a_doubled_row(good):
    calls, rows = good
    rows.append(changed(rows[1], seq=3, balance_after=80))
    assert kinds(calls, rows) == {"doubled"}


def test_a_row_doubled_by_a_retry_that_was_never_answered(good):
    calls, rows = good
    rows += [Row(USER, 3, "consume", -10, 80, "c3"),
             Row(USER, 4, "consume", -10, 70, "c3")]
    assert kinds(calls, rows) == {"doubled"}


def test_an_altered_amount(good):
    calls, rows = good
    rows[1] = changed(rows[1], amount=-11, balance_after=89)
    assert "altered" in kinds(calls, rows)


def test_an_answer_to_another_question(good):
    calls, rows = good
    calls[0].amount = 101
    assert kinds(calls, rows) == {"altered"}


def test_a_refund_of_another_transaction(good):
    calls, rows = good
    refund = Call("f", USER, "refund", 10, refunds=2)
    calls.append(done(refund, 8, 9, 3, 100))
    rows.append(Row(USER, 3, "refund", 10, 100, "f", ("transaction", "1")))
    assert kinds(calls, rows) == {"altered", "over_refund"}


def test_a_refusal_that_was_done(good):
    calls, rows = good
    rows.append(Row(USER, 3, "consume", -500, -410, "c2"))
    assert "refused_but_done" in kinds(calls, rows)


def test_a_retry_that_was_refused_though_its_first_try_had_worked(good):
    calls, rows = good
    calls[5] = told(calls[5], 9, 10, 402, balance=5)
    rows.append(Row(USER, 3, "consume", -10, 80, "c3"))
    rows.append(Row(USER, 4, "consume", -75, 5, "c4"))
    calls.append(done(consume("c4", 75), 8, 8.5, 4, 5))
    assert kinds(calls, rows) == {"refused_but_done"}


def test_an_unavailable_that_was_done(good):
    calls, rows = good
    calls.append(told(consume("u"), 8, 9, 503, code="unavailable"))
    rows.append(Row(USER, 3, "consume", -10, 80, "u"))
    assert kinds(calls, rows) == {"not_done_but_done"}


def test_an_unavailable_that_stands_before_its_repeat_was_sent(good):
    calls, rows = good
    call = told(consume("u"), 8, 9, 503, code="unavailable")
    calls += [done(call, 12, 13, 3, 80),
              done(consume("v"), 10, 11, 4, 70)]
    rows += [Row(USER, 3, "consume", -10, 80, "u"),
             Row(USER, 4, "consume", -10, 70, "v")]
    assert "not_done_but_done" in kinds(calls, rows)


def test_an_unavailable_whose_repeat_is_done_is_fine(good):
    calls, rows = good
    call = told(consume("u"), 8, 9, 503, code="unavailable")
    calls.append(done(call, 10, 11, 3, 80))
    rows.append(Row(USER, 3, "consume", -10, 80, "u"))
    assert check(calls, rows) == []


def test_a_fault_of_the_server(good):
    calls, rows = good
    calls.append(told(consume("u"), 8, 9, 500, code="internal"))
    assert kinds(calls, rows) == {"fault"}


def test_refunds_beyond_what_was_taken(good):
    calls, rows = good
    for seq, balance in ((3, 96), (4, 102)):
        refund = Call(f"f{seq}", USER, "refund", 6, refunds=2)
        calls.append(done(refund, 6 + seq, 6.5 + seq, seq, balance))
        rows.append(Row(USER, seq, "refund", 6, balance, f"f{seq}",
                        ("transaction", "2")))
    assert kinds(calls, rows) == {"over_refund"}


def test_an_unknown_outcome_that_was_done_is_fine(good):
    calls, rows = good
    calls.append(told(consume("u"), 8, 9, 503, code="outcome_unknown"))
    rows.append(Row(USER, 3, "consume", -10, 80, "u"))
    assert check(calls, rows) == []


def test_a_row_that_nobody_asked_for(good):
    calls, rows = good
    rows.append(Row(USER, 3, "consume", -10, 80, "who?"))
    assert kinds(calls, rows) == {"phantom"}


def test_a_row_in_another_users_ledger(good):
    calls, rows = good
    rows.append(Row("bob", 1, "grant", 100, 100, "g"))
    assert kinds(calls, rows) == {"phantom", "doubled"}


def test_a_gap(good):
    calls, rows = good
    rows[1] = changed(rows[1], seq=3)
    assert "gap" in kinds(calls, rows)


def test_a_broken_chain(good):
    calls, rows = good
    rows.append(Row(USER, 3, "consume", -10, 81, "c3"))
    assert kinds(calls, rows) == {"broken_chain"}


def test_a_negative_balance(good):
    calls, rows = good
    calls.append(silent(consume("c4", 200), 8))
    rows.append(Row(USER, 3, "consume", -200, -110, "c4"))
    assert kinds(calls, rows) == {"negative"}


def test_a_later_call_with_a_smaller_seq(good):
    calls, rows = good
    calls[0].attempts[0].sent, calls[0].attempts[0].ended = 20, 21
    assert "order" in kinds(calls, rows)


def test_a_call_in_doubt_that_stands_before_its_time(good):
    calls, rows = good
    calls[5].attempts[0].sent = 4.5
    calls[2] = done(Call("c1", USER, "consume", 10), 2, 3, 3, 80)
    rows[1] = Row(USER, 2, "consume", -10, 90, "c3")
    rows.append(Row(USER, 3, "consume", -10, 80, "c1"))
    assert "order" in kinds(calls, rows)


def test_a_stale_read(good):
    calls, rows = good
    calls[4] = read("r2", 5, 6, 1, 100)
    assert kinds(calls, rows) == {"stale_read"}


def test_a_read_older_than_another_read(good):
    calls, rows = good
    rows.append(Row(USER, 3, "consume", -10, 80, "c3"))
    calls += [read("r3", 8, 9, 3, 80), read("r4", 10, 11, 2, 90)]
    assert kinds(calls, rows) == {"stale_read"}


def test_a_read_of_a_balance_that_never_was(good):
    calls, rows = good
    calls[4] = read("r2", 5, 6, 2, 91)
    assert kinds(calls, rows) == {"wrong_read"}


def test_a_read_of_a_row_that_is_gone(good):
    calls, rows = good
    calls[4] = read("r2", 5, 6, 3, 80)
    assert kinds(calls, rows) == {"wrong_read"}


def test_a_refusal_with_a_balance_that_never_was(good):
    calls, rows = good
    calls[3].attempts[0].body = b'{"balance": 7}'
    assert kinds(calls, rows) == {"wrong_refusal"}


def test_a_refusal_though_there_was_enough(good):
    calls, rows = good
    calls[3].amount = 90
    assert kinds(calls, rows) == {"wrong_refusal"}


def test_another_users_data(good):
    calls, rows = good
    calls[4].attempts[0].body = calls[4].attempts[0].body.replace(
        b"ann", b"bob")
    assert kinds(calls, rows) == {"foreign"}


def test_an_answer_to_another_kind_of_call(good):
    calls, rows = good
    calls[4].attempts[0].garbled = True
    assert kinds(calls, rows) == {"garbled"}


def test_what_has_the_shape_of_an_answer(good):
    calls, _ = good
    written, seen = calls[0], calls[1]
    assert not is_garbled(written, 200, written.done.body)
    assert not is_garbled(seen, 200, seen.done.body)
    assert is_garbled(written, 200, seen.done.body)
    assert is_garbled(seen, 200, written.done.body)
    assert is_garbled(seen, 200, b"{")


def test_a_grant_refused_for_too_few_credits(good):
    calls, rows = good
    calls.append(told(grant("g2"), 8, 9, 402, balance=90))
    assert kinds(calls, rows) == {"wrong_refusal"}


def test_a_replay_of_other_bytes(good):
    calls, rows = good
    again = dataclasses.replace(calls[0].attempts[0], sent=10, ended=11)
    again.body += b" "
    calls[0].attempts.append(again)
    assert kinds(calls, rows) == {"different_replay"}


def test_a_wallet_older_than_its_transaction(good):
    calls, rows = good
    body = calls[2].attempts[1].body
    calls[2].attempts[1].body = body.replace(b'"version": 2',
                                             b'"version": 1')
    assert kinds(calls, rows) == {"wallet_behind"}


# Holds: captures and releases have rows without a reason, or none.

def hold_state(hold_id, status, captured=0):
    return {"hold": {"id": hold_id, "user_id": USER, "status": status,
                     "captured": captured}}


def ended(call, sent, seq, balance, status, captured=0):
    """An end that was answered; without a change no row came of it."""
    done(call, sent, sent + 1, seq, balance)
    value = call.attempts[0].json | hold_state(call.hold_id, status, captured)
    if call.change == 0:
        value["transaction"] = None
    call.attempts[0].body = json.dumps(value).encode()
    return call


def end(name, verb, returned, hold_id):
    return Call(name, USER, verb, returned, hold_id=hold_id)


@pytest.fixture(name="held")
def history_of_holds():
    """Two holds of 10 out of 100: one captured whole, one in part."""
    calls = [done(grant("g"), 0, 1, 1, 100)]
    rows = [Row(USER, 1, "grant", 100, 100, "g")]
    for seq, name in ((2, "a"), (3, "b")):
        calls.append(done(Call(name, USER, "hold", 10), seq, seq + 0.5, seq,
                          110 - 10 * seq))
        rows.append(Row(USER, seq, "hold", -10, 110 - 10 * seq, name,
                        ("hold", name)))
    calls.append(ended(end("ea", "capture", 0, "a"), 5, 3, 80, "captured",
                       10))
    calls.append(ended(end("eb", "capture", 6, "b"), 7, 4, 86, "captured",
                       4))
    rows.append(Row(USER, 4, "release", 6, 86, None, ("hold", "b")))
    holds = [Hold("a", USER, "captured", 10, 10),
             Hold("b", USER, "captured", 10, 4)]
    return calls, rows, holds


def kinds_of_held(calls, rows, holds):
    return {violation.kind for violation in check(calls, rows, holds)}


def test_good_holds_pass(held):
    assert check(*held) == []


def test_a_second_end_that_is_refused_passes(held):
    calls, rows, holds = held
    calls.append(told(end("x", "release", 10, "b"), 9, 10, 409,
                      **hold_state("b", "captured", 4)))
    assert check(calls, rows, holds) == []


def test_a_hold_that_ends_twice(held):
    calls, rows, holds = held
    calls.append(ended(end("x", "release", 10, "b"), 9, 5, 96, "released"))
    rows.append(Row(USER, 5, "release", 10, 96, None, ("hold", "b")))
    assert {"ended_twice", "over_refund"} <= kinds_of_held(
        calls, rows, holds)


def test_a_whole_capture_that_also_returned(held):
    calls, rows, holds = held
    rows.append(Row(USER, 5, "release", 10, 96, None, ("hold", "a")))
    assert "altered" in kinds_of_held(calls, rows, holds)


def test_a_release_that_is_not_in_the_ledger(held):
    calls, rows, holds = held
    assert "lost" in kinds_of_held(calls, rows[:3], holds)


def test_a_capture_that_the_hold_does_not_know(held):
    calls, rows, holds = held
    holds[0] = Hold("a", USER, "open", 10, 0)
    assert kinds_of_held(calls, rows, holds) == {"altered"}


def test_another_part_than_was_asked(held):
    calls, rows, holds = held
    rows[3] = changed(rows[3], amount=5, balance_after=85)
    assert "altered" in kinds_of_held(calls, rows, holds)


def test_a_hold_that_nobody_ended(held):
    calls, rows, holds = held
    assert kinds_of_held(calls[:4], rows, holds) == {"phantom"}


def test_a_refused_end_that_was_done(held):
    calls, rows, holds = held
    calls[4] = told(end("eb", "capture", 6, "b"), 7, 8, 409,
                    **hold_state("b", "captured", 4))
    assert kinds_of_held(calls, rows, holds) == {"phantom"}


def test_an_end_in_doubt_may_be_done(held):
    calls, rows, holds = held
    calls[4] = silent(end("eb", "capture", 6, "b"), 7)
    assert check(calls, rows, holds) == []


def test_a_release_beyond_the_hold(held):
    calls, rows, holds = held
    calls[4] = silent(end("eb", "capture", 11, "b"), 7)
    rows[3] = changed(rows[3], amount=11, balance_after=91)
    assert kinds_of_held(calls, rows, holds) == {"over_refund"}


def test_a_whole_capture_that_saw_the_past(held):
    calls, rows, holds = held
    value = calls[3].attempts[0].json
    value["wallet"].update(version=2, balance=90)
    calls[3].attempts[0].body = json.dumps(value).encode()
    assert kinds_of_held(calls, rows, holds) == {"order"}
