#!/usr/bin/env python3
"""Lines of src/ that no suite reached, and the reasons that are given.

usage: report.py TREE COUNTS

COUNTS has gcov's notes and counts.  tests/coverage/excuses has sections: a
reason, then the places that it excuses, each "file function: line of code",
or "file function: *" for all of a function; ? is a line that gcov finds in
none.  Fails if a line is neither reached nor excused, if an excuse names no
line, or if less than 95 % of the lines were reached.
"""
import collections
import json
import pathlib
import subprocess
import sys

WANTED_PERCENT = 95


def gcov(folder):
    """What gcov tells of all objects: (file, line, function, count).  Its
    exit status also blames objects that have no function."""
    notes = sorted(str(path) for path in folder.rglob("src/**/*.gcno"))
    out = subprocess.run(["gcov", "--json-format", "--stdout", *notes],
                         check=False, capture_output=True, text=True).stdout
    for text in out.splitlines():
        for file in json.loads(text)["files"]:
            for line in file["lines"]:
                yield (file["file"], line["line_number"],
                       line.get("function_name") or "?", line["count"])


def counted(tree, folder):
    """{file below src/: {line: (function, count)}}"""
    found = collections.defaultdict(dict)
    for name, line, function, count in gcov(folder):
        path = pathlib.Path(name).resolve()
        if not path.is_relative_to(tree / "src"):
            continue
        lines = found[str(path.relative_to(tree))]
        before = lines.get(line, (function, 0))[1]
        lines[line] = (function, before + count)
    return found


def read_excuses(path):
    """{(file, function, code): reason}; code "*" is the whole function."""
    excuses, reason = {}, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith("\t"):
            reason = line
            continue
        place, separator, code = line.strip().partition(": ")
        file, _, function = place.partition(" ")
        if not (separator and function and reason):
            sys.exit(f"{path}:{number}: not an excuse: {line}")
        excuses[file, function, code] = reason
    return excuses


class Report:
    def __init__(self, tree, excuses):
        self.tree = tree
        self.excuses = excuses
        self.met = set()
        self.lines = self.reached = self.excused = 0
        self.open = []

    def excuse(self, file, function, code):
        for key in [(file, function, code), (file, function, "*")]:
            if key in self.excuses:
                self.met.add(key)
                return True
        return False

    def add(self, file, lines):
        text = (self.tree / file).read_text().splitlines()
        reached = excused = 0
        for number, (function, count) in sorted(lines.items()):
            code = text[number - 1].strip()
            is_excused = self.excuse(file, function, code)
            if count > 0:
                reached += 1
            elif is_excused:
                excused += 1
            else:
                self.open.append(f"{file}:{number}: {function}: {code}")
        self.lines += len(lines)
        self.reached += reached
        self.excused += excused
        print(f"{file:32} {len(lines):6} {reached:6} {excused:6}"
              f" {len(lines) - reached - excused:6}"
              f" {100 * reached / len(lines):7.1f} %")

    def finish(self):
        """True if each line is reached or excused, and enough are reached."""
        for place in self.open:
            print(f"neither reached nor excused: {place}")
        stale = [key for key in self.excuses if key not in self.met]
        for file, function, code in stale:
            print(f"an excuse for nothing: {file} {function}: {code}")
        percent = 100 * self.reached / self.lines
        print(f"{self.lines} lines, {self.reached} reached ({percent:.2f} %),"
              f" {self.excused} excused, {len(self.open)} open")
        wrong = len(self.open) + len(stale) + (percent < WANTED_PERCENT)
        print(f"{self.reached + self.excused} passed, {wrong} failed")
        return wrong == 0


def main():
    tree, folder = (pathlib.Path(name).resolve() for name in sys.argv[1:])
    report = Report(tree, read_excuses(tree / "tests/coverage/excuses"))
    print(f"{'file':32} {'lines':>6} {'reach.':>6} {'exc.':>6} {'open':>6}")
    for file, lines in sorted(counted(tree, folder).items()):
        report.add(file, lines)
    sys.exit(0 if report.finish() else 1)


main()
