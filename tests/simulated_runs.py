"""Made-up runs of agents whose ability is known, for tests of what compares runs.

A trial is resolved with the probability of the Rasch model: 1 / (1 + exp(difficulty - ability)). Scores follow from it.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import msgspec
from payloads import Json, attempt, check, metrics, payload, task

from agentbench import signing

DOMAINS = 7
TASKS = 40


def difficulties(rng: random.Random, n: int = TASKS) -> list[float]:
    """Return difficulties of tasks in logits."""
    return [rng.gauss(0.0, 1.2) for _ in range(n)]


def run(
    rng: random.Random, ability: float, hard: list[float], *, attempts: int = 1, number: int = 1, **more: Any
) -> Json:
    """Return the payload of a run of an agent; ``number`` makes its id and day."""
    tasks = []
    for place, difficulty in enumerate(hard):
        chance = 1 / (1 + 2.718281828 ** (difficulty - ability))
        entries = [
            attempt(
                [check("right", "passed" if rng.random() < chance else "failed")],
                number=n,
                values=metrics(9, sec=60.0 + 10 * rng.random()),
            )
            for n in range(1, attempts + 1)
        ]
        tasks.append(task(f"domain-{place % DOMAINS}", f"t{place}", f"Task {place}", "medium", entries))
    day = f"2026-{1 + number // 28:02}-{1 + number % 28:02}"
    made = payload(tasks, run_id=f"{day.replace('-', '')}-120000", timestamp=f"{day}T12:00:00Z", **more)
    return made | {"signature": signing.sign(made)}


def store(results: Path, made: Json) -> Path:
    """Write a payload as a finished run below ``results``; return its folder."""
    folder = results / made["run_id"]
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    (folder / "results.json").write_bytes(msgspec.json.encode(made))
    return folder
