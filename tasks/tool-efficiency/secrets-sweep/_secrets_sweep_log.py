"""The rotation log: which credentials it speaks about, what becomes of them, and the entries that say so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from _secrets_sweep_tokens import fingerprint
from _secrets_sweep_tree import Tree
from _secrets_sweep_words import COUNT, DESK, FORMER, HEAD, NEW, NEW_FROM, NOISE, OTHERS, RECOUNT, WORDS

FIRST = date(2025, 9, 1)
LAST_DAY = 60
"""31 October 2025, in days after the first."""
#: Token -> (is it in revoked.txt, is it live in the end).
SUBJECTS = {
    "dead 1": (False, False),
    "dead 2": (False, False),
    "listed 1": (True, True),
    "listed 2": (True, True),
    "listed 3": (True, True),
    "swap wrong": (False, True),
    "swap right": (False, False),
    "undone": (False, True),
    "stands": (False, False),
    "report 1": (False, True),
    "report 2": (False, True),
    "asked": (False, False),
    "declined": (False, True),
    "november": (False, True),
    "october": (False, False),
    "moved": (False, True),
    "former": (False, True),
    "early": (False, True),
    "as guest": (False, False),
    "drill good": (False, False),
    "drill bad": (False, True),
    "group env": (False, False),
    "group ini": (False, False),
    "group hex": (False, False),
    "group kept": (False, True),
    "quoted": (False, True),
    "relapsed": (True, False),
    "revived": (False, True),
    "twin": (False, True),
    "unmoved": (False, False),
}
#: Story -> its entries in order of time: (what it says, who says it, token). Who: d or D desk (D: one of long
#: standing), o others, F former member, N new member, same: as before.
STORIES: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (("dead", "d", "dead 1"),),
    (("dead", "d", "dead 2"),),
    (("alive", "d", "listed 1"),),
    (("alive", "d", "listed 2"),),
    (("alive", "d", "listed 3"),),
    (("dead", "D", "swap wrong"), ("swap", "same", "swap right")),
    (("dead", "D", "undone"), ("void", "same", "")),
    (("dead", "D", "stands"), ("void", "same", ""), ("stands", "same", "")),
    (("report", "o", "report 1"),),
    (("report", "o", "report 2"),),
    (("ask", "o", "asked"), ("done", "d", "")),
    (("ask", "o", "declined"), ("declined", "d", "")),
    (("november", "d", "november"),),
    (("october", "d", "october"),),
    (("october", "d", "moved"), ("moved", "d", "")),
    (("dead", "F late", "former"),),
    (("report", "N early", "early"),),
    (("report", "N early", "as guest"), ("as guest", "N", "")),
    (("drill", "d", "drill good"), ("passed", "d", "")),
    (("drill", "d", "drill bad"), ("not passed", "d", "")),
    (("group", "d", "group kept"),),
    (("quoted", "D", "quoted"),),
    (("alive", "d", "relapsed"), ("dead", "d", "relapsed")),
    (("dead", "d", "revived"), ("revived", "d", "")),
    (("dead", "d", "twin"), ("back", "d", "twin")),
    (("october", "D", "unmoved"), ("moved", "same", ""), ("unmoved", "same", "")),
)


@dataclass
class Entry:
    """One entry; ``after`` are the earlier entries of its story, the last of them first."""

    day: int
    author: str
    what: str
    key: str
    after: list[Entry]
    number: int = 0


class Log:
    """The entries about a tree, in order of time."""

    def __init__(self, rng: Random, tree: Tree) -> None:
        self.rng, self.tree = rng, tree
        self.endings = Counter(token.value[-4:] for one in tree.spots for token in one.tokens)
        self.endings.update(token[-4:] for token in tree.examples)
        self.entries = [entry for story in STORIES for entry in self._story(story)]
        for place in range(len(NOISE)):
            author = rng.choice((*DESK, *OTHERS))
            self.entries.append(Entry(rng.randint(1, LAST_DAY - 1), author, "noise", str(place), []))
        count = Entry(rng.randint(0, 8), DESK[0], "count", "", [])
        self.entries += [count, Entry(rng.randint(20, 38), DESK[0], "recount", "", [count])]
        rng.shuffle(self.entries)
        self.entries.sort(key=lambda entry: entry.day)
        for number, entry in enumerate(self.entries, 1):
            entry.number = number

    def _story(self, story: tuple[tuple[str, str, str], ...]) -> list[Entry]:
        rng, entries = self.rng, []
        day = rng.randint(2, LAST_DAY - 24 if len(story) > 1 else LAST_DAY - 4)
        if story[0][1] == "F late":
            day = rng.randint(NEW_FROM + 1, LAST_DAY - 3)
        elif story[0][1] == "N early":
            day = rng.randint(5, NEW_FROM - 6)
        elif story[0][0] == "october":
            day = rng.randint(31, 37)
        for what, who, key in story:
            if entries:
                day = entries[-1].day + (rng.randint(7, 9) if "passed" in what else rng.randint(2, 8))
            if who == "N":
                day = max(day, NEW_FROM + rng.randint(0, 5))
            author = entries[-1].author if who == "same" else self._author(who, day)
            entries.append(Entry(day, author, what, key, entries[::-1]))
        return entries

    def _author(self, who: str, day: int) -> str:
        if who == "o":
            return self.rng.choice(OTHERS)
        if who[0] in "FN":
            return FORMER if who[0] == "F" else NEW
        if who == "D":
            return self.rng.choice(DESK)
        return self.rng.choice((*DESK, FORMER if day < NEW_FROM else NEW))

    # -- words -----------------------------------------------------------------------------------

    def _named(self, key: str, *, german: bool, by_path: bool, other: bool = False) -> tuple[str, str]:
        """Return how a token is named, as subject and as object; ``other``: by its second place."""
        spot = self.tree.said[key]
        token = spot.tokens[0]
        if other:
            spot = next(one for one in self.tree.spots if one.tokens == [token] and one is not spot)
        ways = ["path", "print"]
        if self.endings[token.value[-4:]] == sum(one.tokens == [token] for one in self.tree.spots):
            ways += ["end"]
        way = "path" if by_path else self.rng.choice(ways)
        where = {"path": f"in tree/{spot.path}", "end": f"ending in {token.value[-4:]}"}
        where["print"] = f"with the fingerprint {fingerprint(token.value)[:6]}..."
        if german:
            where["end"] = f"mit der Endung {token.value[-4:]}"
            where["print"] = f"mit dem Fingerabdruck {fingerprint(token.value)[:6]}..."
            return f"der {token.kind}-Schlüssel {where[way]}", f"den {token.kind}-Schlüssel {where[way]}"
        return (f"the {token.kind} key {where[way]}",) * 2

    def _text(self, entry: Entry, count: int) -> str:
        rng = self.rng
        numbers = [before.number for before in entry.after] + [0, 0]
        if entry.what == "noise":
            words = NOISE[int(entry.key)]
        elif entry.what == "count":
            words = rng.choice(COUNT)
        else:
            words = rng.choice(RECOUNT if entry.what == "recount" else WORDS[entry.what])
        german = words.startswith("de:")
        subject = obj = ""
        if entry.what not in ("noise", "count", "recount") and entry.key:
            by_path = entry.what in ("quoted", "group") or entry.key in ("dead 1", "report 1", "twin")
            other = entry.what == "back"
            subject, obj = self._named(entry.key, german=german, by_path=by_path, other=other)
        day = rng.randint(2, 27) if entry.what != "october" else entry.day - 29 + rng.randint(18, 22)
        folder = f"tree/{self.tree.cleared}"
        words = words.removeprefix("de:")
        text = words.format(r=subject, a=obj, n=numbers[0], m=numbers[1], d=day, f=folder, c=count)
        return text if text.startswith("tree/") else text[0].upper() + text[1:]

    def text(self) -> str:
        """Return the whole log."""
        short = self.rng.randint(2, 4)
        counts = {"count": self.tree.unlisted() - short, "recount": short}
        lines = [HEAD]
        for entry in self.entries:
            day = FIRST + timedelta(days=entry.day)
            text = self._text(entry, counts.get(entry.what, 0))
            lines.append(f"{entry.number}. {day.isoformat()}, {entry.author}: {text}")
        return "\n".join(lines) + "\n"
