"""What a running node reports: gof status, peers, ping, trace, its control socket, its service manager."""

import json
import os
import re
import shutil
import signal
import socket
import stat
import threading
import time

import lab
import test_through
from lab import GOF, NOBODY, Case
from peer import MESH_PORT, Pair, Peer
from terminal import Terminal
from traffic import Target, echo, echo_intact, time_to_refusal

TOLD = 5.0  # seconds until a failure is reported
COUNTS = {"open", "total", "bytes_sent", "bytes_received"}
MEMBERS = {  # of the objects of gof status --json
    "": {"version", "healthy", "problems", "node", "forwards", "services", "peers", "links"},
    "node": {"command", "program", "name", "peer", "node", "member", "mesh", "uptime_s", "draining", "listening",
             "held_bytes"},
    "forwards": {"local", "peer", "name", "service", "ready", "since_s", "why", "connections"},
    "services": {"name", "target", "ready", "since_s", "why", "connections"},
    "peers": {"name", "peer", "node", "answers", "path", "through", "round_trip_ms", "connections"},
    "links": {"peer", "node", "address", "dialled", "guest", "round_trip_ms"},
}
SUMMARY = r"round trip min [0-9.]+ ms, mean [0-9.]+ ms, max [0-9.]+ ms\n"
PING = {"version", "peer", "name", "node", "path", "answers", "round_trip_ms", "why"}
HOP = {"name", "peer", "node", "round_trip_ms"}
PEER_ID = r"\A[a-z2-7]{52}\Z"
NODE_ID = r"\A[0-9a-f]{16}\Z"


class Asked(Case):
    """How peers are queried."""

    def status(self, peer, *words):
        done = peer.run("status", "--json", *words)
        self.assertEqual((done.code, done.err), (0, ""))
        told = json.loads(done.out)
        self.assertEqual(told["version"], 1)
        self.assertEqual(set(told), MEMBERS[""])
        self.assertEqual(set(told["node"]), MEMBERS["node"])
        for name in ("forwards", "services", "peers", "links"):
            for one in told[name]:
                self.assertEqual(set(one), MEMBERS[name], name)
                if "connections" in one and name != "peers":
                    self.assertEqual(set(one["connections"]), COUNTS)
        self.assertEqual(told["healthy"], not told["problems"])
        return told

    def well(self, *peers, within=10.0):
        for peer in peers:
            took = self.eventually(f"{peer.name} is well", lambda p=peer: p.run("status", "--check").code == 0, within)
            self.told(f"{peer.name} is well after", f"{took:.2f} s")
            done = peer.run("status", "--check")
            self.assertEqual((done.out, done.err), ("", ""))

    def unwell(self, what, peer, *patterns):
        """The failure is reported soon, in words, and with its start."""
        took = self.eventually(what, lambda: peer.run("status", "--check").code == 69, 5 * TOLD)
        self.measured(f"status --check of {peer.name} after {what}", took, TOLD)
        done = peer.run("status", "--check")
        self.assertEqual((done.code, done.out), (69, ""))
        for pattern in (*patterns, r"\(for \d+ (s|min)\)"):
            self.assertRegex(done.err, pattern)
        told = self.status(peer)
        self.assertFalse(told["healthy"])
        self.assertIn("PROBLEM: ", peer.run("status").out)
        return told

    def folder(self, peer):
        return os.path.join(peer.home, "run", "gof")

    def socket_of(self, peer, process):
        return os.path.join(self.folder(peer), f"{process.pid}.sock")

    def dial(self, path):
        sock = socket.socket(socket.AF_UNIX)
        self.addCleanup(sock.close)
        sock.settimeout(10.0)
        sock.connect(path)
        return sock

    def request(self, sock, line):
        sock.sendall(line)
        return json.loads(sock.makefile("rb").readline())

    def refused(self, done, code, *patterns):
        self.assertEqual(done.code, code, done.out + done.err)
        for pattern in patterns:
            self.assertRegex(done.err, pattern)


