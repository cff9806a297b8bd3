"""The wheel and the launcher: what a user installs works away from the checkout."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SKILL = ("SKILL.md", "skill.json", "pyproject.toml", "agentbench", "scripts", "tasks", "templates", "schemas")

pytestmark = pytest.mark.slow


def call(argv: list[str], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a changed environment and return how it ended."""
    return subprocess.run(
        argv,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def copied(skill: Path) -> Path:
    """Copy what an installed skill needs to run into a new folder and return that."""
    skill.mkdir()
    for name in SKILL:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, skill / name)
    return skill


@contextlib.contextmanager
def read_only(skill: Path) -> Iterator[None]:
    """Make a folder unwritable for the body; skips where that is not possible."""
    place = skill.parent
    if os.geteuid() == 0:
        mounted = call(["mount", "--bind", str(skill), str(skill)], place)
        if mounted.returncode or call(["mount", "-o", "remount,ro,bind", str(skill)], place).returncode:
            if not mounted.returncode:
                call(["umount", str(skill)], place)
            reason = "root ignores file modes, and a read-only mount is not allowed here"
            (pytest.fail if os.environ.get("AGENTBENCH_REQUIRE") == "all" else pytest.skip)(reason)
    else:
        call(["chmod", "-R", "a-w", str(skill)], place)
    try:
        yield
    finally:
        if os.geteuid() == 0:
            call(["umount", str(skill)], place)
        call(["chmod", "-R", "u+w", str(skill)], place)


@pytest.fixture
def quick_uv(tmp_path: Path) -> dict[str, str]:
    """Return an environment with a `uv` that makes environments of the packages that are installed here."""
    bins = tmp_path / "quick"
    bins.mkdir()
    (bins / "uv").write_text(
        '#!/bin/bash\n[ "$1" = venv ] || exit 0\nplace="${!#}"\nmkdir -p "$place/bin"\n'
        f'printf \'#!/bin/bash\\nexec {sys.executable} "$@"\\n\' > "$place/bin/python"\n'
        'chmod 755 "$place/bin/python"\n'
    )
    (bins / "uv").chmod(0o755)
    return {"PATH": f"{bins}{os.pathsep}{os.environ['PATH']}"}


