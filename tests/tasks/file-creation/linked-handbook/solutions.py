"""A careful author, two who build the site in another way, and one wrong site for every slip."""

import csv
import re
import unicodedata
from pathlib import Path

from _linked_handbook_reader import Builder as _Builder
from _linked_handbook_reader import Handbook as _Handbook
from _linked_handbook_reader import rebuild as _rebuild


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
    _write_rows(
        workspace, [(f"notes/{file}", target.upper(), "?") for file, target in _rows(workspace)][::-1], ";"
    )


def flat(workspace: Path) -> None:
    """Build flat files with named anchors and decomposed text, Windows line ends and a mark of byte order."""
    builder = _rebuild(workspace, "flat")
    for path in builder.root.glob("*.HTML"):
        text = unicodedata.normalize("NFD", path.read_text("utf-8")).replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    rows = [(file, unicodedata.normalize("NFD", target), "") for file, target in _rows(workspace)]
    _write_rows(workspace, rows, ",")


def _rows(workspace):
    with (workspace / "broken.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["source"], row["target"]) for row in csv.DictReader(stream)]


def _write_rows(workspace, rows, delimiter=","):
    with (workspace / "broken.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows([("Source", "Target", "Note"), *rows])


def skips_aliases(workspace: Path) -> None:
    """Look at titles only."""
    _rebuild(workspace, "plain", "alias")


def compares_bytes(workspace: Path) -> None:
    """Take the two spellings of an umlaut for different letters."""
    _rebuild(workspace, "plain", "forms")


def minds_case(workspace: Path) -> None:
    """Compare names with their case."""
    _rebuild(workspace, "plain", "case")


def ignores_language(workspace: Path) -> None:
    """Take the first note of a name, whatever its language."""
    _rebuild(workspace, "plain", "language")


def all_titles_first(workspace: Path) -> None:
    """Prefer a title of the other language to an alias."""
    _rebuild(workspace, "plain", "titles-first")


def aliases_first(workspace: Path) -> None:
    """Prefer aliases to titles."""
    _rebuild(workspace, "plain", "aliases-first")


def own_language_only(workspace: Path) -> None:
    """Never look into the other language."""
    _rebuild(workspace, "plain", "own-language-only")


def drops_drafts_first(workspace: Path) -> None:
    """Search among published notes only, so that links move on to the other language."""
    _rebuild(workspace, "plain", "fall-over")


def links_to_drafts(workspace: Path) -> None:
    """Link to pages that do not exist, as their notes are not published."""
    _rebuild(workspace, "plain", "drafts")


def publishes_reviews(workspace: Path) -> None:
    """Hold back drafts only."""
    _rebuild(workspace, "plain", "review")


def trusts_headings(workspace: Path) -> None:
    """Never look whether a heading is there."""
    _rebuild(workspace, "plain", "unchecked-heading")


def headings_in_code(workspace: Path) -> None:
    """Take comments in code for headings."""
    _rebuild(workspace, "plain", "code-heading")


def last_heading(workspace: Path) -> None:
    """Lead to the last of two equal headings."""
    _rebuild(workspace, "plain", "last-heading")


def no_own_headings(workspace: Path) -> None:
    """Take links within a page for broken."""
    _rebuild(workspace, "plain", "own-page")


def keeps_backticks(workspace: Path) -> None:
    """Compare headings with their backticks."""
    _rebuild(workspace, "plain", "backticks")


def lists_drafts_links(workspace: Path) -> None:
    """List the broken links of drafts, too."""
    _rebuild(workspace, "plain", "draft-sources")


def links_in_code(workspace: Path) -> None:
    """Treat brackets in code as links."""
    _rebuild(workspace, "plain", "code-links")


def never_escapes(workspace: Path) -> None:
    """Write titles and text into the pages as they are."""
    _rebuild(workspace, "plain", "unescaped")


def one_sided(workspace: Path) -> None:
    """Link translations only where the note itself names them."""
    _rebuild(workspace, "plain", "one-sided")


def ignores_labels(workspace: Path) -> None:
    """Show the target instead of the text of a link."""
    _rebuild(workspace, "plain", "labels")


def slugs_collide(workspace: Path) -> None:
    """Give headings that differ in a sign the same anchor."""
    _rebuild(workspace, "plain", "collide")


def files_by_title(workspace: Path) -> None:
    """Name pages by title, so that equal titles overwrite each other."""
    _rebuild(workspace, "plain", "title-files")


def links_broken_ones(workspace: Path) -> None:
    """Make links of the broken ones, too."""
    _rebuild(workspace, "plain", "dead-broken")


def links_from_the_root(workspace: Path) -> None:
    """Write all links as if the site lay at the root of a server."""
    _rebuild(workspace, "plain", "rooted")


def searchable(workspace: Path) -> None:
    """Put a search index over all notes into the site."""
    oracle(workspace)
    texts = [path.read_text("utf-8") for path in sorted((workspace / "notes").rglob("*.md"))]
    (workspace / "site/search.json").write_text("\n".join(texts), "utf-8")


def mends_a_note(workspace: Path) -> None:
    """Do the job and repair a link in the notes."""
    oracle(workspace)
    note = workspace / "notes/de/team.md"
    note.write_bytes(note.read_bytes() + b"\n")


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
        rows += [(path.name, link, "") for link in re.findall(r"\[\[(.+?)\]\]", text)]
    _write_rows(workspace, rows)
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


def _linked(workspace, heading):
    """Return a builder with the first link of a note to another note, with or without a heading."""
    builder = _Builder(_Handbook(workspace))
    for note in builder.book.public:
        for kind, _, text in note.blocks:
            for written in re.findall(r"\[\[(.+?)\]\]", text) if kind == "p" and "`" not in text else ():
                place = builder.book.follow(note, written.partition("|")[0])
                if place and place[0] is not note and (place[1] is not None) is heading:
                    return builder, note, place
    raise AssertionError("no such link")


def _every_candidate(workspace, pattern):
    """Repeat the words before each link of one kind in front of links to two other places."""
    for path in sorted((workspace / "site").glob("*/*.html")):
        text = path.read_text("utf-8")
        hits = re.findall(rf'>([^<>]+)<a href="{pattern}">', text)
        more = "".join(f'<p>{lead}<a href="../index.html">x</a> {lead}<a href="{path.name}">x</a></p>' for lead in hits)
        path.write_text(text.replace("</main>", f"{more}</main>"), "utf-8")


def every_note_offered(workspace: Path, turn: int = 1) -> None:
    """Let the words before a link stand several times, each time before another candidate."""
    _every_candidate(workspace, '[^"#]+')


def every_heading_offered(workspace: Path, turn: int = 1) -> None:
    """Do the same where a link has a heading."""
    _every_candidate(workspace, '[^"]*#[^"]+')


def _lead_elsewhere(workspace, heading):
    builder, note, (goal, number) = _linked(workspace, heading)
    path = builder.root / builder.page(note)
    old = builder.href(builder.page(note), goal, number)
    new = "../index.html" if number is None else builder.href(builder.page(note), goal, 1 - min(number, 1))
    text = path.read_text("utf-8")
    path.write_text(re.sub(f'(?<!hreflang="..") href="{re.escape(old)}"', f' href="{new}"', text), "utf-8")


def one_link_elsewhere(workspace: Path, turn: int = 1) -> None:
    """Let one link lead to the index."""
    _lead_elsewhere(workspace, False)


def one_heading_elsewhere(workspace: Path, turn: int = 1) -> None:
    """Let one link lead to another heading of its note."""
    _lead_elsewhere(workspace, True)


def draft_page(workspace: Path, turn: int = 1) -> None:
    """Add the page of one note that is not published."""
    builder = _Builder(_Handbook(workspace))
    hidden = next(note for note in builder.book.notes.values() if note not in builder.book.public)
    (builder.root / builder.page(hidden)).write_text(f"<h1>x</h1>{builder.body(hidden)}", "utf-8")
    index = builder.root / "index.html"
    index.write_text(index.read_text("utf-8") + f'<a href="{builder.page(hidden)}">x</a>', "utf-8")


def page_twice(workspace: Path, turn: int = 1) -> None:
    """Publish one note a second time."""
    site = workspace / "site"
    copy = (site / "de/team-copy.html", next(iter(sorted((site / "de").glob("*.html")))))
    copy[0].write_bytes(copy[1].read_bytes())
    (site / "index.html").write_text(
        (site / "index.html").read_text("utf-8") + '<a href="de/team-copy.html">x</a>', "utf-8"
    )


def hidden_leftover(workspace: Path, turn: int = 1) -> None:
    """Leave a note that is not published in the site, where no link leads to it."""
    book = _Handbook(workspace)
    hidden = next(note for note in book.notes.values() if note not in book.public)
    source = workspace / "notes" / hidden.file
    (workspace / "site/old.bak").write_bytes(source.read_bytes())


def row_dropped(workspace: Path, turn: int = 1) -> None:
    """Leave out one broken link."""
    _write_rows(workspace, [(*row, "") for row in _rows(workspace)[1:]])


def row_added(workspace: Path, turn: int = 1) -> None:
    """List a link that works."""
    _write_rows(workspace, [(*row, "") for row in [*_rows(workspace), ("de/team.md", "Laser")]])


def row_of_other_note(workspace: Path, turn: int = 1) -> None:
    """Put one broken link down to another note."""
    first, *others = _rows(workspace)
    _write_rows(workspace, [("de/team.md" if first[0] != "de/team.md" else "en/keys.md", first[1], "")]
                + [(*row, "") for row in others])  # fmt: skip


def one_dead_link(workspace: Path, turn: int = 1) -> None:
    """Add a link to a page that is not there."""
    _edit(workspace, "</main>", '<a href="impressum.html">Impressum</a></main>')


def one_dead_place(workspace: Path, turn: int = 1) -> None:
    """Add a link to a place that is not there."""
    _edit(workspace, "</main>", '<a href="#nach-oben">oben</a></main>')


def leads_out(workspace: Path, turn: int = 1) -> None:
    """Link to the source of a note."""
    _edit(workspace, "</main>", '<a href="../../notes/de/team.md">Quelle</a></main>')


def from_the_root(workspace: Path, turn: int = 1) -> None:
    """Link from the root of the server."""
    _edit(workspace, "</main>", '<a href="/index.html">Start</a></main>')


def broken_one_linked(workspace: Path, turn: int = 1) -> None:
    """Make a link of one broken one."""
    _edit(workspace, r'<span class="broken">(.*?)</span>', r'<a href="../index.html">\1</a>')


def translation_lost(workspace: Path, turn: int = 1) -> None:
    """Leave out one link to a translation."""
    _edit(workspace, r'<a rel="alternate".*?</a>', "")


def wrong_language(workspace: Path, turn: int = 1) -> None:
    """Declare the wrong language on one page."""
    _edit(workspace, '<html lang="de">', '<html lang="en">')


def title_cut(workspace: Path, turn: int = 1) -> None:
    """Cut one title at its special character."""
    _edit(workspace, r"<h1>([^<]*?) &amp;[^<]*</h1>", r"<h1>\1</h1>")


def escaped_twice(workspace: Path, turn: int = 1) -> None:
    """Escape one code block twice."""
    _edit(workspace, r"(<pre><code>[^<]*?)&amp;", r"\1&amp;amp;")


def label_changed(workspace: Path, turn: int = 1) -> None:
    """Show another text for one broken link."""
    _edit(workspace, r'(<span class="broken">).*?(</span>)', r"\1?\2")


ALTERNATIVES = [folders, flat]
_LOST = {"links", "headings", "broken"}
_TEXTS = {"translations", "titles", "text"}
WRONG = {
    skips_aliases: _LOST,
    compares_bytes: _LOST,
    minds_case: _LOST,
    ignores_language: {*_LOST, "no-dead-links"},
    all_titles_first: {"links"},
    aliases_first: {"links"},
    own_language_only: {"links", "broken"},
    drops_drafts_first: {"broken", "no-dead-links"},
    links_to_drafts: {"broken", "no-dead-links"},
    publishes_reviews: {"pages", "broken", "no-dead-links", "translations", "drafts-kept-back"},
    trusts_headings: {"broken", "no-dead-links"},
    headings_in_code: {"broken", "no-dead-links"},
    last_heading: {"headings"},
    no_own_headings: {"headings", "broken"},
    keeps_backticks: {"headings", "broken"},
    lists_drafts_links: {"broken"},
    links_in_code: {"broken", "text"},
    never_escapes: {"text"},
    one_sided: {"translations"},
    ignores_labels: {"text"},
    slugs_collide: {"headings"},
    files_by_title: {"pages", "links", "headings", *_TEXTS},
    links_broken_ones: {"no-dead-links"},
    links_from_the_root: {"no-dead-links"},
    searchable: {"drafts-kept-back"},
    mends_a_note: {"inputs-unchanged"},
}
MUTATIONS = {
    draft_page: {"pages", "drafts-kept-back"},
    page_twice: {"pages"},
    hidden_leftover: {"drafts-kept-back"},
    every_note_offered: {"links"},
    every_heading_offered: {"headings"},
    one_link_elsewhere: {"links"},
    one_heading_elsewhere: {"headings"},
    row_dropped: {"broken"},
    row_added: {"broken"},
    row_of_other_note: {"broken"},
    one_dead_link: {"no-dead-links"},
    one_dead_place: {"no-dead-links"},
    leads_out: {"no-dead-links"},
    from_the_root: {"no-dead-links"},
    broken_one_linked: {"no-dead-links"},
    translation_lost: {"translations"},
    wrong_language: {"translations"},
    title_cut: {"titles"},
    escaped_twice: {"text"},
    label_changed: {"text"},
}
