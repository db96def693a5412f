"""Tickets taken apart and forged: what a liar could hand to gof. The layout is gof-protocol(7)'s, TICKETS."""

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


@dataclasses.dataclass
class Ticket:
    issuer: bytes
    mesh: bytes
    grant: bytes
    link_key: bytes
    token: bytes
    services: list  # (name, port hint)
    addresses: bytes  # as they stand, count first

    @staticmethod
    def parse(text):
        assert text.startswith(PREFIX), text
        code = text[len(PREFIX):].upper()
        data = base64.b32decode(code + "=" * (-len(code) % 8))
        body, checksum = data[:-4], data[-4:]
        assert struct.pack(">I", crc32c(body)) == checksum, "checksum"
        assert body[:2] == b"\x01\x01", "version and kind"
        fields, at = [], 2
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
        body = b"\x01\x01" + self.issuer + self.mesh + self.grant + self.link_key + self.token
        body += bytes([len(self.services)])
        for name, port in self.services:
            body += bytes([len(name)]) + name.encode() + struct.pack(">H", port)
        body += self.addresses
        data = body + struct.pack(">I", crc32c(body))
        return PREFIX + base64.b32encode(data).decode().rstrip("=").lower()

    def but(self, **changes):
        return dataclasses.replace(self, **changes)


def other(secret):
    """Another value of the same size."""
    return bytes(b ^ 0x5A for b in secret)
