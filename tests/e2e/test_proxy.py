"""gof connect as a ProxyCommand of OpenSSH, and with socat: nothing hangs, whichever side ends first."""

import os
import subprocess

import lab
from lab import GOF
from sshd import Sshd
from traffic import MIB, Source, Target, echo, echo_intact, hash_of
from ways import Ways

LONG = 20 * MIB  # more than all buffers on the path hold


class Proxy(Ways):
    def socat(self, host, *addresses, env=None):
        """A socat that connects LISTEN, a free port of the host's loopback, with that address. Returns the port."""
        listen = "TCP-LISTEN:0,bind=127.0.0.1,fork,reuseaddr"
        words = [listen if word == "LISTEN" else word for word in addresses]
        process = host.spawn("socat", "-d", "-d", *words, env=env)
        return int(process.wait_for(r"listening on AF=2 127\.0\.0\.1:(\d+)").group(1))


class Ssh(Proxy):
    """OpenSSH's client and server."""

    def sshd(self, **more):
        self.daemon = Sshd(self.file("sshd"), 22)
        with open(self.daemon.path("sshd_config"), "a", encoding="utf-8") as f:
            f.writelines(f"{key} {value}\n" for key, value in more.items())
        self.srv.spawn(*self.daemon.argv()).wait_for("Server listening")

    def proxy(self, way, target="22"):
        self.server = self.serve(way, f"ssh={target}")
        return ["-o", f"ProxyCommand={GOF} connect {self.server.ticket} ssh"]

    def ssh(self, proxy, *words, **options):
        argv = self.daemon.client(22, *proxy)
        return self.cli.run(*argv, *words, env=self.away.environment(), **options)

    def test_command_login_and_scp(self):
        self.sshd()
        size = 32 * MIB
        wanted = Source(size, seed=2).write(self.file("here"))

        def check(way):
            proxy = self.proxy(way)
            done = self.ssh(proxy, "echo there; exit 3")
            self.assertEqual((done.code, done.out, done.err), (3, "there\n", ""))
            done = self.ssh([*proxy, "-tt"], "sh", input="read word; echo got $word; tty\nfish\nexit\n")
            self.assertEqual(done.code, 0, done.err)
            self.assertRegex(done.out, r"(?s)got fish.*/dev/pts/")
            for source, to in ((self.file("here"), "root@127.0.0.1:" + self.file("there")),
                               ("root@127.0.0.1:" + self.file("there"), self.file("back"))):
                done = self.cli.run("scp", *self.daemon.options(), *proxy, source, to, env=self.away.environment())
                self.assertEqual(done.code, 0, done.err)
            self.assertEqual((hash_of(self.file("there")), hash_of(self.file("back"))), (wanted, wanted))

        self.each_way(check)

    def test_full_server_ends_first(self):
        """One connection that never logs in takes the only slot (MaxStartups)."""
        self.sshd(MaxStartups="1", LoginGraceTime="60")
        with self.srv.connect(22) as first:
            self.assertTrue(first.recv(4))

            def check(way):
                done = self.ssh(self.proxy(way), "true", timeout=15)
                self.assertEqual(done.code, 255)
                self.assertRegex(done.err, "(?i)closed|reset|exceeded")
                self.measured(f"{way}: ssh ended at a server that was full", done.seconds, 2.0)

            self.each_way(check)

    def test_server_that_closes_before_or_behind_its_greeting_ends_ssh(self):
        self.sshd()
        for greeting in ("true", "echo SSH-2.0-gone; sleep 0.2"):
            with self.subTest(greeting=greeting):
                port = self.socat(self.srv, "LISTEN", f"SYSTEM:{greeting}")

                def check(way, at=port):
                    done = self.ssh(self.proxy(way, f"127.0.0.1:{at}"), "true", timeout=15)
                    self.assertEqual(done.code, 255)
                    self.measured(f"{way}: ssh ended", done.seconds, 2.0)

                self.each_way(check)

    def test_forwarded_stdin_and_stdout_end_with_the_server_behind_it(self):
        """ssh -W to a server that ends first, and a second ssh through the first."""
        self.sshd()
        bye = Target(self.srv, lambda sock: sock.sendall(b"bye\n"))

        def check(way):
            proxy = self.proxy(way)
            stdin, into = os.pipe()
            argv = self.cli.argv(*self.daemon.client(22, *proxy, "-W", f"127.0.0.1:{bye.port}"))
            done = subprocess.run(argv, stdin=stdin, capture_output=True, timeout=15, check=False,
                                  env=self.away.environment())
            self.assertEqual((done.returncode, done.stdout), (0, b"bye\n"), done.stderr)
            os.close(stdin)
            os.close(into)
            inner = " ".join(f"'{word}'" if " " in word else word for word in
                             self.daemon.client(22, "-o", proxy[1].replace("'", ""), "-W", "127.0.0.1:22"))
            done = self.ssh(["-o", f"ProxyCommand={inner}"], "echo behind; exit 4")
            self.assertEqual((done.code, done.out), (4, "behind\n"), done.err)

        self.each_way(check)


class Socat(Proxy):
    """socat at both ends, which passes on ends as its options say."""

    def test_whole_answer_of_a_server_that_ends_first(self):
        wanted = Source(LONG, seed=12).write(self.file("answer"))

        def check(way):
            port = self.socat(self.srv, "-u", f"OPEN:{self.file('answer')}", "LISTEN")
            self.server = self.serve(way, f"data=127.0.0.1:{port}")
            path = self.file(f"got-{way}")
            done = self.cli.run("socat", "-u", f"EXEC:{GOF} connect {self.server.ticket} data", f"CREATE:{path}",
                                env=self.away.environment(), timeout=20)
            self.assertEqual((done.code, done.err), (0, ""))
            self.assertEqual(hash_of(path), wanted)

        self.each_way(check)

    def test_started_by_socat_it_is_a_server_whose_clients_end_on_their_own(self):
        """stdin and stdout are a unix socket pair, or the accepted connection itself."""
        def check(way):
            self.target = Target(self.srv, echo)
            self.server = self.serve(way, f"data=127.0.0.1:{self.target.port}")
            for option in ("", ",nofork"):
                port = self.socat(self.cli, "LISTEN", f"EXEC:{GOF} connect {self.server.ticket} data{option}",
                                  env=self.away.environment())
                for seed in range(3):
                    echo_intact(self, self.cli, port, size=4 * MIB, seed=seed)

        self.each_way(check)


if __name__ == "__main__":
    lab.main()
