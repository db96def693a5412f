"""A three-node etcd whose hosts share no network: one gof.conf per host, two relays; what is lost, and what is not."""

import base64
import heapq
import http.client
import json
import os
import random
import shutil
import threading
import time
import unittest
from collections import namedtuple

import lab
from lab import Case, Networks
from peer import MESH_PORT, TICKET, Peer

NODES = {"n1": "127.0.1.1", "n2": "127.0.1.2", "n3": "127.0.1.3"}  # each etcd's address is the same on all hosts
PEERS, CLIENTS = 2380, 2379  # the ports of etcd
PATIENCE = 1.0  # seconds that a client waits for an answer
PAUSE = 0.02  # seconds before a client retries after a refusal
KEY = "register"
FOREVER = float("inf")
NODE_GAP, RELAY_GAP, CAUGHT_UP, ALL_BACK = 3.0, 2.0, 3.0, 10.0  # limits in seconds

# A write or read of the register. A write without an acknowledgement has no revision, and never ends.
Op = namedtuple("Op", "kind start end revision value")


def violations(history):
    """What no single register could have done. Empty: the history is linearizable.

    etcd reports the revision of the write that it made or saw. Order operations by revision, a write before its reads,
    and reads by their start: every read must return the last write before it. If the order also agrees with the
    clock (what ended before another began precedes it), it is the order that linearizability requires. A write
    without an answer counts from its start if it was read, and otherwise not at all.
    """
    wrong = []
    started = {}  # value -> start of its write
    revisions = {}  # value -> the revision that it was seen with
    values = {}  # revision -> value
    for op in history:
        if op.kind == "write":
            started[op.value] = op.start
        if op.revision is not None:
            if revisions.setdefault(op.value, op.revision) != op.revision \
                    or values.setdefault(op.revision, op.value) != op.value:
                wrong.append(f"{op}, but {op.value} was {revisions[op.value]}, {op.revision} {values.get(op.revision)}")
    for op in history:
        if op.kind == "read" and started.get(op.value, FOREVER) > op.end:
            wrong.append(f"{op} of what nobody had begun to write")
    newest = Op("", 0, 0, 0, None)  # the newest revision that ended before the present operation began
    ended = []
    for op in sorted(history, key=lambda op: op.start):
        revision = revisions.get(op.value)
        if revision is None:
            continue
        while ended and ended[0][0] < op.start:
            newest = max(newest, heapq.heappop(ended)[1], key=lambda op: op.revision)
        if revision < newest.revision or (op.kind == "write" and revision == newest.revision):
            wrong.append(f"{op} is of revision {revision}, begun after the end of {newest}")
        if op.end < FOREVER:
            heapq.heappush(ended, (op.end, op))
    return wrong


class Unanswered(Exception):
    """The write may have been done, or may still be done."""


