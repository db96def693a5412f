"""gof connect: one connection on stdin and stdout."""

import hashlib
import os
import signal
import socket
import subprocess
import time

import lab
from lab import GOF
from peer import Pair
from sshd import Sshd
from traffic import MIB, Digest, Held, Source, Target, background, drain, echo, exactly, reset

SIZE = 64 * MIB


class Pipe:
    """A gof connect whose stdin and stdout are this test's."""

    def __init__(self, case, *words, out=None, **options):
        argv = case.cli.argv(GOF, "connect", *words)
        self.errors = open(case.file(f"errors-{len(os.listdir(case.work))}"), "w+", encoding="utf-8")
        self.child = subprocess.Popen(argv, env=case.away.environment(), stdin=subprocess.PIPE,
                                      stdout=out or subprocess.PIPE, stderr=self.errors, bufsize=0, **options)
        case.addCleanup(self.end)

    def send(self, source):
        for piece in source.pieces():
            self.child.stdin.write(piece)
        self.child.stdin.close()

    def read(self):
        into = Digest()
        while data := self.child.stdout.read(65536):
            into.take(data)
        return into

    def wait(self, within=10.0):
        code = self.child.wait(within)
        return code if code >= 0 else 128 - code

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def end(self):
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout, self.errors):
            if pipe:
                pipe.close()


