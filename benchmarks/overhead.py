"""Wall time of an OpenClaw trial through the harness beside a bare ``openclaw agent exec`` of the same turn.

Both get the same scripted model, which makes two tool calls and says done. The trial is all of it: workspace, desk,
box, proxy, turn, log, snapshot, grading, ledger. Bare is what a user types, with a fresh state directory and the user's
own temporary folder, where OpenClaw finds its compiled code. They alternate; medians and their ratio are printed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "e2e")]
from openclaw import NODE_BIN, OPENCLAW  # noqa: E402
from scripted_model import Reply, ScriptedModel, call  # noqa: E402

TASK = """\
id: speed-write
name: Write
suite: speed
difficulty: easy
user_message: Write out.txt.
expected_outputs:
  - pattern: out.txt
    validators: [{type: file-exists}]
"""
SETUP = "def build(workspace, hidden, seed):\n    (workspace / 'in.txt').write_text(str(seed))\n"
REPEATS = int(sys.argv[1]) if len(sys.argv) > 1 else 6


def play(turn):
    """Look, write, say done."""
    yield call("exec", command="ls -A")
    yield call("write", path="out.txt", content="x")
    yield Reply("Done.")


def bare(root: Path, url: str) -> float:
    """Return the seconds of ``openclaw agent exec``."""
    place = Path(tempfile.mkdtemp(dir=root))
    for name in ("home", "state", "ws"):
        (place / name).mkdir()
    model = {"id": "scripted", "name": "Scripted", "contextWindow": 200_000, "maxTokens": 8192}
    provider = {"baseUrl": url, "apiKey": "x", "api": "openai-completions", "models": [model]}
    defaults = {"model": {"primary": "own/scripted", "fallbacks": []}, "workspace": str(place / "ws")}
    config = {"agents": {"defaults": defaults}, "models": {"providers": {"own": provider}}}
    (place / "c.json").write_text(json.dumps(config))
    words = ["agent", "exec", "Write out.txt.", "--cwd", str(place / "ws"), "--config", str(place / "c.json")]
    env = {"HOME": str(place / "home"), "PATH": f"{NODE_BIN}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    began = time.perf_counter()
    subprocess.run(
        [str(NODE_BIN / "node"), str(OPENCLAW), *words, "--state-dir", str(place / "state"), "--json"],
        env=env,
        capture_output=True,
        check=True,
    )
    seconds = time.perf_counter() - began
    assert (place / "ws" / "out.txt").is_file()
    return seconds


def trials(root: Path, url: str, n: int) -> float:
    """Return the seconds per trial of a run of ``n`` trials, start-up of the harness left out."""
    words = ["run", "--base-url", url, "--model", "scripted", "--no-preflight", "--seed", "1", "--json"]
    words += ["--tasks", str(root / "suites"), "--attempts", str(n)]
    env = {**os.environ, "AGENTBENCH_RESULTS": str(root / "results"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "agentbench", *words], env=env, capture_output=True, text=True, check=True
    )
    last = json.loads(done.stdout.splitlines()[-1])["results"]
    assert last["resolved_rate"] == 1.0
    return last["duration_ms"] / 1000 / n


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, ScriptedModel(play) as model:
        root = Path(folder)
        task = root / "suites" / "speed" / "write"
        task.mkdir(parents=True)
        (task / "task.yaml").write_text(TASK)
        (task / "setup.py").write_text(SETUP)
        bare(root, model.base_url)
        trials(root, model.base_url, 1)
        plain, through = [], []
        for _ in range(REPEATS):
            plain.append(bare(root, model.base_url))
            through.append(trials(root, model.base_url, 1))
        one, other = statistics.median(plain), statistics.median(through)
        print(f"bare `openclaw agent exec`: median {one:.1f} s of {REPEATS} ({min(plain):.1f}-{max(plain):.1f})")
        print(f"a trial of the harness:     median {other:.1f} s of {REPEATS} ({min(through):.1f}-{max(through):.1f})")
        print(f"ratio {other / one:.2f}")


if __name__ == "__main__":
    main()
