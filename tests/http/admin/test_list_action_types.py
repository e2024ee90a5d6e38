"""GET /api/admin/action-types."""
from support.catalogue import rows


def test_all_of_them_page_by_page(api, stack):
    every = rows(api, "action-types")
    assert rows(api, "action-types", limit=1) == every
    assert len(every) == stack.value(
        "select count(*) from florin.action_types")
