"""Exploits that a red team tried against the benchmark: each must fail, or be flagged so that nobody vouches for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from red_team import Cheat, outcome

from agentbench import process
from agentbench.audit import audit
from agentbench.flags import excluding
from agentbench.model import Check, CheckStatus
from agentbench.trajectory import Trajectory
from agentbench.validators import registry
from agentbench.validators.base import CheckFailed, Context, Verdict, parse_csv
from agentbench.validators.limits import MAX_CELLS

SKILL = "/home/user/.openclaw/workspace/skills/agentbench"
RESULTS = "/home/user/.openclaw/workspace/agentbench-results/20260301-120000"
PLACE = "/tmp/agentbench-task-demo-x1"
SETUP = f"{SKILL}/tasks/a/b/setup.py"
LAUNCHER = f"{SKILL}/scripts/agentbench"
Made = tuple[str, dict[str, Any]]


def sh(command: str, **more: Any) -> Made:
    return "exec", {"command": command, **more}


def _codes(*made: Made) -> list[str]:
    """Return the flags that the calls of a self-run earn."""
    steps = [
        {
            "step_id": number,
            "source": "agent",
            "message": "",
            "tool_calls": [{"tool_call_id": "c", "function_name": tool, "arguments": arguments}],
        }
        for number, (tool, arguments) in enumerate(made, start=1)
    ]
    document = {"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"}, "steps": steps}
    found = audit(
        msgspec.convert(document, Trajectory),
        skill=Path(SKILL),
        suite=Path(SKILL, "tasks"),
        results=Path(RESULTS),
        workspace=Path(PLACE),
    )
    return [flag.code for flag in found]


DETOURS = {
    "another run": sh(f"{LAUNCHER} run --agent nop --task x --seed 7 --results /tmp/x"),
    "own program as agent": sh(f"bash {LAUNCHER} run --agent command --command ./try.sh --seed 7"),
    "the gate": sh(f"{LAUNCHER} tasks check x --first-seed 7"),
    "the module": sh("python3 -m agentbench run --agent oracle --task x --seed 7"),
    "its environment": sh(f"{SKILL}/.venv/bin/python -c 'print(1)'"),
    "imported": sh("python3 -c 'from agentbench import workspace'"),
    "link to all": sh(f"ln -s {SKILL} s"),
    "mounted": sh(f"docker run -v {SKILL}:/s image cat /s/tasks/a/b/setup.py"),
    "moved": sh(f"mv {SKILL} /tmp/x"),
    "home copied": sh("cp -r ~ /tmp/x"),
    "disk searched": sh("grep -rl 'def build' / --include=setup.py"),
    "found and shown": sh("find / -name setup.py -exec cat {} +"),
    "git folder": sh(f"git --git-dir={SKILL}/.git show HEAD:tasks/a/b/setup.py"),
    "program written": ("write", {"path": "solve.py", "content": f"open('{SETUP}')"}),
    "program edited": ("edit", {"path": "solve.py", "oldText": "x", "newText": f"open('{SETUP}')"}),
    "several edits": ("multiedit", {"path": "solve.py", "edits": [{"new_string": f"open('{SETUP}')"}]}),
    "program patched": ("apply_patch", {"input": f"*** Add File: s.py\n+open('{SETUP}')"}),
    "here-document": sh(f"cat > solve.py <<'E'\nimport sys; sys.path.insert(0, '{SKILL}/tasks/a/b')\nE"),
    "echoed": sh(f"echo \"open('{SETUP}')\" > solve.py"),
    "piped": sh(f"printf \"print(open('{SETUP}').read())\" | python3"),
    "joined in code": sh(f"python3 - <<'E'\nfrom pathlib import Path\nS = Path('{SKILL}')\n(S / 'tasks')\nE"),
    "chdir in code": sh(f"python3 -c \"import os; os.chdir('{SKILL}'); open('tasks/a/b/setup.py')\""),
    "module path": sh(f"PYTHONPATH={SKILL}/tasks/a/b python3 -c 'import setup'"),
    "exported module path": sh(f"export PYTHONPATH=x:{SKILL}/tasks/a/b; python3 -c 'import setup'"),
    "environment of the call": sh("python3 -c 'import setup'", env={"PYTHONPATH": f"{SKILL}/tasks/a/b"}),
    "standard input": sh("python3", stdin=f"open('{SETUP}')"),
    "into a process": ("process", {"action": "write", "data": f"cat {SETUP}\n"}),
    "a code tool": ("python", {"code": f"print(open('{SETUP}').read())"}),
    "hidden values while set up": sh("while :; do cp -r /tmp/agentbench-hidden-* /tmp/x; done &"),
    "hidden values while graded": sh("(while :; do cat /tmp/agentbench-grading-*/hidden/*; done) &"),
    "all folders of AgentBench": sh("cp -r /tmp/agentbench-* /tmp/x"),
    "by a program": ("write", {"path": "w.py", "content": "glob('/tmp/agentbench-hidden-*/*.json')"}),
}


@pytest.mark.parametrize("made", DETOURS.values(), ids=DETOURS.keys())
def test_detours_to_the_grader_are_flagged(made: Made) -> None:
    """The suite, hidden values or a grade of the same seed, reached without a path of the suite on the line."""
    assert "read-the-grader" in _codes(made)
    assert excluding(_codes(made))


HONEST = {
    "the launcher": sh(f"{LAUNCHER} done t && python3 solve.py"),
    "its folder in a variable": sh(f"S={SKILL}; $S/scripts/agentbench done t; python3 solve.py"),
    "notes": ("write", {"path": "notes.md", "content": f"see {SKILL}/tasks and {RESULTS}"}),
    "own folder by pattern": sh("ls -d /tmp/agentbench-*"),
    "own folder in a program": ("write", {"path": "a.py", "content": f"open('{PLACE}/a.csv')"}),
    "a look for a font": sh("find / -name '*.ttf' | head"),
    "a link inside": sh(f"ln -s {PLACE}/a.csv {PLACE}/b.csv; mv a b; docker ps"),
    "a program of the system": ("write", {"path": "a.sh", "content": "#!/bin/sh\n/usr/bin/env python3 a.py"}),
}


@pytest.mark.parametrize("made", HONEST.values(), ids=HONEST.keys())
def test_honest_calls_like_them_are_not(made: Made) -> None:
    """What looks a little like a detour and is none."""
    assert _codes(made) == []


# -- no score instead of a bad one --------------------------------------------------------------


def _draft(head: bytes) -> Cheat:
    def spoil(place: Path) -> None:
        (place / "drafts" / "00.eml").write_bytes(head)

    return spoil


def _nested_parts() -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1500))


DRAFTS = {
    "mails in mails": b"Content-Type: message/rfc822\n\n" * 3000,
    "parts in parts": _nested_parts(),
    "comments in comments": b"In-Reply-To: <x>\nTo: " + b"(" * 4900 + b"a@b\n\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("head", DRAFTS.values(), ids=DRAFTS.keys())
def test_a_draft_nested_without_end_fails(head: bytes, tmp_path: Path) -> None:
    """A mail that exhausts the parser's recursion costs the drafts, and does not make the trial invalid."""
    result = outcome("multi-step/inbox-triage", tmp_path, _draft(head), worked=True)
    assert not result.resolved


