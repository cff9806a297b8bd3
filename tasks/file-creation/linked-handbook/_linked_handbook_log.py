"""Draws the logbook: who released, withdrew or renamed what; and what follows from it, also for careless readers."""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import Any

from _linked_handbook_entries import EDITORS, FORMER, LAST_DAY, OTHERS, WORDINGS, day_name
from _linked_handbook_rules import Note

#: Misreadings of the logbook; each leads to other published notes on every seed.
MISREAD = ["log", "standing", "agreed-anyway", "never-agreed", "they-say", "days", "void", "unvoid", "swap",
           "back", "quote", "stand-in-never", "stand-in-always", "sweep", "sweep-all", "sweep-both", "today",
           "both-languages"]  # fmt: skip
#: Role -> (status in the head, whether the note is published in the end).
ROLES: dict[str, tuple[str, bool]] = {
    "plain-on": ("draft", True), "agreed": ("draft", True), "not-confirmed": ("published", True),
    "shouted": ("published", True), "meant": ("draft", True), "voided": ("published", True),
    "back": ("published", True), "from": ("draft", True), "later-off": ("published", True),
    "in-time": ("draft", True), "too-late-off": ("published", True),
    "swept": ("review", True), "swept-2": ("review", True), "only": ("draft", True),
    "plain-off": ("published", False), "they-say": ("draft", False), "same": ("draft", False),
    "hearsay": ("draft", False), "mixed-up": ("draft", False), "unvoided": ("published", False),
    "later-on": ("draft", False), "quoted": ("draft", False), "too-late": ("draft", False),
    "excepted": ("review", False), "foreign": ("review", False), "not-only": ("draft", False),
}  # fmt: skip
CORE_ONLY = ("kiln", "pottery", "scrap", "backup", "door", "writing", "saw", "keys", "board")
SETTLED = ("kiln", "pottery", "scrap", "writing", "saw", "keys")
_GERMAN = {"swept", "swept-2", "excepted"}


@dataclass
class Entry:
    """One entry: what it says, and its meaning (``kind`` and ``facts``)."""

    day: int
    who: str
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)
    text: str = ""


def cast_roles(rng: Random, notes: list[Note], alike: tuple[str, str]) -> dict[str, Note] | None:
    """Give each role a note and each note its status in the head; None where the notes do not suffice."""
    on = [note for note in notes if note.published]
    off = [note for note in notes if not note.published]
    topic = rng.choice(alike)
    pair = [note for note in notes if note.topic == topic]
    cast = {
        "only": next(n for n in pair if n.published),
        "not-only": next(n for n in pair if not n.published),
    }
    free = {True: [n for n in on if n not in pair], False: [n for n in off if n not in pair]}
    for group in free.values():
        rng.shuffle(group)
        group.sort(key=lambda note: (note.topic in CORE_ONLY) + (note.topic in SETTLED))
    for role in sorted(ROLES, key=lambda role: (role not in _GERMAN and role != "foreign", role)):
        if role in cast:
            continue
        lang = {"foreign": "en"}.get(role, "de" if role in _GERMAN else None)
        fit = [note for note in free[ROLES[role][1]] if lang in (None, note.lang)]
        if role == "plain-off":  # renamed in the logbook, which then has to name one note
            fit = [note for note in fit if sum(other.title == note.title for other in notes) == 1]
        if not fit:
            return None
        cast[role] = fit[0]
        free[ROLES[role][1]].remove(fit[0])
    for note in notes:
        note.status = "published" if note.published else "draft"
    for role, note in cast.items():
        note.status = ROLES[role][0]
    return cast


