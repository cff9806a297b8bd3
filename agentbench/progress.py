"""Show a run while it works: a live view on a terminal, plain lines elsewhere, JSON lines for programs.

All three are listeners of the runner's events, called by one thread at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

import msgspec
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from agentbench import ledger, scoring
from agentbench.instructions import points
from agentbench.model import Status, TrialResult
from agentbench.report import words
from agentbench.runner import Event

_MOST_ROWS = 16


class View:
    """A way of showing a run; a context manager."""

    def __enter__(self) -> View:
        """Begin to show."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop showing."""

    def tell(self, event: Event) -> None:
        """Take note of an event."""


class Plan(msgspec.Struct, frozen=True):
    """What is to be shown of the plan."""

    names: dict[str, str]
    """Task id → name."""
    n_trials: int
    n_done: int
    """Trials that were finished before."""
    attempts: int
    jobs: int


class Json(View):
    """One JSON object per event on ``out``."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def tell(self, event: Event) -> None:
        """Write the event, results in short."""
        self.write(
            event.kind,
            task_id=event.task_id or None,
            attempt=event.attempt or None,
            try_no=event.try_no or None,
            detail=event.detail or None,
            wait_sec=None if event.wait_sec is None else round(event.wait_sec, 3),
            **_facts(event.result),
        )

    def write(self, kind: str, **data: object) -> None:
        """Write one object; what is None is left out."""
        shown = {name: value for name, value in data.items() if value is not None}
        line = msgspec.json.encode({"event": kind, "at": ledger.now(), **shown})
        self._out.write(line.decode() + "\n")
        self._out.flush()


def _facts(result: TrialResult | None) -> dict[str, object]:
    if result is None:
        return {}
    use = result.use
    return {
        "status": result.status,
        "cause": result.cause,
        "resolved": result.resolved,
        "score": result.score,
        "wall_sec": result.wall_sec,
        "tokens": use.tokens.total if use else None,
        "cost_usd": use.tokens.cost_usd if use else None,
    }


class Plain(View):
    """A line for each thing worth one."""

    def __init__(self, plan: Plan, write: Callable[[str], None]) -> None:
        self._plan, self._write = plan, write
        self._n_done = plan.n_done
        self._width = max((len(name) for name in plan.names.values()), default=0)

    def tell(self, event: Event) -> None:
        """Write the line of an event, if it has one."""
        if event.kind == "trial-finished":
            self._n_done += 1
            count = f"{self._n_done:>{len(str(self._plan.n_trials))}}/{self._plan.n_trials}"
            self._write(f"{count}  {name(self._plan, event):<{self._width}}  {verdict(event)}")
        elif event.kind == "retry-scheduled":
            self._write(
                f"try again in {event.wait_sec:.0f} s: {name(self._plan, event)}: {line(event.detail)}"
            )
        elif event.kind == "stopping":
            self._write(f"stopping: {line(event.detail)}")


class Running(msgspec.Struct):
    """A try that is under way."""

    begun: float
    turn: str = ""


class Screen(View):
    """The live view: running tries, waiting retries, a bar, and what is known so far; verdicts scroll above it."""

    def __init__(self, plan: Plan, console: Console) -> None:
        self._plan, self._console = plan, console
        self._running: dict[tuple[str, int], Running] = {}
        self._waiting: dict[tuple[str, int], float] = {}
        self._plain = Plain(plan, lambda text: console.print(Text(text)))
        self._begun = time.monotonic()
        self._n_done = plan.n_done
        self._scores: list[float] = []
        self._n_resolved = 0
        self._tokens = 0
        self._cost: float | None = None
        self._seconds: list[float] = []
        self._live = Live(get_renderable=self._draw, console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> Screen:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def tell(self, event: Event) -> None:
        """Take note of an event, and print its line."""
        key = (event.task_id, event.attempt)
        if event.kind == "try-started":
            self._waiting.pop(key, None)
            self._running[key] = Running(time.monotonic())
        elif event.kind == "turn-started" and key in self._running:
            self._running[key].turn = event.detail
        elif event.kind == "try-ended":
            self._running.pop(key, None)
            self._count(event.result)
        elif event.kind == "retry-scheduled":
            self._waiting[key] = time.monotonic() + (event.wait_sec or 0.0)
        elif event.kind == "trial-finished":
            self._n_done += 1
            if event.result is not None and event.result.score is not None:
                self._scores.append(event.result.score)
                self._n_resolved += event.result.resolved
                self._seconds.append(event.result.wall_sec)
        self._plain.tell(event)

    def _count(self, result: TrialResult | None) -> None:
        if result is not None and result.use is not None:
            self._tokens += result.use.tokens.total or 0
            if result.use.tokens.cost_usd is not None:
                self._cost = (self._cost or 0.0) + result.use.tokens.cost_usd

    def _draw(self) -> Group:
        now = time.monotonic()
        table = Table.grid(padding=(0, 2))
        for (task_id, attempt), one in list(self._running.items())[:_MOST_ROWS]:
            event = Event(kind="", task_id=task_id, attempt=attempt)
            table.add_row(
                Text("working"), Text(name(self._plan, event)), Text(one.turn), Text(clock(now - one.begun))
            )
        for (task_id, attempt), due in list(self._waiting.items())[:4]:
            event = Event(kind="", task_id=task_id, attempt=attempt)
            left = clock(max(0.0, due - now))
            table.add_row(Text("waiting"), Text(name(self._plan, event)), Text(""), Text(f"in {left}"))
        bar = Table.grid(padding=(0, 2))
        bar.add_row(
            ProgressBar(total=max(1, self._plan.n_trials), completed=self._n_done, width=30),
            Text(self._summary(now)),
        )
        return Group(table, bar)

    def _summary(self, now: float) -> str:
        parts = [f"{self._n_done}/{self._plan.n_trials}", clock(now - self._begun)]
        if (left := self._left_sec()) is not None:
            parts.append(f"about {clock(left)} left")
        if self._scores:
            mean = scoring.mean(self._scores)
            parts.append(f"resolved {self._n_resolved}/{len(self._scores)}, mean {points(mean)}")
        if self._tokens:
            parts.append(f"{self._tokens:,} tokens")
        if self._cost is not None:
            parts.append(f"{self._cost:.2f} USD")
        return " · ".join(parts)

    def _left_sec(self) -> float | None:
        """Return what the rest may take, from the trials so far; None before the first."""
        if not self._seconds or self._n_done >= self._plan.n_trials:
            return None
        mean = sum(self._seconds) / len(self._seconds)
        return mean * (self._plan.n_trials - self._n_done) / self._plan.jobs


def name(plan: Plan, event: Event) -> str:
    """Return the name of an event's trial, with the attempt where there are several."""
    found = plan.names.get(event.task_id, event.task_id)
    return f"{found} #{event.attempt}" if plan.attempts > 1 else found


def line(text: str) -> str:
    """Return a text of a program as one harmless line."""
    return words.one_line(words.clean(text))


def verdict(event: Event) -> str:
    """Return what became of a trial, in one line."""
    result = event.result
    if result is None or result.status is not Status.SCORED or result.layers is None:
        return f"no score: {line(event.detail)}"
    layers = result.layers
    parts = (("L0", layers.l0), ("L1", layers.l1), ("L2", layers.l2), ("L3", layers.l3))
    shown = " ".join(f"{title}:{points(layer.score)}" for title, layer in parts)
    end = "resolved" if result.resolved else "not resolved"
    ended = f"; {line(result.message)}" if result.cause else ""
    return f"{points(result.score):>5}/100  ({shown})  {end}{ended}"


def clock(seconds: float) -> str:
    """Return a time in words that stay short: ``42s``, ``7m 05s``, ``2h 10m``."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    return f"{whole // 3600}h {whole % 3600 // 60:02d}m"
