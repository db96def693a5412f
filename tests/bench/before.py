"""Compares two builds of gof: the old one, the new one, and the old one again, all restarted in every round. The
judgement is about processor time of all processes per unit of work; rates are printed for information."""

import json
import os
import statistics
from collections import namedtuple

import contenders
import loads
import pairs
from bridge import Bridge
from programs import tell

Row = namedtuple("Row", "name unit rate relayed load")


def rows(pingpong, seconds):
    """`load` runs the load, given the ports by name."""
    return [
        Row("one stream up", "GiB", "Gbit/s", False, lambda p: loads.stream(p["stream"], seconds)),
        Row("one stream down", "GiB", "Gbit/s", False, lambda p: loads.stream(p["stream"], seconds, "-R")),
        Row("one stream, relay", "GiB", "Gbit/s", True, lambda p: loads.stream(p["stream"], seconds)),
        Row("8 streams", "GiB", "Gbit/s", False, lambda p: loads.stream(p["stream"], seconds, "-P", "8")),
        Row("round trips", "1000", "us p50", False, lambda p: pingpong.round_trips(p["asks"], seconds)),
        Row("connections, one by one", "1000", "/s", False, lambda p: pingpong.connections(p["asks"], seconds, 1)),
        Row("connections, 50 at once", "1000", "/s", False, lambda p: pingpong.connections(p["asks"], seconds, 50)),
    ]


class Build:
    """The processes of one build for one round: a serve and a forward, and another pair with a relay between them."""

    def __init__(self, folder, target, gof):
        self.bridges = []
        try:
            for contender in (contenders.GOF, contenders.RELAYED):  # at row.relayed
                self.bridges.append(Bridge(contender, os.path.join(folder, contender.key), target, gof))
        except RuntimeError as error:
            self.stop()
            raise RuntimeError(f"{gof}: {error}") from None

    def measure(self, row):
        """(seconds of processor time per unit, rate)"""
        bridge = self.bridges[row.relayed]
        before = bridge.programs.processor_seconds()
        moved = row.load(bridge.port)
        return (bridge.programs.processor_seconds() - before) / moved.units, moved.rate

    def stop(self):
        for bridge in self.bridges:
            bridge.stop()


def measure(folder, target, old, new, table, rounds):
    """{row: [((cost, rate) of old, of new, of old again) for each round]}"""
    samples = {row.name: [] for row in table}
    for number in range(rounds):
        builds = []
        try:
            for name, gof in (("old", old), ("new", new), ("again", old)):
                builds.append(Build(os.path.join(folder, f"{number}-{name}"), target, gof))
            for row in table:
                # Alternately forwards and backwards, so that no build always follows the same one.
                order = (0, 1, 2) if number % 2 == 0 else (2, 1, 0)
                found = {at: builds[at].measure(row) for at in order}
                samples[row.name].append(tuple(found[at] for at in range(3)))
        finally:
            for build in builds:
                build.stop()
        tell(f"round {number + 1} of {rounds}")
    return samples


def costs(found):
    return [tuple(one[0] for one in of_round) for of_round in found]


def median_of(found, build, what):
    return statistics.median(of_round[build][what] for of_round in found)


def report(table, samples):
    """Prints the table, and returns the verdict on each row."""
    sure = pairs.judge("", costs(next(iter(samples.values())))).ratio.sure
    print(f"{'':25}{'CPU ms a unit':>22}{'':>8}{f'new / old ({sure:.0%} interval)':>28}{'old / old':>24}{'allowed':>9}"
          f"{'rate':>22}")
    verdicts = []
    for row in table:
        found = samples[row.name]
        said = pairs.judge(row.name, costs(found))
        verdicts.append(said)
        old, new = (1000 * median_of(found, build, 0) for build in (0, 1))
        rates = tuple(median_of(found, build, 1) for build in (0, 1))
        print(f"{row.name:25}{old:10.2f} -> {new:8.2f} /{row.unit:<8}"
              f"{said.ratio.median:8.3f} [{said.ratio.low:.3f} .. {said.ratio.high:.3f}]"
              f"{said.same.median:8.3f} [{said.same.low:.3f} .. {said.same.high:.3f}]{said.allowed:9.3f}"
              f"{rates[0]:9.4g} -> {rates[1]:<8.4g} {row.rate}{'   WORSE' if said.worse else ''}")
    return verdicts


def text(samples):
    return json.dumps({"version": 1, "samples": samples}) + "\n"
