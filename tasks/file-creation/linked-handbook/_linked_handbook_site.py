"""Crawls the agent's site from its index, within bounds, and tells where its links lead."""

import os
import posixpath
import re
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from _linked_handbook_page import MAX_PAGE_BYTES, Page, TooHard, read_page

from agentbench.validators.base import CheckFailed, Context, clip

ROOT = "site"
START = "index.html"
MAX_PAGES = 600
MAX_BYTES = 24 * 1024 * 1024
MAX_LINKS = 60_000
MAX_SECONDS = 60.0
MAX_NAME = 1000
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_SHEET = re.compile(r"(?:Blatt|Sheet) (HB-\d{5}), (?:Fragen bitte|please give)")
_PAGES = (".html", ".htm", ".xhtml")


@dataclass(frozen=True)
class Target:
    """Where a link leads: a file of the site, or none; ``problem`` says what is wrong; external links have neither."""

    name: str = ""
    fragment: str = ""
    problem: str = ""


@dataclass
class Site:
    """The pages that can be reached, by their path below ``site/``."""

    root: Path
    pages: dict[str, Page] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, bool] = field(default_factory=dict)
    ways: dict[tuple[str, str], Target] = field(default_factory=dict)
    top: str = ""

    def find(self, name: str) -> str:
        """Return where the file ``name`` of the site really lies in it, links followed; empty if there is none."""
        if name not in self.files:
            self.files[name] = self._find(name)
        return self.files[name]

    def _find(self, name: str) -> str:
        self.top = self.top or os.path.realpath(self.root)
        try:
            path = os.path.realpath(posixpath.join(self.top, name))
            inside = path.startswith(self.top + os.sep) and Path(path).is_file()
            return path[len(self.top) + 1 :].replace(os.sep, "/") if inside else ""
        except (OSError, ValueError, RuntimeError):  # too long, no name; a circle
            return ""

    def follow(self, source: str, href: str) -> Target:
        """Return the target of a link on the page ``source``."""
        way = source, href
        if way not in self.ways:
            self.ways[way] = self._follow(source, href)
        return self.ways[way]

    def _follow(self, source: str, href: str) -> Target:
        if _SCHEME.match(href) or href.startswith("//"):
            return Target(problem="leads to the local disk") if href.lower().startswith("file:") else Target()
        try:
            parts, base = urlsplit(href), unquote(urlsplit(self.pages[source].base).path)
        except ValueError:
            return Target(problem="no address")
        path = unquote(parts.path)
        base = "" if _SCHEME.match(self.pages[source].base) or base.startswith("/") else base
        here = posixpath.dirname(posixpath.join(posixpath.dirname(source), base))
        name = posixpath.normpath(posixpath.join(here, path)) if path or base else source
        if path.startswith(
            "/"
        ):  # followed as if the site were at the root, so that only this is held against it
            name = posixpath.normpath(path.lstrip("/") or ".")
        if name == ".." or name.startswith("../"):
            return Target(problem="leads out of site/")
        if path.endswith("/") or name == "." or self._is_folder(name):
            name = posixpath.normpath(posixpath.join(name, START))
        real = self.find(name) if len(name) <= MAX_NAME else ""
        problem = "is not relative" if path.startswith("/") else "" if real else "leads to no file"
        return Target(real, parts.fragment, problem)

    def _is_folder(self, name: str) -> bool:
        if name not in self.folders:
            try:
                self.folders[name] = (self.root / name).is_dir()
            except (OSError, ValueError):
                self.folders[name] = False
        return self.folders[name]

    def place(self, target: Target) -> int | None:
        """Return the offset of a link's fragment in its page: 0 without fragment, None where it is missing."""
        page = self.pages.get(target.name)
        if not target.fragment:
            return 0
        if page is None:
            return None
        for fragment in (target.fragment, unquote(target.fragment)):
            if fragment in page.anchors:
                return page.anchors[fragment]
        return 0 if unquote(target.fragment).lower() == "top" else None

    def notes(self) -> dict[str, list[str]]:
        """Return for each sheet number the reachable pages that end with it, as a note does."""
        found: dict[str, list[str]] = {}
        for name, page in self.pages.items():
            for sheet in sorted(set(_SHEET.findall(page.text))):
                found.setdefault(sheet, []).append(name)
        return found


def crawl(ctx: Context) -> Site:
    """Return the site as reached from its index. Raises CheckFailed, also for one that is beyond all measure."""
    ctx.path(f"{ROOT}/{START}")
    site = Site(ctx.workspace / ROOT)
    if site.find(START) != START:
        raise CheckFailed(f"{ROOT}/{START}: a file of the site", "a link to another file")
    pending, seen, total, links = deque([START]), {START}, 0, 0
    until = time.monotonic() + MAX_SECONDS
    while pending:
        name = pending.popleft()
        size = (site.root / name).stat().st_size
        total += size
        if len(site.pages) >= MAX_PAGES or total > MAX_BYTES or links > MAX_LINKS or time.monotonic() > until:
            raise CheckFailed("a site for some forty notes", "far too many pages or links")
        page = _read(site.root / name, name, size)
        site.pages[name] = page
        links += len(page.links)
        for href in dict.fromkeys([span.value for span in page.links] + [page.refresh] * bool(page.refresh)):
            target = site.follow(name, href).name
            if target.lower().endswith(_PAGES) and target not in seen:
                seen.add(target)
                pending.append(target)
    return site


def _read(path: Path, name: str, size: int) -> Page:
    try:
        if size > MAX_PAGE_BYTES:
            raise TooHard(f"a page of {size} bytes")
        return read_page(path.read_bytes())
    except TooHard as error:
        raise CheckFailed("pages that can be read", clip(f"{name}: {error}", 200)) from None
