"""The short form for CI: a few rows, against the committed ratios of the same kind of processor."""

import ratios
import tables

CONTENDERS = ("none", "socat", "ssh", "gof", "relayed")
ROWS = ("one stream up", "one stream down", "round trip", "32 ping-pongs", "HTTP requests", "connections 50 at once")
NOISY = ("round trip p99",)  # over so short a time it is that of the machine
ROUNDS = 2
SECONDS = 1
TRIES = 3  # a loss that is found each time is one; a busy machine shows some now and then


def chosen(rows):
    return [row for row in rows if row.name in ROWS]


def figures_of(rows):
    return [one for row in rows for one in row.figures if one.name not in NOISY]


def rows_with(rows, names):
    return [row for row in rows if any(one.name in names for one in row.figures)]


def table(kind, committed, now, figures):
    """Each ratio, and in brackets how good it is as a share of the committed one."""
    lines = []
    for one in figures:
        for ours in ratios.OURS:
            found = now.get(one.name, {}).get(ours)
            if not found:
                continue
            shares = ratios.shares(one, ours, committed, now)
            lines.append([f"{one.name}, {ours} ({one.better} is better)"] + [
                "" if theirs not in found else tables.number(found[theirs]) +
                (f" ({shares[theirs]:.2f})" if theirs in shares else "") for theirs in ratios.OURS["relayed"]])
    return tables.render([kind, *(f"/ {theirs}" for theirs in ratios.OURS["relayed"])], lines)


def judge(rows, committed, measure, tell):
    """Measures up to TRIES times, each time what was lost before. Returns {(figure, ours): share} of what was lost
    every time. `measure(rows)` gives samples; `tell(now, figures)` hears of the ratios; `committed` may be empty."""
    lost = None
    for _ in range(TRIES):
        figures = figures_of(rows)
        now = ratios.of(measure(rows), figures)
        tell(now, figures)
        again = ratios.lost(committed, now, figures)
        lost = again if lost is None else {key: again[key] for key in lost if key in again}
        rows = rows_with(rows, [figure for figure, _ in lost])
        if not lost:
            break
    return lost
