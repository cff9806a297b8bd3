"""The command line: help, JSON shapes, exit codes, and one line for every error."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tiny

from agentbench import __version__
from agentbench.cli import main as cli
from agentbench.errors import AgentBenchError, UsageError
from agentbench.report import words

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a folder of suites with an easy and a hard task; everything else is isolated."""
    tiny.isolate(monkeypatch, tmp_path)
    tiny.write_task(tmp_path)
    hard = tiny.YAML.replace("demo-numbers", "demo-more").replace("easy", "hard")
    tiny.write_task(tmp_path, path="demo/more", yaml=hard)
    return str(tmp_path / "tasks")


def call(capsys: pytest.CaptureFixture[str], *argv: str) -> Any:
    """Run a command in this process and return what it printed, parsed when it is JSON."""
    assert cli.main(argv) == 0
    text = capsys.readouterr().out
    if argv[:1] == ("run",) and "--json" in argv:
        *events, last = map(json.loads, text.splitlines())
        assert {event["event"] for event in events} >= {"try-started", "try-ended", "trial-finished"}
        assert last["event"] == "finished"
        return last["results"]
    return json.loads(text) if "--json" in argv else text


def program(*argv: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a process."""
    command = [sys.executable, "-m", "agentbench", *argv]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **env})


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help says what the command does and describes every option, and exits with 0."""
    with pytest.raises(SystemExit) as left:
        cli.main([name, "--help"])
    text = capsys.readouterr().out
    assert left.value.code == 0
    assert f"agentbench {name}" in text
    assert " ".join(cli.COMMANDS[name][1].split()[:3]) in " ".join(text.split())
    assert "--json" in text


@pytest.mark.parametrize("argv", [[], ["-h"], ["--help"], ["help"]])
def test_overview_names_every_command(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command the program explains itself."""
    text = call(capsys, *argv)
    assert [name for name in cli.COMMANDS if f"  {name} " not in text] == []
    assert call(capsys, "--version") == f"agentbench {__version__}\n"


def test_list_json(suite: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An array of id, name, suite, difficulty, profiles; filters apply."""
    assert call(capsys, "list", "--json", "--tasks", suite) == [
        {
            "id": "demo-more",
            "name": "Sum of numbers",
            "suite": "demo",
            "difficulty": "hard",
            "profiles": ["full"],
        },
        {
            "id": "demo-numbers",
            "name": "Sum of numbers",
            "suite": "demo",
            "difficulty": "easy",
            "profiles": ["fast", "full"],
        },
    ]
    fast = call(capsys, "list", "--json", "--fast", "--tasks", suite)
    assert [task["id"] for task in fast] == ["demo-numbers"]


def test_list_for_people(suite: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By domain, with full id and difficulty, and the totals at the end."""
    text = call(capsys, "list", "--tasks", suite)
    assert "## demo (2 tasks)" in text
    assert "  - numbers (demo-numbers) [easy] Sum of numbers" in text
    assert "2 tasks in 1 domain. " in text


def test_run_results_compare_report_json(
    suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run's payload is printed and stored; results lists it; compare and report find it by name."""
    oracle = call(capsys, "run", "--agent", "oracle", "--seed", "4", "--json", "--tasks", suite)
    nop = call(capsys, "run", "--agent", "nop", "--seed", "4", "--fast", "--json", "--tasks", suite)
    assert (oracle["seed"], oracle["counts"]["scored"], oracle["resolved_rate"]) == (4, 2, 1.0)
    stored = tmp_path / "results" / oracle["run_id"] / "results.json"
    assert json.loads(stored.read_bytes()) == oracle

    rows = call(capsys, "results", "--json")
    assert [row["run_id"] for row in rows] == [oracle["run_id"], nop["run_id"]]
    assert {
        key: rows[1][key] for key in ("overall_score", "profile", "task_count", "path", "finished", "intact")
    } == {
        "overall_score": 0.0,
        "profile": "fast",
        "task_count": 1,
        "path": str(tmp_path / "results" / nop["run_id"]),
        "finished": True,
        "intact": True,
    }
    assert "timestamp" in rows[0]
    shared = {"agent": "oracle", "model": None, "seed": 4, "resolved_rate": 1.0}
    assert {key: rows[0][key] for key in shared} == shared
    head, first, second = call(capsys, "results").splitlines()
    assert head.split()[3:] == ["Agent", "Model", "Overall", "Resolved", "Profile", "Tasks", "Seed", "Trend"]
    assert first.split()[3:] == [
        "oracle",
        "–",
        words.score(oracle["overall_score"]),
        "100%",
        "full",
        "2",
        "4",
    ]
    assert second.split()[3:] == ["nop", "–", "0.0", "0%", "fast", "1", "4"]

    comparison = call(capsys, "compare", nop["run_id"], "latest", "--json")
    assert comparison == call(
        capsys, "compare", str(tmp_path / "results" / nop["run_id"]), nop["run_id"], "--json"
    )
    assert isinstance(comparison, dict)
    assert oracle["run_id"] in call(capsys, "compare", oracle["run_id"], nop["run_id"])

    report = call(capsys, "report", oracle["run_id"], "--json")
    assert report["run_id"] == oracle["run_id"]
    assert Path(report["html"]).is_file()
    assert Path(report["markdown"]).is_file()


def test_a_results_file_that_was_given_away_is_read(
    suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the file or by its folder, with nothing of the run beside it; files that options ask for are named."""
    made = call(capsys, "run", "--agent", "oracle", "--seed", "4", "--json", "--tasks", suite)
    shared = tmp_path / "from a friend" / "results.json"
    shared.parent.mkdir()
    shared.write_bytes((tmp_path / "results" / made["run_id"] / "results.json").read_bytes())
    by_file, by_folder = (
        call(capsys, "compare", made["run_id"], str(name), "--json") for name in (shared, shared.parent)
    )
    assert by_file == by_folder
    page = tmp_path / "page.html"
    assert cli.main(["compare", "latest", str(shared), "--html", str(page)]) == 0
    assert capsys.readouterr().err == f"Wrote {page}\n"
    assert page.is_file()
    assert call(capsys, "report", str(shared), "--json")["html"] == str(shared.with_name("report.html"))


@pytest.mark.parametrize(
    ("place", "message"),
    [("", "is a folder. Name a file in it."), ("no/x.md", "no such folder. Make it first.")],
)
def test_files_are_not_written_anywhere(
    suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str, message: str
) -> None:
    """A slip in a path makes no folders, and the message names the option."""
    call(capsys, "run", "--agent", "nop", "--json", "--tasks", suite)
    for command in (["report", "--junit"], ["compare", "latest", "latest", "--markdown"]):
        with pytest.raises(UsageError, match=message) as caught:
            cli.main([*command, str(tmp_path / place)])
        assert caught.value.where.startswith(command[-1])
    assert not (tmp_path / "no").exists()


def test_a_new_task_begins_a_suite_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--tasks`` may name a folder that is not there yet; the gate then names what is not written, once."""
    mine = str(tmp_path / "tasks")
    call(capsys, "tasks", "new", "mine/one", "--tasks", mine)
    assert cli.main(["tasks", "check", "--seeds", "2", "--jobs", "1", "--tasks", mine]) == 1
    broken = [line for line in capsys.readouterr().out.splitlines() if line.startswith("BROKEN")]
    assert "BROKEN mine-one seeds 101, 102: nothing is left to be filled in: task.yaml says FILL IN" in broken
    assert len(broken) == len(set(broken))


def test_results_show_unfinished_and_changed_runs(
    suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run in progress has no score; a result that was edited is marked."""
    assert "No runs in" in call(capsys, "results")
    started = call(capsys, "start", "--task", "demo-numbers", "--json", "--tasks", suite)
    assert (started["complete"], Path(started["path"]).name) == (False, started["run_id"])
    (row,) = call(capsys, "results", "--json")
    assert (row["overall_score"], row["finished"], row["intact"]) == (None, False, None)
    assert "unfinished" in call(capsys, "results")
    done = call(capsys, "run", "--agent", "nop", "--json", "--tasks", suite)
    path = tmp_path / "results" / done["run_id"] / "results.json"
    path.write_text(path.read_text().replace('"overall_score": 0.0', '"overall_score": 99.0'))
    rows = {row["run_id"]: row for row in call(capsys, "results", "--json")}
    assert rows[done["run_id"]]["intact"] is False
    assert "signature does not match" in call(capsys, "results")


def test_one_bad_run_does_not_hide_the_others(
    suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`results` shows a run that cannot be read with the reason, in JSON as ``error``, and all others."""
    good = call(capsys, "run", "--agent", "nop", "--json", "--tasks", suite)
    for name in ("20200101-000000", "20200102-000000", "notes"):
        (tmp_path / "results" / name).mkdir()
    (tmp_path / "results" / "20200101-000000" / "run.json").write_text("{")
    real = Path.stat

    def locked(path: Path, **options: Any) -> os.stat_result:
        if path.parent.name == "20200102-000000":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **options)

    monkeypatch.setattr(Path, "stat", locked)
    damaged, shut, fine = call(capsys, "results", "--json")
    assert (fine["run_id"], fine["error"], fine["finished"]) == (good["run_id"], None, True)
    assert "run.json" in damaged["error"]
    assert "Permission denied" in shut["error"]
    for row in (damaged, shut):
        assert set(row) == set(fine)
        assert {name for name, value in row.items() if value is not None} == {"run_id", "path", "error"}
    text = call(capsys, "results")
    assert text.count("cannot be read: ") == 2
    assert good["run_id"] in text


def test_a_run_without_any_score_says_why_and_exits_with_4(
    suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A set-up that fails is named with its cause; nothing scored is no success, in JSON neither."""
    (tmp_path / "tasks" / "demo" / "numbers" / "setup.py").write_text("raise SystemExit('no disk')\n")
    argv = ["run", "--agent", "nop", "--task", "demo-numbers", "--tasks", suite]
    assert cli.main(argv) == 4
    shown = capsys.readouterr()
    (line,) = [line for line in shown.err.splitlines() if "Sum of numbers" in line]
    assert line.startswith("1/1  Sum of numbers  no score: the task's set-up failed: ")
    assert "no disk" in line
    assert "0 of 1 planned task scored, 1 invalid" in shown.out
    assert cli.main([*argv, "--json"]) == 4
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["results"]["counts"]["invalid"] == 1
    assert cli.main(["run", "--agent", "nop", "--json", "--tasks", suite]) == 0


def test_tasks_check_json_and_exit_code(
    suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 with no findings; 1 when the gate is not met, with the broken rule."""
    argv = ["tasks", "check", "demo-numbers", "--seeds", "2", "--jobs", "1", "--json", "--tasks", suite]
    assert call(capsys, *argv) == {"tasks": ["demo-numbers"], "seeds": [101, 102], "findings": []}
    tiny.write_task(tmp_path, solutions=tiny.SOLUTIONS.replace("[other_order]", "[]"))
    assert cli.main(argv) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {finding["rule"] for finding in findings} == {"an alternative right solution"}


def test_tasks_check_prints_a_table_and_what_is_broken(
    suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row for each task with its figures; each finding names task, seed, solution, rule and check."""
    broken = tiny.SOLUTIONS.replace("sum(numbers[:-1])", "sum(numbers)")
    tiny.write_task(tmp_path, path="demo/numbers", solutions=broken)
    assert cli.main(["tasks", "check", "--seeds", "1", "--jobs", "1", "--tasks", suite]) == 1
    shown = capsys.readouterr().out
    assert re.search(r"^demo/numbers +easy +2 +2 +1 +8 +1 +2 broken *$", shown, re.MULTILINE)
    (fault, *_) = [line for line in shown.splitlines() if line.startswith("BROKEN")]
    assert (
        "demo-numbers seed 101: forgets_one a wrong solution fails exactly the checks it declares: " in fault
    )
    assert "declares sum; failed none" in fault
    assert shown.rstrip().endswith("gate not met, 2 findings")


def test_tasks_cards_are_printed(suite: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A table of the domains and a card for each task; the checks stay hidden."""
    assert cli.main(["tasks", "cards", "--tasks", suite]) == 0
    page = capsys.readouterr().out
    assert "| demo | 1 |  | 1 |  | 2 |" in page
    assert "### Sum of numbers (`demo/numbers`, easy)" in page
    assert "asks for `answer.json`" in page
    assert "largest" not in page


USAGE: list[tuple[list[str], str]] = [
    (["lst"], "lst: unknown command. Did you mean 'list'"),
    (["frobnicate"], "frobnicate: unknown command. See `agentbench --help`."),
    (["run", "--agent", "nop", "--sandbox", "none"], "--sandbox: means nothing to --agent nop"),
    (["list", "--task", "qqqqq"], "'qqqqq': unknown task. See `agentbench list`."),
    (["list", "--task", "env-template", "--suite", "memory"], "filters: no task passes these filters"),
    (["compare", "latest"], "compare: the following arguments are required: B. See"),
    (["list", "--sweet"], "list: unrecognized arguments: --sweet. See `agentbench list --help`."),
    (["list", "--fas"], "list: unrecognized arguments: --fas"),
    (["run", "--base-url", "http://x"], "--base-url: needs --model"),
    (["run", "--agent", "nop", "--command", "x"], "--command: belongs to --agent command, not to nop"),
    (["run", "--agent", "nop", "--model", "x"], "--model: means nothing to --agent nop"),
    (["run", "--agent", "nop", "--jobs", "0"], "--jobs: 0 is not between 1 and 256"),
    (["run", "--agent", "nop", "--max-cost", "1"], "--max-cost, --max-tokens: nothing is metered"),
    (["run", "--agent", "nop", "--max-time", "soon"], "--max-time: needs a time like 90, 15m or 8h"),
    (["run", "--agent", "nop", "--trial-memory", "much"], "--trial-memory: needs a size like 500M or 4G"),
    (["run", "--agent", "command", "--command", "x {promt}"], "Did you mean 'prompt'"),
    (["resume", "no-such-run"], "no runs here"),
    (["run", "--agent", "orakle"], "--agent orakle: unknown agent. Did you mean 'oracle'?"),
    (["run", "--agent", "nop", "--attempts", "0"], "--attempts: 0 is not between 1 and 100"),
    (["run", "--agent", "nop", "--seed", "-1"], "--seed: -1 is not between 0 and"),
    (["run", "--agent", "nop", "--seed", "x"], "run: --seed: needs a whole number, not 'x'. See"),
    (["start", "--suite", "reserch"], "'reserch': unknown suite. Did you mean 'research'"),
    (["start", "--task", "env-templat"], "'env-templat': unknown task. Did you mean"),
    (["done", "0" * 10, "--l2", "30,25,25,20"], "done: --l2 and --l3 go together"),
    (["done", "0" * 10, "--l2", "31,25,25,20", "--l3", "1,1,1,1"], "--l2: adherence cannot be '31'"),
    (["done", "0" * 10, "--planning", "1.5"], "--planning: 1.5 is not between 0.0 and 1.0"),
    (["done", "0" * 10, "--planning", "nan"], "--planning: nan is not between"),
    (["done", "0" * 10, "--calls", "N"], "done: --calls: needs a whole number, not 'N'"),
    (["done", "0" * 10, "--planning", "P"], "done: --planning: needs a number, not 'P'"),
    (["done", "0" * 10], "done: no run is in progress"),
    (["status"], "status: no run is in progress"),
    (["compare", "a", "b"], "there are no runs here"),
    (
        ["tasks"],
        "tasks: the following arguments are required: check|new|cards. See `agentbench tasks --help`.",
    ),
    (["tasks", "chek"], "tasks: check|new|cards: invalid choice: 'chek'"),
    (["tasks", "new", "Research"], "Research: is no SUITE/SLUG. For example research/price-history"),
    (["tasks", "new", "../x/y"], "../x/y: is no SUITE/SLUG"),
    (["tasks", "new", "research/cve-triage"], "task.yaml: is there already. Choose another name"),
    (["tasks", "check", "--seeds", "0"], "tasks check: --seeds takes 1 to 100"),
]


@pytest.mark.parametrize(("argv", "message"), USAGE, ids=[" ".join(argv) for argv, _ in USAGE])
def test_usage_errors_name_the_option_and_the_remedy(
    argv: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, one line, and a hint where there is one."""
    tiny.isolate(monkeypatch, tmp_path)
    with pytest.raises(UsageError) as caught:
        cli.main(argv)
    assert message in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("argv", "code", "message"),
    [
        (["list"], 0, ""),
        (["bogus"], 2, "agentbench: bogus: unknown command"),
        (["list", "--tasks", "/nonexistent"], 4, "agentbench: /nonexistent: no such folder"),
        (
            ["run", "--agent", "nop", "--results", "/dev/null/x"],
            5,
            "agentbench: /dev/null/x: cannot be written",
        ),
    ],
)
def test_exit_codes_of_the_program(argv: list[str], code: int, message: str) -> None:
    """As a process: the code of the error's class, one line on stderr, never a traceback."""
    done = program(*argv)
    assert done.returncode == code
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == (1 if code else 0)


def test_an_unexpected_error_is_logged_and_exits_with_3(tmp_path: Path) -> None:
    """One line with the path of a log that holds the traceback."""
    code = (
        "import sys; from agentbench.cli import main as m; sys.argv = ['agentbench', 'list'];"
        "m.main = lambda argv: 1 / 0; m.entry()"
    )
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env=env)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "unexpected ZeroDivisionError" in done.stderr
    (log,) = tmp_path.glob("agentbench-error-*.log")
    assert "Traceback" in log.read_text()
    assert str(log) in done.stderr


@pytest.mark.parametrize(
    ("command", "package"), [("analyze", "numpy"), ("analyze", "scipy"), ("view", "aiohttp")]
)
def test_a_command_without_its_extra_says_what_to_install(command: str, package: str) -> None:
    """The core package goes without numpy, scipy and aiohttp; what needs them says so in a line."""
    without = f"import sys; sys.modules[{package!r}] = None; from agentbench.cli import main; main.entry()"
    done = subprocess.run(
        [sys.executable, "-c", without, command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 5
    assert done.stderr.count("\n") == 1
    assert f"{command}: needs the package {package}" in done.stderr
    assert "pip install 'agentbench[harness,analysis]'" in done.stderr


def test_a_closed_pipe_and_an_interrupt_are_no_errors() -> None:
    """`agentbench list | head -1` ends quietly; Ctrl-C gives 130."""
    piped = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m agentbench list | head -1; exit ${{PIPESTATUS[0]}}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (piped.returncode, piped.stderr) == (0, "")
    code = (
        "import sys; from agentbench.cli import main as m\n"
        "def stop(argv):\n    raise KeyboardInterrupt\n"
        "m.main = stop; m.entry()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "agentbench: interrupted\n")


def test_output_survives_a_terminal_that_knows_no_unicode() -> None:
    """An ASCII terminal gets escapes instead of a crash."""
    done = program("list", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")


def test_every_error_class_has_its_exit_code() -> None:
    """The tree in the docstring of errors.py and the classes agree."""
    doc = sys.modules[AgentBenchError.__module__].__doc__
    assert doc is not None
    classes = [AgentBenchError, *AgentBenchError.__subclasses__()]
    wrong = [one.__name__ for one in classes if f"{one.__name__} " not in doc]
    assert wrong == []
    for one in classes:
        line = next(line for line in doc.splitlines() if f"{one.__name__} " in line)
        assert f"exit {one.exit_code} " in line
