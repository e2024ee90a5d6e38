"""Compares what clients were told with the ledger: who lies is found.

Every answer carries (user, seq, balance), so the order of operations is
known and each check is one walk over a user's calls or rows.
"""
import collections
import math
from typing import NamedTuple

TIME_KINDS = {"expire"}  # rows that no call asked for


def broken_promise(call):
    """What was told of a call that was done all the same."""
    refused = any(attempt.is_refused for attempt in call.attempts)
    return "refused_but_done" if refused else "not_done_but_done"


class Violation(NamedTuple):
    kind: str
    user: str
    what: str


class Checker:
    """Verifies one history against one ledger, and against the holds."""

    def __init__(self, calls, rows, holds):
        self.violations = []
        self.calls = {call.name: call for call in calls}
        self.by_user = collections.defaultdict(list)
        for call in calls:
            self.by_user[call.user].append(call)
        self.ledger = collections.defaultdict(list)
        self.rows_of = collections.defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.user, row.seq)):
            self.ledger[row.user].append(row)
            self.rows_of[self._name(row)].append(row)
        self.holds = {hold.id: hold for hold in holds}
        self.ends_of = collections.defaultdict(list)
        for call in calls:
            if call.is_end:
                self.ends_of[call.hold_id].append(call)
        self.find_enders()

    @staticmethod
    def _name(row):
        if row.kind == "registration":
            return f"register {row.user}"
        if row.kind == "release":
            return f"end {row.reference[1]}"
        return row.reason

    def find_enders(self):
        """A release row has no reason: it is the row of that call that was
        told to have ended its hold, or of the only one that may have."""
        for hold_id, calls in self.ends_of.items():
            enders = ([call for call in calls if call.done]
                      or [call for call in calls if call.is_in_doubt])
            rows = self.rows_of.get(f"end {hold_id}")
            if rows and (len(enders) == 1 or any(c.done for c in enders)):
                self.rows_of[enders[0].name] = rows

    def report(self, kind, user, what):
        self.violations.append(Violation(kind, user, what))

    def check(self):
        """All violations, in no promised order."""
        for user, rows in self.ledger.items():
            self.check_chain(user, rows)
            self.check_refunds(user, rows)
            self.check_rows_have_calls(user, rows)
        for user, calls in self.by_user.items():
            for call in calls:
                self.check_answers(call)
                if call.is_write:
                    self.check_count(call)
            Timeline(self, user, calls).check()
        for hold_id, calls in self.ends_of.items():
            self.check_ends(hold_id, calls)
        self.check_holds_have_calls()
        return self.violations

    # The ledger by itself.

    def check_chain(self, user, rows):
        balance = 0
        for seq, row in enumerate(rows, start=1):
            balance += row.amount
            if row.seq != seq:
                self.report("gap", user, f"{row} stands at {seq}")
                return
            if row.balance_after != balance:
                self.report("broken_chain", user, f"{row}: not {balance}")
                balance = row.balance_after
            if row.balance_after < 0:
                self.report("negative", user, str(row))

    def check_refunds(self, user, rows):
        """What came back of a transaction is not more than it took."""
        left, taken_by = {}, {}
        for row in rows:
            if row.kind in ("consume", "hold"):
                left[str(row.seq)] = -row.amount
            if row.kind == "hold":
                taken_by[row.reference[1]] = str(row.seq)
            if row.kind in ("refund", "release"):
                number = row.reference[1]
                if row.kind == "release":
                    number = taken_by.get(number)
                left[number] = left.get(number, 0) - row.amount
                if left[number] < 0:
                    self.report("over_refund", user, str(row))

    def check_rows_have_calls(self, user, rows):
        for row in rows:
            if row.kind == "release":
                continue  # see check_ends
            call = self.calls.get(self._name(row))
            if call is None and row.kind in TIME_KINDS:
                continue
            if call is None or call.user != user:
                self.report("phantom", user, f"nobody asked for {row}")

    # Holds: each ends once, as was told.

    def check_ends(self, hold_id, calls):
        user = calls[0].user
        done = [call for call in calls if call.done]
        rows = self.rows_of.get(f"end {hold_id}", [])
        if len(done) > 1 or len(rows) > 1:
            self.report("ended_twice", user,
                        f"{[call.name for call in done]}: {rows}")
        if not done and not any(call.is_in_doubt for call in calls) and rows:
            self.report("phantom", user, f"nobody ended it: {rows}")
        hold = self.holds.get(hold_id)
        for call in calls:
            for attempt in call.attempts:
                told = attempt.json.get("hold") if (
                    attempt.is_done or attempt.status == 409) else None
                if hold and told and (hold.status, hold.captured) != (
                        told["status"], told["captured"]):
                    self.report("altered", user,
                                f"{call.name}: {hold}, told {told}")

    def check_holds_have_calls(self):
        """What is no longer open was ended by somebody."""
        for hold in self.holds.values():
            enders = [call for call in self.ends_of[hold.id]
                      if call.done or call.is_in_doubt]
            if hold.status != "open" and not enders:
                self.report("phantom", hold.user, f"nobody ended {hold}")

    # What one client was told.

    def check_answers(self, call):
        for attempt in call.attempts:
            if attempt.status == 500 or attempt.garbled:
                kind = "garbled" if attempt.garbled else "fault"
                self.report(kind, call.user, f"{call.name}: {attempt.body}")
        done = [a for a in call.attempts if a.is_done]
        for attempt in done:
            self.check_owner(call, attempt)
        if not call.is_write:
            return
        if len({attempt.body for attempt in done}) > 1:
            self.report("different_replay", call.user,
                        f"{call.name}: {[a.body for a in done]}")

    def check_owner(self, call, attempt):
        value = attempt.json
        parts = [value.get(name) or value for name in
                 ("transaction", "wallet", "user", "hold")]
        owners = {part["user_id"] for part in parts if "user_id" in part}
        if owners != {call.user}:
            self.report("foreign", call.user, f"{call.name}: {owners}")

    def check_count(self, call):
        """Answered: once.  Refused or promised undone: never.  In doubt: once
        at most."""
        rows = self.rows_of.get(call.name, [])
        if len(rows) > 1:
            self.report("doubled", call.user, f"{call.name}: {rows}")
        elif call.done and not rows:
            if call.change != 0 or call.done.json["transaction"]:
                self.report("lost", call.user,
                            f"{call.name}: {call.done.body}")
        elif call.done:
            self.check_fields(call, rows[0])
        elif rows and not any(a.is_unknown for a in call.attempts):
            self.report(broken_promise(call), call.user,
                        f"{call.name}: {rows[0]}")

    def check_fields(self, call, row):
        told = call.done.json
        transaction, wallet = told["transaction"], told["wallet"]
        if transaction is None:
            self.report("altered", call.user, f"told of no row, is {row}")
            return
        told_row = (transaction["id"], transaction["kind"],
                    transaction["amount"], transaction["balance_after"])
        if told_row != (row.seq, row.kind, row.amount, row.balance_after):
            self.report("altered", call.user, f"told {told_row}, is {row}")
        if (row.kind, row.amount) != (call.kind, call.change):
            self.report("altered", call.user, f"asked {call}, is {row}")
        if call.refunds is not None:
            self.check_reference(call, row, "transaction", call.refunds)
        if "hold" in told:
            self.check_reference(call, row, "hold", told["hold"]["id"])
        if wallet["version"] < row.seq or (
                wallet["version"] == row.seq
                and wallet["balance"] != row.balance_after):
            self.report("wallet_behind", call.user, f"{wallet}: {row}")

    def check_reference(self, call, row, kind, number):
        if row.reference != (kind, str(number)):
            self.report("altered", call.user, f"{call.name}: {row}")


