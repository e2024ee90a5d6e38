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
