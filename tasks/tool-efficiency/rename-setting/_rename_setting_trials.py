"""Runs trial deliveries: ``python3 trials.py COMPONENT``, the trials as a JSON list on standard input.

A trial is ``{"argv": [...], "env": {...}}``. Each is done by a child that is forked from this interpreter, which has
not loaded the component, as ``python3 -m COMPONENT ARGV`` would do it; only the start of Python is spared. The last
line printed is a JSON list of ``[exit code, standard output, end of standard error]``.
"""

import json
import os
import runpy
import sys
import tempfile
import traceback
from pathlib import Path


def main(component):
    """Do all trials and print what came of them."""
    found = [trial(component, one["argv"], one["env"]) for one in json.load(sys.stdin)]
    print(f"\n{json.dumps(found)}")


def trial(component, argv, env):
    """Return what one run of the component gave."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.environ.update(env)
            os._exit(become(component, argv))
        _, status = os.waitpid(child, 0)
        shown, told = (os.pread(file.fileno(), 100_000, 0).decode("utf-8", "replace") for file in (out, err))
    return [os.waitstatus_to_exitcode(status), shown, told.strip()[-300:]]


def become(component, argv):
    """Be the component from now on; return its exit code."""
    sys.argv, sys.path[0] = [component, *argv], str(Path.cwd())
    code = 1
    try:
        runpy.run_module(component, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
        if code == 1 and not isinstance(left.code, int):
            print(left.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or 120
    return code & 0xFF


if __name__ == "__main__":
    main(*sys.argv[1:])
