"""Draws the members and damages some of their records; `export` gives the bytes of the file."""

import random
import unicodedata
from dataclasses import dataclass, field, replace

from _import_with_rejects_rules import COLUMNS
from _import_with_rejects_words import (
    CITIES,
    FEES,
    FIRST,
    HOSTS,
    HOUSES,
    LAST,
    LONG_NOTES,
    NOTES,
    STREETS,
)

RECORDS = 800
EMPTY_LINES = 6
FIRST_FAULT = 25
"""No record before this one is rejected: breaks and empty lines above have moved all of them."""
BAD_IDS = ["", "{short}", "{digits}", "M{digits}", "M-{digits}7", "M-{short}B"]
NO_SUCH_DAY = ["31.04.{y}", "31.06.{y}", "31.11.{y}", "30.02.{y}", "00.00.0000"]
UNKNOWN_DAY = "00.00.0000"
OTHER_DAY = [
    "{d}.{m}.{y}",
    "{d}.{m}.{y}",
    "{y}-0{m}-1{d}",
    "{y}-0{m}-2{d}",
    "1{d}.0{m}.{yy}",
    "2{d}.0{m}.{yy}",
]


@dataclass
class Entry:
    """A record: its values, the code it must get (empty if it is right) and how it is written."""

    row: dict[str, str]
    code: str = ""
    unquoted: str = ""
    left_out: str = ""
    old_lines: set[int] = field(default_factory=set)
    """Which of its lines are in Windows-1252."""
    paired: bool = False
    """Whether another record bears the same id."""

    def lines(self) -> list[str]:
        """Return its lines as text."""
        cells = []
        for name in COLUMNS:
            cell = self.row[name]
            if name != self.left_out:
                plain = name == self.unquoted or not set(cell) & set(',"\n')
                cells.append(cell if plain else '"' + cell.replace('"', '""') + '"')
        return ",".join(cells).split("\n")

    def encoded(self) -> list[bytes]:
        """Return its lines as they stand in the file."""
        return [
            line.encode("cp1252" if number in self.old_lines else "utf-8")
            for number, line in enumerate(self.lines())
        ]


def ascii_only(text: str) -> str:
    """Return a name as it appears in an address."""
    plain = text.translate(str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "ı": "i"}))
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", plain) if letter.isascii() and letter.isalpha()
    )


def member(rng: random.Random, number: int) -> Entry:
    """Draw a member whose record is right."""
    first, last = rng.choice(FIRST), rng.choice(LAST)
    city, digit = rng.choice(CITIES)
    born = rng.randint(1938, 2013)
    email = f"{ascii_only(first)}.{ascii_only(last)}@{rng.choice(HOSTS)}"
    joined = rng.randint(max(born + 6, 1975), 2025)
    row = {
        "member_id": f"M-{number:05d}",
        "name": f"{last}, {first}",
        "street": f"{rng.choice(STREETS)} {rng.randint(1, 120)}",
        "postcode": f"{digit}{rng.randrange(1000, 10000)}",
        "city": city,
        "birth_date": f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}.{born}",
        "joined": f"{rng.choice([1, 1, 1, 15]):02d}.{rng.randint(1, 12):02d}.{joined}",
        "email": rng.choice([email, email.lower(), email.lower(), ""]),
        "fee": rng.choice(FEES),
        "note": rng.choice(NOTES) if rng.random() < 0.2 else "",
    }
    return Entry(row)


def draw(rng: random.Random) -> list[Entry]:
    """Draw all records in the order of the file."""
    numbers = sorted(rng.sample(range(300, 9800), RECORDS - 17))
    entries = [member(rng, number) for number in numbers]
    rest = entries[FIRST_FAULT:-150]
    rng.shuffle(rest)
    spoil_shape(rng, rest)
    spoil_values(rng, rest)
    spoil_twice(rng, rest)
    for _ in range(4):
        entry = rest.pop()
        entry.row[rng.choice(["birth_date", "joined"])] = (
            f"29.02.{rng.choice([1976, 1984, 1996, 2000, 2008])}"
        )
    repeat(rng, entries, rest)
    spread_spaces(rng, rest)
    break_lines(rng, entries, rest)
    write_old(rng, entries)
    return entries


