"""gof run: one configuration file, read again on SIGHUP without dropping a connection; and errors in files."""

import json
import os
import signal
import socket
import time

import lab
from lab import Case
from names import Deaf
from peer import MESH_PORT, READY, TICKET, Pair, Peer
from traffic import Target, echo, echo_intact, exactly, hello, time_to_refusal


class Running(Case):
    """`home` on srv and `away` on cli, each with its own file."""

    def setUp(self):
        super().setUp()
        self.home = Peer(self, self.srv, "home")
        self.away = Peer(self, self.cli, "away")

    def write(self, peer, *lines, name="gof.conf"):
        """Writes the file where gof looks for it, in place of the present one."""
        folder = os.path.join(peer.home, "config", "gof")
        os.makedirs(folder, mode=0o700, exist_ok=True)
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        return path

    def node(self, peer, *more):
        return ("[node]", f"name = {peer.name}", f"listen = {peer.host.address}:{MESH_PORT}", *more)

    def serve_by_file(self, **targets):
        self.write(self.home, *self.node(self.home), *(line for name, port in targets.items()
                                                       for line in (f"[serve {name}]", f"target = 127.0.0.1:{port}")))
        process = self.home.spawn("run")
        for name in targets:
            which = f" {name}" if len(targets) > 1 else ""
            process.wait_for(rf"serving {name}=127.0.0.1:\d+ as home; ticket: gof ticket --show{which}$", stream="err")
        return process

    def ticket(self, service, name=None):
        """A file with the ticket of that service, where away can read it."""
        done = self.home.run("ticket", "--show", service)
        self.assertEqual((done.code, done.err), (0, ""))
        path = self.file(name or service + ".ticket")
        with open(path, "w", encoding="ascii") as f:
            f.write(done.out)
        return path

    def forwards(self, **services):
        """A [forward NAME] for each service, with its ticket."""
        return [line for name, (port, ticket) in services.items()
                for line in (f"[forward {name}]", f"peer = ticket-file={ticket}", f"listen = {port}",
                             f"service = {name}")]

    def reload(self, process, *patterns):
        since = process.mark()
        process.signal(signal.SIGHUP)
        for pattern in patterns or (r"was read again",):
            process.wait_for(pattern, stream="err", since=since)

    def ready(self, process, service, since=0):
        return int(process.wait_for(READY.replace(r"(?P<service>\S+)", f"(?P<service>{service})"), stream="err",
                                    since=since)["port"])

    def free_port(self, host):
        with host.listen() as sock:
            return sock.getsockname()[1]


class Files(Running):
    def test_one_file_a_host_serves_and_forwards(self):
        first, second = Target(self.srv, echo), Target(self.srv, hello)
        serve = self.serve_by_file(one=first.port, two=second.port)
        self.assertEqual(serve.said("out"), [], "tickets are had by gof ticket --show")
        self.write(self.away, "# two tickets", *self.forwards(one=(0, self.ticket("one")), two=(0, self.ticket("two"))))
        forward = self.away.spawn("run")
        echo_intact(self, self.cli, self.ready(forward, "one"))
        with self.cli.connect(self.ready(forward, "two")) as sock:
            self.assertTrue(sock.recv(100))
        told = json.loads(self.away.run("status", "--json").out)
        self.assertEqual(told["node"]["command"], "run")
        self.assertEqual([(f["service"], f["ready"]) for f in told["forwards"]], [("one", True), ("two", True)])
        self.assertEqual({f["name"] for f in told["forwards"]}, {"home"})
        for process in (forward, serve):
            self.assertEqual(process.stop(), 0)

    def test_each_service_has_a_ticket_of_its_own(self):
        first, second = Target(self.srv, echo), Target(self.srv, echo)
        self.serve_by_file(one=first.port, two=second.port)
        done = self.away.run("forward", "--ticket-file", self.ticket("one"), "0:two")
        self.assertEqual(done.code, 2, done.err)

    def test_peers_are_let_in_by_their_ids_without_a_ticket(self):
        target, closed = Target(self.srv, echo), Target(self.srv, echo)
        relay = self.home.spawn("relay", "--name", "hub", "--key", self.file("hub-key"), "--listen",
                                f"{self.srv.address}:{MESH_PORT + 1}")
        join = relay.wait_for(TICKET, stream="out").group(0)
        ids = {peer: peer.run("id").out.strip() for peer in (self.home, self.away)}
        self.write(self.home, *self.node(self.home, f"join = {join}"), "[serve open]",
                   f"target = 127.0.0.1:{target.port}", "allow = away", "[serve closed]",
                   f"target = 127.0.0.1:{closed.port}", "[alias away]", f"peer = {ids[self.away]}")
        serve = self.home.spawn("run")
        serve.wait_for(r"serving open", stream="err")
        self.write(self.away, "[node]", f"join = {join}", "no-listen = true", "[alias home]",
                   f"peer = {ids[self.home]}", "[forward a]", "peer = home", "listen = 0:open", "[forward b]",
                   "peer = home", "listen = 0:closed")
        forward = self.away.spawn("run")
        port = self.ready(forward, "open")
        echo_intact(self, self.cli, port)
        forward.wait_for(r"/closed: .*; again in", stream="err")
        self.assertEqual(closed.accepted, 0, "a peer that is not let in reaches no target")
        # A withdrawal takes effect at once, even for open connections.
        with self.cli.connect(port) as sock:
            sock.sendall(b"x")
            exactly(sock, 1)
            self.write(self.home, *self.node(self.home, f"join = {join}"), "[serve open]",
                       f"target = 127.0.0.1:{target.port}")
            self.reload(serve)
            self.assertRaises(ConnectionResetError, sock.recv, 1)

    def test_forward_by_id_and_allow_on_the_command_line(self):
        target = Target(self.srv, echo)
        away = self.away.run("id").out.strip()
        serve = self.home.serve(f"echo=127.0.0.1:{target.port}", "--allow", f"{away}=echo")
        key = self.file("network-key")
        with open(os.path.join(self.home.gof_state, "network-key"), "rb") as f, open(key, "wb") as to:
            to.write(f.read())
        os.chmod(key, 0o600)
        words = [self.home.run("id").out.strip(), "--join", f"{self.srv.address}:{MESH_PORT}", "--network-key", key]
        forward = self.away.spawn("forward", *words, "--listen", f"{self.cli.address}:{MESH_PORT}", "0:echo")
        echo_intact(self, self.cli, self.ready(forward, "echo"))
        self.assertEqual(json.loads(self.away.run("status", "--json").out)["node"]["listening"],
                         [f"{self.cli.address}:{MESH_PORT}"])
        done = self.away.run("connect", *words, "echo", input="through a pipe")
        self.assertEqual((done.code, done.out, done.err), (0, "through a pipe", ""))
        self.assertEqual(forward.stop(), 0)
        self.assertEqual(serve.stop(), 0)


