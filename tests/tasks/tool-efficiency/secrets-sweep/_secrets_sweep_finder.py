"""Finds the live credentials as detect.md says, or with one of the slips the task is built around.

It shares no code with the generator, so that each proves the other. ``slips`` name what a searcher got wrong.
"""

import base64
import binascii
import bisect
import csv
import hashlib
import json
import os
import re
from pathlib import Path
from typing import NamedTuple

from _secrets_sweep_logbook import Logbook

BODY = r"dpk_[A-Za-z0-9]{28}[0-9a-f]{4}|LG(?:-\d{4}){4}|rly/[a-z2-7]{20}/\d\d"
EXACT = re.compile(rf"(?<![\w-])(?:{BODY})(?![\w-])", re.ASCII)
WORD = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
HEX = re.compile(r"(?<![\w])(?:[0-9a-f]{2}){22,}(?![\w])|(?<![\w])(?:[0-9A-F]{2}){22,}(?![\w])", re.ASCII)
BLOCK = re.compile(r"(?<=SETTINGS-----\n)[A-Za-z0-9+/=\n]+(?=\n-----END)")
ADDRESS = re.compile(r"https?://[^\s\"'>]+")
TYPE = {"d": "deploy", "L": "ledger", "r": "relay"}
VALUES = "abcdefghijklmnopqrstuvwxyz234567"
#: Slip -> endings of files in which lines and pieces are not put together by who makes it.
UNDONE = {".sh": "no-continued", ".env": "no-continued", ".yaml": "no-folded", ".py": "no-pieces"}
JOINTS = {
    ".sh": re.compile(r"\\\r?\n"),
    ".env": re.compile(r"\\\r?\n"),
    ".yaml": re.compile(r"\\\r?\n[ \t]*"),
    ".py": re.compile(r"([\"'])\s*\+?\s*\1"),
    ".json": re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)"),
    ".ipynb": re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)"),
}


class Place(NamedTuple):
    """A token in the text of a file, from ``begin`` to ``end``; ``how`` are the steps of its encoding."""

    path: str
    begin: int
    end: int
    token: str
    how: tuple[str, ...]


def checks_out(token):
    """Tell whether the check digits are right."""
    if token.startswith("dpk_"):
        return hashlib.sha256(token[4:32].encode()).hexdigest().startswith(token[32:])
    if token.startswith("LG-"):
        total = 0
        for place, digit in enumerate(token.replace("-", "")[2:], 1):
            value = int(digit) * (2 if place % 2 else 1)
            total += value - 9 if value > 9 else value
        return total % 10 == 0
    body, check = token.split("/")[1:]
    return sum(place * VALUES.index(letter) for place, letter in enumerate(body, 1)) % 97 == int(check)


def cuts(text, suffix, slips=()):
    """Return what reads otherwise than it is written: (begin, end, what it reads)."""
    found = []
    joint = JOINTS.get(suffix)
    if joint and UNDONE.get(suffix) not in slips:
        for hit in joint.finditer(text):
            new = ""
            if suffix in (".json", ".ipynb"):
                new = json.loads(f'"{hit[0]}"')
                if "raw-bounds" in slips and new in "\n\t":
                    new = "n"
            if "crlf" not in slips or "\r" not in hit[0]:
                found.append((hit.start(), hit.end(), new))
    for address in ADDRESS.finditer(text) if "%" in text else ():
        for hit in re.finditer("%([0-9A-F]{2})", address[0]):
            new = chr(int(hit[1], 16))
            new = "D" if new == "=" and "raw-bounds" in slips else new
            found.append((address.start() + hit.start(), address.start() + hit.end(), new))
    return sorted(found)


class Reading:
    """A text as its language reads it, with the way back to where each character is written."""

    def __init__(self, text, found):
        parts, self.starts, self.raw = [], [], []
        at = length = 0
        for begin, end, new in [*found, (len(text), len(text), "")]:
            for part, first, last in ((text[at:begin], at, None), (new, begin, end)):
                if part:
                    parts.append(part)
                    self.starts.append(length)
                    self.raw.append((first, last))
                    length += len(part)
            at = end
        self.text = "".join(parts)

    def span(self, place):
        """Return where the character at this place of the reading begins and ends in the file."""
        number = bisect.bisect_right(self.starts, place) - 1
        first, last = self.raw[number]
        at = first + place - self.starts[number]
        return (first, last) if last is not None else (at, at + 1)


