#!/usr/bin/python3
"""Checks the arithmetic, the tables and the verdicts of `compare` on made-up samples."""

import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bars  # noqa: E402
import far  # noqa: E402
import growth  # noqa: E402
import loads  # noqa: E402
import machine  # noqa: E402
import quick  # noqa: E402
import ratios  # noqa: E402
import result  # noqa: E402
import rows  # noqa: E402
import samples as arithmetic  # noqa: E402
import tables  # noqa: E402

TABLE = rows.all_rows(loads.Pingpong("pingpong"), 1)
FIGURES = [one for row in TABLE for one in row.figures]
HERE = machine.Machine("a kind", "a model", True)
RATE = rows.Figure("one stream up", "Gbit/s", "more")
COST = rows.Figure("CPU, up", "s/GiB", "less")


def run(samples, figures=(RATE, COST), contenders=(("ssh", "ssh -L"), ("gof", "gof"), ("relayed", "gof, relayed"))):
    return result.Run(HERE, 3, 1, list(contenders), list(figures), samples)


class Arithmetic(unittest.TestCase):
    def test_a_median_leaves_out_rounds_without_a_sample(self):
        samples = {"x": {"gof": [1, None, 3, 5], "ssh": [None]}}
        self.assertEqual(arithmetic.median(samples, "x", "gof"), 3)
        self.assertIsNone(arithmetic.median(samples, "x", "ssh"))
        self.assertIsNone(arithmetic.median(samples, "y", "gof"))

    def test_a_ratio_is_taken_within_each_round(self):
        samples = {"x": {"gof": [1, 10, 300, None], "ssh": [2, 10, 100, 7]}}
        self.assertEqual(arithmetic.ratio(samples, "x", "gof", "ssh"), 1)
        self.assertEqual(arithmetic.ratio(samples, "x", "ssh", "gof"), 1)

    def test_a_ratio_to_nothing_is_none(self):
        self.assertIsNone(arithmetic.ratio({"x": {"gof": [1], "ssh": [0]}}, "x", "gof", "ssh"))
        self.assertIsNone(arithmetic.ratio({"x": {"gof": [1]}}, "x", "gof", "ssh"))


class Bars(unittest.TestCase):
    def held(self, bar, **samples):
        return bars.verdict({bar.figure: samples}, bar).held

    def test_are_held_up_to_their_limit(self):
        least, most = bars.Bar("x", "gof", "ssh", ">=", 1.5), bars.Bar("x", "gof", "ssh", "<=", 1.5)
        for value, at_least, at_most in ((2.8, False, True), (3.0, True, True), (3.2, True, False)):
            self.assertEqual(self.held(least, gof=[value], ssh=[2]), at_least)
            self.assertEqual(self.held(most, gof=[value], ssh=[2]), at_most)

    def test_without_a_rival_the_figure_itself_counts(self):
        self.assertTrue(self.held(bars.Bar("x", "gof", None, "<=", 10), gof=[9, 9.5, 40]))
        self.assertFalse(self.held(bars.Bar("x", "gof", None, "<=", 10), gof=[9, 11, 40]))

    def test_that_were_not_measured_are_neither_held_nor_missed(self):
        said = bars.judge({"one stream up": {"gof": [2.0]}})
        self.assertEqual({one.held for one in said}, {None})
        self.assertEqual(bars.missed(said), [])

    def test_that_are_missed_have_a_line_each(self):
        said = bars.judge({"one stream up": {"gof": [2.0], "ssh": [4.0], "relayed": [1.99]},
                           "1,000 idle connections": {"gof": [13.0]}})
        self.assertEqual(bars.missed(said), ["missed: one stream up, gof / ssh: 0.5, must be >= 1",
                                             "missed: 1,000 idle connections, gof: 13, must be <= 10"])

    def test_name_figures_that_are_measured(self):
        known = {one.name for one in FIGURES} | {one.name for row in far.ROWS for one in row.figures}
        self.assertEqual({bar.figure for bar in bars.BARS} - known, set())


class Kinds(unittest.TestCase):
    def test_of_processors(self):
        text = "vendor_id\t: {}\nmodel name\t: A Model 9\nflags\t\t: fpu aes {} sse2\n"
        wide = "vaes vpclmulqdq avx512f"
        for vendor, flags, architecture, cores, kind, vaes in (
                ("GenuineIntel", wide, "x86_64", 2, "Intel x86-64 with VAES, 2 cores", True),
                ("AuthenticAMD", wide, "x86_64", 64, "AMD x86-64 with VAES, 4 cores or more", True),
                ("AuthenticAMD", "vaes vpclmulqdq", "x86_64", 1, "AMD x86-64 without VAES, 1 core", False),
                ("Other", "", "x86_64", 2, "x86-64 without VAES, 2 cores", False)):
            said = machine.describe(text.format(vendor, flags), architecture, cores)
            self.assertEqual(said, (kind, "A Model 9", vaes))
        self.assertEqual(machine.describe("", "aarch64", 3), ("aarch64, 3 cores", "aarch64", False))


