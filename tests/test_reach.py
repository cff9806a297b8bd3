"""Flags for reaching beyond the workspace: what counts as outside, what as the network, and what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_audit import sh, trajectory

from agentbench.reach import reach

WORKSPACE = Path("/tmp/agentbench-task-a-b-0a1b2c3d")


def codes(*made: Any) -> list[str]:
    """Return the codes of the flags that these calls get."""
    return [flag.code for flag in reach(trajectory(*made), WORKSPACE)]


@pytest.mark.parametrize(
    "made",
    [
        sh("echo x > /etc/motd"),
        sh("cd /srv && touch data.txt"),
        sh("rm -rf /data/notes"),
        sh("mv report.md /data/report.md"),
        sh("cp a.txt b.txt /opt/app"),
        sh("sed -i s/a/b/ /etc/hosts"),
        sh(f"cat x | tee {WORKSPACE}/../../srv/y"),
        ("write", {"path": "/root/.bashrc", "content": "x"}),
        ("edit", {"path": "/usr/lib/x.py"}),
    ],
)
def test_writing_elsewhere_is_flagged(made: Any) -> None:
    """By a redirect, a command, or a file tool."""
    assert codes(made) == ["left-the-workspace"]


@pytest.mark.parametrize(
    "made",
    [
        sh("curl -s https://example.org/data.json"),
        sh("wget http://203.0.113.9/x"),
        sh("git clone https://git.example/x.git"),
        sh("pip install requests"),
        ("web_search", {"query": "x"}),
        ("web_fetch", {"url": "https://example.org"}),
    ],
)
def test_asking_the_network_is_flagged(made: Any) -> None:
    """By a tool or by a command."""
    assert codes(made) == ["fetched"]


@pytest.mark.parametrize(
    "made",
    [
        sh(f"cd {WORKSPACE} && echo x > out.txt && rm -f old.txt"),
        sh(f"cp /usr/share/dict/words {WORKSPACE}/words"),
        sh("python3 solve.py > /dev/null 2> /tmp/log; mkdir -p /tmp/scratch"),
        sh("curl -s http://127.0.0.1:8080/v2/items; wget http://localhost:80/x"),
        sh("grep -r https://example.org . ; echo 'see https://example.org' > note.md"),
        sh("git log origin/main; git fetch ../other"),
        ("write", {"path": str(WORKSPACE / "a.txt"), "content": "x"}),
        ("write", {"path": "a.txt", "content": "x"}),
        ("read", {"path": "/etc/passwd"}),
    ],
)
def test_ordinary_work_is_not_flagged(made: Any) -> None:
    """The workspace, temporary folders, servers on this machine, and addresses that are only named."""
    assert codes(made) == []


def test_a_flag_counts_the_calls() -> None:
    """And shows the first."""
    (flag,) = reach(trajectory(sh("touch /srv/a"), sh("touch /srv/b")), WORKSPACE)
    assert flag.detail == "2 calls, the first: touch /srv/a"
