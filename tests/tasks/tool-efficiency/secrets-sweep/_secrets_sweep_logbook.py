"""Reads rotation-log.md as detect.md says, or with one of the slips the task is built around."""

import hashlib
import re
from typing import NamedTuple

ENTRY = re.compile(r"^(\d+)\. (\d{4}-\d\d-\d\d), ([^:]+): (.*)$", re.MULTILINE)
DESK = {
    "Ines Brandt": ("2025-01-01", "2025-12-31"),
    "Tomasz Wilk": ("2025-01-01", "2025-12-31"),
    "Yara Haddad": ("2025-01-01", "2025-10-10"),
    "Pelle Holm": ("2025-10-11", "2025-12-31"),
}
#: What an entry says -> words by which it is known; the first that fits counts.
SAYS = (
    ("swap", r"Mixed up two keys|In entry \d+ read|names the wrong key|der falsche genannt"),
    ("withdraws", r"had looked at the wrong line|Please forget|did not happen|stimmt nicht, der"),
    ("withdraws", r"was the mistake|holds, not entry|mixed up two systems|war ein Irrtum"),
    ("withdraws", r"is withdrawn|happens as announced|I take back|zurückgezogen"),
    ("moves", r"moves to|is put off|needs more time|verschoben"),
    ("nothing", r"it stays in service|are not doing|off the table|bleibt in Betrieb, wird"),
    ("dead too", r"asks for is done|done this afternoon|^Did what|erledigt|before I joined|as a guest"),
    ("dead too", r"Now that I can see|damals noch als Gast"),
    ("nothing", r"broken off|: not passed|: red|misslungen"),
    ("dead too", r"went through|: passed|all green|gelungen"),
    ("alive too", r"[Tt]he key of entry|is reversed|Schlüssel aus Eintrag"),
    ("condition", r"If the switch-over|Drill on Friday|as soon as|Wenn die"),
    ("group", r"Every key in|Cleared out|everything in this folder|Alle Schlüssel in"),
    ("quoted", r"old note of mine|minutes of July|mail of August|Protokoll"),
    ("announced", r"October|November|Oktober"),
    ("alive", r"by mistake|never revoked|[Pp]ut .* back|ever switched it off|zu Unrecht|freigeschaltet"),
    ("alive", r"works again|active again"),
    ("dead", r"Revoked|no longer opens|Took|Cut off|dead since|gesperrt|ungültig"),
    (
        "claim",
        r"switched off|is dead as far|must have been|in summer|abgeschaltet|please|Please|should be|Bitte den",
    ),
)


class Entry(NamedTuple):
    number: int
    member: bool
    says: str
    text: str
    refers: list[int]


class Logbook:
    """What the log says about tokens: ``state`` maps a token to whether it is live."""

    def __init__(self, text, tokens, places, slips):
        """``tokens``: all that check out; ``places``: (path, type) -> token."""
        self.tokens, self.places, self.slips = tokens, places, slips
        self.entries = {}
        for number, day, author, words in ENTRY.findall(text):
            first, last = DESK.get(author, ("9", "0"))
            says = next((says for says, known in SAYS if re.search(known, words)), "nothing")
            refers = [int(one) for one in re.findall(r"(?:[Ee]ntry|Eintrag) (\d+)", words)]
            self.entries[int(number)] = Entry(int(number), first <= day <= last, says, words, refers)
        self.state = {}
        self.named = {}
        """Token -> the files by which the log names it dead."""
        self._decide()

    def token(self, entry):
        """Return the token that an entry names; None where it names none, or one that was not found."""
        kind = re.search(r"deploy|ledger|relay", entry.text)
        if hit := re.search(r"(?:ending in|mit der Endung) (\S{4})", entry.text):
            return next((one for one in sorted(self.tokens) if one.endswith(hit[1])), None)
        if hit := re.search(r"([0-9a-f]{6})\.\.\.", entry.text):
            prints = {hashlib.sha256(one.encode()).hexdigest()[:6]: one for one in self.tokens}
            return prints.get(hit[1])
        paths = re.findall(r"tree/[\w./-]*\.\w+", entry.text)
        return self.places.get((paths[-1], kind[0])) if paths and kind else None

    def _withdrawn(self):
        gone = set()
        for number in sorted(self.entries, reverse=True) if "log-withdrawn" not in self.slips else ():
            entry = self.entries[number]
            if entry.member and number not in gone:
                if entry.says == "withdraws":
                    gone.add(max(entry.refers))
                elif entry.says in ("swap", "moves"):
                    gone |= set(entry.refers)
        return gone

    def _decide(self):
        gone = self._withdrawn()
        for number, entry in self.entries.items():
            if number in gone or not (entry.member or "log-anyone" in self.slips):
                continue
            says = entry.says
            come = says == "announced" and ("log-dates" in self.slips or "November" not in entry.text)
            if says in ("dead", "swap") or come or (says == "claim" and not entry.member):
                self._set(self.token(entry), False, entry.text)
            elif says == "alive" and "export-wins" not in self.slips:
                self._set(self.token(entry), True, entry.text)
            elif says in ("dead too", "alive too"):
                first = self.entries[entry.refers[0]]
                self._set(self.token(first), says == "alive too", first.text)
            elif says == "group":
                folder = re.search(r"tree/[\w./-]+/conf", entry.text)[0] + "/"
                kept = self.token(entry)
                for (path, _), token in self.places.items():
                    if path.startswith(folder) and token != kept:
                        self._set(token, False, path)

    def _set(self, token, live, text):
        if token is None:
            return
        self.state[token] = live
        self.named.setdefault(token, set()).update(re.findall(r"tree/[\w./-]*\.\w+", text))
