"""A node's life: readiness, the end by signals, closed outputs, a jumping clock, and protected secrets."""

import os
import resource
import signal
import time

import lab
from lab import NOBODY
from peer import MESH_PORT, READY, Pair, nobody
from ticket import Ticket
from traffic import (MIB, Held, Target, background, drain, echo, echo_intact, exactly, hello, time_to_reset)

CLOCK = os.environ.get("GOF_TEST_CLOCK", "")


class Readiness(Pair):
    def test_forward_is_ready_once_the_target_answers_and_not_before(self):
        target = Target(self.srv, echo)
        target.close()
        serve = self.home.serve(f"echo=127.0.0.1:{target.port}")
        forward = self.away.spawn("forward", serve.ticket, "7001:echo")
        forward.wait_for(r"(?i)refused", stream="err")
        self.assertFalse([line for line in forward.said() if "ready 127" in line])
        back = Target(self.srv, echo, port=target.port)
        ready = forward.wait_for(READY, within=10.0)
        self.assertRegex(ready.group(0), r"ready 127\.0\.0\.1:7001 -> home/echo \(direct [0-9.]+ m?s\)")
        back.wait_accepted(1)
        echo_intact(self, self.cli, 7001)

    def test_forward_waits_for_a_peer_that_comes_later(self):
        target = Target(self.srv, echo)
        serve = self.home.serve(f"echo=127.0.0.1:{target.port}")
        ticket = serve.ticket
        self.assertEqual(serve.stop(), 0)
        forward = self.away.spawn("forward", "--connect-timeout", "2", ticket, "7001:echo")
        forward.wait_for(r"203\.0\.113\.10|(?i:again|answer|refused|reach)", stream="err")
        sock = self.cli.connect(7001)
        self.measured("a client that waits for an absent peer, timeout 2 s, is reset after", time_to_reset(sock), 2.0)
        serve = self.home.serve(f"echo=127.0.0.1:{target.port}")
        forward.wait_for(READY, within=15.0)
        echo_intact(self, self.cli, 7001)

    def test_start_to_first_byte_is_quick(self):
        target = Target(self.srv, echo)
        serve = self.home.serve(f"echo=127.0.0.1:{target.port}")
        self.away.run("id")  # so that the key exists, as after the first use
        started = time.monotonic()
        forward = self.away.forward(serve.ticket, "0:echo")
        self.measured("process start to ready", time.monotonic() - started, 0.15)
        echo_intact(self, self.cli, forward.port)


class End(Pair):
    def setUp(self):
        super().setUp()
        self.held = Held()
        self.target = Target(self.srv, self.held)
        self.bridge(held=self.target.port)

    def stream(self):
        client = hello(self.cli.connect(self.forward.port))
        return client, self.held.take()

    def test_idle_nodes_end_at_once_with_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            extra = self.away.forward(self.serve.ticket, "0:held")
            started = time.monotonic()
            extra.signal(number)
            self.assertEqual(extra.wait(), 0)
            self.measured(f"idle forward ended by {number.name}", time.monotonic() - started, 0.5)
        self.assertEqual(self.serve.stop(), 0)

    def drains(self, process):
        client, server = self.stream()
        process.signal(signal.SIGTERM)
        process.wait_for(r"\b1\b.* left", stream="err")
        server.sendall(b"still here")
        self.assertEqual(exactly(client, 10), b"still here")
        client.sendall(b"and back")
        self.assertEqual(exactly(server, 8), b"and back")
        self.assertTrue(process.alive())
        if process is self.forward:
            with self.assertRaises(ConnectionRefusedError):
                self.cli.connect(self.forward.port)
        server.close()
        self.assertEqual(drain(client).size, 0)
        client.close()
        self.assertEqual(process.wait(), 0)

    def test_forward_drains_its_streams_and_ends_with_0(self):
        self.drains(self.forward)

    def test_serve_drains_its_streams_and_ends_with_0(self):
        self.drains(self.serve)

    def cut_short(self, process, first, second):
        client, server = self.stream()
        process.signal(first)
        process.wait_for(r"\b1\b.* left", stream="err")
        process.signal(second)
        self.assertEqual(process.wait(), 128 + second)
        for sock in (client, server):
            time_to_reset(sock)

    def test_second_signal_ends_a_draining_forward_with_128_and_its_number(self):
        self.cut_short(self.forward, signal.SIGTERM, signal.SIGINT)

    def test_second_signal_ends_a_draining_serve_with_128_and_its_number(self):
        self.cut_short(self.serve, signal.SIGINT, signal.SIGTERM)


