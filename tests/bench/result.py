"""What a run found, as it is kept in a file."""

import json
from collections import namedtuple

import growth
from machine import Machine
from rows import Figure

VERSION = 2
# `contenders`: (key, title) of each; `samples` as in samples.py; `growth`: {kind: [Row]} of growth.py, or None.
Run = namedtuple("Run", "machine rounds seconds contenders figures samples growth", defaults=(None,))


def text(run):
    told = {"version": VERSION, **run._asdict(), "machine": run.machine._asdict(),
            "figures": [one._asdict() for one in run.figures]}
    return json.dumps(told, indent=1) + "\n"


def parse(words):
    told = json.loads(words)
    if told.pop("version") != VERSION:
        raise RuntimeError(f"not a result of version {VERSION}")
    told.update(machine=Machine(**told["machine"]), figures=[Figure(**one) for one in told["figures"]],
                contenders=[tuple(pair) for pair in told["contenders"]])
    if told["growth"]:
        told["growth"] = {kind: [growth.Row(*row) for row in rows] for kind, rows in told["growth"].items()}
    return Run(**told)
