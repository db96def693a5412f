"""What stdin and stdout of gof connect may be, and which side ends first."""

import fcntl
import os
import pty
import select
import socket
import subprocess
import time

import lab
from lab import GOF
from traffic import (MIB, PIECE, Digest, Held, Source, Target, background, drain, echo, exactly, hash_of, reset,
                     time_to_reset)
from ways import Ways

LONG = 20 * MIB  # more than all buffers on the path hold


def read_to_end(descriptor):
    into = Digest()
    while data := os.read(descriptor, PIECE):
        into.take(data)
    os.close(descriptor)
    return into


def write_and_end(descriptor, source):
    for piece in source.pieces():
        while piece:
            piece = piece[os.write(descriptor, piece):]
    os.close(descriptor)


def flags_of(descriptor):
    return fcntl.fcntl(descriptor, fcntl.F_GETFL)


class Stdio(Ways):
    def connect(self, way, handler, stdin, stdout):
        """A gof connect with these descriptors, which this closes, to a target with that handler."""
        self.target = Target(self.srv, handler)
        self.server = self.serve(way, f"data=127.0.0.1:{self.target.port}")
        self.errors = self.file(f"errors-{len(os.listdir(self.work))}")
        with open(self.errors, "w", encoding="utf-8") as errors:
            child = subprocess.Popen(self.cli.argv(GOF, "connect", self.server.ticket), stdin=stdin, stdout=stdout,
                                     stderr=errors, env=self.away.environment())
        for descriptor in {stdin, stdout}:
            os.close(descriptor)
        self.addCleanup(lambda: child.poll() is None and (child.kill(), child.wait()))
        return child

    def held(self, way, stdin, stdout, speak):
        """The same, and the target's end once speak(b"!") has arrived there."""
        held = Held()
        child = self.connect(way, held, stdin, stdout)
        speak(b"!")
        sock = held.take()
        sock.settimeout(20)
        self.addCleanup(sock.close)
        return child, sock

    def said(self):
        with open(self.errors, encoding="utf-8") as f:
            return f.read()

    def ends(self, child, code, within=10.0):
        self.assertEqual(child.wait(within), code, self.said())

    def socket_pair(self, family):
        """Our end, and the descriptor for gof."""
        if family == socket.AF_UNIX:
            ours, its = socket.socketpair()
        else:
            with self.cli.listen() as door:
                ours = self.cli.connect(door.getsockname()[1])
                its, _ = door.accept()
        self.addCleanup(ours.close)
        ours.settimeout(20)
        return ours, its.detach()


class Ends(Stdio):
    """Each direction ends by itself and at once; the process ends with the second."""

    def test_end_of_the_target_closes_stdout_while_stdin_is_open(self):
        def check(way):
            out, stdout = os.pipe()
            stdin, into = os.pipe()
            child, sock = self.held(way, stdin, stdout, lambda word: os.write(into, word))
            sock.sendall(b"bye")
            sock.shutdown(socket.SHUT_WR)
            started = time.monotonic()
            self.assertEqual(read_to_end(out).size, 3)
            self.measured(f"{way}: stdout closed behind the target's end", time.monotonic() - started, 0.5)
            os.write(into, b"more")
            self.assertEqual(exactly(sock, 4), b"more")
            self.assertIsNone(child.poll())
            os.close(into)
            self.assertEqual(sock.recv(1), b"")
            self.ends(child, 0)

        self.each_way(check)

    def test_one_socket_may_be_both_and_each_side_ends_alone(self):
        def check(way):
            for family in (socket.AF_UNIX, socket.AF_INET):
                ours, number = self.socket_pair(family)
                child, sock = self.held(way, number, number, ours.sendall)
                sock.sendall(b"bye")
                sock.shutdown(socket.SHUT_WR)
                self.assertEqual(drain(ours).size, 3)
                ours.sendall(b"more")
                self.assertEqual(exactly(sock, 4), b"more")
                ours.shutdown(socket.SHUT_WR)
                self.assertEqual(sock.recv(1), b"")
                self.ends(child, 0)
                self.server.kill()

        self.each_way(check)

    def test_end_of_stdin_passes_while_the_target_says_nothing_and_goes_on(self):
        def check(way):
            ours, number = self.socket_pair(socket.AF_INET)
            child, sock = self.held(way, number, number, ours.sendall)
            ours.shutdown(socket.SHUT_WR)
            self.assertEqual(sock.recv(1), b"")
            answer = Source(LONG, seed=5)
            sending = background(answer.send, sock)
            got = background(drain, ours)
            sending()
            sock.shutdown(socket.SHUT_WR)
            self.assertEqual(got().hex(), answer.digest())
            self.ends(child, 0)

        self.each_way(check)

    def test_reset_of_the_socket_passes_as_one(self):
        """Even after its end, and while the target takes nothing."""
        def check(way):
            for case in ("open", "ended", "blocked"):
                ours, number = self.socket_pair(socket.AF_INET)
                child, sock = self.held(way, number, number, ours.sendall)
                if case == "ended":
                    ours.shutdown(socket.SHUT_WR)
                    self.assertEqual(sock.recv(1), b"")
                if case == "blocked":
                    fill(ours)
                reset(ours)
                if case == "ended":
                    with self.assertRaises(BrokenPipeError):  # what a reset after an end looks like
                        self.until_error(sock)
                else:
                    self.measured(f"{way}: reset of an {case} connection", time_to_reset(sock), 1.0)
                self.ends(child, 1)
                self.assertRegex(self.said(), "standard input: Connection reset by peer|Broken pipe")
                self.server.kill()

        self.each_way(check)

    def until_error(self, sock):
        poll = select.poll()
        poll.register(sock, 0)
        self.assertTrue(poll.poll(5000), "no reset within 5 s")
        sock.send(b"x")


