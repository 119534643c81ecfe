#!/usr/bin/env python3
"""A small broker that keeps the protocol's rules, but for one.

usage: lying_broker.py PORT [LIE]
LIE: silent-advertised  (Heartbeat v0, advertised, is never answered)
     closed-advertised  (Heartbeat v0 closes the connection)
     refused-advertised (Heartbeat v0 answers UNSUPPORTED_VERSION)
     trailing-bytes     (Heartbeat v0 has a byte behind its end)
     odd-error          (Heartbeat v0 answers LEADER_NOT_AVAILABLE)
     silent-unadvertised (Heartbeat v1, not advertised, meets silence)
     serves-unadvertised (Heartbeat v1 is served)
     no-fallback        (an unknown version of ApiVersions closes the connection)
     out-of-order       (Metadata overtakes the ApiVersions before it)
     refused-leave      (LeaveGroup does not know the member that it let join)
     accepts-bad-crc    (every Produce is acknowledged)
     dies               (a frame that is no request ends the broker)

Serves Produce 3, Metadata 1, JoinGroup 0, Heartbeat 0, LeaveGroup 0, SyncGroup 0, ApiVersions 0,
CreateTopics 2, DeleteTopics 1. Its groups have one member at most.
"""

import os
import select
import socketserver
import struct
import sys

PORT, LIE = int(sys.argv[1]), (sys.argv[2:] or [""])[0]
PRODUCE, METADATA, JOIN, HEARTBEAT, LEAVE, SYNC, API_VERSIONS = 0, 3, 11, 12, 13, 14, 18
CREATE, DELETE = 19, 20
APIS = {PRODUCE: (3, 3), METADATA: (1, 1), JOIN: (0, 0), HEARTBEAT: (0, 0), LEAVE: (0, 0),
        SYNC: (0, 0), API_VERSIONS: (0, 0), CREATE: (2, 2), DELETE: (1, 1)}  # fmt: skip
MEMBER = b"the-member"
members = {}  # by group
CORRUPT_MESSAGE, LEADER_NOT_AVAILABLE, UNKNOWN_MEMBER_ID, UNSUPPORTED_VERSION = 2, 5, 25, 35


def string(data):
    return struct.pack(">h", len(data)) + data


def read_string(data, at):
    size = struct.unpack_from(">h", data, at)[0]
    if size < 0:
        return b"", at + 2
    return data[at + 2 : at + 2 + size], at + 2 + size


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def api_versions(error):
    body = struct.pack(">hi", error, len(APIS))
    return body + b"".join(struct.pack(">hhh", key, *range_) for key, range_ in APIS.items())


def metadata(body):
    names, at = [], 4
    for _ in range(max(0, struct.unpack_from(">i", body)[0])):
        name, at = read_string(body, at)
        names.append(name)
    out = struct.pack(">ii", 1, 0) + string(b"127.0.0.1") + struct.pack(">ihi", PORT, -1, 0)
    out += struct.pack(">i", len(names))
    for name in names:
        out += struct.pack(">h", 0) + string(name) + struct.pack(">bi", 0, 1)
        out += struct.pack(">hiiiiii", 0, 0, 0, 1, 0, 1, 0)
    return out


def produce(body):
    _, at = read_string(body, 0)  # transactional id
    at += 2 + 4 + 4  # acks, timeout, one topic
    topic, at = read_string(body, at)
    size = struct.unpack_from(">i", body, at + 8)[0]
    batch = body[at + 12 : at + 12 + size]
    whole = len(batch) > 61 and batch[16] == 2
    whole = whole and struct.unpack_from(">i", batch, 8)[0] == len(batch) - 12
    good = whole and struct.unpack_from(">I", batch, 17)[0] == crc32c(batch[21:])
    error = 0 if good or LIE == "accepts-bad-crc" else CORRUPT_MESSAGE
    return (struct.pack(">i", 1) + string(topic) + struct.pack(">iihqq", 1, 0, error, 0, -1)
            + struct.pack(">i", 0))  # fmt: skip


