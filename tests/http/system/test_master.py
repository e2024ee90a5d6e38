"""florind itself: its command line, its sockets, its signals, its children."""
import contextlib
import getpass
import grp
import os
import pathlib
import signal
import socket
import stat
import subprocess
import threading
import time

import pytest

from support import fastcgi, nemesis
from support.master import Master, in_database, other_database, started
from support.stack import wait_until

EX_USAGE, EX_CANTCREAT, EX_CONFIG = 64, 73, 78


# The command line.

def florind(stack, *words):
    return subprocess.run([stack.build_dir / "florind", *words], check=False,
                          capture_output=True, text=True, timeout=30)


def test_help_and_version(stack):
    told = florind(stack, "--help")
    assert told.returncode == 0 and told.stdout.startswith("usage: florind")
    told = florind(stack, "-V")
    assert told.returncode == 0 and told.stdout.startswith("florind ")


@pytest.mark.parametrize("words", [
    ["--nonsense"], ["word"], ["-c"], ["-c", "x", "word"]])
def test_a_wrong_command_line(stack, words):
    told = florind(stack, *words)
    assert (told.returncode, told.stdout) == (EX_USAGE, "")
    assert "usage: florind" in told.stderr


@pytest.mark.parametrize("words", [
    ["--role", "worker"], ["--role", "jobs"], ["--role", "nonsense"],
    ["--role", "worker", "--pool", "nonsense"],
    ["--role", "worker", "--pool", "wallet"]])
def test_roles_are_the_master_s_to_start(stack, words):
    with Master(stack) as master:
        told = florind(stack, "-c", master.config, *words)
    assert told.returncode == EX_USAGE
    assert "started by the master" in told.stderr


def test_settings_are_tested(stack):
    with Master(stack) as master:
        told = florind(stack, "-t", "-c", master.config)
        assert told.returncode == 0 and "fine" in told.stderr
        master.config.write_text("nonsense")
        assert florind(stack, "-t", "-c", master.config).returncode \
            == EX_CONFIG
        master.write('issuer x { secret_file = "/nonexistent" }')
        told = florind(stack, "-t", "-c", master.config)
        assert told.returncode == EX_CONFIG and "/nonexistent" in told.stderr


def test_printed_settings_are_read_again(stack):
    with Master(stack, 'provider stripe { secret_file = "/x" }') as master:
        told = florind(stack, "--dump-config", "-c", master.config)
        assert told.returncode == 0 and "provider stripe" in told.stdout
        master.config.write_text(told.stdout)
        again = florind(stack, "--dump-config", "-c", master.config)
    assert again.stdout == told.stdout


# Sockets.

@contextlib.contextmanager
def listening(folder):
    path = folder / "given.sock"
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))
        sock.listen()
        yield path, sock


@pytest.mark.parametrize("names", [None, "wallet", "x:wallet"])
def test_sockets_are_inherited(stack, names):
    """As systemd hands them over; a single one needs no name."""
    with Master(stack, listen=False) as master, \
            listening(master.dir) as (path, sock):
        count = 1 if names is None else len(names.split(":"))
        places = [os.dup(sock.fileno()) for _ in range(count)]
        inner = " ".join(f"{3 + n}<&{place}"
                         for n, place in enumerate(places))
        name = f"LISTEN_FDNAMES={names}" if names else ""
        master.start(["bash", "-c", f"export LISTEN_FDS={count}"
                      f" LISTEN_PID=$$ {name}; exec {inner} \"$@\"", "-",
                      *master.command], pass_fds=places)
        for place in places:
            os.close(place)
        master.wait_ready(path)
        master.send(signal.SIGTERM)
        assert master.wait() == 0
        assert path.exists(), "who made it keeps it"


def test_a_socket_as_standard_input(stack):
    with Master(stack, listen=False) as master, \
            listening(master.dir) as (path, sock):
        master.start(stdin=sock)
        master.wait_ready(path)


@pytest.mark.parametrize("given", [
    {}, {"LISTEN_FDS": "1"}, {"LISTEN_FDS": "1", "LISTEN_PID": "1"}])
def test_no_socket_at_all(stack, given):
    with Master(stack, listen=False) as master:
        master.start(stdin=subprocess.DEVNULL,
                     env={**os.environ, **given})
        assert master.wait() == EX_CANTCREAT


