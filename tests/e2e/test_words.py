"""The command line: invalid words and the messages about them, SPECs, tickets and ids."""

import os
import re

import lab
from lab import Case
from peer import MESH_PORT, READY, TICKET, Pair, Peer, nobody
from ticket import Ticket
from traffic import Target, echo, echo_intact

# argv, and what the message must name; all exit with 2
WRONG = [
    ([], r"(?i)usage|command"),
    (["swerve"], "swerve"),
    (["--frobnicate"], "--frobnicate"),
    (["serve"], "(?i)target"),
    (["serve", "--frobnicate", "22"], "--frobnicate"),
    (["serve", "ssh=99999"], "99999"),
    (["serve", "ssh=0"], "0"),
    (["serve", "ssh=localhost:"], "localhost:"),
    (["serve", "ssh=localhost:port"], "port"),
    (["serve", "ssh="], "ssh="),
    (["serve", "SSH=22"], "SSH"),
    (["serve", "-ssh=22"], "-s"),
    (["serve", "a" * 64 + "=22"], "a{64}"),
    (["serve", "ssh=22", "ssh=23"], "ssh"),
    (["serve", "--listen", "nonsense", "22"], "nonsense"),
    (["serve", "--listen", "127.0.0.1:70000", "22"], "70000"),
    (["serve", "--survive", "soon", "22"], "soon"),
    (["serve", "--survive", "-1", "22"], "--survive|-1"),
    (["serve", "--connect-timeout", "never", "22"], "never"),
    (["serve", "--log-level", "loud", "22"], "loud"),
    (["serve", "--listen"], "--listen"),
    (["forward"], r"(?i)peer|ticket"),
    (["forward", "gof1"], r"(?i)ticket"),
    (["forward", "gof1abc", "2222:ssh"], r"(?i)ticket"),
    (["forward", "hello", "2222:ssh"], "hello|(?i:ticket)"),
    (["id", "extra"], "extra"),
    (["ticket", "gof1notaticket"], r"(?i)ticket"),
    (["ticket", "--show", "--new"], r"--show|--new"),
]

# SPECs that do not fit a ticket with the services ssh and web
WRONG_SPECS = [
    ("99999:ssh", "99999"),
    ("70000", "70000"),
    ("-1:ssh", "-1"),
    ("2222:", "2222:"),
    (":ssh", ":ssh"),
    ("", "(?i)spec|empty"),
    ("127.0.0.1:ssh", "127.0.0.1:ssh"),
    ("not-an-address!:2222:ssh", "not-an-address!"),
    ("2222", "(?s)(?=.*ssh)(?=.*web)"),  # two services, none of them called 2222: both are listed
]


