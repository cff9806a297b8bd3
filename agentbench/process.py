"""Run programs we do not trust: own process group, clean environment, limits, and no survivors.

On return of `run`, and on leaving `background`, no process of the tree is alive: not the group, not a
child that changed its group, not a daemon that let itself be adopted (`survivors`).
"""

from __future__ import annotations

import contextlib
import functools
import os
import queue
import secrets
import select
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from agentbench import paths, sandbox, scratch, survivors, watch
from agentbench.sandbox.base import Box, Kind
from agentbench.survivors import Child

try:
    import resource
except ImportError:  # not on every system
    resource = None  # type: ignore[assignment]

CAPTURE_BYTES = 4 * 1024 * 1024
_MOST_FILES = 65536
_MAKING = threading.Lock()


class Limits(msgspec.Struct, frozen=True):
    """What one process may use. Applied per process, where the system can."""

    cpu_sec: int = 600
    memory_bytes: int = 4 * 1024**3
    file_bytes: int = 512 * 1024**2
    open_files: int = 1024


LIMITS = Limits()


class Completed(msgspec.Struct, frozen=True):
    """How a program ended. ``rc`` is negative for a signal; output beyond 4 MiB is cut off."""

    rc: int
    stdout: bytes
    stderr: bytes
    timed_out: bool
    duration_sec: float
    limit: str | None = None
    """What of its box it used up, for which it was ended: ``memory``, ``processes`` or ``disk``."""

    @property
    def ok(self) -> bool:
        """Whether the program ended by itself with exit code 0."""
        return self.rc == 0 and not self.timed_out and self.limit is None

    def tail(self, characters: int = 300) -> str:
        """Return the end of its output as text, for evidence."""
        text = (self.stderr or self.stdout).decode("utf-8", "backslashreplace").strip()
        if "Traceback (most recent call last)" in text:
            text = text.splitlines()[-1]
        head = "timed out" if self.timed_out else f"exit code {self.rc}"
        head = f"used up its {self.limit}" if self.limit else head
        return f"{head}: {text[-characters:]}" if text else head


def python() -> str:
    """Return the interpreter that runs AgentBench, outside its virtual environment."""
    return paths.interpreter()


def bare_python(folder: Path) -> str:
    """Make ``folder`` the home of a Python like `python` that knows no packages, once, and return its path.

    It is an empty virtual environment: whatever is installed beside the interpreter neither helps a program, nor
    slows down its start.
    """
    plain = Path(python())
    program = folder / "bin" / plain.name
    with _MAKING:
        if not program.is_symlink():
            program.parent.mkdir(parents=True)
            settings = f"home = {plain.parent}\ninclude-system-site-packages = false\n"
            (folder / "pyvenv.cfg").write_text(settings, "utf-8")
            program.symlink_to(plain)
    return str(program)


def resolve_python(argv: Sequence[str], known: str | None = None) -> list[str]:
    """Return ``argv`` with a leading ``python``/``python3`` replaced by ``known``, by default `python`."""
    return [known or python() if argv[0] in {"python", "python3"} else argv[0], *argv[1:]]


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
    box: Box | None = None,
) -> Completed:
    """Run ``argv`` in ``cwd`` and return what it did; the tree is dead on return.

    ``env`` is added to a clean environment; without ``HOME`` in it the program gets an empty home that is gone
    afterwards. With ``box`` it runs in that sandbox, within its limits. A time-out (seconds) is reported, not raised.
    A program that cannot be started at all gives exit code 127.
    """
    if env is not None and "HOME" in env:
        return _run(argv, cwd, timeout_sec, stdin, clean_environment(env["HOME"], env), box)
    with scratch.temporary("home") as home:
        if box is not None:
            box = msgspec.structs.replace(box, writable=(*box.writable, home))
        return _run(argv, cwd, timeout_sec, stdin, clean_environment(home, env), box)


