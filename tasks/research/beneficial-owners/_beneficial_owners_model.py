"""What a register is made of: filings with their entries, people with their names, suppliers with their thresholds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

FIRST_DAY = date(2020, 12, 31).toordinal()
"""The day to which every first return is made up; owners are known from here on."""


class Entry(NamedTuple):
    """A numbered entry of a filing: shares of a class that come to `target`, in most forms from `source`."""

    source: str
    target: str
    share: str
    count: int | None


@dataclass(frozen=True)
class Filing:
    """A filing. Days are ordinals, numbers rise with receipt, holders are people ("p7") or companies ("418205")."""

    no: int
    received: int
    effective: int
    company: str
    form: str
    entries: tuple[Entry, ...] = ()
    classes: tuple[tuple[str, int, int], ...] = ()
    factor: Fraction = Fraction(1)
    concerns: int = 0
    entry: int = 1
    item: str = ""
    until: int | None = None
    signed: int = 0
    language: str = "en"


@dataclass(frozen=True)
class Name:
    """An entry of people.csv. Empty parts are not printed; `formerly` is a name as it was once."""

    person_id: str
    family: str
    given: str
    chinese: str
    born: date
    formerly: str = ""

    @property
    def latin(self) -> str:
        """Return the Latin name, family name first."""
        return f"{self.family.upper()} {self.given}"


@dataclass
class Person:
    """Somebody, with the entries of people.csv that are about them."""

    key: str
    names: list[Name]
    twin: str = ""
    namesake: str = ""
    renamed: int = 0

    def name(self, language: str, day: int) -> Name:
        """Return the entry under which a filing of a day in a language speaks of them."""
        some = [one for one in self.names if (one.chinese if language == "zh" else one.family)]
        if not some:
            return self.names[0]
        return some[0] if len(some) == 1 or day < self.renamed else some[-1]


class Limit(NamedTuple):
    """From a day on: the percentages that economic shares reach and that votes exceed, for one category."""

    since: int
    economic: int
    votes: int


@dataclass
class Supplier:
    """A supplier with the companies above it and all that was filed about them; `critical_from` 0: it never was."""

    company: str
    critical_from: int
    theme: str
    filings: list[Filing] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)


Row = tuple[Fraction, str, int]
"""Exact percentage, basis and the first day of the run by what is known today."""
