"""What gof must reach on processors with VAES and AVX-512, and whether it did."""

from collections import namedtuple

import samples as arithmetic

# The median of `figure` of gof ("gof" or "relayed"), divided by that of `theirs` if there is one, must be `sign` limit.
Bar = namedtuple("Bar", "figure ours theirs sign limit")
Verdict = namedtuple("Verdict", "bar value held")  # value and held are None if it was not measured

BARS = [
    Bar("one stream up", "gof", "ssh", ">=", 1.0),
    Bar("one stream down", "gof", "ssh", ">=", 1.0),
    Bar("CPU, up", "gof", "ssh", "<=", 1.0),
    Bar("CPU, down", "gof", "ssh", "<=", 1.0),
    Bar("8 streams", "gof", "ssh", ">=", 1.4),
    Bar("one stream up", "relayed", "gof", ">=", 0.9),
    Bar("one stream down", "relayed", "gof", ">=", 0.9),
    Bar("round trip p50", "gof", "ssh", "<=", 1.15),
    Bar("round trip p50", "relayed", "gof", "<=", 1.3),
    Bar("p50 beside bulk", "gof", "ssh", "<=", 0.7),
    Bar("p99 beside bulk", "gof", "ssh", "<=", 0.35),
    Bar("32 ping-pongs", "gof", "ssh", ">=", 1.2),
    Bar("HTTP requests", "gof", "ssh", ">=", 1.3),
    Bar("connections one by one", "gof", "ssh", ">=", 1.1),
    Bar("connections 50 at once", "gof", "ssh", ">=", 1.2),
    Bar("1,000 idle connections", "gof", None, "<=", 10),
    Bar("RSS of an idle end", "gof", None, "<=", 14),
    Bar("of it private", "gof", None, "<=", 4),
    Bar("start to first byte", "gof", "ssh", "<=", 0.22),
    Bar("start to first byte", "relayed", "ssh", "<=", 0.3),
    Bar("1 MB down, 100 ms away", "gof", "ssh", "<=", 1.1),
    Bar("1 MB up, 100 ms away", "gof", "ssh", "<=", 1.1),
    Bar("1 MB down, 100 ms away", "relayed", "ssh", "<=", 1.3),
    Bar("1 MB up, 100 ms away", "relayed", "ssh", "<=", 1.3),
    Bar("30 s, 100 ms away", "gof", "none", ">=", 0.9),
    Bar("30 s, 100 ms away, 0.5 % loss", "gof", "none", ">=", 0.9),
    Bar("p99 beside bulk at 2 Mbit/s, less a round trip", "gof", None, "<=", 60),
]


def name(bar):
    return f"{bar.figure}, {bar.ours}" + (f" / {bar.theirs}" if bar.theirs else "")


def judge(samples, bars=None):
    return [verdict(samples, bar) for bar in (BARS if bars is None else bars)]


def verdict(samples, bar):
    value = (arithmetic.ratio(samples, bar.figure, bar.ours, bar.theirs) if bar.theirs else
             arithmetic.median(samples, bar.figure, bar.ours))
    if value is None:
        return Verdict(bar, None, None)
    return Verdict(bar, value, value >= bar.limit if bar.sign == ">=" else value <= bar.limit)


def missed(verdicts):
    """A line for each bar that was measured and missed."""
    return [f"missed: {name(one.bar)}: {one.value:.3g}, must be {one.bar.sign} {one.bar.limit:g}"
            for one in verdicts if one.held is False]
