"""The files of the tree, as git knows them, and what is in them."""
import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


@functools.cache
def files():
    """Paths relative to the root: tracked and new, without ignored ones.
    Outside of git (a release) everything that is there."""
    try:
        listed = subprocess.run(
            ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-co",
             "--exclude-standard", "-z"],
            cwd=ROOT, capture_output=True, check=True).stdout
        names = listed.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        names = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*")]
    return sorted(n for n in names if n and (ROOT / n).is_file()
                  and "node_modules" not in n)


def under(folder, *suffixes):
    return [n for n in files()
            if n.startswith(folder) and n.endswith(suffixes)]


@functools.cache
def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def c_files():
    return under("src/", ".c", ".h") + under("tests/unit/", ".c", ".h") \
        + under("tests/fuzz/", ".c", ".h")


def sql_files():
    return under("sql/", ".sql") + under("tests/sql/", ".sql")


@functools.cache
def shell_scripts():
    found = []
    for name in files():
        if name.endswith((".md", ".sql", ".py", ".c", ".h")):
            continue
        try:
            with open(ROOT / name, encoding="utf-8") as file:
                first = file.readline()
        except UnicodeDecodeError:
            continue
        if re.match(r"#!.*\b(ba)?sh\b|# shellcheck shell=", first):
            found.append(name)
    return found


def error_codes():
    return re.findall(r'^ERR\(\w+, "(\w+)"', text("src/errors.def"), re.M)


def strip_comments(source):
    """C without comments and with empty strings, line for line."""
    def blank(match):
        word = match.group()
        if word[0] in "\"'":
            return word[0] * 2
        return "\n" * word.count("\n") or " "
    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|'
                  r'/\*.*?\*/|//[^\n]*', blank, source, flags=re.S)


def rows():
    """(path, function) of each row of the routing table."""
    found = []
    method = r'\{ "(?:GET|POST|PUT|PATCH|DELETE)",\s*"'
    for name in under("src/", ".c"):
        for match in re.finditer(
                method + r'([^"]+)"((?:(?!' + method + r').)*?)'
                r'"(florin_\w+)\.(\w+)"', text(name), re.S):
            found.append((match[1], match[3], match[4]))
    return found
