"""What hostile machines do to a gof that runs: scans and garbage, half handshakes held open, openings without end."""

import json
import os
import random
import socket
import time

import lab
import foe
from foe import GREETING, Crowd, Foes, Talk
from peer import MESH_PORT, READY
from ticket import Ticket
from traffic import Target, background, echo, echo_intact, reset

OPENINGS = os.environ.get("GOF_TEST_OPENINGS")
HELLO_TIME = 2.0  # seconds that a stranger has
HANDSHAKE_TIME = 3.0  # and who showed a key
MOST_STRANGERS = 256
MOST_FROM_SOURCE = 8
MOST_HALF_OPEN = 64
SPARE = 80  # descriptors: 64 that say goodbye, and honest ones
MOST_MIB = 10  # that strangers may cost


def preludes(seed=19):
    """What scanners say first, and worse."""
    draw = random.Random(seed)
    return {
        "HTTP": b"GET / HTTP/1.1\r\nHost: srv\r\nUser-Agent: scan\r\nAccept: */*\r\n\r\n",
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9),
        "proxy": b"CONNECT example.org:443 HTTP/1.1\r\n\r\n",
        "PROXY protocol": b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c" + bytes(12),
        "TLS ClientHello": foe.client_hello(),
        "SSH": b"SSH-2.0-OpenSSH_9.2\r\n" + draw.randbytes(1500),
        "SMTP": b"EHLO scan.example\r\nMAIL FROM:<>\r\n",
        "FTP": b"USER anonymous\r\n",
        "SMB": b"\x00\x00\x00\x85\xffSMB\x72" + bytes(128),
        "RDP": b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x0b\x00\x00\x00",
        "DNS": b"\x00\x1d\x12\x34\x01\x00\x00\x01" + bytes(6) + b"\x07version\x04bind\x00\x00\x10\x00\x03",
        "SOCKS5": b"\x05\x02\x00\x02",
        "redis": b"*1\r\n$4\r\nINFO\r\n",
        "PostgreSQL": b"\x00\x00\x00\x08\x04\xd2\x16\x2f",
        "BitTorrent": b"\x13BitTorrent protocol" + draw.randbytes(48),
        "newlines": b"\r\n" * 2000,
        "zeros": bytes(5000),
        "a greeting of its own": b"\x01\x01" + draw.randbytes(16),
        "a HELLO, wrong key": b"\x01\x00" + draw.randbytes(16),
        "a guest's HELLO, wrong key": b"\x01\x01" + draw.randbytes(64),
        "a HELLO and a megabyte": b"\x01\x00" + draw.randbytes(1_000_000),
        **{f"{n} random bytes": draw.randbytes(n) for n in (1, 2, 3, 17, 18, 19, 65, 66, 67, 1000, 70_000)},
    }


