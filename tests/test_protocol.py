"""The skill's calls, made as an agent makes them: from the first task to the report."""

from __future__ import annotations

import re
import stat
import time
from pathlib import Path

import pytest
import suites
from installation import Installation

from agentbench import active, identity, ledger, paths, tries, workspace
from agentbench.paths import RunPaths
from agentbench.state import replay


def _turn(text: str) -> suites.Printed:
    found = suites.parse(text)
    assert found is not None, text
    return found


def test_a_whole_run(installed: Installation) -> None:
    """Four tasks, one of three turns: every trial is scored, resolved and recorded once; nothing is left over."""
    last = installed.play(installed.start())
    payload = installed.payload()
    assert payload["counts"] == {"planned": 4, "scored": 4, "invalid": 0, "unsupported": 0, "cancelled": 0}
    assert [(task["task_id"], task["resolved"], task["layers"]["l0"]) for task in payload["tasks"]] == [
        (task_id, True, 100.0) for task_id in suites.TASKS
    ]
    assert len(installed.events("try-graded")) == 4
    assert len(installed.events("run-finished")) == 1
    assert installed.leftovers() == []
    assert f"{payload['overall_score']:.1f}".removesuffix(".0") in last


def test_what_start_prints(installed: Installation) -> None:
    """The first task: its line, its workspace (mode 0700, named after it), the message, and one command."""
    text = installed.start("--task", suites.SUM)
    turn = _turn(text)
    assert "Running: Sum [alpha] (difficulty: easy)" in text
    assert re.fullmatch(r"agentbench-task-alpha-sum-\w+", turn.workspace.name)
    assert stat.S_IMODE(turn.workspace.stat().st_mode) == 0o700
    assert [path.name for path in turn.workspace.iterdir()] == ["numbers.txt"]
    assert "Add up numbers.txt" in text
    assert re.search(r"run \d{8}-\d{6}", text)
    assert turn.token in text


@pytest.mark.parametrize("task", suites.TASKS)
def test_few_words_around_the_message(installed: Installation, task: str) -> None:
    """What the helper adds to a task's message is at most 150 words, and says nothing of checks or answers."""
    text = installed.start("--task", task)
    while (turn := suites.parse(text)) is not None:
        head, _, rest = text.partition("----8<----")
        message, _, tail = rest.partition("---->8----")
        assert message.strip()
        frame = head.partition("Running:")[2] + tail
        assert len(frame.split()) <= 150, frame
        shown = frame.replace(str(installed.root), "").replace(paths.launcher(), "")  # a place may have any name
        assert not re.search(r"hidden|check|valid|expected", shown, re.IGNORECASE)
        text = installed.done(turn)


def test_the_score_line(installed: Installation) -> None:
    """The score comes as ``{name}: {composite}/100 (L0:… L1:… L2:… L3:…)``."""
    text = installed.play(installed.start("--task", suites.SUM))
    assert re.search(r"^Sum: 100/100 \(L0:100 L1:100 L2:100 L3:100\)$", text, re.MULTILINE), text


def test_a_wrong_answer_is_not_resolved(installed: Installation) -> None:
    """A wrong answer is scored lower and said not to be resolved; it is not an error."""
    turn = _turn(installed.start("--task", suites.SUM))
    (turn.workspace / "total.txt").write_text("1\n")
    text = installed.done(turn)
    assert re.search(r"^Sum: [\d.]+/100 \(L0:40 .*\) - not resolved$", text, re.MULTILINE), text


def test_nothing_done_scores_nothing(installed: Installation) -> None:
    """A trial that changed nothing and answered nothing has 0 in every layer, whatever the agent claims."""
    text = installed.done(_turn(installed.start("--task", suites.SUM)))
    assert re.search(r"^Sum: 0/100 \(L0:0 L1:0 L2:0 L3:0\) - not resolved$", text, re.MULTILINE), text


