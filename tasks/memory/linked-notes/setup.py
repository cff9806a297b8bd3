"""Reports for two inboxes, a merge, a retraction and questions; and the base that is right after each message.

`build` proves that every slip of `_linked_notes_rules.SLIPS` makes another base from its message on, and not before.
"""

import json
import random
import shutil
from pathlib import Path

import _linked_notes_rules as rules
import _linked_notes_text as text
import _linked_notes_world as worlds


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the first inbox, and the hidden answers and later inputs."""
    for attempt in range(200):
        rng = random.Random(f"linked-notes/{seed}/{attempt}")
        world = worlds.draw(rng)
        if sound(world):
            break
    else:
        raise AssertionError("no draw with all traps alive")
    texts = {report.number: text.report_text(rng, world, report) for report in world.reports}
    asked, answers = text.questions(rng, world, rules.base(world, 3), rules)
    inbox(workspace, {report.number: texts[report.number] for report in world.first})
    later = {
        "2": {report.number: texts[report.number] for report in world.second},
        "3": {},
        "4": {},
        "questions": json.dumps(asked, indent=1) + "\n",
    }
    words = {
        "example": world.first[0].number, "later": world.first[1].number, "gone": world.gone, "kept": world.kept,
        "retracted": world.retracted,
    }  # fmt: skip
    expected = {
        "days": {report.number: report.day.isoformat() for report in world.reports},
        "names": world.names, "types": world.types, "kept": world.kept, "gone": world.gone, "answers": answers,
        "bases": {
            str(when): [[*fact, *how] for fact, how in sorted(rules.both_sides(rules.base(world, when)).items())]
            for when in (1, 2, 3)
        },
    }  # fmt: skip
    for name, content in (("later", later), ("messages", words), ("expected", expected)):
        (hidden / f"{name}.json").write_text(json.dumps(content, sort_keys=True), "utf-8")


def sound(world):
    """Return whether every slip shows from its message on, and each fact ends or changes once."""
    right = {when: rules.base(world, when) for when in (1, 2, 3)}
    for slip, first in rules.SLIPS.items():
        for when in (1, 2, 3):
            if (rules.base(world, when, frozenset([slip])) != right[when]) != (when >= first):
                return False
    return True


def before_turn(workspace: Path, hidden: Path, seed: int, turn: int) -> None:
    """Clear the inbox and bring what comes in before a message."""
    later = json.loads((hidden / "later.json").read_text("utf-8"))
    inbox(workspace, later[str(turn)])
    if turn == 4:
        clear(workspace / "questions.json")
        (workspace / "questions.json").write_text(later["questions"], "utf-8")


def clear(path):
    """Remove whatever lies there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    shutil.rmtree(path, ignore_errors=True)


def inbox(workspace, reports):
    """Replace what is in the inbox."""
    folder = workspace / "inbox"
    clear(folder)
    folder.mkdir()
    for number, content in reports.items():
        (folder / f"{number}.txt").write_text(content, "utf-8")
