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
     group-silent       (JoinGroup is never answered)
     group-churn        (each JoinGroup begins a generation, and SyncGroup ends it)
     group-nowhere      (no coordinator is ever available)
     group-unjoinable   (no client speaks the JoinGroup that it serves)
     group-misled       (the coordinator is a node that nobody knows, where nobody listens)
     hangs-up           (every connection is closed at once)
     mute               (nothing is ever answered)
     http               (everything is answered in HTTP)
     no-brokers         (Metadata lists none)
     nowhere            (it advertises a port where nobody listens)
     no-port            (it advertises port 0)
     no-host            (it advertises no host)
     half-there         (of the two brokers that it lists one is nowhere)

Serves Produce 3, Metadata 1, JoinGroup 0, Heartbeat 0, LeaveGroup 0, SyncGroup 0, ApiVersions 0,
CreateTopics 2, DeleteTopics 1. Its groups have one member at most. With a lie about groups it also serves
what else a member asks for, in the oldest versions.
"""

import itertools
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
FETCH, LIST_OFFSETS, OFFSET_COMMIT, OFFSET_FETCH, FIND_COORDINATOR = 1, 2, 8, 9, 10
if LIE.startswith("group-"):
    APIS |= {FETCH: (4, 4), LIST_OFFSETS: (1, 1), OFFSET_COMMIT: (2, 2), OFFSET_FETCH: (1, 1),
             FIND_COORDINATOR: (0, 0)}  # fmt: skip
if LIE == "group-unjoinable":
    APIS[JOIN] = (100, 101)
MEMBER = b"the-member"
members = {}  # by group
CORRUPT_MESSAGE, LEADER_NOT_AVAILABLE, UNKNOWN_MEMBER_ID, UNSUPPORTED_VERSION = 2, 5, 25, 35
COORDINATOR_NOT_AVAILABLE, REBALANCE_IN_PROGRESS = 15, 27
generations = itertools.count(1)
NOWHERE = (b"127.0.0.1", 1)


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


def brokers():
    here = (b"127.0.0.1", PORT)
    advertised = {"no-brokers": [], "nowhere": [NOWHERE], "no-port": [(b"127.0.0.1", 0)],
                  "no-host": [(b"", PORT)], "half-there": [here, NOWHERE]}  # fmt: skip
    return advertised.get(LIE, [here])


def metadata(body):
    count, at = struct.unpack_from(">i", body)[0], 4
    names = [b"orders"] if count < 0 else []  # every topic
    for _ in range(count):
        name, at = read_string(body, at)
        names.append(name)
    out = struct.pack(">i", len(brokers()))
    for node, (host, port) in enumerate(brokers()):
        out += struct.pack(">i", node) + string(host) + struct.pack(">ih", port, -1)
    out += struct.pack(">ii", 0, len(names))  # the controller comes first
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
    """The one who asks is the leader and the only member, with the first protocol that it gave."""
    group, at = read_string(body, 0)
    member, at = read_string(body, at + 4)  # behind the session's time-out
    _, at = read_string(body, at)  # protocol type
    protocol, at = read_string(body, at + 4)
    metadata = body[at : at + 4 + struct.unpack_from(">i", body, at)[0]]
    error = error_of_member(group, member) if member and LIE != "group-churn" else 0
    if error == 0:
        members[group] = MEMBER
    out = struct.pack(">hi", error, next(generations)) + string(protocol) + string(MEMBER) * 2
    return out + struct.pack(">i", 1) + string(MEMBER) + metadata


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


def find_coordinator():
    error = COORDINATOR_NOT_AVAILABLE if LIE == "group-nowhere" else 0
    node, host, port = (7, *NOWHERE) if LIE == "group-misled" else (0, b"127.0.0.1", PORT)
    return struct.pack(">hi", error, node) + string(host) + struct.pack(">i", port)


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
            while LIE != "hangs-up":
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
        if LIE == "http":
            self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            raise Close
        answer = self.answer(key, version, body) if LIE != "mute" else None
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
        if key == JOIN and LIE == "group-silent":
            return None
        if key == SYNC and LIE == "group-churn":
            return struct.pack(">hi", REBALANCE_IN_PROGRESS, 0)
        if key not in APIS or APIS[key][0] != version:
            raise Close
        if key == FIND_COORDINATOR:
            return find_coordinator()
        served = {METADATA: metadata, PRODUCE: produce, JOIN: join, SYNC: sync, LEAVE: leave}
        return served.get(key, lambda b: named(b, key))(body)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    Server(("127.0.0.1", PORT), Handler).serve_forever()
