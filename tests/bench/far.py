"""Rows far away: on lines with delay, loss or a low rate, in network namespaces of their own (needs root)."""

import json
import os
import subprocess
import sys
from collections import namedtuple

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import loads  # noqa: E402  (beside this file)
from distance import Bed, lab  # noqa: E402
from programs import pause, tell  # noqa: E402
from rows import figure  # noqa: E402

MB = 1000 * 1000
FAR = {"rate": 100e6, "delay": 50}  # bit/s, ms each way
LOSSY = {**FAR, "loss": 0.5}  # %
SLOW = {"rate": 2e6, "delay": 20}
STREAM = 30  # seconds
SLOWLY = 10  # seconds; some 200 round trips

# `measure(bed, key)` returns a number for each figure. Every row has a line of its own, on which all its rounds run.
Row = namedtuple("Row", "name line contenders figures measure")


def one_megabyte(bed, key):
    port, seconds = bed.port[key]["asks"], []
    for way in ("down", "up"):
        seconds.append(bed.pingpong.transfer(way, port, MB))
        pause(1)
    return seconds


def stream(bed, key):
    plain = key == "none"
    moved = loads.stream(bed.port[key]["stream"], STREAM, inside=bed.cli.argv(),
                         address=bed.address if plain else "127.0.0.1")
    return [1000 * moved.rate]


def slow(bed, key):
    port = bed.port[key]["asks"]
    alone = bed.pingpong.round_trips(port, SLOWLY / 2).rate / 1000
    beside = bed.pingpong.beside_bulk(port, SLOWLY, settle=3)
    return [alone, beside.p99 / 1000, beside.p99 / 1000 - alone]


FORWARDERS = ("ssh", "gof", "relayed")
PLAIN = ("none", "gof", "relayed")
ROWS = [
    Row("1 MB, 100 ms away", FAR, FORWARDERS,
        [figure("1 MB down, 100 ms away", "s"), figure("1 MB up, 100 ms away", "s")], one_megabyte),
    Row("30 s, 100 ms away", FAR, PLAIN, [figure("30 s, 100 ms away", "Mbit/s", "more")], stream),
    Row("30 s, 100 ms away, 0.5 % loss", LOSSY, PLAIN,
        [figure("30 s, 100 ms away, 0.5 % loss", "Mbit/s", "more")], stream),
    Row("2 Mbit/s", SLOW, FORWARDERS,
        [figure("round trip p50 at 2 Mbit/s", "ms"), figure("p99 beside bulk at 2 Mbit/s", "ms"),
         figure("p99 beside bulk at 2 Mbit/s, less a round trip", "ms")], slow),
]


def measure(row, pingpong, contenders, rounds):
    """{figure: {contender: [a number for each round]}}"""
    keys = [key for key in row.contenders if key in contenders]
    samples = {one.name: {key: [] for key in keys} for one in row.figures}
    if not keys:
        return samples
    bed = Bed(row.line, pingpong, keys)
    try:
        for number in range(rounds):
            for key in keys if number % 2 == 0 else keys[::-1]:
                bed.settle()
                for one, value in zip(row.figures, row.measure(bed, key)):
                    samples[one.name][key].append(value)
            tell(f"{row.name}: round {number + 1} of {rounds}")
    finally:
        bed.close()
    return samples


def run(names, gof, pingpong, contenders, rounds, folder):
    """Measures the rows of these names in a process of its own, as it enters namespaces. Returns the samples."""
    found = os.path.join(folder, "far.json")
    asked = {"names": names, "pingpong": os.path.abspath(pingpong), "contenders": contenders, "rounds": rounds,
             "found": found}
    beside = os.path.dirname(os.path.abspath(gof))
    environment = {"GOF_TEST_IMPAIRMENT": os.path.join(beside, "tests", "e2e", "impairment"), **os.environ,
                   "GOF": os.path.abspath(gof)}
    child = subprocess.Popen([sys.executable, "-B", os.path.abspath(__file__), json.dumps(asked)], env=environment,
                             stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True)
    try:
        code = child.wait()
    finally:
        child.kill()  # its namespaces end with it, and all that is inside
        child.wait()
    if code != 0:
        raise RuntimeError(f"the far rows ended with {code}")
    with open(found, encoding="utf-8") as f:
        return json.load(f)


def main():
    lab.enter()
    asked = json.loads(sys.argv[1])
    samples = {}
    for row in ROWS:
        if row.name in asked["names"]:
            samples.update(measure(row, asked["pingpong"], asked["contenders"], asked["rounds"]))
    with open(asked["found"], "w", encoding="utf-8") as f:
        json.dump(samples, f)


if __name__ == "__main__":
    main()
