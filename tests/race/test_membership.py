"""Months that come while nobody, one or many settle: one quota for each."""
import contextlib
import os
import signal
import subprocess
import threading

import pytest

from support.api import new_key
from support.members import (
    MONTHS, check_months, due, make_members, rows_of, versions)
from support.payments import new_id, order
from support.stack import wait_until
from support.storm import (
    consume_request, get_request, post_request, statuses, storm)

MEMBERS = 40
HOSTS = 3


@contextlib.contextmanager
def more_hosts(stack, count):
    """Masters of their own, as on other hosts: jobs and an idle pool."""
    database = f"host={stack.run_dir}/pg dbname=florin user="
    running = []
    try:
        for number in range(count):
            config = stack.dir / f"host{number}.conf"
            config.write_text(f"""
                pool wallet {{
                    listen = "{stack.run_dir}/host{number}.sock"
                    database = "{database}florin_web"
                    pm.max_children = 1
                }}
                jobs {{
                    database = "{database}florin_jobs"
                    interval = 50ms
                }}
                issuer dev {{
                    secret_file = "{stack.variables['FLORIN_JWT_SECRET_FILE']}"
                }}""")
            with open(stack.dir / f"host{number}.log", "wb") as log:
                running.append(subprocess.Popen(
                    [stack.build_dir / "florind", "-c", config],
                    stdout=log, stderr=log))
        yield
    finally:
        for process in running:
            process.send_signal(signal.SIGQUIT)
        for process in running:
            process.wait(20)


def spend_meanwhile(api, users, until):
    """Everybody spends until the event is set; all must be served."""
    answers = []

    def spend():
        while not until.is_set():
            answers.extend(storm(api, [
                consume_request(api, api.as_user(user), new_key(), amount=1,
                                reason="r") for user in users]))

    spender = threading.Thread(target=spend)
    spender.start()
    return spender, answers


def transactions(stack, users, since):
    """In how many transactions their months came."""
    return stack.value(
        "select count(distinct xmin::text) from florin.credit_transactions"
        " where user_id = any(%s) and kind = 'reset' and seq > %s",
        users, min(since.values()))


def test_three_hosts_after_two_months_while_users_spend(api, stack):
    users = make_members(api, MEMBERS)
    before = versions(api, users)
    done = threading.Event()
    with stack.jobs_stopped():
        stack.dev("clock", "62 days")
        assert due(stack) >= MEMBERS
        # Only every fourth is touched: the others are the jobs'.
        spender, answers = spend_meanwhile(api, users[::4], done)
        with more_hosts(stack, HOSTS):
            wait_until(lambda: due(stack) == 0, 60, "the hosts settle all")
        done.set()
        spender.join()
    assert statuses(answers) == {200: len(answers)}
    for user in users:
        check_months(stack, user, before[user])
    assert transactions(stack, users, before) >= MEMBERS


