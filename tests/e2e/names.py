"""Name servers: one knows no name (it answers every question with NXDOMAIN, at once), the other never answers."""

import socket
import threading

import lab


class Names:
    def __init__(self, host, address="127.0.0.1"):
        with host.inside():
            self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.sock.bind((address, 53))
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self):
        while True:
            question, asker = self.sock.recvfrom(1500)
            # Response, recursion available, NXDOMAIN; the question is copied, the other sections are empty.
            header = question[:2] + b"\x81\x83" + question[4:6] + bytes(6)
            self.sock.sendto(header + question[12:], asker)


class Deaf:
    """A name server that reads questions and answers none. Clients wait as long as resolv.conf(5) says by default."""

    def __init__(self, *hosts, address="127.0.0.1"):
        self.socks = []
        for host in hosts:
            with host.inside():
                self.socks.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                self.socks[-1].bind((address, 53))
        lab.hide("/etc/resolv.conf", f"nameserver {address}\n")