def spoil_shape(rng: random.Random, rest: list[Entry]) -> None:
    """Give records too many fields or too few."""
    for _ in range(5):
        _take(rest, "columns").unquoted = "name"
    for _ in range(2):
        _take(rest, "columns").unquoted = "fee"
    for _ in range(2):
        entry = _take(rest, "columns")
        entry.unquoted, entry.row["street"] = "street", f"{entry.row['street']}, {rng.choice(HOUSES)}"
    for name in rng.sample(["street", "city", "email", "postcode", "joined"], 4):
        _take(rest, "columns").left_out = name


def spoil_values(rng: random.Random, rest: list[Entry]) -> None:
    """Give records a wrong id, postcode or date."""
    for form in BAD_IDS:
        bad_id(rng, _take(rest, "id"), form)
    for _ in range(6):
        short_postcode(rng, _take(rest, "postcode"))
    for form in ("O{}", "D-0{}", "{}", "", "10{}", "1{} a"):
        _take(rest, "postcode").row["postcode"] = form.format(rng.randrange(1000, 10000))
    for form in NO_SUCH_DAY:
        bad_date(rng, _take(rest, "date"), form)
    for form in OTHER_DAY:
        bad_date(rng, _take(rest, "date"), form)
    for _ in range(5):
        leap_fault(rng, _take(rest, "date"))


def spoil_twice(rng: random.Random, rest: list[Entry]) -> None:
    """Give records two faults; the one that comes first in the table counts."""
    for _ in range(3):
        entry = _take(rest, "postcode")
        misread_postcode(rng, entry)
        leap_fault(rng, entry)
    for _ in range(3):
        entry = _take(rest, "id")
        bad_id(rng, entry, rng.choice(BAD_IDS[1:]))
        short_postcode(rng, entry)
    for _ in range(2):
        entry = _take(rest, "columns")
        entry.unquoted = "name"
        bad_date(rng, entry, rng.choice(NO_SUCH_DAY))


def repeat(rng: random.Random, entries: list[Entry], rest: list[Entry]) -> None:
    """Let 17 records come again further down, with another street and address."""
    for _ in range(8):
        again(rng, entries, rest.pop()).code = "duplicate"
    for _ in range(3):
        copy = again(rng, entries, rest.pop())
        copy.code = "date"
        bad_date(rng, copy, UNKNOWN_DAY)
    for number in range(4):
        first = rest.pop()
        second = again(rng, entries, first)
        if number % 2:
            first.code = "date"
            bad_date(rng, first, UNKNOWN_DAY)
        else:
            first.code = "postcode"
            misread_postcode(rng, first)
        if number > 1:
            again(rng, entries, second).code = "duplicate"


def again(rng: random.Random, entries: list[Entry], entry: Entry) -> Entry:
    """Enter a copy of a record some way below it and return the copy."""
    street = f"{rng.choice(STREETS)} {rng.randint(121, 180)}"
    name = ascii_only(entry.row["name"]).lower()
    copy = replace(
        entry, row={**entry.row, "street": street, "email": f"{name}@example.net"}, old_lines=set()
    )
    entry.paired = copy.paired = True
    at = next(number for number, one in enumerate(entries) if one is entry)
    entries.insert(at + rng.randint(15, 60), copy)
    return copy


def spread_spaces(rng: random.Random, rest: list[Entry]) -> None:
    """Put spaces around some values of right records."""
    for name, times in (("postcode", 7), ("member_id", 4), ("birth_date", 4), ("city", 8), ("street", 5)):
        for _ in range(times):
            entry = rest.pop()
            entry.row[name] = rng.choice(
                [f" {entry.row[name]}", f"{entry.row[name]} ", f" {entry.row[name]}  "]
            )


