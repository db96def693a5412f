"""Services through relays: the ends share no network; only relays are on both sides."""

import errno
import os
import signal
import subprocess
import time

import lab
import test_iperf
from lab import Case, Networks
from peer import MESH_PORT, READY, TICKET, Peer
from sshd import Sshd
from ticket import Ticket
from traffic import (MIB, PIECE, Digest, Held, Source, Target, background, drain, echo, echo_intact, exactly, hash_of,
                     hello, time_to_reset)

MOST_MIB = 150  # of memory, for each gof
SURVIVE = 3  # seconds
SHORT = ("--survive", f"{SURVIVE}s")


class Through(Case):
    """`home` on srv serves, `away` on cli forwards, and every other host runs a relay."""

    places = {"srv": "a", "r1": "ab", "cli": "b"}

    def laboratory(self):
        return Networks(**self.places)

    def setUp(self):
        super().setUp()
        self.home = Peer(self, self.srv, "home")
        self.away = Peer(self, self.cli, "away")
        self.hubs = {host.name: Peer(self, host, host.name) for host in self.lab.hosts
                     if host not in (self.srv, self.cli)}
        self.relays = {}
        with self.assertRaises(OSError) as unreached:
            self.cli.connect(MESH_PORT, self.srv.address)
        self.assertEqual(unreached.exception.errno, errno.ENETUNREACH)

    def relay(self, name, *words):
        process = self.hubs[name].spawn("relay", "--name", name, *words)
        process.ticket = process.wait_for(TICKET, stream="out").group(0)
        self.relays[name] = process
        return process

    def all_relays(self):
        """Starts the relays; each joins the one before it. Returns their join tickets in that order."""
        for name in self.hubs:
            before = [word for relay in list(self.relays.values())[-1:] for word in ("--join", relay.ticket)]
            self.relay(name, *before)
        return [relay.ticket for relay in self.relays.values()]

    def bridge(self, serve_options=(), forward_options=(), **targets):
        """Runs all relays, serves the targets by joining them, and forwards each as a guest, until all is ready."""
        joins = [word for ticket in self.all_relays() for word in ("--join", ticket)]
        return self.ends([*joins, *serve_options], forward_options, **targets)

    def ends(self, serve_options=(), forward_options=(), **targets):
        self.serve = self.home.serve("--no-listen", *serve_options,
                                     *(f"{n}=127.0.0.1:{p}" for n, p in targets.items()), port=None)
        self.forward = self.away.forward(self.serve.ticket, *forward_options, *(f"0:{n}" for n in targets),
                                         ready=len(targets))
        return self.forward

    def processes(self):
        return {"serve": self.serve, "forward": self.forward, **self.relays}

    def memory_bounded(self):
        for name, process in self.processes().items():
            self.told(f"{name} peak memory", f"{process.peak_mib():.1f} MiB (bar {MOST_MIB} MiB)")
        for process in self.processes().values():
            self.assertTrue(process.alive(), process.log())
            self.assertLessEqual(process.peak_mib(), MOST_MIB)

    def carrier(self, since):
        """The relay that has received the most bytes since received() of each returned these values."""
        return max(self.hubs, key=lambda name: self.hubs[name].host.received() - since[name])

    def received(self):
        return {name: peer.host.received() for name, peer in self.hubs.items()}


