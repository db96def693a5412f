"""Loads for a forwarder. Each returns (rate, units moved). A higher rate is better, except for round trips, where it is
a time."""

import json
import subprocess
import threading
from collections import namedtuple

TRIES = 4  # iperf3 serves one client at a time, and is busy for a moment after each, even after a readiness probe
GIB = 1 << 30

Moved = namedtuple("Moved", "rate units more", defaults=(None,))


def stream(port, seconds, *options):
    """Gbit/s and GiB of one stream to the server, unless iperf3's options say otherwise."""
    for attempt in range(TRIES):
        argv = ["iperf3", "-c", "127.0.0.1", "-p", str(port), "-t", str(max(1, round(seconds))), "-J", *options]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                              timeout=seconds + 20)
        # With -J some failures (a server still busy with the last client) end with code 0 and an "error" inside.
        told = json.loads(done.stdout or "{}").get("end", {}).get("sum_received") if done.returncode == 0 else None
        if told:
            return Moved(told["bits_per_second"] / 1e9, told["bytes"] / GIB)
        threading.Event().wait(0.3 * (attempt + 1))
    raise RuntimeError(f"iperf3: {done.stdout[-300:]}{done.stderr}")


def told_by(pingpong, verb, port, seconds, *more):
    done = subprocess.run([pingpong, verb, str(port), str(seconds), *map(str, more)], capture_output=True, text=True,
                          check=False, stdin=subprocess.DEVNULL, timeout=seconds + 20)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def round_trips(pingpong, port, seconds):
    """The median in microseconds (`more` is the 99th percentile), and thousands of round trips."""
    told = told_by(pingpong, "ask", port, seconds)
    return Moved(told["p50_us"], told["count"] / 1000, told["p99_us"])


def connections(pingpong, port, seconds, at_once):
    """Connections per second, and thousands of connections."""
    told = told_by(pingpong, "connect", port, seconds, at_once)
    return Moved(told["count"] / told["seconds"], told["count"] / 1000)
