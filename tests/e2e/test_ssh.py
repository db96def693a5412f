"""ssh and scp through gof."""

import os

import lab
from peer import Pair
from sshd import Sshd
from traffic import MIB, Source, hash_of


class Ssh(Pair):
    def setUp(self):
        super().setUp()
        self.sshd = Sshd(self.file("sshd"), 22)
        server = self.srv.spawn(*self.sshd.argv())
        server.wait_for("Server listening on 127.0.0.1 port 22")
        self.bridge(ssh=22)

    def copy(self, size, within=25.0):
        here, there, back = self.file("here"), self.file("there"), self.file("back")
        wanted = Source(size, seed=22).write(here)
        for what, source, target, result in (
            ("up", here, f"root@127.0.0.1:{there}", there),
            ("down", f"root@127.0.0.1:{there}", back, back),
        ):
            done = self.cli.run(*self.sshd.scp(self.forward.port, source, target), timeout=within)
            self.assertEqual(done.code, 0, done.err)
            self.assertEqual(hash_of(result), wanted, f"scp {what} altered the file")
            rate = size / MIB / done.seconds
            self.told(f"scp {what} of {size // MIB} MiB", f"{done.seconds:.1f} s, {rate:.0f} MiB/s")
        os.unlink(here)
        self.memory_bounded()

    def test_login_and_command_work(self):
        done = self.cli.run(*self.sshd.client(self.forward.port), "echo over $((6 * 7)) && exit 5", timeout=15)
        self.assertEqual((done.code, done.out, done.err), (5, "over 42\n", ""))
        script = "read word; echo got $word; tty || true\n"
        shell = self.sshd.client(self.forward.port, "-tt")
        login = self.cli.run(*shell, "sh", input=f"{script}fish\nexit\n", timeout=15)
        self.assertEqual(login.code, 0, login.err)
        self.assertIn("got fish", login.out)
        self.assertIn("/dev/pts/", login.out)

    def test_scp_of_128_mib_arrives_intact_both_ways(self):
        self.copy(128 * MIB)


class SshLong(Ssh):
    test_login_and_command_work = None
    test_scp_of_128_mib_arrives_intact_both_ways = None

    def test_scp_of_1_gib_arrives_intact_both_ways(self):
        self.copy(1024 * MIB, within=240.0)


if __name__ == "__main__":
    lab.main()
