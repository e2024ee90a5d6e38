"""Random lives of members: the program and a model of the rules agree.

Each life is lived by two users of the program, one who looks all the time and
one who never does, and by the model (support/member_model.py).  All of it
happens in a transaction with a clock of its own, which is undone.
FLORIN_LIVES says how many lives (24; with ./dev test all 300).
"""
import contextlib
import datetime
import json
import os
import random
import zoneinfo

import psycopg2
import pytest

from support.member_model import Member, Refused, UTC

ZONES = ["UTC", "Asia/Shanghai", "America/New_York"]
ANCHORS = ["first_of_month", "anniversary"]
QUOTAS = {"lite": 100, "pro": 250, "premium": 600}
ALL = 300 if "FLORIN_TEST_ALL" in os.environ else 24
LIVES = int(os.environ.get("FLORIN_LIVES", ALL)) // 6
STEPS = 25
CLOCK = """
create table florin.own_clock as select now() as at;
create function florin.own_time() returns timestamptz security definer
language sql as 'select at from florin.own_clock';
grant execute on function florin.own_time() to public;
create or replace function florin.clock() returns timestamptz
language sql volatile as 'select florin.own_time()';
set local timezone = 'UTC';
insert into florin.credit_packages (package_id, title, credits, bonus_credits,
    amount, currency, available)
    values ('of-the-model', 'p', 300, 0, 3000, 'CNY', true);
"""
LEDGER = """
select kind, amount, effective_at from florin.credit_transactions
where user_id = %s and seq > %s order by seq
"""
VIEW = """
select status, plan, period, monthly_credits, started_at, expires_at
from florin.user_membership_status where user_id = %s
"""
WHOLE_LEDGER = """
select seq, kind, amount, balance_after, effective_at, draws,
    split_part(actor, ':', 1)
from florin.credit_transactions where user_id = %s order by seq
"""


class Program:
    """The database, called as the program calls it, in one transaction."""

    def __init__(self, db):
        self.cursor = db.cursor()

    def rows(self, query, *values):
        self.cursor.execute(query, values)
        return self.cursor.fetchall()

    def do(self, statement, *values):
        self.cursor.execute(statement, values)

    def call(self, function, *values):
        """The body of an answer; Refused with the code of a refusal."""
        places = ", ".join(["%s"] * len(values))
        self.do("savepoint before")
        try:
            ((body,),) = self.rows(
                f"select body::json from {function}({places})", *values)
        except psycopg2.Error as error:
            self.do("rollback to savepoint before")
            if error.pgcode != "FL000":
                raise
            raise Refused(error.diag.message_primary) from None
        self.do("release savepoint before")
        return body

    def set_clock(self, now):
        self.do("update florin.own_clock set at = %s", now)

    def set_setting(self, name, value):
        self.do("update florin.settings set value = to_jsonb(%s::text)"
                " where name = %s", value, name)

    def set_quotas(self, quotas):
        """Prices move, too: what was ordered keeps its own."""
        for plan, credits in quotas.items():
            self.do("update florin.plans set monthly_credits = %s"
                    " where plan = %s", credits, plan)
            self.do("update florin.plan_prices set amount = amount + 1"
                    " where plan = %s", plan)


