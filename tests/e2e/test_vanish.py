"""Long-lived local connections: a machine that vanishes is noticed, a reader that pauses is not mistaken for one;
urgent bytes arrive in their place, and hide no reset."""

import os
import select
import socket
import time

import lab
from lab import Host, Lab, sh
from peer import READY
from traffic import MIB, PIECE, Held, Source, Target, background, drain, exactly, hello, reset, time_to_reset
from ways import Ways

ALIVE = ("--keep-alive", "2s,1s,3")
LIMIT = 5.0  # seconds until it is noticed
CLIENT, TARGET = "198.51.100.2", "198.51.100.18"


class Behind:
    """A machine that only one host reaches, by a cable of its own."""

    def __init__(self, host, name, address):
        self.host = Host(name, address)
        self.behind, self.cable = host, f"to-{name}"
        self.gateway = f"198.51.100.{int(address.rsplit('.', 1)[1]) - 1}"
        sh("ip", "netns", "add", name)
        Lab.batch(f"link add {self.cable} type veth peer name eth0 netns {name}",
                  f"address add {self.gateway}/28 dev {self.cable}", f"link set {self.cable} up", inside=host)
        Lab.batch("link set lo up", f"address add {address}/28 dev eth0", "link set eth0 up", inside=self.host)

    def vanish(self):
        """From now on it neither receives nor sends anything, and nothing reports that."""
        self.host.nft("add table ip gone; "
                      "add chain ip gone hears { type filter hook prerouting priority -300; policy drop; }; "
                      "add chain ip gone says { type filter hook output priority -300; policy drop; }")

    def unplug(self):
        Lab.batch("link set eth0 down", inside=self.host)

    def close(self):
        Lab.batch(f"link del {self.cable}", inside=self.behind)
        sh("ip", "netns", "del", self.host.name)


class Local(Ways):
    """Clients are on `phone`, connected to cli; the target is on `printer`, connected to srv."""

    def setUp(self):
        super().setUp()
        self.phone = Behind(self.cli, "phone", CLIENT)
        self.printer = Behind(self.srv, "printer", TARGET)
        for one in (self.phone, self.printer):
            self.addCleanup(one.close)

    def bridge(self, way, options=ALIVE):
        self.held = Held()
        self.target = Target(self.printer.host, self.held, address=TARGET)
        self.server = self.serve(way, *options, f"data={TARGET}:{self.target.port}")
        self.forward = self.away.spawn("forward", *options, self.server.ticket, f"{self.phone.gateway}:0:data")
        self.port = int(self.forward.wait_for(READY)["port"])

    def pair(self):
        """An open connection: the client's end and the target's."""
        client = hello(self.phone.host.connect(self.port, self.phone.gateway))
        server = self.held.take()
        for sock in (client, server):
            sock.settimeout(30)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.addCleanup(sock.close)
        return client, server

    def over(self):
        self.forward.kill()
        self.server.kill()
        self.target.close()


class Vanished(Local):
    """A side whose other end was reset is on a machine that still runs."""

    def noticed(self, what, waits, started):
        waits(LIMIT + 15)
        took = time.monotonic() - started
        self.told(f"reset of {what}", f"{took:.1f} s (limit {LIMIT:g} s)")
        self.assertGreater(took, LIMIT - 3, "sooner than it may")
        self.assertLess(took, LIMIT + 3)

    def check_target(self, way, leave):
        """Connections of every kind at once; then the target's machine vanishes."""
        self.bridge(way)
        idle, talking, ended = (self.pair()[0] for _ in range(3))
        leave()
        started = time.monotonic()
        talking.sendall(b"nobody acknowledges this")
        ended.shutdown(socket.SHUT_WR)
        resets = {name: background(time_to_reset, sock, LIMIT + 10)
                  for name, sock in (("an idle connection", idle), ("one with data out", talking),
                                     ("one with an end out", ended))}
        for name, waits in resets.items():
            self.noticed(f"{name}, target gone, {way}", waits, started)
        self.server.wait_for(rf"warning: data: {TARGET}:\d+ does not answer any more: .*; a connection to it was reset")
        self.eventually("nothing is left of them", lambda: '"open":0' in self.homes[way].run("status", "--json").out)
        self.over()

    def test_target_that_goes_silent_is_noticed_directly(self):
        self.check_target("direct", self.printer.vanish)

    def test_target_that_goes_silent_is_noticed_through_a_relay(self):
        self.check_target("relay", self.printer.vanish)

    def test_target_whose_cable_is_pulled_is_noticed(self):
        self.check_target("relay", self.printer.unplug)

    def check_client(self, way):
        self.bridge(way)
        idle, talking, ended = (self.pair()[1] for _ in range(3))
        self.phone.vanish()
        started = time.monotonic()
        talking.sendall(b"nobody acknowledges this")
        ended.shutdown(socket.SHUT_WR)
        resets = {name: background(time_to_reset, sock, LIMIT + 10)
                  for name, sock in (("an idle connection", idle), ("one with data out", talking),
                                     ("one with an end out", ended))}
        for name, waits in resets.items():
            self.noticed(f"{name}, client gone, {way}", waits, started)
        self.forward.wait_for(r"warning: 198\.51\.100\.1:\d+: a client does not answer any more: .* was reset")
        self.over()

    def test_client_that_goes_silent_is_noticed_directly(self):
        self.check_client("direct")

    def test_client_that_goes_silent_is_noticed_through_a_relay(self):
        self.check_client("relay")

    def test_reader_that_paused_and_then_vanished_is_noticed(self):
        """The system probes the closed window rarely, and nothing answers any more."""
        self.bridge("direct")
        client, _ = self.pair()
        fill(client)
        self.printer.vanish()
        seconds = time_to_reset(client, 60)
        self.told("reset of a connection whose window was closed", f"{seconds:.1f} s")
        self.assertGreater(seconds, LIMIT - 1)

    def test_nothing_is_asked_when_it_is_off(self):
        self.bridge("direct", options=("--keep-alive", "0"))
        idle, talking = self.pair()[0], self.pair()[0]
        self.printer.vanish()
        talking.sendall(b"nobody acknowledges this")
        for sock in (idle, talking):
            sock.settimeout(LIMIT + 2)
            with self.assertRaises(TimeoutError):
                sock.recv(1)


