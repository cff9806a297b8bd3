"""Run a solution of a checkout as an agent: the oracle, and in `tasks check` the alternatives and wrong ones."""

from __future__ import annotations

from pathlib import Path

import msgspec

from agentbench import process
from agentbench.agents.base import AgentFailed, Turn
from agentbench.errors import EnvironmentNotReady, TaskError
from agentbench.isolated import OPTIONS
from agentbench.model import Task
from agentbench.paths import PACKAGE, solutions_file


class SolutionAgent:
    """Calls one function of a task's ``solutions.py``, in a process that sees the workspace and the message.

    Several, joined by ``+``, are called one after the other: ``oracle+drops_a_row``.
    """

    def __init__(self, function: str) -> None:
        self.name = function

    def check(self, task: Task) -> None:
        """Raise EnvironmentNotReady when the checkout has no solutions for ``task``."""
        path = solutions_file(Path(task.folder))
        if not path.is_file():
            raise EnvironmentNotReady(
                f"no solution of {task.id} here",
                where=f"--agent {self.name}",
                hint="Solutions are part of a checkout, not of an installed skill; they lie in tests/tasks/.",
            )

    def act(self, turn: Turn) -> str | None:
        """Run the function for one turn and return what it prints. Raises AgentFailed."""
        path = solutions_file(Path(turn.task.folder))
        done = process.run(
            _isolated("solve", str(path), self.name, str(turn.workspace), str(turn.number)),
            cwd=turn.workspace,
            timeout_sec=min(turn.timeout_sec, 300.0),
            stdin=turn.message.encode("utf-8"),
        )
        if not done.ok:
            raise AgentFailed(f"{self.name}: {done.tail()}")
        return done.stdout.decode("utf-8", "replace") or None


class MutationAgent(SolutionAgent):
    """Puts one fault into what the oracle left in the workspace; the reply is the oracle's."""

    def __init__(self, function: str, reply: str | None) -> None:
        super().__init__(function)
        self.name = f"oracle+{function}"
        self._function = function
        self._reply = reply

    def act(self, turn: Turn) -> str | None:
        """Run the function and return the oracle's reply. Raises AgentFailed."""
        SolutionAgent(self._function).act(turn)
        return self._reply


class Declared(msgspec.Struct, frozen=True):
    """What a task's ``solutions.py`` says it holds beside the oracle."""

    alternatives: list[str]
    wrong: dict[str, set[str]]
    """Wrong solution → the ids of the checks that must fail for it."""
    mutations: dict[str, set[str]]
    """One fault put into what the oracle left → the ids of the checks that must fail for it."""
    stuffer: bool


def declared(task: Task) -> Declared:
    """Return the solutions of a task. Raises TaskError when the file is missing or declares what it has not."""
    path = solutions_file(Path(task.folder))
    if not path.is_file():
        raise TaskError("is missing", where=str(path), hint="A task needs an oracle and wrong solutions.")
    done = process.run(_isolated("declare", str(path)), cwd=path.parent, timeout_sec=30.0)
    if not done.ok:
        raise TaskError(f"cannot be used: {done.tail()}", where=str(path))
    return msgspec.json.decode(done.stdout, type=Declared)


def _isolated(*args: str) -> list[str]:
    return [process.python(), *OPTIONS, str(PACKAGE / "isolated.py"), *args]
