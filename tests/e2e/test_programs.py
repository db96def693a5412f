"""Everyday programs through one relay, each compared with the same without gof.

Without gof the same client runs on srv itself and uses 127.0.0.1, since the ends share no network. So what is printed
compares gof, a relay and two cables with plain loopback.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import random
import re
import shlex
import shutil
import sys

import lab
import postgres
from nginx import Nginx
from test_through import Copying
from traffic import MIB, Source, background, hash_of

SEED = 1601
TESTS = os.path.dirname(os.path.abspath(__file__))


class Programs(Copying):
    needs = ()  # programs that may not be installed

    def setUp(self):
        for name in self.needs:
            if not shutil.which(name):
                self.skipTest(f"no {name} here; tests/setup.sh has the list of packages")
        super().setUp()
        print(f"seed {SEED}", flush=True)

    def bridge(self, *words, **targets):
        super().bridge(*words, **targets)
        self.idle = self.descriptors()
        return self.forward

    def descriptors(self):
        return {name: process.descriptors() for name, process in self.processes().items()}

    def gof_as_before(self):
        """Every gof is alive, has released all connections, and took bounded memory."""
        def back():
            now = self.descriptors()
            return all(now[name] <= self.idle[name] for name in now)

        self.eventually(f"descriptors back to {self.idle}", back)
        self.memory_bounded()

    def both(self, work, port):
        """The results of work(host, port) without gof, and through it."""
        return work(self.srv, port), work(self.cli, self.forward.port)

    def beside(self, what, unit, plain, through):
        """Prints two rates."""
        self.told(f"{what} through a relay against without",
                  f"{through:,.0f} against {plain:,.0f} {unit}, {100 * through / plain:.0f} %")

    def ran(self, done):
        self.assertEqual(done.code, 0, done.out[-2000:] + done.err[-2000:])
        return done


class Postgres(Programs):
    needs = (postgres.program("postgres"), postgres.program("pgbench"))

    def setUp(self):
        super().setUp()
        self.postgres = postgres.Postgres(self.srv, self.file("postgres"))
        self.bridge(db=5432)

    def tearDown(self):
        self.postgres.stop()

    def psql(self, host, port, database, *commands):
        words = [word for command in commands for word in ("-c", command)]
        done = host.run(*postgres.client("psql", port, database, "-XAtq", "-v", "ON_ERROR_STOP=1", *words))
        self.assertEqual((done.code, done.err), (0, ""))
        return done.out.strip()

    def database(self, host):
        """A new database for the run of that host."""
        name = f"of_{host.name}"
        self.psql(self.srv, 5432, "postgres", f"create database {name}")
        return name

    def test_pgbench_of_16_clients_keeps_every_sum(self):
        clients, each = 16, 100

        def bench(host, port):
            database = self.database(host)
            self.ran(host.run(*postgres.client("pgbench", port, database, "-i", "-q", "-s", "2")))
            done = self.ran(host.run(*postgres.client("pgbench", port, database, "-n", "-c", str(clients), "-j", "2",
                                                      "-t", str(each), f"--random-seed={SEED}")))
            self.assertIn(f"actually processed: {clients * each}/{clients * each}\n", done.out)
            self.assertIn("number of failed transactions: 0 (0.000%)\n", done.out)
            self.assertEqual(done.err, f"pgbench: setting random seed to {SEED}\n")
            rows, *sums = self.psql(self.srv, 5432, database, """
                select count(*), sum(delta), (select sum(abalance) from pgbench_accounts),
                       (select sum(bbalance) from pgbench_branches), (select sum(tbalance) from pgbench_tellers)
                from pgbench_history""").split("|")
            self.assertEqual(int(rows), clients * each)
            self.assertEqual(set(sums), {sums[0]}, "the sums of TPC-B")
            # With one seed and a fixed number of transactions, each client does the same in both runs.
            state = self.psql(self.srv, 5432, database, """
                select md5(string_agg(h::text, ' ' order by h::text))
                from (select tid, bid, aid, delta from pgbench_history) h""", """
                select md5(string_agg(aid || ':' || abalance, ' ' order by aid)) from pgbench_accounts""")
            return (sums, state), float(re.search(r"tps = ([0-9.]+)", done.out)[1])

        (plain, plain_rate), (through, rate) = self.both(bench, 5432)
        self.assertEqual(through, plain)
        self.beside("pgbench", "transactions/s", plain_rate, rate)
        self.gof_as_before()

    def test_psql_copies_a_file_in_and_out_unaltered(self):
        given = self.file("given")
        draw = random.Random(SEED)
        with open(given, "w", encoding="ascii") as f:
            for number in range(8000):
                f.write(f"{number}\t{draw.randbytes(draw.randrange(1, 1000)).hex()}\n")
        size = os.path.getsize(given) / MIB

        def copy(host, port):
            database, got = self.database(host), self.file(f"got-{host.name}")
            begin = ["create table t (number int primary key, data text)"]
            seconds = []
            for commands in ([*begin, f"\\copy t from '{given}'"], [f"\\copy (table t order by number) to '{got}'"]):
                words = [word for command in commands for word in ("-c", command)]
                done = self.ran(host.run(*postgres.client("psql", port, database, "-XAtq", *words)))
                self.assertEqual(done.err, "")
                seconds.append(done.seconds)
            self.assertEqual(hash_of(got), hash_of(given))
            return seconds

        plain, through = self.both(copy, 5432)
        for way, slow, fast in zip(("in", "out"), through, plain):
            self.beside(f"psql \\copy {way} of {size:.0f} MiB", "MiB/s", size / fast, size / slow)
        self.gof_as_before()


class Wrk(Programs):
    needs = ("wrk",)

    def test_200_connections_kept_alive_get_every_page_intact(self):
        self.load("wrk, 200 connections kept alive,")

    def test_200_connections_at_once_of_one_request_each_get_every_page_intact(self):
        self.load("wrk, 200 at once, a connection a request,", "-H", "Connection: close")

    def load(self, what, *more):
        nginx = Nginx(self.srv, self.file("nginx"))
        sizes = {f"page-{size}": size for size in (100, 1000, 4000, 16000, 40000)}
        for name, size in sizes.items():
            with open(nginx.page(name), "wb") as f:
                f.write(name.encode() + b"\n" + random.Random(f"{SEED} {name}").randbytes(size))
        self.bridge(web=80)

        def load(host, port):
            before = len(nginx.asked())
            done = self.ran(host.run("wrk", "-t", "2", "-c", "200", "-d", "2", "--timeout", "20", *more, "-s",
                                     os.path.join(TESTS, "bodies.lua"), f"http://127.0.0.1:{port}", "--", nginx.www,
                                     *sizes))
            sums = json.loads(done.out.splitlines()[-1])
            self.assertEqual((sums["errors"], sums["refused"], sums["altered"]), (0, 0, 0), done.out)
            self.assertEqual(sums["whole"], sums["requests"])
            self.assertGreater(sums["requests"], 0)
            self.eventually("all of them in nginx's log", lambda: len(nginx.asked()) >= before + sums["requests"])
            asked = nginx.asked()[before:]
            # wrk ends while its connections still have requests under way.
            self.assertLessEqual(len(asked), sums["requests"] + 200)
            self.assertEqual({status for status, _ in asked}, {"200"})
            return sums["requests"] / sums["seconds"]

        self.beside(what, "requests/s", *self.both(load, 80))
        self.gof_as_before()


class Redis(Programs):
    needs = ("redis-server", "redis-benchmark")

    def test_every_pipelined_command_of_50_clients_is_done_once(self):
        server = self.srv.spawn("redis-server", "--bind", "127.0.0.1", "--port", "6379", "--save", "", "--appendonly",
                                "no", "--enable-debug-command", "local", "--dir", self.work)
        server.wait_for("Ready to accept connections")
        self.bridge(redis=6379)
        count = 40_000  # a multiple of -P, as a pipeline is sent as a whole
        value = random.Random(SEED).randbytes(200).hex()

        def ask(*words):
            return self.ran(self.srv.run("redis-cli", *words)).out.strip()

        def bench(host, port):
            self.assertEqual(ask("flushall"), "OK")
            rates = []
            for command in (["incr", "counter"], ["rpush", "list", value]):
                done = self.ran(host.run("redis-benchmark", "-p", port, "-c", "50", "-P", "16", "-n", count, "--csv",
                                         *command))
                self.assertNotRegex(done.out + done.err, "(?i)error")
                rates.append(float(done.out.splitlines()[-1].split(",")[-7].strip('"')))
            self.assertEqual(ask("get", "counter"), str(count))
            self.assertEqual(ask("llen", "list"), str(count))
            self.assertNotIn("errorstat", ask("info", "errorstats"))
            return rates, (ask("dbsize"), ask("debug", "digest"))

        (plain, plain_digest), (through, digest) = self.both(bench, 6379)
        self.assertEqual(digest, plain_digest)
        for what, fast, slow in zip(("incr", "rpush of 400 bytes"), plain, through):
            self.beside(f"redis-benchmark -P 16 {what}", "requests/s", fast, slow)
        self.gof_as_before()


def tree(top):
    """What rsync -a preserves of a folder: name -> (kind and mode, mtime, a file's hash or a link's target)."""
    found = {}
    for folder, folders, files in os.walk(top):
        for name in folders + files:
            path = os.path.join(folder, name)
            about = os.lstat(path)
            if os.path.islink(path):
                what = os.readlink(path)
            elif os.path.isfile(path):
                with open(path, "rb") as f:
                    what = hashlib.sha256(f.read()).hexdigest()
            else:
                what = ""
            found[os.path.relpath(path, top)] = (about.st_mode, about.st_mtime_ns, what)
    return found


def running():
    """The names of all programs in this laboratory. An orphan that has ended has no command line left."""
    names = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as f:
            names.add(os.path.basename(f.read().split(b"\0")[0].decode()))
    return names


class Rsync(Programs):
    needs = ("rsync",)
    files = 20_000

    def setUp(self):
        super().setUp()
        self.start()
        self.source = self.file("tree")
        draw = random.Random(SEED)
        for number in range(self.files):
            folder = os.path.join(self.source, f"{number // 1000:02}", f"with a space {number // 50 % 20}")
            path = os.path.join(folder, draw.choice(["", "ü", "-", "."]) + str(number))
            if number % 50 == 0:
                os.makedirs(folder)
            if number % 100 == 99:
                os.symlink(f"../{number}", path)
                continue
            with open(path, "wb") as f:
                f.write(draw.randbytes(draw.choice([0, 1, 700, draw.randrange(8192)])))
            os.chmod(path, draw.choice([0o600, 0o644, 0o755, 0o444]))
        # rsync leaves a folder or a link with the time of its making if that is the second of the source's time.
        for folder, folders, names in os.walk(self.source, topdown=False):
            for name in [*folders, *names]:
                when = draw.randrange(10**18, 17 * 10**17)
                os.utime(os.path.join(folder, name), ns=(0, when), follow_symlinks=False)
        os.utime(self.source, ns=(0, 10**18))
        self.wanted = tree(self.source)
        self.assertGreater(len(self.wanted), self.files)

    def same_tree(self, result):
        found = tree(result)
        differ = [name for name in self.wanted.keys() | found.keys() if found.get(name) != self.wanted.get(name)]
        self.assertEqual({name: found.get(name) for name in differ[:9]},
                         {name: self.wanted.get(name) for name in differ[:9]}, f"{len(differ)} differ")

    def rsync(self, port, *words):
        shell = shlex.join(["ssh", *self.sshd.options(), "-p", str(port)])
        return ["rsync", "-a", "--itemize-changes", "-e", shell, *words]

    def copied(self, host, port, *words):
        done = self.ran(host.run(*self.rsync(port, *words)))
        self.assertEqual(done.err, "")
        return done

    def test_20000_files_arrive_as_they_are_and_are_not_sent_again(self):
        def copy(host, port):
            result = self.file(f"result-{host.name}")
            os.mkdir(result)
            os.utime(result, (0, 0))  # so that it differs from the source's time
            words = self.source + "/", f"root@127.0.0.1:{result}/"
            first = self.copied(host, port, *words)
            self.same_tree(result)
            again = self.copied(host, port, *words)
            self.assertEqual(again.out, "", "sent again what was there")
            return sorted(first.out.splitlines()), self.files / first.seconds

        (plain, plain_rate), (through, rate) = self.both(copy, 22)
        self.assertEqual(through, plain)
        self.beside(f"rsync of {self.files:,} files", "files/s", plain_rate, rate)
        self.gof_as_before()

    def test_a_killed_rsync_goes_on_where_it_was(self):
        result = self.file("result")
        words = f"root@127.0.0.1:{self.source}/", result + "/"
        first = self.cli.spawn(*self.rsync(self.forward.port, *words))
        self.eventually("a part of it is there", lambda: len(first.said("out")) > self.files // 4, 20.0)
        first.kill()
        self.eventually("its other processes have ended, too", lambda: "rsync" not in running())
        self.gof_as_before()
        had = tree(result)
        self.assertLess(len(had), len(self.wanted), "it was over before it was killed")
        again = self.copied(self.cli, self.forward.port, *words)
        self.same_tree(result)
        sent = [line for line in again.out.splitlines() if line.startswith(">f")]
        self.assertLess(len(sent), self.files - self.files // 8, "it began from the start")


class Git(Programs):
    needs = ("git",)
    COMMITS = 300

    def setUp(self):
        super().setUp()
        self.start()
        # Ignores the settings of the user that runs the test.
        self.env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": self.work}
        self.repository = self.file("repository")
        self.git("init", "-q", "--bare", "-b", "main", self.repository)
        self.git("-C", self.repository, "-c", "pack.compression=1", "fast-import", "--quiet", "--depth=0",
                 input=self.history())

    def git(self, *words, host=None, port=None, input=None):
        shell = shlex.join(["ssh", *self.sshd.options()])
        env = {**self.env, "GIT_SSH_COMMAND": shell}
        done = self.ran((host or self.srv).run("git", *words, env=env, input=input))
        self.assertEqual(done.err, "")
        return done

    def history(self):
        """Input for git fast-import that makes commits: short texts that change, and some big blobs."""
        draw = random.Random(SEED)
        lines = []
        for number in range(self.COMMITS):
            who = f"Somebody <somebody@example.org> {1_600_000_000 + 60 * number} +0000"
            lines += ["commit refs/heads/main", f"committer {who}", *self.data(f"Change {number}")]
            for _ in range(5):
                lines += [f"M 644 inline folder-{draw.randrange(20)}/file-{draw.randrange(50)}",
                          *self.data(draw.randbytes(draw.randrange(500)).hex())]
            if number % 60 == 30:
                lines += [f"M 644 inline big-{number}", *self.data(draw.randbytes(MIB).hex())]
        return "\n".join(lines) + "\n"

    @staticmethod
    def data(text):
        return f"data {len(text)}", text

    def objects(self, where):
        return hashlib.sha256(self.git("-C", where, "rev-list", "--objects", "--all").out.encode()).hexdigest()

    def test_clone_is_whole_and_a_new_commit_is_pushed_back(self):
        def clone(host, port):
            here = self.file(f"clone-{host.name}")
            url = f"ssh://root@127.0.0.1:{port}{self.repository}"
            cloned = self.git("clone", "-q", url, here, host=host)
            self.git("-C", here, "fsck", "--full", "--strict", "--no-progress")
            got = [self.git("-C", here, "rev-parse", "HEAD").out, self.objects(here)]
            self.assertEqual(got, [self.git("-C", self.repository, "rev-parse", "main").out,
                                   self.objects(self.repository)])
            with open(os.path.join(here, "new"), "wb") as f:
                f.write(random.Random(SEED).randbytes(MIB))
            me = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
            self.git("-C", here, "add", "new")
            self.git("-C", here, *me, "commit", "-q", "-m", "One more")
            pushed = self.git("-C", here, "push", "-q", "origin", f"HEAD:refs/heads/of-{host.name}", host=host)
            self.assertEqual(self.git("-C", self.repository, "rev-parse", f"of-{host.name}").out,
                             self.git("-C", here, "rev-parse", "HEAD").out)
            self.git("-C", self.repository, "fsck", "--full", "--strict", "--no-progress")
            # so that the next run starts from the same state
            self.git("-C", self.repository, "update-ref", "-d", f"refs/heads/of-{host.name}")
            return got, cloned.seconds, pushed.seconds

        (plain, *fast), (through, *slow) = self.both(clone, 22)
        self.assertEqual(through, plain)
        size = sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(self.repository)
                   for name in names) / MIB
        for what, through, plain in zip((f"clone of {size:.0f} MiB", "push of 1 MiB"), slow, fast):
            self.told(f"git {what} through a relay against without", f"{through:.2f} against {plain:.2f} s")
        self.gof_as_before()


class Iperf(Programs):
    def test_both_directions_at_once_get_a_fair_share(self):
        server = self.srv.spawn("iperf3", "-s", "-B", "127.0.0.1", "--forceflush")
        server.wait_for("Server listening")
        at = server.mark()
        self.bridge(iperf=5201)
        server.wait_for("Server listening", since=at)  # a readiness probe counts as its client, too

        def measure(host, port):
            at = server.mark()
            done = self.ran(host.run("iperf3", "-c", "127.0.0.1", "-p", port, "-t", "2", "--bidir", "-J"))
            server.wait_for("Server listening", since=at)
            end = json.loads(done.out)["end"]
            for way in ("", "_bidir_reverse"):
                self.assertLessEqual(end["sum_received" + way]["bytes"], end["sum_sent" + way]["bytes"])
            return [end["sum_received" + way]["bits_per_second"] / 1e6 for way in ("", "_bidir_reverse")]

        plain, through = self.both(measure, 5201)
        for way, fast, slow in zip(("up", "down"), plain, through):
            self.beside(f"iperf3 --bidir {way}", "Mbit/s", fast, slow)
        for rate in through:
            self.assertGreaterEqual(rate, 0.2 * sum(through), through)
        self.gof_as_before()


class WebSocket(Programs):
    def test_messages_pings_and_close_codes_pass_and_an_idle_one_stays(self):
        if not importlib.util.find_spec("websockets"):
            self.skipTest("no websockets for python3 here; tests/setup.sh has the list of packages")
        script = [sys.executable, os.path.join(TESTS, "web_socket.py")]
        server = self.srv.spawn(*script, "serve", "8765")
        server.wait_for("listening")
        self.bridge(ws=8765)
        seconds = 2

        def talk(host, port):
            at = server.mark()
            done = self.ran(host.run(*script, "talk", port, seconds))
            closed = ["closed 1000 ", "closed 4001 done", "closed 4002 as asked", "closed 4003 was idle"]
            self.eventually("the server knows of every close",
                            lambda: sorted(set(server.said("out", since=at))) == closed)
            return done.out.splitlines(), int(re.search(r"round trips (\d+)", done.err)[1]) / seconds

        (plain, plain_rate), (through, rate) = self.both(talk, 8765)
        self.assertEqual(through, plain)
        self.assertEqual(through[1:], ["left with 4001 done", "sent away with 4002 as asked",
                                       "idle one left with 4003 was idle"])
        self.beside("WebSocket, 8 clients,", "round trips/s", plain_rate, rate)
        self.gof_as_before()


class Download(Programs):
    def resumed(self, size, within, disturb=None):
        """curl is killed during a download, and another one resumes it; during that disturb() is called."""
        nginx = Nginx(self.srv, self.file("nginx"))
        source = Source(size, seed=SEED)
        wanted = source.write(nginx.page("file"))
        self.bridge(web=80)

        def fetch(host, port, disturb=None):
            got = self.file("got")
            curl = ["curl", "-sS", "--fail", "--max-time", str(within), "-o", got, f"http://127.0.0.1:{port}/file"]
            # Slow enough to be interrupted in its middle on any machine.
            first = host.spawn(*curl, "--limit-rate", str(size // 2))
            self.eventually("a part", lambda: os.path.exists(got) and os.path.getsize(got) > size // 16, within)
            first.kill()
            had = os.path.getsize(got)
            self.assertLess(had, size, "it was over before it was killed")
            going_on = background(lambda: host.run(*curl, "-C", "-", timeout=within))
            self.watch(got, size, disturb, within)
            done = going_on(within)
            self.assertEqual((done.code, done.out, done.err), (0, "", ""))
            self.assertEqual(hash_of(got), wanted)
            os.unlink(got)
            return (size - had) / MIB / done.seconds

        plain, through = fetch(self.srv, 80), fetch(self.cli, self.forward.port, disturb)
        self.assertEqual([status for status, path in nginx.asked() if path == "/file"].count("206"), 2)
        return plain, through

    def test_a_killed_download_is_resumed_intact(self):
        size = 128 * MIB
        self.beside("curl -C - of 128 MiB", "MiB/s", *self.resumed(size, 25.0))
        self.gof_as_before()

    def test_a_resumed_download_goes_on_when_the_relay_is_restarted(self):
        def restart():
            self.relays["r1"].kill()
            self.relay("r1")

        self.resumed(128 * MIB, 25.0, restart)
        self.forward.wait_for("path to home (now|resumed)")  # otherwise the fault had no effect


class DownloadLong(Download):
    test_a_killed_download_is_resumed_intact = None
    test_a_resumed_download_goes_on_when_the_relay_is_restarted = None

    def test_a_killed_download_of_4_gib_is_resumed_intact(self):
        if shutil.disk_usage(self.work).free < 9000 * MIB:
            self.skipTest("the file and its copy do not fit into this machine's memory")
        self.beside("curl -C - of 4 GiB", "MiB/s", *self.resumed(4096 * MIB, 200.0))
        self.gof_as_before()


if __name__ == "__main__":
    lab.main()
