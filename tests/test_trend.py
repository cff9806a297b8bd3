"""Is the latest run worse? What is flagged is a loss that chance does not explain."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import simulated_runs as simulated

from agentbench import history, signing, trend
from agentbench.cli.main import main
from agentbench.errors import ResultsError, UsageError

CHANCE = 0.05


def summaries(rng: random.Random, abilities: list[float], attempts: int = 1) -> list[history.Summary]:
    """Return runs of one agent with these abilities, one after the other, on the same tasks."""
    hard = simulated.difficulties(rng)
    return [
        history.of_payload(
            simulated.run(rng, ability, hard, attempts=attempts, number=n), str(n), intact=True
        )
        for n, ability in enumerate(abilities, 1)
    ]


def test_a_clear_loss_is_flagged_and_a_gain_is_not() -> None:
    rng = random.Random(3)
    worse = trend.trend(summaries(rng, [0.5, 0.5, 0.5, -1.0], attempts=2))
    better = trend.trend(summaries(rng, [-1.0, -1.0, -1.0, 0.5], attempts=2))
    assert worse is not None
    assert better is not None
    assert worse.regressed == ("score", "resolved")
    assert better.regressed == ()
    assert len(worse.baseline) == 3


def test_at_most_five_runs_are_the_baseline() -> None:
    found = trend.trend(summaries(random.Random(1), [0.0] * 9))
    assert found is not None
    assert [run.path for run in found.baseline] == ["4", "5", "6", "7", "8"]


def test_the_first_run_has_nothing_before_it() -> None:
    found = trend.trend(summaries(random.Random(1), [0.0]))
    assert found is not None
    assert (found.baseline, found.score, found.resolved, found.regressed) == ((), None, None, ())
    assert trend.trend([]) is None


@pytest.mark.slow
@pytest.mark.parametrize("n_before", [1, 5])
def test_equal_agents_are_rarely_flagged(n_before: int) -> None:
    """Of 1,000 histories without a change at most 5 % are flagged, with three standard errors of such a count."""
    n_histories = 1000
    flagged = 0
    for seed in range(n_histories):
        found = trend.trend(_quick(random.Random(seed), [0.0] * (n_before + 1)))
        assert found is not None
        flagged += bool(found.regressed)
    allowed = n_histories * CHANCE + 3 * (n_histories * CHANCE * (1 - CHANCE)) ** 0.5
    assert flagged <= allowed, flagged


def _quick(rng: random.Random, abilities: list[float]) -> list[history.Summary]:
    """Return summaries as `summaries` does, without the payloads between."""
    hard = simulated.difficulties(rng)
    return [
        history.Summary(
            run_id=str(number),
            path=str(number),
            finished=True,
            intact=True,
            complete=True,
            tasks=tuple(
                history.TaskLine(
                    task_id=str(place),
                    name="",
                    suite=f"domain-{place % simulated.DOMAINS}",
                    difficulty="hard",
                    digest="x",
                    score=None,
                    resolved=False,
                    attempts=(_line(rng, ability - difficulty),),
                )
                for place, difficulty in enumerate(hard)
            ),
        )
        for number, ability in enumerate(abilities)
    ]


def _line(rng: random.Random, logit: float) -> history.AttemptLine:
    resolved = rng.random() < 1 / (1 + 2.718281828**-logit)
    return history.AttemptLine(
        attempt=1,
        status="scored",
        resolved=resolved,
        score=(70.0 if resolved else 30.0) + rng.gauss(0, 8),
        working_sec=None,
        wall_sec=1.0,
        cost_usd=None,
        tokens=None,
        tool_calls=None,
    )


def store(results: Path, abilities: list[float], tasks: int = simulated.TASKS) -> None:
    rng = random.Random(5)
    hard = simulated.difficulties(rng, tasks)
    for number, ability in enumerate(abilities, 1):
        simulated.store(results, simulated.run(rng, ability, hard, attempts=2, number=number))


def test_the_gate_fails_on_a_regression(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--trend` tells, `--gate` makes it the exit code: 1 for a loss, 0 without one."""
    store(tmp_path, [0.5, 0.5, 0.5, -1.0])
    place = ["--results", str(tmp_path)]
    assert main(["results", "--trend", *place]) == 0
    text = capsys.readouterr().out
    assert (
        "20260105-120000 against the 3 comparable runs before (20260102-120000 to 20260104-120000), over 40 tasks"
        in text
    )
    assert text.endswith("Regression.\n")
    assert "p < 0.001" in text
    assert main(["results", "--trend", "--gate", *place]) == 1
    capsys.readouterr()
    assert main(["results", "--trend", "--gate", "--json", *place]) == 1
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["regressed"] == ["score", "resolved"]
    assert told["baseline"] == ["20260102-120000", "20260103-120000", "20260104-120000"]


