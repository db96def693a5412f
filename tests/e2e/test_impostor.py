"""Peers that get in and are not what they claim: invented sources, and names that mean more than a name."""

import json
import os
import re
import subprocess
import time

import lab
from foe import Foes, Talk
from peer import MESH_PORT, TICKET, Peer
from traffic import Target, echo, echo_intact

IMPOSTOR = os.environ.get("GOF_TEST_IMPOSTOR")

# What a shell, a terminal, JSON or gof itself would not take for a name.
NAMES = {
    "a command": b"db$(touch /tmp/x)",
    "a command in the old way": b"db`touch /tmp/x`",
    "two commands": b"db;touch /tmp/x",
    "lines": b"db\nPROBLEM: none\n",
    "quotes": b"db'\"\\",
    "an option": b"--help",
    "a ticket": b"gof1aaaaaaaa",
    "a title for the terminal": b"db\x1b]0;x\x07\x1b[2J",
    "controls of eight bits": b"db\xc2\x9b2J",
    "no UTF-8": b"db\xff\xfe",
    "overlong": b"db\xc0\xaf",
    "a surrogate": b"db\xed\xa0\x80",
    "a zero": b"db\x00x",
    "another direction": b"db\xe2\x80\xaegpj",
    "a separator of lines": b"db\xe2\x80\xa8x",
    "half a character": b"d" * 62 + b"\xc3",
    "blanks": b"   ",
}


class Impostors(Foes):
    def setUp(self):
        super().setUp()
        if not IMPOSTOR:
            self.skipTest("GOF_TEST_IMPOSTOR is not set: run by ctest, or name the program")
        self.target = Target(self.srv, echo)

    def impostor(self, *words, says):
        process = self.foe.spawn(IMPOSTOR, *words, stdin=subprocess.PIPE)
        process.wait_for(says, within=20.0)
        return process

    def over(self, process):
        process.child.stdin.close()
        self.assertEqual(process.wait(10.0), 0, process.log())

    def ticket(self, service, port):
        """Another ticket of the same peer and mesh."""
        other = self.home.serve(f"{service}=127.0.0.1:{self.target.port}", port=port)
        self.assertEqual(other.stop(), 0)
        return other.ticket


class Sources(Impostors):
    """A node has room for few sessions that begin. Whoever invents sources fills only his own share."""

    def setUp(self):
        super().setUp()
        self.spare = self.ticket("spare", MESH_PORT + 1)
        self.serve = self.home.serve("-v", f"echo=127.0.0.1:{self.target.port}")
        self.at = f"{self.srv.address}:{MESH_PORT}"

    def honest_get_in(self, ticket, what, count=3):
        for _ in range(count):
            started = time.monotonic()
            forward = self.away.forward(ticket, "0:echo")
            self.measured(f"ready beside {what}", time.monotonic() - started, 1.0)
            echo_intact(self, self.cli, forward.port)
            self.assertEqual(forward.stop(), 0)

    def beside_a_guest(self, ticket, count, every, what):
        talk = Talk(self, self.cli, self.away.forward(self.serve.ticket, "0:echo").port)
        flood = self.impostor("spoof", ticket, self.at, count, every, says="floods")
        self.honest_get_in(self.serve.ticket, what)
        self.over(flood)
        found = flood.wait_for(r"begun (\d+) answered (\d+) closed (\d+)")
        begun, answered, closed = (int(n) for n in found.groups())
        self.told(what, f"{begun} attempts, {answered} answered, its link closed {closed} times")
        self.assertEqual(answered, 0, "one of them was begun")
        self.assertGreater(closed, 0)
        talk.goes_on()
        self.serve.wait_for("in another node's name", stream="err")

    def test_guest_with_8_packets_a_second_keeps_nobody_out(self):
        self.beside_a_guest(self.spare, 1, 125, "a guest's 8 made-up sources a second")

    def test_guest_with_bursts_keeps_nobody_out(self):
        self.beside_a_guest(self.spare, 64, 1000, "a guest's 64 made-up sources at once")

    def test_guest_with_the_same_ticket_keeps_nobody_out(self):
        self.beside_a_guest(self.serve.ticket, 64, 1000, "64 made-up sources at once under the same ticket")

    def test_guest_whose_ticket_was_withdrawn_keeps_nobody_out(self):
        self.assertEqual(self.home.run("ticket", "--new", "spare").code, 0)
        self.beside_a_guest(self.spare, 64, 1000, "64 made-up sources at once under a withdrawn ticket")

    def test_member_keeps_nobody_out_through_a_relay_and_at_the_node_itself(self):
        hub = Peer(self, self.foe, "hub").spawn("relay", "--name", "hub", "--listen", f"{self.foe.address}:{MESH_PORT}")
        join = hub.wait_for(TICKET, stream="out").group(0)
        joined = Peer(self, self.srv, "joined")
        serve = joined.serve("--join", join, f"echo=127.0.0.1:{self.target.port}", port=MESH_PORT + 2)
        node = json.loads(joined.run("status", "--json").out)["node"]["node"]
        for door in (f"{self.foe.address}:{MESH_PORT}", f"{self.srv.address}:{MESH_PORT + 2}"):
            for count, every in ((1, 125), (64, 1000)):
                flood = self.impostor("spoof", join, door, count, every, node, says="floods")
                self.honest_get_in(serve.ticket, f"a member's {count} made-up sources each {every} ms by {door}", 2)
                self.assertTrue(flood.alive())
                self.over(flood)

    def test_link_of_a_withdrawn_ticket_ends_at_its_issuer_too(self):
        def guests():
            return sum(one["guest"] for one in json.loads(self.home.run("status", "--json").out)["links"])
        for when in ("before", "while it is linked"):
            ticket = self.spare if when == "before" else self.serve.ticket
            if when == "before":
                self.assertEqual(self.home.run("ticket", "--new", "spare").code, 0)
            quiet = self.impostor("name", ticket, self.at, b"quiet".hex(), says="known")
            if when != "before":
                self.assertEqual(guests(), 1)
                self.assertEqual(self.home.run("ticket", "--new", "echo").code, 0)
            started = time.monotonic()
            self.assertEqual(quiet.wait(25.0), 1, "the link stands")
            self.measured(f"parted from a silent guest whose ticket was withdrawn {when}",
                          time.monotonic() - started, 5.0)
            self.eventually("no guest is linked", lambda: guests() == 0)


