"""Forwarders that carry a stream and small questions between ports of 127.0.0.1: none, socat, ssh -L, gof."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))

from programs import accepts, free_port, wait_until  # noqa: E402
from sshd import Sshd  # noqa: E402  (in e2e)


def start_targets(programs, pingpong):
    """Returns the ports of an iperf3 server and of a server that answers small questions."""
    stream = free_port()
    programs.start("iperf3", "iperf3", "-s", "-B", "127.0.0.1", "-p", stream)
    child = programs.start("pingpong", pingpong, "serve", stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    asks = int(child.stdout.readline())
    wait_until("iperf3", lambda: accepts(stream))
    return stream, asks


def through_socat(programs, targets):
    ports = []
    for number, target in enumerate(targets):
        port = free_port()
        programs.start(f"socat{number}", "socat", f"TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=1024",
                       f"TCP:127.0.0.1:{target},nodelay")
        wait_until("socat", lambda p=port: accepts(p))
        ports.append(port)
    return ports


def through_ssh(programs, targets):
    sshd = Sshd(programs.path("sshd"), free_port())
    programs.start("sshd", *sshd.argv())
    wait_until("sshd", lambda: accepts(sshd.port))
    ports = [free_port() for _ in targets]
    forwards = [w for port, target in zip(ports, targets) for w in ("-L", f"127.0.0.1:{port}:127.0.0.1:{target}")]
    cipher = ["-c", "aes128-gcm@openssh.com"]
    programs.start("ssh", *sshd.client(sshd.port, "-N", *cipher, "-o", "ExitOnForwardFailure=yes", *forwards))
    for port in ports:
        wait_until("ssh", lambda p=port: accepts(p))
    return ports


def through_gof(programs, targets, gof, relayed=False):
    """A serve and a forward. `relayed`: both are linked only to a relay, which carries everything."""
    stream, asks = targets

    def environment(name):
        home = programs.path(name)
        os.makedirs(home, mode=0o700, exist_ok=True)
        return {"PATH": os.environ["PATH"], "HOME": home}

    def first_line(process, name):
        with open(programs.path(name), "wb") as f:
            f.write(process.stdout.readline())
        return programs.path(name)

    place = ["--listen", f"127.0.0.1:{free_port()}"]
    if relayed:
        relay = programs.start("relay", gof, "relay", *place, env=environment("relay-home"), stdout=subprocess.PIPE)
        place = ["--no-listen", "--ticket-file", first_line(relay, "join-ticket")]
    serve = programs.start("serve", gof, "serve", "--name", "home", *place, f"stream=127.0.0.1:{stream}",
                           f"asks=127.0.0.1:{asks}", env=environment("home"), stdout=subprocess.PIPE)
    ticket = first_line(serve, "ticket")
    programs.start("forward", gof, "forward", "--ticket-file", ticket, "0:stream", "0:asks", env=environment("away"))
    way = "(relay " if relayed else "(direct "

    def ports():
        found = {}
        for line in programs.log("forward").splitlines():
            if "ready " in line and " -> " in line and way in line:
                where, what = line.split("ready ", 1)[1].split(" -> ")
                found[what.split("/")[1].split()[0]] = int(where.rsplit(":", 1)[1])
        return found

    wait_until("gof forward", lambda: len(ports()) == 2)
    return [ports()["stream"], ports()["asks"]]
