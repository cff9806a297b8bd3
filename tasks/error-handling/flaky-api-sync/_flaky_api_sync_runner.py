"""Runs sync.py through all nights, in one sandbox and from one interpreter that has read the library already.

    python3 runner.py PLAN FOLDER

PLAN is a JSON file ``{"control": port, "seal": text, "timeout": seconds, "scenarios": {name: {"from": name or null,
"nights": [[url, key], ...]}}}``; sync.py lies in the current folder. Scenarios run side by side, each on a
mirror and a token file of its own in ``FOLDER/NAME``, or on copies of what the scenario named by ``from`` left.
A night's program is a fork, so that it starts as ``python3 sync.py`` would, without the cost. ``FOLDER/NAME-2``
holds what its second night left. At the control port, whoever gives a night's key hears when to kill its program and,
as JSON, the pair of tokens that another job leaves. The last line printed is
``{"seal": text, "nights": {name: [{"rc", "timed_out", "tail"}, ...]}}``.

A scenario has a copy of the current folder to itself, as programs keep locks and the like beside them, and a folder of
its own for temporary files. A fork holds nothing of PLAN: it comes out of all functions that know it before it becomes
the program. What a program leaves running is ended with its night.
"""

import atexit
import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
import types
from pathlib import Path

READ_ALREADY = ("datetime", "email.utils", "http.client", "sqlite3", "urllib.parse", "urllib.request")
_MOST_BYTES = 64 * 1024 * 1024
_COPIED_BYTES = 1024 * 1024
_SET_DUMPABLE, _SET_CHILD_SUBREAPER = 4, 36


class _Program(Exception):
    """Raised in a fork that is to become the program ``argv``, its errors going to a file."""


def main(plan_file, folder):
    """Run all scenarios and print what became of them."""
    try:
        _prctl(_SET_DUMPABLE, 0)  # no program looks into this process
        _run(plan_file, Path(folder))
    except _Program as order:
        argv, errors = order.args
    else:
        return
    _become(argv, errors)


def _run(plan_file, folder):
    plan = json.loads(Path(plan_file).read_text("utf-8"))
    Path(plan_file).unlink()
    for name in READ_ALREADY:
        __import__(name)
    gc.freeze()
    scenarios, done = plan["scenarios"], {}
    waiting = [name for name in scenarios if scenarios[name]["from"]]
    running = dict(_start(plan, name, folder) for name in scenarios if name not in waiting)
    while running:
        pid, _ = os.wait()
        ended, report = running.pop(pid)
        with report:
            done[ended] = json.loads(report.read() or "[]")
        for name in [one for one in waiting if scenarios[one]["from"] == ended]:
            waiting.remove(name)
            copy(folder / ended, folder / name)
            running |= [_start(plan, name, folder)]
    print(json.dumps({"seal": plan["seal"], "nights": done}), flush=True)


def copy(source, target):
    """Copy the regular files of a folder that are not enormous."""
    target.mkdir()
    for entry in os.scandir(source):
        old, new = Path(entry.path), target / entry.name
        if entry.is_dir(follow_symlinks=False):
            copy(old, new)
        elif entry.is_file(follow_symlinks=False) and entry.stat().st_size <= _MOST_BYTES:
            new.write_bytes(old.read_bytes())


