"""How well trials run side by side, and how much memory the harness takes for many of them.

First 64 trials of an agent that waits two seconds (``sleep 2`` as its program), 16 at a time: the time from the first
turn to the last verdict beside the ideal of 64 x 2 / 16 seconds gives the efficiency; that of the whole command, which
starts an interpreter and writes the reports, is printed beside it. Then 1,024 trials of an agent that does nothing: the
harness's memory (resident set) is read five times a second; its peak, and its median early and late in the run, are
printed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
TASK = """\
id: speed-wait-{n}
name: Wait {n}
suite: speed
difficulty: easy
user_message: Wait.
expected_outputs:
  - pattern: out.txt
    validators: [{{type: file-exists}}]
"""
SETUP = "def build(workspace, hidden, seed):\n    (workspace / 'in.txt').write_text(str(seed))\n"
TASKS, TRIALS, JOBS, WAIT_SEC, MANY = 16, 64, 16, 2.0, 1024


def run(base: Path, *words: str) -> tuple[float, list[int], dict[str, object]]:
    """Run the suite; return the seconds, the samples of the resident set in bytes, and the results."""
    environment = {**os.environ, "AGENTBENCH_RESULTS": str(base / "results"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "agentbench", "run", "--tasks", str(base / "suites"), "--seed", "1"]
    started = time.perf_counter()
    with (base / "events.jsonl").open("w") as out:
        process = subprocess.Popen([*command, "--json", *words], env=environment, stdout=out)
        harness, memory = psutil.Process(process.pid), []
        while process.poll() is None:
            try:
                memory.append(harness.memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(0.2)
        process.wait()
    seconds = time.perf_counter() - started
    last = json.loads((base / "events.jsonl").read_text().splitlines()[-1])
    return seconds, memory, last["results"]


def working(place: Path) -> float:
    """Return the seconds between the first turn and the last verdict, by the ledger."""
    entries = [json.loads(line) for line in (place / "ledger.jsonl").read_text().splitlines()]
    begun = next(entry["at"] for entry in entries if entry["event"] == "turn-started")
    ended = [entry["at"] for entry in entries if entry["event"] == "try-graded"][-1]
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for n in range(TASKS):
            task = base / "suites" / "speed" / f"wait-{n}"
            task.mkdir(parents=True)
            (task / "task.yaml").write_text(TASK.format(n=n))
            (task / "setup.py").write_text(SETUP)
        waiting = ["--agent", "command", "--command", f"sleep {WAIT_SEC:g}", "--attempts", str(TRIALS // TASKS)]
        for sandbox in ("none", "bubblewrap"):
            seconds, _, results = run(base, *waiting, "--jobs", str(JOBS), "--sandbox", sandbox)
            ideal = TRIALS * WAIT_SEC / JOBS
            scored, busy = results["counts"]["scored"], working(base / "results" / str(results["run_id"]))
            print(
                f"{scored} trials of {WAIT_SEC:g} s, {JOBS} jobs, sandbox {sandbox}: {busy:.1f} s; "
                f"ideal {ideal:.1f} s; efficiency {ideal / busy:.2f} "
                f"(whole command {seconds:.1f} s, {ideal / seconds:.2f})"
            )
        seconds, memory, results = run(base, "--agent", "nop", "--attempts", str(MANY // TASKS), "--jobs", "4")
        tenth = max(1, len(memory) // 10)
        first, last = (statistics.median(part) / 2**20 for part in (memory[tenth : 2 * tenth], memory[-tenth:]))
        print(
            f"{results['counts']['scored']} trials, {seconds:.0f} s: peak {max(memory) / 2**20:.0f} MB, "
            f"median {first:.0f} MB in the second tenth of the time, {last:.0f} MB in the last"
        )


if __name__ == "__main__":
    main()
