"""An nginx in the caller's folder: one process, port 80 of a host's loopback, pages in www, a log line per request."""

import os

CONFIGURATION = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log stderr notice;
events {{ worker_connections 1024; }}
http {{
  log_format short "$status $request_uri"; access_log {folder}/access short; sendfile on;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:80 backlog=1024; root {folder}/www; }}
}}
"""


class Nginx:
    def __init__(self, host, folder):
        self.folder = folder
        self.www = os.path.join(folder, "www")
        os.makedirs(self.www)
        configuration = os.path.join(folder, "conf")
        with open(configuration, "w", encoding="utf-8") as f:
            f.write(CONFIGURATION.format(folder=folder))
        # By the time it prints its limits its ports are bound.
        host.spawn("/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", configuration).wait_for("getrlimit")

    def page(self, name):
        return os.path.join(self.www, name)

    def asked(self):
        """The status and path of each request so far."""
        with open(os.path.join(self.folder, "access"), encoding="utf-8") as f:
            return [line.split() for line in f]
