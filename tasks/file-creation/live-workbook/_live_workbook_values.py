"""Values of cells and the listed functions, as brief.md describes them: numbers are plain floats.

A value is a float, a bool, a text, None (an empty cell) or an `Error`. Whatever goes wrong in a formula is raised as
`Fault` and becomes the `Error` of its cell.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeGuard

from _live_workbook_model import as_date, serial, shifted


class Error(NamedTuple):
    """The value of a cell whose formula cannot be computed."""

    code: str


class Fault(Exception):
    """A formula cannot be computed; says why."""


Value = float | bool | str | None | Error
_LAST_DAY = 2958465
_COMPARED, _LONGEST = 255, 1000
"""Characters of a text that are compared, and that may be joined: texts are no way to keep a checker busy."""
_ONLY_NUMBERS = {float}


def num(value: Value) -> float:
    """Return a value as a number: empty is 0, a truth value 0 or 1. Raises Fault for text and errors."""
    if value.__class__ is float:
        return value
    if value is None:
        return 0.0
    if isinstance(value, (bool, int)):
        return float(value)
    raise Fault(value.code if isinstance(value, Error) else "#VALUE!")


def text(value: Value) -> str:
    """Return a value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Error):
        raise Fault(value.code)
    return value if isinstance(value, str) else f"{value:.15g}"


def joined(left: Value, right: Value) -> str:
    """Return two values as one text. Raises Fault if it is too long."""
    one, two = text(left), text(right)
    if len(one) + len(two) > _LONGEST:
        raise Fault("#VALUE!")
    return one + two


def truth(value: Value) -> bool:
    """Return a value as a condition."""
    return num(value) != 0


def compare(left: Value, right: Value) -> int:
    """Return -1, 0 or 1: numbers before texts before truth values; empty is like 0, "" or FALSE."""
    if left.__class__ is float and right.__class__ is float:
        return (left > right) - (left < right)
    for value in (left, right):
        if isinstance(value, Error):
            raise Fault(value.code)
    if left is None:
        left = _blank_like(right)
    if right is None:
        right = _blank_like(left)
    one, two = _rank(left), _rank(right)
    return (one > two) - (one < two)


def _blank_like(other: Value) -> Value:
    return "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0


def _rank(value: Value) -> tuple[int, object]:
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value[:_COMPARED].casefold()
    return 0, value


def power(base: float, exponent: float) -> float:
    """Return a power. Raises Fault where there is none."""
    try:
        if base == 0 and exponent <= 0:
            raise Fault("#DIV/0!" if exponent else "#NUM!")
        result = base**exponent
    except (OverflowError, ZeroDivisionError):
        raise Fault("#NUM!") from None
    if isinstance(result, complex):
        raise Fault("#NUM!")
    return result


def divide(left: float, right: float) -> float:
    """Return a quotient. Raises Fault for a divisor of 0."""
    if right == 0:
        raise Fault("#DIV/0!")
    return left / right


def _whole(value: Value, low: float = -9999, high: float = 9999) -> int:
    number = num(value)
    if not low <= number <= high:
        raise Fault("#NUM!")
    return int(number)


def _round(kind: str) -> Callable[..., Value]:
    def run(value: Value, digits: Value) -> Value:
        number, places = num(value), _whole(digits, -15, 15)
        scale = 10.0**places
        size = abs(number) * scale
        slack = size * 2e-15 + 1e-12
        if not math.isfinite(size) or size > 1e15:
            return number
        if kind == "up":
            whole = math.ceil(size - slack)
        else:
            whole = math.floor(size + slack + (0.5 if kind == "near" else 0))
        return math.copysign(whole / scale, number)

    return run


def _date(year: Value, month: Value, day: Value) -> Value:
    years = _whole(year, 1904, 9000)
    months, days = _whole(month, -2000, 2000), _whole(day, -40000, 40000)
    return _day_number(serial(years, months, 1) + days - 1)


def _day_number(number: float) -> float:
    if not 0 <= number <= _LAST_DAY:
        raise Fault("#NUM!")
    return float(number)


def _part(name: str) -> Callable[..., Value]:
    def run(value: Value) -> Value:
        number = int(_day_number(math.floor(num(value))))
        if number < 61:  # the calendar of the 1900 system has a day 0 and a 29 February there
            days = {
                "year": 1900,
                "month": 1 if number < 32 else 2,
                "day": number if number < 32 else number - 31,
            }
            return float(days[name])
        return float(getattr(as_date(number), name))

    return run


def _edate(value: Value, months: Value) -> Value:
    return _day_number(shifted(_day_number(math.floor(num(value))), _months(months)))


def _eomonth(value: Value, months: Value) -> Value:
    day = as_date(_day_number(math.floor(num(value))))
    return _day_number(serial(day.year, day.month + _months(months) + 1, 1) - 1)


def _months(value: Value) -> int:
    return _whole(value, -1200, 1200)


def _mod(value: Value, divisor: Value) -> Value:
    number, by = num(value), num(divisor)
    if by == 0:
        raise Fault("#DIV/0!")
    return number - by * math.floor(number / by)


