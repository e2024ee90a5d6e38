"""GET /api/admin/features."""
from support.catalogue import rows


def test_all_of_them_page_by_page(api, stack):
    every = rows(api, "features")
    assert rows(api, "features", limit=1) == every
    assert len(every) == stack.value(
        "select count(*) from florin.features")
