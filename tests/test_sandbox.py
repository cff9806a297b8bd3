"""The sandbox around programs that an agent wrote: what they see, what they may change, and that nothing stays."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from agentbench import process, sandbox
from agentbench.paths import CHECKOUT
from agentbench.validators.base import Context

PYTHON = process.python()


@pytest.fixture
def ctx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A grading with the folders that a real one has."""
    monkeypatch.setenv("AGENTBENCH_TMP", str(tmp_path))
    root = tmp_path / "agentbench-grading-x"
    for name in ("hidden", "given-1", "left-1"):
        (root / name).mkdir(parents=True)
        (root / name / "secret.txt").write_text("secret")
    return Context(
        task_id="x",
        seed=1,
        workspace=root / "left-1",
        pristine=root / "given-1",
        hidden={},
        task_dir=tmp_path,
        scratch_root=root,
    )


@pytest.fixture
def confined() -> None:
    """Skip where no sandbox works, unless everything is required."""
    if sandbox.name() == "none":
        reason = "bubblewrap is missing or does not work here"
        (pytest.fail if os.environ.get("AGENTBENCH_REQUIRE") == "all" else pytest.skip)(reason)


def run(ctx: Context, code: str, *named: Path, cwd: Path | None = None) -> process.Completed:
    """Run ``code`` as a check runs an agent's program."""
    return ctx.run(["python3", "-c", code, *map(str, named)], cwd=cwd or ctx.copy())


@pytest.mark.usefixtures("confined")
def test_expected_values_are_out_of_sight(ctx: Context) -> None:
    """Neither hidden values, nor other folders of the grading, nor the suite, nor the home can be read."""
    places = [ctx.scratch_root / name for name in ("hidden", "given-1", "left-1")] if ctx.scratch_root else []
    places += [ctx.scratch(), CHECKOUT / "tasks", CHECKOUT / "tests", Path.home() / ".ssh"]
    code = "import json, os, sys; print(json.dumps([os.path.exists(p) for p in json.load(sys.stdin)]))"
    done = ctx.run(["python3", "-c", code], cwd=ctx.copy(), stdin=json.dumps([str(p) for p in places]).encode())
    assert len(places) == 7
    assert json.loads(done.stdout) == [False] * 7, done.tail()


@pytest.mark.usefixtures("confined")
def test_it_may_write_where_it_works_and_nowhere_else(ctx: Context, tmp_path: Path) -> None:
    """Its copy and the folders named to it are writable and stay; the system and other folders do not change."""
    desk, copy = ctx.scratch(), ctx.copy()
    code = (
        "import pathlib, sys\n"
        "pathlib.Path('mine').write_text('x'); pathlib.Path(sys.argv[1], 'mine').write_text('x')\n"
        f"pathlib.Path({str(tmp_path / 'evil')!r}).write_text('x')\n"
        "pathlib.Path('/usr/evil').write_text('x')\n"
    )
    done = run(ctx, code, desk, cwd=copy)
    assert (copy / "mine").is_file()
    assert (desk / "mine").is_file()
    assert not (tmp_path / "evil").exists()
    assert not Path("/usr/evil").exists()
    assert b"Read-only file system" in done.stderr


@pytest.mark.usefixtures("confined")
def test_no_daemon_outlives_it(ctx: Context) -> None:
    """A daemon with a session, parent and environment of its own dies with the program."""
    copy = ctx.copy()
    code = (
        "import os, time\n"
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        os.execve('/bin/sh', ['sh', '-c', 'while :; do date +%s%N > beat; sleep 0.05; done'],"
        " {'PATH': '/usr/bin:/bin'})\n    os._exit(0)\ntime.sleep(0.5)"
    )
    assert run(ctx, code, cwd=copy).ok
    beat = (copy / "beat").read_text()
    time.sleep(0.3)
    assert (copy / "beat").read_text() == beat


@pytest.mark.usefixtures("confined")
def test_servers_on_loopback_can_be_reached(ctx: Context) -> None:
    """Checks talk to servers of their own on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            with server.accept()[0] as guest:
                guest.sendall(b"hello")

        threading.Thread(target=greet, daemon=True).start()
        code = f"import socket; print(socket.create_connection({server.getsockname()!r}).recv(9).decode())"
        assert run(ctx, code).stdout.strip() == b"hello"


@pytest.mark.usefixtures("confined")
def test_limits_hold_inside(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits are those of the program itself, from its first instruction on."""
    monkeypatch.setattr(process, "LIMITS", process.Limits(open_files=77))
    code = "import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    assert run(ctx, code).stdout.strip() == b"77"


@pytest.mark.usefixtures("confined")
def test_exit_codes_and_time_outs_come_through(ctx: Context) -> None:
    """A program's exit code is reported as it is, and a time-out as one."""
    assert run(ctx, "raise SystemExit(7)").rc == 7
    assert ctx.run(["python3", "-c", "while True: pass"], cwd=ctx.copy(), timeout_sec=0.5).timed_out


def test_without_a_sandbox_the_command_is_as_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is none, programs run all the same, and the name says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    sandbox.name.cache_clear()
    try:
        assert sandbox.name() == "none"
        assert sandbox.confine([PYTHON, "x"], cwd=tmp_path, visible=[]) == [PYTHON, "x"]
    finally:
        sandbox.name.cache_clear()