class Client:
    """Sends requests to one etcd in JSON, on one connection."""

    def __init__(self, host, address):
        self.host, self.address = host, address
        self.http = None

    def ask(self, path, timeout=PATIENCE, **words):
        try:
            answer = self.request(path, timeout, words)
            said = json.loads(answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unanswered(str(error)) from error
        if answer.status != 200:
            raise Unanswered(said.get("error"))
        return said

    def request(self, path, timeout, words):
        if self.http is None:
            self.http = http.client.HTTPConnection(self.address, CLIENTS)
            self.http.auto_open = 0  # as it would open one on another host
            self.http.sock = self.host.connect(CLIENTS, self.address, timeout)
        self.http.sock.settimeout(timeout)
        self.http.request("POST", path, json.dumps(words))
        return self.http.getresponse()

    def close(self):
        if self.http is not None:
            self.http.close()
        self.http = None

    def put(self, value):
        return int(self.ask("/v3/kv/put", key=coded(KEY), value=coded(value))["header"]["revision"])

    def get(self, **words):
        """Linearizable unless `words` say otherwise. Returns the value and the revision of its write."""
        (found,) = self.ask("/v3/kv/range", key=coded(KEY), **words)["kvs"]
        return decoded(found["value"]), int(found["mod_revision"])

    def status(self):
        return self.ask("/v3/maintenance/status")

    def revision(self):
        return int(self.status()["header"]["revision"])

    def writes(self, last):
        """Each write of the register, up to that revision, that this etcd itself has: {revision: value}."""
        held = {}
        answer = self.request("/v3/watch", 10.0, {"create_request": {"key": coded(KEY), "start_revision": "1"}})
        while max(held, default=0) < last:
            for event in json.loads(answer.readline())["result"].get("events", []):
                held[int(event["kv"]["mod_revision"])] = decoded(event["kv"]["value"])
        self.close()
        return held


def coded(text):
    return base64.b64encode(text.encode()).decode()


def decoded(text):
    return base64.b64decode(text).decode()


class Load:
    """On every host one client writes to its own etcd, and one reads from the next host's, all the time."""

    def __init__(self, cluster):
        self.history = []
        self.acknowledged = {name: [] for name in NODES}  # the time of each acknowledgement
        self.over = threading.Event()
        names = list(NODES)
        self.threads = []
        for at, name in enumerate(names):
            host, following = cluster.members[name].host, names[(at + 1) % len(names)]
            self.begin(self.write, name, Client(host, NODES[name]))
            self.begin(self.read, Client(host, NODES[following]))

    def begin(self, work, *words):
        self.threads.append(threading.Thread(target=work, args=words, daemon=True))
        self.threads[-1].start()

    def write(self, name, client):
        number = 0
        while not self.over.is_set():
            number += 1
            value = f"{name} {number}"
            start = time.monotonic()
            try:
                revision = client.put(value)
                now = time.monotonic()
                self.acknowledged[name].append(now)
                self.history.append(Op("write", start, now, revision, value))
            except Unanswered:
                self.history.append(Op("write", start, FOREVER, None, value))
                self.over.wait(PAUSE)
        client.close()

    def read(self, client):
        while not self.over.is_set():
            start = time.monotonic()
            try:
                value, revision = client.get()
                self.history.append(Op("read", start, time.monotonic(), revision, value))
            except Unanswered:
                self.over.wait(PAUSE)
        client.close()

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def newest(self):
        return max(op.revision for op in list(self.history) if op.kind == "write" and op.revision)

    def gap(self, since, names=NODES):
        """The longest time from `since` on in which a host got no write acknowledged."""
        longest = 0.0
        for name in names:
            times = [t for t in list(self.acknowledged[name]) if t >= since]
            longest = max(longest, *(b - a for a, b in zip([since, *times], [*times, time.monotonic()])))
        return longest

    def count(self, since=0.0, names=NODES):
        return sum(t >= since for name in names for t in list(self.acknowledged[name]))


class Member:
    """One host: gof run with a file, and an etcd that uses loopback only."""

    def __init__(self, cluster, name):
        self.cluster, self.name = cluster, name
        self.host = getattr(cluster.lab, name)
        self.peer = Peer(cluster, self.host, name)
        self.file = os.path.join(self.peer.home, "gof.conf")
        self.data = os.path.join(self.peer.home, "data")
        self.gof = self.etcd = None

    def write_file(self, ids, joins):
        own, others = NODES[self.name], [name for name in NODES if name != self.name]
        lines = ["[node]", f"name = {self.name}", "no-listen = true", *(f"join = ticket-file={j}" for j in joins),
                 *(f"[alias {name}]\npeer = {ids[name]}" for name in others)]
        for service, port in (("peer", PEERS), ("client", CLIENTS)):
            lines += [f"[serve {service}]", f"target = {own}:{port}", f"allow = {', '.join(others)}"]
        for name in others:
            lines += [f"[forward {name}]", f"peer = {name}", f"listen = {NODES[name]}:{PEERS}:peer",
                      f"listen = {NODES[name]}:{CLIENTS}:client"]
        with open(self.file, "w", encoding="ascii") as f:
            f.write("\n".join(lines) + "\n")

    def start_gof(self):
        self.gof = self.peer.spawn("run", self.file)

    def start_etcd(self):
        url = "http://" + NODES[self.name]
        self.etcd = self.host.spawn(
            "etcd", "--name", self.name, "--data-dir", self.data,
            "--listen-peer-urls", f"{url}:{PEERS}", "--initial-advertise-peer-urls", f"{url}:{PEERS}",
            "--listen-client-urls", f"{url}:{CLIENTS}", "--advertise-client-urls", f"{url}:{CLIENTS}",
            "--initial-cluster", ",".join(f"{name}=http://{at}:{PEERS}" for name, at in NODES.items()),
            env=self.peer.environment())

    def start(self):
        self.start_gof()
        self.start_etcd()

    def kill(self):
        self.etcd.kill()
        self.gof.kill()

    def client(self):
        return Client(self.host, NODES[self.name])

    def etcdctl(self, *words, of=None):
        """Runs etcdctl on its own etcd, or on those named. Returns the output."""
        at = ",".join(f"{NODES[name]}:{CLIENTS}" for name in of or [self.name])
        done = self.host.run("etcdctl", "--endpoints", at, *words, env=self.peer.environment(ETCDCTL_API="3"))
        self.cluster.assertEqual(done.code, 0, done.err)
        return done.out


class Cluster(Case):
    places = {"n1": "a", "n2": "b", "n3": "c", "r1": "abc", "r2": "abc"}

    def laboratory(self):
        hosts = Networks(**self.places)
        hosts.srv, hosts.cli = hosts.n1, hosts.n2
        return hosts

    def setUp(self):
        for program in ("etcd", "etcdctl"):
            if not shutil.which(program):
                self.skipTest(f"no {program} here; tests/setup.sh has the list of packages")
        super().setUp()
        self.hubs = {name: Peer(self, getattr(self.lab, name), name) for name in ("r1", "r2")}
        self.relays = {}
        joins = []
        for name in self.hubs:
            joins += [self.relay(name, *(word for join in joins for word in ("--join", f"ticket-file={join}")))]
        self.members = {name: Member(self, name) for name in NODES}
        ids = {name: member.peer.run("id").out.strip() for name, member in self.members.items()}
        for member in self.members.values():
            member.write_file(ids, joins)

    def relay(self, name, *words):
        """Starts a relay. Returns the path of a file with its join ticket."""
        # A ticket has four addresses, two of them for other members; a relay on three networks names only its own.
        for letter in self.places[name]:
            words += ("--advertise", f"{self.lab.at(self.hubs[name].host, letter)}:{MESH_PORT}")
        self.relays[name] = self.hubs[name].spawn("relay", "--name", name, *words)
        ticket = self.relays[name].wait_for(TICKET, stream="out").group(0)
        path = self.file(name + ".ticket")
        with open(path, "w", encoding="ascii") as f:
            f.write(ticket + "\n")
        return path

    def start(self):
        for member in self.members.values():
            member.start()
        self.linked()
        return self.formed()

    def linked(self, names=("r1", "r2"), since=None):
        """Waits until every host reports a link to these relays, maybe again."""
        for member in self.members.values():
            (letter,) = self.places[member.name]
            for name in names:
                place = self.lab.at(self.hubs[name].host, letter)
                member.gof.wait_for(f"link to {place}:{MESH_PORT} stands", within=20.0,
                                    since=since[member.name] if since else 0)

    def marks(self):
        return {name: member.gof.mark() for name, member in self.members.items()}

    def formed(self, names=NODES, within=20.0):
        """Each of them answers a linearizable read, so the cluster has a leader and a majority."""
        return self.eventually("the cluster forms", lambda: all(self.answers(name) for name in names), within)

    def answers(self, name):
        client = self.members[name].client()
        try:
            client.ask("/v3/kv/range", key=coded(KEY))
        except Unanswered:
            return False
        finally:
            client.close()
        return True

    def load(self):
        """Starts clients on all hosts, once the register exists."""
        start = time.monotonic()
        client = self.members["n1"].client()
        first = client.put("first")
        client.close()
        load = Load(self)
        self.addCleanup(load.stop)
        load.history.append(Op("write", start, time.monotonic(), first, "first"))
        self.eventually("all hosts write", lambda: all(len(times) > 20 for times in load.acknowledged.values()))
        return load

    def leader(self):
        for name, member in self.members.items():
            client = member.client()
            said = client.status()
            client.close()
            if said["leader"] == said["header"]["member_id"]:
                return name
        self.fail("no leader")

    def received(self):
        return {name: peer.host.received() for name, peer in self.hubs.items()}

    def go_on(self, load, names, since):
        for name in names:
            self.eventually(f"{name} writes", lambda name=name: load.count(since, [name]) > 0, 5 * NODE_GAP)

    def lose_node(self, load, name, seconds=3.0):
        """Kills etcd and gof of a host while the others write, and restarts them after this many seconds."""
        member, others = self.members[name], [other for other in NODES if other != name]
        since = time.monotonic()
        member.kill()
        lab.hold(seconds)
        self.go_on(load, others, since)
        gap, missed = load.gap(since, others), load.count(since)
        target, back = load.newest(), time.monotonic()
        member.start()
        client = member.client()

        def caught_up():
            try:
                return client.revision() >= target
            except Unanswered:
                return False

        self.eventually(f"{name} has what it missed", caught_up, 5 * CAUGHT_UP)
        caught = time.monotonic() - back
        client.close()
        self.go_on(load, NODES, back)
        self.measured(f"longest gap of writes on a host while {name} is gone", gap, NODE_GAP)
        self.measured(f"{name} has {missed} writes that it missed after its start", caught, CAUGHT_UP)

    def carrier(self, since):
        """The relay that has received the most bytes since then."""
        now = self.received()
        took = {name: now[name] - since[name] for name in now}
        name = max(took, key=took.get)
        self.told(f"of all bytes went by {name}", f"{100 * took[name] // sum(took.values())} %")
        return name

    def lose_relay(self, load, name, seconds=2.0):
        """Kills a relay. It is back after this many seconds, and soon linked with all hosts."""
        marks = self.marks()
        since = time.monotonic()
        self.relays[name].kill()
        lab.hold(seconds)
        self.go_on(load, NODES, since)
        gap = load.gap(since)
        self.relay(name)
        back = time.monotonic()
        self.linked([name], marks)
        self.told(f"{name} is linked with all again after", f"{time.monotonic() - back:.2f} s")
        self.measured(f"longest gap of writes on a host while {name} is gone", gap, RELAY_GAP)

    def all_is_well(self, load):
        """The history is linearizable, and all three have the same, with every acknowledged write."""
        load.stop()
        final = max(op.revision or 0 for op in load.history)
        unanswered = sum(op.revision is None for op in load.history)
        self.told("writes acknowledged, without an answer, reads",
                  f"{load.count() + 1}, {unanswered}, {sum(op.kind == 'read' for op in load.history)}")
        self.assertEqual(violations(load.history), [])
        last = [member.etcdctl("get", KEY, "--print-value-only") for member in self.members.values()]
        self.assertEqual(len(set(last)), 1, last)
        self.eventually("one revision everywhere", lambda: len(set(self.ends())) == 1, 10.0)
        (end,) = set(self.ends())
        self.assertGreaterEqual(end, final)
        hashes = self.members["n1"].etcdctl("endpoint", "hashkv", "-w", "json", of=NODES)
        self.assertEqual(len({one["HashKV"]["hash"] for one in json.loads(hashes)}), 1, hashes)
        for name, member in self.members.items():
            held = member.client().writes(final)
            lost = [op for op in load.history if op.kind == "write" and op.revision
                    and held.get(op.revision) != op.value]
            self.assertEqual(lost, [], f"acknowledged, but not at {name}")

    def ends(self):
        """The revision of each node, as reported to n1."""
        said = self.members["n1"].etcdctl("endpoint", "status", "-w", "json", of=NODES)
        return [one["Status"]["header"]["revision"] for one in json.loads(said)]


class Formation(Cluster):
    def test_cluster_forms_in_whatever_order_all_is_started(self):
        steps = {
            "relays": lambda: [self.relay(name) for name in self.hubs],
            "gofs": lambda: [member.start_gof() for member in self.members.values()],
            "etcds": lambda: [member.start_etcd() for member in self.members.values()],
        }
        for order in ("relays gofs etcds", "etcds gofs relays", "gofs etcds relays"):
            with self.subTest(order=order):
                self.forget()
                for name in order.split():
                    steps[name]()
                    if name == "gofs" and order.endswith("relays"):
                        for member in self.members.values():
                            member.gof.wait_for(r"no member of this mesh answers: .*; again in")
                self.told(f"started as {order}: formed after", f"{self.formed():.2f} s")
                self.all_read_what_each_wrote(NODES)

    def forget(self):
        """Stops everything, and removes the data of etcd; keys remain."""
        for process in (*self.relays.values(), *(p for m in self.members.values() for p in (m.gof, m.etcd) if p)):
            process.end()
        for member in self.members.values():
            shutil.rmtree(member.data, ignore_errors=True)

    def test_third_host_comes_later_and_has_all(self):
        first = ["n1", "n2"]
        for name in first:
            self.members[name].start()
        self.told("two of three formed after", f"{self.formed(first):.2f} s")
        self.all_read_what_each_wrote(first)
        self.members["n3"].start()
        self.told("the third is there after", f"{self.formed():.2f} s")
        for name in first:
            self.assertEqual(self.members["n3"].etcdctl("get", name, "--print-value-only"), f"by {name}\n")
        self.all_read_what_each_wrote(NODES)

    def all_read_what_each_wrote(self, names):
        for name in names:
            self.assertEqual(self.members[name].etcdctl("put", name, f"by {name}"), "OK\n")
        for reader in names:
            for name in names:
                self.assertEqual(self.members[reader].etcdctl("get", name, "--print-value-only"), f"by {name}\n")


class Faults(Cluster):
    def test_writes_go_on_without_a_host_that_catches_up_when_it_is_back(self):
        self.start()
        load = self.load()
        leader = self.leader()
        self.lose_node(load, next(name for name in NODES if name != leader))
        self.all_is_well(load)

    def test_no_acknowledged_write_is_lost_with_the_relay_that_carries(self):
        self.start()
        since = self.received()
        load = self.load()
        self.lose_relay(load, self.carrier(since))
        self.all_is_well(load)

    def test_history_is_linearizable_over_a_lost_leader_and_both_relays_in_turn(self):
        self.start()
        since = self.received()
        load = self.load()
        self.lose_node(load, self.leader())
        first = self.carrier(since)
        self.lose_relay(load, first)
        self.lose_relay(load, "r1" if first == "r2" else "r2")  # everything goes through the restarted relay
        self.all_is_well(load)

    def test_stale_reads_of_a_host_that_is_cut_off_are_found(self):
        """What the test above would detect: an etcd can be asked for what it has itself."""
        self.start()
        load = self.load()
        cut = next(name for name in NODES if name != self.leader())
        self.members[cut].gof.kill()
        since = time.monotonic()
        self.go_on(load, [name for name in NODES if name != cut], since)
        client = self.members[cut].client()
        self.addCleanup(client.close)
        start = time.monotonic()
        value, revision = client.get(serializable=True)
        end = time.monotonic()
        self.assertRaises(Unanswered, client.get)
        load.stop()
        self.assertEqual(violations(load.history), [])
        (found,) = violations([*load.history, Op("read", start, end, revision, value)])
        self.assertIn("begun after the end of", found)


class FaultsLong(Cluster):
    rounds = 24

    def test_history_is_linearizable_over_many_faults_of_hosts_and_relays(self):
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", flush=True)
        draw = random.Random(seed)
        self.start()
        load = self.load()
        kinds = ["leader", "host", "relay", "all relays", "everything"]
        for number in range(self.rounds):
            kind = kinds[number] if number < len(kinds) else draw.choice(kinds)
            print(f"round {number + 1}: {kind}", flush=True)
            since = self.received()
            begun = time.monotonic()
            self.eventually("all hosts write", lambda: all(load.count(begun, [name]) > 20 for name in NODES), 20.0)
            if kind == "leader":
                self.lose_node(load, self.leader())
            elif kind == "host":
                self.lose_node(load, draw.choice(list(NODES)))
            elif kind == "relay":
                self.lose_relay(load, self.carrier(since))
            else:
                self.lose_all(load, kind == "everything", draw.uniform(1, 8))
        self.all_is_well(load)

    def lose_all(self, load, everything, seconds):
        """Kills every relay, or everything, and restarts it after this many seconds."""
        marks = self.marks()
        for relay in self.relays.values():
            relay.kill()
        if everything:
            for member in self.members.values():
                member.kill()
        lab.hold(seconds)
        for name in self.hubs:
            self.relay(name)
        if everything:
            marks = None
            for member in self.members.values():
                member.start()
        back = time.monotonic()
        self.go_on(load, NODES, back)
        self.measured("writes by every host again once all is back,", time.monotonic() - back, ALL_BACK)
        self.linked(since=marks)


class History(unittest.TestCase):
    """What violations() finds in made-up histories."""

    FIRST = Op("write", 0, 1, 5, "a")

    def judged(self, *ops):
        return len(violations([self.FIRST, *ops]))

    def test_what_a_register_may_do_is_no_violation(self):
        self.assertEqual(self.judged(Op("read", 2, 3, 5, "a"), Op("write", 4, 9, 7, "b"), Op("read", 5, 6, 7, "b"),
                                     Op("read", 5, 8, 5, "a"), Op("read", 10, 11, 7, "b")), 0)

    def test_a_write_without_an_answer_counts_late_or_never(self):
        pending = Op("write", 2, FOREVER, None, "b")
        self.assertEqual(self.judged(pending, Op("read", 3, 4, 5, "a")), 0)
        self.assertEqual(self.judged(pending, Op("read", 3, 4, 5, "a"), Op("read", 5, 6, 8, "b")), 0)
        self.assertEqual(self.judged(pending, Op("read", 3, 4, 8, "b"), Op("read", 5, 6, 5, "a")), 1)

    def test_a_lost_write_is_found(self):
        self.assertEqual(self.judged(Op("write", 2, 3, 6, "b"), Op("read", 4, 5, 5, "a")), 1)

    def test_a_read_older_than_another_before_it_is_found(self):
        self.assertEqual(self.judged(Op("write", 2, 9, 6, "b"), Op("read", 3, 4, 6, "b"), Op("read", 5, 6, 5, "a")), 1)

    def test_writes_in_another_order_than_they_were_made_are_found(self):
        self.assertEqual(self.judged(Op("write", 2, 3, 4, "b")), 1)
        self.assertEqual(self.judged(Op("read", 2, 3, 7, "b"), Op("write", 4, 5, 7, "b")), 2)  # also from the future

    def test_a_value_that_nobody_wrote_or_that_came_twice_is_found(self):
        self.assertEqual(self.judged(Op("read", 2, 3, 6, "x")), 1)
        self.assertEqual(self.judged(Op("read", 2, 3, 6, "a")), 1)
        self.assertEqual(self.judged(Op("write", 2, 3, 5, "b")), 2)


if __name__ == "__main__":
    lab.main()
