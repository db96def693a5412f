"""Who gets in: forged, foreign, altered and withdrawn tickets, other targets, and strangers at the port."""

import os
import random
import re
import socket
import time

import lab
from peer import MESH_PORT, READY, Pair, Peer
from ticket import Ticket, other
from traffic import (Held, Target, background, drain, echo, echo_intact, exactly, hello, time_to_refusal,
                     time_to_reset)


class Tickets(Pair):
    """A refused ticket ends `forward` with 77, and the target is never contacted."""

    def setUp(self):
        super().setUp()
        self.target = Target(self.srv, echo)
        self.serve = self.home.serve(f"echo=127.0.0.1:{self.target.port}")
        self.ticket = Ticket.parse(self.serve.ticket)
        self.assertEqual(self.ticket.text(), self.serve.ticket, "the test knows the layout")

    def refused(self, ticket, spec="0:echo", codes=(77,)):
        at = self.serve.mark()
        forward = self.away.spawn("forward", ticket.text() if isinstance(ticket, Ticket) else ticket, spec)
        code = forward.wait(15.0)
        self.assertIn(code, codes, forward.log())
        self.assertTrue(forward.said("err"), "it says why")
        self.assertFalse(any(re.search(READY, line) for line in forward.said("err")), forward.log())
        self.assertEqual(self.target.accepted, 0, "the target was contacted")
        return forward, at

    def works(self, text):
        forward = self.away.forward(text, "0:echo")
        echo_intact(self, self.cli, forward.port)
        return forward

    def test_strangers_grant_is_refused(self):
        invented = self.ticket.but(grant=os.urandom(16), link_key=os.urandom(32), token=os.urandom(32))
        self.never_ready(invented)
        self.works(self.serve.ticket)

    def test_altered_link_key_opens_no_link(self):
        self.never_ready(self.ticket.but(link_key=other(self.ticket.link_key)))
        self.works(self.serve.ticket)

    def never_ready(self, ticket):
        """Without the link key the port treats one as a stranger and answers nothing: no path, and retries for ever; or
        it is refused and ends with 77. It is never ready, and never connects to the target."""
        forward = self.away.spawn("forward", "--connect-timeout", "2", ticket.text(), "7001:echo")
        forward.wait_for(r"\S", stream="err")
        try:
            self.eventually("the listener", lambda: opens(self.cli, 7001) or not forward.alive())
            time_to_refusal(self.cli, 7001, within=20.0)
        except (ConnectionRefusedError, AssertionError):
            self.assertEqual(forward.wait(1.0), 77, forward.log())
        self.assertFalse(any(re.search(READY, line) for line in forward.said("err")), forward.log())
        self.assertEqual(self.target.accepted, 0, "the target was contacted")
        forward.end()

    def test_altered_token_is_refused(self):
        _, at = self.refused(self.ticket.but(token=other(self.ticket.token)))
        self.serve.wait_for(r"(?i)refused|not allowed|denied", stream="err", since=at)
        self.works(self.serve.ticket)

    def test_ticket_that_names_another_issuer_is_refused(self):
        stranger = Peer(self, self.srv, "stranger")
        self.assertNotEqual(stranger.run("id").out, self.home.run("id").out)
        theirs = stranger.serve("x=127.0.0.1:1", port=MESH_PORT + 1)
        mixed = self.ticket.but(issuer=Ticket.parse(theirs.ticket).issuer)
        self.never_ready(mixed)

    def test_another_services_ticket_is_refused(self):
        """A valid grant for another service, in a ticket rewritten to name this one."""
        second = Target(self.srv, echo)
        web = self.home.serve(f"web=127.0.0.1:{second.port}", port=MESH_PORT + 1)
        forged = Ticket.parse(web.ticket).but(services=[("echo", 0)], addresses=self.ticket.addresses)
        self.refused(forged)
        # Used as it is, the ticket opens its own service and no other.
        mine = self.away.forward(web.ticket, "0:web")
        echo_intact(self, self.cli, mine.port)
        self.works(self.serve.ticket)

    def test_service_that_is_not_served_any_more_ends_forward_with_69(self):
        both = self.home.serve(f"echo=127.0.0.1:{self.target.port}", "gone=22", port=MESH_PORT + 1)
        both.stop()
        moved = Ticket.parse(both.ticket).but(addresses=self.ticket.addresses)
        forward, _ = self.refused(moved, spec="0:gone", codes=(69,))
        self.assertTrue(any("gone" in line for line in forward.said("err")), forward.log())
        # The same ticket still opens what the peer still serves.
        self.works(moved.text())

    def test_service_that_the_ticket_never_named_is_refused(self):
        """Whether the service exists is not said: only those who may use it know."""
        self.refused(self.ticket.but(services=[("none", 0)]), spec="0:none")

    def test_target_named_by_the_client_is_refused(self):
        """Scorecard row 22: what a ticket does not offer cannot be reached, whatever is named."""
        secret = Target(self.srv, echo)
        for remote in (f"127.0.0.1:{secret.port}", str(secret.port), f"localhost:{self.target.port}"):
            with self.subTest(remote=remote):
                done = self.away.run("forward", self.serve.ticket, f"0:{remote}", timeout=15)
                self.assertIn(done.code, (2, 69, 77), done.err)
                self.assertIn(remote, done.err)
        named = self.ticket.but(services=[(str(secret.port), secret.port)])
        self.refused(named, spec=f"0:{secret.port}", codes=(69, 77))
        self.assertEqual(secret.accepted, 0)

    def test_withdrawn_ticket_is_refused_and_its_streams_end(self):
        held = Held()
        old = self.serve.ticket
        second = Target(self.srv, held)
        serve = self.home.serve(f"held=127.0.0.1:{second.port}", port=MESH_PORT + 1)
        forward = self.away.forward(serve.ticket, "0:held")
        client = hello(self.cli.connect(forward.port))
        server = held.take()
        server.sendall(b"here")
        exactly(client, 4)
        done = self.home.run("ticket", "--new", "held")
        self.assertEqual(done.code, 0, done.err)
        fresh = done.out.strip()
        self.assertNotEqual(fresh, serve.ticket)
        waits = [background(time_to_reset, sock) for sock in (client, server)]
        for name, wait in zip(("client", "target"), waits):
            self.measured(f"{name} reset after the ticket was withdrawn", wait(), 1.0)
        contacted = second.accepted
        again = self.away.spawn("forward", serve.ticket, "0:held")
        self.assertEqual(again.wait(15.0), 77, again.log())
        self.assertTrue(any("withdrawn" in line for line in again.said("err")), again.log())
        self.assertEqual(second.accepted, contacted, "the target was contacted")
        forward.end()
        renewed = self.away.forward(fresh, "0:held")
        client = hello(self.cli.connect(renewed.port))
        held.take().sendall(b"new")
        self.assertEqual(exactly(client, 3), b"new")
        # The peer's other grant is unchanged.
        self.works(old)


