"""Nothing blocks the thread of a node's loop: whole lives of the program under no_block.cpp, which reports each call of
a kind that may wait; and what the program does while something makes it wait."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import time

import lab
from lab import Case, Networks
from peer import MESH_PORT, READY, TICKET, Pair, Peer
from test_run import Running
from traffic import (MIB, Held, Source, Target, background, drain, echo, echo_intact, exactly, hello, reset,
                     time_to_refusal, time_to_reset)

PRELOAD = os.environ.get("GOF_TEST_NO_BLOCK", "")
BLOCKING = os.environ.get("GOF_TEST_BLOCKING", "")
PIPE_SIZE = 4096  # the smallest possible size of a pipe


class Reports:
    """The reports of no_block, one file for each process."""

    def __init__(self, case):
        self.case, self.files = case, {}
        if not PRELOAD:
            case.skipTest("GOF_TEST_NO_BLOCK names no library")

    def env(self, name):
        path = self.case.file(f"blocks-{name}-{len(self.files)}")
        self.files[path] = name
        return {"LD_PRELOAD": PRELOAD, "NO_BLOCK_REPORT": path}

    @staticmethod
    def read(path):
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as f:
            return f.read().splitlines()

    def none(self):
        """Every process that was started with env() ran a loop, and nothing blocked it."""
        self.case.assertTrue(self.files)
        for path, name in self.files.items():
            lines = self.read(path)
            self.case.assertTrue(any(line.startswith("watches ") for line in lines), f"{name} ran no loop that was seen")
            blocks = [line for line in lines if line.startswith("blocks ")]
            self.case.assertEqual(blocks, [], f"{name}: {len(blocks)} calls that may block its loop")


class Preload(Case):
    """The preload itself, on a program that blocks: blocking.cpp."""

    def setUp(self):
        super().setUp()
        self.reports = Reports(self)
        self.calls = subprocess.run([BLOCKING], capture_output=True, text=True, check=True).stdout.split()

    def reported(self, call, where):
        """The names of the calls that are reported when blocking.cpp makes this one."""
        env = self.reports.env(call)
        subprocess.run([BLOCKING, call, where], env={**os.environ, **env}, check=True, timeout=10,
                       stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lines = self.reports.read(env["NO_BLOCK_REPORT"])
        self.assertEqual(sum(line.startswith("watches ") for line in lines), 1, lines)
        return [line.split()[1].split("(")[0] for line in lines if line.startswith("blocks ")]

    def test_each_call_that_may_block_the_loop_is_reported_once_by_its_name(self):
        blocking = [call for call in self.calls if not call.startswith("-")]
        self.assertGreater(len(blocking), 25)
        for call in blocking:
            self.assertEqual(self.reported(call, "loop"), [call], call)

    def test_the_same_calls_in_forms_that_cannot_block_are_not_reported(self):
        harmless = [call for call in self.calls if call.startswith("-")]
        self.assertGreater(len(harmless), 10)
        for call in harmless:
            self.assertEqual(self.reported(call, "loop"), [], call)

    def test_nothing_is_reported_before_and_after_the_loop_and_on_other_threads(self):
        for call in self.calls:
            for where in ("before", "after", "beside"):
                self.assertEqual(self.reported(call, where), [], f"{call} {where}")

    def test_a_report_names_who_called(self):
        env = self.reports.env("flock")
        subprocess.run([BLOCKING, "flock"], env={**os.environ, **env}, check=True, stdin=subprocess.DEVNULL)
        line = next(line for line in self.reports.read(env["NO_BLOCK_REPORT"]) if line.startswith("blocks "))
        self.assertIn(BLOCKING, line)


class Watched(Pair):
    """Two peers whose nodes run under the preload."""

    def setUp(self):
        super().setUp()
        self.reports = Reports(self)

    def loads(self, host, ports):
        """All that connections do: small, large, many, refused by the target, reset by either side, half-closed."""
        for seed in range(2):
            echo_intact(self, host, ports["echo"], size=2 * MIB, seed=seed)
        waits = [background(lambda n=n: echo_intact(self, host, ports["echo"], seed=n)) for n in range(20)]
        for wait in waits:
            wait()
        time_to_refusal(host, ports["dead"])
        client = hello(host.connect(ports["held"]))
        reset(self.held.take())
        time_to_reset(client)
        client = hello(host.connect(ports["held"]))
        server = self.held.take()
        reset(client)
        time_to_reset(server)

    def targets(self, host):
        self.held = Held()
        self.echo = Target(host, echo)
        dead = Target(host, echo)
        dead.close()
        return {"echo": self.echo.port, "held": Target(host, self.held).port, "dead": dead.port}

    def words(self, targets):
        return [f"{name}=127.0.0.1:{port}" for name, port in targets.items()]


class Lives(Watched):
    def test_serve_and_forward(self):
        targets = self.targets(self.srv)
        serve = self.home.serve("-v", *self.words(targets), env=self.reports.env("serve"))
        forward = self.away.forward(serve.ticket, "-v", *(f"0:{name}" for name in targets), ready=2,
                                    env=self.reports.env("forward"))
        # It is never ready, as its target refuses, but it listens.
        refused = forward.wait_for(r"127\.0\.0\.1:(?P<port>\d+) -> home/dead: .*refused", stream="err")
        ports = {**forward.ports, "dead": int(refused["port"])}
        self.loads(self.cli, ports)
        for peer in (self.home, self.away):
            for words in (("status",), ("status", "--json"), ("peers",)):
                self.assertIn(peer.run(*words).code, (0, 69))
        self.assertEqual(self.away.run("ping", "-c", "1", "home").code, 0)
        self.assertEqual(self.away.run("trace", "home").code, 0)
        client = hello(self.cli.connect(ports["held"]))
        server = self.held.take()
        for process in (forward, serve):
            process.signal(signal.SIGTERM)
            process.wait_for(r"\b1\b.* left|waiting", stream="err")
        server.close()
        drain(client)
        client.close()
        for process in (forward, serve):
            self.assertEqual(process.wait(), 0)
        self.reports.none()

    def test_json_lines_and_a_unix_socket_at_both_ends(self):
        at, local = self.file("target.sock"), self.file("local.sock")
        with self.srv.inside():
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(at)
            listener.listen()

        def answer():
            while True:
                sock, _ = listener.accept()
                background(lambda s=sock: (echo(s), s.close()))

        background(answer)
        serve = self.home.serve("-v", "--log-format", "json", f"echo=unix:{at}", env=self.reports.env("serve"))
        forward = self.away.spawn("forward", "-v", "--log-format", "json", serve.ticket, f"unix:{local}:echo",
                                  env=self.reports.env("forward"))
        forward.wait_for(r"\bready ", stream="err")
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(local)
            sock.sendall(b"through unix sockets")
            self.assertEqual(exactly(sock, 20), b"through unix sockets")
        for process in (forward, serve):
            self.assertEqual(process.stop(), 0)
            for line in process.said("err"):
                self.assertEqual(json.loads(line)["version"], 1)
        self.reports.none()

    def test_readiness_told_to_a_pipe_and_to_a_service_manager(self):
        target = Target(self.srv, echo)
        serve = self.home.serve(f"echo=127.0.0.1:{target.port}")
        manager = self.file("notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hears:
            hears.bind(manager)
            hears.settimeout(10)
            read, write = os.pipe()
            env = {**self.reports.env("forward"), "NOTIFY_SOCKET": manager, "WATCHDOG_USEC": "200000"}
            argv = self.cli.argv(lab.GOF, "forward", serve.ticket, "0:echo", "--ready-fd", str(write))
            with open(self.file("said"), "wb") as said, subprocess.Popen(
                    argv, env=self.away.environment(**env), pass_fds=[write], stdin=subprocess.DEVNULL,
                    stderr=said) as child:
                os.close(write)
                with os.fdopen(read, "rb") as told:
                    self.assertEqual(told.read(), b"ready\n")
                heard = set()
                while not {b"READY=1", b"WATCHDOG=1"} <= heard:
                    heard.add(hears.recv(4096))
                child.terminate()
                self.assertEqual(child.wait(10), 0)
        self.reports.none()

    def test_connect(self):
        target = Target(self.srv, echo)
        serve = self.home.serve(f"echo=127.0.0.1:{target.port}", env=self.reports.env("serve"))
        source = Source(MIB)
        text = b"".join(source.pieces()).hex()
        done = self.away.run("connect", "-v", serve.ticket, input=text, env=self.reports.env("connect"))
        self.assertEqual((done.code, len(done.out)), (0, len(text)), done.err)
        self.assertEqual(serve.stop(), 0)
        self.reports.none()

    def test_no_path_for_a_while_and_no_peer(self):
        target = Target(self.srv, echo)
        serve = self.home.serve("-v", f"echo=127.0.0.1:{target.port}", env=self.reports.env("serve"))
        forward = self.away.forward(serve.ticket, "-v", "0:echo", env=self.reports.env("forward"))
        self.lab.cut()
        forward.wait_for(r"path to home lost|lost the path", within=30.0)
        self.lab.heal()
        forward.wait_for(r"resumed|reachable again", within=30.0)
        echo_intact(self, self.cli, forward.port)
        self.assertEqual(serve.stop(), 0)
        forward.wait_for(r"no address|refused|again in|retrying", within=30.0)
        self.assertEqual(forward.stop(), 0)
        self.reports.none()

    def test_demo(self):
        done = self.away.run("demo", env=self.reports.env("demo"))
        self.assertEqual(done.code, 0, done.err)
        self.reports.none()


class Relayed(Watched):
    def laboratory(self):
        return Networks(srv="a", relay="ab", cli="b")

    def test_relay(self):
        hub = Peer(self, self.lab.relay, "hub")
        relay = hub.spawn("relay", "-v", "--name", "hub", env=self.reports.env("relay"))
        join = relay.wait_for(TICKET, stream="out").group(0)
        targets = self.targets(self.srv)
        serve = self.home.serve("-v", "--join", join, *self.words({n: targets[n] for n in ("echo", "held")}), port=None,
                                env=self.reports.env("serve"))
        forward = self.away.forward(serve.ticket, "-v", "0:echo", "0:held", ready=2, env=self.reports.env("forward"))
        for seed in range(2):
            echo_intact(self, self.cli, forward.ports["echo"], size=2 * MIB, seed=seed)
        self.assertEqual(hub.run("status", "--json").code, 0)
        for process in (forward, serve, relay):
            self.assertEqual(process.stop(), 0)
        self.reports.none()


class Reloaded(Running):
    """gof run: the file is read again, services get grants and tickets, and tickets are withdrawn."""

    def setUp(self):
        super().setUp()
        self.reports = Reports(self)
        self.one, self.two = Target(self.srv, echo), Target(self.srv, echo)

    def write_serve(self, **targets):
        self.write(self.home, *self.node(self.home), *(line for name, port in targets.items()
                                                       for line in (f"[serve {name}]", f"target = 127.0.0.1:{port}")))

    def started(self):
        self.write_serve(one=self.one.port)
        serve = self.home.spawn("run", "-v", env=self.reports.env("serve"))
        serve.wait_for(r"serving one=", stream="err")
        self.write(self.away, *self.forwards(one=(0, self.ticket("one"))))
        forward = self.away.spawn("run", "-v", env=self.reports.env("forward"))
        return serve, forward, self.ready(forward, "one")

    def test_services_and_forwards_come_and_tickets_go(self):
        serve, forward, port = self.started()
        echo_intact(self, self.cli, port)
        self.write_serve(one=self.one.port, two=self.two.port)
        self.reload(serve, r"serving two=.*gof ticket --show two", r"was read again: 2 services")
        two = self.free_port(self.cli)
        self.write(self.away, *self.forwards(one=(port, self.ticket("one")), two=(two, self.ticket("two"))))
        self.reload(forward, r"was read again: 0 services, 2 forwards")
        self.ready(forward, "two")
        echo_intact(self, self.cli, two)
        with self.cli.connect(two) as sock:
            sock.sendall(b"x")
            exactly(sock, 1)
            self.assertEqual(self.home.run("ticket", "--new", "two").code, 0)
            time_to_reset(sock)
        for process in (forward, serve):
            self.assertEqual(process.stop(), 0)
        self.reports.none()

    def test_names_of_a_target_a_node_and_a_listener_are_looked_up_beside_the_loop(self):
        self.write(self.home, *self.node(self.home, "advertise = srv:" + str(MESH_PORT)), "[serve one]",
                   f"target = localhost:{self.one.port}")
        serve = self.home.spawn("run", "-v", env=self.reports.env("serve"))
        serve.wait_for(r"serving one=", stream="err")
        self.write(self.away, *self.forwards(one=(0, self.ticket("one"))))
        forward = self.away.spawn("run", "-v", env=self.reports.env("forward"))
        echo_intact(self, self.cli, self.ready(forward, "one"))
        port = self.free_port(self.cli)
        since = forward.mark()
        self.write(self.away, *self.forwards(one=(f"cli:{port}", self.file("one.ticket"))))
        self.reload(forward, r"was read again: 0 services, 1 forward\b")
        forward.wait_for(rf"ready {self.cli.address}:{port} -> ", stream="err", since=since)
        with self.cli.connect(port, address=self.cli.address) as sock:
            sock.sendall(b"x")
            exactly(sock, 1)
        for process in (forward, serve):
            self.assertEqual(process.stop(), 0)
        self.reports.none()

    def test_a_ticket_is_on_the_disk_when_it_is_told(self):
        serve, _, _ = self.started()
        for number in range(8):
            self.write_serve(one=self.one.port, **{f"more{number}": self.two.port})
            self.reload(serve, rf"serving more{number}=.*gof ticket --show more{number}")
            done = self.home.run("ticket", "--show", f"more{number}")
            self.assertEqual(done.code, 0, done.err)
        self.assertEqual(serve.stop(), 0)
        self.reports.none()

    def test_two_reloads_at_once_serve_what_the_last_file_says(self):
        serve, _, _ = self.started()
        with self.grants_locked():
            self.write_serve(one=self.one.port, two=self.two.port)
            serve.signal(signal.SIGHUP)
            self.eventually("the first file counts", lambda: self.services() == {"one", "two"})
            self.write_serve(one=self.one.port, three=self.two.port)
            serve.signal(signal.SIGHUP)
            self.eventually("the second file counts", lambda: self.services() == {"one", "three"})
        serve.wait_for(r"serving three=", stream="err")
        self.assertEqual(self.home.run("ticket", "--show", "three").code, 0)
        self.assertEqual([line for line in serve.said("err") if "serving two=" in line], [])
        self.assertEqual(serve.stop(), 0)

    def services(self):
        return {one["name"] for one in json.loads(self.home.run("status", "--json").out)["services"]}

    @contextlib.contextmanager
    def grants_locked(self):
        with open(os.path.join(self.home.gof_state, "grants.lock"), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def test_a_lock_that_another_process_holds_stops_no_connection(self):
        serve, _, port = self.started()
        with self.cli.connect(port) as sock:
            with self.grants_locked():
                self.write_serve(one=self.one.port, two=self.two.port)
                since = serve.mark()
                serve.signal(signal.SIGHUP)
                worst = 0.0
                # Until gof gives up, and reports that another process holds the lock.
                while not any("another process has held it" in line for line in serve.said("err", since)):
                    begun = time.monotonic()
                    sock.sendall(b"ping")
                    exactly(sock, 4)
                    worst = max(worst, time.monotonic() - begun)
                    lab.hold(0.01)
            self.measured("longest round trip beside a held lock", worst, 0.2)
            self.write_serve(one=self.one.port)
            self.reload(serve)
            self.write_serve(one=self.one.port, two=self.two.port)
            self.reload(serve, r"serving two=")
        self.assertEqual(serve.stop(), 0)


class Unread(Watched):
    """stderr is a pipe that nothing reads."""

    def setUp(self):
        super().setUp()
        self.read, self.write = os.pipe()
        fcntl.fcntl(self.write, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
        self.dead = Target(self.srv, echo)
        self.dead.close()

    def fill(self):
        """Fills the pipe completely."""
        os.set_blocking(self.write, False)
        try:
            while True:
                os.write(self.write, b"." * 64)
        except BlockingIOError:
            pass
        os.set_blocking(self.write, True)

    def words(self):
        """Reads everything until all writers have ended."""
        os.close(self.write)
        with os.fdopen(self.read, "rb") as f:
            return f.read().decode("utf-8", "replace")

    def serving(self, *words):
        target = Target(self.srv, echo)
        serve = self.home.spawn("serve", "--name", "home", "--listen", f"{self.srv.address}:{MESH_PORT}", *words,
                                f"echo=127.0.0.1:{target.port}", f"dead=127.0.0.1:{self.dead.port}",
                                env=self.reports.env("serve"), stderr=self.write)
        serve.ticket = serve.wait_for(TICKET, stream="out").group(0)
        return serve

    def test_a_full_pipe_stops_nothing_and_the_lines_come_when_it_is_read(self):
        serve = self.serving("-v")
        self.fill()
        forward = self.away.forward(serve.ticket, "0:echo")
        for seed in range(10):
            echo_intact(self, self.cli, forward.port, seed=seed)
        started = time.monotonic()
        self.assertEqual(self.home.run("status").code, 0)
        self.measured("status of a node whose stderr is full", time.monotonic() - started, 0.5)
        self.assertEqual(forward.stop(), 0)
        self.eventually("it is gone for serve", lambda: self.sessions() == 0)
        serve.signal(signal.SIGTERM)  # it writes what is left, within its time limit
        said = self.words()
        self.assertEqual(serve.wait(), 0)
        self.assertRegex(said, r"serving echo=")
        self.assertRegex(said, r"is gone")
        self.assertNotRegex(said, r"missing here")
        self.reports.none()

    def sessions(self):
        return len(json.loads(self.home.run("status", "--json").out)["peers"])

    def test_the_end_does_not_wait_for_a_reader_for_long(self):
        serve = self.serving("-v")
        self.fill()
        self.away.forward(serve.ticket, "0:echo").stop()
        started = time.monotonic()
        self.assertEqual(serve.stop(), 0)
        self.measured("end of a node whose stderr is full", time.monotonic() - started, 3.0)

    def test_the_start_does_not_wait_for_a_reader_for_long(self):
        self.fill()
        started = time.monotonic()
        serve = self.serving("-v")
        self.measured("start of a node whose stderr is full", time.monotonic() - started, 0.5)
        forward = self.away.forward(serve.ticket, "0:echo")
        echo_intact(self, self.cli, forward.port)
        for process in (forward, serve):
            self.assertEqual(process.stop(), 0)


class Stopped(Watched):
    def test_a_demo_that_nobody_reads_is_as_quick(self):
        read, write = os.pipe()
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
        os.set_blocking(write, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(write, b"." * 64)
        os.set_blocking(write, True)
        env = self.reports.env("demo")
        demo = self.away.spawn("demo", "--json", env=env, stdout=write)
        os.close(write)
        self.eventually("it runs", lambda: self.reports.read(env["NO_BLOCK_REPORT"]), within=30.0)
        self.eventually("it is over, but for what it has to say", lambda: demo.sockets() == 0, within=30.0)
        with os.fdopen(read, "rb") as f:
            told = json.loads(f.read().decode().lstrip("."))
        self.assertEqual(demo.wait(), 0)
        self.assertTrue(told["right"])
        self.reports.none()


if __name__ == "__main__":
    lab.main()
