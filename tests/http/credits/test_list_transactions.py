"""GET /api/credits/transactions: a user's ledger, newest first."""
import pytest

PATH = "/api/credits/transactions"


@pytest.fixture(scope="module", name="busy")
def busy_user(api):
    """A user with registration, grant, four consumes and a refund."""
    user = api.new_user()
    token = api.as_user(user)
    api.grant(user, 50)
    for number in range(4):
        api.consume(token, number + 1, reference_type="image",
                    reference_id=f"i{number}")
    api.refund(user, 3)
    return user


@pytest.fixture(name="mine")
def listing_of_mine(api, busy):
    def listing(**query):
        return api.get(PATH, api.as_user(busy), **query)
    return listing


def numbers(answer):
    return [row["id"] for row in answer.json["data"]]


def test_newest_first(mine):
    assert numbers(mine()) == [7, 6, 5, 4, 3, 2, 1]


def test_one_page_has_no_next(mine):
    answer = mine(limit=7).json
    assert answer["has_more"] is False
    assert answer["next_cursor"] is None


def test_pages_join_without_gap_or_overlap(mine):
    found, cursor = [], None
    while True:
        page = mine(limit=3, cursor=cursor)
        found += numbers(page)
        cursor = page.json["next_cursor"]
        if not page.json["has_more"]:
            break
    assert found == [7, 6, 5, 4, 3, 2, 1]


def test_a_row_written_between_pages_does_not_shift_them(api):
    user = api.new_user()
    token = api.as_user(user)
    for _ in range(3):
        api.consume(token, 1)
    first = api.get(PATH, token, limit=2)
    api.consume(token, 1)
    cursor = first.json["next_cursor"]
    assert numbers(api.get(PATH, token, limit=2, cursor=cursor)) == [2, 1]


@pytest.mark.parametrize("kind, expected", [
    ("registration", [1]), ("grant", [2]), ("consume", [6, 5, 4, 3]),
    ("refund", [7]), ("expire", [])])
def test_by_kind(mine, kind, expected):
    assert numbers(mine(kind=kind)) == expected


def test_by_kind_in_pages(mine):
    page = mine(kind="consume", limit=3)
    assert numbers(page) == [6, 5, 4]
    rest = mine(kind="consume", limit=3, cursor=page.json["next_cursor"])
    assert numbers(rest) == [3]


def test_by_reference(mine):
    found = mine(reference_type="image", reference_id="i2")
    assert numbers(found) == [5]
    assert numbers(mine(reference_type="image")) == [6, 5, 4, 3]
    assert numbers(mine(reference_type="transaction",
                        reference_id="3")) == [7]


def test_from_is_included_and_to_is_not(api, busy, mine):
    rows = {row["id"]: row["created_at"] for row in mine().json["data"]}
    assert numbers(mine(**{"from": rows[3], "to": rows[6]})) == [5, 4, 3]


def test_nothing_of_others(api, busy):
    other = api.new_user()
    rows = api.get(PATH, api.as_user(other)).json["data"]
    assert {row["user_id"] for row in rows} == {other}


def test_the_site_reads_a_named_user(api, busy):
    assert len(numbers(api.get(PATH, api.service, user_id=busy))) == 7


def test_the_default_page_has_fifty_rows(api):
    user = api.new_user(100)
    for _ in range(51):
        api.consume(api.as_user(user), 1)
    answer = api.get(PATH, api.as_user(user)).json
    assert len(answer["data"]) == 50
    assert answer["has_more"] is True


def test_an_unknown_user(api):
    answer = api.get(PATH, api.as_user("nobody-7"))
    assert (answer.status, answer.code) == (404, "user_not_found")


@pytest.mark.parametrize("field, value", [
    ("limit", "0"), ("limit", "201"), ("limit", "-1"), ("limit", "x"),
    ("limit", ""), ("cursor", ""), ("cursor", "x y"), ("cursor", "abc"),
    ("cursor", "0"), ("cursor", "-5"), ("cursor", "9" * 400),
    ("cursor", "x" * 513),
    ("kind", "theft"), ("kind", ""), ("from", "yesterday"),
    ("to", "2020-01-01"), ("reference_type", "No"),
    ("reference_id", ""), ("reference_id", "x" * 129),
    ("colour", "red")])
def test_a_wrong_parameter_is_named(mine, field, value):
    answer = mine(**{field: value})
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert [e["field"] for e in answer.json["errors"]] == [field]


def test_a_grant_is_followed_from_where_it_came(api, user, token):
    """What fed it, what drew from it, what came back: the sum remains."""
    given = api.grant(user, 10, priority=1).json["transaction"]
    grant = given["draws"][0]["grant_id"]
    taken = api.consume(token, 25).json["transaction"]["id"]
    api.refund(user, taken, amount=18)
    api.consume(token, 1)
    rows = api.get(PATH, token, grant_id=grant).json["data"]
    assert [row["kind"] for row in rows] == [
        "consume", "refund", "consume", "grant"]
    assert rows[-1] == given
    remaining = sum(
        draw["amount"] * (1 if row["amount"] > 0 else -1)
        for row in rows for draw in row["draws"]
        if draw["grant_id"] == grant)
    grants = api.get("/api/credits", token).json["grants"]
    assert remaining == {g["id"]: g["remaining"] for g in grants}[grant]
    assert api.get(PATH, token, grant_id=99).json["data"] == []
    assert api.get(PATH, token, grant_id=0).status == 400
