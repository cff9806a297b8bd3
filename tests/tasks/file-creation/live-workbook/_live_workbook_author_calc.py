"""What the author's formulas come to: they are turned into Python and computed when they are asked for.

Good enough for the formulas in these solutions, which are known to be well-formed; no relative of the checker's own.
Both branches of an IF are computed, so nothing here fails on values that are out of place.
"""

from __future__ import annotations

import functools
import math
import re
from datetime import date, timedelta

ZERO_DAY = date(1899, 12, 30)
TOKEN = re.compile(
    r'"[^"]*"|(?:\'[^\']+\'!|\w+!)?\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?|[A-Za-z_]\w*\(?|<>|<=|>=|[=^]|.'
)


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


class Calc:
    """Computes cells. ``cells`` has a number, a formula (a text that begins with "=") or nothing for each place."""

    def __init__(self, cells, names):
        self.cells, self.names, self.known, self.codes = cells, names, {}, {}
        self.world = {**WORLD, "cell": self.cell, "area": self.area}

    def cell(self, place):
        """Return the value of a cell, given as ``(sheet, row, column)``."""
        if place not in self.known:
            content = self.cells.get(place)
            if content is None:
                self.known[place] = Empty(0)
            elif isinstance(content, str):
                self.known[place] = 0.0  # for a cell that depends on itself
                value = self._computed(content[1:])
                self.known[place] = 0.0 if isinstance(value, Empty) else value
            else:
                self.known[place] = float(content)
        return self.known[place]

    def area(self, place):
        """Return the values of a range, given as ``(sheet, top, left, bottom, right)``."""
        sheet, top, left, bottom, right = place
        rows, columns = range(top, bottom + 1), range(left, right + 1)
        return Row(self.cell((sheet, row, column)) for row in rows for column in columns)

    def _computed(self, formula):
        """Return what a formula comes to. Formulas that differ in their references alone are compiled once."""
        places = []
        python = "".join(self._word(word, places) for word in TOKEN.findall(formula))
        if python not in self.codes:
            self.codes[python] = compile(python, "formula", "eval")
        return eval(self.codes[python], self.world, {"places": places})

    def _word(self, word, places):
        if "$" in word and word[0] != '"':
            return self._place(word, places)
        if word.rstrip("(") in WORLD or word[0] == '"':
            return word
        if word[0].isalpha():
            return self._place(self.names[word], places)
        return WORDS.get(word, word)

    def _place(self, reference, places):
        places.append(parsed(reference))
        return f"{'cell' if len(places[-1]) == 3 else 'area'}(places[{len(places) - 1}])"


@functools.cache
def parsed(reference):
    """Return sheet, row and column of a reference, for a range both corners."""
    sheet, _, cells = reference.rpartition("!")
    corners = [corner.split("$")[1:] for corner in cells.split(":")]
    numbers = [number for column, row in corners for number in (int(row), column_number(column))]
    return (sheet.strip("'"), *numbers)


def column_number(letters):
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number):
    """Return A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
