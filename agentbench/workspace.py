"""The directories of a trial: generated inputs, the live workspace, its freezing and removal.

While the agent works there is only the live workspace: hidden values are generated into a directory that
is gone before the agent is told about the task, and generated again from the seed for grading.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from agentbench import process, scratch, snapshot
from agentbench.errors import SetupError
from agentbench.isolated import OPTIONS
from agentbench.model import Task
from agentbench.paths import lacks_room, no_room, require_room, workspace_path

SETUP_TIMEOUT_SEC = 120.0
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")


class Generated(msgspec.Struct, frozen=True):
    """One generation of a task's inputs: by turn, the workspace as given, and the hidden values."""

    root: Path
    hidden: Path
    given: dict[int, Path]
    """Turn number → the pristine workspace at the start of that turn (inputs only)."""


def make_live(task: Task, seed: int, named: Callable[[Path], None] | None = None) -> tuple[Path, list[str]]:
    """Make the live workspace of a trial and return it with the messages of all turns.

    ``named`` is told where it will lie before anything is made, so that it can be found after a kill. What a
    killed process left of hidden values is removed first. Raises SetupError when the set-up fails,
    EnvironmentNotReady when the disk is full; nothing is left behind then.
    """
    scratch.sweep()
    workspace = workspace_path(task.id)
    if named is not None:
        named(workspace)
    try:
        workspace.mkdir(mode=0o700)
    except OSError as error:
        raise no_room(error.strerror or str(error)) from None
    try:
        with scratch.temporary("hidden") as hidden:
            build(task, seed, workspace, hidden)
            return workspace, messages(task, hidden)
    except BaseException:
        scratch.remove_tree(workspace)
        raise


def generate(task: Task, seed: int, root: Path, *, hash_seed: int = 0) -> Generated:
    """Generate the inputs of every turn and the hidden values below ``root``. Raises SetupError.

    ``hash_seed`` is Python's: set-up code must not depend on it, which `tasks check` tries.
    """
    hidden = root / "hidden"
    first = root / "given-1"
    hidden.mkdir()
    first.mkdir(mode=0o700)
    build(task, seed, first, hidden, hash_seed=hash_seed)
    given = {1: first}
    for number in range(2, len(task.turns) + 1):
        given[number] = root / f"given-{number}"
        shutil.copytree(given[number - 1], given[number], symlinks=True)
        before_turn(task, seed, given[number], number, hash_seed=hash_seed, hidden=hidden)
    return Generated(root, hidden, given)


def build(task: Task, seed: int, workspace: Path, hidden: Path, *, hash_seed: int = 0) -> None:
    """Fill ``workspace`` (and ``hidden``) with the inputs of the first turn.

    Raises SetupError, or EnvironmentNotReady when the disk is full.
    """
    folder = Path(task.folder)
    if (folder / "inputs").is_dir():
        try:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(folder / "inputs", workspace, symlinks=True, dirs_exist_ok=True, ignore=ignored)
        except OSError as error:
            require_room()
            if lacks_room(error):
                raise no_room(str(error)) from None
            raise SetupError(str(error), where=str(folder / "inputs")) from None
    if (folder / "setup.py").is_file():
        _isolated(task, hash_seed, "build", str(folder / "setup.py"), str(workspace), str(hidden), str(seed))
    elif (folder / "setup.sh").is_file():
        _script(task, "setup.sh", workspace, seed)
    workspace.chmod(0o700)


def before_turn(
    task: Task, seed: int, workspace: Path, number: int, *, hash_seed: int = 0, hidden: Path | None = None
) -> None:
    """Place and remove the inputs of turn ``number`` (from 2), where the task defines that.

    ``hidden`` spares a generation to a caller who has the hidden values of the same task and seed.
    """
    script = Path(task.folder) / "setup.py"
    if not (script.is_file() and "def before_turn(" in script.read_text("utf-8")):
        return
    if hidden is not None:
        _isolated(task, hash_seed, "turn", str(script), str(workspace), str(hidden), str(seed), str(number))
        return
    with scratch.temporary("hidden") as root:
        known, again = root / "hidden", root / "given"
        known.mkdir()
        again.mkdir()
        build(task, seed, again, known, hash_seed=hash_seed)
        before_turn(task, seed, workspace, number, hash_seed=hash_seed, hidden=known)


