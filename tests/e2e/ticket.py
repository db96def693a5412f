"""Tickets taken apart and forged, as a liar could present them to gof. Their layout is in gof-protocol(7), TICKETS."""

import base64
import dataclasses
import struct

PREFIX = "gof1"


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def opened(text, kind):
    """The bytes after version and kind."""
    assert text.startswith(PREFIX), text
    code = text[len(PREFIX):].upper()
    data = base64.b32decode(code + "=" * (-len(code) % 8))
    body, checksum = data[:-4], data[-4:]
    assert struct.pack(">I", crc32c(body)) == checksum, "checksum"
    assert body[:2] == bytes([1, kind]), "version and kind"
    return body[2:]


def closed(kind, body):
    body = bytes([1, kind]) + body
    data = body + struct.pack(">I", crc32c(body))
    return PREFIX + base64.b32encode(data).decode().rstrip("=").lower()


def places(addresses):
    """HOST:PORT of each address."""
    found, at = [], 1
    for _ in range(addresses[0]):
        size = addresses[at]
        host = addresses[at + 1:at + 1 + size].decode()
        (port,) = struct.unpack_from(">H", addresses, at + 1 + size)
        found.append(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        at += 3 + size
    return found


@dataclasses.dataclass
class Ticket:
    issuer: bytes
    mesh: bytes
    grant: bytes
    link_key: bytes
    token: bytes
    services: list  # (name, port hint)
    addresses: bytes  # as encoded, count first

    @staticmethod
    def parse(text):
        body = opened(text, kind=1)
        fields, at = [], 0
        for size in (32, 8, 16, 32, 32):
            fields.append(body[at:at + size])
            at += size
        services, count, at = [], body[at], at + 1
        for _ in range(count):
            size = body[at]
            name = body[at + 1:at + 1 + size].decode()
            (port,) = struct.unpack_from(">H", body, at + 1 + size)
            services.append((name, port))
            at += 3 + size
        return Ticket(*fields, services, body[at:])

    def text(self):
        body = self.issuer + self.mesh + self.grant + self.link_key + self.token
        body += bytes([len(self.services)])
        for name, port in self.services:
            body += bytes([len(name)]) + name.encode() + struct.pack(">H", port)
        return closed(1, body + self.addresses)

    def places(self):
        return places(self.addresses)

    def but(self, **changes):
        return dataclasses.replace(self, **changes)


@dataclasses.dataclass
class JoinTicket:
    issuer: bytes
    network_key: bytes
    stored: bytes  # the addresses as encoded, count first

    @staticmethod
    def parse(text):
        body = opened(text, kind=2)
        return JoinTicket(body[:32], body[32:64], body[64:])

    def text(self):
        return closed(2, self.issuer + self.network_key + self.stored)

    @property
    def addresses(self):
        return places(self.stored)

    def but(self, **changes):
        return dataclasses.replace(self, **changes)


def other(secret):
    """A different value of the same size."""
    return bytes(b ^ 0x5A for b in secret)
