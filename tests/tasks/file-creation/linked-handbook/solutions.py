"""A careful author, two who build the site in another way, and one wrong site for every slip."""

import importlib
import re
import unicodedata
from pathlib import Path


def _reader():
    """Return the reader of notes, which the gate would otherwise load for every fault put into a finished site."""
    return importlib.import_module("_linked_handbook_reader")


def _rebuild(workspace, *style_and_slips):
    return _reader().rebuild(workspace, *style_and_slips)


def oracle(workspace: Path) -> str:
    """Convert all notes by the rules, one page beside the other."""
    _rebuild(workspace)
    return "The site is in site/, the broken links are in broken.csv."


def folders(workspace: Path) -> None:
    """Build one folder per page, with umlauts, queries, marks at headings, a menu and an index of two levels."""
    builder = _rebuild(workspace, "folders")
    index = builder.root / "index.html"
    (builder.root / "alle").mkdir()
    text = index.read_text("utf-8").replace('href="', 'href="../')
    (builder.root / "alle/index.html").write_text(text, "utf-8")
    outside = '<a href="https://example.com/">x</a>'
    index.write_text(f'<h1>Handbuch</h1><p><a href="./alle/">Alle Blätter</a> {outside}', "utf-8")
    rows = [(f"notes/{file}", target.upper(), "?") for file, target in builder.book.broken()]
    _reader().write_rows(workspace, rows[::-1], ";", "Source,Target,Note")


def flat(workspace: Path) -> None:
    """Build flat files with named anchors and decomposed text, Windows line ends and a mark of byte order."""
    builder = _rebuild(workspace, "flat")
    for path in builder.root.glob("*.HTML"):
        text = unicodedata.normalize("NFD", path.read_text("utf-8")).replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    _reader().write_rows(
        workspace, [(file, unicodedata.normalize("NFD", target)) for file, target in builder.book.broken()]
    )


def ignores_the_logbook(workspace: Path) -> None:
    """Trust the heads."""
    _rebuild(workspace, "plain", "log")


def trusts_everybody(workspace: Path) -> None:
    """Let decisions of people count who have none to make."""
    _rebuild(workspace, "plain", "standing")


def waits_for_nobody(workspace: Path) -> None:
    """Take conditions for met."""
    _rebuild(workspace, "plain", "agreed-anyway")


def overlooks_days(workspace: Path) -> None:
    """Let decisions for a later day count at once."""
    _rebuild(workspace, "plain", "days")


def forgets_the_last_word(workspace: Path) -> None:
    """Overlook that an entry holds after all."""
    _rebuild(workspace, "plain", "unvoid")


def keeps_mixed_up(workspace: Path) -> None:
    """Overlook that an entry meant another note."""
    _rebuild(workspace, "plain", "swap")


def obeys_quotes(workspace: Path) -> None:
    """Take a quoted line for a decision."""
    _rebuild(workspace, "plain", "quote")


def stand_in_for_ever(workspace: Path) -> None:
    """Let a stand-in decide on all days."""
    _rebuild(workspace, "plain", "stand-in-always")


def knows_no_former_titles(workspace: Path) -> None:
    """Overlook that notes were renamed."""
    _rebuild(workspace, "plain", "former")


def first_bearer(workspace: Path) -> None:
    """Give a former title to the note that had it first."""
    _rebuild(workspace, "plain", "first-bearer")


def last_bearer(workspace: Path) -> None:
    """Take a title in a decision for the note that had it last, not for the one that had it that day."""
    _rebuild(workspace, "plain", "today")


def takes_plans_for_done(workspace: Path) -> None:
    """Take a title that was only proposed for one that a note had."""
    _rebuild(workspace, "plain", "proposed")


def headings_as_written(workspace: Path) -> None:
    """Compare headings with the brackets of their links."""
    _rebuild(workspace, "plain", "heading-link")


def end_of_path(workspace: Path) -> None:
    """Look at the last part of a path of headings only."""
    _rebuild(workspace, "plain", "path-end")


def line_by_line(workspace: Path) -> None:
    """Overlook links that go over a line end."""
    _rebuild(workspace, "plain", "wrapped")


def bars_of_tables(workspace: Path) -> None:
    """Split links in tables at the bar alone."""
    _rebuild(workspace, "plain", "table-bar")


def single_ticks(workspace: Path) -> None:
    """Know code between single backticks only."""
    _rebuild(workspace, "plain", "ticks")


def searchable(workspace: Path) -> None:
    """Put a search index over all notes into the site."""
    oracle(workspace)
    texts = [path.read_text("utf-8") for path in sorted((workspace / "notes").rglob("*.md"))]
    (workspace / "site/search.json").write_text("\n".join(texts), "utf-8")