def test_another_master_s_socket_is_not_taken(stack):
    with started(stack) as one:
        two = subprocess.run(one.command, check=False, capture_output=True,
                             timeout=30)
        assert two.returncode == EX_CANTCREAT
        assert b"Address already in use" in two.stderr
        assert one.answers()


def test_a_dead_master_s_socket_is_taken(stack):
    """Once its children, who end with it, are gone."""
    with started(stack) as one:
        workers = one.workers()
        one.send(signal.SIGKILL)
        one.wait()
        wait_until(lambda: not any(map(nemesis.command, workers)), 10,
                   "its children end")
        assert one.socket.exists()
        one.start()
        one.wait_ready()


def test_the_socket_s_owner_and_mode(stack):
    group = grp.getgrgid(os.getgid()).gr_name
    with started(stack, pool_settings=f"""
            listen.owner = {getpass.getuser()}
            listen.group = {group}
            listen.mode = 0600""") as master:
        mode = master.socket.stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


@pytest.mark.parametrize("setting", [
    "listen.owner = no-such-user", "listen.group = no-such-group"])
def test_an_owner_that_is_not_there(stack, setting):
    with Master(stack, pool_settings=setting) as master:
        master.start()
        assert master.wait() == EX_CANTCREAT
        assert "pool wallet: socket" in master.log_text()


# Signals.

def test_term_ends_it_and_removes_what_it_made(stack):
    with Master(stack) as master:
        pid_file = master.dir / "pid"
        master.write(f'pid = "{pid_file}"')
        master.start()
        master.wait_ready()
        assert int(pid_file.read_text()) == master.process.pid
        workers = master.workers()
        master.send(signal.SIGTERM)
        assert master.wait() == 0
        assert not master.socket.exists() and not pid_file.exists()
        assert not any(nemesis.command(pid) for pid in workers)


def test_a_pid_file_that_cannot_be_written(stack):
    """Is told, and hinders nothing."""
    with started(stack, 'pid = "/nonexistent/pid"') as master:
        assert "/nonexistent/pid" in master.log_text()


def test_usr1_opens_the_logs_again(stack):
    """Master, workers and jobs."""
    with Master(stack) as master:
        log = master.dir / "florin.log"
        master.write(f'error_log = "{log}"', jobs=True)
        master.start()
        master.wait_ready()
        log.rename(master.dir / "old.log")
        master.send(signal.SIGUSR1)
        wait_until(log.exists, 10, "a new file")

        def all_write_there():
            fastcgi.get(master.socket, "/livez")
            return len(writers(log)) == len(master.workers()) + 1
        wait_until(all_write_there, 20, "everybody writes there")
        # What cannot be opened: the old file stays in use.
        log.rename(master.dir / "older.log")
        log.mkdir()
        master.send(signal.SIGUSR1)
        wait_until(lambda: "cannot open" in (
            master.dir / "older.log").read_text(), 10, "it is told")
        assert master.answers()


def writers(path):
    """The processes that have this file open."""
    found = set()
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                found |= {entry for fd in os.listdir(f"/proc/{entry}/fd")
                          if os.path.samefile(f"/proc/{entry}/fd/{fd}", path)}
    return found


def test_a_log_that_cannot_be_opened(stack):
    with Master(stack, 'error_log = "/nonexistent/log"') as master:
        master.start()
        assert master.wait() == EX_CANTCREAT


@pytest.mark.parametrize("broken", [
    "nonsense", 'issuer x { secret_file = "/nonexistent" }'])
def test_hup_with_broken_settings_changes_nothing(stack, broken):
    with started(stack) as master:
        workers = master.workers()
        text = master.config.read_text()
        master.config.write_text(f"{broken}\n{text}")
        master.send(signal.SIGHUP)
        master.wait_log("not reloaded")
        assert master.answers()
        assert master.workers() == workers


def test_the_supervisor_of_the_host_is_told(stack):
    """READY, RELOADING, STOPPING and the watchdog's sign of life."""
    with Master(stack) as master, socket.socket(
            socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(master.dir / "notify"))
        told.settimeout(10)
        master.start(env={**os.environ, "WATCHDOG_USEC": "600000",
                          "NOTIFY_SOCKET": str(master.dir / "notify")})

        def hears(word):
            while told.recv(200) != word:
                pass
        hears(b"READY=1")
        hears(b"WATCHDOG=1")
        hears(b"WATCHDOG=1")
        master.wait_ready()
        master.send(signal.SIGHUP)
        hears(b"RELOADING=1")
        hears(b"READY=1")
        master.send(signal.SIGQUIT)
        hears(b"STOPPING=1")
        assert master.wait() == 0


