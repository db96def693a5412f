"""iperf3 through gof, both directions, with bounded memory (tools that read ahead without limit end in gigabytes)."""

import json

import lab
from peer import Pair


class Iperf(Pair):
    def measure(self, *more):
        """One iperf3 run, once its server is free (a readiness probe counts as its client, too)."""
        at = self.server.mark()
        done = self.cli.run("iperf3", "-c", "127.0.0.1", "-p", self.forward.port, "-t", "3", "-J", *more)
        self.assertEqual(done.code, 0, done.out[-2000:] + done.err)
        self.server.wait_for("Server listening", since=at)
        end = json.loads(done.out)["end"]
        return end["sum_sent"]["bytes"], end["sum_received"]["bytes"], end["sum_received"]["bits_per_second"] / 1e9

    def test_both_directions_run_with_memory_bounded(self):
        self.server = self.srv.spawn("iperf3", "-s", "-B", "127.0.0.1", "--forceflush")
        self.server.wait_for("Server listening")
        at = self.server.mark()
        self.bridge(iperf=5201)
        self.server.wait_for("Server listening", since=at)
        eight = ["-P", "8"]
        for way, more in (("up", []), ("down", ["-R"]), ("up, 8 streams", eight), ("down, 8 streams", [*eight, "-R"])):
            sent, received, rate = self.measure(*more)
            self.told(f"iperf3 {way}", f"{rate:.2f} Gbit/s")
            self.assertGreater(received, 0)
            self.assertLessEqual(received, sent)
        self.peers_live()
        self.memory_bounded()


if __name__ == "__main__":
    lab.main()