class Status(Asked, Pair):
    def test_forward_and_serve_tell_how_they_stand(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        echo_intact(self, self.cli, self.forward.port, size=1000)
        self.eventually("the connection is counted", lambda: self.status(self.home)["services"][0]["connections"] ==
                        {"open": 0, "total": 1, "bytes_sent": 1000, "bytes_received": 1000})
        told = self.status(self.away)
        node, (forward,), (peer,), (link,) = told["node"], told["forwards"], told["peers"], told["links"]
        self.assertEqual((node["command"], node["member"], node["listening"]), ("forward", False, []))
        for one in (node, forward, peer, link):
            self.assertRegex(one["peer"], PEER_ID)
        for one in (node, peer, link):
            self.assertRegex(one["node"], NODE_ID)
        self.assertEqual((forward["local"], forward["name"], forward["service"]),
                         (f"127.0.0.1:{self.forward.port}", "home", "echo"))
        self.assertEqual((forward["ready"], forward["why"]), (True, None))
        self.assertEqual(forward["connections"], {"open": 0, "total": 1, "bytes_sent": 1000, "bytes_received": 1000})
        self.assertLess(forward["since_s"], node["uptime_s"] + 1)
        self.assertEqual((peer["name"], peer["answers"], peer["path"], peer["through"]), ("home", True, "direct", []))
        self.assertGreater(peer["round_trip_ms"], 0)
        self.assertEqual((link["address"], link["dialled"]), (f"{self.srv.address}:{MESH_PORT}", True))

        told = self.status(self.home)
        node, (service,), (peer,), (link,) = told["node"], told["services"], told["peers"], told["links"]
        self.assertEqual((node["command"], node["member"], node["name"]), ("serve", True, "home"))
        self.assertEqual(node["listening"], [f"{self.srv.address}:{MESH_PORT}"])
        self.assertEqual((service["name"], service["target"], service["ready"], service["why"]),
                         ("echo", f"127.0.0.1:{target.port}", True, None))
        self.assertEqual((link["guest"], link["dialled"]), (True, False))

        with self.cli.connect(self.forward.port) as sock:
            sock.sendall(b"x")
            sock.recv(1)
            text = self.away.run("status").out
        self.assertRegex(text, r"\Aforward as \S+, a guest, for \d+ s\n")
        self.assertRegex(text, r"  127\.0\.0\.1:\d+ -> home/echo +ready for \d+ s +1 connection \(2 so far\), "
                               r"1001 B out, 1001 B in\n")
        self.assertRegex(text, r"\npeers\n  home +direct +[0-9.]+ ms\n")
        self.assertNotIn("PROBLEM", text)
        text = self.home.run("status").out
        self.assertRegex(text, r"\Aserve as home, a member, for \d+ s\nservices\n  echo = 127\.0\.0\.1:\d+ +ready for ")

    def test_target_that_refuses_is_told_at_both_ends_until_it_is_back(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        self.well(self.home, self.away)
        target.close()
        time_to_refusal(self.cli, self.forward.port)
        words = rf"127\.0\.0\.1:{target.port} on home refused"
        told = self.unwell("its target refused", self.away, words, "home/echo")
        self.assertEqual((told["forwards"][0]["ready"], told["peers"][0]["answers"]), (False, True))
        self.assertRegex(told["forwards"][0]["why"], words)
        told = self.unwell("its target refused", self.home, words)
        self.assertEqual(told["services"][0]["ready"], False)
        self.assertRegex(self.away.run("status").out, r"home/echo +DOWN for \d+ s")
        Target(self.srv, echo, port=target.port)
        self.well(self.home, self.away)

    def test_node_that_drains_says_how_long(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        with self.cli.connect(self.forward.port) as sock:
            sock.sendall(b"x")
            self.assertEqual(sock.recv(1), b"x")
            for process, peer in ((self.serve, self.home), (self.forward, self.away)):
                process.signal(signal.SIGTERM)
                self.eventually("it drains", lambda peer=peer: self.status(peer)["node"]["draining"])
                told = self.status(peer)
                self.assertEqual((told["healthy"], told["node"]["draining"]["connections"]), (False, 1))
                self.assertGreater(told["node"]["draining"]["left_s"], 20)
                self.assertRegex(peer.run("status").out, r"\nPROBLEM: draining: 1 connection, 2\d s left\n|, 30 s left\n")
                done = peer.run("status", "--check")
                self.assertEqual(done.code, 69)
                self.assertIn("draining: 1 connection", done.err)
            sock.sendall(b"y")
            self.assertEqual(sock.recv(1), b"y")
        for process in (self.forward, self.serve):
            self.assertEqual(process.wait(), 0)

    def test_serve_finds_out_by_itself_that_its_target_is_back(self):
        target = Target(self.srv, echo)
        target.close()
        serve = self.home.serve(f"echo=127.0.0.1:{target.port}")
        self.assertEqual(self.away.run("connect", serve.ticket).code, 69)
        self.unwell("its target refused", self.home, "refused")
        Target(self.srv, echo, port=target.port)
        self.well(self.home)

    def test_peer_that_is_stopped_is_told_until_it_goes_on(self):
        self.bridge(echo=Target(self.srv, echo).port)
        self.well(self.away)
        self.serve.signal(signal.SIGSTOP)
        told = self.unwell("its peer was stopped", self.away, "home/echo: home does not answer")
        self.assertEqual((told["forwards"][0]["ready"], told["peers"][0]["answers"]), (False, False))
        self.assertRegex(self.away.run("status").out, r"\npeers\n  home +does not answer")
        self.forward.wait_for("path to home lost")
        self.assertEqual(self.away.run("status", "--check").code, 69)
        self.refused(self.home.run("status"), 69, "the node does not answer")
        self.serve.signal(signal.SIGCONT)
        self.well(self.away, self.home)

    def test_peer_that_stays_away_longer_than_survive_is_told(self):
        self.bridge(echo=Target(self.srv, echo).port, forward_options=("--survive", "6s"))
        self.serve.signal(signal.SIGSTOP)
        self.unwell("its peer was stopped", self.away, "home does not answer")
        self.forward.wait_for("home is gone|again in", within=20.0)
        self.refused(self.away.run("status", "--check"), 69, "home/echo: .+ \\(for ")
        self.serve.signal(signal.SIGCONT)
        self.well(self.away, within=35.0)

    def test_peer_that_was_killed_is_told_until_it_is_back(self):
        target = Target(self.srv, echo)
        self.bridge(echo=target.port)
        self.serve.kill()
        self.unwell("its peer was killed", self.away, "home/echo: ")
        self.home.serve(f"echo=127.0.0.1:{target.port}")
        self.well(self.away, self.home, within=35.0)

    def test_forward_that_never_reached_its_peer_is_not_well(self):
        serve = self.home.serve("echo=127.0.0.1:7")
        self.assertEqual(serve.stop(), 0)
        self.away.spawn("forward", serve.ticket, "7001:echo").wait_for("again in")
        self.unwell("it started", self.away, "7001 -> ")


class Several(Asked, Pair):
    def test_no_node_is_told(self):
        for words in (["status"], ["status", "--check"], ["status", "--json"], ["peers"], ["ping", "home"],
                      ["trace", "home"]):
            self.refused(self.away.run(*words), 69, "no node")
        self.refused(self.away.run("status", "--control", self.file("none.sock")), 69, "none.sock: no node listens")
        self.assertFalse(os.path.exists(self.folder(self.away)), "asking makes nothing")

    def test_several_nodes_are_listed_and_one_is_picked(self):
        serve = self.home.serve("echo=127.0.0.1:7", "other=127.0.0.1:9")
        nodes = {name: self.away.spawn("forward", serve.ticket, f"0:{name}") for name in ("echo", "other")}
        paths = {name: self.socket_of(self.away, one) for name, one in nodes.items()}
        self.eventually("both have sockets", lambda: all(os.path.exists(path) for path in paths.values()))
        for words in (["status"], ["status", "--check"], ["peers"], ["ping", "home"]):
            self.refused(self.away.run(*words), 2, "several nodes", *(re.escape(f"--control {path}")
                                                                       for path in paths.values()))
        for name, path in paths.items():
            self.assertEqual(self.status(self.away, "--control", path)["forwards"][0]["service"], name)
            done = self.away.run("status", "--json", env={"GOF_CONTROL": path})
            self.assertEqual(json.loads(done.out)["forwards"][0]["service"], name)
        nodes["other"].stop()
        self.assertEqual(self.status(self.away)["forwards"][0]["service"], "echo")
        self.assertFalse(os.path.exists(paths["other"]))

    def test_node_may_be_given_another_socket(self):
        path = self.file("here.sock")
        serve = self.home.serve("--control", path, "echo=127.0.0.1:7")
        self.refused(self.home.run("status"), 69, "no node")
        self.assertEqual(self.status(self.home, "--control", path)["node"]["command"], "serve")
        self.refused(self.home.run("serve", "--listen", "127.0.0.1:1234", "--control", path, "8"), 1,
                     "control socket .*here.sock: another process listens there")
        self.assertEqual(serve.stop(), 0)
        self.assertFalse(os.path.exists(path))

    def test_socket_of_a_killed_node_is_cleared_away(self):
        serve = self.home.serve("echo=127.0.0.1:7")
        path = self.socket_of(self.home, serve)
        serve.kill()
        self.assertTrue(os.path.exists(path))
        self.refused(self.home.run("status"), 69, "no node")
        self.assertFalse(os.path.exists(path))

    def test_socket_is_for_its_user_alone(self):
        serve = self.home.serve("echo=127.0.0.1:7")
        path = self.socket_of(self.home, serve)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.folder(self.home)).st_mode), 0o700)
        os.chmod(self.home.home, 0o755)
        os.chmod(os.path.join(self.home.home, "run"), 0o755)
        for mode in (0o700, 0o755):
            os.chmod(self.folder(self.home), mode)
            done = self.srv.run(GOF, "status", "--control", path, user=NOBODY, env={"PATH": os.environ["PATH"]})
            self.refused(done, 69, "Permission denied")

    def test_node_without_a_place_for_its_socket_goes_on(self):
        blocked = self.file("blocked")
        with open(blocked, "w", encoding="ascii"):
            pass
        serve = self.home.serve("echo=127.0.0.1:7", env={"XDG_RUNTIME_DIR": blocked})
        serve.wait_for("gof status will not find this node", stream="err")
        self.assertEqual(serve.stop(), 0)


