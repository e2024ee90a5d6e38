"""POST /api/admin/packages."""
from support import catalogue


def test_made_once(api, stack):
    catalogue.check_create(api, stack, "package")


def test_a_wrong_field_is_named(api, stack):
    catalogue.check_wrong_fields(api, stack, "package", "add")


def test_an_unknown_plan(api, stack):
    catalogue.check_unknown_plan(api, stack, "package")