def launch(skill: Path, **environment: str) -> str:
    """Ask the launcher of a skill for its version and return what it said beside that."""
    done = call([str(skill / "scripts" / "agentbench"), "--version"], skill.parent, **environment)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_the_wheel_carries_tasks_and_templates_and_runs(tmp_path: Path) -> None:
    """A wheel unpacked anywhere lists its tasks and runs one to a report, without the checkout."""
    built = call([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    start = f"import sys; sys.path.insert(0, {str(site)!r}); from agentbench.cli.main import entry; entry()"
    listed = call([sys.executable, "-I", "-c", start, "list"], tmp_path)
    assert "env-template" in listed.stdout, listed.stderr
    ran = call(
        [
            sys.executable,
            "-I",
            "-c",
            start,
            "run",
            "--agent",
            "nop",
            "--task",
            "env-template",
            "--results",
            "r",
        ],
        tmp_path,
    )
    assert ran.returncode == 0, ran.stderr
    assert len(list((tmp_path / "r").glob("*/report.html"))) == 1


def test_the_oracle_says_what_is_missing_in_an_installed_skill(tmp_path: Path) -> None:
    """Without the solutions of a checkout, `--agent oracle` is one line and exit code 5."""
    shutil.copytree(
        ROOT / "tasks", tmp_path / "skill" / "tasks", ignore=shutil.ignore_patterns("__pycache__")
    )
    done = call(
        [
            str(ROOT / "scripts" / "agentbench"),
            "run",
            "--agent",
            "oracle",
            "--tasks",
            str(tmp_path / "skill" / "tasks"),
        ],
        tmp_path,
        AGENTBENCH_RESULTS=str(tmp_path / "results"),
    )
    assert done.returncode == 5
    assert len(done.stderr.strip().splitlines()) == 1
    assert "checkout" in done.stderr


def test_the_launcher_works_from_a_read_only_folder(tmp_path: Path) -> None:
    """An environment that cannot be made in the skill's folder goes to the user's cache; the second call is quick.

    Neither imports anything from the folder it is called in, which may be an agent's workspace.
    """
    skill = copied(tmp_path / "skill")
    trapped = tmp_path / "workspace"
    trapped.mkdir()
    (trapped / "json.py").write_text("raise SystemExit('the workspace was imported')")
    with read_only(skill):
        cache = str(tmp_path / "cache")
        command = [str(skill / "scripts" / "agentbench"), "list"]
        first = call(command, trapped, XDG_CACHE_HOME=cache, PYTHONPATH=str(trapped))
        assert first.returncode == 0, first.stderr
        assert "first use" in first.stderr
        second = call([str(skill / "scripts" / "agentbench"), "list"], tmp_path, XDG_CACHE_HOME=cache)
        assert second.stdout == first.stdout
        assert second.stderr == ""


def test_read_only_folders_have_environments_of_their_own(tmp_path: Path, quick_uv: dict[str, str]) -> None:
    """Two skill folders never share one: their dependencies may differ."""
    cache = tmp_path / "cache"
    for name in ("a", "b"):
        skill = copied(tmp_path / name)
        with read_only(skill):
            launch(skill, **quick_uv, XDG_CACHE_HOME=str(cache))
    assert len(list((cache / "agentbench").glob("venv-*/.agentbench-ready"))) == 2


def test_an_environment_of_somebody_else_is_left_alone(tmp_path: Path, quick_uv: dict[str, str]) -> None:
    """A developer's own `.venv` is neither used nor removed nor added to; ours is made elsewhere."""
    skill = copied(tmp_path / "skill")
    theirs = skill / ".venv" / "bin" / "python"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("theirs")
    assert "first use" in launch(skill, **quick_uv)
    assert launch(skill, **quick_uv) == ""
    assert [path for path in (skill / ".venv").rglob("*") if path.is_file()] == [theirs]
    assert theirs.read_text() == "theirs"
    arguments = [
        sys.executable,
        str(skill / "scripts" / "bootstrap.py"),
        str(skill),
        str(skill / ".venv"),
        "x",
    ]
    refused = call(arguments, tmp_path, **quick_uv)
    assert refused.returncode == 5
    assert "not its own environment" in refused.stderr
    assert theirs.read_text() == "theirs"


def test_a_broken_environment_is_made_again(tmp_path: Path, quick_uv: dict[str, str]) -> None:
    """One whose Python is gone, and one that was left half made, are replaced without a word from the user."""
    skill = copied(tmp_path / "skill")
    launch(skill, **quick_uv)
    python = skill / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(tmp_path / "removed" / "python3.11")
    assert "mending" in launch(skill, **quick_uv)
    assert launch(skill, **quick_uv) == ""
    shutil.rmtree(skill / ".venv")
    (skill / ".venv").mkdir()
    for name in (".agentbench-making", "rest"):
        (skill / ".venv" / name).write_text("")
    launch(skill, **quick_uv)
    assert launch(skill, **quick_uv) == ""
    assert not (skill / ".venv" / "rest").exists()
    assert sorted(path.name for path in skill.glob(".venv*")) == [".venv", ".venv.lock"]


def test_the_exported_skill_holds_no_solutions(tmp_path: Path) -> None:
    """Everything but the tests is copied, wherever this system's tar writes by default."""
    done = call([str(ROOT / "scripts" / "export-skill"), str(tmp_path / "out")], tmp_path, TAPE="/dev/null/x")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "tasks" / "file-creation" / "env-template" / "task.yaml").is_file()
    assert not (tmp_path / "out" / "tests").exists()
    assert list((tmp_path / "out").rglob("solutions.py")) == []


def test_an_old_python_is_named(tmp_path: Path) -> None:
    """Where no Python is new enough, the launcher says so in one line with exit code 5."""
    skill = tmp_path / "skill"
    skill.mkdir()
    shutil.copytree(ROOT / "scripts", skill / "scripts")
    shutil.copy(ROOT / "pyproject.toml", skill)
    bins = tmp_path / "bin"
    bins.mkdir()
    for name in ("bash", "dirname", "readlink", "env"):
        found = shutil.which(name)
        assert found is not None
        (bins / name).symlink_to(found)
    (bins / "python3").write_text("#!/bin/bash\nexit 1\n")
    (bins / "python3").chmod(0o755)
    done = call([str(skill / "scripts" / "agentbench"), "list"], tmp_path, PATH=str(bins))
    assert done.returncode == 5
    assert "Python 3.11 or newer is missing" in done.stderr


def test_the_exported_skill_holds_what_an_agent_needs(tmp_path: Path) -> None:
    """Neither tests nor the tools of developers; `--help` explains; a folder that holds something is refused."""
    export, target = str(ROOT / "scripts" / "export-skill"), tmp_path / "skill"
    target.mkdir()
    done = call([export, str(target)], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name for path in (target / "scripts").iterdir()} == {"agentbench", "bootstrap.py"}
    assert (target / "SKILL.md").is_file()
    assert not (target / "tests").exists()
    assert not list(target.rglob("solutions.py"))
    again = call([export, str(target)], tmp_path)
    assert (again.returncode, "is not an empty folder" in again.stderr) == (2, True)
    help_ = call([export, "--help"], tmp_path)
    assert (help_.returncode, "usage: export-skill DIR" in help_.stdout) == (0, True)
    assert [call([export, *argv], tmp_path).returncode for argv in ([], ["--hlep"], ["a", "b"])] == [2, 2, 2]