class Reload(Running):
    def setUp(self):
        super().setUp()
        self.one, self.two = Target(self.srv, echo), Target(self.srv, hello)
        self.serve = self.serve_by_file(one=self.one.port, two=self.two.port)
        self.tickets = {name: self.ticket(name) for name in ("one", "two")}
        self.ports = {name: self.free_port(self.cli) for name in ("one", "two")}
        self.path = self.write_forwards("one")
        self.forward = self.away.spawn("run")
        self.ready(self.forward, "one")

    def write_forwards(self, *names, **ports):
        ports = {**self.ports, **ports}
        return self.write(self.away, *self.forwards(**{n: (ports[n], self.tickets[n]) for n in names}))

    def held(self):
        sock = self.cli.connect(self.ports["one"])
        self.addCleanup(sock.close)
        self.goes_on(sock)
        return sock

    def goes_on(self, sock):
        sock.sendall(b"still here")
        self.assertEqual(exactly(sock, 10), b"still here")

    def test_what_is_added_works_and_what_stood_goes_on(self):
        sock = self.held()
        since = self.forward.mark()
        self.write_forwards("one", "two")
        self.reload(self.forward, r"was read again: 0 services, 2 forwards")
        self.assertEqual(self.ready(self.forward, "two", since), self.ports["two"])
        self.goes_on(sock)
        self.assertEqual([l for l in self.forward.said("err", since) if "/one (" in l], [], "it was ready before")

    def test_what_is_gone_takes_no_new_connections_and_its_old_ones_go_on(self):
        sock = self.held()
        self.write_forwards("two")
        self.reload(self.forward, r"was read again: 0 services, 1 forward\b")
        self.assertRaises(ConnectionRefusedError, self.cli.connect, self.ports["one"])
        self.goes_on(sock)
        sock.close()
        self.write_forwards("one")
        self.reload(self.forward, r"was read again: 0 services, 1 forward\b")
        self.eventually("it works again", lambda: self.works("one"))

    def works(self, name):
        try:
            with self.cli.connect(self.ports[name]) as sock:
                sock.sendall(b"x")
                return exactly(sock, 1) == b"x"
        except OSError:
            return False

    def test_a_name_to_listen_on_that_nobody_answers_for_stops_nothing(self):
        self.deaf = Deaf(self.cli)  # referenced, as a closed port would answer
        lab.hide("/etc/hosts", "127.0.0.1 localhost\n127.0.0.1 here.example\n")
        sock = self.held()
        since = self.forward.mark()
        self.write_forwards("one", "two", two=f"dead.example:{self.ports['two']}")
        self.forward.signal(signal.SIGHUP)
        longest = 0.0
        for _ in range(50):
            started = time.monotonic()
            self.goes_on(sock)
            longest = max(longest, time.monotonic() - started)
            lab.hold(0.02)
        self.measured("the longest answer meanwhile", longest, 0.1)
        self.assertEqual(self.forward.said("err", since), [], "the resolver is still asked")
        # A file that is read later replaces it; a name that resolves works.
        self.write_forwards("one", "two", two=f"here.example:{self.ports['two']}")
        self.reload(self.forward, r"was read again: 0 services, 2 forwards")
        self.ready(self.forward, "two", since)
        self.write_forwards("one", two=f"here.example:{self.ports['two']}")
        self.reload(self.forward)
        self.write_forwards("one", "two", two=f"dead.example:{self.ports['two']}")
        self.forward.signal(signal.SIGHUP)
        self.forward.wait_for(rf"cannot listen on dead\.example:{self.ports['two']}: .*; "
                              "what counted before goes on", within=20, since=since)
        self.goes_on(sock)

    def test_a_port_goes_from_one_service_to_another(self):
        sock = self.held()
        self.write_forwards("two", two=self.ports["one"])
        self.reload(self.forward)
        self.eventually("the other service answers", lambda: self.answers(self.ports["one"]))
        self.goes_on(sock)

    def answers(self, port):
        with self.cli.connect(port) as sock:
            return bool(sock.recv(100))

    def test_a_file_with_an_error_changes_nothing_and_is_told(self):
        sock = self.held()
        for lines, told in ((("[forward one]", "peer = nobody"), r"gof.conf:1: \[forward one\] needs listen ="),
                            (("[node]", "survive = soon"), r"gof.conf:2: survive = 'soon'"),
                            (("[forward one]", "peer = ticket-file=/none", "listen = 1"), r"/none: No such file"),
                            (("\0",), r"gof.conf:1: not text")):
            self.write(self.away, *lines)
            self.reload(self.forward, told + r".*; what counted before goes on")
            self.goes_on(sock)
        os.unlink(self.path)
        self.reload(self.forward, r"is gone; what counted before goes on")
        self.goes_on(sock)
        self.held()

    def test_a_listener_that_cannot_be_had_changes_nothing(self):
        taken = self.cli.listen()
        self.addCleanup(taken.close)
        self.write_forwards("one", "two", two=taken.getsockname()[1])
        self.reload(self.forward, r"in use.*; what counted before goes on")
        self.held()
        self.write_forwards("two", two=taken.getsockname()[1])
        self.reload(self.forward, r"in use.*; what counted before goes on")
        self.eventually("what stood before stands again", lambda: self.works("one"))

    def test_services_come_and_go_under_connections(self):
        sock = self.held()
        self.write(self.home, *self.node(self.home), "[serve two]", f"target = 127.0.0.1:{self.two.port}",
                   "[serve three]", f"target = 127.0.0.1:{self.one.port}")
        self.reload(self.serve, r"serving three=", r"was read again: 2 services, 0 forwards")
        self.goes_on(sock)
        self.eventually("the service is told as gone", lambda: self.away.run("status", "--check").code in (0, 69))
        time_to_refusal(self.cli, self.ports["one"])
        third = self.away.forward(self.home.run("ticket", "--show", "three").out.strip(), "0:three")
        echo_intact(self, self.cli, third.port)

    def test_what_changed_in_node_is_told_to_wait_for_a_restart(self):
        self.write(self.away, "[node]", "survive = 7s", *self.forwards(one=(self.ports["one"], self.tickets["one"])))
        self.reload(self.forward, r"what changed in \[node\] counts from the next start on", r"was read again")


