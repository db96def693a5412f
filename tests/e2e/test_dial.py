"""How targets and members are dialled: all addresses of a name, time limits, descriptors, name servers that do not
answer, unix sockets that nothing accepts on. Directly and through a relay."""

import os
import resource
import socket
import time

import lab
from lab import hold
from names import Deaf
from peer import MESH_PORT, TICKET, Pair, Peer
from traffic import Target, background, echo, echo_intact, reset, time_to_refusal, time_to_reset

SILENT = "203.0.113.99"  # no machine has its hardware address
LOOKERS = 2  # connections to a silent target: the forward's probe, and serve's own


def connecting(host, to):
    """The number of the host's sockets in SYN-SENT to that place."""
    return len(host.run("ss", "-Htn", "state", "syn-sent", "dst", to).out.splitlines())


class Direct(Pair):
    def offer(self, *words, ready=1, forward=()):
        """Serves `words` over this class's path and forwards `forward`, until this many lines say ready."""
        self.serve = self.home.serve(*words)
        self.forward = self.away.forward(self.serve.ticket, *forward, ready=ready)

    def served(self, port, within=1.0):
        """Times a service that sends a word at once."""
        started = time.monotonic()
        with self.cli.connect(port) as sock:
            self.assertTrue(sock.recv(10), "no word of it")
        seconds = time.monotonic() - started
        self.assertLessEqual(seconds, 5 * within)
        return seconds


class Relayed(Direct):
    def offer(self, *words, ready=1, forward=()):
        hub = Peer(self, self.srv, "hub")
        relay = hub.spawn("relay", "--name", "hub", "--listen", f"{self.srv.address}:{MESH_PORT}")
        join = relay.wait_for(TICKET, stream="out").group(0)
        self.serve = self.home.serve("--no-listen", "--join", join, *words, port=None)
        self.forward = self.away.forward(self.serve.ticket, *forward, ready=ready)


def speak(sock):
    sock.sendall(b"hello")


class Addresses:
    """A target's name has two addresses, and the first one does not answer."""

    def setUp(self):
        super().setUp()
        lab.Lab.batch("address add 2001:db8::10/64 dev eth0 nodad",
                      "neigh add 2001:db8::99 lladdr 02:00:00:00:00:99 dev eth0 nud permanent", inside=self.srv)
        lab.hide("/etc/hosts", f"127.0.0.1 localhost\n2001:db8::99 two.example\n{self.srv.address} two.example\n")
        with self.srv.inside():
            found = [a[4][0] for a in socket.getaddrinfo("two.example", 80, type=socket.SOCK_STREAM)]
        self.assertEqual(found, ["2001:db8::99", self.srv.address])

    def reached(self):
        target = Target(self.srv, speak, address="0.0.0.0")
        self.offer(f"two=two.example:{target.port}", forward=["0:two"])
        for _ in range(3):
            self.measured("a word of the second address", self.served(self.forward.port), 0.6)
        self.assertEqual(connecting(self.srv, "[2001:db8::99]"), 0)

    def reached_by_many(self):
        target = Target(self.srv, speak, address="0.0.0.0")
        self.offer(f"two=two.example:{target.port}", forward=["0:two"])
        resource.prlimit(self.serve.pid, resource.RLIMIT_NOFILE, (100, 100))
        waiting = [background(self.served, self.forward.port, 2.0) for _ in range(40)]
        self.measured("the last of 40 has its word", max(one() for one in waiting), 2.0)
        self.assertEqual(connecting(self.srv, "[2001:db8::99]"), 0)


class AddressesDirect(Addresses, Direct):
    def test_second_one_is_reached_while_the_first_is_silent(self):
        self.reached()

    def test_second_one_is_reached_by_many_with_few_descriptors(self):
        self.reached_by_many()


class AddressesRelayed(Addresses, Relayed):
    def test_second_one_is_reached_while_the_first_is_silent(self):
        self.reached()

    def test_second_one_is_reached_by_many_with_few_descriptors(self):
        self.reached_by_many()


