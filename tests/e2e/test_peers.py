"""One key in several processes (scorecard row 39), several services, several forwards."""

import lab
from peer import MESH_PORT, Pair
from traffic import MIB, Target, background, echo, echo_intact


class OneKey(Pair):
    def test_two_forwards_of_one_key_work_beside_each_other(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        second = self.away.forward(self.serve.ticket, "0:echo")
        self.both(self.forward.port, second.port)
        self.assertEqual(second.stop(), 0)
        echo_intact(self, self.cli, self.forward.port)
        third = self.away.forward(self.serve.ticket, "0:echo")
        self.both(self.forward.port, third.port)

    def both(self, *ports):
        """Both at the same time, twice: neither displaces the other."""
        for turn in range(2):
            runs = [background(lambda p=p: echo_intact(self, self.cli, p, size=8 * MIB, seed=turn)) for p in ports]
            for join in runs:
                join()
        self.peers_live()

    def test_two_serves_of_one_key_work_beside_each_other(self):
        one, two = Target(self.srv, tag(b"one")), Target(self.srv, tag(b"two"))
        self.serve = self.home.serve(f"one=127.0.0.1:{one.port}")
        other = self.home.serve(f"two=127.0.0.1:{two.port}", port=MESH_PORT + 1)
        self.forward = self.away.forward(self.serve.ticket, "0:one")
        second = self.away.forward(other.ticket, "0:two")
        for _ in range(3):
            self.assertEqual(self.word(self.forward.port), b"one")
            self.assertEqual(self.word(second.port), b"two")
        self.peers_live()
        # One forward cannot reach two nodes of one peer here, since it has only one ticket.

    def test_two_serves_of_one_key_take_ports_of_their_own(self):
        one, two = Target(self.srv, tag(b"one")), Target(self.srv, tag(b"two"))
        self.serve = self.home.serve(f"one=127.0.0.1:{one.port}", port=None)
        other = self.home.serve(f"two=127.0.0.1:{two.port}", port=None)
        self.forward = self.away.forward(self.serve.ticket, "0:one")
        second = self.away.forward(other.ticket, "0:two")
        self.assertEqual((self.word(self.forward.port), self.word(second.port)), (b"one", b"two"))

    def word(self, port):
        with self.cli.connect(port) as sock:
            return sock.recv(100)

    def test_two_serves_of_one_key_and_one_service_both_serve(self):
        """Two nodes of one peer offer the same. When the one in use ends, so do its connections; the service stays."""
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        twin = self.home.serve(f"echo=127.0.0.1:{target.port}", port=MESH_PORT + 1)
        second = self.away.forward(twin.ticket, "0:echo")
        self.both(self.forward.port, second.port)


def tag(word):
    def handler(sock):
        sock.sendall(word)

    return handler


if __name__ == "__main__":
    lab.main()
