"""The EXAMPLES of the man pages, run by a shell exactly as printed, with stand-ins for the hosts they name; and the
configuration files of gof.conf(5).

A line or a file without a test below is a failure, too.
"""

import glob
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import threading

import lab
from lab import GOF, WORK, Case
from peer import READY, TICKET, Peer
from sshd import Sshd
from ticket import JoinTicket, Ticket
from traffic import Target, drain, echo, echo_intact

ESCAPES = {"\\-": "-", "\\(aq": "'", "\\(dq": '"', "\\(ga": "`", "\\(ha": "^", "\\(ti": "~", "\\e": "\\"}


def as_pasted(text):
    return re.sub(r"\\(?:\(..|.)", lambda m: ESCAPES[m.group(0)], text)


def examples():
    """Each line after a prompt in the EXAMPLES of a page, as a reader pastes it."""
    found = set()
    for page in glob.glob(os.path.join(lab.root_of_tree(), "man", "*.[157]")):
        with open(page, encoding="utf-8") as f:
            section = re.search(r"(?ms)^\.Sh EXAMPLES\n(.*?)(?=^\.Sh |\Z)", f.read())
        for line in re.findall(r"(?m)^\$ (.*)$", section.group(1) if section else ""):
            found.add(as_pasted(line))
    return found


def files():
    """The files that gof.conf(5) shows, by the comment in their first line."""
    with open(os.path.join(lab.root_of_tree(), "man", "gof.conf.5"), encoding="utf-8") as f:
        shown = re.findall(r"(?ms)^\.Bd -literal[^\n]*\n(.*?)^\.Ed$", f.read())
    return {text.split("\n", 1)[0]: as_pasted(text) for text in shown if re.search(r"(?m)^\[", text)}


EXAMPLES = examples()
FILES = files()
with open(__file__, encoding="utf-8") as own:
    SOURCE = own.read()


def setUpModule():
    """Folders that examples write to and names that they use, in this test's namespace only."""
    etc = os.path.join(WORK, "etc")
    subprocess.run(["cp", "-a", "/etc", etc], check=True)
    os.mkdir(os.path.join(etc, "gof"), mode=0o700)
    with open(os.path.join(etc, "hosts"), "a", encoding="ascii") as f:
        f.write("203.0.113.10 db.lan home.example relay.example\n")
    lab.sh("mount", "--bind", etc, "/etc")
    lab.sh("mount", "-t", "tmpfs", "-o", "mode=1777", "examples", "/tmp")


