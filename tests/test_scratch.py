"""Temporary directories: who may find what in them, and that nothing of them stays."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from agentbench import process, scratch
from agentbench.errors import EnvironmentNotReady

PYTHON = process.python()


def _deep(root: Path, levels: int, name: str) -> None:
    here = os.open(root, os.O_RDONLY)
    try:
        for _ in range(levels):
            os.mkdir(name, dir_fd=here)
            inner = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
    finally:
        os.close(here)


@pytest.mark.parametrize(("levels", "name"), [(300, "x" * 40), (1500, "d")])
def test_remove_tree_removes_what_is_deep(tmp_path: Path, levels: int, name: str) -> None:
    """Folders beyond the longest path, and beyond the depth of recursion, are removed."""
    root = tmp_path / "root"
    root.mkdir()
    _deep(root, levels, name)
    scratch.remove_tree(root)
    assert not root.exists()


def test_remove_tree_keeps_to_itself(tmp_path: Path) -> None:
    """Closed folders, sockets and FIFOs go; what symlinks lead to stays, also when the root is one."""
    canary = tmp_path / "canary"
    canary.mkdir()
    (canary / "file").write_text("alive")
    root = tmp_path / "root"
    (root / "closed" / "inner").mkdir(parents=True)
    (root / "closed").chmod(0)
    (root / "link").symlink_to(canary)
    os.mkfifo(root / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "socket"))
    scratch.remove_tree(root)
    assert not root.exists()
    link = tmp_path / "link"
    link.symlink_to(canary)
    scratch.remove_tree(link)
    assert (canary / "file").read_text() == "alive"


def test_sweep_removes_what_a_killed_process_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hidden values of a killed process are removed by the next one; those of a living one stay."""
    monkeypatch.setenv("AGENTBENCH_TMP", str(tmp_path))
    code = (
        "import time\nfrom agentbench import scratch\n"
        "with scratch.temporary('hidden') as root:\n    print(root, flush=True)\n    time.sleep(60)"
    )
    repo = Path(__file__).resolve().parents[1]
    owner = subprocess.Popen(
        [sys.executable, "-c", code], cwd=repo, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    with owner:
        assert owner.stdout is not None
        root = Path(owner.stdout.readline().strip())
        scratch.sweep()
        assert root.is_dir()
        owner.kill()
    scratch.sweep()
    assert not root.exists()


def test_sweep_follows_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link with the name of such a directory is not followed."""
    monkeypatch.setenv("AGENTBENCH_TMP", str(tmp_path))
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "file").write_text("alive")
    (tmp_path / "agentbench-hidden-link").symlink_to(victim)
    scratch.sweep()
    assert (victim / "file").read_text() == "alive"


def test_no_place_for_temporary_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that is not there is the environment's fault and says which it is."""
    monkeypatch.setenv("AGENTBENCH_TMP", str(tmp_path / "gone"))
    with pytest.raises(EnvironmentNotReady, match="gone"), scratch.temporary("home"):
        pass
