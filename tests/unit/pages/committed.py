#!/usr/bin/python3
"""Holds man/ and completions/ equal to what the option table makes, and both fit for mandoc and the shells.

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


def sections_of(path):
    return re.findall(r"(?m)^\.Sh (.*)$", text_of(path))


class Committed(unittest.TestCase):
    def test_files_are_what_the_table_makes(self):
        with tempfile.TemporaryDirectory() as made:
            subprocess.run([MAKER, ROOT, made], check=True)
            for folder, ours in (("man", r"\.1$"), ("completions", "")):
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
        for name in sorted(os.listdir(MAN)):
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", os.path.join(MAN, name)],
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (0, ""), name)

    def test_pages_of_commands_have_every_section_in_order(self):
        for name in sorted(os.listdir(MAN)):
            if name.endswith(".1"):
                self.assertEqual([s for s in sections_of(os.path.join(MAN, name)) if s in SECTIONS], SECTIONS, name)

    def test_pages_of_commands_fit_80_columns(self):
        for name in sorted(n for n in os.listdir(MAN) if n.endswith(".1")):
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
