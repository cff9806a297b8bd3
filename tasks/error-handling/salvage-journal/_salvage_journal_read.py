"""What is right: FORMAT.md applied to the bytes of a store, with the slips that a hurried reader of it makes."""

import struct
import zlib
from collections import defaultdict

from _salvage_journal_write import (
    BATCH,
    COMMIT,
    DELETE,
    FILLER,
    HEADER,
    HEADS,
    MARKS,
    ORDER,
    PUT,
    head_size,
    header,
)

MAX_UNPACKED = 1 << 22
SLIPS = (
    "no-resync", "trusts-length", "any-generation", "no-crc", "file-order", "no-copy", "copied-too",
    "half-transactions",
    "uncommitted-too", "no-doubt", "doubt-for-ever", "parts-here-only", "tail-damaged", "one-order", "batch-first",
)  # fmt: skip


class Store:
    """The frames and the damage of a store."""

    def __init__(self, files, size, slips=frozenset()):
        self.files, self.size, self.slips = files, size, slips
        self.frames, self.damage = [], []
        for name in sorted(files):
            self.segment(name, files[name])

    def segment(self, name, data):
        """Read a segment."""
        number = int(name.split(".")[0])
        known = self.head(data, number)
        if known is None:
            self.damage += [(number, 0, len(data))] if data else []
            return
        version, generation, number_in = known
        if "one-order" in self.slips and version == 2:
            self.damage.append((number, 0, len(data)))
            return
        end = self.size - HEADER if len(data) >= self.size else len(data)
        at, last, taken = HEADER, HEADER, []
        while at < end:
            at = data.find(MARKS[version], at, end)
            if at < 0:
                break
            frame = self.frame(data, at, end, (version, generation, number_in))
            if frame is None:
                if "no-resync" in self.slips and last > HEADER:
                    break
                at += self.skip(data, at, version)
                continue
            taken.append((at, frame[0]))
            self.frames.append((number, version, *frame[1:]))
            at = last = frame[0]
        where = HEADER
        for start, stop in taken:
            if start > where:
                self.damage.append((number, where, start))
            where = stop
        if "tail-damaged" in self.slips and where < end:
            self.damage.append((number, where, end))

    def skip(self, data, at, version):
        """Return how far to go on where no readable frame begins."""
        if "trusts-length" in self.slips and len(data) >= at + head_size(version):
            length = struct.unpack_from(HEADS[version], data, at + 2)[-1]
            return head_size(version) + length if length < len(data) else 1
        return 1

    def head(self, data, number):
        """Return version, generation and number of a segment, None if it cannot be read."""
        copies = [data[:HEADER]]
        if len(data) >= self.size and "no-copy" not in self.slips:
            copies.append(data[self.size - HEADER : self.size])
        for raw in copies:
            if len(raw) < HEADER or raw[:4] != b"KVJ1":
                continue
            version, _, found, generation, _ = struct.unpack(">HHIII", raw[4:20])
            if version in MARKS and raw == header(version, found, generation):
                return (version, generation, found) if found == number or "copied-too" in self.slips else None
        return None

    def frame(self, data, at, end, segment):
        """Return (end, type, flags, transaction, item, part, parts, payload) of a readable frame, else None."""
        version, generation, number = segment
        size = head_size(version)
        if at + size > end:
            return None
        kind, flags, born, transaction, item, part, parts, length = struct.unpack_from(
            HEADS[version], data, at + 2
        )
        stop = at + size + length
        if stop > end or kind > COMMIT or part >= parts:
            return None
        if born != generation and "any-generation" not in self.slips:
            return None
        place = struct.pack(ORDER[version] + "II", number, at)
        (crc,) = struct.unpack_from(ORDER[version] + "I", data, at + size - 4)
        payload = data[at + size : stop]
        if zlib.crc32(data[at : at + size - 4] + payload + place) != crc and "no-crc" not in self.slips:
            return None
        return stop, kind, flags, transaction, item, part, parts, payload


def salvage(files, size, slips=frozenset()):
    """Return ({key: (value, log)}, [(segment, start, end)])."""
    store = Store(files, size, slips)
    commits, items, counts = {}, defaultdict(dict), defaultdict(int)
    for number, version, kind, flags, transaction, item, part, parts, payload in store.frames:
        if kind == COMMIT:
            if len(payload) < 12 or len(payload) % 4:
                continue
            log, frames = struct.unpack_from(ORDER[version] + "QI", payload)
            keys = {one for (one,) in struct.iter_unpack(ORDER[version] + "I", payload[12:])}
            commits[transaction] = log, frames, keys
        elif kind != FILLER:
            counts[transaction] += 1
            known = items[transaction].setdefault(item, (kind, flags, version, parts, {}, {number}))
            known[4][part] = payload
            known[5].add(number)
    if "uncommitted-too" in slips:
        for transaction in items.keys() - commits.keys():
            commits[transaction] = 10**9 + transaction, counts[transaction], set()
    done, doubtful = [], []
    for transaction, (log, frames, keys) in commits.items():
        whole = _operations(items[transaction], slips)
        partly = "half-transactions" in slips and items[transaction]
        if (whole is not None and counts[transaction] == frames) or partly:
            done.append((log if "file-order" not in slips else len(done), log, whole or []))
        else:
            doubtful.append((log, keys))
    return _applied(done, doubtful, slips), sorted(store.damage)


def _operations(items, slips):
    """Return the operations of a transaction in their order, None if something of it is missing."""
    found = []
    order = (
        sorted(items, key=lambda number: (items[number][0] != BATCH, number))
        if "batch-first" in slips
        else sorted(items)
    )
    for number in order:
        kind, flags, version, parts, pieces, segments = items[number]
        if len(pieces) != parts or ("parts-here-only" in slips and len(segments) > 1):
            return None
        body = b"".join(pieces[part] for part in sorted(pieces))
        try:
            found += _decoded(kind, flags, version, body)
        except (ValueError, zlib.error, struct.error, IndexError):
            return None
    return found


def _decoded(kind, flags, version, body):
    """Return the (key, value or None) of an item. Raises ValueError, zlib.error, struct.error."""
    if flags == 1:
        packer = zlib.decompressobj()
        body = packer.decompress(body, MAX_UNPACKED)
        if not packer.eof or packer.unused_data:
            raise ValueError("too long, cut off, or something behind it")
    order = ORDER[version]
    if kind == DELETE:
        return [(body.decode(), None)]
    if kind == PUT:
        (length,) = struct.unpack_from(order + "H", body)
        if 2 + length > len(body):
            raise ValueError("key too long")
        return [(body[2 : 2 + length].decode(), body[2 + length :].decode())]
    found, at = [], 0
    while at < len(body):
        inner, length = struct.unpack_from(order + "BI", body, at)
        if inner not in {PUT, DELETE} or at + 5 + length > len(body):
            raise ValueError("no operation")
        found += _decoded(inner, 0, version, body[at + 5 : at + 5 + length])
        at += 5 + length
    return found


def _applied(done, doubtful, slips):
    """Return {key: (value, log)} once everything has taken effect."""
    found = {}
    for _, log, operations in sorted(done, key=lambda one: one[0]):
        for key, value in operations:
            if value is None:
                found.pop(key, None)
            else:
                found[key] = value, log
    if "no-doubt" in slips:
        return found
    for log, keys in doubtful:
        for key in [key for key in found if zlib.crc32(key.encode()) in keys]:
            if found[key][1] < log or "doubt-for-ever" in slips:
                del found[key]
    return found
