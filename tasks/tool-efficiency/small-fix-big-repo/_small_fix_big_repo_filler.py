"""The rest of the code base: some 330 modules that have nothing to do with the ticket, in the words of their trade.

Words of the real thing are in them on purpose (openings of shops, spans of shelves, windows of deliveries), so that
a search for one of them finds many places, most of them not of interest.
"""

import random

NOUNS = [
    "account",
    "article",
    "batch",
    "bin",
    "carton",
    "carrier",
    "claim",
    "contract",
    "counter",
    "courier",
    "crate",
    "customer",
    "delivery",
    "device",
    "discount",
    "dock",
    "document",
    "driver",
    "entry",
    "fee",
    "form",
    "freight",
    "gate",
    "invoice",
    "item",
    "job",
    "label",
    "lane",
    "ledger",
    "letter",
    "loan",
    "lot",
    "machine",
    "manifest",
    "meter",
    "notice",
    "offer",
    "order",
    "packet",
    "pallet",
    "parcel",
    "partner",
    "payment",
    "permit",
    "plan",
    "price",
    "quote",
    "rack",
    "rate",
    "receipt",
    "region",
    "rental",
    "repair",
    "request",
    "return",
    "route",
    "sample",
    "scale",
    "seal",
    "shelf",
    "shipment",
    "shop",
    "slip",
    "slot",
    "stamp",
    "station",
    "store",
    "supplier",
    "tariff",
    "task",
    "team",
    "ticket",
    "token",
    "tool",
    "tour",
    "trailer",
    "transfer",
    "trip",
    "truck",
    "unit",
    "vehicle",
    "vendor",
    "visit",
    "voucher",
    "ward",
    "warehouse",
    "yard",
    "zone",
]
ENDINGS = [
    "list",
    "check",
    "import",
    "export",
    "rules",
    "view",
    "total",
    "index",
    "queue",
    "sheet",
    "store",
    "filter",
    "match",
    "merge",
    "report",
    "table",
    "format",
    "policy",
    "count",
    "map",
]
QUALITIES = [
    "open",
    "late",
    "spare",
    "blocked",
    "returned",
    "urgent",
    "split",
    "partial",
    "sealed",
    "foreign",
]

