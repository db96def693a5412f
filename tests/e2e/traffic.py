"""Bytes that can be checked, servers that take and give them, and TCP's rougher behaviour."""

import hashlib
import random
import socket
import struct
import threading
import time

MIB = 1024 * 1024
PIECE = 64 * 1024


class Source:
    """A number of bytes from a seed: always the same, and never in memory as a whole."""

    def __init__(self, size, seed=1):
        self.size, self.seed = size, seed

    def pieces(self, piece=PIECE):
        draw = random.Random(self.seed)
        left = self.size
        while left > 0:
            n = min(piece, left)
            yield draw.randbytes(n)
            left -= n

    def digest(self):
        h = hashlib.sha256()
        for p in self.pieces():
            h.update(p)
        return h.hexdigest()

    def send(self, sock):
        for p in self.pieces():
            sock.sendall(p)

    def write(self, path):
        with open(path, "wb") as f:
            for p in self.pieces(MIB):
                f.write(p)
        return hash_of(path)


def hash_of(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


class Digest:
    """What arrived: its size and hash."""

    def __init__(self):
        self.size = 0
        self.hash = hashlib.sha256()
        self.changed = threading.Condition()

    def take(self, data):
        with self.changed:
            self.hash.update(data)
            self.size += len(data)
            self.changed.notify_all()

    def wait_size(self, size, within=20.0):
        with self.changed:
            if not self.changed.wait_for(lambda: self.size >= size, within):
                raise AssertionError(f"{self.size} of {size} bytes after {within} s")

    def hex(self):
        return self.hash.hexdigest()


def drain(sock, into=None):
    """Reads to the end. A reset is raised as an error, never taken for an end."""
    into = into or Digest()
    while data := sock.recv(PIECE):
        into.take(data)
    return into


def exactly(sock, size):
    parts = []
    while size > 0:
        data = sock.recv(min(size, PIECE))
        if not data:
            raise AssertionError(f"the end came {size} bytes early")
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def reset(sock):
    """Closes with a reset instead of a FIN."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def time_to_reset(sock, within=30.0):
    """Seconds until the other side's reset arrives. A clean end, or none, fails."""
    sock.settimeout(within)
    started = time.monotonic()
    try:
        while sock.recv(PIECE):
            pass
    except ConnectionResetError:
        return time.monotonic() - started
    except TimeoutError:
        raise AssertionError(f"no reset within {within} s") from None
    raise AssertionError("a clean end where a reset was due")


def time_to_refusal(host, port, within=30.0):
    """Seconds from a connect to its reset, which may arrive before connect() returns."""
    started = time.monotonic()
    try:
        with host.connect(port) as sock:
            time_to_reset(sock, within)
    except ConnectionResetError:
        pass
    return time.monotonic() - started


class Target:
    """A server on a host. Each connection runs handler(sock) in a thread; a handler's exceptions are kept and shown."""

    def __init__(self, host, handler, port=0, address="127.0.0.1"):
        self.handler = handler
        self.listener = host.listen(port, address)
        self.port = self.listener.getsockname()[1]
        self.accepted = 0
        self.ended = 0
        self.errors = []
        self.changed = threading.Condition()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            with self.changed:
                self.accepted += 1
                self.changed.notify_all()
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.handler(sock)
        except OSError as error:
            with self.changed:
                self.errors.append(error)
        finally:
            sock.close()
            with self.changed:
                self.ended += 1
                self.changed.notify_all()

    def wait_accepted(self, count, within=10.0):
        with self.changed:
            if not self.changed.wait_for(lambda: self.accepted >= count, within):
                raise AssertionError(f"{self.accepted} connections, not {count}, within {within} s")

    def close(self):
        # shutdown wakes the accept; close alone would leave the accept and the port.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def echo(sock):
    """Sends back what arrives, and closes after the other side's end."""
    while data := sock.recv(PIECE):
        sock.sendall(data)


class Held:
    """A handler that hands its sockets to the test: take() returns the next one whose client said hello()."""

    def __init__(self):
        self.socks = []
        self.changed = threading.Condition()
        self.over = threading.Event()

    def __call__(self, sock):
        # A readiness probe connects and closes without sending a byte.
        if sock.recv(1) != b"!":
            return
        with self.changed:
            self.socks.append(sock)
            self.changed.notify_all()
        self.over.wait()

    def take(self, within=10.0):
        with self.changed:
            if not self.changed.wait_for(lambda: self.socks, within):
                raise AssertionError(f"no connection at the target within {within} s")
            return self.socks.pop(0)


def hello(sock):
    sock.sendall(b"!")
    return sock


def background(work, *args):
    """Runs work in a thread. join() returns its result, or raises what it raised."""
    box = {}

    def body():
        try:
            box["value"] = work(*args)
        except BaseException as error:  # passed on by join
            box["error"] = error

    thread = threading.Thread(target=body, daemon=True)
    thread.start()

    def join(within=25.0):
        thread.join(within)
        if thread.is_alive():
            raise AssertionError(f"{getattr(work, '__name__', work)} still runs after {within} s")
        if "error" in box:
            raise box["error"]
        return box.get("value")

    return join


def echo_intact(case, host, port, size=64 * 1024, seed=7, within=20.0):
    """One connection through an echo service: each byte comes back once, then the end."""
    source = Source(size, seed)
    sock = host.connect(port, timeout=within)
    with sock:
        def send():
            source.send(sock)
            sock.shutdown(socket.SHUT_WR)

        sending = background(send)
        back = drain(sock)
        sending()
    case.assertEqual((back.size, back.hex()), (size, source.digest()), "the echo came back altered")
