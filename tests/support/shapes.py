"""The shapes of the HTTP contract as JSON Schemas: exact members, types.

A member too many fails as one too few does: what the program adds must be
added here too, so that nothing leaves the house unseen.
"""
import re

import jsonschema

AMOUNT_MAX = 2**53 - 1
TIME = {"type": "string", "pattern":
        r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$"}
TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0, "maximum": AMOUNT_MAX}
POSITIVE = dict(COUNT, minimum=1)
SIGNED = {"type": "integer", "minimum": -AMOUNT_MAX, "maximum": AMOUNT_MAX}
FLAG = {"type": "boolean"}
USER_ID = {"type": "string", "minLength": 1, "maxLength": 128}


def exactly(**members):
    """An object with these members and no others."""
    return {"type": "object", "properties": members,
            "required": list(members), "additionalProperties": False}


def listed(schema, **limits):
    return {"type": "array", "items": schema, **limits}


def or_null(schema):
    return {"anyOf": [schema, {"type": "null"}]}


def page(schema, **more):
    return exactly(data=listed(schema), has_more=FLAG,
                   next_cursor=or_null(TEXT), **more)


KINDS = ("registration grant consume refund hold release adjust checkin "
         "checkin_bonus membership reset recharge recharge_bonus "
         "first_recharge_bonus clawback code import expire").split()
KIND = {"enum": KINDS}
SOURCE = {"type": "string", "pattern": "^[a-z0-9_.-]{1,64}$"}  # data

USER = exactly(user_id=USER_ID, email=or_null(TEXT),
               display_name=or_null(TEXT), created_at=TIME)
WALLET_MEMBERS = dict(
    user_id=USER_ID, balance=COUNT, held=COUNT, level=POSITIVE,
    version=COUNT, revision=COUNT, total_granted=COUNT, total_spent=COUNT,
    total_recharged={"type": "object", "additionalProperties": COUNT,
                     "propertyNames": {"pattern": "^[A-Z]{3}$"}},
    first_recharged_at=or_null(TIME), frozen=FLAG, updated_at=TIME)
WALLET = exactly(**WALLET_MEMBERS)
GRANT = exactly(id=POSITIVE, source=SOURCE, amount=POSITIVE,
                remaining=COUNT, priority=dict(COUNT, maximum=100),
                effective_at=TIME, expires_at=or_null(TIME))
MEMBERSHIP = exactly(
    plan=or_null(TEXT), period=or_null({"enum": ["monthly", "yearly"]}),
    status={"enum": ["active", "cancelling", "expired", "none"]},
    monthly_credits=or_null(COUNT), started_at=or_null(TIME),
    expires_at=or_null(TIME), next_reset_at=or_null(TIME),
    upcoming=listed(exactly(plan=TEXT, period=TEXT, starts_at=TIME,
                            ends_at=TIME)))
MEMBERSHIP_BALANCE = exactly(**MEMBERSHIP["properties"], balance=COUNT)
PLAN = exactly(
    plan=TEXT, rank=POSITIVE, monthly_credits=POSITIVE, available=FLAG,
    prices=listed(exactly(period={"enum": ["monthly", "yearly"]},
                          amount=POSITIVE,
                          currency={"type": "string",
                                    "pattern": "^[A-Z]{3}$"})))
DRAW = exactly(grant_id=POSITIVE, source=SOURCE, amount=POSITIVE)
REFERENCE = exactly(type=dict(TEXT, pattern=r"^[a-z0-9_.-]{1,64}$"),
                    id=dict(TEXT, maxLength=128))
TRANSACTION = exactly(
    id=POSITIVE, user_id=USER_ID, kind=KIND, amount=SIGNED,
    balance_after=COUNT, reason=or_null(dict(TEXT, maxLength=500)),
    reference=or_null(REFERENCE), draws=listed(DRAW),
    actor=TEXT, created_at=TIME, effective_at=TIME)
HOLD = exactly(
    id=dict(TEXT, pattern="^[0-9a-z]{26}$"), user_id=USER_ID, amount=POSITIVE,
    captured=COUNT,
    status={"enum": ["open", "captured", "released", "expired"]},
    reason=or_null(dict(TEXT, maxLength=500)), created_by=TEXT,
    expires_at=TIME, transaction_id=POSITIVE)
PACKAGE = exactly(
    package_id=TEXT, title=TEXT, credits=POSITIVE, bonus_credits=COUNT,
    member_bonus_credits=COUNT, amount=POSITIVE,
    currency=dict(TEXT, pattern="^[A-Z]{3}$"),
    expires_after_days=or_null(POSITIVE), min_plan=or_null(TEXT),
    available=FLAG)