class Both(Pair):
    def test_names_of_gossip_port_forward_are_understood(self):
        here, there = Target(self.srv, echo), Target(self.cli, echo)
        server = self.home.spawn("server", "-a", "127.0.0.1", "-f", str(here.port), "--listen",
                                 f"{self.srv.address}:{MESH_PORT}", "--name", "home")
        ticket = server.wait_for(TICKET, stream="out").group(0)
        client = self.away.spawn("client", "-c", ticket, "-l", "0")
        echo_intact(self, self.cli, int(client.wait_for(READY, stream="err")["port"]))
        self.assertEqual(client.stop(), 0)
        # Both ends in one process: it joins the mesh of the ticket.
        relay = self.home.spawn("relay", "-p", str(MESH_PORT + 1), "--name", "hub")
        join = relay.wait_for(TICKET, stream="out").group(0)
        both = self.away.spawn("both", "--join", join, "-c", ticket, "-l", "0", "-a", "127.0.0.1", "-f",
                               str(there.port), "--name", "away")
        echo_intact(self, self.cli, int(both.wait_for(READY, stream="err")["port"]))
        both.wait_for(rf"serving {there.port}=127.0.0.1:{there.port} as away; ticket: gof ticket --show", stream="err")
        self.assertEqual(both.stop(), 0)


