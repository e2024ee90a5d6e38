"""GET /api/admin/packages."""
from support.catalogue import rows


def test_all_of_them_page_by_page(api, stack):
    every = rows(api, "packages")
    assert rows(api, "packages", limit=1) == every
    assert len(every) == stack.value(
        "select count(*) from florin.credit_packages")
