"""GET /api/admin/credit-sources."""
from support.catalogue import rows


def test_all_of_them_page_by_page(api):
    every = rows(api, "credit-sources")
    assert rows(api, "credit-sources", limit=5) == every
    names = [row["source"] for row in every]
    assert len(set(names)) == len(names) >= 12
    assert {"source": "purchase", "priority": 30, "category": "paid",
            "merge": False, "grantable": False,
            "expires_after_days": None} in every
