"""A florind of a test's own, on the database of a stack: no ./dev looks after
it, so that its settings, sockets, signals and its end can be tried."""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from support import fastcgi
from support.stack import children, wait_until

STOP_SECONDS_MAX = 15


class Master:
    """A folder with settings, and the program that `start` runs with them:
    `settings` stand before the pool, `pool_settings` in it."""

    def __init__(self, stack, settings="", pool_settings="", listen=True,
                 database=None, jobs=False):
        self.stack = stack
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="florin-master-"))
        self.socket = self.dir / "wallet.sock"
        self.log = self.dir / "log"
        self.config = self.dir / "florin.conf"
        self.database = (
            f"host={stack.run_dir}/pg dbname={database or 'florin'}")
        self.process = None
        self.write(settings, pool_settings, listen, jobs)

    def write(self, settings="", pool_settings="", listen=True, jobs=False):
        place = f'listen = "{self.socket}"' if listen else ""
        role = "" if not jobs else f"""
            jobs {{ database = "{self.database} user=florin_jobs" }}"""
        self.config.write_text(f"""
            process_control_timeout = 2s
            {settings}
            pool wallet {{
                {place}
                database = "{self.database} user=florin_web"
                pm.max_children = 2
                {pool_settings}
            }}
            {role}
            issuer dev {{
                secret_file = "{self.stack.dir}/jwt.secret"
            }}""")

    @property
    def command(self):
        return [str(self.stack.build_dir / "florind"), "-c", str(self.config)]

    def start(self, command=None, **more):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command or self.command, stderr=log, cwd=self.dir, **more)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def send(self, number):
        self.process.send_signal(number)

    def wait(self):
        """Its exit status."""
        return self.process.wait(STOP_SECONDS_MAX)

    def workers(self):
        return children(self.process.pid)

    def log_text(self):
        return self.log.read_text(errors="replace")

    def wait_log(self, text):
        wait_until(lambda: text in self.log_text(), STOP_SECONDS_MAX,
                   f"the log says {text}")

    def answers(self, path=None):
        try:
            answer = fastcgi.get(path or self.socket, "/readyz")
            return answer is not None and answer.status == 200
        except OSError:
            return False

    def wait_ready(self, path=None):
        wait_until(lambda: self.answers(path), STOP_SECONDS_MAX, "it is ready")


@contextlib.contextmanager
def started(stack, *words, **more):
    """A master that serves."""
    with Master(stack, *words, **more) as master:
        master.start()
        master.wait_ready()
        yield master


@contextlib.contextmanager
def other_database(stack):
    """A database of Florin's that a test may break."""
    name = f"test_{os.getpid()}"
    url = f"host={stack.run_dir}/pg user=postgres dbname={name}"
    stack.rows(f"create database {name}")
    try:
        subprocess.run([stack.build_dir / "florinctl", "--database", url,
                        "--sql-dir", stack.tree / "sql", "migrate"],
                       check=True, capture_output=True, timeout=120)
        yield name
    finally:
        stack.rows(f"drop database {name} with (force)")


def in_database(stack, name, query):
    """What the database's owner gets for a query, as text."""
    return subprocess.run(
        ["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", query,
         f"host={stack.run_dir}/pg user=postgres dbname={name}"],
        check=True, capture_output=True, text=True, timeout=30).stdout.strip()
