"""Ratios of one run beside those that are committed for the same kind of processor (ratios.json)."""

import json
import os

import samples as arithmetic

COMMITTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ratios.json")
LEAST = 0.7  # of what a committed ratio allows; less is a gross loss
PAIRS = [("gof", "ssh"), ("relayed", "gof")]
VERSION = 1


def name(figure, ours, theirs):
    return f"{figure}, {ours} / {theirs}"


def of(samples, figures):
    """{name: ratio} of all figures that have one."""
    found = {name(one.name, *pair): arithmetic.ratio(samples, one.name, *pair) for one in figures for pair in PAIRS}
    return {key: value for key, value in found.items() if value is not None}


def better(figures):
    """{name: "more" or "less"}"""
    return {name(one.name, *pair): one.better for one in figures for pair in PAIRS}


def share(committed, now, direction):
    """How good `now` is as a share of what is committed: 1 is as good, less is worse."""
    return now / committed if direction == "more" else committed / now


def lost(committed, now, directions):
    """{name: share} of ratios that are grossly worse than committed. What only one of both has is not looked at."""
    shares = {key: share(committed[key], now[key], directions[key]) for key in now if key in committed}
    return {key: value for key, value in shares.items() if value < LEAST}


def read(path=COMMITTED):
    """{kind: {name: ratio}}"""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as f:
        told = json.load(f)
    if told["version"] != VERSION:
        raise RuntimeError(f"{path} has version {told['version']}, not {VERSION}")
    return {kind: entry["ratios"] for kind, entry in told["kinds"].items()}


def commit(machine, ratios, path=COMMITTED):
    """Puts these in place of what is there for this kind. Other kinds stay."""
    kinds = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            kinds = json.load(f)["kinds"]
    kinds[machine.kind] = {"model": machine.model, "ratios": {key: round(value, 3) for key, value in ratios.items()}}
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"version": VERSION, "kinds": kinds}, f, indent=2, sort_keys=True)
        f.write("\n")