class Examples(Case):
    """`home` on srv has the services, `away` on cli uses them."""

    def setUp(self):
        super().setUp()
        self.home = Peer(self, self.srv, "home")
        self.away = Peer(self, self.cli, "away")
        self.bin = self.file("bin")
        os.mkdir(self.bin)
        os.symlink(GOF, os.path.join(self.bin, "gof"))

    def words(self, line, ticket, join=None):
        self.assertIn(line, EXAMPLES, "no page has this example any more")
        line = line.replace("--join TICKET", f"--join {join}") if join else line
        return ["sh", "-c", line.replace("TICKET", ticket or "TICKET")]

    def surroundings(self, peer, **variables):
        return {"env": peer.environment(PATH=f"{self.bin}:{os.environ['PATH']}", **variables), "cwd": peer.home}

    def start(self, peer, line, ticket=None, join=None, **variables):
        words = self.words(line, ticket, join)
        return peer.host.spawn(*words[:2], "exec " + words[2], **self.surroundings(peer, **variables))

    def finish(self, peer, line, ticket=None):
        """Returns the output of a line, which must succeed."""
        done = peer.host.run(*self.words(line, ticket), **self.surroundings(peer))
        self.assertEqual(done.code, 0, done.err)
        return done.out

    def serve(self, peer, line, ticket=None):
        process = self.start(peer, line, ticket)
        process.ticket = process.wait_for(TICKET, stream="out").group(0)
        return process

    def forward(self, line, ticket=None, ready=READY):
        process = self.start(self.away, line, ticket)
        process.ready = process.wait_for(ready, stream="err")
        return process

    def keep(self, peer, ticket):
        """Writes the file `ticket`, which some lines read."""
        self.put(ticket + "\n", peer.home, "ticket")

    def put(self, text, *path, mode="w"):
        name = os.path.join(*path)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, mode, encoding="utf-8") as f:
            f.write(text)

    def file_of(self, name, peer_id=None):
        """A file of gof.conf(5), with the id of an existing peer in it."""
        self.assertIn(name, FILES, "gof.conf(5) has this file no more")
        return re.sub(r"\b[a-z2-7]{52}\b", peer_id or "NOBODY", FILES[name])

    def configure(self, peer, text):
        """Writes the file that `gof run` reads by default."""
        self.put(text, peer.home, "config", "gof", "gof.conf")

    def log_in_there(self):
        """An ordinary SSH server on srv."""
        self.sshd = Sshd(self.file("sshd"), 22)
        self.srv.spawn(*self.sshd.argv()).wait_for("Server listening")

    def logs_in(self, port=2222):
        done = self.cli.run(*self.sshd.client(port), "echo there")
        self.assertEqual((done.code, done.out), (0, "there\n"), done.err)

    def test_every_example_is_run(self):
        self.assertGreater(len(EXAMPLES), 15)
        for line in sorted(EXAMPLES):
            self.assertTrue(f'"{line}"' in SOURCE, f"nothing here runs: {line}")
        self.assertGreater(len(FILES), 4)
        for name in FILES:
            self.assertTrue(f'"{name}"' in SOURCE, f"nothing here runs the file: {name}")

    def test_ssh_server_is_served_and_forwarded(self):
        self.log_in_there()
        serve = self.serve(self.home, "gof serve ssh=22")
        self.forward("gof forward TICKET 2222:ssh", serve.ticket)
        self.logs_in()

    def test_two_services_go_with_one_ticket(self):
        Target(self.srv, echo, 8080)
        Target(self.srv, echo, 5432, self.srv.address)
        serve = self.serve(self.home, "gof serve web=8080 db=db.lan:5432")
        forward = self.forward("gof forward TICKET", serve.ticket, r"ready 127\.0\.0\.1:5432 ")
        forward.wait_for(r"ready 127\.0\.0\.1:8080 ", stream="err")
        for port in (8080, 5432):
            echo_intact(self, self.cli, port)
        self.assertEqual(forward.stop(), 0)
        forward = self.forward("gof forward TICKET 0:web", serve.ticket)
        echo_intact(self, self.cli, int(forward.ready["port"]))
        self.assertEqual(forward.stop(), 0)
        self.forward("gof forward TICKET '*:8080:web'", serve.ticket)
        with self.srv.connect(8080, self.cli.address) as sock:
            sock.sendall(b"from another machine")
            self.assertEqual(sock.recv(100), b"from another machine")
        self.forward("gof forward TICKET /tmp/db.sock:db", serve.ticket, r"ready /tmp/db\.sock ")
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect("/tmp/db.sock")
            sock.sendall(b"by a path")
            self.assertEqual(sock.recv(100), b"by a path")

    def test_unix_socket_is_served(self):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind("/run/docker.sock")
        listener.listen()
        self.addCleanup(listener.close)

        def accept():
            while True:
                try:
                    sock, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=lambda s: (echo(s), s.close()), args=(sock,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        serve = self.serve(self.home, "gof serve docker=/run/docker.sock")
        forward = self.away.forward(serve.ticket, "0:docker")
        echo_intact(self, self.cli, forward.port)

    def test_eleven_ports_are_called_by_their_numbers(self):
        serve = self.serve(self.home, "gof serve 5000-5010")
        self.assertEqual(Ticket.parse(serve.ticket).services, [(str(n), n) for n in range(5000, 5011)])
        Target(self.srv, echo, 5010)
        self.away.forward(serve.ticket, "0:5010")

    def test_peers_join_by_a_relay(self):
        self.log_in_there()
        hub = Peer(self, self.cli, "hub")
        relay = self.serve(hub, "gof relay")
        serve = self.serve(self.home, "gof serve --join TICKET 22", relay.ticket)
        self.assertIn(f"{self.cli.address}:9999", Ticket.parse(serve.ticket).places())
        forward = self.forward("gof forward TICKET", serve.ticket)
        self.logs_in(int(forward.ready["port"]))

    def test_relay_is_called_by_its_name(self):
        relay = self.serve(self.home, "gof relay --advertise relay.example:9999")
        self.assertEqual(JoinTicket.parse(relay.ticket).addresses[0], "relay.example:9999")
        self.keep(self.away, relay.ticket)
        serve = self.away.spawn("serve", "--ticket-file", os.path.join(self.away.home, "ticket"), "-v", "22")
        serve.wait_for("link", stream="err")

    def test_ids_are_those_of_the_keys(self):
        own = self.finish(self.home, "gof id")
        self.assertRegex(own, r"\A[a-z2-7]{52}\n\Z")
        other = self.finish(self.home, "gof id --key /etc/gof/key")
        self.assertRegex(other, r"\A[a-z2-7]{52}\n\Z")
        self.assertNotEqual(own, other)
        self.assertEqual(stat.S_IMODE(os.stat("/etc/gof/key").st_mode), 0o600)

    def test_tickets_are_shown_explained_and_withdrawn(self):
        self.log_in_there()
        serve = self.serve(self.home, "gof serve ssh=22")
        self.assertEqual(self.finish(self.home, "gof ticket --show"), serve.ticket + "\n")
        self.keep(self.away, serve.ticket)
        told = self.finish(self.away, "gof ticket - <ticket")
        self.assertIn("service  ssh (port 22 there)\n", told)
        forward = self.forward("gof forward - 2222:ssh <ticket")
        self.logs_in()
        another = self.finish(self.home, "gof ticket --new ssh").strip()
        self.assertRegex(another, TICKET)
        self.assertNotEqual(another, serve.ticket)
        self.assertEqual(forward.stop(), 0)
        self.assertEqual(self.away.run("forward", serve.ticket, "2222:ssh").code, 77)

    def test_tickets_are_handed_over_in_files(self):
        self.log_in_there()
        serve = self.serve(self.home, "gof serve ssh=22")
        kept = os.path.join(self.home.home, "ticket")
        self.finish(self.home, "(umask 077; gof ticket --show >ticket)")
        self.assertEqual(stat.S_IMODE(os.stat(kept).st_mode), 0o600)
        os.rename(kept, os.path.join(self.away.home, "ticket"))
        self.forward("gof forward --ticket-file ticket 2222:ssh")
        self.logs_in()
        # The machine `there` is this one; whoever logs in starts in a folder of the test.
        self.stand_in_for_ssh("root@127.0.0.1", f'"cd {self.away.home} && $2"')
        os.unlink(os.path.join(self.away.home, "ticket"))
        self.finish(self.home, "gof ticket --show ssh | ssh there 'umask 077; cat >ticket'")
        handed = os.path.join(self.away.home, "ticket")
        with open(handed, encoding="ascii") as f:
            self.assertEqual(f.read(), serve.ticket + "\n")
        self.assertEqual(stat.S_IMODE(os.stat(handed).st_mode), 0o600)

    def stand_in_for_ssh(self, *words):
        """The ssh of an example: the real one, with these words, so that it reaches the server of this test."""
        path = os.path.join(self.bin, "ssh")
        with open(path, "w", encoding="ascii") as f:
            f.write(f'#!/bin/sh\nexec /usr/bin/ssh {" ".join([*self.sshd.options(), *words])}\n')
        os.chmod(path, 0o755)

    def test_one_connection_goes_through_a_pipe_and_a_proxy_command(self):
        self.log_in_there()
        serve = self.home.serve("ssh=22")
        self.assertRegex(self.finish(self.away, "gof connect TICKET ssh", serve.ticket), r"\ASSH-2\.0-")
        self.stand_in_for_ssh('"$1"', '"$2"', "root@home", "echo there")
        line = "ssh -o ProxyCommand='gof connect TICKET ssh' me@home"
        self.assertEqual(self.finish(self.away, line, serve.ticket), "there\n")
        target = Target(self.srv, echo)
        serve = Peer(self, self.srv, "other").serve(f"question=127.0.0.1:{target.port}", port=9998)
        self.put("who goes there?\n", self.away.home, "question")
        self.assertEqual(self.finish(self.away, "gof connect TICKET <question >answer", serve.ticket), "")
        with open(os.path.join(self.away.home, "answer"), encoding="ascii") as f:
            self.assertEqual(f.read(), "who goes there?\n")

    def test_running_node_is_asked(self):
        target = Target(self.srv, echo)
        serve = self.home.serve(f"echo=127.0.0.1:{target.port}")
        forward = self.away.forward(serve.ticket, "0:echo")
        self.assertRegex(self.finish(self.away, "gof status"), "home")
        self.assertEqual(json.loads(self.finish(self.away, "gof status --json"))["version"], 1)
        watch = self.start(self.away, "gof status --watch")
        watch.wait_for("home", stream="out")
        watch.wait_for("home", stream="out", since=watch.mark())
        watch.end()
        self.assertEqual(self.finish(self.away, "gof status --check || echo down"), "")
        self.assertRegex(self.finish(self.away, "gof peers"), "home")
        self.assertEqual(json.loads(self.finish(self.away, "gof peers --json"))["version"], 1)
        self.assertRegex(self.finish(self.away, "gof trace home"), r"home.* ms")
        self.assertRegex(self.finish(self.away, "gof ping --until-direct home"), r"home.* \(direct\)\n\Z")
        ping = self.start(self.away, "gof ping home")
        ping.wait_for(" ms", stream="out")
        ping.end()
        self.assertEqual(forward.stop(), 0)
        self.assertEqual(self.finish(self.away, "gof status --check || echo down").split("\n")[-2], "down")

    def test_peer_of_a_ticket_is_measured_without_a_node(self):
        target = Target(self.srv, echo)
        serve = self.home.serve(f"echo=127.0.0.1:{target.port}")
        self.assertEqual(self.finish(self.away, "gof ping -c 3 TICKET", serve.ticket).count(" ms (direct)\n"), 3)
        self.assertRegex(self.finish(self.away, "gof trace TICKET", serve.ticket), " ms")

    def test_completions_are_printed(self):
        for line, name in (("gof completion bash >gof.bash", "gof.bash"), ("gof completion zsh >_gof", "_gof"),
                           ("gof completion fish >gof.fish", "gof.fish")):
            self.assertEqual(self.finish(self.away, line), "")
            with open(os.path.join(self.away.home, name), encoding="utf-8") as f:
                self.assertIn("__complete", f.read())

    def test_names_of_gossip_port_forward(self):
        self.log_in_there()
        server = self.serve(self.home, "gof server -f 22")
        client = self.forward("gof client -c TICKET -l 2222", server.ticket)
        self.logs_in()
        for process in (client, server):
            self.assertEqual(process.stop(), 0)
        Target(self.srv, echo, 5432, self.srv.address)
        server = self.serve(self.home, "gof server -a db.lan -f 5432")
        echo_intact(self, self.cli, self.away.forward(server.ticket, "0").port)

    def test_both_ends_are_in_one_process(self):
        self.log_in_there()
        Target(self.cli, echo, 80)
        relay = self.serve(Peer(self, self.cli, "hub"), "gof relay")
        serve = self.serve(self.home, "gof serve --join TICKET 22", relay.ticket)
        both = self.start(self.away, "gof both --join TICKET -c TICKET -l 2222 -f 80", serve.ticket, relay.ticket)
        both.wait_for(READY, stream="err")
        self.logs_in()
        ticket = self.finish(self.away, "gof ticket --show").strip()
        echo_intact(self, self.srv, self.home.forward(ticket, "0:80").port)

    def test_file_of_two_services_is_run_and_one_more_is_added(self):
        self.log_in_there()
        Target(self.srv, echo, 8080)
        Target(self.srv, echo, 5432, self.srv.address)
        self.put(self.file_of("# home: two services"), "/etc/gof/gof.conf")
        serve = self.start(self.home, "gof run /etc/gof/gof.conf")
        serve.wait_for("serving web=127.0.0.1:8080 as home", stream="err")
        self.finish(self.home, "(umask 077; gof ticket --show ssh >ssh.ticket)")
        self.finish(self.home, "(umask 077; gof ticket --show web >web.ticket)")
        for name in ("ssh.ticket", "web.ticket"):
            shutil.move(os.path.join(self.home.home, name), "/etc/gof")
        self.configure(self.away, self.file_of("# laptop: two forwards"))
        self.assertEqual(self.finish(self.away, "gof run --check"), "")
        forward = self.start(self.away, "gof run")
        for local in (r"127\.0\.0\.1:2222", r"127\.0\.0\.1:8080", r"\[::1\]:8080"):
            forward.wait_for(rf"ready {local} -> home/", stream="err")
        self.logs_in()
        self.stand_in_for_ssh('"$1"', '"$2"', "root@home", "echo there")
        self.assertEqual(self.finish(self.away, "ssh -o ProxyCommand='gof connect home' me@home"), "there\n")
        with self.cli.connect(8080) as held:
            self.put(self.file_of("# home: one service more"), "/etc/gof/gof.conf", mode="a")
            serve.signal(signal.SIGHUP)
            serve.wait_for("was read again: 3 services", stream="err")
            held.sendall(b"as if nothing was")
            held.shutdown(socket.SHUT_WR)
            self.assertEqual(drain(held).size, 17)
        ticket = self.home.run("ticket", "--show", "db").out.strip()
        echo_intact(self, self.cli, self.away.forward(ticket, "0:db").port)
        for process in (forward, serve):
            self.assertEqual(process.stop(), 0)

    def test_three_machines_need_no_ticket_for_a_service(self):
        self.log_in_there()
        relay = self.serve(Peer(self, self.cli, "hub"), "gof relay")
        self.put(relay.ticket + "\n", "/etc/gof/join.ticket")
        ids = {peer: self.finish(peer, "gof id").strip() for peer in (self.home, self.away)}
        self.configure(self.home, self.file_of("# home: for one peer alone", ids[self.away]))
        self.configure(self.away, self.file_of("# laptop: by id", ids[self.home]))
        self.start(self.home, "gof run").wait_for("serving ssh=localhost:22", stream="err")
        self.start(self.away, "gof run").wait_for(r"ready 127\.0\.0\.1:2222 -> \S+/ssh", stream="err")
        self.logs_in()

    def test_one_file_serves_and_forwards(self):
        self.log_in_there()
        hub = Peer(self, self.cli, "hub")
        relay = self.serve(hub, "gof relay")
        self.put(relay.ticket + "\n", "/etc/gof/join.ticket")
        target = Target(self.cli, echo)
        shop = Peer(self, self.cli, "shop").serve(f"db=127.0.0.1:{target.port}", "--join", relay.ticket, port=None)
        self.put(shop.ticket + "\n", "/etc/gof/db.ticket")
        text = self.file_of("# home: one of each")
        self.put(text, "/etc/gof/site.conf")
        self.put(text, self.home.home, "site.conf")
        self.assertEqual(self.finish(self.home, "gof run --check site.conf"), "")
        both = self.start(self.home, "gof run /etc/gof/site.conf")
        both.wait_for(r"ready 127\.0\.0\.1:5432 -> shop/db ", stream="err")
        echo_intact(self, self.srv, 5432)
        ticket = self.home.run("ticket", "--show", "ssh").out.strip()
        self.logs_in(self.away.forward(ticket, "0:ssh").port)
        self.assertEqual(both.stop(), 0)

    def test_mesh_in_one_process_is_shown(self):
        self.assertRegex(self.finish(self.away, "gof demo"), r"(?m)^right ")
        self.assertTrue(json.loads(self.finish(self.away, "gof demo --size 1M --json"))["right"])


if __name__ == "__main__":
    lab.main()
