"""Everything is killed under load, and nothing that was answered is lost or
done twice."""
import collections

import pytest

from chaos.load import Load
from support import invariants, nemesis

ANSWER_SECONDS_MAX = 15
SHOWN_MAX = 10


@pytest.fixture(scope="module", name="load")
def load_after_the_strike(stack, api):
    with Load(api) as load:
        nemesis.strike(stack)
    return load


def test_nothing_is_lost_or_doubled(load):
    violations = load.violations()
    assert not violations, violations[:SHOWN_MAX]


def test_the_invariants_hold(stack, load):
    assert load.answered()
    invariants.assert_kept(stack)


def test_each_outcome_became_known(load):
    unknown = [call.name for call in load.calls
               if call.attempts[-1].is_unknown]
    assert not unknown


def test_refusals_are_those_of_the_business(load):
    """Too few credits, a hold that is over, refunded before: no 400, 401, 404,
    500 came of it."""
    statuses = collections.Counter(
        attempt.status for call in load.calls for attempt in call.attempts)
    assert set(statuses) <= {200, 201, 402, 409, 422, 502, 503, 504,
                             None}, statuses


def test_each_answer_came_in_time(load):
    slowest = max(attempt.ended - attempt.sent
                  for call in load.calls for attempt in call.attempts)
    assert slowest < ANSWER_SECONDS_MAX


def test_the_strike_was_felt(load):
    """A history without doubt and repeats would prove nothing."""
    attempts = [a for call in load.calls for a in call.attempts]
    assert load.answered() > 2000
    assert {"hold", "capture", "release"} <= {
        call.operation for call in load.calls if call.done}
    assert sum(attempt.is_unknown for attempt in attempts) > 20
    assert sum(attempt.replayed for attempt in attempts) > 20


def test_a_call_in_doubt_was_found_done_by_its_key(load):
    found = [call for call in load.calls if call.attempts[0].is_unknown
             and call.done and call.done.replayed]
    assert found
