"""Reads the notes and builds the site as a careful author would, or with one of the slips the task is built around.

Parser and rules are its own and share no code with the generator, so that each proves the other.
"""

import csv
import html
import posixpath
import re
import shutil
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

INLINE = re.compile(r"`([^`]+)`|\[\[(.+?)\]\]|\*\*(.+?)\*\*|\*(.+?)\*")
FENCE = re.compile(r"(`{3,}|~{3,})(.*)")


@dataclass
class Note:
    """One note as read: its head and its blocks (kind, level, text)."""

    file: str
    head: dict[str, str]
    blocks: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        """Return the headings as shown."""
        return [text.replace("`", "") for kind, _, text in self.blocks if kind == "h"]


def _blocks(lines: list[str]) -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = []
    gathered: list[str] = []
    fence = ""
    code: list[str] = []

    def close() -> None:
        if gathered:
            found.append(("p", 0, " ".join(gathered)))
            gathered.clear()

    for line in lines:
        mark = FENCE.fullmatch(line)
        if fence:
            if mark and not mark[2].strip() and mark[1][0] == fence[0] and len(mark[1]) >= len(fence):
                found.append(("pre", 0, "\n".join(code)))
                fence, code = "", []
            else:
                code.append(line)
        elif mark:
            close()
            fence = mark[1]
        elif heading := re.fullmatch(r"(##+) (.*)", line):
            close()
            found.append(("h", len(heading[1]), heading[2].strip()))
        elif line.startswith("- "):
            close()
            found.append(("li", 0, line[2:]))
        elif line.strip():
            gathered.append(line.strip())
        else:
            close()
    close()
    return found


def read_notes(workspace: Path) -> dict[str, Note]:
    """Return all notes by file."""
    notes = {}
    root = workspace / "notes"
    for path in sorted(root.rglob("*.md")):
        lines = path.read_bytes().decode("utf-8").replace("\r\n", "\n").split("\n")
        end = lines.index("---", 1)
        head = {
            key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines[1:end])
        }
        file = path.relative_to(root).as_posix()
        notes[file] = Note(file, head, _blocks(lines[end + 1 :]))
    return notes


class Handbook:
    """The notes, and where their links lead; ``slips`` name what its author got wrong."""

    def __init__(self, workspace: Path, slips: frozenset[str] = frozenset()) -> None:
        self.workspace = workspace
        self.slips = slips
        self.notes = read_notes(workspace)
        public = {"published"} | ({"review"} if "review" in slips else set())
        self.public = [note for note in self.notes.values() if note.head["status"] in public]

    def _key(self, text: str) -> str:
        text = text if "forms" in self.slips else unicodedata.normalize("NFC", text)
        return text.strip() if "case" in self.slips else text.strip().casefold()

    def _names(self, note: Note, kind: str) -> list[str]:
        names = [note.head["title"]] if kind == "title" else note.head.get("aliases", "").split(";")
        return [self._key(name) for name in names if name.strip()]

    def _note(self, source: Note, name: str) -> Note | None:
        steps = [("own", "title"), ("own", "alias"), ("other", "title"), ("other", "alias")]
        if "titles-first" in self.slips:
            steps.sort(key=lambda step: step[1], reverse=True)
        if "aliases-first" in self.slips:
            steps = [steps[1], steps[0], steps[3], steps[2]]
        if "own-language-only" in self.slips:
            steps = steps[:2]
        for side, kind in steps:
            for note in self.notes.values():
                own = note.head["lang"] == source.head["lang"]
                if "language" not in self.slips and own is not (side == "own"):
                    continue
                if kind == "alias" and "alias" in self.slips:
                    continue
                if "fall-over" in self.slips and note not in self.public:
                    continue
                if self._key(name) in self._names(note, kind):
                    return note
        return None

    def follow(self, source: Note, target: str) -> tuple[Note, int | None] | None:
        """Return note and number of the heading (-1: one that is not there) a link leads to, or None."""
        name, mark, heading = target.partition("#")
        if not name.strip() and "own-page" in self.slips:
            return None
        note = self._note(source, name) if name.strip() else source
        if note is None or (note not in self.public and "drafts" not in self.slips):
            return None
        if not mark:
            return note, None
        shown = note.headings
        if "backticks" in self.slips:
            shown = [text for kind, _, text in note.blocks if kind == "h"]
        found = [i for i, text in enumerate(shown) if self._key(text) == self._key(heading)]
        if found:
            return note, found[-1 if "last-heading" in self.slips else 0]
        code = "\n".join(text for kind, _, text in note.blocks if kind == "pre")
        if "code-heading" in self.slips and self._key(f"## {heading}") in self._key(code).split("\n"):
            return note, -1
        return (note, -1) if "unchecked-heading" in self.slips else None

    def broken(self) -> list[tuple[str, str]]:
        """Return the rows of broken.csv."""
        rows: list[tuple[str, str]] = []
        for source in self.notes.values() if "draft-sources" in self.slips else self.public:
            for kind, _, text in source.blocks:
                links = [hit[2] for hit in INLINE.finditer(text) if hit[2]] if kind != "pre" else []
                if "code-links" in self.slips:
                    links = re.findall(r"\[\[(.+?)\]\]", text)
                targets = [link.partition("|")[0] for link in links]
                rows += [(source.file, target) for target in targets if self.follow(source, target) is None]
        return list(dict.fromkeys(rows))

    def partner(self, note: Note) -> Note | None:
        """Return the translation of a note that has a page."""
        if "one-sided" in self.slips:
            other = self.notes.get(note.head.get("translation", ""))
            return other if other in self.public else None
        for other in self.public:
            if note.head.get("translation") == other.file or other.head.get("translation") == note.file:
                return other
        return None