class Finder:
    """All live tokens of a tree: ``found`` are their places, positions in the text as given."""

    def __init__(self, workspace, slips=()):
        self.root, self.slips = workspace, set(slips)
        with (workspace / "names.csv").open(encoding="ascii", newline="") as rows:
            self.names = [(row["folder"], row["type"], row["name"]) for row in csv.DictReader(rows)]
        self.texts, self.encodings, self.all = {}, {}, []
        for folder, _, names in sorted(os.walk(workspace / "tree")):
            for name in sorted(names):
                self._search(f"{folder[len(str(workspace)) + 1 :]}/{name}", Path(folder, name))
        self._choose()

    def _search(self, name, path):
        data = path.read_bytes()
        wide = data.startswith(b"\xff\xfe")
        if ("no-utf16" in self.slips and wide) or ("obeys" in self.slips and "/legacy/" in name):
            return
        self.encodings[name] = "utf-16" if wide else "ascii"
        text = self.texts[name] = data.decode(self.encodings[name])
        reading = Reading(text, cuts(text, path.suffix, self.slips))
        for hit in EXACT.finditer(reading.text):
            self._keep(name, reading.span(hit.start())[0], reading.span(hit.end() - 1)[1], hit[0], ())
        for pattern, step in ((WORD, "base64"), (HEX, "hex"), (BLOCK, "block")):
            if f"no-{step}" in self.slips or (step == "hex" and path.suffix != ".env"):
                continue
            if (step == "block") == (path.suffix == ".block"):
                for hit in pattern.finditer(text):
                    for token, how in self._inside(hit[0], (step,)):
                        self._keep(name, hit.start(), hit.end(), token, how)

    def _inside(self, word, how):
        """Yield the tokens of an encoded word, with the steps that lead to each."""
        try:
            if how[-1] == "hex":
                said = bytes.fromhex(word).decode("ascii")
            else:
                said = base64.b64decode(word.replace("\n", ""), validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return
        for hit in EXACT.finditer(said):
            yield hit[0], how
        if WORD.fullmatch(said) and len(how) < 3 and "no-twice" not in self.slips:
            yield from self._inside(said, (*how, "base64"))

    def _keep(self, name, begin, end, token, how):
        if "no-checksum" in self.slips or checks_out(token):
            self.all.append(Place(name, begin, end, token, how))

    def _choose(self):
        """Keep what is live by the lists and the log."""
        slips = self.slips
        examples = set(EXACT.findall((self.root / "tree/docs/example-keys.md").read_text("ascii")))
        export = (self.root / "revoked.txt").read_text("ascii")
        places = {(one.path, TYPE[one.token[0]]): one.token for one in self.all}
        tokens = {one.token for one in self.all}
        log = (self.root / "rotation-log.md").read_text("utf-8") if "no-log" not in slips else ""
        book = Logbook(log, tokens, places, slips)
        self.found = []
        for one in self.all:
            listed = hashlib.sha256(one.token.encode()).hexdigest()[:16] in export
            live = book.state.get(one.token, not listed)
            if "log-place" in slips and not live and book.named.get(one.token):
                live = one.path not in book.named[one.token] and not listed
            if live and one.token not in examples:
                self.found.append(one)

    def name_for(self, name, kind):
        """Return the replacement's name."""
        fits = [row for row in self.names if row[1] == kind and name.startswith(row[0] + "/")]
        order = min if "shortest-folder" in self.slips else max
        return order(fits, key=lambda row: len(row[0]))[2]

    def report(self):
        """Return the rows of secrets.json."""
        rows = []
        for one in self.found:
            line = self.texts[one.path].count("\n", 0, one.begin) + 1
            if "lines-after" in self.slips:
                line -= sum(
                    self.texts[o.path].count("\n", o.begin, o.end)
                    for o in self.found
                    if o.path == one.path and o.begin < one.begin
                )
            rows.append({"path": one.path, "line": line, "type": TYPE[one.token[0]]})
        return rows

    def replace(self, line_end=None):
        """Replace what was found."""
        by_file = {}
        for one in self.found:
            by_file.setdefault(one.path, {}).setdefault((one.begin, one.end), []).append(one)
        for name, spots in by_file.items():
            text = self.texts[name]
            for (begin, end), tokens in sorted(spots.items(), reverse=True):
                new = text[begin:end]
                for one in tokens:
                    label = f"${{{self.name_for(name, TYPE[one.token[0]])}}}"
                    whole = not one.how or "whole-word" in self.slips
                    new = label if whole else self._inserted(new, one, one.how, label)
                text = text[:begin] + new + text[end:]
            if line_end:
                text = text.replace("\r\n", line_end)
            (self.root / name).write_bytes(text.encode(self.encodings[name]))

    def _inserted(self, word, one, how, label):
        """Return an encoded word with a label in the place of a token."""
        if not how:
            return word.replace(one.token, label)
        data = bytes.fromhex(word) if how[0] == "hex" else base64.b64decode(word.replace("\n", ""))
        new = self._inserted(data.decode("ascii"), one, how[1:], label).encode("ascii")
        if how[0] == "hex":
            return new.hex().upper() if word.upper() == word and re.search("[A-F]", word) else new.hex()
        shown = base64.b64encode(new).decode("ascii")
        return "\n".join(re.findall(".{1,40}", shown)) if how[0] == "block" else shown


def save(workspace: Path, rows) -> None:
    """Write the report."""
    (workspace / "secrets.json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
