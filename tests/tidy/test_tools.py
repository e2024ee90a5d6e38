"""What other programs see: shellcheck, clang-format, cppcheck, gcc -fanalyzer,
the linker."""
import concurrent.futures
import os
import pathlib
import re
import subprocess

import pytest

import tree

# Findings that are wrong, each with its reason: (file, warning).
EXCUSED = {
    ("route.c", "-Wanalyzer-use-of-uninitialized-value"):
        "gcc 12 does not see that char x[64] = \"\" sets all 64",
    ("ctl/import.c", "-Wanalyzer-file-leak"):
        "the caller of run() closes the file",
    ("ctl/import.c", "-Wanalyzer-malloc-leak"):
        "the caller of run() closes the file",
    ("worker.c", "-Wanalyzer-malloc-leak"):
        "the worker's list of calls lives as long as the process",
}
PACKAGES = ["libpq", "json-c", "libjwt", "libcrypto", "libconfuse",
            "smartcols", "libsystemd"]
C_SOURCES = tree.under("src/", ".c")


def run(*words, **options):
    return subprocess.run(words, cwd=tree.ROOT, capture_output=True,
                          text=True, check=False, **options)


def packages(option):
    return [word for name in PACKAGES for word in
            run("pkg-config", option, name).stdout.split()]


def compiler_flags():
    return ["-std=gnu11", "-D_GNU_SOURCE=", "-Isrc", "-DHAVE_LIBSYSTEMD",
            '-DPACKAGE_VERSION="0"', '-DFLORIN_VERSION="0"',
            '-DFLORIN_SYSCONFDIR="/etc/florin"',
            '-DFLORIN_SQL_DIR="/usr/share/florin/sql"',
            *packages("--cflags")]


@pytest.mark.parametrize("name", tree.shell_scripts())
def test_shellcheck(name):
    result = run("shellcheck", "-x", "-P", "SCRIPTDIR", name)
    assert result.returncode == 0, result.stdout


# The rows of src/api are data, laid out by hand.
@pytest.mark.parametrize("name", [
    n for n in tree.c_files() if not n.startswith("src/api/")])
def test_clang_format(name):
    if not (tree.ROOT / ".clang-format").exists():
        pytest.skip("there is no .clang-format")
    result = run("clang-format", "--dry-run", "-Werror", name)
    assert result.returncode == 0, result.stderr


def test_cppcheck():
    result = run("cppcheck", "--quiet", "--error-exitcode=1", "--std=c11",
                 "--enable=warning,performance,portability",
                 "--inline-suppr", f"-j{os.cpu_count()}", "-D_GNU_SOURCE=",
                 "-Isrc", "--suppress=missingIncludeSystem", "src")
    assert result.returncode == 0, result.stderr


def analyze(name):
    result = run("gcc", "-fanalyzer", *compiler_flags(), "-c", "-o",
                 "/dev/null", name)
    file = name.removeprefix("src/")
    found = [line for line in result.stderr.split("\n")
             if re.search(r"\b(warning|error):", line)]
    return [line for line in found if not any(
        file == where and what in line for where, what in EXCUSED)]


def test_gcc_analyzer():
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [line for lines in pool.map(analyze, C_SOURCES)
                 for line in lines]
    assert not found, "\n".join(found)


def test_analyzer_finds(tmp_path):
    source = tmp_path / "bad.c"
    source.write_text("#include <stdlib.h>\n"
                      "void f(char *p) { free(p); free(p); }\n")
    assert analyze(str(source))


def exported(library):
    """Names that a shared library of the system gives to programs."""
    result = run("nm", "-D", "--defined-only", library)
    return {line.split()[-1].split("@")[0]
            for line in result.stdout.splitlines()}


def libraries(program):
    return re.findall(r"=> (/\S+)", run("ldd", program).stdout)


def own_names(build):
    objects = [str(p) for p in pathlib.Path(build).glob("src/**/*.o")]
    lines = run("nm", "--defined-only", "-g", *objects).stdout.splitlines()
    return {line.split()[-1] for line in lines if len(line.split()) == 3}


@pytest.mark.parametrize("program", ["florind", "florinctl"])
def test_no_name_of_a_library(program):
    """A program's global symbol is taken by its libraries for theirs: ours
    once answered libjwt in the place of jansson's json_string."""
    build = os.environ.get("FLORIN_BUILD_DIR", tree.ROOT / ".dev/build")
    path = pathlib.Path(build) / program
    if not path.exists():
        pytest.skip(f"{path} is not built")
    ours = own_names(build) - {"main"}
    assert ours
    theirs = set().union(*map(exported, libraries(str(path))))
    assert "json_string" in theirs and "PQexec" in theirs
    assert not ours & theirs
