"""PATCH /api/admin/task-prices/{kind}."""
from support import catalogue


def test_what_is_named_changes(api, stack):
    catalogue.check_update(api, stack, "task_price")


def test_a_wrong_change_is_named(api, stack):
    catalogue.check_wrong_fields(api, stack, "task_price", "change")
