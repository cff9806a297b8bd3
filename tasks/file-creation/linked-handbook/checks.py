"""Judges the site by crawling it from its index, and the list of broken links.

A note's page is known by the sentence with its sheet number, a link by the words before it, a place by the heading that
begins there; file names, layout and styling are free. What each check rests on: pages - "one page for every published
note" and "by following links", for the notes that the logbook does not decide about; released, withheld - SYNTAX.md 2
to 5, for those it does; links, headings, renames - SYNTAX.md 8 to 12 and "former title"; broken, broken-log - 11, 13,
14 and the prompt's columns; no-dead-links - "No link in the site may lead nowhere" and rule 13; translations - rule 1
and "hreflang"; titles - "its title is the `<h1>`"; text - "as they stand in the note", rules 6 and 7;
drafts-kept-back - "nothing of them may be in `site/`". What depends on the logbook is judged apart, so that one note
misjudged does not cost the links of all others.
"""

import re
from collections.abc import Iterator
from typing import Any

from _linked_handbook_page import Page, Span, composed
from _linked_handbook_site import ROOT, Site, Target, crawl

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, passed, same_set

_DECORATION = " ¶#§🔗⚓"
_CODES = re.compile(rb"(?:HB|AN)-\d{5}")
_MOST_PLACES = 20
_LEAST_SHARE = 5


def pages_exact(ctx: Context) -> Verdict:
    """Judge whether each note has one page at most, and those the logbook does not decide about the right ones."""
    found = _site(ctx).notes()
    pages = _pages(ctx)
    names = {page["sheet"]: file for file, page in pages.items()}
    held = {sheet for sheet, _ in _held(ctx).values()}
    twice = [
        f"{names.get(sheet, sheet)}: {len(at)} pages" for sheet, at in sorted(found.items()) if len(at) > 1
    ]
    if twice:
        return failed("one page for every published note", "; ".join(twice[:5]))
    places = [at[0] for at in found.values()]
    if shared := sorted({place for place in places if places.count(place) > 1}):
        return failed("one page for every published note", f"several notes in {', '.join(shared[:5])}")
    right = {file for file, page in pages.items() if not page["by_log"]}
    given = {names.get(sheet, "a note not published") for sheet in found if sheet not in held}
    return same_set(right, {file for file in given if not pages.get(file, {}).get("by_log")}, "pages")


def released_present(ctx: Context) -> Verdict:
    """Judge whether each note that the logbook releases, or in the end leaves published, has its page."""
    homes = _homes(_site(ctx), _pages(ctx))
    wanted = {file for file, page in _pages(ctx).items() if page["by_log"]}
    if missing := sorted(wanted - homes.keys()):
        return failed(
            f"pages of {len(wanted)} notes in the logbook", f"{len(missing)} missing: {', '.join(missing)}"
        )
    return passed(f"{len(wanted)} pages, all there")


def withheld_absent(ctx: Context) -> Verdict:
    """Judge whether nothing is in the site of notes that the logbook withdraws or leaves unpublished."""
    homes = _homes(_site(ctx), _pages(ctx))
    _present(_pages(ctx), homes)
    shown = _codes(ctx)
    if leaks := sorted(file for file, codes in _held(ctx).items() if shown & set(codes)):
        return failed(
            "nothing of notes that are not published", f"{len(leaks)} in the site: {', '.join(leaks)}"
        )
    return passed("none of them is in the site")


def links_right(ctx: Context, group: str) -> Verdict:
    """Judge whether each link of a ``group`` (to notes, to headings, by former titles) leads to the right place.

    Links from or to a note that has no page are left to the checks of the pages, unless hardly any link remains.
    """
    site, pages = _site(ctx), _pages(ctx)
    homes = _homes(site, pages)
    wrong, total, judged = [], 0, 0
    for file, page in pages.items():
        for link in page["links"]:
            if link["kind"] == group:
                total += 1
                if file in homes and link["file"] in homes:
                    judged += 1
                    if problem := _misled(site, homes, file, link, pages):
                        wrong.append(f"{file}, [[{link['label']}]]: {problem}")
    if wrong or judged * _LEAST_SHARE < total:
        return failed(
            f"{total} links that lead to the right place",
            f"{judged} judged, {len(wrong)} wrong: {'; '.join(wrong[:5])}",
        )
    return passed(f"{judged} links, all right")


