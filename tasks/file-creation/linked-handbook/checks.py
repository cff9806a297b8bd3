"""Judges the site by crawling it from its index, and the list of broken links.

A note's page is known by the sentence with its sheet number, a link by the words before it, a place by the heading that
begins there; file names, layout and styling are free. What each check rests on: pages - "one page for every published
note" and "by following links"; links, headings - SYNTAX.md 4 to 7; broken - 6, 8, 9 and the prompt's columns;
no-dead-links - "No link in the site may lead nowhere" and rule 8; translations - rule 2 and "hreflang"; titles - "its
title is the `<h1>`"; text - "as it stands in the note", rule 3; drafts-kept-back - "nothing of them may be in `site/`".
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


def pages_exact(ctx: Context) -> Verdict:
    """Judge whether exactly the published notes have pages, one each, within reach of the index."""
    found = _site(ctx).notes()
    names = {page["sheet"]: file for file, page in _pages(ctx).items()}
    twice = [
        f"{names.get(sheet, sheet)}: {len(at)} pages" for sheet, at in sorted(found.items()) if len(at) > 1
    ]
    if twice:
        return failed("one page for every published note", "; ".join(twice[:5]))
    places = [at[0] for at in found.values()]
    if shared := sorted({place for place in places if places.count(place) > 1}):
        return failed("one page for every published note", f"several notes in {', '.join(shared[:5])}")
    return same_set(
        set(names.values()), {names.get(sheet, "a note not published") for sheet in found}, "pages"
    )


def links_right(ctx: Context, group: str) -> Verdict:
    """Judge whether each link of a ``group`` (to notes, or to headings) leads to the right place."""
    site, pages = _site(ctx), _pages(ctx)
    homes = _homes(site, pages)
    wrong, total = [], 0
    for file, page in pages.items():
        for link in page["links"]:
            if link["kind"] == group:
                total += 1
                if problem := _misled(site, homes, homes.get(file), link, pages):
                    wrong.append(f"{file}, [[{link['label']}]]: {problem}")
    if wrong:
        return failed(
            f"{total} links that lead to the right place", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}"
        )
    return passed(f"{total} links, all right")


def broken_exact(ctx: Context) -> Verdict:
    """Judge whether broken.csv has exactly the broken links of the published notes."""
    rows = ctx.csv("broken.csv", ["source", "target"])
    right = {(source, _same(target)) for source, target in ctx.expected("expected.json")["broken"]}
    found = {(_file(row["source"]), _same(row["target"])) for row in rows}
    return same_set({" -> ".join(one) for one in right}, {" -> ".join(one) for one in found}, "broken links")


def no_dead_links(ctx: Context) -> Verdict:
    """Judge whether every link of the site leads somewhere in it and broken ones are plain text."""
    site, pages = _site(ctx), _pages(ctx)
    homes = _homes(site, pages)
    dead = list(_dead(site))
    live = total = 0
    for file, page in pages.items():
        for link in page["links"]:
            spans = _spans(site.pages[homes[file]], link["lead"]) if file in homes else []
            if link["kind"] != "broken":
                total += 1
                live += any(spans)
            elif any(spans):
                dead.append(f"{file}: broken, yet a link: {link['label']}")
    if dead:
        return failed("no link that leads nowhere", f"{len(dead)}: {'; '.join(dead[:5])}")
    if live * 2 < total:
        return failed("the links of the notes are links", f"{live} of {total}")
    return passed(f"{live} links of notes, none leads nowhere")


def translations_mutual(ctx: Context) -> Verdict:
    """Judge whether each page has its language and leads to its translation, where that is published."""
    site, pages = _site(ctx), _pages(ctx)
    homes = _homes(site, pages)
    wrong = []
    for file, page in pages.items():
        if file not in homes:
            wrong.append(f"{file}: no page")
            continue
        name = homes[file]
        shown = site.pages[name]
        marked = [span for span in shown.links if span.hreflang]
        given = {(site.follow(name, span.value).name, _language(span.hreflang)) for span in marked}
        other = page["translation"]
        right = {(homes.get(other, "(no page)"), pages[other]["lang"])} if other else set()
        if {pair for pair in given if pair[0] != name} != right:
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
    for file, page in pages.items():
        shown = site.pages.get(homes.get(file, ""))
        mains = [_trim(shown.shown(span)) for span in shown.headings if span.value == "h1"] if shown else []
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
    for file, page in pages.items():
        shown = site.pages.get(homes.get(file, ""))
        wrong += [f"{file}: {lack}" for lack in (_lacks(shown, page) if shown else ["no page"])]
    if wrong:
        return failed("text and code as in the notes", f"{len(wrong)} lost: {'; '.join(wrong[:5])}")
    return passed(f"the text of {len(pages)} pages is intact")


def drafts_kept_back(ctx: Context) -> Verdict:
    """Judge that no file of the site has anything of a note that is not published."""
    secrets = {code.encode() for code in ctx.expected("expected.json")["secrets"]}
    for name in ctx.files(f"{ROOT}/**"):
        try:
            content = ctx.bytes(name)
        except CheckFailed:  # too large to be looked through
            continue
        if secrets & set(_CODES.findall(content)):
            return failed("nothing of notes that are not published", f"some of it in {name}")
    return passed("no trace of them")


def _site(ctx: Context) -> Site:
    """Return the site, crawled once for all checks: a hostile one may take the whole time that is allowed."""
    return ctx.once("site", lambda: crawl(ctx))


def _pages(ctx: Context) -> dict[str, Any]:
    return ctx.expected("expected.json")["pages"]


def _homes(site: Site, pages: dict[str, Any]) -> dict[str, str]:
    """Return the site's page of each note that has one; of several the first reached."""
    found = site.notes()
    return {file: found[page["sheet"]][0] for file, page in pages.items() if page["sheet"] in found}


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


def _misled(
    site: Site, homes: dict[str, str], home: str | None, link: dict[str, Any], pages: dict[str, Any]
) -> str:
    """Return what is wrong with a link, or an empty text."""
    if home is None:
        return "its note has no page"
    spans = [span for span in _spans(site.pages[home], link["lead"]) if span]
    if not spans:
        return "no link there"
    goal = homes.get(link["file"])
    heading = None if link["heading"] is None else pages[link["file"]]["headings"][link["heading"]]
    targets = [site.follow(home, span.value) for span in spans]
    if goal is not None and all(
        target.name == goal and (heading is None or _begins(site, target, heading)) for target in targets
    ):
        return ""
    return f"leads elsewhere than {link['file']}" + ("" if link["heading"] is None else " and its heading")


def _begins(site: Site, target: Target, heading: str) -> bool:
    """Return whether a link's fragment is at the first heading of that text: in it, around it or just before it."""
    page, place = site.pages[target.name], site.place(target)
    if place is None or not target.fragment:
        return False
    for span in page.headings:
        if span.value != "h1" and _trim(page.shown(span)) == _trim(heading):
            before = place < span.start and not page.text[place : span.start].strip()
            return before or span.start <= place <= span.end
    return False


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
