"""What an agent did, step by step, in ATIF v1.7, and the numbers and behaviour facts that follow from it.

The structs are Harbor's Agent Trajectory Interchange Format, version 1.7: the field names and the rule that
unknown keys are errors are theirs, so any ATIF reader takes our files and we take theirs. What ATIF has no
field for stands in ``extra`` and is always written by our own readers:

  result of a call  ``is_error`` (it failed), ``timestamp`` (when the result arrived), ``bytes`` (its size)
  step              ``wait_sec`` (seconds before it that were not the agent's: a rate limit, grading)
  step metrics      ``input_tokens``, ``cache_write_tokens``, ``total_tokens`` as the provider counted them

Everything here is pure. A result without ``is_error`` did not fail.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec

from agentbench import shellfacts
from agentbench.model import Frozen, Metrics, MetricsSource, Tokens

SCHEMA_VERSION: Final = "ATIF-v1.7"
EXEC_TOOLS = frozenset(
    {"exec", "bash", "shell", "exec_command", "run_command", "execute_command", "terminal"}
)
WRITE_TOOLS = frozenset(
    {"write", "write_file", "create_file", "edit", "edit_file", "multiedit", "apply_patch"}
)
READ_TOOLS = frozenset({"read", "read_file", "ls", "list_dir", "grep", "glob", "find"})
_VERSIONS = Literal[
    "ATIF-v1.0", "ATIF-v1.1", "ATIF-v1.2", "ATIF-v1.3", "ATIF-v1.4", "ATIF-v1.5", "ATIF-v1.6", "ATIF-v1.7"
]
Extra = dict[str, Any]


class Atif(Frozen, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the ATIF types: what is not set is not written."""


class ImageSource(Atif, frozen=True, kw_only=True):
    """Where an image of a content part lies."""

    media_type: str
    path: str


class ContentPart(Atif, frozen=True, kw_only=True):
    """A piece of a message or result that is not one plain text."""

    type: Literal["text", "image"]
    text: str | None = None
    source: ImageSource | None = None


Content = str | tuple[ContentPart, ...]


class ToolCall(Atif, frozen=True, kw_only=True):
    """One call of a tool."""

    tool_call_id: str
    function_name: str
    arguments: dict[str, Any]
    extra: Extra | None = None


class SubagentRef(Atif, frozen=True, kw_only=True):
    """Where the trajectory of a subagent is to be found."""

    trajectory_id: str | None = None
    session_id: str | None = None
    trajectory_path: str | None = None
    extra: Extra | None = None


class ObservationResult(Atif, frozen=True, kw_only=True):
    """What one call returned to the agent."""

    source_call_id: str | None = None
    content: Content | None = None
    subagent_trajectory_ref: tuple[SubagentRef, ...] | None = None
    extra: Extra | None = None

    @property
    def is_error(self) -> bool:
        """Whether the call failed, as the agent's own log says."""
        return bool((self.extra or {}).get("is_error", False))

    @property
    def n_bytes(self) -> int:
        """Bytes of text that the call put before the agent."""
        given = (self.extra or {}).get("bytes")
        return given if isinstance(given, int) else len(plain(self.content).encode("utf-8", "replace"))


class Observation(Atif, frozen=True, kw_only=True):
    """The results of a step's calls."""

    results: tuple[ObservationResult, ...]


