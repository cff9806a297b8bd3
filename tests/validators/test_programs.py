"""The validators that run something: in a copy, with a clean environment, and never as the agent wishes."""

from __future__ import annotations

import stat
import sys
import time

import pytest
from bench import Bench, commit, fill

from agentbench.model import CheckStatus


@pytest.mark.parametrize(
    ("command", "contains", "points"),
    [
        ("cat out.txt", ["HELLO"], 30.0),
        ("cat out.txt", ["hello", "missing"], 0.0),
        ("echo to stderr >&2", ["STDERR"], 30.0),
        ("echo 42", [42], 30.0),
        ("echo hello; exit 3", ["hello"], 0.0),
        ("true", None, 30.0),
        ("no-such-program", None, 0.0),
        ('test -z "$AGENTBENCH_CANARY" && echo clean $TZ', ["clean utc"], 30.0),
    ],
)
def test_command_output_contains_is_all_or_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, command: str, contains: list[object] | None, points: float
) -> None:
    """Exit code 0 and every phrase, without case, in either stream; the user's environment is not there."""
    monkeypatch.setenv("AGENTBENCH_CANARY", "leaks")
    fill(bench.left, {"out.txt": "Hello"})
    assert bench.points("command-output-contains", command=command, contains=contains) == points


def test_command_runs_in_a_copy(bench: Bench) -> None:
    """What the command destroys is a copy; the next check sees the snapshot as it was."""
    fill(bench.left, {"out.txt": "Hello"})
    assert bench.points("command-output-contains", command="rm out.txt && echo x > new") == 30.0
    assert sorted(path.name for path in bench.left.iterdir()) == ["out.txt"]


def test_command_that_hangs_fails_within_its_time(bench: Bench) -> None:
    """A time-out is a failed check with the evidence, not an error."""
    started = time.monotonic()
    found = bench.judge("command-output-contains", command="echo early; sleep 60", timeout_sec=0.5)
    assert (found.status, found.found.startswith("timed out")) == (CheckStatus.FAILED, True)
    assert time.monotonic() - started < 10


def test_command_without_end_of_output_fails(bench: Bench) -> None:
    """Endless output is cut off, kept small, and ends with the time-out."""
    found = bench.judge("command-output-contains", command="yes", contains=["y"], timeout_sec=0.5)
    assert found.status is CheckStatus.FAILED
    assert len(found.found) < 1000


@pytest.mark.parametrize(
    ("params", "points"),
    [
        ({"contains": ["FIX rounding", "release"]}, 30.0),
        ({"expected": ["fix rounding", "absent"]}, 15.0),
        ({"contains": ["release"], "min_commits": 2}, 30.0),
        ({"contains": ["release"], "min_commits": 3}, 15.0),
        ({"min_commits": 2}, 30.0),
        ({"contains": ["absent"]}, 0.0),
        ({"contains": [404, "release"]}, 15.0),
        ({}, 0.0),
    ],
)
def test_git_log_contains_is_proportional(bench: Bench, params: dict[str, object], points: float) -> None:
    """Each phrase and the number of commits count one share."""
    commit(bench.left, "Fix rounding\n\nbody", "Release 1.0")
    assert bench.points("git-log-contains", **params) == points


def test_git_log_contains_finds_a_repository_in_a_folder(bench: Bench) -> None:
    """``repo`` names the folder."""
    commit(bench.left / "app", "first")
    assert bench.points("git-log-contains", repo="app", contains=["first"]) == 30.0
    assert bench.points("git-log-contains", contains=["first"]) == 0.0


@pytest.mark.parametrize("broken", ["none", "no commits", "git is a file", "HEAD is rubbish"])
def test_git_log_of_no_usable_repository_fails(bench: Bench, broken: str) -> None:
    """Whatever the agent made of ``.git``: a failed check, not an invalid trial."""
    if broken == "git is a file":
        fill(bench.left, {".git": "gitdir: /etc"})
    elif broken != "none":
        commit(bench.left)
    if broken == "HEAD is rubbish":
        fill(bench.left, {".git/HEAD": "rubbish"})
    assert bench.judge("git-log-contains", contains=["x"]).status is CheckStatus.FAILED


def test_git_log_runs_nothing_of_the_agents(bench: Bench) -> None:
    """A pager, an fsmonitor and a hook in the repository's own configuration never run."""
    commit(bench.left, "first")
    trap = bench.left / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {bench.left}/caught\n")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    config = f"[core]\n\tpager = {trap}\n\tfsmonitor = {trap}\n\thooksPath = {bench.left}\n[alias]\n\tlog = !{trap}\n"
    fill(bench.left, {".git/config": config})
    assert bench.points("git-log-contains", contains=["first"]) == 30.0
    assert not (bench.left / "caught").exists()


def test_python_of_checks_knows_no_packages_and_is_whole_otherwise(bench: Bench) -> None:
    """What is installed beside the interpreter is not there; the words that ``site`` adds are."""
    code = "import sys; print([name for name in sys.path if 'packages' in name], sys.version_info[:2]); exit(0)"
    for _ in range(2):
        found = bench.context.run(["python3", "-c", code], cwd=bench.context.copy())
        assert (found.ok, found.stdout.decode()) == (True, f"[] {sys.version_info[:2]}\n"), found.tail()
