"""A terminal that a test types into and reads: a shell in tmux, with its own tmux server."""

import os
import re
import signal
import subprocess
import time

from lab import hold


class Terminal:
    def __init__(self, case, argv, env, width=100, height=30):
        self.socket = case.file(f"tmux-{len(os.listdir(case.work))}")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height), *argv,
                  env=dict(env, TERM="xterm-256color"))
        self.shell = int(self.tmux("display-message", "-p", "#{pane_pid}"))
        case.addCleanup(self.close)

    def tmux(self, *words, env=None):
        argv = ["tmux", "-S", self.socket, *words]
        return subprocess.run(argv, env=env, check=True, capture_output=True, text=True, timeout=10).stdout

    def type(self, text):
        self.tmux("send-keys", "-l", "--", text)

    def press(self, *keys):
        """Keys by tmux's names: Tab, Enter, C-c."""
        self.tmux("send-keys", *keys)

    def screen(self):
        """The lines up to the last that is not empty, without trailing blanks."""
        return self.tmux("capture-pane", "-p").rstrip("\n")

    def wait_for(self, pattern, within=10.0):
        deadline = time.monotonic() + within
        while not (found := re.search(pattern, self.screen(), re.M)):
            if time.monotonic() > deadline:
                raise AssertionError(f"nothing like {pattern!r} on the screen within {within} s:\n{self.screen()}")
            hold(0.02)
        return found

    def close(self):
        os.kill(self.shell, signal.SIGKILL)  # after a mere hang-up the shell would write its history
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False, capture_output=True)
