"""What `schema.md` means: how the export is read, which records are rejected, and how the others are written.

`judge` gives the right answer. Given the name of a missed trap it gives the answer of a reader who missed
that one, so that `setup.py` can prove for each seed which checks this reader would lose.
"""

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

COLUMNS = ["member_id", "name", "street", "postcode", "city", "birth_date", "joined", "email", "fee", "note"]
CODES = ["columns", "id", "postcode", "date", "duplicate"]
DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
LOOSE_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

# Missed trap -> exactly the checks it must cost.
TRAPS = {
    "all as Windows-1252": {"texts"},
    "bad bytes replaced": {"texts"},
    "Latin-1 for Windows-1252": {"texts"},
    "encoding per record": {"texts"},
    "records counted": {"reject-lines", "reject-codes"},
    "last line of a record": {"reject-lines"},
    "empty lines not counted": {"reject-lines", "reject-codes"},
    "29 February always": {"clean-ids", "reject-lines"},
    "days without zeros": {"clean-ids", "reject-lines"},
    "surplus fields joined": {"clean-ids", "reject-lines", "reject-codes"},
    "zeros put back": {"clean-ids", "reject-lines"},
    "zeros lost": {"postcodes"},
    "spaces kept": {"clean-ids", "reject-lines"},
    "rejected ids taken": {"clean-ids", "reject-lines"},
    "last copy kept": {"texts", "reject-lines"},
    "duplicate first": {"reject-codes"},
    "date before postcode": {"reject-codes"},
    "postcode before id": {"reject-codes"},
    "break kept": {"texts"},
}
READING = {
    "all as Windows-1252",
    "bad bytes replaced",
    "Latin-1 for Windows-1252",
    "encoding per record",
    "records counted",
    "last line of a record",
    "empty lines not counted",
    "surplus fields joined",
    "spaces kept",
}
"""The traps in reading the file; the others are met only when its records are judged."""


@dataclass(frozen=True)
class Answer:
    """The rows of `clean.csv` by id, the codes of `rejects.csv` by line, and how many records there are."""

    clean: dict[str, dict[str, str]]
    rejects: dict[int, str]
    records: int


def judge(data: bytes, missed: str = "") -> Answer:
    """Return what becomes of the records of an export, for a reader who missed at most one trap."""
    clean: dict[str, dict[str, str]] = {}
    starts: dict[str, int] = {}
    rejects: dict[int, str] = {}
    seen: set[str] = set()
    found = records(data, missed if missed in READING else "")[1:]
    for line, fields in found:
        code = fault(fields, missed)
        row = dict(zip(COLUMNS, fields, strict=False))
        known = row["member_id"] in (seen if missed == "rejected ids taken" else clean)
        seen.add(row["member_id"])
        if known and missed == "duplicate first" and code in ("postcode", "date"):
            code = "duplicate"
        elif known and not code and missed == "last copy kept":
            rejects[starts[row["member_id"]]] = "duplicate"
        elif known and not code:
            code = "duplicate"
        if code:
            rejects[line] = code
        else:
            clean[row["member_id"]], starts[row["member_id"]] = written(row, missed), line
    return Answer(clean, rejects, len(found))


@cache
def chunks(data: bytes) -> list[tuple[int, list[bytes]]]:
    """Return first line number and lines of each record, the header included; empty lines belong to none."""
    found: list[tuple[int, list[bytes]]] = []
    quoted = False
    for number, line in enumerate(data.removesuffix(b"\n").split(b"\n"), start=1):
        if quoted:
            found[-1][1].append(line)
        elif line:
            found.append((number, [line]))
        quoted ^= line.count(b'"') % 2 == 1
    return found


@cache
def records(data: bytes, missed: str = "") -> list[tuple[int, list[str]]]:
    """Return the line and the fields of each record, the header included."""
    found = []
    empty_before = 0
    previous = 0
    for position, (start, lines) in enumerate(chunks(data), start=1):
        empty_before += start - previous - 1
        previous = start + len(lines) - 1
        text = "\n".join(decoded(lines, missed))
        (fields,) = csv.reader([text])
        number = {
            "records counted": position,
            "last line of a record": previous,
            "empty lines not counted": start - empty_before,
        }.get(missed, start)
        if missed != "spaces kept":
            fields = [field.strip(" ") for field in fields]
        if missed == "surplus fields joined" and len(fields) > len(COLUMNS):
            surplus = len(fields) - len(COLUMNS)
            fields = [fields[0], ", ".join(fields[1 : 2 + surplus]), *fields[2 + surplus :]]
        found.append((number, fields))
    return found


def decoded(lines: list[bytes], missed: str) -> list[str]:
    """Return the lines of a record as text."""
    if missed == "all as Windows-1252":
        return [line.decode("cp1252", "replace") for line in lines]
    if missed == "bad bytes replaced":
        return [line.decode("utf-8", "replace") for line in lines]
    other = "latin-1" if missed == "Latin-1 for Windows-1252" else "cp1252"
    if missed == "encoding per record":
        return [line.decode("utf-8" if all(map(is_utf8, lines)) else other, "replace") for line in lines]
    return [line.decode("utf-8" if is_utf8(line) else other) for line in lines]


@cache
def is_utf8(line: bytes) -> bool:
    """Tell whether a line is valid UTF-8."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def fault(fields: list[str], missed: str = "") -> str:
    """Return the code of what is wrong with a record by itself, empty if nothing is."""
    if len(fields) != len(COLUMNS):
        return "columns"
    row = dict(zip(COLUMNS, fields, strict=True))
    postcode = row["postcode"]
    if missed == "zeros put back" and re.fullmatch("[0-9]{4}", postcode):
        postcode = f"0{postcode}"
    wrong = {
        "id": not re.fullmatch("M-[0-9]{5}", row["member_id"]),
        "postcode": not re.fullmatch("[0-9]{5}", postcode),
        "date": not all(iso(row[name], missed) for name in ("birth_date", "joined")),
    }
    order = ["id", "postcode", "date"]
    if missed == "date before postcode":
        order = ["id", "date", "postcode"]
    elif missed == "postcode before id":
        order = ["postcode", "id", "date"]
    return next((code for code in order if wrong[code]), "")


def iso(text: str, missed: str = "") -> str:
    """Return a day of the calendar as YYYY-MM-DD, empty if the text gives none."""
    hit = (LOOSE_DAY if missed == "days without zeros" else DAY).fullmatch(text)
    if not hit:
        return ""
    day, month, year = map(int, hit.groups())
    if missed == "29 February always" and (day, month) == (29, 2):
        return f"{year:04d}-02-29"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def written(row: dict[str, str], missed: str = "") -> dict[str, str]:
    """Return a record as it stands in `clean.csv`."""
    out = {name: cell if missed == "break kept" else cell.replace("\n", " ") for name, cell in row.items()}
    for name in ("birth_date", "joined"):
        out[name] = iso(row[name], missed)
    out["email"] = row["email"].lower()
    out["fee"] = row["fee"].replace(",", ".")
    if missed == "zeros lost":
        out["postcode"] = row["postcode"].lstrip("0")
    return out