class Paused(Local):
    """A reader whose window is closed for longer than the limit still acknowledges all the time."""

    def check(self, way):
        self.bridge(way)
        pairs = [self.pair(), self.pair()[::-1]]  # up, down
        for _, reader in pairs:
            reader.settimeout(30)
        hashes = []
        for writer, _ in pairs:
            hashes.append(background(self.write, writer, Source(40 * MIB, seed=len(hashes))))
        lab.hold(4 * LIMIT)
        for (_, reader), writing in zip(pairs, hashes):
            got = background(drain, reader)
            wanted = writing()
            self.assertEqual(got().hex(), wanted)
        self.assertNotIn("does not answer", "\n".join(self.server.said() + self.forward.said()))
        self.over()

    def write(self, sock, source):
        sock.settimeout(60)
        source.send(sock)
        sock.shutdown(socket.SHUT_WR)
        return source.digest()

    def test_reader_that_pauses_loses_nothing_directly(self):
        self.check("direct")

    def test_reader_that_pauses_loses_nothing_through_a_relay(self):
        self.check("relay")


class Urgent(Local):
    def both_ends(self, check):
        """First for the client, then for the target."""
        def each(way):
            self.bridge(way)
            for first in (0, 1):
                ends = self.pair()
                check(ends[first], ends[1 - first], way)
            self.forward.kill()

        self.each_way(each)

    def test_urgent_bytes_stay_in_their_place(self):
        def check(one, other, _):
            for sock in (one, other):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
            for part in (b"before", b"-1-", b"-2-", b"behind"):
                one.send(part, socket.MSG_OOB if b"-" in part else 0)
            self.assertEqual(exactly(other, 18), b"before-1--2-behind")

        self.both_ends(check)

    def test_reset_behind_an_urgent_byte_and_an_end_passes(self):
        def check(one, other, way):
            one.send(b"!", socket.MSG_OOB)
            self.assertEqual(exactly(other, 1), b"!")
            one.shutdown(socket.SHUT_WR)
            self.assertEqual(other.recv(1), b"")
            reset(one)
            poll = select.poll()
            poll.register(other, 0)
            started = time.monotonic()
            self.assertTrue(poll.poll(5000), "no reset within 5 s")
            self.measured(f"{way}: the reset passed in", time.monotonic() - started, 0.2)

        self.both_ends(check)

    def test_reset_behind_an_urgent_byte_that_nobody_reads_passes(self):
        def check(one, other, way):
            fill(one)
            try:
                one.send(b"!", socket.MSG_OOB)
            except TimeoutError:
                pass  # it is urgent even while it waits
            reset(one)
            started = time.monotonic()
            poll = select.poll()
            poll.register(other, 0)
            self.assertTrue(poll.poll(15_000), "no reset within 15 s")
            self.told(f"{way}: the reset passed a full reader in", f"{time.monotonic() - started:.1f} s")

        self.both_ends(check)

    def test_urgent_byte_that_waits_takes_no_time_of_the_processor(self):
        def check(one, other, way):
            fill(one)
            one.settimeout(1)
            try:
                one.send(b"!", socket.MSG_OOB)
            except TimeoutError:
                pass
            before = self.processor()
            lab.hold(3.0)
            used = self.processor() - before
            self.told(f"{way}: processor time in 3 s", f"{used:.2f} s")
            self.assertLess(used, 0.5)
            other.close()

        self.both_ends(check)

    def processor(self):
        """Processor seconds that both gofs have used."""
        total = 0
        for process in (self.server, self.forward):
            with open(f"/proc/{process.pid}/stat", encoding="ascii") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")


def fill(sock, quiet=1.0):
    """Sends until nothing is taken any more."""
    sock.settimeout(quiet)
    try:
        while True:
            sock.send(bytes(PIECE))
    except TimeoutError:
        pass


if __name__ == "__main__":
    lab.main()
