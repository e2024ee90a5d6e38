"""What goes wrong: processes of one stack are killed, stopped, restarted.

Only processes of the given stack are touched, each by its pid."""
import contextlib
import os
import random
import signal
import time

from support.client import wait_ready
from support.stack import children, command, wait_until

REVIVAL_SECONDS_MAX = 30


def send(pid, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def kill_worker(stack):
    """kill -9 of one worker."""
    workers = stack.worker_pids()
    assert workers, "the master has no children"
    send(random.choice(workers), signal.SIGKILL)


def kill_all_workers(stack):
    for pid in stack.worker_pids():
        send(pid, signal.SIGKILL)


def kill_master(stack):
    """kill -9 of florind's master: ./dev starts another."""
    old = stack.master_pid
    send(old, signal.SIGKILL)
    wait_until(lambda: stack.master_pid != old, REVIVAL_SECONDS_MAX,
               "a new master")


def reload_master(stack):
    send(stack.master_pid, signal.SIGHUP)


def backends(stack):
    """Backends that serve florind."""
    found = stack.rows(
        "select pid from pg_stat_activity"
        " where usename in ('florin_web', 'florin_admin')")
    return [row["pid"] for row in found]


def kill_backend(stack):
    """kill -9 of one backend: PostgreSQL restarts and recovers by its log."""
    found = wait_until(lambda: backends(stack), REVIVAL_SECONDS_MAX,
                       "backends")
    send(random.choice(found), signal.SIGKILL)


def terminate_backend(stack):
    """A backend is told to go, as an administrator does (57P01)."""
    stack.rows("select pg_terminate_backend(pid) from pg_stat_activity"
               " where usename = 'florin_web' limit 1")


def terminate_all_backends(stack):
    stack.rows("select pg_terminate_backend(pid) from pg_stat_activity"
               " where usename in ('florin_web', 'florin_admin')")


def log_writer(stack):
    """The process that writes out the log of those who do not wait."""
    (pid,) = [pid for pid in children(stack.pid_of("postgres"))
              if "walwriter" in command(pid)]
    return pid


def kill_postmaster(stack):
    """kill -9 of the postmaster: its children end by themselves."""
    old = stack.pid_of("postgres")
    send(old, signal.SIGKILL)
    wait_until(lambda: stack.pid_of("postgres") != old, REVIVAL_SECONDS_MAX,
               "a new postmaster")


def kill_cluster(stack):
    """kill -9 of the postmaster and all its children at once: nothing that
    was only in memory survives."""
    master = stack.pid_of("postgres")
    send(master, signal.SIGSTOP)  # it must not start children meanwhile
    for pid in [master, *children(master)]:
        send(pid, signal.SIGKILL)


def cut_power(stack):
    old = stack.pid_of("postgres")
    kill_cluster(stack)
    wait_until(lambda: stack.pid_of("postgres") != old, REVIVAL_SECONDS_MAX,
               "a new postmaster")


def restart_nginx(stack):
    old = stack.pid_of("nginx")
    send(old, signal.SIGTERM)
    wait_until(lambda: stack.pid_of("nginx") != old, REVIVAL_SECONDS_MAX,
               "a new nginx")


def cut_power_unflushed(stack):
    """As above, after a second in which nothing went to disk by itself: what
    nobody waited for is gone."""
    send(log_writer(stack), signal.SIGSTOP)
    time.sleep(1)
    cut_power(stack)


@contextlib.contextmanager
def database_stopped(stack):
    """All of PostgreSQL's processes stand still: it answers nothing, but its
    connections stay open."""
    master = stack.pid_of("postgres")
    stopped = [master]
    send(master, signal.SIGSTOP)
    stopped += children(master)
    for pid in stopped[1:]:
        send(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            send(pid, signal.SIGCONT)


@contextlib.contextmanager
def database_down(stack):
    """PostgreSQL is shut down at once, and nobody starts it."""
    supervisor = stack.pid_of("supervisor")
    old = stack.pid_of("postgres")
    send(supervisor, signal.SIGSTOP)
    try:
        send(old, signal.SIGQUIT)
        wait_until(lambda: not children(old), 10, "PostgreSQL ends")
        yield
    finally:
        send(supervisor, signal.SIGCONT)


ALL = [kill_worker, kill_backend, restart_nginx, kill_master, kill_worker,
       kill_postmaster, terminate_backend, cut_power, kill_all_workers,
       reload_master, kill_backend]


def strike(stack, actions=None, pause_seconds=3.0, seed=1):
    """Each action, a while apart, and at the end all is ready again."""
    pauses = random.Random(seed)
    for action in actions or ALL:
        time.sleep(pauses.uniform(0.5, 1.5) * pause_seconds)
        action(stack)
        wait_ready(stack.url, REVIVAL_SECONDS_MAX)
