#!/usr/bin/python3
"""Checks README.md against the tree and the program: its links and paths exist, and so do commands and options.

    readme.py GOF                  every command, option, link and path that README.md names; links and paths of PAGES
    readme.py --self-check         breaks a correct text in each way, and checks that each is reported
    readme.py --snippets FOLDER    writes each C++ block there as the program that it names; prints the names

A C++ block begins with `// NAME.cpp`. tests/examples compiles and runs what the last form writes.
"""

import argparse
import glob
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NOT_SHELL = ["cpp", "cmake", "ini"]  # blocks that have no command lines
PAGES = ["src/README.md", "tests/README.md"]

FENCE = re.compile(r"^```(\w*)$")
SPAN = re.compile(r"`([^`]+)`")
COMMENT = re.compile(r"(^|\s)#.*")
LINK = re.compile(r'\]\(([^)\s]+)\)|\b(?:src|href)="([^"]+)"')
ELSEWHERE = re.compile(r"[a-z]+:")
# What the top of the repository has; build/ is generated, and not committed.
PATH = re.compile(r"(?<![\w./-])((?:src|include|tests|man|completions|\.ci)(?:/[\w.*/-]*)?|README\.md|LICENSE"
                  r"|CMakeLists\.txt)(?![\w/-])")
COMMAND = re.compile(r"(?<![\w./-])(?:build/)?gof +([a-z][a-z-]*)([^|;&'\"]*)")
OPTION = re.compile(r"(--[a-z][a-z-]*|-[A-Za-z])\b")
SNIPPET = re.compile(r"(?ms)^```cpp\n(.*?)^```$")
SNIPPET_NAME = re.compile(r"// ([a-z][a-z_]*)\.cpp\b")


