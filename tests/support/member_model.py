"""A member's wallet, told from the rules alone (docs: semantics 2-5).

Nothing of the database is used here: what the program says is held against
what this says.  Slow and plain on purpose.  Time goes from moment to moment,
and what is to come (an expiry, the next reset, the calendar) is not worked
out: a copy lives through it and is asked what happened.
"""
import calendar
import copy
import datetime

UTC = datetime.timezone.utc
FOREVER = datetime.datetime.max.replace(tzinfo=UTC)
LENGTHS = {"monthly": 1, "yearly": 12}
PRIORITIES = {"membership": 10, "registration": 20, "bonus": 20,
              "refund": 20, "purchase": 30}
REFUND_GRACE = datetime.timedelta(days=7)


class Refused(Exception):
    """What the program must refuse, by this code."""


def in_zone(local, zone):
    """A local time's moment: an hour that comes twice is meant the first
    time, one that is skipped is told as if the clock had not yet jumped."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def add_months(local, months):
    """That many months on, at most the month's last day."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return local.replace(year=year, month=month + 1, day=min(local.day, last))


class Grant:
    def __init__(self, number, source, amount, expires, order):
        self.number, self.source, self.order = number, source, order
        self.remaining = amount
        self.expires = expires  # of a quota: None, it goes with the month
        self.month = None       # a quota's: which month gave how much of it
        self.given = amount
        self.gone = False


class Period:
    def __init__(self, plan, length, quota, order):
        self.plan, self.length, self.quota = plan, length, quota
        self.order = order
        self.start = self.end = None
        self.exact = None       # how long, where not by the calendar
        self.chain = None       # (first local begin, months before this one)
        self.portions = 0


class Order:
    def __init__(self, number, plan, length, quota):
        self.number = number
        self.plan, self.length, self.quota = plan, length, quota
        self.paid = self.refunded = False
        self.shortfall = 0


class Spending:
    """Where credits were drawn from: [grant, amount], the last one last."""

    def __init__(self, draws):
        self.draws = draws

    def left(self):
        return sum(amount for _, amount in self.draws)

    def pop(self, amount):
        """The last drawn of it come back first."""
        popped = []
        while amount:
            grant, here = self.draws.pop()
            part = min(here, amount)
            amount -= part
            popped.append((grant, part))
            if here > part:
                self.draws.append([grant, here - part])
        return popped


