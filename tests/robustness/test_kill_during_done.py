"""``kill -9`` at any moment of a call loses nothing, doubles nothing, and changes no score."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import statistics
import time
from collections import Counter
from typing import Any

import msgspec
import psutil
import pytest
import suites
from installation import Installation

from agentbench import identity, ledger, scratch, tasks, trial, tries, workspace
from agentbench.codec import read_json
from agentbench.model import Assessment, Metrics, MetricsSource, Task
from agentbench.state import TryState, replay
from agentbench.trial import Outcome
from agentbench.validators import registry

pytestmark = pytest.mark.slow

CHOSEN = ["--task", suites.LETTERS, "--task", suites.SUM, "--task", suites.SLOW]
PLAN = [(suites.LETTERS, 1), (suites.SUM, 1), (suites.SLOW, 1)]
KILLS_PER_RUN = 5


def _scores(payload: dict[str, Any]) -> list[Any]:
    """What must not depend on interruptions."""
    return [
        (task["task_id"], task["status"], task["resolved"], task["score"], task["layers"], attempt["checks"])
        for task in payload["tasks"]
        for attempt in task["attempts"]
    ]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Any], float]:
    """The scores of a run that nobody disturbed, and the seconds its calls take (median)."""
    installed = Installation(tmp_path_factory.mktemp("undisturbed"))
    text, seconds = installed.start(*CHOSEN), []
    while (turn := suites.parse(text)) is not None:
        suites.answer(turn.workspace)
        started = time.monotonic()
        text = installed.done(turn)
        seconds.append(time.monotonic() - started)
    installed.settle(text)
    return _scores(installed.payload()), statistics.median(seconds)


def _kill_graders(installed: Installation) -> None:
    """Kill the graders of this installation, wherever they came from."""
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if one.environ().get("AGENTBENCH_TMP") == str(installed.tmp):
                one.kill()


def _graded(installed: Installation) -> int:
    return len(installed.events("try-graded"))


@pytest.mark.parametrize("round_", range(4))
def test_killed_at_random_moments(
    installed: Installation, undisturbed: tuple[list[Any], float], round_: int
) -> None:
    """Every ``done`` of a run is killed once, in half of the rounds with its grader: the run ends as if nothing were.

    After each kill ``status`` tells the truth; every try has one verdict; the chain holds.
    """
    expected, usual = undisturbed
    rng = random.Random(f"kill-{round_}")
    text = installed.start(*CHOSEN)
    killed = cut_off = 0
    for _ in range(3 * KILLS_PER_RUN):
        turn = suites.parse(text)
        if turn is None:
            break
        suites.answer(turn.workspace)
        if killed == KILLS_PER_RUN:
            text = installed.settle(installed.done(turn))
            continue
        with installed.popen(*suites.done_arguments(turn), start_new_session=True) as call:
            time.sleep(rng.uniform(0.1, usual))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(call.pid, signal.SIGKILL)
            if round_ % 2:
                _kill_graders(installed)
            call.communicate()
        killed += 1
        cut_off += call.returncode == -signal.SIGKILL
        if installed.run.results.exists():
            break
        before = _graded(installed)
        text = installed.call("status")
        said = re.search(r"(\d) of 3 graded", text)
        assert said is not None, text
        assert before <= int(said[1]) <= _graded(installed)
        text = installed.settle(text)
    assert killed == KILLS_PER_RUN
    assert cut_off >= 2
    if not installed.run.results.exists():
        installed.play(text)
    _assert_sound(installed)
    assert _scores(installed.payload()) == expected


def _assert_sound(installed: Installation) -> None:
    """Every trial has one try, one verdict, each turn once; the chain holds; nothing but workspaces is left over."""
    if not installed.events("run-finished"):
        installed.call("status")
    for event, keys in (
        ("try-graded", ("task_id", "attempt")),
        ("turn-started", ("task_id", "attempt", "turn")),
        ("turn-submitted", ("task_id", "attempt", "turn")),
    ):
        seen = Counter(tuple(entry.data[key] for key in keys) for entry in installed.events(event))
        assert set(seen.values()) == {1}, (event, seen)
    trials = {(entry.data["task_id"], entry.data["attempt"]) for entry in installed.events("try-graded")}
    assert trials == set(PLAN)
    assert len(installed.events("run-finished")) == 1
    deadline = time.monotonic() + 10
    while stray := [name for name in installed.leftovers() if not name.startswith("agentbench-task-")]:
        assert time.monotonic() < deadline, stray
        time.sleep(0.1)
        scratch.sweep()


def _turn(text: str) -> suites.Printed:
    found = suites.parse(text)
    assert found is not None, text
    return found


def _current(installed: Installation) -> tuple[Task, TryState]:
    """The only try of the run, and its task."""
    (one,) = replay(ledger.read(installed.run)).all_tries()
    folder = installed.tasks / one.task_id.replace("-", "/", 1)
    return tasks.load_task(folder, registry.catalogue()), one


def _outcome(one: TryState) -> Outcome:
    """What ``done`` of the honest agent stores."""
    values = dict(zip(Assessment.__struct_fields__, (30, 25, 25, 20, 25, 25, 25, 25), strict=True))
    return Outcome(
        task_id=one.task_id,
        attempt=1,
        try_no=1,
        seed=one.seed,
        workspace=one.workspace,
        frozen=tries.frozen_paths(one),
        replies={},
        metrics=Metrics(source=MetricsSource.SELF_REPORTED, tool_calls=3, errors=0, planning_ratio=0.5),
        assessment=msgspec.convert(values, Assessment),
    )


def test_done_twice(installed: Installation) -> None:
    """A turn that is handed in again does nothing but say where the run stands."""
    first = _turn(installed.start(*CHOSEN[2:]))
    suites.answer(first.workspace)
    second = _turn(installed.done(first))
    before = len(ledger.read(installed.run))
    assert _turn(installed.done(first)) == second
    assert len(ledger.read(installed.run)) == before
    assert len(installed.events("turn-submitted")) == 1


def test_two_at_once(installed: Installation) -> None:
    """Two calls for the same turn at the same moment hand it in and grade it once; both answer."""
    first = _turn(installed.start(*CHOSEN[2:]))
    suites.answer(first.workspace)
    calls = [installed.popen(*suites.done_arguments(first)) for _ in range(2)]
    outputs = [call.communicate(timeout=60) for call in calls]
    assert [call.returncode for call in calls] == [0, 0], outputs
    second, other = (_turn(out) for out, _ in outputs)
    assert second == other
    assert len(installed.events("turn-submitted")) == _graded(installed) == 1
    assert sum("Sum: 100/100" in out for out, _ in outputs) == 1


def test_two_at_the_end(installed: Installation) -> None:
    """Two calls that both find the run complete end it once."""
    turn = _turn(installed.start("--task", suites.SUM))
    suites.answer(turn.workspace)
    calls = [installed.popen(*suites.done_arguments(turn)) for _ in range(3)]
    outputs = [call.communicate(timeout=60) for call in calls]
    assert [call.returncode for call in calls] == [0, 0, 0], outputs
    assert len(installed.events("run-finished")) == 1


def test_cut_off_between_freezing_and_recording(installed: Installation) -> None:
    """With the workspace frozen but nothing recorded, ``status`` completes the handing in with the stored outcome."""
    turn = _turn(installed.start("--task", suites.SUM))
    suites.answer(turn.workspace)
    _, one = _current(installed)
    tries.write_outcome(installed.run, _outcome(one))
    workspace.freeze(turn.workspace, 1, last=True)
    text = installed.settle(installed.call("status"))
    assert "Sum: 100/100" in text
    assert installed.payload()["counts"]["scored"] == 1


def test_cut_off_after_the_outcome(installed: Installation) -> None:
    """With the outcome stored but the workspace not frozen, the same turn is asked for again and nothing is lost."""
    turn = _turn(installed.start("--task", suites.SUM))
    suites.answer(turn.workspace)
    _, one = _current(installed)
    tries.write_outcome(installed.run, _outcome(one))
    assert _turn(installed.call("status")) == turn
    assert "Sum: 100/100" in installed.done(turn)


def test_cut_off_while_copying_a_turn(installed: Installation) -> None:
    """A half-copied state of an earlier turn is thrown away and made again."""
    turn = _turn(installed.start("--task", suites.LETTERS))
    suites.answer(turn.workspace)
    part = workspace.frozen_path(turn.workspace, 1)
    part = part.with_name(f"{part.name}.part")
    part.mkdir()
    (part / "half").write_text("written")
    installed.play(installed.done(turn))
    assert installed.payload()["tasks"][0]["resolved"]
    assert installed.leftovers() == []


def test_cut_off_between_turns(installed: Installation) -> None:
    """With a turn recorded as handed in but the next not begun, ``status`` begins it."""
    turn = _turn(installed.start("--task", suites.LETTERS))
    suites.answer(turn.workspace)
    task, one = _current(installed)
    tries.submit(installed.run, task, one, turn.token)
    text = installed.call("status")
    assert "Message 2 of 3." in text
    installed.play(text)
    assert installed.payload()["tasks"][0]["resolved"]


def test_cut_off_between_grading_and_recording(installed: Installation) -> None:
    """With the result stored and the workspace removed but no verdict recorded, grading again gives the same."""
    turn = _turn(installed.start("--task", suites.SUM))
    suites.answer(turn.workspace)
    task, one = _current(installed)
    outcome = _outcome(one)
    tries.write_outcome(installed.run, outcome)
    tries.submit(installed.run, task, one, turn.token)
    paths = installed.run.try_dir(one.task_id, 1, 1)
    first = trial.grade(task, outcome, paths)
    trial.store(task, outcome, first, installed.run)
    trial.tidy(task, outcome, paths)
    text = installed.settle(installed.call("status"))
    assert "Sum: 100/100" in text
    assert read_json(paths.result, type(first)) == first


def test_cut_off_while_finishing(installed: Installation) -> None:
    """With results written but the end not recorded, ``status`` ends the run with the same results."""
    installed.play(installed.start("--task", suites.SUM))
    results = installed.run.results.read_bytes()
    lines = installed.run.ledger.read_bytes().splitlines(keepends=True)
    installed.run.ledger.write_bytes(b"".join(lines[:-1]))
    state = installed.root / "state" / "agentbench" / "active"
    (state / "pointer").write_text(str(installed.run.root))
    installed.call("status")
    assert installed.run.results.read_bytes() == results
    assert len(installed.events("run-finished")) == 1


@pytest.mark.parametrize("torn", [b'{"seq": 99, "at', b"\x00\x00\x00", b"{"])
def test_a_torn_last_line(installed: Installation, torn: bytes) -> None:
    """Half a line at the end of the ledger never counts, is kept aside, and the run goes on."""
    turn = _turn(installed.start("--task", suites.SUM))
    with installed.run.ledger.open("ab") as stream:
        stream.write(torn)
    assert _turn(installed.call("status")) == turn
    suites.answer(turn.workspace)
    installed.play(installed.done(turn))
    assert installed.payload()["counts"]["scored"] == 1
    assert (installed.run.root / "ledger.torn-1").read_bytes() == torn


DEADLY = """\
import os
import signal


