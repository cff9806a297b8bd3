"""The sandbox around programs that an agent wrote: what they see, what they may change, and that nothing stays."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from agentbench import process, sandbox
from agentbench.errors import EnvironmentNotReady, UsageError
from agentbench.metering.egress import listen
from agentbench.paths import CHECKOUT
from agentbench.sandbox import bubblewrap, docker
from agentbench.sandbox.base import Box, Gateway, Kind, Network
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
        argv = ["python3", "-c", code]
        assert ctx.run(argv, cwd=ctx.copy(), loopback=True).stdout.strip() == b"hello"
        assert b"refused" in ctx.run(argv, cwd=ctx.copy()).stderr


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
    """Where there is none, programs run all the same, and the name says so; one that was asked for is missed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    bubblewrap.works.cache_clear()
    try:
        assert sandbox.name() == "none"
        assert sandbox.confine([PYTHON, "x"], cwd=tmp_path, box=sandbox.for_checks([]), env={}) == [PYTHON, "x"]
        with pytest.raises(EnvironmentNotReady, match="Install the package bubblewrap"):
            sandbox.choose("bubblewrap")
        with pytest.raises(EnvironmentNotReady, match="Docker engine"):
            sandbox.choose("docker")
        with pytest.raises(UsageError, match="Did you mean 'bubblewrap'"):
            sandbox.choose("bublewrap")
    finally:
        bubblewrap.works.cache_clear()


# -- the box of an agent ------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, confined: None) -> Path:
    """A folder for workspaces, with a workspace ``ws``, a home ``home`` and somebody else's folder ``other``."""
    place = tmp_path / "place"
    for name in ("ws", "home", "other", "shown"):
        (place / name).mkdir(parents=True)
        (place / name / "mark.txt").write_text(name)
    monkeypatch.setenv("AGENTBENCH_TMP", str(place))
    return place


def box(desk: Path, **more: Any) -> Box:
    """Return the box of an agent that works in ``desk``."""
    made = {"kind": Kind.BUBBLEWRAP, "network": Network.PRIVATE, "writable": (desk / "ws", desk / "home")}
    return Box(**{**made, **more})


def agent(desk: Path, code: str, timeout_sec: float = 20.0, **more: Any) -> process.Completed:
    """Run Python code as an agent in its workspace."""
    return process.run(
        [PYTHON, "-c", code],
        cwd=desk / "ws",
        timeout_sec=timeout_sec,
        env={"HOME": str(desk / "home")},
        box=box(desk, **more),
    )


def test_an_agent_sees_its_workspace_and_what_is_shown(desk: Path, tmp_path: Path) -> None:
    """No suite, no result, no other workspace, no home of the user, no service's socket; shown folders read-only."""
    results = tmp_path / "results"
    results.mkdir()
    hidden = [CHECKOUT / "tasks", CHECKOUT / "SKILL.md", desk / "other", results / "x", Path.home() / ".cache"]
    hidden += [Path("/run/docker.sock"), Path("/var/run/utmp"), Path("/home/x")]
    code = (
        f"import os, pathlib; print([os.path.exists(p) for p in {[str(path) for path in hidden]!r}], "
        f"open({str(desk / 'shown' / 'mark.txt')!r}).read(), os.environ['HOME'], os.uname().nodename)\n"
        f"pathlib.Path('mine').touch(); pathlib.Path(os.environ['HOME'], 'mine').touch()\n"
        f"pathlib.Path({str(desk / 'shown' / 'mine')!r}).touch()"
    )
    (results / "x").write_text("x")
    done = agent(desk, code, readable=(desk / "shown",), hidden=(results,))
    found, shown, home, host = done.stdout.decode().rsplit(maxsplit=3)
    assert found == str([False] * len(hidden))
    assert (shown, home, host) == ("shown", str(desk / "home"), "agentbench")
    assert b"Read-only file system" in done.stderr
    assert (desk / "ws" / "mine").exists()
    assert (desk / "home" / "mine").exists()


