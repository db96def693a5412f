#!/usr/bin/python3
"""Runs clang-tidy-14 over src and include. .clang-tidy chooses the checks; each finding is an error.

    tidy.py BUILD               BUILD must be configured, but need not be built
    tidy.py BUILD --analyzer    the checks of clang's static analyzer instead

The checks process every header of a translation unit, and Asio's headers are larger than any source here. So the
sources of a layer are checked in a few units that include several of them each. Sources with a common name in their
unnamed namespaces go into different units.
"""

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCES = os.path.join(ROOT, "src") + os.sep
UNNAMED = re.compile(r"(?ms)^namespace \{$(.*?)^\}  // namespace$")
# What a line at the left margin of an unnamed namespace declares. Not members of a class that is defined there, nor
# names of `using X::name;`, which may be repeated.
DECLARED = re.compile(r"(?m)^(?:template <[^\n]*>\n)?(?!namespace |using namespace |//|#|\}| )"
                      r"(?:using (\w+) =|(?:struct|class|enum|enum class) (\w+)|[^\n(={;]*?(?<!::)\b(\w+)(?:\[\w*\])?(?: =|\(|\{|;))")
# An error of the compiler itself, since each source compiles alone.
CLASH = re.compile(r"(?m)^(\S+):\d+:\d+: error: .*\[clang-diagnostic-error")
FINDING = re.compile(r"(?m)^(\S+:\d+:\d+): (?:warning|error): (.*)$")


def local_names(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    return {name for part in UNNAMED.findall(text) for names in DECLARED.findall(part) for name in names if name}


def commands(build):
    """The arguments that each source of src is compiled with."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as f:
        for entry in json.load(f):
            if entry["file"].startswith(SOURCES):
                words = shlex.split(entry["command"])
                yield entry["file"], [word for word in words[1:] if word.startswith(("-I", "-D", "-std", "-isystem"))]


def units(build):
    """(sources, arguments): as few units as possible."""
    made = []
    for source, arguments in sorted(dict(commands(build)).items()):
        names = local_names(source) | ({"main"} if source.endswith("main.cpp") else set())
        for group in made:
            if group[1] == arguments and group[2].isdisjoint(names):
                group[0].append(source)
                group[2].update(names)
                break
        else:
            made.append(([source], arguments, set(names)))
    return [(sources, arguments) for sources, arguments, _ in made]


def check(place, number, sources, arguments, extra):
    """(whether it is clean, the findings, the output of clang-tidy)"""
    unit = os.path.join(place, f"{number}.cpp")
    with open(unit, "w", encoding="utf-8") as f:
        f.writelines(f'#include "{source}"\n' for source in sources)
    done = subprocess.run(["clang-tidy-14", "--quiet", f"--config-file={ROOT}/.clang-tidy", *extra, unit, "--", *arguments,
                           "-Wno-unknown-warning-option"], capture_output=True, text=True, check=False)
    apart = set(CLASH.findall(done.stdout)) & set(sources) if len(sources) > 1 else set()
    if apart:  # the error comes from another source of the unit
        rest = [source for source in sources if source not in apart]
        parts = [check(place, f"{number}-{i}", group, arguments, extra)
                 for i, group in enumerate([rest, *([source] for source in sorted(apart))])]
        return all(part[0] for part in parts), "".join(part[1] for part in parts), "".join(part[2] for part in parts)
    return done.returncode == 0, done.stdout, done.stderr


def shown(text):
    """Each finding once, as a header is in several units; and without the links to layers in its path."""
    seen = set()
    for block in re.split(r"(?m)^(?=\S+:\d+:\d+: (?:warning|error): )", text):
        found = FINDING.match(block)
        if found and found.groups() not in seen:
            seen.add(found.groups())
            yield re.sub(r"\S*/layers/\w+/", SOURCES, block).replace(ROOT + os.sep, "").rstrip()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build")
    options.add_argument("--analyzer", action="store_true")
    options.add_argument("--only", default="", help="only sources whose path contains this")
    chosen = options.parse_args()
    extra = ["--checks=-*,clang-analyzer-*", "--warnings-as-errors=*"] if chosen.analyzer else []
    place = os.path.join(chosen.build, "tidy")
    os.makedirs(place, exist_ok=True)
    todo = [one for one in units(chosen.build) if any(chosen.only in source for source in one[0])]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        done = list(pool.map(lambda each: check(place, each[0], *each[1], extra), enumerate(todo)))
    findings = list(shown("".join(out for _, out, _ in done)))
    for finding in findings:
        print(finding)
    for good, out, words in done:
        if not good and not out:  # clang-tidy could not run
            print(words)
    print(f"tidy: {sum(len(sources) for sources, _ in todo)} sources in {len(todo)} units, {len(findings)} findings")
    sys.exit(0 if all(good for good, _, _ in done) else 1)


if __name__ == "__main__":
    main()
