"""What carries connections between ports of 127.0.0.1: gof, what users would take instead (rivals.py has more of
that), and nothing at all."""

import os
import subprocess
import sys
from collections import namedtuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))

from programs import accepts, free_port, wait_until  # noqa: E402
from sshd import Sshd  # noqa: E402  (in e2e)

# `needs`: programs; `start(bridge)` starts it; `check(bridge)`: whether it goes the way that its title says.
# `ends`: nodes, or other processes that are one side each; without any there is nothing to measure in them.
Contender = namedtuple("Contender", "key title needs start check ends", defaults=(None, 2))


def none(bridge):
    bridge.port = dict(bridge.target)


def socat(bridge):
    bridge.begin_client()
    for port, target in bridge.pairs():
        bridge.programs.start(f"socat{target}", "socat",
                              f"TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=1024",
                              f"TCP:127.0.0.1:{target},nodelay")


def ssh(bridge):
    programs = bridge.programs
    sshd = Sshd(programs.path("sshd"), free_port())
    bridge.begin()
    programs.start("sshd", *sshd.argv())
    wait_until("sshd", lambda: accepts(sshd.port), step=0.001)
    forwards = [w for port, target in bridge.pairs() for w in ("-L", f"127.0.0.1:{port}:127.0.0.1:{target}")]
    cipher = ["-c", "aes128-gcm@openssh.com"]
    bridge.begin_client()
    programs.start("ssh", *sshd.client(sshd.port, "-N", *cipher, "-o", "ExitOnForwardFailure=yes", *forwards))


def gof_forward(bridge, place):
    """A serve and a forward, as the README starts them."""
    programs = bridge.programs
    services = [f"{name}=127.0.0.1:{port}" for name, port in bridge.target.items()]
    bridge.begin()
    serve = programs.start_at_home("serve", bridge.gof, "serve", "--name", "home", *place, *services,
                                   stdout=subprocess.PIPE)
    ticket = programs.first_line(serve, "ticket")
    bridge.begin_client()
    programs.start_at_home("forward", bridge.gof, "forward", "--ticket-file", ticket,
                           *(f"{port}:{name}" for name, port in bridge.port.items()))


def gof(bridge):
    gof_forward(bridge, ["--listen", f"127.0.0.1:{free_port()}"])


def relayed(bridge):
    """Both ends are linked only to a relay, which runs already and carries everything."""
    programs = bridge.programs
    relay = programs.start_at_home("relay", bridge.gof, "relay", "--listen", f"127.0.0.1:{free_port()}",
                                   stdout=subprocess.PIPE)
    gof_forward(bridge, ["--no-listen", "--ticket-file", programs.first_line(relay, "join-ticket")])


def goes(path):
    """All its services are ready, on this path."""
    def check(bridge):
        ready = [line for line in bridge.programs.log("forward").splitlines() if "ready " in line and " -> " in line]
        return len([line for line in ready if f"({path} " in line]) >= len(bridge.port)
    return check


NONE = Contender("none", "no forwarder", [], none, ends=0)
SOCAT = Contender("socat", "socat", ["socat"], socat, ends=1)
SSH = Contender("ssh", "ssh -L", ["ssh", "/usr/sbin/sshd"], ssh)
GOF = Contender("gof", "gof", [], gof, goes("direct"))
RELAYED = Contender("relayed", "gof, relayed", [], relayed, goes("relay"), 3)
