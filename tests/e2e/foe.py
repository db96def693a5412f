"""A hostile host's connections to a mesh port: kept open at any stage of a link's opening, from many addresses.

The layouts are in gof-protocol(7), LINKS and FRAMES.
"""

import errno
import hashlib
import hmac
import os
import select
import socket
import ssl
import struct
import threading
import time

import lab
from lab import Case, Networks
from peer import Peer
from traffic import exactly, reset

GREETING = 18
WIDE = "10.9"  # the foe's other addresses: 10.9.0.0/16


def mac16(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()[:16]


def subkey(key, label):
    """HKDF-SHA256 without salt."""
    extracted = hmac.new(bytes(32), key, hashlib.sha256).digest()
    return hmac.new(extracted, label + b"\x01", hashlib.sha256).digest()


def guests_hello(ticket, greeting):
    body = bytes([1, 1]) + ticket.issuer + ticket.grant
    return body + mac16(subkey(ticket.link_key, b"hello"), b"gof hello", greeting, body)


def frame(kind, payload, length=None):
    length = len(payload) if length is None else length
    return struct.pack(">I", length)[1:] + bytes([kind]) + bytes(2) + payload


def client_hello():
    """The first bytes that a TLS client sends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        context.wrap_bio(into, out).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


def crypto(ticket, greeting, hello, piece):
    """A valid CRYPTO frame of a guest that dials."""
    body = hashlib.sha256(greeting + hello).digest()[:8] + b"\x00\x01" + ticket.grant + bytes(4) + piece
    return frame(1, body + mac16(subkey(ticket.link_key, b"crypto"), body, b"\x01", bytes(16)))


def stored(host, port):
    """An address in the form that tickets have."""
    return bytes([len(host)]) + host.encode() + struct.pack(">H", port)


class Crowd:
    """A number of connections to a port, each stopped at the next of the stages. What the other side closes is opened
    again, so that the place stays as full as the other side allows. Ends with the test.

    A stage is what is sent in answer to a greeting; None: nothing is sent, and the greeting is not read.
    """

    def __init__(self, case, host, to, count, stages, sources):
        self.host, self.to, self.stages, self.sources = host, to, stages, sources
        self.count = count
        self.opened = self.closed = self.refused = 0
        self.ages = [0.0] * len(stages)  # for each stage, the longest time that one was kept
        self.stop = threading.Event()
        self.full = threading.Event()  # each was opened once
        self.poll = select.epoll()
        self.open = {}  # descriptor -> [socket, stage, since, greeting so far]
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        case.addCleanup(self.close)

    def close(self):
        self.stop.set()
        self.thread.join(10.0)

    def _run(self):
        with self.host.inside():
            while not self.stop.is_set():
                for _ in range(min(50, self.count - len(self.open))):
                    self._dial()
                if self.opened >= self.count:
                    self.full.set()
                for descriptor, _ in self.poll.poll(0.02, 256):
                    self._hear(descriptor)
        for sock, *_ in self.open.values():
            reset(sock)
        self.poll.close()

    def _dial(self):
        sock = socket.socket()
        sock.setblocking(False)
        sock.bind((self.sources[self.opened % len(self.sources)], 0))
        if sock.connect_ex(self.to) not in (0, errno.EINPROGRESS):
            sock.close()
            return
        self.poll.register(sock, select.EPOLLIN)
        self.open[sock.fileno()] = [sock, self.opened // len(self.sources) % len(self.stages), time.monotonic(), b""]
        self.opened += 1

    def _hear(self, descriptor):
        entry = self.open[descriptor]
        sock, stage, since, greeting = entry
        try:
            data = sock.recv(4096)
        except OSError as error:
            data = b""
            self.refused += error.errno == errno.ECONNREFUSED
        if not data:
            self.closed += 1
            self.ages[stage] = max(self.ages[stage], time.monotonic() - since)
            self.poll.unregister(descriptor)
            del self.open[descriptor]
            reset(sock)
        elif len(greeting) < GREETING:
            entry[3] = greeting + data
            if len(entry[3]) >= GREETING and self.stages[stage] is not None:
                try:
                    sock.send(self.stages[stage](entry[3][:GREETING]))
                except OSError:
                    pass  # closed meanwhile; reported by the next event


class Talk:
    """An honest connection through an echo service, which sends one KiB after another."""

    def __init__(self, case, host, port):
        self.case = case
        self.longest, self.turns, self.failure = 0.0, 0, None
        self.sock = host.connect(port)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.sock.sendall(b"!")
        exactly(self.sock, 1)  # all it needs exists now
        self.thread.start()
        case.addCleanup(self._end)

    def _run(self):
        try:
            with self.sock:
                while not self.stop.is_set():
                    data = os.urandom(1024)
                    started = time.monotonic()
                    self.sock.sendall(data)
                    if exactly(self.sock, len(data)) != data:
                        raise AssertionError("another answer")
                    self.longest = max(self.longest, time.monotonic() - started)
                    self.turns += 1
                    lab.hold(0.002)
        except (OSError, AssertionError) as error:
            self.failure = error

    def _end(self):
        self.stop.set()
        self.thread.join(12.0)

    def goes_on(self):
        self._end()
        self.case.assertIsNone(self.failure)
        self.case.assertGreater(self.turns, 0)
        self.case.measured(f"longest of {self.turns} round trips meanwhile", self.longest, 0.5)


def strangers_stages():
    """All that somebody without a key may do before being recognised."""
    def upto(size, role):
        return lambda greeting: (bytes([1, role]) + os.urandom(80))[:size]
    return [None, upto(1, 0), upto(2, 0), upto(17, 0), upto(2, 1), upto(40, 1), upto(65, 1)]


def guests_stages(ticket):
    """The stages of a handshake, which take a ticket."""
    tls = client_hello()

    def after(more):
        def stage(greeting):
            hello = guests_hello(ticket, greeting)
            return hello + more(greeting, hello)
        return stage
    return [
        after(lambda greeting, hello: b""),
        after(lambda greeting, hello: frame(1, b"")[:3]),
        after(lambda greeting, hello: frame(1, bytes(100), 60_000)),
        after(lambda greeting, hello: crypto(ticket, greeting, hello, tls[:40])),
        after(lambda greeting, hello: crypto(ticket, greeting, hello, tls)[:-1]),
        after(lambda greeting, hello: crypto(ticket, greeting, hello, tls)),
    ]


class Foes(Case):
    """`home` on srv serves, `away` on cli forwards, and `foe` is another host, with any number of addresses."""

    def laboratory(self):
        return Networks(srv="a", cli="a", foe="a")

    def setUp(self):
        super().setUp()
        self.foe = self.lab.foe
        self.home = Peer(self, self.srv, "home")
        self.away = Peer(self, self.cli, "away")
        lab.Lab.batch(f"route add local {WIDE}.0.0/16 dev lo", inside=self.foe)
        lab.Lab.batch(f"route add {WIDE}.0.0/16 dev eth-a", inside=self.srv)

    @staticmethod
    def addresses(count):
        return [f"{WIDE}.{1 + n // 200}.{1 + n % 200}" for n in range(count)]
