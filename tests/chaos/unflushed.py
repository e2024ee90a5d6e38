"""A commit that everybody can see and no disk holds yet, made on purpose.

One worker takes two requests as a batch: the first commits without waiting
for the log, the second (a hold: consumes would be one statement, which leaves
out who is busy) waits for a locked wallet, so that the batch's barrier is held
up.  Meanwhile another worker is asked.  Then the power is cut."""
import contextlib
import signal
import threading
import time

from support import nemesis
from support.api import new_key
from support.client import Client, ConnectionLost, wait_ready
from support.stack import command, wait_until

WALLET_WORKERS = 4  # pm.max_children
QUEUE_SECONDS = 0.2  # for nginx to hand on a request
CONNECT_SECONDS_MAX = 30
LOCK_SECONDS = 3  # how long the second request waits
BALANCE, AMOUNT = 100, 60
BODY = b'{"amount": 60, "reason": "unflushed"}'
BODY_TOO_MUCH = b'{"amount": 70, "reason": "too much"}'


@contextlib.contextmanager
def patient_workers(stack):
    """Workers whose statements wait long for a lock, so that a slow machine
    has the time to cut the power meanwhile."""
    set_lock_timeout(stack, f"{LOCK_SECONDS}s", f"{LOCK_SECONDS + 1}s")
    try:
        yield
    finally:
        set_lock_timeout(stack, "500ms", "2s")


def set_lock_timeout(stack, lock, statement):
    stack.rows("alter role florin_web set lock_timeout = %s", lock)
    stack.rows("alter role florin_web set statement_timeout = %s", statement)
    changed_at = stack.value("select clock_timestamp()")
    nemesis.reload_master(stack)
    wait_connected(stack, changed_at)


def wait_connected(stack, since):
    """Until each worker of the pool "wallet" has a session begun since."""
    wait_until(lambda: WALLET_WORKERS == stack.value(
        "select count(*) filter (where backend_start > %s)::integer"
        " from pg_stat_activity"
        " where application_name like 'florin wallet/%%'", since),
        CONNECT_SECONDS_MAX, "all workers are connected")


def wallet_workers(stack):
    wait_connected(stack, "-infinity")
    return [pid for pid in stack.worker_pids()
            if "wallet" in command(pid)]


class Scene:
    """Two users of whom one may be locked; all workers stand still."""

    def __init__(self, stack, api):
        self.stack = stack
        self.api = api
        self.user, self.other = api.new_user(BALANCE), api.new_user(BALANCE)
        self.key = new_key()
        self.answer = None  # of the first request
        self.threads = []
        self.lock = stack.connect()
        self.lock.autocommit = False
        self.workers = wallet_workers(stack)

    def consume(self, user, key, body=BODY, path="/api/credits/consume"):
        """A consume of one user; None if nothing came back."""
        client = Client(self.stack.url, LOCK_SECONDS + 3)
        headers = [("Authorization", f"Bearer {self.api.as_user(user)}"),
                   ("Content-Type", "application/json"),
                   ("Idempotency-Key", key)]
        with contextlib.suppress(OSError, ConnectionLost):
            return client.request("POST", path, headers, body)
        return None

    def send_first(self):
        self.answer = self.consume(self.user, self.key)

    def send_second(self):
        self.consume(self.other, new_key(), path="/api/credits/holds")

    def queue(self, send):
        """Leave a request in the workers' queue."""
        thread = threading.Thread(target=send)
        thread.start()
        self.threads.append(thread)
        time.sleep(QUEUE_SECONDS)

    def is_committed(self):
        cursor = self.lock.cursor()
        cursor.execute("select balance from florin.wallets"
                       " where user_id = %s", [self.user])
        return cursor.fetchone()[0] == BALANCE - AMOUNT

    def lock_other(self):
        self.lock.cursor().execute(
            "select from florin.wallets where user_id = %s for update",
            [self.other])

    def commit_as_a_batch(self):
        """Returns when the first request's row can be seen."""
        nemesis.send(nemesis.log_writer(self.stack), signal.SIGSTOP)
        for pid in self.workers:
            nemesis.send(pid, signal.SIGSTOP)
        self.queue(self.send_first)
        self.queue(self.send_second)
        nemesis.send(self.workers[0], signal.SIGCONT)
        wait_until(self.is_committed, LOCK_SECONDS / 2, "the row is seen")

    def wake_another_worker(self):
        nemesis.send(self.workers[1], signal.SIGCONT)

    def cut_power(self):
        """Everything that knows of the requests ends: a worker would send
        again what is in doubt."""
        nemesis.kill_cluster(self.stack)
        for pid in self.workers:
            nemesis.send(pid, signal.SIGKILL)
        self.lock.close()
        for thread in self.threads:
            thread.join()
        wait_ready(self.stack.url)

    def kept(self):
        return self.stack.value(
            "select balance_after::integer from florin.credit_transactions"
            " where user_id = %s order by seq desc limit 1", self.user)


# What is asked while the barrier is held up: each returns the balance that
# it was told.

def nothing(scene):
    scene.lock_other()
    scene.commit_as_a_batch()


def own(scene):
    """The batch's own answer: nobody holds its barrier up."""
    scene.commit_as_a_batch()
    scene.threads[0].join()
    return scene.answer.json["wallet"]["balance"]


def replay(scene):
    """The same request with the same key, of another worker."""
    nothing(scene)
    scene.wake_another_worker()
    answer = scene.consume(scene.user, scene.key)
    return answer.json["wallet"]["balance"]


def read(scene):
    nothing(scene)
    scene.wake_another_worker()
    return scene.api.balance(scene.user)


def refusal(scene):
    """A 402 tells the balance."""
    nothing(scene)
    scene.wake_another_worker()
    answer = scene.consume(scene.user, new_key(), BODY_TOO_MUCH)
    assert answer.status == 402
    return answer.json["balance"]


def play(stack, api, question):
    """The balance that was told, and what the ledger says after the crash
    without anybody asking again."""
    scene = Scene(stack, api)
    try:
        told = question(scene)
    finally:
        scene.cut_power()
    return told, scene.kept()
