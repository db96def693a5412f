"""Every byte, up to the last: a reset never overtakes earlier bytes, and done means taken by the other end."""

import array
import fcntl
import os
import random
import re
import signal
import socket
import subprocess
import termios
import threading

import lab
from lab import GOF, hold
from nginx import Nginx
from peer import Pair
from test_through import Through
from traffic import MIB, Digest, Held, Source, Target, drain, hash_of, hello, reset

ROUNDS = 20


def all_that_comes(sock):
    """(bytes, hash, how it ended): what arrived before the end, of whichever kind."""
    got = Digest()
    try:
        drain(sock, got)
        return got.size, got.hex(), "end"
    except ConnectionResetError:
        return got.size, got.hex(), "reset"


def acknowledged(sock):
    """The other end's kernel has everything that was sent."""
    left = array.array("i", [0])
    fcntl.ioctl(sock, termios.TIOCOUTQ, left)
    return left[0] == 0


class Whole:
    """What both a direct connection and one through a relay must show. Each test also runs without gof, in turns, and
    requires no more than that gives."""

    def direct(self):
        return self.srv.connect(self.target.port)

    def through(self):
        return self.cli.connect(self.forward.port)

    def rounds(self, once, count=ROUNDS, spare=0.0):
        """How often once(connect) succeeded without gof and with it, in turns. `spare`: the share of failures left to
        chance, as a server that closes before all is in the other kernel loses the rest, with gof or without."""
        held = {self.direct: 0, self.through: 0}
        for _ in range(count):
            for way in held:
                held[way] += bool(once(way))
        self.told(f"whole of {count} without gof, with gof", f"{held[self.direct]}, {held[self.through]}")
        self.assertGreaterEqual(held[self.through], (1 - spare) * held[self.direct])

    def serve_target(self, handler, **bridge):
        self.target = Target(self.srv, handler)
        self.bridge(whole=self.target.port, **bridge)

    # ---- a server that answers early and closes: its kernel sends the answer, then a reset

    def early_answer(self, size, count=ROUNDS):
        answer = Source(size, seed=size)

        def early(sock):
            if not sock.recv(1000):
                return
            answer.send(sock)  # and closes with the rest of the question unread

        self.serve_target(early)
        wanted = answer.digest()

        def ask(connect):
            with connect() as sock:
                try:
                    sock.sendall(b"q" * (4 * MIB))
                except OSError:
                    pass
                return all_that_comes(sock)[:2] == (size, wanted)

        self.rounds(ask, count, spare=0.0 if size < 65_536 else 0.15 if count < 100 else 0.03)

    # ---- a client that asks and closes with unread data

    def late_question(self):
        arrived = []
        changed = threading.Condition()

        def ask_back(sock):
            sock.sendall(b"who asks?")
            got = all_that_comes(sock)
            with changed:
                arrived.append(got)
                changed.notify_all()

        self.serve_target(ask_back)
        question = Source(60_000, seed=5)

        def ask(connect):
            arrived.clear()
            with connect() as sock:
                while not sock.recv(1, socket.MSG_PEEK):
                    pass
                question.send(sock)
            with changed:
                changed.wait_for(lambda: any(size > 0 for size, _, _ in arrived), 20)
                return (60_000, question.digest(), "reset") in arrived

        self.rounds(ask)

    # ---- programs of writes, pauses, ends and resets

    def play(self, seed, connect):
        """Runs the program of this seed. Returns what each side that was not reset received, and how it ended."""
        draw = random.Random(seed)
        near = hello(connect())
        far = self.held.take()
        socks = {"near": near, "far": far}
        got, threads = {}, []
        for name, sock in socks.items():
            sock.settimeout(30)
            thread = threading.Thread(target=lambda name=name, sock=sock: got.update({name: all_that_comes(sock)}))
            thread.start()
            threads.append(thread)
        open_ends = set(socks)
        killer = None
        for number in range(draw.randrange(2, 8)):
            name = draw.choice(sorted(open_ends))
            step = draw.choice(("write", "write", "write", "pause", "end", "reset"))
            if step == "write":
                Source(draw.choice((1, 300, 5_000, 70_000, 400_000)), seed=seed * 100 + number).send(socks[name])
            elif step == "pause":
                hold(draw.choice((0.001, 0.02)))
            elif step == "end":
                socks[name].shutdown(socket.SHUT_WR)
                open_ends.discard(name)
            elif step == "reset":
                # Even without gof a reset drops what the other end's kernel does not have yet.
                self.eventually("sent", lambda: acknowledged(socks[name]))
                socks[name].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                socks[name].shutdown(socket.SHUT_RD)  # wakes its reader
                killer = name
                break
            if not open_ends:
                break
        if killer:
            threads[list(socks).index(killer)].join(30)
            socks[killer].close()
        else:
            for name in open_ends:
                socks[name].shutdown(socket.SHUT_WR)
        for thread in threads:
            thread.join(30)
        for sock in socks.values():
            sock.close()
        return {name: how for name, how in got.items() if name != killer}

    def programs(self, seeds):
        self.held = Held()
        self.serve_target(self.held)
        for seed in seeds:
            wanted = self.play(seed, self.direct)
            with self.subTest(seed=seed):
                self.assertEqual(self.play(seed, self.through), wanted)

    # ---- done means taken

    def paused_answer(self):
        """A server that answers and closes, and a client that ended first and reads late. Returns (client, answer)."""
        answer = Source(4 * MIB, seed=9)

        def late(sock):
            if drain(sock).size:
                answer.send(sock)

        self.serve_target(late)
        with self.cli.inside():
            sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        sock.settimeout(30)
        sock.connect(("127.0.0.1", self.forward.port))
        sock.sendall(b"?")
        sock.shutdown(socket.SHUT_WR)
        # The server is done, but its bytes are still delivered.
        self.eventually("the target has closed", lambda: self.target.ended > 1, 20)
        return sock, answer

    def drained(self, name):
        sock, answer = self.paused_answer()
        process = getattr(self, name)
        process.signal(signal.SIGTERM)
        process.wait_for(r"\b1\b.* left", stream="err")
        self.assertEqual(all_that_comes(sock), (4 * MIB, answer.digest(), "end"))
        self.assertEqual(process.wait(10), 0)

    def upload_by_connect(self, handler):
        """gof connect with a file of 4 MiB on stdin. Returns (code, what it printed, file)."""
        self.serve_target(handler)
        path = self.file("upload")
        Source(4 * MIB, seed=3).write(path)
        with open(path, "rb") as source:
            done = subprocess.run(self.cli.argv(GOF, "connect", self.serve.ticket), env=self.away.environment(),
                                  stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                  timeout=60, check=False)
        return done.returncode, done.stderr, path

    def upload_to_a_slow_sink(self):
        arrived = []

        def slow(sock):
            sock.shutdown(socket.SHUT_WR)  # it ends first, as socat -u does
            if sock.recv(1, socket.MSG_PEEK):
                hold(1.0)
                arrived.append(drain(sock).hex())

        code, said, path = self.upload_by_connect(slow)
        self.assertEqual((code, said), (0, ""))
        self.assertEqual(arrived, [hash_of(path)])  # already complete

    def upload_to_a_sink_that_goes(self):
        def rude(sock):
            if sock.recv(26_000, socket.MSG_WAITALL):
                reset(sock)

        code, said, _ = self.upload_by_connect(rude)
        self.assertEqual(code, 1)
        left = int(re.search(r"\b(\d+) bytes not confirmed", said)[1])
        self.assertLessEqual(left, 4 * MIB - 26_000)
        self.assertGreater(left, 0)


