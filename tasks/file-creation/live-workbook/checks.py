"""Judge model.xlsx: the file, its values as given, and what it comes to for each of the hidden changes.

The formulas are computed here, by `_live_workbook_book`; no program runs.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from _live_workbook_book import Book
from _live_workbook_draw import changed
from _live_workbook_judge import KINDS, OWN, differences, far_off, idle, wrong
from _live_workbook_model import OUTPUTS, SHEETS, SIZES, Inputs, Rows
from _live_workbook_package import Workbook, read
from _live_workbook_parse import Area
from _live_workbook_values import Error, Value

from agentbench.validators.base import CheckFailed, Context, Verdict, clip, failed, passed

_MAX_BYTES = 12 * 1024 * 1024


class Case(NamedTuple):
    """What the rules and the workbook make of inputs."""

    inputs: Inputs
    right: Rows
    found: Rows


def package_strict(ctx: Context) -> Verdict:
    """The file is a sound package with the three sheets and every defined name, each of its size on its sheet."""
    _workbook(ctx)
    book = _book(ctx)
    wrong_names = []
    for name, size in (SIZES | OUTPUTS).items():
        area = book.names.get(name)
        if area is None:
            wrong_names.append(f"{name}: is not there or means no cells")
        elif not _fits(area, size):
            wrong_names.append(f"{name}: {area.shape[0]} x {area.shape[1]} cells instead of {size}")
        elif area.sheet != SHEETS[name]:
            wrong_names.append(f"{name}: on {area.sheet} instead of {SHEETS[name]}")
    places = [
        cell
        for name, size in SIZES.items()
        if (area := book.names.get(name)) and _fits(area, size)
        for cell in book.cells(area)
    ]
    if len(set(places)) != len(places):
        wrong_names.append("two inputs share a cell")
    return _verdict(wrong_names, "a sound package with all names")


def formulas_listed(ctx: Context) -> Verdict:
    """Formulas keep to what is listed; inputs are the values of the data, outputs are formulas."""
    book, given = _book(ctx), _given(ctx)
    odd = [f"{place}: {clip(why, 80)}" for place, why in book.faults.items()]
    values = _values(ctx)
    for name, right in given.items():
        for number, value in zip(_numbers(book, name), right, strict=True):
            found = values[number]
            if book.formula_at(number) or isinstance(found, (bool, str)) or not _same(found, value):
                odd.append(f"{book.where(number)} ({name}): not the value {value} of the data")
    for name in OUTPUTS:
        odd += [
            f"{book.where(n)} ({name}): no formula" for n in _numbers(book, name) if not book.formula_at(n)
        ]
    return _verdict(odd, "listed formulas, inputs as given")


def cached_right(ctx: Context) -> Verdict:
    """The value stored with each formula is what it comes to, and these are the values of a model."""
    book, case = _book(ctx), _cases(ctx)[0]
    if reason := far_off(case.right, case.found):
        return failed("stored values of a model", reason)
    values = _values(ctx)
    stale = [
        f"{book.where(number)}: {_shown(stored)} instead of {_shown(values[number])}"
        for number, stored in book.cached.items()
        if not _stored(stored, values[number])
    ]
    return _verdict(stale, f"{len(book.cached)} stored values as recalculated")


def given_right(ctx: Context) -> Verdict:
    """Every output is right for the inputs given."""
    case = _cases(ctx)[0]
    return _verdict(differences(case.right, case.found, tuple(OUTPUTS)), "all outputs for the data given")


def kind_right(ctx: Context, kind: str) -> Verdict:
    """The outputs of a kind are right after each of the hidden changes."""
    odd = []
    cases = _cases(ctx)[1:]
    for number, case in enumerate(cases, start=1):
        odd += [f"change {number} {one}" for one in wrong(kind, case.inputs, case.right, case.found)]
    odd = odd or idle(kind, [(case.right, case.found) for case in cases])
    by = ", by its own other rows" if kind in OWN else ""
    return _verdict(odd, f"{', '.join(KINDS[kind])} right after {len(cases)} changes{by}")


def _workbook(ctx: Context) -> Workbook:
    def make() -> Workbook:
        data = ctx.bytes("model.xlsx")
        if len(data) > _MAX_BYTES:
            raise CheckFailed("model.xlsx: of sensible size", f"{len(data)} bytes")
        return read(data)

    return ctx.once("workbook", make)


def _book(ctx: Context) -> Book:
    return ctx.once("book", lambda: Book(_workbook(ctx)))


def _values(ctx: Context) -> list[Value]:
    """Return the values of all cells for the inputs given."""
    return ctx.once("values", lambda: list(_book(ctx).recalculated({})))


def _given(ctx: Context) -> Inputs:
    return ctx.once("given", lambda: ctx.expected("given.json"))


def _cases(ctx: Context) -> list[Case]:
    """Return the inputs given and those after each change, with what comes out."""

    def make() -> list[Case]:
        book, given, cases = _book(ctx), _given(ctx), []
        changes = [{}, *ctx.expected("changes.json")]
        for change, right in zip(changes, ctx.expected("right.json"), strict=True):
            cells: dict[int, Value] = {}
            for name, values in change.items():
                numbers = _numbers(book, name)
                for place, value in values.items():
                    cells[numbers[int(place)]] = None if value is None else float(value)
            values = book.recalculated(cells) if cells else _values(ctx)
            cases.append(Case(changed(given, change), right, _rows(book, values)))
        return cases

    return ctx.once("cases", make)


def _fits(area: Area, size: int) -> bool:
    return area.shape in ((1, size), (size, 1))


def _numbers(book: Book, name: str) -> list[int]:
    """Return the numbers of a name's cells. Raises CheckFailed."""
    area = book.names.get(name)
    if area is None or not _fits(area, (SIZES | OUTPUTS)[name]):
        raise CheckFailed(f"{name} means {(SIZES | OUTPUTS)[name]} cells in a row or column", "it does not")
    return book.cells(area)


def _rows(book: Book, values: list[Value]) -> Rows:
    """Return the outputs; whatever is no number is NaN."""
    rows: Rows = {}
    for name, size in OUTPUTS.items():
        area = book.names.get(name)
        numbers = book.cells(area) if area is not None and _fits(area, size) else []
        found = [values[number] for number in numbers]
        rows[name] = [value if isinstance(value, float) else math.nan for value in found] or [math.nan] * size
    return rows


def _same(found: Value, right: float | None) -> bool:
    if found is None or right is None:
        return found is None and right is None
    return isinstance(found, float) and abs(found - right) <= 1e-9


def _stored(stored: Value, value: Value) -> bool:
    if isinstance(value, Error):
        return isinstance(stored, Error)
    if isinstance(value, str):
        return (stored or "") == value
    if isinstance(value, bool):
        return stored in (value, float(value))
    return isinstance(stored, float) and abs(stored - (value or 0.0)) <= 1e-6 + 1e-9 * abs(value or 0.0)


def _shown(value: Value) -> str:
    return "nothing" if value is None else clip(value.code if isinstance(value, Error) else str(value), 40)


def _verdict(odd: list[str], what: str) -> Verdict:
    if odd:
        return failed(what, f"{len(odd)} wrong: {'; '.join(odd[:5])}")
    return passed(what)
