"""The manual pages name every command, option and setting."""
import re

import pytest

import tree

SETTINGS = re.findall(r'^\t\{ "(\w*)", "([\w.]+)", SET_',
                      tree.text("src/config_table.c"), re.M)
COMMANDS = [name for path in tree.under("src/ctl/", ".c")
            for name in re.findall(r'^\t\{ "(\w+)", \w+_command,',
                                   tree.text(path), re.M)]


def plain(page):
    """A page's words without mdoc's requests."""
    return re.sub(r"\\&|^\.", "", tree.text(page), flags=re.M)


def test_the_sources_were_read():
    assert len(SETTINGS) > 20 and len(COMMANDS) >= 9


@pytest.mark.parametrize("section, name", SETTINGS)
def test_setting(section, name):
    assert f"It Cm {name} " in plain("man/florin.conf.5")


def test_no_other_setting():
    named = re.findall(r"^It Cm ([\w.]+) ", plain("man/florin.conf.5"), re.M)
    assert sorted(named) == sorted(name for _, name in SETTINGS)


@pytest.mark.parametrize("name", COMMANDS)
def test_command(name):
    assert re.search(rf"^It Cm {name}\b", plain("man/florinctl.1"), re.M)


@pytest.mark.parametrize("source, page", [
    *((path, "man/florinctl.1") for path in tree.under("src/ctl/", ".c")),
    ("src/main.c", "man/florind.8")])
def test_options(source, page):
    # how the master starts its children is its own business
    hidden = {"role", "pool", "slot"} if source == "src/main.c" else set()
    for name in re.findall(r'^\t\t\{ "([\w-]+)", \w+_argument',
                           tree.text(source), re.M):
        assert name in hidden or f"-{name}" in plain(page), name
