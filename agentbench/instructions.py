"""What the helper prints for the agent: short, complete, and silent about checks and answers."""

from __future__ import annotations

from collections.abc import Sequence

from agentbench.identity import Identity, TaskRef
from agentbench.paths import RunPaths, launcher
from agentbench.state import RunState, TryState
from agentbench.tries import Opened
from agentbench.workspace import notes

RUBRIC = """\
--l2 adherence (30|20|10|0), tools (0-25), approach (25|15|5|0), recovery (20|10|0)
--l3 0-25 each"""
COUNTS = """\
No transcript can be read: first write, to the paths below, your final answer and a trace
(approach, files, difficulties). N counts your tool calls for this task, and the failed ones, without
AgentBench's and these two; P is the share of the time (0-1) before your first file."""
REPLY = "No transcript of yours can be read, so first write your answer to the user to the file below."


def announcement(
    identity: Identity, run: RunPaths, *, unfinished: Sequence[str] = (), exposed: bool = False
) -> list[str]:
    """Return the first lines of a run; ``exposed``: the solutions of its tasks lie beside them."""
    lines = [
        f"Starting AgentBench run {identity.run_id} | Profile: {identity.profile} | "
        f"Suite version: {identity.suite_version} | Tasks: {len(identity.tasks)} | Seed: {identity.seed}",
        f"Results: {run.root}",
    ]
    if unfinished:
        lines.append(f"Note: unfinished beside this new run: {', '.join(unfinished)}.")
    if exposed:
        lines.append(
            "Note: this folder holds the solutions of its tasks, so trials carry a flag. "
            "An agent that is to be believed gets the skill from scripts/export-skill."
        )
    return lines


def task_text(opened: Opened, ref: TaskRef, position: str, *, transcript: bool) -> str:
    """Return what the agent is told about a turn: at most 150 words around the user's message."""
    head = f"Running: {ref.name} [{ref.suite}] (difficulty: {ref.difficulty})"
    lines = [f"{head} - {position}", f"Workspace: {opened.workspace}"]
    if opened.n_turns > 1:
        lines.append(_turn_line(opened))
    lines += [
        "The user says:",
        "----8<----",
        opened.message.rstrip(),
        "---->8----",
        "Do the work now with your own tools, for a user who is away: ask nothing, stay inside the",
        "workspace and out of AgentBench's folder.",
    ]
    last = opened.turn == opened.n_turns
    if not transcript:
        lines += (COUNTS if last else REPLY).splitlines()
    lines += [
        "Then make this one call (it answers within seconds):",
        f"  {command(opened, transcript=transcript)}",
    ]
    if last:
        lines += ["with honest points in place of the words:", *RUBRIC.splitlines()]
    return "\n".join(lines)


def command(opened: Opened, *, transcript: bool) -> str:
    """Return the command that hands in a turn."""
    last = opened.turn == opened.n_turns
    words = [launcher(), "done", opened.token]
    if last:
        words += ["--l2 adherence,tools,approach,recovery --l3 completeness,accuracy,formatting,polish"]
    if last and not transcript:
        words += ["--calls N --errors N --planning P"]
    if not transcript:
        words += [f"--reply {notes(opened.workspace)[0]}"]
    if last and not transcript:
        words += [f"--trace {notes(opened.workspace)[1]}"]
    return " ".join(words)


def score_line(ref: TaskRef, one: TryState, layers: dict[str, float | None], message: str) -> str:
    """Return ``{name}: {composite}/100 (L0:… L1:… L2:… L3:…)``, or why there is no score."""
    attempt = f" (attempt {one.attempt})" if one.attempt > 1 else ""
    if one.score is None:
        return f"{ref.name}{attempt}: no score ({one.status}: {message})"
    shown = " ".join(f"{name.upper()}:{points(value)}" for name, value in layers.items())
    return (
        f"{ref.name}{attempt}: {points(one.score)}/100 ({shown}){'' if one.resolved else ' - not resolved'}"
    )


def progress(identity: Identity, state: RunState) -> str:
    """Return one line on where the run stands."""
    plan = identity.plan()
    settled = sum((one := state.latest(*key)) is not None and one.status is not None for key in plan)
    return f"Run {identity.run_id}: {settled} of {len(plan)} graded."


def position(identity: Identity, opened: Opened) -> str:
    """Return ``task 3 of 7``, with the attempt where there are several."""
    number = [ref.id for ref in identity.tasks].index(opened.task_id) + 1
    text = f"task {number} of {len(identity.tasks)}"
    return f"{text}, attempt {opened.attempt} of {identity.attempts}" if identity.attempts > 1 else text


def points(value: float | None) -> str:
    """Return a score as text: no needless decimals, ``-`` for none."""
    return "-" if value is None else f"{value:.1f}".removesuffix(".0")


def _turn_line(opened: Opened) -> str:
    text = f"Message {opened.turn} of {opened.n_turns}."
    if opened.turn > 1 and opened.new_session:
        return f"{text} A new conversation: go by the workspace, not by your memory."
    return f"{text} The same conversation goes on." if opened.turn > 1 else text
