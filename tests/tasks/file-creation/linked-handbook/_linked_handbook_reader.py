"""Reads the notes and builds the site as a careful author would, or with one of the slips the task is built around.

Parser and rules are its own and share no code with the generator, so that each proves the other.
"""

import posixpath
import re
import unicodedata
from pathlib import Path

from _linked_handbook_office import Office

INLINE = re.compile(
    r"(?s)\\([\[*|`])|(?<!`)(`+)(?!`)(.+?)(?<!`)\2(?!`)|\[\[(.+?)\]\]|\*\*(.+?)\*\*|\*(.+?)\*"
)
ONE_TICK = re.compile(r"(?s)\\([\[*|`])|(`)([^`]+)`|\[\[(.+?)\]\]|\*\*(.+?)\*\*|\*(.+?)\*")
FENCE = re.compile(r"(`{3,}|~{3,})(.*)")
BAR = re.compile(r"\\?\|")
CELL = re.compile(r"(?<!\\)\|")


def escape(text: str) -> str:
    """Return a text as HTML."""
    for sign, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(sign, f"&{name};")
    return text


def quote(path: str) -> str:
    """Return a path as it stands in an address."""
    return re.sub(
        r"[^\w./-]|[^\x00-\x7f]", lambda hit: "".join(f"%{byte:02X}" for byte in hit[0].encode()), path
    )


def cut(link: str) -> tuple[str, str]:
    """Return target and text of what stands between brackets."""
    target, *rest = BAR.split(link, maxsplit=1)
    return target, rest[0] if rest else ""


def _composed(head: dict[str, str]) -> dict[str, str]:
    return {key: unicodedata.normalize("NFC", value) for key, value in head.items()}


def shown(heading: str, brackets: bool = False) -> str:
    """Return a heading without its marks; with ``brackets`` links stay as written."""

    def plain(hit: re.Match[str]) -> str:
        if hit[4]:
            return hit[0] if brackets else cut(hit[4])[1] or cut(hit[4])[0]
        return hit[1] or hit[3] or hit[5] or hit[6]

    return INLINE.sub(plain, heading)


class Note:
    """One note as read: its head and its blocks (kind, level, text)."""

    def __init__(self, file: str, head: dict[str, str], blocks: list[tuple[str, int, str]]) -> None:
        self.file, self.head, self.blocks = file, head, blocks

    @property
    def raw(self) -> list[str]:
        """Return the headings as written."""
        return [text for kind, _, text in self.blocks if kind == "h"]

    @property
    def headings(self) -> list[str]:
        """Return the headings as shown."""
        return [shown(text) for text in self.raw]


def _blocks(lines: list[str]) -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = []
    gathered: list[str] = []
    fence = ""
    code: list[str] = []

    def close() -> None:
        if gathered:
            found.append(("p", 0, "\n".join(gathered)))
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
        elif line.startswith("|"):
            close()
            if not line.startswith("|--"):
                found.append(("tr", 0, line))
        elif line.strip():
            gathered.append(line.strip())
        else:
            close()
    close()
    return found


def read_notes(workspace: Path) -> dict[str, Note]:
    """Return all notes by file."""
    notes = {}
    for lang in ("de", "en"):
        for name in sorted(path.name for path in (workspace / "notes" / lang).iterdir()):
            lines = (workspace / "notes" / lang / name).read_text("utf-8").split("\n")
            end = lines.index("---", 1)
            head = {
                key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines[1:end])
            }
            notes[f"{lang}/{name}"] = Note(f"{lang}/{name}", head, _blocks(lines[end + 1 :]))
    return notes