class Socket(Asked, Pair):
    def setUp(self):
        super().setUp()
        self.bridge(echo=Target(self.srv, echo).port)
        self.path = self.socket_of(self.away, self.forward)

    def works(self):
        self.well(self.away)
        echo_intact(self, self.cli, self.forward.port)

    def test_requests_are_answered_line_by_line(self):
        sock = self.dial(self.path)
        for name, members in (("status", MEMBERS[""]), ("peers", {"version", "peers"}),
                              ("names", {"version", "peers", "services"})):
            self.assertEqual(set(self.request(sock, json.dumps({"request": name}).encode() + b"\n")), members)
        self.assertEqual(set(self.request(sock, b'{"request":"ping","peer":"home"}\n')), PING)
        self.assertEqual(set(self.request(sock, b'{"request":"trace","peer":"home"}\n')), PING | {"hops"})
        sock.sendall(b'{"request":"names"}\n{"request":"peers"}\n')
        answers = sock.makefile("rb")
        self.assertIn("services", json.loads(answers.readline()))
        self.assertNotIn("services", json.loads(answers.readline()))

    def test_what_is_no_request_is_told_so_and_the_next_is_answered(self):
        sock = self.dial(self.path)
        for line in (b"\n", b"garbage\n", b"\x00\xff\xfe\n", b"[]\n", b"{}\n", b'{"request":1}\n', b'"status"\n',
                     b"[" * 4000 + b"\n", b'{"request":"frobnicate"}\n', b'{"request":"ping"}\n',
                     b'{"request":"ping","peer":"x\\u001b[2J"}\n', b'{"request":"ping","peer":{}}\n'):
            told = self.request(sock, line)
            self.assertEqual(set(told), {"version", "error"}, line)
            self.assertNotIn("\x1b", told["error"])
        self.assertIn("healthy", self.request(sock, b'{"request":"status"}\n'))
        self.works()

    def test_line_without_end_is_closed(self):
        sock = self.dial(self.path)
        try:
            sock.sendall(b"x" * 100_000)
            self.assertEqual(sock.recv(1), b"")
        except OSError:
            pass  # closed during the write
        self.works()

    def test_a_hundred_callers_keep_nobody_out(self):
        before = self.forward.descriptors()
        idle = [self.dial(self.path) for _ in range(100)]
        self.works()
        for sock in idle:
            try:
                sock.sendall(b'{"request":"status"}\n')
            except OSError:
                pass  # others replaced it
        self.works()
        for sock in idle:
            sock.close()
        self.eventually("descriptors are back", lambda: self.forward.descriptors() <= before + 1)

    def test_caller_that_reads_nothing_holds_little(self):
        deaf = self.dial(self.path)
        deaf.settimeout(1.0)
        try:
            for _ in range(100_000):
                deaf.sendall(b'{"request":"status"}\n')
        except TimeoutError:
            pass
        else:
            self.fail("everything was taken")
        self.works()
        self.assertLess(self.forward.memory_mib(), 100)

    def test_callers_that_leave_in_the_middle_hurt_nobody(self):
        before = self.forward.descriptors()
        self.serve.signal(signal.SIGSTOP)
        for _ in range(30):
            sock = self.dial(self.path)
            sock.sendall(b'{"request":"ping","peer":"home","timeout_ms":60000}\n')
            sock.close()
        self.serve.signal(signal.SIGCONT)
        self.works()
        self.eventually("descriptors are back", lambda: self.forward.descriptors() <= before + 1)

    def test_node_may_end_while_somebody_waits_for_its_answer(self):
        self.serve.signal(signal.SIGSTOP)
        waiting = [self.away.spawn(what, "home") for what in ("ping", "trace")]
        self.eventually("they ask", lambda: len(self.status(self.away)["peers"]) == 1)
        self.assertEqual(self.forward.stop(), 0)
        for one in waiting:
            self.assertEqual(one.wait(), 69)
            self.assertRegex("\n".join(one.said("err")), "closed the connection|no node")
        self.assertFalse(os.path.exists(self.path))


