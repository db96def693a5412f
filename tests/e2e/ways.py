"""Two hosts that reach each other directly and through a relay, so that a test can do both in one laboratory."""

from lab import Case, Networks
from peer import MESH_PORT, TICKET, Peer

WAYS = ("direct", "relay")


class Ways(Case):
    """`srv` and `cli` share network c; the relay on r1 reaches each by another network."""

    def laboratory(self):
        return Networks(srv="ac", r1="ab", cli="bc")

    def setUp(self):
        super().setUp()
        self.away = Peer(self, self.cli, "away")
        self.homes = {way: Peer(self, self.srv, f"home-{way}") for way in WAYS}
        self.relay = Peer(self, self.lab.r1, "hub").spawn("relay", "--name", "hub")
        self.relay.ticket = self.relay.wait_for(TICKET, stream="out").group(0)

    def serve(self, way, *words):
        """A gof serve that can be reached only this way."""
        reach = (["--listen", f"{self.lab.at(self.srv, 'c')}:{MESH_PORT}"] if way == "direct" else
                 ["--no-listen", "--join", self.relay.ticket])
        return self.homes[way].serve(*reach, *words, port=None)

    def each_way(self, check):
        """Calls check(way) for each; it leaves its gof serve in self.server."""
        for way in WAYS:
            with self.subTest(way=way):
                check(way)
                self.server.kill()