class User:
    """One of the program's users, who does what the model's member does."""

    def __init__(self, program, uid):
        self.program, self.uid = program, uid
        self.seen = 0
        self.transactions, self.holds, self.orders = {}, {}, {}
        program.call("florin_api.register_user", "user", uid, *[None] * 6)

    def call(self, function, caller, *values):
        return self.program.call(function, caller, self.uid, *values)

    def consume(self, name, amount):
        body = self.call("florin_api.consume_credits", "user", *[None] * 4,
                         amount, "r", None, None)
        self.transactions[name] = body["transaction"]["id"]

    def refund(self, name, amount):
        self.call("florin_api.refund_credits", "service:be", *[None] * 4,
                  self.transactions[name], amount, "r")

    def hold(self, name, amount, seconds):
        body = self.call("florin_api.hold_credits", "service:be",
                         *[None] * 4, amount, "r", seconds)
        self.holds[name] = body["hold"]["id"]
        self.transactions[name] = body["transaction"]["id"]

    def end_hold(self, name, kept):
        if kept:
            self.call("florin_api.capture_hold", "service:be", *[None] * 4,
                      self.holds[name], kept)
        else:
            self.call("florin_api.release_hold", "service:be", *[None] * 4,
                      self.holds[name])

    def give(self, amount, expires):
        self.call("florin_api.grant_credits", "service:be", *[None] * 4,
                  amount, "bonus", "r", expires, None)

    def place_order(self, name, package, plan, period):
        body = self.call("florin_api.create_order", "user", *[None] * 4,
                         package, plan, period, "stripe", "CNY")
        self.orders[name] = body["order"]

    def pay(self, name):
        order = self.orders[name]
        self.call("florin_api.complete_order", "service:be", *[None] * 4,
                  order["id"], f"{self.uid}/{name}", order["amount"], "CNY")

    def renew(self, name, invoice):
        order = self.orders[name]
        event = f"{self.uid}/{invoice}"
        facts = json.dumps({
            "what": "renewed", "references": [event], "aliases": [],
            "order_id": order["id"], "amount": order["amount"],
            "currency": "CNY"})
        caller = "payment:stripe"
        self.program.call("florin_api.record_notice", caller, "stripe", event,
                          "invoice.paid", b"raw", facts)
        told = self.program.call("florin_api.apply_notice", caller, "stripe",
                                 event)
        assert told["outcome"] == "completed"

    def refund_order(self, name):
        self.call("florin_api.refund_order", "service:be", *[None] * 4,
                  self.orders[name]["id"], None, "r")

    def add(self, plan, period):
        self.call("florin_admin.create_membership", "admin:a", *[None] * 4,
                  plan, period, "r")

    def put_so(self, plan, period, expires):
        self.call("florin_admin.set_membership", "admin:a", None, None,
                  plan, period, expires, "r")

    def delete(self):
        self.call("florin_admin.delete_membership", "admin:a", None, None,
                  "r")

    def cancel(self):
        self.call("florin_api.cancel_membership", "user", None, None)

    def look(self):
        return self.call("florin_api.get_credits", "user", None, None)

    def calendar(self):
        return self.call("florin_api.get_calendar", "user")["data"]

    def new_rows(self):
        rows = self.program.rows(LEDGER, self.uid, self.seen)
        self.seen += len(rows)
        return rows


def moment(text):
    return text and datetime.datetime.fromisoformat(text)


def shown_membership(m):
    return dict(m, upcoming=[
        (p["plan"], p["period"], moment(p["starts_at"]), moment(p["ends_at"]))
        for p in m["upcoming"]], **{
            name: moment(m[name])
            for name in ("started_at", "expires_at", "next_reset_at")})


def shown_calendar(lines, until):
    shown = [(moment(line["at"]), line["what"], line["credits"])
             for line in lines]
    return sorted((line for line in shown if line[0] < until),
                  key=lambda line: (*line[:2], line[2] or 0))


