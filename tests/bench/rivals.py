"""More forwarders, which are measured if they are on PATH. Each has its own defaults, save for what it needs to stay on
127.0.0.1 and to be quiet."""

import re
import subprocess

from contenders import Contender
from programs import accepts, free_port, wait_until

HAPROXY = """
global
  maxconn 9000
defaults
  mode tcp
  timeout connect 10s
  timeout client 1h
  timeout server 1h
"""
STUNNEL = """
foreground = yes
pid =
socket = l:TCP_NODELAY=1
socket = r:TCP_NODELAY=1
ciphersuites = TLS_AES_128_GCM_SHA256
"""
DUMBPIPE_TICKET = re.compile(r"((?:endpoint|node)[a-z0-9]{30,})\s")


def haproxy(bridge):
    listeners = [f"listen {name}\n  bind 127.0.0.1:{port}\n  server s 127.0.0.1:{bridge.target[name]}\n"
                 for name, port in bridge.port.items()]
    configuration = bridge.programs.write("haproxy.cfg", HAPROXY + "".join(listeners))
    bridge.begin_client()
    bridge.programs.start("haproxy", "haproxy", "-db", "-f", configuration)


def stunnel(bridge):
    programs = bridge.programs
    key, certificate = programs.path("key.pem"), programs.path("certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "9", "-subj", "/CN=bench", "-keyout", key, "-out", certificate], check=True,
                   capture_output=True, stdin=subprocess.DEVNULL)
    server, client = STUNNEL, STUNNEL
    for name, port in bridge.port.items():
        middle = free_port()
        server += (f"[{name}]\naccept = 127.0.0.1:{middle}\nconnect = 127.0.0.1:{bridge.target[name]}\n"
                   f"cert = {certificate}\nkey = {key}\n")
        client += (f"[{name}]\nclient = yes\naccept = 127.0.0.1:{port}\nconnect = 127.0.0.1:{middle}\n"
                   f"CAfile = {certificate}\nverifyPeer = yes\n")
    bridge.begin()
    programs.start("server", "stunnel", programs.write("server.conf", server))
    bridge.begin_client()
    programs.start("client", "stunnel", programs.write("client.conf", client))


def start_server(bridge, port, *argv):
    bridge.begin()
    bridge.programs.start_at_home("server", *argv)
    wait_until(argv[0], lambda: accepts(port), step=0.001)
    bridge.begin_client()


def rathole(bridge):
    at = free_port()
    server = f'[server]\nbind_addr = "127.0.0.1:{at}"\ndefault_token = "bench"\n'
    client = f'[client]\nremote_addr = "127.0.0.1:{at}"\ndefault_token = "bench"\n'
    for name, port in bridge.port.items():
        server += f'[server.services.{name}]\nbind_addr = "127.0.0.1:{port}"\n'
        client += f'[client.services.{name}]\nlocal_addr = "127.0.0.1:{bridge.target[name]}"\n'
    programs = bridge.programs
    start_server(bridge, at, "rathole", "--server", programs.write("server.toml", server))
    programs.start_at_home("client", "rathole", "--client", programs.write("client.toml", client))


def bore(bridge):
    start_server(bridge, 7835, "bore", "server", "--bind-addr", "127.0.0.1")  # it has no option for this port
    for port, target in bridge.pairs():
        bridge.programs.start_at_home(f"local{target}", "bore", "local", target, "--local-host", "127.0.0.1", "--to",
                                      "127.0.0.1", "--port", port)


def wstunnel(bridge):
    url = f"wss://127.0.0.1:{(at := free_port())}"
    forwards = [w for port, target in bridge.pairs() for w in ("-L", f"tcp://127.0.0.1:{port}:127.0.0.1:{target}")]
    start_server(bridge, at, "wstunnel", "server", url)
    bridge.programs.start_at_home("client", "wstunnel", "client", *forwards, url)


def chisel(bridge):
    at = free_port()
    start_server(bridge, at, "chisel", "server", "--host", "127.0.0.1", "-p", at)
    bridge.programs.start_at_home("client", "chisel", "client", f"127.0.0.1:{at}",
                                  *(f"127.0.0.1:{port}:127.0.0.1:{target}" for port, target in bridge.pairs()))


def frp(bridge):
    at = free_port()
    server = f'bindAddr = "127.0.0.1"\nbindPort = {at}\nproxyBindAddr = "127.0.0.1"\nlog.level = "warn"\n'
    client = f'serverAddr = "127.0.0.1"\nserverPort = {at}\nlog.level = "warn"\n'
    for name, port in bridge.port.items():
        client += (f'[[proxies]]\nname = "{name}"\ntype = "tcp"\nlocalIP = "127.0.0.1"\n'
                   f'localPort = {bridge.target[name]}\nremotePort = {port}\n')
    programs = bridge.programs
    start_server(bridge, at, "frps", "-c", programs.write("server.toml", server))
    programs.start_at_home("client", "frpc", "-c", programs.write("client.toml", client))


def dumbpipe(bridge):
    """It has one target a process."""
    programs = bridge.programs
    bridge.begin()
    for name, target in bridge.target.items():
        programs.start_at_home(f"listen-{name}", "dumbpipe", "listen-tcp", "--host", f"127.0.0.1:{target}")
    tickets = {}

    def heard():
        for name in bridge.target:
            found = DUMBPIPE_TICKET.search(programs.log(f"listen-{name}"))
            if found:
                tickets[name] = found[1]
        return len(tickets) == len(bridge.target)

    wait_until("dumbpipe", heard, within=30, step=0.001)
    bridge.begin_client()
    for name, port in bridge.port.items():
        programs.start_at_home(f"connect-{name}", "dumbpipe", "connect-tcp", "--addr", f"127.0.0.1:{port}",
                               tickets[name])


RIVALS = [
    Contender("haproxy", "haproxy", ["haproxy"], haproxy, ends=1),
    Contender("stunnel", "stunnel", ["stunnel", "openssl"], stunnel),
    Contender("rathole", "rathole", ["rathole"], rathole),
    Contender("bore", "bore", ["bore"], bore),
    Contender("wstunnel", "wstunnel", ["wstunnel"], wstunnel),
    Contender("chisel", "chisel", ["chisel"], chisel),
    Contender("frp", "frp", ["frps", "frpc"], frp),
    Contender("dumbpipe", "dumbpipe", ["dumbpipe"], dumbpipe),
]
