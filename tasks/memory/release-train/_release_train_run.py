"""Runs scenarios against stockctl.py, in one process; the checks start it in a box, scenarios on standard input.

It imports little, and starts programs by forking before the tool is imported, and after what most
tools import: so both cost little.
"""

import builtins
import io
import json
import os
import sys
import types
from pathlib import Path

FILE = Path("stock.dat")


def called(main, argv):
    """Return [exit code, output] of one call."""
    out = io.TextIOWrapper(
        io.BytesIO(), "utf-8", newline="", write_through=True
    )  # as a tool finds it that is started
    usual = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, io.StringIO()
    try:
        code = main([str(FILE), *argv])
    except SystemExit as error:
        code = error.code
    except Exception as error:
        code = f"{type(error).__name__}: {error}"
    finally:
        sys.stdout, sys.stderr = usual
    return [0 if code is None else code, out.buffer.getvalue().decode("utf-8", "replace")]


def started(program, argv):
    """Return [exit code, output] of a program that is started, in a process of its own."""
    ours, its = os.pipe()
    child = os.fork()
    if child == 0:
        become(program, argv, its)
    os.close(its)
    with os.fdopen(ours, "rb") as stream:
        text = stream.read().decode("utf-8", "replace")
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text]


def become(program, argv, out):
    """Run a program in this process as Python runs it, and end as it does."""
    os.dup2(out, 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sys.argv = [str(program), str(FILE), *argv]
    own = sys.modules["__main__"] = types.ModuleType("__main__")
    own.__file__ = str(program)
    exec(compile(program.read_bytes(), own.__file__, "exec"), own.__dict__)
    sys.exit()


def held():
    """Return the lines of FILE."""
    return FILE.read_bytes().decode("utf-8", "replace") if FILE.is_file() else ""


def play(number, scenario, call):
    """Return [exit code, output, content of FILE] for every command of a scenario, in a folder of its own."""
    above, folder = Path.cwd(), Path(f"_run_hidden_{number}")
    folder.mkdir()
    os.chdir(folder)
    for name, text in scenario["files"].items():
        Path(name).write_bytes(text.encode("utf-8"))
    if "stored" in scenario:
        FILE.write_text(scenario["stored"], "utf-8")
    found = [[*call(argv), held()] for argv in scenario["calls"]]
    os.chdir(above)
    return found


def run():
    """Play what stands on standard input; what the tool prints by itself goes nowhere."""
    sent = json.load(sys.stdin)
    builtins.exit = builtins.quit = sys.exit
    program = Path("stockctl.py").resolve()
    found = [
        play(number, one, lambda argv: started(program, argv)) if one.get("program") else None
        for number, one in enumerate(sent)
    ]
    answer, sys.stdout = sys.stdout, io.StringIO()
    import stockctl

    for number, one in enumerate(sent):
        if found[number] is None:
            found[number] = play(number, one, lambda argv: called(stockctl.main, argv))
    answer.write(f"\n{sys.argv[1]}{json.dumps(found)}\n")
    answer.flush()


run()
