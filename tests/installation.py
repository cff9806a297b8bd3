"""The command line called as an agent calls it, in an isolated place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import suites

from agentbench import ledger
from agentbench.ledger import Entry
from agentbench.paths import RunPaths

REPO = Path(__file__).resolve().parents[1]


class Installation:
    """One isolated installation: its own suite, results, workspaces, pointers and transcripts."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.tmp = root / "tmp"
        self.results = root / "results"
        self.env = {
            "AGENTBENCH_TMP": str(self.tmp),
            "AGENTBENCH_RESULTS": str(self.results),
            "AGENTBENCH_TRANSCRIPTS": str(root / "transcripts"),
            "XDG_STATE_HOME": str(root / "state"),
            "HOME": str(root / "home"),
        }
        for name in ("tmp", "transcripts", "state", "home"):
            (root / name).mkdir()
        self.tasks = suites.write_suite(root / "suite")

    def popen(
        self, *args: str, cwd: Path | None = None, before: Sequence[str] = (), **options: Any
    ) -> subprocess.Popen[str]:
        """Start a call as a program of its own; ``before`` are the words of a program that executes it."""
        env = {**os.environ, **self.env, "PYTHONPATH": str(REPO)}
        return subprocess.Popen(
            [*before, sys.executable, "-P", "-m", "agentbench", *args],
            cwd=cwd or self.root,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def call(self, *args: str, cwd: Path | None = None, code: int | None = 0) -> str:
        """Make a call and return what it printed; its exit code must be ``code`` (None: any)."""
        with self.popen(*args, cwd=cwd) as process:
            out, err = process.communicate(timeout=120)
        assert code is None or process.returncode == code, (args, process.returncode, out, err)
        return out if process.returncode == 0 else err

    def harness(self, *args: str, code: int = 0) -> dict[str, Any]:
        """Make a ``run`` or ``resume`` that must end with ``code``; return its results."""
        with self.popen(*args, "--json") as process:
            out, err = process.communicate(timeout=900)
        assert process.returncode == code, (args, process.returncode, out[-3000:], err[-3000:])
        last = json.loads(out.splitlines()[-1])
        assert last["event"] == "finished"
        found: dict[str, Any] = last["results"]
        return found

    def refused(self, *args: str, code: int, cwd: Path | None = None) -> str:
        """Make a call that must fail with ``code`` and exactly one line on standard error; return the line."""
        with self.popen(*args, cwd=cwd) as process:
            out, err = process.communicate(timeout=120)
        assert process.returncode == code, (args, process.returncode, out, err)
        assert err.count("\n") == 1, err
        assert err.endswith("\n"), err
        assert "Traceback" not in err
        return err.rstrip("\n")

    def start(self, *args: str, seed: int = 7) -> str:
        """Begin a run of the throw-away suite and return what was printed."""
        return self.call("start", "--tasks", str(self.tasks), "--seed", str(seed), *args)

    def done(self, turn: suites.Printed, **options: Any) -> str:
        """Hand in a turn as the honest agent does."""
        return self.call(*suites.done_arguments(turn), **options)

    def play(self, text: str) -> str:
        """Work as the honest agent until a call asks for nothing more; return its output."""
        while (turn := suites.parse(text)) is not None:
            suites.answer(turn.workspace)
            text = self.done(turn)
        return self.settle(text)

    def settle(self, text: str) -> str:
        """Ask for the status for as long as an output says that grading goes on; return the last output."""
        deadline = time.monotonic() + 60
        while "Grading goes on" in text and suites.parse(text) is None:
            assert time.monotonic() < deadline, text
            time.sleep(0.1)
            text = self.call("status")
        return text

    @property
    def run(self) -> RunPaths:
        """The only run there is."""
        (root,) = (path for path in self.results.iterdir() if (path / "run.json").is_file())
        return RunPaths(root)

    def events(self, name: str) -> list[Entry]:
        """Return the ledger's entries of one kind; the chain must hold."""
        return [entry for entry in ledger.read(self.run) if entry.event == name]

    def payload(self) -> dict[str, Any]:
        """Return results.json of the only run."""
        found: dict[str, Any] = json.loads(self.run.results.read_text("utf-8"))
        return found

    def leftovers(self) -> list[str]:
        """Return what lies where workspaces are made."""
        return sorted(path.name for path in self.tmp.iterdir())