def total_right(ctx, sleep_sec=0.0):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_grader_that_dies_three_times(installed: Installation) -> None:
    """The trial is then invalid by the harness's fault, has no score, keeps its state, and the run goes on."""
    (installed.tasks / "alpha" / "sum" / "checks.py").write_text(DEADLY)
    turn = _turn(installed.start("--task", suites.SUM, "--task", suites.SLOW))
    suites.answer(turn.workspace)
    second = _turn(installed.done(turn))
    for _ in range(4):
        assert _turn(installed.call("status")) == second
    suites.answer(second.workspace)
    text = installed.play(installed.done(second))
    assert suites.parse(text) is None
    payload = installed.payload()
    attempt = payload["tasks"][0]["attempts"][0]
    assert (attempt["status"], attempt["cause"], attempt["score"]) == ("invalid", "harness", None)
    assert payload["counts"] == {"planned": 2, "scored": 1, "invalid": 1, "unsupported": 0, "cancelled": 0}
    assert len(installed.events("grading-started")) == tries.MAX_GRADINGS + 1


def test_a_damaged_outcome_ends_too(installed: Installation) -> None:
    """An outcome that cannot be read does not keep a run from ending: the trial is invalid."""
    turn = _turn(installed.start("--task", suites.SUM))
    suites.answer(turn.workspace)
    task, one = _current(installed)
    tries.write_outcome(installed.run, _outcome(one))
    tries.submit(installed.run, task, one, turn.token)
    installed.run.try_dir(one.task_id, 1, 1).outcome.write_text("{")
    for _ in range(5):
        if installed.run.results.exists():
            break
        installed.call("status")
    assert installed.payload()["counts"]["invalid"] == 1


