"""POST /api/admin/codes."""
import re

import pytest

from support.catalogue import faults


def create(api, **fields):
    return api.post("/api/admin/codes", api.admin,
                    {"count": 3, "reason": "a campaign", **fields})


def test_shown_once(api, stack):
    codes = create(api, credits=5).json["codes"]
    assert len(set(codes)) == 3
    for code in codes:
        assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code)
        assert stack.value(
            "select count(*) from florin.codes c,"
            " florin.admin_operation_logs l where"
            " strpos(c::text || l::text, %s) > 0", code) == 0


def test_an_unknown_plan(api):
    answer = create(api, plan="none", period="monthly")
    assert (answer.status, answer.code) == (422, "unknown_plan")


@pytest.mark.parametrize("fields, fault", [
    ({}, ("credits", "required")),
    ({"credits": 1, "plan": "pro", "period": "monthly"},
     ("credits", "required")),
    ({"plan": "pro"}, ("period", "required")),
    ({"credits": 1, "period": "monthly"}, ("plan", "required")),
    ({"credits": 1, "count": 0}, ("count", "range")),
    ({"credits": 1, "count": 1001}, ("count", "range")),
    ({"credits": 0}, ("credits", "range")),
    ({"plan": "pro", "period": "daily"}, ("period", "choice")),
    ({"credits": 1, "expires_at": "2020-01-01T00:00:00Z"},
     ("expires_at", "range")),
    ({"credits": 1, "reason": None}, ("reason", "required"))])
def test_a_wrong_field_is_named(api, fields, fault):
    assert faults(create(api, **fields)) == [fault]
