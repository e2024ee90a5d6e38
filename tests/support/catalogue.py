"""Calls of the admin catalogue."""
import uuid


def add_source(api, **fields):
    fields = {"source": f"s-{uuid.uuid4().hex}", "priority": 30,
              "category": "promotional", "reason": "a partner", **fields}
    return add(api, "credit-sources", **fields)


def add(api, noun, **fields):
    return api.post(f"/api/admin/{noun}", api.admin, fields)


def change(api, noun, key, **fields):
    return api.call("PATCH", f"/api/admin/{noun}/{key}", api.admin,
                    {"reason": "better", **fields})


def rows(api, noun, limit=200):
    """All rows of a noun, page by page."""
    found, cursor = [], None
    while True:
        page = api.get(f"/api/admin/{noun}", api.admin, limit=limit,
                       cursor=cursor).json
        found += page["data"]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            assert cursor is None
            return found


def faults(answer):
    """[(field, code), …] of a 400."""
    assert answer.status == 400, answer
    return [(e["field"], e["code"]) for e in answer.json["errors"]]


# What each noun is: its path, its key, a good row, what of it changes, and
# wrong fields with their codes.
PRICES = [{"period": "monthly", "amount": 900, "currency": "EUR"}]
NOUNS = {
    "task_price": (
        "task-prices", "kind", {"cost": 7, "min_plan": "pro"},
        {"cost": 8, "min_plan": ""}, {"cost": 8, "min_plan": None},
        [("cost", -1, "range"), ("cost", "1", "type"),
         ("min_plan", "A", "format"), ("colour", 1, "unknown"),
         ("reason", None, "required")]),
    "action_type": (
        "action-types", "action_type", {"counters": ["action_count"]},
        {"counters": []}, {"counters": []},
        [("counters", ["smiles"], "choice"), ("counters", "x", "type"),
         ("reason", None, "required")]),
    "feature": (
        "features", "feature",
        {"kind": "x.y", "cost": 2, "upstream_url": "https://up.example/x",
         "timeout_seconds": 5, "min_plan": None},
        {"cost": 3, "timeout_seconds": 300},
        {"cost": 3, "timeout_seconds": 300},
        [("upstream_url", "ftp://x", "format"), ("cost", 1.5, "type"),
         ("timeout_seconds", 301, "range"), ("reason", None, "required")]),
    "package": (
        "packages", "package_id",
        {"title": "A hundred", "credits": 100, "bonus_credits": 10,
         "member_bonus_credits": 0, "amount": 10**9, "currency": "XTS",
         "expires_after_days": 30, "min_plan": "pro", "available": True},
        {"amount": 950, "expires_after_days": 0, "min_plan": "",
         "available": False},
        {"amount": 950, "expires_after_days": None, "min_plan": None,
         "available": False},
        [("title", "", "length"), ("credits", 0, "range"),
         ("amount", 0, "range"), ("currency", "eur", "format"),
         ("expires_after_days", 36501, "range"),
         ("reason", None, "required")]),
    "plan": (
        "plans", "plan",
        {"rank": 7001, "monthly_credits": 40, "prices": PRICES,
         "available": True},
        {"monthly_credits": 50, "available": False},
        {"monthly_credits": 50, "available": False},
        [("rank", 0, "range"), ("rank", 1, "range"),
         ("prices", [{}], "format"), ("monthly_credits", 0, "range"),
         ("prices", [{**PRICES[0], "amount": 1.0}], "type"),
         ("prices", [{**PRICES[0], "amount": 1e22}], "type"),
         ("prices", [{**PRICES[0], "amount": -900}], "format"),
         ("prices", [{**PRICES[0], "amount": "900"}], "format"),
         ("prices", [{**PRICES[0], "amount": 2**53}], "format"),
         ("prices", [{**PRICES[0], "currency": "eur"}], "format"),
         ("prices", [{**PRICES[0], "more": 1}], "format"),
         ("prices", PRICES * 2, "format"),
         ("reason", None, "required")]),
}


def remove(stack, noun, key):
    """Away with a row that a test has made."""
    if noun == "plan":
        stack.rows("delete from florin.plan_prices where plan = %s", key)
    table = {"package": "credit_packages", "task_price": "task_prices", "action_type": "action_types",
             "feature": "features", "plan": "plans"}[noun]
    column = NOUNS[noun][1]
    stack.rows(f"delete from florin.{table} where {column} = %s", key)


def check_create(api, stack, noun):
    """A row is made once, again it is the same, otherwise refused."""
    path, key, fields, changes, _, _ = NOUNS[noun]
    row = {key: "test.new", **fields}
    try:
        for _ in range(2):
            made = add(api, path, **row, reason="why not")
            assert (made.status, made.json) == (200, row)
        other = add(api, path, **{**row, **changes}, reason="why not")
        assert (other.status, other.code) == (409, "already_done")
        assert row in rows(api, path)
    finally:
        remove(stack, noun, "test.new")


def check_update(api, stack, noun):
    """What is named changes, the rest stays."""
    path, key, fields, changes, after, _ = NOUNS[noun]
    row = {key: "test.new", **fields}
    try:
        assert add(api, path, **row, reason="why not").status == 200
        changed = change(api, path, "test.new", **changes)
        assert (changed.status, changed.json) == (200, {**row, **after})
        assert changed.json in rows(api, path)
        missing = change(api, path, "test.none", **changes)
        assert (missing.status, missing.code) == (404, "not_found")
    finally:
        remove(stack, noun, "test.new")


def check_wrong_fields(api, stack, noun, verb):
    path, key, fields, _, _, wrong = NOUNS[noun]
    row = {key: "test.new", **fields}
    try:
        if verb == "change":
            assert add(api, path, **row, reason="why not").status == 200
        for name, value, code in wrong:
            if verb == "change":
                answer = change(api, path, "test.new", **{name: value})
            else:
                answer = add(api, path, **{
                    **row, "reason": "why not", name: value})
            assert faults(answer) == [(name, code)], (name, value)
        if verb == "change":
            assert row in rows(api, path)
        else:
            assert "test.new" not in {r[key] for r in rows(api, path)}
    finally:
        remove(stack, noun, "test.new")


def check_unknown_plan(api, stack, noun):
    path, key, fields, _, _, _ = NOUNS[noun]
    row = {key: "test.new", **fields}
    try:
        made = add(api, path, **{**row, "min_plan": "none"}, reason="x")
        assert (made.status, made.code) == (422, "unknown_plan")
        assert add(api, path, **row, reason="x").status == 200
        changed = change(api, path, "test.new", min_plan="none")
        assert (changed.status, changed.code) == (422, "unknown_plan")
    finally:
        remove(stack, noun, "test.new")