class Ratios(unittest.TestCase):
    def test_of_a_run(self):
        samples = {"one stream up": {"gof": [2], "ssh": [4], "none": [8], "relayed": [1]}, "CPU, up": {"gof": [3]}}
        self.assertEqual(ratios.of(samples, [RATE, COST]), {"one stream up": {
            "gof": {"none": 0.25, "ssh": 0.5}, "relayed": {"none": 0.125, "ssh": 0.25, "gof": 0.5}}})

    def lost(self, figure, committed, now):
        both = ({figure.name: {"gof": dict(zip(("none", "socat", "ssh"), values))}} for values in (committed, now))
        return ratios.lost(*both, [figure])

    def test_below_seven_tenths_are_lost(self):
        self.assertEqual(self.lost(RATE, [2.0], [1.42]), {})
        self.assertEqual(self.lost(COST, [2.0], [2.84]), {})
        self.assertEqual(self.lost(RATE, [2.0], [1.0]), {("one stream up", "gof"): 0.5})
        self.assertEqual(self.lost(COST, [2.0], [4.0]), {("CPU, up", "gof"): 0.5})

    def test_that_are_better_are_not_lost(self):
        self.assertEqual(self.lost(RATE, [1.0], [9.0]), {})
        self.assertEqual(self.lost(COST, [1.0], [0.1]), {})

    def test_are_lost_only_beside_all_others(self):
        self.assertEqual(self.lost(RATE, [1.0, 2.0, 3.0], [0.1, 0.2, 2.9]), {})
        self.assertEqual(self.lost(RATE, [1.0, 2.0, 3.0], [0.1, 0.2, 1.8]), {("one stream up", "gof"): 0.6})

    def test_that_are_not_committed_are_not_lost(self):
        self.assertEqual(ratios.lost({}, {"one stream up": {"gof": {"ssh": 0.01}}}, [RATE]), {})
        self.assertEqual(self.lost(RATE, [1.0], [1.0, 0.01]), {})

    def test_are_committed_for_a_kind_and_others_stay(self):
        def some(value):
            return {"x": {"gof": {"ssh": value}}}

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "ratios.json")
            self.assertEqual(ratios.read(path), {})
            ratios.commit(HERE, some(1.0), path)
            ratios.commit(HERE._replace(kind="another"), some(2.0), path)
            ratios.commit(HERE, some(3.14159), path)
            self.assertEqual(ratios.read(path), {"a kind": some(3.14), "another": some(2.0)})

    def test_committed_ones_are_those_that_quick_measures(self):
        known = {one.name for one in quick.figures_of(quick.chosen(TABLE))}
        self.assertTrue(ratios.read())
        for kind, committed in ratios.read().items():
            self.assertEqual(set(committed), known, kind)


class Quick(unittest.TestCase):
    """`rates`: gof's one stream up in each try, beside 1.0 of the others; what is committed are ratios of 1.0."""

    def judge(self, rates, committed=None):
        tries, measured = iter(rates), []

        def measure(some):
            measured.append([row.name for row in some])
            samples = {one.name: dict.fromkeys(quick.CONTENDERS, [1.0]) for one in quick.figures_of(some)}
            samples["one stream up"]["gof"] = [next(tries)]
            return samples

        if committed is None:
            others = {ours: dict.fromkeys(theirs, 1.0) for ours, theirs in ratios.OURS.items()}
            committed = {one.name: others for one in FIGURES}
        lost = quick.judge(quick.chosen(TABLE), committed, measure, lambda *_: None)
        return lost, measured

    def test_has_its_rows(self):
        self.assertEqual({row.name for row in quick.chosen(TABLE)}, set(quick.ROWS))

    def test_a_good_ratio_passes_at_once(self):
        lost, measured = self.judge([0.71])
        self.assertEqual((lost, len(measured)), ({}, 1))

    def test_a_loss_that_is_not_found_again_passes(self):
        lost, measured = self.judge([0.5, 0.6, 0.8])
        self.assertEqual(lost, {})
        self.assertEqual(measured[1:], [["one stream up"]] * 2)

    def test_a_loss_that_is_found_three_times_fails(self):
        self.assertEqual(self.judge([0.5, 0.6, 0.4])[0], {("one stream up", "gof"): 0.4})

    def test_an_unknown_kind_passes(self):
        self.assertEqual(self.judge([0.1], committed={})[0], {})

    def test_has_a_table_of_ratios_and_their_shares(self):
        def some(value):
            return {"CPU, up": {"gof": {"socat": value, "ssh": 1.0}}}

        lines = quick.table("a kind", {"CPU, up": {"gof": {"socat": 1.0}}}, some(2.0), [COST]).splitlines()
        self.assertEqual([cell.strip() for cell in lines[-1].split("|")[1:-1]],
                         ["CPU, up, gof (less is better)", "", "2.00 (0.50)", "1.00", ""])


