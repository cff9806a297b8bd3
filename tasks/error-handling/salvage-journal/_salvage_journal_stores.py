"""Stores for each kind of trouble. A recipe fills a store and damages it; what it must prove is in `PROVES`."""

import struct
import zlib

from _salvage_journal_write import COMMIT, DELETE, FILLER, HEADER, PUT, Writer, framed, head_size, header

SIZE = 16_384
WORDS = (
    "amber",
    "basalt",
    "cinder",
    "delta",
    "ember",
    "fjord",
    "garnet",
    "harbor",
    "indigo",
    "juniper",
    "kelp",
    "lichen",
)
DOUBT = ("half-transactions", "no-doubt", "doubt-for-ever")
PROVES = {
    "frames": ("no-resync", "trusts-length", "any-generation", "no-crc", "tail-damaged", *DOUBT),
    "transactions": ("file-order", "uncommitted-too", "no-resync", *DOUBT),
    "items": ("parts-here-only", "batch-first", "one-order", "no-resync", *DOUBT),
    "segments": ("no-copy", "copied-too", *DOUBT),
    "fuzzed": ("no-resync", *DOUBT),
}
"""Store → the slips that it must tell from the right reading."""


class Recipe:
    """A store in the making."""

    def __init__(self, rng, versions):
        self.rng, self.writer = rng, Writer(rng, SIZE, versions)
        self.keys = [f"{rng.choice(WORDS)}/{rng.choice(WORDS)}-{number}" for number in range(60)]
        self.state = {}

    def value(self, long=False):
        """Return a value."""
        rng = self.rng
        text = " ".join(
            rng.choice(WORDS) for _ in range(rng.randint(300, 900) if long else rng.randint(1, 30))
        )
        return f"{text} {rng.choice('äöü中文€')}{rng.randint(0, 10**6)}"

    def commit(self, keys, **how):
        """Write a transaction that puts or deletes keys; return (transaction, operations)."""
        operations = []
        for key in keys:
            gone = self.rng.random() < how.get("deletes", 0.12)
            operations.append((key, None if gone else self.value(how.get("long", False))))
        how = {name: value for name, value in how.items() if name not in {"deletes", "long"}}
        number = self.writer.commit(operations, **how)
        for key, value in operations if not how.get("lose_commit") else ():
            if value is None:
                self.state.pop(key, None)
            else:
                self.state[key] = value, self.writer.log
        return number

    def fill(self, count, **how):
        """Write a number of ordinary transactions."""
        for _ in range(count):
            keys = self.rng.sample(self.keys, self.rng.randint(1, 5))
            long = self.rng.random() < 0.08
            self.commit(
                keys,
                long=long,
                batch=self.rng.random() < 0.2,
                part_bytes=self.rng.choice((700, 1500, 4000)),
                **how,
            )

    def frames_of(self, transaction):
        """Return (segment, start, end, type) of the frames of a transaction."""
        return [
            (one, start, end, kind)
            for one in self.writer.segments
            for start, end, owner, kind in one.frames
            if owner == transaction and kind != FILLER
        ]

    def break_frame(self, frame):
        """Flip a byte in the payload or head of a frame."""
        one, start, end, _ = frame
        at = self.rng.randrange(start, end)
        one.data[at] ^= self.rng.randint(1, 255)

    def break_length(self, frame, more=True):
        """Let a frame claim another length, not far from the right one."""
        one, start, end, _ = frame
        at = start + head_size(one.version) - 8
        order = ">I" if one.version == 1 else "<I"
        wrong = end - start - head_size(one.version) + (self.rng.randint(30, 400) if more else 3)
        one.data[at : at + 4] = struct.pack(order, wrong)

    def inner(self, kinds=(PUT, DELETE)):
        """Return a frame that has others before and behind it in its segment."""
        while True:
            fit = [one for one in self.writer.segments if sum(f[3] in kinds for f in one.frames[3:-4]) > 3]
            if fit:
                break
            self.fill(10)
        one = self.rng.choice(fit)
        several = [f for f in one.frames[3:-4] if f[3] in kinds]
        start, end, _, kind = self.rng.choice(several)
        return one, start, end, kind

    def mild(self):
        """Do what the visible store shows: some lost frames, a lost commit, a lost header."""
        for _ in range(3):
            self.break_frame(self.inner())
        self.break_length(self.inner())
        one, start, end, _ = self.inner()
        one.data[start + 4 : end + 30] = bytes(end + 26 - start)
        lost = self.commit(self.rng.sample(self.keys, 3))
        for frame in self.frames_of(lost):
            if frame[3] == COMMIT:
                self.break_frame(frame)
        self.rng.choice(self.full(1)).data[5] ^= 0xFF

    def full(self, count):
        """Return the segments that have their copy of the header, after filling at least ``count`` of them."""
        while len(found := [one for one in self.writer.segments if len(one.data) == SIZE]) < count:
            self.fill(10)
        return found

    def old_frame(self, version):
        """Return the bytes of a sound frame of another place and transaction, as a filler may hold them."""
        return framed(
            version,
            (1, HEADER),
            (PUT, 0, 1, self.writer.transaction + 500, 0, 0, 1),
            self.writer.body(">", "ghost/key", "x"),
        )

    # -- the kinds ------------------------------------------------------------------------------

    def frames(self):
        """Damage lengths and heads, leave older generations behind, put old frames into fillers."""
        self.fill(70)
        for version in self.writer.versions:
            one = self.writer.segment(version, 400)
            one.add((FILLER, 0, 0, 0, 0, 1), self.old_frame(version) * 2)
            start = one.frames[-1][0]
            self.fill(6)
            one.data[start + 2] ^= 0x40
        for _ in range(4):
            self.break_length(self.inner())
        for _ in range(3):
            self.break_frame(self.inner())
        self.again(2)

    def again(self, count):
        """Begin segments anew and fill them in part, so that older frames stand behind the new ones."""
        for one in self.rng.sample(self.full(count), count):
            end = one.end
            one.begin_again()
            self.writer.open[one.version] = [one, *self.writer.open[one.version][:1]]
            while one.end < SIZE // 3:
                self.fill(1)
            if one.frames and end > one.end:
                self.meet(one)
            self.writer.open[one.version] = [
                other for other in self.writer.open[one.version] if other is not one
            ]

    def meet(self, one):
        """Let the new frames of a segment end where an older frame begins."""
        starts = [
            at
            for at in range(one.end + 40, one.end + 6000)
            if bytes(one.data[at : at + 2]) in (b"\xa5\x5a", b"\xa5\x5b")
        ]
        for at in starts:
            room = at - one.end - head_size(one.version)
            if room >= 0:
                one.add((FILLER, 0, 0, 0, 0, 1), bytes(room))
                return

    def transactions(self):
        """Lose commits, frames of long transactions and tombstones, with and without later puts of the same keys."""
        self.fill(50)
        victims = []
        for number in range(7):
            keys = self.rng.sample(self.keys[:30], 4)
            victims.append((self.commit(keys, deletes=0.5 if number % 2 else 0.0, batch=False), keys))
            self.fill(3)
        for _, keys in victims[:3]:
            self.commit(keys[:2], deletes=0.0)
        lost = [self.commit(self.rng.sample(self.keys, 3), deletes=0.0, lose_commit=True) for _ in range(2)]
        for number, (victim, _) in enumerate(victims):
            several = [f for f in self.frames_of(victim) if (f[3] == COMMIT) == (number == 3)]
            self.break_frame(self.rng.choice(several))
        return lost

    def items(self):
        """Write long values over several segments, batches, and both versions."""
        self.fill(25)
        for _ in range(8):
            self.commit(self.rng.sample(self.keys, 2), long=True, part_bytes=600, compress=False, deletes=0.0)
            keys = self.rng.sample(self.keys, 3)
            self.commit([*keys, *keys], batch=self.rng.random() < 0.5, deletes=0.3)
        self.mixed()
        for broken in (b"\x00", b"\xff\xff", b"\x00\x02\xc3\x28"):
            self.undecodable(broken)
        self.fill(10)
        for _ in range(4):
            self.break_frame(self.inner())

    def undecodable(self, body):
        """Write a transaction with a sound item and one that cannot be decoded."""
        writer = self.writer
        version = self.rng.choice(writer.versions)
        order = ">" if version == 1 else "<"
        writer.transaction += 1
        writer.log += 1
        keys = self.rng.sample(self.keys, 2)
        writer.frame(
            version, (PUT, 0, writer.transaction, 0, 0, 1), writer.body(order, keys[0], self.value())
        )
        writer.frame(version, (PUT, int(body == b"\x00"), writer.transaction, 1, 0, 1), body)
        payload = struct.pack(order + "QI", writer.log, 2)
        payload += b"".join(struct.pack(order + "I", zlib.crc32(key.encode())) for key in keys)
        writer.frame(version, (COMMIT, 0, writer.transaction, 0, 0, 1), payload)

    def mixed(self):
        """Write a transaction whose batch stands between two puts of its keys."""
        writer = self.writer
        key, other = self.keys[0], self.keys[1]
        version = self.rng.choice(writer.versions)
        order = ">" if version == 1 else "<"
        writer.transaction += 1
        writer.log += 1
        first, last = self.value(), self.value()
        inner = writer.body(order, key, self.value())
        batch = struct.pack(order + "BI", PUT, len(inner)) + inner
        inner = writer.body(order, other, last)
        batch += struct.pack(order + "BI", PUT, len(inner)) + inner
        items = [
            (PUT, writer.body(order, other, self.value())),
            (3, batch),
            (PUT, writer.body(order, key, first)),
        ]
        for number, (kind, body) in enumerate(items):
            writer.frame(version, (kind, 0, writer.transaction, number, 0, 1), body)
        payload = struct.pack(order + "QI", writer.log, 3)
        writer.frame(version, (COMMIT, 0, writer.transaction, 0, 0, 1), payload)
        self.state[key], self.state[other] = (first, writer.log), (last, writer.log)

    def segments(self):
        """Lose headers, both copies of one, and put a copy of one segment in the place of another."""
        full = self.full(6)
        chosen = self.rng.sample(full, 4)
        chosen[0].data[self.rng.randrange(8, 20)] ^= 0x11
        chosen[1].data[3] ^= 0x01
        chosen[1].data[SIZE - 10] ^= 0x08
        chosen[2].data[:] = chosen[3].data
        short = min(self.writer.segments, key=lambda one: len(one.data))
        del short.data[max(HEADER + 60, short.end - 25) :]

    def fuzzed(self):
        """Strike at random, thirty times."""
        self.fill(45)
        for _ in range(30):
            one = self.rng.choice(self.writer.segments)
            at = self.rng.randrange(len(one.data))
            kind = self.rng.randrange(4)
            if kind == 0:
                one.data[at] ^= 1 << self.rng.randrange(8)
            elif kind == 1:
                one.data[at : at + 40] = self.rng.randbytes(len(one.data[at : at + 40]))
            elif kind == 2:
                mark = (b"\xa5\x5a", b"\xa5\x5b")[one.version - 1]
                one.data[at : at + 8] = (mark * 4)[: len(one.data[at : at + 8])]
            else:
                other = self.rng.choice(self.writer.segments)
                piece = other.data[at : at + self.rng.randint(20, 300)]
                one.data[at : at + len(piece)] = piece[: len(one.data[at : at + len(piece)])]


def enlarged(writer, count=150):
    """Return the files of a writer and many segments more, full of frames that are not theirs."""
    files = writer.files()
    full = next(one for one in writer.segments if len(one.data) == SIZE)
    for number in range(len(files) + 1, len(files) + 1 + count):
        ends = header(full.version, number, full.generation)
        files[f"{number:04}.seg"] = ends + bytes(full.data[HEADER : SIZE - HEADER]) + ends
    return files


def make(rng, kind, versions=(1, 2)):
    """Return (files, state): a store of a kind, and what it held before it was damaged."""
    recipe = Recipe(rng, versions)
    if kind == "given":
        recipe.fill(150)
        recipe.mild()
    elif kind == "intact":
        recipe.full(2)
    else:
        getattr(recipe, kind)()
    if kind == "intact":
        return enlarged(recipe.writer), dict(recipe.state)
    return recipe.writer.files(), dict(recipe.state)
