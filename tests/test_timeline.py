"""What an agent did, call by call, as a report shows it."""

from __future__ import annotations

from typing import Any

import msgspec

from agentbench.model import TimelineCall
from agentbench.timeline import MOST_CALLS, TARGET_CHARS, timeline
from agentbench.trajectory import Trajectory, parse_time

PLACE = "/tmp/agentbench-task-demo-x1"


def trajectory(*made: tuple[str, dict[str, Any], dict[str, Any] | None]) -> Trajectory:
    """Return a trajectory with a call every 10 seconds: tool, arguments, ``extra`` of its result or no result."""
    steps: list[dict[str, Any]] = [
        {"step_id": 1, "source": "user", "message": "do it", "timestamp": "2026-01-01T08:00:00Z"}
    ]
    for number, (tool, arguments, extra) in enumerate(made, start=1):
        stamp = f"2026-01-01T08:{number // 6:02}:{number % 6}0Z"
        call = {"tool_call_id": str(number), "function_name": tool, "arguments": arguments}
        step = {
            "step_id": number + 1,
            "source": "agent",
            "message": "",
            "timestamp": stamp,
            "tool_calls": [call],
        }
        if extra is not None:
            step["observation"] = {
                "results": [{"source_call_id": str(number), "content": "", "extra": extra}]
            }
        steps.append(step)
    return msgspec.convert(
        {"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"}, "steps": steps}, Trajectory
    )


def test_calls_are_shown_with_time_target_and_success() -> None:
    """Offsets count from the first known time; paths of the workspace are relative."""
    made = trajectory(
        ("read", {"path": f"{PLACE}/notes.md"}, {"timestamp": "2026-01-01T08:00:11.5Z"}),
        ("exec", {"command": f"cd {PLACE}/data\n  && ls"}, {"is_error": True}),
        ("web_search", {"query": "zone rules"}, None),
        ("think", {"depth": 3}, {}),
    )
    found = timeline(made, PLACE)
    assert found.omitted == 0
    assert found.calls == (
        TimelineCall(at_sec=10.0, tool="read", target="notes.md", sec=1.5, ok=True),
        TimelineCall(at_sec=20.0, tool="exec", target="cd data && ls", sec=None, ok=False),
        TimelineCall(at_sec=30.0, tool="web_search", target="zone rules", sec=None, ok=None),
        TimelineCall(at_sec=40.0, tool="think", target="", sec=None, ok=True),
    )


def test_a_given_start_counts() -> None:
    """A call before the start is at 0, not before it."""
    made = trajectory(("read", {"path": "a"}, {}), ("read", {"path": "b"}, {}))
    found = timeline(made, PLACE, parse_time("2026-01-01T08:00:15Z"))
    assert [call.at_sec for call in found.calls] == [0.0, 5.0]


def test_long_trajectories_and_targets_are_cut() -> None:
    """The first and the last calls are kept, and what is left out is counted."""
    made = trajectory(*(("exec", {"command": f"echo {n} {'x' * 500}"}, {}) for n in range(MOST_CALLS + 5)))
    found = timeline(made, "")
    assert found.omitted == 5
    assert len(found.calls) == MOST_CALLS
    assert found.calls[0].target.startswith("echo 0 ")
    assert found.calls[-1].target.startswith(f"echo {MOST_CALLS + 4} ")
    assert {len(call.target) for call in found.calls} == {TARGET_CHARS}
    assert found.calls[0].target.endswith("…")