class EndLong(End):
    def test_streams_that_do_not_end_are_reset_after_30_s_and_the_end_is_1(self):
        """Scorecard row 37: both ends at once, in the time of one. The first to end cuts off, and says so."""
        client, server = self.stream()
        started = time.monotonic()
        for process in (self.forward, self.serve):
            process.signal(signal.SIGTERM)
        codes = [process.wait(45.0) for process in (self.forward, self.serve)]
        self.assertIn(1, codes)
        self.assertLessEqual(set(codes), {0, 1})
        self.assertGreaterEqual(time.monotonic() - started, 29.0)
        for sock in (client, server):
            time_to_reset(sock)
        self.assertTrue(any("1 connection cut off, with " in line for line in
                            self.forward.said("err") + self.serve.said("err")))


class Outputs(Pair):
    """Scorecard row 49: a node whose output is not read goes on forwarding, and logs nothing into a connection."""

    def setUp(self):
        super().setUp()
        target = Target(self.srv, echo)
        self.serve_words = ["serve", "-v", "--name", "home", "--listen", f"{self.srv.address}:{MESH_PORT}",
                            f"echo=127.0.0.1:{target.port}"]

    def passes(self, redirect, **outputs):
        """Starts both with these redirections of a shell, or with these files as stdout and stderr."""
        sh = ["sh", "-c", f'exec "$0" "$@" {redirect}', lab.GOF]
        serve = self.srv.spawn(*sh, *self.serve_words, env=self.home.environment(), **outputs)
        self.eventually("serve listens", lambda: f":{MESH_PORT}" in self.srv.run("ss", "-Hltn").out)
        self.eventually("the ticket is kept", lambda: self.home.run("ticket", "--show").code == 0)
        ticket = self.home.run("ticket", "--show").out.strip()
        forward = self.cli.spawn(*sh, "forward", "-v", ticket, "7001:echo", env=self.away.environment(), **outputs)
        self.eventually("forward listens", lambda: ":7001" in self.cli.run("ss", "-Hltn").out)
        for seed in range(3):
            echo_intact(self, self.cli, 7001, size=4 * MIB, seed=seed)
        self.assertTrue(serve.alive() and forward.alive())
        self.assertEqual((forward.stop(), serve.stop()), (0, 0))

    def test_stdout_closed(self):
        self.passes(">&-")

    def test_stderr_closed(self):
        self.passes("2>&-")

    def test_all_closed(self):
        self.passes("<&- >&- 2>&-")

    def test_full_disk_behind_the_log(self):
        self.passes(">/dev/full 2>/dev/full")

    def test_reader_of_the_pipes_gone(self):
        def broken():
            read, write = os.pipe()
            os.close(read)
            return write

        self.passes("", stdout=broken(), stderr=broken())


