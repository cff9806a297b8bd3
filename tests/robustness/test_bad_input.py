"""Whatever is wrong with the input or the machine: one line that says where and what, and the right exit code."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import suites
from installation import Installation

from agentbench import ledger
from agentbench.errors import ResultsError
from agentbench.stored import load_intact

pytestmark = pytest.mark.slow
USAGE, INVALID, NOT_READY = 2, 4, 5
FULL = ("--l2", "30,25,25,20", "--l3", "25,25,25,25", "--calls", "1", "--errors", "0")


def _turn(text: str) -> suites.Printed:
    found = suites.parse(text)
    assert found is not None, text
    return found


SUM_YAML = "alpha/sum/task.yaml"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("expected_outputs:", "expected_output:", ["task.yaml:7", "expected_output", "'expected_outputs'"]),
        ("type: file-exists", "type: file-exist", ["task.yaml:11", "'file-exist'", "'file-exists'"]),
        (
            "type: total-right, points: 60",
            "type: total-right, sleep: 1",
            ["task.yaml:10", "'sleep'", "sleep_sec"],
        ),
        ("points: 60", "points: -1", ["task.yaml:10", "points"]),
        ("name: Sum", "name: Sum\nname: Twice", ["task.yaml:3", "name"]),
        ("difficulty: easy", "difficulty: tough", ["task.yaml:4", "tough"]),
        ("suite: alpha", "suite: beta", ["task.yaml:3", "suite"]),
        ("user_message: |", "user_message: [", ["task.yaml"]),
        ("id: alpha-sum", "id: ''", ["task.yaml:1", "id"]),
        ("tool_calls: [1, 9]", "tool_calls: [9, 1]", ["task.yaml:12", "tool_calls"]),
    ],
)
def test_a_faulty_task_file(installed: Installation, old: str, new: str, expected: list[str]) -> None:
    """A fault of task.yaml names file and line, the field, and what was probably meant."""
    path = installed.tasks / SUM_YAML
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    line = installed.refused("start", "--tasks", str(installed.tasks), code=INVALID)
    for word in expected:
        assert word in line, line
    assert not installed.results.exists()


def test_a_task_without_checks(installed: Installation) -> None:
    """A task without any check is invalid."""
    path = installed.tasks / SUM_YAML
    head, _, _ = path.read_text().partition("expected_outputs:")
    path.write_text(head)
    assert "check" in installed.refused("list", "--tasks", str(installed.tasks), code=INVALID)


def test_checks_that_do_not_parse(installed: Installation) -> None:
    """A checks.py that does not parse is named with its line, without being run."""
    (installed.tasks / "alpha" / "sum" / "checks.py").write_text("x = 1\ndef total_right(ctx:\n")
    assert "checks.py:2" in installed.refused("list", "--tasks", str(installed.tasks), code=INVALID)


def test_an_id_used_twice(installed: Installation) -> None:
    """Two tasks of one id are refused, and both are named."""
    copy = installed.tasks / "alpha" / "copy"
    shutil.copytree(installed.tasks / "alpha" / "sum", copy)
    line = installed.refused("list", "--tasks", str(installed.tasks), code=INVALID)
    assert "alpha-sum" in line
    assert "alpha/copy" in line
    assert "alpha/sum" in line


def test_missing_inputs(installed: Installation) -> None:
    """An input file that is neither there nor generated is refused with its line."""
    folder = installed.tasks / "alpha" / "sum"
    (folder / "setup.py").unlink()
    path = folder / "task.yaml"
    path.write_text(
        path.read_text().replace("difficulty: easy", "difficulty: easy\ninput_files: [numbers.txt]")
    )
    line = installed.refused("list", "--tasks", str(installed.tasks), code=INVALID)
    assert "task.yaml:5" in line
    assert "numbers.txt" in line


@pytest.mark.parametrize(
    "code",
    ["def build(workspace, hidden, seed):\n    raise SystemExit('no way')\n", "import nonsense_xyz\n", "("],
)
def test_a_set_up_that_fails(installed: Installation, code: str) -> None:
    """A set-up that fails makes its trial invalid and names itself; the other trials are run."""
    (installed.tasks / "alpha" / "sum" / "setup.py").write_text(code)
    text = installed.start("--task", suites.SUM, "--task", suites.PROGRAM)
    assert "Sum: no score" in text
    installed.play(text)
    payload = installed.payload()
    assert [task["status"] for task in payload["tasks"]] == ["invalid", "scored"]
    assert "setup.py" in payload["tasks"][0]["attempts"][0]["message"]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["done", "abc"], "no run is in progress"),
        (["status"], "no run is in progress"),
        (["stat"], "'start'"),
        (["--frobnicate"], "--frobnicate"),
        (["start", "--sweet"], "--sweet"),
        (["start", "--fas"], "--fas"),
        (["start", "--attempts", "0"], "--attempts"),
        (["start", "--attempts", "many"], "many"),
        (["start", "--seed", "-1"], "--seed"),
        (["start", "--seed", "9" * 5000], "--seed"),
        (["start", "--suite", "alhpa", "--tasks", "SUITE"], "'alpha'"),
        (["start", "--task", "alpha-sun", "--tasks", "SUITE"], "'alpha-sum'"),
        (["run", "--agent", "orcale", "--tasks", "SUITE"], "'oracle'"),
        (["run"], "--agent"),
        (["compare", "a"], "B"),
        (["compare", "a", "b"], "no runs"),
        (["report", "nothing"], "no runs"),
    ],
)
def test_an_unusable_command_line(installed: Installation, args: list[str], expected: str) -> None:
    """What the command line asks for in vain is named, with the nearest thing that exists."""
    line = installed.refused(*[str(installed.tasks) if a == "SUITE" else a for a in args], code=USAGE)
    assert expected in line


def test_no_tasks_there(installed: Installation) -> None:
    """A folder of tasks that is missing or empty is said to be."""
    assert "gone" in installed.refused("list", "--tasks", str(installed.root / "gone"), code=INVALID)
    (installed.root / "empty").mkdir()
    assert "no tasks" in installed.refused("list", "--tasks", str(installed.root / "empty"), code=INVALID)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--l2", "29,25,25,20", "--l3", "25,25,25,25"], ["adherence", "29", "0", "10", "20", "30"]),
        (["--l2", "30,25,25,20", "--l3", "25,26,25,25"], ["accuracy", "26", "25"]),
        (["--l2", "30,25,25", "--l3", "25,25,25,25"], ["3 values instead of 4"]),
        (["--l2", "30,25,25,²", "--l3", "25,25,25,25"], ["recovery"]),
        (["--l2", "30,25,25," + "9" * 5000, "--l3", "25,25,25,25"], ["recovery"]),
        (["--l2", "30,25,25,20"], ["--l3"]),
        ([], ["assessment is missing"]),
        (["--l2", "30,25,25,20", "--l3", "25,25,25,25"], ["--calls"]),
        ([*FULL, "--planning", "nan"], ["--planning"]),
        ([*FULL, "--planning", "1.5"], ["--planning", "1.5"]),
        ([*FULL[:-3], "-1", *FULL[-2:]], ["--calls"]),
        ([*FULL, "--reply", "/no/such/file"], ["/no/such/file"]),
        ([*FULL, "--reply", "."], ["--reply"]),
    ],
)
def test_an_unusable_assessment(installed: Installation, args: list[str], expected: list[str]) -> None:
    """An assessment outside the rubric, or missing, changes nothing: the same turn can be handed in again."""
    turn = _turn(installed.start("--task", suites.SUM))
    suites.answer(turn.workspace)
    before = len(ledger.read(installed.run))
    line = installed.refused("done", turn.token, *args, code=USAGE)
    for word in expected:
        assert word in line, line
    assert len(ledger.read(installed.run)) == before
    assert "Sum: 100/100" in installed.done(turn)


def test_a_wrong_token(installed: Installation) -> None:
    """A token of no run in progress is refused and leads to ``status``."""
    turn = _turn(installed.start("--task", suites.SUM))
    line = installed.refused("done", turn.token[:-1] + "x", *FULL, code=USAGE)
    assert "token" in line
    assert "status" in line


@pytest.mark.parametrize("instead", ["nothing", "file", "link"])
def test_a_workspace_that_is_gone(installed: Installation, instead: str) -> None:
    """A deleted workspace, or a file or link in its place, is scored and flagged, not resolved, and harms nothing."""
    turn = _turn(installed.start("--task", suites.SUM))
    shutil.rmtree(turn.workspace)
    canary = installed.root / "canary"
    canary.mkdir()
    (canary / "total.txt").write_text("alive")
    if instead == "file":
        turn.workspace.write_text("not a folder")
    elif instead == "link":
        turn.workspace.symlink_to(canary)
    assert "not resolved" in installed.done(turn)
    (task,) = installed.payload()["tasks"]
    assert task["status"] == "scored"
    assert not task["resolved"]
    assert "workspace-deleted" in {flag["code"] for flag in task["flags"]}
    assert (canary / "total.txt").read_text() == "alive"
    assert installed.leftovers() == []


def test_a_workspace_that_is_gone_between_turns(installed: Installation) -> None:
    """With the workspace deleted in an earlier turn, later turns get their inputs, and the trial is scored."""
    turn = _turn(installed.start("--task", suites.LETTERS))
    shutil.rmtree(turn.workspace)
    canary = installed.root / "canary"
    canary.mkdir()
    turn.workspace.symlink_to(canary)
    text = installed.done(turn)
    assert list(canary.iterdir()) == []
    installed.play(text)
    (task,) = installed.payload()["tasks"]
    assert (task["status"], task["resolved"]) == ("scored", False)


def test_damaged_results(installed: Installation) -> None:
    """A results.json that is no longer one, or whose fields are not what they were, is named by all that read it."""
    installed.play(installed.start("--task", suites.SUM))
    intact = installed.payload()
    altered = [{"tasks": 5}, {"tasks": [1]}, {"counts": None}, {"domain_scores": []}]
    damaged = ["", "{", "[]", '{"run_id": "x"}', "\x00\xff", "null"]
    for content in [*damaged, *(json.dumps(intact | fields) for fields in altered)]:
        installed.run.results.write_bytes(content.encode("latin-1"))
        with pytest.raises(ResultsError, match=re.escape("results.json")):
            load_intact(installed.run)
    assert f" cannot be read: {installed.run.results}: " in installed.call("results")
    for command in (["compare", "latest", "latest"], ["report"]):
        assert "results.json" in installed.refused(*command, code=INVALID)


def test_a_better_score_by_hand(installed: Installation) -> None:
    """Results that are well-formed but altered are marked in the list and refused by what computes with them."""
    installed.play(installed.start("--task", suites.SUM))
    payload = installed.payload()
    payload["overall_score"] = 99.0
    installed.run.results.write_text(json.dumps(payload))
    assert "signature does not match" in installed.call("results")
    for command in (["compare", "latest", "latest"], ["report"]):
        assert "results.json" in installed.refused(*command, code=INVALID)


def test_a_damaged_identity(installed: Installation) -> None:
    """A run.json that was edited or cut is named; nothing is started over silently."""
    turn = _turn(installed.start("--task", suites.SUM))
    path = installed.run.identity
    text = path.read_text()
    path.write_text(text.replace('"seed": 7', '"seed": 8'))
    assert "run.json" in installed.refused("status", code=INVALID)
    path.write_text(text[:100])
    assert "run.json" in installed.refused("status", code=INVALID)
    path.write_text(text)
    assert _turn(installed.call("status")) == turn


def test_a_task_changed_during_the_run(installed: Installation) -> None:
    """Its trial is invalid by the user's doing, said so at once, and the run goes on with the next task."""
    turn = _turn(installed.start("--task", suites.SUM, "--task", suites.PROGRAM))
    (installed.tasks / "alpha" / "sum" / ".DS_Store").write_text("")
    assert _turn(installed.call("status")) == turn
    path = installed.tasks / SUM_YAML
    path.write_text(path.read_text().replace("points: 60", "points: 61"))
    text = installed.done(turn)
    assert "Sum: no score (invalid: the task was changed during the run: alpha-sum: its files" in text
    assert "Running: Program" in text
    assert _turn(installed.done(turn)) == _turn(text)
    assert not turn.workspace.exists()
    installed.play(text)
    causes = {
        task["task_id"]: [one["cause"] for one in task["attempts"]] for task in installed.payload()["tasks"]
    }
    assert causes == {suites.SUM: ["task-changed"], suites.PROGRAM: [None]}
    assert installed.leftovers() == []


