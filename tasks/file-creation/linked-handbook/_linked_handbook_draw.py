"""Draws the notes of one handbook and the links between them."""

import re
import unicodedata
from collections.abc import Callable
from random import Random

from _linked_handbook_rules import Book, Link, Names, Note, group_of, plain
from _linked_handbook_topics import CORE, MORE
from _linked_handbook_words import BLOCKS, LABELS, LEADS, LINK_HEADINGS, MARKED, MISSING, RESTORE, UNKNOWN

ALIKE = ["laser", "software", "faq", "team", "repair"]
OTHER = {"de": "en", "en": "de"}
MOST_LINKS = 9
Picked = tuple[Note, str] | None


def _slug(title: str) -> str:
    text = title.lower()
    for old, new in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("é", "e")):
        text = text.replace(old, new)
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def draw_notes(rng: Random) -> tuple[list[Note], tuple[str, str]]:
    """Return the notes without links, and two topics with one title of which one language is not published."""
    more = rng.sample(sorted(MORE), 10)
    skipped = {(topic, lang) for topic, lang in zip(more[:3], rng.choice(["ede", "eed"]), strict=True)}
    pairs = [(topic, lang) for topic in more[3:] for lang in ("de", "en")]
    alike = rng.sample(ALIKE, 2)
    unpublished = {*rng.sample(pairs, 12), (alike[0], "de"), (alike[1], "en")}
    notes = []
    sheets = iter(rng.sample(range(10_000, 99_999), 120))
    for topic in sorted([*CORE, *more]):
        for lang in ("de", "en"):
            if (topic, lang[0]) in skipped:
                continue
            title, aliases, intro, sections = {**CORE, **MORE}[topic][lang]
            note = Note(f"{lang}/{_slug(title)}.md", topic, lang, title, list(aliases), intro=intro)
            note.sections = list(sections)
            note.published = (topic, lang) not in unpublished
            note.sheet, note.secret = f"HB-{next(sheets)}", f"AN-{next(sheets)}"
            note.code_heading = RESTORE[lang].get(topic) if topic in BLOCKS else None
            note.mac, note.crlf = rng.random() < 0.4, rng.random() < 0.08
            notes.append(note)
    _translate(rng, notes)
    return sorted(notes, key=lambda note: note.file), (alike[0], alike[1])


def _translate(rng: Random, notes: list[Note]) -> None:
    """Name the translation in both notes of a pair or in one of them."""
    by_key = {(note.topic, note.lang): note for note in notes}
    pairs = [
        (note, by_key[note.topic, "en"])
        for note in notes
        if note.lang == "de" and (note.topic, "en") in by_key
    ]
    ways = ["both", "de", "en"] * len(pairs)
    rng.shuffle(pairs)
    for (german, english), way in zip(pairs, ways, strict=False):
        german.translation = english.file if way in ("both", "de") else None
        english.translation = german.file if way in ("both", "en") else None


