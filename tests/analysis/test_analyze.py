"""The command: named runs or all of a folder, as text, JSON and Markdown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiny
from payload_sample import sample
from payloads import Json, utility

from agentbench import signing
from agentbench.cli import main as cli
from agentbench.errors import ResultsError, UsageError
from agentbench.paths import RunPaths


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tiny.isolate(monkeypatch, tmp_path)
    for number in range(3):
        store(tmp_path / "results", sample() | {"run_id": f"20261119-08115{number}"})
    return tmp_path / "results"


def store(results: Path, payload: Json) -> RunPaths:
    run = RunPaths(results / payload["run_id"])
    run.root.mkdir(parents=True)
    run.identity.write_text("{}")
    payload = {key: value for key, value in payload.items() if key != "signature"}
    run.results.write_text(json.dumps(payload | {"signature": signing.sign(payload)}))
    return run


def output(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["analyze", *words]) == 0
    return capsys.readouterr().out


def test_all_runs_of_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = output(capsys)
    assert "3 runs, 19 tasks; 51 of 57 planned trials scored." in shown
    assert "Warning: 3 runs of 1 agents" in shown
    named = output(capsys, "20261119-081150", "20261119-081151", str(folder / "20261119-081152"))
    assert named == shown


def test_a_run_named_twice_counts_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(output(capsys, "latest", "20261119-081152", "--json"))
    assert found["runs"] == 1


def test_json_and_markdown_hold_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "analysis.md"
    found = json.loads(output(capsys, "--json", "--markdown", str(page), "--group", "agent"))
    assert (found["group"], len(found["views"]["rows"])) == ("agent", 1)
    assert page.read_text().startswith("# Analysis\n")
    assert "| file\\-creation" in page.read_text() or "| file-creation" in page.read_text()
    assert found["missing"]["rasch"] == "few-totals"


def test_what_is_left_out_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(folder, utility("nop") | {"run_id": "20261120-000000"})
    damaged = store(folder, sample() | {"run_id": "20261120-000001"})
    damaged.results.write_text(damaged.results.read_text().replace('"seed": 42', '"seed": 43'))
    shown = output(capsys)
    assert "Warning: Runs of nop were left out" in shown
    assert "Warning: 1 runs were left out: not finished, damaged or changed (20261120-000001)." in shown
    assert "3 runs, 19 tasks" in shown
    with pytest.raises(ResultsError, match="signature"):
        cli.main(["analyze", "20261120-000001"])
    assert "3 runs" not in output(capsys, "20261120-000000")


def test_runs_of_utility_agents_alone_have_to_be_named(tmp_path: Path) -> None:
    for number, agent in enumerate(("nop", "oracle")):
        store(tmp_path, utility(agent) | {"run_id": f"20261120-00000{number}"})
    with pytest.raises(ResultsError, match=r"utility agents \(nop, oracle\).*agentbench analyze RUN"):
        cli.main(["analyze", "--results", str(tmp_path)])
    assert cli.main(["analyze", "20261120-000000", "--results", str(tmp_path)]) == 0


def test_errors_are_one_line(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such run"):
        cli.main(["analyze", "2025"])
    with pytest.raises(ResultsError, match="no finished run here"):
        cli.main(["analyze", "--results", str(tmp_path / "none")])
    with pytest.raises(UsageError, match="--group"):
        cli.main(["analyze", "--group", "setup"])