class Silence:
    """Clients of a target that does not answer a SYN."""

    def silent(self, timeout):
        self.other = Target(self.srv, speak)
        self.offer("--connect-timeout", timeout, f"silent={SILENT}:80", f"other=127.0.0.1:{self.other.port}",
                    forward=["--connect-timeout", timeout, "7001:silent", "0:other"])

    def dialling(self):
        return connecting(self.srv, SILENT)

    def flood(self):
        self.silent("2s")
        resource.prlimit(self.serve.pid, resource.RLIMIT_NOFILE, (200, 200))
        for _ in range(3):
            clients = [self.cli.connect(7001) for _ in range(60)]
            self.eventually("the target is dialled", lambda: self.dialling() >= 20)
            self.measured("another service beside 60 dials", self.served(self.forward.ports["other"]), 0.5)
            self.assertLessEqual(self.dialling(), 25, "half of a quarter of 200 descriptors")
            for client in clients:
                time_to_reset(client)
            self.eventually("all sockets of the dials are closed", lambda: self.dialling() <= LOOKERS, within=1.0)
        self.assertFalse([line for line in self.serve.said() if "Too many open files" in line])
        self.peers_live()

    def leave(self):
        self.silent("60s")
        self.eventually("only its probe dials", lambda: self.dialling() == 1)
        before = self.dialling()
        clients = [self.cli.connect(7001) for _ in range(10)]
        self.eventually("the target is dialled", lambda: self.dialling() == before + 10)
        for client in clients:
            reset(client)
        self.measured("sockets closed after their askers left",
                      self.eventually("they are closed", lambda: self.dialling() == before), 1.0)
        self.peers_live()


class SilenceDirect(Silence, Direct):
    def test_dials_that_timed_out_leave_no_socket_and_others_are_served(self):
        self.flood()

    def test_dials_end_with_their_askers(self):
        self.leave()


class SilenceRelayed(Silence, Relayed):
    def test_dials_that_timed_out_leave_no_socket_and_others_are_served(self):
        self.flood()

    def test_dials_end_with_their_askers(self):
        self.leave()


class Itself:
    """The target is down, and its port is one of the few ephemeral ports of this machine."""

    port = 40004

    def never(self):
        with self.srv.inside(), open("/proc/sys/net/ipv4/ip_local_port_range", "w", encoding="ascii") as f:
            f.write("40000 40031")
        target = Target(self.srv, speak, port=self.port)
        self.offer(f"down=localhost:{self.port}", forward=["0:down"])
        target.close()
        for _ in range(400):
            time_to_refusal(self.cli, self.forward.port)
        Target(self.srv, speak, port=self.port)
        self.measured("the service is back", self.served(self.forward.port), 0.5)


class ItselfDirect(Itself, Direct):
    def test_it_never_answers_and_the_server_gets_its_port(self):
        self.never()


class ItselfRelayed(Itself, Relayed):
    def test_it_never_answers_and_the_server_gets_its_port(self):
        self.never()


class Names(Direct):
    """A name server that does not answer, and names from /etc/hosts."""

    def setUp(self):
        super().setUp()
        self.deaf = Deaf(self.srv, self.cli)
        lab.hide("/etc/hosts", f"127.0.0.1 localhost\n127.0.0.1 live.example\n{self.srv.address} hub.example\n")

    def test_33_dead_ones_delay_no_live_one(self):
        target = Target(self.srv, speak)
        dead = [f"d{i}=dead{i}.example:80" for i in range(33)]
        started = time.monotonic()
        self.offer(*dead, f"live=live.example:{target.port}",
                    forward=[*(f"{7000 + i}:d{i}" for i in range(33)), "0:live"])
        self.measured("ready beside 33 dead names", time.monotonic() - started, 1.5)
        for _ in range(20):
            clients = [self.cli.connect(7000 + i) for i in range(33)]
            self.assertLess(self.served(self.forward.port, 0.5), 2.5)
            for client in clients:
                reset(client)
            hold(0.2)
        threads = self.serve.threads()
        self.told("threads of serve, those that look names up", f"{len(threads)}, {threads.count('gof-lookup')}")
        self.assertGreater(threads.count("gof-lookup"), 20)
        # A thread that has finished may be listed a moment longer.
        self.eventually("32 of them at most", lambda: self.serve.threads().count("gof-lookup") <= 32)
        # And the threads of the loop, of the log, and of file access.
        self.assertLessEqual(len(threads) - threads.count("gof-lookup"), 3)
        self.forward.stop()
        started = time.monotonic()
        self.assertEqual(self.serve.stop(), 0)
        self.measured("end beside look-ups that go on", time.monotonic() - started, 1.0)

    def test_dead_one_in_join_delays_no_other_and_no_target(self):
        hub = Peer(self, self.srv, "hub")
        relay = hub.spawn("relay", "--name", "hub", "--listen", f"{self.srv.address}:{MESH_PORT}")
        relay.wait_for(TICKET, stream="out")
        key = os.path.join(hub.gof_state, "network-key")
        target = Target(self.srv, speak)
        started = time.monotonic()
        self.serve = self.home.serve("--no-listen", "--network-key", key, "--join", f"dead.example:{MESH_PORT}",
                                     "--join", f"hub.example:{MESH_PORT}", f"live=live.example:{target.port}",
                                     port=None)
        self.forward = self.away.forward(self.serve.ticket, "0:live")
        self.measured("ready by the name that resolves", time.monotonic() - started, 1.5)
        self.served(self.forward.port)
        self.serve.wait_for(r"dead\.example:9999: the resolver did not answer", stream="err", within=20)

    def test_dead_one_to_listen_on_is_told_at_the_start(self):
        for words in (("relay", "--listen", "dead.example:9000"), ("serve", "--listen", "dead.example:9000", "80")):
            done = self.home.run(*words)
            self.assertEqual((done.code, done.out), (1, ""))
            self.assertRegex(done.err, r"cannot listen on dead\.example:9000: the resolver did not answer\n\Z")
            self.assertLess(done.seconds, 20)

    def test_wait_for_one_to_listen_on_ends_with_a_signal(self):
        process = self.home.spawn("relay", "--listen", "dead.example:9000")
        self.eventually("the resolver is asked", lambda: len(os.listdir(f"/proc/{process.pid}/task")) > 1)
        started = time.monotonic()
        process.stop()
        self.measured("end", time.monotonic() - started, 0.5)


