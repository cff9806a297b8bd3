"""The program of the solutions as it is after each message, as text, with a line to change for every slip."""

import re

PROGRAM = r'''"""Keeps a stock in a file. What it promises stands in DECISIONS.md."""

import csv
import io
import json
import re
import sys
from pathlib import Path

sys.set_int_max_str_digits(0)  # a quantity may be as long as it likes
csv.field_size_limit(sys.maxsize)


def main(argv):
    """Carry out a command, print, and return the exit code."""
    commands = {"add": move, "take": move, "list": show, "import": take_in, "undo": undo}
    if len(argv) < 2 or argv[1] not in commands:
        return 2
    path = Path(argv[0])
    before = load(path)
    code, after, text = commands[argv[1]](argv[1:], [list(row) for row in before], path)
    if after != before and argv[1] != "undo":
        history(path, [*history(path), before])
    if after != before:
        store(path, after)
    print(text, end="")
    return code


def load(path):
    """Return the rows of a stock file."""
    lines = path.read_text("utf-8").split("\n") if path.is_file() else []
    return [[row["name"], row["qty"]] for row in map(json.loads, filter(str.strip, lines))]


def store(path, rows):
    """Write a stock file."""
    path.write_text("".join(json.dumps({"name": n, "qty": q}) + "\n" for n, q in rows), "utf-8")


def history(path, past=None):
    """Return the earlier states, or write them."""
    place = path.with_name(path.name + ".undo")
    if past is not None:
        place.write_text(json.dumps(past), "utf-8")
    return json.loads(place.read_text("utf-8")) if place.is_file() else []


def cleaned(name):
    """Return a name without needless blanks, empty if it is no text."""
    name = " ".join(name.split())
    return name if name.encode("utf-8", "ignore").decode("utf-8") == name else ""


def number(text):
    """Return a whole number of digits only, 0 if it is none."""
    return int(text) if re.fullmatch("[0-9]+", text) else 0


def put(rows, name, quantity):
    """Change the row of a cleaned name; return how many are missing."""
    row = next((row for row in rows if row[0].casefold() == name.casefold()), None)
    have = row[1] if row else 0
    if have + quantity < 0:
        return -have - quantity
    if row is None:
        row = [name, 0]
        rows.append(row)
    row[1] += quantity
    return 0


def move(argv, rows, path):
    """Add or take."""
    if len(argv) != 3 or not cleaned(argv[1]) or not number(argv[2]):
        return 2, rows, ""
    missing = put(rows, cleaned(argv[1]), number(argv[2]) * (1 if argv[0] == "add" else -1))
    return (3, rows, f"short by {missing}\n") if missing else (0, rows, "")


def show(argv, rows, path):
    """List."""
    if argv[1:] not in ([], ["--json"]):
        return 2, rows, ""
    order = sorted(rows, key=lambda row: (len(row[0]), row[0].casefold()))
    count = sum(row[1] > 0 for row in rows)
    if argv[1:]:
        items = [{"name": n, "qty": q, "quantity": q} for n, q in order]
        return 0, rows, json.dumps({"items": items, "count": count}) + "\n"
    return 0, rows, "".join(f"{n} {q}\n" for n, q in order) + f"= {count}\n"


def take_in(argv, rows, path):
    """Import rows, all or none."""
    if len(argv) != 2 or not Path(argv[1]).is_file():
        return 2, rows, ""
    before = [list(row) for row in rows]
    text = Path(argv[1]).read_bytes().decode("utf-8-sig", "surrogateescape")
    for place, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        if cells and not take_row(rows, cells):
            return 4, before, f"row {place}\n"
    return 0, rows, ""


def take_row(rows, cells):
    """Carry out a row of a CSV; return whether it could be done."""
    if len(cells) != 2 or not cleaned(cells[0]):
        return False
    quantity = number(cells[1].removeprefix("-")) * (-1 if cells[1].startswith("-") else 1)
    return quantity != 0 and put(rows, cleaned(cells[0]), quantity) == 0


def undo(argv, rows, path):
    """Take back the last change."""
    if len(argv) != 1:
        return 2, rows, ""
    past = history(path)
    if not past:
        return 5, rows, "nothing to undo\n"
    last = past.pop()
    history(path, past)
    return 0, last, ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
'''

JSON_PART = PROGRAM[PROGRAM.index("    if argv[1:]:\n") : PROGRAM.index('    return 0, rows, "".join')]
HISTORY_PART = PROGRAM[
    PROGRAM.index("    if after != before and") : PROGRAM.index("    if after != before:\n")
]
FUNCTIONS = {"take_in": 3, "take_row": 3, "history": 6, "undo": 6}
"""Function → the message from which on it is there."""
GROWN = [
    (2, '([], ["--json"])', "([],)"),
    (2, JSON_PART, ""),
    (3, "import csv\nimport io\n", ""),
    (3, "csv.field_size_limit(sys.maxsize)\n", ""),
    (3, ', "import": take_in', ""),
    (5, ', "quantity": q}', "}"),
    (5, "utf-8-sig", "utf-8"),
    (6, ', "undo": undo', ""),
    (6, HISTORY_PART, ""),
]
"""The message from which on a piece is there, the piece, and what stands there before."""
SLIPS = {
    "renamed": ('"qty": q, "quantity": q} for', '"quantity": q} for'),
    "halves-import": ("return 4, before,", "return 4, rows,"),
    "mark-in-name": ("utf-8-sig", "utf-8"),
    "forgets-history": ("place.write_text(json.dumps(past)", "place.write_text(json.dumps(past[-1:])"),
}  # fmt: skip


def program(turn, nought, slip=None):
    """Return the program after a message; with what it shows for a stock of 0, and with a slip, if they are named."""
    text = PROGRAM
    for name in (name for name, since in FUNCTIONS.items() if turn < since):
        text = re.sub(rf"(?s)def {name}\(.*?\n\n\n", "", text)
    for old, new in ((old, new) for since, old, new in GROWN if turn < since):
        text = text.replace(old, new)
    pieces = [('f"{n} {q}\\n"', f'f"{{n}} {{q or {nought!r}}}\\n"')] if nought else []
    pieces += [SLIPS[slip]] if slip else []
    for old, new in pieces:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