class Copying(Through):
    """scp to a server on srv, in both directions, undisturbed or with something happening in the middle."""

    def start(self, *options):
        self.sshd = Sshd(self.file("sshd"), 22)
        server = self.srv.spawn(*self.sshd.argv())
        server.wait_for("Server listening on 127.0.0.1 port 22")
        self.bridge(serve_options=options, forward_options=options, ssh=22)

    def copy(self, size, disturb=None, within=25.0, ways=("up", "down")):
        """Copies in each direction; disturb() is called once a quarter has arrived. Longest stalls, in that order."""
        source = self.file("source")
        wanted = Source(size, seed=22).write(source)
        stalls = []
        for way in ways:
            result = self.file(f"result-{way}")
            words = [source, f"root@127.0.0.1:{result}"] if way == "up" else [f"root@127.0.0.1:{source}", result]
            copying = background(self.scp, words, within)
            stalls.append(self.watch(result, size, disturb, within))
            done = copying(within + 1)
            self.assertEqual((done.code, done.err), (0, ""), f"scp {way}")
            self.assertEqual(hash_of(result), wanted, f"scp {way} altered the file")
            os.unlink(result)
            rate = size / MIB / done.seconds
            self.told(f"scp {way} of {size // MIB} MiB",
                      f"{done.seconds:.1f} s, {rate:.0f} MiB/s, longest stall {stalls[-1]:.2f} s")
        os.unlink(source)
        return stalls

    def scp(self, words, within):
        return self.cli.run(*self.sshd.scp(self.forward.port, *words), timeout=within)

    def watch(self, path, size, disturb, within):
        """Watches a file until it is complete. Returns the longest time without growth between first and last byte."""
        deadline = time.monotonic() + within
        had, last, longest, disturbing = 0, None, 0.0, None
        while had < size:
            now = time.monotonic()
            self.assertLess(now, deadline, f"{had} of {size} bytes after {within} s")
            has = os.path.getsize(path) if os.path.exists(path) else 0
            if has > had:
                longest = max(longest, now - last) if last else 0.0
                had, last = has, now
            if disturb and not disturbing and had >= size // 4:
                self.assertLess(had, size, "the copy was over before the fault")
                disturbing = background(disturb)
            lab.hold(0.005)
        if disturbing:
            disturbing()
        return longest


class Ssh(Copying):
    def test_login_and_command_work_through_a_relay(self):
        self.start()
        done = self.cli.run(*self.sshd.client(self.forward.port), "echo over $((6 * 7)) && exit 5", timeout=15)
        self.assertEqual((done.code, done.out, done.err), (5, "over 42\n", ""))
        shell = self.sshd.client(self.forward.port, "-tt")
        login = self.cli.run(*shell, "sh", input="read word; echo got $word; tty || true\nfish\nexit\n", timeout=15)
        self.assertEqual(login.code, 0, login.err)
        self.assertIn("got fish", login.out)
        self.assertIn("/dev/pts/", login.out)

    def test_scp_of_128_mib_through_a_relay_arrives_intact_both_ways(self):
        self.start()
        self.copy(128 * MIB)
        self.memory_bounded()

    def test_open_session_goes_on_over_a_relay_restart(self):
        self.start()
        session = self.cli.spawn(*self.sshd.client(self.forward.port), "cat", stdin=subprocess.PIPE)

        def say(word):
            session.child.stdin.write(word + b"\n")
            session.child.stdin.flush()

        say(b"before")
        session.wait_for("^before$", stream="out")
        self.relays["r1"].kill()
        say(b"meanwhile")
        self.relay("r1")
        back = time.monotonic()
        session.wait_for("^meanwhile$", within=25.0, stream="out")
        self.measured("what was typed meanwhile arrives after the relay is back", time.monotonic() - back, 5.0)
        say(b"after")
        session.wait_for("^after$", stream="out")
        session.child.stdin.close()
        self.assertEqual(session.wait(), 0)
        self.assertEqual(session.said(), ["before", "meanwhile", "after"])


class SshLong(Copying):
    def test_scp_of_1_gib_through_a_relay_arrives_intact_both_ways(self):
        self.start()
        self.copy(1024 * MIB, within=240.0)
        self.memory_bounded()


class Iperf(Through):
    measure = test_iperf.Iperf.measure

    def both_ways(self, *options):
        self.server = self.srv.spawn("iperf3", "-s", "-B", "127.0.0.1", "--forceflush")
        self.server.wait_for("Server listening")
        at = self.server.mark()
        tickets = self.all_relays()
        # Each end knows only the relay next to it.
        self.ends(["--join", tickets[0]], ["--join", tickets[-1]] if len(tickets) > 1 else [], iperf=5201)
        self.server.wait_for("Server listening", since=at)
        for way, more in (("up", []), ("down", ["-R"])):
            sent, received, rate = self.measure(*more)
            self.told(f"iperf3 {way} through {len(tickets)} relays", f"{rate:.2f} Gbit/s")
            self.assertGreater(received, 0)
            self.assertLessEqual(received, sent)
        self.memory_bounded()

    def test_both_directions_run_through_a_relay(self):
        self.both_ways()


