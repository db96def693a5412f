#!/usr/bin/python3
"""Checks what the plots show, and that any page can show them."""

import os
import sys
import unittest
import xml.etree.ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import far  # noqa: E402
import growth  # noqa: E402
import machine  # noqa: E402
import plots  # noqa: E402
import result  # noqa: E402
import rows  # noqa: E402

FIGURES = [one for row in [*rows.all_rows(None, 1), *far.ROWS] for one in row.figures]
CONTENDERS = [("none", "no forwarder"), ("ssh", "ssh -L"), ("gof", "gof"), ("relayed", "gof, relayed")]
SVG = "{http://www.w3.org/2000/svg}"


def charts(samples, found=None):
    run = result.Run(machine.Machine("a kind", "a model", True), 3, 1, CONTENDERS, FIGURES, samples, found)
    return {name: xml.etree.ElementTree.fromstring(svg) for name, svg in plots.charts(run).items()}


def bars(svg):
    return [(rect.get("class"), float(rect.get("width"))) for rect in svg.iter(f"{SVG}rect")
            if rect.get("class") in ("bar", "ours")]


def texts(svg):
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


class Charts(unittest.TestCase):
    def test_name_figures_that_are_measured(self):
        wanted = {name for _, _, names, _ in plots.CHARTS for name in names}
        self.assertEqual(wanted - {one.name for one in FIGURES}, set())

    def test_are_drawn_only_of_what_was_measured(self):
        drawn = charts({"one stream up": {"ssh": [4.0], "gof": [2.0]}})
        self.assertEqual(list(drawn), ["streams.svg"])
        self.assertNotIn("8 streams", texts(drawn["streams.svg"]))

    def test_have_bars_as_long_as_the_medians(self):
        drawn = charts({"one stream up": {"ssh": [4.0, 4.0, 4.0], "gof": [1.0, 3.0, 2.0]}})["streams.svg"]
        self.assertEqual(bars(drawn), [("bar", plots.LONGEST), ("ours", plots.LONGEST / 2)])

    def test_have_the_longest_sample_within_the_page(self):
        drawn = charts({"one stream up": {"ssh": [4.0, 4.0, 40.0], "gof": [1.0, 1.0, 20.0]}})["streams.svg"]
        spreads = [path.get("d") for path in drawn.iter(f"{SVG}path")]
        ends = [float(d.split("H")[1]) for d in spreads]
        left = plots.MARGIN + plots.LABELS
        self.assertEqual(ends, [left + plots.LONGEST, left + plots.LONGEST / 2])

    def test_say_the_numbers(self):
        drawn = charts({"one stream up": {"gof": [1.0, 2.0, 3.0]}})["streams.svg"]
        self.assertIn("2.00 Gbit/s (1.00..3.00)", texts(drawn))
        self.assertIn("Gbit/s, more is better", texts(drawn))

    def test_show_plain_tcp_only_far_away(self):
        samples = {"one stream up": {"none": [9.0], "gof": [1.0]}, "30 s, 100 ms away": {"none": [9.0], "gof": [1.0]}}
        drawn = charts(samples)
        self.assertEqual(len(bars(drawn["streams.svg"])), 1)
        self.assertEqual(len(bars(drawn["far.svg"])), 2)

    def test_of_zeros_are_drawn(self):
        self.assertEqual(bars(charts({"one stream up": {"gof": [0.0]}})["streams.svg"]), [("ours", 1.0)])

    def test_are_readable_on_dark_pages_and_need_nothing_else(self):
        drawn = charts({"one stream up": {"gof": [1.0]}})["streams.svg"]
        style = drawn.find(f"{SVG}style").text
        light, dark = style.split("@media (prefers-color-scheme: dark)")
        for rule in ("text {", ".page {", ".title", ".note {", ".bar {", ".ours {", ".spread {"):
            self.assertIn(rule, light)
            self.assertIn(rule, dark)
        self.assertNotIn("url(", style)

    def test_of_growth_have_a_panel_for_each_kind(self):
        found = {"guests": [growth.Row(0, 1.0, 5, 0, 0), growth.Row(10, 2.0, 5, 0, 9)],
                 "streams": [growth.Row(0, 1.0, 5, 0, 0)]}
        drawn = charts({}, found)["growth.svg"]
        self.assertEqual([width for _, width in bars(drawn)], [plots.LONGEST / 2, plots.LONGEST, plots.LONGEST])
        self.assertTrue({"beside idle guests", "beside idle streams"} <= set(texts(drawn)))


if __name__ == "__main__":
    unittest.main()