PLAIN: dict[str, tuple[Callable[..., Value], int]] = {
    "ABS": (lambda value: abs(num(value)), 1),
    "DATE": (_date, 3),
    "DAY": (_part("day"), 1),
    "EDATE": (_edate, 2),
    "EOMONTH": (_eomonth, 2),
    "INT": (lambda value: float(math.floor(num(value))), 1),
    "MOD": (_mod, 2),
    "MONTH": (_part("month"), 1),
    "NOT": (lambda value: not truth(value), 1),
    "ROUND": (_round("near"), 2),
    "ROUNDDOWN": (_round("down"), 2),
    "ROUNDUP": (_round("up"), 2),
    "YEAR": (_part("year"), 1),
}
"""Function → what it does with single values, and their number."""


def all_numbers(values: Sequence[Value]) -> TypeGuard[Sequence[float]]:
    """Return whether there is nothing but numbers."""
    return set(map(type, values)) == _ONLY_NUMBERS


def _numbers(values: Sequence[Value]) -> Sequence[float]:
    """Return the numbers of a range; texts, truth values and empty cells are left out."""
    if all_numbers(values):
        return values
    found = []
    for value in values:
        if value.__class__ is float:
            found.append(value)
        elif isinstance(value, Error):
            raise Fault(value.code)
    return found


def _conditions(values: Sequence[Value]) -> list[bool]:
    for value in values:
        if isinstance(value, Error):
            raise Fault(value.code)
    found = [value != 0 for value in values if isinstance(value, (bool, float))]
    if not found:
        raise Fault("#VALUE!")
    return found


FOLDS: dict[str, Callable[[Sequence[Value]], Value]] = {
    "SUM": lambda values: sum(_numbers(values), 0.0),
    "MIN": lambda values: min(_numbers(values), default=0.0),
    "MAX": lambda values: max(_numbers(values), default=0.0),
    "AND": lambda values: all(_conditions(values)),
    "OR": lambda values: any(_conditions(values)),
}
"""Function → what it makes of all values of its ranges and single values."""


def match(wanted: Value, values: Sequence[Value], kind: float) -> float:
    """Return the place of a value in a range, from 1. Raises Fault."""
    if isinstance(wanted, Error):
        raise Fault(wanted.code)
    if wanted.__class__ is float and kind == 0 and all_numbers(values):
        if wanted not in values:
            raise Fault("#N/A")
        return values.index(wanted) + 1.0
    same = [
        (place, value)
        for place, value in enumerate(values, start=1)
        if value is not None and not isinstance(value, Error) and _rank(value)[0] == _rank(wanted or 0.0)[0]
    ]
    if kind == 0:
        found = next((place for place, value in same if compare(value, wanted) == 0), 0)
    elif kind == 1:
        found = max((place for place, value in same if compare(value, wanted) <= 0), default=0)
    else:
        raise Fault("#VALUE!")
    if not found:
        raise Fault("#N/A")
    return float(found)


class Block(NamedTuple):
    """The values of a range, row by row."""

    rows: int
    columns: int
    values: Sequence[Value]


class Operator(NamedTuple):
    """What an operator does with two values. ``fast``, if there is one, does the same with types that it ``takes``."""

    run: Callable[[Value, Value], Value]
    fast: Callable[..., Value] | None = None
    takes: frozenset[type] = frozenset()
    """One of the two has to be a number in any case."""


def spread(what: Operator, left: Block, right: Block) -> Block:
    """Return an operator's results for all cells of two ranges; a single row or column is repeated. Raises Fault."""
    rows, columns = max(left.rows, right.rows), max(left.columns, right.columns)
    first, second = _repeated(left, rows, columns), _repeated(right, rows, columns)
    if what.fast is not None:
        kinds = set(map(type, first)), set(map(type, second))
        if _ONLY_NUMBERS in kinds and kinds[0] | kinds[1] <= what.takes:
            return Block(rows, columns, list(map(what.fast, first, second)))
    return Block(rows, columns, [what.run(a, b) for a, b in zip(first, second, strict=True)])


def _repeated(block: Block, rows: int, columns: int) -> Sequence[Value]:
    if block.rows not in (1, rows) or block.columns not in (1, columns):
        raise Fault("#VALUE!")
    values = block.values
    if block.columns < columns:
        values = [value for value in values for _ in range(columns)]
    return list(values) * rows if block.rows < rows else values


def _products(one: Sequence[float], two: Sequence[float]) -> Sequence[float]:
    return list(map(operator.mul, one, two))


def sumproduct(blocks: Sequence[Block]) -> float:
    """Return the sum of products of ranges of one shape; what is no number counts as 0."""
    shape = blocks[0][:2]
    if any(block[:2] != shape for block in blocks):
        raise Fault("#VALUE!")
    if all(all_numbers(block.values) for block in blocks):
        rest = (block.values for block in blocks[1:])
        return sum(functools.reduce(_products, rest, blocks[0].values), 0.0)
    for block in blocks:
        for value in block.values:
            if isinstance(value, Error):
                raise Fault(value.code)
    if len(blocks) == 1:
        return sum(_numbers(blocks[0].values), 0.0)
    total = 0.0
    for values in zip(*(block.values for block in blocks), strict=True):
        if all(value.__class__ is float for value in values):
            total += math.prod(values)
    return total
