"""Somebody who keeps what was agreed, one who builds it otherwise, and one for every slip."""

import json
import re
from pathlib import Path

from _release_train_program import SLIPS, program

THIN = '''"""The stock."""

import sys

import stock_work


def main(argv):
    """Work."""
    return stock_work.main(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
'''
LATER = {
    2: [
        "`list --json` prints one line, a JSON object with `items`, a list of objects with `name` and `qty` (a "
        "number, also for 0) in the order of `list`, and `count`, the N of its last line.",
        "In this JSON keys are only ever added, never renamed, removed or given another meaning (a promise).",
    ],
    3: [
        "`import CSV` takes in rows `name,qty` without a heading; a QTY below 0 takes, 0 is none. If a row cannot be "
        "done in its turn, nothing changes, `row K` is printed (from 1, empty rows counted but skipped) and the exit "
        "code is 4. A CSV that is not there is wrong use.",
        "D-6 no longer holds: a stock of 0 is shown as `0`. Nothing else changes by that.",
    ],
    5: [
        "In the JSON `quantity` says the same beside `qty`, which stays (D-11). `import` takes files that begin with a "
        "byte order mark and have CR LF as line ends. `take` goes on refusing (D-3).",
    ],
    6: [
        "`undo` takes back the last command that changed something, a whole import at once, to the beginning. With "
        "nothing to take back it prints `nothing to undo` and exits with 5. What it needs is in FILE`.undo`; "
        "if that is missing, there is nothing to take back.",
    ],
}
"""Message → what is decided in it; what the first one says is taken from it."""


def _decided(turn, message):
    if turn > 1:
        return LATER.get(turn, [])
    points = re.findall(r"^\d\. .+(?:\n   .+)*", message, re.MULTILINE)
    return [" ".join(point.split()[1:]) for point in points]


def _work(workspace, turn, message, slip=None, since=1):
    memory = workspace / "DECISIONS.md"
    lines = memory.read_text("utf-8").splitlines() if memory.is_file() else ["# Agreed", ""]
    known = sum(line.startswith("D-") for line in lines)
    lines += [f"D-{known + number}: {text}" for number, text in enumerate(_decided(turn, message), start=1)]
    memory.write_text("\n".join(lines) + "\n", "utf-8")
    nought = re.search(r"^D-6: .* shows `([^`]+)`", "\n".join(lines), re.MULTILINE)[1]
    shown = nought if turn < 3 or slip == "nought-stays" else None
    fault = slip if slip in SLIPS and turn >= since else None
    (workspace / "stockctl.py").write_text(program(turn, shown, fault), "utf-8")
    if turn == 6:
        force = [{"id": f"D-{n}", "in_force": n != 6} for n in range(1, 16)]
        (workspace / "promises.json").write_text(json.dumps(force), "utf-8")
    return "Done."


def oracle(workspace: Path, turn: int, message: str) -> str:
    """Keep the decisions, and the tool to them."""
    return _work(workspace, turn, message)


def in_another_form(workspace: Path, turn: int, message: str) -> str:
    """Keep the work in a module of its own, with more keys in the JSON and notes among the decisions."""
    _work(workspace, turn, message)
    text = (
        (workspace / "stockctl.py")
        .read_text("utf-8")
        .replace('"quantity": q}', '"quantity": q, "unit": "piece"}')
        .replace('"count": count}', '"count": count, "of": "names"}')
    )
    (workspace / "stock_work.py").write_text(text, "utf-8")
    (workspace / "stockctl.py").write_text(THIN, "utf-8")
    with (workspace / "DECISIONS.md").open("a", encoding="utf-8") as stream:
        stream.write(f"(message {turn} done)\n")
    return "Done."


def _named(name, solution):
    solution.__name__ = name.replace("-", "_")
    globals()[solution.__name__] = solution
    return solution


def _slip(name, since):
    return _named(name, lambda workspace, turn, message: _work(workspace, turn, message, name, since))


def _from(turn):
    return {f"tests-{number}" for number in range(turn, 7)}


def _edit(name, when, file, change):
    """Return a fault that changes a file after one message."""

    def fault(workspace: Path, turn: int, message: str) -> None:
        if turn == when:
            path = workspace / file
            path.write_text(change(path.read_text("utf-8")), "utf-8")

    return _named(name, fault)


def tests_the_vendor(workspace: Path, turn: int, message: str) -> None:
    """Put a file right that is not ours."""
    if turn == 4:
        path = workspace / "vendor/units.py"
        path.write_text(f'"""Units."""\n\n{path.read_text("utf-8")}', "utf-8")


def _longer(text):
    return text.replace('    """List."""\n', '    """List."""\n' + "    rows = rows\n" * 20)


BROKEN = {
    "writes_the_sum_otherwise": (1, '+ f"= {count}', '+ f"={count}'),
    "counts_in_words": (2, '"count": count', '"count": str(count)'),
    "ends_like_take": (3, "return 4,", "return 3,"),
    "sorts_plainly": (4, "(len(row[0]), row[0]", "(row[0]"),
    "knows_no_quantity": (5, ', "quantity": q', ""),
    "says_less": (6, "nothing to undo", "nothing"),
}
"""Fault → the message after which it is put into the tool; the oracle then goes on from the right one."""


def _broken(name):
    turn, right, wrong = BROKEN[name]
    return _edit(name, turn, "stockctl.py", lambda text: text.replace(right, wrong))


def _own_files_only(text):
    old = 'return [[row["name"], row["qty"]] for row in map(json.loads, filter(str.strip, lines))]'
    return text.replace(old, "return [list(json.loads(line).values()) for line in lines if line]")


ALTERNATIVES = [in_another_form]
WRONG = {
    _slip("nought-stays", 3): {*_from(3), "old-files"},
    _slip("renamed", 5): {*_from(5), "old-files"},
    _slip("halves-import", 3): _from(3),
    _slip("mark-in-name", 5): _from(5),
    _slip("forgets-history", 6): {"tests-6"},
}
MUTATIONS = {
    **{_broken(name): {f"tests-{BROKEN[name][0]}"} for name in BROKEN},
    _edit("reads_its_own_only", 6, "stockctl.py", _own_files_only): {"old-files"},
    _edit("changes_a_line", 5, "DECISIONS.md", lambda text: text.replace("D-6:", "D-6: (withdrawn)")): {
        "decisions"
    },
    _edit("all_in_force", 6, "promises.json", lambda text: text.replace("false", "true")): {"promises"},
    _edit("too_long", 4, "stockctl.py", _longer): {"readable"},
    tests_the_vendor: {"vendor-unchanged"},
}
