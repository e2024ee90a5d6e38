"""Broken programs: a copy of the tree with one patch of bugs/ applied.

Each patch says in its head what is wrong and what the checker must find."""
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

from support.stack import TREE, Stack

BUGS = pathlib.Path(__file__).parent / "bugs"
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".dev", "node_modules", "__pycache__",
    "autom4te.cache", "web", "bench")


class Bug:
    """One patch.  Its head says "What:" is wrong, what to "Expect:", and the
    "Campaign:" of test_bugs.py or "Scene:" of unflushed.py that shows it."""

    def __init__(self, path):
        self.path = path
        self.name = path.stem
        text = path.read_text()
        head = text.partition("\n--- ")[0]
        self.facts = dict(line.split(": ", 1) for line in head.splitlines()
                          if ": " in line)

    @property
    def expected(self):
        return set(self.facts["Expect"].split())

    @property
    def scene(self):
        return self.facts.get("Scene")

    @property
    def campaign(self):
        return self.facts.get("Campaign")


def all_bugs():
    return [Bug(path) for path in sorted(BUGS.glob("*.patch"))]


class Workshop:
    """A copy of the tree in which bugs are made and unmade."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="florin-bugs-"))
        self.root.chmod(0o755)
        self.tree = self.root / "tree"
        self.build = self.root / "build"
        shutil.copytree(TREE, self.tree, ignore=NOT_COPIED, symlinks=True)

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def patch(self, bug, *options):
        subprocess.run(
            ["patch", "-p1", "-s", "--no-backup-if-mismatch", *options],
            cwd=self.tree, check=True, stdin=bug.path.open())

    def make(self):
        """Build what has changed."""
        environ = dict(os.environ, FLORIN_BUILD_DIR=str(self.build))
        environ.pop("FLORIN_SKIP_BUILD", None)
        subprocess.run(["./dev", "build"], cwd=self.tree, check=True,
                       env=environ, stdin=subprocess.DEVNULL)

    @contextlib.contextmanager
    def broken(self, bug):
        """A running stack that has this bug."""
        self.patch(bug)
        try:
            self.make()  # also unmakes the bug before
            with Stack(self.tree, self.build) as stack:
                yield stack
        finally:
            self.patch(bug, "-R")
