"""Parses formulas into trees. Refuses whatever brief.md does not list.

References are lifted out of a formula first. What is left, the same for most months of a line, is parsed once.
"""

from __future__ import annotations

import functools
import math
import re
from typing import NamedTuple

from _live_workbook_values import FOLDS, PLAIN, Value

FUNCTIONS = frozenset({*PLAIN, *FOLDS, "IF", "INDEX", "MATCH", "SUMPRODUCT"})
MAX_COLUMN, MAX_ROW = 16384, 1048576
_MAX_CHARS, _MAX_DEPTH = 8192, 64


class Refused(Exception):
    """A formula has something in it that is not allowed; says what."""


class Area(NamedTuple):
    """Cells of a sheet, both corners included; rows and columns from 1."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def shape(self) -> tuple[int, int]:
        """Return the number of rows and of columns."""
        return self.bottom - self.top + 1, self.right - self.left + 1

    @property
    def size(self) -> int:
        """Return the number of cells."""
        return math.prod(self.shape)


class Call(NamedTuple):
    """A function or operator with its arguments."""

    name: str
    args: tuple[Node, ...]


class Const(NamedTuple):
    """A number, text or truth value that is written out."""

    value: Value


class Hole(NamedTuple):
    """The place of a reference that was lifted out, by its number."""

    number: int


Node = Area | Call | Const | Hole

HOLE = "\x01"
_NAME = r"(?:'(?:[^']|'')+'|[^\W\d][\w.]*)"
_PLACE = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}"
_REFERENCE = re.compile(
    rf"""(?P<text>"(?:[^"]|"")*")
  | (?<![\w.$!'])(?:(?P<sheet>{_NAME})!)?(?P<from>{_PLACE})(?:\s*:\s*(?P<to>{_PLACE}))?(?![\w.(!:$])""",
    re.VERBOSE,
)
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<text>"(?:[^"]|"")*")
  | (?P<hole>\x01)
  | (?P<word>[^\W\d][\w.]*)
  | (?P<sign><=|>=|<>|[-+*/^&=<>(),])
    )""",
    re.VERBOSE,
)
_STRENGTH = {
    "=": 1,
    "<>": 1,
    "<": 1,
    ">": 1,
    "<=": 1,
    ">=": 1,
    "&": 2,
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "^": 5,
}
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)")


@functools.lru_cache(maxsize=50_000)
def cell_place(word: str) -> tuple[int, int]:
    """Return row and column of ``B7`` or ``$B$7``. Raises Refused."""
    hit = _CELL.fullmatch(word)
    column = 0
    for letter in hit[1].upper() if hit else "":
        column = column * 26 + ord(letter) - 64
    row = int(hit[2]) if hit else 0
    if not 1 <= column <= MAX_COLUMN or not 1 <= row <= MAX_ROW:
        raise Refused(f"{word[:20]} is no cell")
    return row, column


def lifted(formula: str, sheet: str, sheets: dict[str, str]) -> tuple[str, list[Area]]:
    """Return a formula of a sheet with `HOLE` in place of its references, and these. Raises Refused."""
    areas: list[Area] = []
    if len(formula) > _MAX_CHARS or HOLE in formula:
        raise Refused(f"a formula of {len(formula)} characters")

    def lift(hit: re.Match[str]) -> str:
        text, name, begin, end = hit.groups()
        if text:
            return hit[0]
        if name and name[0] == "'":
            name = name[1:-1].replace("''", "'")
        where = sheets.get(name.casefold()) if name else sheet
        if where is None:
            raise Refused(f"a sheet {name[:31]!r}")
        top, left = bottom, right = cell_place(begin)
        if end:
            bottom, right = cell_place(end)
        areas.append(Area(where, min(top, bottom), min(left, right), max(top, bottom), max(left, right)))
        return HOLE

    return _REFERENCE.sub(lift, formula), areas


class Parser:
    """Reads a formula whose references were `lifted`. ``names`` has the areas of names, by name in lower case."""

    def __init__(self, formula: str, names: dict[str, Area]) -> None:
        self.names = names
        self.tokens: list[tuple[str, str]] = []
        place, end = 0, len(formula.rstrip())
        while place < end:
            hit = _TOKEN.match(formula, place)
            if not hit:
                raise Refused(f"{formula[place : place + 12].replace(HOLE, 'a cell')!r}")
            kind = hit.lastgroup or ""
            self.tokens.append((kind, hit[kind]))
            place = hit.end()
        self.place = self.depth = self.holes = 0

    def parse(self) -> Node:
        """Return the formula's tree. Raises Refused."""
        node = self._expression()
        if self.place < len(self.tokens):
            raise Refused(f"{self.tokens[self.place][1][:20]!r} where nothing more is expected")
        return node

    def _take(self, sign: str) -> bool:
        if self.place < len(self.tokens) and self.tokens[self.place] == ("sign", sign):
            self.place += 1
            return True
        return False

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise Refused(f"a missing {sign!r}")

    def _expression(self, least: int = 1) -> Node:
        """Return what is joined by operators that bind at least so strongly; equal ones go from left to right."""
        node = self._unary()
        while self.place < len(self.tokens):
            word = self.tokens[self.place][1]
            strength = _STRENGTH.get(word, 0)
            if strength < least:
                break
            self.place += 1
            node = Call(word, (node, self._expression(strength + 1)))
        return node

    def _unary(self) -> Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Refused(f"nesting over {_MAX_DEPTH} levels")
        if self._take("-"):
            node: Node = Call("negative", (self._unary(),))
        elif self._take("+"):
            node = self._unary()
        else:
            node = self._primary()
        self.depth -= 1
        return node

    def _primary(self) -> Node:
        if self.place >= len(self.tokens):
            raise Refused("a formula that breaks off")
        kind, word = self.tokens[self.place]
        self.place += 1
        if kind == "number":
            return Const(float(word))
        if kind == "text":
            return Const(word[1:-1].replace('""', '"'))
        if kind == "hole":
            self.holes += 1
            return Hole(self.holes - 1)
        if kind == "word":
            return self._word(word)
        if word == "(":
            node = self._expression()
            self._need(")")
            return node
        raise Refused(f"{word!r} where a value is expected")

    def _word(self, word: str) -> Node:
        if not self._take("("):
            if word.upper() in ("TRUE", "FALSE"):
                return Const(word.upper() == "TRUE")
            if word.casefold() not in self.names:
                raise Refused(f"a name {word[:40]!r}")
            return self.names[word.casefold()]
        name = word.upper()
        if name not in FUNCTIONS:
            raise Refused(f"the function {name[:30]}")
        args = [self._expression()]
        while self._take(","):
            args.append(self._expression())
        self._need(")")
        low, high = {"IF": (2, 3), "INDEX": (2, 3), "MATCH": (2, 3)}.get(name, (1, 255))
        if name in PLAIN:
            low = high = PLAIN[name][1]
        if not low <= len(args) <= high:
            raise Refused(f"{name} with {len(args)} arguments")
        return Call(name, tuple(args))
