"""At the limits of a system: descriptors, memory, disk; and a process that is stopped for half a minute."""

import os
import random
import resource
import signal
import socket
import time

import lab
from lab import fill, hold, sh, small_disk
from peer import Pair
from traffic import MIB, PIECE, Digest, Held, Source, Target, background, drain, echo, echo_intact, exactly, hello

TICKS = os.sysconf("SC_CLK_TCK")


def processor_time(process):
    """Processor time that it has used, in seconds."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Descriptors(Pair):
    """A node may have 60 descriptors, and 100 clients connect."""

    most = 60
    clients = 100

    def limit(self, process, kind, most):
        resource.prlimit(process.pid, kind, (most, most))

    def setUp(self):
        super().setUp()
        self.held = Held()
        self.target = Target(self.srv, self.held)
        self.other = Target(self.srv, echo)
        self.bridge(held=self.target.port, echo=self.other.port)
        self.standing = self.cli.connect(self.forward.ports["echo"])
        self.standing.sendall(b"?")
        self.assertEqual(self.standing.recv(1), b"?")

    def goes_on(self):
        """Connections that existed before have lost nothing."""
        block = bytes(range(256)) * 1024
        sending = background(self.standing.sendall, block)
        back = b""
        while len(back) < len(block):
            back += self.standing.recv(PIECE)
        sending()
        self.assertEqual(back, block)

    def come(self):
        return [hello(self.cli.connect(self.forward.ports["held"])) for _ in range(self.clients)]

    def no_spin(self, process):
        """The share of a processor that it takes while it waits for descriptors."""
        before = processor_time(process)
        self.goes_on()
        hold(2)
        share = (processor_time(process) - before) / 2
        self.told("share of a processor without descriptors", f"{100 * share:.1f} %")
        self.assertLess(share, 0.25)

    def all_served(self, clients):
        """Each client gets its turn as earlier ones leave; none is lost."""
        leaving = [background(self.leave_when_served, client) for client in clients]
        for _ in clients:
            with self.held.take() as server:
                server.sendall(b"!")
        for left in leaving:
            left()
        self.held.over.set()
        self.peers_live()
        echo_intact(self, self.cli, self.forward.ports["echo"])

    @staticmethod
    def leave_when_served(client):
        with client:
            client.settimeout(20)
            if client.recv(1) != b"!":
                raise AssertionError("a clean end instead of the answer")

    def test_forward_without_descriptors_pauses_goes_on_and_recovers(self):
        self.limit(self.forward, resource.RLIMIT_NOFILE, self.most)
        clients = self.come()
        self.forward.wait_for("accepts nothing for now: Too many open files; it goes on as soon as there is room")
        self.assertLessEqual(self.forward.descriptors(), self.most)
        self.no_spin(self.forward)
        self.all_served(clients)
        self.forward.wait_for("accepts again")
        self.assertLess(len([line for line in self.forward.said() if "accepts" in line]), 10)

    def test_serve_without_descriptors_pauses_goes_on_and_recovers(self):
        self.limit(self.serve, resource.RLIMIT_NOFILE, self.most)
        clients = self.come()
        self.eventually("serve has none left", lambda: self.serve.descriptors() >= self.most - 1)
        self.no_spin(self.serve)
        self.all_served(clients)

    def test_serve_that_gets_no_descriptor_says_so_and_resets(self):
        self.standing.close()
        self.serve.stop()
        self.forward.stop()
        self.bridge(("--connect-timeout", "1s"), held=self.target.port)
        self.limit(self.serve, resource.RLIMIT_NOFILE, self.most)
        clients = self.come()
        self.serve.wait_for("Too many open files")
        refused = 0
        for client in clients:
            client.settimeout(0.2)
            try:
                self.assertNotEqual(client.recv(1), b"", "a clean end where a reset was due")
            except ConnectionResetError:
                refused += 1
            except TimeoutError:
                pass
        self.assertGreater(refused, 0)
        self.assertLess(refused, self.clients)
        for client in clients:
            client.close()
        self.held.over.set()
        self.eventually("a new one is served", self.is_served, within=20)

    def is_served(self):
        with self.cli.connect(self.forward.port) as client:
            hello(client)
            client.settimeout(1)
            try:
                return client.recv(1) == b""
            except (TimeoutError, ConnectionResetError):
                return False


class Memory(Pair):
    """A memory limit for each node, and 1,000 streams whose readers have stopped."""

    cap_mib = 640  # of address space, with room for what a program maps at its start
    streams = 1000

    def test_1000_stalled_streams_hold_up_their_writers_and_nobody_else(self):
        held = Held()
        stalled, other = Target(self.srv, held), Target(self.srv, echo)
        stalled.listener.listen(4096)
        self.bridge(stalled=stalled.port, echo=other.port)
        for process in (self.serve, self.forward):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (self.cap_mib * MIB, self.cap_mib * MIB))
        clients = [hello(self.cli.connect(self.forward.ports["stalled"])) for _ in range(self.streams)]
        for at, client in enumerate(clients):
            client.sendall(at.to_bytes(4, "big"))
        servers = [held.take() for _ in clients]
        sent = [Digest() for _ in clients]
        # Each stream has its own block, so that lost, repeated or swapped bytes are found.
        blocks = [random.Random(at).randbytes(PIECE) for at in range(self.streams)]
        moved = True
        for client in clients:
            client.setblocking(False)
        while moved:  # until no writer has progressed for a second: all have to wait
            moved = False
            deadline = time.monotonic() + 1.0
            while time.monotonic() < deadline:
                for at, client in enumerate(clients):
                    try:
                        sent[at].take(blocks[at][:client.send(blocks[at])])
                        moved = True
                    except BlockingIOError:
                        pass
                if not moved:
                    hold(0.05)
        self.told("taken before 1,000 writers stood still", f"{sum(one.size for one in sent) / MIB:.0f} MiB")
        echo_intact(self, self.cli, self.forward.ports["echo"], size=4 * MIB)
        self.peers_live()
        for name, process in (("serve", self.serve), ("forward", self.forward)):
            self.told(f"{name} peak memory with 1,000 stalled streams", f"{process.peak_mib():.0f} MiB")
        # The readers continue: everything that was taken arrives on each stream.
        reading = {int.from_bytes(exactly(server, 4), "big"): background(drain, server) for server in servers}
        for client in clients:
            client.setblocking(True)
            client.shutdown(socket.SHUT_WR)
        self.assertEqual({at: join(40).hex() for at, join in reading.items()},
                         {at: one.hex() for at, one in enumerate(sent)})
        held.over.set()
        self.peers_live()


class Disk(Pair):
    def full(self, peer):
        """Its state is on a full disk. Returns the file to remove to make room."""
        small = os.path.join(peer.home, "small")
        os.rename(peer.state, small)
        os.mkdir(peer.state, 0o700)
        small_disk(self, peer.state)
        sh("cp", "-a", small + "/.", peer.state)
        return fill(peer.state)

    def test_full_disk_keeps_grants_whole_and_is_told(self):
        target = Target(self.srv, echo)
        self.bridge(web=target.port)
        self.forward.stop()
        self.serve.stop()
        filler = self.full(self.home)
        grants = os.path.join(self.home.gof_state, "grants")
        with open(grants, "rb") as f:
            before = f.read()
        done = self.home.run("serve", "--name", "home", "other=127.0.0.1:1", timeout=10)
        self.assertEqual(done.code, 78, done.err)
        self.assertRegex(done.err, "(?i)no space")
        self.assertIn(grants, done.err)
        with open(grants, "rb") as f:
            self.assertEqual(f.read(), before, "altered though it could not be written")
        self.assertEqual([n for n in os.listdir(self.home.gof_state) if "tmp" in n or n.startswith(".")], [])
        os.unlink(filler)
        self.bridge(web=target.port)
        echo_intact(self, self.cli, self.forward.port)


class Standstilling(Pair):
    """serve is stopped for a while: its peer reports that, and the transfer continues afterwards."""

    def stand(self, seconds):
        held = Held()
        target = Target(self.srv, held)
        self.bridge(held=target.port)
        client = hello(self.cli.connect(self.forward.port))
        server = held.take()
        source = Source(256 * MIB, seed=17)
        reading = background(drain, server)
        client.settimeout(seconds + 30)

        def send():
            source.send(client)
            client.shutdown(socket.SHUT_WR)

        sending = background(send)
        self.serve.signal(signal.SIGSTOP)
        self.forward.wait_for(r"path to \S+ lost, .* left", within=25)
        hold(seconds)
        mark = self.forward.mark()
        self.serve.signal(signal.SIGCONT)
        back = time.monotonic()
        self.forward.wait_for(r"path to \S+ resumed", since=mark, within=25)
        self.measured(f"path back after a standstill of {seconds} s", time.monotonic() - back, 5)
        sending(40)
        got = reading(40)
        self.assertEqual((got.size, got.hex()), (source.size, source.digest()))
        held.over.set()
        self.peers_live()


class Standstill(Standstilling):
    def test_transfer_goes_on_after_serve_stood_still_for_8_s(self):
        self.stand(8)


class StandstillLong(Standstilling):
    def test_transfer_goes_on_after_serve_stood_still_for_30_s(self):
        self.stand(30)


if __name__ == "__main__":
    lab.main()
