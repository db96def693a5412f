"""curl from nginx, and the download that the server ends right behind its last byte."""

import os

import lab
from peer import Pair
from traffic import MIB, Digest, Source, Target, drain, hash_of

NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log stderr notice;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:80; root {folder}/www; }}
}}
"""


class Web(Pair):
    def nginx(self):
        folder = self.file("nginx")
        os.makedirs(os.path.join(folder, "www"))
        with open(os.path.join(folder, "conf"), "w", encoding="utf-8") as f:
            f.write(NGINX.format(folder=folder))
        self.srv.spawn("/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", os.path.join(folder, "conf"))
        return os.path.join(folder, "www")

    def fetch(self, path, *more):
        url = f"http://127.0.0.1:{self.forward.port}/{path}"
        return self.cli.run("curl", "-sS", "--fail", "--max-time", "20", *more, url)

    def test_curl_gets_pages_from_nginx_intact(self):
        www = self.nginx()
        wanted = Source(20 * MIB, seed=80).write(os.path.join(www, "file"))
        with open(os.path.join(www, "index.html"), "w", encoding="utf-8") as f:
            f.write("<p>it works</p>\n")
        self.bridge(web=80)
        self.assertEqual(self.fetch("").out, "<p>it works</p>\n")
        got = self.file("got")
        done = self.fetch("file", "-o", got)
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertEqual(hash_of(got), wanted)
        self.assertEqual(self.fetch("none").code, 22, "404 is nginx's own answer")
        # Twenty at once over kept-alive connections of curl's own.
        page = f'url = "http://127.0.0.1:{self.forward.port}/index.html"\noutput = "/dev/null"\n'
        many = self.cli.run("curl", "-sS", "--fail", "-Z", "--max-time", "20", "-w", "%{http_code}\n", "-K", "-",
                            input=20 * page)
        self.assertEqual(many.out.split(), ["200"] * 20, many.err)

    def test_download_is_whole_when_the_server_closes_behind_the_last_byte(self):
        source = Source(100_000_000, seed=81)

        def give(sock):
            source.send(sock)

        target = Target(self.srv, give)
        self.bridge(file=target.port)
        with self.cli.connect(self.forward.port, timeout=25.0) as sock:
            got = drain(sock, Digest())
        self.assertEqual((got.size, got.hex()), (source.size, source.digest()))
        self.memory_bounded()


if __name__ == "__main__":
    lab.main()
