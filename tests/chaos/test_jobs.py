"""The jobs do not wait for the disk: what a crash takes away of what they did
is due again, and done again, once."""
import os
import signal

from support import nemesis
from support.client import wait_ready
from support.members import check_months, due, make_members, versions
from support.stack import wait_until

MEMBERS = 40


def test_what_a_crash_takes_away_is_done_again(stack, api):
    users = make_members(api, MEMBERS)
    before = versions(api, users)
    with stack.jobs_stopped():
        stack.dev("clock", "62 days")
        assert due(stack) >= MEMBERS
        os.kill(nemesis.log_writer(stack), signal.SIGSTOP)
    wait_until(lambda: due(stack) == 0, 60, "the jobs settle all")
    with stack.jobs_stopped():
        nemesis.cut_power(stack)
        wait_ready(stack.url)
        assert due(stack) > 0, "nothing was taken away"
    wait_until(lambda: due(stack) == 0, 60, "the jobs settle all again")
    for user in users:
        check_months(stack, user, before[user])
