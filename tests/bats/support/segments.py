"""Keeps what a Kafka broker has in its log as a KafScale does in its object store.

usage: segments.py DATA-FOLDER STORE TOPIC [BATCHES]

Each segment gets so many of a partition's batches (1). The formats: tools/lib/store/segment.h.
"""

import glob
import os
import struct
import sys


def crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


TABLE = crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def batches_of(folder):
    for path in sorted(glob.glob(folder + "/*.log")):
        with open(path, "rb") as file:
            log = file.read()
        at = 0
        while at + 61 <= len(log):
            base, length = struct.unpack_from(">qi", log, at)
            if length <= 0:  # room that Kafka took beforehand
                break
            last_delta = struct.unpack_from(">i", log, at + 23)[0]
            yield base, base + last_delta, log[at : at + 12 + length]
            at += 12 + length


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def keep(batches, folder):
    first, last = batches[0][0], batches[-1][1]
    body = b"".join(batch for _, _, batch in batches)
    header = struct.pack(">4sHHqiqI", b"KAFS", 1, 0, first, last - first + 1, 0, 0)
    footer = struct.pack(">Iq4s", crc32c(body), last, b"END!")
    name = f"{folder}/segment-{first:020}"
    write(name + ".kfs", header + body + footer)
    write(name + ".index", struct.pack(">4sHiiHqi", b"IDX\0", 1, 1, 100, 0, first, 32))


def main(data, store, topic, size=1):
    for folder in glob.glob(f"{data}/{topic}-[0-9]*"):
        partition = folder.rsplit("-", 1)[1]
        place = f"{store}/{topic}/{partition}"
        os.makedirs(place, exist_ok=True)
        batches = list(batches_of(folder))
        for i in range(0, len(batches), int(size)):
            keep(batches[i : i + int(size)], place)


main(*sys.argv[1:])
