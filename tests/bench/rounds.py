"""Runs the rows: round by round, each row with every contender in turn, on processes that live for one round."""

import os
import subprocess

from bridge import Bridge
from programs import tell

# What fails is tried once more. gof's own failures then end the measurement; a rival has no sample in that round.
OURS = ("gof", "relayed")
FAILURES = (RuntimeError, OSError, subprocess.SubprocessError)


class Rounds:
    """`samples`: {figure: {contender: [a number for each round, or None]}}"""

    def __init__(self, rows, contenders, start):
        self.rows, self.contenders, self.start = rows, contenders, start
        self.samples = {one.name: {each.key: [] for each in contenders} for row in rows for one in row.figures}

    def run(self, rounds):
        for number in range(rounds):
            # Alternately forwards and backwards, so that no contender always follows the same one.
            order = self.contenders if number % 2 == 0 else self.contenders[::-1]
            fresh = [row for row in self.rows if row.fresh]
            if fresh:
                self.run_fresh(order, fresh)
            standing = [row for row in self.rows if not row.fresh]
            if standing:
                self.run_standing(order, standing)
            tell(f"round {number + 1} of {rounds}")
        return self.samples

    def run_fresh(self, order, rows):
        for contender in order:
            bridge = self.attempt(contender, lambda c=contender: self.start(c))
            try:
                for row in rows:
                    self.measure(contender, bridge, row)
            finally:
                if bridge:
                    bridge.stop()

    def run_standing(self, order, rows):
        bridges = {}
        try:
            for contender in order:
                bridges[contender.key] = self.attempt(contender, lambda c=contender: self.start(c))
            for row in rows:
                for contender in order:
                    self.measure(contender, bridges[contender.key], row)
        finally:
            for bridge in bridges.values():
                if bridge:
                    bridge.stop()

    def measure(self, contender, bridge, row):
        found = self.attempt(contender, lambda: row.measure(bridge), row.name) if bridge else None
        for one, value in zip(row.figures, found or [None] * len(row.figures)):
            self.samples[one.name][contender.key].append(value)

    @staticmethod
    def attempt(contender, act, what="start"):
        for last in (False, True):
            try:
                return act()
            except FAILURES as error:
                said = f"{contender.title}: {what}: {error}"
                if last and contender.key in OURS:
                    raise RuntimeError(said) from error
                tell(said + (": it has no sample" if last else ": once more"))
        return None


def starter(folder, target, gof):
    """What starts a contender in a folder of its own, each time anew."""
    count = iter(range(1 << 30))
    return lambda contender: Bridge(contender, os.path.join(folder, f"{contender.key}{next(count)}"), target, gof)
