"""Relays as users meet them: the one line, valid and invalid join tickets, kept network keys, two meshes."""

import json
import os
import shutil
import signal
import stat
import time

import lab
from lab import Case
from names import Names
from peer import MESH_PORT, TICKET, Peer
from ticket import JoinTicket, Ticket, other

OTHER_PORT = MESH_PORT + 1


class Join(Case):
    """`hub` on srv relays; `home` on cli joins."""

    def setUp(self):
        super().setUp()
        self.hub = Peer(self, self.srv, "hub")
        self.home = Peer(self, self.cli, "home")

    def relay(self, peer, *words, port=MESH_PORT, **options):
        listen = ["--listen", f"{peer.host.address}:{port}"] if port else []
        process = peer.spawn("relay", "--name", peer.name, *listen, *words, **options)
        process.ticket = process.wait_for(TICKET, stream="out").group(0)
        return process

    def ticket_of(self, peer, *words, **options):
        """A join ticket of this peer, whose relay has ended."""
        relay = self.relay(peer, *words, **options)
        self.assertEqual(relay.stop(), 0)
        return relay.ticket

    def refused(self, done, code, *patterns):
        self.assertEqual(done.code, code, done.out + done.err)
        self.assertEqual(done.out, "")
        for pattern in patterns:
            self.assertRegex(done.err, pattern)
        return done.err

    def write(self, name, text):
        path = self.file(name)
        with open(path, "w", encoding="ascii") as f:
            f.write(text + "\n")
        return path


class Relay(Join):
    def test_relay_prints_one_line_says_what_it_holds_and_ends_with_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            relay = self.relay(self.hub)
            relay.wait_for(r"network key", stream="err")
            relay.wait_for(r"gof serve --join TICKET 22", stream="err")
            relay.signal(number)
            self.assertEqual(relay.wait(), 0)
            self.assertEqual(relay.said("out"), [relay.ticket])
            said = "\n".join(relay.said("err"))
            self.assertNotIn(relay.ticket, said, "a log that is kept holds no ticket")
        told = JoinTicket.parse(relay.ticket)
        self.assertIn(f"{self.srv.address}:{MESH_PORT}", told.addresses)
        self.assertNotIn(told.network_key.hex(), said)

    def test_relay_prints_the_same_ticket_again(self):
        self.assertEqual(self.ticket_of(self.hub), self.ticket_of(self.hub))

    def test_relay_listens_on_port_9999_of_both_families(self):
        relay = self.relay(self.hub, port=None)
        listening = self.srv.run("ss", "-Hltn").out
        for where in ("0.0.0.0:9999", "[::]:9999"):
            self.assertIn(where, listening)
        self.assertIn(f"{self.srv.address}:9999", JoinTicket.parse(relay.ticket).addresses)

    def test_relay_goes_on_without_ipv6(self):
        off = ["sh", "-c", "for f in all default; do echo 1 >/proc/sys/net/ipv6/conf/$f/disable_ipv6; done"]
        self.assertEqual(self.srv.run(*off).code, 0)
        relay = self.relay(self.hub, port=None)
        self.assertIn("0.0.0.0:9999", self.srv.run("ss", "-Hltn").out)
        self.assertEqual(relay.stop(), 0)

    def test_port_that_is_taken_is_told_and_ends_with_1(self):
        holder = self.srv.listen(MESH_PORT, "0.0.0.0")
        for words in ([], ["--listen", f"{self.srv.address}:{MESH_PORT}"]):
            self.refused(self.hub.run("relay", *words), 1, f":{MESH_PORT}", "(?i)in use")
        holder.close()

    def test_advertised_addresses_stand_first(self):
        ticket = self.ticket_of(self.hub, "--advertise", "relay.example:443", "--advertise", "192.0.2.9:9")
        self.assertEqual(JoinTicket.parse(ticket).addresses[:3],
                         ["relay.example:443", "192.0.2.9:9", f"{self.srv.address}:{MESH_PORT}"])

    def test_ready_descriptor_is_told(self):
        path = self.file("ready")
        relay = self.srv.spawn("sh", "-c", f'exec "$0" "$@" 9>{path}', lab.GOF, "relay", "--ready-fd", "9",
                               env=self.hub.environment())
        relay.wait_for(TICKET, stream="out")

        def told():
            with open(path, encoding="ascii") as f:
                return f.read() == "ready\n"

        self.eventually("the descriptor is told", told)
        self.assertEqual(relay.stop(), 0)


