"""Each rule for a file's text finds what it should, and nothing else."""
import pytest

import rules

LONG_BODY = "\tx();\n" * 68
BAD = [
    (rules.file_length, "x\n" * 601),
    (rules.columns, "\t" * 9 + "123456789\n"),
    (rules.white_space, "x \n"),
    (rules.white_space, "x\t\n"),
    (rules.white_space, "x"),
    (rules.white_space, "x\n\n"),
    (rules.tabs, "        x();\n"),
    (rules.tabs, "\t        x();\n"),
    (rules.function_lengths,
     "static int\nf(void)\n{\n" + LONG_BODY + "}\n"),
    (rules.return_type_line, "int main(void)\n{\n}\n"),
    (rules.return_type_line, "static char *name(int a,\n    int b)\n{\n}\n"),
    (rules.sql_keywords, "SELECT 1;\n"),
    (rules.sql_keywords, "select 1 FROM x; -- from\n"),
    (rules.copyright_line, "/* Copyright 2026 The Florin authors */\n"),
]
GOOD = [
    (rules.file_length, "x\n" * 600),
    (rules.columns, "\t" * 9 + "12345678\n"),
    (rules.white_space, "x\n\ty\n"),
    (rules.tabs, "\tx(a,\n\t    b);\n/*\n * text\n */\n"),
    (rules.function_lengths,
     "static int\nf(void)\n{\n" + LONG_BODY[12:] + "}\n"),
    (rules.function_lengths,
     "static int\nf(void)\n{\n\tstatic const int a[] = {\n"
     + "\t\t1,\n" * 70 + "\t};\n}\n"),
    (rules.function_lengths,
     "struct a {\n" + LONG_BODY * 2 + "};\n"),
    (rules.return_type_line, "static int\nmain(void)\n{\n}\n"),
    (rules.sql_keywords, "select 'FROM' as \"WHERE\"; -- NULL\n"),
]


@pytest.mark.parametrize("rule, source", BAD)
def test_finds(rule, source):
    assert rule(source)


@pytest.mark.parametrize("rule, source", GOOD)
def test_lets_pass(rule, source):
    assert not rule(source)


def test_refusals():
    source = "perform florin.refuse('a_code'); perform refuse(\n\t'other')"
    assert rules.refusals(source, ["a_code"]) == [
        "no such code in errors.def: other"]


def test_one_function():
    source = "create or replace function florin_api.f(\n"
    assert not rules.one_function(source, "florin_api", "f")
    assert rules.one_function(source, "florin_api", "g")
    assert rules.one_function(source, "florin_admin", "f")
    assert rules.one_function(source * 2, "florin_api", "f")
    assert rules.one_function("", "florin_api", "f")
