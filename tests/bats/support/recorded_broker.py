#!/usr/bin/env python3
"""Answers like KafScale 1.6.0, with frames that were recorded from it.

usage: recorded_broker.py EXCHANGES PORT ADVERTISED_PORT [MUTE_API_KEY...]

Serves ApiVersions (0, 3), Metadata and FindCoordinator, which names it, too. Where a request is one of MUTE_API_KEY, or was not recorded,
it is read and never answered.
"""

import json
import socketserver
import struct
import sys

API_VERSIONS = 18
METADATA = 3
FIND_COORDINATOR = 10
RECORDED_PORT = 39092


def load(path):
    frames = {}
    with open(path, encoding="utf-8") as lines:
        for exchange in map(json.loads, lines):
            key = (exchange["api_key"], exchange["api_version"])
            frames.setdefault(key, bytes.fromhex(exchange["response_hex"])[4:])
    # Version 0 was not recorded: it is version 3 with a four-byte count and without tagged fields.
    newer = frames[API_VERSIONS, 3]
    count = newer[2] - 1
    entries = [newer[3 + 7 * i : 9 + 7 * i] for i in range(count)]
    frames[API_VERSIONS, 0] = newer[:2] + struct.pack(">i", count) + b"".join(entries)
    return frames


class Connection(socketserver.StreamRequestHandler):
    def handle(self):
        while prefix := self.rfile.read(4):
            request = self.rfile.read(struct.unpack(">i", prefix)[0])
            key, version, correlation = struct.unpack(">hhi", request[:8])
            body = self.server.frames.get((key, version))
            if body is None or key in self.server.mute:
                continue
            if key in (METADATA, FIND_COORDINATOR):
                body = body.replace(
                    struct.pack(">i", RECORDED_PORT), struct.pack(">i", self.server.advertised)
                )
            self.wfile.write(struct.pack(">ii", 4 + len(body), correlation) + body)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    server = Server(("127.0.0.1", int(sys.argv[2])), Connection)
    server.frames = load(sys.argv[1])
    server.advertised = int(sys.argv[3])
    server.mute = set(map(int, sys.argv[4:]))
    server.serve_forever()


if __name__ == "__main__":
    main()
