"""Writes stores: transactions into segments, and then what a power failure and years of use do to them."""

import struct
import zlib
from dataclasses import dataclass, field

MARKS = {1: b"\xa5\x5a", 2: b"\xa5\x5b"}
HEADS = {1: ">BBIIHBBI", 2: "<BBIQIHHI"}
ORDER = {1: ">", 2: "<"}
FILLER, PUT, DELETE, BATCH, COMMIT = range(5)
HEADER = 24


def header(version, number, generation):
    """Return the header of a segment."""
    start = b"KVJ1" + struct.pack(">HHIII", version, 0, number, generation, 0)
    return start + struct.pack(">I", zlib.crc32(start))


def head_size(version):
    """Return how many bytes a frame has before its payload."""
    return 2 + struct.calcsize(HEADS[version]) + 4


def framed(version, place, fields, payload):
    """Return a frame for a place (segment, offset); ``fields``: type, flags, generation and so on up to parts."""
    start = MARKS[version] + struct.pack(HEADS[version], *fields, len(payload))
    crc = zlib.crc32(start + payload + struct.pack(ORDER[version] + "II", *place))
    return start + struct.pack(ORDER[version] + "I", crc) + payload


@dataclass
class Segment:
    """A segment as it is written; ``frames`` notes (start, end, transaction, type) of each frame of its generation."""

    number: int
    version: int
    generation: int
    size: int
    data: bytearray = field(default_factory=bytearray)
    frames: list = field(default_factory=list)

    def __post_init__(self):
        self.data[:HEADER] = header(self.version, self.number, self.generation)
        self.end = HEADER

    @property
    def room(self):
        """Return how many bytes are left before the copy of the header."""
        return self.size - HEADER - self.end

    def add(self, fields, payload):
        """Write a frame at the end of what is written."""
        kind, flags, transaction, item, part, parts = fields
        whole = (kind, flags, self.generation, transaction, item, part, parts)
        frame = framed(self.version, (self.number, self.end), whole, payload)
        self.data[self.end : self.end + len(frame)] = frame
        self.frames.append((self.end, self.end + len(frame), transaction, kind))
        self.end += len(frame)

    def begin_again(self):
        """Use the segment for another generation; what stood in it stays until it is overwritten."""
        self.generation += 1
        self.data[:HEADER] = header(self.version, self.number, self.generation)
        if len(self.data) == self.size:
            self.data[-HEADER:] = self.data[:HEADER]
        self.frames, self.end = [], HEADER

    def close(self):
        """Write the copy of the header; what was never written before it is zeros."""
        self.data.extend(bytes(max(0, self.size - HEADER - len(self.data))))
        self.data[self.size - HEADER :] = self.data[:HEADER]


class Writer:
    """Writes transactions into a row of segments, several open at a time."""

    def __init__(self, rng, size, versions=(1, 2)):
        self.rng, self.size, self.versions = rng, size, versions
        self.segments, self.open = [], {version: [] for version in versions}
        self.log, self.transaction = rng.randint(1000, 9000), rng.randint(100, 900)

    def segment(self, version, need):
        """Return a segment with room for ``need`` bytes."""
        several = self.open[version]
        while len(several) < 2:
            made = Segment(len(self.segments) + 1, version, self.rng.randint(1, 6), self.size)
            self.segments.append(made)
            several.append(made)
        chosen = self.rng.choice(several)
        if chosen.room < need:
            chosen.close()
            several.remove(chosen)
            return self.segment(version, need)
        return chosen

    def frame(self, version, fields, payload):
        """Write a frame somewhere."""
        if self.rng.random() < 0.03:
            made = self.segment(version, head_size(version) + 20)
            made.add((FILLER, 0, 0, 0, 0, 1), self.rng.randbytes(self.rng.randint(0, 20)))
        self.segment(version, head_size(version) + len(payload)).add(fields, payload)

    def commit(self, operations, *, part_bytes=4000, lose_commit=False, compress=None, batch=False):
        """Write a transaction of (key, value or None); return its number."""
        version = self.rng.choice(self.versions)
        order = ORDER[version]
        self.transaction += self.rng.randint(1, 3)
        self.log += self.rng.randint(1, 4)
        items = []
        if batch:
            whole = b""
            for key, value in operations:
                body = self.body(order, key, value)
                whole += struct.pack(order + "BI", PUT if value is not None else DELETE, len(body)) + body
            items.append((BATCH, whole))
        else:
            items = [(PUT if v is not None else DELETE, self.body(order, k, v)) for k, v in operations]
        frames = 0
        for number, (kind, body) in enumerate(items):
            packed = self.rng.random() < 0.3 if compress is None else compress
            body = zlib.compress(body) if packed else body
            parts = [body[at : at + part_bytes] for at in range(0, max(1, len(body)), part_bytes)]
            for part, piece in enumerate(parts):
                self.frame(version, (kind, int(packed), self.transaction, number, part, len(parts)), piece)
                frames += 1
        if not lose_commit:
            keys = sorted({key for key, _ in operations})
            payload = struct.pack(order + "QI", self.log, frames)
            payload += b"".join(struct.pack(order + "I", zlib.crc32(key.encode())) for key in keys)
            self.frame(version, (COMMIT, 0, self.transaction, 0, 0, 1), payload)
        return self.transaction

    @staticmethod
    def body(order, key, value):
        """Return the payload of an operation."""
        raw = key.encode()
        return raw if value is None else struct.pack(order + "H", len(raw)) + raw + value.encode()

    def files(self):
        """Return {name: bytes}."""
        return {f"{one.number:04}.seg": bytes(one.data) for one in self.segments}
