"""The core types, and nothing else: no I/O, no defaults that hide a missing value.

All structs are frozen and keyword-only. ``None`` means "not known"; it is never the same as 0.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Frozen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every stored type: immutable, keyword-only, strict when decoded."""


class Difficulty(StrEnum):
    """How hard a task is meant to be; ``fast`` takes the first two."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    EXPERT = "expert"


class Status(StrEnum):
    """What became of a trial. Only ``scored`` carries a score."""

    SCORED = "scored"
    INVALID = "invalid"
    UNSUPPORTED = "unsupported"
    CANCELLED = "cancelled"


class CheckStatus(StrEnum):
    """What a validator found. ``skipped`` leaves both numerator and denominator of L0."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"


class MetricsSource(StrEnum):
    """Where a trial's metrics come from."""

    TRANSCRIPT = "transcript"
    SELF_REPORTED = "self-reported"
    NONE = "none"


class Check(Frozen):
    """A declared expectation: which validator, with which parameters, for how many points."""

    id: str
    """Unique within the task; shown in reports and used by tests."""
    type: str
    """Name of the validator: a built-in one or a function of the task's ``checks.py``."""
    pattern: str | None
    """Workspace-relative path or glob the check is about."""
    params: dict[str, Any]
    """Arguments for the validator."""
    points: float
    """What it can win; 0 for a guard."""
    required: bool
    """Whether the trial is resolved only if this check passes in full."""
    guard: bool
    """A guard wins nothing; broken, it leaves the trial unresolved and caps L0."""
    after_required: bool
    """Earns only once all required checks hold (efficiency budgets)."""
    turn: int | None
    """The turn whose snapshot it judges; None means the final one."""


class Turn(Frozen):
    """One message of the user."""

    message: str
    """What the user says."""
    new_session: bool
    """True when the conversation before is gone and only the workspace remains."""


class Behavior(Frozen):
    """A way of working that is expected, with validators where a trajectory can decide it."""

    description: str
    checks: tuple[Check, ...]


class ExpectedMetrics(Frozen):
    """Ranges for L1, both ends included."""

    tool_calls: tuple[float, float] | None = None
    planning_ratio: tuple[float, float] | None = None


class Weights(Frozen):
    """Share of each layer in the composite; they need not add up to 1."""

    l0: float = 0.20
    l1: float = 0.35
    l2: float = 0.20
    l3: float = 0.25


class Requires(Frozen):
    """What a machine must offer for the task to be scorable."""

    bins: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()


class Task(Frozen):
    """A task as loaded from its folder."""

    id: str
    name: str
    suite: str
    slug: str
    version: str
    difficulty: Difficulty
    mode: str
    description: str
    turns: tuple[Turn, ...]
    input_files: tuple[str, ...]
    output_patterns: tuple[str, ...]
    checks: tuple[Check, ...]
    behaviors: tuple[Behavior, ...]
    metrics: ExpectedMetrics
    weights: Weights
    timeout_sec: float
    requires: Requires
    network: tuple[str, ...]
    """Hosts the agent may reach; empty means none."""
    folder: str
    """Absolute path of the task's folder."""
    digest: str
    """sha256 over every file of the folder, ``sha256:…``."""


class CheckResult(Frozen):
    """The verdict of one check, with its evidence."""

    id: str
    type: str
    status: CheckStatus
    points: float
    possible: float
    required: bool
    guard: bool
    turn: int | None
    expected: str
    """What the check looks for, in words or values."""
    found: str
    """What it found instead; shown as text only."""


class Part(Frozen):
    """One line of a layer's reckoning."""

    name: str
    points: float
    possible: float
    reason: str
    source: str
    """Who decided: ``rule``, ``self`` or ``judge``."""
    claimed: float | None = None
    """What the agent claimed, where a rule overrode it."""


class Layer(Frozen):
    """A layer's score, 0–100, or None when nobody could score it."""

    score: float | None
    parts: tuple[Part, ...] = ()


class Layers(Frozen):
    """The four layers of a trial."""

    l0: Layer
    l1: Layer
    l2: Layer
    l3: Layer


class Tokens(Frozen):
    """Tokens as the provider counted them; None where it did not say."""

    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    total: int | None = None
    cost_usd: float | None = None


class Metrics(Frozen):
    """What a trial took. Times in seconds, sizes in bytes."""

    source: MetricsSource
    tool_calls: int | None = None
    errors: int | None = None
    """Failed tool results, never the word "error" in an output."""
    planning_ratio: float | None = None
    """Share of the working time before the first call that produces output, 0–1."""
    working_sec: float | None = None
    tool_output_bytes: int | None = None
    max_tool_output_bytes: int | None = None
    tokens: Tokens = Tokens()


class ModelUse(Frozen):
    """What a try asked of its model, as the metering proxy saw it. Times in seconds."""

    n_requests: int
    n_failed: int
    """Requests that got no whole answer, retries of the agent included."""
    tokens: Tokens
    """Of all requests, failed ones included; ``cost_usd`` from the dated price table, None where unknown."""
    ttft_sec: float | None = None
    """Median time to the first byte of content."""
    wait_sec: float = 0.0
    """Time spent on failed requests and until the next one: waiting, not work."""
    models: tuple[str, ...] = ()
    """The models that answered, as they name themselves."""


class Assessment(Frozen):
    """The agent's judgement of itself, in the points of the rubric (scoring.py)."""

    adherence: int
    tools: int
    approach: int
    recovery: int
    completeness: int
    accuracy: int
    formatting: int
    polish: int


class Flag(Frozen):
    """Something a reader of the result should know before believing it."""

    code: str
    detail: str


class TimelineCall(Frozen):
    """One tool call of a trial, as it is shown; None is what the transcript does not say."""

    at_sec: float | None
    """Seconds after the trial began."""
    tool: str
    target: str
    """The command, path or other argument that it is about; may be empty."""
    sec: float | None
    """How long it took."""
    ok: bool | None
    """Whether it succeeded; None without a result."""


class Timeline(Frozen):
    """The tool calls of a trial in order."""

    calls: tuple[TimelineCall, ...]
    omitted: int
    """How many in the middle are left out."""


class TrialResult(Frozen):
    """Everything the grading of one try said; stored as ``result.json``."""

    task_id: str
    attempt: int
    try_no: int
    status: Status
    cause: str | None
    """What ended it early or kept it from a score (a ``FailureCause``), else None."""
    resolved: bool
    score: float | None
    """Composite, 0–100; None unless scored."""
    layers: Layers | None
    checks: tuple[CheckResult, ...]
    metrics: Metrics
    flags: tuple[Flag, ...] = ()
    changed_files: tuple[str, ...] = ()
    omitted_files: tuple[str, ...] = ()
    """Entries the snapshot refused, with the reason."""
    message: str = ""
    """One line for a person about ``cause``."""
    use: ModelUse | None = None
    """What the metering proxy counted; None without one."""
    wall_sec: float = 0.0
    started_at: str = ""
    timeline: Timeline | None = None
    """What was called and when; None without a transcript."""
