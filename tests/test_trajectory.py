"""Numbers and behaviour facts that follow from a trajectory, on small hand-made ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from agentbench import trajectory as atif
from agentbench.behavior import behavior
from agentbench.model import MetricsSource
from agentbench.trajectory import Trajectory, metrics

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PLACE = "/tmp/agentbench-task-demo-x1"


def at(seconds: float) -> str:
    return atif.format_time(START + timedelta(seconds=seconds))


def act(
    second: float, tool: str, *, fails: bool = False, output: str = "ok", **arguments: Any
) -> dict[str, Any]:
    """One step with one call; its result arrives a second later."""
    result = {
        "source_call_id": "c",
        "content": output,
        "extra": {"is_error": fails, "timestamp": at(second + 1)},
    }
    return {
        "source": "agent",
        "message": "",
        "timestamp": at(second),
        "tool_calls": [{"tool_call_id": "c", "function_name": tool, "arguments": arguments}],
        "observation": {"results": [result]},
    }


def run(second: float, command: str, *, fails: bool = False, output: str = "ok") -> dict[str, Any]:
    return act(second, "exec", command=command, fails=fails, output=output)


def made(*steps: dict[str, Any]) -> Trajectory:
    document = {
        "schema_version": "ATIF-v1.7",
        "agent": {"name": "demo", "version": "1"},
        "steps": [{"step_id": number, **step} for number, step in enumerate(steps, start=1)],
    }
    return msgspec.convert(document, Trajectory)


def measured(*steps: dict[str, Any], until: float = 100) -> Any:
    return metrics(made(*steps), started_at=START, ended_at=START + timedelta(seconds=until))


def test_a_document_of_another_producer_survives_a_round_trip() -> None:
    """Pins the ATIF v1.7 field names: every one is known, unset ones are not written, unknown ones refused."""
    document = {
        "schema_version": "ATIF-v1.7",
        "session_id": "s",
        "trajectory_id": "t",
        "agent": {"name": "a", "version": "1", "model_name": "m", "tool_definitions": [{"type": "function"}]},
        "steps": [
            {"step_id": 1, "source": "user", "message": [{"type": "text", "text": "hi"}], "timestamp": at(0)},
            {
                "step_id": 2,
                "source": "agent",
                "message": "",
                "model_name": "m",
                "reasoning_effort": "low",
                "reasoning_content": "hm",
                "llm_call_count": 1,
                "tool_calls": [{"tool_call_id": "c", "function_name": "f", "arguments": {"x": 1}}],
                "observation": {
                    "results": [
                        {
                            "source_call_id": "c",
                            "content": "ok",
                            "subagent_trajectory_ref": [{"trajectory_path": "sub.json"}],
                        }
                    ]
                },
                "metrics": {
                    "prompt_tokens": 5,
                    "completion_tokens": 2,
                    "cached_tokens": 1,
                    "logprobs": [-0.5],
                },
            },
        ],
        "notes": "n",
        "final_metrics": {"total_prompt_tokens": 5, "total_steps": 2},
        "extra": {"k": 1},
    }
    decoded = msgspec.convert(document, Trajectory)
    assert msgspec.json.decode(msgspec.json.encode(decoded)) == document
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(document | {"surprise": 1}, Trajectory)


def test_calls_errors_and_sizes_are_counted() -> None:
    found = measured(
        act(2, "read", path="a", output="é" * 10),
        act(4, "read", path="b", fails=True, output="error"),
        run(6, "grep error log", output="error error"),
        run(8, "python3 x.py; /s/scripts/agentbench done t", output=""),
    )
    assert (found.tool_calls, found.errors) == (4, 1)
    assert (found.tool_output_bytes, found.max_tool_output_bytes) == (20 + 5 + 11, 20)
    assert found.source is MetricsSource.TRANSCRIPT


def test_planning_is_the_share_of_time_before_the_first_output() -> None:
    assert measured(act(10, "read", path="a"), act(25, "write", path="b")).planning_ratio == 0.25
    assert (
        measured(run(10, "ls"), run(40, "python3 build.py"), act(90, "write", path="b")).planning_ratio == 0.4
    )
    assert measured(run(10, "ls")).planning_ratio == 1.0
    assert measured().planning_ratio == 1.0
    assert measured(act(1, "write", path="b"), until=0).planning_ratio is None


def test_waiting_is_not_working_time() -> None:
    waiting = act(50, "write", path="b") | {"extra": {"wait_sec": 40.0}}
    found = measured(act(5, "read", path="a"), waiting)
    assert found.working_sec == 60.0
    assert found.planning_ratio == pytest.approx(10 / 60, abs=1e-4)


def test_times_come_from_the_steps_when_nobody_gives_them() -> None:
    found = metrics(made(act(0, "read", path="a"), act(9, "write", path="b")), started_at=None, ended_at=None)
    assert (found.working_sec, found.planning_ratio) == (10.0, 0.9)
    unknown = metrics(made({"source": "agent", "message": "hi"}), started_at=None, ended_at=None)
    assert (unknown.working_sec, unknown.planning_ratio) == (None, None)


def test_tokens_are_summed_and_unknown_stays_unknown() -> None:
    def step(**used: Any) -> dict[str, Any]:
        return {"source": "agent", "message": "", "metrics": used}

    tokens = measured(
        step(
            prompt_tokens=100,
            completion_tokens=7,
            cached_tokens=60,
            extra={"input_tokens": 40, "total_tokens": 107},
        ),
        step(prompt_tokens=10, completion_tokens=1, cached_tokens=4),
        step(),
    ).tokens
    assert (tokens.input, tokens.output, tokens.cache_read, tokens.total) == (46, 8, 64, 118)
    assert tokens.cache_write is None
    assert tokens.cost_usd is None
    assert measured(step(cost_usd=0.25), step(cost_usd=0.5)).tokens.cost_usd == 0.75


def tools(*commands: str) -> float:
    steps = [run(number, command) for number, command in enumerate(commands)]
    return behavior(made(*steps), [], PLACE).tools.points


def test_shell_work_of_file_tools_costs_points_down_to_zero() -> None:
    assert tools("ls", "grep -rn x .", "python3 x.py && cat out") == 25
    assert tools("cat a") == 15
    assert tools("cat a; cat b; echo x") == 15
    assert tools("cat a", "echo x > f") == 5
    assert tools("sed -i s/a/b/ f") == 20
    assert tools("cat a", "cat b", "cat c") == 0


def test_the_reason_names_the_calls() -> None:
    part = behavior(made(run(1, "cat  notes.txt"), run(2, "sed -i s/a/b/ f")), [], PLACE).tools
    assert "`cat notes.txt`" in part.reason
    assert "`sed -i s/a/b/ f`" in part.reason
    assert (part.name, part.source, part.possible) == ("tools", "rule", 25)


def test_wrapped_and_listed_commands_are_looked_through() -> None:
    listed = act(1, "bash", command=["/bin/bash", "-lc", "cat a.txt"])
    assert behavior(made(listed), [], PLACE).tools.points == 15


def approach(*steps: dict[str, Any], inputs: tuple[str, ...] = ("data/a.csv", "conf.toml")) -> float:
    return behavior(made(*steps), inputs, PLACE).approach.points


WRITE = act(5, "write", path=f"{PLACE}/out.md", content="x")


@pytest.mark.parametrize(
    "look",
    [
        act(1, "read", path=f"{PLACE}/conf.toml"),
        act(1, "read", path=f"/private{PLACE}/conf.toml"),
        act(1, "read", path="conf.toml"),
        run(1, f"ls -R {PLACE}"),
        run(1, "grep -rn x ."),
        run(1, f"cd {PLACE} && wc -l data/*.csv"),
        act(1, "exec", command="head -3 a.csv", workdir=f"{PLACE}/data"),
        run(1, "python3 - <<E\nprint(open('data/a.csv').read())\nE"),
        act(1, "pdf", file=f"{PLACE}/data/a.csv"),
    ],
)
def test_any_look_at_the_inputs_before_the_first_output_is_enough(look: dict[str, Any]) -> None:
    assert approach(look, WRITE) == 25


def test_a_command_that_reads_and_writes_has_looked_first() -> None:
    assert approach(run(1, "python3 convert.py > out.csv")) == 25


def test_looking_late_or_never_costs() -> None:
    look = act(7, "read", path=f"{PLACE}/conf.toml")
    assert approach(WRITE, look) == 5
    assert approach(WRITE) == 0
    assert approach() == 0
    assert approach(act(1, "read", path="/etc/hosts"), run(2, "echo hello"), WRITE) == 0
    assert approach(act(1, "read", path="conf.toml", fails=True), WRITE) == 0
    assert approach(WRITE, inputs=()) == 25


@pytest.mark.parametrize(
    "change",
    [
        act(5, "write", path=f"{PLACE}/conf.toml", content="x"),
        act(5, "edit", path="conf.toml", edits=[]),
        act(5, "apply_patch", input="*** Begin Patch\n*** Update File: conf.toml\n@@\n*** End Patch"),
        run(5, "sed -i s/a/b/ conf.toml"),
        run(5, f"cd {PLACE} && echo x >> conf.toml"),
        run(5, "cp other conf.toml"),
    ],
)
def test_an_input_changed_unread_costs_ten(change: dict[str, Any]) -> None:
    look = run(1, "ls")
    read = act(2, "read", path=f"{PLACE}/conf.toml")
    assert approach(look, change) == 15
    assert approach(look, read, change) == 25
    assert approach(look, run(2, "grep -rn key ."), change) == 25


def test_input_folders_are_judged_file_by_file() -> None:
    look = run(1, "ls")
    edit = act(5, "edit", path=f"{PLACE}/service/a.py", edits=[])
    made_here = act(3, "write", path=f"{PLACE}/service/new.py", content="x")
    folder = ("service/",)
    assert approach(look, edit, inputs=folder) == 15
    assert approach(look, act(2, "read", path=f"{PLACE}/service/b.py"), edit, inputs=folder) == 15
    assert approach(look, act(2, "read", path=f"{PLACE}/service/a.py"), edit, inputs=folder) == 25
    assert approach(look, run(2, "cat service/*.py | grep x"), edit, inputs=folder) == 25
    assert approach(look, made_here, act(6, "edit", path="service/new.py", edits=[]), inputs=folder) == 25


def recovery(*steps: dict[str, Any]) -> float:
    return behavior(made(*steps), [], PLACE).recovery.points


def test_recovery_counts_failures_that_a_later_call_made_good() -> None:
    bad = act(1, "read", path="x", fails=True)
    edit = act(2, "edit", path="x", fails=True)
    assert recovery(run(1, "ls")) == 20
    assert recovery(bad, act(3, "read", path="y")) == 20
    assert recovery(bad, run(3, "ls")) == 20
    assert recovery(edit, act(3, "write", path="x")) == 20
    assert recovery(bad, edit, act(3, "read", path="y")) == 10
    assert recovery(bad) == 0
    assert recovery(act(1, "read", path="y"), bad) == 0
    assert recovery(bad, run(3, "python3 x.py")) == 0


def test_beating_the_same_wall_three_times_is_no_recovery() -> None:
    wall = [run(second, "make all", fails=True) for second in range(3)]
    assert recovery(*wall[:2], run(9, "make all")) == 20
    assert recovery(*wall, run(9, "make all")) == 0
