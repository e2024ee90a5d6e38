"""What the document does not say of answers: which code has which status and
which members, and what the headers of a problem are."""
import re

AMOUNT_MAX = 2**53 - 1
CHALLENGE = re.compile(r'Bearer realm="[^"\\]*"(, [a-z_]+="[^"\\]*")*')
MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}
EXTRAS = {
    "insufficient_credits": {"balance", "required", "shortfall", "suggestions"},
    "members_only": {"plans"},
    "already_checked_in": {"checkin"},
    "hold_closed": {"hold"},
    "upstream_failed": {"refunded", "transaction"},
    "task_closed": {"task"},
    "lease_lost": {"task"},
    "session_closed": {"session_record"},
    "refund_exceeds_transaction": {"refundable"},
    "order_not_refundable": {"refundable"},
    "order_closed": {"order"},
}
OPTIONAL = {"invalid_request": {"errors"}}  # when fields are wrong

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


def check_members(problem):
    """A problem has the members of its code, and no others."""
    code = problem["code"]
    wanted = MEMBERS | EXTRAS.get(code, set())
    assert set(problem) - OPTIONAL.get(code, set()) == wanted, problem
    assert problem["status"] == STATUS_OF_CODE[code], problem
    assert problem.get("errors", [None]), "no field is named"


def check_problem(answer):
    """The rules that each error answer keeps."""
    assert answer.header("content-type") == "application/problem+json"
    assert answer.header("cache-control") == "no-store"
    check_members(answer.json)
    assert answer.json["status"] == answer.status
    assert answer.json["request_id"] == answer.header("x-request-id")
    if answer.status == 401:
        assert CHALLENGE.fullmatch(answer.header("www-authenticate"))
    assert answer.status != 405 or answer.header("allow")
    if answer.status == 503:
        assert re.fullmatch(r"[1-9]\d*", answer.header("retry-after"))


def check_integers(text):
    """Credits are JSON integers: no fraction or exponent anywhere."""
    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b'""', text)
    assert not re.search(rb"\d[.eE]", bare), f"a number that is no integer"
