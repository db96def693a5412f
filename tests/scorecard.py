#!/usr/bin/python3
"""Checks the scorecard of tests/README.md: every row exists, and has existing tests, or says that it is open.

    scorecard.py BUILD [SCORECARD]
"""

import fnmatch
import os
import re
import subprocess
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "README.md")
ROWS = 52
ROW = re.compile(r"(?m)^\| (\d+) \| .* \| (.*) \|$")
SPAN = re.compile(r"`([^`]+)`")
NAME = re.compile(r"(unit|sim|api|e2e)\.")


def tests_of(build):
    listed = subprocess.run(["ctest", "--test-dir", build, "-N"], capture_output=True, text=True, check=True)
    return re.findall(r"Test +#\d+: (\S+)", listed.stdout)


def patterns(cell):
    """The tests that a cell names, as globs."""
    before = ""
    for span in SPAN.findall(cell):
        if span.startswith("..."):
            yield before.rpartition(".")[0] + "." + span.removeprefix("...")
        elif NAME.match(span):
            before = span
            yield span


def check(text, tests):
    wrong = []
    rows = {int(number): cell for number, cell in ROW.findall(text)}
    for number in range(1, ROWS + 1):
        if number not in rows:
            wrong.append(f"row {number} is missing")
            continue
        named = list(patterns(rows[number]))
        if not named and not rows[number].startswith("open: "):
            wrong.append(f"row {number} has no test, and is not said to be open")
        for name in named:  # the names of tests with parameters continue after a slash
            if not fnmatch.filter(tests, name) and not fnmatch.filter(tests, f"{name}/*"):
                wrong.append(f"row {number}: no test is {name}")
    return wrong


def main():
    page = sys.argv[2] if len(sys.argv) > 2 else PAGE
    tests = tests_of(sys.argv[1])
    if any(name.endswith("_NOT_BUILT") for name in tests):
        print("not every test is built here")
        sys.exit(77)
    with open(page, encoding="utf-8") as f:
        wrong = check(f.read(), tests)
    for line in wrong:
        print(f"{page}: {line}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
