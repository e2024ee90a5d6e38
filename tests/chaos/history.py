"""What clients did and were told: the one source that the checker trusts."""
import dataclasses
import json

SIGN = {"register": 1, "grant": 1, "refund": 1, "consume": -1, "adjust": 1,
        "hold": -1, "capture": 1, "release": 1}
# Others are named as their rows.
KIND_OF = {"register": "registration", "capture": "release"}
ENDS = ("capture", "release")  # of holds; their rows have no reason


@dataclasses.dataclass
class Attempt:
    """One request and what came back; status None: nothing did."""

    sent: float
    ended: float | None = None
    status: int | None = None
    body: bytes = b""
    replayed: bool = False
    garbled: bool = False  # a success that is no answer to this call

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def is_done(self):
        return (self.status is not None and self.status < 300
                and not self.garbled)

    @property
    def is_refused(self):
        return self.status is not None and 400 <= self.status < 500

    @property
    def is_not_done(self):
        """The server promised that nothing happened."""
        return self.status == 503 and self.json["code"] == "unavailable"

    @property
    def is_unknown(self):
        return not (self.is_done or self.is_refused or self.is_not_done)


@dataclasses.dataclass
class Call:
    """One intention of one client: what it wanted, each try of it.

    `name` is unique and travels as the reason into the ledger, so that a row
    is known by its call even if keys fail."""

    name: str
    user: str
    operation: str  # register, grant, consume, hold, capture, ..., read
    amount: int = 0  # of a capture or release: what returns, maybe 0
    refunds: int | None = None  # the transaction that a refund names
    attempts: list[Attempt] = dataclasses.field(default_factory=list)
    hold_id: str | None = None  # which a capture or release ends

    @property
    def is_end(self):
        return self.operation in ENDS

    @property
    def is_write(self):
        return self.operation != "read"

    @property
    def kind(self):
        return KIND_OF.get(self.operation, self.operation)

    @property
    def change(self):
        return SIGN[self.operation] * self.amount

    @property
    def began(self):
        return self.attempts[0].sent

    @property
    def done(self):
        """The first attempt that was answered with success."""
        return next((a for a in self.attempts if a.is_done), None)

    @property
    def is_in_doubt(self):
        """Nobody was told that it is done, and it may be."""
        return not self.done and any(a.is_unknown for a in self.attempts)


def is_garbled(call, status, body):
    """Is this a success that has not the shape of the call's answer?"""
    if status >= 300:
        return False
    try:
        value = json.loads(body)
    except ValueError:
        return True
    wanted = {"transaction", "wallet"} if call.is_write else {
        "version", "balance"}
    if call.is_end or call.operation == "hold":
        wanted.add("hold")
    if not wanted <= set(value):
        return True
    return call.is_write and (value["transaction"] is None) != (
        call.change == 0)


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of the ledger as it stands in the database."""

    user: str
    seq: int
    kind: str
    amount: int
    balance_after: int
    reason: str
    reference: tuple[str, str] | None = None


@dataclasses.dataclass(frozen=True)
class Hold:
    """A hold as it stands in the database at the end."""

    id: str
    user: str
    status: str
    amount: int
    captured: int
