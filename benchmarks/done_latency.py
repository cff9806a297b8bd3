"""How long the agent waits for a helper call, side by side with an interpreter that does nothing.

Makes a suite of small tasks (a generated input, one `file-exists` check), works through it, and times every
`done` through the launcher, as an agent calls it; between the calls `python3 -c pass`. Prints medians in ms and
their ratio. The check itself takes well under a millisecond, so what is shown is the helper's own time.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TASK = """\
id: speed-task-{n}
name: Task {n}
suite: speed
difficulty: easy
user_message: Write out.txt.
expected_outputs:
  - pattern: out.txt
    validators: [{{type: file-exists}}]
"""
SETUP = "def build(workspace, hidden, seed):\n    (workspace / 'in.txt').write_text(str(seed))\n"
TASKS = 15


def timed(argv: list[str], environment: dict[str, str]) -> tuple[float, str]:
    """Return the wall time of a call in ms, and what it printed."""
    started = time.perf_counter()
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
    return (time.perf_counter() - started) * 1000, done.stdout


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for n in range(TASKS):
            task = base / "suites" / "speed" / f"task-{n}"
            task.mkdir(parents=True)
            (task / "task.yaml").write_text(TASK.format(n=n))
            (task / "setup.py").write_text(SETUP)
        environment = {**os.environ, "AGENTBENCH_RESULTS": str(base / "results"), "XDG_STATE_HOME": str(base / "state")}
        environment["AGENTBENCH_TRANSCRIPTS"] = str(base / "none")
        launcher = str(ROOT / "scripts" / "agentbench")
        _, text = timed([launcher, "start", "--tasks", str(base / "suites")], environment)
        helper, bare = [], []
        for _ in range(TASKS - 1):
            token = re.search(r"done ([0-9a-f]{10})", text)
            workspace = re.search(r"Workspace: (\S+)", text)
            assert token is not None
            assert workspace is not None
            Path(workspace[1], "out.txt").write_text("done")
            counts = ["--calls", "1", "--errors", "0", "--planning", "0.5"]
            points = ["--l2", "30,25,25,20", "--l3", "25,25,25,25"]
            spent, text = timed([launcher, "done", token[1], *points, *counts], environment)
            helper.append(spent)
            bare.append(timed([sys.executable, "-c", "pass"], environment)[0])
    ours, theirs = statistics.median(helper), statistics.median(bare)
    print(f"agentbench done   median {ours:6.0f} ms   worst {max(helper):6.0f} ms   of {len(helper)} calls")
    print(f"python3 -c pass   median {theirs:6.0f} ms   worst {max(bare):6.0f} ms")
    print(f"ratio {ours / theirs:.1f}")


if __name__ == "__main__":
    main()
