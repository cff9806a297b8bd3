"""The budget validator: from a transcript alone."""

from __future__ import annotations

from typing import Any

import pytest
from bench import Bench, measured

from agentbench.model import CheckStatus, Metrics, MetricsSource


@pytest.mark.parametrize(("calls", "points"), [(0, 10.0), (12, 10.0), (13, 5.0), (20, 5.0), (21, 0.0)])
def test_calls_within_budget_and_within_half(bench: Bench, calls: int, points: float) -> None:
    """Up to 12 all points, up to 20 half of them, above none."""
    bench.knows(metrics=measured(tool_calls=calls))
    assert bench.points("tool-usage", max_calls=12, half_calls=20) == points


@pytest.mark.parametrize(
    ("limits", "used", "points"),
    [
        ({"max_output_kb": 60}, {"tool_output_bytes": 60_000}, 10.0),
        ({"max_output_kb": 60}, {"tool_output_bytes": 60_001}, 0.0),
        ({"max_call_output_kb": 0.5}, {"max_tool_output_bytes": 500}, 10.0),
        ({"max_call_output_kb": 0.5}, {"max_tool_output_bytes": 501}, 0.0),
        ({"max_calls": 1}, {"tool_calls": 2}, 0.0),
        (
            {"max_calls": 1, "half_calls": 2, "max_output_kb": 1},
            {"tool_calls": 2, "tool_output_bytes": 9},
            5.0,
        ),
        ({"max_calls": 9, "max_output_kb": 1}, {"tool_calls": 2, "tool_output_bytes": 1001}, 0.0),
    ],
)
def test_bytes_and_combinations(
    bench: Bench, limits: dict[str, Any], used: dict[str, int], points: float
) -> None:
    """1 KB is 1000 bytes; every budget named must hold."""
    assert bench.knows(metrics=measured(**used)).points("tool-usage", **limits) == points


@pytest.mark.parametrize(
    "metrics",
    [
        None,
        Metrics(source=MetricsSource.NONE),
        Metrics(source=MetricsSource.SELF_REPORTED, tool_calls=1),
        measured(errors=0),
    ],
)
def test_without_a_transcript_or_a_figure_it_is_skipped(bench: Bench, metrics: Metrics | None) -> None:
    """The agent's own count decides no budget, and an unknown figure is not 0."""
    found = bench.knows(metrics=metrics).judge("tool-usage", max_calls=12)
    assert (found.status, found.points) == (CheckStatus.SKIPPED, 0.0)
