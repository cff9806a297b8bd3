"""The directories of a trial: generated inputs, the live workspace, its freezing and removal.

While the agent works there is only the live workspace: hidden values are generated into a directory that
is gone before the agent is told about the task, and generated again from the seed for grading.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import msgspec

from agentbench import process
from agentbench.errors import SetupError, TaskError
from agentbench.model import Task
from agentbench.paths import temporary_dir

SETUP_TIMEOUT_SEC = 120.0
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")


class Generated(msgspec.Struct, frozen=True):
    """One generation of a task's inputs: by turn, the workspace as given, and the hidden values."""

    root: Path
    hidden: Path
    given: dict[int, Path]
    """Turn number → the pristine workspace at the start of that turn (inputs only)."""


def make_live(task: Task, seed: int) -> tuple[Path, list[str]]:
    """Make the live workspace of a trial and return it with the messages of all turns.

    Raises SetupError when the set-up fails; nothing is left behind then.
    """
    workspace = temporary_dir(f"task-{task.id}")
    hidden = temporary_dir("hidden")
    try:
        build(task, seed, workspace, hidden)
        return workspace, messages(task, hidden)
    except BaseException:
        process.remove_tree(workspace)
        raise
    finally:
        process.remove_tree(hidden)


def generate(task: Task, seed: int, root: Path) -> Generated:
    """Generate the inputs of every turn and the hidden values below ``root``. Raises SetupError."""
    hidden = root / "hidden"
    first = root / "given-1"
    hidden.mkdir()
    first.mkdir(mode=0o700)
    build(task, seed, first, hidden)
    given = {1: first}
    for number in range(2, len(task.turns) + 1):
        given[number] = root / f"given-{number}"
        shutil.copytree(given[number - 1], given[number], symlinks=True)
        before_turn(task, seed, given[number], number)
    return Generated(root, hidden, given)


def build(task: Task, seed: int, workspace: Path, hidden: Path) -> None:
    """Fill ``workspace`` (and ``hidden``) with the inputs of the first turn. Raises SetupError."""
    folder = Path(task.folder)
    if (folder / "inputs").is_dir():
        shutil.copytree(folder / "inputs", workspace, symlinks=True, dirs_exist_ok=True)
    if (folder / "setup.py").is_file():
        _isolated(task, "build", str(folder / "setup.py"), str(workspace), str(hidden), str(seed))
    elif (folder / "setup.sh").is_file():
        _script(task, "setup.sh", workspace, seed)


def before_turn(task: Task, seed: int, workspace: Path, number: int) -> None:
    """Place and remove the inputs of turn ``number`` (from 2), where the task defines that."""
    script = Path(task.folder) / "setup.py"
    if script.is_file() and "def before_turn(" in script.read_text("utf-8"):
        _isolated(task, "turn", str(script), str(workspace), str(seed), str(number))


def messages(task: Task, hidden: Path) -> list[str]:
    """Return the user's message of every turn, ``{{name}}`` filled from ``hidden/messages.json``.

    Raises TaskError when a placeholder has no value.
    """
    source = hidden / "messages.json"
    values = json.loads(source.read_text("utf-8")) if source.is_file() else {}

    def fill(hit: re.Match[str]) -> str:
        if hit[1] not in values:
            raise TaskError(f"messages.json has no value for {hit[0]}", where=f"{task.folder}/task.yaml")
        return str(values[hit[1]])

    return [_PLACEHOLDER.sub(fill, turn.message) if values else turn.message for turn in task.turns]


def frozen_path(workspace: Path, turn: int) -> Path:
    """Return where the state of ``workspace`` at the end of ``turn`` is kept until it is graded."""
    name = workspace.name.replace("agentbench-task-", "agentbench-frozen-", 1)
    return workspace.with_name(f"{name}-turn-{turn}")


def freeze(workspace: Path, turn: int, *, last: bool) -> Path:
    """Put the present state of ``workspace`` out of the agent's reach and return where it is.

    The last turn's state is moved, an earlier one's is copied, as the agent goes on working. Calling it
    again after an interruption finishes the job. A workspace that is gone leaves an empty state.
    """
    target = frozen_path(workspace, turn)
    if target.exists():
        return target
    unfinished = target.with_name(f"{target.name}.part")
    process.remove_tree(unfinished)
    if not workspace.is_dir() or workspace.is_symlink():
        unfinished.mkdir(mode=0o700)
    elif last:
        workspace.rename(unfinished)
    else:
        _copy_data(workspace, unfinished)
    unfinished.rename(target)
    return target


def notes(workspace: Path) -> tuple[Path, Path]:
    """Return the files beside a workspace for the agent's reply and trace, where no transcript can be read."""
    return workspace.with_name(f"{workspace.name}-reply.md"), workspace.with_name(f"{workspace.name}-trace.md")


def teardown(task: Task, workspace: Path, seed: int) -> None:
    """Run the task's ``teardown.sh``, if any, on what is about to be removed. Its failure is ignored."""
    if (Path(task.folder) / "teardown.sh").is_file() and workspace.is_dir():
        process.run(
            ["bash", str(Path(task.folder) / "teardown.sh"), str(workspace)],
            cwd=Path(task.folder),
            timeout_sec=SETUP_TIMEOUT_SEC,
            env={"AGENTBENCH_SEED": str(seed)},
        )


def _copy_data(source: Path, target: Path) -> None:
    """Copy files, directories and symlinks; what else lies there (FIFO, socket, device) stays away."""

    def special(folder: str, names: list[str]) -> list[str]:
        paths = [Path(folder, name) for name in names]
        return [p.name for p in paths if not (p.is_symlink() or p.is_file() or p.is_dir())]

    shutil.copytree(source, target, symlinks=True, ignore=special)
    target.chmod(0o700)


def _isolated(task: Task, *args: str) -> None:
    runner = str(Path(__file__).with_name("isolated.py"))
    done = process.run(
        [process.python(), "-I", "-S", "-B", runner, *args],
        cwd=Path(os.sep),
        timeout_sec=SETUP_TIMEOUT_SEC,
        env={"PYTHONHASHSEED": "0"},
    )
    if not done.ok:
        raise SetupError(done.tail(), where=f"{task.folder}/setup.py", hint="Run `agentbench tasks check`.")


def _script(task: Task, name: str, workspace: Path, seed: int) -> None:
    done = process.run(
        ["bash", str(Path(task.folder) / name), str(workspace)],
        cwd=Path(task.folder),
        timeout_sec=SETUP_TIMEOUT_SEC,
        env={"AGENTBENCH_SEED": str(seed)},
    )
    if not done.ok:
        raise SetupError(done.tail(), where=f"{task.folder}/{name}")