class Program:
    """gof, which is asked for its help."""

    def __init__(self, path):
        self.path = path
        self.asked = {}

    def help(self, *words):
        done = subprocess.run([self.path, *words], capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else ""

    def commands(self):
        listed = re.search(r"(?ms)^COMMANDS\n(.*?)\n\n", self.help("-h"))
        return re.findall(r"(?m)^  ([a-z-]+) ", listed.group(1)) if listed else []

    def options(self, command):
        if command not in self.asked:
            listed = re.search(r"(?ms)^OPTIONS\n(.*?)\n\n", self.help(command, "--help"))
            text = listed.group(1) if listed else ""
            self.asked[command] = set(re.findall(r"(?m)^  (-\w)\b", text)
                                      + re.findall(r"(?m)^  (?:-\w, |    )(--[a-z][a-z-]*)", text))
        return self.asked[command]


class Text:
    """A Markdown text, divided into code and prose."""

    def __init__(self, text, wrong):
        self.code = []  # (line number, code): lines of blocks, spans
        self.rows = []  # (line number, spans) of tables
        self.prose = []  # (line number, text)
        language = None
        for number, line in enumerate(text.split("\n"), 1):
            fence = FENCE.match(line)
            if fence:
                language = fence.group(1) if language is None else None
            elif language is not None:
                if language not in NOT_SHELL:
                    self.code.append((number, line))
            elif line.startswith("    "):
                self.code.append((number, line))
            else:
                if line.count("`") % 2:
                    wrong.append(f"{number}: code that goes on in the next line is not looked at")
                spans = SPAN.findall(line)
                self.code += [(number, span) for span in spans]
                self.prose.append((number, line))
                if line.startswith("|"):
                    self.rows.append((number, spans))


def slug(heading):
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def check_picture(path, number, wrong):
    try:
        parts = list(xml.etree.ElementTree.parse(path).iter())
    except xml.etree.ElementTree.ParseError as error:
        wrong.append(f"{number}: {os.path.basename(path)}: {error}")
        return
    for part in parts:
        links = [value for name, value in part.attrib.items() if name.endswith("href") and not value.startswith("#")]
        if links or part.tag.endswith("script") or "url(http" in (part.text or ""):
            wrong.append(f"{number}: {os.path.basename(path)}: it needs more than itself")


def check_links(root, text, parts, wrong):
    headings = {slug(heading) for heading in re.findall(r"(?m)^#+ (.*)$", text)}
    for number, line in parts.prose:
        for link in (a or b for a, b in LINK.findall(line)):
            path, _, heading = link.partition("#")
            if ELSEWHERE.match(link):
                continue
            if not path and heading not in headings:
                wrong.append(f"{number}: no heading is #{heading}")
            if path and not os.path.exists(os.path.join(root, path)):
                wrong.append(f"{number}: {path} is not there")
            elif path.endswith(".svg"):
                check_picture(os.path.join(root, path), number, wrong)


def check_paths(root, parts, wrong):
    for number, code in parts.code:
        for path in PATH.findall(code):
            if not glob.glob(os.path.join(root, path.rstrip("."))):
                wrong.append(f"{number}: {path} is not there")


def commands_in(code):
    """Each command line of gof in the code: the command, and the options after it."""
    for command, rest in COMMAND.findall(COMMENT.sub("", code)):
        yield command, [found.group(1) for found in map(OPTION.match, rest.split()) if found]


def check_commands(parts, program, wrong):
    known = program.commands()
    named = set()
    for number, code in parts.code:
        for command, options in commands_in(code):
            named.add(command)
            if command not in known:
                wrong.append(f"{number}: gof {command} is no command")
                continue
            wrong += [f"{number}: gof {command} has no option {option}" for option in options
                      if option not in program.options(command)]
    wrong += [f"gof {command} is a command, and nothing names it" for command in known if command not in named]
    return len(named)


def check_options(parts, program, wrong):
    """Options without a command: those of the commands in the same table row, elsewhere of any command."""
    of_row = {number: [command for span in spans for command, _ in commands_in(span)] for number, spans in parts.rows}
    for number, code in parts.code:
        option = OPTION.match(code)
        if not option:
            continue
        known = program.commands()
        commands = [command for command in of_row.get(number, []) if command in known] or known
        if not any(option.group(1) in program.options(command) for command in commands):
            whose = "any command" if commands == known else f"gof {' or '.join(commands)}"
            wrong.append(f"{number}: {option.group(1)} is no option of {whose}")


def snippets(text, wrong):
    """The C++ blocks, by the name in their first line."""
    found = {}
    for block in SNIPPET.findall(text):
        name = SNIPPET_NAME.match(block)
        if not name or name.group(1) in found:
            wrong.append(f"a C++ block begins with {block.split(chr(10))[0]!r}: not with a // NAME.cpp of its own")
        else:
            found[name.group(1)] = block
    return found


def check(root, text, program):
    wrong = []
    parts = Text(text, wrong)
    check_links(root, text, parts, wrong)
    check_paths(root, parts, wrong)
    commands = check_commands(parts, program, wrong)
    check_options(parts, program, wrong)
    blocks = snippets(text, wrong)
    return wrong, commands, len(blocks)


def check_page(root, name):
    """A page about the tree only: its links, relative to its folder, and the paths it names."""
    wrong = []
    with open(os.path.join(root, name), encoding="utf-8") as f:
        text = f.read()
    parts = Text(text, wrong)
    check_links(os.path.join(root, os.path.dirname(name)), text, parts, wrong)
    check_paths(root, parts, wrong)
    return [f"{name}:{line}" for line in wrong]


class StandIn:
    """A program with two commands."""

    def commands(self):
        return ["serve", "status"]

    def options(self, command):
        return {"serve": {"--join", "-v"}, "status": {"--check"}}[command]


RIGHT = """# A heading, long

[Here](#a-heading-long), [there](man/a.1), [far](https://example.org/x).
<img src="man/a.svg" alt="a picture">

    home$ gof serve --join gof1abc -v ssh=22   # packages: gof and libgof
    tests/run man/*.1

| | |
|---|---|
| `gof serve NAME` | `--join` |
| `gof status` | ends; `--check` |

See `src/cli`, `--join` and `gof COMMAND --help`.

```cpp
// one.cpp: src/nowhere
int main() {}
```
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/></svg>\n'

# One way to break each rule: what to replace, by what, and what must be reported; in the text or its picture.
BROKEN = [
    ("(#a-heading-long)", "(#another)", "no heading is #another"),
    ("(man/a.1)", "(man/b.1)", "3: man/b.1 is not there"),
    ('"man/a.svg"', '"man/b.svg"', "man/b.svg is not there"),
    ("tests/run", "tests/runs", "tests/runs is not there"),
    ("man/*.1", "man/*.9", "man/*.9 is not there"),
    ("`src/cli`", "`src/attic`", "14: src/attic is not there"),
    ("home$ gof serve", "home$ gof server", "6: gof server is no command"),
    ("| `gof serve NAME`", "| `gof offer NAME`", "gof offer is no command"),
    ("| `gof status` |", "| x |", "gof status is a command, and nothing names it"),
    ("--join gof1abc", "--joins gof1abc", "6: gof serve has no option --joins"),
    ("-v ssh", "-x ssh", "6: gof serve has no option -x"),
    ("ends; `--check`", "ends; `--join`", "12: --join is no option of gof status"),
    ("`--join` and", "`--all` and", "14: --all is no option of any command"),
    ("`src/cli`, ", "`src/cli, ", "14: code that goes on"),
    ("// one.cpp: src/nowhere\n", "", "not with a // NAME.cpp of its own"),
    ("```cpp", "```cpp\n// one.cpp\n```\n\n```cpp", "not with a // NAME.cpp of its own"),
    ("</svg>", "", "a.svg: "),
    ('href="#a"', 'href="b.svg"', "a.svg: it needs more than itself"),
    ("<use", "<script/><use", "a.svg: it needs more than itself"),
]


def self_check():
    with tempfile.TemporaryDirectory() as root:
        for folder in ("man", "tests", "src/cli"):
            os.makedirs(os.path.join(root, folder))
        for name in ("man/a.1", "tests/run"):
            write(os.path.join(root, name), "")

        def told(text, picture):
            write(os.path.join(root, "man", "a.svg"), picture)
            return check(root, text, StandIn())[0]

        assert not told(RIGHT, PICTURE), told(RIGHT, PICTURE)
        for right, broken, words in BROKEN:
            assert right in RIGHT + PICTURE, right
            wrong = told(RIGHT.replace(right, broken, 1), PICTURE.replace(right, broken, 1))
            assert any(words in line for line in wrong), (right, broken, words, wrong)
    print(f"readme: each of {len(BROKEN)} broken texts is told")


def write(path, text):
    """Leaves a file with this content untouched, so that nothing is compiled again because of it."""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                return
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def write_snippets(text, folder):
    wrong = []
    os.makedirs(folder, exist_ok=True)
    for name, block in snippets(text, wrong).items():
        write(os.path.join(folder, f"{name}.cpp"), block)
        print(name)
    return wrong


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--self-check", action="store_true")
    options.add_argument("--snippets", metavar="FOLDER")
    options.add_argument("gof", nargs="?", metavar="GOF")
    chosen = options.parse_args()
    if chosen.self_check:
        return self_check()
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        text = f.read()
    if chosen.snippets:
        wrong = write_snippets(text, chosen.snippets)
    elif chosen.gof:
        wrong, commands, blocks = check(ROOT, text, Program(chosen.gof))
        wrong = [f"README.md:{line}" if line[0].isdigit() else f"README.md: {line}" for line in wrong]
        wrong += [line for page in PAGES for line in check_page(ROOT, page)]
        print(f"readme: {commands} commands, {blocks} programs, {len(wrong)} wrong")
    else:
        return options.error("GOF is missing")
    for line in wrong:
        print(line, file=sys.stderr)
    return sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
