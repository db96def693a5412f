"""What happens when the peers lose each other: a cut cable, a reset link, a killed process, a restart."""

import socket
import time

import lab
from peer import MESH_PORT, READY, Pair
from traffic import (MIB, PIECE, Digest, Held, Source, Target, background, echo, echo_intact, exactly, hello,
                     time_to_reset)

SURVIVE = 3  # seconds
SHORT = ("--survive", str(SURVIVE))


class Streaming(Pair):
    """A connection in the middle of a transfer, from srv to cli."""

    size = 48 * MIB

    def start(self, options=()):
        self.held = Held()
        self.target = Target(self.srv, self.held)
        self.bridge(serve_options=options, forward_options=options, held=self.target.port)
        self.idle = self.descriptors()
        self.client = hello(self.cli.connect(self.forward.port, timeout=25.0))
        self.server = self.held.take()
        self.server.settimeout(25.0)

    def transfer(self, disturb):
        """Sends the source, calls disturb() when a quarter has arrived, and checks that everything arrives."""
        source = Source(self.size, seed=31)
        got = Digest()
        longest = [0.0]

        def send():
            source.send(self.server)
            self.server.shutdown(socket.SHUT_WR)

        def receive():
            last = time.monotonic()
            while data := self.client.recv(PIECE):
                now = time.monotonic()
                longest[0] = max(longest[0], now - last)
                last = now
                got.take(data)
                if got.size >= self.size // 4 and not disturbed:
                    disturbed.append(background(disturb))

        disturbed = []
        sending, receiving = background(send), background(receive)
        receiving(28.0)
        sending()
        disturbed[0]()
        self.assertEqual((got.size, got.hex()), (source.size, source.digest()))
        self.told("longest stall", f"{longest[0]:.2f} s")
        return longest[0]


class Cut(Streaming):
    def test_transfer_survives_a_short_cut(self):
        def cut():
            self.lab.cut()
            lab.hold(2.0)
            self.lab.heal()

        self.start()
        self.assertGreater(self.transfer(cut), 1.0, "the cut hit nothing")
        self.peers_live()

    def test_both_ends_are_reset_and_freed_when_the_cut_outlasts_survive(self):
        self.start(SHORT)
        self.server.sendall(b"x" * 1000)
        exactly(self.client, 1000)
        self.lab.cut()
        started = time.monotonic()
        ends = [background(time_to_reset, sock) for sock in (self.client, self.server)]
        for name, end in zip(("client", "target"), ends):
            self.measured(f"{name} reset after the cut, less survive", max(0.0, end() - SURVIVE), 5.0)
        self.assertGreater(time.monotonic() - started, 1.0, "given up before --survive")
        self.client.close()
        self.server.close()
        self.eventually("serve's descriptors back", lambda: self.serve.descriptors() <= self.idle[0], 10.0)
        self.eventually("forward's descriptors back", lambda: self.forward.descriptors() <= self.idle[1] + 1, 10.0)
        at = self.forward.mark()
        self.lab.heal()
        self.forward.wait_for(READY, within=20.0, since=at)
        client = hello(self.cli.connect(self.forward.port))
        self.held.take().sendall(b"again")
        self.assertEqual(exactly(client, 5), b"again")


class Link(Streaming):
    def test_session_goes_on_over_a_new_link_after_a_reset_one(self):
        def kill_link():
            self.srv.nft("add table inet fault")
            self.srv.nft("add chain inet fault in { type filter hook input priority 0; }")
            self.srv.nft(f"add rule inet fault in tcp dport {MESH_PORT} reject with tcp reset")
            lab.hold(1.0)
            self.srv.nft("delete table inet fault")

        self.start()
        before = self.link_port()
        self.transfer(kill_link)
        self.assertNotEqual(self.link_port(), before, "the link was never dialled anew: the fault hit nothing")
        self.peers_live()
        fresh = hello(self.cli.connect(self.forward.port))
        self.held.take().sendall(b"new one")
        self.assertEqual(exactly(fresh, 7), b"new one")

    def link_port(self):
        """The local port of forward's only link."""
        out = self.cli.run("ss", "-Htn", "state", "established", f"( dport = :{MESH_PORT} )").out.split()
        return out[2] if len(out) > 2 else None


class Death(Streaming):
    def test_client_is_reset_when_the_serving_process_dies(self):
        self.start(SHORT)
        self.serve.kill()
        late = time_to_reset(self.client) - SURVIVE
        self.measured("client reset after the peer's death, less survive", max(0.0, late), 5.0)
        self.client.close()
        self.eventually("forward's descriptors back", lambda: self.forward.descriptors() <= self.idle[1])
        self.assertTrue(self.forward.alive())

    def test_target_is_reset_when_the_forwarding_process_dies(self):
        self.start(SHORT)
        alone = self.idle[0]
        self.forward.kill()
        late = time_to_reset(self.server) - SURVIVE
        self.measured("target reset after the peer's death, less survive", max(0.0, late), 5.0)
        self.server.close()
        self.eventually("serve's descriptors back", lambda: self.serve.descriptors() < alone)
        again = self.away.forward(self.serve.ticket, "0:held")
        client = hello(self.cli.connect(again.port))
        self.held.take().sendall(b"next")
        self.assertEqual(exactly(client, 4), b"next")


class Restart(Pair):
    def test_restarted_serve_keeps_its_tickets_and_the_running_forward_comes_back(self):
        """Long before --survive (60 s) has passed for the killed process."""
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        ticket, at = self.serve.ticket, self.forward.mark()
        self.serve.kill()
        started = time.monotonic()
        self.serve = self.home.serve(f"echo=127.0.0.1:{target.port}")
        self.assertEqual(self.serve.ticket, ticket)
        self.forward.wait_for(READY, within=20.0, since=at)
        self.measured("ready again after a kill and a restart", time.monotonic() - started, 3.0)
        echo_intact(self, self.cli, self.forward.port)
        # The same with the port that gof chose and kept: no --listen.
        own = self.home.serve(f"other=127.0.0.1:{target.port}", port=None)
        ticket = own.ticket
        away = self.away.forward(ticket, "0:other")
        own.stop()
        at = away.mark()
        own = self.home.serve(f"other=127.0.0.1:{target.port}", port=None)
        self.assertEqual(own.ticket, ticket)
        away.wait_for(READY, within=20.0, since=at)
        echo_intact(self, self.cli, away.port)


if __name__ == "__main__":
    lab.main()
