#!/usr/bin/python3
"""Checks the order of measurements, what happens when one fails, and that everything is stopped."""

import contextlib
import io
import os
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import programs  # noqa: E402
import rounds  # noqa: E402
import rows  # noqa: E402
from contenders import Contender  # noqa: E402

SSH, GOF = (Contender(key, key, [], None) for key in ("ssh", "gof"))


class Stand:
    """A bridge that notes what is done."""

    def __init__(self, contender, done):
        self.contender, self.done = contender, done
        done.append(f"start {contender.key}")

    def stop(self):
        self.done.append(f"stop {self.contender.key}")


class Rounds(unittest.TestCase):
    def setUp(self):
        self.done = []

    def row(self, name, fails=None, times=1 << 30, fresh=False):
        """Gives 1, 2 and so on; fails for the contender of the key `fails`, the first `times` times."""
        counts = {"measured": 0, "failed": 0}

        def measure(bridge):
            self.done.append(f"{name} {bridge.contender.key}")
            if bridge.contender.key == fails and counts["failed"] < times:
                counts["failed"] += 1
                raise RuntimeError("for a test")
            counts["measured"] += 1
            return [counts["measured"]]

        return rows.Row(name, fresh, [rows.Figure(name, "x", "more")], measure)

    def run_rows(self, *table, count=1):
        with contextlib.redirect_stderr(io.StringIO()):
            return rounds.Rounds(table, [SSH, GOF], lambda contender: Stand(contender, self.done)).run(count)

    def test_take_every_contender_in_turn_forwards_and_backwards(self):
        samples = self.run_rows(self.row("a"), self.row("b"), count=2)
        self.assertEqual(self.done, [
            "start ssh", "start gof", "a ssh", "a gof", "b ssh", "b gof", "stop ssh", "stop gof",
            "start gof", "start ssh", "a gof", "a ssh", "b gof", "b ssh", "stop gof", "stop ssh"])
        self.assertEqual(samples, {"a": {"ssh": [1, 4], "gof": [2, 3]}, "b": {"ssh": [1, 4], "gof": [2, 3]}})

    def test_run_fresh_rows_first_on_processes_of_their_own(self):
        self.run_rows(self.row("a"), self.row("b", fresh=True), self.row("c", fresh=True))
        self.assertEqual(self.done, [
            "start ssh", "b ssh", "c ssh", "stop ssh", "start gof", "b gof", "c gof", "stop gof",
            "start ssh", "start gof", "a ssh", "a gof", "stop ssh", "stop gof"])

    def test_try_once_more_what_fails(self):
        for key in ("ssh", "gof"):
            samples = self.run_rows(self.row("a", fails=key, times=1))
            self.assertNotIn(None, samples["a"]["ssh"] + samples["a"]["gof"])

    def test_go_on_without_a_rival_that_fails(self):
        samples = self.run_rows(self.row("a", fails="ssh"), self.row("b"))
        self.assertEqual(samples, {"a": {"ssh": [None], "gof": [1]}, "b": {"ssh": [1], "gof": [2]}})

    def test_end_when_gof_fails_and_stop_everything(self):
        with self.assertRaisesRegex(RuntimeError, "gof: a: for a test"):
            self.run_rows(self.row("a", fails="gof"), self.row("b"))
        self.assertEqual(self.done[-2:], ["stop ssh", "stop gof"])


class Programs(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.programs = programs.Programs(self.folder)
        self.addCleanup(self.programs.stop)

    def start(self, script):
        self.programs.start("shell", "sh", "-c", script)

    def pids(self, count):
        programs.wait_until("all processes", lambda: len(self.programs.pids()) == count)
        return self.programs.pids()

    def test_are_stopped_with_what_they_have_started(self):
        self.start("(trap '' TERM; sleep 600; true) & exec sleep 600")
        pids = self.pids(3)
        self.programs.stop()
        self.assertEqual([pid for pid in pids if self.runs(pid)], [])

    @staticmethod
    def runs(pid):
        """False also if it has ended and only waits for its parent."""
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            return f.read().rpartition(")")[2].split()[0] != "Z"
        return False

    def test_processor_time_counts_children_that_have_ended(self):
        self.start("sh -c 'i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done'; exec sleep 600")
        before = time.monotonic()
        programs.wait_until("the loop", lambda: self.words().startswith("sleep"), within=100)
        used = self.programs.processor_seconds()
        self.assertGreaterEqual(used, 0.01)
        self.assertLess(used, time.monotonic() - before + 1)

    def words(self):
        with open(f"/proc/{self.programs.running[0].pid}/cmdline", encoding="utf-8") as f:
            return f.read()

    def test_memory_is_that_of_all_of_them(self):
        self.start("exec sleep 600")
        self.pids(1)
        one = self.programs.memory()
        self.assertGreaterEqual(one.rss, one.pss)
        self.assertGreaterEqual(one.pss, one.private)
        self.assertGreater(one.private, 0)
        self.start("exec sleep 600")
        self.pids(2)
        programs.wait_until("twice the memory", lambda: self.programs.memory().rss > 1.5 * one.rss)


if __name__ == "__main__":
    unittest.main()