class Unix(Direct):
    """A unix socket whose owner accepts nothing, and whose queue is full."""

    def setUp(self):
        super().setUp()
        self.path = self.file("deaf.sock")
        self.deaf = self.full(self.path)

    def full(self, path):
        door = socket.socket(socket.AF_UNIX)
        door.bind(path)
        door.listen(0)
        self.inside = []
        while True:
            one = socket.socket(socket.AF_UNIX)
            one.setblocking(False)
            try:
                one.connect(path)
            except BlockingIOError:
                one.close()
                break
            self.inside.append(one)
        self.addCleanup(door.close)
        return door

    def test_one_that_is_to_be_listened_on_is_in_use(self):
        target = Target(self.srv, speak)
        self.serve = self.home.serve(f"one=127.0.0.1:{target.port}")
        done = self.away.run("forward", self.serve.ticket, f"{self.path}:one")
        self.assertEqual(done.code, 1)
        self.assertIn(f"cannot listen on unix:{self.path}: in use by another program", done.err)
        self.assertLess(done.seconds, 5)

    def test_one_that_is_to_be_the_control_socket_is_in_use(self):
        done = self.home.run("serve", "--control", self.path, "80")
        self.assertEqual(done.code, 1)
        self.assertIn(f"control socket {self.path}: another process listens there", done.err)
        self.assertLess(done.seconds, 5)

    def test_one_among_the_control_sockets_is_passed_over_in_time(self):
        folder = os.path.join(self.home.home, "run", "gof")
        os.makedirs(folder, mode=0o700)
        self.full(os.path.join(folder, "1.sock"))
        done = self.home.run("status")
        self.assertEqual(done.code, 69)
        self.assertRegex(done.err, r"1\.sock: the node does not answer")
        self.assertLess(done.seconds, 10)
        target = Target(self.srv, speak)
        self.offer(f"one=127.0.0.1:{target.port}", forward=["0:one"])
        self.served(self.forward.port)

    def test_one_that_is_a_target_is_waited_for(self):
        target = Target(self.srv, echo)
        self.offer("--connect-timeout", "3s", f"deaf=unix:{self.path}", f"other=127.0.0.1:{target.port}",
                    forward=["--connect-timeout", "3s", "7001:deaf", "0:other"])
        client = self.cli.connect(7001)
        echo_intact(self, self.cli, self.forward.ports["other"])
        seconds = time_to_reset(client)
        self.assertGreaterEqual(seconds, 1.5)
        self.measured("reset by a full queue, timeout 3 s", seconds, 3.0)
        with self.cli.connect(7001) as waiting:
            waiting.sendall(b"?")
            answering = background(self.take_all)
            waiting.settimeout(10)
            self.assertEqual(waiting.recv(1), b"!")
        self.assertEqual(answering(), b"")
        self.peers_live()

    def take_all(self):
        """Accepts all of them; the one that sends something gets an answer."""
        while True:
            one, _ = self.deaf.accept()
            with one:
                one.settimeout(0.5)
                try:
                    if one.recv(1) == b"?":
                        one.sendall(b"!")
                        one.settimeout(10)
                        return one.recv(1)
                except TimeoutError:
                    pass


if __name__ == "__main__":
    lab.main()
