"""Every file and directory name, once.

<results>/<run-id>/
├── run.json             identity: what is measured, with which suite, seed and versions
├── ledger.jsonl         what happened, in order, hash-chained
├── results.json  report.md  report.html
└── <task-id>/
    ├── scores.json  metrics.json  outputs/  execution-trace.md    of the last try, for people
    └── attempt-1/try-1/
        ├── result.json  trajectory.json  outcome.json
        ├── turn-1.tar.gz                          what differs from the generated workspace
        └── raw/events.jsonl                       the transcript's own events
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from agentbench.errors import EnvironmentNotReady, TaskError, UsageError

_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO}
_LEAST_ROOM_BYTES = 256 * 1024
_RUN_ID = re.compile(r"\d{8}-\d{6}")
PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent


def data_dir(name: str) -> Path:
    """Return the folder ``tasks``, ``templates`` or ``schemas``: of the checkout, else of the wheel."""
    for root in _roots():
        if (root / name).is_dir():
            return root / name
    raise EnvironmentNotReady(
        f"the folder {name!r} is missing", where=str(CHECKOUT), hint="Reinstall AgentBench."
    )


def skill_file() -> Path:
    """Return skill.json of the checkout or of the wheel."""
    for root in _roots():
        if (root / "skill.json").is_file():
            return root / "skill.json"
    raise EnvironmentNotReady("skill.json is missing", where=str(CHECKOUT), hint="Reinstall AgentBench.")


def _roots() -> list[Path]:
    """Return where data may lie: the folder that holds SKILL.md, and the wheel's own data."""
    return [*([CHECKOUT] if (CHECKOUT / "SKILL.md").is_file() else []), PACKAGE / "_data"]


def launcher() -> str:
    """Return the command a person or an agent types to reach this program."""
    script = CHECKOUT / "scripts" / "agentbench"
    return str(script) if script.is_file() else "agentbench"


def tasks_dir(option: str | None) -> Path:
    """Return the suite's folder: ``--tasks DIR``, else our own. Raises TaskError when it is absent."""
    if option is None:
        return data_dir("tasks")
    folder = Path(option).expanduser().resolve()
    if not folder.is_dir():
        raise TaskError("no such folder", where=option, hint="--tasks takes a folder of suites.")
    return folder


def solutions_file(task_folder: Path) -> Path:
    """Return where the solutions of a task lie in a checkout, whether or not the file exists."""
    suite, slug = task_folder.parent.name, task_folder.name
    return task_folder.parents[2] / "tests" / "tasks" / suite / slug / "solutions.py"


def results_dir(option: str | None) -> Path:
    """Return where runs lie: ``--results DIR``, else ``$AGENTBENCH_RESULTS``, else ./agentbench-results."""
    chosen = Path(option or os.environ.get("AGENTBENCH_RESULTS") or "agentbench-results").expanduser()
    try:
        return chosen.absolute()
    except FileNotFoundError:  # the current directory is gone, as a finished workspace is
        return Path.home() / chosen


def state_dir() -> Path:
    """Return the user's folder of pointers to runs in progress."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "agentbench" / "active"


def temporary_dir(kind: str) -> Path:
    """Make and return a private directory (mode 0700) ``/tmp/agentbench-<kind>-<random>``.

    Raises EnvironmentNotReady when that is not possible.
    """
    try:
        return Path(tempfile.mkdtemp(prefix=f"agentbench-{kind}-", dir=temporary_root()))
    except OSError as error:
        raise no_room(error.strerror or str(error)) from None


def interpreter() -> str:
    """Return the Python that runs AgentBench, outside its virtual environment."""
    return getattr(sys, "_base_executable", "") or sys.executable


def workspace_path(task_id: str) -> Path:
    """Return a name for a new workspace, ``/tmp/agentbench-task-<task id>-<random>``; nothing is made."""
    return temporary_root() / f"agentbench-task-{task_id}-{secrets.token_hex(4)}"


def temporary_root() -> Path:
    """Return the directory in which workspaces are made."""
    return Path(os.environ.get("AGENTBENCH_TMP") or "/tmp")


def lacks_room(error: BaseException | None) -> bool:
    """Return whether ``error`` is about this machine (disk full or read-only, too many files), not the work."""
    return isinstance(error, OSError) and error.errno in _MACHINE


def require_room(place: Path | None = None) -> None:
    """Raise EnvironmentNotReady when the disk of ``place`` is full: what failed there proves nothing.

    ``place`` is by default where workspaces are made.
    """
    try:
        disk = os.statvfs(place or temporary_root())
    except OSError as error:
        raise no_room(error.strerror or str(error), place) from None
    if disk.f_bavail * disk.f_frsize < _LEAST_ROOM_BYTES or (disk.f_files and not disk.f_favail):
        raise no_room("No space left on device", place)


def no_room(reason: str, place: Path | None = None) -> EnvironmentNotReady:
    """Return the error to raise when ``place``, by default that of the workspaces, cannot be written."""
    return EnvironmentNotReady(
        f"cannot be written ({reason})",
        where=str(place or temporary_root()),
        hint="Free some space there."
        if place
        else "Free some space, or name another folder in AGENTBENCH_TMP.",
    )


class RunPaths:
    """The paths of one run; see the tree in the module's docstring."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.identity = root / "run.json"
        self.ledger = root / "ledger.jsonl"
        self.ledger_lock = root / ".ledger.lock"
        self.lock = root / ".run.lock"
        self.results = root / "results.json"
        self.report_md = root / "report.md"
        self.report_html = root / "report.html"
        self.grader_log = root / "grader.log"

    @property
    def run_id(self) -> str:
        """The run's name: that of its directory."""
        return self.root.name

    def task(self, task_id: str) -> Path:
        """Return the folder of a task."""
        return self.root / task_id

    def try_dir(self, task_id: str, attempt: int, try_no: int) -> TryPaths:
        """Return the paths of a try; attempts and tries count from 1."""
        return TryPaths(self.root / task_id / f"attempt-{attempt}" / f"try-{try_no}")


