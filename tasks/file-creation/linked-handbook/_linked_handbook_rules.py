"""Where a link leads by SYNTAX.md, and where it leads for a reader who missed one of its rules."""

import unicodedata
from dataclasses import dataclass, field

#: What a reader missed, and which groups of answers that must change (and no others).
TRAPS: dict[str, set[str]] = {
    "alias": {"notes", "headings", "broken"},
    "forms": {"notes", "headings", "broken"},
    "case": {"notes", "headings", "broken"},
    "language": {"notes", "headings", "broken", "dead"},
    "titles-first": {"notes"},
    "aliases-first": {"notes"},
    "own-language-only": {"notes", "broken"},
    "fall-over": {"broken", "dead"},
    "drafts": {"broken", "dead"},
    "review": {"broken", "dead"},
    "unchecked-heading": {"broken", "dead"},
    "code-heading": {"broken", "dead"},
    "last-heading": {"headings"},
    "own-page": {"headings", "broken"},
    "backticks": {"headings", "broken"},
    "draft-sources": {"broken"},
}
Place = tuple[str, int | None]


@dataclass
class Link:
    """One link: the target as written (composed), the text behind the bar, and the words around it."""

    target: str
    label: str | None
    lead: str = ""
    tail: str = ""


@dataclass
class Note:
    """One note, in composed Unicode; ``mac`` files are written decomposed."""

    file: str
    topic: str
    lang: str
    title: str
    aliases: list[str]
    status: str = "published"
    translation: str | None = None
    mac: bool = False
    crlf: bool = False
    sheet: str = ""
    secret: str = ""
    intro: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)
    code_heading: str | None = None
    links: list[Link] = field(default_factory=list)

    @property
    def published(self) -> bool:
        """Whether the note has a page."""
        return self.status == "published"

    def written(self, text: str) -> str:
        """Return ``text`` with the code points that the file of this note has."""
        return unicodedata.normalize("NFD" if self.mac else "NFC", text)


def plain(heading: str) -> str:
    """Return a heading as it is shown."""
    return heading.replace("`", "")


def _key(text: str, slips: frozenset[str]) -> str:
    text = text if "forms" in slips else unicodedata.normalize("NFC", text)
    return text if "case" in slips else text.casefold()


def _find(notes: list[Note], source: Note, name: str, slips: frozenset[str]) -> Note | None:
    wanted = _key(source.written(name), slips)
    steps = [(True, "title"), (True, "alias"), (False, "title"), (False, "alias")]
    if "titles-first" in slips:
        steps = [(True, "title"), (False, "title"), (True, "alias"), (False, "alias")]
    if "aliases-first" in slips:
        steps = [(True, "alias"), (True, "title"), (False, "alias"), (False, "title")]
    if "own-language-only" in slips:
        steps = steps[:2]
    for own, kind in steps:
        for note in notes:
            if kind == "alias" and "alias" in slips:
                continue
            if "language" not in slips and (note.lang == source.lang) is not own:
                continue
            if "fall-over" in slips and not note.published:
                continue
            names = [note.title] if kind == "title" else note.aliases
            if wanted in [_key(note.written(one), slips) for one in names]:
                return note
    return None


def _heading(note: Note, source: Note, heading: str, slips: frozenset[str]) -> int | None:
    wanted = _key(source.written(heading), slips)
    shown = [text if "backticks" in slips else plain(text) for text, _ in note.sections]
    if "code-heading" in slips and note.code_heading:
        shown.append(note.code_heading)
    found = [i for i, text in enumerate(shown) if _key(note.written(text), slips) == wanted]
    if not found:
        return 0 if "unchecked-heading" in slips else None
    return found[-1] if "last-heading" in slips else found[0]


def resolve(
    notes: list[Note], source: Note, target: str, slips: frozenset[str] = frozenset()
) -> Place | None:
    """Return the file and the number of the heading that a link leads to; None where it is broken."""
    name, mark, heading = target.partition("#")
    if not name and "own-page" in slips:
        return None
    note = _find(notes, source, name, slips) if name else source
    reachable = {"published"}
    reachable |= {"draft", "review"} if "drafts" in slips else {"review"} if "review" in slips else set()
    if note is None or note.status not in reachable:
        return None
    if not mark:
        return (note.file, None)
    number = _heading(note, source, heading, slips)
    return None if number is None else (note.file, number)


def answers(notes: list[Note], slips: frozenset[str] = frozenset()) -> dict[str, object]:
    """Return where the links of published notes lead, with and without heading, and the broken ones."""
    to_notes: dict[tuple[str, str], Place] = {}
    to_headings: dict[tuple[str, str], Place] = {}
    broken: set[tuple[str, str]] = set()
    for source in notes:
        for link in source.links:
            place = resolve(notes, source, link.target, slips)
            if place is None and (source.published or "draft-sources" in slips):
                broken.add((source.file, link.target))
            if place is not None and source.published:
                group = to_headings if "#" in link.target else to_notes
                group[source.file, link.target] = place
    return {"notes": to_notes, "headings": to_headings, "broken": broken}


def lost(truth: dict[str, object], answer: dict[str, object]) -> set[str]:
    """Return the groups in which a right link leads elsewhere, or the broken links differ (``dead``: one is a link)."""
    changed = {
        group
        for group in ("notes", "headings")
        if any(answer[group].get(key) != place for key, place in truth[group].items())
    }
    if truth["broken"] != answer["broken"]:
        changed.add("broken")
    if truth["broken"] & (answer["notes"].keys() | answer["headings"].keys()):
        changed.add("dead")
    return changed