class Handbook:
    """The notes, and where their links lead; ``slips`` name what its author got wrong."""

    def __init__(self, workspace: Path, slips: frozenset[str] = frozenset()) -> None:
        self.workspace = workspace
        self.slips = slips
        self.notes = read_notes(workspace)
        office = Office(workspace, {file: _composed(note.head) for file, note in self.notes.items()}, slips)
        public = office.published()
        self.public = [note for note in self.notes.values() if note.file in public]
        self.names: dict[tuple[str, str], dict[str, Note]] = {}
        former = {} if "former" in slips else office.former()
        for note in self.notes.values():
            if "fall-over" in slips and note not in self.public:
                continue
            mine = [
                name
                for (lang, name), file in former.items()
                if file == note.file and lang == note.head["lang"]
            ]
            aliases = note.head.get("aliases", "").split(";")
            for kind, names in (("title", [note.head["title"]]), ("alias", aliases), ("former", mine)):
                for name in names:
                    self.names.setdefault((note.head["lang"], kind), {}).setdefault(self._key(name), note)

    def _key(self, text: str) -> str:
        return " ".join(unicodedata.normalize("NFC", text).split()).casefold()

    def _note(self, source: Note, name: str) -> Note | None:
        sides = ["de", "en"] if source.head["lang"] == "de" else ["en", "de"]
        steps = [(side, kind) for side in sides for kind in ("title", "alias", "former")]
        if "titles-first" in self.slips:
            steps.sort(key=lambda step: step[1] != "title")
        found = (self.names.get(step, {}).get(self._key(name)) for step in steps)
        return next((note for note in found if note), None)

    def follow(self, source: Note, target: str) -> tuple[Note, int | None] | None:
        """Return note and number of the heading (-1: one that is not there) a link leads to, or None."""
        name, mark, heading = target.partition("#")
        note = self._note(source, name) if name.strip() else source
        if note is None or note not in self.public:
            return None
        if not mark:
            return note, None
        texts = [self._key(shown(text, "heading-link" in self.slips)) for text in note.raw]
        at = -1
        for part in heading.split("#")[-1:] if "path-end" in self.slips else heading.split("#"):
            if self._key(part) not in texts[at + 1 :]:
                return None
            at = texts.index(self._key(part), at + 1)
        return note, at

    def links(self, kind: str, text: str) -> list[str]:
        """Return the targets of the links in a block, as written."""
        if kind == "pre":
            return []
        found = [hit[4] for hit in (ONE_TICK if "ticks" in self.slips else INLINE).finditer(text) if hit[4]]
        if "wrapped" in self.slips:
            found = [link for link in found if "\n" not in link]
        if "table-bar" in self.slips:
            return [link.partition("|")[0] for link in found]
        return [" ".join(cut(link)[0].split()) for link in found]

    def broken(self) -> list[tuple[str, str]]:
        """Return the rows of broken.csv."""
        rows: list[tuple[str, str]] = []
        for source in self.public:
            for kind, _, text in source.blocks:
                targets = self.links(kind, text)
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
        if self.style == "folders":
            return f"blätter/{stem}/index.html"
        return stem.replace("/", "_") + ".HTML" if self.style == "flat" else f"{stem}.html"

    def anchor(self, note: Note, number: int) -> str:
        """Return the id of a heading."""
        heading = note.headings[number]
        if self.style == "folders":
            return f"{number}-ü-{re.sub(chr(92) + 's', '_', heading)}"
        return f"s{number}"

    def href(self, source: str, goal: Note, number: int | None) -> str:
        """Return a relative address, spelled as the style likes it."""
        page = self.page(goal)
        path = posixpath.relpath(page, posixpath.dirname(source) or ".")
        fragment = "" if number is None else "#" + quote(self.anchor(goal, number))
        if self.style == "folders":
            return f"./{quote(path.removesuffix('index.html'))}?from=note{fragment}"
        if page == source and fragment:
            return fragment
        return quote(path) + fragment

    def inline(self, note: Note, text: str) -> str:
        """Return a text with its links, code and emphasis as HTML."""
        parts, place = [], 0
        for hit in (ONE_TICK if "ticks" in self.book.slips else INLINE).finditer(text):
            parts.append(escape(text[place : hit.start()]))
            place = hit.end()
            if hit[1]:
                parts.append(escape(hit[1]))
            elif hit[2]:
                parts.append(f"<code>{escape(hit[3])}</code>")
            elif hit[4]:
                parts.append(self._link(note, hit[4]))
            elif hit[5]:
                parts.append(f"<strong>{escape(hit[5])}</strong>")
            else:
                parts.append(f"<em>{escape(hit[6])}</em>")
        return "".join([*parts, escape(text[place:])])

    def _link(self, note, written):
        if "wrapped" in self.book.slips and "\n" in written:
            return escape(f"[[{written}]]")
        target, label = cut(written)
        if "table-bar" in self.book.slips:
            target, _, label = written.partition("|")
        shown = escape(label or target)
        place = self.book.follow(note, target)
        if place is None:
            return f'<span class="broken">{shown}</span>'
        return f'<a href="{escape(self.href(self.page(note), *place))}">{shown}</a>'

    def _heading(self, note, level, text, number):
        name, shown = escape(self.anchor(note, number)), self.inline(note, text)
        if self.style == "folders":
            mark = f'<a class="mark" href="#{quote(self.anchor(note, number))}">¶</a>'
            return f'<section><h{level} id="{name}">{shown} {mark}</h{level}></section>'
        if self.style == "flat":
            return f"<A NAME='{name}'></A>\n<H{level}>{shown}</H{level}>"
        return f'<h{level} id="{name}">{shown}</h{level}>'

    def _entry(self, href, note):
        return f'<a href="{href}">{escape(note.head["title"])}</a>'

    def body(self, note: Note) -> str:
        """Return the article of a note."""
        rows, number = [], 0
        for kind, level, text in note.blocks:
            if kind == "h":
                rows.append(self._heading(note, level, text, number))
                number += 1
            elif kind == "pre":
                rows.append(f"<pre><code>{escape(text)}\n</code></pre>")
            elif kind == "tr":
                cells = "".join(
                    f"<td>{self.inline(note, cell.strip())}</td>" for cell in CELL.split(text)[1:-1]
                )
                rows.append(f"<table><tr>{cells}</tr></table>")
            elif kind == "li":
                rows.append(f"<ul><li>{self.inline(note, text)}</li></ul>")
            else:
                rows.append(f"<p>{self.inline(note, text)}</p>")
        return "\n".join(rows)

    def whole(self, note: Note) -> str:
        """Return a page."""
        title = escape(note.head["title"])
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
        made: set[Path] = set()
        for note in self.book.public:
            target = self.root / self.page(note)
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            target.write_text(self.whole(note), "utf-8")
        rows = [f"<li>{self._entry(quote(self.page(note)), note)}</li>" for note in self.book.public]
        text = f"<title>Handbuch</title><h1>Handbuch</h1><ul>{''.join(rows)}</ul>"
        (self.root / "index.html").write_text(text, "utf-8")
        write_rows(self.book.workspace, self.book.broken())


def write_rows(
    workspace: Path, rows: list[tuple[str, ...]], mark: str = ",", head: str = "source,target"
) -> None:
    """Write broken.csv."""
    lines = [head.replace(",", mark)]
    lines += [mark.join('"' + value.replace('"', '""') + '"' for value in row) for row in rows]
    (workspace / "broken.csv").write_text("".join(f"{line}\r\n" for line in lines), "utf-8", newline="")


def rebuild(workspace: Path, style: str = "plain", *slips: str) -> Builder:
    """Build the site anew, in one style, with some slips."""
    builder = Builder(Handbook(workspace, frozenset(slips)), style)
    builder.write()
    return builder
