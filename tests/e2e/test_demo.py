"""gof demo: a mesh in one process, shown as lines, as a progress bar in a terminal, and as JSON."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading

import lab
from lab import GOF, Case
from peer import Peer

# The output of a run of 64 MiB, in order. If a quarter passes between two checks, its line is missing.
TOLD = [r"mesh +a server, relays", r"path +relay (?P<first>\w+) \(", r"send +64 MiB", r"close +relay (?P=first)",
        r"path +relay (?P<second>(?!(?P=first))\w+), after a stall of [\d.]+ m?s", r"done +64 MiB .* MiB/s",
        r"sent +(?P<hash>[0-9a-f]{64})", r"back +(?P=hash)", r"right "]
ESCAPE = r"\x1b\[[0-9;?]*[a-zA-Z]"
BAR = r"\[[#-]+\] +\d+ % "
REDRAWN = "\r\x1b[K"


class InTerminal:
    """gof in a terminal with this many columns; .shown is all that it wrote."""

    def __init__(self, case, peer, *words, columns=80, **env):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.shown = ""
        self.changed = threading.Condition()
        self.process = peer.spawn("demo", *words, env={"TERM": "xterm-256color", **env}, stdin=theirs, stdout=theirs,
                                  stderr=theirs)
        os.close(theirs)
        self.reader = threading.Thread(target=self.read, args=(ours,), daemon=True)
        self.reader.start()
        case.addCleanup(self.reader.join)

    def read(self, terminal):
        with open(terminal, "rb", buffering=0) as f:
            while True:
                try:
                    data = f.read(4096)
                except OSError:  # the other side of the terminal is closed
                    return
                with self.changed:
                    self.shown += data.decode()
                    self.changed.notify_all()

    def wait_for(self, pattern, within=20.0):
        with self.changed:
            found = self.changed.wait_for(lambda: re.search(pattern, self.shown), within)
            if not found:
                raise AssertionError(f"nothing like {pattern!r} within {within} s:\n{self.shown!r}")

    def end(self):
        code = self.process.wait(40.0)
        self.reader.join()
        return code


class Demo(Case):
    def setUp(self):
        super().setUp()
        self.peer = Peer(self, self.cli, "user")

    def nothing_kept(self):
        self.assertEqual([files for _, folders, files in os.walk(self.peer.home) if files], [])
        self.assertFalse(os.path.exists(self.peer.gof_state))

    def test_transfer_goes_on_by_the_other_relay_and_every_byte_is_right(self):
        done = self.peer.run("demo", timeout=50)
        self.assertEqual((done.code, done.err), (0, ""), done.out)
        self.assertRegex(done.out, "(?ms)^" + ".*^".join(TOLD))
        self.assertRegex(done.out, r"(?m)^\d+ % +\d+ MiB back, \d+ MiB/s, (relay|no path)")
        second = re.search(r"(?m)^path +relay (\w+), after", done.out)
        self.assertNotIn(second.group(1), re.sub("^mesh.*", "", done.out[:second.start()]), "told before its line")
        self.assertNotRegex(done.out, "[^ -~\n]", "plain lines are plain")
        for line in done.out.split("\n"):
            self.assertLessEqual(len(line), 80, line)
        self.nothing_kept()
        print("measured: gof demo: " + re.search("done +(.*)", done.out).group(1), flush=True)

    def test_result_is_one_object_for_programs(self):
        done = self.peer.run("demo", "--size", "1M", "--json")
        self.assertEqual((done.code, done.err), (0, ""))
        told = json.loads(done.out)
        self.assertEqual(done.out.count("\n"), 1)
        self.assertEqual((told["version"], told["right"], told["path_changed"], told["bytes"]), (1, True, True, 1 << 20))
        self.assertEqual({told["first_relay"], told["second_relay"]}, {"north", "south"})
        self.assertEqual(told["sha256_sent"], told["sha256_back"])
        self.assertGreaterEqual(told["time_ms"], told["stall_ms"])

    def test_bar_is_redrawn_in_a_terminal_and_gone_at_the_end(self):
        for columns in (80, 50, 200):
            with self.subTest(columns=columns):
                term = InTerminal(self, self.peer, "--size", "128M", columns=columns)
                self.assertEqual(term.end(), 0, term.shown)
                frames = [f for f in term.shown.split(REDRAWN) if re.search(r"\d+ % ", f)]
                self.assertGreater(len(frames), 3, term.shown)
                if columns >= 80:
                    self.assertRegex(frames[0], BAR)
                for frame in frames:
                    drawn = re.sub(ESCAPE, "", frame)
                    self.assertNotIn("\n", drawn)
                    self.assertLess(len(drawn), min(columns, 80))
                self.assert_tidy(term)
                lines = re.sub(ESCAPE, "", re.sub(r"[^\n]*" + re.escape(REDRAWN), "", term.shown))
                self.assertRegex(lines, "(?s)close .*path .*done .*right ")
                self.assertRegex(term.shown, r"\x1b\[3\dm")

    def assert_tidy(self, term):
        """The cursor is visible, and no bar is left."""
        self.assertEqual(term.shown.count("\x1b[?25l"), term.shown.count("\x1b[?25h"))
        self.assertGreater(term.shown.rfind("\x1b[?25h"), term.shown.rfind("\x1b[?25l"))
        self.assertNotRegex(term.shown[term.shown.rfind(REDRAWN):], r"\d+ % ")

    def test_colour_is_only_where_it_is_wanted(self):
        colour = r"\x1b\[[0-9;]*m"
        for env in ({"NO_COLOR": "1"}, {"GOF_COLOR": "never"}, {"TERM": "dumb"}):
            term = InTerminal(self, self.peer, "--size", "1M", **env)
            self.assertEqual(term.end(), 0)
            self.assertNotRegex(term.shown, colour, env)
        self.assertNotRegex(term.shown, "\x1b", "a dumb terminal takes no control sequence")
        asked = self.peer.run("demo", "--size", "1M", "--color", "always")
        self.assertEqual(asked.code, 0)
        self.assertRegex(asked.out, colour)

    def test_signal_ends_it_and_puts_the_terminal_back(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            term = InTerminal(self, self.peer, "--size", "64G")
            term.wait_for(BAR)
            term.process.signal(number)
            self.assertEqual(term.end(), 128 + number)
            self.assert_tidy(term)
        self.nothing_kept()

    def test_wrong_words_are_named(self):
        for words, named in ((["--size", "much"], "much"), (["--size", "1K"], "1K"), (["--size"], "--size"),
                             (["now"], "now"), (["--key", "x"], "--key"), (["--color", "blue"], "blue")):
            done = self.peer.run("demo", *words)
            self.assertEqual((done.code, done.out), (2, ""), words)
            self.assertIn(named, done.err)

    def test_result_that_nobody_takes_is_a_failure(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run(self.cli.argv(GOF, "demo", "--size", "1M"), env=self.peer.environment(), stdout=full,
                                  stderr=subprocess.PIPE, timeout=30, check=False)
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    lab.main()
