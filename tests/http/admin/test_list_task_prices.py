"""GET /api/admin/task-prices."""
from support.catalogue import rows


def test_all_of_them_page_by_page(api, stack):
    every = rows(api, "task-prices")
    assert rows(api, "task-prices", limit=1) == every
    assert len(every) == stack.value(
        "select count(*) from florin.task_prices")
