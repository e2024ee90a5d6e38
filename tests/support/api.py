"""Calls of the API as a client makes them; every answer is looked at."""
import json
import re
import urllib.parse
import uuid

from support import contract, shapes
from support.client import Client
from support.tokens import Minter

SERVICE = "backend"
ADMIN = "boss"


def quote(text):
    """A path segment, percent-encoded."""
    return urllib.parse.quote(text, safe="")


def target(path, query):
    pairs = {name: value for name, value in (query or {}).items()
             if value is not None}
    if not pairs:
        return path
    return f"{path}?{urllib.parse.urlencode(pairs)}"


class Api:
    """The API of one stack, with the tokens to call it."""

    def __init__(self, stack, claims=None):
        """`claims` stand in each token: iss and aud where they matter."""
        self.stack = stack
        self.contract = contract.of_program(stack.build_dir)
        self.client = Client(stack.url, contract=self.contract)
        self.minter = Minter(stack.secret, claims)
        self.service = self.minter.token(SERVICE, "service")
        self.admin = self.minter.token(ADMIN, "admin")
        self.observers = []  # called with (method, path, answer)

    def as_user(self, user_id):
        return self.minter.token(user_id)

    def call(self, method, path, who=None, body=None, key=None, query=None,
             headers=()):
        """One request.  `who` is a token; a dictionary is sent as JSON, bytes
        as they are."""
        sent = list(headers)
        if who is not None:
            sent.append(("Authorization", f"Bearer {who}"))
        if key is not None:
            sent.append(("Idempotency-Key", key))
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        names = {name.lower() for name, _ in sent}
        if body is not None and "content-type" not in names:
            sent.append(("Content-Type", "application/json"))
        return self.send(method, target(path, query), sent, body)

    def send(self, method, address, headers=(), body=None):
        answer = self.client.request(method, address, headers, body)
        check_headers(method, address, answer)
        for observer in self.observers:
            observer(method, address.partition("?")[0], answer)
        return answer

    def get(self, path, who=None, **query):
        return self.call("GET", path, who, query=query)

    def post(self, path, who=None, body=None, key=None, headers=()):
        return self.call("POST", path, who, body, key, headers=headers)

    # The operations of the credits, with a fresh key unless one is given.

    def write(self, name, who, key=None, **body):
        return self.post(f"/api/{name}", who, body, key or new_key())

    def consume(self, who, amount, key=None, reason="an image", **more):
        return self.write("credits/consume", who, key, amount=amount,
                          reason=reason, **more)

    def refund(self, user_id, transaction_id, key=None, reason="failed",
               who=None, **more):
        return self.write("credits/refund", who or self.service, key,
                          user_id=user_id, transaction_id=transaction_id,
                          reason=reason, **more)

    def grant(self, user_id, amount, key=None, source="bonus",
              reason="a gift", who=None, **more):
        return self.write("credits/grant", who or self.service, key,
                          user_id=user_id, amount=amount, source=source,
                          reason=reason, **more)

    def hold(self, who, amount, key=None, reason="work", **more):
        return self.write("credits/holds", who, key, amount=amount,
                          reason=reason, **more)

    def capture(self, user_id, hold_id, key=None, who=None, **more):
        return self.write(f"credits/holds/{hold_id}/capture",
                          who or self.service, key, user_id=user_id, **more)

    def batch(self, operations, who=None):
        return self.post("/api/credits/batch", who or self.service,
                         {"operations": operations})

    def release(self, who, hold_id, key=None, **more):
        return self.write(f"credits/holds/{hold_id}/release", who, key,
                          **more)

    def adjust(self, user_id, amount, key=None, reason="a correction",
               who=None, **more):
        return self.write("admin/credits/adjust", who or self.admin, key,
                          user_id=user_id, amount=amount, reason=reason,
                          **more)

    def make_member(self, user_id, plan, period="monthly", key=None,
                    reason="a present", who=None):
        """An admin's POST: as a paid order would."""
        return self.write(f"admin/memberships/{quote(user_id)}",
                          who or self.admin, key, plan=plan, period=period,
                          reason=reason)

    def set_member(self, user_id, plan, period="monthly", **more):
        return self.call("PUT", f"/api/admin/memberships/{quote(user_id)}",
                         self.admin,
                         dict(plan=plan, period=period, reason="so be it",
                              **more))

    def end_member(self, user_id, reason="no more"):
        return self.call("DELETE", f"/api/admin/memberships/{quote(user_id)}",
                         self.admin, query={"reason": reason})

    def register(self, who, key=None, **body):
        return self.post("/api/users", who, body, key)

    def new_user(self, balance=None):
        """A fresh user with this balance (what registration gives if None);
        the user's id."""
        user_id = f"u-{uuid.uuid4().hex[:16]}"
        answer = self.register(self.service, user_id=user_id)
        assert answer.status == 201, answer
        if balance is not None:
            missing = balance - answer.json["wallet"]["balance"]
            if missing:
                answer = self.adjust(user_id, missing)
                assert answer.status == 200, answer
        return user_id

    def balance(self, user_id):
        return self.get("/api/credits", self.as_user(user_id)).json["balance"]


def new_key():
    return f"k-{uuid.uuid4().hex}"


def check_headers(method, address, answer):
    """The rules that each answer of the API keeps."""
    assert answer.status < 500 or answer.status in (502, 503), answer
    assert answer.header("x-request-id"), answer
    if answer.status >= 400:
        if address.endswith("/webhooks/wechat"):
            assert answer.json["code"] == "FAIL" and answer.json["message"]
        elif method != "HEAD":
            shapes.check_problem(answer)
    elif answer.header("content-type") == "application/json":
        shapes.check_integers(answer.body)


def prepared(api, route, user_id):
    """Make what a good call of a route needs; {name: value} of what stands
    in its path or body.  It may be usable only once."""
    return route.prepare(api, user_id) if route.prepare else {}


def site(api, route):
    """The token of an admin, or of a service where no admin may call."""
    return api.admin if "admin" in route.who else api.service


def good_path(route, user_id, made):
    path = route.path
    for name in re.findall(r"{([a-z_]+)}", path):
        value = {"transaction_id": "2", "user_id": user_id, **made}[name]
        path = path.replace("{%s}" % name, quote(value))
    return path


def good_call(api, route, who, user_id, name_user, made=None, **more):
    """A call of a route that succeeds if its caller may.  `name_user`: also
    say whose wallet is meant, as a service must and a user may not need.
    `made`: what was prepared before, to be used again."""
    if route.raw is not None:
        return route.raw(api, user_id)
    if made is None:
        made = prepared(api, route, user_id)
    path = good_path(route, user_id, made)
    naming = {"user_id": user_id} if name_user else {}
    body = query = None
    if route.body is not None:
        body = {**route.body, **{
            name: value for name, value in made.items()
            if name in route.body}}
        body.update(naming if route.user_in == "body" else {})
    if route.query is not None:
        query = dict(route.query)
        query.update(naming if route.user_in == "query" else {})
    more.setdefault("key", new_key() if route.keyed else None)
    return api.call(route.method, path, who, body, query=query, **more)