class Words(Case):
    def setUp(self):
        super().setUp()
        self.peer = Peer(self, self.srv, "home")

    def wrong(self, words, pattern):
        done = self.peer.run(*words, timeout=10)
        self.assertEqual(done.code, 2, f"{words}: {done.out}{done.err}")
        self.assertEqual(done.out, "", f"{words}: stdout carries data only")
        self.assertRegex(done.err, pattern, f"{words}")

    def test_wrong_command_lines_name_the_bad_part_and_exit_2(self):
        for words, pattern in WRONG:
            with self.subTest(words=words):
                self.wrong(words, pattern)
        self.assertEqual(os.listdir(self.peer.state), [], "a wrong command line leaves nothing behind")

    def test_wrong_specs_and_mistyped_tickets_exit_2(self):
        ticket = self.ticket("ssh=22", "web=80")
        for spec, pattern in WRONG_SPECS:
            with self.subTest(spec=spec):
                self.wrong(["forward", ticket, spec], pattern)
        middle = len(ticket) // 2
        swapped = ticket[:middle] + ("b" if ticket[middle] == "a" else "a") + ticket[middle + 1:]
        foreign = ticket[:middle] + "!" + ticket[middle + 1:]
        for what, text in (("mistyped", swapped), ("cut", ticket[:-3]), ("long", ticket + "aaaaaaaa"),
                           ("foreign letter", foreign), ("huge", "gof1" + "a" * 100_000)):
            with self.subTest(what=what):
                self.wrong(["forward", text, "2222:ssh"], r"(?i)ticket")
                self.wrong(["ticket", text], r"(?i)ticket")

    def ticket(self, *words):
        serve = self.peer.serve(*words)
        self.assertEqual(serve.stop(), 0)
        return serve.ticket

    def test_a_ticket_is_taken_as_people_paste_it_by_every_door(self):
        ticket = self.ticket("ssh=22")
        plain = self.peer.run("ticket", ticket)
        self.assertEqual(plain.code, 0, plain.err)
        lines = "\r\n".join("  " + ticket[at:at + 60] for at in range(0, len(ticket), 60))
        path, settings = self.file("ticket"), self.file("gof.conf")
        for text in (ticket + "\n", ticket.upper(), f'"{ticket}"', f"\u201c{ticket}\u201d", lines, "\ufeff" + ticket + "\r\n"):
            with open(path, "w", encoding="utf-8", newline="") as f:
                f.write(text)
            with open(settings, "w", encoding="utf-8", newline="") as f:
                f.write(f"[forward ssh]\npeer = {' '.join(text.split())}\nlisten = 0\n")
            for words, options in ((["ticket", text], {}), (["ticket", "-"], {"input": text}),
                                   (["ticket", "--ticket-file", path], {})):
                with self.subTest(words=words):
                    done = self.peer.run(*words, **options)
                    self.assertEqual((done.code, done.out, done.err), (0, plain.out, ""))
            with self.subTest(variable=text):
                done = self.peer.run("forward", "0:nothing", env={"GOF_TICKET": text})
                self.assertIn("the ticket has no service 'nothing'", done.err)
            with self.subTest(file=text):
                done = self.peer.run("run", "--check", settings)
                self.assertEqual((done.code, done.err), (0, ""))

    def test_a_mistyped_ticket_says_where(self):
        ticket = self.ticket("ssh=22")
        self.wrong(["ticket", ticket[:30] + "0" + ticket[31:]], "character 31 is the digit 0, perhaps of a letter o")
        self.wrong(["ticket", ticket[:30] + "!" + ticket[31:]], "character 31 is '!', which no ticket has")
        self.wrong(["ticket", ticket[:-1]], "(?i)damaged")

    def test_damaged_ticket_in_a_file_exits_78_and_names_the_file(self):
        path = self.file("bad-ticket")
        with open(path, "w", encoding="ascii") as f:
            f.write("gof1aaaaaaaaaaaaaaaaaaaaaaaa\n")
        done = self.peer.run("forward", "--ticket-file", path, "2222:ssh")
        self.assertEqual(done.code, 78, done.err)
        self.assertIn(path, done.err)
        gone = self.peer.run("forward", "--ticket-file", self.file("none"), "2222:ssh")
        self.assertIn(gone.code, (2, 78), gone.err)
        self.assertIn(self.file("none"), gone.err)
        piped = self.peer.run("forward", "-", "2222:ssh", input="gof1nonsense\n")
        self.assertIn(piped.code, (2, 78), piped.err)
        self.assertRegex(piped.err, "(?i)ticket")

    def test_help_and_version_go_to_stdout(self):
        for words in (["--help"], ["-h"], *([command, "--help"] for command in ("serve", "forward", "relay", "id", "ticket"))):
            with self.subTest(words=words):
                done = self.peer.run(*words)
                self.assertEqual((done.code, done.err), (0, ""))
                self.assertRegex(done.out, "(?i)usage|gof")
        done = self.peer.run("--version")
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertRegex(done.out, r"gof \d+\.\d+")

    def test_help_lists_only_what_the_program_does(self):
        listed = self.peer.run("--help").out
        for later in ("socks", "reverse", "netcheck", "relay", "invite", "demo"):
            known = self.peer.run(later, "--help").code == 0
            self.assertEqual(bool(re.search(rf"(?m)^\s+(gof )?{later}\b", listed)), known, later)

    def test_id_is_the_peers_and_stays(self):
        first = self.peer.run("id")
        self.assertEqual((first.code, first.err), (0, ""))
        self.assertRegex(first.out, r"\A[a-z2-7]{52}\n\Z")
        self.assertEqual(self.peer.run("id").out, first.out)
        elsewhere = self.peer.run("id", "--key", self.file("another-key"))
        self.assertEqual(elsewhere.code, 0, elsewhere.err)
        self.assertRegex(elsewhere.out, r"\A[a-z2-7]{52}\n\Z")
        self.assertNotEqual(elsewhere.out, first.out)

    def test_serve_prints_one_line_the_same_each_time(self):
        serve = self.peer.serve("ssh=22", "web=80")
        self.assertEqual(serve.stop(), 0)
        self.assertEqual(serve.said("out"), [serve.ticket])
        again = self.peer.serve("ssh=22", "web=80")
        self.assertEqual(again.stop(), 0)
        self.assertEqual(again.ticket, serve.ticket)
        different = self.peer.serve("ssh=22")
        self.assertEqual(different.stop(), 0)
        self.assertNotEqual(different.ticket, serve.ticket)
        told = Ticket.parse(serve.ticket)
        self.assertEqual(told.services, [("ssh", 22), ("web", 80)])
        self.assertIn(self.srv.address.encode(), told.addresses)

    def test_service_without_a_name_is_called_by_its_port(self):
        self.assertEqual(Ticket.parse(self.ticket("8080")).services, [("8080", 8080)])

    def test_ticket_command_shows_and_tells_without_secrets(self):
        ticket = self.ticket("ssh=22", "web=80")
        self.assertEqual(self.peer.run("ticket", "--show").out, ticket + "\n")
        self.assertEqual(self.peer.run("ticket", "--show", "ssh").out, ticket + "\n")
        told = self.peer.run("ticket", ticket)
        self.assertEqual(told.code, 0, told.err)
        self.assertIn(self.peer.run("id").out.strip(), told.out)
        for word in ("ssh", "web", f"{self.srv.address}:{MESH_PORT}"):
            self.assertIn(word, told.out)
        self.assert_no_secret(ticket, told.out + told.err)
        self.assertNotIn(ticket, told.out)
        missing = self.peer.run("ticket", "--show", "nothing-such")
        self.assertNotEqual(missing.code, 0)
        self.assertIn("nothing-such", missing.err)

    def assert_no_secret(self, ticket, text):
        parts = Ticket.parse(ticket)
        for secret in (parts.link_key, parts.token):
            self.assertNotIn(secret.hex()[:16], text.lower())
        # The secrets in base32 as they are in the ticket, wherever one cuts.
        for at in range(150, min(len(ticket), 240) - 16, 8):
            self.assertNotIn(ticket[at:at + 16], text)

    def test_ready_hint_for_a_pipe_names_the_command(self):
        serve = self.peer.serve("ssh=22")
        serve.stop()
        told = "\n".join(serve.said("err"))
        self.assertIn("gof ticket --show", told)
        self.assertNotIn(serve.ticket, told, "a log that is kept holds no ticket")


