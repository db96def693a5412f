"""Lines that delay, lose, duplicate and reorder frames (impairment.cpp, as this kernel may have no netem)."""

import os
import subprocess

from lab import Lab, Networks, root_of_tree
from process import Process

IMPAIRMENT = os.environ.get("GOF_TEST_IMPAIRMENT", os.path.join(root_of_tree(), "build", "tests", "e2e", "impairment"))
HERE = "/proc/self/ns/net"
SEED = 27


class Line:
    """A cable from device `near` in our own namespace to `far` on a host, with the impairments of the last set().

    rate (bit/s), queue, delay, jitter (ms; each way), loss, duplicate, reorder (%): impairment.cpp
    """

    def __init__(self, near, host, far, **impairments):
        self.process = Process([IMPAIRMENT, str(SEED), HERE, near, host.path, far, *self.words(impairments)],
                               stdin=subprocess.PIPE)
        self.process.wait_for("^ready$", stream="out")
        # Bursts wait here for the program, instead of in its queue.
        Lab.batch(f"link set {near} txqueuelen 10000")
        Lab.batch(f"link set {far} txqueuelen 10000", inside=host)

    @staticmethod
    def words(impairments):
        return [f"{word}={number:.6f}" for word, number in impairments.items()]

    def ask(self, words, answer):
        at = self.process.mark()
        self.process.child.stdin.write(words.encode() + b"\n")
        self.process.child.stdin.flush()
        return self.process.wait_for(answer, stream="out", since=at).string

    def set(self, **impairments):
        """They apply once this returns. What is on the line already arrives as it would have before."""
        self.ask(" ".join(self.words(impairments)), "^set$")

    def count(self):
        """Frames in both directions so far: taken, passed, lost, duplicated, reordered, overflowed."""
        pairs = (word.split("=") for word in self.ask("count", "^count ").split()[1:])
        return {word: int(number) for word, number in pairs}

    def close(self):
        """Removes its two devices as well."""
        self.process.child.stdin.close()
        self.process.wait()


class Impaired(Lab):
    """A Lab whose cable to cli is impaired: Impaired(rate=200e6, delay=20). .line.set() changes it."""

    def __init__(self, **impairments):
        self.impairments = impairments
        super().__init__()

    def plug(self, host):
        if host is not self.cli:
            return super().plug(host)
        self.line = Line("p-cli", host, "eth0", **self.impairments)
        self.batch("link set p-cli master switch up")

    def unplug(self):
        self.batch("link del p-srv")
        self.line.close()


class ImpairedNetworks(Networks):
    """Networks where one host's cable to one of them is impaired: impaired=("cli", "b")."""

    def __init__(self, impaired, impairments, **places):
        self.impaired, self.impairments = impaired, impairments
        super().__init__(**places)

    def cable(self, host, letter):
        if (host.name, letter) != self.impaired:
            return super().cable(host, letter)
        self.line = Line(f"p-{host.name}-{letter}", host, f"eth-{letter}", **self.impairments)

    def unplug(self, host, letter):
        if (host.name, letter) != self.impaired:
            return super().unplug(host, letter)
        self.line.close()
