#!/usr/bin/env python3
"""A stand-in for a broker: answers ApiVersions v0 with a few APIs, and nothing else.

usage: stand_in_broker.py HOST:PORT [MODE]
MODE: ignore-term (SIGTERM does not end it), mute (accepts connections, never answers)
"""

import signal
import socketserver
import struct
import sys

ADDRESS, MODE = sys.argv[1], (sys.argv[2:] or ["normal"])[0]
API_VERSIONS = 18
APIS = {0: (0, 9), 1: (11, 13), 3: (0, 12), API_VERSIONS: (0, 4), 22: (-1, -1)}


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while header := self.receive(4):
            request = self.receive(struct.unpack(">i", header)[0])
            key, _, correlation_id = struct.unpack(">hhi", request[:8])
            if MODE == "mute" or key != API_VERSIONS:
                continue
            body = struct.pack(">ihi", correlation_id, 0, len(APIS))
            for api, (lowest, highest) in APIS.items():
                body += struct.pack(">hhh", api, lowest, highest)
            self.request.sendall(struct.pack(">i", len(body)) + body)

    def receive(self, size):
        data = b""
        while len(data) < size:
            piece = self.request.recv(size - len(data))
            if not piece:
                return b""
            data += piece
        return data


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if MODE == "ignore-term":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
host, port = ADDRESS.rsplit(":", 1)
with Server((host, int(port)), Handler) as server:
    print("stand-in broker at", ADDRESS, flush=True)
    server.serve_forever()
