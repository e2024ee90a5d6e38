"""The endpoints as the contract names them, written down independently of
the program: who may call, what a good call looks like.  What its answer looks
like is the document's to say: see contract.py.
"""
import collections.abc
import dataclasses
import re
import uuid

from support import payments

EVERYBODY = frozenset({"user", "service", "admin"})
SITE = frozenset({"service", "admin"})
SERVICE = frozenset({"service"})
ADMIN = frozenset({"admin"})
USER = frozenset({"user"})
LOCAL = frozenset()  # no token is asked for


@dataclasses.dataclass(frozen=True)
class Route:
    """One endpoint.  `user_in` says where its user is named."""

    method: str
    path: str
    who: frozenset
    body: dict | None = None  # of a good call, without user_id
    query: dict | None = None
    user_in: str | None = None  # "body", "query", "path"
    success: int = 200
    cached: bool = False  # ETag and 304
    keyed: bool = False  # Idempotency-Key is required
    # Before a good call: prepare(api, user_id) makes what it needs and
    # returns values for names of the path and of `body`.
    prepare: collections.abc.Callable | None = None
    # What in the body makes it another request; None: what was prepared.
    another: dict | None = dataclasses.field(
        default_factory=lambda: {"reason": "another"})
    # A webhook: raw(api, user_id) sends a good notice; the answer.
    raw: collections.abc.Callable | None = None

    @property
    def name(self):
        return f"{self.method} {self.path}"

    def matches(self, method, path):
        pattern = re.sub(r"\{[a-z_]+\}", "[^/]+", self.path)
        return (method.replace("HEAD", "GET") == self.method
                and re.fullmatch(pattern, path) is not None)

    def check_answer(self, method, answer):
        """The headers of a success; its body is held against the document."""
        if self.who:
            assert answer.header("cache-control") == "private, no-cache"
        if self.cached and answer.header("etag") is not None:
            assert "authorization" in answer.vary


def tomorrow(api, _):
    """Nobody has checked in yet."""
    api.stack.dev("clock", "1 day")
    return {}


def own_hold(api, user_id):
    made = api.hold(api.as_user(user_id), 2)
    return {"hold_id": made.json["hold"]["id"]}


def open_session(api, user_id):
    """A session of a client that has none."""
    answer = api.post("/api/sessions", api.service, {
        "user_id": user_id, "client": uuid.uuid4().hex})
    return {"session_id": answer.json["session"]["id"]}


def other_client(_api, _user_id):
    return {"client": uuid.uuid4().hex}


def queued_task(api, user_id):
    answer = api.write("tasks", api.service, user_id=user_id, cost=0,
                       kind=f"test.{uuid.uuid4().hex}")
    return {"task_id": answer.json["task"]["id"],
            "kind": answer.json["task"]["kind"]}


def claimed_task(api, user_id):
    kind = queued_task(api, user_id)["kind"]
    answer = api.post("/api/tasks/claim", api.service, {
        "kinds": [kind], "worker": "w"})
    task = answer.json["task"]
    return {"task_id": task["id"], "claim_token": task["claim_token"]}


def membership(api, user_id):
    api.make_member(user_id, "lite")
    return {}
def somebody_else(api, _):
    """A user whose wallet nobody needs."""
    return {"user_id": api.new_user()}


def an_operation(_, user_id):
    return {"operations": [
        {"op": "consume", "user_id": user_id, "amount": 1, "reason": "r",
         "idempotency_key": uuid.uuid4().hex}]}


def own_order(api, user_id):
    made = payments.order(api, user_id)
    return {"order_id": made["id"], "amount": made["amount"],
            "provider_reference": payments.new_id("pi")}


def own_paid_order(api, user_id):
    return {"order_id": payments.paid_order(api, user_id)["id"]}


def good_stripe(api, user_id):
    return payments.tell_stripe(
        api, "checkout.session.completed",
        payments.session_of(payments.order(api, user_id)))


def good_alipay(api, user_id):
    made = payments.order(api, user_id, provider="alipay")
    return payments.send_alipay(
        api, payments.alipay_form(api.payment_keys, made))


def good_wechat(api, user_id):
    made = payments.order(api, user_id, provider="wechat")
    return payments.send_wechat(
        api, api.payment_keys, payments.wechat_body(
            api.payment_keys, payments.wechat_trade(made)))


