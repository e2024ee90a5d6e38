"""GET /api/credits/transactions/export: a user's history as CSV."""
import csv
import io
import re
import urllib.parse

import pytest

PATH = "/api/credits/transactions/export"
HEAD = ["id", "created_at", "effective_at", "kind", "amount",
        "balance_after", "reason", "reference_type", "reference_id", "actor",
        "draws"]
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", ' =cmd|"/c x"!A1',
           "＝1", 'a, "quoted" text', "two\nlines", "图片 ✓", "'quote"]


def read(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def follow(link):
    """The address of a Link header's next page."""
    (found,) = re.fullmatch(r'<(/[^>]*)>; rel="next"', link).groups()
    parts = urllib.parse.urlsplit(found)
    return parts.path, dict(urllib.parse.parse_qsl(
        parts.query, strict_parsing=True))


def whole(api, who, **query):
    """All pages put together, and how many."""
    text, pages, path = "", 0, PATH
    while True:
        answer = api.get(path, who, **query)
        assert answer.status == 200
        text += answer.body.decode()
        pages += 1
        link = answer.header("link")
        if link is None:
            return text, pages
        path, query = follow(link)


def test_is_the_ledger_as_a_file(api, user, token):
    api.consume(api.service, 30, user_id=user, reason="an image",
                reference_type="image", reference_id="7")
    answer = api.get(PATH, token)
    assert answer.status == 200
    assert answer.header("content-type") == (
        "text/csv; charset=utf-8; header=present")
    assert answer.header("content-disposition") == (
        'attachment; filename="transactions.csv"')
    assert answer.header("link") is None
    assert answer.body.count(b"\r\n") == 4 and answer.body.endswith(b"\r\n")
    rows = read(answer.body.decode())
    assert rows[0] == HEAD
    listed = api.get("/api/credits/transactions", token).json["data"]
    assert [row[0] for row in rows[1:]] == [str(t["id"]) for t in listed]
    newest = dict(zip(HEAD, rows[1]))
    for name in ("created_at", "effective_at", "kind", "reason", "actor"):
        assert newest[name] == listed[0][name]
    assert (newest["amount"], newest["balance_after"]) == ("-30", "70")
    assert (newest["reference_type"], newest["reference_id"]) == (
        "image", "7")
    assert newest["draws"] == "; ".join(
        f"{d['source']} #{d['grant_id']} {d['amount']}"
        for d in listed[0]["draws"])


def test_no_cell_is_a_formula(api, token):
    for text in HOSTILE:
        assert api.consume(token, 1, reason=text).status == 200
    rows = read(api.get(PATH, token).body.decode())[1:len(HOSTILE) + 1]
    for row, text in zip(rows, reversed(HOSTILE)):
        assert row[6] in (text, "'" + text)
        assert not re.match(r"\s*[=+@＝＋－＠-]|[\t\r\n]", row[6])
        assert row[4] == "-1"


def test_pages_make_one_file(api, stack, user, token):
    for _ in range(5):
        api.consume(token, 1)
    text, pages = whole(api, token, limit=2)
    assert pages == 4
    assert text == api.get(PATH, token).body.decode()
    after = api.get(PATH, token, cursor="3")
    assert after.header("content-type").endswith("header=absent")
    assert not after.body.startswith(b"id,")


def test_the_link_keeps_the_filters(api):
    user = api.new_user(100)
    odd = "a b&c=d/+é#?"
    for number in range(4):
        api.consume(api.service, 1, user_id=user, reference_type="image",
                    reference_id=odd if number % 2 else "other")
    query = dict(user_id=user, reference_type="image", reference_id=odd,
                 kind="consume")
    answer = api.get(PATH, api.service, limit=1,
                     **{"from": "2020-01-01T00:00:00+01:00"}, **query)
    path, more = follow(answer.header("link"))
    assert path == PATH
    assert more == {**query, "limit": "1", "cursor": "6",
                    "from": "2020-01-01T00:00:00+01:00"}
    text, pages = whole(api, api.service, limit=1, **query)
    assert [row[0] for row in read(text)[1:]] == ["6", "4"]
    assert pages == 2


def test_a_users_link_does_not_name_it(api, token):
    answer = api.get(PATH, token, limit=1)
    assert "user_id" not in follow(answer.header("link"))[1]


def test_an_empty_one_is_a_head(api, token):
    answer = api.get(PATH, token, kind="reset")
    assert read(answer.body.decode()) == [HEAD]


@pytest.mark.parametrize("query", [
    {"limit": 0}, {"limit": 2001}, {"cursor": "x"}, {"kind": "x"},
    {"grant_id": 0}, {"format": "csv"}])
def test_wrong_parameters(api, token, query):
    answer = api.get(PATH, token, **query)
    assert (answer.status, answer.code) == (400, "invalid_request")
    assert answer.json["errors"][0]["field"] == list(query)[0]


def test_an_unknown_user(api):
    answer = api.get(PATH, api.as_user("nobody-26"))
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_nobody_elses(api, user, token):
    answer = api.get(PATH, token, user_id=api.new_user(3))
    assert (answer.status, answer.code) == (403, "forbidden")
    assert user