@pytest.mark.parametrize("damage", ["id: [", None])
def test_a_task_lost_before_its_turn(installed: Installation, damage: str | None) -> None:
    """A task that no longer loads, or is gone, when its turn comes is invalid; `status` is not stuck with it."""
    text = installed.start("--task", suites.SUM, "--task", suites.PROGRAM)
    path = installed.tasks / "beta" / "program" / "task.yaml"
    if damage is None:
        path.unlink()
    else:
        path.write_text(damage)
    last = installed.play(text)
    counts = installed.payload()["counts"]
    assert (counts["scored"], counts["invalid"]) == (1, 1)
    assert "beta-program" in str(installed.payload()["tasks"])
    assert "is complete" in installed.call("status"), last


def test_a_task_changed_between_its_turns(installed: Installation) -> None:
    """A try that was handed in in part ends as invalid, once, also where `status` finds it first."""
    turn = _turn(installed.start("--task", suites.LETTERS))
    suites.answer(turn.workspace)
    following = _turn(installed.done(turn))
    path = installed.tasks / "alpha" / "letters" / "checks.py"
    path.write_text(path.read_text() + "\n")
    assert "Letters: no score" in installed.call("status")
    assert installed.payload()["counts"]["invalid"] == 1
    assert "is complete" in installed.call("status")
    installed.done(following)
    assert len(installed.events("try-graded")) == 1


