"""Reads what Dana said, keeps it in ``memory/dana.json`` and writes the list from there."""

import csv
import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path

NOTES = "memory/dana.json"
COLUMNS = ["invoice", "due", "amount", "cost_centre"]
Rows = list[dict[str, str]]


# -- reading -----------------------------------------------------------------------------------------


def wishes(message: str) -> dict:
    """Return what the first message asks for."""
    text = " ".join(message.split())
    found = {
        "date": re.search(r"Dates are written `([^`]+)`", text)[1],
        "amount": re.search(r"amounts like `([^`]+)`", text)[1],
        "monday": "becomes the Monday after" in text,
        "centre": re.search(r"cost centre (\d+)", text)[1],
        "name": re.search(r"CSV file named `([^`]+)`", text)[1],
    }
    assert found["monday"] != ("becomes the Friday before" in text)
    return found


def kims_wishes(workspace: Path) -> dict:
    """Return how Kim likes it, in the same form."""
    text = " ".join((workspace / "NOTES.md").read_text("utf-8").split())
    name = re.search(r"file name `([^`]+)`", text)[1]
    name = re.sub(r"(?<!\d)(0[1-9]|1[0-2])(?!\d)", "MM", re.sub(r"20\d\d", "YYYY", name, count=1), count=1)
    day = re.search(r"dates like (\S+),", text)[1]
    day = re.sub(r"\d\d", "MM", re.sub(r"\d{4}", "YYYY", day), count=1)
    day = re.sub(r"^MM(\W)\d\d", r"DD\1MM", day)
    return {
        "date": re.sub(r"\d\d", "DD", day),
        "amount": re.search(r"amounts like (.+?) - due", text)[1],
        "monday": "the Monday after" in text,
        "centre": re.search(r"cost centre (\d+)", text)[1],
        "name": re.sub(r"YYYY\d\d", "YYYYMM", name),
    }


def invoices(workspace: Path) -> Rows:
    """Return the rows of the file that Dana brought."""
    with (workspace / "invoices.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def month_of(message: str) -> date:
    """Return the first day of the month that the list is for."""
    return datetime.strptime(re.search(r"payment list for (\w+ \d{4})", message)[1], "%B %Y").date()


# -- writing -----------------------------------------------------------------------------------------


def spelled(form: str, day: date) -> str:
    """Return a form such as DD.MM.YYYY filled with a date."""
    codes = form.replace("YYYY", "%Y").replace("MM", "%m").replace("DD", "%d")
    return day.strftime(codes)


def amount_like(example: str, text: str) -> str:
    """Return a plain amount with the two signs of an example such as 1'234.50."""
    thousands, decimal = re.fullmatch(r"\d(\D)\d{3}(\D)\d\d", example).groups()
    whole, cents = f"{float(text):.2f}".split(".")
    grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", lambda _: thousands, whole)
    return f"{grouped}{decimal}{cents}"


def shown(due: date, monday: bool) -> date:
    """Return the working day that stands for a due date."""
    step = timedelta(days=1 if monday else -1)
    while due.weekday() in (5, 6):
        due += step
    return due


def rows_for(given: Rows, how: dict) -> Rows:
    """Return the lines of the list."""
    return [
        {
            "invoice": row["invoice"],
            "due": spelled(how["date"], shown(date.fromisoformat(row["due"]), how["monday"])),
            "amount": amount_like(how["amount"], row["amount"]),
            "cost_centre": how["centre"],
        }
        for row in given
    ]


def write_list(path: Path, rows: Rows) -> None:
    """Write a list with comma and LF."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def solve(workspace: Path, turn: int, message: str, **instead: object) -> str:
    """Do one turn; ``instead`` replaces points of the notes when the list is written."""
    notes = workspace / NOTES
    if turn == 1:
        notes.parent.mkdir(exist_ok=True)
        notes.write_text(json.dumps(wishes(message), indent=1), "utf-8")
        return "I will remember that, Dana."
    how = {**json.loads(notes.read_text("utf-8")), **instead}
    name = spelled(how["name"], month_of(message))
    write_list(workspace / name, rows_for(invoices(workspace), how))
    return f"The list is in {name}."


def the_list(workspace: Path) -> Path:
    """Return the list that the oracle wrote."""
    (path,) = (path for path in workspace.glob("*.csv") if path.name != "invoices.csv")
    return path


def read_list(path: Path) -> Rows:
    """Return the lines of a list."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
