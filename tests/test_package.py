"""The wheel and the launcher: what a user installs works away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
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
    """An environment that cannot be made in the skill's folder goes to the user's cache; the second call is quick."""
    skill = tmp_path / "skill"
    skill.mkdir()
    for name in SKILL:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, skill / name)
    if os.geteuid() == 0:
        mounted = call(["mount", "--bind", str(skill), str(skill)], tmp_path)
        if mounted.returncode or call(["mount", "-o", "remount,ro,bind", str(skill)], tmp_path).returncode:
            reason = "root ignores file modes, and a read-only mount is not allowed here"
            (pytest.fail if os.environ.get("AGENTBENCH_REQUIRE") == "all" else pytest.skip)(reason)
    else:
        call(["chmod", "-R", "a-w", str(skill)], tmp_path)
    try:
        cache = str(tmp_path / "cache")
        first = call([str(skill / "scripts" / "agentbench"), "list"], tmp_path, XDG_CACHE_HOME=cache)
        assert first.returncode == 0, first.stderr
        assert "first use" in first.stderr
        second = call([str(skill / "scripts" / "agentbench"), "list"], tmp_path, XDG_CACHE_HOME=cache)
        assert second.stdout == first.stdout
        assert second.stderr == ""
    finally:
        if os.geteuid() == 0:
            call(["umount", str(skill)], tmp_path)
        call(["chmod", "-R", "u+w", str(skill)], tmp_path)


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
