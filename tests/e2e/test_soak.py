"""A service through two relays under mixed load, with all kinds of faults of relays, ends and networks."""

import os
import random
import re
import signal
import socket
import threading
import time

import lab
from lab import Lab, hold
from test_through import Through
from traffic import MIB, Source, Target, background, drain, echo, exactly

PATIENCE = 90  # seconds for one answer: longer than --survive keeps a connection open without a path
# Two faults in a row may take up the 10 s that a new connection has by default.
PATIENT = ("--connect-timeout", "60s")
REPORTS = r"Sanitizer|runtime error|Assertion|terminate called"


class Load:
    """Clients of an echo service until stop() is called. Every byte that comes back is checked."""

    workers = 6

    def __init__(self, host, port, seed):
        self.host, self.port = host, port
        self.done = {"whole": 0, "talk": 0, "short": 0, "idle": 0}
        self.bytes = 0
        self.over = threading.Event()
        self.changed = threading.Lock()
        self.all = [background(self.work, random.Random(f"{seed}/{n}")) for n in range(self.workers)]

    def work(self, draw):
        while not self.over.is_set():
            kind = draw.choice(list(self.done))
            moved = getattr(self, kind)(draw)
            with self.changed:
                self.done[kind] += 1
                self.bytes += moved

    def whole(self, draw):
        """Sends a file and receives it back at the same time. Closed after its last byte."""
        source = Source(draw.randrange(1, 24 * MIB), seed=draw.random())
        with self.host.connect(self.port, timeout=PATIENCE) as client:
            def send():
                source.send(client)
                client.shutdown(socket.SHUT_WR)

            sending = background(send)
            back = drain(client)
            sending(PATIENCE)
        if (back.size, back.hex()) != (source.size, source.digest()):
            raise AssertionError(f"{back.size} of {source.size} bytes came back, or not these")
        return source.size

    def talk(self, draw):
        """Questions and answers in turn."""
        moved = 0
        with self.host.connect(self.port, timeout=PATIENCE) as client:
            for _ in range(draw.randrange(1, 200)):
                question = draw.randbytes(draw.randrange(1, 20_000))
                client.sendall(question)
                if exactly(client, len(question)) != question:
                    raise AssertionError("another answer")
                moved += len(question)
        return moved

    def short(self, draw):
        """Many connections in sequence."""
        for _ in range(draw.randrange(1, 50)):
            question = draw.randbytes(64)
            with self.host.connect(self.port, timeout=PATIENCE) as client:
                client.sendall(question)
                client.shutdown(socket.SHUT_WR)
                if drain(client).size != len(question):
                    raise AssertionError("cut short")
        return 0

    def idle(self, draw):
        """Sends nothing for a while, and still works afterwards."""
        with self.host.connect(self.port, timeout=PATIENCE) as client:
            for _ in range(2):
                client.sendall(b"?")
                if exactly(client, 1) != b"?":
                    raise AssertionError("another answer")
                self.over.wait(draw.uniform(0, 5))
        return 0

    def stop(self):
        self.over.set()
        for join in self.all:
            join(2 * PATIENCE)


class Soaking(Through):
    """Faults occur one at a time, each for less than --survive: none may end a connection."""

    places = {"srv": "a", "r1": "ab", "r2": "ab", "cli": "b"}

    def soak(self, seconds):
        seed = int(os.environ.get("GOF_SOAK_SEED", random.SystemRandom().randrange(1 << 32)))
        self.told("soak seed", seed)
        self.draw = random.Random(seed)
        self.numbers = {"srv": 1, "cli": 1}
        target = Target(self.srv, echo)
        self.bridge(PATIENT, PATIENT, echo=target.port)
        before = self.counts()
        load = Load(self.cli, self.forward.port, seed)
        faults = {}
        began = time.monotonic()
        warm = None
        while time.monotonic() - began < seconds:
            fault = self.draw.choice([self.kill, self.stop, self.stop_an_end, self.cut, self.move])
            fault()
            faults[fault.__name__] = faults.get(fault.__name__, 0) + 1
            hold(self.draw.uniform(0.5, 4))
            if warm is None and time.monotonic() - began > seconds / 4:
                warm = {name: process.memory_mib() for name, process in self.ends_of_all()}
        load.stop()
        self.told("soak", f"{load.done}, {load.bytes / MIB:.0f} MiB there and back, faults {faults}")
        self.assertGreater(min(load.done.values()), 0)
        self.nothing_left(before, warm)
        self.end_well()

    def ends_of_all(self):
        return (("serve", self.serve), ("forward", self.forward))

    def counts(self):
        return [process.descriptors() for _, process in self.ends_of_all()]

    # ------------------------------------------------------------ faults

    def some(self, most):
        return self.draw.uniform(0.3, most)

    def kill(self):
        name = self.draw.choice(list(self.relays))
        others = [relay.ticket for other, relay in self.relays.items() if other != name]
        self.relays[name].kill()
        hold(self.some(4))
        self.relay(name, *(word for ticket in others for word in ("--join", ticket)))

    def stop(self):
        self.stand(self.draw.choice(list(self.relays.values())))

    def stop_an_end(self):
        self.stand(self.draw.choice([self.serve, self.forward]))

    def stand(self, process):
        process.signal(signal.SIGSTOP)
        hold(self.some(5))
        process.signal(signal.SIGCONT)

    def cut(self):
        host = self.draw.choice(self.lab.hosts)
        letter = self.draw.choice(host.letters)
        Lab.batch(f"link set p-{host.name}-{letter} nomaster")
        hold(self.some(5))
        Lab.batch(f"link set p-{host.name}-{letter} master net-{letter}")

    def move(self):
        """An end gets another address: links from the old one fall silent."""
        host = self.draw.choice([self.srv, self.cli])
        letter = host.letters[0]
        old = self.numbers[host.name]
        new = self.numbers[host.name] = 3 - old
        base = 16 * self.lab.switches.index(letter)
        address = {1: self.lab.at(host, letter), 2: f"203.0.113.{base + 8 + host.number}"}
        Lab.batch(f"address del {address[old]}/28 dev eth-{letter}", f"address add {address[new]}/28 dev eth-{letter}",
                  inside=host)

    # ------------------------------------------------------------ after the faults

    def nothing_left(self, before, warm):
        self.eventually(f"descriptors back to {before}",
                        lambda: all(now <= then + 2 for now, then in zip(self.counts(), before)), within=20)
        for name, process in self.ends_of_all():
            now = process.memory_mib()
            self.told(f"soak memory of {name} after a quarter and at the end", f"{warm[name]:.0f}, {now:.0f} MiB")
            self.assertLess(now, 1.5 * warm[name] + 32, f"{name} grows")

    def end_well(self):
        for name, process in self.processes().items():
            self.assertTrue(process.alive(), process.log())
            self.assertEqual(process.stop(within=60), 0, process.log())
            for line in process.said():
                self.assertIsNone(re.search(REPORTS, line), f"{name}: {process.log()}")


class Soak(Soaking):
    def test_every_transfer_is_whole_under_a_minute_of_faults(self):
        self.soak(60)


class SoakLong(Soaking):
    def test_every_transfer_is_whole_under_half_an_hour_of_faults(self):
        self.soak(1800)


if __name__ == "__main__":
    lab.main()
