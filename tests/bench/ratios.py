"""Ratios of one run beside those that are committed for the same kind of processor (ratios.json).

{figure: {ours: {theirs: ratio}}}: gof, and gof through a relay, beside each of the others. A rival may become several
times faster or slower with what else the machine does (ssh handles more at once when it gets its turn late), so a loss
is one only if it shows beside all of them."""

import json
import os

import samples as arithmetic

COMMITTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ratios.json")
LEAST = 0.7  # of what a committed ratio allows; less is a gross loss
OURS = {"gof": ("none", "socat", "ssh"), "relayed": ("none", "socat", "ssh", "gof")}
VERSION = 1


def of(samples, figures):
    """All that can be made of the samples."""
    found = {}
    for one in figures:
        for ours, others in OURS.items():
            ratios = {theirs: arithmetic.ratio(samples, one.name, ours, theirs) for theirs in others}
            ratios = {theirs: value for theirs, value in ratios.items() if value is not None}
            if ratios:
                found.setdefault(one.name, {})[ours] = ratios
    return found


def shares(figure, ours, committed, now):
    """{theirs: how good `now` is as a share of what is committed}: 1 is as good, less is worse."""
    before = committed.get(figure.name, {}).get(ours, {})
    both = {theirs: value / before[theirs] for theirs, value in now.get(figure.name, {}).get(ours, {}).items()
            if theirs in before}
    return both if figure.better == "more" else {theirs: 1 / value for theirs, value in both.items()}


def lost(committed, now, figures):
    """{(figure, ours): the best share} of gross losses. What only one of both has is not looked at."""
    found = {}
    for one in figures:
        for ours in OURS:
            best = max(shares(one, ours, committed, now).values(), default=1)
            if best < LEAST:
                found[one.name, ours] = best
    return found


def load(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as f:
        told = json.load(f)
    if told["version"] != VERSION:
        raise RuntimeError(f"{path} has version {told['version']}, not {VERSION}")
    return told["kinds"]


def read(path=COMMITTED):
    """{kind: ratios}"""
    return {kind: entry["ratios"] for kind, entry in load(path).items()}


def commit(machine, ratios, path=COMMITTED):
    """Puts these in place of what is there for this kind. Other kinds stay."""
    rounded = {figure: {ours: {theirs: float(f"{value:.3g}") for theirs, value in others.items()}
                        for ours, others in of_ours.items()} for figure, of_ours in ratios.items()}
    kinds = {**load(path), machine.kind: {"model": machine.model, "ratios": rounded}}
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"version": VERSION, "kinds": kinds}, f, indent=1, sort_keys=True)
        f.write("\n")
