"""Programs that a comparison starts in a folder of its own, and ends by their pids."""

import os
import socket
import subprocess
import threading
import time


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
        return True
    except OSError:
        return False


def wait_until(what, check, within=15.0):
    end = time.monotonic() + within
    while not check():
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {within} s")
        threading.Event().wait(0.02)


class Programs:
    """The programs that were started here; stop() ends them."""

    def __init__(self, folder):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.folder = folder
        self.running = []

    def start(self, name, *argv, env=None, stdout=None, stdin=subprocess.DEVNULL):
        with open(self.path(name + ".log"), "wb") as log:
            child = subprocess.Popen([str(a) for a in argv], env=env, stdin=stdin, stdout=stdout or log, stderr=log)
        self.running.append(child)
        return child

    def path(self, name):
        return os.path.join(self.folder, name)

    def log(self, name):
        with open(self.path(name + ".log"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def logs(self):
        return [name[:-4] for name in sorted(os.listdir(self.folder)) if name.endswith(".log")]

    def processor_seconds(self):
        """User and system time of all programs so far, of existing threads only; precise to nanoseconds."""
        total = 0
        for child in self.running:
            folder = f"/proc/{child.pid}/task"
            for task in os.listdir(folder):
                with open(f"{folder}/{task}/schedstat", encoding="ascii") as f:
                    total += int(f.read().split()[0])
        return total / 1e9

    def stop(self):
        for child in reversed(self.running):
            child.terminate()
        for child in self.running:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    pipe.close()
        self.running = []