def test_no_loss_passes_the_gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(tmp_path, [0.5, 0.5])
    assert main(["results", "--trend", "--gate", "--results", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("No regression is detectable.\n")


def test_what_cannot_be_answered_is_refused(tmp_path: Path) -> None:
    """A gate over nothing must not be green."""
    with pytest.raises(ResultsError, match="no finished run"):
        main(["results", "--trend", "--gate", "--results", str(tmp_path)])
    with pytest.raises(UsageError, match="--trend"):
        main(["results", "--gate", "--results", str(tmp_path)])
    with pytest.raises(UsageError, match="--gate"):
        main(["results", "--trend", "--need-earlier", "--results", str(tmp_path)])


def stop(results: Path, number: int) -> str:
    """Add a run that was stopped after 1 of its 6 trials; return its id."""
    rng = random.Random(number)
    made = simulated.run(rng, 0.5, simulated.difficulties(rng, 6), number=number)
    for task in made["tasks"][1:]:
        task |= {"attempts": [], "score": None, "resolved": False, "status": "cancelled"}
    made["counts"] |= {"scored": 1, "cancelled": 5}
    made["complete"] = False
    simulated.store(results, made | {"signature": signing.sign(made)})
    return str(made["run_id"])


def test_the_gate_fails_when_the_newest_run_was_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is in no series; without the gate the older runs are compared, and the newest is named."""
    store(tmp_path, [0.5, 0.5])
    stopped = stop(tmp_path, 3)
    place = ["--results", str(tmp_path)]
    with pytest.raises(ResultsError, match=f"{stopped}: .* only 1 of its 6 trials are settled"):
        main(["results", "--trend", "--gate", *place])
    assert main(["results", "--trend", *place]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{stopped} is newer, but not compared: 1 of 6 trials.\n20260103-120000 against")
    assert main(["results", "--trend", "--json", *place]) == 0
    assert json.loads(capsys.readouterr().out)["passed_over"] == stopped
    assert main(["results", *place]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith(stopped)]
    assert line.endswith("  1 of 6 trials")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [("seed", "signature"), ("gone", "not finished|cannot be read"), ("schema", "cannot be read")],
)
def test_the_gate_does_not_judge_an_older_run(tmp_path: Path, damage: str, reason: str) -> None:
    """A newest run that has no results, or that somebody edited, is as little a pass."""
    store(tmp_path, [0.5, 0.5])
    path = tmp_path / "20260103-120000" / "results.json"
    if damage == "gone":
        path.unlink()
    else:
        text = path.read_text()
        path.write_text(text.replace('"seed":42', '"seed":43') if damage == "seed" else "{}")
    with pytest.raises(ResultsError, match=reason):
        main(["results", "--trend", "--gate", "--results", str(tmp_path)])


def test_a_first_run_passes_unless_an_earlier_one_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(tmp_path, [0.5])
    place = ["results", "--trend", "--gate", "--results", str(tmp_path)]
    assert main(place) == 0
    assert "measured the same (agent, set-up, model, tasks, scoring, tier)" in capsys.readouterr().out
    with pytest.raises(ResultsError, match="nothing to compare with"):
        main([*place, "--need-earlier"])


def test_too_few_tasks_are_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Over fewer than six tasks no loss can show, so none is ruled out."""
    store(tmp_path, [3.0, -3.0], tasks=5)
    assert main(["results", "--trend", "--gate", "--need-earlier", "--results", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "over 5 tasks\n" in text
    assert "no detectable loss" not in text
    assert text.endswith("Too few tasks to tell: at least 6 are needed.\n")


def test_names_stand_for_a_custom_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(1)
    for number, suites in ((1, ["memory"]), (2, ["data-analysis", "research", "multi-step"])):
        hard = simulated.difficulties(rng, 6)
        chosen = {"filters": {"suite": suites, "task": []}, "profile": "custom"}
        simulated.store(tmp_path, simulated.run(rng, 0.5, hard, number=number, **chosen))
    assert main(["results", "--results", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "custom" not in text
    assert "  memory  " in text
    assert "  data-analysis, research, mu…  " in text
