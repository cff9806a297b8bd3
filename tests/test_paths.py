"""Where things lie: options before the environment, run ids that never collide, runs found by name."""

from __future__ import annotations

import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agentbench import active, paths
from agentbench.errors import EnvironmentNotReady, TaskError, UsageError
from agentbench.paths import RunPaths


def runs(root: Path, *names: str) -> Path:
    """Make runs with these names and return their folder."""
    for name in names:
        (root / name).mkdir(parents=True)
        (root / name / "run.json").write_text("{}")
    return root


def test_results_folder_option_then_environment_then_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """``--results`` beats ``$AGENTBENCH_RESULTS`` beats ./agentbench-results; always absolute."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AGENTBENCH_RESULTS", "from-env")
    assert paths.results_dir("given") == tmp_path / "given"
    assert paths.results_dir(None) == tmp_path / "from-env"
    monkeypatch.setenv("AGENTBENCH_RESULTS", "")
    assert paths.results_dir(None) == tmp_path / "agentbench-results"


def test_tasks_folder_must_exist(tmp_path: Path) -> None:
    """--tasks names a folder; without it the skill's own is taken."""
    assert paths.tasks_dir(str(tmp_path)) == tmp_path.resolve()
    assert (paths.tasks_dir(None) / "data-analysis").is_dir()
    with pytest.raises(TaskError, match="no such folder"):
        paths.tasks_dir(str(tmp_path / "gone"))


def test_run_ids_are_the_time_in_utc_and_unique(tmp_path: Path) -> None:
    """Runs begun in the same second get different names that sort in order of their start."""
    before = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    made = [paths.new_run(tmp_path / "results").run_id for _ in range(5)]
    assert len(set(made)) == 5
    assert made == sorted(made)
    assert all(re.fullmatch(r"\d{8}-\d{6}(-\d)?", name) and name >= before for name in made)


@pytest.mark.parametrize("below", ["", "deeper"])
def test_results_that_are_a_file_are_refused(tmp_path: Path, below: str) -> None:
    """One line with exit code 5 that names the place, not a hundred attempts."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentNotReady, match="cannot be written"):
        paths.new_run(tmp_path / "file" / below)


def test_temporary_folders_are_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Mode 0700, named after their kind, below $AGENTBENCH_TMP; each is new."""
    monkeypatch.setenv("AGENTBENCH_TMP", str(tmp_path))
    one, other = paths.temporary_dir("task-x"), paths.temporary_dir("task-x")
    assert one != other
    assert one.parent == tmp_path
    assert one.name.startswith("agentbench-task-x-")
    assert stat.S_IMODE(one.stat().st_mode) == 0o700
    monkeypatch.setenv("AGENTBENCH_TMP", str(tmp_path / "gone"))
    with pytest.raises(EnvironmentNotReady, match="AGENTBENCH_TMP"):
        paths.temporary_dir("task-x")


def test_find_run_by_id_start_latest_and_path(tmp_path: Path) -> None:
    """A unique start is enough; an exact id wins over longer ones."""
    root = runs(tmp_path, "20250101-000000", "20250101-000000-2", "20250203-000000")
    assert paths.find_run(root, "latest").run_id == "20250203-000000"
    assert paths.find_run(root, "202502").run_id == "20250203-000000"
    assert paths.find_run(root, "20250101-000000").run_id == "20250101-000000"
    assert (
        paths.find_run(tmp_path / "elsewhere", str(root / "20250203-000000")).root == root / "20250203-000000"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [("2025", "2025: names several runs. Runs: 2025"), ("1999", "1999: no such run. Runs: 2025")],
)
def test_find_run_says_which_there_are(tmp_path: Path, name: str, message: str) -> None:
    """An ambiguous or unknown name lists runs."""
    root = runs(tmp_path, "20250101-000000", "20250203-000000")
    with pytest.raises(UsageError, match=message):
        paths.find_run(root, name)


def test_no_runs_is_a_usage_error(tmp_path: Path) -> None:
    """An absent folder holds no runs; folders without run.json are none."""
    (tmp_path / "results" / "notes").mkdir(parents=True)
    assert paths.list_runs(tmp_path / "results") == paths.list_runs(tmp_path / "gone") == []
    with pytest.raises(UsageError, match="there are no runs here"):
        paths.find_run(tmp_path / "gone", "latest")


def test_a_run_that_cannot_be_looked_into_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without rights is left out, or listed where that is asked for and it is named like a run."""
    root = runs(tmp_path / "results", "20250101-000000", "20250102-000000", "other")
    real = Path.stat

    def locked(path: Path, **options: bool) -> os.stat_result:
        if path.parent.name in ("20250101-000000", "other"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **options)

    monkeypatch.setattr(Path, "stat", locked)
    assert [run.run_id for run in paths.list_runs(root)] == ["20250102-000000"]
    both = ["20250101-000000", "20250102-000000"]
    assert [run.run_id for run in paths.list_runs(root, unreadable=True)] == both

    def shut(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", shut)
    with pytest.raises(EnvironmentNotReady, match=r"results: cannot be read \(Permission denied\)"):
        paths.list_runs(root)


def test_solutions_lie_outside_of_the_tasks() -> None:
    """tasks/s/t ↔ tests/tasks/s/t/solutions.py."""
    assert paths.solutions_file(Path("/x/tasks/s/t")) == Path("/x/tests/tasks/s/t/solutions.py")


def test_the_tree_in_the_docstring_is_the_one_used(tmp_path: Path) -> None:
    """Every name of a run's files stands in the module's drawing."""
    run = RunPaths(tmp_path)
    tried = run.try_dir("task", 1, 1)
    used = [run.identity, run.ledger, run.results, run.report_md, run.report_html, tried.result]
    used += [tried.trajectory, tried.outcome, tried.snapshot(1), tried.raw]
    assert paths.__doc__ is not None
    assert [path.name for path in used if path.name not in paths.__doc__] == []
    assert tried.root == tmp_path / "task" / "attempt-1" / "try-1"


def test_pointers_lead_to_runs_in_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A remembered run is found from anywhere until it is forgotten; a pointer to nothing is passed over."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = runs(tmp_path / "results", "20250101-000000", "20250203-000000")
    for name in ("20250101-000000", "20250203-000000"):
        active.remember(RunPaths(root / name))
    active.remember(RunPaths(tmp_path / "gone"))
    found = active.runs(tmp_path / "elsewhere")
    assert [run.run_id for run in found] == ["20250203-000000", "20250101-000000"]
    active.forget(found[0])
    assert [run.run_id for run in active.runs(tmp_path / "elsewhere")] == ["20250101-000000"]