class Life:
    """One history: what happens is chosen by the dice."""

    def __init__(self, program, name, zone, anchor):
        self.dice = dice = random.Random(name)
        self.program = program
        self.quotas = dict(QUOTAS)
        burn_order = dice.choice(["expiring_first", "balance_first"])
        self.now = self.first_moment(dice, zoneinfo.ZoneInfo(zone))
        program.set_quotas(self.quotas)
        for setting, value in (("timezone", zone), ("reset_anchor", anchor),
                               ("burn_order", burn_order)):
            program.set_setting(setting, value)
        program.set_clock(self.now)
        self.model = Member(self.now, zoneinfo.ZoneInfo(zone), anchor,
                            burn_order == "balance_first", self.quotas)
        self.users = [User(program, f"{name} {kind}")
                      for kind in ("looks", "never looks")]
        self.spendings, self.pending, self.paid = {}, {}, {}
        self.count = 0
        self.story = [f"{name}, {burn_order}, from {self.now}"]

    @staticmethod
    def first_moment(dice, zone):
        day = dice.choice([(2027, 1, 31), (2028, 2, 29), (2026, 10, 31),
                           (2027, 3, 1), (2027, 12, 31), (2027, 2, 14),
                           (2027, 5, dice.randint(1, 30))])
        hour, minute = dice.choice([(0, 0), (2, 30), (1, 30), (23, 59),
                                    (10, 0)])
        return datetime.datetime(*day, hour, minute, tzinfo=zone) \
            .astimezone(UTC)

    def both(self, act, *values):
        """The model's answer; all three must do or refuse the same."""
        answers = []
        for user in self.users:
            try:
                getattr(user, act)(*values)
                answers.append(None)
            except Refused as refused:
                answers.append(str(refused))
        return answers

    def agree(self, told, does, act, *values):
        self.story.append(f"{self.now}: {told}")
        refused = result = None
        try:
            result = does()
        except Refused as error:
            refused = str(error)
        assert self.both(act, *values) == [refused] * 2
        return result

    # -- what may happen

    def consume(self):
        amount = self.dice.randint(1, max(2, self.model.balance() * 11 // 10))
        self.count += 1
        name = f"c{self.count}"
        spending = self.agree(
            f"{name}: consume {amount}",
            lambda: self.model.consume(amount), "consume", name, amount)
        if spending:
            self.spendings[name] = spending

    def refund(self):
        if not self.spendings:
            return
        name = self.dice.choice(list(self.spendings))
        spending = self.spendings[name]
        if spending.left():
            amount = self.dice.choice(
                [spending.left(), self.dice.randint(1, spending.left() + 1)])
            self.agree(f"refund {amount} of {name}",
                       lambda: self.model.refund(spending, amount),
                       "refund", name, amount)

    def hold(self):
        """Often shortly before a reset or an end, which it outlives."""
        if self.model.periods and self.dice.random() < 0.6:
            self.advance(self.dice.choice(
                [self.model.periods[0].end, self.model.month_of(self.now, 1)])
                - datetime.timedelta(seconds=self.dice.randint(1, 50000)))
        amount = self.dice.randint(1, max(2, self.model.balance()))
        seconds = self.dice.choice([900, 86400, self.dice.randint(1, 86400)])
        self.count += 1
        name = f"h{self.count}"
        self.tick()
        self.agree(f"{name}: hold {amount} for {seconds} s",
                   lambda: self.model.hold(name, amount, seconds),
                   "hold", name, amount, seconds)

    def end_hold(self):
        if not self.model.holds:
            return
        name = self.dice.choice(list(self.model.holds))
        held = self.model.holds[name][1].left()
        kept = self.dice.choice([0, held, self.dice.randint(1, held)])
        self.spendings[name] = self.agree(
            f"end {name}, keep {kept}",
            lambda: self.model.end_hold(name, kept), "end_hold", name, kept)

    def give(self):
        amount = self.dice.randint(1, 60)
        expires = self.dice.choice([None, self.now + datetime.timedelta(
            hours=self.dice.randint(1, 2000))])
        self.agree(f"grant {amount} until {expires}",
                   lambda: self.model.feed("grant", "bonus", amount, expires),
                   "give", amount, expires)

    def buy_credits(self):
        self.count += 1
        name = f"p{self.count}"
        self.agree(f"{name}: a package", lambda: None, "place_order", name,
                   "of-the-model", None, None)
        self.agree(f"pay {name}", lambda: self.model.feed(
            "recharge", "purchase", 300, None), "pay", name)

    def some_plan(self):
        return (self.dice.choice(["lite", "lite", "pro", "premium"]),
                self.dice.choice(["monthly", "monthly", "yearly"]))

    def place_order(self):
        plan, period = self.some_plan()
        self.count += 1
        name = f"o{self.count}"
        self.tick()
        self.pending[name] = self.agree(
            f"{name}: order {plan} {period}",
            lambda: self.model.order(self.count, plan, period),
            "place_order", name, None, plan, period)
        if self.dice.random() < 0.8:
            self.pay()

    def pay(self):
        if not self.pending:
            return
        name = self.dice.choice(list(self.pending))
        order = self.paid[name] = self.pending.pop(name)
        self.agree(f"pay {name}", lambda: self.model.pay(order), "pay", name)

    def refund_order(self):
        if self.paid:
            name = self.dice.choice(list(self.paid))
            self.agree(f"refund order {name}", lambda:
                       self.model.refund_order(self.paid[name]),
                       "refund_order", name)

    def renew(self):
        if self.paid:
            name = self.dice.choice(list(self.paid))
            self.count += 1
            invoice = f"i{self.count}"
            self.agree(f"{invoice} renews {name}",
                       lambda: self.model.renew(self.paid[name]),
                       "renew", name, invoice)

    def add(self):
        plan, period = self.some_plan()
        self.agree(f"POST {plan} {period}",
                   lambda: self.model.add(plan, period), "add", plan, period)

    def put_so(self):
        self.tick()
        plan, period = self.some_plan()
        if self.model.periods and self.dice.random() < 0.4:
            plan = self.model.periods[0].plan
            period = self.model.periods[0].length
        expires = self.dice.choice([None, self.now + datetime.timedelta(
            hours=self.dice.randint(1, 3000))])
        self.agree(f"PUT {plan} {period} {expires}",
                   lambda: self.model.put_so(plan, period, expires),
                   "put_so", plan, period, expires)

    def delete(self):
        self.agree("DELETE", self.model.delete, "delete")

    def cancel(self):
        self.agree("cancel", self.model.cancel, "cancel")

    def change_terms(self):
        """What is bought from now on gives more, and has other months."""
        plan = self.dice.choice(list(QUOTAS))
        self.quotas[plan] = QUOTAS[plan] + self.dice.randint(-20, 20)
        self.program.set_quotas(self.quotas)
        anchor = self.dice.choice(ANCHORS)
        zone = self.dice.choice(ZONES)
        self.program.set_setting("reset_anchor", anchor)
        self.program.set_setting("timezone", zone)
        self.model.site_anchor = anchor
        self.model.site_zone = zoneinfo.ZoneInfo(zone)
        self.story.append(f"{self.now}: {self.quotas}, {anchor}, {zone}")

    def wait(self):
        """Some time, or to a moment at which something happens, or nearly."""
        model, dice = self.model, self.dice
        target = self.now + dice.choice([
            datetime.timedelta(seconds=dice.randint(1, 5000)),
            datetime.timedelta(hours=dice.randint(1, 300)),
            datetime.timedelta(days=dice.randint(1, 70)),
            datetime.timedelta(days=dice.randint(1, 400))])
        if model.periods and dice.random() < 0.5:
            target = dice.choice(
                [p.end for p in model.periods[:2]]
                + [model.month_of(self.now, 1)]
                + [expires for expires, _ in model.holds.values()])
            target += dice.choice([0, 0, -1]) * datetime.timedelta.resolution
        self.story.append(f"{self.now}: wait until {target}")
        for _ in range(dice.choice([0, 0, 1, 3])):
            self.advance(self.now + (target - self.now) * dice.random())
            self.users[0].look()
        self.advance(target)

    def tick(self):
        """Ids tell the order of orders and holds by the millisecond; what
        ran for no time at all is not told apart."""
        self.advance(self.now + datetime.timedelta(milliseconds=1))

    def advance(self, target):
        self.now = max(self.now, target)
        self.program.set_clock(self.now)
        self.model.live_until(self.now)

    CHANCES = {
        "wait": 40, "consume": 10, "refund": 7, "hold": 7, "end_hold": 4,
        "give": 2, "buy_credits": 1, "place_order": 14, "pay": 2,
        "refund_order": 6, "renew": 3, "add": 6, "put_so": 4, "delete": 1, "cancel": 2,
        "change_terms": 2}

    # -- the same?

    def compare(self):
        """After each step, what the first user is told, and what a list
        says of the second one."""
        user, model = self.users[0], self.model
        wallet = user.look()
        assert user.new_rows() == model.rows
        model.rows = []
        assert wallet["balance"] == model.balance()
        membership = model.membership()
        assert shown_membership(wallet["membership"]) == membership
        assert [(g["source"], g["remaining"], moment(g["expires_at"]))
                for g in wallet["grants"]] == model.open_grants()
        until = self.now + datetime.timedelta(days=360)
        assert shown_calendar(user.calendar(), until) == model.calendar(until)
        assert self.program.rows(VIEW, self.users[1].uid) == [tuple(
            membership[name] for name in (
                "status", "plan", "period", "monthly_credits", "started_at",
                "expires_at"))]

    def live(self):
        for _ in range(STEPS):
            (act,) = self.dice.choices(list(self.CHANCES),
                                       self.CHANCES.values())
            getattr(self, act)()
            self.compare()
        self.advance(self.now + datetime.timedelta(days=500))
        self.compare()
        self.users[1].look()
        first, second = (self.program.rows(WHOLE_LEDGER, user.uid)
                         for user in self.users)
        assert first == second
        for user in self.users:
            assert self.program.rows("select * from florin.check_user(%s)",
                                     user.uid) == []


@contextlib.contextmanager
def own_transaction(stack):
    """A program with a clock of its own, of which nothing is left."""
    with contextlib.closing(stack.connect()) as db:
        db.autocommit = False
        program = Program(db)
        program.do(CLOCK)
        yield program
        db.rollback()


@pytest.mark.parametrize("anchor", ANCHORS)
@pytest.mark.parametrize("zone", ZONES)
def test_lives(stack, zone, anchor):
    for number in range(LIVES):
        with own_transaction(stack) as program:
            life = Life(program, f"life {number} {zone} {anchor}", zone,
                        anchor)
            try:
                life.live()
            except BaseException:
                print("\n".join(life.story))
                raise
