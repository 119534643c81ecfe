#!/usr/bin/env python3
"""A stand-in for a broker: answers ApiVersions v0 with a few APIs, Metadata v1, and nothing else.

usage: stand_in_broker.py HOST:PORT [MODE [CLUSTER]]
MODE: ignore-term (SIGTERM does not end it), mute (accepts connections, never answers)
CLUSTER: a folder; Metadata lists its sub-folders that have an address, with the id in their file
`id`, or else the number in their name. Those that have a file `unlisted` are left out.
"""

import pathlib
import signal
import socketserver
import struct
import sys

ADDRESS, MODE = sys.argv[1], (sys.argv[2:] or ["normal"])[0]
CLUSTER = pathlib.Path(sys.argv[3]).resolve() if sys.argv[3:] else None
METADATA, API_VERSIONS = 3, 18
APIS = {0: (0, 9), 1: (11, 13), METADATA: (0, 1), API_VERSIONS: (0, 4), 22: (-1, -1)}


def api_versions():
    body = struct.pack(">hi", 0, len(APIS))
    for api, (lowest, highest) in APIS.items():
        body += struct.pack(">hhh", api, lowest, highest)
    return body


def text(value):
    return struct.pack(">h", len(value)) + value.encode()


def brokers():
    for address in sorted(CLUSTER.glob("*/address") if CLUSTER else []):
        node = address.parent
        if (node / "unlisted").exists():
            continue
        number = node / "id"
        node_id = number.read_text() if number.exists() else node.name.rsplit("-", 1)[1]
        host, port = address.read_text().strip().rsplit(":", 1)
        yield struct.pack(">i", int(node_id)) + text(host) + struct.pack(">ih", int(port), -1)


def metadata():
    listed = list(brokers())
    return struct.pack(">i", len(listed)) + b"".join(listed) + struct.pack(">ii", -1, 0)


ANSWERS = {API_VERSIONS: api_versions, METADATA: metadata}


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while header := self.receive(4):
            request = self.receive(struct.unpack(">i", header)[0])
            key, _, correlation_id = struct.unpack(">hhi", request[:8])
            if MODE == "mute" or key not in ANSWERS:
                continue
            body = struct.pack(">i", correlation_id) + ANSWERS[key]()
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
