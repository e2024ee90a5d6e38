"""GET /api/admin/plans."""
from support.catalogue import rows


def test_all_of_them_page_by_page(api, stack):
    every = rows(api, "plans")
    assert rows(api, "plans", limit=1) == every
    assert len(every) == stack.value(
        "select count(*) from florin.plans")