class TryPaths:
    """The paths of one try."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.result = root / "result.json"
        self.trajectory = root / "trajectory.json"
        self.outcome = root / "outcome.json"
        self.raw = root / "raw" / "events.jsonl"
        self.grading_lock = root / ".grading.lock"

    def snapshot(self, turn: int) -> Path:
        """Return the archive of the state at the end of a turn, from 1."""
        return self.root / f"turn-{turn}.tar.gz"


def new_run(results: Path) -> RunPaths:
    """Make the directory of a new run, named after the time (UTC), and return its paths.

    Raises EnvironmentNotReady when ``results`` cannot be written.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    try:
        results.mkdir(parents=True, exist_ok=True)
        for suffix in ("", *(f"-{n}" for n in range(2, 100)), f"-{secrets.token_hex(3)}"):
            root = results / f"{stamp}{suffix}"
            with contextlib.suppress(FileExistsError):
                root.mkdir(mode=0o700)
                return RunPaths(root)
    except OSError as error:
        raise EnvironmentNotReady(
            f"cannot be written ({error.strerror})",
            where=str(results),
            hint="Choose another place with --results DIR.",
        ) from None
    raise EnvironmentNotReady("no free run id", where=str(results), hint="Try again in a second.")


def find_run(results: Path, name: str) -> RunPaths:
    """Return the run called ``name``: a run id, a unique prefix, ``latest``, or a path of a run or its results.json.

    Raises UsageError.
    """
    path = Path(name).parent if Path(name).name == "results.json" else Path(name)
    if any((path / known).is_file() for known in ("run.json", "results.json")):
        return RunPaths(path.absolute())
    runs = list_runs(results)
    if not runs:
        raise UsageError(
            "there are no runs here", where=str(results), hint="Start one, or name --results DIR."
        )
    if name == "latest":
        return runs[-1]
    hits = [run for run in runs if run.run_id.startswith(name)]
    exact = [run for run in hits if run.run_id == name]
    if len(exact or hits) == 1:
        return (exact or hits)[0]
    shown = ", ".join(run.run_id for run in (hits or runs)[-5:])
    what = "names several runs" if hits else "no such run"
    raise UsageError(what, where=name, hint=f"Runs: {shown}.")


def list_runs(results: Path, *, unreadable: bool = False) -> list[RunPaths]:
    """Return the runs below ``results``, oldest first; an absent folder holds none.

    Folders named like a run that cannot be looked into are among them if ``unreadable``.
    Raises EnvironmentNotReady when ``results`` itself cannot be read.
    """
    try:
        return [RunPaths(path) for path in sorted(results.iterdir()) if _is_run(path, unreadable)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise EnvironmentNotReady(
            f"cannot be read ({error.strerror})",
            where=str(results),
            hint="Name another folder with --results DIR.",
        ) from None


def _is_run(folder: Path, unreadable: bool) -> bool:
    try:
        return stat.S_ISREG((folder / "run.json").stat().st_mode)
    except PermissionError:
        return unreadable and _RUN_ID.match(folder.name) is not None
    except OSError:
        return False
