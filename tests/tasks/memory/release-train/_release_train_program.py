"""The program of the solutions, as text, with a line to change for every slip."""

PROGRAM = r'''"""Keeps a stock in a file. What it promises stands in DECISIONS.md."""

import json
import re
import sys
from pathlib import Path

NOUGHT = "@NOUGHT@"


def main(argv):
    """Carry out a command, print, and return the exit code."""
    commands = {"add": move, "take": move, "list": show, "import": take_in, "undo": undo}
    if len(argv) < 2 or argv[1] not in commands:
        return 2
    path = Path(argv[0])
    before = load(path)
    code, after, text = commands[argv[1]](argv[1:], [list(row) for row in before], path)
    if code == 0 and argv[1] != "undo" and after != before:
        history(path, [*history(path), before])
    if after != before:
        store(path, after)
    print(text, end="")
    return code


def load(path):
    """Return the rows of a stock file."""
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
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


def put(rows, name, quantity):
    """Change a row; return how many are missing."""
    name = " ".join(name.split())
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
    if len(argv) != 3 or not argv[1].split() or not re.fullmatch("[0-9]+", argv[2]) or int(argv[2]) == 0:
        return 2, rows, ""
    missing = put(rows, argv[1], int(argv[2]) * (1 if argv[0] == "add" else -1))
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
    return 0, rows, "".join(f"{n} {q or NOUGHT}\n" for n, q in order) + f"= {count}\n"


def take_in(argv, rows, path):
    """Import rows, all or none."""
    if len(argv) != 2 or not Path(argv[1]).is_file():
        return 2, rows, ""
    before = [list(row) for row in rows]
    lines = Path(argv[1]).read_bytes().decode("utf-8-sig").split("\n")
    for number, line in enumerate(lines, start=1):
        name, _, quantity = line.strip("\r").rpartition(",")
        if not line.strip("\r"):
            continue
        fit = name.split() and re.fullmatch("-?[0-9]+", quantity) and int(quantity) != 0
        if not fit or put(rows, name, int(quantity)):
            return 4, before, f"row {number}\n"
    return 0, rows, ""


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

SLIPS = {
    "renamed": ('"qty": q, "quantity": q} for', '"quantity": q} for'),
    "halves-import": ("return 4, before,", "return 4, rows,"),
    "mark-in-name": ("utf-8-sig", "utf-8"),
    "forgets-history": ("place.write_text(json.dumps(past)", "place.write_text(json.dumps(past[-1:])"),
}  # fmt: skip


def program(nought, slip=None):
    """Return the program, with a slip if one is named."""
    text = PROGRAM.replace("@NOUGHT@", nought)
    if slip:
        old, new = SLIPS[slip]
        assert text.count(old) == 1, slip
        text = text.replace(old, new)
    return text
