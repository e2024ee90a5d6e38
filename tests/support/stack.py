"""A private Florin stack in a temporary folder: nginx, florind, PostgreSQL.

`./dev up --detach` starts it, `./dev down` ends it; nothing is left behind.
"""
import contextlib
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import tempfile
import time

import psycopg2
import psycopg2.extras

TREE = pathlib.Path(__file__).resolve().parents[2]
UP_SECONDS_MAX = 240
BUILD_SECONDS_MAX = 600
DOWN_SECONDS_MAX = 60
BEHIND_APACHE = os.environ.get("FLORIN_WEB_SERVER") == "apache"
# Apache has one answer to headers that it cannot or will not read.
HEADERS_TOO_LARGE = ((400, "invalid_request") if BEHIND_APACHE else
                     (431, "headers_too_large"))


class StackError(Exception):
    """The stack could not be started, or a command of it failed."""


def built():
    """The folder of the program under test, which is made if need be."""
    folder = pathlib.Path(os.environ.get("FLORIN_BUILD_DIR",
                                         TREE / ".dev/build"))
    if not (folder / "florind").exists():
        subprocess.run(["./dev", "build"], cwd=TREE, check=True,
                       timeout=BUILD_SECONDS_MAX)
    return folder


class Stack:
    """One running installation.  Use as a context manager."""

    def __init__(self, tree=TREE, build_dir=None):
        self.tree = pathlib.Path(tree)
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="florin-"))
        self.dir.chmod(0o755)  # PostgreSQL runs as another user
        self.environ = dict(os.environ, FLORIN_DEV_DIR=str(self.dir),
                            FLORIN_PORT="0")
        if build_dir is not None:
            self.environ["FLORIN_BUILD_DIR"] = str(build_dir)
        if "FLORIN_BUILD_DIR" in self.environ:
            self.environ["FLORIN_SKIP_BUILD"] = "1"
        self.variables = {}

    def __enter__(self):
        try:
            self.dev("up", "--detach", timeout=UP_SECONDS_MAX)
            self.variables = self._read_variables()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exc_info):
        self.stop()

    def stop(self):
        """End every process of the stack and remove its folder."""
        with contextlib.suppress(StackError):
            self.dev("down", timeout=DOWN_SECONDS_MAX)
        if "FLORIN_TEST_KEEP" not in os.environ:
            shutil.rmtree(self.dir, ignore_errors=True)

    def dev(self, *words, timeout=60):
        """Run ./dev with these words; its standard output."""
        log = self.dir.with_suffix(".log")
        try:
            with open(log, "w+b") as out:
                status = self._run(words, out, timeout)
                out.seek(0)
                text = out.read().decode(errors="replace")
        finally:
            log.unlink(missing_ok=True)
        if status != 0:
            raise StackError(f"./dev {' '.join(words)}: {status}\n{text}")
        return text

    def _run(self, words, out, timeout):
        try:
            return subprocess.run(
                ["./dev", *words], cwd=self.tree, env=self.environ,
                stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                timeout=timeout, check=False).returncode
        except subprocess.TimeoutExpired:
            return f"still running after {timeout} s"

    def _read_variables(self):
        pairs = shlex.split((self.dir / "env").read_text(), comments=True)
        return dict(pair.split("=", 1) for pair in pairs if "=" in pair)

    @property
    def url(self):
        return self.variables["FLORIN_URL"].rstrip("/")

    @property
    def secret(self):
        """The HS256 key; one final newline is not part of it."""
        path = pathlib.Path(self.variables["FLORIN_JWT_SECRET_FILE"])
        return path.read_bytes().removesuffix(b"\n")

    @property
    def stripe_secret(self):
        """What Stripe signs its notices with here."""
        path = pathlib.Path(self.variables["FLORIN_STRIPE_SECRET_FILE"])
        return path.read_bytes().removesuffix(b"\n")

    @property
    def build_dir(self):
        default = self.tree / ".dev/build"
        return pathlib.Path(self.environ.get("FLORIN_BUILD_DIR", default))

    @property
    def run_dir(self):
        """Where the sockets are."""
        return pathlib.Path((self.dir / "state/run").read_text().strip())

    @property
    def pg_dir(self):
        return self.dir / "pg"

    def pid_of(self, service):
        """postgres, florind or nginx: the pid that ./dev remembers."""
        return int((self.dir / "state" / service).read_text().split()[0])

    def configure(self, old, new):
        """Replace a text of florin.conf and have the master read it again."""
        path = self.dir / "florin.conf"
        text = path.read_text()
        assert old in text, f"{old} not in {text}"
        path.write_text(text.replace(old, new, 1))
        os.kill(self.master_pid, signal.SIGHUP)

    @property
    def master_pid(self):
        return int((self.dir / "florind.pid").read_text())

    def connect(self):
        """A connection of the database's owner, in autocommit."""
        db = psycopg2.connect(
            self.variables["FLORIN_PSQL_URL"], connect_timeout=5)
        db.autocommit = True
        return db

    def rows(self, query, *values):
        """The rows of a query as dictionaries, on a connection of its own."""
        with contextlib.closing(self.connect()) as db:
            cursor = db.cursor(
                cursor_factory=psycopg2.extras.RealDictCursor)
            cursor.execute(query, values)
            if cursor.description is None:
                return []
            return [dict(row) for row in cursor.fetchall()]

    def value(self, query, *values):
        """The only column of the only row of a query."""
        (row,) = self.rows(query, *values)
        (value,) = row.values()
        return value

    def moment(self, ahead):
        """RFC 3339: the test clock's now and an interval, whole seconds."""
        return self.value(
            "select to_char((florin.clock() + %s::interval)"
            " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", ahead)

    def freeze(self, user_id):
        """Freeze a wallet, as an admin's freeze does."""
        self.rows("update florin.wallets set frozen = true,"
                  " revision = revision + 1 where user_id = %s", user_id)

    @contextlib.contextmanager
    def falsified(self, user_id, column, value):
        """A wallet whose books are wrong for a while."""
        change = f"update florin.wallets set {column} = %s where user_id = %s"
        right = self.value(
            f"select {column} from florin.wallets where user_id = %s",
            user_id)
        self.rows(change, value, user_id)
        try:
            yield
        finally:
            self.rows(change, right, user_id)

    def log_text(self):
        """Everything that the stack's processes have logged so far."""
        logs = sorted(self.dir.rglob("*.log"))
        assert logs, f"no logs in {self.dir}"
        return "".join(log.read_text(errors="replace") for log in logs)

    def worker_pids(self):
        """The children of the master."""
        return children(self.master_pid)

    def jobs_pids(self):
        """The children of the jobs role."""
        return [pid for pid in self.worker_pids()
                if " --role jobs " in command(pid)]

    @contextlib.contextmanager
    def jobs_stopped(self):
        """Nothing is settled but by those who ask."""
        pids = wait_until(self.jobs_pids, 10, "the jobs run")
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)


def command(pid):
    """A process's command line; empty if it has ended."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def children(pid):
    """The processes whose parent is pid, in order of their ids."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError):
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(entry.name))
    return sorted(found)


def wait_until(condition, seconds, what):
    """Ask again and again; the first true answer, or AssertionError."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.05)