TEMPLATES = [
    '''"""{Noun} {ending} of the department."""

from dataclasses import dataclass


@dataclass
class {Class}:
    """A {noun} as the {other} desk sees it."""

    number: int
    {quality}: bool = False
    weight: int = {n}

    def {field}(self, factor: int) -> int:
        """Return the {other} units that the {noun} stands for."""
        return self.weight * factor + (self.number % {m} if self.{quality} else 0)


def {quality}_ones(found: list[{Class}]) -> list[{Class}]:
    """Return those that are {quality}, heaviest first."""
    return sorted((one for one in found if one.{quality}), key=lambda one: (-one.weight, one.number))
''',
    '''"""When a {noun} can be had: opening hours and {other} windows."""

from datetime import date


class {Class}Hours:
    """Opening hours of a {noun}, Monday first."""

    def __init__(self, rows: list[tuple[int, int]]) -> None:
        self.rows = rows

    def @open@(self, day: date) -> int:
        """Return the hour at which it opens on a day."""
        return self.rows[day.weekday()][0]

    def window(self, day: date) -> tuple[int, int]:
        """Return the hours between which a {other} is taken in."""
        begin, end = self.rows[day.weekday()]
        return begin + {k}, max(begin + {k}, end - {k})


def is_open(hours: {Class}Hours, day: date, hour: int) -> bool:
    """Return whether the {noun} is open at an hour of a day."""
    return hours.@open@(day) <= hour < hours.window(day)[1] + {k}
''',
    '''"""{Noun} {ending}: what is due from a {other}, and when."""

from datetime import date, timedelta

GRACE = {n}


def due(sent: date, urgent: bool = False) -> date:
    """Return the last day for a {noun} that was sent on a day."""
    return sent + timedelta(days=GRACE // 2 if urgent else GRACE)


def {quality}(sent: list[date], today: date) -> list[date]:
    """Return the days of those that are past their last day, oldest first."""
    return sorted(day for day in sent if due(day) < today)


def weeks(first: date, last: date) -> int:
    """Return the weeks of a {noun}, the broken ones counted in full."""
    return -(-((last - first).days + 1) // 7)
''',
    '''"""The span of a {noun} on the {other}."""


class {Class}Line:
    """A {noun} by its two ends, in millimetres."""

    def __init__(self, begin: int, end: int) -> None:
        self.begin, self.end = begin, end

    def @span@(self, gap: int = {k}) -> int:
        """Return how long it is, with a gap on both sides."""
        return self.end - self.begin + 2 * gap


def fits(lines: list[{Class}Line], length: int) -> bool:
    """Return whether all of them fit on a {other} side by side."""
    return sum(line.@span@() for line in lines) <= length


def longest(lines: list[{Class}Line]) -> int:
    """Return the longest one, {n} where there is none."""
    return max((line.@span@(0) for line in lines), default={n})
''',
    '''"""Opening balances of a {noun}, by {other}."""

RATE = {n}


class {Class}Balance:
    """What was there at first, and what came and went."""

    def __init__(self, cents: int) -> None:
        self.cents, self.moves = cents, []

    def move(self, cents: int) -> None:
        """Note what came (or went, below zero)."""
        self.moves.append(cents)

    def @open@(self) -> int:
        """Return what was there at first."""
        return self.cents

    def closing(self) -> int:
        """Return what is there now."""
        return self.@open@() + sum(self.moves)


def {quality}_fee(balance: {Class}Balance) -> int:
    """Return the fee for the {other}, in cents."""
    return max(0, balance.closing() - balance.@open@()) * RATE // 1000
''',
    '''"""{Noun} {ending} by {other}."""

from collections import Counter

NAMES = {{"{quality}": {n}, "{other}": {m}, "{noun}": {k}}}


def tally(rows: list[dict[str, str]]) -> Counter:
    """Return how many rows there are of each {other}; rows without one count as {quality}."""
    return Counter(row.get("{other}") or "{quality}" for row in rows)


def weighed(rows: list[dict[str, str]]) -> int:
    """Return the weight of all rows by their {other}."""
    return sum(NAMES.get(name, 1) * number for name, number in tally(rows).items())


def most(rows: list[dict[str, str]]) -> str:
    """Return the {other} with most rows, the first by name where there are several."""
    return min(tally(rows).items(), key=lambda item: (-item[1], item[0]), default=("", 0))[0]
''',
    '''"""Reads the {noun} {ending} that the {other} people send."""

COLUMNS = ("number", "{noun}", "{other}", "period")


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a list with semicolons; lines that are too short are left out."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split(";")]
        if len(cells) >= len(COLUMNS):
            found.append(dict(zip(COLUMNS, cells)))
    return found


def {quality}(text: str) -> list[str]:
    """Return the numbers of the rows without a {other}."""
    return [row["number"] for row in rows(text) if not row["{other}"]]


def month_of(row: dict[str, str]) -> str:
    """Return the month that the period of a row closes in."""
    return row["period"][:7]
''',
    '''"""Rounding of {noun} prices for the {other}."""

STEP = {k}
LIMIT = {n}00


def rounded(cents: int) -> int:
    """Return the price at full steps, halves going up."""
    return (2 * cents + STEP) // (2 * STEP) * STEP


def split(cents: int, parts: int) -> list[int]:
    """Return a price in parts that differ by a cent at most, larger ones first."""
    each, rest = divmod(cents, parts)
    return [each + (number < rest) for number in range(parts)]


def {quality}_price(cents: int) -> int:
    """Return the price of a {quality} {noun}."""
    return min(LIMIT, rounded(cents * {m} // 100))
''',
    '''"""Who may book a {noun} {ending}, and for which {other}."""

ROLES = {{"{quality}": ("clerk",), "{noun}": ("clerk", "lead"), "{other}": ("lead",)}}


class {Class}Gate:
    """Lets people through by role."""

    def __init__(self, roles: dict[str, tuple[str, ...]] = ROLES) -> None:
        self.roles = roles

    def allows(self, role: str, what: str) -> bool:
        """Return whether a role may book."""
        return role in self.roles.get(what, ())

    def window(self, role: str) -> list[str]:
        """Return what the window of a role shows."""
        return sorted(what for what in self.roles if self.allows(role, what))


def leads(gate: {Class}Gate) -> int:
    """Return how many things a lead may book."""
    return len(gate.window("lead"))
''',
    '''"""Periods in which a {noun} is {quality}."""

from datetime import date


class {Class}Season:
    """From a day to a day, both included, every year."""

    def __init__(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        self.first, self.last = first, last

    def holds(self, day: date) -> bool:
        """Return whether the season holds on a day; one that ends before it begins goes over the new year."""
        at = day.month, day.day
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


SEASON = {Class}Season(({k}, {n}), ({j}, {n}))


def surcharge(day: date, cents: int) -> int:
    """Return what a {other} costs more in the season."""
    return cents * {m} // 100 if SEASON.holds(day) else 0
''',
]


def module(rng: random.Random, noun: str, ending: str) -> str:
    """Return a module of the rest."""
    other = rng.choice([one for one in NOUNS if one != noun])
    facts = {
        "noun": noun,
        "Noun": noun.capitalize(),
        "Class": noun.capitalize() + ending.capitalize(),
        "other": other,
        "ending": ending,
        "quality": rng.choice(QUALITIES),
        "field": rng.choice(["load", "worth", "points", "share"]),
        "n": rng.randrange(10, 28),
        "m": rng.randrange(3, 60),
        "k": rng.randrange(1, 7),
        "j": rng.randrange(7, 13),
    }
    return rng.choice(TEMPLATES).format(**facts)


def names(rng: random.Random, number: int, taken: set[str]) -> list[tuple[str, str]]:
    """Return noun and ending of so many modules of a department."""
    every = [(noun, ending) for noun in NOUNS for ending in ENDINGS if f"{noun}_{ending}" not in taken]
    return sorted(rng.sample(every, number))
