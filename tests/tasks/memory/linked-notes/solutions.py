"""A keeper with a journal, one who writes notes in another order, and careless ones for every slip."""

import json
import re
from pathlib import Path

from _linked_notes_keeper import Keeper


def oracle(workspace: Path, turn: int, message: str) -> str:
    """Keep a journal, write the notes from it."""
    Keeper(workspace).act(turn, message)
    return "Done."


def in_another_order(workspace: Path, turn: int, message: str) -> str:
    """Keep the same notes with lines in another order, blank lines, and remarks of one's own."""
    Keeper(workspace).act(turn, message)
    for path in (workspace / "kb").glob("Q-*.md") if turn < 4 else ():
        head, facts = path.read_text("utf-8").split("## Facts\n")
        now, earlier = facts.split("## Earlier\n")
        lines = [line for line in reversed(now.splitlines()) if line]
        text = [
            head,
            "## Earlier\n",
            earlier,
            "\n## Facts\n\n",
            "\n".join(lines),
            "\n\n## Remarks\n\nKept by hand.\n",
        ]
        path.write_text("".join(text), "utf-8")
    if turn == 4:
        answers = json.loads((workspace / "answers.json").read_text("utf-8"))
        mixed = {
            key: value[::-1] if isinstance(value, list) else str(value)
            for key, value in reversed(answers.items())
        }
        (workspace / "answers.json").write_text(json.dumps(mixed), "utf-8")
    return "Done."


def stuffer(workspace: Path, turn: int, message: str) -> None:
    """Write a note with a head for every id, and answers for every question."""
    (workspace / "kb").mkdir(exist_ok=True)
    for path in sorted((workspace / "inbox").iterdir()):
        for code, name, kind in re.findall(r"^(Q-\d+)  (.+) \((\w+)\)$", path.read_text("utf-8"), re.M):
            (workspace / f"kb/{code}.md").write_text(
                f"# {name}\nid: {code}\ntype: {kind}\n\n## Facts\n", "utf-8"
            )
    if turn == 4:
        (workspace / "answers.json").write_text(json.dumps({f"A{n}": [] for n in range(1, 9)}), "utf-8")


def _named(name, solution):
    solution.__name__ = name.replace("-", "_")
    globals()[solution.__name__] = solution
    return solution


def _slip(name):
    def solution(workspace: Path, turn: int, message: str) -> str:
        Keeper(workspace, {name}).act(turn, message)
        return "Done."

    return _named(name, solution)


def _fault(name, when, change, pick=None):
    """Return a fault that changes one note after a message (its notes are written anew with the next one)."""

    def fault(workspace: Path, turn: int, message: str) -> None:
        if turn == when:
            for path in sorted((workspace / "kb").glob("Q-*.md")):
                text = path.read_text("utf-8")
                if change(text) != text:
                    path.write_text(change(text), "utf-8")
                    return

    return _named(name, fault)


def _without_a_phone(text):
    return re.sub(r"^- phone: .*\n", "", text, count=1, flags=re.M)


def _without_houses(text):
    return re.sub(r"^- houses: .*\n", "", text, count=1, flags=re.M)


def _other_day(text):
    return re.sub(r"^(- phone: [\d ]+ \()\d{4}", r"\g<1>2019", text, count=1, flags=re.M)


def _no_type(text):
    return re.sub(r"^type: .*\n", "", text, flags=re.M)


def wrong_answer(workspace: Path, turn: int, message: str) -> None:
    """Give another number for the last question."""
    if turn == 4:
        answers = json.loads((workspace / "answers.json").read_text("utf-8"))
        answers["A8"] += 1
        (workspace / "answers.json").write_text(json.dumps(answers), "utf-8")


def keeps_a_stub(workspace: Path, turn: int, message: str) -> None:
    """Leave the note of the id that is gone as a pointer."""
    if turn == 2:
        gone, kept = re.search(r"that\s+(Q-\d+)\s+and\s+(Q-\d+)\s+are", message).groups()
        (workspace / f"kb/{gone}.md").write_text(f"See [[{kept}]].\n", "utf-8")


def tidies_up(workspace: Path, turn: int, message: str) -> None:
    """Touch a note while answering."""
    if turn == 4:
        path = min((workspace / "kb").glob("Q-*.md"))
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")


FACTS = {"facts-1", "facts-2", "facts-3"}
SOURCES = {"sources-1", "sources-2", "sources-3"}
ALTERNATIVES = [in_another_order]
MUTATIONS = {
    _fault("loses_a_phone_1", 1, _without_a_phone): {"facts-1", "sources-1"},
    _fault("loses_a_phone_2", 2, _without_a_phone): {"facts-2", "sources-2"},
    _fault("loses_a_phone_3", 3, _without_a_phone): {"facts-3", "sources-3"},
    _fault("another_day", 2, _other_day): {"sources-2"},
    _fault("no_type", 2, _no_type): {"form-2"},
    **{
        _fault(f"one_sided_{n}", n, _without_houses): {f"links-{n}", f"facts-{n}", f"sources-{n}"}
        for n in (1, 2, 3)
    },
    keeps_a_stub: {"facts-2", "merged", "form-2"},
    wrong_answer: {"answers"},
    tidies_up: {"kb-as-it-was"},
}
LATE = {"facts-3", "sources-3"}
SLIPS = {
    "talk-too": {*FACTS, "answers"},
    "passes-on": {*SOURCES, "facts-3", "answers"},
    "ends-forgotten": {*FACTS, *SOURCES, "answers"},
    "not-merged": {"facts-2", "sources-2", "merged", *LATE, "answers"},
    "merge-loses": {"facts-2", "sources-2", "merged", *LATE, "answers"},
    "end-stays": {*LATE, "answers"},
    "drops-shared": {*LATE, "answers"},
    "repeats-stay": {"facts-3", "answers"},
    "both-ends-go": {*LATE, "answers"},
    "direct-only": {"answers"},
    "phone-stays": LATE,
    "old-phones": {*FACTS, *SOURCES},
}
WRONG = {_slip(name): fails for name, fails in SLIPS.items()}
