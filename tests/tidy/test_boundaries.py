"""Which file may know which library."""
import pathlib
import re

import pytest

import rules
import tree

# header -> the files of src/ that may include it
HEADERS = {
    r"libpq-fe\.h": r"(db|db_pipeline|db_run|bootcheck|jobs)\.c|ctl/.*",
    r"fcgi.*\.h": r"(worker|request)\.c",
    r"jwt\.h": r"auth\w*\.c|ctl/token\.c",
    r"json-c/.*|json\.h": r"(input|openapi)\w*\.[ch]|ctl/.*",
    r"confuse\.h": r"config\w*\.c",
    r"curl/.*": r"(notifier|features|http_client)\.c",
    r"systemd/.*": r"(supervisor|log|main|notify)\.c",
    r"libsmartcols/.*": r"ctl/table\.c",
    r"openssl/.*": r"(auth|jwk|signature|payment)\w*\.[ch]|util/sha256\.c|"
                   r"ctl/verify\.c",
    r"CUnit/.*": r"(?!)",
}
C_FILES = tree.under("src/", ".c", ".h")


def strangers(name, source):
    """Includes of `name`, a path under src/, that are not its to make."""
    found = []
    for header in rules.includes(source):
        for pattern, allowed in HEADERS.items():
            if re.fullmatch(pattern, header) \
                    and not re.fullmatch(allowed, name):
                found.append(header)
    if name.startswith("util/"):
        found += [h for h in re.findall(r'^#\s*include\s+"([^"]+)"', source,
                                        re.M)
                  if not (tree.ROOT / "src/util" / h).exists()
                  and not h.startswith("util/")]
    if name.startswith("api/") and re.search(r"\bfree\(", source):
        found.append("free()")
    return found


@pytest.mark.parametrize("path", C_FILES)
def test_includes(path):
    found = strangers(path.removeprefix("src/"), tree.text(path))
    assert not found, f"{path} may not use {found}"


@pytest.mark.parametrize("path", tree.under("src/", ".h"))
def test_header_guard(path):
    stem = pathlib.Path(path).stem.upper()
    assert re.search(rf"#ifndef FLORIN_(\w+_)?{stem}_H\n#define ",
                     tree.text(path))


@pytest.mark.parametrize("name, source, stranger", [
    ("reply.c", "#include <libpq-fe.h>\n", "libpq-fe.h"),
    ("auth.c", "#include <libpq-fe.h>\n", "libpq-fe.h"),
    ("db.c", "#include <fcgiapp.h>\n", "fcgiapp.h"),
    ("worker.c", "#include <jwt.h>\n", "jwt.h"),
    ("api/credits.c", "#include <json-c/json.h>\n", "json-c/json.h"),
    ("util/buf.c", '#include "errors.h"\n', "errors.h"),
    ("api/credits.c", "\tfree(x);\n", "free()"),
])
def test_the_rule_bites(name, source, stranger):
    assert strangers(name, source) == [stranger]


def test_the_rule_lets_pass():
    assert not strangers("db.c", "#include <libpq-fe.h>\n")
    assert not strangers("util/buf.c", '#include "util/buf.h"\n')