class Watch(Asked, Pair):
    def setUp(self):
        super().setUp()
        self.bridge(echo=Target(self.srv, echo).port)

    def test_terminal_shows_it_in_place(self):
        if not shutil.which("tmux"):
            self.skipTest("no tmux here; tests/setup.sh has the list of packages")
        term = Terminal(self, self.cli.argv("bash", "--norc", "--noprofile", "-i"), self.away.environment())
        term.type(f"{GOF} status --watch\n")
        first = term.wait_for(r"^forward as .* for (\d+) s$").group(1)
        term.wait_for(rf"^forward as .* for (?!{first} )\d+ s$")
        # The screen can be read between its clearing and its filling.
        term.wait_for(r"\Aforward as [^\n]*\n(?:(?!forward as)[^\n]*\n)*links\n")
        self.serve.signal(signal.SIGSTOP)
        term.wait_for("PROBLEM: .*does not answer", within=5 * TOLD)
        self.serve.signal(signal.SIGCONT)
        term.wait_for(r"\Aforward as [^\n]*\nforwards\n")
        term.press("C-c")
        term.type("echo ended $?\n")
        term.wait_for("^ended 130$")

    def test_pipe_gets_it_again_and_again_without_control_characters(self):
        watch = self.away.spawn("status", "--watch")
        watch.wait_for("forward as", stream="out")
        watch.wait_for("forward as", stream="out", since=watch.mark())
        self.assertNotIn("\x1b", "\n".join(watch.said()))
        self.forward.kill()
        self.assertEqual(watch.wait(), 69)
        self.assertRegex("\n".join(watch.said("err")), "no node listens there")

    def test_json_is_one_object_a_line(self):
        watch = self.away.spawn("status", "--watch", "--json")
        since = 0
        for _ in range(2):
            line = watch.wait_for(r"^\{.*\}$", stream="out", since=since).string
            since = watch.mark()
            self.assertEqual(set(json.loads(line)), MEMBERS[""])
        watch.signal(signal.SIGTERM)
        self.assertEqual(watch.wait(), 128 + signal.SIGTERM)

    def test_nobody_reads_it_any_more(self):
        done = self.cli.run("sh", "-c", f"{GOF} status --watch | head -n 1", env=self.away.environment())
        self.assertRegex(done.out, r"\Aforward as [^\n]*\n\Z")


