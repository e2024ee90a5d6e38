"""Clients that write, read, repeat, and write down what they were told.

A client repeats what is in doubt with the same key until it knows, as the
contract tells it to."""
import json
import random
import threading
import time
import uuid

from chaos.history import Attempt, Call, Row, is_garbled
from support.api import new_key
from support.client import Client, ConnectionLost

REGISTRATION_CREDITS = 50
PATIENCE_SECONDS = (2, 15)  # of two kinds of client
PAUSE_SECONDS = (0.02, 0.2)  # before a repeat
WEIGHTS = {"consume": 50, "grant": 18, "refund": 8, "adjust": 4, "read": 12,
           "repeat": 8}
PATHS = {"register": "/api/users", "consume": "/api/credits/consume",
         "refund": "/api/credits/refund", "grant": "/api/credits/grant",
         "adjust": "/api/admin/credits/adjust"}
KEPT_MAX = 50
GIVE_UP = 0.3  # of those who are told that nothing was done


class Load:
    """A crowd of clients on a few users; its history grows in `calls`."""

    def __init__(self, api, users=12, clients=12, seed=1):
        self.api = api
        self.calls = []
        self.stopping = threading.Event()
        self.give_up_at = None
        self.seed = seed
        prefix = f"chaos-{uuid.uuid4().hex[:8]}"
        self.users = [f"{prefix}-{number}" for number in range(users)]
        self.threads = [LoadClient(self, number)
                        for number in range(clients)]

    def __enter__(self):
        registrar = LoadClient(self, len(self.threads))
        for user in self.users:
            registrar.register(user)
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exc_info):
        self.finish(5 if exc_info[0] else 60)

    def finish(self, patience_seconds=60):
        """No new calls; what is in doubt is pursued for a while."""
        self.give_up_at = time.monotonic() + patience_seconds
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def answered(self):
        """How many calls have been answered with success."""
        return sum(call.done is not None for call in list(self.calls))

    def rows(self):
        """The ledger of the load's users."""
        found = self.api.stack.rows(
            "select user_id, seq, kind, amount, balance_after, reason,"
            " reference_type, reference_id from florin.credit_transactions"
            " where user_id = any(%s)", self.users)
        return [Row(row["user_id"], row["seq"], row["kind"], row["amount"],
                    row["balance_after"], row["reason"],
                    (row["reference_type"], row["reference_id"]))
                for row in found]


class LoadClient(threading.Thread):
    """One client: one call at a time."""

    def __init__(self, load, number):
        super().__init__(daemon=True)
        self.load = load
        self.api = load.api
        self.number = number
        self.count = 0
        self.random = random.Random(f"{load.seed} {number}")
        patience = PATIENCE_SECONDS[number % len(PATIENCE_SECONDS)]
        self.client = Client(load.api.stack.url, patience)
        self.refundable = []  # consumes that were answered
        self.repeatable = []  # (call, request) that were answered

    def run(self):
        names, weights = zip(*WEIGHTS.items())
        while not self.load.stopping.is_set():
            (name,) = self.random.choices(names, weights)
            getattr(self, name)(self.random.choice(self.load.users))

    # The kinds of calls.

    def register(self, user):
        call = Call(f"register {user}", user, "register",
                    REGISTRATION_CREDITS)
        self.write(call, self.api.service, user_id=user)

    def consume(self, user):
        amount = self.random.randint(1, 20)
        call = Call(self.name("consume"), user, "consume", amount)
        self.write(call, self.api.as_user(user), amount=amount,
                   reason=call.name)
        if call.done:
            self.refundable.append(call)
            del self.refundable[:-KEPT_MAX]

    def grant(self, user):
        amount = self.random.randint(1, 40)
        source = self.random.choice(["bonus", "compensation"])
        call = Call(self.name("grant"), user, "grant", amount)
        self.write(call, self.api.service, user_id=user, amount=amount,
                   source=source, reason=call.name)

    def refund(self, _):
        """Now and then one that was refunded already: that is refused."""
        if not self.refundable:
            return
        place = self.random.randrange(len(self.refundable))
        taken = self.refundable[place]
        if self.random.random() < 0.6:
            del self.refundable[place]
        number = taken.done.json["transaction"]["id"]
        call = Call(self.name("refund"), taken.user, "refund", taken.amount,
                    refunds=number)
        self.write(call, self.api.service, user_id=taken.user,
                   transaction_id=number, reason=call.name)

    def adjust(self, user):
        amount = self.random.choice([-5, -1, 3, 10])
        call = Call(self.name("adjust"), user, "adjust", amount)
        self.write(call, self.api.admin, user_id=user, amount=amount,
                   reason=call.name)

    def read(self, user):
        call = Call(self.name("read"), user, "read")
        headers = [("Authorization", f"Bearer {self.api.as_user(user)}")]
        self.pursue(call, ("GET", "/api/credits", headers, None))

    def repeat(self, _):
        """Ask again for what was answered: the same bytes are due."""
        if self.repeatable:
            call, request = self.random.choice(self.repeatable)
            self.try_until_known(call, request)

    # How a call is made.

    def name(self, operation):
        self.count += 1
        return f"{operation} {self.load.users[0]} {self.number}.{self.count}"

    def write(self, call, token, **body):
        headers = [("Authorization", f"Bearer {token}"),
                   ("Content-Type", "application/json"),
                   ("Idempotency-Key", new_key())]
        request = ("POST", PATHS[call.operation], headers,
                   json.dumps(body).encode())
        self.pursue(call, request)
        if call.done:
            self.repeatable.append((call, request))
            del self.repeatable[:-KEPT_MAX]

    def pursue(self, call, request):
        self.try_until_known(call, request)
        self.load.calls.append(call)

    def try_until_known(self, call, request):
        while True:
            attempt = self.attempt(call, request)
            if attempt.is_done or attempt.is_refused:
                return
            if attempt.is_not_done and self.random.random() < GIVE_UP:
                return
            if (self.load.give_up_at is not None
                    and time.monotonic() > self.load.give_up_at):
                return
            time.sleep(self.random.uniform(*PAUSE_SECONDS))

    def attempt(self, call, request):
        attempt = Attempt(time.monotonic())
        try:
            answer = self.client.request(*request)
        except (OSError, ConnectionLost, ValueError):
            attempt.ended = time.monotonic()
        else:
            attempt.ended = time.monotonic()
            attempt.status, attempt.body = answer.status, answer.body
            attempt.garbled = is_garbled(call, answer.status, answer.body)
            attempt.replayed = answer.header("idempotent-replayed") == "true"
        call.attempts.append(attempt)
        return attempt
