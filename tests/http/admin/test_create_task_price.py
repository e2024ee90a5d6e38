"""POST /api/admin/task-prices."""
from support import catalogue


def test_made_once(api, stack):
    catalogue.check_create(api, stack, "task_price")


def test_a_wrong_field_is_named(api, stack):
    catalogue.check_wrong_fields(api, stack, "task_price", "add")


def test_an_unknown_plan(api, stack):
    catalogue.check_unknown_plan(api, stack, "task_price")