class Answers(Whole, Pair):
    def test_early_answer_of_300_bytes(self):
        self.early_answer(300)

    def test_early_answer_of_20_kB(self):
        self.early_answer(20_000)

    def test_early_answer_of_100_kB(self):
        self.early_answer(100_000)

    def test_early_answer_of_1_MiB(self):
        self.early_answer(MIB)

    def test_question_of_60_kB_before_a_close_with_unread_data(self):
        self.late_question()


class AnswersRelayed(Whole, Through):
    def test_early_answer_of_300_bytes(self):
        self.early_answer(300)

    def test_early_answer_of_20_kB(self):
        self.early_answer(20_000)

    def test_early_answer_of_100_kB(self):
        self.early_answer(100_000)

    def test_early_answer_of_1_MiB(self):
        self.early_answer(MIB)

    def test_question_of_60_kB_before_a_close_with_unread_data(self):
        self.late_question()


class AnswersLong(Whole, Pair):
    def test_early_answers_of_300_bytes_200_times(self):
        self.early_answer(300, 200)

    def test_early_answers_of_20_kB_200_times(self):
        self.early_answer(20_000, 200)

    def test_early_answers_of_100_kB_200_times(self):
        self.early_answer(100_000, 200)

    def test_early_answers_of_1_MiB_200_times(self):
        self.early_answer(MIB, 200)


