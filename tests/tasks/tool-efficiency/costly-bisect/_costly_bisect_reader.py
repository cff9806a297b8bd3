"""Read the kiln's repository: all settings of all commits at once, and the plans they make; make commits."""

import re
import subprocess
from pathlib import Path

VALUE = re.compile(r"(?:(\w+)\.(\w+))?(?: ?([+-]) )?(\d+)?")
FIELD = re.compile(r"(\d+)\.\.(\d+) step (\d+) (\S+)")


class Repo:
    """The commits of main, oldest first, with parents and settings: file → kind → text."""

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / "repo"
        self.main = self.git("rev-parse", "main").decode().strip()
        rows = [
            line.split()
            for line in self.git("log", "--topo-order", "--reverse", "--format=%H %T %P", "main")
            .decode()
            .splitlines()
        ]
        self.whole: set[str] = set()
        self.parents = {oid: parents for oid, _, *parents in rows}
        self.next = {parents[0]: oid for oid, parents in reversed(self.parents.items()) if parents}
        """The next commit of the same branch, or of one that forked there."""
        trees = {oid: tree for oid, tree, *_ in rows}
        roots = self._trees(sorted(set(trees.values())))
        folders = self._trees(sorted({root["zones"] for root in roots.values()}))
        blobs = {blob for root in roots.values() for name, blob in root.items() if name.endswith(".cfg")}
        blobs |= {blob for folder in folders.values() for blob in folder.values()}
        texts = {oid: _settings(data.decode()) for oid, data in self._objects(sorted(blobs))}
        self.settings = {}
        for oid, tree in trees.items():
            root = roots[tree]
            zones = {name[:-4]: texts[blob] for name, blob in folders[root["zones"]].items()}
            self.settings[oid] = {
                "common": texts[root["common.cfg"]],
                "limits": texts[root["limits.cfg"]],
                **zones,
            }
        self.line = self.chain(self.main, set())
        self.renumbered = next(
            oid for oid in self.line if len(self.settings[oid]) != len(self.settings[self.line[0]])
        )
        before, after = self.settings[self.parents[self.renumbered][0]], self.settings[self.renumbered]
        self.inserted = min(int(z) for z in before if z.isdigit() and before[z]["fan"] != after[z]["fan"])

    def git(self, *args: str, stdin: bytes = b"") -> bytes:
        """Return what git prints."""
        return subprocess.run(
            ["git", "-C", str(self.folder), *args], input=stdin, capture_output=True, check=True
        ).stdout

    def _objects(self, oids: list[str]) -> list[tuple[str, bytes]]:
        out, at, found = self.git("cat-file", "--batch", stdin="\n".join([*oids, ""]).encode()), 0, []
        while at < len(out):
            end = out.index(b"\n", at)
            oid, _, size = out[at:end].decode().split()
            found.append((oid, out[end + 1 : end + 1 + int(size)]))
            at = end + 2 + int(size)
        return found

    def _trees(self, oids: list[str]) -> dict[str, dict[str, str]]:
        found = {}
        for oid, data in self._objects(oids):
            entries = re.findall(rb"\d+ ([^\0]+)\0(.{20})", data, re.DOTALL)
            found[oid] = {name.decode(): blob.hex() for name, blob in entries}
        return found

    def chain(self, tip: str, until: set[str]) -> list[str]:
        """Return a commit and its first parents, oldest first, down to one of ``until`` or the very first."""
        found = [tip]
        while found[-1] not in until and self.parents[found[-1]]:
            found.append(self.parents[found[-1]][0])
        return found[::-1]

    def ancestors(self, tip: str) -> set[str]:
        """Return a commit and all before it."""
        found, pending = set(), [tip]
        while pending:
            oid = pending.pop()
            if oid not in found:
                found.add(oid)
                pending += self.parents[oid]
        return found

    def descendants(self, first: str) -> set[str]:
        """Return a commit and all of main after it."""
        found = {first}
        for oid, parents in self.parents.items():
            if not found.isdisjoint(parents):
                found.add(oid)
        return found

    def mended(self, oid: str) -> dict[tuple[str, str], str]:
        """Return the settings to change so that a commit has a plan: as they are mended later on."""
        if oid in self.whole:
            return {}
        edits = {}
        for place, kind in unread(self.settings[oid]):
            later = self.next[oid]
            while (place, kind) in unread(self.settings[later]):
                later = self.next[later]
            edits[place, kind] = self.settings[later][place][kind]
        if not edits:
            self.whole.add(oid)
        return edits

    def figures(
        self, oid: str, edits: dict[tuple[str, str], str] | None = None
    ) -> dict[tuple[str, str], int | None]:
        """Return the figures of a commit's plan, with some settings changed."""
        return figures(edited(self.settings[oid], edits or {}))

    def value(self, oid: str, key: tuple[str, str]) -> int | None:
        """Return one figure of a commit."""
        return number(self.settings[oid], *key)

    def old(self, oid: str) -> bool:
        """Return whether a commit is of the time before the renumbering."""
        return len(self.settings[oid]) < len(self.settings[self.main])

    def today(self, key: tuple[str, str], number: int) -> tuple[tuple[str, str], int]:
        """Return what a figure from before the renumbering is called and told today."""
        zone, kind = key
        moved = f"{int(zone) + (int(zone) >= self.inserted):02d}"
        return (moved, kind), number // 60 if kind == "dwell" else number

    def commit(self, base: str, edits: dict[tuple[str, str], str], ref: str, text: str = "Trial") -> str:
        """Make a commit after another one, with settings changed, and return its id."""
        settings = edited(self.settings[base], edits)
        parts = [f"commit {ref}\nmark :1\ncommitter Helper <helper@ockertile.example> 1760000000 +0000\n"]
        parts.append(f"data {len(text)}\n{text}\nfrom {base}\n")
        for place in sorted({place for place, _ in edits}):
            path = "common.cfg" if place == "common" else f"zones/{place}.cfg"
            given = self.git("show", f"{base}:{path}").decode()
            body = "\n".join(
                f"{line.split(' = ')[0]} = {settings[place][line.split(' = ')[0]]}" if " = " in line else line
                for line in given.split("\n")
            )
            parts.append(f"M 100644 inline {path}\ndata {len(body)}\n{body}\n")
        parts.append("\nget-mark :1\n")
        out = self.git(
            "fast-import", "--quiet", "--force", "--date-format=raw", stdin="".join(parts).encode()
        )
        return out.decode().split()[0]


