"""Programs under test: started, watched line by line, and ended by their own pid."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections import namedtuple

Finished = namedtuple("Finished", "code out err seconds")


def run(argv, *, env=None, input=None, timeout=25.0, cwd=None):
    """Runs a program to its end, with text in and out. It never inherits our stdin."""
    started = time.monotonic()
    feed = {"input": input} if input is not None else {"stdin": subprocess.DEVNULL}
    done = subprocess.run(argv, env=env, capture_output=True, timeout=timeout, cwd=cwd, check=False, text=True,
                          errors="replace", **feed)
    return Finished(done.returncode, done.stdout, done.stderr, time.monotonic() - started)


class Process:
    """A running program. Its lines are kept with the time at which they arrived."""

    all = []  # those of the running test

    def __init__(self, argv, *, env=None, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                 cwd=None):
        self.argv = argv
        self.lines = []  # (seconds since the start, "out" | "err", text)
        self.changed = threading.Condition()
        self.open = 0
        self.started = time.monotonic()
        self.child = subprocess.Popen(argv, env=env, stdin=stdin, stdout=stdout, stderr=stderr, cwd=cwd)
        self.pid = self.child.pid
        for name, pipe in (("out", self.child.stdout), ("err", self.child.stderr)):
            if pipe is not None:
                self.open += 1
                threading.Thread(target=self._read, args=(name, pipe), daemon=True).start()
        Process.all.append(self)

    def _read(self, name, pipe):
        with pipe:
            for raw in pipe:
                text = raw.decode("utf-8", "replace").rstrip("\n")
                with self.changed:
                    self.lines.append((time.monotonic() - self.started, name, text))
                    self.changed.notify_all()
        with self.changed:
            self.open -= 1
            self.changed.notify_all()

    def mark(self):
        """A place in the output; give it to wait_for(since=) or said(since=) to see only what comes after."""
        with self.changed:
            return len(self.lines)

    def wait_for(self, pattern, within=10.0, stream=None, since=0):
        """Blocks until a line matches, and returns the match. Fails at once if the program ends without it."""
        look = re.compile(pattern)
        deadline = time.monotonic() + within
        with self.changed:
            at = since
            while True:
                while at < len(self.lines):
                    _, name, text = self.lines[at]
                    at += 1
                    found = look.search(text) if stream in (None, name) else None
                    if found:
                        return found
                left = deadline - time.monotonic()
                if self.open == 0:
                    raise AssertionError(f"ended without a line like {pattern!r}\n{self.log()}")
                if left <= 0:
                    raise AssertionError(f"no line like {pattern!r} within {within} s\n{self.log()}")
                self.changed.wait(left)

    def said(self, stream=None, since=0):
        with self.changed:
            return [text for _, name, text in self.lines[since:] if stream in (None, name)]

    def wait(self, within=10.0):
        """Blocks until the program has ended. Returns its exit code (128+n if a signal ended it)."""
        try:
            code = self.child.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {within} s\n{self.log()}") from None
        with self.changed:
            self.changed.wait_for(lambda: self.open == 0, 1.0)
        return code if code >= 0 else 128 - code

    def alive(self):
        return self.child.poll() is None

    def signal(self, number):
        self.child.send_signal(number)

    def stop(self, within=10.0):
        self.signal(signal.SIGTERM)
        return self.wait(within)

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.wait()

    def end(self):
        """Ends the program, whatever it is doing."""
        if self.alive():
            self.child.kill()
            self.child.wait()

    def status(self, key):
        with open(f"/proc/{self.pid}/status", encoding="utf-8") as f:
            for line in f:
                if line.startswith(key + ":"):
                    return line.split(":", 1)[1].strip()
        raise KeyError(key)

    def memory_mib(self):
        return int(self.status("VmRSS").split()[0]) / 1024

    def peak_mib(self):
        return int(self.status("VmHWM").split()[0]) / 1024

    def threads(self):
        """The threads' names; a thread that ends meanwhile is left out."""
        names = []
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            try:
                with open(f"/proc/{self.pid}/task/{thread}/comm", encoding="utf-8") as f:
                    names.append(f.read().strip())
            except OSError:
                pass
        return names

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def sockets(self):
        """How many sockets it has; a descriptor that is closed meanwhile is left out."""
        count = 0
        for descriptor in os.listdir(f"/proc/{self.pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                count += os.readlink(f"/proc/{self.pid}/fd/{descriptor}").startswith("socket:")
        return count

    def log(self):
        with self.changed:
            lines = list(self.lines)
        state = "running" if self.alive() else f"ended {self.child.returncode}"
        words = [w if len(w) < 80 else w[:40] + "..." for w in self.argv]
        head = f"--- {' '.join(words)} (pid {self.pid}, {state})"
        body = [f"  {at:8.3f} {name} {text[:400]}" for at, name, text in lines[-200:]]
        return "\n".join([head, *body])
