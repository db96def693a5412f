#!/usr/bin/python3
"""Checks that `compare --before` judges as documented, with made-up samples and fixed seeds."""

import contextlib
import io
import os
import random
import statistics
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import before  # noqa: E402
import pairs  # noqa: E402


def rounds(count, factor, noise, seed, drift=0.0):
    """Costs of old, new and old again. `factor`: the new cost per unit; `noise`: the random error of each."""
    draw = random.Random(seed)
    cost = 1.0
    for _ in range(count):
        cost *= 1 + drift
        yield tuple(cost * of * draw.lognormvariate(0, noise) for of in (1, factor, 1))


class Judged(unittest.TestCase):
    def worse(self, *args, **more):
        return sum(pairs.judge("row", list(rounds(*args, seed=seed, **more))).worse for seed in range(200)) / 200

    def test_the_same_is_not_worse(self):
        self.assertLess(self.worse(9, 1.0, 0.02), 0.02)

    def test_what_is_within_the_limit_is_not_worse(self):
        self.assertLess(self.worse(9, 1.015, 0.01), 0.02)

    def test_ten_percent_more_are_worse(self):
        self.assertGreater(self.worse(9, 1.10, 0.02), 0.98)

    def test_less_is_not_worse(self):
        self.assertEqual(self.worse(9, 0.5, 0.05), 0)

    def test_a_machine_that_gets_slower_all_the_time_makes_nothing_worse(self):
        self.assertLess(self.worse(9, 1.0, 0.01, drift=0.2), 0.02)

    def test_what_the_old_build_shows_beside_itself_is_allowed(self):
        said = pairs.judge("row", [(1.0, 1.08, 1.1)] * 5)
        self.assertAlmostEqual(said.same.median, 1.1)
        self.assertAlmostEqual(said.allowed, 1.13)
        self.assertFalse(said.worse)
        self.assertTrue(pairs.judge("row", [(1.0, 1.08, 1.0)] * 5).worse)


class Interval(unittest.TestCase):
    def test_holds_the_true_median_as_often_as_it_says(self):
        for count in (6, 9, 15, 30):
            draw = random.Random(count)
            held = 0
            for _ in range(2000):
                said = pairs.ratio_of([draw.lognormvariate(0, 0.1) for _ in range(count)])
                held += said.low <= 1 <= said.high
            self.assertGreaterEqual(said.sure, pairs.CONFIDENCE)
            self.assertAlmostEqual(held / 2000, said.sure, delta=0.015)

    def test_of_few_pairs_is_all_of_them_and_says_how_sure_that_is(self):
        said = pairs.ratio_of([1.2, 0.9, 1.0])
        self.assertEqual(said, (1.0, 0.9, 1.2, 0.75))
        self.assertEqual(pairs.ratio_of([1.5]), (1.5, 1.5, 1.5, 0.0))

    def test_gets_narrower_with_more_pairs(self):
        draw = random.Random(1)
        widths = []
        for count in (6, 24, 96):
            said = [pairs.ratio_of([draw.lognormvariate(0, 0.1) for _ in range(count)]) for _ in range(100)]
            widths.append(statistics.mean(one.high - one.low for one in said))
        self.assertGreater(widths[0], 1.5 * widths[1])
        self.assertGreater(widths[1], 1.5 * widths[2])


class Reported(unittest.TestCase):
    def report(self, factors):
        table = [row for row in before.rows(None, 1) if row.name in factors]
        samples = {name: [tuple((cost, 1000.0) for cost in one) for one in rounds(9, factor, 0.005, seed=3)]
                   for name, factor in factors.items()}
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            verdicts = before.report(table, samples)
        return [one.row for one in verdicts if one.worse], out.getvalue().splitlines()

    def test_names_each_row_that_is_worse_and_no_other(self):
        worse, lines = self.report({"one stream up": 1.0, "round trips": 1.2, "8 streams": 0.8})
        self.assertEqual(worse, ["round trips"])
        self.assertEqual([line for line in lines if "WORSE" in line], [line for line in lines if "round trips" in line])

    def test_has_all_rows(self):
        names = [row.name for row in before.rows(None, 1)]
        self.assertEqual(self.report(dict.fromkeys(names, 1.0))[0], [])
        for word in ("up", "down", "relay", "8 streams", "round trips", "one by one", "50 at once"):
            self.assertTrue(any(word in name for name in names), word)


if __name__ == "__main__":
    unittest.main()