class StepMetrics(Atif, frozen=True, kw_only=True):
    """Tokens of one model call. ``prompt_tokens`` includes what came from the cache."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    cost_usd: float | None = None
    prompt_token_ids: tuple[int, ...] | None = None
    completion_token_ids: tuple[int, ...] | None = None
    logprobs: tuple[float, ...] | None = None
    extra: Extra | None = None


class Step(Atif, frozen=True, kw_only=True):
    """One message, with the calls it made and what they returned."""

    step_id: int
    source: Literal["system", "user", "agent"]
    message: Content
    timestamp: str | None = None
    model_name: str | None = None
    reasoning_effort: str | float | None = None
    reasoning_content: str | None = None
    tool_calls: tuple[ToolCall, ...] | None = None
    observation: Observation | None = None
    metrics: StepMetrics | None = None
    is_copied_context: bool | None = None
    llm_call_count: int | None = None
    extra: Extra | None = None


class FinalMetrics(Atif, frozen=True, kw_only=True):
    """Sums over the trajectory."""

    total_prompt_tokens: int | None = None
    total_completion_tokens: int | None = None
    total_cached_tokens: int | None = None
    total_cost_usd: float | None = None
    total_steps: int | None = None
    extra: Extra | None = None


class Agent(Atif, frozen=True, kw_only=True):
    """Which agent worked. ``version`` is ``unknown`` when nobody recorded it."""

    name: str
    version: str
    model_name: str | None = None
    tool_definitions: tuple[dict[str, Any], ...] | None = None
    extra: Extra | None = None


class Trajectory(Atif, frozen=True, kw_only=True):
    """A whole trajectory; ``step_id`` counts from 1 without gaps."""

    schema_version: _VERSIONS
    agent: Agent
    steps: tuple[Step, ...]
    session_id: str | None = None
    trajectory_id: str | None = None
    notes: str | None = None
    final_metrics: FinalMetrics | None = None
    continued_trajectory_ref: str | None = None
    subagent_trajectories: tuple[Trajectory, ...] | None = None
    extra: Extra | None = None


class Call(msgspec.Struct, frozen=True):
    """A tool call with its result, in the order of the trajectory."""

    call: ToolCall
    result: ObservationResult | None
    """None when the log holds no result."""
    timestamp: str | None
    """When the call was made."""

    @property
    def name(self) -> str:
        """The tool's name without case and without a name space such as ``functions.``."""
        return self.call.function_name.lower().rpartition(".")[2]

    @property
    def failed(self) -> bool:
        """Whether its result says so."""
        return self.result is not None and self.result.is_error

    @property
    def command(self) -> str | None:
        """The command line, when the tool runs one."""
        return command_of(self.name, self.call.arguments)


def calls(trajectory: Trajectory) -> Iterator[Call]:
    """Yield the tool calls in order, each with its result. Calls of our launcher are none (`transcripts.segments`)."""
    for step in trajectory.steps:
        found = {
            result.source_call_id: result for result in (step.observation.results if step.observation else ())
        }
        for call in step.tool_calls or ():
            yield Call(call, found.get(call.tool_call_id), step.timestamp)


def calls_beside(trajectory: Trajectory) -> Iterator[Call]:
    """Yield the calls that are no work of the trial but were made while it was on; see `transcripts.segments`."""
    given = (trajectory.extra or {}).get("beside")
    for item in given if isinstance(given, list) else ():
        try:
            yield Call(msgspec.convert(item, ToolCall), None, None)
        except msgspec.ValidationError:
            continue


def command_of(tool_name: str, arguments: dict[str, Any]) -> str | None:
    """Return the command line a call runs, or None for any other tool."""
    if tool_name.lower().rpartition(".")[2] not in EXEC_TOOLS:
        return None
    given = arguments.get("command", arguments.get("cmd"))
    if isinstance(given, list):
        return shlex.join(str(word) for word in given)
    return given if isinstance(given, str) else None


def is_helper_call(tool_name: str, arguments: dict[str, Any], launcher: str | None = None) -> bool:
    """Return whether a call only runs our launcher: ``…/scripts/agentbench start|done|status …``.

    See `shellfacts.is_helper_only` for what may stand beside it; a command that does other work as well
    counts as work. With ``launcher``, its path, a program of that name elsewhere is not ours.
    """
    command = command_of(tool_name, arguments)
    if command is None or "agentbench" not in command or (launcher and arguments.get("env")):
        return False
    folder = next((arguments[key] for key in ("workdir", "cwd") if isinstance(arguments.get(key), str)), "")
    return shellfacts.is_helper_only(command, launcher, folder)


def produces_output(call: Call) -> bool:
    """Return whether a call writes: a writing tool, or a command that does not purely read."""
    if call.command is not None:
        return not shellfacts.facts(call.command).reads_only
    return call.name in WRITE_TOOLS