class Scans(Foes):
    """Row 19."""

    def setUp(self):
        super().setUp()
        self.target = Target(self.srv, echo)
        self.serve = self.home.serve(f"echo=127.0.0.1:{self.target.port}")
        self.forward = self.away.forward(self.serve.ticket, "0:echo")
        self.talk = Talk(self, self.cli, self.forward.port)

    def knock(self, data, end=False, slowly=False):
        """Bytes that came, and how long it took until all was over."""
        started, got = time.monotonic(), 0
        with self.foe.connect(MESH_PORT, self.srv.address, timeout=15.0) as sock:
            try:
                if slowly:
                    sock.settimeout(1.0)
                    for byte in data:
                        sock.send(bytes([byte]))
                        try:
                            if not (heard := sock.recv(65536)):
                                break
                            got += len(heard)
                        except TimeoutError:
                            pass
                    sock.settimeout(15.0)
                else:
                    sock.sendall(data)
                if end:
                    sock.shutdown(socket.SHUT_WR)
                while heard := sock.recv(65536):
                    got += len(heard)
            except (ConnectionResetError, BrokenPipeError):
                pass
        return got, time.monotonic() - started

    def reset_at_once(self):
        for _ in range(50):
            reset(self.foe.connect(MESH_PORT, self.srv.address))

    def test_no_prelude_gets_more_than_the_greeting_or_changes_anything(self):
        before, memory = self.serve.descriptors(), self.serve.memory_mib()
        at, started = self.serve.mark(), time.monotonic()
        print("seed 19", flush=True)
        knocks = {}
        for name, data in preludes().items():
            knocks[name] = background(self.knock, data)
            knocks[name + ", half-closed"] = background(self.knock, data, True)
            if len(knocks) % MOST_FROM_SOURCE == 0:  # or its own next ones would push them out
                longest = max(knock()[1] for knock in knocks.values())
        knocks["silence"] = background(self.knock, b"")
        knocks["an end at once"] = background(self.knock, b"", True)
        knocks["a byte a second"] = background(self.knock, b"\x01\x00" + bytes(16), False, True)
        knocks["resets at once"] = background(lambda: (self.reset_at_once(), (0, 0.0))[1])
        for name, knock in knocks.items():
            got, seconds = knock()
            self.assertLessEqual(got, GREETING, name)
            longest = max(longest, seconds)
        self.measured("longest a stranger was kept", longest, HELLO_TIME + 0.1)
        seconds = time.monotonic() - started
        lines = self.serve.said("err", since=at)
        self.told("log lines about strangers", f"{len(lines)} in {seconds:.1f} s, {len(knocks)} of them")
        self.assertTrue(lines, "nobody was told")
        self.assertLessEqual(len(lines), 1 + int(seconds // 10), "\n".join(lines))
        self.eventually("no descriptor left", lambda: self.serve.descriptors() <= before, HELLO_TIME + 3)
        more = self.serve.memory_mib() - memory
        self.told("memory more", f"{more:.1f} MiB")
        self.assertLessEqual(more, MOST_MIB)
        self.talk.goes_on()
        with self.cli.connect(self.away.forward(self.serve.ticket, "0:echo").port):
            pass

    def test_nothing_listens_or_answers_on_udp(self):
        for process in (self.serve, self.forward):
            lines = (self.srv if process is self.serve else self.cli).run("ss", "-Hlunp").out.splitlines()
            self.assertEqual([line for line in lines if f"pid={process.pid}," in line], [])
        with self.foe.inside():
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with sock:
            sock.settimeout(10.0)
            sock.connect((self.srv.address, MESH_PORT))
            sock.send(b"\x01\x00" + bytes(16))
            with self.assertRaises(ConnectionRefusedError):
                sock.recv(65536)


class Held(Foes):
    """Connections that stop somewhere on their way in, and as many new ones as are closed."""

    count = 1000

    def setUp(self):
        super().setUp()
        self.target = Target(self.srv, echo)
        self.serve = self.home.serve(f"echo=127.0.0.1:{self.target.port}")
        self.forward = self.away.forward(self.serve.ticket, "0:echo")
        self.talk = Talk(self, self.cli, self.forward.port)
        self.before, self.memory = self.serve.descriptors(), self.serve.memory_mib()

    def crowd(self, stages, sources, count=None, host=None):
        crowd = Crowd(self, host or self.foe, (self.srv.address, MESH_PORT), count or self.count, stages, sources)
        self.assertTrue(crowd.full.wait(30.0), "the crowd did not get together")
        return crowd

    def another_ticket(self):
        """Of the same mesh and peer, for what a foe may do who was given one."""
        other = self.home.serve(f"other=127.0.0.1:{self.target.port}", port=MESH_PORT + 1)
        self.assertEqual(other.stop(), 0)
        return Ticket.parse(other.ticket)

    def honest_gets_in(self, what):
        started = time.monotonic()
        forward = self.away.forward(self.serve.ticket, "0:echo")
        self.measured(f"ready among {what}", time.monotonic() - started, 1.0)
        echo_intact(self, self.cli, forward.port)
        forward.stop()

    def bounded(self, crowd, most):
        descriptors, more = self.serve.descriptors(), self.serve.memory_mib() - self.memory
        self.told("opened", f"{crowd.opened}, at most {crowd.count} at once; descriptors {self.before} -> {descriptors}"
                            f" (bar +{most}), memory +{more:.1f} MiB (bar +{MOST_MIB})")
        self.assertLessEqual(descriptors - self.before, most)
        self.assertLessEqual(more, MOST_MIB)

    def over(self, crowd):
        crowd.close()
        self.eventually("no descriptor left", lambda: self.serve.descriptors() <= self.before, HANDSHAKE_TIME + 3)
        self.talk.goes_on()

    def test_honest_peer_gets_in_among_strangers_from_one_address(self):
        crowd = self.crowd(foe.strangers_stages(), self.addresses(1))
        self.honest_gets_in(f"{self.count} strangers from one address")
        self.bounded(crowd, MOST_FROM_SOURCE + SPARE)
        self.over(crowd)

    def test_honest_peer_gets_in_among_strangers_from_everywhere(self):
        crowd = self.crowd(foe.strangers_stages(), self.addresses(250))
        self.honest_gets_in(f"{self.count} strangers from 250 addresses")
        self.bounded(crowd, MOST_STRANGERS + SPARE)
        self.over(crowd)

    def test_ticket_does_not_shut_the_door_for_others(self):
        """Its holder begins handshakes, from one address and from many, and ends none."""
        stages = foe.guests_stages(self.another_ticket())
        for sources in (1, 250):
            with self.subTest(sources=sources):
                crowd = self.crowd(stages, self.addresses(sources), 300)
                self.eventually("handshakes fill what they may", lambda: max(crowd.ages) > HANDSHAKE_TIME, 10.0)
                self.honest_gets_in(f"300 half handshakes from {sources} addresses")
                self.bounded(crowd, MOST_STRANGERS + MOST_HALF_OPEN + SPARE)
                self.over(crowd)

    def test_every_stage_is_let_go_in_time(self):
        guests = foe.guests_stages(self.another_ticket())
        for what, stages, limit in (("a HELLO", foe.strangers_stages(), HELLO_TIME),
                                    ("the rest of a handshake", guests, HANDSHAKE_TIME)):
            crowd = self.crowd(stages, self.addresses(len(stages)), len(stages))
            for stage in range(len(stages)):
                self.eventually(f"{what}: stage {stage} is let go", lambda: crowd.ages[stage] > 0, 5 * limit)
            self.told(f"kept without {what}", " ".join(f"{age:.2f}" for age in crowd.ages) + f" s (bar {limit} s)")
            # One whose frame makes no sense goes at once.
            self.assertGreater(max(crowd.ages), 0.9 * limit)
            self.assertLessEqual(max(crowd.ages), 5 * limit)
            self.over(crowd)

    def test_forward_from_the_foes_own_address_never_ends_as_refused(self):
        """Behind one NAT they are one: it may have to try again, but its ticket is as good as it was."""
        crowd = self.crowd(foe.strangers_stages(), [self.cli.address], 200, self.cli)
        forwards = [self.away.spawn("forward", self.serve.ticket, "0:echo") for _ in range(8)]
        again = sum(" ready " not in forward.wait_for(f"{READY}|again in", within=20.0, stream="err").string
                    for forward in forwards)
        self.told("pushed out at the first try", f"{again} of {len(forwards)}")
        crowd.close()
        for forward in forwards:
            forward.wait_for(READY, within=20.0, stream="err")
            forward.end()
        self.over(crowd)


class HeldLong(Held):
    count = 5000


class Openings(Foes):
    """Row 25: what runs beside them, and beside as many at a port that only takes them."""

    seconds = 2
    sources = (100,)
    rate = 50_000  # a second: more than the machine gives
    flows = (("200 Mbit/s", ["-b", "200M"]),)

    def setUp(self):
        super().setUp()
        if not OPENINGS:
            self.skipTest("GOF_TEST_OPENINGS is not set: run by ctest, or name the program")
        self.iperf = self.srv.spawn("iperf3", "-s", "-B", "127.0.0.1", "--forceflush")
        self.iperf.wait_for("Server listening")
        at = self.iperf.mark()
        self.serve = self.home.serve("iperf=127.0.0.1:5201")
        self.forward = self.away.forward(self.serve.ticket, "0:iperf")
        self.iperf.wait_for("Server listening", since=at)
        self.dummy = self.srv.spawn(OPENINGS, "take", self.srv.address, MESH_PORT + 1)
        self.dummy.wait_for("ready")

    def flow(self, options):
        at = self.iperf.mark()
        done = self.cli.run("iperf3", "-c", "127.0.0.1", "-p", self.forward.port, "-t", self.seconds, "-J", *options)
        self.assertEqual(done.code, 0, done.out[-2000:] + done.err)
        self.iperf.wait_for("Server listening", since=at)
        return json.loads(done.out)["end"]["sum_received"]["bits_per_second"] / 1e6

    def beside(self, port, rate, sources, options):
        """Mbit/s of the flow, openings a second."""
        knocking = self.foe.spawn(OPENINGS, "knock", self.srv.address, port, rate, self.seconds, *self.addresses(sources))
        flow = self.flow(options)
        opened, greeted = (int(n) for n in knocking.wait_for(r"opened (\d+) greeted (\d+)", within=30.0).groups())
        self.assertGreater(greeted, 0)
        return flow, opened / self.seconds

    def test_flows_go_on_and_memory_stays_under_handshake_openings(self):
        self.flow(["-b", "200M"])  # what a first flow takes is no stranger's
        memory = self.serve.memory_mib()
        for name, options in self.flows:
            alone = self.flow(options)
            for sources in self.sources:
                mine, openings = self.beside(MESH_PORT, self.rate, sources, options)
                other, others = self.beside(MESH_PORT + 1, openings, sources, options)
                self.told(f"{name} under openings from {sources} addresses",
                          f"{mine:.0f} Mbit/s at {openings:.0f} a second, {other:.0f} beside {others:.0f} a second at "
                          f"another port, {alone:.0f} alone: {100 * mine / other:.0f} % (bar 80 %)")
                self.assertGreaterEqual(mine, 0.8 / 5 * other)
        more = self.serve.peak_mib() - memory
        self.told("memory more", f"{more:.1f} MiB (bar {MOST_MIB} MiB)")
        self.assertLessEqual(more, MOST_MIB)


class OpeningsLong(Openings):
    seconds = 6
    sources = (1, 100)
    flows = (("200 Mbit/s", ["-b", "200M"]), ("bulk", []), ("8 streams of bulk", ["-P", "8"]))


if __name__ == "__main__":
    lab.main()