class Names(Impostors):
    """What another peer calls itself is shown and offered if it is a valid name; otherwise its id is."""

    def all_well(self, home, count):
        """Each answer of the node is complete, and its names contain nothing but names."""
        self.eventually("TAB is answered in its time", lambda: home.run("__complete", "ping", "").out)
        texts = {words: home.run(*words) for words in
                 (("status",), ("status", "--json"), ("peers",), ("peers", "--json"), ("__complete", "ping", ""))}
        for words, done in texts.items():
            self.assertEqual((done.code, done.err), (0, ""), words)
            self.assertFalse(re.search("[^\n -~]", done.out), (words, done.out))
            self.assertNotIn("touch", done.out)
        peers = json.loads(texts[("status", "--json")].out)["peers"]
        self.assertEqual(len(peers), count)
        self.assertEqual({one["name"] for one in peers}, {""})
        offered = texts[("__complete", "ping", "")].out.split("\n")[:-1]
        self.assertEqual(set(offered), {one["peer"][:8] for one in peers})
        for one in peers:
            self.assertIn(one["peer"][:8], texts[("status",)].out)
        # What is offered is accepted. Nothing answers, as that peer is not gof.
        done = home.run("ping", "-c", "1", "--timeout", "200ms", offered[0])
        self.assertRegex(done.out + done.err, f"{offered[0]}.*(no answer|no path)")
        return peers

    def logs_are_whole(self, process):
        for line in process.said("err"):
            json.loads(line)

    def test_guests_that_call_themselves_anything(self):
        serve = self.home.serve("-v", "--log-format", "json", f"echo=127.0.0.1:{self.target.port}")
        for count, (what, name) in enumerate(NAMES.items(), 1):
            with self.subTest(what):
                self.impostor("name", serve.ticket, f"{self.srv.address}:{MESH_PORT}", name.hex(), says="known")
                self.all_well(self.home, count)
        self.logs_are_whole(serve)

    def test_members_that_call_themselves_anything(self):
        hub = self.home.spawn("relay", "-v", "--log-format", "json", "--listen", f"{self.srv.address}:{MESH_PORT}")
        join = hub.wait_for(TICKET, stream="out").group(0)
        for count, (what, name) in enumerate(NAMES.items(), 1):
            with self.subTest(what):
                self.impostor("name", join, f"{self.srv.address}:{MESH_PORT}", name.hex(), says="known")
                self.all_well(self.home, count)
                known = json.loads(self.home.run("peers", "--json").out)["peers"]
                self.assertEqual({one["name"] for one in known}, {""})
        self.logs_are_whole(hub)

    def test_plain_names_stay(self):
        serve = self.home.serve(f"echo=127.0.0.1:{self.target.port}")
        self.impostor("name", serve.ticket, f"{self.srv.address}:{MESH_PORT}", b"db-1.example_x".hex(), says="known")
        self.assertEqual(self.home.run("__complete", "ping", "d").out, "db-1.example_x\n")
        self.assertIn("db-1.example_x", self.home.run("status").out)


if __name__ == "__main__":
    lab.main()
