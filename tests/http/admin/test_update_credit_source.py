"""PATCH /api/admin/credit-sources/{source}."""
import pytest

from support.catalogue import add_source, change, faults, rows

NOUN = "credit-sources"


def test_what_is_named_changes(api):
    added = add_source(api, expires_after_days=10).json
    changed = change(api, NOUN, added["source"], priority=3,
                     expires_after_days=0)
    assert changed.json == {**added, "priority": 3,
                            "expires_after_days": None}
    assert changed.json in rows(api, NOUN)


def test_an_unknown_one(api):
    answer = change(api, NOUN, "nothing", priority=1)
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("field, value, code", [
    ("priority", 101, "range"), ("source", "x", "unknown"),
    ("reason", None, "required")])
def test_a_wrong_change_is_named(api, field, value, code):
    answer = change(api, NOUN, "bonus", **{field: value})
    assert faults(answer) == [(field, code)]