class Wrong(Running):
    """Scorecard row 42."""

    def refused(self, *words, code=78, told):
        done = self.away.run(*words)
        self.assertEqual((done.code, done.out), (code, ""), done.err)
        self.assertRegex(done.err, told)
        self.assertEqual(len(done.err.splitlines()), 1, done.err)
        return done

    def test_a_file_of_100_MB_is_refused_in_bounded_memory(self):
        path = self.file("large.conf")
        with open(path, "wb") as f:
            f.write(b"[node]\n" + b"name = x\n" * 11_000_000)
        # With memory for half of the file, as a program that reads it whole would die.
        done = self.away.host.run("/bin/sh", "-c", 'ulimit -v 300000; exec "$@"', "sh", lab.GOF, "run", path,
                                  env=self.away.environment())
        self.assertEqual(done.code, 78, done.err)
        self.assertRegex(done.err, r"large.conf: larger than 1 MiB")

    def test_what_is_no_text_names_its_line(self):
        path = self.write(self.away, "[node]", "name = a\0b", name="nul.conf")
        self.refused("run", path, told=r"nul.conf:2: not text")
        path = self.file("noise.conf")
        with open(path, "wb") as f:
            f.write(os.urandom(100_000))
        self.refused("run", path, told=r"noise.conf:1: ")

    def test_unknown_words_are_told_with_those_meant(self):
        self.refused("run", self.write(self.away, "", "[serv ssh]", "target = 22", name="a.conf"),
                     told=r"a.conf:2: unknown section \[serv\]; did you mean serve\?")
        self.refused("run", self.write(self.away, "[node]", "nmae = x", name="b.conf"),
                     told=r"b.conf:2: unknown key 'nmae' in \[node\]; did you mean name\?")

    def test_a_listener_twice_names_both_lines(self):
        path = self.write(self.away, "[forward a]", "peer = ticket-file=/t", "listen = 5432", "[forward b]",
                          "peer = ticket-file=/t", "listen = 127.0.0.1:5432", name="twice.conf")
        self.refused("run", path, told=r"twice.conf:6: 127.0.0.1:5432 is listened on by line 3 too")

    def test_files_that_cannot_be_read_are_told(self):
        self.refused("run", told=r"gof.conf: there is no such file; write it")
        self.refused("run", "/none.conf", told=r"configuration /none.conf: there is no such file")
        self.refused("run", self.away.home, told=r"Is a directory")
        self.write(self.away, "[node]", "survive = soon")
        self.refused("serve", "22", told=r"gof.conf:2: survive = 'soon'")

    def test_joining_without_a_key_is_the_files_mistake(self):
        path = self.write(self.away, "[node]", "join = 203.0.113.99:9999", "[serve x]", "target = 1", name="j.conf")
        self.refused("run", path, told=r"j.conf: --join HOST:PORT needs the mesh's network key")

    def test_check_tells_what_is_wrong_and_does_nothing(self):
        path = self.write(self.away, "[serve x]", "target = 1", name="check.conf")
        done = self.away.run("run", "--check", path)
        self.assertEqual((done.code, done.out, done.err), (0, "", ""))
        self.assertEqual(os.listdir(self.away.state), [], "not even a key is made")
        path = self.write(self.away, "[forward x]", "peer = ticket-file=/none", "listen = 1", name="check.conf")
        self.refused("run", "--check", path, told=r"check.conf:1: ticket file /none: No such file")
        path = self.write(self.away, "[node]", "join = ticket-file=/none", name="check.conf")
        self.refused("run", "--check", path, told=r"ticket file /none: No such file")

    def test_tickets_of_two_meshes_are_told_with_both(self):
        tickets = []
        for number, peer in enumerate((self.home, self.away)):
            process = peer.spawn("serve", "--listen", f"{peer.host.address}:{MESH_PORT + number}", "x=1")
            process.wait_for(TICKET, stream="out")
            path = self.file(f"{number}.ticket")
            with open(path, "w", encoding="ascii") as f:
                f.write(process.said("out")[0])
            tickets.append(path)
            self.assertEqual(process.stop(), 0)
        path = self.write(self.away, *(line for n, t in enumerate(tickets) for line in
                                       (f"[forward f{n}]", f"peer = ticket-file={t}", "listen = 0:x")), name="c.conf")
        self.refused("run", path, told=r"two meshes, [0-9a-f]{16} and [0-9a-f]{16}")

    def test_secrets_of_a_file_are_not_shown(self):
        secret = "gof1" + "a" * 200
        path = self.write(self.away, "[forward a]", f"peer = {secret}", "listen = 1", name="s.conf")
        self.assertNotIn("a" * 60, self.refused("run", path, told=r"s.conf:2: ").err)


if __name__ == "__main__":
    lab.main()
