"""PATCH /api/admin/features/{feature}."""
from support import catalogue


def test_what_is_named_changes(api, stack):
    catalogue.check_update(api, stack, "feature")


def test_a_wrong_change_is_named(api, stack):
    catalogue.check_wrong_fields(api, stack, "feature", "change")
