#!/usr/bin/python3
"""The programs of README.md, compiled from its text, do together what the page says.

    readme.py FOLDER GOF
"""

import os
import subprocess
import sys
import tempfile
import unittest

WITHIN = 20.0  # seconds; it usually takes milliseconds


class Readme(unittest.TestCase):
    def setUp(self):
        self.greeter = subprocess.Popen([program("greeter")], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end)
        self.ticket = self.greeter.stdout.readline().strip()

    def end(self):
        self.greeter.terminate()
        self.greeter.communicate()

    def finish(self, *words, **options):
        return subprocess.run(words, capture_output=True, text=True, timeout=WITHIN, check=False, **options)

    def test_caller_hears_the_greeter(self):
        done = self.finish(program("caller"), self.ticket)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "hello\n", ""))

    def test_gof_takes_the_ticket_as_any_other(self):
        with tempfile.TemporaryDirectory(prefix="gof-readme-") as home:
            surroundings = {"PATH": os.environ["PATH"], "HOME": home}
            done = self.finish(GOF, "connect", self.ticket, "greet", env=surroundings, stdin=subprocess.DEVNULL)
            self.assertEqual((done.returncode, done.stdout), (0, "hello\n"), done.stderr)

    def test_what_is_no_ticket_is_told(self):
        done = self.finish(program("caller"), self.ticket[:-1])
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("damaged", done.stderr)


def program(name):
    return os.path.join(FOLDER, f"readme_{name}")


if __name__ == "__main__":
    FOLDER, GOF = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))
    unittest.main(verbosity=2)