def test_a_task_changed_while_it_waits_for_a_grader(installed: Installation) -> None:
    """A try that was handed in but not graded is not graded by other rules, and does not hold up the run."""
    turn = _turn(installed.start("--task", suites.SUM))
    suites.answer(turn.workspace)
    with ledger.locked(installed.run.try_dir(suites.SUM, 1, 1).grading_lock):
        assert "Grading goes on" in installed.done(turn)
        path = installed.tasks / SUM_YAML
        path.write_text(path.read_text() + "\n")
        assert "Grading goes on" in installed.call("status")
    text = installed.settle(installed.call("status"))
    assert "no score (invalid: the task was changed" in text
    assert len(installed.events("try-graded")) == 1


def test_results_below_a_file(installed: Installation) -> None:
    """A place for results that cannot be one is the environment's fault."""
    (installed.root / "file").write_text("")
    place = installed.root / "file" / "results"
    arguments = ["--tasks", str(installed.tasks), "--task", suites.SUM, "--results", str(place)]
    assert str(place) in installed.refused("start", *arguments, code=NOT_READY)
    assert str(place) in installed.refused("run", "--agent", "nop", *arguments, code=NOT_READY)


def test_no_place_for_workspaces(installed: Installation) -> None:
    """A place for workspaces that is missing is the environment's fault; the run goes on once it is there."""
    installed.tmp.rmdir()
    arguments = ["--tasks", str(installed.tasks), "--task", suites.SUM]
    assert "AGENTBENCH_TMP" in installed.refused("start", *arguments, code=NOT_READY)
    installed.tmp.mkdir()
    installed.play(installed.call("status"))
    assert installed.payload()["counts"]["scored"] == 1