def test_words_alone_are_no_work(installed: Installation) -> None:
    """Saying that all is done, with top marks for oneself, wins nothing where no check looks at the reply."""
    turn = _turn(installed.start("--task", suites.SUM))
    note = installed.root / "note.md"
    note.write_text("Done. Everything is complete and correct.")
    text = installed.call(*suites.done_arguments(turn), "--reply", str(note))
    assert re.search(r"^Sum: 0/100 \(L0:0 L1:0 L2:0 L3:0\) - not resolved$", text, re.MULTILINE), text


TALK = """\
id: talk-answer
name: Answer
suite: talk
difficulty: easy
user_message: Which number is the answer?
expected_outputs:
  - pattern: "**"
    validators: [{type: response-contains, contains: ["42"]}]
"""


@pytest.mark.parametrize(("words", "score"), [("It is 42.", "100"), ("I will not say.", "0")])
def test_a_task_answered_in_words(installed: Installation, words: str, score: str) -> None:
    """Where a check looks at the reply, the reply is the work; without a transcript it must be handed in."""
    task = installed.root / "talk" / "talk" / "answer"
    task.mkdir(parents=True)
    (task / "task.yaml").write_text(TALK)
    turn = _turn(installed.call("start", "--tasks", str(installed.root / "talk")))
    assert "--reply FILE" in installed.refused(*suites.done_arguments(turn), code=2)
    note = installed.root / "note.md"
    note.write_text(words)
    text = installed.call(*suites.done_arguments(turn), "--reply", str(note))
    assert f"(L0:{score} " in text


def test_a_planted_frozen_folder_is_no_hand_in(installed: Installation) -> None:
    """A folder of the name that a frozen workspace will have does not hand in the task."""
    turn = _turn(installed.start("--task", suites.SUM))
    workspace.frozen_path(turn.workspace, 1).mkdir()
    assert suites.parse(installed.call("status")) is not None
    assert installed.events("turn-submitted") == []


def test_a_run_is_private(installed: Installation) -> None:
    """Only its owner may look into a run: it holds the agent's transcript."""
    installed.start("--task", suites.SUM)
    assert stat.S_IMODE(installed.run.root.stat().st_mode) == 0o700


def test_turns_of_a_task(installed: Installation) -> None:
    """Turns share a workspace, inputs come and go between them, and only the last asks for an assessment."""
    turns = []
    text = installed.start("--task", suites.LETTERS)
    for number in (1, 2, 3):
        turn = _turn(text)
        turns.append(turn)
        assert f"Message {number} of 3." in text
        assert (turn.workspace / f"word-{number}.txt").is_file()
        assert not (turn.workspace / f"word-{number - 1}.txt").exists()
        suites.answer(turn.workspace)
        text = installed.done(turn)
    assert [turn.last for turn in turns] == [False, False, True]
    assert len({turn.workspace for turn in turns}) == 1
    assert len({turn.token for turn in turns}) == 3
    (task,) = installed.payload()["tasks"]
    assert {check["id"]: check["status"] for check in task["attempts"][0]["checks"]} == {
        "early": "passed",
        "words": "passed",
    }


def test_hidden_values_are_nowhere_while_the_agent_works(installed: Installation) -> None:
    """Between two calls no file under our places holds a hidden value, and no hidden folder exists."""
    text = installed.start("--task", suites.SUM, "--task", suites.PROGRAM)
    while (turn := suites.parse(text)) is not None:
        assert not [path for path in installed.root.rglob("*") if "hidden" in path.name]
        for path in (*installed.tmp.rglob("*"), *installed.results.rglob("*")):
            assert not path.is_file() or b"hidden-total-" not in path.read_bytes(), path
        suites.answer(turn.workspace)
        text = installed.done(turn)


def test_attempts_have_inputs_of_their_own(installed: Installation) -> None:
    """Two attempts are two workspaces with different inputs, both scored, and said which is which."""
    text = installed.start("--task", suites.SUM, "--attempts", "2")
    first = _turn(text)
    assert "attempt 1 of 2" in text
    numbers = (first.workspace / "numbers.txt").read_text()
    suites.answer(first.workspace)
    text = installed.done(first)
    second = _turn(text)
    assert "attempt 2 of 2" in text
    assert (second.workspace / "numbers.txt").read_text() != numbers
    installed.play(text)
    payload = installed.payload()
    assert payload["counts"]["scored"] == payload["counts"]["planned"] == 2
    assert [attempt["attempt"] for attempt in payload["tasks"][0]["attempts"]] == [1, 2]