class Measured(Asked, Pair):
    """Ping and trace of a peer with a direct link."""

    def setUp(self):
        super().setUp()
        self.target = Target(self.srv, echo)
        self.serve = self.home.serve(f"echo=127.0.0.1:{self.target.port}")

    def sessions_left(self):
        return len(self.status(self.home)["peers"])

    def test_ticket_is_enough(self):
        done = self.away.run("ping", "-c", "2", self.serve.ticket)
        self.assertRegex(done.out, rf"\A(home: [0-9.]+ ms \(direct\)\n){{2}}2 sent, 2 answered; {SUMMARY}\Z")
        self.assertEqual((done.code, done.err), (0, ""))
        told = json.loads(self.away.run("ping", "-c", "1", "--json", self.serve.ticket).out)
        self.assertEqual(set(told), PING)
        self.assertEqual((told["version"], told["name"], told["answers"], told["path"], told["why"]),
                         (1, "home", True, "direct", None))
        self.assertRegex(self.away.run("trace", self.serve.ticket).out, r"\A1  home  [0-9.]+ ms\nin all [0-9.]+ ms\n\Z")
        self.assertEqual(os.listdir(self.away.state), [], "asking leaves nothing behind")
        self.eventually("nobody is left", lambda: self.sessions_left() == 0)

    def test_signal_ends_it_in_order(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            ping = self.away.spawn("ping", self.serve.ticket)
            ping.wait_for(" ms", stream="out")
            ping.signal(number)
            self.assertEqual(ping.wait(), 128 + number)
            self.assertEqual(ping.said("err"), [])
            self.eventually("the peer was told", lambda: self.sessions_left() == 0, within=1.0)

    def test_no_path_is_69_with_the_reason(self):
        self.serve.kill()
        done = self.away.run("ping", "-c", "1", "--timeout", "2s", self.serve.ticket)
        self.assertEqual((done.code, done.err), (69, ""))
        self.assertRegex(done.out, r"\A\w+: no answer in 2 s \(no address answered: 203\.0\.113\.10:9999.*\)\n\Z")
        self.refused(self.away.run("trace", "--timeout", "2s", self.serve.ticket), 69, "no address answered")

    def test_peer_by_name_and_id_through_the_running_node(self):
        self.forward = self.away.forward(self.serve.ticket, "0:echo")
        peer = self.status(self.away)["forwards"][0]["peer"]
        for word in ("home", peer):
            self.assertRegex(self.away.run("ping", "-c", "1", word).out, r"\Ahome: [0-9.]+ ms \(direct\)\n\Z")
            self.assertRegex(self.away.run("trace", word).out, r"\A1  home  [0-9.]+ ms\n")
        self.assertRegex(self.away.run("ping", "--until-direct", "home").out, r"\Ahome: [0-9.]+ ms \(direct\)\n\Z")
        self.refused(self.away.run("ping", "hoem"), 69, "'hoem'", "gof peers")
        self.serve.signal(signal.SIGSTOP)
        for what in (["ping", "-c", "1"], ["trace"]):
            done = self.away.run(*what, "--timeout", "1s", "home")
            self.assertEqual(done.code, 124, done.out + done.err)
            self.assertRegex(done.out + done.err, r"home: no answer in 1 s \(it does not answer\)\n\Z")
        told = json.loads(self.away.run("trace", "--json", "--timeout", "500ms", "home").out)
        self.assertEqual((set(told), told["answers"], told["hops"]), (PING | {"hops"}, False, []))
        self.serve.signal(signal.SIGCONT)
        self.assertEqual(self.away.run("ping", "-c", "1", "home").code, 0)

    def test_a_signal_ends_it_with_the_sum(self):
        self.away.forward(self.serve.ticket, "0:echo")
        for peer in ("home", self.serve.ticket):
            ping = self.away.spawn("ping", peer)
            self.eventually("two answers", lambda ping=ping: len(ping.said("out")) == 2)
            ping.signal(signal.SIGINT)
            self.assertEqual(ping.wait(), 130)
            self.assertEqual(ping.said("err"), [])
            self.assertRegex(ping.said("out")[-1] + "\n", rf"\A2 sent, 2 answered; {SUMMARY}\Z")
        self.serve.signal(signal.SIGSTOP)
        ping = self.away.spawn("ping", "--timeout", "500ms", "home")
        self.eventually("two waits", lambda: len(ping.said("out")) == 2)
        ping.signal(signal.SIGTERM)
        self.assertEqual(ping.wait(), 143)
        self.assertEqual(ping.said("out")[-1], "2 sent, 0 answered")


class Mesh(Asked, test_through.Through):
    """Through relays."""

    places = {"srv": "a", "r1": "ab", "cli": "b"}

    def relay_dies(self, name):
        self.relays[name].kill()

    def test_relay_tells_how_it_stands(self):
        self.bridge(echo=Target(self.srv, echo).port)
        told = self.status(self.hubs["r1"])
        self.assertEqual((told["node"]["command"], told["node"]["member"]), ("relay", True))
        self.assertIn("0.0.0.0:9999", told["node"]["listening"])
        self.assertEqual(sorted(link["guest"] for link in told["links"]), [False, True])
        self.assertRegex(self.hubs["r1"].run("status").out, r"\Arelay as r1, a member, for \d+ s\nlinks\n")
        self.well(self.home, self.away, self.hubs["r1"])

    def test_ping_until_direct_does_not_take_a_relay_for_that(self):
        self.bridge(echo=Target(self.srv, echo).port)
        done = self.away.run("ping", "--until-direct", "-c", "2", "home")
        self.assertEqual((done.code, done.err), (124, ""))
        self.assertRegex(done.out, rf"\A(home: [0-9.]+ ms \(relay \w+\)\n){{2}}2 sent, 2 answered; {SUMMARY}\Z")

    def test_killed_relay_is_told_at_both_ends_until_it_is_back(self):
        self.bridge(echo=Target(self.srv, echo).port)
        self.relays["r1"].kill()
        self.unwell("its relay was killed", self.away, "home/echo: home does not answer")
        self.unwell("its relay was killed", self.home, "no member of the mesh answers")
        self.relay("r1")
        self.well(self.away, self.home, within=35.0)

    def test_withdrawn_ticket_is_77_through_a_relay(self):
        self.bridge(echo=Target(self.srv, echo).port)
        self.assertEqual(self.home.run("ticket", "--new", "echo").code, 0)
        self.eventually("the relay knows", lambda: self.away.run("ping", "-c", "1", "--timeout", "1s",
                                                                 self.serve.ticket).code == 77)
        self.refused(self.away.run("trace", self.serve.ticket), 77, "(?i)withdrawn")

    def test_reason_that_the_log_has_is_in_status(self):
        self.bridge(echo=Target(self.srv, echo).port)
        self.well(self.away, self.home)
        self.assertEqual(self.home.run("ticket", "--new", "echo").code, 0)
        self.eventually("the reason is told", lambda: "home does not answer: the ticket was withdrawn"
                        in self.away.run("status", "--check").err, within=30.0)
        self.relays["r1"].kill()
        shutil.rmtree(self.hubs["r1"].state)  # a relay that lost its state: another mesh
        self.relay("r1")
        self.eventually("the reason is told", lambda: "no member of the mesh answers: not allowed: "
                        in self.home.run("status", "--check").err, within=30.0)


class TwoRelays(Asked, test_through.Through):
    places = {"srv": "a", "r1": "ab", "r2": "bc", "cli": "c"}

    def setUp(self):
        super().setUp()
        self.bridge(echo=Target(self.srv, echo).port)

    def test_path_is_told_hop_by_hop(self):
        path = r"relays \S+, \S+|2 relays"
        for word in ("home", self.serve.ticket):
            done = self.away.run("ping", "-c", "1", word)
            self.assertRegex(done.out, rf"\Ahome: [0-9.]+ ms \(({path})\)\n\Z")
            done = self.away.run("trace", word)
            self.assertRegex(done.out, r"\A1  \S+  ([0-9.]+ ms|\?)\n2  \S+  ([0-9.]+ ms|\?)\n3  home  ([0-9.]+ ms|\?)\n"
                                       r"in all [0-9.]+ ms\n\Z")
        told = json.loads(self.away.run("trace", "--json", "home").out)
        self.assertEqual([set(hop) for hop in told["hops"]], [HOP] * 3)
        self.assertEqual(told["hops"][-1]["name"], "home")
        self.assertRegex(self.away.run("status").out, rf"home +({path}) +[0-9.]+ ms")

    def test_members_are_listed_nearest_first(self):
        def listed():
            return json.loads(self.home.run("peers", "--json").out)["peers"]

        def told():
            known = {one["name"]: one for one in listed()}
            return ({"r1", "r2"} <= set(known) and known["r1"]["round_trip_ms"] is not None
                    and [one["name"] for one in known["r2"]["through"]] == ["r1"])

        self.eventually("both relays are known, and how far they are", told)
        names = [one["name"] for one in listed()]
        self.assertLess(names.index("r1"), names.index("r2"))
        r1, r2 = (next(one for one in listed() if one["name"] == name) for name in ("r1", "r2"))
        self.assertEqual(set(r1), {"name", "peer", "node", "services", "relays", "reachable", "path", "through",
                                   "round_trip_ms"})
        self.assertEqual((r1["path"], r1["relays"], r1["services"]), ("direct", True, []))
        self.assertEqual((r2["path"], [one["name"] for one in r2["through"]]), ("relay r1", ["r1"]))
        rows = self.home.run("peers").out
        self.assertRegex(rows, r"(?m)^  r1 +[a-z2-7]{8} +\(relays\) +direct +[0-9.]+ ms$")
        self.assertRegex(rows, r"(?m)^  r2 +[a-z2-7]{8} +\(relays\) +relay r1 ")
        self.eventually("what home serves is known", lambda: re.search(
            r"(?m)^  home +[a-z2-7]{8} +echo ", self.hubs["r2"].run("peers").out))
        for name in ("r2", "r1"):
            self.assertRegex(self.home.run("ping", "-c", "1", name).out, rf"\A{name}: [0-9.]+ ms ")
        self.assertRegex(self.hubs["r2"].run("trace", "home").out, r"\A1  (r1|\?)  .*\n2  home  ")


class Manager:
    """Listens as a service manager would."""

    def __init__(self, case, name):
        self.path = case.file(name)
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(self.path)
        self.heard = []  # (time, text)
        self.changed = threading.Condition()
        case.addCleanup(self.sock.close)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                text = self.sock.recv(4096).decode()
            except OSError:
                return
            with self.changed:
                self.heard.append((time.monotonic(), text))
                self.changed.notify_all()

    def mark(self):
        with self.changed:
            return len(self.heard)

    def wait_for(self, pattern, since=0, within=10.0):
        """How many were received up to the matching one."""
        def found():
            return next((i + 1 for i in range(since, len(self.heard)) if re.search(pattern, self.heard[i][1])), None)

        with self.changed:
            if not self.changed.wait_for(found, within):
                raise AssertionError(f"nothing like {pattern!r} in {self.heard[since:]}")
            return found()

    def since(self, mark):
        with self.changed:
            return [text for _, text in self.heard[mark:]]


class Notify(Asked, Pair):
    def test_forward_is_alive_for_the_manager_only_while_it_works(self):
        serve = self.home.serve(f"echo=127.0.0.1:{Target(self.srv, echo).port}")
        manager = Manager(self, "manager")
        serve.signal(signal.SIGSTOP)
        forward = self.away.spawn("forward", serve.ticket, "7001:echo",
                                  env={"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "200000"})
        at = manager.wait_for(r"\ASTATUS=.*7001 -> ")
        self.assertNotIn("WATCHDOG=1", manager.since(0))
        self.assertNotIn("READY=1", manager.since(0))
        serve.signal(signal.SIGCONT)
        at = manager.wait_for(r"\AREADY=1\Z", at, within=20.0)
        at = manager.wait_for(r"\ASTATUS=all works\Z", at)
        for _ in range(3):
            at = manager.wait_for(r"\AWATCHDOG=1\Z", at, within=2.0)
        serve.signal(signal.SIGSTOP)
        stopped = time.monotonic()
        down = manager.wait_for(r"\ASTATUS=.*home does not answer \(for ", at, within=5 * TOLD)
        self.measured("the manager is told of a stopped peer after", time.monotonic() - stopped, TOLD)
        manager.wait_for(r"\ASTATUS=.*\(for [3-9] s\)", down)
        self.assertNotIn("WATCHDOG=1", manager.since(down))
        serve.signal(signal.SIGCONT)
        back = manager.wait_for(r"\ASTATUS=all works\Z", down, within=20.0)
        at = manager.wait_for(r"\AWATCHDOG=1\Z", back - 1, within=2.0)
        self.assertEqual(forward.stop(), 0)
        manager.wait_for(r"\ASTOPPING=1\Z", at)

    def test_status_is_told_without_a_watchdog_too(self):
        manager = Manager(self, "manager")
        serve = self.home.serve("echo=127.0.0.1:7", env={"NOTIFY_SOCKET": manager.path})
        manager.wait_for(r"\AREADY=1\Z")
        manager.wait_for(r"\ASTATUS=all works\Z")
        self.assertEqual(self.away.run("connect", serve.ticket).code, 69)
        at = manager.wait_for(r"\ASTATUS=127\.0\.0\.1:7 on home refused|\ASTATUS=.*127\.0\.0\.1:7 on home refused")
        self.assertEqual(serve.stop(), 0)
        manager.wait_for(r"\ASTOPPING=1\Z", at)


if __name__ == "__main__":
    lab.main()
