"""How much work idle things cause a node, with 0, 10, 100 and 1,000 of them:

    guests      connected to a relay; the relay's work
    sessions    of guests with a serving end, through one relay; the serving end's work
    streams     of one guest to a silent target; the serving end's work

For each number: the processor time of that process per GiB that one iperf3 stream moves through it, its share of a
core while nothing moves, and its memory."""

import contextlib
import socket
import subprocess
import tempfile
import threading
import time
from collections import namedtuple

import loads
from programs import Programs, accepts, free_port, memory, pause, processor_seconds, tell, wait_until

COUNTS = [0, 10, 100, 1000]
# What is idle, who is measured beside it, and the tool's word for it.
KINDS = {"guests": ("relay", "links"), "sessions": ("serve", "sessions"), "streams": ("serve", "streams")}
MOST_COST = 1.2  # of what a GiB costs beside nothing
MOST_IDLE = 0.02  # of a core

# `cost`: s/GiB; `rate`: Gbit/s; `idle`: share of a core; `each`: bytes of memory for each that is idle
Row = namedtuple("Row", "count cost rate idle each")


class Quiet:
    """A target that accepts and says nothing."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                one, _ = self.listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self.drain, args=[one], daemon=True).start()

    def drain(self, one):
        with one:
            try:
                while one.recv(4096):
                    pass
            except ConnectionResetError:
                pass  # as idle ends its streams

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Bed:
    """A relay, a serving end beyond it, and what goes through both. The issuer of the guests' own ticket is gone: they
    are linked and no more."""

    def __init__(self, programs, gof, quiet):
        self.programs = programs
        target = free_port()
        programs.start("iperf3", "iperf3", "-s", "-B", "127.0.0.1", "-p", target)
        wait_until("iperf3", lambda: accepts(target))
        relay = programs.start_at_home("relay", gof, "relay", "--listen", f"127.0.0.1:{free_port()}",
                                       stdout=subprocess.PIPE)
        place = ["--no-listen", "--ticket-file", programs.first_line(relay, "join-ticket")]
        serve = programs.start_at_home("serve", gof, "serve", *place, f"stream=127.0.0.1:{target}",
                                       f"hold=127.0.0.1:{quiet.port}", stdout=subprocess.PIPE)
        ticket = programs.first_line(serve, "ticket")
        gone = programs.start_at_home("gone", gof, "serve", *place, "web=127.0.0.1:9", stdout=subprocess.PIPE)
        self.processes = {"relay": relay, "serve": serve}
        self.tickets = {"guests": programs.first_line(gone, "guests-ticket"), "sessions": ticket, "streams": ticket}
        gone.terminate()
        gone.wait(10)
        programs.start_at_home("forward", gof, "forward", "--ticket-file", ticket, "0:stream")
        wait_until("gof forward", lambda: self.port() is not None)

    def port(self):
        for line in self.programs.log("forward").splitlines():
            if "ready " in line and " -> " in line:
                return int(line.split("ready ", 1)[1].split(" -> ")[0].rsplit(":", 1)[1])
        return None


@contextlib.contextmanager
def idle_ones(program, bed, kind, count):
    """So many of a kind, while it is entered."""
    if count == 0:
        yield
        return
    child = bed.programs.start(f"idle{count}", program, KINDS[kind][1], bed.tickets[kind], count,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if child.stdout.readline() != b"there\n":
        raise RuntimeError(f"the {kind} did not come in")
    yield
    child.stdin.close()
    child.wait(30)


def measure(bed, process, seconds):
    """CPU s/GiB, Gbit/s, and the share of a core while idle."""
    pause(12)  # until gossip has reached all, and pings have their final pace
    before, since = processor_seconds(process.pid), time.monotonic()
    pause(seconds * 2)
    idle = (processor_seconds(process.pid) - before) / (time.monotonic() - since)
    samples = []
    for _ in range(3):
        before = processor_seconds(process.pid)
        moved = loads.stream(bed.port(), seconds)
        samples.append(((processor_seconds(process.pid) - before) / moved.units, moved.rate))
    samples.sort()
    return (*samples[1], idle)


def rows_of(kind, gof, idle, seconds, counts):
    """A Row for each count. `idle`: the tool that makes what is idle."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="gof-growth-") as folder:
        programs, quiet = Programs(folder), Quiet()
        try:
            bed = Bed(programs, gof, quiet)
            process = bed.processes[KINDS[kind][0]]
            empty = memory(process.pid).rss
            for count in counts:
                with idle_ones(idle, bed, kind, count):
                    measured = measure(bed, process, seconds)
                    each = (memory(process.pid).rss - empty) / count if count else 0
                rows.append(Row(count, *measured, each))
                tell(f"growth: {count:,} {kind}")
        finally:
            programs.stop()
            quiet.close()
    return rows


def all_rows(gof, idle, seconds=5, kinds=tuple(KINDS), counts=COUNTS):
    return {kind: rows_of(kind, gof, idle, seconds, counts) for kind in kinds}


def missed(growth):
    """A line for each row of {kind: [Row]} that costs too much."""
    lines = []
    for kind, rows in growth.items():
        for row in rows:
            if row.cost > MOST_COST * rows[0].cost:
                lines.append(f"missed: {row.count:,} {kind}: a GiB costs {row.cost / rows[0].cost:.2f} of what it does "
                             f"beside {rows[0].count}, must be <= {MOST_COST}")
            if row.idle > MOST_IDLE:
                lines.append(f"missed: {row.count:,} {kind}: idle with {100 * row.idle:.1f} % of a core, must be "
                             f"<= {100 * MOST_IDLE:g} %")
    return lines