def _settings(text: str) -> dict[str, str]:
    return dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line)


def edited(settings: dict, edits: dict[tuple[str, str], str]) -> dict:
    """Return settings with some of them changed."""
    new = dict(settings)
    for (place, kind), text in edits.items():
        new[place] = {**new[place], kind: text}
    return new


def number(settings: dict, place: str, kind: str) -> int | None:
    """Return what a setting stands for; None when it cannot be read."""
    hit = VALUE.fullmatch(settings.get(place, {}).get(kind, ""))
    if hit is None or not (hit[1] or hit[4]) or bool(hit[3]) != bool(hit[1] and hit[4]):
        return None
    if not hit[1]:
        return int(hit[4])
    base = number(settings, hit[1], hit[2])
    return None if base is None else base + int(f"{hit[3] or '+'}{hit[4] or 0}")


def figures(settings: dict) -> dict[tuple[str, str], int | None]:
    """Return zone and kind → figure; None where it cannot be read or is not within its limits."""
    found = {}
    for kind, text in settings["limits"].items():
        low, high, step = (int(part) for part in FIELD.fullmatch(text).groups()[:3])
        for place in settings:
            if place.isdigit():
                value = number(settings, place, kind)
                fit = value is not None and low <= value <= high and (value - low) % step == 0
                found[place, kind] = value if fit else None
    return found


def unread(settings: dict) -> list[tuple[str, str]]:
    """Return the figures that cannot be read."""
    return [key for key, value in figures(settings).items() if value is None]