def stuffer(workspace: Path) -> str:
    """Put all notes into one page and list every link as broken."""
    site = workspace / "site"
    site.mkdir()
    files = sorted((workspace / "notes").rglob("*.md"))
    texts = [path.read_text("utf-8") for path in files]
    blocks = "".join(f"<pre>{text}</pre>" for text in texts)
    (site / "index.html").write_text(f"<h1>Handbuch Team Laser</h1>{blocks}", "utf-8")
    rows = []
    for path, text in zip(files, texts, strict=True):
        rows += [(path.name, link) for link in re.findall(r"\[\[(.+?)\]\]", text)]
    _reader().write_rows(workspace, rows)
    return "All pages, headings and translations are linked; broken.csv lists the broken links."


# -- one fault in a finished site ------------------------------------------------------------------


def _edit(workspace, wanted, change):
    """Change the first page that has something wanted."""
    for path in sorted((workspace / "site").rglob("*/*.html")):
        text = path.read_text("utf-8")
        if re.search(wanted, text):
            path.write_text(re.sub(wanted, change, text, count=1), "utf-8")
            return
    raise AssertionError(f"no page has {wanted}")


def _same(text):
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def _names(workspace):
    """Return all titles and other names that notes have now."""
    heads = [note.head for note in _reader().read_notes(workspace).values()]
    return {_same(name) for head in heads for name in (head["title"], *head.get("aliases", "").split(";"))}


def _turned(workspace, fits, number):
    """Turn the first link that fits (by target and place) to another heading of its note, or to the index."""
    builder = _reader().Builder(_reader().Handbook(workspace))
    for note in builder.book.public:
        for kind, _, text in note.blocks:
            for written in re.findall(r"\[\[(.+?)\]\]", text) if kind == "p" and "`" not in text else ():
                target, _, label = written.partition("|")
                place = builder.book.follow(note, target)
                if not place or place[0] is note or not fits(target, place):
                    continue
                page = builder.page(note)
                old = f'<a href="{builder.href(page, *place)}">{_reader().escape(label or target)}</a>'
                new = number and builder.href(page, place[0], 1 - min(place[1], 1))
                path = builder.root / page
                html = path.read_text("utf-8")
                turned = re.sub('".*"', f'"{new or "../index.html"}"', old)
                path.write_text(html.replace(old, turned, 1), "utf-8")
                return
    raise AssertionError("no such link")


def _every_candidate(workspace, pattern):
    """Repeat the words before each link of one kind in front of links to two other places."""
    for path in sorted((workspace / "site").glob("*/*.html")):
        text = path.read_text("utf-8")
        hits = re.findall(rf'>([^<>]+)<a href="{pattern}">', text)
        more = "".join(
            f'<p>{lead}<a href="../index.html">x</a> {lead}<a href="{path.name}">x</a></p>' for lead in hits
        )
        path.write_text(text.replace("</main>", f"{more}</main>"), "utf-8")


def links_everywhere(workspace: Path, turn: int = 1) -> None:
    """Let the words before a link stand several times, each time before another candidate."""
    _every_candidate(workspace, '[^"]+')


def one_link_elsewhere(workspace: Path, turn: int = 1) -> None:
    """Let one link to a note lead to the index."""
    _turned(workspace, lambda target, place: target == place[0].head["title"], False)


def one_heading_elsewhere(workspace: Path, turn: int = 1) -> None:
    """Let one link lead to another heading of its note."""
    _turned(
        workspace, lambda target, place: target.partition("#")[0] == place[0].head["title"] != target, True
    )


def one_renamed_elsewhere(workspace: Path, turn: int = 1) -> None:
    """Let one link by a former title lead to the index."""
    now = _names(workspace)
    _turned(workspace, lambda target, place: "#" not in target and _same(target) not in now, False)


def released_lost(workspace: Path, turn: int = 1) -> None:
    """Leave out the pages of all notes that were no drafts."""
    book = _reader().Handbook(workspace)
    site = workspace / "site"
    for note in book.public:
        if note.head["status"] == "review":
            gone = note.file.removesuffix(".md") + ".html"
            (site / gone).unlink()
            for path in [site / "index.html", *site.glob("*/*.html")]:
                href = gone.rpartition("/")[2] if path.parent.name == note.head["lang"] else gone
                text = path.read_text("utf-8")
                text = re.sub(rf'<a [^>]*href="(?:\.\./)?{re.escape(href)}[^>]*>(.*?)</a>', r"\1", text)
                path.write_text(text, "utf-8")