def break_lines(rng: random.Random, entries: list[Entry], rest: list[Entry]) -> None:
    """Put line breaks into fields: of right records, early ones among them, and of some rejected ones."""
    rejected = [entry for entry in entries if entry.code and not entry.left_out and not entry.unquoted]
    chosen = rng.sample(entries[4:12], 2) + rng.sample(rejected, 7) + [rest.pop() for _ in range(20)]
    for number, entry in enumerate(chosen):
        if number % 5 == 4:
            entry.row["street"] += f"\n{rng.choice(HOUSES)}"
        else:
            entry.row["note"] = "\n".join(rng.choice(LONG_NOTES))


def write_old(rng: random.Random, entries: list[Entry]) -> None:
    """Let an old machine have written some lines: whole records, and parts of records."""
    whole, punctuated, parts = [], [], []
    for entry in entries:
        lines = entry.lines()
        able = [_encodable(line) and not line.isascii() for line in lines]
        if entry.code or entry.paired:
            continue
        if len(lines) == 1 and able[0]:
            (punctuated if set(lines[0]) & set("’–€„“Žžš") else whole).append(entry)
        elif not lines[0].isascii() and any(able[1:]):
            parts.append((entry, {number for number in range(1, len(lines)) if able[number]}))
    for entry in rng.sample(whole, 26) + rng.sample(punctuated, 12):
        entry.old_lines = {0}
    for entry, numbers in rng.sample(parts, 3):
        entry.old_lines = numbers
    rejected = [
        one for one in entries if one.code and not one.lines()[0].isascii() and _encodable(one.lines()[0])
    ]
    for entry in rng.sample(rejected, 4):
        entry.old_lines = {0}


def export(rng: random.Random, entries: list[Entry]) -> tuple[bytes, dict[int, str]]:
    """Return the file, and the code of each rejected record by the line on which it starts."""
    gaps = {rng.randint(13, 20), *rng.sample(range(30, len(entries)), EMPTY_LINES - 1)}
    lines, codes = [",".join(COLUMNS).encode()], {}
    for number, entry in enumerate(entries):
        if number in gaps:
            lines.append(b"")
        if entry.code:
            codes[len(lines) + 1] = entry.code
        lines += entry.encoded()
    return b"\n".join(lines) + b"\n", codes


def bad_id(rng: random.Random, entry: Entry, form: str) -> None:
    """Spoil the id, the empty form making it empty."""
    digits = entry.row["member_id"][2:]
    entry.row["member_id"] = form.format(
        digits=digits, short=f"M-{digits[1:]}" if form == "{short}" else digits[1:]
    )


def short_postcode(rng: random.Random, entry: Entry) -> None:
    """Take the leading zero from the postcode."""
    entry.row["postcode"] = f"{rng.randrange(1000, 10000)}"


def misread_postcode(rng: random.Random, entry: Entry) -> None:
    """Put a letter O in the place of the zero."""
    entry.row["postcode"] = f"O{rng.randrange(1000, 10000)}"


def bad_date(rng: random.Random, entry: Entry, form: str) -> None:
    """Spoil a date with a day that no calendar has, or that is written otherwise."""
    name = rng.choice(["birth_date", "joined"])
    year = int(entry.row[name][-4:])
    entry.row[name] = form.format(d=rng.randint(1, 8), m=rng.randint(1, 9), y=year, yy=f"{year % 100:02d}")


def leap_fault(rng: random.Random, entry: Entry) -> None:
    """Set a date to the 29th of February of a common year."""
    name = rng.choice(["birth_date", "joined"])
    year = int(entry.row[name][-4:])
    entry.row[name] = f"29.02.{year + 1 if year % 4 == 0 else year}"


def _take(rest: list[Entry], code: str) -> Entry:
    entry = rest.pop()
    entry.code = code
    return entry


def _encodable(line: str) -> bool:
    try:
        line.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
