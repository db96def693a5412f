#!/usr/bin/python3
"""Checks that man/ and completions/ are what the option table makes, and that mandoc and the shells accept both.

    committed.py BUILD/src/pages/gof_pages
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
MAN = os.path.join(ROOT, "man")
COMPLETIONS = os.path.join(ROOT, "completions")
SHELLS = {"gof.bash": "bash", "_gof": "zsh", "gof.fish": "fish"}
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES", "SEE ALSO",
            "SECURITY CONSIDERATIONS"]


def text_of(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def pages():
    return sorted(name for name in os.listdir(MAN) if re.search(r"\.[157]$", name))


def sections_of(path):
    return re.findall(r"(?m)^\.Sh (.*)$", text_of(path))


class Committed(unittest.TestCase):
    def test_files_are_what_the_table_makes(self):
        with tempfile.TemporaryDirectory() as made:
            subprocess.run([MAKER, ROOT, made], check=True)
            for folder, ours in (("man", r"\.[15]$"), ("completions", "")):
                names = sorted(os.listdir(os.path.join(made, folder)))
                kept = sorted(n for n in os.listdir(os.path.join(ROOT, folder)) if re.search(ours, n))
                self.assertEqual(kept, names, f"{folder}/: run the target `pages`, delete what it does not make")
                for name in names:
                    same = text_of(os.path.join(made, folder, name)) == text_of(os.path.join(ROOT, folder, name))
                    self.assertTrue(same, f"{folder}/{name} is not what the table makes: run the target `pages`")

    def test_maker_tells_a_missing_page_and_a_missing_list(self):
        with tempfile.TemporaryDirectory() as tree:
            shutil.copytree(os.path.join(ROOT, "src", "pages"), os.path.join(tree, "src", "pages"))
            page = os.path.join(tree, "src", "pages", "gof-serve.1.in")
            without = text_of(page).replace("@examples\n", "")
            with open(page, "w", encoding="utf-8") as f:
                f.write(without)
            os.unlink(os.path.join(tree, "src", "pages", "gof-id.1.in"))
            done = subprocess.run([MAKER, tree, tree], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"gof-serve\.1\.in:\d+: it lacks a line @examples")
            self.assertIn("gof-id.1.in: cannot be read", done.stderr)
            self.assertTrue(os.path.exists(os.path.join(tree, "man", "gof-forward.1")))

    def test_mandoc_has_nothing_to_say(self):
        for name in pages():
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", os.path.join(MAN, name)],
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (0, ""), name)

    def test_references_lead_to_pages(self):
        there = set(pages())
        for name in there:
            for to in re.findall(r"(?m)^\.Xr (gof\S*) (\d)", text_of(os.path.join(MAN, name))):
                self.assertIn(".".join(to), there, name)

    def test_pages_of_commands_have_every_section_in_order(self):
        for name in pages():
            if name.endswith(".1"):
                self.assertEqual([s for s in sections_of(os.path.join(MAN, name)) if s in SECTIONS], SECTIONS, name)

    def test_page_of_the_file_has_every_section_and_key(self):
        parts = re.split(r"(?m)^\.Sh (.*)$", text_of(os.path.join(MAN, "gof.conf.5")))[1:]
        page = dict(zip(parts[::2], parts[1::2]))
        self.assertEqual(list(page), ["NAME", "DESCRIPTION", "FORMAT", "[node]", "[serve Ar NAME ]",
                                      "[forward Ar NAME ]", "[alias Ar NAME ]", "PRECEDENCE", "FILES", "EXAMPLES",
                                      "DIAGNOSTICS", "SEE ALSO", "SECURITY CONSIDERATIONS"])
        keys = {name: re.findall(r"(?m)^\.It Cm (\S+) No =", text) for name, text in page.items()}
        self.assertEqual(keys["[serve Ar NAME ]"], ["target", "allow"])
        self.assertEqual(keys["[forward Ar NAME ]"], ["peer", "listen", "service"])
        self.assertEqual(keys["[alias Ar NAME ]"], ["peer"])
        options = re.findall(r"(?m)^\.It (?:Fl \w , )?Fl \\-(\S+)", text_of(os.path.join(MAN, "gof-run.1")))
        not_keys = {"config", "check", "verbose", "quiet", "help", "version", "ticket\\-file"}
        self.assertEqual(sorted(keys["[node]"]), sorted(set(options) - not_keys))

    def test_limits_are_those_of_the_sources(self):
        page = text_of(os.path.join(MAN, "gof.conf.5")).replace("\n", " ")
        for source, pattern, words in (
                ("config/ini.hpp", r"longest_file = std::size_t\{(\d+)\} << 20", "at most {} MiB"),
                ("config/ini.hpp", r"longest_line = (\d+)", "at most {} bytes"),
                ("forward/target.hpp", r"\bmost = (\d+)", "at most {} services"),
                ("forward/spec.hpp", r"\bmost = (\d+)", "at most {} listeners")):
            number = re.search(pattern, text_of(os.path.join(ROOT, "src", source))).group(1)
            self.assertIn(words.format(number), page)

    def test_pages_of_the_program_fit_80_columns(self):
        for name in (n for n in pages() if re.search(r"\.[15]$", n)):
            shown = subprocess.run(["mandoc", "-T", "ascii", "-O", "width=78", os.path.join(MAN, name)],
                                   capture_output=True, text=True, check=True).stdout
            for line in re.sub(".\b", "", shown).split("\n"):
                self.assertLessEqual(len(line), 80, f"{name}: {line}")

    def test_shells_understand_the_completions(self):
        for name, shell in SHELLS.items():
            with self.subTest(shell=shell):
                if not shutil.which(shell):
                    self.skipTest(f"no {shell} here; tests/setup.sh has the list of packages")
                done = subprocess.run([shell, "-n", os.path.join(COMPLETIONS, name)], capture_output=True, text=True,
                                      check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    MAKER = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
