"""``kill -9`` of a harness-run at any moment: resumed, it ends as if undisturbed, and nothing runs twice."""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest
import suites
from installation import Installation

from agentbench import ledger
from agentbench.paths import RunPaths
from agentbench.state import RunState, replay

pytestmark = pytest.mark.slow

KILLS = 200
SHARES = 4
"""The kills are spread over so many tests, so that they run side by side."""
ATTEMPTS = 4
N_TRIALS = 4 * ATTEMPTS
SEED = "5"
_SOLUTION = """\
import json
import os
from pathlib import Path


{answer}

def oracle(workspace, turn):
    answer(workspace)
    log = os.open({log!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, f"{{workspace.name}} {{turn}}\\n".encode())


ALTERNATIVES = []
WRONG = {{}}
"""


class Harness:
    """A suite with an oracle that notes each turn it has done, and the calls of a run over it."""

    def __init__(self, root: Path) -> None:
        self.installed = Installation(root)
        self.log = root / "done.log"
        self.log.touch()
        self.suite = root / "checkout" / "tasks"
        suites.write_suite(self.suite, sleep_sec=0.05)
        for folder in self.suite.glob("*/*"):
            place = root / "checkout" / "tests" / "tasks" / folder.relative_to(self.suite)
            place.mkdir(parents=True)
            text = _SOLUTION.format(answer=inspect.getsource(suites.answer), log=str(self.log))
            (place / "solutions.py").write_text(text, "utf-8")

    def begin(self) -> subprocess.Popen[str]:
        """Start a run of four jobs."""
        return self.installed.popen(
            *("run", "--agent", "oracle", "--tasks", str(self.suite), "--seed", SEED, "--jobs", "4"),
            *("--attempts", str(ATTEMPTS), "--json"),
        )

    def go_on(self) -> subprocess.Popen[str]:
        """Resume the newest run."""
        return self.installed.popen("resume", "latest", "--jobs", "4", "--json")

    @property
    def runs(self) -> list[RunPaths]:
        """All runs, oldest first; the directory of one that was killed before it was begun does not count."""
        found = self.installed.results.iterdir() if self.installed.results.is_dir() else ()
        return [RunPaths(path) for path in sorted(found) if (path / "run.json").is_file()]

    def state(self, run: RunPaths) -> RunState:
        """Where a run stands; its chain must hold."""
        return replay(ledger.read(run))


def _facts(run: RunPaths) -> list[Any]:
    """What must not depend on interruptions."""
    payload = json.loads(run.results.read_text("utf-8"))
    assert payload["counts"]["scored"] == N_TRIALS
    return [
        (
            task["task_id"],
            task["resolved"],
            task["score"],
            task["layers"],
            [(one["attempt"], one["score"], one["checks"], one["changed_files"]) for one in task["attempts"]],
        )
        for task in payload["tasks"]
    ]


def _ended(process: subprocess.Popen[str]) -> None:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, (out, err)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The results of a run that nobody disturbed."""
    harness = Harness(tmp_path_factory.mktemp("undisturbed"))
    _ended(harness.begin())
    (run,) = harness.runs
    return _facts(run)


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_at_random_moments(tmp_path: Path, undisturbed: list[Any], share: int) -> None:
    """200 kills in all, each at a random moment of a run or of its resumption, until runs complete."""
    harness = Harness(tmp_path)
    rng = random.Random(f"kill-run-{share}")
    killed = 0
    n_complete = 0
    while killed < KILLS // SHARES:
        with harness.begin() if len(harness.runs) == n_complete else harness.go_on() as process:
            time.sleep(rng.uniform(0.15, 1.6))
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        killed += process.returncode == -signal.SIGKILL
        if process.returncode == 0:
            n_complete += 1
            assert _facts(harness.runs[-1]) == undisturbed
    if len(harness.runs) > n_complete:
        _ended(harness.go_on())
    assert harness.runs
    for run in harness.runs:
        assert _facts(run) == undisturbed
        _assert_nothing_ran_twice(harness.state(run))
    turns = Counter(harness.log.read_text("utf-8").split("\n"))
    del turns[""]
    assert set(turns.values()) == {1}
    assert harness.installed.leftovers() == []
    assert _survivors(harness) == []


def _assert_nothing_ran_twice(state: RunState) -> None:
    """Each trial has one verdict, of its last try; all tries before it were cut off."""
    assert len(state.tries) == N_TRIALS
    for tries in state.tries.values():
        assert [one.try_no for one in tries] == list(range(1, len(tries) + 1))
        assert [one.status for one in tries] == ["cancelled"] * (len(tries) - 1) + ["scored"]
        assert {one.cause for one in tries[:-1]} <= {"interrupted"}


def _survivors(harness: Harness) -> list[str]:
    """Return the processes that belong to this installation."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if str(harness.installed.root) in " ".join(one.cmdline()):
                found.append(" ".join(one.cmdline()))
    return found