ORDER = exactly(
    id=dict(TEXT, pattern="^[0-9a-z]{26}$"), user_id=USER_ID,
    status={"enum": ["pending", "paid", "partially_refunded", "refunded",
                     "cancelled", "expired"]},
    item={"oneOf": [exactly(package_id=TEXT), exactly(
        plan=TEXT, period={"enum": ["monthly", "yearly"]})]},
    amount=POSITIVE, currency=dict(TEXT, pattern="^[A-Z]{3}$"),
    credits=COUNT, bonus_credits=COUNT, provider=TEXT,
    provider_reference=or_null(TEXT), late=FLAG, created_at=TIME,
    expires_at=TIME, paid_at=or_null(TIME), refunded_amount=COUNT,
    shortfall=COUNT)
STATS = exactly(
    session_count=COUNT, session_seconds=COUNT, message_count=COUNT,
    task_count=COUNT, checkin_count=COUNT, action_count=COUNT,
    last_active_at=or_null(TIME))

REGISTERED = exactly(user=USER, wallet=WALLET, stats=STATS,
                     transaction=or_null(TRANSACTION))
PROFILE = exactly(user=USER, wallet=WALLET, membership=MEMBERSHIP,
                  stats=STATS)
BALANCE = exactly(**WALLET_MEMBERS, grants=listed(GRANT),
                  membership=MEMBERSHIP)
BALANCE_AT = exactly(user_id=USER_ID, at=TIME, balance=COUNT)
CHECK = exactly(allowed=FLAG, balance=COUNT, required=POSITIVE,
                shortfall=COUNT)