class Timeline:
    """The calls of one user in real time against the order of its ledger.

    A call that ended before another began has the smaller seq; a read is
    never older than what was answered before it began."""

    def __init__(self, checker, user, calls):
        self.report = checker.report
        self.rows_of = checker.rows_of
        self.user = user
        self.calls = calls
        self.balances = [0] + [
            row.balance_after for row in checker.ledger.get(user, [])]
        self.floor_of = {}  # attempt -> highest seq answered before it began
        self.ceiling_of = {}  # attempt -> lowest seq begun after it ended

    def check(self):
        self.find_floors()
        self.find_ceilings()
        for call in self.calls:
            for attempt in call.attempts:
                self.check_attempt(call, attempt)

    def find_floors(self):
        events = []
        for call in self.calls:
            for attempt in call.attempts:
                events.append((attempt.sent, 0, id(attempt), 0))
                if attempt.is_done:
                    seen = self.version(call, attempt)
                    events.append((attempt.ended, 1, id(attempt), seen))
        floor = 0
        for _, is_end, attempt, seen in sorted(events):
            if is_end:
                floor = max(floor, seen)
            else:
                self.floor_of[attempt] = floor

    def find_ceilings(self):
        events = []
        for call in self.calls:
            for row in self.rows_of.get(call.name, []):
                events.append((call.began, 0, 0, row.seq))
            for attempt in call.attempts:
                if attempt.ended is not None:
                    events.append((attempt.ended, 1, id(attempt), 0))
        ceiling = math.inf
        for _, is_end, attempt, seq in sorted(events, reverse=True):
            if is_end:
                self.ceiling_of[attempt] = ceiling
            else:
                ceiling = min(ceiling, seq)

    @staticmethod
    def version(call, attempt):
        value = attempt.json
        if not call.is_write:
            return value["version"]
        if value["transaction"] is None:  # a capture of the whole hold
            return value["wallet"]["version"]
        return value["transaction"]["id"]

    def check_attempt(self, call, attempt):
        if attempt.is_refused:
            self.check_refusal(call, attempt)
        elif attempt.is_done and call.is_write:
            self.check_order(call, attempt)
        elif attempt.is_done:
            self.check_read(call, attempt)

    def check_order(self, call, attempt):
        """It was done by its first try that was not told to be undone."""
        seq = self.version(call, attempt)
        doer = next(a for a in call.attempts if a.is_unknown or a.is_done)
        floor = self.floor_of[id(doer)]
        is_row = attempt.json["transaction"] is not None
        if seq < floor + is_row:
            told = doer is not call.attempts[0]
            self.report(broken_promise(call) if told else "order", self.user,
                        f"{call.name} is {seq}, {floor} was answered before")
        if seq >= self.ceiling_of[id(attempt)]:
            self.report("order", self.user, f"{call.name} is {seq}, a later "
                        f"call is {self.ceiling_of[id(attempt)]}")

    def check_read(self, call, attempt):
        version = self.version(call, attempt)
        floor = self.floor_of[id(attempt)]
        if version < floor:
            self.report("stale_read", self.user,
                        f"{call.name} saw {version} after {floor}")
        if version >= self.ceiling_of[id(attempt)]:
            self.report("order", self.user, f"{call.name} saw {version}, "
                        f"a later call is {self.ceiling_of[id(attempt)]}")
        balance = attempt.json["balance"]
        if (version >= len(self.balances)
                or self.balances[version] != balance):
            self.report("wrong_read", self.user,
                        f"{call.name} saw {balance} at {version}")

    def check_refusal(self, call, attempt):
        floor = self.floor_of[id(attempt)]
        rows = self.rows_of.get(call.name, [])
        if rows and rows[0].seq <= floor:
            self.report("refused_but_done", self.user,
                        f"{call.name}: {attempt.body} after {rows[0]}")
        if attempt.status == 402:
            self.check_shortage(call, attempt, floor)

    def check_shortage(self, call, attempt, floor):
        """The balance that a 402 tells was the balance at some moment of it,
        and was too small."""
        told = attempt.json
        if call.operation not in ("consume", "adjust", "hold"):
            self.report("wrong_refusal", self.user,
                        f"{call.name} takes nothing: {told}")
            return
        last = min(self.ceiling_of[id(attempt)] - 1, len(self.balances) - 1)
        seen = self.balances[floor:last + 1]
        if told["balance"] not in seen:
            self.report("wrong_refusal", self.user,
                        f"{call.name}: {told['balance']} not in {seen}")
        if told["balance"] >= -call.change:
            self.report("wrong_refusal", self.user,
                        f"{call.name}: {told['balance']} was enough")


def check(calls, rows, holds=()):
    """The violations of a history against a ledger and the holds (an empty
    list is good)."""
    return Checker(calls, rows, holds).check()
