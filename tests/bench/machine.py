"""The kind of processor: ratios between programs depend on its maker, its instructions for AES and the cores."""

import os
import platform
import re
from collections import namedtuple

Machine = namedtuple("Machine", "kind model vaes")
MAKERS = {"GenuineIntel": "Intel ", "AuthenticAMD": "AMD "}
NEEDED = {"vaes", "vpclmulqdq", "avx512f"}
MANY = 4  # cores; with more of them a pair of ends is no faster


def describe(cpuinfo, architecture, cores):
    def value(key):
        found = re.search(rf"(?m)^{key}\s*:\s*(.*)$", cpuinfo)
        return found[1].strip() if found else ""

    vaes = set(value("flags").split()) >= NEEDED
    counted = f"{cores} core{'s' * (cores != 1)}" if cores < MANY else f"{MANY} cores or more"
    if architecture == "x86_64":
        kind = f"{MAKERS.get(value('vendor_id'), '')}x86-64 {'with' if vaes else 'without'} VAES, {counted}"
    else:
        kind = f"{architecture}, {counted}"
    return Machine(kind, value("model name") or architecture, vaes)


def this():
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as f:
        return describe(f.read(), platform.machine(), len(os.sched_getaffinity(0)))
