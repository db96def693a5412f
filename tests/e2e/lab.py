"""A network laboratory: two hosts, `srv` (203.0.113.10) and `cli` (203.0.113.20), on one switch.

Everything lives in namespaces of its own (network, mounts, processes), with a fresh tmpfs on /run, so a test leaves
nothing behind however it ends: no process, no file, no address. The addresses exist only inside.
"""

import contextlib
import ctypes
import errno
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest

from process import Process, run

SKIPPED = 77  # the exit code that ctest knows from SKIP_RETURN_CODE
WORK = "/run/lab"
NOBODY = 65534
CLONE_NEWNET = 0x40000000
TOOLS = ["ip", "nft", "nsenter", "unshare", "mount"]

libc = ctypes.CDLL(None, use_errno=True)


def root_of_tree():
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


BUILT = os.path.abspath(os.environ.get("GOF", os.path.join(root_of_tree(), "build", "gof")))
GOF = os.path.join(WORK, "gof")  # a copy that an unprivileged user can run, wherever the tree is


def skip(why):
    print(f"SKIPPED: {why}", flush=True)
    sys.exit(SKIPPED)


def sh(*argv):
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)


def enter():
    """Called first by a program that uses a laboratory: runs it once more, in namespaces of its own."""
    if os.environ.get("GOF_LAB") != "inside":
        if os.geteuid() != 0:
            skip("needs root (network namespaces)")
        missing = [t for t in TOOLS if not shutil.which(t)]
        if missing:
            skip("not installed: " + ", ".join(missing))
        box = ["unshare", "-n", "-m", "-p", "--fork", "--kill-child", "--mount-proc"]
        if subprocess.run(box + ["true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            skip("namespaces are not allowed here")
        os.environ["GOF_LAB"] = "inside"
        os.execvp(box[0], box + [sys.executable, "-B"] + sys.argv)
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "lab", "/run")
    os.makedirs(WORK)
    os.chmod(WORK, 0o755)
    if not os.access(BUILT, os.X_OK):
        sys.exit(f"no program at {BUILT}; build it, or set GOF")
    shutil.copy(BUILT, GOF)
    os.chmod(GOF, 0o755)
    sh("ip", "link", "set", "lo", "up")
    # Names that are not in /etc/hosts are asked of 127.0.0.1, where a test may answer, or nothing does.
    hide("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    hide("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n203.0.113.10 srv\n203.0.113.20 cli\n")


def main():
    """Called at the end of every test file: enters the laboratory, then runs the tests named on the command line."""
    enter()
    unittest.main(module="__main__", verbosity=2, warnings="ignore")


def hide(path, text):
    """Puts a file of ours in place of one of the system's, in this mount namespace only."""
    real = os.path.realpath(path)
    if not os.path.exists(real):
        return
    mine = os.path.join(WORK, os.path.basename(path))
    with open(mine, "w", encoding="utf-8") as f:
        f.write(text)
    sh("mount", "--bind", mine, real)


class Host:
    """One machine of the laboratory: a network namespace with an address on the switch."""

    def __init__(self, name, address):
        self.name = name
        self.address = address
        self.path = f"/run/netns/{name}"

    @contextlib.contextmanager
    def inside(self):
        """In the block, what this thread does (such as opening sockets) happens on this host. Sockets stay there."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(self.path, os.O_RDONLY)
        try:
            if libc.setns(there, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"setns {self.name}")
            yield
        finally:
            libc.setns(home, CLONE_NEWNET)
            os.close(there)
            os.close(home)

    def listen(self, port=0, address="127.0.0.1", backlog=128):
        with self.inside():
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((address, port))
            s.listen(backlog)
            return s

    def connect(self, port, address="127.0.0.1", timeout=10.0):
        with self.inside():
            s = socket.socket()
        s.settimeout(timeout)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.connect((address, port))
        return s

    def argv(self, *argv, user=None):
        ids = [f"--setuid={user}", f"--setgid={user}"] if user is not None else []
        return ["nsenter", f"--net={self.path}", *ids, "--", *map(str, argv)]

    def spawn(self, *argv, user=None, **options):
        """Starts a program on this host; nsenter execs the program, so the returned pid is its own."""
        return Process(self.argv(*argv, user=user), **options)

    def run(self, *argv, user=None, **options):
        return run(self.argv(*argv, user=user), **options)

    def nft(self, text):
        sh("nsenter", f"--net={self.path}", "nft", text)

    def received(self):
        """Bytes that have arrived over its cables since it was made."""
        with self.inside(), open("/proc/thread-self/net/dev", encoding="ascii") as f:
            lines = [line.split(":") for line in f.readlines()[2:]]
        return sum(int(counters.split()[0]) for name, counters in lines if name.strip() != "lo")


class Lab:
    """Two hosts and the switch between them. cut() and heal() unplug and plug in srv's cable, silently."""

    def __init__(self):
        self.srv = Host("srv", "203.0.113.10")
        self.cli = Host("cli", "203.0.113.20")
        self.batch("link add switch type bridge", "link set switch up")
        for host in (self.srv, self.cli):
            sh("ip", "netns", "add", host.name)
            self.plug(host)
            self.batch(
                "link set lo up",
                f"address add {host.address}/24 dev eth0",
                "link set eth0 up",
                # .99 is a host that never answers: no machine has its hardware address.
                "neigh add 203.0.113.99 lladdr 02:00:00:00:00:99 dev eth0 nud permanent",
                inside=host,
            )

    def plug(self, host):
        self.batch(f"link add p-{host.name} type veth peer name eth0 netns {host.name}",
                   f"link set p-{host.name} master switch up")

    @staticmethod
    def batch(*lines, inside=None):
        at = ["-n", inside.name] if inside else []
        subprocess.run(["ip", *at, "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True)

    def cut(self):
        self.batch("link set p-srv nomaster")

    def heal(self):
        self.batch("link set p-srv master switch")

    def unplug(self):
        self.batch("link del p-srv", "link del p-cli")

    def close(self):
        # Removes the cables by name: a namespace lives on while a test still holds a socket in it.
        self.unplug()
        self.batch("link del switch")
        for host in (self.srv, self.cli):
            sh("ip", "netns", "del", host.name)


class Networks:
    """Hosts on several networks that no router joins: Networks(srv="a", relay="ab", cli="b").

    Two hosts reach each other if they share a letter: each letter is a switch and a /28 of 203.0.113.0. A host is
    an attribute with its name.
    """

    def __init__(self, **places):
        self.switches = sorted(set("".join(places.values())))
        self.hosts = []
        for letter in self.switches:
            Lab.batch(f"link add net-{letter} type bridge", f"link set net-{letter} up")
        for number, (name, letters) in enumerate(places.items(), 1):
            host = Host(name, f"203.0.113.{16 * self.switches.index(letters[0]) + number}")
            host.number, host.letters = number, letters
            setattr(self, name, host)
            self.hosts.append(host)
            sh("ip", "netns", "add", name)
            Lab.batch("link set lo up", inside=host)
            for letter in letters:
                self.plug(host, letter)

    def plug(self, host, letter):
        self.cable(host, letter)
        Lab.batch(f"link set p-{host.name}-{letter} master net-{letter} up")
        Lab.batch(f"address add {self.at(host, letter)}/28 dev eth-{letter}", f"link set eth-{letter} up", inside=host)

    def cable(self, host, letter):
        Lab.batch(f"link add p-{host.name}-{letter} type veth peer name eth-{letter} netns {host.name}")

    def unplug(self, host, letter):
        Lab.batch(f"link del p-{host.name}-{letter}")

    def at(self, host, letter):
        """The host's address on that network."""
        return f"203.0.113.{16 * self.switches.index(letter) + host.number}"

    def close(self):
        for host in self.hosts:
            for letter in host.letters:
                self.unplug(host, letter)
        Lab.batch(*(f"link del net-{letter}" for letter in self.switches))
        for host in self.hosts:
            sh("ip", "netns", "del", host.name)


class Case(unittest.TestCase):
    """A test with a laboratory: self.srv, self.cli. Its processes end with it; if it fails, it prints their output."""

    def laboratory(self):
        return Lab()

    def setUp(self):
        self.lab = self.laboratory()
        self.addCleanup(self.lab.close)
        self.srv, self.cli = self.lab.srv, self.lab.cli
        self.work = os.path.join(WORK, "test")
        os.makedirs(self.work)
        os.chmod(self.work, 0o755)
        self.addCleanup(shutil.rmtree, self.work, True)

    def run(self, result=None):
        Process.all.clear()
        result = result if result is not None else self.defaultTestResult()
        before = len(result.failures) + len(result.errors)
        super().run(result)
        for p in Process.all:
            p.end()
        if len(result.failures) + len(result.errors) > before:
            for p in Process.all:
                print(p.log(), file=sys.stderr)
        return result

    def doCleanups(self):
        for p in reversed(Process.all):
            p.end()
        return super().doCleanups()

    def file(self, name):
        return os.path.join(self.work, name)

    def measured(self, what, seconds, bar):
        """Prints a time and its bar. The assertion allows five times the bar, as machines vary."""
        print(f"measured: {what} {seconds:.3f} s (bar {bar:g} s)", flush=True)
        self.assertLessEqual(seconds, 5 * bar, what)

    def told(self, what, value):
        print(f"measured: {what} {value}", flush=True)

    def eventually(self, what, check, within=5.0):
        """For what the system does not report (descriptors closed, a port bound): checks repeatedly until it holds."""
        started = time.monotonic()
        while not check():
            if time.monotonic() - started > within:
                self.fail(f"not within {within} s: {what}")
            hold(0.02)
        return time.monotonic() - started


def small_disk(case, folder):
    """From now on the folder is on a disk of its own that has little room."""
    sh("mount", "-t", "tmpfs", "-o", "size=128k,mode=700", "small", folder)
    case.addCleanup(sh, "umount", "-l", folder)


def fill(folder):
    """Fills its disk. Returns the file to remove to make room again."""
    filler = os.path.join(folder, "filler")
    try:
        with open(filler, "wb", buffering=0) as f:
            while True:
                f.write(bytes(4096))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
    return filler


def hold(seconds):
    """Lets a fault last for a while. Never used to wait for gof."""
    threading.Event().wait(seconds)
