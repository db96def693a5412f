"""Scorecard row 24: what an eavesdropper recorded of a link, sent again."""

import socket
import threading
import time

import lab
import test_access
from peer import MESH_PORT, Pair
from ticket import Ticket
from traffic import MIB, PIECE, Target, background, drain, echo_intact, exactly

WIRE_PORT = 9998
HELLO = 66  # bytes, after the greeting
MOST_SAID = 512  # by a dialler before the other side has proved anything: HELLO and the handshake's first bytes


class Wire(Target):
    """A host on the path to srv's mesh port that records both directions of each connection."""

    def __init__(self, host, to):
        self.to = to
        self.kept = []  # (what the client sent, what the server sent)
        super().__init__(host, self.carry, WIRE_PORT, host.address)
        self.host = host

    def carry(self, client):
        server = self.host.connect(MESH_PORT, self.to, timeout=None)
        said, answered = bytearray(), bytearray()
        self.kept.append((said, answered))
        back = background(self.pass_on, server, client, answered)
        self.pass_on(client, server, said)
        back(None)

    @staticmethod
    def pass_on(source, sink, kept):
        try:
            while data := source.recv(PIECE):
                kept += data
                sink.sendall(data)
        except OSError:
            pass
        finally:
            try:
                sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass


class Replay(Pair):
    """`away` reaches `home` through the wire, whose recording is then sent again."""

    def setUp(self):
        super().setUp()
        self.got = []
        self.target = Target(self.srv, self.handle)
        self.serve = self.home.serve(f"echo=127.0.0.1:{self.target.port}")
        self.wire = Wire(self.cli, self.srv.address)
        place = self.cli.address.encode()
        self.tapped = Ticket.parse(self.serve.ticket).but(
            addresses=bytes([1, len(place)]) + place + WIRE_PORT.to_bytes(2, "big")).text()
        self.forward = self.away.forward(self.tapped, "0:echo")
        echo_intact(self, self.cli, self.forward.port, MIB)
        self.said, self.answered = map(bytes, self.wire.kept[0])
        self.assertGreater(min(len(self.said), len(self.answered)), MIB, "the record holds the connection")

    def handle(self, sock):
        while data := sock.recv(PIECE):
            self.got.append(len(data))
            sock.sendall(data)

    def contacted(self):
        return self.target.accepted, sum(self.got)

    def send_again(self, data):
        """Returns the bytes that came back. Sends in pieces, since the server closes after the first wrong one."""
        with self.cli.connect(MESH_PORT, self.srv.address, timeout=15.0) as sock:
            try:
                sock.sendall(data)
                sock.shutdown(socket.SHUT_WR)
                return drain(sock).size
            except (ConnectionResetError, BrokenPipeError):
                return 0

    def send_again_often(self, times):
        """The whole recording, its HELLO alone, and its HELLO with a piece, in turn; several at once."""
        parts = (self.said, self.said[:HELLO], self.said[:2000])
        counted = threading.Lock()
        sums = [0, 0]

        def some(number):
            for turn in range(times // 8):
                data = parts[(number + turn) % 3]
                answer = self.send_again(data)
                self.assertLessEqual(answer, test_access.Strangers.most_answer)
                with counted:
                    sums[0] += len(data)
                    sums[1] += answer

        for wait in [background(some, number) for number in range(8)]:
            wait()
        self.told(f"sent again {times} times", f"{sums[0]} bytes, {sums[1]} came back")
        self.assertLessEqual(sums[1], sums[0], "it amplifies")

    def test_recorded_connection_sent_again_reaches_nothing_and_is_not_answered(self):
        live = self.cli.connect(self.forward.port, timeout=20.0)
        live.sendall(b"before")
        self.assertEqual(exactly(live, 6), b"before")
        at, started, before = self.serve.mark(), time.monotonic(), self.descriptors()
        self.send_again_often(80)
        memory, contacted = self.serve.memory_mib(), self.contacted()
        over = threading.Event()

        def replay():
            try:
                self.send_again_often(1600)
            finally:
                over.set()

        replaying = background(replay)
        pings, slowest = 0, 0.0
        while not over.is_set():
            sent = time.monotonic()
            live.sendall(b"ping")
            self.assertEqual(exactly(live, 4), b"ping")
            slowest = max(slowest, time.monotonic() - sent)
            pings += 1
        replaying()
        seconds = time.monotonic() - started
        lines = self.serve.said("err", since=at)
        self.told("log lines meanwhile", f"{len(lines)} in {seconds:.1f} s")
        self.assertLessEqual(len(lines), 1 + int(seconds // 10), "\n".join(lines))
        self.told("live connection meanwhile", f"{pings} round trips, the slowest {slowest * 1e3:.1f} ms")
        self.assertEqual(len(self.wire.kept), 1, "the live link was lost")
        self.assertEqual(self.contacted(), (contacted[0], contacted[1] + 4 * pings))
        self.descriptors_back(before, within=15.0)
        self.told("serve memory", f"{memory:.1f} MiB before, {self.serve.memory_mib():.1f} MiB after")
        self.assertLessEqual(self.serve.memory_mib(), memory + 4)
        live.close()
        echo_intact(self, self.cli, self.forward.port)

    def test_recorded_connection_sent_again_to_a_restarted_serve_reaches_nothing(self):
        self.forward.stop()
        self.serve.kill()
        self.serve = self.home.serve(f"echo=127.0.0.1:{self.target.port}")
        contacted = self.contacted()
        self.send_again_often(24)
        self.assertEqual(self.contacted(), contacted)
        forward = self.away.forward(self.tapped, "0:echo")
        echo_intact(self, self.cli, forward.port)

    def test_recorded_answers_are_no_server_to_a_forward(self):
        """An impostor in home's place who knows only what home once sent."""
        self.forward.stop()
        self.wire.close()
        heard = []

        def lie(sock):
            sock.sendall(self.answered)
            heard.append(drain(sock).size)

        liar = Target(self.cli, lie, WIRE_PORT, self.cli.address)
        forward = self.away.spawn("forward", self.tapped, "0:echo")
        liar.wait_accepted(3, within=20.0)
        self.assertTrue(forward.alive(), forward.log())
        self.assertFalse([line for line in forward.said("err") if " ready " in line], forward.log())
        self.eventually("what it said to the first", lambda: heard)
        self.assertLessEqual(max(heard), MOST_SAID)
        self.told("said to the liar each time", heard)
        liar.close()
        forward.stop()


if __name__ == "__main__":
    lab.main()