class Programs(Whole, Pair):
    def test_random_programs_end_as_they_do_without_gof(self):
        self.programs(range(1, 41))


class ProgramsRelayed(Whole, Through):
    def test_random_programs_end_as_they_do_without_gof(self):
        self.programs(range(101, 141))


class ProgramsLong(Whole, Through):
    def test_random_programs_end_as_they_do_without_gof(self):
        self.programs(range(1001, 1501))


class Servers(Whole, Pair):
    """Real servers with their own clients: each answer is the same as without gof."""

    def same_answers(self, port, ask):
        self.bridge(real=port)
        for _ in range(ROUNDS):
            self.assertEqual(ask(self.cli, self.forward.port), ask(self.srv, port))

    def post(self, path, size):
        def ask(host, port):
            return host.run("curl", "-sS", "--max-time", "20", "-H", "Expect:", "-w", "%{http_code}", "--data-binary",
                            "@" + upload, f"http://127.0.0.1:{port}{path}").out

        upload = self.file("upload")
        Source(size, seed=1).write(upload)
        return ask

    def test_python_refuses_an_upload_of_100_kB(self):
        folder = self.file("www")
        os.mkdir(folder)
        server = self.srv.spawn("/usr/bin/python3", "-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory",
                                folder, 8000)
        server.wait_for("Serving HTTP")
        self.same_answers(8000, self.post("/", 100_000))

    def test_nginx_refuses_an_upload_that_is_too_large(self):
        Nginx(self.srv, self.file("nginx"))
        self.same_answers(80, self.post("/", 4 * MIB))

    def test_redis_says_that_it_has_too_many_clients(self):
        server = self.srv.spawn("redis-server", "--port", "6400", "--maxclients", "1", "--save", "", "--dir", self.work)
        server.wait_for("Ready to accept connections")
        taken = self.srv.connect(6400)
        self.addCleanup(taken.close)
        taken.sendall(b"PING\r\n")
        self.assertEqual(taken.recv(7), b"+PONG\r\n")

        def ask(host, port):
            with host.connect(port) as sock:
                return all_that_comes(sock)

        self.same_answers(6400, ask)


class Taken(Whole, Pair):
    def test_serve_that_is_told_to_end_delivers_what_is_on_its_way(self):
        self.drained("serve")

    def test_forward_that_is_told_to_end_delivers_what_is_on_its_way(self):
        self.drained("forward")

    def test_connection_counts_until_its_reader_has_all(self):
        sock, answer = self.paused_answer()
        for peer in (self.home, self.away):
            self.assertIn('"open":1', peer.run("status", "--json").out)
        all_that_comes(sock)
        for peer in (self.home, self.away):
            self.eventually("the connection is over", lambda: '"open":0' in peer.run("status", "--json").out)

    def test_connect_waits_for_a_slow_sink(self):
        self.upload_to_a_slow_sink()

    def test_connect_says_what_a_sink_that_goes_did_not_take(self):
        self.upload_to_a_sink_that_goes()


class TakenRelayed(Whole, Through):
    def test_serve_that_is_told_to_end_delivers_what_is_on_its_way(self):
        self.drained("serve")

    def test_connect_waits_for_a_slow_sink(self):
        self.upload_to_a_slow_sink()

    def test_connect_says_what_a_sink_that_goes_did_not_take(self):
        self.upload_to_a_sink_that_goes()


class TakenLong(Whole, Pair):
    def test_reader_that_pauses_for_ten_minutes_loses_nothing(self):
        sock, answer = self.paused_answer()
        hold(600)
        self.assertEqual(all_that_comes(sock), (4 * MIB, answer.digest(), "end"))


if __name__ == "__main__":
    lab.main()
