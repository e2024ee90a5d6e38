"""Clients that write, read, repeat, and write down what they were told.

A client repeats what is in doubt with the same key until it knows, as the
contract tells it to."""
import contextlib
import json
import random
import threading
import time
import uuid
from typing import NamedTuple

from chaos.checker import check
from chaos.history import Attempt, Call, Hold, Row, is_garbled
from support.api import new_key
from support.client import Client, ConnectionLost

REGISTRATION_CREDITS = 50
PATIENCE_SECONDS = (2, 15)  # of two kinds of client
PAUSE_SECONDS = (0.02, 0.2)  # before a repeat
# More is taken than given: the balance must run short now and then.
WEIGHTS = {"consume": 44, "grant": 12, "refund": 8, "adjust": 4, "read": 12,
           "repeat": 8, "hold": 12, "end": 14, "batch": 6}
BATCH = "/api/credits/batch"
HOLDS = "/api/credits/holds"
PATHS = {"register": "/api/users", "consume": "/api/credits/consume",
         "refund": "/api/credits/refund", "grant": "/api/credits/grant",
         "adjust": "/api/admin/credits/adjust", "hold": HOLDS}
KEPT_MAX = 50
BATCH_MAX = 8
ENDED_AGAIN = 0.3  # of the holds: somebody else tries to end them, too
GIVE_UP = 0.3  # of those who are told that nothing was done