def error_of_member(group, member):
    return 0 if members.get(group) == member else UNKNOWN_MEMBER_ID


def join(body):
    group, at = read_string(body, 0)
    member, _ = read_string(body, at + 4)  # behind the session's time-out
    error = error_of_member(group, member) if member else 0
    if error == 0:
        members[group] = MEMBER
    return (struct.pack(">hi", error, 1) + string(b"range") + string(MEMBER) + string(MEMBER)
            + struct.pack(">i", 1) + string(MEMBER) + struct.pack(">i", 0))  # fmt: skip


def with_generation(body):
    """Of Heartbeat and SyncGroup: the error for the member."""
    group, at = read_string(body, 0)
    return struct.pack(">h", error_of_member(group, read_string(body, at + 4)[0]))


def sync(body):
    return with_generation(body) + struct.pack(">i", 0)


def leave(body):
    group, at = read_string(body, 0)
    error = error_of_member(group, read_string(body, at)[0])
    if LIE == "refused-leave":
        error = UNKNOWN_MEMBER_ID
    elif error == 0:
        del members[group]
    return struct.pack(">h", error)


def heartbeat(body):
    if LIE == "refused-advertised":
        return struct.pack(">h", UNSUPPORTED_VERSION)
    if LIE == "odd-error":
        return struct.pack(">h", LEADER_NOT_AVAILABLE)
    return with_generation(body) + (b"!" if LIE == "trailing-bytes" else b"")


def named(body, key):
    """CreateTopics and DeleteTopics: no error for the first topic, whatever it is."""
    name, _ = read_string(body, 4)
    out = struct.pack(">ii", 0, 1) + string(name) + struct.pack(">h", 0)
    return out + (struct.pack(">h", -1) if key == CREATE else b"")


class Close(Exception):
    pass


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while True:
                self.serve(self.next_request())
        except (Close, ConnectionError, struct.error):
            pass

    def next_request(self):
        size = struct.unpack(">i", self.receive(4))[0]
        if not 8 <= size <= 1 << 20:
            if LIE == "dies":
                os._exit(0)
            raise Close
        return self.receive(size)

    def receive(self, size):
        data = b""
        while len(data) < size:
            piece = self.request.recv(size - len(data))
            if not piece:
                raise Close
            data += piece
        return data

    def serve(self, request):
        key, version, correlation = struct.unpack_from(">hhi", request)
        body = request[read_string(request, 8)[1] :]
        answer = self.answer(key, version, body)
        if answer is None:
            return
        frame = struct.pack(">ii", 4 + len(answer), correlation) + answer
        # Only what is pipelined can be overtaken.
        if LIE == "out-of-order" and key == METADATA and select.select([self.request], [], [], 0.2)[0]:
            self.serve(self.next_request())
        self.request.sendall(frame)

    def answer(self, key, version, body):
        if key == API_VERSIONS:
            if version != 0 and LIE == "no-fallback":
                raise Close
            return api_versions(UNSUPPORTED_VERSION if version != 0 else 0)
        if key == HEARTBEAT and version == 0:
            if LIE == "silent-advertised":
                return None
            if LIE == "closed-advertised":
                raise Close
            return heartbeat(body)
        if key == HEARTBEAT and version == 1 and LIE == "silent-unadvertised":
            return None
        if key == HEARTBEAT and version == 1 and LIE == "serves-unadvertised":
            return struct.pack(">ih", 0, UNKNOWN_MEMBER_ID)
        if key not in APIS or APIS[key][0] != version:
            raise Close
        served = {METADATA: metadata, PRODUCE: produce, JOIN: join, SYNC: sync, LEAVE: leave}
        return served.get(key, lambda b: named(b, key))(body)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    Server(("127.0.0.1", PORT), Handler).serve_forever()
