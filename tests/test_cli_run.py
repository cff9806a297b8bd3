"""The harness from the command line: plans, stops, going on, refusals, and the doctor."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import suites
import tiny
from installation import Installation

from agentbench import doctor
from agentbench.doctor import State
from agentbench.model import Task

WAITS = "sleep 30"


def begin(installed: Installation, command: str, *more: str) -> subprocess.Popen[str]:
    """Start a run of a command in JSON."""
    words = [
        "run",
        "--agent",
        "command",
        "--command",
        command,
        "--tasks",
        str(installed.tasks),
        "--sandbox",
        "none",
    ]
    return installed.popen(*words, "--json", *more)


def until(process: subprocess.Popen[str], kind: str) -> dict[str, Any]:
    """Read events until one of this kind comes."""
    assert process.stdout is not None
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        if event["event"] == kind:
            return event
    raise AssertionError(f"{kind} never came")


def last(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the last event."""
    out, err = process.communicate(timeout=60)
    assert out, err
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


@pytest.mark.slow
def test_one_interrupt_lets_running_tries_end(installed: Installation) -> None:
    """Results are written, the exit code is 130, and `resume` goes on."""
    process = begin(installed, "sleep 1", "--task", suites.SUM, "--attempts", "3")
    until(process, "try-started")
    process.send_signal(signal.SIGINT)
    found = last(process)
    assert process.returncode == 130
    assert (found["event"], found["stopped"]) == ("finished", "interrupted")
    assert found["results"]["counts"]["scored"] == 1
    assert found["results"]["counts"]["cancelled"] == 2
    assert not found["results"]["complete"]
    resumed = installed.harness("resume", "latest", "--jobs", "2")
    assert resumed["counts"]["scored"] == 3
    assert len(installed.events("try-graded")) == 5  # two were cancelled in front of the only slot
    assert installed.leftovers() == []


@pytest.mark.slow
def test_a_second_interrupt_ends_them_now(installed: Installation) -> None:
    """With their trees; they count as cancelled and can be tried again."""
    process = begin(installed, WAITS, "--task", suites.SUM)
    until(process, "turn-started")
    process.send_signal(signal.SIGINT)
    until(process, "stopping")
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    found = last(process)
    assert time.monotonic() - began < 20
    assert process.returncode == 130
    assert found["results"]["counts"]["cancelled"] == 1
    assert installed.leftovers() == []


def test_a_finished_run_is_not_run_again(installed: Installation) -> None:
    """It is said, and the reports are written again."""
    words = ["run", "--agent", "nop", "--tasks", str(installed.tasks), "--task", suites.SUM]
    installed.call(*words)
    before = len(installed.events("try-graded"))
    with installed.popen("resume", "latest") as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "is finished" in err
    assert "overall" in out
    assert len(installed.events("try-graded")) == before


def test_a_run_whose_task_changed_does_not_go_on(installed: Installation) -> None:
    """The field is named, with then and now."""
    with begin(installed, WAITS, "--task", suites.SUM) as process:
        until(process, "try-started")
        process.kill()
        process.communicate()
    (installed.tasks / "alpha" / "sum" / "checks.py").write_text("def total_right(ctx):\n    return None\n")
    with installed.popen("resume", "latest") as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "task alpha-sum: then sha256:" in err
    assert "Start a new run for that." in err


def test_a_self_run_is_the_agents_to_go_on_with(installed: Installation) -> None:
    """In one line that names the call."""
    installed.start("--task", suites.SUM)
    assert "status" in installed.refused("resume", "latest", code=2)


