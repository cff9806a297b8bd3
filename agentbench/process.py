"""Run programs we do not trust: own process group, clean environment, limits, and no survivors.

On return of `run`, and on leaving `background`, no process of the tree is alive: not the group, not a
child that changed its group, not a daemon that let itself be adopted (found by a marker that every
descendant inherits in its environment).
"""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import psutil

from agentbench.paths import temporary_dir

try:
    import resource
except ImportError:  # not on every system
    resource = None  # type: ignore[assignment]

MARKER = "AGENTBENCH_PROCESS"
CAPTURE_BYTES = 4 * 1024 * 1024
_GRACE_SEC = 2.0


class Limits(msgspec.Struct, frozen=True):
    """What one process may use. Applied per process, where the system can."""

    cpu_sec: int = 600
    memory_bytes: int = 4 * 1024**3
    file_bytes: int = 512 * 1024**2
    open_files: int = 1024


class Completed(msgspec.Struct, frozen=True):
    """How a program ended. ``rc`` is negative for a signal; output beyond 4 MiB is cut off."""

    rc: int
    stdout: bytes
    stderr: bytes
    timed_out: bool
    duration_sec: float

    @property
    def ok(self) -> bool:
        """Whether the program ended by itself with exit code 0."""
        return self.rc == 0 and not self.timed_out

    def tail(self, characters: int = 300) -> str:
        """Return the end of its output as text, for evidence."""
        text = (self.stderr or self.stdout).decode("utf-8", "backslashreplace").strip()
        head = "timed out" if self.timed_out else f"exit code {self.rc}"
        return f"{head}: {text[-characters:]}" if text else head


def python() -> str:
    """Return the interpreter that runs AgentBench, outside its virtual environment."""
    return getattr(sys, "_base_executable", "") or sys.executable


def resolve_python(argv: Sequence[str]) -> list[str]:
    """Return ``argv`` with a leading ``python``/``python3`` replaced by `python`."""
    return [python() if argv[0] in {"python", "python3"} else argv[0], *argv[1:]]


def clean_environment(home: Path | str, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment that carries nothing of the user's: fixed locale, time zone, git isolation."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
        "PAGER": "cat",
        **(extra or {}),
    }


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    timeout_sec: float,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Completed:
    """Run ``argv`` in ``cwd`` and return what it did; the tree is dead on return.

    ``env`` is added to a clean environment. A time-out (seconds) is reported, not raised. A program
    that cannot be started at all gives exit code 127.
    """
    started = time.monotonic()
    with _home() as home:
        try:
            child = _spawn(argv, cwd, clean_environment(home, env), limits or Limits(), pipe_in=bool(stdin))
        except (OSError, ValueError) as error:
            return Completed(127, b"", str(error).encode(), False, 0.0)
        out, err = _Capture(child.process.stdout), _Capture(child.process.stderr)
        if stdin:
            threading.Thread(target=_feed, args=(child.process, stdin), daemon=True).start()
        timed_out = False
        try:
            child.process.wait(timeout_sec)
        except subprocess.TimeoutExpired:
            timed_out = True
        finally:
            kill_tree(child)
        duration = time.monotonic() - started
        return Completed(child.process.returncode, out.finish(), err.finish(), timed_out, duration)


class Child(msgspec.Struct, frozen=True):
    """A started program and the marker that its descendants carry."""

    process: subprocess.Popen[bytes]
    marker: str


class Background:
    """A program that runs beside the caller; see `background`."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._child.process.pid

    def read_line(self, timeout_sec: float) -> str:
        """Return the next line of its output, without the line end.

        Raises TimeoutError after ``timeout_sec`` seconds, EOFError when the program closed its output.
        """
        try:
            line = self._lines.get(timeout=timeout_sec)
        except queue.Empty:
            raise TimeoutError(f"no line within {timeout_sec} s") from None
        if line is None:
            raise EOFError("the program closed its output")
        return line

    def _read(self) -> None:
        assert self._child.process.stdout is not None
        for raw in self._child.process.stdout:
            if self._lines.qsize() < 10_000:
                self._lines.put(raw.decode("utf-8", "replace").rstrip("\r\n"))
        self._lines.put(None)


@contextlib.contextmanager
def background(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None
) -> Iterator[Background]:
    """Run ``argv`` beside the body of the ``with``; its whole tree is dead on leaving.

    Raises OSError when it cannot be started. Standard error is dropped.
    """
    with _home() as home:
        child = _spawn(resolve_python(argv), cwd, clean_environment(home, env), Limits(), drop_err=True)
        try:
            yield Background(child)
        finally:
            kill_tree(child)


def kill_tree(child: Child) -> None:
    """End every process of the tree and wait until none is left. Never raises for one that is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
    deadline = time.monotonic() + _GRACE_SEC
    while (alive := _marked(child.marker)) and time.monotonic() < deadline:
        for process in alive:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(alive, timeout=0.2)
    child.process.wait()


def _marked(marker: str) -> list[psutil.Process]:
    """Return the living processes that carry ``marker`` in their environment."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARKER) == marker and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


@contextlib.contextmanager
def _home() -> Iterator[Path]:
    home = temporary_dir("home")
    try:
        yield home
    finally:
        remove_tree(home)


def remove_tree(root: Path) -> None:
    """Remove a directory whatever its modes are; what resists is left behind silently."""
    for folder, names, _ in os.walk(root):
        for name in names:
            with contextlib.suppress(OSError):
                path = Path(folder, name)
                if not path.is_symlink():
                    path.chmod(0o700)
    for folder, names, files in os.walk(root, topdown=False):
        for name in files:
            with contextlib.suppress(OSError):
                Path(folder, name).unlink()
        for name in names:
            with contextlib.suppress(OSError):
                path = Path(folder, name)
                path.unlink() if path.is_symlink() else path.rmdir()
    with contextlib.suppress(OSError):
        root.rmdir()


def _spawn(
    argv: Sequence[str],
    cwd: Path,
    environment: dict[str, str],
    limits: Limits,
    *,
    pipe_in: bool = False,
    drop_err: bool = False,
) -> Child:
    marker = secrets.token_hex(8)
    process = subprocess.Popen(
        list(argv),
        cwd=cwd,
        env={**environment, MARKER: marker},
        stdin=subprocess.PIPE if pipe_in else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if drop_err else subprocess.PIPE,
        start_new_session=True,
        umask=0o022,
    )
    _apply(limits, process.pid)
    return Child(process, marker)


def _apply(limits: Limits, pid: int) -> None:
    if resource is None or not hasattr(resource, "prlimit"):
        return
    wanted = {
        resource.RLIMIT_CPU: limits.cpu_sec,
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, kind, (value, value))


def _feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        process.stdin.write(data)
        process.stdin.close()


class _Capture:
    """Reads a pipe to its end in a thread and keeps the first `CAPTURE_BYTES`."""

    def __init__(self, stream: object) -> None:
        self._stream = stream
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        read = getattr(self._stream, "read1", None)
        while read is not None:
            try:
                block = read(65536)
            except (OSError, ValueError):
                return
            if not block:
                return
            room = CAPTURE_BYTES - len(self._kept)
            self._kept += block[:room]

    def finish(self) -> bytes:
        self._thread.join(_GRACE_SEC)
        close = getattr(self._stream, "close", None)
        if close is not None and not self._thread.is_alive():
            close()
        return bytes(self._kept)
