"""The checker is checked: programs that are really broken, each in one way,
are run with a short load, and each must be found out."""
import contextlib
import time

import pytest

from chaos import unflushed
from chaos.broken import Workshop, all_bugs
from chaos.load import Load
from support import nemesis
from support.api import Api
from support.client import wait_ready

BUGS = all_bugs()
CAMPAIGNS = {
    "calm": [],
    "doubt": [nemesis.terminate_all_backends] * 4,
    "crash": [nemesis.cut_power_unflushed] * 4,
}
# What a batch of one commits waits for the disk, and takes along what others
# left: only a crowd makes batches.
CLIENTS = {"crash": 60}
UNREST_SECONDS = 1.5
PATIENCE_SECONDS = 3


@pytest.fixture(scope="module", name="workshop")
def workshop_of_bugs():
    with contextlib.closing(Workshop()) as workshop:
        workshop.make()
        yield workshop


def found_by_load(stack, api, campaign):
    """The kinds of violations after a short unrest."""
    with Load(api, users=4, clients=CLIENTS.get(campaign, 12)) as load:
        for action in CAMPAIGNS[campaign]:
            time.sleep(UNREST_SECONDS)
            action(stack)
            wait_ready(stack.url)
        time.sleep(UNREST_SECONDS)
        load.finish(PATIENCE_SECONDS)
    return {violation.kind for violation in load.violations()}


def found_by_scene(stack, api, scene):
    with unflushed.patient_workers(stack):
        told, kept = unflushed.play(stack, api, getattr(unflushed, scene))
    return set() if told == kept else {"unflushed"}


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_a_broken_program_is_found_out(workshop, bug):
    with workshop.broken(bug) as stack:
        api = Api(stack)
        if bug.scene is None:
            found = found_by_load(stack, api, bug.campaign)
        else:
            found = found_by_scene(stack, api, bug.scene)
    assert found & bug.expected, f"{bug.facts['What']}: found {found}"


def test_a_sound_program_is_not_accused(stack, api):
    assert found_by_load(stack, api, CAMPAIGNS["crash"]) == set()
