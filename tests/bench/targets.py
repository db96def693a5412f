"""The servers behind every forwarder, on 127.0.0.1: iperf3, pingpong, and nginx with one page of 600 bytes."""

import os
import subprocess

from programs import accepts, free_port, wait_until

NAMES = ("stream", "asks", "web")
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log stderr;
events {{ worker_connections 8192; }}
http {{
  access_log off; sendfile on; keepalive_requests 1000000000; keepalive_timeout 3600;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port} backlog=4096; root {folder}/www; }}
}}
"""


def start_stream(programs, address="127.0.0.1"):
    port = free_port()
    programs.start("iperf3", "iperf3", "-s", "-B", address, "-p", port)
    return port


def start_asks(programs, pingpong):
    child = programs.start("pingpong", pingpong, "serve", stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    return int(child.stdout.readline())


def start_web(programs):
    folder, port = programs.path("nginx"), free_port()
    os.makedirs(os.path.join(folder, "www"))
    with open(os.path.join(folder, "www", "index.html"), "w", encoding="ascii") as f:
        f.write("x" * 600)
    configuration = programs.write("nginx.conf", NGINX.format(folder=folder, port=port))
    programs.start("nginx", "nginx", "-e", "stderr", "-p", folder, "-c", configuration)
    return port


def start(programs, pingpong, web=True):
    """Their ports by NAMES."""
    ports = {"stream": start_stream(programs), "asks": start_asks(programs, pingpong)}
    if web:
        ports["web"] = start_web(programs)
    for name, port in ports.items():
        wait_until(name, lambda p=port: accepts(p))
    return ports