class Load:
    """A crowd of clients on a few users; its history grows in `calls`."""

    def __init__(self, api, users=12, clients=12, seed=1):
        self.api = api
        self.calls = []
        self.open = []  # (user, hold): anybody's to end
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

    def violations(self):
        """What the checker says of it all."""
        return check(self.calls, self.rows(), self.holds())

    def holds(self):
        """The holds of the load's users."""
        return [Hold(*row.values()) for row in self.api.stack.rows(
            "select id, user_id, status, amount, captured from florin.holds"
            " where user_id = any(%s)", self.users)]


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
        self.refundable = []  # (user, transaction, amount) that were taken
        self.repeatable = []  # (calls, request) that were answered

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
        call, body = self.a_consume(user)
        self.write(call, self.api.as_user(user), **body)

    def a_consume(self, user):
        amount = self.random.randint(1, 20)
        call = Call(self.name("consume"), user, "consume", amount)
        return call, {"amount": amount, "reason": call.name}

    def grant(self, user):
        call, body = self.a_grant(user)
        self.write(call, self.api.service, **body)

    def a_grant(self, user):
        amount = self.random.randint(1, 30)
        source = self.random.choice(["bonus", "compensation"])
        call = Call(self.name("grant"), user, "grant", amount)
        return call, {"user_id": user, "amount": amount, "source": source,
                      "reason": call.name}

    def refund(self, _):
        if self.refundable:
            call, body = self.a_refund()
            self.write(call, self.api.service, **body)

    def a_refund(self):
        """Now and then one that was refunded already: that is refused."""
        place = self.random.randrange(len(self.refundable))
        user, number, amount = self.refundable[place]
        if self.random.random() < 0.6:
            del self.refundable[place]
        call = Call(self.name("refund"), user, "refund", amount,
                    refunds=number)
        return call, {"user_id": user, "transaction_id": number,
                      "reason": call.name}

    def hold(self, user):
        amount = self.random.randint(1, 20)
        call = Call(self.name("hold"), user, "hold", amount)
        self.write(call, self.api.service, user_id=user, amount=amount,
                   reason=call.name)
        if call.done:
            self.load.open.append((user, call.done.json["hold"]))

    def end(self, _):
        """Capture a hold, whole or in part, or release it; others may be at
        it, or have been."""
        if not self.load.open:
            return
        user, hold = self.random.choice(self.load.open)
        if self.random.random() > ENDED_AGAIN:
            with contextlib.suppress(ValueError):  # somebody was faster
                self.load.open.remove((user, hold))
        verb = self.random.choice(["capture", "capture", "release"])
        kept = 0
        body = {"user_id": user}
        if verb == "capture":
            kept = self.random.choice(
                [hold["amount"], self.random.randint(1, hold["amount"])])
            if kept < hold["amount"] or self.random.random() < 0.5:
                body["amount"] = kept
        call = Call(self.name(verb), user, verb, hold["amount"] - kept,
                    hold_id=hold["id"])
        self.write(call, self.api.service, f"{HOLDS}/{hold['id']}/{verb}",
                   **body)
        if call.done and kept:
            self.keep(self.refundable,
                      (user, hold["transaction_id"], kept))

    def batch(self, _):
        """Operations of several users; now and then one stands there twice,
        with the same key."""
        calls, elements = [], []
        for _ in range(self.random.randint(1, BATCH_MAX)):
            user = self.random.choice(self.load.users)
            kind = self.random.choice(["consume", "grant", "refund"])
            if kind == "refund" and not self.refundable:
                continue
            call, body = (self.a_refund() if kind == "refund" else
                          getattr(self, f"a_{kind}")(user))
            calls.append(call)
            elements.append({**body, "op": kind, "user_id": call.user,
                             "idempotency_key": new_key()})
        if not calls:
            return
        unique = list(calls)
        if self.random.random() < 0.3:
            calls.append(calls[0])
            elements.append(elements[0])
        headers = [("Authorization", f"Bearer {self.api.service}"),
                   ("Content-Type", "application/json")]
        body = json.dumps({"operations": elements}).encode()
        self.pursue(calls, ("POST", BATCH, headers, body))
        self.note(unique)

    def adjust(self, user):
        amount = self.random.choice([-5, -1, 3, 10])
        call = Call(self.name("adjust"), user, "adjust", amount)
        self.write(call, self.api.admin, user_id=user, amount=amount,
                   reason=call.name)

    def read(self, user):
        call = Call(self.name("read"), user, "read")
        headers = [("Authorization", f"Bearer {self.api.as_user(user)}")]
        self.pursue([call], ("GET", "/api/credits", headers, None))
        self.note([call])

    def repeat(self, _):
        """Ask again for what was answered: the same bytes are due."""
        if self.repeatable:
            self.try_until_known(*self.random.choice(self.repeatable))

    # How a call is made.

    def name(self, operation):
        self.count += 1
        return f"{operation} {self.load.users[0]} {self.number}.{self.count}"

    @staticmethod
    def keep(kept, item):
        kept.append(item)
        del kept[:-KEPT_MAX]

    def write(self, call, token, path=None, **body):
        headers = [("Authorization", f"Bearer {token}"),
                   ("Content-Type", "application/json"),
                   ("Idempotency-Key", new_key())]
        self.pursue([call], ("POST", path or PATHS[call.operation], headers,
                             json.dumps(body).encode()))
        self.note([call])

    def pursue(self, calls, request):
        self.try_until_known(calls, request)
        if request[0] == "POST" and all(call.done for call in calls):
            self.keep(self.repeatable, (calls, request))

    def note(self, calls):
        self.load.calls.extend(calls)
        for call in calls:
            if call.done and call.operation == "consume":
                number = call.done.json["transaction"]["id"]
                self.keep(self.refundable, (call.user, number, call.amount))

    def try_until_known(self, calls, request):
        """`calls`: one, or the elements of a batch."""
        while True:
            attempts = self.attempt(calls, request)
            if all(a.is_done or a.is_refused for a in attempts):
                return
            if (not any(a.is_unknown for a in attempts)
                    and self.random.random() < GIVE_UP):
                return
            if (self.load.give_up_at is not None
                    and time.monotonic() > self.load.give_up_at):
                return
            time.sleep(self.random.uniform(*PAUSE_SECONDS))

    def attempt(self, calls, request):
        sent = time.monotonic()
        try:
            answer = self.client.request(*request)
        except (OSError, ConnectionLost, ValueError):
            told = [Told()] * len(calls)
        else:
            told = (told_in_batch(answer, len(calls))
                    if request[1] == BATCH else [told_by(answer)])
        ended = time.monotonic()
        attempts = [Attempt(sent, ended, *one) for one in told]
        for call, attempt in zip(calls, attempts):
            if attempt.status is not None:
                attempt.garbled = is_garbled(call, attempt.status,
                                             attempt.body)
            call.attempts.append(attempt)
        return attempts


class Told(NamedTuple):
    """What a client was told of one operation; nothing, without a status."""

    status: int | None = None
    body: bytes = b""
    replayed: bool = False


def told_by(answer):
    return Told(answer.status, answer.body,
                answer.header("idempotent-replayed") == "true")


def told_in_batch(answer, count):
    """What is told of each element; all of them share an answer that is no
    list of results."""
    results = answer.json.get("results", []) if answer.status == 200 else []
    if len(results) != count:
        return [told_by(answer)] * count
    told = []
    for result in results:
        status, replayed = result.pop("status"), result.pop("replayed", False)
        body = result.get("problem", result)
        told.append(Told(status, json.dumps(body).encode(), replayed))
    return told