def _start(plan, name, folder):
    """Start a scenario; return its process and, as a pair, its name and where it reports what became of its nights."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, (name, os.fdopen(reading, encoding="utf-8"))
    try:
        _prctl(_SET_CHILD_SUBREAPER, 1)
        _settle(folder / f"{name}-work", folder / f"{name}-tmp")
        nights = _nights(plan, name, folder)
        with os.fdopen(writing, "w", encoding="utf-8") as report:
            json.dump(nights, report)
    except _Program:
        raise
    except BaseException:
        traceback.print_exc()
    os._exit(0)


def _settle(work, temporary):
    """Make ``work`` a copy of the current folder and go there; what is large is shared."""
    temporary.mkdir()
    os.environ |= {"TMPDIR": str(temporary), "HOME": str(temporary)}
    for source, folders, files in os.walk("."):
        target = work / source
        target.mkdir()
        for name in files + [one for one in folders if Path(source, one).is_symlink()]:
            old, new = Path(source, name), target / name
            if old.is_symlink():
                new.symlink_to(old.readlink())
            elif old.is_file() and old.stat().st_size > _COPIED_BYTES:
                new.symlink_to(old.resolve())
            elif old.is_file():
                new.write_bytes(old.read_bytes())
    os.chdir(work)


def _nights(plan, name, folder):
    nights, place = [], folder / name
    for number, (url, key) in enumerate(plan["scenarios"][name]["nights"], 1):
        nights.append(_night(plan, url, place, key))
        copy(place, folder / f"{name}-{number}")
        if nights[-1]["timed_out"]:
            break
    return nights


def _night(plan, url, place, key):
    """Let the program run to its end, or to the moment at which the server has it killed."""
    errors = place.with_name(f"{place.name}.stderr")
    with socket.socket() as control:
        control.connect(("127.0.0.1", plan["control"]))
        control.sendall(key.encode() + b"\n")
        argv = ["sync.py", url, str(place / "tokens.json"), str(place / "mirror.db")]
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            raise _Program(argv, errors)
        timed_out = not _wait(pid, control, argv[2], plan["timeout"])
        _kill(pid)
        _, status = os.waitpid(pid, 0)
        _end_children()
    with errors.open("rb") as file:
        file.seek(max(0, errors.stat().st_size - 2000))
        tail = file.read().decode("utf-8", "backslashreplace").strip()
    tail = tail.splitlines()[-1] if "Traceback (most recent call last)" in tail else tail
    return {"rc": os.waitstatus_to_exitcode(status), "timed_out": timed_out, "tail": tail[-300:]}


def _wait(pid, control, token_file, timeout):
    """Wait until the program has ended or is to be killed, and be the other job; False after the time-out."""
    descriptor = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    poll.register(control, select.POLLIN)
    end = time.monotonic() + timeout
    try:
        while ready := poll.poll(max(0.0, end - time.monotonic()) * 1000):
            if ready[0][0] == descriptor or not (order := control.recv(1000)) or order.startswith(b"kill"):
                return True
            Path(token_file + ".other").write_bytes(order)
            Path(token_file + ".other").replace(token_file)
        return False
    finally:
        os.close(descriptor)


def _kill(pid):
    for kill, target in ((os.killpg, pid), (os.kill, pid)):
        with contextlib.suppress(OSError):
            kill(target, signal.SIGKILL)


def _end_children():
    """End what a program has left running: its orphans are children of this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while children.exists() and (left := children.read_text().split()):
        for pid in map(int, left):
            _kill(pid)
            os.waitpid(pid, 0)


def _prctl(option, value):
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _become(argv, errors):
    """Be the program from now on, to its exit code."""
    code = 1
    try:
        os.setsid()
        _prctl(_SET_DUMPABLE, 1)
        nothing = os.open(os.devnull, os.O_RDWR)
        written = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for source, target in ((nothing, 0), (nothing, 1), (written, 2)):
            os.dup2(source, target)
        os.closerange(3, 256)
        sys.argv, sys.path[0] = argv, str(Path.cwd())
        module = sys.modules["__main__"] = types.ModuleType("__main__")
        module.__file__ = argv[0]
        program = compile(Path(argv[0]).read_bytes(), argv[0], "exec", dont_inherit=True)
        exec(program, module.__dict__)
        code = 0
    except SystemExit as end:
        code = _code(end.code)
    except BaseException:
        traceback.print_exc()
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        code = code or 120
    finally:
        os._exit(code)


def _code(given):
    if given is None or isinstance(given, int):
        return (given or 0) & 0xFF
    print(given, file=sys.stderr)
    return 1


if __name__ == "__main__":
    main(*sys.argv[1:])
