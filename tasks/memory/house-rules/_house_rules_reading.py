"""Reads dates and amounts in whatever form they are written, so that form and content are judged apart."""

import re
from datetime import date
from decimal import Decimal

_PARTS = re.compile(r"([0-9]{1,4})\D{1,3}([0-9]{1,2})\D{1,3}([0-9]{1,4})(?:[T ].*)?", re.ASCII | re.DOTALL)
_MARKS = re.compile(r"[\s'’€$£]|[A-Za-z]{3}")
_SIGNS = {"'": "['’]", " ": "[ \u00a0\u2009\u202f]"}
_LONGEST = 40


def date_pattern(form: str) -> re.Pattern[str]:
    """Return what a date written as ``YYYY``, ``MM`` and ``DD`` in some order must match."""
    pattern = re.escape(form)
    for word, name, digits in (("YYYY", "y", 4), ("MM", "m", 2), ("DD", "d", 2)):
        pattern = pattern.replace(word, f"(?P<{name}>[0-9]{{{digits}}})")
    return re.compile(pattern)


def date_in(pattern: re.Pattern[str], cell: str) -> date | None:
    """Return the date that a cell gives in the form of ``pattern``, None where it does not."""
    hit = pattern.fullmatch(cell)
    return _date(hit["y"], hit["m"], hit["d"]) if hit else None


def dates_in(cell: str) -> set[date]:
    """Return every date that a cell can mean: year first, day first or month first."""
    hit = _PARTS.fullmatch(cell) if len(cell) <= _LONGEST else None
    if not hit:
        return set()
    one, two, three = hit.groups()
    found = {_date(one, two, three), _date(three, two, one), _date(three, one, two)}
    return {day for day in found if day}


def amount_pattern(thousands: str, decimal: str) -> re.Pattern[str]:
    """Return what an amount must match, given the signs before thousands and decimals."""
    group = _SIGNS.get(thousands, re.escape(thousands))
    return re.compile(rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})*{re.escape(decimal)}[0-9]{{2}}")


def amounts_in(cell: str) -> set[Decimal]:
    """Return every amount that a cell can mean, whichever of point and comma stands before the decimals."""
    text = _MARKS.sub("", cell) if len(cell) <= _LONGEST else ""
    found = set()
    for grouping, decimal in ((",", "."), (".", ",")):
        bare = text.replace(grouping, "")
        if re.fullmatch(rf"-?[0-9]+(?:{re.escape(decimal)}[0-9]+)?", bare):
            found.add(Decimal(bare.replace(decimal, ".")))
    return found


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day))
    except ValueError:
        return None
