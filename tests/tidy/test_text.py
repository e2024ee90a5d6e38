"""Sizes, layout and words of each file."""
import pytest

import rules
import tree

# Data in lines: one row a line, translations and all.
LONG_LINES = {"src/errors.def"}
CODE = (".c", ".h", ".sql", ".py", ".sh", ".am", ".ac", ".m4", ".def")


def code_files():
    return [n for n in tree.files() if n.endswith(CODE)] \
        + [n for n in tree.shell_scripts() if not n.endswith(CODE)]


def fail_on(found, name):
    assert not found, f"{name}:\n" + "\n".join(found)


@pytest.mark.parametrize("name", code_files())
def test_file_is_short(name):
    fail_on(rules.file_length(tree.text(name)), name)


@pytest.mark.parametrize("name", code_files())
def test_white_space(name):
    fail_on(rules.white_space(tree.text(name)), name)


@pytest.mark.parametrize("name", tree.c_files())
def test_c_has_80_columns(name):
    fail_on(rules.columns(tree.text(name)), name)


@pytest.mark.parametrize("name", tree.sql_files())
def test_sql_has_80_columns(name):
    fail_on(rules.columns(tree.text(name), tab=4), name)


@pytest.mark.parametrize("name", tree.c_files())
def test_c_is_indented_by_tabs(name):
    fail_on(rules.tabs(tree.strip_comments(tree.text(name))), name)


@pytest.mark.parametrize("name", tree.sql_files())
def test_sql_is_indented_by_tabs(name):
    fail_on(rules.tabs(tree.text(name)), name)


@pytest.mark.parametrize("name", tree.c_files())
def test_c_functions_are_short(name):
    fail_on(rules.function_lengths(tree.text(name)), name)


@pytest.mark.parametrize("name", tree.c_files())
def test_return_type_stands_alone(name):
    fail_on(rules.return_type_line(tree.text(name)), name)


@pytest.mark.parametrize("name", tree.sql_files())
def test_sql_keywords_are_lower_case(name):
    fail_on(rules.sql_keywords(tree.text(name)), name)


@pytest.mark.parametrize("name", [
    n for n in code_files() if not n.startswith("tests/tidy/")])
def test_no_copyright_line(name):
    fail_on(rules.copyright_line(tree.text(name)), name)
