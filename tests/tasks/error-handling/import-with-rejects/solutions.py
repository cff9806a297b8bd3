"""Solvers of `error-handling/import-with-rejects`: one that reads with care, and its slips.

A wrong solver is the honest one with one slip; a mutation spoils one thing in the right files.
"""

import csv
import re
from datetime import datetime
from pathlib import Path

from _import_with_rejects_reader import Row, code_of, day_of, lines_of, split, write


def oracle(workspace: Path, turn: int = 1) -> str:
    """Split the export with care."""
    return solve(workspace)


def solve(workspace: Path, *slips: str) -> str:
    """Split the export, with the slips named."""
    clean, rejects = split(workspace, frozenset(slips))
    write(workspace, clean, rejects)
    return f"{len(clean)} records are clean, {len(rejects)} are rejected."


# -- other right ways --------------------------------------------------------------------------------


def spelled_otherwise(workspace: Path, turn: int = 1) -> str | None:
    """Other order, further columns, every cell quoted, BOM, CRLF, semicolons, fees without trailing zeros."""
    clean, rejects = split(workspace)
    names = [*sorted(clean[0]), "source"]
    with (workspace / "clean.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(names)
        for row in reversed(clean):
            row["fee"] = row["fee"].rstrip("0").rstrip(".")
            writer.writerow([*(row[name] for name in sorted(row)), "old system"])
    body = [f"{code};{line};please look" for line, code in sorted(rejects, key=lambda one: one[::-1])]
    (workspace / "rejects.csv").write_bytes("\r\n".join(["code;line;remark", *body]).encode())
    return None


def by_library(workspace: Path, turn: int = 1) -> str | None:
    """Decode the lines, then leave the fields to the csv module and the days to datetime."""
    raw = (workspace / "members.csv").read_bytes().splitlines(keepends=True)
    texts = []
    for line in raw:
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append(line.decode("cp1252"))
    reader = csv.reader(texts, strict=True)
    names = next(reader)
    clean: dict[str, Row] = {}
    rejects = []
    before = reader.line_num
    for fields in reader:
        start, before = before + 1, reader.line_num
        if not fields:
            continue
        row = {name: " ".join(cell.split("\n")).strip() for name, cell in zip(names, fields, strict=False)}
        code = "" if len(fields) == len(names) else "columns"
        if not code and not re.fullmatch("M-[0-9]{5}", row["member_id"]):
            code = "id"
        if not code and not re.fullmatch("[0-9]{5}", row["postcode"]):
            code = "postcode"
        for name in ("birth_date", "joined"):
            try:
                assert code or len(row[name]) == 10
                row[name] = code or datetime.strptime(row[name], "%d.%m.%Y").date().isoformat()
            except (AssertionError, ValueError):
                code = "date"
        code = code or ("duplicate" if row["member_id"] in clean else "")
        if code:
            rejects.append((start, code))
        else:
            clean[row["member_id"]] = {
                **row,
                "email": row["email"].lower(),
                "fee": row["fee"].replace(",", "."),
            }
    write(workspace, list(clean.values()), rejects)
    return None


# -- plausible but wrong -----------------------------------------------------------------------------


def all_windows(workspace: Path, turn: int = 1) -> str:
    """Read the whole file as Windows-1252."""
    return solve(workspace, "whole-cp1252")


def replaces_bytes(workspace: Path, turn: int = 1) -> str:
    """Replace what is not UTF-8."""
    return solve(workspace, "replace")


def ignores_bytes(workspace: Path, turn: int = 1) -> str:
    """Drop what is not UTF-8."""
    return solve(workspace, "ignore")


def latin_one(workspace: Path, turn: int = 1) -> str:
    """Take the old lines for ISO 8859-1."""
    return solve(workspace, "latin-1")


def decodes_records(workspace: Path, turn: int = 1) -> str:
    """Choose the encoding for whole records."""
    return solve(workspace, "by-record")


def counts_records(workspace: Path, turn: int = 1) -> str:
    """Number the records and not the lines."""
    return solve(workspace, "count-records")


def takes_last_line(workspace: Path, turn: int = 1) -> str:
    """Give the line on which a record ends."""
    return solve(workspace, "end-line")


def accepts_leap_days(workspace: Path, turn: int = 1) -> str:
    """Accept the 29th of February in every year."""
    return solve(workspace, "leap-always")


def accepts_any_31st(workspace: Path, turn: int = 1) -> str:
    """Only see that the day is at most 31 and the month at most 12."""
    return solve(workspace, "any-31")


def accepts_loose_days(workspace: Path, turn: int = 1) -> str:
    """Accept days and months of one digit."""
    return solve(workspace, "loose-days")


def joins_surplus(workspace: Path, turn: int = 1) -> str:
    """Repair records with a stray comma."""
    return solve(workspace, "join-surplus")


def puts_zeros_back(workspace: Path, turn: int = 1) -> str:
    """Repair postcodes that lost their zero."""
    return solve(workspace, "zeros-back")


def loses_zeros(workspace: Path, turn: int = 1) -> str:
    """Take postcodes for numbers."""
    return solve(workspace, "lose-zeros")


def keeps_spaces(workspace: Path, turn: int = 1) -> str:
    """Judge fields with the spaces around them."""
    return solve(workspace, "no-strip")


def lets_rejected_take_ids(workspace: Path, turn: int = 1) -> str:
    """Reject a right record because a rejected one had its id before."""
    return solve(workspace, "rejected-take")


def looks_for_duplicates_first(workspace: Path, turn: int = 1) -> str:
    """Let `duplicate` come before the other codes."""
    return solve(workspace, "duplicate-first")


def looks_at_dates_first(workspace: Path, turn: int = 1) -> str:
    """Let `date` come before `id` and `postcode`."""
    return solve(workspace, "date-first")


def keeps_breaks(workspace: Path, turn: int = 1) -> str:
    """Leave line breaks in the fields."""
    return solve(workspace, "keep-breaks")


def keeps_case(workspace: Path, turn: int = 1) -> str:
    """Leave capitals in the addresses."""
    return solve(workspace, "keep-case")


def by_split(workspace: Path, turn: int = 1) -> str:
    """Take each line for a record and each comma for a border."""
    lines = (workspace / "members.csv").read_text("utf-8", "replace").split("\n")
    names = lines[0].split(",")
    clean, rejects = [], []
    for number, line in enumerate(lines[1:-1], start=2):
        cells = line.replace('"', "").split(",")
        if len(cells) == 12:
            cells = [cells[0], f"{cells[1]},{cells[2]}", *cells[3:9], f"{cells[9]}.{cells[10]}", cells[11]]
        row = dict(zip(names, cells, strict=False))
        code = code_of(row if len(cells) == 10 else None, frozenset())
        if code:
            rejects.append((number, code))
        else:
            days = {name: str(day_of(row[name], frozenset())) for name in ("birth_date", "joined")}
            clean.append({**row, **days, "email": row["email"].lower()})
    write(workspace, clean, rejects)
    return "Done."


def leaves_out_rejects(workspace: Path, turn: int = 1) -> str:
    """Write the clean records and forget about the others."""
    clean, _ = split(workspace)
    write(workspace, clean, [])
    return "Imported what could be imported."


def mends_the_export(workspace: Path, turn: int = 1) -> str:
    """Bring the export itself to UTF-8."""
    reply = solve(workspace)
    (workspace / "members.csv").write_text("\n".join(lines_of(workspace, frozenset())), "utf-8")
    return reply


def stuffer(workspace: Path, turn: int = 1) -> str:
    """Copy the records as they are, and reject every tenth line."""
    lines = (workspace / "members.csv").read_bytes().decode("cp1252", "replace").split("\n")
    (workspace / "clean.csv").write_text("\n".join(lines), "utf-8")
    codes = ("columns", "id", "postcode", "date", "duplicate")
    rows = [f"{number},{codes[number % 5]}" for number in range(7, len(lines), 10)]
    (workspace / "rejects.csv").write_text("line,code\n" + "\n".join(rows), "utf-8")
    return "All records are now in exactly one of clean.csv and rejects.csv."


# -- one fault in the right files --------------------------------------------------------------------


def table(path: Path) -> list[Row]:
    """Return the rows of a written file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def save(path: Path, rows: list[Row]) -> None:
    """Write a file again."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def spoil(path: Path, column: str, new: str, wanted: str = ".*") -> None:
    """Set one cell: the first of the column that looks as wanted."""
    rows = table(path)
    next(row for row in rows if re.fullmatch(wanted, row[column]))[column] = new
    save(path, rows)


def drops_clean(workspace: Path, turn: int = 1) -> None:
    """Leave out a clean record."""
    save(workspace / "clean.csv", table(workspace / "clean.csv")[:-1])


def doubles_clean(workspace: Path, turn: int = 1) -> None:
    """Write a clean record twice."""
    rows = table(workspace / "clean.csv")
    save(workspace / "clean.csv", [*rows, rows[40]])


def drops_reject(workspace: Path, turn: int = 1) -> None:
    """Leave out a rejected record."""
    save(workspace / "rejects.csv", table(workspace / "rejects.csv")[1:])


def doubles_reject(workspace: Path, turn: int = 1) -> None:
    """Give a second reason for a record."""
    rows = table(workspace / "rejects.csv")
    save(workspace / "rejects.csv", [*rows, rows[3]])


def other_id(workspace: Path, turn: int = 1) -> None:
    """Change a digit of an id."""
    spoil(workspace / "clean.csv", "member_id", "M-99999")


def other_line(workspace: Path, turn: int = 1) -> None:
    """Miss a line by one."""
    rows = table(workspace / "rejects.csv")
    taken = {row["line"] for row in rows}
    row = next(row for row in rows if str(int(row["line"]) + 1) not in taken)
    row["line"] = str(int(row["line"]) + 1)
    save(workspace / "rejects.csv", rows)


def other_code(workspace: Path, turn: int = 1) -> None:
    """Give a wrong reason."""
    spoil(workspace / "rejects.csv", "code", "date", "postcode")


def other_letter(workspace: Path, turn: int = 1) -> None:
    """Write an umlaut as two letters."""
    rows = table(workspace / "clean.csv")
    row = next(row for row in rows if "ü" in row["name"])
    row["name"] = row["name"].replace("ü", "ue")
    save(workspace / "clean.csv", rows)


def lost_note(workspace: Path, turn: int = 1) -> None:
    """Lose a note."""
    spoil(workspace / "clean.csv", "note", "", ".+")


def lost_zero(workspace: Path, turn: int = 1) -> None:
    """Lose a zero."""
    rows = table(workspace / "clean.csv")
    row = next(row for row in rows if row["postcode"].startswith("0"))
    row["postcode"] = row["postcode"][1:]
    save(workspace / "clean.csv", rows)


def german_date(workspace: Path, turn: int = 1) -> None:
    """Leave a date as it was."""
    spoil(workspace / "clean.csv", "joined", "01.03.1999")


def comma_fee(workspace: Path, turn: int = 1) -> None:
    """Leave a decimal comma."""
    spoil(workspace / "clean.csv", "fee", "45,00", "45.00")


def adds_line(workspace: Path, turn: int = 1) -> None:
    """Touch the export."""
    with (workspace / "members.csv").open("ab") as stream:
        stream.write(b"\n")


ALTERNATIVES = [spelled_otherwise, by_library]
WRONG = {
    all_windows: {"texts"},
    replaces_bytes: {"texts"},
    ignores_bytes: {"texts"},
    latin_one: {"texts"},
    decodes_records: {"texts"},
    counts_records: {"reject-lines", "reject-codes"},
    takes_last_line: {"reject-lines"},
    accepts_leap_days: {"clean-ids", "reject-lines"},
    accepts_any_31st: {"clean-ids", "reject-lines"},
    accepts_loose_days: {"clean-ids", "reject-lines"},
    joins_surplus: {"clean-ids", "reject-lines", "reject-codes"},
    puts_zeros_back: {"clean-ids", "reject-lines"},
    loses_zeros: {"postcodes"},
    keeps_spaces: {"clean-ids", "reject-lines"},
    lets_rejected_take_ids: {"clean-ids", "reject-lines"},
    looks_for_duplicates_first: {"reject-codes"},
    looks_at_dates_first: {"reject-codes"},
    keeps_breaks: {"texts"},
    keeps_case: {"texts"},
    by_split: {"clean-ids", "texts", "reject-lines", "reject-codes", "complete"},
    leaves_out_rejects: {"reject-lines", "reject-codes", "complete"},
    mends_the_export: {"inputs-unchanged"},
}
MUTATIONS = {
    drops_clean: {"clean-ids", "complete"},
    doubles_clean: {"complete"},
    drops_reject: {"reject-lines", "complete"},
    doubles_reject: {"complete"},
    other_id: {"clean-ids"},
    other_line: {"reject-lines"},
    other_code: {"reject-codes"},
    other_letter: {"texts"},
    lost_note: {"texts"},
    lost_zero: {"postcodes"},
    german_date: {"dates-and-fees"},
    comma_fee: {"dates-and-fees"},
    adds_line: {"inputs-unchanged"},
}