def test_a_dry_run_shows_the_plan_and_makes_nothing(installed: Installation) -> None:
    """Without an earlier run of its like nothing is guessed; with one it says what that rests on."""
    words = ["run", "--agent", "nop", "--tasks", str(installed.tasks), "--attempts", "2", "--jobs", "2"]
    text = installed.call(*words, "--dry-run")
    assert "4 tasks x 2 = 8 trials" in text
    assert "unknown: no earlier run of this agent and model" in text
    assert not installed.results.exists() or list(installed.results.iterdir()) == []
    installed.call("run", "--agent", "nop", "--tasks", str(installed.tasks), "--task", suites.SUM)
    plan = json.loads(installed.call(*words, "--dry-run", "--json"))
    assert plan["n_trials"] == 8
    assert plan["expected"]["n_trials_seen"] == 1
    assert plan["expected"]["n_tasks_known"] == 1
    assert plan["expected"]["tokens"] is None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--base-url", "ftp://x", "--model", "m"], 2, "is no http or https address"),
        (
            ["--base-url", "http://me:s3cret@x/v1", "--model", "m"],
            2,
            "holds credentials, which a run would record",
        ),
        (
            ["--base-url", "http://127.0.0.1:9/v1", "--model", "m", "--api-key-env", "NOT_SET_HERE"],
            5,
            "is not set",
        ),
        (
            ["--base-url", "http://127.0.0.1:9/v1", "--model", "m", "--max-cost", "5"],
            2,
            "no price of m is known",
        ),
        (["--command", "no-such-cli"], 5, "no such program"),
        (["--sandbox", "bubblwrap"], 2, "Did you mean 'bubblewrap'"),
    ],
)
def test_what_cannot_work_is_refused_before_a_run_exists(
    installed: Installation, words: list[str], code: int, said: str
) -> None:
    """In one line, with nothing made."""
    given = ["run", "--agent", "command", "--tasks", str(installed.tasks)]
    command = [] if "--command" in words else ["--command", "true"]
    dry = [] if "no-such-cli" in words else ["--dry-run"]
    for more in ([], dry):
        assert said in installed.refused(*given, *command, *words, *more, code=code)
    assert not installed.results.exists() or list(installed.results.iterdir()) == []


@pytest.mark.slow
def test_an_agent_that_writes_nothing_fails_its_preflight(installed: Installation) -> None:
    """With a model at hand, one small task comes first; nothing of the run exists then."""
    words = ["--base-url", "http://127.0.0.1:9/v1", "--model", "m", "--sandbox", "none"]
    said = installed.refused(
        "run", "--agent", "command", "--command", "true", "--tasks", str(installed.tasks), *words, code=5
    )
    assert "preflight" in said


def test_the_doctor_finds_what_is_here(installed: Installation) -> None:
    """JSON for programs; without the tasks it is quick."""
    with installed.popen("doctor", "--quick", "--json") as process:
        out, _ = process.communicate(timeout=60)
    found = {one["what"]: one for one in json.loads(out)["findings"]}
    assert found["git"]["state"] == "ok"
    assert {"AgentBench", "OpenClaw", "Sandbox", "Docker", "Workspaces", "Results"} <= set(found)
    assert process.returncode == (5 if json.loads(out)["problems"] else 0)


def test_the_doctor_names_a_dead_endpoint(installed: Installation) -> None:
    """With the next step, and exit code 5."""
    with installed.popen(
        "doctor", "--quick", "--base-url", "http://127.0.0.1:9/v1", "--model", "m"
    ) as process:
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 5
    assert "PROBLEM Model" in out
    assert "-> Is the endpoint up" in out


def loaded(tmp_path: Path, **files: str | None) -> Task:
    """Return the small task."""
    return tiny.load(tiny.write_task(tmp_path, **files))


def test_the_doctor_tries_tasks_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound task is ok, also without solutions; one that gives points for nothing is a problem with a next step."""
    tiny.isolate(monkeypatch, tmp_path)
    (sound,) = doctor.suite([loaded(tmp_path / "a")])
    assert (sound.state, "oracle" in sound.found) == (State.OK, True)
    (bare,) = doctor.suite([loaded(tmp_path / "b", solutions=None)])
    assert (bare.state, "oracle" in bare.found) == (State.OK, False)
    generous = tiny.CHECKS.replace(
        "return passed() if found == wanted else failed", "return passed() if 1 else failed"
    )
    (wrong,) = doctor.suite([loaded(tmp_path / "c", checks=generous)])
    assert wrong.state is State.PROBLEM
    assert wrong.next_step == "agentbench tasks check demo-numbers"
