"""`compare` on stored runs: every form of output, what is refused, and how long it takes."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from payloads import HOSTILE_NAMES, Json, attempt, check, hostile, metrics, payload, task, timeline
from report_helpers import HTML, text_of, tree

from agentbench import signing
from agentbench.cli.main import main
from agentbench.compare import compare_all, pages
from agentbench.errors import ResultsError, UsageError
from agentbench.report import words

pytestmark = pytest.mark.slow

SUITES = (
    "data-analysis",
    "error-handling",
    "file-creation",
    "memory",
    "multi-step",
    "research",
    "tool-efficiency",
)


def run_of(run_id: str, shift: int, *, attempts: int = 3, n: int = 40, **more: Any) -> Json:
    tasks = []
    for place in range(n):
        entries = [
            attempt(
                [check(f"check-{n}", expected="x" * 60, found="y" * 60) for n in range(6)],
                number=number,
                values=metrics(sec=60.0 + place),
                timeline=timeline(20, 60.0 + place, 1),
            )
            | {"score": float(score), "resolved": score > 60}
            for number in range(1, attempts + 1)
            for score in [40 + place * 17 % 40 + number * 7 % 5 + shift * (place % 3 + 1)]
        ]
        tasks.append(task(SUITES[place % 7], f"task-{place}", f"Task {place}", "hard", entries))
    return payload(tasks, run_id=run_id, **more)


def stored(folder: Path, run: Json) -> str:
    """Store a signed run and return its name."""
    unsigned = {key: value for key, value in run.items() if key != "signature"}
    place = folder / run["run_id"]
    place.mkdir(parents=True)
    (place / "run.json").write_text("{}")
    (place / "results.json").write_bytes(
        msgspec.json.encode(unsigned | {"signature": signing.sign(unsigned)})
    )
    return str(run["run_id"])


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return three stored runs: a baseline, a better one, and one that is much the same."""
    monkeypatch.setenv("AGENTBENCH_RESULTS", str(tmp_path / "runs"))
    runs = (run_of("20260101-000001", 0), run_of("20260101-000002", 3), run_of("20260101-000003", 0, seed=7))
    return [stored(tmp_path / "runs", run) for run in runs]


def test_all_forms_say_the_same(names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, note = tmp_path / "page.html", tmp_path / "note.md"
    assert main(["compare", *names, "--html", str(page), "--markdown", str(note)]) == 0
    text = capsys.readouterr().out
    assert main(["compare", *names, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    shown = text_of(tree(page.read_text("utf-8")))
    for one in plain["comparisons"]:
        for sentence in (*one["answer"], *(warning["text"] for warning in one["warnings"])):
            assert sentence in text
            assert sentence in shown
            assert sentence.replace("~", "\\~").replace("<", "&lt;") in note.read_text("utf-8")
    assert plain["comparisons"][0]["answers"][0]["verdict"] == "better"
    assert plain["comparisons"][1]["answers"][0]["verdict"] == "same"
    assert text.index("Warning: the seeds differ (42, 7)") < text.index(
        "No difference: A and C score the same"
    )


def test_the_same_runs_give_the_same_output(names: list[str], tmp_path: Path) -> None:
    files = []
    for number in (1, 2):
        file = tmp_path / f"{number}.html"
        assert main(["compare", *names[:2], "--json", "--html", str(file)]) == 0
        files.append(file.read_bytes())
    assert files[0] == files[1]


def test_runs_that_share_nothing_are_one_line(
    names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = run_of("20260101-000004", 0)
    for entry in other["tasks"]:
        entry["digest"] = "sha256:" + "1" * 64
    alone = stored(tmp_path / "runs", other)
    with pytest.raises(ResultsError, match="share no task of equal files") as caught:
        main(["compare", names[0], names[1], alone])
    assert caught.value.exit_code == 4
    assert str(caught.value).startswith(f"{names[0]}, {alone}: ")
    empty = run_of("20260101-000005", 0)
    for entry in empty["tasks"]:
        entry |= {"status": "invalid", "score": None, "resolved": False}
        for one in entry["attempts"]:
            one |= {"status": "invalid", "score": None, "resolved": False, "layers": None}
    with pytest.raises(ResultsError, match="no task that both runs hold has a score in both"):
        main(["compare", names[0], stored(tmp_path / "runs", empty)])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("value", ["0", "-3", "101", "nan"])
def test_a_difference_to_detect_is_one_that_can_be(names: list[str], value: str) -> None:
    with pytest.raises(UsageError, match="--detect"):
        main(["compare", *names, f"--detect={value}"])


def test_the_difference_to_detect_is_that_of_the_plan(
    names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *names[:2], "--detect", "1.5", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)["comparisons"][0]["answers"][0]
    assert answer["plan"]["target"] == 1.5


def test_two_runs_are_compared_within_a_second(names: list[str], tmp_path: Path) -> None:
    """40 tasks with 3 attempts each, beyond the start of the interpreter; processor time, the best of three."""

    def took(*command: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], check=True, capture_output=True, timeout=60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    bare = min(took("-c", "pass") for _ in range(3))
    page = str(tmp_path / "page.html")
    best = min(took("-m", "agentbench", "compare", *names[:2], "--html", page) for _ in range(3))
    assert best - bare < 1.0


def test_a_page_is_sound_html_and_hostile_names_stay_text() -> None:
    page = pages.render_html(compare_all([hostile(), hostile() | {"run_id": "x", "seed": 1}]))
    parsed = tree(page)
    shown = text_of(parsed)
    for name in HOSTILE_NAMES[:5]:
        assert words.one_line(words.clean(name)) in shown
    tags = [element.tag for element in parsed.iter()]
    assert tags.count(f"{HTML}script") == 1
    assert f"{HTML}img" not in tags
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_markdown_tables_keep_their_columns() -> None:
    text = pages.render_markdown(compare_all([hostile(), hostile() | {"run_id": "x"}]))
    assert "<script" not in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    widths: list[int] = []
    for line in rows:
        cells = line.replace("\\|", "").count("|")
        if set(line) <= set("|-:"):
            widths.append(cells)
    heads = [number for number, line in enumerate(rows) if set(line) <= set("|-:")]
    for place, number in enumerate(heads):
        end = heads[place + 1] - 1 if place + 1 < len(heads) else len(rows)
        assert {line.replace("\\|", "").count("|") for line in rows[number - 1 : end]} == {widths[place]}


def test_an_axis_shows_answers_whole_and_cuts_what_goes_beyond() -> None:
    comparison = compare_all([run_of("a", 0, n=14), run_of("b", 3, n=14)])[0]
    wide = msgspec.structs.replace(comparison.domain_answers[0].found, interval=(-90.0, 95.0))
    answer = comparison.answers[0].found
    scale = pages.axis([(answer, True), (wide, False)])
    cut = pages.mark(wide, scale, "x")
    assert (cut.low, cut.high, cut.cut_low, cut.cut_high) == (0.0, 100.0, True, True)
    whole = pages.mark(answer, scale, "y")
    assert answer.interval is not None
    assert (whole.cut_low, whole.cut_high) == (False, False)
    assert scale.place(0) == 50
    assert [place for place, _ in scale.ticks] == sorted(place for place, _ in scale.ticks)
    assert "0" in [label for _, label in scale.ticks]
    assert 3 <= len(scale.ticks) <= 7
