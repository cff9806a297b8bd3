"""A throw-away suite, and an honest agent for it, so that tests of the engine need none of the real tasks.

Four small tasks: ``alpha/sum`` (one message), ``alpha/letters`` (three messages, inputs that come and go),
``beta/program`` (its check runs what the agent wrote) and ``beta/slow`` (its check sleeps).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

SUM = "alpha-sum"
LETTERS = "alpha-letters"
PROGRAM = "beta-program"
SLOW = "beta-slow"
TASKS = (LETTERS, SUM, PROGRAM, SLOW)

_YAML = """\
id: {suite}-{slug}
name: {name}
suite: {suite}
difficulty: {difficulty}
{message}
expected_outputs:
  - pattern: {output}
    validators:
{checks}
expected_metrics: {{tool_calls: [1, 9], planning_ratio: [0.1, 0.9]}}
"""
_SETUP_SUM = """\
import json
import random


def build(workspace, hidden, seed):
    rng = random.Random(seed)
    numbers = [rng.randint(100, 10_000) for _ in range(20)]
    (workspace / "numbers.txt").write_text("\\n".join(map(str, numbers)) + "\\n")
    (hidden / "total.json").write_text(json.dumps(f"hidden-total-{sum(numbers)}"))
"""
_SETUP_LETTERS = """\
import json
import random


def _words(seed):
    rng = random.Random(seed)
    return ["".join(rng.choices("abcdefgh", k=6)) for _ in range(3)]


def build(workspace, hidden, seed):
    (workspace / "word-1.txt").write_text(_words(seed)[0])
    (hidden / "words.json").write_text(json.dumps(_words(seed)))


def before_turn(workspace, hidden, seed, turn):
    (workspace / f"word-{turn - 1}.txt").unlink(missing_ok=True)
    (workspace / f"word-{turn}.txt").write_text(_words(seed)[turn - 1])
"""
_CHECK_SUM = """\
import json
import time

from agentbench.validators.base import failed, passed


def total_right(ctx, sleep_sec=0.0):
    time.sleep(sleep_sec)
    total = ctx.expected("total.json").removeprefix("hidden-total-")
    found = ctx.text("total.txt").strip()
    return passed("the total") if found == total else failed("the right total", found)
"""
_CHECK_LETTERS = """\
from agentbench.validators.base import failed, passed


def words_right(ctx):
    words = ctx.expected("words.json")
    found = ctx.json("words.json")
    return passed("the words") if found == words else failed("the right words", str(found))


def first_right(ctx):
    found = ctx.json("words.json")
    return passed("the word") if found == ctx.expected("words.json")[:1] else failed("one word", str(found))
"""
_CHECK_PROGRAM = """\
from agentbench.validators.base import failed, passed


def adds(ctx):
    numbers = (ctx.pristine / "numbers.txt").read_bytes()
    total = ctx.expected("total.json").removeprefix("hidden-total-")
    ctx.path("add.py")
    done = ctx.run(["python3", "add.py"], cwd=ctx.copy(), stdin=numbers, timeout_sec=3.0)
    text = done.stdout.decode("utf-8", "replace").strip()
    return passed("adds") if done.ok and text == total else failed("the right total", done.tail())
"""


def write_suite(root: Path, *, sleep_sec: float = 0.3) -> Path:
    """Write the suite below ``root`` and return it; the check of ``beta/slow`` sleeps ``sleep_sec``."""
    message = "user_message: |\n  Add up numbers.txt and write the total to total.txt."
    _write(
        root / "alpha" / "sum",
        ("Sum", "easy", message, "total.txt"),
        ["{id: total, type: total-right, points: 60}", "{type: file-exists, points: 40}"],
        (_SETUP_SUM, _CHECK_SUM),
    )
    turns = "\n".join(
        f"  - message: Add the word of word-{n}.txt to the JSON list words.json."
        + ("\n    new_session: true" if n == 3 else "")
        + ("\n    validators: [{id: early, type: first-right, points: 20}]" if n == 1 else "")
        for n in (1, 2, 3)
    )
    _write(
        root / "alpha" / "letters",
        ("Letters", "medium", f"turns:\n{turns}", "words.json"),
        ["{id: words, type: words-right, points: 80}"],
        (_SETUP_LETTERS, _CHECK_LETTERS),
    )
    _write(
        root / "beta" / "program",
        ("Program", "hard", "user_message: Write add.py, which adds up its standard input.", "add.py"),
        ["{id: adds, type: adds, points: 100}"],
        (_SETUP_SUM, _CHECK_PROGRAM),
    )
    _write(
        root / "beta" / "slow",
        ("Slow", "expert", message, "total.txt"),
        [f"{{id: total, type: total-right, points: 100, sleep_sec: {sleep_sec}}}"],
        (_SETUP_SUM, _CHECK_SUM),
    )
    return root


def _write(folder: Path, head: tuple[str, str, str, str], checks: list[str], code: tuple[str, str]) -> None:
    folder.mkdir(parents=True)
    name, difficulty, message, output = head
    (folder / "task.yaml").write_text(
        _YAML.format(
            suite=folder.parent.name,
            slug=folder.name,
            name=name,
            difficulty=difficulty,
            message=message,
            output=output,
            checks="\n".join(f"      - {check}" for check in checks),
        ),
        "utf-8",
    )
    (folder / "setup.py").write_text(code[0], "utf-8")
    (folder / "checks.py").write_text(code[1], "utf-8")


def answer(workspace: Path) -> None:
    """Do what the message of the present turn asks for, whichever task the workspace belongs to."""
    if "-letters-" in workspace.name:
        (present,) = workspace.glob("word-*.txt")
        target = workspace / "words.json"
        words = json.loads(target.read_text("utf-8")) if target.exists() else []
        if present.read_text("utf-8") not in words:
            target.write_text(json.dumps([*words, present.read_text("utf-8")]), "utf-8")
    elif "-program-" in workspace.name:
        (workspace / "add.py").write_text("import sys\nprint(sum(map(int, sys.stdin)))\n", "utf-8")
    else:
        total = sum(map(int, (workspace / "numbers.txt").read_text("utf-8").split()))
        (workspace / "total.txt").write_text(f"{total}\n", "utf-8")


@dataclass(frozen=True)
class Printed:
    """What a call told the agent to do next."""

    workspace: Path
    token: str
    last: bool
    """Whether it is the last turn of its task, so that an assessment is due."""


def parse(text: str) -> Printed | None:
    """Return the turn that an output asks for, None when there is none."""
    place = re.search(r"^Workspace: (.+)$", text, re.MULTILINE)
    command = re.search(r"^  \S+ done ([0-9a-f]+)(.*)$", text, re.MULTILINE)
    if place is None or command is None:
        return None
    return Printed(Path(place[1]), command[1], "--l2" in command[2])


def done_arguments(turn: Printed) -> list[str]:
    """Return the arguments with which the honest agent hands in ``turn``."""
    own = ["--l2", "30,25,25,20", "--l3", "25,25,25,25", "--calls", "3", "--errors", "0", "--planning", "0.5"]
    return ["done", turn.token, *(own if turn.last else [])]