def broken_exact(ctx: Context, by_log: bool) -> Verdict:
    """Judge whether broken.csv has exactly the broken links; those that depend on the logbook are judged apart."""
    expected = _expected(ctx)
    rows = ctx.csv("broken.csv", ["source", "target"])
    known = {(source, _same(target)) for source, target in expected["log_rows"]}
    notes = set(expected["log_notes"]) - _pages(ctx).keys()
    right = {(source, _same(target)) for source, target in expected["broken"]}
    found = {(_file(row["source"]), _same(row["target"])) for row in rows}
    group = [
        {
            f"{source} -> {target}"
            for source, target in some
            if (source in notes or (source, target) in known) is by_log
        }
        for some in (right, found)
    ]
    return same_set(group[0], group[1], "broken links")


def no_dead_links(ctx: Context) -> Verdict:
    """Judge whether every link of the site leads somewhere in it and broken ones are plain text."""
    site, pages = _site(ctx), _pages(ctx)
    homes = _homes(site, pages)
    dead = list(_dead(site))
    found = site.notes()
    misjudged = {file for file, (sheet, _) in _held(ctx).items() if sheet in found}
    live = total = 0
    for file, page in pages.items():
        for link in page["links"]:
            spans = _spans(site.pages[homes[file]], link["lead"]) if file in homes else []
            if link["kind"] != "broken":
                total += 1
                live += any(spans)
            elif any(spans) and link["meant"] not in misjudged:
                dead.append(f"{file}: broken, yet a link: {link['label']}")
    if dead:
        return failed("no link that leads nowhere", f"{len(dead)}: {'; '.join(dead[:5])}")
    if live * 2 < total:
        return failed("the links of the notes are links", f"{live} of {total}")
    return passed(f"{live} links of notes, none leads nowhere")


def translations_mutual(ctx: Context) -> Verdict:
    """Judge whether each page has its language and leads to its translation, where both have pages."""
    site, pages = _site(ctx), _pages(ctx)
    homes = _homes(site, pages)
    found = site.notes()
    misjudged = {found[sheet][0] for sheet, _ in _held(ctx).values() if sheet in found}
    wrong = []
    for file, page in _present(pages, homes).items():
        name = homes[file]
        shown = site.pages[name]
        marked = [span for span in shown.links if span.hreflang]
        given = {(site.follow(name, span.value).name, _language(span.hreflang)) for span in marked}
        other = page["translation"]
        right = {(homes[other], pages[other]["lang"])} if other in homes else set()
        if {pair for pair in given if pair[0] not in (name, *misjudged)} != right:
            wrong.append(f"{file}: {len(given)} links to a translation, right: {other or 'none'}")
        elif _language(shown.lang) != page["lang"]:
            wrong.append(f"{file}: lang {shown.lang!r:.20}")
    if wrong:
        return failed(
            "each page with its language and translation", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}"
        )
    return passed(f"{len(pages)} pages, all right")


def titles_right(ctx: Context) -> Verdict:
    """Judge whether each page has the title of its note as main heading."""
    site, pages = _site(ctx), _pages(ctx)
    homes = _homes(site, pages)
    wrong = []
    for file, page in _present(pages, homes).items():
        shown = site.pages[homes[file]]
        mains = [_trim(shown.shown(span)) for span in shown.headings if span.value == "h1"]
        if page["title"] not in mains:
            wrong.append(f"{file}: {', '.join(mains[:2]) or 'none'}")
    if wrong:
        return failed(f"{len(pages)} titles as <h1>", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}")
    return passed(f"{len(pages)} titles, all right")


def text_intact(ctx: Context) -> Verdict:
    """Judge whether sentences with special characters, link texts and code are shown as written."""
    site, pages = _site(ctx), _pages(ctx)
    homes = _homes(site, pages)
    wrong = []
    for file, page in _present(pages, homes).items():
        wrong += [f"{file}: {lack}" for lack in _lacks(site.pages[homes[file]], page)]
    if wrong:
        return failed("text and code as in the notes", f"{len(wrong)} lost: {'; '.join(wrong[:5])}")
    return passed(f"the text of {len(pages)} pages is intact")


def drafts_kept_back(ctx: Context) -> Verdict:
    """Judge that no file of the site has anything of a draft that the logbook does not even decide about."""
    if _codes(ctx) & set(_expected(ctx)["secrets"]):
        return failed("nothing of notes that are not published", "some of a draft is in the site")
    return passed("no trace of them")


def _codes(ctx: Context) -> set[str]:
    """Return the sheet numbers and secrets in all files of the site."""

    def gather() -> set[str]:
        found: set[bytes] = set()
        for name in ctx.files(f"{ROOT}/**"):
            try:
                found |= set(_CODES.findall(ctx.bytes(name)))
            except CheckFailed:  # too large to be looked through
                continue
        return {code.decode() for code in found}

    return ctx.once("codes", gather)