class Connect(Pair):
    def serve_with(self, handler, *words, name="data"):
        self.target = Target(self.srv, handler)
        self.serve = self.home.serve(*words, f"{name}=127.0.0.1:{self.target.port}")
        return self.serve.ticket

    def nothing_left(self, within=5.0):
        """serve has no connection any more, nor a descriptor of one."""
        def counted():
            done = self.home.run("status", "--json")
            return '"open":0' in done.out and '"peers":[]' in done.out and '"links":[]' in done.out

        self.eventually("serve has nothing left of it", counted, within)

    def held(self):
        """An open connection: its gof connect, and the target's end."""
        held = Held()
        ticket = self.serve_with(held)
        pipe = Pipe(self, ticket)
        pipe.child.stdin.write(b"!")
        return pipe, held.take()

    def test_bytes_pass_both_ways_at_once_and_whole(self):
        source = Source(SIZE, seed=3)
        pipe = Pipe(self, self.serve_with(echo))
        started = time.monotonic()
        sending = background(pipe.send, source)
        back = pipe.read()
        sending()
        self.assertEqual(pipe.wait(), 0, pipe.said())
        self.assertEqual((back.size, back.hex()), (SIZE, source.digest()))
        self.assertEqual(pipe.said(), "")
        self.told("64 MiB there and back through pipes", f"{time.monotonic() - started:.1f} s")
        self.nothing_left()

    def test_ssh_comes_through_and_leaves_nothing_behind(self):
        sshd = Sshd(self.file("sshd"), 22)
        self.srv.spawn(*sshd.argv()).wait_for("Server listening")
        self.serve = self.home.serve("ssh=22")
        ticket = self.file("ticket")
        with open(ticket, "w", encoding="ascii") as f:
            f.write(self.serve.ticket + "\n")
        os.chmod(ticket, 0o600)
        proxy = f"ProxyCommand={GOF} connect --ticket-file {ticket} ssh"
        done = self.cli.run(*sshd.client(22, "-o", proxy), "echo there; exit 3", env=self.away.environment())
        self.assertEqual((done.code, done.out, done.err), (3, "there\n", ""))
        self.nothing_left()
        wanted = Source(8 * MIB, seed=9).write(self.file("source"))
        with open(self.file("source"), "rb") as f:
            done = subprocess.run(self.cli.argv(*sshd.client(22, "-o", proxy), "sha256sum"), stdin=f, timeout=30,
                                  capture_output=True, text=True, env=self.away.environment(), check=False)
        self.assertEqual((done.returncode, done.stdout.split()[0]), (0, wanted), done.stderr)
        self.nothing_left()
        self.assertNotIn("lost", "\n".join(self.serve.said("err")))

    def test_end_of_stdin_is_a_half_close(self):
        def count(sock):
            size = drain(sock).size
            sock.sendall(b"%d bytes, then the end\n" % size * 10_000)

        pipe = Pipe(self, self.serve_with(count))
        pipe.send(Source(100_000))
        self.assertEqual(pipe.read().hex(), hashlib.sha256(b"100000 bytes, then the end\n" * 10_000).hexdigest())
        self.assertEqual(pipe.wait(), 0)

    def test_target_may_end_first(self):
        pipe, sock = self.held()
        sock.sendall(b"the last word")
        sock.shutdown(socket.SHUT_WR)
        self.assertEqual(pipe.child.stdout.read(100), b"the last word")
        pipe.child.stdin.write(b"no, mine")
        self.assertEqual(exactly(sock, 8), b"no, mine")
        pipe.child.stdin.close()
        self.assertEqual(sock.recv(1), b"")
        self.assertEqual(pipe.wait(), 0)
        sock.close()

    def test_stdin_may_be_a_file_or_nothing(self):
        ticket = self.serve_with(echo)
        path = self.file("question")
        wanted = Source(3 * MIB, seed=4).write(path)
        with open(path, "rb") as stdin, open(self.file("answer"), "wb") as stdout:
            child = subprocess.run(self.cli.argv(GOF, "connect", ticket), stdin=stdin, stdout=stdout, timeout=20,
                                   env=self.away.environment(), check=False)
        self.assertEqual(child.returncode, 0)
        with open(self.file("answer"), "rb") as f:
            self.assertEqual(hashlib.file_digest(f, "sha256").hexdigest(), wanted)
        done = self.away.run("connect", ticket)  # stdin is /dev/null
        self.assertEqual((done.code, done.out, done.err), (0, "", ""))
        done = self.cli.run("sh", "-c", f"exec {GOF} connect {ticket} <&-", env=self.away.environment())
        self.assertEqual((done.code, done.out, done.err), (0, "", ""))

    def test_refused_target_is_69_with_the_reason(self):
        ticket = self.serve_with(echo)
        self.target.close()
        done = self.away.run("connect", ticket)
        self.assertEqual((done.code, done.out), (69, ""))
        self.assertRegex(done.err, rf"127\.0\.0\.1:{self.target.port} on home refused")
        self.assertEqual(len(done.err.splitlines()), 1)

    def test_absent_peer_is_69_with_the_reason(self):
        ticket = self.serve_with(echo)
        self.assertEqual(self.serve.stop(), 0)
        done = self.away.run("connect", "--connect-timeout", "2s", ticket)
        self.assertEqual((done.code, done.out), (69, ""))
        self.assertRegex(done.err, r"no address of the ticket answered: 203\.0\.113\.10:9999")
        self.assertEqual(len(done.err.splitlines()), 1)

    def test_reset_in_mid_stream_is_1_and_what_came_before_is_written(self):
        pipe, sock = self.held()
        sock.sendall(b"so far")
        self.assertEqual(pipe.child.stdout.read(6), b"so far")
        reset(sock)
        self.assertEqual(pipe.wait(), 1)
        self.assertEqual(pipe.child.stdout.read(), b"")
        self.assertRegex(pipe.said(), "reset")

    def test_several_services_are_named_and_one_is_picked(self):
        ticket = self.serve_with(echo, "other=127.0.0.1:9")
        done = self.away.run("connect", ticket)
        self.assertEqual((done.code, done.out), (2, ""))
        self.assertRegex(done.err, "(?s)(?=.*data)(?=.*other)")
        done = self.away.run("connect", ticket, "daat")
        self.assertEqual(done.code, 2)
        self.assertRegex(done.err, "(?s)(?=.*'daat')(?=.*data)(?=.*other)")
        self.assertEqual(self.away.run("connect", ticket, "data").code, 0)

    def test_withdrawn_ticket_is_77(self):
        ticket = self.serve_with(echo)
        self.assertEqual(self.home.run("ticket", "--new", "data").code, 0)
        done = self.away.run("connect", ticket)
        self.assertEqual((done.code, done.out), (77, ""))
        self.assertRegex(done.err, "(?i)withdrawn")
        self.assertLess(done.seconds, 5.0)

    def test_ticket_that_is_withdrawn_ends_the_connection(self):
        pipe, sock = self.held()
        self.assertEqual(self.home.run("ticket", "--new", "data").code, 0)
        self.assertIn(pipe.wait(), (1, 77))
        with self.assertRaises(ConnectionResetError):
            drain(sock)

    def test_stdout_that_nobody_reads_any_more_ends_it_with_1(self):
        def stream(sock):
            while True:
                sock.sendall(b"x" * 65536)

        read, write = os.pipe()
        pipe = Pipe(self, self.serve_with(stream), out=write)
        os.close(write)
        os.read(read, 1)
        os.close(read)
        self.assertEqual(pipe.wait(), 1)
        self.assertRegex(pipe.said(), r"standard output: Broken pipe")
        self.assertEqual(len(pipe.said().splitlines()), 1)
        self.nothing_left()

    def test_signal_ends_it_at_once_and_the_peer_is_told(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                pipe, sock = self.held()
                started = time.monotonic()
                pipe.child.send_signal(number)
                self.assertEqual(pipe.wait(), 128 + number)
                self.measured(f"the end by signal {number} took", time.monotonic() - started, 0.2)
                with self.assertRaises(ConnectionResetError):
                    drain(sock)
                self.nothing_left(within=2.0)
                self.assertEqual(pipe.said(), "")
                self.assertEqual(self.serve.stop(), 0)
                said = "\n".join(self.serve.said("err"))
                for word in ("lost", "left"):
                    self.assertNotIn(word, said)

    def test_signal_ends_it_while_it_waits_for_the_peer_or_for_its_reader(self):
        ticket = self.serve_with(lambda sock: sock.sendall(b"x" * 8 * MIB))
        pipe = Pipe(self, ticket)  # stdout is not read
        self.target.wait_accepted(1)
        self.eventually("the pipe is full", lambda: self.target.ended == 0 and pipe.child.poll() is None)
        lab.hold(0.5)
        pipe.child.terminate()
        self.assertEqual(pipe.wait(), 128 + signal.SIGTERM)
        self.serve.signal(signal.SIGSTOP)
        pipe = Pipe(self, ticket)
        lab.hold(0.5)
        pipe.child.terminate()
        self.assertEqual(pipe.wait(), 128 + signal.SIGTERM)

    def test_hang_up_that_is_ignored_changes_nothing(self):
        ticket = self.serve_with(echo)
        pipe = Pipe(self, ticket, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        pipe.child.stdin.write(b"here")
        self.assertEqual(pipe.child.stdout.read(4), b"here")
        pipe.child.send_signal(signal.SIGHUP)
        pipe.child.stdin.write(b"still")
        self.assertEqual(pipe.child.stdout.read(5), b"still")
        pipe.child.stdin.close()
        self.assertEqual(pipe.wait(), 0)

    def test_short_cut_is_survived(self):
        pipe, sock = self.held()
        self.lab.cut()
        sock.sendall(b"waits")
        lab.hold(2.0)
        self.lab.heal()
        self.assertEqual(pipe.child.stdout.read(5), b"waits")
        pipe.child.stdin.close()
        sock.close()
        self.assertEqual(pipe.wait(), 0)


if __name__ == "__main__":
    lab.main()
