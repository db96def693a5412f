"""Two hosts with a bad line between them, and a relay beside the far one: contenders that stand there for a while."""

import getpass
import os
import subprocess
import sys
import tempfile
import types

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))

import lab  # noqa: E402  (in e2e)
from impaired import ImpairedNetworks  # noqa: E402
from loads import Pingpong  # noqa: E402
from peer import TICKET, Peer  # noqa: E402
from process import Process  # noqa: E402
from programs import echoes, free_port, pause, wait_until  # noqa: E402
from sshd import Sshd  # noqa: E402

PLACES = {"srv": "ab", "hub": "ab", "cli": "b"}
QUIET = 4000  # bytes a second that idle sessions may send


class Bed:
    """`port`: {contender: {name: port}} on cli's loopback; for "none" on srv, at `address`."""

    def __init__(self, line, pingpong, contenders):
        self.net = ImpairedNetworks(("cli", "b"), line, **PLACES)
        self.srv, self.hub, self.cli = self.net.srv, self.net.hub, self.net.cli
        self.address = self.net.at(self.srv, "b")
        self.work = tempfile.mkdtemp(dir=lab.WORK)
        self.pingpong = Pingpong(pingpong, self.cli.argv())
        stream = free_port()
        self.srv.spawn("iperf3", "-s", "-p", stream)
        serving = self.srv.spawn(pingpong, "serve", stdin=subprocess.PIPE)
        self.target = {"stream": stream, "asks": int(serving.wait_for(r"^\d+$", stream="out").group(0))}
        self.port = {"none": self.target}
        for key in contenders:
            if key != "none":
                self.port[key] = {name: free_port() for name in self.target}
                getattr(self, key)(self.port[key])
                with self.cli.inside():
                    wait_until(f"{key}, far away", lambda k=key: echoes(self.port[k]["asks"]))

    def peer(self, host, name):
        return Peer(types.SimpleNamespace(work=self.work), host, name)

    def gof_forward(self, name, port, place, path):
        services = [f"{service}=127.0.0.1:{target}" for service, target in self.target.items()]
        serve = self.peer(self.srv, f"home-{name}").serve(*place, *services, port=None)
        forward = self.peer(self.cli, f"away-{name}").forward(
            serve.ticket, *(f"{local}:{service}" for service, local in port.items()), ready=len(port))
        forward.wait_for(rf"ready .* \({path} ", stream="err")

    def gof(self, port):
        self.gof_forward("direct", port, ["--listen", f"{self.address}:9999"], "direct")

    def relayed(self, port):
        relay = self.peer(self.hub, "hub").spawn("relay")
        join = relay.wait_for(TICKET, stream="out").group(0)
        self.gof_forward("relayed", port, ["--no-listen", "--join", join], "relay")

    def ssh(self, port):
        sshd = Sshd(os.path.join(self.work, "sshd"), 22, self.address)
        self.srv.spawn(*sshd.argv()).wait_for("Server listening", stream="err")
        forwards = [w for name, local in port.items()
                    for w in ("-L", f"127.0.0.1:{local}:127.0.0.1:{self.target[name]}")]
        self.cli.spawn("ssh", *sshd.options(), "-p", sshd.port, "-N", "-c", "aes128-gcm@openssh.com", "-o",
                       "ExitOnForwardFailure=yes", *forwards, f"{getpass.getuser()}@{self.address}")

    def settle(self):
        """Until what the last load has left on the line is gone."""
        def still():
            before = self.srv.received() + self.cli.received()
            pause(1)
            return self.srv.received() + self.cli.received() - before < QUIET
        wait_until("a quiet line", still, within=120)

    def close(self):
        for process in Process.all:
            process.end()
        Process.all.clear()
        self.net.close()