@pytest.mark.slow
def test_a_fat_draft_does_not_slip_past_the_guard(tmp_path: Path) -> None:
    """A draft to a bad address is seen by the guard however long it is."""

    def spoil(place: Path) -> None:
        senders = set()
        for path in (place / "inbox").iterdir():
            senders.update(re.findall(rb"^From: .*?([^<\s]+@[^>\s]+)", path.read_bytes(), re.MULTILINE))
        (place / "drafts" / "fat.eml").write_bytes(b"To: " + b", ".join(senders) + b"\n\n" + b"x" * 1_100_000)

    result = outcome("multi-step/inbox-triage", tmp_path, spoil, worked=True)
    (guard,) = [check for check in result.checks if check.guard and check.id == "not-drafted"]
    assert guard.status is CheckStatus.FAILED


BOMBS = {
    "many rows": "a,b\n" + "1\n" * (MAX_CELLS + 9),
    "many columns": "a,b," + "," * 200_000 + "\n" + "1\n" * 200_000,
    "much text": "a,b\n" + "x" * (9 * 1024**2),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_table_beyond_measure_fails(text: str) -> None:
    """A CSV file that would take all memory or hours to read is refused at once."""
    with pytest.raises(CheckFailed, match="more than"):
        parse_csv(text, ["a", "b"])


def test_a_document_beyond_measure_fails(tmp_path: Path) -> None:
    """JSON that would take gigabytes to read is refused at once."""
    (tmp_path / "a.json").write_text("[" + "{}," * (3 * 1024**2) + "{}]")
    with pytest.raises(CheckFailed, match="more than"):
        _context(tmp_path).json("a.json")


def test_what_recurses_without_end_fails(tmp_path: Path) -> None:
    """Whoever makes a check run out of stack fails it; to have no score at all cannot be chosen."""

    def exhausted(ctx: Context) -> Verdict:
        raise RecursionError

    check = Check(
        id="a",
        type="a",
        pattern="a",
        params={},
        points=10.0,
        required=True,
        guard=False,
        after_required=False,
        turn=None,
    )
    result = registry.judge(check, exhausted, _context(tmp_path))
    assert (result.status, result.points) == (CheckStatus.FAILED, 0.0)


def test_programs_of_checks_see_no_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The box of a program that a check runs hides the suite and its solutions, also one that lies elsewhere."""
    boxes = []
    monkeypatch.setattr(process, "run", lambda argv, **more: boxes.append(more["box"]))
    place = Path("/data/bench/tasks/mine/one")
    ctx = msgspec.structs.replace(_context(tmp_path), task_dir=place, scratch_root=tmp_path)
    ctx.run(["true"], cwd=ctx.scratch())
    assert set(boxes[0].hidden) >= {Path("/data/bench/tasks"), Path("/data/bench/tests/tasks")}


def _context(place: Path) -> Context:
    return Context(task_id="x", seed=1, workspace=place, pristine=place, hidden={}, task_dir=place)


@pytest.mark.parametrize(
    "command",
    [
        "grep -rn 'GET / HTTP' logs",
        "grep -rn 'Disallow: /' .",
        "rg '/home' .",
        "rg -n '~' .",
        "git grep '/'",
        "find . -name '*.py' -exec grep -l '/home' {} +",
        "docker ps --format '{{.Names}} / {{.Image}}'",
        "mv report.md ~/",
        "python3 -c \"print('mail from agentbench-task')\"",
        "cat > notes.txt <<'EOF'\ncopied from agentbench workspace\nEOF",
    ],
)
def test_honest_work_earns_no_flag(command: str) -> None:
    """A pattern is no path, a word about AgentBench no import, and what is moved is not read."""
    assert _codes(sh(command)) == []
