"""Lines that delay, lose, duplicate and reorder: what arrives, how fast, and how soon it recovers after bad times."""

import socket
import statistics
import time

import lab
from impaired import SEED, Impaired, ImpairedNetworks
from peer import Pair
from test_through import Through
from traffic import MIB, Digest, Source, Target, background, drain, echo, echo_intact, exactly

LINE = {"rate": 200e6, "delay": 20}  # a round trip of 40 ms
# In each direction. Reordered frames are held back by 5 ms, some 80 frames on a full line. (Frames that skip the delay,
# as netem's do, show BBR a round trip near 0, after which no TCP with it is fast.)
BAD = {"loss": 5, "duplicate": 2, "reorder": 10}


class Store:
    """A server that takes a source after the client's "u" and answers with its hash, or gives it after a "d"."""

    def __init__(self, source):
        self.source = source
        self.taken = Digest()

    def __call__(self, sock):
        way = sock.recv(1)  # a readiness probe sends nothing
        if way == b"u":
            self.taken = Digest()
            sock.sendall(drain(sock, self.taken).hex().encode())
        elif way == b"d":
            self.source.send(sock)


class Transfers:
    """Transfers to and from a Store, through gof and without it over the same line."""

    within = 50.0

    def store(self, size):
        self.source = Source(size, seed=SEED)
        self.wanted = self.source.digest()
        self.keeper = Store(self.source)
        self.target = Target(self.srv, self.keeper, address="0.0.0.0")
        return self.target

    def transfer(self, way, port, address="127.0.0.1", given=None):
        """Seconds that a transfer takes. It must arrive intact."""
        started = time.monotonic()
        with self.cli.connect(port, address, timeout=self.within) as sock:
            sock.sendall(way[0].encode())
            if way == "up":
                self.source.send(sock)
                sock.shutdown(socket.SHUT_WR)
                got = exactly(sock, 64).decode()
            else:
                got = drain(sock, given).hex()
        self.assertEqual(got, self.wanted, f"{way}: altered")
        return time.monotonic() - started

    def rate(self, seconds):
        return f"{self.source.size * 8 / 1e6 / seconds:.0f} Mbit/s"

    def beside(self, way, times=1):
        """Median seconds through gof and with plain TCP, in turns."""
        pairs = [(self.transfer(way, self.forward.port), self.transfer(way, self.target.port, self.srv.address))
                 for _ in range(times)]
        ours, plain = (statistics.median(column) for column in zip(*pairs))
        self.told(f"{way}, {self.source.size // MIB} MiB",
                  f"{self.rate(ours)}; plain TCP {self.rate(plain)}; gof / plain {plain / ours:.2f}")
        return ours, plain

    def was_bad(self):
        count = self.lab.line.count()
        self.told("frames", ", ".join(f"{word} {number}" for word, number in count.items()))
        for word in ("lost", "duplicated", "reordered"):
            self.assertGreater(count[word], count["taken"] / 100, "the line was not bad")

    def both_ways_at_once(self):
        """Transfers up and down over the bad line, each at 20 Mbit/s at least."""
        self.lab.line.set(**BAD)
        running = {way: background(self.transfer, way, self.forward.port) for way in ("up", "down")}
        for way, transfer in running.items():
            seconds = transfer(self.within)
            self.told(f"{way}, both at once, {self.source.size // MIB} MiB", self.rate(seconds))
            self.measured(f"{way} at 20 Mbit/s", seconds, self.source.size * 8 / 20e6)
        self.was_bad()

    def lose_30_percent(self, seconds):
        """With a transfer in each direction: how soon after the loss each moves, and a new connection is served."""
        coming = Digest()
        running = [background(self.transfer, "up", self.forward.port),
                   background(self.transfer, "down", self.forward.port, "127.0.0.1", coming)]
        coming.wait_size(self.source.size // 8)
        self.lab.line.set(loss=30)
        before = self.keeper.taken.size, coming.size
        lab.hold(seconds)
        self.lab.line.set(loss=0)
        fine = time.monotonic()
        fresh = background(echo_intact, self, self.cli, self.forward.ports["echo"])
        for way, got, had in zip(("up", "down"), (self.keeper.taken, coming), before):
            now = got.size
            self.assertLess(now, self.source.size, "over before the loss was")
            self.told(f"{way} in {seconds} s of 30 % loss", f"{(now - had) / MIB:.1f} MiB")
            got.wait_size(min(now + MIB, self.source.size), within=30.0)
            self.measured(f"{way}: 1 MiB more after the loss", time.monotonic() - fine, 5.0)
        fresh()
        self.measured("a new connection served after the loss", time.monotonic() - fine, 5.0)
        for transfer in running:
            transfer(self.within)


class Direct(Transfers, Pair):
    def laboratory(self):
        return Impaired(**LINE)

    def start(self, size):
        self.bridge(store=self.store(size).port, echo=Target(self.srv, echo).port)
        self.forward.port = self.forward.ports["store"]


class Relayed(Transfers, Through):
    """The bad line is the one between cli and the relay."""

    def laboratory(self):
        return ImpairedNetworks(("cli", "b"), LINE, **self.places)

    start = Direct.start


class Bad(Direct):
    """Scorecard row 27."""

    def test_transfers_over_a_bad_line_arrive_intact_both_ways_at_20_mbit_s(self):
        self.start(24 * MIB)
        self.both_ways_at_once()
        self.peers_live()


class BadLong(Direct):
    within = 240.0

    def test_transfers_over_a_bad_line_beside_plain_tcp(self):
        self.start(64 * MIB)
        self.lab.line.set(**BAD)
        for way in ("up", "down"):
            ours, _ = self.beside(way)
            self.measured(f"{way} at 20 Mbit/s", ours, self.source.size * 8 / 20e6)
        self.was_bad()


class BadRelayedLong(Relayed):
    within = 240.0

    def test_transfers_over_a_bad_line_to_a_relay_arrive_intact_both_ways_at_20_mbit_s(self):
        self.start(64 * MIB)
        self.both_ways_at_once()
        self.memory_bounded()


class AskBeside:
    """A line of 2 Mbit/s, on which 64 KiB take a quarter of a second."""

    line = {"rate": 2e6, "delay": 20}

    def ask_beside(self, way):
        """Median seconds of an answer while a transfer fills the line."""
        coming = Digest()
        background(self.transfer, way, self.forward.port, "127.0.0.1", coming)
        moved = {"up": lambda: self.keeper.taken.size, "down": lambda: coming.size}[way]
        with self.cli.connect(self.forward.ports["echo"]) as sock:
            self.eventually("the transfer fills the line", lambda: moved() > 400_000)
            seconds = []
            for _ in range(20):
                asked = time.monotonic()
                sock.sendall(b"?" * 64)
                exactly(sock, 64)
                seconds.append(time.monotonic() - asked)
        return statistics.median(seconds)

    def small_streams_do_not_wait(self, *ways):
        self.start(24 * MIB)
        for way in ways:
            self.measured(f"an answer beside a transfer {way}", self.ask_beside(way), 0.2)


class Slow(AskBeside, Direct):
    def laboratory(self):
        return Impaired(**self.line)

    def test_small_streams_do_not_wait_behind_a_transfer(self):
        self.small_streams_do_not_wait("up", "down")


class SlowRelayed(AskBeside, Relayed):
    def laboratory(self):
        return ImpairedNetworks(("cli", "b"), self.line, **self.places)

    def test_small_streams_to_the_relay_do_not_wait_behind_a_transfer(self):
        self.small_streams_do_not_wait("up")


class Loss(Direct):
    """Scorecard row 28, shorter."""

    def test_transfers_go_on_after_5_s_of_30_percent_loss(self):
        self.start(48 * MIB)
        self.lose_30_percent(5)
        self.peers_live()


class LossLong(Direct):
    """Scorecard row 28."""

    within = 240.0

    def test_transfers_go_on_after_20_s_of_30_percent_loss(self):
        self.start(96 * MIB)
        self.lose_30_percent(20)
        self.peers_live()
        self.memory_bounded()


class LossRelayedLong(Relayed):
    within = 240.0

    def test_transfers_go_on_after_20_s_of_30_percent_loss_to_the_relay(self):
        self.start(96 * MIB)
        self.lose_30_percent(20)
        self.memory_bounded()


class FarLong(Direct):
    """Compared with plain TCP over the same line, in turns, medians of three (bars: 0.9)."""

    within = 240.0

    def laboratory(self):
        return Impaired(rate=LINE["rate"], delay=50)  # from the start: BBR keeps the shortest round trip for 10 s

    def compare(self, loss):
        self.start(64 * MIB)
        self.lab.line.set(loss=loss)
        for way in ("up", "down"):
            ours, plain = self.beside(way, 3)
            self.assertGreater(plain / ours, 0.9 / 5)

    def test_100_ms_away_over_a_clean_line(self):
        self.compare(0)

    def test_100_ms_away_with_half_a_percent_lost(self):
        self.compare(0.5)


if __name__ == "__main__":
    lab.main()
