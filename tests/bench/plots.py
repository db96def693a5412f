#!/usr/bin/python3
"""Draws the results of `compare --json` as SVG, readable on light and dark pages: plots.py RESULT FOLDER"""

import os
import sys
from collections import namedtuple
from xml.sax.saxutils import escape

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import result  # noqa: E402  (beside this file)
import samples as arithmetic  # noqa: E402
from tables import number, rounds  # noqa: E402

# `ours`: drawn in the colour of gof.
Bar = namedtuple("Bar", "label value least most ours")
Panel = namedtuple("Panel", "title note unit bars")

# Name of the file, title, figures, whether it shows what no forwarder does.
CHARTS = [
    ("streams", "Streams", ["one stream up", "one stream down", "8 streams"], False),
    ("cost", "Processor time of all ends", ["CPU, up", "CPU, down", "CPU, HTTP requests"], False),
    ("latency", "Round trips of 64 bytes", ["round trip p50", "p50 beside bulk", "p99 beside bulk"], False),
    ("requests", "Small messages and connections",
     ["HTTP requests", "32 ping-pongs", "connections one by one", "connections 50 at once"], False),
    ("idle", "Start and memory", ["start to first byte", "1,000 idle connections", "RSS of an idle end"], False),
    ("far", "A line of 100 Mbit/s, 100 ms away",
     ["30 s, 100 ms away", "30 s, 100 ms away, 0.5 % loss", "1 MB down, 100 ms away"], True),
]

WIDTH, MARGIN, LABELS, VALUES = 720, 20, 130, 230  # px
LONGEST = WIDTH - 2 * MARGIN - LABELS - VALUES
LINE, BAR = 24, 14
STYLE = """
    text { font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #334155 }
    .page { fill: #fff; stroke: #e2e8f0 }
    .title { font-size: 17px; font-weight: 600; fill: #0f172a }
    .panel { font-weight: 600; fill: #0f172a }
    .note { fill: #64748b }
    .bar { fill: #94a3b8 }
    .ours { fill: #0f766e }
    .spread { stroke: #0f172a; stroke-width: 1.5 }
    @media (prefers-color-scheme: dark) {
      text { fill: #cbd5e1 }
      .page { fill: #0d1117; stroke: #30363d }
      .title, .panel { fill: #f1f5f9 }
      .note { fill: #94a3b8 }
      .bar { fill: #64748b }
      .ours { fill: #2dd4bf }
      .spread { stroke: #f1f5f9 }
    }"""


def panel_of(run, figure, plain):
    found = []
    for key, title in run.contenders:
        values = arithmetic.of(run.samples, figure.name, key)
        if values and (plain or key != "none"):
            found.append(Bar(title, arithmetic.median(run.samples, figure.name, key), min(values), max(values),
                             key in ("gof", "relayed")))
    return Panel(figure.name, f"{figure.unit}, {figure.better} is better", figure.unit, found)


def charts(run):
    """{file name: SVG} of what was measured."""
    figures = {one.name: one for one in run.figures}
    drawn = {}
    for name, title, wanted, plain in CHARTS:
        panels = [panel_of(run, figures[each], plain) for each in wanted if each in figures]
        panels = [panel for panel in panels if panel.bars]
        if panels:
            drawn[f"{name}.svg"] = draw(title, f"{run.machine.kind}; {rounds(run)}", panels)
    if run.growth:
        drawn["growth.svg"] = growth(run.growth)
    return drawn


def growth(tables):
    """What a GiB costs beside idle ones, of {kind: [row]} as growth.py measures it."""
    panels = [Panel(f"beside idle {kind}", "s/GiB, less is better", "s",
                    [Bar(f"{row.count:,}", row.cost, row.cost, row.cost, True) for row in rows])
              for kind, rows in tables.items()]
    return draw("Processor time of a node for a GiB", "", panels)


def draw(title, subtitle, panels):
    body, y = [], MARGIN + 18
    body.append(f'<text class="title" x="{MARGIN}" y="{y}">{escape(title)}</text>')
    body.append(f'<text class="note" x="{WIDTH - MARGIN}" y="{y}" text-anchor="end">{escape(subtitle)}</text>')
    for panel in panels:
        y += 38
        body.append(f'<text class="panel" x="{MARGIN}" y="{y}">{escape(panel.title)}</text>')
        body.append(f'<text class="note" x="{WIDTH - MARGIN}" y="{y}" text-anchor="end">{escape(panel.note)}</text>')
        scale = LONGEST / (max(bar.most for bar in panel.bars) or 1)
        for bar in panel.bars:
            y += LINE
            body += bar_of(bar, panel.unit, scale, y)
    height = y + MARGIN + 4
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">
  <title>{escape(title)}</title>
  <style>{STYLE}
  </style>
  <rect class="page" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>
  """ + "\n  ".join(body) + "\n</svg>\n"


def bar_of(bar, unit, scale, y):
    """Its label, the bar to the median, a line from the least to the most, and the number."""
    left, top = MARGIN + LABELS, y - 12
    lines = [f'<text x="{left - 10}" y="{y}" text-anchor="end">{escape(bar.label)}</text>',
             f'<rect class="{"ours" if bar.ours else "bar"}" x="{left}" y="{top}" '
             f'width="{max(1, round(bar.value * scale))}" height="{BAR}" rx="2"/>']
    if bar.most > bar.least:
        middle = top + BAR / 2
        lines.append(f'<path class="spread" d="M{left + bar.least * scale:.1f} {middle}H{left + bar.most * scale:.1f}"/>')
    spread = f"({number(bar.least)}..{number(bar.most)})" if bar.most > bar.least else ""
    lines.append(f'<text x="{left + round(bar.most * scale) + 8}" y="{y}">{number(bar.value)} {escape(unit)} '
                 f'<tspan class="note">{spread}</tspan></text>')
    return lines


def write(run, folder):
    os.makedirs(folder, exist_ok=True)
    for name, svg in charts(run).items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(svg)


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as f:
        write(result.parse(f.read()), sys.argv[2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