class Words(Join):
    def test_wrong_command_lines_exit_2_and_leave_nothing_behind(self):
        for words, pattern in (
                (["relay", "22"], "'22'"),
                (["relay", "--join", "hub"], "hub"),
                (["relay", "--join", "hub:0"], "hub:0"),
                (["relay", "--join", "gof1abc"], "(?i)ticket"),
                (["relay", "--no-listen"], "--join"),
                (["relay", "--advertise", "hub"], "hub"),
                (["serve", "--no-listen", "22"], "--join"),
                (["serve", "--join", "198.51.100.1:9", "22"], "(?s)(?=.*network key)(?=.*--network-key)"),
                (["relay", "--join", "198.51.100.1:9"], "--network-key")):
            with self.subTest(words=words):
                self.refused(self.home.run(*words, timeout=10), 2, pattern)
        made = os.listdir(self.home.gof_state) if os.path.isdir(self.home.gof_state) else []
        self.assertNotIn("network-key", made)

    def test_tickets_in_each_others_place_are_told_apart(self):
        join = self.ticket_of(self.hub)
        serve = self.hub.serve("ssh=22")
        self.assertEqual(serve.stop(), 0)
        self.refused(self.home.run("forward", join, "2222:ssh"), 2, "join ticket", "--join")
        self.refused(self.home.run("serve", "--join", serve.ticket, "22"), 2, "service ticket", "gof forward")
        self.refused(self.home.run("relay", "--ticket-file", self.write("service", serve.ticket)), 78,
                     "service ticket", self.file("service"))
        self.refused(self.home.run("forward", "--ticket-file", self.write("join", join), "2222:ssh"), 78,
                     "join ticket", self.file("join"))
        self.refused(self.home.run("forward", "-", "2222:ssh", input=join + "\n"), 2, "join ticket")

    def test_damaged_join_tickets_exit_2_without_their_text(self):
        join = self.ticket_of(self.hub)
        middle = len(join) // 2
        swapped = join[:middle] + ("b" if join[middle] == "a" else "a") + join[middle + 1:]
        for what, text in (("mistyped", swapped), ("cut", join[:-3]), ("long", join + "aaaaaaaa"),
                           ("foreign letter", join[:middle] + "!" + join[middle + 1:])):
            with self.subTest(what=what):
                for words in (["serve", "--join", text, "22"], ["relay", "--join", text], ["ticket", text]):
                    err = self.refused(self.home.run(*words), 2, "(?i)ticket")
                    self.assertNotIn(text[20:40], err)

    def test_ticket_command_explains_a_join_ticket_without_its_key(self):
        join = self.ticket_of(self.hub)
        told = self.home.run("ticket", join)
        self.assertEqual((told.code, told.err), (0, ""))
        for word in ("join", self.hub.run("id").out.strip(), f"{self.srv.address}:{MESH_PORT}", "network key"):
            self.assertIn(word, told.out)
        data = json.loads(self.home.run("ticket", "--json", join).out)
        self.assertEqual((data["version"], data["kind"], data["addresses"]),
                         (1, "join", [f"{self.srv.address}:{MESH_PORT}"]))
        secret = JoinTicket.parse(join).network_key.hex()
        for text in (told.out, json.dumps(data)):
            self.assertNotIn(secret[:16], text)
            self.assertNotIn(join[60:80], text)

    def test_join_ticket_leaves_argv_and_environment(self):
        join = self.ticket_of(self.hub)
        pieces = [join[at:at + 20] for at in range(8, len(join) - 20, 10)]
        for words, env in ((["--join", join], {}), ([f"--join={join}"], {}), ([], {"GOF_JOIN": join})):
            serve = self.home.serve(*words, "x=22", env=env)
            for name in ("cmdline", "environ"):
                with open(f"/proc/{serve.pid}/{name}", "rb") as f:
                    text = f.read().decode("latin1")
                self.assertEqual([p for p in pieces if p in text], [], f"/proc/PID/{name}")
            said = "\n".join(serve.said())
            self.assertEqual([p for p in pieces if p in said], [])
            self.assertEqual(serve.stop(), 0)