CHECKIN = exactly(date={"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
                  streak=POSITIVE, credits=COUNT,
                  transaction_id=or_null(POSITIVE))
CHECKED_IN = exactly(checkin=CHECKIN, transaction=or_null(TRANSACTION),
                     bonus_transaction=or_null(TRANSACTION), wallet=WALLET)
CHECKIN_MONTH = exactly(month={"type": "string", "pattern": r"^\d{4}-\d\d$"},
                        days=listed(CHECKIN), streak=COUNT,
                        checked_in_today=FLAG)
ID = {"type": "string", "pattern": "^[0-9a-z]{26}$"}
ANY_OBJECT = {"type": "object"}
SESSION_MEMBERS = dict(
    id=ID, user_id=USER_ID, client=or_null(TEXT), started_at=TIME,
    last_message_at=or_null(TIME), message_count=COUNT)
SESSION = exactly(**SESSION_MEMBERS)
SESSION_RECORD = exactly(**SESSION_MEMBERS, ended_at=TIME,
                         duration_seconds=COUNT,
                         end_reason={"enum": ["ended", "idle"]})
SESSION_STATS = exactly(session=SESSION, stats=STATS)
SESSION_ENDED = exactly(session_record=SESSION_RECORD, stats=STATS)
SESSION_CURRENT = exactly(session=or_null(SESSION))
SESSIONS = page(SESSION_RECORD)
ACTION = exactly(id=ID, action_type=TEXT, target=or_null(TEXT),
                 metadata=or_null(ANY_OBJECT), created_at=TIME)
ACTION_STATS = exactly(action=ACTION, stats=STATS)
ACTIONS = page(ACTION)
TASK_MEMBERS = dict(
    id=ID, user_id=USER_ID, kind=TEXT,
    status={"enum": "queued running succeeded failed cancelled".split()},
    cost=COUNT, input={}, result={}, error={},
    transaction_id=or_null(POSITIVE),
    refund_transaction_id=or_null(POSITIVE), attempts=COUNT,
    created_at=TIME, finished_at=or_null(TIME))
TASK = exactly(**TASK_MEMBERS)
TASK_CHARGED = exactly(task=TASK, transaction=or_null(TRANSACTION),
                       wallet=WALLET)
TASK_CLAIMED = exactly(task=or_null(exactly(
    **TASK_MEMBERS, claim_token=TEXT, lease_expires_at=TIME)))
TASK_ENDED = exactly(task=TASK)
TASKS = page(TASK)
TASKS_AS_OF = page(TASK, as_of=TIME)
FEATURES = page(exactly(feature=TEXT, cost=COUNT, min_plan=or_null(TEXT)))
WRITTEN = exactly(transaction=TRANSACTION, wallet=WALLET)
RESET = exactly(transaction=or_null(TRANSACTION), wallet=WALLET)
TRANSACTIONS = page(TRANSACTION)
HELD = exactly(hold=HOLD, transaction=or_null(TRANSACTION), wallet=WALLET)
HOLDS = page(HOLD)
PLANS = page(PLAN)
CALENDAR = exactly(data=listed(exactly(
    at=TIME, credits=or_null(COUNT), source=or_null(SOURCE),
    what={"enum": ["reset", "portion", "grant_expires", "period_begins",
                   "period_ends", "hold_expires"]})))
PACKAGES = page(PACKAGE)
ORDERS = page(ORDER)
ORDERS_AS_OF = page(ORDER, as_of=TIME)
ORDER_MADE = exactly(order=ORDER)
ORDER_COMPLETED = exactly(order=ORDER, transactions=listed(TRANSACTION),
                          wallet=WALLET)
ORDER_REFUNDED = exactly(order=ORDER, transaction=or_null(TRANSACTION),
                         shortfall=COUNT, wallet=WALLET)
RECEIVED = exactly(received=FLAG, outcome=TEXT)
WECHAT_RECEIVED = exactly(code={"const": "SUCCESS"})

ALERT = exactly(
    id=ID, category={"enum": ["repair", "business", "security", "admin"]},
    detector=TEXT, severity={"enum": ["info", "warning", "critical"]},
    user_id=or_null(USER_ID), detail=or_null(TEXT),
    status={"enum": ["open", "acknowledged", "resolved"]},
    first_seen_at=TIME, last_seen_at=TIME, count=POSITIVE)
ALERTS = page(ALERT)
LOG_ENTRY = exactly(
    id=ID, operator=TEXT, operation=TEXT, user_id=or_null(USER_ID),
    before=or_null(ANY_OBJECT), after=or_null(ANY_OBJECT),
    reason=or_null(TEXT), ip=or_null(TEXT),
    user_agent=or_null({"type": "string"}), outcome=TEXT, created_at=TIME)
LOG_ENTRIES = page(LOG_ENTRY)
USER_RECORD = exactly(
    user=USER, wallet=WALLET, membership=MEMBERSHIP, stats=STATS,
    grants=listed(GRANT), holds=listed(HOLD),
    transactions=listed(TRANSACTION), operations=listed(LOG_ENTRY),
    orders=listed(ORDER), tasks=listed(TASK), sessions=listed(SESSION),
    session_records=listed(SESSION_RECORD), checkins=listed(CHECKIN),
    actions=listed(ACTION), alerts=listed(ALERT))
CREDITS_SYNC = exactly(
    checked=COUNT, repaired=COUNT, next_cursor=or_null(TEXT),
    problems=listed(exactly(user_id=USER_ID, invariant=TEXT, detail=TEXT)))
LISTED_USERS = exactly(
    data=listed(exactly(
        user_id=USER_ID, email=or_null(TEXT), display_name=or_null(TEXT),
        created_at=TIME, balance=COUNT, held=COUNT, level=POSITIVE,
        frozen=FLAG, plan=or_null(TEXT),
        period=or_null({"enum": ["monthly", "yearly"]}),
        status={"enum": ["active", "cancelling", "expired", "none"]},
        monthly_credits=or_null(COUNT), started_at=or_null(TIME),
        expires_at=or_null(TIME), next_reset_at=or_null(TIME))),
    has_more=FLAG, next_cursor=or_null(TEXT), as_of=TIME)
TASK_PRICE = exactly(kind=TEXT, cost=COUNT, min_plan=or_null(TEXT))
TASK_PRICES = page(TASK_PRICE)
ACTION_TYPE = exactly(action_type=TEXT, counters=listed(TEXT))
ACTION_TYPES = page(ACTION_TYPE)
ADMIN_FEATURE = exactly(
    feature=TEXT, kind=TEXT, cost=COUNT, upstream_url=TEXT,
    timeout_seconds=POSITIVE, min_plan=or_null(TEXT))
ADMIN_FEATURES = page(ADMIN_FEATURE)
CODES = exactly(codes=listed(TEXT))
REDEEMED = {"anyOf": [exactly(transaction=TRANSACTION, wallet=WALLET),
                      exactly(membership=MEMBERSHIP, wallet=WALLET)]}
SETTINGS = {"type": "object", "additionalProperties": exactly(
    value={}, default={}, doc=TEXT, offline=FLAG,
    type={"enum": ["integer", "boolean", "text", "choice", "interval"]},
    minimum=or_null(SIGNED), maximum=or_null(SIGNED),
    choices=or_null(listed(TEXT)))}
CREDIT_SOURCE = exactly(
    source=TEXT, priority=dict(COUNT, maximum=100), merge=FLAG,
    category={"enum": ["membership", "promotional", "paid"]},
    grantable=FLAG, expires_after_days=or_null(POSITIVE))
CREDIT_SOURCES = page(CREDIT_SOURCE)

FIELD_ERROR = exactly(
    field={"type": "string"}, detail=TEXT,
    code={"enum": ["required", "unknown", "duplicate", "type", "range",
                   "length", "format", "choice", "json"]})
SUGGESTION = {"oneOf": [
    exactly(kind={"const": "top_up"}, package_id=TEXT),
    exactly(kind={"const": "upgrade"}, plan=TEXT)]}
CHALLENGE = re.compile(r'Bearer realm="[^"\\]*"(, [a-z_]+="[^"\\]*")*')
PROBLEM_MEMBERS = dict(
    type=TEXT, title=TEXT, status={"type": "integer"},
    detail={"type": "string"}, code=TEXT, request_id=TEXT)
PROBLEM_EXTRAS = {
    "insufficient_credits": dict(
        balance=COUNT, required=POSITIVE, shortfall=POSITIVE,
        suggestions=listed(SUGGESTION)),
    "members_only": dict(plans=listed(TEXT)),
    "already_checked_in": dict(checkin=CHECKIN),
    "hold_closed": dict(hold=HOLD),
    "upstream_failed": dict(refunded=FLAG,
                            transaction=or_null(TRANSACTION)),
    "task_closed": dict(task=TASK),
    "lease_lost": dict(task=TASK),
    "session_closed": dict(session_record=SESSION_RECORD),
    "refund_exceeds_transaction": dict(refundable=COUNT),
    "order_not_refundable": dict(refundable=COUNT),
    "order_closed": dict(order=ORDER),
}
# May be there: an invalid request names its fields when fields are wrong.
PROBLEM_OPTIONAL = {"invalid_request": dict(errors=listed(FIELD_ERROR,
                                                          minItems=1))}

STATUS_OF_CODE = {
    400: "invalid_request idempotency_key_missing",
    401: "unauthorized",
    402: "insufficient_credits",
    403: "forbidden wallet_frozen members_only",
    404: "not_found user_not_found",
    405: "method_not_allowed",
    409: "already_checked_in already_done hold_closed task_closed "
         "order_closed session_closed lease_lost in_progress code_used",
    413: "body_too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    422: "idempotency_key_reused refund_exceeds_transaction not_refundable "
         "order_not_refundable capture_exceeds_hold payment_mismatch "
         "balance_limit unknown_plan unknown_package unknown_task_kind "
         "unknown_action_type unknown_feature unknown_code unknown_source",
    429: "rate_limited",
    431: "headers_too_large",
    500: "internal",
    502: "upstream_failed",
    503: "unavailable outcome_unknown",
}
STATUS_OF_CODE = {code: status for status, codes in STATUS_OF_CODE.items()
                  for code in codes.split()}


def problem_schema(code):
    members = {**PROBLEM_MEMBERS, **PROBLEM_EXTRAS.get(code, {})}
    schema = exactly(**members)
    schema["properties"] = {**members, **PROBLEM_OPTIONAL.get(code, {})}
    return schema


PROBLEM = {"type": "object", "required": list(PROBLEM_MEMBERS)}
RESULTS = exactly(results=listed({"oneOf": [
    exactly(status={"const": 200}, transaction=TRANSACTION, wallet=WALLET),
    exactly(status={"const": 200}, transaction=TRANSACTION, wallet=WALLET,
            replayed={"const": True}),
    exactly(status={"type": "integer", "minimum": 400}, problem=PROBLEM)]},
    minItems=1))


def check(value, schema):
    """AssertionError naming the first place that breaks the schema."""
    validator = jsonschema.Draft202012Validator(schema)
    error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    if error is not None:
        raise AssertionError(f"{error.json_path}: {error.message}")


def check_problem(answer):
    """The rules that each error answer keeps."""
    assert answer.header("content-type") == "application/problem+json"
    assert answer.header("cache-control") == "no-store"
    value = answer.json
    code = value["code"]
    check(value, problem_schema(code))
    assert value["status"] == answer.status == STATUS_OF_CODE[code]
    assert value["request_id"] == answer.header("x-request-id")
    if answer.status == 401:
        assert CHALLENGE.fullmatch(answer.header("www-authenticate"))
    assert answer.status != 405 or answer.header("allow")
    if answer.status == 503:
        assert re.fullmatch(r"[1-9]\d*", answer.header("retry-after"))


def check_integers(text):
    """Credits are JSON integers: no fraction or exponent anywhere."""
    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b'""', text)
    assert not re.search(rb"\d[.eE]", bare), f"a number that is no integer"
