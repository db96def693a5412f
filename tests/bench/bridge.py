"""One contender at work: its processes, and a port of 127.0.0.1 for each target."""

import time

from programs import Programs, accepts, echoes, free_port, wait_until


class Bridge:
    """Starts the contender, and waits until it carries connections.

    `target` and `port` have a port for each name. The contender's `start` says with begin() and begin_client() what of
    its work counts as the start, and from when only the client was missing.
    """

    def __init__(self, contender, folder, target, gof):
        self.contender, self.target, self.gof = contender, target, gof
        self.programs = Programs(folder)
        self.port = {name: free_port() for name in target}
        self.began = self.client_began = None
        self.took = None  # seconds to the first echoed byte: from the start of all, and from that of the client
        try:
            contender.start(self)
            self.wait()
        except RuntimeError as error:
            said = self.programs.said()
            self.stop()
            raise RuntimeError(f"{contender.title}: {error}\n{said}") from None
        except BaseException:
            self.stop()
            raise

    def begin(self):
        self.began = time.monotonic()

    def begin_client(self):
        self.client_began = time.monotonic()
        self.began = self.began or self.client_began

    def wait(self):
        wait_until("an echo", lambda: echoes(self.port["asks"]), step=0.001)
        now = time.monotonic()
        if self.began:
            self.took = (now - self.began, now - self.client_began)
        for name, port in self.port.items():
            wait_until(f"a connection to {name}", lambda p=port: accepts(p))
        if self.contender.check:
            wait_until("its path", lambda: self.contender.check(self))

    def pairs(self):
        """(port, target) for each name."""
        return [(self.port[name], self.target[name]) for name in self.target]

    def stop(self):
        self.programs.stop()