@contextlib.contextmanager
def _mounted(place: Path, options: str) -> Iterator[Path]:
    """A small file system of its own; skips where that may not be mounted."""
    place.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, check=False
    )
    if done.returncode != 0:
        if os.environ.get("AGENTBENCH_REQUIRE") == "all":
            pytest.fail(f"a tmpfs cannot be mounted: {done.stderr.decode()}")
        pytest.skip("a tmpfs cannot be mounted here (needs root)")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(place: Path) -> Path:
    """Fill a file system to its last byte and return the file that does."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as stream:
        for size in (65536, 4096, 512, 1):
            with contextlib.suppress(OSError):
                while stream.write(b"x" * size):
                    pass
    return filler


@pytest.mark.parametrize("full", ["results", "tmp"])
def test_a_full_disk(installed: Installation, full: str) -> None:
    """On a full disk every call says so in one line and loses nothing: after space is freed the run goes on."""
    arguments = [
        "--tasks",
        str(installed.tasks),
        "--seed",
        "7",
        "--task",
        suites.SUM,
        "--task",
        suites.LETTERS,
    ]
    with _mounted(installed.root / full, "size=3m") as disk:
        filler = _fill(disk)
        installed.refused("start", *arguments, code=NOT_READY)
        installed.refused("run", "--agent", "nop", *arguments, code=NOT_READY)
        filler.unlink()
        for stray in installed.results.iterdir() if installed.results.exists() else ():
            shutil.rmtree(stray)
        text = installed.start("--task", suites.SUM, "--task", suites.LETTERS)
        while (turn := suites.parse(text)) is not None:
            suites.answer(turn.workspace)
            filler = _fill(disk)
            for _ in range(4 if turn.last else 0):
                installed.refused(*suites.done_arguments(turn), code=NOT_READY)
            if not turn.last and "Traceback" in installed.done(turn, code=None):
                pytest.fail("a traceback")
            filler.unlink()
            text = installed.done(turn)
        installed.settle(text)
        payload = installed.payload()
        assert [(task["score"], task["resolved"]) for task in payload["tasks"]] == [(100.0, True)] * 2
        assert len(installed.events("try-graded")) == 2
        assert not [name for name in installed.leftovers() if "frozen" in name or "grading" in name]


def test_a_read_only_place(installed: Installation) -> None:
    """Results that became read-only stop a run in one line; it goes on once they can be written."""
    with _mounted(installed.root / "results", "size=3m") as disk:
        turn = _turn(installed.start("--task", suites.SUM))
        suites.answer(turn.workspace)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        arguments = ["--tasks", str(installed.tasks), "--task", suites.SUM]
        installed.refused("start", *arguments, code=NOT_READY)
        installed.refused(*suites.done_arguments(turn), code=NOT_READY)
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert "Sum: 100/100" in installed.done(turn)
