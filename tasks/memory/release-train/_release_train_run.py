"""Runs scenarios against stockctl.py, in one process; the checks start it in a box, scenarios on standard input."""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

FILE = "stock.dat"


def called(main, argv):
    """Return [exit code, output] of one call."""
    out = io.TextIOWrapper(
        io.BytesIO(), "utf-8", newline="", write_through=True
    )  # as a tool finds it that is started
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            code = main([FILE, *argv])
        except SystemExit as error:
            code = error.code
        except Exception as error:
            code = f"{type(error).__name__}: {error}"
    return [0 if code is None else code, out.buffer.getvalue().decode("utf-8", "replace")]


def held():
    """Return the lines of FILE."""
    path = Path(FILE)
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""


def play(main, scenario, program):
    """Return [exit code, output, content of FILE] for every command of a scenario, in a folder of its own."""
    found = []
    with tempfile.TemporaryDirectory(dir=".") as folder, contextlib.chdir(folder):
        for name, text in scenario["files"].items():
            Path(name).write_bytes(text.encode("utf-8"))
        if "stored" in scenario:
            Path(FILE).write_text(scenario["stored"], "utf-8")
        for argv in scenario["calls"]:
            if program:
                done = subprocess.run(
                    [sys.executable, "-S", program, FILE, *argv], capture_output=True, timeout=10
                )
                found.append([done.returncode, done.stdout.decode("utf-8", "replace"), held()])
            else:
                found.append([*called(main, argv), held()])
    return found


def run():
    """Play what stands on standard input; what the tool prints by itself goes nowhere."""
    sent = json.load(sys.stdin)
    answer, sys.stdout = sys.stdout, io.StringIO()
    sys.path.insert(0, str(Path.cwd()))
    import stockctl

    found = [
        play(stockctl.main, one, str(Path("stockctl.py").resolve()) if one.get("program") else None)
        for one in sent
    ]
    answer.write(f"\n{sys.argv[1]}{json.dumps(found)}\n")
    answer.flush()


run()
