"""Where a link leads by SYNTAX.md, and where it leads for a reader who missed one of its rules."""

import re
import unicodedata
from dataclasses import dataclass, field

#: What a reader missed, and which groups of answers change at least.
TRAPS: dict[str, set[str]] = {
    "alias": {"notes", "headings"},
    "forms": {"notes", "headings"},
    "case": {"notes", "headings"},
    "language": {"notes", "headings"},
    "titles-first": {"notes"},
    "aliases-first": {"notes"},
    "own-language-only": {"notes"},
    "fall-over": {"dead"},
    "drafts": {"broken-log", "dead"},
    "unchecked-heading": {"broken", "dead"},
    "code-heading": {"broken", "dead"},
    "last-heading": {"headings"},
    "own-page": {"headings", "broken"},
    "marks": {"headings"},
    "heading-link": {"headings", "broken"},
    "no-paths": {"headings", "broken"},
    "path-end": {"headings", "broken", "dead"},
    "draft-sources": {"broken", "broken-log"},
    "former": {"renames", "broken-log"},
    "former-first": {"notes"},
    "first-bearer": {"renames", "broken-log"},
    "proposed": {"broken-log", "dead"},
    "table-bar": {"notes", "broken"},
    "wrapped": {"notes", "broken"},
}
#: Those that change nothing else; the others may change more.
EXACT = {
    "titles-first", "heading-link", "path-end", "former", "first-bearer", "proposed", "table-bar", "wrapped",
}  # fmt: skip
_LINK = re.compile(r"\[\[([^]|]+)(?:\|([^]]+))?\]\]")
Place = tuple[str, int | None]


@dataclass(eq=False)
class Link:
    """One link: the target as written (composed), the text behind the bar, and the words around it.

    ``form``: where it stands: in a ``table``, a ``heading``, over a line end (``wrapped``) or just in the text.
    """

    target: str
    label: str | None
    lead: str = ""
    tail: str = ""
    form: str = ""


@dataclass
class Names:
    """Former titles by language: whose they are, whose a careless reader thinks, and those that were only proposed."""

    former: dict[str, dict[str, str]] = field(default_factory=dict)
    first: dict[tuple[str, str], str] = field(default_factory=dict)
    proposed: dict[str, "Note"] = field(default_factory=dict)


@dataclass(eq=False)
class Note:
    """One note, in composed Unicode; ``mac`` files are written decomposed."""

    file: str
    topic: str
    lang: str
    title: str
    aliases: list[str]
    status: str = "published"
    published: bool = True
    translation: str | None = None
    mac: bool = False
    crlf: bool = False
    sheet: str = ""
    secret: str = ""
    intro: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)
    code_heading: str | None = None
    links: list[Link] = field(default_factory=list)

    def written(self, text: str) -> str:
        """Return ``text`` with the code points that the file of this note has."""
        return unicodedata.normalize("NFD" if self.mac else "NFC", text)


def plain(heading: str, slips: frozenset[str] = frozenset()) -> str:
    """Return a heading as it is shown."""
    if "heading-link" not in slips:
        heading = _LINK.sub(lambda hit: hit[2] or hit[1], heading)
    return heading if "marks" in slips else heading.replace("`", "").replace("*", "")


