#!/usr/bin/python3
"""A fuzzer's corpus as one file: each input after its length (4 bytes, big-endian), the shortest first, no duplicates.

    corpus.py unpack PACK FOLDER    FOLDER then holds exactly these inputs, each named by its SHA-1
    corpus.py pack FOLDER PACK
    corpus.py check PACK...         checks that they are as pack writes them
"""

import hashlib
import os
import shutil
import struct
import sys


def read(path):
    with open(path, "rb") as f:
        return f.read()


def encode(inputs):
    return b"".join(struct.pack(">I", len(one)) + one for one in sorted(set(inputs), key=lambda one: (len(one), one)))


def decode(data):
    inputs = []
    at = 0
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        inputs.append(data[at + 4:at + 4 + size])
        at += 4 + size
    return inputs


def unpack(pack, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for one in decode(read(pack)):
        with open(os.path.join(folder, hashlib.sha1(one).hexdigest()), "wb") as f:
            f.write(one)


def write(folder, pack):
    with open(pack, "wb") as f:
        f.write(encode(read(os.path.join(folder, name)) for name in os.listdir(folder)))


def check(*packs):
    wrong = [pack for pack in packs if encode(decode(read(pack))) != read(pack)]
    for pack in wrong:
        print(f"{pack}: not as corpus.py writes it")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit({"unpack": unpack, "pack": write, "check": check}[sys.argv[1]](*sys.argv[2:]))
