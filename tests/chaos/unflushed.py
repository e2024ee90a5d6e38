"""A commit that everybody can see and no disk holds yet, made on purpose.

One worker takes two requests as a batch: the first commits without waiting
for the log, the second waits for a locked wallet, so that the batch's barrier
is held up.  Meanwhile another worker is asked.  Then the power is cut."""
import contextlib
import signal
import threading
import time

from support import nemesis
from support.api import new_key
from support.client import Client, wait_ready
from support.stack import children, wait_until

SETTLE_SECONDS = 0.1
SEEN_SECONDS_MAX = 0.4  # the lock's own limit is 0.5 s


def command(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read().replace(b"\0", b" ").decode()


def wallet_workers(stack):
    """Workers that are connected as florin_web, found by their names:
    "florin wallet/SLOT" in the database, the slot in the process."""
    return [pid for pid in stack.worker_pids() if "wallet" in command(pid)]


def log_writer(stack):
    (pid,) = [pid for pid in children(stack.pid_of("postgres"))
              if "walwriter" in command(pid)]
    return pid


class Scene:
    """Two users, one of them locked, all workers but one standing still."""

    def __init__(self, stack, api):
        self.stack = stack
        self.api = api
        self.user, self.locked = api.new_user(100), api.new_user(100)
        self.key = new_key()
        self.threads = []
        self.lock = stack.connect()
        self.lock.autocommit = False
        self.workers = wallet_workers(stack)

    def consume(self, user, key):
        client = Client(self.stack.url, 5)
        with contextlib.suppress(Exception):
            client.request("POST", "/api/credits/consume",
                           headers(self.api, user, key),
                           b'{"amount": 60, "reason": "unflushed"}')

    def send(self, user, key):
        thread = threading.Thread(target=self.consume, args=[user, key])
        thread.start()
        self.threads.append(thread)

    def version(self):
        return self.stack.value(
            "select version::integer from florin.wallets"
            " where user_id = %s", self.user)

    def commit_unseen_by_the_disk(self):
        """Returns when the first request's row can be seen."""
        before = self.version()
        self.lock.cursor().execute(
            "select from florin.wallets where user_id = %s for update",
            [self.locked])
        nemesis.send(log_writer(self.stack), signal.SIGSTOP)
        for pid in self.workers:
            nemesis.send(pid, signal.SIGSTOP)
        self.send(self.user, self.key)
        time.sleep(SETTLE_SECONDS)  # the order in the queue
        self.send(self.locked, new_key())
        time.sleep(SETTLE_SECONDS)
        nemesis.send(self.workers[0], signal.SIGCONT)
        wait_until(lambda: self.version() > before, SEEN_SECONDS_MAX,
                   "the row is seen")

    def ask_another_worker(self, ask):
        """What another worker answers while the barrier is held up."""
        nemesis.send(self.workers[1], signal.SIGCONT)
        return ask(Client(self.stack.url, 5))

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


def headers(api, user, key=None):
    found = [("Authorization", f"Bearer {api.as_user(user)}"),
             ("Content-Type", "application/json")]
    return found + ([("Idempotency-Key", key)] if key else [])


def replay(scene):
    """The same request with the same key."""
    def ask(client):
        answer = client.request(
            "POST", "/api/credits/consume",
            headers(scene.api, scene.user, scene.key),
            b'{"amount": 60, "reason": "unflushed"}')
        return answer.json["transaction"]["balance_after"]
    return ask


def read(scene):
    def ask(client):
        return client.request("GET", "/api/credits",
                              headers(scene.api, scene.user)).json["balance"]
    return ask


def refusal(scene):
    """A 402 tells the balance."""
    def ask(client):
        answer = client.request(
            "POST", "/api/credits/consume",
            headers(scene.api, scene.user, new_key()),
            b'{"amount": 70, "reason": "too much"}')
        assert answer.status == 402
        return answer.json["balance"]
    return ask


def play(stack, api, question):
    """The balance that was told, and what the ledger says after the crash
    without anybody asking again."""
    scene = Scene(stack, api)
    try:
        scene.commit_unseen_by_the_disk()
        told = None
        if question is not None:
            told = scene.ask_another_worker(question(scene))
    finally:
        scene.cut_power()
    kept = stack.value(
        "select balance_after::integer from florin.credit_transactions"
        " where user_id = %s order by seq desc limit 1", scene.user)
    return told, kept