def test_on_touch_alone(api, stack):
    users = make_members(api, MEMBERS // 2)
    before = versions(api, users)
    with stack.jobs_stopped():
        stack.dev("clock", "62 days")
        # Many touch each at once, by all kinds of calls.
        requests = []
        for user in users:
            token = api.as_user(user)
            requests += [
                request for _ in range(4) for request in (
                    get_request(api, "/api/credits", token),
                    get_request(api, "/api/membership", token),
                    consume_request(api, token, new_key(), amount=1,
                                    reason="r"))]
        assert statuses(storm(api, requests)) == {200: len(requests)}
        for user in users:
            check_months(stack, user, before[user])


@pytest.mark.parametrize("hosts", [2])
def test_jobs_and_touches_at_the_same_moment(api, stack, hosts):
    """The month begins while everybody spends and the jobs run."""
    users = make_members(api, MEMBERS // 2)
    before = versions(api, users)
    done = threading.Event()
    with more_hosts(stack, hosts):
        spender, answers = spend_meanwhile(api, users, done)
        wait_until(lambda: len(answers) > len(users), 30, "they spend")
        for _ in range(MONTHS):
            stack.dev("clock", "31 days")
        wait_until(lambda: due(stack) == 0, 60, "all is settled")
        done.set()
        spender.join()
    assert statuses(answers) == {200: len(answers)}
    for user in users:
        check_months(stack, user, before[user])


def complete_request(api, made):
    return post_request(
        api, f"/api/payments/orders/{made['id']}/complete", api.service,
        new_key(), user_id=made["user_id"], provider_reference=new_id("pi"),
        amount=made["amount"], currency=made["currency"])


def test_plans_paid_at_once(api, stack):
    """As if one by one, in whatever order: one behind the other, and in sum
    the quota of the highest."""
    for _ in range(5):
        user = api.new_user()
        made = [order(api, user, None, plan=plan, period="monthly")
                for plan in ["lite", "lite", "pro", "pro", "premium"]]
        answers = storm(api, [complete_request(api, m) for m in made])
        assert statuses(answers) == {200: len(made)}
        told = api.get("/api/membership", api.as_user(user)).json
        assert (told["plan"], told["balance"]) == ("premium", 650)
        starts = [p["starts_at"] for p in told["upcoming"]]
        ends = [p["ends_at"] for p in told["upcoming"]]
        assert len(starts) == 4
        assert starts[1:] == ends[:-1] and ends[-1] == told["expires_at"]


@contextlib.contextmanager
def stuck_half_way(stack, user):
    """Who settles this user writes the first row, then waits for us."""
    with contextlib.closing(stack.connect()) as db:
        db.autocommit = False
        db.cursor().execute("select from florin.memberships"
                            " where user_id = %s for update", (user,))
        yield
        db.rollback()


def waiting_jobs(stack):
    """The sessions of jobs that wait for a lock."""
    return [row["pid"] for row in stack.rows(
        "select pid from pg_stat_activity where usename = 'florin_jobs'"
        " and wait_event_type = 'Lock'")]


@pytest.mark.parametrize("session_ends", [True, False])
def test_a_job_killed_half_way_loses_nothing(api, stack, session_ends):
    users = make_members(api, MEMBERS // 2)
    before = versions(api, users)
    with contextlib.ExitStack() as lock:
        with stack.jobs_stopped():
            stack.dev("clock", "62 days")
            lock.enter_context(stuck_half_way(stack, users[0]))
        sessions = wait_until(lambda: waiting_jobs(stack), 30, "it waits")
        killed = stack.jobs_pids()
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        if session_ends:
            for pid in sessions:
                stack.rows("select pg_terminate_backend(%s)", pid)
        wait_until(lambda: set(stack.jobs_pids()) - set(killed), 20,
                   "the master starts another")
        assert rows_of(stack, users[0], before[users[0]]) == []
    wait_until(lambda: due(stack) == 0, 60, "all is settled")
    for user in users:
        check_months(stack, user, before[user])


def metric(api, name):
    text = api.get("/metrics").body.decode()
    return int(text.split(f"\nflorin_jobs_{name} ")[1].split()[0])


def test_progress_is_in_the_metrics(api, stack):
    user = api.new_user(10)
    start = metric(api, "settled_total")
    api.grant(user, 5, expires_at=stack.moment("1 hour"))
    stack.dev("clock", "2 hours")
    wait_until(lambda: metric(api, "settled_total") > start, 20, "is counted")
    wait_until(lambda: due(stack) == 0, 20, "nothing is left")


def test_one_that_cannot_be_settled_holds_up_nobody(api, stack):
    users = make_members(api, MEMBERS // 2)
    before = versions(api, users)
    failures = metric(api, "settle_failures_total")
    with contextlib.ExitStack() as lock:
        with stack.jobs_stopped():
            stack.dev("clock", "62 days")
            lock.enter_context(stuck_half_way(stack, users[0]))
        wait_until(lambda: due(stack) == 1, 60, "the others are settled")
        wait_until(lambda: metric(api, "settle_failures_total") > failures
                   and metric(api, "due_wallets") == 1
                   and metric(api, "overdue_seconds") > 86400, 40,
                   "the metrics tell")
        assert rows_of(stack, users[0], before[users[0]]) == []
    wait_until(lambda: due(stack) == 0, 60, "it is settled, too")
    for user in users:
        check_months(stack, user, before[user])
