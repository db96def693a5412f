"""TCP's behaviour through gof: ends, resets, refusals, silence and back-pressure (see the table in the man page)."""

import hashlib
import socket
import time

import lab
from names import Names
from peer import Pair
from traffic import (MIB, PIECE, Held, Source, Target, background, drain, echo, echo_intact, exactly, hello, reset,
                     time_to_refusal, time_to_reset)


class HalfClose(Pair):
    def test_answer_arrives_whole_after_the_clients_end(self):
        asked, answer = Source(MIB, seed=1), Source(MIB, seed=2)
        heard = []

        def late(sock):
            heard.append(drain(sock).hex())
            answer.send(sock)

        target = Target(self.srv, late)
        self.bridge(late=target.port)
        with self.cli.connect(self.forward.port) as sock:
            asked.send(sock)
            sock.shutdown(socket.SHUT_WR)
            got = drain(sock)
        self.assertIn(asked.digest(), heard)
        self.assertEqual((got.size, got.hex()), (MIB, answer.digest()))

    def test_client_may_go_on_sending_after_the_servers_end(self):
        greeting, rest = Source(MIB, seed=3), Source(MIB, seed=4)
        heard = []

        def first(sock):
            greeting.send(sock)
            sock.shutdown(socket.SHUT_WR)
            heard.append(drain(sock).hex())

        target = Target(self.srv, first)
        self.bridge(first=target.port)
        wanted = rest.digest()
        with self.cli.connect(self.forward.port) as sock:
            got = drain(sock)  # sees the server's end before a byte was sent
            rest.send(sock)
            sock.shutdown(socket.SHUT_WR)
            self.eventually("the target has heard it all", lambda: wanted in heard)
        self.assertEqual((got.size, got.hex()), (MIB, greeting.digest()))

    def test_empty_connections_pass_their_end_both_ways(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        with self.cli.connect(self.forward.port) as sock:
            sock.shutdown(socket.SHUT_WR)
            self.assertEqual(sock.recv(1), b"")


class Resets(Pair):
    def setUp(self):
        super().setUp()
        self.held = Held()
        self.target = Target(self.srv, self.held)
        self.bridge(held=self.target.port)

    def pair(self):
        client = hello(self.cli.connect(self.forward.port))
        return client, self.held.take()

    def test_client_sees_the_targets_reset_in_mid_stream(self):
        before = self.descriptors()
        client, server = self.pair()
        server.sendall(b"x" * 100_000)
        exactly(client, 100_000)
        reset(server)
        self.measured("client reset after the target's reset", time_to_reset(client), 1.0)
        client.close()
        self.descriptors_back(before)
        self.peers_live()

    def test_target_sees_the_clients_reset_in_mid_stream(self):
        before = self.descriptors()
        client, server = self.pair()
        client.sendall(b"x" * 100_000)
        exactly(server, 100_000)
        reset(client)
        self.measured("target reset after the client's reset", time_to_reset(server), 1.0)
        server.close()
        self.descriptors_back(before)
        self.peers_live()

    def test_reset_passes_while_the_reader_has_stopped(self):
        """Unread data does not delay a reset."""
        client, server = self.pair()
        self.assertGreater(fill(server), 0)
        reset(server)
        self.measured("client reset behind unread data", time_to_reset(client), 1.0)


class Refusals(Pair):
    def test_refused_target_resets_the_client_and_nothing_else(self):
        up = Target(self.srv, echo)
        down = Target(self.srv, echo)
        self.bridge(up=up.port, down=down.port)
        down.close()
        down_port = self.forward.ports["down"]
        at = self.serve.mark()
        self.measured("client reset after a refusal", time_to_refusal(self.cli, down_port), 1.0)
        self.serve.wait_for(r"(?i)refused", stream="err", since=at)
        echo_intact(self, self.cli, self.forward.ports["up"])
        about = [line for line in self.serve.said("err", since=at) if "refused" in line.lower()]
        self.assertEqual(len(about), 1, f"one log line, not {about}")
        for _ in range(5):
            time_to_refusal(self.cli, down_port)
        self.peers_live()
        # When the target is back, the service is too.
        back = Target(self.srv, echo, port=down.port)
        echo_intact(self, self.cli, down_port)
        self.assertGreaterEqual(back.accepted, 1)

    def test_unknown_name_resets_the_client(self):
        Names(self.srv)
        up = Target(self.srv, echo)
        self.serve = self.home.serve(f"up=127.0.0.1:{up.port}", "lost=no-such-host.example:80")
        self.forward = self.away.forward(self.serve.ticket, "0:up", "7001:lost", ready=1)
        self.measured("client reset after an unknown name", time_to_refusal(self.cli, 7001), 1.0)
        self.assertTrue(any("no-such-host.example" in line for line in self.serve.said("err")),
                        "the log names it\n" + self.serve.log())
        echo_intact(self, self.cli, self.forward.ports["up"])
        self.peers_live()

    def test_silent_target_resets_the_client_at_the_connect_timeout(self):
        up = Target(self.srv, echo)
        self.serve = self.home.serve("--connect-timeout", "2", f"up=127.0.0.1:{up.port}", "silent=203.0.113.99:80")
        self.forward = self.away.forward(self.serve.ticket, "--connect-timeout", "2", "0:up", "7001:silent", ready=1)
        client = self.cli.connect(7001)
        waiting = background(time_to_reset, client)
        echo_intact(self, self.cli, self.forward.ports["up"], size=4 * MIB)
        seconds = waiting()
        self.assertGreaterEqual(seconds, 1.0, "a filtered target was given up before its time")
        self.measured("client reset after a silent target, timeout 2 s", seconds, 2.0)
        self.peers_live()

    def test_twenty_connections_closed_without_data_harm_nothing(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        echo_intact(self, self.cli, self.forward.port)
        before = self.descriptors()
        for number in range(20):
            sock = self.cli.connect(self.forward.port)
            if number % 2:
                reset(sock)
            else:
                sock.close()
        echo_intact(self, self.cli, self.forward.port, size=MIB)
        self.descriptors_back(before)
        self.peers_live()


def fill(sock, quiet=1.0):
    """Sends until nothing was taken for this long. Returns how much was."""
    total = 0
    sock.settimeout(quiet)
    block = bytes(PIECE)
    while True:
        try:
            total += sock.send(block)
        except TimeoutError:
            return total


class Backpressure(Pair):
    """One side does not read: its writer stops, bounded; another connection continues; then all arrives."""

    most = 64 * MIB  # credit is 1 MiB; the rest is in the kernels' buffers

    def stop_and_go(self, writer, reader, other):
        source_hash = hashlib.sha256()
        sent = 0
        writer.settimeout(1.5)
        for piece in Source(256 * MIB, seed=9).pieces():
            view = memoryview(piece)
            try:
                while view:
                    n = writer.send(view)
                    source_hash.update(view[:n])
                    sent += n
                    view = view[n:]
            except TimeoutError:
                break
        self.told("taken before the writer stood still", f"{sent / MIB:.1f} MiB")
        self.assertLess(sent, self.most, "no back-pressure")
        started = time.monotonic()
        echo_intact(self, self.cli, other, size=16 * MIB)
        self.told("16 MiB there and back beside it", f"{time.monotonic() - started:.2f} s")
        reading = background(drain, reader)
        writer.settimeout(20)
        more = Source(4 * MIB, seed=10)
        for piece in more.pieces():
            source_hash.update(piece)
            writer.sendall(piece)
        writer.shutdown(socket.SHUT_WR)
        got = reading()
        self.assertEqual((got.size, got.hex()), (sent + more.size, source_hash.hexdigest()))
        self.memory_bounded()

    def setUp(self):
        super().setUp()
        self.held = Held()
        held, other = Target(self.srv, self.held), Target(self.srv, echo)
        self.bridge(held=held.port, other=other.port)
        self.client = hello(self.cli.connect(self.forward.ports["held"]))
        self.server = self.held.take()
        self.client.settimeout(20)
        self.server.settimeout(20)

    def test_stopped_target_stops_its_client_alone(self):
        self.stop_and_go(self.client, self.server, self.forward.ports["other"])

    def test_stopped_client_stops_its_target_alone(self):
        self.stop_and_go(self.server, self.client, self.forward.ports["other"])


if __name__ == "__main__":
    lab.main()