class Keys(Join):
    def setUp(self):
        super().setUp()
        self.key_file = os.path.join(self.home.gof_state, "network-key")
        self.join = self.ticket_of(self.hub)

    def kept(self):
        with open(self.key_file, encoding="ascii") as f:
            return f.read()

    def mesh(self, ticket):
        return json.loads(self.home.run("ticket", "--json", ticket).out)["mesh"]

    def another_mesh(self):
        return self.ticket_of(Peer(self, self.srv, "another"), port=OTHER_PORT)

    def test_key_of_a_join_ticket_is_kept_and_used_again(self):
        serve = self.home.serve("--join", self.join, "x=22")
        self.assertEqual(serve.stop(), 0)
        self.assertIn("join-ticket", self.kept())
        self.assertEqual(stat.S_IMODE(os.stat(self.key_file).st_mode), 0o600)
        self.assertEqual(self.mesh(serve.ticket), self.mesh(self.join))
        kept = self.kept()
        for words in ([], ["--join", f"{self.srv.address}:{MESH_PORT}"], ["--join", self.join]):
            again = self.home.serve(*words, "x=22")
            self.assertEqual(again.stop(), 0)
            self.assertEqual(self.mesh(again.ticket), self.mesh(self.join))
            self.assertFalse([line for line in again.said("err") if "void" in line])
        self.assertEqual(self.kept(), kept)

    def test_join_ticket_comes_from_a_file_and_from_stdin(self):
        path = self.write("join", self.join)
        relay = self.relay(self.home, "--ticket-file", path)
        self.assertEqual(relay.stop(), 0)
        with open(path, "rb") as f:
            piped = self.relay(self.home, "--join", "-", stdin=f)
        self.assertEqual(piped.stop(), 0)
        for process in (relay, piped):
            self.assertEqual(self.mesh(process.ticket), self.mesh(self.join))

    def test_key_made_here_gives_way_and_old_tickets_are_told_void(self):
        before = self.home.serve("x=22")
        self.assertEqual(before.stop(), 0)
        self.assertIn("made-here", self.kept())
        after = self.home.serve("--join", self.join, "x=22")
        after.wait_for("void", stream="err")
        self.assertEqual(after.stop(), 0)
        self.assertNotEqual(after.ticket, before.ticket)
        self.assertIn("join-ticket", self.kept())
        self.assertEqual(self.mesh(after.ticket), self.mesh(self.join))

    def test_join_ticket_of_another_mesh_exits_2_naming_both(self):
        self.assertEqual(self.home.serve("--join", self.join, "x=22").stop(), 0)
        kept, another = self.kept(), self.another_mesh()
        for words in (["serve", "--join", another, "x=22"], ["relay", "--join", another]):
            self.refused(self.home.run(*words), 2, self.mesh(self.join), self.mesh(another))
        self.assertEqual(self.kept(), kept)

    def test_two_join_tickets_of_two_meshes_exit_2_naming_both(self):
        another = self.another_mesh()
        self.refused(self.home.run("serve", "--join", self.join, "--join", another, "x=22"), 2,
                     self.mesh(self.join), self.mesh(another))
        self.assertFalse(os.path.exists(self.key_file), "nothing is kept of either")

    def test_named_network_key_goes_before_the_one_kept(self):
        self.assertEqual(self.home.serve("--join", self.join, "x=22").stop(), 0)
        kept, another = self.kept(), self.another_mesh()
        # Tests run as root, so the other peer's file can be read.
        named = os.path.join(self.work, "another", "state", "gof", "network-key")
        serve = self.home.serve("--network-key", named, "--join", another, "x=22")
        self.assertEqual(serve.stop(), 0)
        self.assertEqual(self.mesh(serve.ticket), self.mesh(another))
        self.assertEqual(self.kept(), kept)
        self.refused(self.home.run("serve", "--network-key", named, "--join", self.join, "x=22"), 2,
                     self.mesh(self.join), self.mesh(another))

    def test_service_ticket_and_join_ticket_of_two_meshes_exit_2_naming_both(self):
        serve = self.hub.serve("ssh=22")
        self.assertEqual(serve.stop(), 0)
        another = self.another_mesh()
        self.refused(self.home.run("forward", "--join", another, serve.ticket, "0:ssh"), 2,
                     self.mesh(serve.ticket), self.mesh(another))
        path = self.write("service", serve.ticket)
        self.refused(self.home.run("forward", "--join", another, "--ticket-file", path, "0:ssh"), 78,
                     self.mesh(serve.ticket), self.mesh(another))
        self.assertFalse(os.path.exists(self.key_file), "what is refused is not kept")

    def test_damaged_network_key_exits_78_and_stays(self):
        self.assertEqual(self.home.serve("x=22").stop(), 0)
        with open(self.key_file, "w", encoding="ascii") as f:
            f.write("damaged\n")
        self.refused(self.home.run("serve", "--join", self.join, "x=22"), 78, self.key_file)
        self.assertEqual(self.kept(), "damaged\n")


