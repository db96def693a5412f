"""Connections that were fast once and stay open, as in a pool: what they cost a new one at a distance."""

import threading
import time

import lab
from impaired import Impaired, ImpairedNetworks
from peer import Pair
from test_through import Through
from traffic import MIB, Digest, Source, Target

LINE = {"delay": 25}  # a round trip of 50 ms, and as fast as the machine allows
# What each fetches grows its window to 2 MiB, however fast the machine is. The budget is 256 MiB.
POOL, AT_ONCE = 192, 8
EACH, LAST = 2 * MIB, MIB // 2


class Shelf:
    """A server that sends its whole source for each "a", its beginning for each "b", and without end for "m"."""

    def __init__(self):
        self.whole, self.part = Source(EACH, seed=22), Source(LAST, seed=22)

    def __call__(self, sock):
        while asked := sock.recv(1):
            if asked == b"m":
                while True:
                    self.whole.send(sock)
            (self.whole if asked == b"a" else self.part).send(sock)


class Pool:
    def bridge_pool(self):
        self.shelf = Shelf()
        self.wanted = {b"a": self.shelf.whole.digest(), b"b": self.shelf.part.digest()}
        self.bridge(shelf=Target(self.srv, self.shelf).port)

    def fetch(self, sock, what):
        """Reads what was asked for, which must be exactly that."""
        sock.sendall(what)
        left, got = {b"a": EACH, b"b": LAST}[what], Digest()
        while left:
            data = sock.recv(min(left, MIB))
            if not data:
                raise AssertionError("it ended early")
            got.take(data)
            left -= len(data)
        if got.hex() != self.wanted[what]:
            raise AssertionError("altered")

    def speed_of_a_new_one(self):
        """MB/s, from one second after its start."""
        with self.cli.connect(self.forward.port, timeout=30) as sock:
            sock.sendall(b"m")
            begun = time.monotonic()
            came = 0
            while (now := time.monotonic()) < begun + 3:
                size = len(sock.recv(MIB))
                came += size if now >= begun + 1 else 0
            return came / 2e6

    def pooled(self):
        pool = [self.cli.connect(self.forward.port, timeout=30) for _ in range(POOL)]
        for first in range(0, POOL, AT_ONCE):
            self.all_at_once(pool[first:first + AT_ONCE], b"a")
        return pool

    def all_at_once(self, pool, what):
        failed = []

        def one(sock):
            try:
                self.fetch(sock, what)
            except (AssertionError, OSError) as why:
                failed.append(why)

        threads = [threading.Thread(target=one, args=(sock,)) for sock in pool]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(failed, [])

    def compare(self):
        self.bridge_pool()
        alone = self.speed_of_a_new_one()
        pool = self.pooled()
        lab.hold(1)  # so that they count as idle
        beside = self.speed_of_a_new_one()
        self.told(f"a new connection after 1 s, alone and beside {POOL} idle ones",
                  f"{alone:.1f}, {beside:.1f} MB/s (bar: 0.8 of it)")
        self.assertGreater(beside, 0.5 * alone)  # this machine's speed varies; the simulator checks the real bar
        self.all_at_once(pool, b"b")  # they regain their speed, and lose no byte
        for sock in pool:
            sock.close()
        for name, process in (("serve", self.serve), ("forward", self.forward)):
            self.told(f"{name} peak memory", f"{process.peak_mib():.0f} MiB")
            self.assertLessEqual(process.peak_mib(), 320)


class Direct(Pool, Pair):
    def laboratory(self):
        return Impaired(**LINE)

    def test_a_new_connection_is_fast_beside_192_idle_ones_that_were(self):
        self.compare()
        self.peers_live()


class Relayed(Pool, Through):
    def laboratory(self):
        return ImpairedNetworks(("cli", "b"), LINE, **self.places)

    def test_a_new_connection_is_fast_beside_192_idle_ones_that_were(self):
        self.compare()


if __name__ == "__main__":
    lab.main()
