"""Loads for a forwarder, on a port of its. Each returns what it moved: (rate, units, more...). A higher rate is better,
except for round trips, where it is a time."""

import contextlib
import json
import re
import subprocess
from collections import namedtuple

from programs import pause

TRIES = 6  # iperf3 serves one client at a time, and is busy for a moment after each, even after a readiness probe
GIB = 1 << 30

Moved = namedtuple("Moved", "rate units more", defaults=(None,))
Trips = namedtuple("Trips", "p50 p99 bulk", defaults=(None,))


def run(argv, seconds):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=seconds + 60)
    if done.returncode != 0:
        raise RuntimeError(f"{argv[0]}: {done.stderr.strip()}")
    return done.stdout


def stream(port, seconds, *options, inside=(), address="127.0.0.1"):
    """Gbit/s and GiB of one stream to the server, unless iperf3's options say otherwise. `inside`: a command line that
    runs iperf3 elsewhere."""
    for attempt in range(TRIES):
        argv = [*inside, "iperf3", "-c", address, "-p", str(port), "-t", str(max(1, round(seconds))), "-J", *options]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                              timeout=seconds + 60)
        # With -J some failures (a server still busy with the last client) end with code 0 and an "error" inside.
        told = json.loads(done.stdout or "{}").get("end", {}).get("sum_received") if done.returncode == 0 else None
        if told:
            return Moved(told["bits_per_second"] / 1e9, told["bytes"] / GIB)
        pause(0.3 * (attempt + 1))
    raise RuntimeError(f"iperf3: {done.stdout[-300:]}{done.stderr}")


class Pingpong:
    """The program's verbs. `inside` as above."""

    def __init__(self, program, inside=()):
        self.argv = [*inside, program]

    def ask(self, verb, port, *words, seconds=0.0):
        return json.loads(run([*self.argv, verb, port, *words], seconds))

    def round_trips(self, port, seconds):
        """The median in microseconds (`more` is the 99th percentile), and thousands of round trips."""
        told = self.ask("ask", port, seconds, seconds=seconds)
        return Moved(told["p50_us"], told["count"] / 1000, told["p99_us"])

    def many_round_trips(self, port, seconds, at_once):
        """Round trips per second, and thousands of them."""
        told = self.ask("ask", port, seconds, at_once, seconds=seconds)
        return Moved(told["rate"], told["count"] / 1000)

    def beside_bulk(self, port, seconds, settle=0.3):
        """Median and 99th percentile in microseconds while another connection sends all it can, and its Gbit/s."""
        with self.waiting("bulk", port) as bulk:
            pause(settle)
            trips = self.ask("ask", port, seconds, seconds=seconds)
            bulk.stdin.close()
            told = json.loads(bulk.stdout.readline() or "{}")
        if not told:
            raise RuntimeError("pingpong: the bulk failed")
        return Trips(trips["p50_us"], trips["p99_us"], told["bytes"] * 8 / 1e9 / told["seconds"])

    def connections(self, port, seconds, at_once):
        """Connections per second, and thousands of connections."""
        told = self.ask("connect", port, seconds, at_once, seconds=seconds)
        return Moved(told["count"] / told["seconds"], told["count"] / 1000)

    def transfer(self, way, port, size):
        """Seconds that a new connection needs to move this much "up" or "down"."""
        return self.ask(way, port, size)["seconds"]

    @contextlib.contextmanager
    def held(self, port, count):
        """So many open connections that are idle. Gives the seconds to open them."""
        with self.waiting("hold", port, count) as holder:
            told = json.loads(holder.stdout.readline() or "{}")
            if not told:
                raise RuntimeError(f"pingpong: {count} connections at once failed")
            yield told["seconds"]

    @contextlib.contextmanager
    def waiting(self, *words):
        """A verb that ends with its input."""
        child = subprocess.Popen([str(w) for w in (*self.argv, *words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 text=True)
        try:
            yield child
        finally:
            child.stdin.close()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            child.stdout.close()


def requests(port, seconds):
    """HTTP requests per second over 100 connections that stay open, and hundreds of thousands of requests."""
    told = run(["wrk", "-t1", "-c100", f"-d{max(1, round(seconds))}s", "--timeout", "5s", f"http://127.0.0.1:{port}/"],
               seconds)
    wrong = re.search(r"Socket errors: (.*)|Non-2xx or 3xx responses: (\d+)", told)
    if wrong:
        raise RuntimeError(f"wrk: {wrong[0]}")
    return Moved(float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]),
                 int(re.search(r"(\d+) requests in", told)[1]) / 100000)
