"""Finds the live credentials as detect.md says, or with one of the slips the task is built around.

It shares no code with the generator, so that each proves the other. ``slips`` name what a searcher got wrong.
"""

import base64
import binascii
import csv
import hashlib
import json
import re
from pathlib import Path

BODY = r"dpk_[A-Za-z0-9]{28}[0-9a-f]{4}|LG(?:-\d{4}){4}|rly\\?/[a-z2-7]{20}\\?/\d\d"
EXACT = re.compile(rf"(?<![\w-])(?:{BODY})(?![\w-])", re.ASCII)
INSIDE = re.compile(BODY, re.ASCII)
WORD = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
TYPE = {"d": "deploy", "L": "ledger", "r": "relay"}
VALUES = "abcdefghijklmnopqrstuvwxyz234567"


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


class Finder:
    """All live tokens of a tree: ``found`` has (path, begin, end, token), positions in the text as given."""

    def __init__(self, workspace, slips=()):
        self.root, self.slips = workspace, set(slips)
        self.pattern = INSIDE if "longer" in self.slips else EXACT
        examples = (workspace / "tree/docs/example-keys.md").read_text("ascii")
        self.examples = set() if "examples" in self.slips else set(INSIDE.findall(examples))
        revoked = (workspace / "revoked.txt").read_text("ascii").split("\n")
        self.revoked = set() if "revoked" in self.slips else {line.split(" ")[-1] for line in revoked}
        with (workspace / "names.csv").open(encoding="ascii", newline="") as rows:
            self.names = [(row["folder"], row["type"], row["name"]) for row in csv.DictReader(rows)]
        self.texts, self.found = {}, []
        for path in sorted((workspace / "tree").rglob("*")):
            if path.is_file():
                self._search(path.relative_to(workspace).as_posix(), path)

    def _search(self, name, path):
        slips = self.slips
        if ("no-notebooks" in slips and path.suffix == ".ipynb") or ("obeys" in slips and "/legacy/" in name):
            return
        text = self.texts[name] = path.read_bytes().decode("ascii")
        flat, places = text, range(len(text) + 1)
        if path.suffix in (".sh", ".env") and "no-continued" not in slips:
            places = [
                at
                for at in range(len(text))
                if text[at : at + 2] != "\\\n" and text[at - 1 : at + 1] != "\\\n"
            ]
            flat = "".join(text[at] for at in places)
            places.append(len(text))
        for hit in self.pattern.finditer(flat):
            token = hit[0].replace("\\/", "/")
            if self._is_live(token) and not ("no-escaped" in slips and "\\" in hit[0]):
                self.found.append((name, places[hit.start()], places[hit.end() - 1] + 1, token))
        for hit in WORD.finditer(text) if "no-base64" not in slips else ():
            try:
                said = base64.b64decode(hit[0], validate=True).decode("ascii")
            except (binascii.Error, UnicodeDecodeError):
                continue
            inside = self.pattern.search(said)
            if inside and self._is_live(inside[0]):
                self.found.append((name, hit.start(), hit.end(), inside[0]))

    def _is_live(self, token):
        if token in self.examples or hashlib.sha256(token.encode()).hexdigest()[:16] in self.revoked:
            return False
        return "no-checksum" in self.slips or checks_out(token)

    def name_for(self, name, kind):
        """Return the replacement's name."""
        fits = [row for row in self.names if row[1] == kind and name.startswith(row[0] + "/")]
        order = min if "shortest-folder" in self.slips else max
        return order(fits, key=lambda row: len(row[0]))[2]

    def report(self):
        """Return the rows of secrets.json."""
        rows = []
        for name, begin, _, token in self.found:
            line = self.texts[name].count("\n", 0, begin) + 1
            if "lines-after" in self.slips:
                line -= sum(
                    self.texts[n].count("\n", b, e) for n, b, e, _ in self.found if n == name and b < begin
                )
            rows.append({"path": name, "line": line, "type": TYPE[token[0]]})
        return rows

    def replace(self, how=None):
        """Replace what was found; ``how`` makes the new text of a name and the old text."""
        for name in sorted({one[0] for one in self.found}):
            text = self.texts[name]
            for _, begin, end, token in sorted((one for one in self.found if one[0] == name), reverse=True):
                label = f"${{{self.name_for(name, TYPE[token[0]])}}}"
                text = text[:begin] + (how(label, text[begin:end]) if how else label) + text[end:]
            (self.root / name).write_bytes(text.encode("ascii"))


def save(workspace: Path, rows) -> None:
    """Write the report."""
    (workspace / "secrets.json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
