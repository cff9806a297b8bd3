"""The index of runs: it says what the files say, for as long as they are what they were."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import simulated_runs as simulated

from agentbench import history, signing, stored
from agentbench.history import INDEX


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Return a folder with three runs of one agent and one of another."""
    rng = random.Random(1)
    hard = simulated.difficulties(rng, 7)
    for number in (1, 2, 3):
        simulated.store(tmp_path, simulated.run(rng, 0.0, hard, number=number))
    simulated.store(tmp_path, simulated.run(rng, 1.0, hard, number=4, model="other/model"))
    return tmp_path


def test_the_index_says_what_the_files_say(results: Path) -> None:
    """From the files and from the index the same summaries come, figure by figure."""
    first = history.load(results)
    assert (results / INDEX).is_file()
    assert history.load(results) == first
    assert [run.run_id[:8] for run in first] == ["20260102", "20260103", "20260104", "20260105"]
    payload = json.loads((results / first[0].run_id / "results.json").read_text())
    assert (first[0].overall_score, first[0].resolved_rate) == (
        payload["overall_score"],
        payload["resolved_rate"],
    )
    assert [task.digest for task in first[0].tasks] == [task["digest"] for task in payload["tasks"]]
    assert [line.score for task in first[0].tasks for line in task.attempts] == [
        entry["score"] for task in payload["tasks"] for entry in task["attempts"]
    ]


def test_only_what_changed_is_read_again(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history.load(results)
    read: list[str] = []
    real = stored.load
    monkeypatch.setattr(stored, "load", lambda run: (read.append(run.run_id), real(run))[1])
    history.load(results)
    assert read == []
    rng = random.Random(9)
    made = simulated.run(rng, 0.0, simulated.difficulties(rng, 7), number=2)
    (results / made["run_id"] / "results.json").write_text(json.dumps(made))
    assert history.load(results)[1].overall_score == made["overall_score"]
    assert read == [made["run_id"]]


def test_an_edited_result_is_known_as_such(results: Path) -> None:
    """A better score by hand does not survive in the index, nor does it count."""
    path = results / history.load(results)[0].run_id / "results.json"
    path.write_text(path.read_text().replace('"overall_score":', '"overall_score":9', 1))
    found = history.load(results)
    assert found[0].intact is False or found[0].error is not None
    assert len(history.finished(found)) == 3


@pytest.mark.parametrize("damage", [b"", b"\xff\xff", b"\x92\x63\x80", b'{"version": 1}'])
def test_a_damaged_index_is_made_again(results: Path, damage: bytes) -> None:
    first = history.load(results)
    (results / INDEX).write_bytes(damage)
    assert history.load(results) == first


def test_a_run_that_is_gone_is_gone(results: Path) -> None:
    first = history.load(results)
    (results / first[1].run_id).rename(results.parent / "elsewhere")
    assert [run.run_id for run in history.load(results)] == [
        run.run_id for n, run in enumerate(first) if n != 1
    ]


def test_a_folder_that_cannot_be_written_is_still_read(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an index everything works, only slower."""

    def refuse(*args: object, **options: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr("agentbench.codec.atomic_write", refuse)
    assert len(history.load(results)) == 4
    assert not (results / INDEX).exists()


def test_series_hold_what_measured_the_same(results: Path) -> None:
    """Another model, other tasks or other scoring rules begin a series of their own; a damaged run is in none."""
    runs = history.load(results)
    assert [len(series) for series in history.series(runs).values()] == [1, 2, 3, 1]
    rng = random.Random(1)
    payload = simulated.run(rng, 0.0, simulated.difficulties(rng, 7), number=5)
    payload["tasks"][0]["digest"] = "sha256:" + "00" * 32
    payload["signature"] = signing.sign(payload)
    simulated.store(results, payload)
    assert [len(series) for series in history.series(history.load(results)).values()] == [1, 2, 3, 1, 1]


def test_a_stopped_run_is_in_no_series(results: Path) -> None:
    """What was not worked on, or is to be tried again, is not settled; an invalid or unsupported trial is."""
    rng = random.Random(1)
    made = simulated.run(rng, 0.0, simulated.difficulties(rng, 7), number=5)
    for change, settled in (
        ({"counts": made["counts"] | {"scored": 6, "cancelled": 1}, "complete": False}, 6),
        ({"retries_due": 2, "complete": False}, 5),
        ({"counts": made["counts"] | {"scored": 5, "invalid": 1, "unsupported": 1}}, 7),
    ):
        found = history.of_payload(made | change, "x", intact=True)
        assert (found.complete, found.settled, found.planned) == (settled == 7, settled, 7)
        assert len(history.series([found])) == (settled == 7)


def test_claims_are_kept() -> None:
    """What an agent claimed, what it was given and who gave it stand in the summary."""
    from payload_sample import sample

    found = history.of_payload(sample(), "x", intact=True)
    claims = [claim for task in found.tasks for line in task.attempts for claim in line.claims]
    assert ("l2.tools", 25, 5, "rule") in claims
