"""POST /api/admin/action-types."""
from support import catalogue


def test_made_once(api, stack):
    catalogue.check_create(api, stack, "action_type")


def test_a_wrong_field_is_named(api, stack):
    catalogue.check_wrong_fields(api, stack, "action_type", "add")
