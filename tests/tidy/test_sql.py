"""Each SQL file, row of the routing table and test belong together."""
import pathlib
import re

import pytest

import rules
import tree

API_FILES = tree.under("sql/api/", ".sql")
SQL_FILES = tree.under("sql/", ".sql")
ROWS = tree.rows()

# Called by the worker itself, not by a row's handler.
OWN = {"barrier", "record_refusal"}


def schema_of(path):
    noun = path.split("/")[2]
    return "florin_admin" if noun == "admin" else "florin_api"


@pytest.mark.parametrize("path", API_FILES)
def test_file_defines_the_function_of_its_name(path):
    name = pathlib.Path(path).stem
    found = rules.one_function(tree.text(path), schema_of(path), name)
    assert not found, f"{path} {found}"


@pytest.mark.parametrize("path", SQL_FILES)
def test_refusals_stand_in_errors_def(path):
    found = rules.refusals(tree.text(path), tree.error_codes())
    assert not found, f"{path}: {found}"


@pytest.mark.parametrize("path", SQL_FILES)
def test_begins_with_a_comment(path):
    assert tree.text(path).startswith("-- ")


def test_migrations_are_numbered():
    names = [pathlib.Path(p).name for p in tree.under("sql/migrate/", ".sql")]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.sql", n) for n in names)
    assert len({n[:4] for n in names}) == len(names)


def test_no_functions_in_migrations():
    made = [p for p in tree.under("sql/migrate/", ".sql")
            if re.search(r"create (or replace )?(function|procedure)",
                         tree.text(p))]
    assert made == ["sql/migrate/0002_append_only.sql"], \
        "functions are replaced whole; only a trigger's stands here"


def test_the_table_was_read():
    assert len(ROWS) >= 12


@pytest.mark.parametrize("path, schema, function", ROWS)
def test_row_has_its_sql_file(path, schema, function):
    found = [p for p in API_FILES if pathlib.Path(p).stem == function]
    assert len(found) == 1 and schema_of(found[0]) == schema


@pytest.mark.parametrize("path, schema, function", ROWS)
def test_row_has_its_sql_test(path, schema, function):
    assert [p for p in tree.under("tests/sql/", ".sql")
            if pathlib.Path(p).stem == function], f"no test of {function}"


@pytest.mark.parametrize("path, schema, function", [
    row for row in ROWS if row[0].startswith("/api/")])
def test_row_has_its_http_test(path, schema, function):
    assert [p for p in tree.under("tests/http/", ".py")
            if pathlib.Path(p).stem == f"test_{function}"], \
        f"no test of {function}"


@pytest.mark.parametrize("path", API_FILES)
def test_sql_file_has_its_row_and_test(path):
    name = pathlib.Path(path).stem
    called = {row[2] for row in ROWS} | OWN
    assert name in called, f"{name} is called by nobody"
    noun = path.split("/")[2]
    assert f"tests/sql/{noun}/{name}.sql" in tree.files()


# Their one statement is whole by itself.
ONE_STATEMENT = {"record_notice", "record_refusal"}
WRITES = re.compile(r"insert into|update \w+( \w+)?\s+set|delete from"
                    r"|\bcall (?!settle)|_catalogue\("
                    r"|set_frozen|repair_wallet")


@pytest.mark.parametrize("path", API_FILES)
def test_what_writes_is_made_to_fail_half_way(path):
    """t.whole lets it fail after each of its statements."""
    name = pathlib.Path(path).stem
    if name in ONE_STATEMENT or name.startswith("list_") \
            or not WRITES.search(tree.text(path)):
        return
    test = tree.text(f"tests/sql/{path.split('/')[2]}/{name}.sql")
    assert "t.whole(" in test, f"{name} never fails half-way"


def test_codes_in_rows_exist():
    codes = set(tree.error_codes())
    for path in tree.under("src/api/", ".c"):
        for words in re.findall(r'"((?:[a-z_]+ )+[a-z_]+)"\s*,\s*\{',
                                re.sub(r'"\s*\n\s*"', "",
                                       tree.text(path))):
            unknown = set(words.split()) - codes
            assert not unknown, f"{path}: {unknown}"


def test_codes_are_unique():
    codes = tree.error_codes()
    assert len(codes) > 30 and len(set(codes)) == len(codes)
