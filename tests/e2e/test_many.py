"""Many connections between one pair: at once, in sequence, silent ones next to a busy one; nothing is left behind."""

import json
import os
import resource
import subprocess

import lab
from lab import sh
from peer import Pair
from process import Process
from traffic import echo_intact

CROWD = os.path.abspath(os.environ.get("GOF_TEST_CROWD", "build/tests/e2e/crowd"))

LEFT_MIB = 48  # of memory afterwards; a node that never carried anything has 18


class Crowd:
    """tests/e2e/crowd on a host, which prints one object per line."""

    def __init__(self, host, *words):
        self.process = Process(host.argv(CROWD, *words), stdin=subprocess.PIPE)
        self.read = 0

    def say(self, line):
        self.process.child.stdin.write(line.encode() + b"\n")
        self.process.child.stdin.flush()

    def told(self, key, within=50.0):
        """The next line that has this key."""
        found = self.process.wait_for(rf'"{key}": ', within, stream="out", since=self.read)
        self.read = next(i for i, line in enumerate(self.process.lines) if i >= self.read and line[2] == found.string) + 1
        return json.loads(found.string)

    def ask(self, line, key, **how):
        self.say(line)
        return self.told(key, **how)

    def leave(self):
        self.process.child.stdin.close()
        return self.process.wait()


class Many(Pair):
    """`self.target` echoes on srv; a crowd on cli connects through gof."""

    target_words = ()

    def setUp(self):
        super().setUp()
        self.target = Crowd(self.srv, "serve", 7001, *self.target_words)
        self.target.told("open")
        self.bridge(echo=7001)
        # The first connection allocates what stays: buffers, tables.
        echo_intact(self, self.cli, self.forward.port)
        self.before = self.descriptors()

    def crowd(self, *words):
        return Crowd(self.cli, words[0], self.forward.port, *words[1:])

    def all_right(self, told, key, count):
        self.assertEqual((told[key], told["failed"]), (count, 0), told)

    def open_at_target(self):
        return self.target.ask("count", "open")["open"]

    def flows(self):
        """Open connections and bytes held, as both ends report them."""
        told = []
        for peer, key in ((self.home, "services"), (self.away, "forwards")):
            stands = json.loads(peer.run("status", "--json").out)
            told.append((sum(one["connections"]["open"] for one in stands[key]), stands["node"]["held_bytes"]))
        return told

    def nothing_left(self, most_mib):
        """Descriptors, flows and bytes held are as before; so is memory, but for what an allocator cannot return."""
        self.descriptors_back(self.before)
        self.eventually("the target sees the ends", lambda: self.open_at_target() == 0)
        self.eventually("nothing is held", lambda: self.flows() == [(0, 0), (0, 0)])
        for name, process in (("serve", self.serve), ("forward", self.forward)):
            self.eventually(f"{name} gives memory back", lambda p=process: p.memory_mib() <= most_mib, within=25)
            self.told(f"{name} memory at its peak and afterwards",
                      f"{process.peak_mib():.1f}, {process.memory_mib():.1f} MiB")
        echo_intact(self, self.cli, self.forward.port)
        self.peers_live()

    def at_once(self, count, most_mib, most_left_mib):
        crowd = self.crowd("hold", count)
        opened = crowd.told("opened")
        self.told(f"{count} connections opened within", f"{opened['seconds']:.2f} s, p99 {opened['p99_ms']:.0f} ms")
        self.all_right(opened, "opened", count)
        self.assertEqual(self.open_at_target(), count)
        for name, process in (("serve", self.serve), ("forward", self.forward)):
            self.told(f"{name} memory with {count} connections", f"{process.memory_mib():.1f} MiB (bar {most_mib})")
            self.assertLessEqual(process.memory_mib(), most_mib)
        self.all_right(crowd.ask("talk 5000", "talked"), "talked", count)
        self.all_right(crowd.ask("end", "ended"), "ended", count)
        for process in (self.serve, self.forward):
            self.assertLessEqual(process.peak_mib(), most_mib)
        self.assertEqual(crowd.leave(), 0)
        self.nothing_left(most_left_mib)

    def a_second(self, rate, seconds):
        crowd = self.crowd("rate", rate, seconds)
        answered = crowd.told("answered", within=seconds + 30)
        self.all_right(answered, "answered", rate * seconds)
        self.all_right(crowd.told("whole"), "whole", rate * seconds)
        self.measured(f"p99 of opening at {rate} connections a second for {seconds} s", answered["p99_ms"] / 1000, 0.25)
        self.assertEqual(crowd.leave(), 0)
        self.nothing_left(LEFT_MIB)