def messages(task: Task, hidden: Path) -> list[str]:
    """Return the user's message of every turn, ``{{name}}`` filled from ``hidden/messages.json``.

    Without that file a message stays as it is. Raises SetupError when a placeholder has no value.
    """
    source = hidden / "messages.json"
    if not source.is_file():
        return [turn.message for turn in task.turns]
    try:
        values = msgspec.json.decode(source.read_bytes(), type=dict[str, str | int | float])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"messages.json: {error}", where=f"{task.folder}/setup.py") from None

    def fill(hit: re.Match[str]) -> str:
        if hit[1] not in values:
            raise SetupError(f"messages.json has no value for {hit[0]}", where=f"{task.folder}/task.yaml")
        return str(values[hit[1]])

    return [_PLACEHOLDER.sub(fill, turn.message) for turn in task.turns]


def frozen_path(workspace: Path, turn: int) -> Path:
    """Return where the state of ``workspace`` at the end of ``turn`` is kept until it is graded."""
    name = workspace.name.replace("agentbench-task-", "agentbench-frozen-", 1)
    return workspace.with_name(f"{name}-turn-{turn}")


def freeze(workspace: Path, turn: int, *, last: bool) -> Path:
    """Put the present state of ``workspace`` out of the agent's reach and return where it is.

    The last turn's state is moved, an earlier one's is copied, as the agent goes on working. Calling it
    again after an interruption finishes the job. A workspace that is gone, or that was replaced by a link or
    a file, leaves an empty state. Raises EnvironmentNotReady when the disk is full.
    """
    target = frozen_path(workspace, turn)
    if target.exists():
        return target
    unfinished = _unfinished(target)
    scratch.remove_tree(unfinished)
    try:
        if is_lost(workspace):
            workspace.unlink(missing_ok=True)
            unfinished.mkdir(mode=0o700)
        elif last:
            return workspace.rename(target)
        else:
            snapshot.copy_tree(workspace, unfinished)
        return unfinished.rename(target)
    except OSError as error:
        scratch.remove_tree(unfinished)
        raise no_room(error.strerror or str(error)) from None


def remove_frozen(workspace: Path, turn: int) -> None:
    """Remove what was frozen of a turn, also where the freezing was cut off."""
    target = frozen_path(workspace, turn)
    for path in (target, _unfinished(target)):
        scratch.remove_tree(path)


def _unfinished(frozen: Path) -> Path:
    return frozen.with_name(f"{frozen.name}.part")


def is_lost(workspace: Path) -> bool:
    """Return whether the directory of a workspace is gone, or replaced by a link or a file."""
    return workspace.is_symlink() or not workspace.is_dir()


def notes(workspace: Path) -> tuple[Path, Path]:
    """Return the files beside a workspace for the agent's reply and trace, where no transcript can be read."""
    return workspace.with_name(f"{workspace.name}-reply.md"), workspace.with_name(
        f"{workspace.name}-trace.md"
    )


def teardown(task: Task, workspace: Path, seed: int) -> None:
    """Run the task's ``teardown.sh``, if any, on what is about to be removed. Its failure is ignored."""
    if (Path(task.folder) / "teardown.sh").is_file() and workspace.is_dir():
        process.run(
            ["bash", str(Path(task.folder) / "teardown.sh"), str(workspace)],
            cwd=Path(task.folder),
            timeout_sec=SETUP_TIMEOUT_SEC,
            env={"AGENTBENCH_SEED": str(seed)},
        )


def _require_room(done: process.Completed) -> None:
    """Raise EnvironmentNotReady when a script failed on a full disk, also if there is room again by now."""
    require_room()
    if os.strerror(errno.ENOSPC).encode() in done.stderr:
        raise no_room(os.strerror(errno.ENOSPC))


def _isolated(task: Task, hash_seed: int, *args: str) -> None:
    runner = str(Path(__file__).with_name("isolated.py"))
    done = process.run(
        [process.python(), *OPTIONS, runner, *args],
        cwd=Path(os.sep),
        timeout_sec=SETUP_TIMEOUT_SEC,
        env={"PYTHONHASHSEED": str(hash_seed)},
    )
    if not done.ok:
        _require_room(done)
        raise SetupError(done.tail(), where=f"{task.folder}/setup.py")


def _script(task: Task, name: str, workspace: Path, seed: int) -> None:
    done = process.run(
        ["bash", str(Path(task.folder) / name), str(workspace)],
        cwd=Path(task.folder),
        timeout_sec=SETUP_TIMEOUT_SEC,
        env={"AGENTBENCH_SEED": str(seed)},
    )
    if not done.ok:
        _require_room(done)
        raise SetupError(done.tail(), where=f"{task.folder}/{name}")
