"""How long the commands that look back take over many runs: 200 runs of 40 tasks with 3 attempts each.

    .venv/bin/python benchmarks/browse.py [RUNS]

Prints seconds and peak memory of each command in a process of its own, the first after the index was made, and for
scale the seconds that the interpreter and `agentbench --version` take in the same run.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
import simulated_runs as simulated  # noqa: E402

ABILITIES = (-1.0, -0.4, 0.0, 0.5, 1.1)


def make(results: Path, n_runs: int) -> None:
    """Write runs of five made-up agents in turns."""
    rng = random.Random(1)
    hard = simulated.difficulties(rng)
    for number in range(n_runs):
        agent = number % len(ABILITIES)
        made = simulated.run(rng, ABILITIES[agent], hard, attempts=3, number=number, model=f"made-up/{agent}")
        simulated.store(results, made)


def command(*args: str) -> list[str]:
    """Return the words that call AgentBench from this checkout."""
    return [sys.executable, "-P", "-c", "from agentbench.cli.main import entry; entry()", *args]


def measured(results: Path, *args: str) -> tuple[float, float]:
    """Return the seconds and the peak MB of a command."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command(*args), env=environment(results), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - begun
    assert process.stderr is not None
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{args}: {process.stderr.read().decode()}")
    return taken, usage.ru_maxrss / 1024


def environment(results: Path) -> dict[str, str]:
    """Return the environment of a command."""
    return os.environ | {"PYTHONPATH": str(ROOT), "AGENTBENCH_RESULTS": str(results)}


def viewed(results: Path) -> tuple[float, float]:
    """Return the seconds of one page of the list from a server that runs, and the server's peak MB."""
    server = subprocess.Popen(
        command("view", "--port", "0", "--json"), env=environment(results), stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    address = json.loads("".join(server.stdout.readline() for _ in range(3)))["address"]
    begun = time.perf_counter()
    with urllib.request.urlopen(address) as answer:
        answer.read()
    taken = time.perf_counter() - begun
    server.terminate()
    _, _, usage = os.wait4(server.pid, 0)
    return taken, usage.ru_maxrss / 1024


def main() -> None:
    """Make the runs, measure, print."""
    n_runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder)
        make(results, n_runs)
        size = sum(path.stat().st_size for path in results.rglob("results.json")) / 1e6
        print(f"{n_runs} runs, {size:.0f} MB of results.json")
        rows = [
            ("interpreter alone", measured(results, "--version")),
            ("results, index made", measured(results, "results")),
            ("results", measured(results, "results")),
            ("results --trend", measured(results, "results", "--trend")),
            ("analyze", measured(results, "analyze")),
            ("view, one page", viewed(results)),
        ]
        for name, (taken, peak) in rows:
            print(f"{name:<22}{taken:7.2f} s{peak:8.0f} MB")
        print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
