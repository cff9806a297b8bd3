"""What the author's formulas come to: they are turned into Python and computed when they are asked for.

Good enough for the formulas in these solutions, which are known to be well-formed; no relative of the checker's own.
Both branches of an IF are computed, so nothing here fails on values that are out of place.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from datetime import date, timedelta

ZERO_DAY = date(1899, 12, 30)
REFERENCE = re.compile(r'"[^"]*"|(?:\'[^\']+\'!|\w+!)?\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?')
CELL, AREA = "\x01", "\x02"
TOKEN = re.compile(r'"[^"]*"|[A-Za-z_]\w*\(?|<>|<=|>=|[=^]|.')


class Empty(float):
    """An empty cell: 0, and "" beside a text."""

    def __eq__(self, other):
        return other == "" if isinstance(other, str) else float(self) == other

    def __ne__(self, other):
        return not self == other

    __hash__ = float.__hash__


class Row(list):
    """The values of a range, with operators that go cell by cell."""

    def _each(self, other, run):
        others = other if isinstance(other, Row) else [other] * len(self)
        return Row(run(a, b) for a, b in zip(self, others, strict=True))

    def __add__(self, other):
        return self._each(other, lambda a, b: a + b)

    def __radd__(self, other):
        return self._each(other, lambda a, b: b + a)

    def __sub__(self, other):
        return self._each(other, lambda a, b: a - b)

    def __rsub__(self, other):
        return self._each(other, lambda a, b: b - a)

    def __mul__(self, other):
        return self._each(other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __eq__(self, other):
        return self._each(other, lambda a, b: a == b)

    def __ne__(self, other):
        return self._each(other, lambda a, b: a != b)

    def __lt__(self, other):
        return self._each(other, lambda a, b: a < b)

    def __le__(self, other):
        return self._each(other, lambda a, b: a <= b)

    def __gt__(self, other):
        return self._each(other, lambda a, b: a > b)

    def __ge__(self, other):
        return self._each(other, lambda a, b: a >= b)

    __hash__ = None


def _flat(args):
    return [
        one for arg in args for one in (arg if isinstance(arg, Row) else [arg]) if not isinstance(one, Empty)
    ]


def _day(number):
    return ZERO_DAY + timedelta(days=int(number))


def _month(year, month):
    return (date(int(year + (month - 1) // 12), int((month - 1) % 12 + 1), 1) - ZERO_DAY).days


def _edate(number, months):
    day = _day(number)
    first = _month(day.year, day.month + int(months))
    return float(min(first + day.day, _month(day.year, day.month + int(months) + 1)) - 1)


def _round(number, digits):
    scaled = float(f"{abs(number) * 10**digits:.15g}")
    return math.copysign(math.floor(scaled + 0.5) / 10**digits, number)


def _sumproduct(*rows):
    return float(sum(math.prod(cells) for cells in zip(*rows, strict=True)))


WORLD = {
    "IF": lambda test, yes, no: yes if test else no,
    "AND": lambda *tests: all(tests),
    "OR": lambda *tests: any(tests),
    "NOT": lambda test: not test,
    "MAX": lambda *args: float(max(_flat(args), default=0)),
    "MIN": lambda *args: float(min(_flat(args), default=0)),
    "SUM": lambda *args: float(sum(_flat(args))),
    "SUMPRODUCT": _sumproduct,
    "INDEX": lambda row, place: row[min(int(place), len(row)) - 1],
    "MATCH": lambda value, row, kind: next((n + 1.0 for n, one in enumerate(row) if one == value), 1.0),
    "ROUND": _round,
    "ROUNDDOWN": lambda number, digits: float(math.trunc(number)),
    "INT": lambda number: float(math.floor(number)),
    "MOD": lambda number, by: number % by,
    "YEAR": lambda number: float(_day(number).year),
    "MONTH": lambda number: float(_day(number).month),
    "DAY": lambda number: float(_day(number).day),
    "DATE": lambda year, month, day: _month(year, month) + day - 1.0,
    "EDATE": _edate,
    "EOMONTH": lambda number, months: float(
        _month(_day(number).year, _day(number).month + int(months) + 1) - 1
    ),
    "TRUE": True,
    "FALSE": False,
}
WORDS = {"=": "==", "<>": "!=", "^": "**"}


class Known(dict):
    """Place of a cell → its value, computed when it is first asked for."""

    def __init__(self, calc):
        super().__init__()
        self.calc = calc

    def __missing__(self, place):
        """Compute the value of a cell."""
        content = self.calc.cells.get(place)
        if content is None:
            self[place] = Empty(0)
        elif isinstance(content, str):
            self[place] = 0.0  # for a cell that depends on itself
            value = self.calc.computed(content[1:])
            self[place] = 0.0 if isinstance(value, Empty) else value
        else:
            self[place] = float(content)
        return self[place]


class Calc:
    """Computes cells. ``cells`` has a number, a formula (a text that begins with "=") or nothing for each place."""

    def __init__(self, cells, names):
        self.cells, self.names, self.known, self.codes = cells, names, Known(self), {}
        self.world = {**WORLD, "known": self.known, "area": self.area}

    def cell(self, place):
        """Return the value of a cell, given as ``(sheet, row, column)``."""
        return self.known[place]

    def area(self, place):
        """Return the values of a range, given as ``(sheet, top, left, bottom, right)``."""
        return Row(map(self.known.__getitem__, covered(place)))

    def computed(self, formula):
        """Return what a formula comes to. Formulas that differ in their references alone are compiled once."""
        places = []

        def lift(hit):
            if hit[0][0] == '"':
                return hit[0]
            places.append(parsed(hit[0]))
            return CELL if len(places[-1]) == 3 else AREA

        skeleton = REFERENCE.sub(lift, formula)
        if skeleton not in self.codes:
            self.codes[skeleton] = compile(self._python(skeleton), "formula", "eval")
        return eval(self.codes[skeleton], self.world, {"places": places})

    def _python(self, skeleton):
        count = itertools.count()
        return "".join(self._word(word, count) for word in TOKEN.findall(skeleton))

    def _word(self, word, count):
        if word in (CELL, AREA):
            place = f"places[{next(count)}]"
            return f"known[{place}]" if word == CELL else f"area({place})"
        if word.rstrip("(") in WORLD or word[0] == '"':
            return word
        if word[0].isalpha():
            place = parsed(self.names[word])
            return f"known[{place}]" if len(place) == 3 else f"area({place})"
        return WORDS.get(word, word)


@functools.cache
def covered(area):
    """Return the places of all cells of a range."""
    sheet, top, left, bottom, right = area
    return [(sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


@functools.cache
def parsed(reference):
    """Return sheet, row and column of a reference, for a range both corners."""
    sheet, _, cells = reference.rpartition("!")
    corners = [corner.split("$")[1:] for corner in cells.split(":")]
    numbers = [number for column, row in corners for number in (int(row), column_number(column))]
    return (sheet.strip("'"), *numbers)


@functools.cache
def column_number(letters):
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@functools.cache
def column_letters(number):
    """Return A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