def _run(
    argv: Sequence[str],
    cwd: Path,
    timeout_sec: float,
    stdin: bytes,
    environment: dict[str, str],
    box: Box | None,
) -> Completed:
    started = time.monotonic()
    label = f"agentbench-{secrets.token_hex(6)}"
    if box is not None:
        argv = _limited(sandbox.confine(argv, cwd=cwd, box=box, env=environment, label=label), box)
    try:
        child = _spawn(argv, cwd, environment, pipe_in=bool(stdin), box=box)
    except (OSError, ValueError) as error:
        return Completed(127, b"", str(error).encode(), False, 0.0)
    out, err = _Capture(child.process.stdout), _Capture(child.process.stderr)
    if stdin:
        threading.Thread(target=_feed, args=(child.process, stdin), daemon=True).start()
    timed_out = False
    try:
        kill = functools.partial(survivors.kill_group, child.process.pid)
        with watch.watched(child.process.pid, _tree_limits(box), kill) as guard:
            timed_out = not _ended(child.process, timeout_sec)
    finally:
        survivors.kill_tree(child)
        if box is not None:
            sandbox.end(box, label)
    duration = time.monotonic() - started
    return Completed(
        child.process.returncode, out.finish(), err.finish(), timed_out, duration, guard.exceeded
    )


def _tree_limits(box: Box | None) -> watch.Limits:
    if box is None:
        return watch.Limits()
    return watch.Limits(box.memory_bytes, box.n_processes, box.disk_bytes, box.writable)


def _ended(process: subprocess.Popen[bytes], timeout_sec: float) -> bool:
    """Wait for the end of ``process``, without polling where the system can; False after the time-out."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except (AttributeError, OSError):
        try:
            process.wait(timeout_sec)
        except subprocess.TimeoutExpired:
            return False
        return True
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(timeout_sec * 1000))
    finally:
        os.close(descriptor)


class Background:
    """A program that runs beside the caller; see `background`."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        """The process id of the program itself."""
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
        with self._child.process.stdout as stream:
            for raw in stream:
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
    with scratch.temporary("home") as home:
        child = _spawn(resolve_python(argv), cwd, clean_environment(home, env), drop_err=True)
        try:
            yield Background(child)
        finally:
            survivors.kill_tree(child)


def _spawn(
    argv: Sequence[str],
    cwd: Path,
    environment: dict[str, str],
    *,
    pipe_in: bool = False,
    drop_err: bool = False,
    box: Box | None = None,
) -> Child:
    marker = secrets.token_hex(8)
    survivors.adopt()
    others = survivors.children()
    with survivors.starting:
        process = subprocess.Popen(
            list(argv),
            cwd=cwd,
            env={**environment, survivors.MARKER: marker, **survivors.labels()},
            stdin=subprocess.PIPE if pipe_in else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if drop_err else subprocess.PIPE,
            start_new_session=True,
            umask=0o022,
        )
        survivors.started(process.pid)
    if box is None:
        _apply(process.pid)
    return Child(process, marker, others, contained=box is not None and box.kind is Kind.BUBBLEWRAP)


def _limited(argv: Sequence[str], box: Box) -> list[str]:
    """Return the command that sets the limits before it runs ``argv``, so that no child comes before them.

    Where the whole tree is watched, a process may reserve as much memory as it likes, as Node does.
    """
    if (tool := shutil.which("prlimit")) is None:
        return list(argv)
    limits = LIMITS
    sizes = {
        "cpu": limits.cpu_sec,
        "as": limits.memory_bytes,
        "fsize": limits.file_bytes,
        "nofile": limits.open_files,
    }
    if _tree_limits(box).any:
        sizes = {"fsize": box.disk_bytes or limits.file_bytes, "nofile": _most_files()}
    return [tool, *(f"--{name}={size}" for name, size in sizes.items()), "--core=0", "--", *argv]


def _most_files() -> int:
    """Return how many open files a process may have at most here, `_MOST_FILES` if that is less."""
    hard = _MOST_FILES if resource is None else resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return min(_MOST_FILES, hard) if hard > 0 else _MOST_FILES


def _apply(pid: int) -> None:
    if resource is None or not hasattr(resource, "prlimit"):
        return
    limits = LIMITS
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
    with contextlib.suppress(OSError), process.stdin:
        process.stdin.write(data)


class _Capture:
    """Reads a pipe to its end in a thread and keeps the first `CAPTURE_BYTES`."""

    def __init__(self, stream: object) -> None:
        self._stream = stream
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while read := getattr(self._stream, "read1", None):
            try:
                block = read(65536)
            except (OSError, ValueError):
                return
            if not block:
                return
            self._kept += block[: CAPTURE_BYTES - len(self._kept)]

    def finish(self) -> bytes:
        self._thread.join(survivors.GRACE_SEC)
        close = getattr(self._stream, "close", None)
        if close is not None and not self._thread.is_alive():
            close()
        return bytes(self._kept)
