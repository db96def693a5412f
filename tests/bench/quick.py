"""The short form for CI: a few rows, of gof and ssh, against the committed ratios of the same kind of processor."""

import ratios
import tables

ROWS = ("one stream up", "one stream down", "round trip", "32 ping-pongs", "HTTP requests", "connections 50 at once")
ROUNDS = 3
SECONDS = 1
TRIES = 3  # a loss that is found each time is one; a busy machine shows some now and then


def chosen(rows):
    return [row for row in rows if row.name in ROWS]


def figures_of(rows):
    return [one for row in rows for one in row.figures]


def rows_with(rows, names):
    """Those that measure one of these ratios."""
    return [row for row in rows if set(ratios.better(row.figures)) & set(names)]


def lines(kind, committed, now, directions):
    """Prose of a table: each ratio, and what is committed."""
    shown = [[key, tables.number(value), tables.number(committed.get(key)),
              tables.number(ratios.share(committed[key], value, directions[key])) if key in committed else ""]
             for key, value in now.items()]
    return tables.render([kind, "now", "committed", "as good as"], shown)


def judge(rows, committed, measure, tell):
    """Measures up to TRIES times, each time what was lost before. Returns {name: share} of what was lost every time.
    `measure(rows)` gives samples; `committed` may be empty."""
    directions = ratios.better(figures_of(rows))
    lost = None
    for number in range(TRIES):
        now = ratios.of(measure(rows), figures_of(rows))
        tell(number, now)
        again = ratios.lost(committed, now, directions)
        lost = again if lost is None else {key: again[key] for key in lost if key in again}
        rows = rows_with(rows, lost)
        if not lost:
            break
    return lost