class Book:
    """The notes with their names, indexed once for one reader: ``slips`` say what this reader missed."""

    def __init__(self, notes: list[Note], names: Names, slips: frozenset[str] = frozenset()) -> None:
        self.slips = slips
        self.names = names
        self.files = {note.file: note for note in notes}
        self.steps: dict[tuple[str, str], dict[str, Note]] = {}
        self._shown: dict[str, list[str]] = {}
        for note in notes:
            self._enter(note, "title", note.title)
            for alias in note.aliases:
                self._enter(note, "alias", alias)
        for lang, former in names.former.items():
            for name, file in former.items():
                file = names.first.get((lang, name), file) if "first-bearer" in slips else file
                self._enter(self.files[file], "former", name)
        if "proposed" in slips:
            for name, note in names.proposed.items():
                self._enter(note, "former", name)

    def _enter(self, note: Note, kind: str, name: str) -> None:
        if "fall-over" in self.slips and not note.published:
            return
        written = name if kind == "former" else note.written(name)
        lang = "" if "language" in self.slips else note.lang
        self.steps.setdefault((lang, kind), {}).setdefault(self.key(written), note)

    def key(self, text: str) -> str:
        """Return a name so that equal ones are equal."""
        text = text if "forms" in self.slips else unicodedata.normalize("NFC", text)
        return text if "case" in self.slips else text.casefold()

    def find(self, source: Note, name: str) -> Note | None:
        """Return the note of a name."""
        wanted = self.key(source.written(name))
        kinds = ["title", "alias", "former"]
        if "aliases-first" in self.slips:
            kinds = ["alias", "title", "former"]
        if "former-first" in self.slips:
            kinds = ["title", "former", "alias"]
        langs = [source.lang, {"de": "en", "en": "de"}[source.lang]]
        if "language" in self.slips:
            langs = [""]
        if "own-language-only" in self.slips:
            langs = langs[:1]
        steps = [(lang, kind) for lang in langs for kind in kinds]
        if "titles-first" in self.slips:
            steps.sort(key=lambda step: step[1] != "title")
        for lang, kind in steps:
            if kind in self.slips:
                continue
            if note := self.steps.get((lang, kind), {}).get(wanted):
                return note
        return None

    def heading(self, note: Note, source: Note, path: str) -> int | None:
        """Return the number of the heading that a path of headings means."""
        if note.file not in self._shown:
            shown = [plain(text, self.slips) for text, _ in note.sections]
            if "code-heading" in self.slips and note.code_heading:
                shown.append(note.code_heading)
            self._shown[note.file] = [self.key(note.written(text)) for text in shown]
        parts = [self.key(source.written(part)) for part in path.split("#")]
        if "no-paths" in self.slips:
            parts = ["#".join(parts)]
        if "path-end" in self.slips:
            parts = parts[-1:]
        at = -1
        for part in parts:
            found = [i for i, text in enumerate(self._shown[note.file]) if text == part and i > at]
            if not found:
                return 0 if "unchecked-heading" in self.slips else None
            at = found[-1 if "last-heading" in self.slips and len(parts) == 1 else 0]
        return at

    def resolve(self, source: Note, link: Link) -> Place | None:
        """Return the file and the number of the heading that a link leads to; None where it is broken."""
        target = link.target
        if "table-bar" in self.slips and link.form == "table" and link.label:
            target += "\\"
        if "wrapped" in self.slips and link.form == "wrapped":
            return None
        name, mark, heading = target.partition("#")
        if not name and "own-page" in self.slips:
            return None
        note = self.find(source, name) if name else source
        if note is None or not (note.published or "drafts" in self.slips):
            return None
        if not mark:
            return (note.file, None)
        number = self.heading(note, source, heading)
        return None if number is None else (note.file, number)

    def former(self, source: Note, target: str) -> bool:
        """Return whether a link uses a former title."""
        name = target.partition("#")[0]
        found = self.find(source, name)
        key = self.key(source.written(name))
        return found is not None and found not in (
            self.steps.get((lang, kind), {}).get(key) for lang in ("de", "en") for kind in ("title", "alias")
        )


def group_of(book: Book, source: Note, link: Link, touched: set[str]) -> tuple[str, bool]:
    """Return the group of links that a link belongs to if it works, and whether it depends on the logbook."""
    name = link.target.partition("#")[0]
    meant = book.find(source, name) if name else source
    former = book.former(source, link.target)
    by_log = former or source.file in touched or (meant is not None and meant.file in touched)
    kind = "renames" if former else "headings" if "#" in link.target else "notes"
    return kind, by_log or name in book.names.proposed


def answers(notes: list[Note], names: Names, slips: frozenset[str] = frozenset()) -> dict[str, dict]:
    """Return for a reader with ``slips`` where each link leads (``links``) and which are ``broken``."""
    book = Book(notes, names, slips)
    links: dict[tuple[str, str], Place] = {}
    broken: dict[tuple[str, str], bool] = {}
    for source in notes:
        for link in source.links:
            place = book.resolve(source, link)
            if place is not None and source.published:
                links[source.file, link.target] = place
            elif place is None and (source.published or "draft-sources" in slips):
                broken[source.file, link.target] = True
    return {"links": links, "broken": broken}


def lost(
    truth: dict[str, dict], answer: dict[str, dict], groups: dict[tuple[str, str], tuple[str, bool]]
) -> set[str]:
    """Return the groups in which a right link leads elsewhere, or the broken links differ (``dead``: one is a link)."""
    changed = {groups[key][0] for key, place in truth["links"].items() if answer["links"].get(key) != place}
    for key in truth["broken"].keys() ^ answer["broken"].keys():
        changed.add("broken-log" if groups[key][1] else "broken")
    if truth["broken"].keys() & answer["links"].keys():
        changed.add("dead")
    return changed