class Tables(unittest.TestCase):
    SAMPLES = {"one stream up": {"ssh": [4, 5, 6], "gof": [2, None, 3], "relayed": [1, 1, 1]},
               "CPU, up": {"ssh": [0.5, 0.5, 0.5], "gof": [1, 1, 1]}}

    def test_numbers_have_three_digits(self):
        self.assertEqual([tables.number(value) for value in (None, 0.12345, 1.2345, 12.345, 123.45, 12345.6)],
                         ["", "0.123", "1.23", "12.3", "123", "12,346"])

    def test_have_medians_with_least_and_most(self):
        lines = tables.figures_table(run(self.SAMPLES)).splitlines()
        self.assertEqual([cell.strip() for cell in lines[0].split("|")[2:-1]], ["ssh -L", "gof", "gof, relayed"])
        self.assertEqual([cell.strip() for cell in lines[2].split("|")[1:-1]],
                         ["one stream up, Gbit/s", "5.00 (4.00..6.00)", "2.50 (2.00..3.00)", "1.00"])
        self.assertEqual([cell.strip() for cell in lines[3].split("|")[1:-1]], ["CPU, up, s/GiB", "0.500", "1.00", ""])

    def test_are_as_wide_in_all_lines(self):
        for table in (tables.figures_table(run(self.SAMPLES)), tables.ratios_table(run(self.SAMPLES))):
            self.assertEqual(len({len(line) for line in table.splitlines()}), 1, table)

    def test_are_divided_if_there_are_many_contenders_and_leave_out_those_without_samples(self):
        many = [(f"c{n}", f"c{n}") for n in range(tables.MOST + 1)]
        samples = {RATE.name: {key: [1] for key, _ in many}}
        parts = tables.figures_table(run(samples, contenders=[*many, ("c", "c")])).split("\n\n")
        self.assertEqual([part.splitlines()[0].count("c") for part in parts], [tables.MOST, 1])

    def test_have_ratios_to_each_other_contender(self):
        lines = tables.ratios_table(run(self.SAMPLES)).splitlines()
        self.assertEqual([cell.strip() for cell in lines[0].split("|")[2:-1]], ["relayed / gof", "gof / ssh"])
        self.assertEqual([cell.strip() for cell in lines[2].split("|")[1:-1]],
                         ["one stream up (more is better)", "0.417", "0.500"])

    def test_have_the_bars_that_were_measured(self):
        text = tables.document(run(self.SAMPLES))
        self.assertIn("| one stream up, gof / ssh     |    0.500 |   >= 1 | missed |", text)
        self.assertNotIn("round trip", text)


class Growth(unittest.TestCase):
    FOUND = {"guests": [growth.Row(0, 2.0, 5.0, 0.001, 0), growth.Row(1000, 2.4, 4.0, 0.02, 2048)]}

    def test_up_to_a_fifth_more_and_two_percent_of_a_core_are_fine(self):
        self.assertEqual(growth.missed(self.FOUND), [])

    def test_more_than_that_is_missed(self):
        first = self.FOUND["guests"][0]
        lines = growth.missed({"guests": [first, growth.Row(10, 2.5, 4.0, 0.001, 0)],
                               "streams": [first, growth.Row(1000, 2.0, 4.0, 0.03, 0)]})
        self.assertEqual(lines, [
            "missed: 10 guests: a GiB costs 1.25 of what it does beside 0, must be <= 1.2",
            "missed: 1,000 streams: idle with 3.0 % of a core, must be <= 2 %"])

    def test_has_a_table_for_each_kind(self):
        line = tables.growth_tables(self.FOUND).splitlines()[-1]
        self.assertEqual([cell.strip() for cell in line.split("|")[1:-1]],
                         ["1,000 guests", "2.40", "1.20", "4.00", "2.00", "2.00"])


class Results(unittest.TestCase):
    def test_are_read_as_they_were_written(self):
        for one in (run(Tables.SAMPLES), run({})._replace(growth=Growth.FOUND)):
            self.assertEqual(result.parse(result.text(one)), one)

    def test_of_another_version_are_refused(self):
        with self.assertRaises(RuntimeError):
            result.parse(result.text(run({})).replace('"version": 2', '"version": 1'))


if __name__ == "__main__":
    unittest.main()