class Builder:
    """Writes pages in one of three styles: ``plain`` tree, ``folders`` with decoration, ``flat`` with old anchors."""

    def __init__(self, book: Handbook, style: str = "plain") -> None:
        self.book = book
        self.style = style
        self.root = book.workspace / "site"

    def page(self, note: Note) -> str:
        """Return the path of a note's page below the site."""
        stem = note.file.removesuffix(".md")
        if "title-files" in self.book.slips:
            return re.sub(r"\W+", "-", note.head["title"].lower()) + ".html"
        if self.style == "folders":
            return f"blätter/{stem}/index.html"
        return stem.replace("/", "_") + ".HTML" if self.style == "flat" else f"{stem}.html"

    def anchor(self, note: Note, number: int) -> str:
        """Return the id of a heading."""
        if number < 0:
            return "missing"
        heading = note.headings[number]
        if "collide" in self.book.slips:
            return re.sub(r"\W+", "-", heading.lower()).strip("-")
        if self.style == "folders":
            return f"{number}-ü-{re.sub(chr(92) + 's', '_', heading)}"
        return f"s{number}"

    def href(self, source: str, goal: Note, number: int | None) -> str:
        """Return a relative address, spelled as the style likes it."""
        page = self.page(goal)
        path = posixpath.relpath(page, posixpath.dirname(source) or ".")
        if "rooted" in self.book.slips:
            path = "/" + page
        fragment = "" if number is None else "#" + quote(self.anchor(goal, number))
        if self.style == "folders":
            return f"./{quote(path.removesuffix('index.html'))}?from=note{fragment}"
        if page == source and fragment:
            return fragment
        return path + fragment

    def inline(self, note: Note, text: str) -> str:
        """Return a text with its links, code and emphasis as HTML."""
        escape = (lambda some: some) if "unescaped" in self.book.slips else html.escape
        parts, place = [], 0
        for hit in INLINE.finditer(text):
            parts.append(escape(text[place : hit.start()]))
            place = hit.end()
            if hit[1]:
                code = hit[1]
                if "code-links" in self.book.slips:
                    code = re.sub(r"\[\[(.+?)\]\]", r"\1", code)
                parts.append(f"<code>{html.escape(code)}</code>")
            elif hit[2]:
                parts.append(self._link(note, hit[2], escape))
            elif hit[3]:
                parts.append(f"<strong>{escape(hit[3])}</strong>")
            else:
                parts.append(f"<em>{escape(hit[4])}</em>")
        return "".join([*parts, escape(text[place:])])

    def _link(self, note, written, escape):
        target, _, label = written.partition("|")
        shown = escape(label if label and "labels" not in self.book.slips else target)
        place = self.book.follow(note, target)
        if place is None:
            if "dead-broken" in self.book.slips:
                return f'<a href="missing.html">{shown}</a>'
            return f'<span class="broken">{shown}</span>'
        return f'<a href="{html.escape(self.href(self.page(note), *place))}">{shown}</a>'

    def _heading(self, note, level, text, number):
        name, shown = html.escape(self.anchor(note, number)), self.inline(note, text)
        if self.style == "folders":
            mark = f'<a class="mark" href="#{quote(self.anchor(note, number))}">¶</a>'
            return f'<section><h{level} id="{name}">{shown} {mark}</h{level}></section>'
        if self.style == "flat":
            return f"<A NAME='{name}'></A>\n<H{level}>{shown}</H{level}>"
        return f'<h{level} id="{name}">{shown}</h{level}>'

    def _entry(self, href, note):
        return f'<a href="{href}">{html.escape(note.head["title"])}</a>'

    def body(self, note: Note) -> str:
        """Return the article of a note."""
        rows, number = [], 0
        for kind, level, text in note.blocks:
            if kind == "h":
                rows.append(self._heading(note, level, text, number))
                number += 1
            elif kind == "pre":
                if "code-links" in self.book.slips:
                    text = re.sub(r"\[\[(.+?)\]\]", r"\1", text)
                rows.append(f"<pre><code>{html.escape(text)}\n</code></pre>")
            elif kind == "li":
                rows.append(f"<ul><li>{self.inline(note, text)}</li></ul>")
            else:
                rows.append(f"<p>{self.inline(note, text)}</p>")
        return "\n".join(rows)

    def whole(self, note: Note) -> str:
        """Return a page."""
        title = note.head["title"] if "unescaped" in self.book.slips else html.escape(note.head["title"])
        name, lang = self.page(note), note.head["lang"]
        home = posixpath.relpath("index.html", posixpath.dirname(name) or ".")
        switch = ""
        if other := self.book.partner(note):
            to = other.head["lang"]
            switch = f'<a rel="alternate" hreflang="{to}" href="{self.href(name, other, None)}">{to}</a>'
        side = ""
        if self.style == "folders":
            rows = [self._entry(self.href(name, one, None), one) for one in self.book.public]
            side = f"<!-- <a href='gone.html'> --><nav>{' · '.join(rows)}</nav>"
            side += "<script>if (1<2) { '<a href=x>' }</script>"
        return (
            f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>\n'
            f'<body>{side}<header><a href="{home}">Start</a> {switch}</header>\n<main><h1>{title}</h1>\n'
            f"{self.body(note)}\n</main></body></html>\n"
        )

    def write(self) -> None:
        """Write the site and broken.csv."""
        self.root.mkdir(exist_ok=True)
        for note in self.book.public:
            target = self.root / self.page(note)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.whole(note), "utf-8")
        rows = [f"<li>{self._entry(quote(self.page(note)), note)}</li>" for note in self.book.public]
        text = f"<title>Handbuch</title><h1>Handbuch</h1><ul>{''.join(rows)}</ul>"
        (self.root / "index.html").write_text(text, "utf-8")
        with (self.book.workspace / "broken.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("source", "target"), *self.book.broken()])


def rebuild(workspace: Path, style: str = "plain", *slips: str) -> Builder:
    """Build the site anew, in one style, with some slips."""
    shutil.rmtree(workspace / "site", ignore_errors=True)
    builder = Builder(Handbook(workspace, frozenset(slips)), style)
    builder.write()
    return builder