class Clock(Pair):
    """Scorecard row 16: the wall clock jumps for both processes (a preloaded clock, not the machine's own)."""

    def test_nothing_drops_when_the_wall_clock_jumps(self):
        if not CLOCK:
            self.skipTest("GOF_TEST_CLOCK names no library")
        held = Held()
        target, other = Target(self.srv, held), Target(self.srv, echo)
        offset = self.file("offset")
        self.jump(offset, 0)
        env = {"LD_PRELOAD": CLOCK, "WALL_CLOCK_OFFSET": offset}
        self.serve = self.home.serve(f"held=127.0.0.1:{target.port}", f"echo=127.0.0.1:{other.port}", env=env)
        self.forward = self.away.forward(self.serve.ticket, "0:held", "0:echo", ready=2, env=env)
        client = hello(self.cli.connect(self.forward.ports["held"]))
        server = held.take()
        hour, years = 3600, 10 * 365 * 86400
        for seconds in (hour, -hour, years, 0):
            bulk = background(lambda: echo_intact(self, self.cli, self.forward.ports["echo"], size=8 * MIB))
            self.jump(offset, seconds)
            server.sendall(b"tick")
            self.assertEqual(exactly(client, 4), b"tick")
            bulk()
            echo_intact(self, self.cli, self.forward.ports["echo"])
        now = self.cli.run("date", "+%Y", env={**os.environ, **env, "TZ": "UTC"}).out
        self.jump(offset, years)
        then = self.cli.run("date", "+%Y", env={**os.environ, **env, "TZ": "UTC"}).out
        self.assertGreaterEqual(int(then) - int(now), 9, "the preloaded clock did not jump: the test shows nothing")
        self.peers_live()
        client.close()
        server.close()
        self.assertEqual(self.forward.stop(), 0)

    @staticmethod
    def jump(path, seconds):
        """Writes in place, as running processes have the file mapped."""
        with open(path, "r+b" if os.path.exists(path) else "wb") as f:
            f.write(seconds.to_bytes(8, "little", signed=True))


class Secrets(Pair):
    """Scorecard row 50: 100 ms after the start no secret is in argv, the environment or a log; no core file."""

    def test_secrets_leave_argv_and_environment_and_no_core_is_written(self):
        user = nobody(self, self.cli, "user")
        target = Target(self.srv, echo)
        serve = self.home.serve("-v", f"echo=127.0.0.1:{target.port}")
        ticket = serve.ticket
        started = time.monotonic()
        forward = user.forward(ticket, "-v", "0:echo", env={"GOF_TICKET": ticket})
        lab.hold(max(0.0, 0.1 - (time.monotonic() - started)))
        pieces = [ticket[at:at + 20] for at in range(8, len(ticket) - 20, 10)]
        for name in ("cmdline", "environ"):
            with open(f"/proc/{forward.pid}/{name}", "rb") as f:
                text = f.read().decode("latin1")
            left = [p for p in pieces if p in text]
            self.assertEqual(left, [], f"/proc/PID/{name} holds parts of the ticket")
        with open(f"/proc/{forward.pid}/cmdline", "rb") as f:
            self.assertIn(b"forward", f.read(), "the rest of the command line is still there to see")
        for process in (serve, forward):
            with open(f"/proc/{process.pid}/limits", encoding="ascii") as f:
                core = next(line for line in f if line.startswith("Max core file size"))
            self.assertEqual(core.split()[4], "0", core)
        # Not dumpable: other processes of the same user cannot read its memory, and root owns its files in /proc.
        self.assertEqual(os.stat(f"/proc/{forward.pid}/environ").st_uid, 0)
        self.assertEqual(forward.status("Uid").split()[0], str(NOBODY))
        echo_intact(self, self.cli, forward.port)
        said = "\n".join(serve.said("err") + forward.said())
        self.assertEqual([p for p in pieces if p in said], [], "a log holds parts of the ticket")
        parts = Ticket.parse(ticket)
        for secret in (parts.link_key, parts.token):
            self.assertNotIn(secret.hex()[:16], said)

    def test_no_core_file_after_an_abort(self):
        serve = self.home.serve("x=127.0.0.1:1", cwd=self.home.home)
        soft, hard = resource.prlimit(serve.pid, resource.RLIMIT_CORE)
        self.assertEqual((soft, hard), (0, 0))
        serve.signal(signal.SIGABRT)
        self.assertEqual(serve.wait(), 128 + signal.SIGABRT)
        self.assertEqual([n for n in os.listdir(self.home.home) if "core" in n], [])

    def test_secret_files_are_their_owners_alone(self):
        self.home.serve("x=127.0.0.1:1").stop()
        loose = []
        for at, folders, files in os.walk(self.home.gof_state):
            for name in files:
                path = os.path.join(at, name)
                if os.stat(path).st_mode & 0o077:
                    loose.append(path)
        self.assertEqual(loose, [])


if __name__ == "__main__":
    lab.main()
