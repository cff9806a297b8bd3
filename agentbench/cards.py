"""Task cards: what each task demands, from its YAML alone and without a word about its checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from agentbench import tasks
from agentbench.model import Difficulty, Task

_HEAD = """\
# The tasks

Made by `./scripts/agentbench tasks cards` from the `task.yaml` files; what is checked is not told here.
"""


def facts(task: Task) -> dict[str, Any]:
    """Return what a card tells of a task, for programs."""
    return {
        "id": task.id,
        "name": task.name,
        "suite": task.suite,
        "difficulty": task.difficulty,
        "version": task.version,
        "description": task.description,
        "outputs": [pattern for pattern in dict.fromkeys(task.output_patterns) if pattern != "**"],
        "turns": len(task.turns),
        "conversations": sum(turn.new_session for turn in task.turns),
        "timeout_sec": task.timeout_sec,
        "tool_calls": task.metrics.tool_calls,
        "requires": task.requires,
        "network": task.network,
        "fast": task.difficulty in tasks.FAST,
    }


def markdown(suite: Sequence[Task]) -> str:
    """Return a page with a table of all tasks and a card for each, by domain and difficulty."""
    order = list(Difficulty)
    chosen = sorted(suite, key=lambda task: (task.suite, order.index(task.difficulty), task.slug))
    domains = sorted({task.suite for task in chosen})
    lines = [_HEAD, f"| domain | {' | '.join(order)} | all |", f"|---|{'---:|' * (len(order) + 1)}"]
    lines += [_row(domain, [task for task in chosen if task.suite == domain]) for domain in domains]
    lines += [_row("**all**", chosen), ""]
    for domain in domains:
        lines += [f"## {domain}", ""]
        lines += [line for task in chosen if task.suite == domain for line in _card(task)]
    return "\n".join(lines).rstrip() + "\n"


def _row(name: str, chosen: Sequence[Task]) -> str:
    counts = [sum(task.difficulty is one for task in chosen) for one in Difficulty]
    return f"| {name} | {' | '.join(str(count or '') for count in counts)} | {len(chosen)} |"


def _card(task: Task) -> Iterable[str]:
    """Yield the lines of one card."""
    yield f"### {task.name} (`{task.suite}/{task.slug}`, {task.difficulty.value})"
    yield ""
    yield task.description or "No description."
    yield ""
    sessions = sum(turn.new_session for turn in task.turns)
    facts = [
        f"asks for {_listed(task.output_patterns)}" if task.output_patterns else "",
        f"{len(task.turns)} messages in {_plural(sessions, 'conversation')}" if len(task.turns) > 1 else "",
        _calls(task),
        f"time limit {task.timeout_sec / 60:g} min",
        f"needs {', '.join((*task.requires.bins, *task.requires.capabilities))}"
        if task.requires.bins or task.requires.capabilities
        else "",
        f"may reach {', '.join(task.network)}" if task.network else "",
        "in `--fast`" if task.difficulty in tasks.FAST else "",
    ]
    yield f"Version {task.version}; {'; '.join(fact for fact in facts if fact)}."
    yield ""


def _calls(task: Task) -> str:
    if task.metrics.tool_calls is None:
        return ""
    low, high = task.metrics.tool_calls
    return f"{low:g}–{high:g} tool calls"


def _listed(patterns: Sequence[str]) -> str:
    return ", ".join(f"`{pattern}`" for pattern in dict.fromkeys(patterns) if pattern != "**")


def _plural(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