class Chain2(Iperf):
    places = {"srv": "a", "r1": "ab", "r2": "bc", "cli": "c"}
    test_both_directions_run_through_a_relay = None

    def test_both_directions_run_through_2_relays(self):
        self.both_ways()

    def test_guest_at_the_far_end_needs_nothing_but_the_ticket(self):
        target = Target(self.srv, echo)
        near, far = self.all_relays()
        self.ends(["--join", near, "--join", far], echo=target.port)
        echo_intact(self, self.cli, self.forward.port, MIB)


class Chain3(Iperf):
    places = {"srv": "a", "r1": "ab", "r2": "bc", "r3": "cd", "cli": "d"}
    test_both_directions_run_through_a_relay = None

    def test_both_directions_run_through_3_relays(self):
        self.both_ways()


class Failover(Copying):
    """Scorecard rows 1 and 2."""

    places = {"srv": "a", "r1": "ab", "r2": "ab", "cli": "b"}

    def lose_the_carrier(self, size, way, within, number=signal.SIGKILL):
        self.start()
        self.both_carry()
        since, at = self.received(), self.forward.mark()

        def lose():
            self.relays[self.carrier(since)].signal(number)

        (stall,) = self.copy(size, lose, within, [way])
        self.forward.wait_for("path to home (now|resumed)", since=at)  # otherwise the fault had no effect
        self.measured(f"longest stall of scp {way} whose relay got {signal.Signals(number).name}", stall, 2.0)
        self.assertFalse([line for line in self.forward.said("err") if "error" in line.lower()], self.forward.log())

    def both_carry(self):
        """Both ends are linked to both relays."""
        def links(host):
            out = host.run("ss", "-Htn", "state", "established", f"( dport = :{MESH_PORT} )").out
            return len(out.splitlines())

        for host in (self.srv, self.cli):
            self.eventually(f"{host.name} is linked to both", lambda host=host: links(host) >= 2, 10.0)

    def test_upload_goes_on_by_the_other_relay_when_its_relay_is_killed(self):
        self.lose_the_carrier(128 * MIB, "up", 25.0)

    def test_download_goes_on_by_the_other_relay_when_its_relay_is_killed(self):
        self.lose_the_carrier(128 * MIB, "down", 25.0)

    def test_upload_goes_on_by_the_other_relay_when_its_relay_freezes(self):
        self.lose_the_carrier(128 * MIB, "up", 25.0, signal.SIGSTOP)

    def test_download_goes_on_by_the_other_relay_when_its_relay_freezes(self):
        self.lose_the_carrier(128 * MIB, "down", 25.0, signal.SIGSTOP)


class FailoverLong(Failover):
    test_upload_goes_on_by_the_other_relay_when_its_relay_is_killed = None
    test_download_goes_on_by_the_other_relay_when_its_relay_is_killed = None
    test_upload_goes_on_by_the_other_relay_when_its_relay_freezes = None
    test_download_goes_on_by_the_other_relay_when_its_relay_freezes = None

    def test_upload_of_1_gib_goes_on_by_the_other_relay_when_its_relay_is_killed(self):
        self.lose_the_carrier(1024 * MIB, "up", 240.0)

    def test_download_of_1_gib_goes_on_by_the_other_relay_when_its_relay_is_killed(self):
        self.lose_the_carrier(1024 * MIB, "down", 240.0)


