"""gof as users start it: with a home of its own, the commands, and what they print when they are ready."""

import os
import re

from lab import GOF, NOBODY, Case

TICKET = r"^gof1[a-z2-7]{40,}$"
READY = r"\bready (?P<bind>\S+):(?P<port>\d+) -> (?P<name>[^/\s]+)/(?P<service>\S+) \((?P<path>[^)]*)\)"
MESH_PORT = 9999


class Peer:
    """A user's home on a host: every gof started from it has the same key and state."""

    def __init__(self, case, host, name, user=None):
        self.host, self.name, self.user = host, name, user
        self.home = os.path.join(case.work, name)
        self.state = os.path.join(self.home, "state")
        self.gof_state = os.path.join(self.state, "gof")
        for folder in (self.home, self.state, os.path.join(self.home, "run"), os.path.join(self.home, "config")):
            os.mkdir(folder, mode=0o700)
            if user is not None:
                os.chown(folder, user, user)

    def environment(self, **more):
        env = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": self.home,
            "XDG_STATE_HOME": self.state,
            "XDG_CONFIG_HOME": os.path.join(self.home, "config"),
            "XDG_RUNTIME_DIR": os.path.join(self.home, "run"),
        }
        env.update(more)
        return env

    def spawn(self, *words, env=None, **options):
        return self.host.spawn(GOF, *words, env=self.environment(**(env or {})), user=self.user, **options)

    def run(self, *words, env=None, **options):
        return self.host.run(GOF, *words, env=self.environment(**(env or {})), user=self.user, **options)

    def serve(self, *words, port=MESH_PORT, **options):
        """`gof serve`; .ticket is what it printed. port None: gof chooses the port."""
        listen = ["--listen", f"{self.host.address}:{port}"] if port else []
        process = self.spawn("serve", "--name", self.name, *listen, *words, **options)
        process.ticket = process.wait_for(TICKET, stream="out").group(0)
        return process

    def forward(self, ticket, *words, ready=1, **options):
        """`gof forward`; waits for this many ready lines. .ports: service -> local port; .port: the first one."""
        process = self.spawn("forward", ticket, *words, **options)
        process.ports = {}
        since = 0
        for _ in range(ready):
            found = process.wait_for(READY, stream="err", since=since)
            since = next(i for i, line in enumerate(process.lines) if i >= since and line[2] == found.string) + 1
            process.ports[found["service"]] = int(found["port"])
        process.port = next(iter(process.ports.values()), None)
        return process


class Pair(Case):
    """Two peers: `home` on srv, which serves, and `away` on cli, which forwards."""

    def setUp(self):
        super().setUp()
        self.home = Peer(self, self.srv, "home")
        self.away = Peer(self, self.cli, "away")

    def bridge(self, serve_options=(), forward_options=(), **targets):
        """Serves the targets (name=port on srv's loopback) and forwards each from a free port of cli; ready."""
        self.serve = self.home.serve(*serve_options, *(f"{n}=127.0.0.1:{p}" for n, p in targets.items()))
        self.forward = self.away.forward(self.serve.ticket, *forward_options, *(f"0:{n}" for n in targets),
                                         ready=len(targets))
        return self.forward

    def peers_live(self):
        self.assertTrue(self.serve.alive(), "serve has ended\n" + self.serve.log())
        self.assertTrue(self.forward.alive(), "forward has ended\n" + self.forward.log())

    def memory_bounded(self, most_mib=150):
        for name, process in (("serve", self.serve), ("forward", self.forward)):
            self.told(f"{name} peak memory", f"{process.peak_mib():.1f} MiB (bar {most_mib} MiB)")
        for process in (self.serve, self.forward):
            self.assertLessEqual(process.peak_mib(), most_mib)

    def descriptors(self):
        return self.serve.descriptors(), self.forward.descriptors()

    def descriptors_back(self, before, within=5.0):
        """No more than before (when a readiness probe may have been counted)."""
        self.eventually(f"descriptors back to {before}",
                        lambda: all(now <= then for now, then in zip(self.descriptors(), before)), within)


def nobody(case, host, name):
    """A peer of an unprivileged user, for what root may do anyway."""
    return Peer(case, host, name, user=NOBODY)
