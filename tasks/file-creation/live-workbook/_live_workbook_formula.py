"""Turns the tree of a formula into something to call."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Protocol

from _live_workbook_parse import Area, Call, Const, Hole, Node, Refused
from _live_workbook_values import (
    FOLDS,
    PLAIN,
    Block,
    Error,
    Fault,
    Operator,
    Value,
    compare,
    divide,
    joined,
    match,
    num,
    power,
    spread,
    sumproduct,
    truth,
)

Run = Callable[[], Value]


class Cells(Protocol):
    """What formulas read: values by number of cell, and the numbers of an area's cells."""

    values: list[Value]

    def numbers(self, area: Area) -> list[int]:
        """Return the numbers of an area's cells, row by row; notes that the formula depends on them."""
        ...

    def charge(self, cells: int) -> None:
        """Count cells that a formula works on. Raises Refused when all formulas together have too many."""
        ...


class Compiler:
    """Turns a tree into a function without arguments that returns the formula's value or raises Fault.

    ``areas`` are the references that belong into the holes of the tree.
    """

    def __init__(self, cells: Cells, areas: list[Area]) -> None:
        self.cells, self.areas = cells, areas

    def single(self, node: Node) -> Run:
        """Return what computes a single value. Raises Refused."""
        if isinstance(node, Const):
            value = node.value
            return lambda: value
        area = self._area(node)
        if area:
            if area.size != 1:
                raise Refused("a range where a single value is needed")
            values, number = self.cells.values, self.cells.numbers(area)[0]
            return lambda: values[number]
        name, args = node
        if name in PLAIN:
            return _plain(PLAIN[name][0], [self.single(arg) for arg in args])
        if name in FOLDS:
            return self._fold(name, args)
        if name in ("IF", "INDEX", "MATCH"):
            return getattr(self, f"_{name.lower()}")(args)
        if name == "SUMPRODUCT":
            blocks = [self.block(arg)[0] for arg in args]
            return lambda: sumproduct([block() for block in blocks])
        return _operator(name, [self.single(arg) for arg in args])

    def block(self, node: Node) -> tuple[Callable[[], Block], int, int]:
        """Return what computes a block of values, and its rows and columns. Ranges may stand here."""
        if area := self._area(node):
            values, numbers, (rows, columns) = self.cells.values, self.cells.numbers(area), area.shape
            return lambda: Block(rows, columns, [values[number] for number in numbers]), rows, columns
        if isinstance(node, Call) and node.name in _OPERATORS:
            what = _OPERATORS[node.name]
            parts = [self.block(arg) for arg in node.args]
            rows, columns = max(part[1] for part in parts), max(part[2] for part in parts)
            self.cells.charge(rows * columns)
            left, right = (lambda: Block(1, 1, [0.0])) if len(parts) == 1 else parts[0][0], parts[-1][0]
            return lambda: spread(what, left(), right()), rows, columns
        single = self.single(node)
        return lambda: Block(1, 1, [single()]), 1, 1

    def _area(self, node: Node) -> Area | None:
        """Return the area that a node means; None if it is no reference."""
        if isinstance(node, Hole):
            return self.areas[node.number]
        return node if isinstance(node, Area) else None

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
        area = self._area(args[0])
        if not area:
            raise Refused("INDEX of something that is no range")
        values, numbers, (rows, columns) = self.cells.values, self.cells.numbers(area), area.shape
        if len(args) == 2 and isinstance(args[1], Const) and args[1].value.__class__ is float:
            return self._fixed(numbers, args[1].value, min(rows, columns) == 1)
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

    def _fixed(self, numbers: list[int], place: float, line: bool) -> Run:
        """Return what gives the value at a place of a row or column that is written out."""
        if not line:
            raise Refused("INDEX of a block with one place")
        if not 1 <= place < len(numbers) + 1:
            return _out_of_range
        values, number = self.cells.values, numbers[int(place) - 1]
        return lambda: values[number]

    def _match(self, args: tuple[Node, ...]) -> Run:
        area = self._area(args[1])
        if not area or min(area.shape) != 1:
            raise Refused("MATCH in something that is no row or column")
        values, numbers, wanted = self.cells.values, self.cells.numbers(area), self.single(args[0])
        kind = self.single(args[2]) if len(args) > 2 else lambda: 1.0
        return lambda: match(wanted(), [values[number] for number in numbers], num(kind()))

    def _fold(self, name: str, args: tuple[Node, ...]) -> Run:
        fold = FOLDS[name]
        values = self.cells.values
        areas = [self._area(arg) for arg in args]
        if all(areas):
            numbers = [number for area in areas if area for number in self.cells.numbers(area)]
            return lambda: fold([values[number] for number in numbers])
        if not any(areas):
            singles, short = [self.single(arg) for arg in args], _SHORT[name]
            return lambda: short([v if (v := one()).__class__ is float else num(v) for one in singles])
        parts = [self._listed(arg) for arg in args]
        return lambda: fold([value for part in parts for value in part()])

    def _listed(self, node: Node) -> Callable[[], list[Value]]:
        """Return what gives the values of a range, or a single value as a number."""
        if area := self._area(node):
            values, numbers = self.cells.values, self.cells.numbers(area)
            return lambda: [values[number] for number in numbers]
        single = self.single(node)
        return lambda: [num(single())]


def _out_of_range() -> Value:
    raise Fault("#REF!")


def _plain(function: Callable[..., Value], args: list[Run]) -> Run:
    if len(args) == 1:
        only = args[0]
        return lambda: function(only())
    if len(args) == 2:
        one, two = args
        return lambda: function(one(), two())
    return lambda: function(*(arg() for arg in args))


_SHORT: dict[str, Callable[[list[float]], Value]] = {
    "SUM": lambda numbers: sum(numbers, 0.0),
    "MIN": min,
    "MAX": max,
    "AND": all,
    "OR": any,
}
"""What `FOLDS` make of single values, all of them numbers."""
_NUMBERS, _OR_TRUTH = frozenset({float}), frozenset({float, bool})
_OPERATORS = {
    "+": Operator(lambda a, b: num(a) + num(b), operator.add, _OR_TRUTH),
    "-": Operator(lambda a, b: num(a) - num(b), operator.sub, _OR_TRUTH),
    "*": Operator(lambda a, b: num(a) * num(b), operator.mul, _OR_TRUTH),
    "/": Operator(lambda a, b: divide(num(a), num(b))),
    "^": Operator(lambda a, b: power(num(a), num(b))),
    "&": Operator(joined),
    "=": Operator(lambda a, b: compare(a, b) == 0, operator.eq, _NUMBERS),
    "<>": Operator(lambda a, b: compare(a, b) != 0, operator.ne, _NUMBERS),
    "<": Operator(lambda a, b: compare(a, b) < 0, operator.lt, _NUMBERS),
    ">": Operator(lambda a, b: compare(a, b) > 0, operator.gt, _NUMBERS),
    "<=": Operator(lambda a, b: compare(a, b) <= 0, operator.le, _NUMBERS),
    ">=": Operator(lambda a, b: compare(a, b) >= 0, operator.ge, _NUMBERS),
    "negative": Operator(lambda _, b: -num(b)),
}


def _operator(name: str, args: list[Run]) -> Run:
    if len(args) == 1:
        only = args[0]
        return lambda: -num(only())
    one, two = args
    run, fast, _ = _OPERATORS[name]
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
