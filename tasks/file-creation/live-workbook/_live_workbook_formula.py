"""Parses a formula into a tree, and turns the tree into something to call. Refuses whatever brief.md does not list."""

from __future__ import annotations

import functools
import math
import operator
import re
from collections.abc import Callable
from typing import NamedTuple, Protocol

from _live_workbook_values import (
    FOLDS,
    PLAIN,
    Block,
    Error,
    Fault,
    Value,
    compare,
    divide,
    match,
    num,
    power,
    spread,
    sumproduct,
    text,
    truth,
)

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


Node = Area | Call | Const
Run = Callable[[], Value]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<text>"(?:[^"]|"")*")
  | (?P<sheet>'(?:[^']|'')+'!|[^\W\d][\w.]*!)
  | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6})(?![\w.(])
  | (?P<word>[^\W\d][\w.]*)
  | (?P<sign><=|>=|<>|[-+*/^&=<>(),:])
    )""",
    re.VERBOSE,
)
_STRENGTH = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
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


class Parser:
    """Reads one formula of a sheet. ``names`` has the areas of defined names, by name in lower case."""

    def __init__(self, formula: str, sheet: str, sheets: dict[str, str], names: dict[str, Area]) -> None:
        if len(formula) > _MAX_CHARS:
            raise Refused(f"a formula of {len(formula)} characters")
        self.sheet, self.sheets, self.names = sheet, sheets, names
        self.tokens: list[tuple[str, str]] = []
        place, end = 0, len(formula.rstrip())
        while place < end:
            hit = _TOKEN.match(formula, place)
            if not hit:
                raise Refused(f"{formula[place : place + 12]!r}")
            kind = hit.lastgroup or ""
            self.tokens.append((kind, hit[kind]))
            place = hit.end()
        self.place = self.depth = 0

    def parse(self) -> Node:
        """Return the formula's tree. Raises Refused."""
        node = self._expression()
        if self.place < len(self.tokens):
            raise Refused(f"{self.tokens[self.place][1][:20]!r} where nothing more is expected")
        return node

    def area(self) -> Area:
        """Return the area, where the formula is nothing else. Raises Refused."""
        node = self.parse()
        if not isinstance(node, Area):
            raise Refused("a name that is not just a cell or a range")
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
        if kind == "sheet":
            name = word[1:-2].replace("''", "'") if word[0] == "'" else word[:-1]
            if name.casefold() not in self.sheets:
                raise Refused(f"a sheet {name[:31]!r}")
            kind, word = self.tokens[self.place] if self.place < len(self.tokens) else ("", "")
            if kind != "cell":
                raise Refused(f"{name[:31]}! without a cell")
            self.place += 1
            return self._area(self.sheets[name.casefold()], word)
        if kind == "cell":
            return self._area(self.sheet, word)
        if kind == "word":
            return self._word(word)
        if word == "(":
            node = self._expression()
            self._need(")")
            return node
        raise Refused(f"{word!r} where a value is expected")

    def _area(self, sheet: str, word: str) -> Area:
        top, left = bottom, right = cell_place(word)
        if self._take(":"):
            kind, word = self.tokens[self.place] if self.place < len(self.tokens) else ("", "")
            if kind != "cell":
                raise Refused("a range that does not end with a cell")
            self.place += 1
            bottom, right = cell_place(word)
        return Area(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))

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


class Cells(Protocol):
    """What formulas read: values by number of cell, and the numbers of an area's cells."""

    values: list[Value]

    def numbers(self, area: Area) -> list[int]:
        """Return the numbers of an area's cells, row by row; notes that the formula depends on them."""
        ...


