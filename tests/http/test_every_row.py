"""Each row of the program's routing table has been hit: its success, and
each error that it lists."""
import subprocess

import pytest

from support.routes import ROUTES, named

pytestmark = pytest.mark.looks_back


@pytest.fixture(scope="module", name="rows")
def rows_of_program(stack):
    """(route name, codes) as `florind --routes` prints them."""
    program = stack.build_dir / "florind"
    text = subprocess.run([program, "--routes"], check=True,
                          capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in text.splitlines()]
    return [(f"{row[0]} {row[1]}", " ".join(row[3:]).split())
            for row in rows]


def test_the_table_is_the_contract(rows):
    assert sorted(name for name, _ in rows) == sorted(
        route.name for route in ROUTES)


def test_each_row_has_succeeded(rows, recorder):
    wanted = {(name, named(name).success) for name, _ in rows}
    seen = {(name, status) for name, status, code in recorder.seen
            if code is None}
    assert sorted(wanted - seen) == []


def test_each_error_of_each_row_was_seen(rows, recorder):
    wanted = {(name, code) for name, codes in rows for code in codes
              if code != "-"}
    seen = {(name, code) for name, _, code in recorder.seen}
    assert sorted(wanted - seen) == []
