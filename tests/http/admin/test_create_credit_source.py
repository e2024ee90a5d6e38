"""POST /api/admin/credit-sources."""
import pytest

from support.catalogue import add_source, faults, rows


def test_added_and_granted_from(api, user):
    added = add_source(api, expires_after_days=10)
    assert added.status == 200
    granted = api.grant(user, 5, source=added.json["source"])
    assert granted.json["transaction"]["draws"][0]["source"] == (
        added.json["source"])
    assert added.json in rows(api, "credit-sources")


def test_the_same_again(api):
    first = add_source(api)
    again = add_source(api, source=first.json["source"])
    assert (again.status, again.json) == (200, first.json)
    other = add_source(api, source=first.json["source"], priority=31)
    assert (other.status, other.code) == (409, "already_done")


@pytest.mark.parametrize("field, value, code", [
    ("source", "Über", "format"), ("source", None, "required"),
    ("priority", 101, "range"), ("priority", None, "required"),
    ("category", "free", "choice"), ("category", None, "required"),
    ("merge", 1, "type"), ("expires_after_days", -1, "range"),
    ("reason", None, "required"), ("colour", 1, "unknown")])
def test_a_wrong_field_is_named(api, field, value, code):
    assert faults(add_source(api, **{field: value})) == [(field, code)]