def draft_page(workspace: Path, turn: int = 1) -> None:
    """Add the pages of all notes that are not published."""
    builder = _reader().Builder(_reader().Handbook(workspace))
    index = builder.root / "index.html"
    more = ""
    for note in builder.book.notes.values():
        if note not in builder.book.public:
            (builder.root / builder.page(note)).write_text(f"<h1>x</h1>{builder.body(note)}", "utf-8")
            more += f'<a href="{builder.page(note)}">x</a>'
    index.write_text(index.read_text("utf-8") + more, "utf-8")


def page_twice(workspace: Path, turn: int = 1) -> None:
    """Publish one note a second time."""
    site = workspace / "site"
    first = next(iter(sorted((site / "de").glob("*.html"))))
    (site / "de/team-copy.html").write_bytes(first.read_bytes())
    index = site / "index.html"
    index.write_text(index.read_text("utf-8") + '<a href="de/team-copy.html">x</a>', "utf-8")


def _without_row(workspace, wanted):
    rows = _reader().Handbook(workspace).broken()
    rows.remove(next(row for row in rows if wanted(row)))
    _reader().write_rows(workspace, rows)


def one_row_lost(workspace: Path, turn: int = 1) -> None:
    """Leave out one link to a heading that there is not, in a note of which the logbook does not speak."""
    log = _same((workspace / "logbook.md").read_text("utf-8"))
    _without_row(workspace, lambda row: "#" in row[1][1:] and _same(row[1].partition("#")[0]) not in log)


def one_row_of_the_log_lost(workspace: Path, turn: int = 1) -> None:
    """Leave out one link that is broken by what the logbook decides."""
    without = _reader().Handbook(workspace, frozenset(["log"])).broken()
    _without_row(workspace, lambda row: row not in without)


def note_touched(workspace: Path, turn: int = 1) -> None:
    """Add a line end to a note."""
    note = workspace / "notes/de/keramik.md"
    note.write_bytes(note.read_bytes() + b"\n")


def one_dead_link(workspace: Path, turn: int = 1) -> None:
    """Add a link to a page that is not there."""
    _edit(workspace, "</main>", '<a href="impressum.html">Impressum</a></main>')


def broken_one_linked(workspace: Path, turn: int = 1) -> None:
    """Make a link of one broken one."""
    _edit(workspace, r'<span class="broken">(.*?)</span>', r'<a href="../index.html">\1</a>')


def one_translation_lost(workspace: Path, turn: int = 1) -> None:
    """Leave out a link to a translation."""
    _edit(workspace, r'<a rel="alternate".*?</a>', "")


def one_title_cut(workspace: Path, turn: int = 1) -> None:
    """Cut a title at its special character."""
    _edit(workspace, r"<h1>([^<]*?) &amp;[^<]*</h1>", r"<h1>\1</h1>")


def one_block_escaped_twice(workspace: Path, turn: int = 1) -> None:
    """Escape a code block twice."""
    _edit(workspace, r"(<pre><code>[^<]*?)&amp;", r"\1&amp;amp;")


ALTERNATIVES = [folders, flat]
_OFF = {"withheld", "broken-log"}
_ON = {"released", "broken-log"}
WRONG = {
    ignores_the_logbook: _ON | _OFF,
    trusts_everybody: _ON | _OFF,
    waits_for_nobody: _ON | _OFF,
    overlooks_days: _ON | _OFF,
    forgets_the_last_word: _OFF,
    keeps_mixed_up: _ON | _OFF,
    obeys_quotes: _OFF,
    stand_in_for_ever: _ON | _OFF,
    knows_no_former_titles: {"renames", "broken-log"},
    first_bearer: {"renames", "broken-log"},
    last_bearer: {"pages", "withheld", "broken", "broken-log"},
    takes_plans_for_done: {"broken-log", "no-dead-links"},
    headings_as_written: {"headings", "broken"},
    end_of_path: {"headings", "broken", "no-dead-links"},
    line_by_line: {"links", "broken", "text"},
    bars_of_tables: {"links", "broken"},
    single_ticks: {"broken", "text"},
    searchable: {"withheld", "drafts-kept-back"},
}
MUTATIONS = {
    draft_page: {"pages", "withheld", "drafts-kept-back"},
    page_twice: {"pages"},
    released_lost: {"released"},
    links_everywhere: {"links", "headings", "renames"},
    one_link_elsewhere: {"links"},
    one_heading_elsewhere: {"headings"},
    one_renamed_elsewhere: {"renames"},
    one_row_lost: {"broken"},
    one_row_of_the_log_lost: {"broken-log"},
    note_touched: {"inputs-unchanged"},
    one_dead_link: {"no-dead-links"},
    broken_one_linked: {"no-dead-links"},
    one_translation_lost: {"translations"},
    one_title_cut: {"titles"},
    one_block_escaped_twice: {"text"},
}