class Member:
    def __init__(self, now, zone, anchor, balance_first, quotas):
        self.now, self.balance_first = now, balance_first
        self.site_zone, self.site_anchor = zone, anchor
        self.quotas = quotas    # of the plans as they stand, lowest first
        self.grants, self.rows, self.numbers = [], [], 0
        self.holds = {}         # name: (expires, Spending)
        self.spent_for_good = []
        self.periods = []       # the first runs
        self.status, self.last = "none", None
        self.started = self.ended = self.zone = self.anchor = None
        self.month = None       # the last that gave
        self.events = []        # (at, what, credits), for the calendar
        self.feed("registration", "registration", 50, None)

    # -- credits

    def write(self, kind, amount, at=None):
        self.rows.append((kind, amount, at or self.now))

    def feed(self, kind, source, amount, expires, order=None, at=None):
        grant = self.put(source, amount, expires, order)
        self.write(kind, amount, at)
        return grant

    def put(self, source, amount, expires, order):
        self.numbers += 1
        grant = Grant(self.numbers, source, amount, expires, order)
        self.grants.append(grant)
        return grant

    def balance(self):
        return sum(g.remaining for g in self.grants)

    def quota_end(self):
        """When this month's quota goes: live on and see."""
        ahead = self.twin()
        ahead.live_until(FOREVER, lambda: ahead.quota_went)
        return ahead.now

    def burn_order(self):
        quota_end = self.quota_end() if any(
            g.source == "membership" and g.remaining
            for g in self.grants) else None

        def place(g):
            expires = quota_end if g.source == "membership" else g.expires
            return (self.balance_first and g.source == "membership",
                    PRIORITIES[g.source], expires or FOREVER,
                    g.source == "purchase", g.number)
        return sorted((g for g in self.grants if g.remaining), key=place)

    def draw(self, kind, amount):
        if amount > self.balance():
            raise Refused("insufficient_credits")
        draws, missing = [], amount
        for grant in self.burn_order():
            part = min(missing, grant.remaining)
            if part:
                grant.remaining -= part
                missing -= part
                draws.append([grant, part])
        self.write(kind, -amount)
        return Spending(draws)

    def consume(self, amount):
        self.spent_for_good.append(self.draw("consume", amount))
        return self.spent_for_good[-1]

    def give_back(self, kind, parts, with_grace, at=None):
        """Into the same grants; of a refunded order's shortfall first; what
        expired since lives a while once, or is gone at once."""
        at = at or self.now
        self.write(kind, sum(part for _, part in parts), at)
        paid, graced, lost = {}, {}, {}
        for grant, part in parts:
            order = grant.order
            if order is not None and order.shortfall:
                pays = min(part, order.shortfall)
                order.shortfall -= pays
                paid[order] = paid.get(order, 0) + pays
                part -= pays
                graced.setdefault(order, 0)
            if not grant.gone:
                grant.remaining += part
            elif with_grace and grant.source != "refund":
                graced[order] = graced.get(order, 0) + part
            elif part:
                lost[grant.number] = lost.get(grant.number, 0) + part
        for order in sorted(graced, key=lambda o: o.number if o else 0):
            if graced[order]:
                self.put("refund", graced[order], at + REFUND_GRACE, order)
        for part in paid.values():
            self.write("clawback", -part, at)
        for _, part in sorted(lost.items()):
            self.write("expire", -part, at)

    def refund(self, spending, amount):
        if amount > spending.left():
            raise Refused("refund_exceeds_transaction")
        self.give_back("refund", spending.pop(amount), True)

    def hold(self, name, amount, seconds):
        spending = self.draw("hold", amount)
        self.holds[name] = (self.now + datetime.timedelta(seconds=seconds),
                            spending)

    def end_hold(self, name, kept, at=None):
        """What was captured, to be refunded perhaps."""
        spending = self.holds.pop(name)[1]
        back = spending.left() - kept
        if back:
            self.give_back("release", spending.pop(back), False, at)
        self.spent_for_good.append(spending)
        return spending

    # -- months

    def month_of(self, moment, ahead=0):
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        if self.anchor == "first_of_month":
            first = local.replace(day=1, hour=0, minute=0, second=0,
                                  microsecond=0)
            return in_zone(add_months(first, ahead), self.zone)
        start = self.started.astimezone(self.zone).replace(tzinfo=None)
        count = 0
        while in_zone(add_months(start, count + 1), self.zone) <= moment:
            count += 1
        return in_zone(add_months(start, count + ahead), self.zone)

    def given_this_month(self):
        return sum(g.given for g in self.grants if g.month is not None
                   and g.month == self.month)

    # -- periods

    def rank(self, plan):
        return list(self.quotas).index(plan)

    def start(self):
        self.status, self.month = "active", None
        self.started = self.now
        self.zone, self.anchor = self.site_zone, self.site_anchor
        for grant in self.grants:
            grant.month = None  # what was given before a gap is not counted

    def lay_out(self):
        """Each period behind the one before; the first has its moments."""
        before = self.periods[0]
        for period in self.periods[1:]:
            period.start = before.end
            self.measure(period, before)
            before = period

    def measure(self, period, before=None):
        if period.exact is not None:
            period.end = period.start + period.exact
            return
        if before is not None and before.exact is None:
            first, months = before.chain
            period.chain = (first, months + LENGTHS[before.length])
        else:
            local = period.start.astimezone(self.zone)
            period.chain = (local.replace(tzinfo=None, fold=0), 0)
        first, months = period.chain
        period.end = in_zone(
            add_months(first, months + LENGTHS[period.length]), self.zone)

    def run_now(self, period):
        period.start = self.now
        self.measure(period)
        self.periods.insert(0, period)
        self.lay_out()
        self.begin(False)

    def add(self, plan, length, order=None, quota=None):
        """As a paid order does, and an admin's POST."""
        period = Period(plan, length, quota or self.quotas[plan], order)
        if not self.periods:
            self.start()
            self.run_now(period)
        elif self.rank(plan) > self.rank(self.periods[0].plan):
            running = self.periods[0]
            running.exact = running.end - self.now
            self.run_now(period)
        else:
            self.periods.append(period)
            self.lay_out()
        self.status = "active"

    def put_so(self, plan, length, expires):
        """An admin's PUT."""
        if self.periods and (plan, length) == (self.periods[0].plan,
                                               self.periods[0].length):
            running = self.periods[0]
            if expires and expires != running.end:
                running.end = expires
                running.exact = expires - running.start
                self.lay_out()
            return
        period = Period(plan, length, self.quotas[plan], None)
        if expires:
            period.exact = expires - self.now
        if self.periods:
            self.periods.pop(0)
        else:
            self.start()
        self.run_now(period)

    def cancel(self):
        if not self.periods:
            raise Refused("not_found")
        self.status = "cancelling"

    def delete(self):
        if self.status == "none":
            raise Refused("not_found")
        if self.periods:
            self.end_all()

    def end_all(self):
        self.last, self.periods = self.periods[0], []
        self.last.end = self.now
        self.status, self.ended = "expired", self.now
        self.drop_quota()

    def drop_quota(self):
        self.expire([g for g in self.grants if g.source == "membership"])

    def expire(self, grants):
        for grant in sorted(grants, key=lambda g: g.number):
            grant.gone = True
            if grant.remaining:
                self.write("expire", -grant.remaining)
                grant.remaining = 0

    quota_went = False

    # -- what gives

    def opens_month(self):
        return self.month is None or self.month < self.month_of(self.now)

    def give(self, kind, amount, opens, by_portion):
        """The running period gives."""
        period = self.periods[0]
        if opens:
            self.month = self.month_of(self.now)
        if by_portion:
            period.portions += 1
        if amount:
            grant = self.feed(kind, "membership", amount, None, period.order)
            grant.month = self.month
        return amount

    def spent(self, period):
        return period.length == "yearly" and period.portions == 12

    def begin(self, resumes):
        """The first period begins, or goes on.  (Not where a reset comes at
        this moment: that gives.)"""
        period, opens = self.periods[0], self.opens_month()
        yearly = period.length == "yearly"
        if self.spent(period) or (resumes and not opens):
            return 0
        if opens or (yearly and period.portions == 0):
            return self.give("membership", period.quota, opens, yearly)
        return self.give("membership", max(
            0, period.quota - self.given_this_month()), False, False)

    def reset(self):
        period = self.periods[0]
        yearly = period.length == "yearly"
        self.events.append((self.now, "portion" if yearly else "reset",
                            period.quota))
        self.give("reset", period.quota, True, yearly)

    # -- orders of plans

    def order(self, number, plan, length):
        return Order(number, plan, length, self.quotas[plan])

    def pay(self, order):
        order.paid = True
        self.add(order.plan, order.length, order, order.quota)

    def renew(self, order):
        """An invoice: one more period, as the plan is now; who cancelled
        stays so."""
        status = self.status if self.periods else "active"
        self.add(order.plan, order.length, Order(0, None, None, None))
        self.status = status

    def refund_order(self, order):
        mine = [p for p in self.periods if p.order is order]
        if order.refunded or not mine:
            raise Refused("order_not_refundable")
        order.refunded = True
        was_running = self.periods[0] is mine[0]
        self.claw_back(order)
        self.periods.remove(mine[0])
        if not self.periods:
            before, self.periods = self.last, mine
            self.end_all()
            if before and before.end == mine[0].start == self.now:
                self.last = before  # the other one has not run at all
        elif was_running:
            self.last = mine[0]
            first = self.periods[0]
            first.start = self.now
            self.measure(first)
            self.lay_out()
            self.begin(first.exact is not None)  # it ran before
        else:
            self.lay_out()

    def claw_back(self, order):
        own = [g for g in self.grants if g.order is order]
        spendings = [s for _, s in self.holds.values()] \
            + self.spent_for_good
        order.shortfall = sum(
            amount for s in spendings for grant, amount in s.draws
            if grant in own)
        taken = sum(g.remaining for g in own)
        for grant in own:
            grant.given -= grant.remaining
            grant.remaining, grant.gone = 0, True
        if taken:
            self.write("clawback", -taken)

    # -- time

    def twin(self):
        """A copy to look ahead with."""
        twin = copy.copy(self)
        memo = {}
        for name in ("grants", "periods", "holds"):
            setattr(twin, name, copy.deepcopy(getattr(self, name), memo))
        twin.rows, twin.events, twin.spent_for_good = [], [], []
        twin.quota_went = False
        return twin

    def due(self):
        """The next moment at which something happens."""
        moments = [g.expires for g in self.grants
                   if g.expires and not g.gone]
        moments += [expires for expires, _ in self.holds.values()]
        if self.periods:
            moments.append(self.periods[0].end)
            moments.append(self.month_of(self.now, 1))
        return min(moments, default=FOREVER)

    def live_until(self, until, enough=lambda: False):
        while not enough():
            at = self.due()
            if at > until or at == FOREVER:
                break
            self.now = at
            self.happen()
        if until != FOREVER and not enough():
            self.now = until

    def happen(self):
        """Everything of this moment, in the order of the rules."""
        now = self.now
        for name in [n for n, h in self.holds.items() if h[0] == now]:
            self.end_hold(name, 0)
        ended = self.periods and self.periods[0].end == now
        had_more = ended and not self.spent(self.periods[0])
        if ended:
            self.last = self.periods.pop(0)
            self.events.append((now, "period_ends", None))
        over = ended and not self.periods
        resets = bool(self.periods) and self.month_of(now) == now \
            and self.opens_month() and not self.spent(self.periods[0]) \
            and (had_more or not ended)
        begins = bool(ended) and bool(self.periods)
        opens = resets or (begins and self.opens_month()
                           and not self.spent(self.periods[0]))
        self.expire([g for g in self.grants if not g.gone and (
            g.expires == now or (over or opens)
            and g.source == "membership")])
        self.quota_went |= over or opens
        if over:
            self.status, self.ended = "expired", now
        if begins:
            credits = 0 if resets else self.begin(False)
            self.events.append((now, "period_begins", credits))
        if resets:
            self.reset()

    # -- what a reader sees

    def next_reset(self):
        if not self.periods or self.spent(self.periods[0]):
            return None
        ahead = self.twin()
        ahead.live_until(FOREVER, lambda: ahead.quota_went)
        resets = [at for at, what, _ in ahead.events
                  if what in ("reset", "portion")]
        return resets[0] if resets else None

    def membership(self):
        shown = self.periods[0] if self.periods else self.last
        return {
            "plan": shown and shown.plan,
            "period": shown and shown.length,
            "status": self.status,
            "monthly_credits": shown and shown.quota,
            "started_at": self.started,
            "expires_at": self.periods[-1].end if self.periods
            else self.ended,
            "next_reset_at": self.next_reset(),
            "upcoming": [(p.plan, p.length, p.start, p.end)
                         for p in self.periods[1:]]}

    def open_grants(self):
        end = self.quota_end() if self.periods else None
        return [(g.source, g.remaining,
                 end if g.source == "membership" else g.expires)
                for g in self.burn_order()]

    def calendar(self, until):
        ahead = self.twin()
        ahead.holds = {}
        for grant in ahead.grants:
            grant.remaining, grant.expires = 0, None
        ahead.live_until(until)
        lines = ahead.events
        lines += [(g.expires, "grant_expires", g.remaining)
                  for g in self.grants if g.expires and g.remaining]
        lines += [(expires, "hold_expires", s.left())
                  for expires, s in self.holds.values()]
        return sorted((line for line in lines if line[0] < until),
                      key=lambda line: (*line[:2], line[2] or 0))
