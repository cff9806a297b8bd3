"""The runs as pages, served on loopback or written to a folder."""

from __future__ import annotations

import asyncio
import random
import socket
from pathlib import Path
from typing import Any

import pytest
import simulated_runs as simulated
import suites
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from installation import Installation
from markupsafe import escape
from payloads import HOSTILE_NAMES

from agentbench import history
from agentbench.cli.main import main
from agentbench.errors import EnvironmentNotReady, UsageError
from agentbench.paths import RunPaths
from agentbench.report import words
from agentbench.site import pages, static
from agentbench.site.server import application, serve


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Return a folder with two runs of one agent, one of another, and one that is damaged."""
    folder = tmp_path / "results"
    rng = random.Random(1)
    hard = simulated.difficulties(rng, 7)
    for number, model in ((1, "m/one"), (2, "m/one"), (3, "m/two")):
        simulated.store(folder, simulated.run(rng, 0.0, hard, number=number, model=model))
    (folder / "20260201-000000").mkdir()
    (folder / "20260201-000000" / "run.json").write_text("{")
    return folder


def ask(folder: Path, *addresses: str, language: str = "en", **options: Any) -> list[tuple[int, str]]:
    """Return status and text of each address."""

    async def asked() -> list[tuple[int, str]]:
        async with TestClient(TestServer(application(folder, language))) as client:
            found = []
            for address in addresses:
                answer = await client.get(address, allow_redirects=False, **options)
                found.append((answer.status, await answer.text()))
            return found

    return asyncio.run(asked())


def test_list_reports_and_comparisons_are_served(results: Path) -> None:
    ids = ["20260102-120000", "20260103-120000", "20260104-120000"]
    (listed, text), (reported, report), (compared, comparison) = ask(
        results, "/", f"/run/{ids[0]}/", f"/compare?run={ids[1]}&run={ids[0]}"
    )
    assert (listed, reported, compared) == (200, 200, 200)
    assert all(f'href="run/{run_id}/"' in text for run_id in ids)
    assert f'href="compare?run={ids[0]}&amp;run={ids[1]}"' in text
    assert "cannot be read" in text
    assert ids[0] in report
    assert comparison.index(ids[0]) < comparison.index(ids[1])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/run/20260102-120000", 302),
        ("/run/20260102/", 404),
        ("/run/latest/", 404),
        ("/run/%2e%2e%2f%2e%2e%2fetc/", 404),
        ("/run/..%2Fresults%2F20260102-120000/", 404),
        ("/compare", 400),
        ("/compare?run=20260102-120000", 400),
        ("/compare?run=20260102-120000&run=nothing", 404),
        ("/run/20260201-000000/", 422),
        ("/../../etc/passwd", 404),
        ("/templates/page.css", 404),
    ],
)
def test_nothing_else_is_served(results: Path, address: str, status: int) -> None:
    """Only whole ids of runs are names; what is damaged says so and is no server error."""
    ((found, text),) = ask(results, address)
    assert found == status
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8737", 200),
        ("localhost", 200),
        ("[::1]:1", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example:80", 403),
    ],
)
def test_only_names_of_this_machine_are_answered(results: Path, host: str, status: int) -> None:
    """A page elsewhere whose name was pointed at this machine reads nothing."""
    ((found, _),) = ask(results, "/", headers={"Host": host})
    assert found == status


def test_an_edited_run_is_not_shown_as_it_says(results: Path) -> None:
    path = results / "20260102-120000" / "results.json"
    path.write_text(path.read_text().replace('"overall_score":', '"overall_score":9', 1))
    (_, text), (status, told) = ask(results, "/", "/run/20260102-120000/")
    assert status == 422
    assert "does not match" in told or "is not a results file" in told
    assert 'value="20260102-120000"' not in text


def test_a_stopped_run_says_how_far_it_came() -> None:
    rng = random.Random(1)
    made = simulated.run(rng, 0.0, simulated.difficulties(rng, 7))
    made |= {"counts": made["counts"] | {"scored": 2, "cancelled": 5}, "complete": False}
    text = pages.render_runs([history.of_payload(made, "x", intact=True)], pages.STATIC)
    assert "2 of 7 trials" in text


def test_a_run_in_progress_is_shown_trial_by_trial(installed: Installation) -> None:
    """What has a verdict, what is worked on and what waits; a finished run shows its report instead."""
    text = installed.start("--task", suites.SUM, "--task", suites.LETTERS)
    run = installed.run
    assert [trial.state for trial in pages.progress(run).trials] == ["working", "waiting"]
    ((_, page),) = ask(installed.results, f"/run/{run.run_id}/")
    assert "0 of 2 trials have a verdict" in page
    turn = suites.parse(text)
    assert turn is not None
    suites.answer(turn.workspace)
    text = installed.done(turn)
    found = pages.progress(run)
    assert (found.done, found.resolved, [trial.state for trial in found.trials]) == (
        1,
        1,
        ["resolved", "working"],
    )
    installed.play(text)
    ((status, page),) = ask(installed.results, f"/run/{run.run_id}/")
    assert status == 200
    assert 'id="tasks"' in page


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    rng = random.Random(1)
    for number, name in enumerate(HOSTILE_NAMES, 1):
        made = simulated.run(
            rng,
            0.0,
            simulated.difficulties(rng, 3),
            number=number,
            model=name,
            agent={"name": name, "version": name},
        )
        simulated.store(tmp_path, made)
    ((_, text),) = ask(tmp_path, "/")
    assert "<script>document" not in text
    assert "<img" not in text
    assert "\x1b" not in text
    for name in HOSTILE_NAMES:
        assert str(escape(words.clean(name))) in text


def test_a_taken_port_is_said_in_one_line(results: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EnvironmentNotReady, match=f"port {port}"):
            asyncio.run(serve(results, port, "en", lambda address: None))


def test_the_server_says_where_it_is_and_ends_when_it_is_told(results: Path) -> None:
    """It listens on loopback alone."""

    async def served() -> str:
        told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(serve(results, 0, "en", told.set_result))
        address = await told
        async with ClientSession() as session, session.get(address) as answer:
            assert answer.status == 200
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return address

    assert asyncio.run(served()).startswith("http://127.0.0.1:")


def test_a_site_holds_the_same_pages(results: Path, tmp_path: Path) -> None:
    """Every link of the list leads to a file, from ``file://`` too."""
    out = tmp_path / "out"
    n_reports, left = static.write(results, out)
    assert n_reports == 3
    assert len(left) == 1
    index = (out / "index.html").read_text()
    links = [part.partition('"')[0] for part in index.split('href="')[1:]]
    files = [link for link in links if not link.startswith(("#", "data:"))]
    assert len(files) == 4
    assert [link for link in files if not (out / link).is_file()] == []
    assert "<form" not in index
    static.write(results, out)


def test_a_site_overwrites_nothing_of_others(results: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds other files"):
        static.write(results, out)
    with pytest.raises(UsageError, match="no folder"):
        static.write(results, out / "thesis.txt")
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_the_commands(results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", str(tmp_path / "out"), "--results", str(results)]) == 0
    assert f"Wrote 3 reports; begin with {tmp_path / 'out' / 'index.html'}" in capsys.readouterr().out
    with pytest.raises(UsageError, match="--port"):
        main(["view", "--port", "70000", "--results", str(results)])


def test_progress_of_a_damaged_run_is_an_error_of_ours(results: Path) -> None:
    from agentbench.errors import AgentBenchError

    with pytest.raises(AgentBenchError):
        pages.progress(RunPaths(results / "20260201-000000"))
