"""curl from nginx, and the download that the server ends right after its last byte."""

import lab
from nginx import Nginx
from peer import Pair
from traffic import MIB, Digest, Source, Target, drain, hash_of


class Web(Pair):
    def fetch(self, path, *more):
        url = f"http://127.0.0.1:{self.forward.port}/{path}"
        return self.cli.run("curl", "-sS", "--fail", "--max-time", "20", *more, url)

    def test_curl_gets_pages_from_nginx_intact(self):
        nginx = Nginx(self.srv, self.file("nginx"))
        wanted = Source(20 * MIB, seed=80).write(nginx.page("file"))
        with open(nginx.page("index.html"), "w", encoding="utf-8") as f:
            f.write("<p>it works</p>\n")
        self.bridge(web=80)
        self.assertEqual(self.fetch("").out, "<p>it works</p>\n")
        got = self.file("got")
        done = self.fetch("file", "-o", got)
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertEqual(hash_of(got), wanted)
        self.assertEqual(self.fetch("none").code, 22, "404 is nginx's own answer")
        # Twenty at once, over connections that curl keeps alive.
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
