"""The program of the solutions, as text: written anew from FORMAT.md, with a line to change for every slip."""

PROGRAM = r"""
import csv
import json
import struct
import sys
import zlib
from pathlib import Path

SIZE = 16384
KINDS = {1: (">", b"\xa5\x5a", ">BBIIHBBI"), 2: ("<", b"\xa5\x5b", "<BBIQIHHI")}


def sound(raw):
    if len(raw) != 24 or raw[:4] != b"KVJ1" or zlib.crc32(raw[:20]) != int.from_bytes(raw[20:], "big"):
        return None
    version, nought, number, generation, more = struct.unpack(">HHIII", raw[4:20])
    return (version, number, generation) if version in KINDS and nought == more == 0 else None


def taken(data, number):
    full = len(data) >= SIZE
    known = sound(data[:24]) or (sound(data[SIZE - 24 : SIZE]) if full else None)
    if known is None or known[1] != number:
        return None
    version, _, generation = known
    order, mark, head = KINDS[version]
    size = 6 + struct.calcsize(head)
    stop = SIZE - 24 if full else len(data)
    found, at = [], 24
    while True:
        at = data.find(mark, at, stop)
        if at < 0 or at + size > stop:
            return found
        kind, flags, born, transaction, item, part, parts, length = struct.unpack_from(head, data, at + 2)
        end = at + size + length
        ok = end <= stop and kind <= 4 and part < parts and born == generation
        if ok:
            payload = data[at + size : end]
            crc = zlib.crc32(data[at : at + size - 4])
            crc = zlib.crc32(struct.pack(order + "II", number, at), zlib.crc32(payload, crc))
            ok = crc == struct.unpack_from(order + "I", data, at + size - 4)[0]
        if not ok:
            at += 1
            continue
        found.append((at, end, order, kind, flags, transaction, item, part, parts, payload))
        at = end


def decode(order, kind, flags, body):
    if flags == 1:
        stream = zlib.decompressobj()
        body = stream.decompress(body)
        if not stream.eof or stream.unused_data:
            raise ValueError
    if kind == 2:
        return [(body.decode(), None)]
    if kind == 1:
        length = struct.unpack_from(order + "H", body)[0] + 2
        if length > len(body):
            raise ValueError
        return [(body[2:length].decode(), body[length:].decode())]
    operations = []
    while body:
        inner, length = struct.unpack_from(order + "BI", body)
        if inner not in (1, 2) or length > len(body) - 5:
            raise ValueError
        operations += decode(order, inner, 0, body[5 : 5 + length])
        body = body[5 + length :]
    return operations


def operations_of(frames):
    items = {}
    for _, _, order, kind, flags, _, item, part, parts, payload in frames:
        items.setdefault(item, []).append((part, parts, order, kind, flags, payload))
    found = []
    for item in sorted(items):
        pieces = sorted(items[item])
        if [one[0] for one in pieces] != list(range(pieces[0][1])):
            return None
        _, _, order, kind, flags, _ = pieces[0]
        try:
            found += decode(order, kind, flags, b"".join(one[5] for one in pieces))
        except (ValueError, struct.error, zlib.error):
            return None
    return found


def main(folder, out):
    damage, frames, commits = [], {}, {}
    for path in sorted(Path(folder).glob("[0-9]*.seg")):
        if not (path.stem.isdecimal() and path.is_file()):
            continue
        data, number = path.read_bytes(), int(path.stem)
        several = taken(data, number)
        if several is None:
            damage += [(number, 0, len(data))] if data else []
            continue
        last = 24
        for frame in several:
            if frame[0] > last:
                damage.append((number, last, frame[0]))
            last = frame[1]
            if frame[3] == 4:
                if len(frame[9]) >= 12 and len(frame[9]) % 4 == 0:
                    commits[frame[5]] = frame
            elif frame[3]:
                frames.setdefault(frame[5], []).append(frame)
    whole, broken = [], []
    for transaction, commit in commits.items():
        order, payload = commit[2], commit[9]
        log, count = struct.unpack_from(order + "QI", payload)
        mine = frames.get(transaction, [])
        operations = operations_of(mine)
        if operations is not None and len(mine) == count:
            whole.append((log, operations))
        else:
            broken.append((log, {one for (one,) in struct.iter_unpack(order + "I", payload[12:])}))
    state = {}
    for log, operations in sorted(whole, key=lambda one: one[0]):
        for key, value in operations:
            state.pop(key, None)
            if value is not None:
                state[key] = (value, log)
    for log, keys in broken:
        for key in [key for key, (_, put) in state.items() if put < log and zlib.crc32(key.encode()) in keys]:
            del state[key]
    Path(out).mkdir(parents=True, exist_ok=True)
    with open(Path(out) / "records.jsonl", "w", encoding="utf-8") as stream:
        for key, (value, log) in state.items():
            stream.write(json.dumps({"key": key, "value": value, "log": log}) + "\n")
    with open(Path(out) / "damage.csv", "w", newline="") as stream:
        csv.writer(stream).writerows([("segment", "start", "end"), *damage])


main(*sys.argv[1:])
"""

ON = "            at += 1\n            continue\n"
KEPT = "                frames.setdefault(frame[5], []).append(frame)\n"
SLIPS = {
    "no-resync": (ON, f"            if found:\n                return found\n{ON}"),
    "any-generation": (" and born == generation", ""),
    "tail-damaged": (
        KEPT,
        f"{KEPT}        if last < len(data):\n            damage.append((number, last, len(data)))\n",
    ),
    "no-copy": (" or (sound(data[SIZE - 24 : SIZE]) if full else None)", ""),
    "copied-too": (" or known[1] != number", ""),
    "no-doubt": ("    for log, keys in broken:", "    for log, keys in []:"),
    "doubt-for-ever": ("if put < log and zlib", "if zlib"),
    "file-order": ("in sorted(whole, key=lambda one: one[0]):", "in whole:"),
    "one-order": ('"<BBIQIHHI"', '">BBIQIHHI"'),
    "batch-first": ("in sorted(items):", "in sorted(items, key=lambda n: (items[n][0][3] != 3, n)):"),
    "no-flag": ("    if flags == 1:\n", "    if False:\n"),
    "crashes": ("        except (ValueError, struct.error, zlib.error):", "        except KeyError:"),
}


def program(slip=None):
    """Return the program, with a slip if one is named."""
    text = PROGRAM.lstrip()
    if slip:
        old, new = SLIPS[slip]
        assert text.count(old) == 1, slip
        text = text.replace(old, new)
    return text
