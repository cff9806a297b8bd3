"""Runs sync.py through all nights, in one sandbox and from one interpreter that has read the library already.

    python3 runner.py PLAN FOLDER

PLAN is a JSON file ``{"control": port, "timeout": seconds, "scenarios": {name: {"from": name or null,
"nights": [url, ...]}}}``; sync.py lies in the current folder. Scenarios run side by side, each on a
mirror and a token file of its own in ``FOLDER/NAME``, or on copies of what the scenario named by ``from`` left.
A night's program is a fork, so that it starts as ``python3 sync.py`` would, without the cost. ``FOLDER/NAME-2``
holds what its second night left. At the control port each night hears when to kill the program and, as JSON, the
pair of tokens that another job leaves. The last line printed is ``{name: [{"rc", "timed_out", "tail"}, ...]}``.
"""

import atexit
import contextlib
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


def main(plan_file, folder):
    """Run all scenarios and print what became of them."""
    plan = json.loads(Path(plan_file).read_text("utf-8"))
    Path(plan_file).unlink()
    folder = Path(folder)
    for name in READ_ALREADY:
        __import__(name)
    gc.freeze()
    scenarios = plan["scenarios"]
    results = folder / "results"
    results.mkdir()
    waiting = [name for name in scenarios if scenarios[name]["from"]]
    running = {_start(plan, name, folder): name for name in scenarios if name not in waiting}
    while running:
        pid, _ = os.wait()
        ended = running.pop(pid, None)
        for name in [one for one in waiting if scenarios[one]["from"] == ended]:
            waiting.remove(name)
            copy(folder / ended, folder / name)
            running[_start(plan, name, folder)] = name
    done = {file.name: json.loads(file.read_text("utf-8")) for file in results.iterdir()}
    print(json.dumps(done), flush=True)


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
    pid = os.fork()
    if pid:
        return pid
    try:
        nights = []
        for number, url in enumerate(plan["scenarios"][name]["nights"], 1):
            place = folder / name
            nights.append(_night(plan, url, place, f"{name}/{number}"))
            copy(place, folder / f"{name}-{number}")
            if nights[-1]["timed_out"]:
                break
        (folder / "results" / name).write_text(json.dumps(nights), "utf-8")
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _night(plan, url, place, label):
    """Let the program run to its end, or to the moment at which the server has it killed."""
    errors = place.with_name(f"{place.name}.stderr")
    with socket.socket() as control:
        control.connect(("127.0.0.1", plan["control"]))
        control.sendall(label.encode() + b"\n")
        argv = ["sync.py", url, str(place / "tokens.json"), str(place / "mirror.db")]
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            _become(argv, errors)
        timed_out = not _wait(pid, control, argv[2], plan["timeout"])
        _kill(pid)
        _, status = os.waitpid(pid, 0)
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


def _become(argv, errors):
    """Be the program from now on, to its exit code."""
    code = 1
    try:
        os.setsid()
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