def fresh_code(api, _):
    made = api.post("/api/admin/codes", api.admin,
                    {"count": 1, "credits": 1, "reason": "a test"})
    return {"code": made.json["codes"][0]}


def known(name, value):
    """A path that names a row of the catalogue."""
    return lambda api, user_id: {name: value}


def an_alert(api, user_id):
    return {"alert_id": payments.mismatch(api, user_id)}


def a_feature(api, _):
    api.post("/api/admin/features", api.admin, FEATURE)
    return {"feature": FEATURE["feature"]}


def a_package(api, _):
    api.post("/api/admin/packages", api.admin, PACKAGE)
    return {"package_id": PACKAGE["package_id"]}


# For nobody: it is not available.
PACKAGE = {"package_id": "test.package", "title": "A test", "credits": 1,
           "amount": 1, "currency": "XTS", "available": False,
           "reason": "a test"}
# As it stands already: nothing else may see another plan.
LITE = {"plan": "lite", "rank": 1, "monthly_credits": 100, "prices": [
    {"period": "monthly", "amount": 1900, "currency": "CNY"},
    {"period": "yearly", "amount": 19900, "currency": "CNY"}],
        "available": True, "reason": "a test"}
FEATURE = {"feature": "test.feature", "cost": 1, "reason": "a test",
           "upstream_url": "http://127.0.0.1:1/x"}