class Compiler:
    """Turns trees into functions without arguments that return the formula's value or raise Fault."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells

    def single(self, node: Node) -> Run:
        """Return what computes a single value. Raises Refused."""
        if isinstance(node, Const):
            value = node.value
            return lambda: value
        if isinstance(node, Area):
            if node.shape != (1, 1):
                raise Refused("a range where a single value is needed")
            values, number = self.cells.values, self.cells.numbers(node)[0]
            return lambda: values[number]
        name, args = node
        if name in PLAIN:
            return _plain(PLAIN[name][0], [self.single(arg) for arg in args])
        if name in FOLDS:
            return self._fold(name, args)
        if name in ("IF", "INDEX", "MATCH"):
            return getattr(self, f"_{name.lower()}")(args)
        if name == "SUMPRODUCT":
            blocks = [self.block(arg) for arg in args]
            return lambda: sumproduct([block() for block in blocks])
        return _operator(name, [self.single(arg) for arg in args])

    def block(self, node: Node) -> Callable[[], Block]:
        """Return what computes a block of values, where ranges and operators on ranges may stand."""
        if isinstance(node, Area):
            values, numbers, (rows, columns) = self.cells.values, self.cells.numbers(node), node.shape
            return lambda: Block(rows, columns, [values[number] for number in numbers])
        if isinstance(node, Call) and node.name in _OPERATORS:
            run = _OPERATORS[node.name]
            parts = [self.block(arg) for arg in node.args]
            if len(parts) == 1:
                zero = Block(1, 1, [0.0])
                return lambda: spread(run, zero, parts[0]())
            return lambda: spread(run, parts[0](), parts[1]())
        single = self.single(node)
        return lambda: Block(1, 1, [single()])

    def _if(self, args: tuple[Node, ...]) -> Run:
        condition, then = self.single(args[0]), self.single(args[1])
        other = self.single(args[2]) if len(args) > 2 else lambda: False

        def run() -> Value:
            value = condition()
            if value is True or (value is not False and truth(value)):
                return then()
            return other()

        return run

    def _index(self, args: tuple[Node, ...]) -> Run:
        area = args[0]
        if not isinstance(area, Area):
            raise Refused("INDEX of something that is no range")
        values, numbers, (rows, columns) = self.cells.values, self.cells.numbers(area), area.shape
        places = [self.single(arg) for arg in args[1:]]
        if len(places) == 1 and rows > 1 and columns > 1:
            raise Refused("INDEX of a block with one place")

        def run() -> Value:
            row = int(num(places[0]()))
            column = int(num(places[1]())) if len(places) > 1 else 1
            if len(places) == 1 and rows == 1:
                row, column = 1, row
            if not 1 <= row <= rows or not 1 <= column <= columns:
                raise Fault("#REF!")
            return values[numbers[(row - 1) * columns + column - 1]]

        return run

    def _match(self, args: tuple[Node, ...]) -> Run:
        area = args[1]
        if not isinstance(area, Area) or min(area.shape) != 1:
            raise Refused("MATCH in something that is no row or column")
        values, numbers, wanted = self.cells.values, self.cells.numbers(area), self.single(args[0])
        kind = self.single(args[2]) if len(args) > 2 else lambda: 1.0
        return lambda: match(wanted(), [values[number] for number in numbers], num(kind()))

    def _fold(self, name: str, args: tuple[Node, ...]) -> Run:
        fold = FOLDS[name]
        values = self.cells.values
        if all(isinstance(arg, Area) for arg in args):
            numbers = [number for arg in args for number in self.cells.numbers(arg)]
            return lambda: fold([values[number] for number in numbers])
        parts: list[Callable[[], list[Value]]] = []
        for arg in args:
            if isinstance(arg, Area):
                parts.append(lambda found=self.cells.numbers(arg): [values[n] for n in found])
            else:
                parts.append(lambda single=self.single(arg): [num(single())])
        return lambda: fold([value for part in parts for value in part()])


def _plain(function: Callable[..., Value], args: list[Run]) -> Run:
    if len(args) == 1:
        only = args[0]
        return lambda: function(only())
    if len(args) == 2:
        one, two = args
        return lambda: function(one(), two())
    return lambda: function(*(arg() for arg in args))


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "+": lambda a, b: num(a) + num(b),
    "-": lambda a, b: num(a) - num(b),
    "*": lambda a, b: num(a) * num(b),
    "/": lambda a, b: divide(num(a), num(b)),
    "^": lambda a, b: power(num(a), num(b)),
    "&": lambda a, b: text(a) + text(b),
    "=": lambda a, b: compare(a, b) == 0,
    "<>": lambda a, b: compare(a, b) != 0,
    "<": lambda a, b: compare(a, b) < 0,
    ">": lambda a, b: compare(a, b) > 0,
    "<=": lambda a, b: compare(a, b) <= 0,
    ">=": lambda a, b: compare(a, b) >= 0,
    "negative": lambda _, b: -num(b),
}


_FAST: dict[str, Callable[[float, float], Value]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
"""What operators do with two plain numbers, which is nearly always what they get."""


def _operator(name: str, args: list[Run]) -> Run:
    if len(args) == 1:
        only = args[0]
        return lambda: -num(only())
    one, two = args
    run = _OPERATORS[name]
    fast = _FAST.get(name)
    if fast is None:
        return lambda: run(one(), two())

    def both() -> Value:
        left, right = one(), two()
        if left.__class__ is float and right.__class__ is float:
            return fast(left, right)
        return run(left, right)

    return both


def final(value: Value) -> Value:
    """Return what a formula's value becomes in its cell: empty is 0, infinite an error."""
    if value.__class__ is float:
        return value if abs(value) < 1e300 else Error("#NUM!")
    return 0.0 if value is None else value
