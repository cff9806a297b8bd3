"""A scripted agent that follows SKILL.md through a whole benchmark, and keeps its own books while it does.

Most tasks it solves with the task's oracle, run through `exec` as an agent runs its own script. `by_hand` tasks it
solves with read, write and edit calls, failing one call and viewing one file by ``exec cat`` on the way. What it
noted for each trial is what AgentBench must have found in the transcript.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from openclaw import REPO
from scripted_model import Call, Exchange, Play, Reply, ScriptedModel, Turn, call

CLAIM = {
    "adherence,tools,approach,recovery": "30,25,25,20",
    "completeness,accuracy,formatting,polish": "25,20,25,20",
}
Steps = Generator[Reply, list[str], str]


@dataclass(frozen=True)
class Shown:
    """A turn of a task as the launcher printed it."""

    name: str
    workspace: Path
    number: int
    message: str
    done: str


@dataclass
class Trial:
    """What the player did in one trial."""

    name: str
    record: list[Exchange]
    """The server's record of all exchanges."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    """First and last exchange of each stretch of work."""
    n_turns: int = 0
    n_failed: int = 0

    @property
    def exchanges(self) -> list[Exchange]:
        """The exchanges of this trial, those that hand in a turn included."""
        return [item for first, last in self.spans for item in self.record[first : last + 1]]

    @property
    def calls(self) -> list[Call]:
        """Its tool calls without those of the launcher."""
        made = [item for exchange in self.exchanges for item in exchange.reply.calls]
        return [item for item in made if "scripts/agentbench" not in str(item.arguments.get("command"))]


class Player:
    """Plays every message of a user; `model` is set before the first one."""

    model: ScriptedModel

    def __init__(self, desk: Path, by_hand: str) -> None:
        self.trials: list[Trial] = []
        self.output = ""
        self.launches: list[str] = []
        self.forget_next = False
        """Stop in the middle of the next task, as if the context had been lost."""
        self._desk = desk
        self._by_hand = by_hand
        self._folders = {
            yaml.safe_load(path.read_text("utf-8"))["name"]: path.parent.relative_to(REPO / "tasks")
            for path in (REPO / "tasks").glob("*/*/task.yaml")
        }
        desk.mkdir(parents=True)
        shutil.copy(REPO / "agentbench" / "isolated.py", desk)

    def play(self, turn: Turn) -> Play:
        """Read the skill, then do what the message asks for."""
        found = re.search(r"<location>([^<]*/agentbench/SKILL\.md)</location>", turn.system)
        assert found, "the system prompt does not name the skill"
        (skill,) = yield call("read", path=found[1])
        assert "scripts/agentbench" in skill
        launcher = str(Path(found[1]).parent / "scripts" / "agentbench")
        asked = re.search(r"/benchmark(?:-(\w+))?((?: \S+)*)|go on", turn.message)
        assert asked, turn.message
        verb, options = asked[1], asked[2] or ""
        if asked[0] == "go on":
            yield from self._benchmark(f"{launcher} status")
        elif verb is None:
            yield from self._benchmark(f"{launcher} start{options}")
        else:
            self.output = yield from self._launch(f"{launcher} {verb}{options}")
        yield Reply(self.output[-4000:])

    def _benchmark(self, command: str) -> Generator[Reply, list[str], None]:
        self.output = yield from self._launch(command)
        while shown := parse(self.output):
            trial = self._trial(shown)
            first = len(self.model.exchanges)
            if self.forget_next:
                self.forget_next = False
                trial.spans.append((first, first + 1))
                yield call("exec", command=f"cd {shown.workspace} && ls -A")
                yield Reply("What was I doing?")
            answer = yield from self._work(shown, trial)
            trial.n_turns += 1
            trial.spans.append((first, len(self.model.exchanges)))
            self.output = yield from self._launch(shown.done, text=answer)

    def _trial(self, shown: Shown) -> Trial:
        going_on = (
            self.trials and self.trials[-1].name == shown.name and self.trials[-1].n_turns == shown.number - 1
        )
        if not going_on:
            self.trials.append(Trial(shown.name, self.model.exchanges))
        return self.trials[-1]

    def _launch(self, command: str, text: str = "") -> Steps:
        self.launches.append(command)
        (output,) = yield call("exec", text=text, command=command)
        running = re.match(r"Command still running \(session ([\w-]+)", output)
        while running and "Process exited" not in output:
            (news,) = yield call("process", action="poll", sessionId=running[1], timeout=30_000)
            output += news
        return output

    def _work(self, shown: Shown, trial: Trial) -> Steps:
        yield call("exec", command=f"cd {shown.workspace} && ls -A")
        if shown.name == self._by_hand:
            return (yield from self._edit_by_hand(shown, trial))
        argv = self._oracle(shown, shown.workspace)
        (output,) = yield call(
            "exec", command=f"cd {shown.workspace} && {shlex.join(argv)} < {self._message(shown)}"
        )
        return output if output != "(no output)" else "Done."

    def _edit_by_hand(self, shown: Shown, trial: Trial) -> Steps:
        """Find out by the oracle, on a copy, which files to write; write them with the file tools."""
        place = Path(tempfile.mkdtemp(dir=self._desk)) / "copy"
        shutil.copytree(shown.workspace, place)
        before = {path.relative_to(place) for path in place.rglob("*") if path.is_file()}
        subprocess.run(self._oracle(shown, place), input=shown.message, text=True, check=True, cwd=place)
        inputs = sorted(before)
        yield call("read", path=str(shown.workspace / "no-such-file.txt"))
        trial.n_failed += 1
        for name in inputs[:3]:
            yield call("read", path=str(shown.workspace / name))
        yield call("exec", command=f"cat {shown.workspace / inputs[0]}")
        made = sorted(path.relative_to(place) for path in place.rglob("*") if path.is_file())
        for name in (item for item in made if item not in before):
            text = (place / name).read_text("utf-8")
            path = str(shown.workspace / name)
            yield call("write", path=path, content=f"DRAFT{text}")
            yield call("edit", path=path, edits=[{"oldText": "DRAFT", "newText": ""}])
        return f"Both files are written; I looked at {len(inputs)} files."

    def _oracle(self, shown: Shown, workspace: Path) -> list[str]:
        source = REPO / "tests" / "tasks" / self._folders[shown.name]
        target = self._desk / self._folders[shown.name]
        if not target.exists():
            shutil.copytree(source, target)
        script = str(self._desk / "isolated.py")
        options = [sys.executable, "-I", "-S", "-B", script]
        return [*options, "solve", str(target / "solutions.py"), "oracle", str(workspace), str(shown.number)]

    def _message(self, shown: Shown) -> Path:
        path = self._desk / "message.txt"
        path.write_text(shown.message, "utf-8")
        return path


def parse(output: str) -> Shown | None:
    """Return the turn an output of the launcher shows, None when it shows none."""
    head = re.search(r"^Running: (.+) \[[\w-]+\] \(difficulty: \w+\)", output, re.MULTILINE)
    if head is None:
        return None
    place = re.search(r"^Workspace: (\S+)", output, re.MULTILINE)
    number = re.search(r"^Message (\d+) of \d+\.", output, re.MULTILINE)
    message = re.search(r"^----8<----\n(.*)\n---->8----$", output, re.MULTILINE | re.DOTALL)
    done = re.search(r"^\s+(\S*scripts/agentbench done .+)$", output, re.MULTILINE)
    assert place, output
    assert message, output
    assert done, output
    command = done[1]
    for letters, points in CLAIM.items():
        command = command.replace(letters, points)
    return Shown(head[1], Path(place[1]), int(number[1]) if number else 1, message[1], command)