# Children.

def test_a_child_that_hangs_is_replaced(stack, api):
    """What it did is in doubt to its caller, nobody else waits for it."""
    with started(stack, pool_settings="pm.max_children = 1\n"
                 "request_terminate_timeout = 1s") as master:
        (pid,) = master.workers()
        user = api.new_user(10)
        with contextlib.closing(stack.connect()) as db:
            db.autocommit = False
            db.cursor().execute("select 1 from florin.wallets"
                                " where user_id = %s for update", [user])
            seen = []
            body = b'{"amount": 1, "reason": "r"}'
            thread = threading.Thread(target=lambda: seen.append(fastcgi.ask(
                master.socket, [
                    ("REQUEST_METHOD", "POST"), ("REMOTE_ADDR", "127.0.0.1"),
                    ("PATH_INFO", "/api/credits/consume"),
                    ("CONTENT_TYPE", "application/json"),
                    ("CONTENT_LENGTH", str(len(body))),
                    ("HTTP_IDEMPOTENCY_KEY", "k"),
                    ("HTTP_AUTHORIZATION", f"Bearer {api.as_user(user)}")],
                body)))
            thread.start()
            wait_until(lambda: stack.value(
                "select count(*) from pg_stat_activity where wait_event_type"
                " = 'Lock' and application_name = 'florin wallet/0'"), 5,
                "it waits")
            os.kill(pid, signal.SIGSTOP)
            thread.join()
        assert seen == [None], "no answer"
        assert "hangs: killed" in master.log_text()
        master.wait_ready()
        assert master.workers() != [pid]


def test_children_that_do_not_go_are_killed(stack):
    with started(stack, pool_settings="pm.max_children = 1") as master:
        (pid,) = master.workers()
        os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        master.send(signal.SIGTERM)
        assert master.wait() == 0
        assert 1.5 < time.monotonic() - began < 10
        assert not nemesis.command(pid)


def test_a_worker_ends_after_its_requests(stack):
    with started(stack, pool_settings="pm.max_children = 1\n"
                 "pm.max_requests = 10") as master:
        (pid,) = master.workers()
        told = [fastcgi.get(master.socket, "/livez").status
                for _ in range(30)]
        assert told == [200] * 30
        assert master.workers() != [pid]


@pytest.mark.parametrize("file, text", [
    ("florin.conf", "nonsense"), ("secret", "short")])
def test_a_set_up_that_is_spoiled_takes_nobody_away(stack, file, text):
    """Somebody writes the settings or a key while a worker is replaced: the
    others serve on, and the slot is filled as soon as the file is right."""
    with Master(stack) as master:
        (master.dir / "secret").write_text("s" * 32)
        master.config.write_text(master.config.read_text().replace(
            f"{stack.dir}/jwt.secret", f"{master.dir}/secret"))
        master.start()
        master.wait_ready()
        workers = master.workers()
        time.sleep(2.2)  # they have proved themselves
        right = (master.dir / file).read_text()
        (master.dir / file).write_text(text)
        os.kill(workers[0], signal.SIGKILL)
        master.wait_log("ended: status 78")
        time.sleep(0.5)
        assert master.process.poll() is None and master.answers()
        assert workers[1] in master.workers()
        (master.dir / file).write_text(right)
        wait_until(lambda: len(master.workers()) == 2 and all(
            b"--slot" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            for pid in master.workers()), 15, "two workers again")


def test_a_database_of_another_version_is_not_served(stack):
    """The table of routes names a function that is not there: it ends, and
    says which."""
    with other_database(stack) as name, \
            Master(stack, database=name) as master:
        in_database(stack, name, "alter function florin_api.check_in"
                    " rename to check_out")
        master.start()
        assert master.wait() == EX_CONFIG
        assert "florin_api.check_in: the table says" in master.log_text()


def test_a_server_without_room_for_all_workers_is_not_served(stack):
    """/readyz says so."""
    with Master(stack, pool_settings="pm.max_children = 99") as master:
        master.start()
        master.wait_log("max_connections leaves")
        assert fastcgi.get(master.socket, "/readyz").status == 503