class Outage(Copying):
    def outage(self, size, way, kill, back, seconds, within):
        """Kills relays during a copy; one of them is restarted after this many seconds."""
        def restart():
            for name in kill:
                self.relays[name].kill()
            lab.hold(seconds)
            self.relay(back)

        (stall,) = self.copy(size, restart, within, [way])
        self.assertGreater(stall, seconds - 1, "the outage hit nothing")
        self.measured(f"stall beyond the {seconds} s without a relay", max(0.0, stall - seconds), 5.0)

    def test_upload_resumes_when_the_only_relay_is_back_after_5_s(self):
        self.start()
        self.outage(128 * MIB, "up", ["r1"], "r1", 5, 28.0)

    def test_download_resumes_when_the_only_relay_is_back_after_5_s(self):
        self.start()
        self.outage(128 * MIB, "down", ["r1"], "r1", 5, 28.0)

    def test_both_ends_are_reset_and_freed_when_no_relay_is_back_within_survive(self):
        """Scorecard row 3."""
        held = Held()
        target = Target(self.srv, held)
        self.bridge(SHORT, SHORT, held=target.port)
        idle = self.serve.descriptors(), self.forward.descriptors()
        client = hello(self.cli.connect(self.forward.port, timeout=25.0))
        server = held.take()
        server.sendall(b"x" * 1000)
        exactly(client, 1000)
        self.relays["r1"].kill()
        started = time.monotonic()
        ends = [background(time_to_reset, sock) for sock in (client, server)]
        for name, end in zip(("client", "target"), ends):
            self.measured(f"{name} reset after the relay's death, less survive", max(0.0, end() - SURVIVE), 5.0)
        self.assertGreater(time.monotonic() - started, 1.0, "given up before --survive")
        client.close()
        server.close()
        self.eventually("serve's descriptors back", lambda: self.serve.descriptors() <= idle[0])
        self.eventually("forward's descriptors back", lambda: self.forward.descriptors() <= idle[1])
        at = self.forward.mark()
        self.relay("r1")
        self.forward.wait_for(READY, within=20.0, since=at)
        again = hello(self.cli.connect(self.forward.port))
        held.take().sendall(b"again")
        self.assertEqual(exactly(again, 5), b"again")


class OutageLong(Outage):
    """Scorecard row 2."""

    places = Failover.places
    test_upload_resumes_when_the_only_relay_is_back_after_5_s = None
    test_download_resumes_when_the_only_relay_is_back_after_5_s = None
    test_both_ends_are_reset_and_freed_when_no_relay_is_back_within_survive = None

    def test_transfers_resume_when_every_relay_is_killed_and_one_is_back_after_20_s(self):
        self.start()
        for way, back in (("up", "r2"), ("down", "r1")):
            with self.subTest(way=way):
                self.outage(1024 * MIB, way, self.relays, back, 20, 200.0)
                for name in self.relays:
                    if name != back:
                        self.relay(name)