def fill(sock, quiet=1.0):
    sock.settimeout(quiet)
    try:
        while True:
            sock.send(bytes(PIECE))
    except TimeoutError:
        pass


class Descriptors(Stdio):
    """Descriptors may be shared with other processes, so their flags are kept; gof also handles non-blocking ones."""

    def test_non_blocking_pipes_carry_all_both_ways(self):
        """Slow readers and writers on both sides: each end is empty and full many times."""
        def check(way):
            source = Source(LONG, seed=6)
            out, stdout = os.pipe()
            stdin, into = os.pipe()
            kept = [os.dup(stdin), os.dup(stdout)]  # duplicates, as a parent has them
            for descriptor in kept:
                os.set_blocking(descriptor, False)
            before = [flags_of(d) for d in kept]
            child = self.connect(way, echo, stdin, stdout)
            lab.hold(0.5)  # stdin is empty meanwhile
            writing = background(write_and_end, into, source)
            lab.hold(0.5)  # stdout is full meanwhile
            os.close(kept.pop())
            got = read_to_end(out)
            writing()
            self.assertEqual((got.size, got.hex()), (LONG, source.digest()), self.said())
            self.ends(child, 0)
            self.assertEqual([flags_of(d) for d in kept], before[:1])
            os.close(kept[0])

        self.each_way(check)

    def test_non_blocking_socket_carries_all_both_ways(self):
        def check(way):
            for family in (socket.AF_UNIX, socket.AF_INET):
                source = Source(LONG, seed=7)
                ours, number = self.socket_pair(family)
                os.set_blocking(number, False)
                child = self.connect(way, echo, number, number)
                lab.hold(0.5)

                def send(sock=ours, what=source):
                    what.send(sock)
                    sock.shutdown(socket.SHUT_WR)

                sending = background(send)
                lab.hold(0.5)
                got = drain(ours)
                sending()
                self.assertEqual((got.size, got.hex()), (LONG, source.digest()), self.said())
                self.ends(child, 0)
                self.server.kill()

        self.each_way(check)

    def test_flags_stay_as_they_were(self):
        for blocking in (True, False):
            with self.subTest(blocking=blocking):
                out, stdout = os.pipe()
                stdin, into = os.pipe()
                mine = [os.dup(stdin), os.dup(stdout)]
                for descriptor in mine:
                    os.set_blocking(descriptor, blocking)
                before = [flags_of(d) for d in mine]
                child, sock = self.held("direct", stdin, stdout, lambda word: os.write(into, word))
                sock.sendall(b"word")
                self.assertEqual(os.read(out, 4), b"word")
                self.assertEqual([flags_of(d) for d in mine], before)
                os.close(into)
                sock.shutdown(socket.SHUT_WR)
                self.ends(child, 0)
                self.assertEqual([flags_of(d) for d in mine], before)
                for descriptor in (out, *mine):
                    os.close(descriptor)
                self.server.kill()

    def test_terminal_is_read_line_by_line_and_stays_as_it_was(self):
        def check(way):
            ours, its = pty.openpty()
            kept = os.dup(its)
            before = flags_of(kept)
            child, sock = self.held(way, its, os.dup(its), lambda word: os.write(ours, word + b"\n"))
            self.assertEqual(exactly(sock, 1), b"\n")
            sock.sendall(b"answer\n")
            sock.shutdown(socket.SHUT_WR)
            shown = b""
            while b"answer" not in shown:
                shown += os.read(ours, 100)
            os.write(ours, b"more\n")
            self.assertEqual(exactly(sock, 5), b"more\n")
            os.write(ours, b"\x04")  # ^D
            self.assertEqual(sock.recv(1), b"")
            self.ends(child, 0)
            self.assertEqual(flags_of(kept), before)
            for descriptor in (ours, kept):
                os.close(descriptor)

        self.each_way(check)

    def test_files_are_read_and_written_whole(self):
        def check(way):
            wanted = Source(LONG, seed=8).write(self.file("question"))
            child = self.connect(way, echo, os.open(self.file("question"), os.O_RDONLY | os.O_NONBLOCK),
                                 os.open(self.file("answer"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
            self.ends(child, 0, within=20.0)
            self.assertEqual(hash_of(self.file("answer")), wanted)

        self.each_way(check)

    def test_ticket_is_read_from_a_non_blocking_stdin(self):
        target = Target(self.srv, echo)
        server = self.serve("direct", f"data=127.0.0.1:{target.port}")
        stdin, into = os.pipe()
        os.set_blocking(stdin, False)
        forward = self.away.spawn("forward", "-", "0:data", stdin=stdin)
        os.close(stdin)
        lab.hold(0.3)
        os.write(into, server.ticket.encode() + b"\n")
        os.close(into)
        forward.wait_for("ready 127.0.0.1:")


class Broken(Stdio):
    """What does not arrive whole is a reset for the target, and here exit code 1 with the reason."""

    def broken(self, way, handler, stdin, stdout, words):
        seen = []

        def watched(sock):
            try:
                handler(sock)
                drain(sock)
                seen.append("end")
            except ConnectionResetError:
                seen.append("reset")

        child = self.connect(way, watched, stdin, stdout)
        self.ends(child, 1)
        self.assertRegex(self.said(), words)
        self.assertEqual(len(self.said().splitlines()), 1)
        # An error at the start may be found before the target is dialled.
        self.eventually("the target's connection is over", lambda: self.target.accepted == len(seen))
        self.assertNotIn("end", seen)

    def test_full_disk_behind_stdout(self):
        self.each_way(lambda way: self.broken(
            way, lambda sock: sock.sendall(b"word"), quiet_pipe(self), os.open("/dev/full", os.O_WRONLY),
            "standard output: No space left on device; the connection was reset"))

    def test_pipe_that_nobody_reads(self):
        def gone():
            read, write = os.pipe()
            os.close(read)
            return write

        self.each_way(lambda way: self.broken(
            way, lambda sock: sock.sendall(b"word"), quiet_pipe(self), gone(),
            "standard output: Broken pipe; the connection was reset"))

    def test_stdin_that_cannot_be_read_is_no_end(self):
        self.each_way(lambda way: self.broken(
            way, lambda sock: None, os.open("/", os.O_RDONLY), os.open("/dev/null", os.O_WRONLY),
            "standard input: Is a directory; the connection was reset"))

    def test_stdout_that_is_closed_at_the_start(self):
        target = Target(self.srv, lambda sock: sock.sendall(b"word"))
        ticket = self.serve("direct", f"data=127.0.0.1:{target.port}").ticket
        done = self.cli.run("sh", "-c", f"exec {GOF} connect {ticket} >&-", env=self.away.environment())
        self.assertEqual((done.code, done.out), (1, ""))
        self.assertRegex(done.err, "standard output: Bad file descriptor")
        silent = Target(self.srv, drain)
        ticket = self.serve("relay", f"data=127.0.0.1:{silent.port}").ticket
        done = self.cli.run("sh", "-c", f"exec {GOF} connect {ticket} >&- <&-", env=self.away.environment())
        self.assertEqual((done.code, done.err), (0, ""))


def quiet_pipe(case):
    """A stdin that neither gives anything nor ends before the test does."""
    stdin, into = os.pipe()
    case.addCleanup(os.close, into)
    return stdin


if __name__ == "__main__":
    lab.main()
