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
NEW = {1: 9, 2: 2, 3: 2, 4: 0, 5: 1, 6: 1}


def _work(workspace, turn, message, slip=None, since=1):
    flat = " ".join(message.split())
    memory = workspace / "DECISIONS.md"
    lines = memory.read_text("utf-8").splitlines() if memory.is_file() else []
    nought = re.search(r"shows `([^`]+)` in place", flat)[1] if turn == 1 else ""
    if turn == 1:
        lines.append(f"# Agreed (a stock of 0 shows {nought})")
    known = sum(line.startswith("D-") for line in lines)
    lines += [
        f"D-{known + number}: as told in message {turn}, point {number}" for number in range(1, NEW[turn] + 1)
    ]
    memory.write_text("\n".join(lines) + "\n", "utf-8")
    shown = re.search(r"shows (\S+)\)", lines[0])[1] if turn < 3 or slip == "nought-stays" else "0"
    fault = slip if slip in SLIPS and turn >= since else None
    (workspace / "stockctl.py").write_text(program(shown, fault), "utf-8")
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
    return text.replace(old, "return [list(json.loads(line).values()) for line in lines]")


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
    _edit("changes_a_line", 5, "DECISIONS.md", lambda text: text.replace("D-6: as", "D-6: (withdrawn) as")): {
        "decisions"
    },
    _edit("all_in_force", 6, "promises.json", lambda text: text.replace("false", "true")): {"promises"},
    _edit("too_long", 4, "stockctl.py", _longer): {"readable"},
    tests_the_vendor: {"vendor-unchanged"},
}
