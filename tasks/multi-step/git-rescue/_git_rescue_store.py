"""Git's storage formats, written without git: objects, one pack, the index.

Everything here depends on its arguments alone. Index entries carry no stat data, so git compares contents
when it refreshes them. Compression leaves match finding out, where the zlib libraries differ from each other.
"""

import hashlib
import struct
import zlib
from pathlib import Path

REGULAR, EXECUTABLE, FOLDER = "100644", "100755", "40000"
_PACK_TYPES = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}


class Store:
    """Objects by id; `write` puts them below a ``.git`` directory."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[str, bytes]] = {}

    def add(self, kind: str, data: bytes) -> str:
        """Store an object and return its id."""
        oid = hashlib.sha1(b"%s %d\0" % (kind.encode(), len(data)) + data).hexdigest()
        self.objects[oid] = (kind, data)
        return oid

    def blob(self, text: str) -> str:
        """Store a file's text and return its id."""
        return self.add("blob", text.encode())

    def tree(self, files: dict[str, str], executable: frozenset[str] = frozenset()) -> str:
        """Store the directory tree of ``files`` (path → text) and return its id."""
        leaves = {
            path: (EXECUTABLE if path in executable else REGULAR, self.blob(text))
            for path, text in files.items()
        }
        return self._folder(leaves)

    def _folder(self, leaves: dict[str, tuple[str, str]]) -> str:
        entries, below = dict[bytes, tuple[str, str, str]](), dict[str, dict[str, tuple[str, str]]]()
        for path, leaf in leaves.items():
            head, slash, rest = path.partition("/")
            if slash:
                below.setdefault(head, {})[rest] = leaf
            else:
                entries[head.encode()] = (leaf[0], head, leaf[1])
        for name, inner in below.items():
            entries[f"{name}/".encode()] = (FOLDER, name, self._folder(inner))
        data = b"".join(
            f"{mode} {name}".encode() + b"\0" + bytes.fromhex(oid)
            for _, (mode, name, oid) in sorted(entries.items())
        )
        return self.add("tree", data)

    def commit(self, tree: str, parents: list[str], author: str, committer: str, message: str) -> str:
        """Store a commit and return its id; ``author`` and ``committer`` are ``Name <mail> seconds zone``."""
        lines = [
            f"tree {tree}",
            *(f"parent {oid}" for oid in parents),
            f"author {author}",
            f"committer {committer}",
        ]
        return self.add("commit", ("\n".join(lines) + "\n\n" + message).encode())

    def tag(self, target: str, name: str, tagger: str, message: str) -> str:
        """Store an annotated tag of a commit and return its id."""
        return self.add(
            "tag", f"object {target}\ntype commit\ntag {name}\ntagger {tagger}\n\n{message}".encode()
        )

    def reach(self, start: list[str]) -> set[str]:
        """Return every object that the given commits and tags lead to, themselves included."""
        found: set[str] = set()
        pending = list(start)
        while pending:
            oid = pending.pop()
            if oid not in found:
                found.add(oid)
                pending += self._links(oid)
        return found

    def _links(self, oid: str) -> list[str]:
        kind, data = self.objects[oid]
        if kind == "blob":
            return []
        if kind == "tree":
            links, at = [], 0
            while at < len(data):
                at = data.index(b"\0", at) + 1
                links.append(data[at : at + 20].hex())
                at += 20
            return links
        head = data.decode().partition("\n\n")[0].splitlines()
        return [line.split()[1] for line in head if line.startswith(("tree ", "parent ", "object "))]

    def write(self, git_dir: Path, packed: set[str]) -> None:
        """Write ``packed`` as one pack and every other object as a loose file."""
        for oid, (kind, data) in sorted(self.objects.items()):
            if oid not in packed:
                put(
                    git_dir / "objects" / oid[:2] / oid[2:],
                    _deflate(b"%s %d\0" % (kind.encode(), len(data)) + data),
                )
        self._write_pack(git_dir / "objects/pack", sorted(packed))

    def _write_pack(self, folder: Path, oids: list[str]) -> None:
        pack, rows = bytearray(b"PACK" + struct.pack(">II", 2, len(oids))), []
        for oid in oids:
            kind, data = self.objects[oid]
            entry = _entry_head(_PACK_TYPES[kind], len(data)) + _deflate(data)
            rows.append((bytes.fromhex(oid), zlib.crc32(entry), len(pack)))
            pack += entry
        pack += hashlib.sha1(pack).digest()
        fanout = [sum(1 for oid, _, _ in rows if oid[0] <= first) for first in range(256)]
        index = bytearray(b"\xfftOc" + struct.pack(">I256I", 2, *fanout))
        index += b"".join(oid for oid, _, _ in rows)
        index += b"".join(struct.pack(">I", crc) for _, crc, _ in rows)
        index += b"".join(struct.pack(">I", offset) for _, _, offset in rows)
        index += pack[-20:]
        index += hashlib.sha1(index).digest()
        name = hashlib.sha1("".join(oids).encode()).hexdigest()
        put(folder / f"pack-{name}.pack", bytes(pack))
        put(folder / f"pack-{name}.idx", bytes(index))


def index_file(entries: list[tuple[str, int, str, str]]) -> bytes:
    """Return an index (version 2) of ``(path, stage, mode, blob id)`` entries, without stat data."""
    body = bytearray(b"DIRC" + struct.pack(">II", 2, len(entries)))
    for path, stage, mode, oid in sorted(entries, key=lambda entry: (entry[0].encode(), entry[1])):
        name = path.encode()
        stat = struct.pack(">6I", 0, 0, 0, 0, 0, 0) + struct.pack(">4I", int(mode, 8), 0, 0, 0)
        entry = stat + bytes.fromhex(oid) + struct.pack(">H", stage << 12 | min(len(name), 0xFFF)) + name
        body += entry + b"\0" * (8 - len(entry) % 8)
    return bytes(body) + hashlib.sha1(body).digest()


def put(path: Path, data: bytes | str, *, executable: bool = False) -> None:
    """Write a file and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    path.chmod(0o755 if executable else 0o644)


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 15, 8, zlib.Z_HUFFMAN_ONLY)
    return packer.compress(data) + packer.flush()


def _entry_head(kind: int, size: int) -> bytes:
    byte, size = kind << 4 | size & 15, size >> 4
    head = bytearray()
    while size:
        head.append(byte | 0x80)
        byte, size = size & 127, size >> 7
    head.append(byte)
    return bytes(head)
