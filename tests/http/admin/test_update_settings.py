"""PATCH /api/admin/settings."""
import pytest

PATH = "/api/admin/settings"


@pytest.fixture(name="restored", autouse=True)
def settings_as_before(stack):
    yield
    stack.rows("update florin.settings set value = \"default\""
                  " where name in ('checkin_credits', 'burn_order')")


def patch(api, who=None, reason="why not", **changes):
    return api.call("PATCH", PATH, who or api.admin,
                    {**changes, "reason": reason})


def test_a_change_is_in_force(api, user, token):
    answer = patch(api, checkin_credits=8, burn_order="balance_first")
    assert answer.status == 200
    assert answer.json["checkin_credits"]["value"] == 8
    assert answer.json["checkin_credits"]["default"] == 5
    api.stack.dev("clock", "1 day")
    credited = api.post("/api/checkin", token).json
    assert credited["transaction"]["amount"] == 8


def test_is_logged_with_before_and_after(api, stack):
    patch(api, checkin_credits=6, reason="a feast")
    row = stack.rows(
        "select operator, before, after, reason, ip, outcome"
        " from florin.admin_operation_logs"
        " where operation = 'update_settings' order by id")[-1]
    assert row == {
        "operator": "admin:boss", "before": {"checkin_credits": 5},
        "after": {"checkin_credits": 6}, "reason": "a feast",
        "ip": "127.0.0.1", "outcome": "done"}


@pytest.mark.parametrize("changes, faults", [
    ({"colour": 1}, [("colour", "unknown")]),
    ({"changes": {}}, [("changes", "unknown")]),
    ({"timezone": "Asia/Shanghai"}, [("timezone", "unknown")]),
    ({"checkin_credits": "5"}, [("checkin_credits", "type")]),
    ({"checkin_credits": 5.0}, [("checkin_credits", "type")]),
    ({"checkin_credits": -1}, [("checkin_credits", "range")]),
    ({"burn_order": "x", "hold_ttl": "soon"},
     [("burn_order", "choice"), ("hold_ttl", "format")]),
    ({}, [("changes", "required")]),
    ({"checkin_credits": None}, [("changes", "required")]),
    ({"checkin_credits": 6, "reason": None}, [("reason", "required")]),
])
def test_a_wrong_one_is_named_and_nothing_changes(api, changes, faults):
    before = api.get(PATH, api.admin).json
    answer = patch(api, **changes)
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert [(e["field"], e["code"])
            for e in answer.json["errors"]] == faults
    assert api.get(PATH, api.admin).json == before


def test_a_name_twice(api):
    answer = api.call("PATCH", PATH, api.admin, b'{"reason": "r",'
                      b' "checkin_credits": 1, "checkin_credits": 2}')
    assert (answer.status, answer.code) == (400, "invalid_request")


def test_a_preflight_allows_patch(api):
    answer = api.call("OPTIONS", PATH, headers=[
        ("Origin", "http://localhost:5173"),
        ("Access-Control-Request-Method", "PATCH")])
    assert answer.status == 204
    methods = answer.header("access-control-allow-methods")
    assert set(methods.split(", ")) >= {"GET", "PATCH"}
