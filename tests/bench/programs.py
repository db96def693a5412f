"""Programs that a comparison starts in a folder of its own, what they use, and how they end: by their pids, with all
that they have started themselves."""

import contextlib
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import namedtuple

Memory = namedtuple("Memory", "rss pss private")  # bytes
SMAPS = {"Rss": "rss", "Pss": "pss", "Private_Clean": "private", "Private_Dirty": "private"}
TICKS = os.sysconf("SC_CLK_TCK")
GIVEN = set()  # ports that something may not have taken yet


def tell(words):
    """What a run does, beside its result."""
    print(words, file=sys.stderr, flush=True)


def ephemeral_ports():
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as f:
        return int(f.read().split()[0])


def free_port():
    """Below the ports that connections get: those are all in use now and then."""
    while True:
        port = random.randrange(10000, ephemeral_ports())
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            if port not in GIVEN:
                GIVEN.add(port)
                return port


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
        return True
    except OSError:
        return False


def echoes(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as s:
            s.sendall(b"?")
            return s.recv(1) == b"?"
    except OSError:
        return False


def pause(seconds):
    threading.Event().wait(seconds)


def wait_until(what, check, within=15.0, step=0.02):
    end = time.monotonic() + within
    while not check():
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {within} s")
        pause(step)


def descendants(pids):
    """These processes, and all that they have started, and so on."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as f:
            children.setdefault(int(f.read().rpartition(")")[2].split()[1]), []).append(int(name))
    found, left = [], list(pids)
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def processor_seconds(pid):
    """User and system time so far: of the process to nanoseconds, of its children that have ended to 10 ms."""
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
            ended = f.read().rpartition(")")[2].split()[13:15]
        return time.clock_gettime((~pid << 3) | 2) + sum(map(int, ended)) / TICKS  # as clock_getcpuclockid(3) does
    return 0.0


def memory(pid):
    found = dict.fromkeys(Memory._fields, 0)
    with contextlib.suppress(OSError), open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
        for line in f:
            word = SMAPS.get(line.partition(":")[0])
            if word:
                found[word] += int(line.split()[1]) * 1024
    return Memory(**found)


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

    def start_at_home(self, name, *argv, **options):
        """With a home of its own, which is empty at first."""
        home = self.path(name + "-home")
        os.makedirs(home, mode=0o700, exist_ok=True)
        return self.start(name, *argv, env={"PATH": os.environ["PATH"], "HOME": home}, **options)

    def first_line(self, process, name):
        """Keeps the first line that it prints in a file of this name. Returns its path."""
        with open(self.path(name), "wb") as f:
            f.write(process.stdout.readline())
        return self.path(name)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(self.path(name), 0o600)
        return self.path(name)

    def log(self, name):
        with open(self.path(name + ".log"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def logs(self):
        return [name[:-4] for name in sorted(os.listdir(self.folder)) if name.endswith(".log")]

    def said(self):
        """The end of each log, for error messages."""
        return "".join(f"--- {name}\n{self.log(name)[-2000:]}" for name in self.logs())

    def pids(self):
        return descendants([child.pid for child in self.running if child.poll() is None])

    def processor_seconds(self):
        return sum(map(processor_seconds, self.pids()))

    def memory(self):
        return Memory(*map(sum, zip(Memory(0, 0, 0), *map(memory, self.pids()))))

    def stop(self):
        handles = []
        for pid in self.pids():
            with contextlib.suppress(OSError):
                handles.append(os.pidfd_open(pid))
        for child in reversed(self.running):
            child.terminate()
        end = time.monotonic() + 5
        for child in self.running:
            try:
                child.wait(max(0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    pipe.close()
        for handle in handles:  # what they have started and left
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                until = select.poll()
                until.register(handle, select.POLLIN)
                until.poll(5000)  # ms
            os.close(handle)
        self.running = []