def test_an_agent_has_no_network(desk: Path) -> None:
    """Neither a server on the host's loopback nor an address outside can be reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = (
            "import socket\n"
            f"for place in [{server.getsockname()!r}, ('192.0.2.1', 80)]:\n"
            "    try:\n        socket.create_connection(place, timeout=2); print('reached')\n"
            "    except OSError as error:\n        print(type(error).__name__)\n"
        )
        assert agent(desk, code).stdout.split() == [b"ConnectionRefusedError", b"OSError"]


def test_a_gateway_carries_bytes_both_ways_as_they_come(desk: Path) -> None:
    """A program inside talks to a Unix socket outside through a port on its own loopback, many times at once."""
    place = desk / "gate.sock"
    with listen(place) as server:

        def talk(guest: socket.socket) -> None:
            with guest:
                while block := guest.recv(9):
                    guest.sendall(block.upper())

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=talk, args=(server.accept()[0],), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        code = (
            "import socket\n"
            "held = [socket.create_connection(('127.0.0.1', 18790)) for _ in range(20)]\n"
            "for word in (b'one', b'two'):\n"
            "    for one in held:\n        one.sendall(word)\n        assert one.recv(9) == word.upper()\n"
            "one.shutdown(socket.SHUT_WR); assert one.recv(9) == b''\nprint('heard')"
        )
        done = agent(desk, code, gateways=(Gateway(port=18790, socket=place),))
        assert done.stdout == b"heard\n", done.tail()
        assert agent(desk, "raise SystemExit(7)", gateways=(Gateway(port=18790, socket=place),)).rc == 7
        killed = agent(desk, "import os; os.kill(os.getpid(), 9)", gateways=(Gateway(port=18791, socket=place),))
        assert killed.rc == 128 + 9
        server.shutdown(socket.SHUT_RDWR)


def test_a_gateway_that_cannot_be_opened_is_named(desk: Path) -> None:
    """In one line, with an exit code of its own."""
    done = agent(desk, "print('never')", gateways=(Gateway(port=18790, socket=desk / "none.sock"),))
    assert (done.rc, done.stdout) == (126, b"")
    assert b"gateway 18790=" in done.stderr


@pytest.mark.parametrize(
    ("code", "limits", "broken"),
    [
        ("held = bytearray(200_000_000)\nimport time; time.sleep(30)", {"memory_bytes": 100_000_000}, "memory"),
        (
            "import os, time\nfor _ in range(30):\n    os.fork() or time.sleep(30)\ntime.sleep(30)",
            {"n_processes": 20},
            "processes",
        ),
        (
            "import time\nfor n in range(99):\n    open(f'{n}', 'wb').write(bytes(1_000_000))\ntime.sleep(30)",
            {"disk_bytes": 20_000_000},
            "disk",
        ),
    ],
)
def test_what_uses_too_much_is_ended(desk: Path, code: str, limits: dict[str, int], broken: str) -> None:
    """The whole tree of processes counts, and the answer says which limit it was."""
    done = agent(desk, code, **limits)
    assert (done.limit, done.timed_out, done.ok) == (broken, False, False)
    assert f"used up its {broken}" in done.tail()


def test_nothing_of_an_agent_survives_its_time(desk: Path) -> None:
    """Deaf to signals, in a session of its own, with a cleared environment: dead when the call returns."""
    code = (
        "import os, signal, time\n"
        "for number in (1, 2, 15):\n    signal.signal(number, signal.SIG_IGN)\n"
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        os.execve('/bin/sh', ['sh', '-c', 'while :; do date +%s%N > beat; sleep 0.05; done'],"
        " {'PATH': '/usr/bin:/bin'})\n    os._exit(0)\nos.mkfifo('pipe')\ntime.sleep(60)"
    )
    done = agent(desk, code, timeout_sec=1.5)
    assert done.timed_out
    beat = (desk / "ws" / "beat").read_text()
    time.sleep(0.3)
    assert (desk / "ws" / "beat").read_text() == beat


def test_node_runs_within_a_memory_limit(desk: Path) -> None:
    """It reserves far more than it uses, which a limit on addresses would forbid."""
    node = CHECKOUT / ".cache" / "node" / "node_modules" / "node" / "bin"
    if not (node / "node").exists():
        reason = "Node is not installed; run scripts/install-openclaw"
        (pytest.fail if os.environ.get("AGENTBENCH_REQUIRE") == "all" else pytest.skip)(reason)
    done = process.run(
        [str(node / "node"), "-e", "console.log(6 * 7)"],
        cwd=desk / "ws",
        timeout_sec=20,
        env={"HOME": str(desk / "home")},
        box=box(desk, readable=(node,), memory_bytes=2**30),
    )
    assert done.stdout == b"42\n", done.tail()


def test_the_docker_command_line(tmp_path: Path) -> None:
    """The same contract in words of Docker: folders, no network but the gateway, limits, own user, own name."""
    made = Box(
        kind=Kind.DOCKER,
        writable=(Path("/tmp/ws"), Path("/tmp/home")),
        readable=(Path("/opt/tool"),),
        network=Network.PRIVATE,
        gateways=(Gateway(port=18790, socket=Path("/tmp/p.sock")),),
        memory_bytes=1000,
        n_processes=7,
    )
    env = {"HOME": "/tmp/home", "PATH": "/host"}
    words = sandbox.confine(["tool", "-x"], cwd=Path("/tmp/ws"), box=made, env=env, label="agentbench-1")
    inside = str(Path(sandbox.__file__).with_name("inside.py"))
    assert words == [
        *("docker", "run", "--rm", "--interactive", "--init", "--name", "agentbench-1", "--read-only"),
        *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
        *("--user", f"{os.getuid()}:{os.getgid()}", "--hostname", "agentbench", "--network", "none"),
        *("--pids-limit", "7", "--memory", "1000", "--memory-swap", "1000"),
        *("--tmpfs", "/tmp:mode=1777", "--tmpfs", "/var/tmp:mode=1777"),
        *("--volume", "/opt/tool:/opt/tool:ro", "--volume", "/tmp/ws:/tmp/ws"),
        *("--volume", "/tmp/home:/tmp/home"),
        *("--env", "HOME=/tmp/home", "--workdir", "/tmp/ws"),
        *("--volume", f"{inside}:/run/agentbench/inside.py:ro"),
        *("--volume", "/tmp/p.sock:/run/agentbench/gate-18790.sock", "python:3.12-bookworm", "python3", "-I"),
        *("-S", "-B", "/run/agentbench/inside.py", "18790=/run/agentbench/gate-18790.sock", "--", "tool", "-x"),
    ]


def test_a_real_container(tmp_path: Path) -> None:
    """Where a Docker engine runs: the workspace is there, the network is not."""
    if not docker.works():
        pytest.skip("no Docker engine answers here, nor on CI")
    made = Box(kind=Kind.DOCKER, writable=(tmp_path,), network=Network.PRIVATE)
    code = "import os, socket; open('mine', 'w'); print(os.listdir('/sys/class/net'))"
    env = {"HOME": str(tmp_path)}
    done = process.run(["python3", "-c", code], cwd=tmp_path, timeout_sec=300, env=env, box=made)
    assert done.stdout == b"['lo']\n", done.tail()
    assert (tmp_path / "mine").exists()
