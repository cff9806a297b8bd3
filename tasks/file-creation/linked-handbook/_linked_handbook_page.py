"""Reads one HTML page into its text, with the places of links, anchors and headings in it.

Pages are hostile data. `HTMLParser` needs quadratic time for some malformed ones, so the work it can be made to do
is bounded before it begins.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser

MAX_PAGE_BYTES = 1024 * 1024
_MAX_TAG = 100_000
_MAX_WORK = 4_000_000
_MAX_DECLARATIONS = 500
_MAX_OPEN_CODES = 50
_MAX_WORD = 200
_WORD = re.compile(r"\S+")
_SILENT = {"script", "style", "template", "title", "noscript"}
_INLINE = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    )
)  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def composed(text: str) -> str:
    """Return a text with composed letters. Words beyond all measure stay as they are: they would take ages."""
    if text.isascii():
        return text
    return _WORD.sub(
        lambda hit: unicodedata.normalize("NFC", hit[0]) if len(hit[0]) <= _MAX_WORD else hit[0], text
    )


class TooHard(Exception):
    """A page that is no honest HTML page: too large, or made to keep a parser busy."""


@dataclass
class Span:
    """A stretch of a page's text: a link (``value`` = href) or a heading (``value`` = h1 … h6)."""

    start: int
    value: str
    end: int = -1
    hreflang: str = ""


@dataclass
class Page:
    """What a page shows. ``text`` has each run of white space as one blank; places are offsets in it."""

    text: str = ""
    lang: str = ""
    base: str = ""
    refresh: str = ""
    links: list[Span] = field(default_factory=list)
    headings: list[Span] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def shown(self, span: Span) -> str:
        """Return the text of a link or heading."""
        return self.text[span.start : span.end].strip()


def read_page(raw: bytes) -> Page:
    """Return a page parsed. Raises TooHard."""
    if len(raw) > MAX_PAGE_BYTES:
        raise TooHard(f"a page of {len(raw)} bytes")
    source = _without_comments(raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n"))
    _refuse_hard(source)
    reader = _Reader()
    try:
        reader.feed(source)
        reader.close()
    except (
        AssertionError,
        ValueError,
        RecursionError,
    ) as error:  # what HTMLParser raises for broken declarations
        raise TooHard(f"no HTML: {error}") from None
    return reader.finished()


def _without_comments(source: str) -> str:
    parts, place = [], 0
    while (start := source.find("<!--", place)) >= 0:
        parts.append(source[place:start])
        end = source.find("-->", start + 2)
        if end < 0:
            return "".join(parts)
        place = end + 3
    return "".join([*parts, source[place:]])


def _refuse_hard(source: str) -> None:
    """Refuse pages with endless tags, or with many that are never closed. Raises TooHard."""
    work = place = 0
    while (start := source.find("<", place)) >= 0:
        end = source.find(">", start)
        end = len(source) if end < 0 else end
        inner = source.count("<", start, end)
        longest = end - start
        if longest > _MAX_TAG and inner > 1:
            raise TooHard("tags without an end")
        work += longest * inner
        place = end
    if work > _MAX_WORK or source.count("<![") + source.count("<?") > _MAX_DECLARATIONS:
        raise TooHard("tags without an end")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._parts: list[str] = []
        self._length = 0
        self._blank = True
        self._silent = ""
        self._pre = 0
        self._block: list[str] = []
        self._code_parts: list[str] = []
        self._codes: list[int] = []
        self._open_link: Span | None = None
        self._open_heading: Span | None = None

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: nobody asks where in the file something stood."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, str] = {}
        for key, value in attrs:
            given.setdefault(key, value or "")
        if tag not in _INLINE:
            self._space()
        if not self._silent:
            for key in ("id", "name") if tag == "a" else ("id",):
                if given.get(key):
                    self.page.anchors.setdefault(given[key], self._length)
        if tag == "html":
            self.page.lang = self.page.lang or given.get("lang", "")
        elif tag == "base":
            self.page.base = self.page.base or given.get("href", "")
        elif tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.page.refresh = given.get("content", "").partition("=")[2].strip(" '\"")
        elif tag in ("a", "area") and "href" in given and not self._silent:
            self._close_link()
            self._open_link = Span(self._length, given["href"].strip(), hreflang=given.get("hreflang", ""))
            self.page.links.append(self._open_link)
        elif tag in _HEADINGS:
            self._close_heading()
            self._open_heading = Span(self._length, tag)
            self.page.headings.append(self._open_heading)
        elif tag == "pre":
            self._pre += 1
        elif tag == "code" and len(self._codes) < _MAX_OPEN_CODES:
            self._codes.append(len(self._code_parts))
        if tag in _SILENT and not self._silent:
            self._silent = tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        if tag == "a":
            self._close_link()
        elif tag in _HEADINGS:
            self._close_heading()
        if tag not in _INLINE:
            self._space()
        if tag == "pre" and self._pre:
            self._pre -= 1
            if not self._pre:
                self.page.blocks.append("".join(self._block))
                self._block = []
        elif tag == "code" and self._codes:
            self.page.codes.append("".join(self._code_parts[self._codes.pop() :]))
            if not self._codes:
                self._code_parts = []

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        data = composed(data)
        if self._pre:
            self._block.append(data)
        if self._codes:
            self._code_parts.append(data)
        words = " ".join(data.split())
        if data[:1].isspace():
            self._space()
        if words:
            self._parts.append(words)
            self._length += len(words)
            self._blank = False
            if data[-1:].isspace():
                self._space()

    def _space(self) -> None:
        if not self._blank:
            self._parts.append(" ")
            self._length += 1
            self._blank = True

    def _close_link(self) -> None:
        if self._open_link:
            self._open_link.end = self._length
            self._open_link = None

    def _close_heading(self) -> None:
        if self._open_heading:
            self._open_heading.end = self._length
            self._open_heading = None

    def finished(self) -> Page:
        """Return the page, with whatever is still open closed."""
        self._close_link()
        self._close_heading()
        if self._pre:
            self.page.blocks.append("".join(self._block))
        self.page.text = "".join(self._parts)
        return self.page