def _present(pages: dict[str, Any], homes: dict[str, str]) -> dict[str, Any]:
    """Return the notes that have a page. Raises CheckFailed where most have none."""
    if len(homes) * 2 < len(pages):
        raise CheckFailed("pages of the published notes", f"{len(homes)} of {len(pages)}")
    return {file: page for file, page in pages.items() if file in homes}


def _held(ctx: Context) -> dict[str, list[str]]:
    return _expected(ctx)["held"]


def _site(ctx: Context) -> Site:
    """Return the site, crawled once for all checks: a hostile one may take the whole time that is allowed."""
    return ctx.once("site", lambda: crawl(ctx))


def _expected(ctx: Context) -> dict[str, Any]:
    return ctx.once("expected", lambda: ctx.expected("expected.json"))


def _pages(ctx: Context) -> dict[str, Any]:
    return _expected(ctx)["pages"]


def _homes(site: Site, pages: dict[str, Any]) -> dict[str, str]:
    """Return the site's page of each note that has one to itself; of several the first reached."""
    found = site.notes()
    places = [at[0] for at in found.values()]
    homes = {file: found[page["sheet"]][0] for file, page in pages.items() if page["sheet"] in found}
    return {file: place for file, place in homes.items() if places.count(place) == 1}


def _spans(page: Page, lead: str) -> list[Span | None]:
    """Return what begins behind each occurrence of the words before a link: a link, or None for plain text."""
    starts = {span.start: span for span in page.links if page.shown(span)}
    found: list[Span | None] = []
    place = page.text.find(lead)
    while place >= 0 and len(found) < _MOST_PLACES:
        end = place + len(lead)
        blank = page.text[end : end + 1] == " "
        found.append(starts.get(end + 1) if blank else starts.get(end))
        place = page.text.find(lead, end)
    return found


def _misled(site: Site, homes: dict[str, str], file: str, link: dict[str, Any], pages: dict[str, Any]) -> str:
    """Return what is wrong with a link, or an empty text."""
    home = homes[file]
    spans = [span for span in _spans(site.pages[home], link["lead"]) if span]
    if not spans:
        return "no link there"
    goal = homes[link["file"]]
    heading = None if link["heading"] is None else pages[link["file"]]["headings"][link["heading"]]
    number = 0 if heading is None else pages[link["file"]]["headings"][: link["heading"]].count(heading)
    for span in spans:
        target = site.follow(home, span.value)
        if target.name != goal or (heading is not None and not _begins(site, target, heading, number)):
            return f"leads elsewhere than {link['file']}" + ("" if heading is None else " and its heading")
    return ""


def _begins(site: Site, target: Target, heading: str, number: int) -> bool:
    """Return whether a link's fragment is at the heading of that text and number: in it, around it or just before."""
    page, place = site.pages[target.name], site.place(target)
    if place is None or not target.fragment:
        return False
    same = [s for s in page.headings if s.value != "h1" and _trim(page.shown(s)) == _trim(heading)]
    if len(same) <= number:
        return False
    span = same[number]
    before = place < span.start and not page.text[place : span.start].strip()
    return before or span.start <= place <= span.end


def _dead(site: Site) -> Iterator[str]:
    """Yield the links of all pages that lead to no file or to no place in it."""
    for name, page in site.pages.items():
        for href in dict.fromkeys(span.value for span in page.links):
            target = site.follow(name, href)
            if target.problem:
                yield f"{name}: {href:.80} {target.problem}"
            elif target.name in site.pages and site.place(target) is None:
                yield f"{name}: {href:.80} leads to no place in the page"


def _lacks(shown: Page, page: dict[str, Any]) -> Iterator[str]:
    """Yield what a page should show and does not."""
    links = [f"{link['lead']} {link['label']}" for link in page["links"]]
    for text in [*page["sentences"], *links]:
        if text not in shown.text:
            yield text
    blocks = [_lines(block) for block in shown.blocks]
    yield from (block.partition("\n")[0] for block in page["blocks"] if _lines(block) not in blocks)
    codes = [" ".join(code.split()) for code in shown.codes]
    yield from (code for code in page["inline"] if code not in codes)


def _lines(block: str) -> str:
    return "\n".join(line.rstrip() for line in block.strip("\n").split("\n")).rstrip()


def _trim(heading: str) -> str:
    return heading.strip(_DECORATION)


def _language(value: str) -> str:
    return value.strip().lower().replace("_", "-").partition("-")[0][:20]


def _same(target: str) -> str:
    """Return a target so that spellings that mean the same are equal."""
    text = composed(target).strip().removeprefix("[[").removesuffix("]]")
    return " ".join(text.split()).casefold()


def _file(source: str) -> str:
    return composed(source).replace("\\", "/").removeprefix("./").removeprefix("notes/")
