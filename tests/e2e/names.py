"""A name server that knows nobody: every question is answered with NXDOMAIN, at once."""

import socket
import threading


class Names:
    def __init__(self, host, address="127.0.0.1"):
        with host.inside():
            self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.sock.bind((address, 53))
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self):
        while True:
            question, asker = self.sock.recvfrom(1500)
            # Response, recursion available, NXDOMAIN; the question is repeated, other sections are empty.
            header = question[:2] + b"\x81\x83" + question[4:6] + bytes(6)
            self.sock.sendto(header + question[12:], asker)
