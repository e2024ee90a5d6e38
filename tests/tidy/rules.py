"""Rules for the text of one file: each takes it and returns complaints,
lines of "number: what"."""
import re

from tree import strip_comments

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 600
COLUMNS_MAX = 80

KEYWORDS = """select insert update delete from where group order having limit
join union create table function procedure returns language begin declare
return loop if else case values into null true false exists grant revoke alter
primary references constraint index trigger""".split()


def file_length(source):
    lines = source.count("\n")
    return [f"{lines}: more than {FILE_LINES_MAX} lines"] \
        if lines > FILE_LINES_MAX else []


def columns(source, tab=8):
    return [f"{n}: {len(line.expandtabs(tab))} columns"
            for n, line in enumerate(source.split("\n"), 1)
            if len(line.expandtabs(tab)) > COLUMNS_MAX]


def white_space(source):
    found = [f"{n}: space at its end"
             for n, line in enumerate(source.split("\n"), 1)
             if re.search(r"[ \t\r]$", line)]
    if source and not source.endswith("\n"):
        found.append("the last line has no end")
    if source.endswith("\n\n"):
        found.append("empty lines at the end")
    return found


def tabs(source):
    """Eight spaces in a row are a tab."""
    return [f"{n}: indented by spaces"
            for n, line in enumerate(source.split("\n"), 1)
            if re.match(r"\t* {8,}\S", line)]


def function_lengths(source):
    """A function's body stands between braces in the first column; its head
    begins after the last empty line or brace.  Constant tables in it are data
    and do not count."""
    found = []
    source = re.sub(r"^\t+static const [^;]*?= \{\n.*?^\t+\};\n", "",
                    strip_comments(source), flags=re.S | re.M)
    lines = source.split("\n")
    head = start = None
    for n, line in enumerate(lines, 1):
        if line == "{" and head:
            start = head
        elif line.startswith("}"):
            if start and n - start + 1 > FUNCTION_LINES_MAX:
                found.append(f"{start}: a function of {n - start + 1} lines")
            head = start = None
        elif not start and re.match(r"[a-zA-Z_]", line):
            head = n if head is None else head
        elif not line.strip() and not start:
            head = None
    return found


def return_type_line(source):
    """BSD: the name of a function that is defined begins its line."""
    return [f"{source[:m.start()].count(chr(10)) + 1}: the return type has a "
            "line of its own" for m in re.finditer(
                r"^(?!typedef|struct \w+ \{|enum)[a-z][\w \*]*[ \*]\w+\([^;{}()]*"
                r"\)\n\{", strip_comments(source), re.M)]


def sql_keywords(source):
    bare = re.sub(r"--[^\n]*|'(?:''|[^'])*'|\"[^\"]*\"",
                  lambda m: "\n" * m[0].count("\n"), source)
    pattern = r"\b(?:" + "|".join(KEYWORDS).upper() + r")\b"
    return [f"{n}: {word}" for n, line in enumerate(bare.split("\n"), 1)
            for word in re.findall(pattern, line)]


def refusals(source, codes):
    used = re.findall(r"\brefuse\(\s*'(\w+)'", source)
    return [f"no such code in errors.def: {code}"
            for code in used if code not in codes]


def one_function(source, schema, name):
    """The file defines exactly the function of its name."""
    made = re.findall(r"create or replace (?:function|procedure)\s+([\w.]+)",
                      source)
    return [] if made == [f"{schema}.{name}"] else [f"defines {made}"]


def copyright_line(source):
    return [f"{source[:m.start()].count(chr(10)) + 1}: stands in LICENSE only"
            for m in re.finditer(r"(?i)\bcopyright\b.*\bauthors\b|"
                                 r"SPDX-License-Identifier", source)]


def includes(source):
    return re.findall(r'^#\s*include\s+[<"]([^>"]+)[>"]', source, re.M)
