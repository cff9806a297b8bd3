"""Reads the export by character, knows the calendar by itself, and writes both files; slips can be asked for.

It shares no code with the generator of the task.
"""

import calendar
import csv
import re
from pathlib import Path

Row = dict[str, str]
Made = frozenset[str]


def text_of(line: bytes, made: Made) -> str:
    """Return a line as text: UTF-8 if it can be, else Windows-1252."""
    if "whole-cp1252" in made:
        return line.decode("cp1252", "replace")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        if "replace" in made:
            return line.decode("utf-8", "replace")
        if "ignore" in made:
            return line.decode("utf-8", "ignore")
        return line.decode("latin-1" if "latin-1" in made else "cp1252", "replace")


def lines_of(workspace: Path, made: Made) -> list[str]:
    """Return the lines of the export; with the slip by-record, whole records are decoded."""
    raw = (workspace / "members.csv").read_bytes().split(b"\n")
    if "by-record" not in made:
        return [text_of(line, made) for line in raw]
    lines: list[str] = []
    pending: list[bytes] = []
    for line in raw:
        pending.append(line)
        if b"\n".join(pending).count(b'"') % 2 == 0:
            lines += text_of(b"\n".join(pending), made).split("\n")
            pending = []
    return lines


def records_of(lines: list[str]) -> list[tuple[int, int, list[str]]]:
    """Return first line, last line and fields of each record, walking over the characters."""
    found = []
    fields, cell, quoted, start = [], "", False, 0
    for number, line in enumerate(lines, start=1):
        if not quoted and not line:
            continue
        start = start if quoted else number
        cell += "\n" if quoted else ""
        position = 0
        while position < len(line):
            letter = line[position]
            if quoted and line[position : position + 2] == '""':
                cell += '"'
                position += 1
            elif letter == '"':
                quoted = not quoted
            elif letter == "," and not quoted:
                fields.append(cell)
                cell = ""
            else:
                cell += letter
            position += 1
        if not quoted:
            found.append((start, number, [*fields, cell]))
            fields, cell = [], ""
    return found


# -- judging -----------------------------------------------------------------------------------------


def day_of(text: str, made: Made) -> str | None:
    """Return a German date as ISO, None when the calendar has no such day."""
    digits = "1,2" if "loose-days" in made else "2"
    hit = re.fullmatch(rf"(\d{{{digits}}})\.(\d{{{digits}}})\.(\d{{4}})", text, re.ASCII)
    if not hit:
        return None
    day, month, year = (int(part) for part in hit.groups())
    if not 1 <= month <= 12 or year < 1:
        return None
    last = calendar.monthrange(2000 if "leap-always" in made else year, month)[1]
    last = 31 if "any-31" in made else last
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= last else None


def code_of(row: Row | None, made: Made) -> str | None:
    """Return what is wrong with a record by itself."""
    if row is None:
        return "columns"
    postcode = row["postcode"].zfill(5) if "zeros-back" in made and row["postcode"] else row["postcode"]
    tests = [
        ("id", bool(re.fullmatch(r"M-\d{5}", row["member_id"], re.ASCII))),
        ("postcode", bool(re.fullmatch(r"\d{5}", postcode, re.ASCII))),
        ("date", bool(day_of(row["birth_date"], made) and day_of(row["joined"], made))),
    ]
    if "date-first" in made:
        tests.insert(0, tests.pop())
    return next((code for code, right in tests if not right), None)


def split(workspace: Path, made: Made = frozenset()) -> tuple[list[Row], list[tuple[int, str]]]:
    """Return the clean rows and the rejects."""
    (_, _, names), *rest = records_of(lines_of(workspace, made))
    clean: list[Row] = []
    rejects: list[tuple[int, str]] = []
    taken: set[str] = set()
    for count, (start, end, cells) in enumerate(rest, start=2):
        line = count if "count-records" in made else end if "end-line" in made else start
        cells = cells if "no-strip" in made else [cell.strip() for cell in cells]
        if "join-surplus" in made and len(cells) > 10:
            cells = [cells[0], ", ".join(cells[1 : len(cells) - 8]), *cells[-8:]]
        row = dict(zip(names, cells, strict=True)) if len(cells) == 10 else None
        code = code_of(row, made)
        key = cells[0]
        if key in taken and ("duplicate-first" in made or not code):
            code = "duplicate"
        if not code or "rejected-take" in made:
            taken.add(key)
        if code or row is None:
            rejects.append((line, code or "columns"))
            continue
        row = {name: cell if "keep-breaks" in made else cell.replace("\n", " ") for name, cell in row.items()}
        row["birth_date"], row["joined"] = (str(day_of(row[name], made)) for name in ("birth_date", "joined"))
        row["email"] = row["email"] if "keep-case" in made else row["email"].lower()
        row["fee"] = row["fee"].replace(",", ".")
        if "lose-zeros" in made:
            row["postcode"] = str(int(row["postcode"]))
        clean.append(row)
    return clean, rejects


def write(workspace: Path, clean: list[Row], rejects: list[tuple[int, str]]) -> None:
    """Write both files plainly."""
    with (workspace / "clean.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(clean[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(clean)
    with (workspace / "rejects.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("line", "code"), *rejects])
