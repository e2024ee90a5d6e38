"""GET /api/admin/settings."""
PATH = "/api/admin/settings"


def test_each_has_value_default_and_doc(api):
    answer = api.get(PATH, api.admin)
    assert answer.status == 200
    assert len(answer.json) > 10
    setting = answer.json["checkin_credits"]
    assert (setting["value"], setting["default"]) == (5, 5)
    assert setting["doc"] == "credits for a check-in"
