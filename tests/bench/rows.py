"""What is measured on loopback: each row has one or more figures, which one run of a load gives."""

from collections import namedtuple

import loads
from programs import pause

MB = 1e6
IDLE = 1000  # connections
SETTLED = 1.0  # seconds, until what a start or a load has left to do is done

# `better`: "more" or "less"
Figure = namedtuple("Figure", "name unit better")
# `fresh`: on processes that have just been started, and on the same ones as the other fresh rows, in this order.
# `measure(bridge)` returns a number for each figure, or None where there is none.
Row = namedtuple("Row", "name fresh figures measure")


def figure(name, unit, better="less"):
    return Figure(name, unit, better)


def costly(bridge, load, scale=1):
    """What the load returned, and the processor seconds of all ends for `scale` units that it moved."""
    before = bridge.programs.processor_seconds()
    moved = load()
    used = bridge.programs.processor_seconds() - before
    if moved.units <= 0:
        raise RuntimeError("nothing was moved")
    return moved, used / moved.units * scale if bridge.contender.ends else None


def rate(name, unit, cost, cost_unit, load, scale=1):
    """A row with a rate and what a unit costs."""
    def measure(bridge):
        moved, used = costly(bridge, lambda: load(bridge.port), scale)
        return moved.rate, used
    return Row(name, False, [figure(name, unit, "more"), figure(cost, cost_unit)], measure)


def round_trips(pingpong, seconds):
    def measure(bridge):
        moved, used = costly(bridge, lambda: pingpong.round_trips(bridge.port["asks"], seconds), 100)
        return moved.rate, moved.more, used
    return Row("round trip", False, [figure("round trip p50", "us"), figure("round trip p99", "us"),
                                     figure("CPU, round trips", "s/100,000")], measure)


def beside_bulk(pingpong, seconds):
    figures = [figure("p50 beside bulk", "us"), figure("p99 beside bulk", "us"),
               figure("bulk meanwhile", "Gbit/s", "more")]
    return Row("beside bulk", False, figures, lambda bridge: pingpong.beside_bulk(bridge.port["asks"], seconds))


def start():
    def measure(bridge):
        return [1000 * seconds for seconds in bridge.took] if bridge.took else (None, None)
    return Row("start", True, [figure("start to first byte", "ms"), figure("the client's start to first byte", "ms")],
               measure)


def idle_end():
    def measure(bridge):
        pause(SETTLED)
        used, ends = bridge.programs.memory(), bridge.contender.ends
        return (used.rss / ends / MB, used.private / ends / MB) if ends else (None, None)
    return Row("idle end", True, [figure("RSS of an idle end", "MB"), figure("of it private", "MB")], measure)


def idle_connections(pingpong, seconds):
    def measure(bridge):
        ends = bridge.contender.ends
        before = bridge.programs.memory()
        with pingpong.held(bridge.port["asks"], IDLE) as opened:
            pause(SETTLED)
            more = bridge.programs.memory().pss - before.pss
            used = bridge.programs.processor_seconds()
            pause(seconds)
            used = bridge.programs.processor_seconds() - used
        return more / MB if ends else None, opened, 100 * used / seconds if ends else None
    figures = [figure("1,000 idle connections", "MB"), figure("opening them", "s"),
               figure("CPU beside them", "% of a core")]
    return Row("1,000 idle connections", True, figures, measure)


def all_rows(pingpong, seconds):
    """`seconds`: of a stream; other loads take half."""
    half = seconds / 2

    def stream(*options):
        return lambda port: loads.stream(port["stream"], seconds, *options)

    return [
        start(),
        idle_end(),
        idle_connections(pingpong, seconds),
        rate("one stream up", "Gbit/s", "CPU, up", "s/GiB", stream()),
        rate("one stream down", "Gbit/s", "CPU, down", "s/GiB", stream("-R")),
        rate("8 streams", "Gbit/s", "CPU, 8 streams", "s/GiB", stream("-P", "8")),
        round_trips(pingpong, half),
        beside_bulk(pingpong, half),
        rate("32 ping-pongs", "/s", "CPU, 32 ping-pongs", "s/100,000",
             lambda port: pingpong.many_round_trips(port["asks"], half, 32), 100),
        rate("HTTP requests", "/s", "CPU, HTTP requests", "s/100,000", lambda port: loads.requests(port["web"], half)),
        rate("connections one by one", "/s", "CPU, one by one", "s/1,000",
             lambda port: pingpong.connections(port["asks"], half, 1)),
        rate("connections 50 at once", "/s", "CPU, 50 at once", "s/1,000",
             lambda port: pingpong.connections(port["asks"], half, 50)),
    ]