class Log:
    """The logbook of one handbook."""

    def __init__(self, rng: Random, notes: list[Note], cast: dict[str, Note]) -> None:
        self.rng, self.notes, self.cast = rng, notes, cast
        people = rng.sample(EDITORS, 3)
        self.editors = [name for name, _ in people]
        others = rng.sample(OTHERS, 6)
        self.council, self.deputy, *self.crowd = (name for name, _ in others)
        self.lang = dict([*people, *others])
        self.entries: list[Entry] = []
        self.former: dict[str, dict[str, str]] = {"de": {}, "en": {}}
        self.renamed: list[tuple[str, str, str]] = []
        self.first: dict[tuple[str, str], str] = {}
        self.proposed: dict[str, Note] = {}
        self.present: list[str] = []
        self._decide()
        self._rename()
        for entry in self.entries:
            entry.text = self._text(entry)
        self.entries.sort(key=lambda entry: (entry.day, entry.who))

    def _free(self, who: str, day: int) -> bool:
        return all((entry.who, entry.day) != (who, day) for entry in self.entries)

    def _days(self, who: list[str], low: int = 2, high: int = 30) -> list[int]:
        for _ in range(500):
            days = sorted(self.rng.sample(range(low, high + 1), len(who)))
            if all(self._free(name, day) for name, day in zip(who, days, strict=True)):
                return days
        raise AssertionError("no days left")

    def _chain(self, *steps: tuple[str, str, dict[str, Any]], low: int = 2, high: int = 30) -> list[Entry]:
        """Add entries (person, kind, facts) on rising days. A fact that is a number is the place of an earlier one."""
        days = self._days([who for who, _, _ in steps], low, high)
        added = [
            Entry(day, who, kind, dict(facts)) for day, (who, kind, facts) in zip(days, steps, strict=True)
        ]
        for entry in added:
            for key in ("ref", "undo"):
                if key in entry.facts:
                    entry.facts[key] = added[entry.facts[key]]
        self.entries += added
        return added

    def _decide(self) -> None:
        cast, council, deputy = self.cast, self.council, self.deputy
        one, two, three = self.rng.sample(self.editors, 3)
        self.present = [two, three]
        crowd = self.rng.sample(self.crowd, 4)
        start = self.rng.randint(8, 10)
        away = [start, start + self.rng.randint(9, 11)]
        self._chain((one, "stand-in", {"p": deputy, "span": away}), low=2, high=start - 1)
        self._chain((deputy, "release", {"n": cast["in-time"]}), low=away[0] + 1, high=away[1] - 1)
        self._chain((deputy, "release", {"n": cast["too-late"]}), low=away[1] + 1)
        self._chain((deputy, "withdraw", {"n": cast["too-late-off"]}), low=away[1] + 1)
        self._chain((three, "release", {"n": cast["plain-on"]}))
        agreed = cast["agreed"]
        self._chain(
            (two, "release-if", {"n": agreed, "p": council}),
            (three, "same-if", {"n": agreed, "m": cast["same"], "p": council, "ref": 0}),
            (council, "agreed", {"n": agreed}),
            (council, "later", {"m": cast["same"]}),
        )
        self._chain(
            (three, "release-if", {"n": cast["they-say"], "p": council}),
            (crowd[0], "agreed-they-say", {"n": cast["they-say"], "p": council}),
        )
        self._chain((two, "withdraw-if", {"n": cast["not-confirmed"], "p": council}))
        self._chain((crowd[1], "released-they-say", {"n": cast["hearsay"], "p": three}))
        self._chain((crowd[2], "take-it-off", {"n": cast["shouted"]}))
        self._chain(
            (three, "release", {"n": cast["mixed-up"]}),
            (three, "swap", {"n": cast["mixed-up"], "m": cast["meant"], "ref": 0}),
        )
        self._chain((two, "withdraw", {"n": cast["voided"]}), (two, "void", {"ref": 0}))
        self._chain(
            (three, "withdraw", {"n": cast["unvoided"]}),
            (three, "void", {"ref": 0}),
            (three, "unvoid", {"ref": 0, "undo": 1}),
        )
        self._chain((three, "withdraw", {"n": cast["back"]}), (two, "back", {"ref": 0}))
        self._chain((two, "release-from", {"n": cast["from"], "on": self.rng.randint(24, 31)}), high=20)
        self._chain((two, "release-from", {"n": cast["later-on"], "on": LAST_DAY + self.rng.randint(1, 20)}))
        self._chain(
            (three, "withdraw-from", {"n": cast["later-off"], "on": LAST_DAY + self.rng.randint(1, 20)})
        )
        self._chain((three, "quote", {"n": cast["quoted"], "p": crowd[3]}))
        self._chain((two, "sweep", {"n": cast["excepted"]}))
        self._chain((three, f"only-{cast['only'].lang}", {"n": cast["only"], "other": cast["not-only"]}))
        for name in self.rng.sample([*crowd, *crowd, two, council], 6):
            self._chain(
                (name, "noise", {"n": self.rng.choice([note for note in self.notes if note.published])})
            )

    def _rename(self) -> None:
        """Rename notes: one twice, one to and fro, two that bore one name, one whose old name is another's alias."""
        roles = list(self.cast.values())
        for lang in ("de", "en"):
            names = self.rng.sample(FORMER[lang], 6)
            fit = [
                n
                for n in self.notes
                if n.published and n not in roles and n.lang == lang and n.topic in CORE_ONLY
            ]
            twice, first, last, taken = self.rng.sample(fit, 4)
            owner = next(
                n for n in self.notes if n.lang == lang and n.topic in ("kiln", "pottery") and n is not taken
            )
            alias = owner.aliases[-1]
            self._titles(twice, names[0], names[1])
            withdrawn = self.cast["plain-off"]
            first = withdrawn if withdrawn.lang == lang else first
            then = self._titles(first, names[2], low=8, high=16)
            self._titles(last, names[3], names[2], low=then + 1)
            if first is withdrawn:
                who = self.rng.choice(self.present)
                self._chain((who, "withdraw", {"n": first, "as": names[2], "today": last}), high=then - 1)
            self.first[lang, names[2]] = first.file
            borne = self._titles(taken, alias, high=20)
            self.proposed[names[5]] = taken
            a = {"a": taken.title, "b": names[5]}
            self._chain(
                (self.rng.choice(self.crowd), "propose", a),
                (self.rng.choice(self.present), "decline", a),
                low=borne + 1,
            )

    def _titles(self, note: Note, *olds: str, low: int = 2, high: int = 30) -> int:
        names = [*olds, note.title]
        pairs = list(pairwise(names))
        people = [self.rng.choice([*self.crowd, *self.present, self.council]) for _ in pairs]
        steps = [(who, "rename", {"a": a, "b": b}) for who, (a, b) in zip(people, pairs, strict=True)]
        added = self._chain(*steps, low=low, high=high)
        for old in olds:
            self.former[note.lang][old] = note.file
        return added[-1].day

    def _named(self, note: Note, lang: str) -> str:
        mark = ""
        if sum(other.title == note.title for other in self.notes) > 1:
            tongue = {"de": {"de": "deutsch", "en": "englisch"}, "en": {"de": "German", "en": "English"}}
            mark = f" ({tongue[lang][note.lang]})"
        return (f"„{note.title}“" if lang == "de" else f'"{note.title}"') + mark

    def _text(self, entry: Entry) -> str:
        lang, facts = self.lang[entry.who], entry.facts
        values = {key: facts[key] for key in ("p", "a", "b") if key in facts}
        values |= {key: self._named(facts[key], lang) for key in ("n", "m") if key in facts}
        if "as" in facts:
            values["n"] = f"„{facts['as']}“" if lang == "de" else f'"{facts["as"]}"'
        if "n" in facts:
            values["t"] = facts["n"].title
        if "ref" in facts:
            values["d"] = day_name(facts["ref"].day, lang)
            values["q"] = facts["ref"].who
            values.setdefault("p", facts["ref"].who)
        if "undo" in facts:
            values["e"] = day_name(facts["undo"].day, lang)
        if "on" in facts:
            values["d"] = day_name(facts["on"], lang)
        if "span" in facts:
            values["d"], values["e"] = (day_name(day, lang) for day in facts["span"])
        return self.rng.choice(WORDINGS[entry.kind][lang]).format(**values)

    def written(self) -> str:
        """Return the logbook as a file."""
        rows = [f"### 2026-03-{entry.day:02}, {entry.who}\n\n{entry.text}\n" for entry in self.entries]
        return "# Logbuch / logbook\n\n" + "\n".join(rows)

    def published(self, *slips: str) -> set[str]:
        """Return the files of the notes that are published at the end, for a reader with some slips."""
        state = {note.file: note.status == "published" for note in self.notes}
        changes: list[tuple[int, str, bool]] = []
        for entry in self._standing(slips) if "log" not in slips else []:
            changes += self._changes(entry, slips)
        for _, file, on in sorted((c for c in changes if c[0] <= LAST_DAY), key=lambda change: change[0]):
            state[file] = on
        return {file for file, on in state.items() if on}

    def _standing(self, slips: tuple[str, ...]) -> list[Entry]:
        """Return the entries of those who may decide, with corrections applied."""
        kept = []
        gone = {id(e.facts["ref"]) for e in self.entries if e.kind == "void" and "void" not in slips}
        if not {"unvoid", "void"} & set(slips):
            gone -= {id(entry.facts["ref"]) for entry in self.entries if entry.kind == "unvoid"}
        swaps = {
            id(e.facts["ref"]): e.facts["m"] for e in self.entries if e.kind == "swap" and "swap" not in slips
        }
        away = next(entry for entry in self.entries if entry.kind == "stand-in").facts["span"]
        for entry in self.entries:
            stands = entry.who in self.editors or "standing" in slips
            if entry.who == self.deputy and "standing" not in slips:
                stands = away[0] <= entry.day <= away[1] and "stand-in-never" not in slips
                stands = stands or "stand-in-always" in slips
            if stands and id(entry) not in gone:
                if id(entry) in swaps:
                    entry = replace(entry, facts={**entry.facts, "n": swaps[id(entry)]})
                kept.append(entry)
        return kept

    def _changes(self, entry: Entry, slips: tuple[str, ...]) -> list[tuple[int, str, bool]]:
        facts, day, kind = entry.facts, entry.day, entry.kind
        on = kind.startswith(("release", "same", "back", "only"))
        note = facts.get("m" if kind == "same-if" else "n")
        if "today" in facts and "today" in slips:
            note = facts["today"]
        if kind == "back":
            note = facts["ref"].facts["n"]
        if kind in ("release", "withdraw", "released-they-say", "take-it-off"):
            return [(day, note.file, on)]
        if kind.startswith("only"):
            return [(day, note.file, True)] + [(day, facts["other"].file, True)] * ("both-languages" in slips)
        if kind == "back":
            return [] if "back" in slips else [(day, note.file, True)]
        if kind in ("release-if", "withdraw-if", "same-if"):
            met = self._met(note, day, slips)
            return [] if met is None else [(met, note.file, on)]
        if kind in ("release-from", "withdraw-from"):
            return [(day if "days" in slips else facts["on"], note.file, on)]
        if kind == "quote":
            return [(day, note.file, "quote" in slips)]
        if kind == "sweep" and "sweep" not in slips:
            return [
                (day, other.file, True)
                for other in self.notes
                if other.status == "review"
                and (other.lang == "de" or "sweep-both" in slips)
                and (other is not note or "sweep-all" in slips)
            ]
        return []

    def _met(self, note: Note, day: int, slips: tuple[str, ...]) -> int | None:
        if "agreed-anyway" in slips:
            return day
        kinds = [] if "never-agreed" in slips else ["agreed"]
        kinds += ["agreed-they-say"] if "they-say" in slips else []
        return next((e.day for e in self.entries if e.kind in kinds and e.facts["n"] is note), None)
