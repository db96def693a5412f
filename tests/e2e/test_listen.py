"""Where forwards listen: both families on one port, ports in use, abstract sockets; and a forward that listens at its
own service's target."""

import json
import os
import re
import signal
import socket

import lab
from lab import Case, Lab, Networks, hold
from peer import READY, Pair, Peer
from traffic import Target, echo, exactly, reset, time_to_refusal

TICKS = os.sysconf("SC_CLK_TCK")
V6 = "2001:db8::20"


def processor_time(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def listen_v6(host, port=0, address="::1"):
    with host.inside():
        s = socket.socket(socket.AF_INET6)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        s.bind((address, port))
        s.listen(8)
        return s


def dial(host, address, port, source=None):
    """A connection from a chosen port."""
    with host.inside():
        s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.settimeout(10)
    if source:
        s.bind((address, source))
    s.connect((address, port))
    return s


def echoes(case, sock, text=b"there and back"):
    with sock:
        sock.sendall(text)
        case.assertEqual(exactly(sock, len(text)), text)


class Bound(Pair):
    """`away` forwards to `home`, which serves an echo and a web server."""

    def setUp(self):
        super().setUp()
        self.target, self.other = Target(self.srv, echo), Target(self.srv, self.greet)
        self.serve = self.serve_both()
        Lab.batch(f"address add {V6}/64 dev {self.device()} nodad", inside=self.cli)

    def serve_both(self):
        return self.home.serve(f"echo=127.0.0.1:{self.target.port}", f"greet=127.0.0.1:{self.other.port}")

    def device(self):
        return "eth0"

    @staticmethod
    def greet(sock):
        sock.sendall(b"hello")

    def taken(self, *specs):
        done = self.away.run("forward", self.serve.ticket, *specs)
        self.assertEqual(done.code, 1, done.err)
        self.assertNotIn("ready", done.err)
        return done.err

    def bound(self):
        """Which programs listen on which TCP addresses of cli, apart from links."""
        told = self.cli.run("ss", "-Hltn").out
        return sorted(line.split()[3] for line in told.splitlines())


class Families(Bound):
    def test_default_is_both_loopback_addresses_on_one_port(self):
        forward = self.away.forward(self.serve.ticket, "7001:echo")
        self.assertEqual(self.bound(), ["127.0.0.1:7001", "[::1]:7001"])
        for address in ("127.0.0.1", "::1"):
            echoes(self, dial(self.cli, address, 7001))
        told = [line for line in forward.said("err") if "ready" in line]
        self.assertEqual(len(told), 1, told)
        self.assertIn("ready 127.0.0.1:7001 -> home/echo (", told[0])
        for process in (forward, self.serve):
            self.assertEqual([line for line in process.said("err") if "warn" in line], [])
        self.assertEqual(forward.stop(), 0)
        self.assertEqual(self.bound(), [])

    def test_free_port_is_the_same_for_both(self):
        forward = self.away.forward(self.serve.ticket, "0:echo")
        self.assertEqual(self.bound(), [f"127.0.0.1:{forward.port}", f"[::1]:{forward.port}"])
        for address in ("127.0.0.1", "::1"):
            echoes(self, dial(self.cli, address, forward.port))

    def test_free_port_is_one_that_is_free_for_both(self):
        """The system chooses from sixteen ports, of which twelve are in use for IPv6 only."""
        ports = range(20000, 20016)
        free = {20003, 20006, 20009, 20014}  # one of them is for the link
        taken = [listen_v6(self.cli, port) for port in ports if port not in free]
        with self.cli.inside(), open("/proc/sys/net/ipv4/ip_local_port_range", "w", encoding="ascii") as f:
            f.write(f"{ports[0]} {ports[-1]}")
        forward = self.away.forward(self.serve.ticket, "0:echo", "0:greet", ready=2)
        self.assertLessEqual(set(forward.ports.values()), free)
        for port in forward.ports.values():
            dial(self.cli, "::1", port).close()
        for sock in taken:
            sock.close()

    def test_star_is_every_address_of_both(self):
        forward = self.away.forward(self.serve.ticket, "*:7001:echo")
        self.assertEqual(self.bound(), ["0.0.0.0:7001", "[::]:7001"])
        for address in ("127.0.0.1", "::1", self.cli.address, V6):
            echoes(self, dial(self.cli, address, 7001))
        self.assertRegex(forward.said("err")[-1], r"ready \*:7001 -> home/echo \(")

    def test_addresses_that_are_named_keep_their_meaning(self):
        self.away.forward(self.serve.ticket, "127.0.0.1:7001:echo", "[::1]:7002:echo", "0.0.0.0:7003:echo",
                          "localhost:7004:echo", ready=4)
        self.assertEqual(self.bound(), ["0.0.0.0:7003", "127.0.0.1:7001", "127.0.0.1:7004", "[::1]:7002"])

    def test_line_that_names_one_of_the_two_has_it(self):
        self.away.forward(self.serve.ticket, "7001:echo", "[::1]:7001:greet", ready=2)
        echoes(self, dial(self.cli, "127.0.0.1", 7001))
        with dial(self.cli, "::1", 7001) as sock:
            self.assertEqual(exactly(sock, 5), b"hello")
        done = self.away.run("forward", self.serve.ticket, "7001:echo", "*:7001:greet")
        self.assertEqual(done.code, 2, done.err)
        self.assertIn("*:7001 a second time", done.err)

    def test_program_finds_it_by_either_family(self):
        page = self.file("page")
        with open(page, "w", encoding="ascii") as f:
            f.write("by both\n")
        web = self.srv.spawn("/usr/bin/python3", "-u", "-m", "http.server", "8080", "--bind", "127.0.0.1",
                             "--directory", self.work)
        web.wait_for("Serving HTTP")
        serve = self.home.serve("web=127.0.0.1:8080", port=9998)
        self.away.forward(serve.ticket, "8080:web")
        for family in ("-4", "-6"):
            done = self.cli.run("curl", family, "-sS", "--fail", "http://localhost:8080/page")
            self.assertEqual((done.code, done.out), (0, "by both\n"), done.err)

    def test_family_that_the_machine_does_not_have_is_passed_over(self):
        with self.cli.inside(), open("/proc/sys/net/ipv6/conf/all/disable_ipv6", "w", encoding="ascii") as f:
            f.write("1")
        forward = self.away.forward(self.serve.ticket, "7001:echo", "0:greet", "*:7002:echo", ready=3)
        echoes(self, dial(self.cli, "127.0.0.1", 7001))
        self.assertEqual(len(forward.said("err")), 3, forward.said("err"))
        self.assertIn("[::1]:7003", self.taken("[::1]:7003:echo"))

    def test_machine_without_ipv4_loopback_has_the_other(self):
        Lab.batch("address del 127.0.0.1/8 dev lo", inside=self.cli)
        forward = self.away.forward(self.serve.ticket, "7001:echo")
        self.assertIn("ready [::1]:7001 -> home/echo", forward.said("err")[-1])
        echoes(self, dial(self.cli, "::1", 7001))


class Taken(Bound):
    def holder(self, address, port):
        """A separate program, so that there is a name to report."""
        family = "TCP6" if ":" in address else "TCP4"
        more = ",ipv6only=1" if ":" in address else ""
        bind = f"[{address}]" if ":" in address else address
        holder = self.cli.spawn("socat", "-d", "-d", f"{family}-LISTEN:{port},bind={bind},reuseaddr{more}", "-")
        holder.wait_for("listening on")
        return holder

    def test_port_taken_on_either_address_is_told_with_who_has_it(self):
        for address, shown in (("127.0.0.1", "127.0.0.1:7001"), ("::1", "[::1]:7001")):
            with self.subTest(address=address):
                holder = self.holder(address, 7001)
                told = self.taken("7001:echo")
                self.assertIn(f"cannot listen on {shown}: in use by another program (socat, pid {holder.pid})", told)
                self.assertEqual(self.bound(), [shown], "nothing is left of the attempt")
                holder.kill()
        self.away.forward(self.serve.ticket, "7001:echo")

    def test_star_is_stopped_by_one_address_of_either_family(self):
        for address, shown in (("127.0.0.1", "0.0.0.0:7001"), ("::1", "[::]:7001")):
            with self.subTest(address=address):
                holder = self.holder(address, 7001)
                self.assertIn(f"cannot listen on {shown}: in use by another program", self.taken("*:7001:echo"))
                holder.kill()

    def test_program_on_every_address_of_both_stops_it(self):
        holder = self.cli.spawn("socat", "-d", "-d", "TCP6-LISTEN:7001,ipv6only=0,reuseaddr", "-")
        holder.wait_for("listening on")
        self.assertIn(f"cannot listen on 127.0.0.1:7001: in use by another program (socat, pid {holder.pid})",
                      self.taken("7001:echo"))

    def test_program_of_somebody_else_is_not_named(self):
        user = Peer(self, self.cli, "user", user=lab.NOBODY)
        self.holder("::1", 7001)
        done = user.run("forward", self.serve.ticket, "7001:echo")
        self.assertEqual(done.code, 1, done.err)
        self.assertIn("cannot listen on [::1]:7001: in use by another program; choose another port", done.err)


class Reload(Bound):
    def write(self, *lines):
        with open(self.file("gof.conf"), "w", encoding="utf-8") as f:
            f.write("\n".join(("[forward one]", f"peer = ticket-file={self.file('ticket')}", *lines)) + "\n")

    def start(self, *lines, ready=1):
        with open(self.file("ticket"), "w", encoding="ascii") as f:
            f.write(self.serve.ticket + "\n")
        self.write(*lines)
        self.process = self.away.spawn("run", self.file("gof.conf"))
        since = 0
        for _ in range(ready):
            found = self.process.wait_for(READY, since=since)
            since = next(i for i, line in enumerate(self.process.lines) if i >= since and line[2] == found.string) + 1

    def reload(self, *lines, told="was read again"):
        since = self.process.mark()
        self.write(*lines)
        self.process.signal(signal.SIGHUP)
        self.process.wait_for(told, since=since)
        return since

    def test_listener_that_stays_is_the_same_in_both_families(self):
        self.start("listen = 7001:echo")
        standing = [dial(self.cli, address, 7001) for address in ("127.0.0.1", "::1")]
        waiting = self.sockets()
        self.reload("listen = 7001:echo", "listen = 7002:greet")
        self.assertLess(waiting, self.sockets(), "the first two are the same sockets")
        for sock in standing:
            echoes(self, sock)
        self.process.wait_for("ready 127.0.0.1:7002 ")
        self.assertEqual(self.bound(), ["127.0.0.1:7001", "127.0.0.1:7002", "[::1]:7001", "[::1]:7002"])
        self.reload("listen = 7002:greet")
        self.assertEqual(self.bound(), ["127.0.0.1:7002", "[::1]:7002"])

    def sockets(self):
        """The inodes of listening sockets."""
        return {re.search(r"ino:(\d+)", line).group(1) for line in self.cli.run("ss", "-Hltne").out.splitlines()}

    def test_port_taken_in_one_family_changes_nothing_at_a_reload(self):
        self.start("listen = 7001:echo")
        with listen_v6(self.cli, 7002):
            since = self.reload("listen = 7001:echo", "listen = 7002:greet", told=r"\[::1\]:7002: in use by another")
            self.assertFalse([line for line in self.process.said(since=since) if "was read again" in line])
        self.assertEqual(self.bound(), ["127.0.0.1:7001", "[::1]:7001"])
        echoes(self, dial(self.cli, "::1", 7001))

    def test_lines_that_want_the_same_address_are_told(self):
        self.start("listen = 7001:echo", "listen = [::1]:7001:greet", ready=2)
        echoes(self, dial(self.cli, "127.0.0.1", 7001))
        self.write("listen = 7001:echo", "listen = *:7001:greet")
        done = self.away.run("run", "--check", self.file("gof.conf"))
        self.assertEqual(done.code, 78, done.err)
        self.assertRegex(done.err, r"gof.conf:4: \*:7001 is listened on by line 3 too")


class Names(Pair):
    """Unix sockets that are not files, as a target and to listen on."""

    def setUp(self):
        super().setUp()
        self.socat = self.srv.spawn("socat", "-d", "-d", "ABSTRACT-LISTEN:echo.home,fork", "EXEC:cat")
        self.socat.wait_for("listening on")
        self.serve = self.serve_name("echo=unix:@echo.home")

    def serve_name(self, *words):
        return self.home.serve(*words)

    def carry(self):
        forward = self.away.spawn("forward", self.serve.ticket, "unix:@away", cwd=self.work)
        forward.wait_for(r"ready unix:@away -> home/echo \(")
        done = self.cli.run("socat", "-t", "10", "-", "ABSTRACT-CONNECT:away", input="by a name\n")
        self.assertEqual((done.code, done.out), (0, "by a name\n"), done.err)
        second = self.away.run("forward", self.serve.ticket, "unix:@away")
        self.assertEqual(second.code, 1, second.err)
        self.assertIn("cannot listen on unix:@away: in use by another program; choose another name", second.err)
        self.assertFalse(os.path.exists(self.file("@away")), "it is no file")
        self.assertEqual(forward.stop(), 0)
        again = self.away.spawn("forward", self.serve.ticket, "unix:@away:echo")
        again.wait_for(r"ready unix:@away -> home/echo \(")


class Abstract(Names):
    def test_they_carry_an_echo(self):
        self.carry()

    def test_longest_name_is_the_systems(self):
        name = "n" * 107
        forward = self.away.spawn("forward", self.serve.ticket, f"unix:@{name}")
        forward.wait_for("ready unix:@n+ ")
        with self.cli.inside():
            sock = socket.socket(socket.AF_UNIX)
        sock.connect("\0" + name)
        echoes(self, sock)
        done = self.away.run("forward", self.serve.ticket, f"unix:@{name}n")
        self.assertEqual(done.code, 2, done.err)
        self.assertIn("at most 107 bytes", done.err)

    def test_name_that_nobody_has_is_a_target_that_refuses(self):
        serve = self.home.serve("gone=unix:@nobody.here", port=9997)
        forward = self.away.spawn("forward", serve.ticket, "7001")
        forward.wait_for("unix:@nobody.here on home refused")

    def test_words_without_a_name_are_told(self):
        for words in (["serve", "x=unix:@"], ["serve", "unix:@"], ["forward", self.serve.ticket, "unix:@"],
                      ["forward", self.serve.ticket, "unix:@:echo"]):
            with self.subTest(words=words):
                done = self.away.run(*words)
                self.assertEqual(done.code, 2, done.err)
                self.assertIn("no name after '@'", done.err)
        with open(self.file("gof.conf"), "w", encoding="ascii") as f:
            f.write("[serve x]\ntarget = unix:@\n")
        done = self.away.run("run", self.file("gof.conf"))
        self.assertEqual(done.code, 78, done.err)
        self.assertRegex(done.err, "gof.conf:2: .*no name after '@'")


class Apart:
    """The same with a relay between two networks."""

    def laboratory(self):
        return Networks(srv="a", relay="ab", cli="b")

    def relay(self):
        hub = Peer(self, self.lab.relay, "hub")
        process = hub.spawn("relay")
        return process.wait_for(r"^gof1[a-z2-7]{40,}$", stream="out").group(0)

    def device(self):
        return "eth-b"


class FamiliesThroughRelay(Apart, Bound):
    def serve_both(self):
        return self.home.serve("--no-listen", "--join", self.relay(), f"echo=127.0.0.1:{self.target.port}",
                               f"greet=127.0.0.1:{self.other.port}", port=None)

    def test_both_families_carry(self):
        forward = self.away.forward(self.serve.ticket, "0:echo", "*:7001:greet", ready=2)
        for address in ("127.0.0.1", "::1"):
            echoes(self, dial(self.cli, address, forward.ports["echo"]))
        for address in (V6, self.cli.address):
            with dial(self.cli, address, 7001) as sock:
                self.assertEqual(exactly(sock, 5), b"hello")


class AbstractThroughRelay(Apart, Names):
    def serve_name(self, *words):
        return self.home.serve("--no-listen", "--join", self.relay(), *words, port=None)

    def test_they_carry_an_echo(self):
        self.carry()


class Itself(Case):
    """serve and forward on one host. Only the forward listens at the address of the service's target."""

    port = 5055
    most = 10  # connections in two seconds

    def setUp(self):
        super().setUp()
        self.home, self.away = Peer(self, self.srv, "home"), Peer(self, self.srv, "away")
        self.srv.nft("add table inet count; add chain inet count out { type filter hook output priority 0; };"
                     f"add rule inet count out tcp dport {self.port} tcp flags & (syn | ack) == syn counter")

    def serve(self, *words):
        return self.home.serve(*words)

    def dials(self):
        """How many connections to the port were begun."""
        told = self.srv.run("nft", "list", "table", "inet", "count").out
        return int(re.search(r"packets (\d+)", told).group(1))

    def status(self, of):
        return json.loads(of.run("status", "--json").out)

    def falls_silent(self, serve, *specs, target="localhost:5055"):
        forward = self.away.spawn("forward", serve.ticket, *specs)
        words = rf"{re.escape(target)} on home is where a forward of this service listens \(a loop\)"
        forward.wait_for(words)
        serve.wait_for(words)
        used = {process: processor_time(process) for process in (serve, forward)}
        hold(2)
        self.told("connections to itself", self.dials())
        self.assertLess(self.dials(), self.most)
        self.assertGreater(self.dials(), 0)
        for process, before in used.items():
            self.assertLess((processor_time(process) - before) / 2, 0.05, process.log())
            about = [line for line in process.said("err") if "loop" in line]
            self.assertEqual(len(about), 1, about)
        self.assertEqual([line for line in forward.said("err") if "ready" in line], [])
        return forward

    def is_put_right(self):
        serve = self.serve("web=5055")
        forward = self.falls_silent(serve, "5055")
        (one,) = self.status(self.away)["forwards"]
        self.assertFalse(one["ready"])
        self.assertIn("loop", one["why"])
        (offered,) = self.status(self.home)["services"]
        self.assertFalse(offered["ready"])
        before = self.dials()
        time_to_refusal(self.srv, self.port, 5)
        self.assertLess(self.dials() - before, 5)
        # The intended server, and a forward on another port.
        self.assertEqual(forward.stop(), 0)
        target = Target(self.srv, echo, self.port)
        self.away.forward(serve.ticket, "7001:web")
        echoes(self, dial(self.srv, "::1", 7001))
        self.eventually("serve says that it works", lambda: self.status(self.home)["services"][0]["ready"], 10)
        target.close()


class Loop(Itself):
    def test_forward_that_listens_at_its_own_target_is_told_and_falls_silent(self):
        self.is_put_right()

    def test_every_address_is_no_way_around(self):
        self.falls_silent(self.serve(f"web={self.srv.address}:5055"), "*:5055:web", target=f"{self.srv.address}:5055")

    def test_one_family_is_enough(self):
        self.falls_silent(self.serve("web=[::1]:5055"), "[::1]:5055:web", target="[::1]:5055")

    def test_server_that_comes_up_in_the_other_family_is_reached(self):
        """localhost is ::1 first, which the server has. The forward has the other address."""
        held = listen_v6(self.srv, self.port)
        serve = self.serve("web=5055")
        self.away.forward(serve.ticket, "127.0.0.1:5055:web")
        client = dial(self.srv, "127.0.0.1", self.port)
        client.sendall(b"?")
        while True:
            sock, _ = held.accept()
            if sock.recv(1) == b"?":
                break
        client.close()

    def test_client_with_the_port_of_one_of_serves_connections_is_no_loop(self):
        """The same port and address with another destination is another connection."""
        seen = []

        def handler(sock):
            seen.append(sock.getpeername()[1])
            echo(sock)

        target = Target(self.srv, handler)
        serve = self.serve(f"echo=127.0.0.1:{target.port}")
        self.away.forward(serve.ticket, "127.0.0.1:7001")
        first = dial(self.srv, "127.0.0.1", 7001)
        first.sendall(b"!")
        self.assertEqual(exactly(first, 1), b"!")
        port = seen[-1]
        # From here on the system chooses from few ports, among them that one.
        with self.srv.inside(), open("/proc/sys/net/ipv4/ip_local_port_range", "w", encoding="ascii") as f:
            f.write(f"{port} {port + 7}")
        same = None
        for _ in range(100):
            same = dial(self.srv, "127.0.0.1", 7001)
            if same.getsockname()[1] == port:
                break
            reset(same)
        self.assertEqual(same.getsockname()[1], port)
        echoes(self, same)
        first.close()


class LoopThroughRelay(Itself):
    def serve(self, *words):
        """The two know each other only through the relay."""
        hub = Peer(self, self.cli, "hub")
        relay = hub.spawn("relay", "--listen", f"{self.cli.address}:9999")
        join = relay.wait_for(r"^gof1[a-z2-7]{40,}$", stream="out").group(0)
        return self.home.serve("--no-listen", "--join", join, *words, port=None)

    def test_forward_that_listens_at_its_own_target_is_told_and_falls_silent(self):
        self.is_put_right()


class Namespaces(Pair):
    """Two hosts of one kernel; 127.0.0.1:5055 is a different program on each."""

    def test_same_addresses_and_ports_on_two_hosts_are_no_loop(self):
        seen = []

        def handler(sock):
            seen.append(sock.getpeername()[1])
            echo(sock)

        target = Target(self.srv, handler, 5055)
        self.serve = self.home.serve("--name", "home", "web=127.0.0.1:5055")
        self.forward = self.away.forward(self.serve.ticket, "127.0.0.1:5055")
        first = dial(self.cli, "127.0.0.1", 5055)
        first.sendall(b"!")
        self.assertEqual(exactly(first, 1), b"!")
        # A client here has the same address and port as serve's connection on the other host.
        echoes(self, dial(self.cli, "127.0.0.1", 5055, source=seen[-1]))
        first.close()
        self.assertEqual([line for p in (self.serve, self.forward) for line in p.said("err") if "loop" in line], [])
        target.close()


if __name__ == "__main__":
    lab.main()
