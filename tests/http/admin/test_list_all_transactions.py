"""GET /api/admin/transactions: every user's ledger."""
PATH = "/api/admin/transactions"


def test_all_users_newest_first(api):
    one, two = api.new_user(100), api.new_user(100)
    api.consume(api.as_user(one), 1)
    api.consume(api.as_user(two), 2)
    page = api.get(PATH, api.admin, limit=2).json
    more = api.get(PATH, api.admin, limit=2,
                   cursor=page["next_cursor"]).json
    data = api.get(PATH, api.admin, limit=50).json["data"]
    # Jobs may write for others meanwhile.
    assert [(t["user_id"], t["amount"]) for t in data
            if t["user_id"] in (one, two)][:4] == [
        (two, -2), (one, -1), (two, 50), (two, 50)]
    start = data.index(page["data"][0])
    assert page["data"] + more["data"] == data[start:start + 4]


def test_filters(api, user, token):
    api.consume(token, 1, reference_type="doc", reference_id="7")
    data = api.get(PATH, api.admin, user_id=user, kind="consume",
                   reference_type="doc", reference_id="7",
                   **{"from": "2020-01-01T00:00:00Z"}).json["data"]
    assert [t["amount"] for t in data] == [-1]
    assert api.get(PATH, api.admin, user_id=user,
                   to="2020-01-01T00:00:00Z").json["data"] == []
    assert api.get(PATH, api.admin, user_id=user,
                   kind="expire").json["data"] == []


def test_a_cursor_of_another_list(api):
    answer = api.get(PATH, api.admin, cursor="12")
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "cursor"


def test_an_unknown_kind(api):
    answer = api.get(PATH, api.admin, kind="gift")
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "kind"