def test_a_validator_that_raises(installed: Installation) -> None:
    """A broken validator makes the trial invalid by the task's fault, at once and never 0."""
    code = "def total_right(ctx, sleep_sec=0.0):\n    return 1 / 0\n"
    (installed.tasks / "alpha" / "sum" / "checks.py").write_text(code)
    text = installed.play(installed.start("--task", suites.SUM))
    assert "no score (invalid" in text
    attempt = installed.payload()["tasks"][0]["attempts"][0]
    assert (attempt["cause"], attempt["score"]) == ("validator", None)
    assert "ZeroDivisionError" in attempt["message"]


def test_killed_while_setting_up_the_next_task(installed: Installation) -> None:
    """Killed while the next task's inputs are made: its hidden values are gone before the task is asked for."""
    script = installed.tasks / "alpha" / "sum" / "setup.py"
    text = script.read_text().replace("def build(", "import time\n\n\ndef build(")
    script.write_text(text + "    time.sleep(2)\n")
    first = _turn(installed.start("--task", suites.LETTERS, "--task", suites.SUM))
    turn = first
    for _ in range(2):
        suites.answer(turn.workspace)
        turn = _turn(installed.done(turn))
    suites.answer(turn.workspace)
    with installed.popen(*suites.done_arguments(turn), start_new_session=True) as call:
        deadline = time.monotonic() + 20
        while not list(installed.tmp.glob("agentbench-hidden-*/*")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.killpg(call.pid, signal.SIGKILL)
        call.communicate()
    assert list(installed.tmp.glob("agentbench-hidden-*/*"))
    text = installed.call("status")
    assert "Running: Sum" in text
    assert not list(installed.tmp.glob("agentbench-hidden-*"))
    assert not list(installed.tmp.rglob("total.json"))
    installed.play(text)
    assert installed.payload()["counts"]["scored"] == 2


def test_the_plan_is_what_was_asked_for(installed: Installation) -> None:
    """The trials compared above are the whole plan."""
    installed.start(*CHOSEN)
    assert identity.load(installed.run).plan() == PLAN