def metrics(trajectory: Trajectory, *, started_at: datetime | None, ended_at: datetime | None) -> Metrics:
    """Return the metrics of a trial, taken from its transcript.

    Times are aware datetimes; None falls back to the first and last time the trajectory names. The
    planning ratio is (first output − start) / (end − start), waiting excluded, clipped to 0–1; it is 1
    when nothing was written and None when no time passed or none is known. Tokens are summed over the
    steps that report them: a field that no step reports stays None.
    """
    made = list(calls(trajectory))
    sizes = [item.result.n_bytes for item in made if item.result is not None]
    working, planning = _times(trajectory, made, started_at, ended_at)
    return Metrics(
        source=MetricsSource.TRANSCRIPT,
        tool_calls=len(made),
        errors=sum(item.failed for item in made),
        planning_ratio=planning,
        working_sec=working,
        tool_output_bytes=sum(sizes),
        max_tool_output_bytes=max(sizes, default=0),
        tokens=tokens(trajectory),
    )


def _times(
    trajectory: Trajectory, made: list[Call], started_at: datetime | None, ended_at: datetime | None
) -> tuple[float | None, float | None]:
    known = sorted(_instants(trajectory))
    start = started_at or (known[0] if known else None)
    end = ended_at or (known[-1] if known else None)
    if start is None or end is None:
        return None, None
    first = next((item for item in made if produces_output(item)), None)
    if first is None:
        output = end
    elif first.timestamp is None:
        return round(max(0.0, (end - start).total_seconds()), 3), None
    else:
        output = min(max(parse_time(first.timestamp), start), end)
    total = (end - start).total_seconds() - _waited(trajectory, end)
    before = (output - start).total_seconds() - _waited(trajectory, output)
    if total <= 0:
        return 0.0, None
    return round(total, 3), round(min(1.0, max(0.0, before / total)), 4)


def _instants(trajectory: Trajectory) -> Iterator[datetime]:
    for step in trajectory.steps:
        if step.timestamp:
            yield parse_time(step.timestamp)
        for result in step.observation.results if step.observation else ():
            if stamp := (result.extra or {}).get("timestamp"):
                yield parse_time(stamp)


def _waited(trajectory: Trajectory, until: datetime) -> float:
    """Return the seconds of waiting that lie before ``until``."""
    return sum(
        float((step.extra or {}).get("wait_sec", 0.0))
        for step in trajectory.steps
        if step.timestamp and parse_time(step.timestamp) <= until
    )


def tokens(trajectory: Trajectory) -> Tokens:
    """Return the tokens of all steps; ``input`` is what the provider did not take from a cache."""
    used = [step.metrics for step in trajectory.steps if step.metrics is not None]

    def total(values: Iterator[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    def count(values: Iterator[int | None]) -> int | None:
        value = total(values)
        return None if value is None else int(value)

    return Tokens(
        input=count(_step_input(item) for item in used),
        output=count(item.completion_tokens for item in used),
        cache_read=count(item.cached_tokens for item in used),
        cache_write=count((item.extra or {}).get("cache_write_tokens") for item in used),
        total=count(_step_total(item) for item in used),
        cost_usd=total(item.cost_usd for item in used),
    )


def _step_input(item: StepMetrics) -> int | None:
    given = (item.extra or {}).get("input_tokens")
    if given is not None:
        return int(given)
    return None if item.prompt_tokens is None else item.prompt_tokens - (item.cached_tokens or 0)


def _step_total(item: StepMetrics) -> int | None:
    given = (item.extra or {}).get("total_tokens")
    if given is not None:
        return int(given)
    if item.prompt_tokens is None or item.completion_tokens is None:
        return None
    return item.prompt_tokens + item.completion_tokens


def plain(content: Content | None) -> str:
    """Return the text of a message or result; images count as nothing."""
    if content is None or isinstance(content, str):
        return content or ""
    return "\n".join(part.text for part in content if part.text)


def parse_time(text: str) -> datetime:
    """Return an ISO 8601 time as aware datetime (UTC when it names no zone). Raises ValueError."""
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def format_time(instant: datetime) -> str:
    """Return an instant as ISO 8601 in UTC with milliseconds and ``Z``."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
