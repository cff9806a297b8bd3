"""Programs that are run for a check: what they may see, how long they live, and what they leave."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from agentbench import process

PYTHON = process.python()


def _run(code: str, cwd: Path, timeout_sec: float = 10.0, **options: object) -> process.Completed:
    return process.run([PYTHON, "-c", code], cwd=cwd, timeout_sec=timeout_sec, **options)  # type: ignore[arg-type]


def _alive(pid_file: Path) -> bool:
    """Whether the process that wrote its id to ``pid_file`` lives; it must have written it."""
    deadline = time.monotonic() + 5
    while not (text := pid_file.read_text() if pid_file.exists() else ""):
        assert time.monotonic() < deadline, "the daemon never started"
        time.sleep(0.02)
    try:
        return psutil.Process(int(text)).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


DAEMON = """\
import os, signal, sys, time
if os.fork():
    for _ in range(500):
        if os.path.exists("pid") and os.path.getsize("pid"):
            break
        time.sleep(0.01)
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
code = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
environment = dict(os.environ) if "keep" in sys.argv else {}
os.execve(sys.executable, [sys.executable, "-S", "-c", code], environment)
"""


@pytest.mark.parametrize("environment", ["keep", "clear"])
def test_no_daemon_survives(tmp_path: Path, environment: str) -> None:
    """A daemon (two forks, own session, deaf to SIGTERM) is dead on return, even when it cleared its environment."""
    (tmp_path / "daemon.py").write_text(DAEMON)
    done = process.run([PYTHON, "daemon.py", environment], cwd=tmp_path, timeout_sec=10)
    assert done.ok, done
    assert not _alive(tmp_path / "pid")


def test_other_children_survive(tmp_path: Path) -> None:
    """Cleaning up after a program ends no other child of ours, not even one in a session of its own."""
    other = subprocess.Popen([PYTHON, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        assert _run("print(1)", tmp_path).ok
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_two_at_once_do_not_kill_each_other(tmp_path: Path) -> None:
    """A program that runs beside another one is not ended when that one is cleaned up."""
    with process.background(
        [PYTHON, "-u", "-c", "import time; print('up'); time.sleep(60)"], cwd=tmp_path
    ) as one:
        assert one.read_line(10) == "up"
        assert _run("print(1)", tmp_path).ok
        assert psutil.Process(one.pid).status() != psutil.STATUS_ZOMBIE


def test_a_fork_bomb_is_ended(tmp_path: Path) -> None:
    """Processes that multiply (to a bound) are all dead after the time-out."""
    code = "import os, time\nfor _ in range(6): os.fork()\ntime.sleep(60)"
    done = _run(code, tmp_path, timeout_sec=1.0)
    assert done.timed_out
    here = str(tmp_path)
    left = [one for one in psutil.process_iter(["cwd", "status"]) if one.info["cwd"] == here]
    assert [one for one in left if one.info["status"] != psutil.STATUS_ZOMBIE] == []


def test_a_time_out_is_reported(tmp_path: Path) -> None:
    """A program that sleeps past its time is ended soon after it, and the answer says so."""
    started = time.monotonic()
    done = _run("import time; print('begun', flush=True); time.sleep(60)", tmp_path, timeout_sec=1.0)
    assert done.timed_out
    assert not done.ok
    assert done.rc == -signal.SIGKILL
    assert done.stdout == b"begun\n"
    assert time.monotonic() - started < 8
    assert done.tail().startswith("timed out")


def test_endless_output_is_cut_off(tmp_path: Path) -> None:
    """Output without end is read on, kept up to the limit, and ended by the time-out."""
    done = _run("while True: print('x' * 8000)", tmp_path, timeout_sec=1.0)
    assert done.timed_out
    assert len(done.stdout) == process.CAPTURE_BYTES


def test_standard_input_that_nobody_reads(tmp_path: Path) -> None:
    """Input larger than a pipe, for a program that ends without reading it, blocks nothing."""
    assert _run("print('done')", tmp_path, stdin=b"x" * 1_000_000).stdout == b"done\n"


def test_standard_input_is_passed_on(tmp_path: Path) -> None:
    """Input arrives whole and ends."""
    done = _run("import sys; print(len(sys.stdin.buffer.read()))", tmp_path, stdin=b"x" * 300_000)
    assert done.stdout == b"300000\n"


def test_the_environment_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the caller's environment is seen but PATH, and HOME is an empty place of its own."""
    monkeypatch.setenv("SOME_API_KEY", "geheim")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    code = "import os; print(sorted(os.environ), os.listdir(os.environ['HOME']))"
    done = _run(code, tmp_path, env={"GIVEN": "1"})
    assert b"geheim" not in done.stdout
    assert b"SOME_API_KEY" not in done.stdout
    assert b"PYTHONPATH" not in done.stdout
    assert b"'GIVEN'" in done.stdout
    assert done.stdout.rstrip().endswith(b"] []")


def test_what_cannot_be_started(tmp_path: Path) -> None:
    """A program that is missing, or a directory that is, gives exit code 127 and no exception."""
    assert process.run(["no-such-program"], cwd=tmp_path, timeout_sec=5).rc == 127
    assert process.run([PYTHON, "-c", "1"], cwd=tmp_path / "gone", timeout_sec=5).rc == 127


def test_files_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program cannot write a file beyond its limit."""
    monkeypatch.setattr(process, "LIMITS", process.Limits(file_bytes=1_000_000))
    done = _run(
        "import time; time.sleep(0.3); open('big', 'wb').write(b'x' * 9_000_000)", tmp_path
    )
    assert not done.ok
    assert (tmp_path / "big").stat().st_size <= 1_000_000


def test_descriptors_do_not_leak(tmp_path: Path) -> None:
    """The program inherits no open file of ours."""
    with (tmp_path / "secret").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        done = _run("import os; print(sorted(map(int, os.listdir('/proc/self/fd'))))", tmp_path)
        assert str(held.fileno()) not in done.stdout.decode().strip("[]\n").split(", ")[3:]


def test_background_ends_with_its_block(tmp_path: Path) -> None:
    """A program that runs beside the caller answers lines, and is dead after the block."""
    code = "import time\nprint('one')\nprint('two', flush=True)\ntime.sleep(60)"
    with process.background(["python3", "-c", code], cwd=tmp_path) as running:
        assert running.read_line(10) == "one"
        assert running.read_line(10) == "two"
        with pytest.raises(TimeoutError):
            running.read_line(0.05)
        pid = running.pid
    assert not psutil.pid_exists(pid)


def test_background_that_ends_by_itself(tmp_path: Path) -> None:
    """Reading from a program that closed its output raises EOFError instead of waiting."""
    with process.background(["python3", "-c", "print(1)"], cwd=tmp_path) as running:
        assert running.read_line(10) == "1"
        with pytest.raises(EOFError):
            running.read_line(10)