class AtOnce(Many):
    def test_1000_connections_stand_talk_and_end(self):
        self.at_once(1000, 64, LEFT_MIB)

    def test_a_reset_of_1000_connections_leaves_nothing(self):
        crowd = self.crowd("hold", 1000)
        self.all_right(crowd.told("opened"), "opened", 1000)
        crowd.process.kill()
        self.nothing_left(LEFT_MIB)

    def test_10000_connections_stand_talk_and_end(self):
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 10_200:  # each process needs one for each connection
            self.skipTest("a process may have too few descriptors here")
        self.at_once(10_000, 400, LEFT_MIB)


class Stalled(Many):
    """The target does not read, and its clients write until nothing progresses."""

    target_words = (16_384,)  # of receive buffer, so that gof holds the bytes, not the system
    streams = 10_000
    pieces = 6  # of 16 KiB
    most_kib = 100

    def setUp(self):
        super().setUp()
        # gof is to hold the bytes: with the system's own buffers 10,000 connections would use all its memory.
        sh(*self.srv.argv("sysctl", "-qw", "net.ipv4.tcp_wmem=4096 8192 8192"))

    def memory_kib(self):
        return 1024 * (self.serve.memory_mib() + self.forward.memory_mib())

    def test_10000_stalled_connections_hold_little_each_and_lose_nothing(self):
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < self.streams + 200:
            self.skipTest("a process may have too few descriptors here")
        before = self.memory_kib()
        crowd = self.crowd("silent", self.streams)
        self.all_right(crowd.told("opened"), "opened", self.streams)
        self.eventually("each has its connection to the target", lambda: self.open_at_target() == self.streams)
        self.assertTrue(self.target.ask("pause", "paused")["paused"])
        filled = crowd.ask(f"fill {self.pieces}", "filled", within=120)["filled"]
        self.assertGreater(sum(held for _, held in self.flows()), self.streams * 16 * 1024)
        self.told("taken of each of 10,000 writers before it stood still", f"{filled / self.streams / 1024:.0f} KiB")
        held = (self.memory_kib() - before) / self.streams
        peak = (1024 * (self.serve.peak_mib() + self.forward.peak_mib()) - before) / self.streams
        self.told("memory of a stalled connection, both ends together, now and at its peak",
                  f"{held:.0f}, {peak:.0f} KiB (bar {self.most_kib})")
        self.assertLessEqual(peak, self.most_kib)
        self.peers_live()
        self.assertFalse(self.target.ask("go", "paused")["paused"])
        self.all_right(crowd.ask(f"take {self.pieces}", "taken", within=90), "taken", self.streams)
        self.all_right(crowd.ask("end", "ended"), "ended", self.streams)
        self.assertEqual(crowd.leave(), 0)
        self.nothing_left(2 * LEFT_MIB)


class Rate(Many):
    def test_1000_connections_a_second_are_served_without_a_failure(self):
        self.a_second(1000, 5)


class RateLong(Many):
    def test_1000_connections_a_second_for_a_minute_are_served_without_a_failure(self):
        self.a_second(1000, 60)


class Silent(Many):
    def new_one(self):
        """The median time from a new connection to its first byte, next to a busy one."""
        crowd = self.crowd("rate", 20, 2)
        told = crowd.told("answered")
        self.all_right(told, "answered", 40)
        crowd.leave()
        return told["p50_ms"] / 1000

    def test_1000_silent_clients_delay_nobody(self):
        alone = self.new_one()
        silent = self.crowd("silent", 1000)
        self.all_right(silent.told("opened"), "opened", 1000)
        # Silent ones leave the listener before their target accepts, but each is dialled.
        self.eventually("each has its connection to the target", lambda: self.open_at_target() == 1000)
        busy = self.crowd("rate", 200, 3)
        beside = self.new_one()
        self.told("a new connection alone, beside 1,000 silent clients and a busy one",
                  f"{1000 * alone:.1f}, {1000 * beside:.1f} ms")
        self.all_right(busy.told("answered"), "answered", 600)
        self.measured("what 1,000 silent clients add to a new connection", max(beside - alone, 0.0), 0.1)
        self.all_right(silent.ask("talk 64", "talked"), "talked", 1000)
        self.all_right(silent.ask("end", "ended"), "ended", 1000)
        self.nothing_left(LEFT_MIB)


if __name__ == "__main__":
    lab.main()