def opens(host, port):
    try:
        host.connect(port).close()
        return True
    except ConnectionRefusedError:
        return False


class Strangers(Pair):
    """Scorecard row 19 (TCP): garbage on the listening port."""

    most_answer = 18  # the greeting; a stranger gets nothing more

    def knock(self, data, last):
        sock = self.cli.connect(MESH_PORT, self.srv.address, timeout=15.0)
        with sock:
            try:
                sock.sendall(data)
                if last:
                    sock.shutdown(socket.SHUT_WR)
                got = drain(sock)
            except (ConnectionResetError, BrokenPipeError):
                return 0
        return got.size

    def test_garbage_leaves_no_state_one_log_line_and_a_service_that_works(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        echo_intact(self, self.cli, self.forward.port)
        before = self.descriptors()
        seed = 19
        print(f"seed {seed}", flush=True)
        draw = random.Random(seed)
        samples = [draw.randbytes(draw.randint(1, 4000)) for _ in range(24)]
        samples += [b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"SSH-2.0-x\r\n", b"\x00" * 66,
                    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x01\x01" + draw.randbytes(64), b"\x01\x00" + draw.randbytes(16), b"\xff" * 200_000]
        at, started = self.serve.mark(), time.monotonic()
        knocks = [background(self.knock, data, number % 2) for number, data in enumerate(samples)]
        for knock in knocks:
            self.assertLessEqual(knock(), self.most_answer)
        echo_intact(self, self.cli, self.forward.port)
        seconds = time.monotonic() - started
        lines = self.serve.said("err", since=at)
        allowed = 1 + int(seconds // 10)
        self.told("log lines about strangers", f"{len(lines)} in {seconds:.1f} s")
        self.assertLessEqual(len(lines), allowed, "\n".join(lines))
        self.assertEqual(self.serve.said("out", since=at), [])
        self.descriptors_back(before, within=15.0)
        self.told("serve memory", f"{self.serve.memory_mib():.1f} MiB")
        second = self.away.forward(self.serve.ticket, "0:echo")
        echo_intact(self, self.cli, second.port)
        self.peers_live()

    def test_silent_strangers_are_let_go(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        before = self.descriptors()
        silent = [self.cli.connect(MESH_PORT, self.srv.address) for _ in range(50)]
        echo_intact(self, self.cli, self.forward.port)
        for sock in silent:
            sock.settimeout(20.0)
            try:
                drain(sock)
            except ConnectionResetError:
                pass
        self.descriptors_back(before)
        self.peers_live()


if __name__ == "__main__":
    lab.main()
