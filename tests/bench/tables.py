"""Tables of a run, as Markdown that is also readable in a terminal."""

import bars
import samples as arithmetic

MOST = 6  # columns of one table, so that its lines are not too long


def number(value):
    """With three digits, or all that an integer has."""
    if value is None:
        return ""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:.{1 if size >= 10 else 2 if size >= 1 else 3}f}"


def render(head, lines):
    """The first column is words, the others are numbers."""
    widths = [max(len(line[at]) for line in [head, *lines]) for at in range(len(head))]

    def row(cells):
        padded = [cell.ljust(width) if at == 0 else cell.rjust(width)
                  for at, (cell, width) in enumerate(zip(cells, widths))]
        return f"| {' | '.join(padded)} |"

    rule = "|".join("-" * (width + 2) if at == 0 else "-" * (width + 1) + ":" for at, width in enumerate(widths))
    return "\n".join([row(head), f"|{rule}|", *map(row, lines)])


def cell(samples, figure, contender):
    values = arithmetic.of(samples, figure, contender)
    if not values:
        return ""
    middle, least, most = (number(of) for of in (arithmetic.median(samples, figure, contender), min(values),
                                                 max(values)))
    return middle if least == most else f"{middle} ({least}..{most})"


def portions(all_):
    return [all_[at:at + MOST] for at in range(0, len(all_), MOST)]


def measured(run):
    """The contenders that have samples."""
    return [(key, title) for key, title in run.contenders
            if any(arithmetic.of(run.samples, figure, key) for figure in run.samples)]


def figures_table(run):
    """Medians (least..most)."""
    tables = []
    for contenders in portions(measured(run)):
        lines = [[f"{one.name}, {one.unit}", *(cell(run.samples, one.name, key) for key, _ in contenders)]
                 for one in run.figures]
        tables.append(render(["", *(title for _, title in contenders)], lines))
    return "\n\n".join(tables)


def ratios_table(run):
    """gof beside each other contender, and the relayed one beside it."""
    keys = [key for key, _ in measured(run)]
    pairs = [("gof", key) for key in keys if key not in ("gof", "relayed")] if "gof" in keys else []
    if {"gof", "relayed"} <= set(keys):
        pairs.insert(0, ("relayed", "gof"))
    lines = []
    for one in run.figures:
        found = [number(arithmetic.ratio(run.samples, one.name, *pair)) for pair in pairs]
        if any(found):
            lines.append([f"{one.name} ({one.better} is better)", *found])
    return render(["", *(f"{ours} / {theirs}" for ours, theirs in pairs)], lines) if lines else ""


def bars_table(verdicts):
    words = {True: "held", False: "missed"}
    lines = [[bars.name(one.bar), number(one.value), f"{one.bar.sign} {one.bar.limit:g}", words[one.held]]
             for one in verdicts if one.held is not None]
    return render(["", "measured", "bar", ""], lines) if lines else ""


def growth_tables(growth):
    """What a node costs beside so many idle ones, of {kind: [Row]}."""
    parts = []
    for kind, rows in growth.items():
        lines = [[f"{row.count:,} {kind}", number(row.cost), number(row.cost / rows[0].cost), number(row.rate),
                  number(100 * row.idle), number(row.each / 1024)] for row in rows]
        parts.append(render(["", "CPU, s/GiB", f"of {rows[0].count} {kind}", "Gbit/s", "idle, % of a core", "KiB each"],
                            lines))
    return "\n\n".join(parts)


def rounds(run):
    return f"medians of {run.rounds} rounds" if run.rounds != 1 else "one round"


def document(run):
    """All tables under their headings."""
    parts = [f"{run.machine.kind} ({run.machine.model}); {rounds(run)} (least..most)"]
    for heading, table in (("Figures", figures_table(run)),
                           ("Ratios: medians of the ratios within each round", ratios_table(run)),
                           ("Bars", bars_table(bars.judge(run.samples))),
                           ("A node beside idle ones", growth_tables(run.growth or {}))):
        if table:
            parts += [heading, table]
    return "\n\n".join(parts) + "\n"