class Serve(Join):
    def test_ticket_of_who_joins_ends_with_the_relays_addresses_and_there_is_no_warning(self):
        relay = self.relay(self.hub)
        serve = self.home.serve("--join", relay.ticket, "--advertise", "home.example:7", "x=22")
        self.assertEqual(Ticket.parse(serve.ticket).places(),
                         ["home.example:7", f"{self.cli.address}:{MESH_PORT}", f"{self.srv.address}:{MESH_PORT}"])
        hidden = self.home.serve("--no-listen", "--join", relay.ticket, "y=22", port=None)
        self.assertEqual(Ticket.parse(hidden.ticket).places(), [f"{self.srv.address}:{MESH_PORT}"])
        for process in (serve, hidden):
            self.assertFalse([line for line in process.said("err") if "reachable only" in line], process.log())
            self.assertEqual(process.stop(), 0)
        self.assertEqual(relay.stop(), 0)


class Stranger(Join):
    def test_wrong_network_key_is_refused_and_the_dialler_told_within_10_s(self):
        """Scorecard row 20."""
        relay = self.relay(self.hub, "--log-format", "json")
        join = JoinTicket.parse(relay.ticket)
        forged = join.but(network_key=other(join.network_key)).text()
        serve = self.home.serve("--join", forged, "x=22")
        told = serve.wait_for(r".*closed without a word: the ticket or network key is not for its mesh.*", within=10.0, stream="err")
        self.assertIn(f"{self.srv.address}:{MESH_PORT}", told.group(0))
        line = relay.wait_for(r'"event":"stranger"', stream="err")
        self.assertEqual(json.loads(line.string)["event"], "stranger")
        self.assertTrue(serve.alive() and relay.alive())
        self.assertEqual((serve.stop(), relay.stop()), (0, 0))

    def test_member_that_joins_is_told_with_events_in_json(self):
        relay = self.relay(self.hub, "-v", "--log-format", "json")
        serve = self.home.serve("--join", relay.ticket, "--log-format", "json", "x=22")
        for process, peer in ((serve, self.hub), (relay, self.home)):
            line = process.wait_for(r'"event":"link_up"', within=10.0, stream="err")
            told = json.loads(line.string)
            self.assertEqual(told["peer"], peer.run("id").out.strip())
            self.assertRegex(told["node"], "^[0-9a-f]{16}$")
        relay.stop()
        line = serve.wait_for(r'"event":"link_down"', within=10.0, stream="err")
        self.assertEqual(json.loads(line.string)["peer"], self.hub.run("id").out.strip())


class Bootstraps(Join):
    """Scorecard rows 44 and 45: --join with no network yet, or with names that lead nowhere, or not only nowhere."""

    def setUp(self):
        super().setUp()
        self.relay(self.hub)
        self.key = self.file("network-key")
        shutil.copy(os.path.join(self.hub.gof_state, "network-key"), self.key)

    def names(self, *lines):
        lab.hide("/etc/hosts", "\n".join(("127.0.0.1 localhost", *lines)) + "\n")

    def joining(self, *places):
        joins = [word for place in places for word in ("--join", f"{place}:{MESH_PORT}")]
        return self.home.spawn("relay", "--name", "home", "--no-listen", "--network-key", self.key, *joins)

    def joins(self, process, within=5.0, since=0):
        started = time.monotonic()
        process.wait_for(r"link to .* stands", within=25.0, stream="err", since=since)
        self.measured("joined after", time.monotonic() - started, within)

    def test_of_a_name_with_dead_and_live_addresses_all_are_tried(self):
        # .99 never answers, no host has .98, and port 9999 of this host is closed.
        self.names("203.0.113.99 many.example", "203.0.113.98 many.example", f"{self.cli.address} many.example",
                   f"{self.srv.address} many.example")
        self.joins(self.joining("many.example"))

    def test_name_that_does_not_resolve_holds_up_no_other(self):
        Names(self.cli)
        process = self.joining("nobody.example", self.srv.address)
        self.joins(process)
        process.wait_for(r"nobody\.example:9999: .*not found", stream="err")

    def test_name_that_resolves_later_is_joined_then(self):
        Names(self.cli)
        process = self.joining("late.example")
        process.wait_for(r"no member of this mesh answers: late\.example:9999: .*; again in \d+ s", stream="err")
        since = process.mark()
        self.names(f"{self.srv.address} late.example")
        self.joins(process, 10.0, since)

    def test_without_a_network_at_the_start_it_joins_once_there_is_one(self):
        lab.Lab.batch("link set eth0 down", inside=self.cli)
        process = self.joining(self.srv.address)
        process.wait_for(r"[Nn]etwork is unreachable.*; again in \d+ s", stream="err")
        since = process.mark()
        lab.Lab.batch("link set eth0 up", inside=self.cli)
        self.joins(process, 10.0, since)


if __name__ == "__main__":
    lab.main()