class Restart(Through):
    """Scorecard row 38, while the relay still holds the dead process's record."""

    def test_killed_serve_is_back_through_the_relay_with_its_ticket_still_good(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        at = self.forward.mark()
        self.serve.kill()
        begun = time.monotonic()
        again = self.home.serve("--no-listen", "--join", self.relays["r1"].ticket, f"echo=127.0.0.1:{target.port}",
                                port=None)
        self.assertEqual(again.ticket, self.serve.ticket)
        self.forward.wait_for(READY, within=20.0, since=at)
        self.measured("ready again after a kill and a restart behind a relay", time.monotonic() - begun, 3.0)
        echo_intact(self, self.cli, self.forward.port)

    def test_new_forward_finds_the_restarted_serve_and_not_its_dead_process(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        self.forward.stop()
        self.serve.kill()
        self.home.serve("--no-listen", "--join", self.relays["r1"].ticket, f"echo=127.0.0.1:{target.port}", port=None)
        begun = time.monotonic()
        again = self.away.forward(self.serve.ticket, "0:echo")
        self.measured("a new forward is ready", time.monotonic() - begun, 3.0)
        echo_intact(self, self.cli, again.port)


class Many(Through):
    flows = 50
    size = 3 * MIB  # of each

    def test_memory_is_bounded_under_50_flows_and_a_stopped_reader_changes_nothing_much(self):
        source = Source(self.size, seed=50)
        whole = Source(16 * MIB, seed=51)  # more than all windows on its path hold

        def bulk(sock):
            if sock.recv(1) == b"!":
                source.send(sock)

        held = Held()
        self.bridge(bulk=Target(self.srv, bulk).port, held=Target(self.srv, held).port)
        ports = self.forward.ports
        digest = source.digest()

        def one():
            with hello(self.cli.connect(ports["bulk"], timeout=20.0)) as sock:
                got = drain(sock)
            self.assertEqual((got.size, got.hex()), (self.size, digest))

        def all_of_them():
            started = time.monotonic()
            running = [background(one) for _ in range(self.flows)]
            for flow in running:
                flow()
            return time.monotonic() - started

        all_of_them()  # so that windows and processor caches have settled
        alone = all_of_them()
        stopped = hello(self.cli.connect(ports["held"], timeout=20.0))
        server = held.take()
        sent = background(whole.send, server)
        beside = all_of_them()
        self.told("50 bulk flows alone, beside a stopped reader", f"{alone:.2f} s, {beside:.2f} s")
        self.assertLess(beside, 2 * alone, "a reader that has stopped slows the others")
        got = Digest()
        while got.size < whole.size:
            got.take(stopped.recv(PIECE))
        sent()
        self.assertEqual(got.hex(), whole.digest())
        self.memory_bounded()


class Guests(Through):
    """`home` is A, and `other` on the same host is B. Both are served through the same relay."""

    def setUp(self):
        super().setUp()
        self.other = Peer(self, self.srv, "other")
        self.contacted = []
        self.target = Target(self.srv, lambda sock: self.contacted.append(sock.recv(1)))
        (self.join,) = self.all_relays()
        self.serves = [peer.serve("--no-listen", "--join", self.join, f"x=127.0.0.1:{self.target.port}", port=None)
                       for peer in (self.home, self.other)]
        self.a, self.b = (Ticket.parse(serve.ticket) for serve in self.serves)

    def refused(self, ticket, pattern):
        """A forward with it says so, and the target is never contacted."""
        forward = self.away.spawn("forward", ticket.text(), "0:x")
        told = forward.wait_for(pattern, within=20.0, stream="err")
        forward.stop()
        self.assertFalse([line for line in forward.said("err") if " ready " in line], forward.log())
        self.assertEqual(self.target.accepted, 0)
        return told.string

    def test_guest_of_one_peer_does_not_reach_another_through_the_same_relay(self):
        # A's grant in B's name opens no link, as the link key is made from both.
        line = self.refused(self.a.but(issuer=self.b.issuer), "not for its mesh")
        self.assertIn(f":{MESH_PORT}", line)
        # B's name with all that opens a link, but A's token: it is carried to B, which opens nothing.
        self.refused(self.b.but(token=self.a.token), "other/x: not allowed")
        # A's ticket while only B is running.
        self.assertEqual(self.serves[0].stop(), 0)
        self.refused(self.a, "is not in the mesh now|the peer cannot be reached now")
        self.away.forward(self.serves[1].ticket, "0:x")
        self.eventually("B itself was there all the time", lambda: self.target.accepted > 0)


class Withdrawn(Through):
    """`gof ticket --new` where the issuer can only be reached through relays."""

    def renew(self):
        done = self.home.run("ticket", "--new", "echo")
        self.assertEqual(done.code, 0, done.err)
        return done.out.strip()

    def refused(self, ticket):
        """A forward with it ends by itself. Returns the line that says why."""
        forward = self.away.spawn("forward", ticket, "0:echo")
        self.assertEqual(forward.wait(15.0), 77, forward.log())
        told = [line for line in forward.said("err") if "withdrawn" in line]
        self.assertTrue(told, forward.log())
        return told[0]

    def test_withdrawn_ticket_is_refused_by_the_relay_and_its_streams_end(self):
        held = Held()
        target = Target(self.srv, held)
        self.bridge(echo=target.port)
        client = hello(self.cli.connect(self.forward.port))
        server = held.take()
        server.sendall(b"here")
        exactly(client, 4)
        at = self.forward.mark()
        fresh = self.renew()
        waits = [background(time_to_reset, sock) for sock in (client, server)]
        for name, wait in zip(("client", "target"), waits):
            self.measured(f"{name} reset after the ticket was withdrawn", wait(), 1.0)
        self.forward.wait_for("the ticket was withdrawn", within=10.0, since=at, stream="err")
        contacted = target.accepted
        self.assertIn(f":{MESH_PORT}", self.refused(self.serve.ticket), "the relay's word")
        self.assertEqual(target.accepted, contacted, "the target was contacted")
        renewed = self.away.forward(fresh, "0:echo")
        client = hello(self.cli.connect(renewed.port))
        held.take().sendall(b"new")
        self.assertEqual(exactly(client, 3), b"new")

    def test_ticket_withdrawn_too_long_ago_for_the_record_is_refused_by_its_issuer(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        self.forward.stop()
        contacted = target.accepted
        for _ in range(33):
            self.renew()
        # The relay says so itself while it holds the record that withdraws that ticket.
        self.eventually("it is told by the issuer itself",
                        lambda: f":{MESH_PORT}" not in self.refused(self.serve.ticket), 15.0)
        self.assertEqual(target.accepted, contacted)


class Learned(Copying):
    places = Failover.places

    def test_guest_whose_ticket_names_one_relay_goes_on_by_another_it_learned_of(self):
        self.sshd = Sshd(self.file("sshd"), 22)
        self.srv.spawn(*self.sshd.argv()).wait_for("Server listening on 127.0.0.1 port 22")
        joins = [word for ticket in self.all_relays() for word in ("--join", ticket)]
        self.serve = self.home.serve("--no-listen", *joins, "ssh=127.0.0.1:22", port=None)
        place = self.lab.at(self.hubs["r1"].host, "b").encode()
        first = Ticket.parse(self.serve.ticket).but(
            addresses=bytes([1, len(place)]) + place + MESH_PORT.to_bytes(2, "big"))
        self.forward = self.away.forward(first.text(), "0:ssh")
        links = ("ss", "-Htn", "state", "established", f"( dport = :{MESH_PORT} )")
        self.eventually("a second link", lambda: len(self.cli.run(*links).out.splitlines()) == 2, 10.0)
        (stall,) = self.copy(128 * MIB, self.relays["r1"].kill, 25.0, ["up"])
        self.measured("longest stall of scp up whose ticket's only relay was killed", stall, 2.0)


class Order(Through):
    def test_nodes_started_in_any_order_come_up_by_themselves(self):
        target = Target(self.srv, echo)
        words = f"echo=127.0.0.1:{target.port}"
        join = self.relay("r1").ticket
        self.relays["r1"].stop()
        serve = ("serve", "--no-listen", "--join", join, words)
        started = self.home.spawn(*serve)
        ticket = started.wait_for(TICKET, stream="out").group(0)
        started.stop()
        starts = {
            "relay": lambda: self.hubs["r1"].spawn("relay", "--name", "r1"),
            "serve": lambda: self.home.spawn(*serve),
            "forward": lambda: self.away.spawn("forward", ticket, "0:echo"),
        }
        fruitless = {
            "relay": "gof serve --join TICKET 22",
            "serve": "(?i)no member of this mesh answers|refused|again in",
            "forward": "(?i)again in|trying on",
        }
        for order in ("serve relay forward", "serve forward relay", "forward serve relay", "forward relay serve",
                      "relay forward serve"):
            with self.subTest(order=order):
                running = {}
                for name in order.split():
                    running[name] = starts[name]()
                    if len(running) == 3 or (name == "serve" and "relay" in running):
                        continue
                    # It has tried, and what it needs is not running.
                    if name != "forward" or "relay" not in running:
                        running[name].wait_for(fruitless[name], within=10.0, stream="err")
                begun = time.monotonic()
                ready = running["forward"].wait_for(READY, within=10.0, stream="err")
                self.told(f"started as {order}: ready after", f"{time.monotonic() - begun:.2f} s")
                echo_intact(self, self.cli, int(ready["port"]))
                # The ends first: each waits until the other confirms that it has every byte, through the relay.
                for name in ("forward", "serve", "relay"):
                    running[name].stop()


if __name__ == "__main__":
    lab.main()
