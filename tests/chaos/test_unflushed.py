"""No answer rests on a commit that a crash could still take away."""
import pytest

from chaos import unflushed


@pytest.fixture(scope="module", autouse=True)
def patience(stack):
    with unflushed.patient_workers(stack):
        yield


def test_the_scene_makes_a_commit_that_a_crash_takes_away(stack, api):
    """Nobody was told of it, so that it may go: but it must, or the tests
    below would prove nothing."""
    told, kept = unflushed.play(stack, api, unflushed.nothing)
    assert (told, kept) == (None, 100)


@pytest.mark.parametrize("question", [
    unflushed.own, unflushed.replay, unflushed.read, unflushed.refusal])
def test_what_was_told_is_still_true_after_the_crash(stack, api, question):
    told, kept = unflushed.play(stack, api, question)
    assert (told, kept) == (40, 40)
