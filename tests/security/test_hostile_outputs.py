"""Whatever an agent leaves behind: the trial is scored, nothing outside is touched, nothing is left over."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import suites
from installation import REPO, Installation

from agentbench import tasks, trial, tries, workspace
from agentbench.model import CheckResult, CheckStatus, Metrics, MetricsSource, Status, Task, TrialResult
from agentbench.paths import RunPaths
from agentbench.trial import Outcome
from agentbench.validators import registry
from agentbench.validators.base import CheckFailed, Context, number

pytestmark = pytest.mark.slow

Spoil = Callable[[Path], None]


def _task(installed: Installation, task_id: str) -> Task:
    return tasks.load_task(installed.tasks / task_id.replace("-", "/", 1), registry.catalogue())


def _judge(installed: Installation, task: Task, spoil: Spoil) -> TrialResult:
    """Grade a trial whose agent did ``spoil`` in its workspace in every turn, as the grader does it, twice."""
    place, _ = workspace.make_live(task, 7)
    frozen = {}
    last = len(task.turns)
    for turn in range(1, last + 1):
        if turn > 1:
            workspace.before_turn(task, 7, place, turn)
        spoil(place)
        frozen[turn] = str(workspace.freeze(place, turn, last=turn == last))
    outcome = Outcome(
        task_id=task.id,
        attempt=1,
        try_no=1,
        seed=7,
        workspace=str(place),
        frozen=frozen,
        replies={},
        metrics=Metrics(source=MetricsSource.NONE),
    )
    run = RunPaths(installed.results / "run")
    paths = run.try_dir(task.id, 1, 1)
    tries.write_outcome(run, outcome)
    result = trial.grade(task, outcome, paths)
    trial.store(task, outcome, result, run)
    trial.tidy(task, outcome, paths)
    assert trial.grade(task, outcome, paths) == result
    return result


def _canary(installed: Installation) -> Path:
    canary = installed.root / "canary"
    (canary / "folder").mkdir(parents=True)
    (canary / "file").write_text("alive")
    return canary


def _listing(root: Path) -> list[tuple[str, int, int]]:
    return [(str(path), path.lstat().st_mode, path.lstat().st_mtime_ns) for path in sorted(root.rglob("*"))]


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(here)


def _device(path: Path) -> None:
    try:
        os.mknod(path, 0o020666, os.makedev(1, 5))
    except OSError:
        path.mkdir()


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as stream:
        stream.truncate(size)


def _many(path: Path, count: int) -> None:
    path.mkdir()
    for number_ in range(count):
        (path / f"{number_:05}").touch()


def _deep(path: Path) -> None:
    path.mkdir()
    here = os.open(path, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("d" * 30, dir_fd=here)
        inner = os.open("d" * 30, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def _odd_names(place: Path) -> None:
    for name in (b"new\nline", b"-rf", b"\xff\xfe", b"..", b"...", b"a\\..\\b", b"$(touch x)", b"\x1b[31m"):
        if name != b"..":
            (place / os.fsdecode(name)).write_text("content")


SPOILS: dict[str, Spoil] = {
    "fifo": lambda place: os.mkfifo(place / "total.txt"),
    "socket": lambda place: _socket(place / "total.txt"),
    "device": lambda place: _device(place / "total.txt"),
    "passwd": lambda place: (place / "total.txt").symlink_to("/etc/passwd"),
    "loop": lambda place: (place / "total.txt").symlink_to("total.txt"),
    "parent": lambda place: (place / "total.txt").symlink_to(".."),
    "itself": lambda place: (place / "total.txt").symlink_to("."),
    "endless": lambda place: (place / "total.txt").symlink_to("/dev/zero"),
    "sparse": lambda place: _sparse(place / "total.txt", 1024**3),
    "70 MB": lambda place: _sparse(place / "total.txt", 70 * 1024**2),
    "60 MB": lambda place: _sparse(place / "total.txt", 60 * 1024**2),
    "deep": lambda place: _deep(place / "total.txt"),
    "folder": lambda place: (place / "total.txt").mkdir(),
    "bytes": lambda place: (place / "total.txt").write_bytes(b"\xff\xfe\x00\x80"),
    "NUL": lambda place: (place / "total.txt").write_bytes(b"\x00" * 100),
    "escape": lambda place: (place / "total.txt").write_bytes(b"\x1b]0;x\x07<script>\xed\xa0\x80"),
    "names": _odd_names,
    "inputs gone": lambda place: shutil.rmtree(place) or place.mkdir(),
    "closed": lambda place: place.chmod(0),
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS.keys())
def test_hostile_outputs(installed: Installation, spoil: Spoil) -> None:
    """Each is judged as a wrong answer, never as a failure of ours, and leaves nothing behind."""
    canary = _canary(installed)
    before = _listing(canary)
    result = _judge(installed, _task(installed, suites.SUM), spoil)
    assert result.status is Status.SCORED, result.message
    assert not result.resolved
    assert _listing(canary) == before
    assert installed.leftovers() == []


def test_many_files(installed: Installation) -> None:
    """30,000 files beside the right answer: the answer counts, what is over the limit is said."""

    def spoil(place: Path) -> None:
        suites.answer(place)
        _many(place / "cache", 30_000)

    result = _judge(installed, _task(installed, suites.SUM), spoil)
    assert result.resolved
    assert "files-omitted" in {flag.code for flag in result.flags}
    assert installed.leftovers() == []


def test_an_answer_closed_by_its_mode(installed: Installation) -> None:
    """A right answer of mode 000 in a folder of mode 000 counts."""

    def spoil(place: Path) -> None:
        suites.answer(place)
        (place / "total.txt").chmod(0)
        place.chmod(0)

    assert _judge(installed, _task(installed, suites.SUM), spoil).resolved


def test_links_out_are_not_followed(installed: Installation) -> None:
    """Folders that are links to a place outside are neither read, nor copied, nor emptied."""
    canary = _canary(installed)
    before = _listing(canary)

    def spoil(place: Path) -> None:
        (place / "linked").symlink_to(canary)
        shutil.rmtree(place / "sub", ignore_errors=True)
        (place / "sub").symlink_to(canary / "folder")

    result = _judge(installed, _task(installed, suites.SUM), spoil)
    assert {"linked", "sub"} <= {name.partition(":")[0] for name in result.omitted_files}
    assert _listing(canary) == before
    assert not list(installed.results.rglob("file"))


JSONS: dict[str, bytes] = {
    "not UTF-8": b'["\xff\xfe"]',
    "nested": b"[" * 100_000 + b"]" * 100_000,
    "nested less": b"[" * 900 + b"]" * 900,
    "nested objects": b'{"a":' * 400 + b"1" + b"}" * 400,
    "huge integer": b"[" + b"9" * 5000 + b"]",
    "huge exponent": b"[1e999999]",
    "NaN": b"[NaN]",
    "infinity": b"[-Infinity]",
    "NUL": b'["\x00"]',
    "surrogate": b'["\\ud800"]',
    "empty": b"",
    "twice": b"[] []",
    "mixed": b'["a", {}, [], null, 1e308, 10e-400]',
}


@pytest.mark.parametrize("content", JSONS.values(), ids=JSONS.keys())
def test_hostile_json(installed: Installation, content: bytes) -> None:
    """JSON that breaks parsers or what comes after them is a wrong answer and storable as evidence."""

    def spoil(place: Path) -> None:
        (place / "words.json").write_bytes(content)

    result = _judge(installed, _task(installed, suites.LETTERS), spoil)
    assert result.status is Status.SCORED, result.message
    assert not result.resolved
    assert installed.leftovers() == []


def _context(place: Path) -> Context:
    return Context(task_id="x", seed=1, workspace=place, pristine=place, hidden={}, task_dir=place)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"a\n" + b'"' + b"x" * 300_000, b"a\x00,b\n1,2\n", b"\n\n"],
)
def test_hostile_csv(tmp_path: Path, content: bytes) -> None:
    """CSV that cannot be read fails the check with evidence; the validator does not break."""
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(CheckFailed):
        _context(tmp_path).csv("table.csv", ["a", "b"])


@pytest.mark.parametrize(
    "value",
    ["1e999999999999999999", "NaN", "inf", "9" * 5000, "1e-999999", "", None, True, [], float("inf"), "١٢x"],
)
def test_hostile_numbers(value: object) -> None:
    """What is no number of sensible size fails the check."""
    with pytest.raises(CheckFailed):
        number(value)


@pytest.mark.parametrize(
    "name", ["../canary/file", "/etc/passwd", "a/../../canary/file", "nul\x00", "x" * 5000]
)
def test_names_that_lead_out(tmp_path: Path, name: str) -> None:
    """A name from an answer cannot make a check read outside the workspace."""
    (tmp_path / "canary").mkdir()
    (tmp_path / "canary" / "file").write_text("secret")
    (tmp_path / "work" / "a").mkdir(parents=True)
    with pytest.raises(CheckFailed):
        _context(tmp_path / "work").path(name)


def _trap(canary: Path) -> str:
    return f"open({str(canary / 'sprung')!r}, 'a').write('sprung\\n')\n"


def test_python_files_of_the_workspace_are_not_imported(installed: Installation) -> None:
    """Started in the workspace, AgentBench imports nothing from there, and neither does its grading."""
    canary = _canary(installed)
    trap = _trap(canary)
    text = installed.start("--task", suites.SUM)
    turn = suites.parse(text)
    assert turn is not None
    suites.answer(turn.workspace)
    names = (
        "json",
        "sitecustomize",
        "usercustomize",
        "conftest",
        "msgspec",
        "psutil",
        "argparse",
        "checks",
        "setup",
    )
    for name in names:
        (turn.workspace / f"{name}.py").write_text(trap)
    (turn.workspace / "agentbench").mkdir()
    for name in ("__init__", "__main__"):
        (turn.workspace / "agentbench" / f"{name}.py").write_text(trap)
    (turn.workspace / "evil.pth").write_text(f"import sys; {trap}")
    (turn.workspace / "pyvenv.cfg").write_text("home = .\n")
    launcher = [str(REPO / "scripts" / "agentbench"), *suites.done_arguments(turn)]
    environment = {"PYTHONPATH": str(turn.workspace), "PYTHONSTARTUP": "json.py", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        launcher,
        cwd=turn.workspace,
        env={**installed.env, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Sum: 100/100" in done.stdout
    assert not (canary / "sprung").exists()
    assert not list(installed.run.root.rglob("__pycache__"))


PROGRAMS: dict[str, str] = {
    "fork": "import os, time\nfor _ in range(5): os.fork()\ntime.sleep(60)\n",
    "endless output": "while True: print('x' * 9999)\n",
    "endless errors": "import sys\nwhile True: sys.stderr.write('x' * 9999)\n",
    "sleep": "import time\ntime.sleep(60)\n",
    "no UTF-8": "import sys\nsys.stdout.buffer.write(b'\\xff\\x00\\xed\\xa0\\x80' * 1000)\n",
    "signal": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n",
    "stop": "import os, signal\nos.kill(0, signal.SIGSTOP)\n",
    "kill parent": "import os, signal\nos.killpg(0, signal.SIGTERM)\n",
    "closes all": "import os\nos.closerange(0, 100)\nos._exit(0)\n",
}


@pytest.mark.parametrize("code", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_hostile_programs(installed: Installation, code: str) -> None:
    """A program of the agent that a check runs is a wrong answer; it is ended, and we are not."""
    started = time.monotonic()
    result = _judge(
        installed,
        _task(installed, suites.PROGRAM),
        lambda place: (place / "add.py").write_text(code) and None,
    )
    assert result.status is Status.SCORED, result.message
    assert not result.resolved
    assert time.monotonic() - started < 30
    assert installed.leftovers() == []


DAEMON = """\
import os, signal, sys
print(sum(map(int, sys.stdin)), flush=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        code = "import time\\nwhile True: time.sleep(1)  # hostile-daemon"
        os.execve(sys.executable, [sys.executable, "-c", code], {})
    os._exit(0)
"""


def test_a_daemon_does_not_outlive_its_check(installed: Installation) -> None:
    """A right program that also leaves a daemon (own session, deaf, cleared environment) leaves none."""
    result = _judge(
        installed,
        _task(installed, suites.PROGRAM),
        lambda place: (place / "add.py").write_text(DAEMON) and None,
    )
    assert result.checks[0].status is CheckStatus.PASSED, result.checks
    lines = [one.info["cmdline"] or [] for one in psutil.process_iter(["cmdline"])]
    assert not [line for line in lines if "hostile-daemon" in " ".join(line)]


def test_a_program_cannot_change_what_is_judged(installed: Installation) -> None:
    """What a program of the agent does to its folder is done to a copy: the snapshot stays as it was."""
    code = (
        "import os, shutil, sys\nprint(sum(map(int, sys.stdin)), flush=True)\n"
        "for name in os.listdir('.'): os.unlink(name)\nos.chmod('.', 0)\n"
    )
    result = _judge(
        installed,
        _task(installed, suites.PROGRAM),
        lambda place: (place / "add.py").write_text(code) and None,
    )
    assert result.resolved
    assert result.changed_files == ("add.py",)
    assert installed.leftovers() == []


def test_evidence_can_be_stored(installed: Installation) -> None:
    """Evidence with lone surrogates and without end is stored shortened, as valid JSON."""
    code = (
        "from agentbench.validators.base import CheckFailed\n\n\n"
        "def total_right(ctx, sleep_sec=0.0):\n    raise CheckFailed('\\ud800' * 9, 'x' * 1_000_000)\n"
    )
    (installed.tasks / "alpha" / "sum" / "checks.py").write_text(code)
    result = _judge(installed, _task(installed, suites.SUM), suites.answer)
    failed: CheckResult = result.checks[0]
    assert failed.status is CheckStatus.FAILED
    assert len(failed.found) < 1000
    stored = json.loads((installed.results / "run" / suites.SUM / "scores.json").read_text("utf-8"))
    assert stored["checks"][0]["found"] == failed.found


def test_notes_that_are_no_files(installed: Installation) -> None:
    """Folders where reply and trace are expected do not keep a trial from its end."""
    text = installed.start("--task", suites.SUM)
    turn = suites.parse(text)
    assert turn is not None
    suites.answer(turn.workspace)
    for note in workspace.notes(turn.workspace):
        (note / "inner").mkdir(parents=True)
    assert "Sum: 100/100" in installed.done(turn)
    assert installed.leftovers() == []
