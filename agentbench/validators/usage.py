"""Checks about the way of working, from the transcript alone."""

from __future__ import annotations

from agentbench.model import MetricsSource
from agentbench.validators.base import CheckSkipped, Context, Verdict, count_of, partial, passed


def tool_usage(
    ctx: Context,
    max_calls: int | None = None,
    half_calls: int | None = None,
    max_output_kb: float | None = None,
    max_call_output_kb: float | None = None,
) -> Verdict:
    """Judge budgets: number of tool calls, bytes returned in all and per call (1 KB = 1000 bytes).

    Between ``max_calls`` and ``half_calls`` half the points are won. Skipped without a transcript.
    """
    metrics = ctx.metrics
    if metrics is None or metrics.source is not MetricsSource.TRANSCRIPT:
        raise CheckSkipped("no transcript: budgets cannot be judged")
    share, found, expected = 1.0, [], []
    if max_calls is not None and metrics.tool_calls is not None:
        expected.append(f"at most {count_of(max_calls, 'calls')}")
        found.append(count_of(metrics.tool_calls, "calls"))
        if metrics.tool_calls > max_calls:
            share = 0.5 if half_calls is not None and metrics.tool_calls <= half_calls else 0.0
    for limit, used, what in (
        (max_output_kb, metrics.tool_output_bytes, "KB of output"),
        (max_call_output_kb, metrics.max_tool_output_bytes, "KB in one call"),
    ):
        if limit is not None and used is not None:
            expected.append(f"at most {limit:g} {what}")
            found.append(f"{used / 1000:.1f} {what}")
            share = share if used <= limit * 1000 else 0.0
    if not found:
        raise CheckSkipped("the transcript does not say")
    if share == 1.0:
        return passed(", ".join(found), expected=", ".join(expected))
    return partial(share, ", ".join(expected), ", ".join(found))
