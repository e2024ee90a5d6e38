"""PATCH /api/admin/packages/{package_id}."""
from support import catalogue


def test_what_is_named_changes(api, stack):
    catalogue.check_update(api, stack, "package")


def test_a_wrong_change_is_named(api, stack):
    catalogue.check_wrong_fields(api, stack, "package", "change")