def test_the_seed_makes_the_inputs(installed: Installation) -> None:
    """The same seed gives the same inputs, another one others; without one it is chosen and printed."""

    def numbers(*args: str) -> str:
        text = installed.call("start", "--tasks", str(installed.tasks), "--task", suites.SUM, *args)
        assert re.search(r"Seed: \d+", text)
        return (_turn(text).workspace / "numbers.txt").read_text()

    assert numbers("--seed", "5") == numbers("--seed", "5")
    assert numbers("--seed", "6") != numbers("--seed", "5")
    assert numbers() != numbers()


@pytest.mark.parametrize(
    ("options", "tasks"),
    [
        (["--suite", "alpha"], [suites.LETTERS, suites.SUM]),
        (["--fast"], [suites.LETTERS, suites.SUM]),
        (["--fast", "--task", suites.SLOW], [suites.SLOW]),
        (["--task", "alpha/sum"], [suites.SUM]),
    ],
)
def test_which_tasks_are_run(installed: Installation, options: list[str], tasks: list[str]) -> None:
    """A suite, the fast profile and named tasks select; a named task is run whatever the profile says."""
    installed.start(*options)
    (started,) = [RunPaths(path) for path in installed.results.iterdir()]
    found = re.findall(r'"id": "([^"]+)"', started.identity.read_text())
    assert found == tasks


def test_keep_workspace(installed: Installation) -> None:
    """With ``--keep-workspace`` the workspace is there again after grading, as the agent left it."""
    text = installed.start("--task", suites.SUM, "--keep-workspace")
    turn = _turn(text)
    installed.play(text)
    assert installed.leftovers() == [turn.workspace.name]
    assert (turn.workspace / "total.txt").is_file()


def test_done_from_anywhere(installed: Installation, tmp_path: Path) -> None:
    """``done`` finds its run from any directory, also from one that was removed meanwhile."""
    installed.env.pop("AGENTBENCH_RESULTS")
    elsewhere, gone = tmp_path / "elsewhere", tmp_path / "gone"
    elsewhere.mkdir()
    gone.mkdir()
    text = installed.start(
        "--task", suites.SUM, "--task", suites.PROGRAM, "--results", str(installed.results)
    )
    turn = _turn(text)
    suites.answer(turn.workspace)
    text = installed.done(turn, cwd=elsewhere)
    turn = _turn(text)
    suites.answer(turn.workspace)
    command = ["bash", "-c", 'cd "$0" && rmdir "$0" && exec "$@"', str(gone)]
    with installed.popen(*suites.done_arguments(turn), before=command) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Program: 100/100" in out
    assert installed.payload()["counts"]["scored"] == 2


@pytest.mark.slow
def test_a_slow_check_does_not_hold_up_the_agent(installed: Installation, tmp_path: Path) -> None:
    """``done`` answers within 8 s; the score comes with the next call, and the run ends only with every grade."""
    slow = suites.write_suite(tmp_path / "slow", sleep_sec=9.0)
    text = installed.call("start", "--tasks", str(slow), "--task", suites.SLOW, "--seed", "1")
    turn = _turn(text)
    suites.answer(turn.workspace)
    started = time.monotonic()
    text = installed.done(turn)
    assert time.monotonic() - started < 8.5
    assert "Grading goes on" in text
    assert "/100" not in text
    assert not installed.run.results.exists()
    text = installed.settle(text)
    assert "Slow: 100/100" in text
    assert installed.payload()["counts"]["scored"] == 1
    assert len(installed.events("grading-started")) == 1