class Web:
    """Draws links kind by kind, so that each rule of SYNTAX.md decides some of them."""

    def __init__(self, rng: Random, notes: list[Note], names: Names, decided: list[Note]) -> None:
        self.rng = rng
        self.notes = notes
        self.old = names
        self.decided = decided
        self.published = [note for note in notes if note.published]
        self.unpublished = [note for note in notes if not note.published]
        self.topics = {(note.topic, note.lang): note for note in notes}

    def draw(self) -> bool:
        """Give the notes their links; False where one of them finds no place."""
        self._headings()
        shared = {self.old.former[lang][name] for lang, name in self.old.first}
        for note in [*self.decided, *(note for note in self.notes if note.file in shared)]:
            if not self._place(lambda note=note: self._to_decided(note)):
                return False
        done = all(self._place(pick) for pick, count in self._plan() for _ in range(count)) and self._drafts()
        return done and self._forms_of_links()

    def _plan(self) -> list[tuple[Callable[[], Picked], int]]:
        return [
            (self._clash, 4), (self._own_alias, 3), (self._other_language, 4), (self._alike, 6),
            (lambda: self._alike(heading=True), 2), (self._forms, 6), (lambda: self._forms(heading=True), 3),
            (self._case, 3), (lambda: self._case(heading=True), 2), (self._alias, 7),
            (lambda: self._alias(heading=True), 3), (self._twin_heading, 4), (self._own_heading, 3),
            (self._twice, 2), (self._second, 3), (self._wrong_path, 2), (self._marked, 3), (self._linked_heading, 3),
            (self._former, 8), (lambda: self._former(heading=True), 4), (self._taken, 2), (self._proposed, 2),
            (self._backticks, 2), (self._heading, 5), (self._title, 4), (self._settled_title, 8),
            (lambda: self._fall_over("de"), 2), (lambda: self._fall_over("en"), 2), (self._unknown, 9),
            (self._draft, 2), (self._missing_heading, 3), (self._code_heading, 3), (self._own_missing, 1),
        ]  # fmt: skip

    def _place(self, pick: Callable[[], Picked]) -> bool:
        for _ in range(200):
            if picked := pick():
                source, target = picked
                name = target.partition("#")[0]
                used = [link.target.casefold() for link in source.links]
                if (
                    len(source.links) < MOST_LINKS
                    and target.casefold() not in used
                    and name not in self._names(source)
                ):
                    self._add(source, target)
                    return True
        return False

    def _names(self, note: Note) -> list[str]:
        """Return the names of a note; no note links to itself or to its translation by name."""
        other = self.topics.get((note.topic, OTHER[note.lang]))
        place = [] if other is None else [other.title, *other.aliases]
        return [note.title, *note.aliases, *(name for name in place if name not in ("Schlüssel", "Board"))]

    def _add(self, source: Note, target: str) -> None:
        label = self.rng.choice(LABELS[source.lang]) if self.rng.random() < 0.35 else None
        taken = {link.lead for link in source.links}
        lead, tail = self.rng.choice([pair for pair in LEADS[source.lang] if pair[0] not in taken])
        source.links.append(Link(target, label, lead, tail))

    def _headings(self) -> None:
        """Let a heading of some notes hold a link, and of another one emphasis."""
        for topic in ("scrap", "keys"):
            for lang, (lead, label, text) in LINK_HEADINGS.items():
                note = self.topics[topic, lang]
                target = self.topics[self.rng.choice(["kiln", "backup", "saw"]), lang].title
                note.links.append(Link(target, label, lead, "", "heading"))
                note.sections.append((f"{lead} [[{target}|{label}]]", text))
        for lang, section in MARKED.items():
            self.topics["writing", lang].sections.append(section)

    def _forms_of_links(self) -> bool:
        """Put some links into tables and let some begin on one line and end on the next; False where too few can."""
        book, touched = Book(self.notes, self.old), {note.file for note in self.decided}
        for form, counts in (("table", (5, 3)), ("wrapped", (4, 2))):
            for broken, count in zip((False, True), counts, strict=True):
                fit = [
                    (note, link)
                    for note in self.published
                    for link in note.links
                    if not link.form
                    and not any(other.form == form for other in note.links)
                    and (book.resolve(note, link) is None) is broken
                    and ("#" not in link.target or broken)
                    and not group_of(book, note, link, touched)[1]
                ]
                self.rng.shuffle(fit)
                taken: set[str] = set()
                for note, link in fit:
                    if note.file not in taken and len(taken) < count:
                        taken.add(note.file)
                        link.form = form
                        link.label = self.rng.choice([text for text in LABELS[note.lang] if " " in text])
                if len(taken) < count:
                    return False
        return True

    def _drafts(self) -> bool:
        """Put links, good and broken, into notes that are not published."""
        for note in self.unpublished:
            self._add(note, self.rng.choice(UNKNOWN[note.lang]))
            self._add(note, self._target(note.lang).title)
        return True

    def _source(self, lang: str | None = None) -> Note:
        return self.rng.choice([note for note in self.published if lang in (None, note.lang)])

    def _settled(self) -> Note:
        """Return a published note that the logbook does not mention."""
        return self.rng.choice([note for note in self.published if note not in self.decided])

    def _target(self, lang: str) -> Note:
        return self.rng.choice([note for note in self.published if note.lang == lang])

    def _with_heading(self, target: Note, name: str, heading: bool) -> str:
        return f"{name}#{plain(self.rng.choice(target.sections)[0])}" if heading else name

    def _title(self) -> Picked:
        source = self._source()
        return source, self._target(source.lang).title

    def _settled_title(self) -> Picked:
        source, target = self._settled(), self._settled()
        return (source, target.title) if source.lang == target.lang and source is not target else None

    def _heading(self) -> Picked:
        source = self._source()
        target = self._target(source.lang)
        return source, self._with_heading(target, target.title, True)

    def _alias(self, heading: bool = False) -> Picked:
        source = self._source()
        target = self._target(source.lang)
        return source, self._with_heading(target, self.rng.choice(target.aliases), heading)

    def _case(self, heading: bool = False) -> Picked:
        source, text = self._title() if not heading else self._heading()
        return None if "ß" in text or text.lower() == text else (source, text.lower())

    def _forms(self, heading: bool = False) -> Picked:
        """A name with umlauts, written in another way than in the head of its note."""
        source = self._source()
        target = self._target(source.lang)
        name = self.rng.choice([target.title, *target.aliases])
        text = self._with_heading(target, name, heading)
        part = text.partition("#")[2] if heading else text
        return (
            None if source.mac == target.mac or unicodedata.normalize("NFD", part) == part else (source, text)
        )

    def _alike(self, heading: bool = False) -> Picked:
        topic = self.rng.choice(ALIKE)
        if not all(self.topics[topic, lang].published for lang in OTHER):
            return None
        source = self._source("en" if heading else self.rng.choice(["de", "en"]))
        target = self.topics[topic, source.lang]
        return source, self._with_heading(target, target.title, heading)

    def _clash(self) -> Picked:
        """The title of one note that is another one's alias."""
        source = self._source()
        return source, self.topics["pottery", source.lang].title

    def _own_alias(self) -> Picked:
        """An alias in the own language that is a title in the other one."""
        source = self._source()
        return source, {"de": "Board", "en": "Schlüssel"}[source.lang]

    def _other_language(self) -> Picked:
        target = self.rng.choice([n for n in self.published if (n.topic, OTHER[n.lang]) not in self.topics])
        return self._source(OTHER[target.lang]), target.title

    def _twin_heading(self) -> Picked:
        """The second of two headings that differ in a sign only."""
        source = self._source()
        target = self.topics[self.rng.choice(["laser", "scrap", "kiln", "software"]), source.lang]
        return (source, f"{target.title}#{target.sections[1][0]}") if target.published else None

    def _own_heading(self) -> Picked:
        source = self._settled()
        return source, "#" + plain(self.rng.choice(source.sections)[0])

    def _twice(self) -> Picked:
        source = self._source()
        target = self.topics["saw", source.lang]
        return source, f"{target.title}#{target.sections[1][0]}"

    def _second(self) -> Picked:
        """The second of two equal headings, by the heading before it."""
        source = self._settled()
        target = self.topics["saw", source.lang]
        return source, f"{target.title}#{target.sections[2][0]}#{target.sections[3][0]}"

    def _wrong_path(self) -> Picked:
        """Two headings of a note in the wrong order."""
        source = self._settled()
        target = self.topics[self.rng.choice(["saw", "kiln"]), source.lang]
        return (
            (source, f"{target.title}#{target.sections[2][0]}#{target.sections[0][0]}")
            if target.published
            else None
        )

    def _marked(self) -> Picked:
        source = self._settled()
        target = self.topics["writing", source.lang]
        return source, f"{target.title}#{plain(target.sections[-1][0])}"

    def _linked_heading(self) -> Picked:
        source = self._settled()
        target = self.topics[self.rng.choice(["board", "scrap", "keys"]), source.lang]
        return source, f"{target.title}#{plain(target.sections[-1][0])}"

    def _to_decided(self, target: Note) -> Picked:
        """The title of a note that the logbook decides about, from one that it does not mention."""
        source = self._source(target.lang)
        return None if source in self.decided or target is source else (source, target.title)

    def _former(self, heading: bool = False) -> Picked:
        """A former title, each of them at least once."""
        lang = self.rng.choice(["de", "en"])
        source = self._source(lang)
        used = {link.target.partition("#")[0] for note in self.published for link in note.links}
        aliases = {alias for note in self.notes for alias in note.aliases}
        fit = [name for name in self.old.former[lang] if name not in aliases]
        fit = [name for name in fit if not (heading and (lang, name) in self.old.first)]
        names = [name for name in fit if name not in used] or fit
        name = self.rng.choice(names)
        target = next(note for note in self.notes if note.file == self.old.former[lang][name])
        if target is source:
            return None
        number = self.rng.randrange(2)
        return source, f"{name}#{plain(target.sections[number][0])}" if heading else name

    def _taken(self) -> Picked:
        """A former title that is an alias of another note by now."""
        lang = self.rng.choice(["de", "en"])
        names = [
            name for name in self.old.former[lang] if any(name in note.aliases for note in self.published)
        ]
        return self._source(lang), names[0]

    def _proposed(self) -> Picked:
        name, target = self.rng.choice(sorted(self.old.proposed.items()))
        return self._source(target.lang), name

    def _backticks(self) -> Picked:
        source = self._source()
        target = self.topics["door", source.lang]
        return source, f"{target.title}#{plain(target.sections[0][0])}"

    def _unknown(self) -> Picked:
        source = self._source()
        return source, self.rng.choice(UNKNOWN[source.lang])

    def _draft(self) -> Picked:
        """A name of a note that is not published, from a note in its language."""
        target = self.rng.choice([note for note in self.unpublished if note.topic not in ALIKE])
        return self._source(target.lang), self.rng.choice([target.title, *target.aliases])

    def _fall_over(self, lang: str) -> Picked:
        """The title of a note that is not published, where the other language has a published one."""
        target = next(note for note in self.unpublished if note.topic in ALIKE and note.lang == lang)
        return self._source(lang), target.title

    def _missing_heading(self) -> Picked:
        source = self._settled()
        return source, f"{self.topics['kiln', source.lang].title}#{self.rng.choice(MISSING[source.lang])}"

    def _code_heading(self) -> Picked:
        source = self._settled()
        target = self.topics[self.rng.choice(["backup", "door", "writing"]), source.lang]
        return source, f"{target.title}#{target.code_heading}"

    def _own_missing(self) -> Picked:
        source = self._settled()
        return source, "#" + self.rng.choice(MISSING[source.lang])


def to_translation(notes: list[Note], names: Names) -> bool:
    """Return whether a link in a text leads to the translation of its note."""
    topics = {note.file: note.topic for note in notes}
    book = Book(notes, names)
    for note in notes:
        for link in note.links:
            place = book.resolve(note, link)
            if place and place[0] != note.file and topics[place[0]] == note.topic:
                return True
    return False