class Specs(Pair):
    def setUp(self):
        super().setUp()
        self.one, self.two = Target(self.srv, echo), Target(self.srv, echo)
        self.serve = self.home.serve(f"one=127.0.0.1:{self.one.port}", f"two=127.0.0.1:{self.two.port}")

    def test_several_specs_binds_and_free_ports(self):
        specs = ["7001:one", "203.0.113.20:7002:two", "0:two", "[::1]:7003:one"]
        forward = self.away.spawn("forward", self.serve.ticket, *specs)
        found = []
        since = 0
        for _ in range(4):
            line = forward.wait_for(READY, since=since)
            since = next(i for i, entry in enumerate(forward.lines) if i >= since and entry[2] == line.string) + 1
            found.append((line["bind"], int(line["port"]), line["name"], line["service"]))
        chosen = next(port for _, port, _, service in found if service == "two" and port != 7002)
        self.assertGreater(chosen, 0)
        self.assertEqual(sorted(found), sorted([
            ("127.0.0.1", 7001, "home", "one"), ("203.0.113.20", 7002, "home", "two"),
            ("127.0.0.1", chosen, "home", "two"), ("[::1]", 7003, "home", "one")]))
        for port in (7001, chosen):
            echo_intact(self, self.cli, port)
        with self.cli.connect(7002, "203.0.113.20") as sock:
            sock.sendall(b"bound")
            self.assertEqual(sock.recv(10), b"bound")
        self.assertEqual(forward.said("out"), [])

    def test_without_a_spec_every_service_gets_its_own_port(self):
        forward = self.away.forward(self.serve.ticket, ready=2)
        self.assertEqual(forward.ports, {"one": self.one.port, "two": self.two.port})

    def test_local_port_named_like_a_service_finds_it(self):
        numbered = self.home.serve(f"127.0.0.1:{self.one.port}", f"two=127.0.0.1:{self.two.port}", port=MESH_PORT + 1)
        forward = self.away.forward(numbered.ticket, str(self.one.port))
        self.assertEqual(forward.ports, {str(self.one.port): self.one.port})

    def test_only_service_needs_no_name(self):
        alone = self.home.serve(f"alone=127.0.0.1:{self.one.port}", port=MESH_PORT + 1)
        forward = self.away.forward(alone.ticket, "7001")
        self.assertEqual(forward.ports, {"alone": 7001})

    def test_ssh_lines_are_accepted(self):
        forward = self.away.forward(self.serve.ticket, "-L", "7001:one", "-L", "127.0.0.1:7002:two", ready=2)
        self.assertEqual(forward.ports, {"one": 7001, "two": 7002})

    def test_ticket_comes_from_a_file_and_from_stdin(self):
        path = self.file("ticket")
        with open(path, "w", encoding="ascii") as f:
            f.write(self.serve.ticket + "\n")
        forward = self.away.forward("--ticket-file", path, "0:one")
        echo_intact(self, self.cli, forward.port)
        with open(path, "rb") as f:
            forward = self.away.forward("-", "0:one", stdin=f)
        echo_intact(self, self.cli, forward.port)

    def test_local_port_in_use_is_told_and_ends_with_1(self):
        """Scorecard row 44."""
        holder = self.cli.listen(7001)
        done = self.away.run("forward", self.serve.ticket, "7001:one")
        self.assertEqual(done.code, 1, done.err)
        self.assertIn("127.0.0.1:7001", done.err)
        self.assertRegex(done.err, "(?i)in use")
        holder.close()
        taken = self.home.run("serve", "--listen", f"{self.srv.address}:{MESH_PORT}", "x=22")
        self.assertEqual(taken.code, 1, taken.err)
        self.assertIn(f"{self.srv.address}:{MESH_PORT}", taken.err)
        self.assertRegex(taken.err, "(?i)in use")

    def test_privileged_and_foreign_addresses_are_told_and_end_with_1(self):
        """Scorecard row 44."""
        user = nobody(self, self.cli, "user")
        done = user.run("forward", self.serve.ticket, "80:one")
        self.assertEqual(done.code, 1, done.err)
        self.assertIn("127.0.0.1:80", done.err)
        self.assertRegex(done.err, "(?i)permission|privileged|allowed")
        foreign = user.run("forward", self.serve.ticket, "198.51.100.7:7001:one")
        self.assertEqual(foreign.code, 1, foreign.err)
        self.assertIn("198.51.100.7:7001", foreign.err)


if __name__ == "__main__":
    lab.main()