ROUTES = [
    Route("POST", "/api/users", EVERYBODY, {},
          user_in="body"),
    Route("GET", "/api/users/me", USER, cached=True),
    Route("GET", "/api/users", EVERYBODY, query={},
          user_in="query", cached=True),
    Route("GET", "/api/users/{user_id}", EVERYBODY,
          user_in="path", cached=True),
    Route("GET", "/api/credits", EVERYBODY, query={}, user_in="query",
          cached=True),
    Route("GET", "/api/credits/check", EVERYBODY,
          query={"amount": 1}, user_in="query", cached=True),
    Route("GET", "/api/credits/transactions", EVERYBODY, query={}, user_in="query"),
    Route("GET", "/api/credits/transactions/export", EVERYBODY, query={},
          user_in="query"),
    Route("GET", "/api/credits/calendar", EVERYBODY,
          query={}, user_in="query"),
    Route("GET", "/api/credits/transactions/{transaction_id}", EVERYBODY, query={}, user_in="query"),
    Route("POST", "/api/credits/consume", EVERYBODY,
          {"amount": 1, "reason": "an image"}, user_in="body", keyed=True),
    Route("POST", "/api/credits/refund", SITE,
          {"transaction_id": 2, "amount": 1, "reason": "failed"}, user_in="body",
          keyed=True),
    Route("POST", "/api/credits/grant", SITE,
          {"amount": 1, "source": "bonus", "reason": "a gift"},
          user_in="body", keyed=True),
    Route("POST", "/api/credits/holds", EVERYBODY,
          {"amount": 1, "reason": "work"}, user_in="body", keyed=True,
          success=201),
    Route("GET", "/api/credits/holds", EVERYBODY, query={},
          user_in="query"),
    Route("GET", "/api/credits/holds/{hold_id}", EVERYBODY,
          query={}, user_in="query", prepare=own_hold),
    Route("POST", "/api/credits/holds/{hold_id}/capture", SITE, {"amount": 1}, user_in="body", keyed=True,
          another={"amount": 2}, prepare=own_hold),
    Route("POST", "/api/credits/holds/{hold_id}/release", EVERYBODY, {}, user_in="body", keyed=True, another=None,
          prepare=own_hold),
    Route("POST", "/api/credits/batch", SERVICE,
          {"operations": []}, prepare=an_operation),
    Route("POST", "/api/admin/credits/adjust", ADMIN,
          {"amount": 1, "reason": "a correction"}, user_in="body",
          keyed=True),
    Route("POST", "/api/admin/credits/reset", ADMIN,
          {"reason": "a look"}, user_in="body"),
    Route("GET", "/api/membership", EVERYBODY,
          query={}, user_in="query", cached=True),
    Route("GET", "/api/membership/plans", EVERYBODY,
          query={}, user_in="query"),
    Route("POST", "/api/membership/cancel", EVERYBODY,
          {}, user_in="body", prepare=membership),
    Route("DELETE", "/api/admin/memberships/{user_id}", ADMIN, query={"reason": "no more"},
          user_in="path", prepare=membership),
    Route("POST", "/api/admin/memberships/{user_id}", ADMIN,
          {"plan": "lite", "period": "monthly", "reason": "a present"},
          user_in="path", keyed=True),
    Route("PUT", "/api/admin/memberships/{user_id}", ADMIN,
          {"plan": "pro", "period": "yearly", "reason": "so be it"},
          user_in="path"),
    Route("POST", "/api/checkin", EVERYBODY, {},
          user_in="body", success=201, prepare=tomorrow),
    Route("GET", "/api/checkin", EVERYBODY,
          query={}, user_in="query"),
    Route("POST", "/api/sessions", EVERYBODY,
          {"client": "web"}, user_in="body", success=201,
          prepare=other_client),
    Route("GET", "/api/sessions", EVERYBODY, query={},
          user_in="query"),
    Route("GET", "/api/sessions/current", EVERYBODY, query={}, user_in="query"),
    Route("POST", "/api/sessions/{session_id}/messages", EVERYBODY, {}, user_in="body", prepare=open_session),
    Route("POST", "/api/sessions/{session_id}/end", EVERYBODY, {}, user_in="body",
          prepare=open_session),
    Route("POST", "/api/actions", EVERYBODY,
          {"action_type": "share"}, user_in="body", success=201),
    Route("GET", "/api/actions", EVERYBODY, query={},
          user_in="query"),
    Route("POST", "/api/tasks", EVERYBODY,
          {"kind": "image", "input": {"prompt": "a cat"}}, user_in="body",
          another={"input": {"prompt": "a dog"}},
          success=201, keyed=True),
    Route("GET", "/api/tasks", EVERYBODY, query={},
          user_in="query"),
    Route("GET", "/api/tasks/{task_id}", EVERYBODY,
          query={}, user_in="query", prepare=queued_task),
    Route("POST", "/api/tasks/{task_id}/cancel", EVERYBODY,
          {}, user_in="body", prepare=queued_task),
    Route("POST", "/api/tasks/claim", SERVICE,
          {"kinds": ["test.none"], "worker": "w 1", "lease_seconds": 60}),
    Route("POST", "/api/tasks/{task_id}/extend", SERVICE, {"claim_token": "", "lease_seconds": 60},
          user_in="body", prepare=claimed_task),
    Route("POST", "/api/tasks/{task_id}/complete", SERVICE, {"claim_token": "", "result": {"url": "x"}},
          user_in="body", prepare=claimed_task),
    Route("POST", "/api/tasks/{task_id}/fail", SERVICE, {"claim_token": "", "error": "no luck"},
          user_in="body", prepare=claimed_task),
    Route("GET", "/api/admin/users/{user_id}", ADMIN, user_in="path"),
    Route("POST", "/api/admin/users/{user_id}/freeze", ADMIN, {"reason": "a fraud"}, user_in="path",
          prepare=somebody_else),
    Route("POST", "/api/admin/users/{user_id}/unfreeze", ADMIN, {"reason": "no fraud"}, user_in="path"),
    Route("GET", "/api/admin/transactions", ADMIN,
          query={}),
    Route("GET", "/api/admin/orders", ADMIN,
          query={}),
    Route("GET", "/api/admin/tasks", ADMIN, query={}),
    Route("GET", "/api/admin/alerts", ADMIN, query={}),
    Route("POST", "/api/admin/alerts/{alert_id}/acknowledge", ADMIN, {"reason": "mine"}, prepare=an_alert),
    Route("POST", "/api/admin/alerts/{alert_id}/resolve", ADMIN, {"reason": "mended"}, prepare=an_alert),
    Route("GET", "/api/admin/audit-log", ADMIN,
          query={}),
    Route("POST", "/api/admin/checks/credits-sync", SITE, {}),
    Route("GET", "/api/admin/settings", ADMIN),
    Route("PATCH", "/api/admin/settings", ADMIN,
          {"max_attempts": 3, "reason": "why not"}),
    Route("GET", "/api/admin/credit-sources", ADMIN, query={}),
    Route("POST", "/api/admin/credit-sources", ADMIN,
          {"source": "partner", "priority": 20, "category": "promotional",
           "reason": "a partner"}),
    Route("PATCH", "/api/admin/credit-sources/{source}", ADMIN, {"merge": False, "reason": "clearer"},
          prepare=known("source", "bonus")),
    Route("GET", "/api/admin/packages", ADMIN, query={}),
    Route("POST", "/api/admin/packages", ADMIN, PACKAGE),
    Route("PATCH", "/api/admin/packages/{package_id}", ADMIN, {"bonus_credits": 0, "reason": "a test"},
          prepare=a_package),
    Route("GET", "/api/admin/plans", ADMIN, query={}),
    Route("POST", "/api/admin/plans", ADMIN,
          LITE),
    Route("PATCH", "/api/admin/plans/{plan}", ADMIN,
          {"rank": 1, "reason": "a test"}, prepare=known("plan", "lite")),
    Route("GET", "/api/admin/task-prices", ADMIN,
          query={}),
    Route("POST", "/api/admin/task-prices", ADMIN,
          {"kind": "test.kind", "cost": 1, "reason": "a test"}),
    Route("PATCH", "/api/admin/task-prices/{kind}", ADMIN, {"reason": "a test"},
          prepare=known("kind", "image")),
    Route("GET", "/api/admin/action-types", ADMIN,
          query={}),
    Route("POST", "/api/admin/action-types", ADMIN,
          {"action_type": "test.action", "counters": [],
           "reason": "a test"}),
    Route("PATCH", "/api/admin/action-types/{action_type}", ADMIN, {"reason": "a test"},
          prepare=known("action_type", "share")),
    Route("GET", "/api/admin/features", ADMIN,
          query={}),
    Route("POST", "/api/admin/features", ADMIN,
          FEATURE),
    Route("PATCH", "/api/admin/features/{feature}", ADMIN, {"cost": 1, "reason": "a test"},
          prepare=a_feature),
    Route("GET", "/api/admin/users", ADMIN,
          query={}),
    Route("POST", "/api/admin/codes", ADMIN,
          {"count": 1, "credits": 1, "reason": "a test"}),
    Route("POST", "/api/codes/redeem", EVERYBODY,
          {"code": ""}, user_in="body", keyed=True, another=None,
          prepare=fresh_code),
    Route("GET", "/api/features", LOCAL),
    Route("POST", "/api/rewrite", USER, body={"text": "a draft"},
          keyed=True),
    Route("POST", "/api/features/{feature}", USER, body={"text": "a draft"},
          keyed=True, prepare=lambda api, user: {"feature": "rewrite"}),
    Route("GET", "/api/credits/packages", LOCAL),
    Route("POST", "/api/payments/orders", EVERYBODY,
          {"package_id": "starter", "provider": "stripe"}, user_in="body",
          keyed=True, success=201, another={"provider": "alipay"}),
    Route("GET", "/api/payments/orders", EVERYBODY,
          query={}, user_in="query"),
    Route("GET", "/api/payments/orders/{order_id}", EVERYBODY, query={}, user_in="query", prepare=own_order),
    Route("POST", "/api/payments/orders/{order_id}/cancel", EVERYBODY, {}, user_in="body", prepare=own_order),
    Route("POST", "/api/payments/orders/{order_id}/complete", SERVICE,
          {"provider_reference": "pi", "amount": 1, "currency": "CNY"},
          user_in="body", keyed=True, another=None, prepare=own_order),
    Route("POST", "/api/payments/orders/{order_id}/refund", SITE, {"reason": "sorry"}, user_in="body",
          keyed=True, prepare=own_paid_order),
    Route("POST", "/api/payments/webhooks/stripe", LOCAL, raw=good_stripe),
    Route("POST", "/api/payments/webhooks/alipay", LOCAL,
          raw=good_alipay),
    Route("POST", "/api/payments/webhooks/wechat", LOCAL, raw=good_wechat),
    Route("GET", "/api/openapi.json", LOCAL),
    Route("GET", "/livez", LOCAL),
    Route("GET", "/readyz", LOCAL),
    Route("GET", "/metrics", LOCAL),
    Route("GET", "/status", LOCAL),
    Route("GET", "/ping", LOCAL),
]
API_ROUTES = [route for route in ROUTES if route.who]
KEYED_ROUTES = [route for route in ROUTES
                if route.keyed and "admin" in route.who]
CACHED_ROUTES = [route for route in ROUTES if route.cached]


def route_of(method, path):
    """The route of a request; literal paths win over parameters."""
    found = [r for r in ROUTES if r.matches(method, path)]
    return min(found, key=lambda r: r.path.count("{"), default=None)


def named(path):
    """The route of "METHOD /path"."""
    (route,) = [r for r in ROUTES if r.name == path]
    return route


def ids(routes):
    return [route.name for route in routes]