def test_status_prints_the_task_again(installed: Installation) -> None:
    """``status`` after a lost context gives the same workspace and token, and changes nothing."""
    turn = _turn(installed.start("--task", suites.SUM))
    before = len(ledger.read(installed.run))
    text = installed.call("status")
    assert _turn(text) == turn
    assert "0 of 1 graded" in text
    assert len(ledger.read(installed.run)) == before


def test_status_leaves_harness_runs_alone(installed: Installation, tmp_path: Path) -> None:
    """A harness-run that is not finished is no run of the agent's: ``status`` does not take it up."""
    installed.call(
        "run", "--agent", "nop", "--tasks", str(installed.tasks), "--task", suites.SUM, "--seed", "1"
    )
    installed.run.results.unlink()
    assert "no run is in progress" in installed.refused("status", code=2)


def test_done_again_after_the_end(installed: Installation) -> None:
    """``done`` repeated after the run ended prints the summary again and records nothing."""
    turn = _turn(installed.start("--task", suites.SUM))
    suites.answer(turn.workspace)
    installed.done(turn)
    before, results = len(ledger.read(installed.run)), installed.run.results.read_bytes()
    text = installed.done(turn)
    assert suites.parse(text) is None
    assert len(ledger.read(installed.run)) == before
    assert installed.run.results.read_bytes() == results


def test_a_damaged_run_does_not_block_another(installed: Installation) -> None:
    """``done`` of a healthy run works beside a run whose ledger is broken."""
    installed.start("--task", suites.SUM)
    broken = installed.run
    broken.ledger.write_text('{"no": "entry"}\n')
    turn = _turn(installed.start("--task", suites.PROGRAM))
    suites.answer(turn.workspace)
    assert "Program: 100/100" in installed.done(turn)


def test_replies_and_trace_are_kept(installed: Installation) -> None:
    """Replies of every turn and the trace, given as files, are stored with what was handed in."""
    text = installed.start("--task", suites.LETTERS)
    note = installed.root / "note.md"
    for number in (1, 2, 3):
        turn = _turn(text)
        suites.answer(turn.workspace)
        note.write_bytes(f"reply {number} \udcff".encode("utf-8", "surrogateescape"))
        own = ["--reply", str(note), *(["--trace", str(note)] if turn.last else [])]
        text = installed.call(*suites.done_arguments(turn), *own)
    outcome = installed.run.try_dir(suites.LETTERS, 1, 1).outcome.read_text()
    for number in (1, 2, 3):
        assert f"reply {number}" in outcome
    assert "reply 3" in installed.payload()["tasks"][0]["attempts"][0]["execution_trace"]


def test_the_agent_breaks_a_later_turn(installed: Installation) -> None:
    """Inputs that cannot be placed for a later turn make the trial invalid; the run goes on and ends."""
    turn = _turn(installed.start("--task", suites.LETTERS, "--task", suites.SUM))
    (turn.workspace / "word-1.txt").unlink()
    (turn.workspace / "word-1.txt").mkdir()
    text = installed.play(installed.done(turn))
    assert suites.parse(text) is None
    payload = installed.payload()
    assert payload["counts"]["invalid"] == 1
    assert payload["counts"]["scored"] == 1
    assert payload["tasks"][0]["attempts"][0]["cause"] == "setup"
    assert installed.leftovers() == []


def test_pointers_are_dropped_at_the_end(installed: Installation) -> None:
    """A run in progress is known, a finished one is not."""
    text = installed.start("--task", suites.SUM)
    assert [run.root for run in active.runs(installed.root / "nowhere")] == [installed.run.root]
    installed.play(text)
    assert active.runs(installed.root / "nowhere") == []


def test_pending_and_settled(installed: Installation) -> None:
    """Every trial of the plan is either not begun, in work or settled, at every step."""
    text = installed.start("--task", suites.SUM, "--task", suites.PROGRAM)
    plan = identity.load(installed.run)
    state = replay(ledger.read(installed.run))
    assert tries.pending(plan, state) == [(suites.PROGRAM, 1)]
    assert not tries.settled(plan, state)
    installed.play(text)
    state = replay(ledger.read(installed.run))
    assert tries.pending(plan, state) == []
    assert tries.settled(plan, state)
