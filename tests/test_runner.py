"""A run driven by an agent object: utility agents, whatever keeps a trial from a score, retries, stops, going on."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import tiny
from suites import answer, write_suite

from agentbench import finish, ledger, runner, tasks
from agentbench.agents import registry as agents
from agentbench.agents.base import About, Acted, Actor, Agent, AgentFailed, Desk, Performing, Record, Turn
from agentbench.errors import EnvironmentNotReady, UsageError
from agentbench.failures import FailureCause
from agentbench.identity import Options, TrialLimits
from agentbench.model import Task
from agentbench.paths import RunPaths
from agentbench.runner import Event, Settings, Stop
from agentbench.state import replay
from agentbench.validators import registry


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the empty folder in which workspaces are made."""
    return tiny.isolate(monkeypatch, tmp_path)


class Worker:
    """An actor that calls a function on each turn."""

    name = "worker"

    def __init__(self, act: Callable[[Turn], object]) -> None:
        self._act = act

    def check(self, task: Task) -> None:
        """It works anywhere."""

    def act(self, turn: Turn) -> str | None:
        """Call the function."""
        found = self._act(turn)
        return found if isinstance(found, str) else None


class Scripted:
    """An agent whose every turn ends as a function of its desk and turn says."""

    name = "scripted"
    boxed = False
    secrets: Mapping[str, str] = {}
    readable: tuple[Path, ...] = ()

    def __init__(self, act: Callable[[Desk, Turn], Acted]) -> None:
        self._act = act

    def about(self) -> About:
        """Return its name."""
        return About(name=self.name)

    def check(self, tasks: Sequence[Task]) -> None:
        """It works anywhere."""

    def open(self, desk: Desk) -> _Session:
        """Return a session that calls the function."""
        return _Session(self._act, desk)


class _Session:
    def __init__(self, act: Callable[[Desk, Turn], Acted], desk: Desk) -> None:
        self._act, self._desk = act, desk

    def act(self, turn: Turn) -> Acted:
        return self._act(self._desk, turn)

    def close(self) -> Record:
        return Record()


def make(name: str) -> Agent:
    """Return a built-in agent."""
    return agents.make(name, {})


def create(root: Path, agent: Agent, **more: Any) -> RunPaths:
    """Make a run of all tasks below ``root``."""
    made = {"attempts": 1, "seed": 3, "keep_workspace": False, **more}
    options = Options(
        kind="harness-run",
        about=agent.about(),
        fast=False,
        suites=(),
        task_ids=(),
        tasks_dir=str(root),
        strict=False,
        **made,
    )
    return runner.create(
        options, tasks.load_suites(root, registry.catalogue()), agent, root.parent / "results"
    )


def work(run: RunPaths, agent: Agent, stop: Stop | None = None, **settings: Any) -> list[Event]:
    """Work on a run and return the events."""
    told: list[Event] = []
    given = Settings(**{"retries": 0, "backoff_sec": 0.01, **settings})
    runner.work(run, agent, None, given, told.append, stop or Stop())
    return told


def run(root: Path, actor: Actor | Agent, settings: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Run all tasks below ``root`` and return the payload."""
    agent = actor if hasattr(actor, "open") else Performing(actor)  # type: ignore[arg-type]
    place = create(root, agent, **more)
    told = work(place, agent, **(settings or {}))
    finished = [(event.task_id, event.attempt) for event in told if event.kind == "trial-finished"]
    plan = [(task.id, n) for task in tasks.load_suites(root, registry.catalogue()) for n in range(1, 100)]
    assert len(finished) == len(set(finished))
    assert set(finished) <= set(plan)
    return finish.finish(place)


@pytest.mark.parametrize(
    ("agent", "l0", "resolved"), [("oracle", 100.0, True), ("nop", 0.0, False), ("stuffer", 0.0, False)]
)
def test_utility_agents(tmp_path: Path, place: Path, agent: str, l0: float, resolved: bool) -> None:
    """The oracle resolves, doing nothing gets 0 in every layer, the stuffer resolves nothing; /tmp stays clean."""
    tiny.write_task(tmp_path)
    found = run(tmp_path / "tasks", make(agent))
    (task,) = found["tasks"]
    assert (task["status"], task["layers"]["l0"], task["resolved"]) == ("scored", l0, resolved)
    assert found["tier"] == "harness-run"
    if agent == "nop":
        assert (found["overall_score"], task["flags"][0]["code"]) == (0.0, "no-work")
    assert list(place.iterdir()) == []


def test_a_run_of_several_tasks_and_turns(tmp_path: Path, place: Path) -> None:
    """An honest agent resolves every task of a suite, one of three turns among them."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)
    found = run(root, Worker(lambda turn: answer(turn.workspace)))
    assert found["resolved_rate"] == 1.0
    assert found["counts"] == {"planned": 4, "scored": 4, "invalid": 0, "unsupported": 0, "cancelled": 0}
    assert list(place.iterdir()) == []


def test_attempts_get_different_inputs(tmp_path: Path) -> None:
    """Attempt 2 has the seed after attempt 1's."""
    tiny.write_task(tmp_path)
    seen: list[str] = []
    run(
        tmp_path / "tasks",
        Worker(lambda turn: seen.append((turn.workspace / "numbers.txt").read_text())),
        attempts=3,
    )
    assert len(set(seen)) == 3


def test_a_missing_requirement_is_unsupported_not_zero(tmp_path: Path) -> None:
    """The agent is never asked, there is no score, and the message names what is missing."""
    tiny.write_task(
        tmp_path, yaml=tiny.YAML.replace("user_message", "requires: {bins: [no-such-bin]}\nuser_message")
    )

    def asked(turn: Turn) -> None:
        raise AssertionError("asked to work on an unsupported task")

    found = run(tmp_path / "tasks", Worker(asked))
    (task,) = found["tasks"]
    assert (task["status"], task["score"], found["overall_score"]) == ("unsupported", None, None)
    assert "no-such-bin" in task["attempts"][0]["message"]
    assert found["counts"]["unsupported"] == 1


@pytest.mark.parametrize(("turn_number", "status"), [(1, "invalid"), (2, "scored")])
def test_an_agent_that_crashes(tmp_path: Path, place: Path, turn_number: int, status: str) -> None:
    """With nothing done it has no score; what it had done by then is graded. Other tasks go on, /tmp is clean."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)

    def act(turn: Turn) -> None:
        if "letters" in turn.task.id and turn.number == turn_number:
            raise AgentFailed("out of memory")
        answer(turn.workspace)

    found = run(root, Worker(act))
    by_id = {task["task_id"]: task for task in found["tasks"]}
    crashed = by_id["alpha-letters"]
    (attempt,) = crashed["attempts"]
    assert (crashed["status"], attempt["cause"], crashed["resolved"]) == (status, "agent-crash", False)
    assert "out of memory" in attempt["message"]
    assert (crashed["score"] is None) == (status == "invalid")
    if status == "scored":
        assert crashed["layers"]["l0"] == 20.0  # the check of the first turn
    assert found["counts"]["scored"] == 3 + (status == "scored")
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("when", ["build", "before_turn"])
def test_a_set_up_that_fails_is_invalid_not_zero(tmp_path: Path, place: Path, when: str) -> None:
    """At the start or between two turns: the task is to blame, and the run ends in order."""
    turns = "turns:\n  - message: One.\n  - message: Two.\nexpected_outputs"
    yaml = tiny.YAML.replace("expected_outputs", turns, 1)
    yaml = yaml.replace(yaml[yaml.index("user_message") : yaml.index("input_files")], "")
    fault = "    raise RuntimeError('no luck')\n"
    setup = tiny.SETUP + (
        fault if when == "build" else f"\n\ndef before_turn(workspace, hidden, seed, turn):\n{fault}"
    )
    tiny.write_task(tmp_path, yaml=yaml, setup=setup)
    found = run(tmp_path / "tasks", Worker(lambda turn: "fine"))
    (task,) = found["tasks"]
    assert (task["status"], task["score"], task["attempts"][0]["cause"]) == ("invalid", None, "setup")
    assert "no luck" in task["attempts"][0]["message"]
    assert list(place.iterdir()) == []


def test_a_validator_that_raises_is_invalid_not_zero(tmp_path: Path) -> None:
    """The message names the check and the error."""
    tiny.write_task(tmp_path, checks=tiny.CHECKS.replace("if found == wanted", "if found == wanted[0]"))
    found = run(tmp_path / "tasks", make("oracle"))
    (attempt,) = found["tasks"][0]["attempts"]
    assert (attempt["status"], attempt["score"], attempt["cause"]) == ("invalid", None, "validator")
    assert "check 'sum' (sum-right): TypeError" in attempt["message"]


def test_keep_workspace_leaves_what_the_agent_left(tmp_path: Path, place: Path) -> None:
    """The directory the agent worked in is there again under its name."""
    tiny.write_task(tmp_path)
    seen: list[Path] = []

    def act(turn: Turn) -> None:
        seen.append(turn.workspace)
        (turn.workspace / "mine.txt").write_text("x")

    run(tmp_path / "tasks", Worker(act), keep_workspace=True)
    assert list(place.iterdir()) == seen
    assert (seen[0] / "mine.txt").read_text() == "x"


def test_an_agent_that_cannot_work_here_starts_nothing(tmp_path: Path) -> None:
    """Without solutions the oracle refuses before a run exists."""
    tiny.write_task(tmp_path, solutions=None)
    with pytest.raises(EnvironmentNotReady, match="no solution of demo-numbers"):
        run(tmp_path / "tasks", make("oracle"))
    assert not (tmp_path / "results").is_dir() or not list((tmp_path / "results").iterdir())


def test_unknown_agents_are_named() -> None:
    """With the nearest known name."""
    with pytest.raises(UsageError, match="Did you mean 'oracle'"):
        agents.make("orakle", {})


# -- retries, stops and going on ----------------------------------------------------------------


def solved(desk: Desk, turn: Turn) -> Acted:
    """Do the work of a turn."""
    answer(turn.workspace)
    return Acted(reply="done")


def test_a_failure_of_the_provider_is_tried_again_and_every_try_is_kept(tmp_path: Path, place: Path) -> None:
    """Two failures, then a success: scored, three numbered tries, their files there, the workspaces gone."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)

    def act(desk: Desk, turn: Turn) -> Acted:
        answer(turn.workspace)
        if desk.task.id == "alpha-sum" and desk.try_no < 3:
            return Acted(reply=None, cause=FailureCause.PROVIDER_TRANSIENT, detail="503")
        return Acted(reply="done")

    agent = Scripted(act)
    made = create(root, agent)
    told = work(made, agent, retries=2)
    waits = [event.wait_sec for event in told if event.kind == "retry-scheduled"]
    assert len(waits) == 2
    assert 0.005 <= (waits[0] or 0) <= 0.01 <= (waits[1] or 0) <= 0.02
    tries = replay(ledger.read(made)).tries["alpha-sum", 1]
    assert [(one.status, one.cause) for one in tries] == [
        ("invalid", "provider-transient"),
        ("invalid", "provider-transient"),
        ("scored", None),
    ]
    for number in (1, 2, 3):
        assert made.try_dir("alpha-sum", 1, number).result.is_file()
        assert made.try_dir("alpha-sum", 1, number).outcome.is_file()
    payload = finish.finish(made)
    assert payload["counts"] == {"planned": 4, "scored": 4, "invalid": 0, "unsupported": 0, "cancelled": 0}
    assert payload["resolved_rate"] == 1.0
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("cause", ["provider-limit", "environment", "agent-unavailable", "foreign-transcript"])
def test_what_still_fails_is_invalid_never_zero(tmp_path: Path, cause: str) -> None:
    """After the last retry there is no score, although the workspace holds the right answer."""
    tiny.write_task(tmp_path)
    n_tries = []

    def act(desk: Desk, turn: Turn) -> Acted:
        n_tries.append(desk.try_no)
        return Acted(reply="x", cause=FailureCause(cause), detail="no")

    found = run(tmp_path / "tasks", Scripted(act), {"retries": 2})
    (task,) = found["tasks"]
    assert n_tries == [1, 2, 3]
    assert (task["status"], task["score"], found["overall_score"]) == ("invalid", None, None)
    assert found["score_if_invalid_is_zero"] == 0.0


@pytest.mark.parametrize("cause", ["agent-timeout", "agent-budget", "agent-refusal"])
def test_an_agents_own_limit_is_graded_on_what_it_left(tmp_path: Path, cause: str) -> None:
    """At once, without another try: full marks for a finished workspace, 0 for an untouched one, the cause shown."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)

    def act(desk: Desk, turn: Turn) -> Acted:
        if desk.task.id != "beta-slow":
            answer(turn.workspace)
        assert desk.try_no == 1
        return Acted(reply=None, cause=FailureCause(cause), detail="enough")

    found = run(root, Scripted(act), {"retries": 2})
    by_id = {task["task_id"]: task for task in found["tasks"]}
    assert {task["attempts"][0]["cause"] for task in found["tasks"]} == {cause}
    assert found["counts"]["scored"] == 4
    assert by_id["alpha-sum"]["layers"]["l0"] == 100.0
    assert (by_id["beta-slow"]["score"], by_id["beta-slow"]["resolved"]) == (0.0, False)
    assert by_id["alpha-letters"]["layers"]["l0"] == 20.0


@pytest.mark.parametrize("cause", ["agent-empty", "agent-crash"])
def test_an_agent_that_fails_gets_another_try_before_it_is_graded(tmp_path: Path, cause: str) -> None:
    """The last try's work counts."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)

    def act(desk: Desk, turn: Turn) -> Acted:
        if desk.try_no == 2:
            answer(turn.workspace)
        return Acted(reply=None, cause=FailureCause(cause), detail="oh")

    found = run(root, Scripted(act), {"retries": 1})
    sums = next(task for task in found["tasks"] if task["task_id"] == "alpha-sum")
    assert (sums["status"], sums["layers"]["l0"], sums["attempts"][0]["try_no"]) == ("scored", 100.0, 2)


@pytest.mark.parametrize("cause", ["provider-auth", "provider-model"])
def test_what_would_fail_everywhere_stops_the_run(tmp_path: Path, cause: str) -> None:
    """No further try begins; the rest of the plan counts as cancelled, and can be gone on with."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)
    agent = Scripted(lambda desk, turn: Acted(reply=None, cause=FailureCause(cause), detail="401"))
    made = create(root, agent)
    stop = Stop()
    work(made, agent, stop)
    assert stop.why is not None
    assert "401" in stop.why
    payload = finish.finish(made)
    assert payload["counts"]["invalid"] + payload["counts"]["cancelled"] == 4
    assert payload["counts"]["cancelled"] >= 1
    work(made, Scripted(solved), retry_invalid=True)
    assert finish.finish(made)["resolved_rate"] == 1.0


def test_several_trials_at_once_and_never_more_than_jobs(tmp_path: Path) -> None:
    """Eight trials by three jobs: three agents at work at some time, never four."""
    tiny.write_task(tmp_path)
    lock, now, most = threading.Lock(), 0, []
    full = threading.Barrier(3, timeout=20)

    def act(desk: Desk, turn: Turn) -> Acted:
        nonlocal now
        with lock:
            now += 1
            most.append(now)
        if desk.attempt <= 3:
            full.wait()
        time.sleep(0.01)
        with lock:
            now -= 1
        return Acted(reply="x")

    run(tmp_path / "tasks", Scripted(act), {"jobs": 3}, attempts=8)
    assert len(most) == 8
    assert max(most) == 3


def test_a_retry_holds_no_slot(tmp_path: Path) -> None:
    """While the first trial waits for its second try, the others have the only slot."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)
    order = []

    def act(desk: Desk, turn: Turn) -> Acted:
        if turn.number == 1:
            order.append((desk.task.id, desk.try_no))
        answer(turn.workspace)
        if desk.task.id == "alpha-letters" and desk.try_no == 1:
            return Acted(reply=None, cause=FailureCause.PROVIDER_LIMIT, detail="429")
        return Acted(reply="x")

    run(root, Scripted(act), {"retries": 1, "backoff_sec": 4.0})
    assert order[-1] == ("alpha-letters", 2)
    assert len(order) == 5


def test_a_stop_lets_running_tries_end_and_the_run_go_on_later(tmp_path: Path, place: Path) -> None:
    """Nothing begins after it; going on does what is left, and nothing twice."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)
    stop, seen = Stop(), []

    def act(desk: Desk, turn: Turn) -> Acted:
        seen.append((desk.task.id, turn.number))
        stop.finish("enough")
        return solved(desk, turn)

    agent = Scripted(act)
    made = create(root, agent)
    work(made, agent, stop)
    assert len({task for task, _ in seen}) == 1
    assert finish.finish(made)["counts"] == {
        "planned": 4,
        "scored": 1,
        "invalid": 0,
        "unsupported": 0,
        "cancelled": 3,
    }
    assert list(place.iterdir()) == []
    work(made, agent)
    assert sorted(task for task, number in seen if number == 1) == [
        "alpha-letters",
        "alpha-sum",
        "beta-program",
        "beta-slow",
    ]
    assert finish.finish(made)["resolved_rate"] == 1.0


def test_a_run_that_stops_before_a_retry_is_not_complete(tmp_path: Path) -> None:
    """A failed trial that waits for its next try has no verdict yet; with no retries left to it, it has."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)
    stop = Stop()

    def act(desk: Desk, turn: Turn) -> Acted:
        stop.finish("enough")
        return Acted(reply=None, cause=FailureCause.PROVIDER_LIMIT)

    agent = Scripted(act)
    made = create(root, agent)
    work(made, agent, stop, retries=1, backoff_sec=60.0)
    stopped = finish.finish(made)
    assert (stopped["complete"], stopped["retries_due"], stopped["counts"]["invalid"]) == (False, 1, 1)
    work(made, agent, retries=0)
    given_up = finish.finish(made)
    assert (given_up["complete"], given_up["retries_due"]) == (True, 0)


def test_a_kill_ends_running_tries_which_are_tried_again_later(tmp_path: Path, place: Path) -> None:
    """They count as cancelled, not against the retries."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)
    stop = Stop()

    def act(desk: Desk, turn: Turn) -> Acted:
        if desk.try_no == 1 and not stop.killed:
            stop.kill()
        return solved(desk, turn)

    agent = Scripted(act)
    made = create(root, agent)
    work(made, agent, stop)
    assert finish.finish(made)["counts"]["cancelled"] == 4
    assert list(place.iterdir()) == []
    work(made, agent)
    assert finish.finish(made)["resolved_rate"] == 1.0


def test_a_time_budget_stops_the_run(tmp_path: Path) -> None:
    """In words that say which."""
    tiny.write_task(tmp_path)
    agent = Scripted(solved)
    made = create(tmp_path / "tasks", agent)
    stop = Stop()
    told = work(made, agent, stop, max_time_sec=0.0)
    assert stop.why == "the time budget of 0 s is used up"
    assert [event.kind for event in told] == ["stopping"]


def test_what_an_agent_was_handed_is_scrubbed_from_all_that_is_stored(tmp_path: Path) -> None:
    """Replies, files, logs and error messages of every turn; the trial says so, and the answer still counts."""
    secret = "token-0123456789-abcdef"
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)

    def act(desk: Desk, turn: Turn) -> Acted:
        answer(turn.workspace)
        (turn.workspace / "debug.log").write_text(f"Authorization: {secret}\n")
        return Acted(reply=f"Used {secret}.", cause=FailureCause.AGENT_TIMEOUT, detail=f"after {secret}")

    agent = Scripted(act)
    agent.secrets = {"MY_TOKEN": secret}
    made = create(root, agent)
    work(made, agent)
    payload = finish.finish(made)
    assert payload["counts"]["scored"] == 4
    assert {flag["code"] for task in payload["tasks"] for flag in task["flags"]} >= {"secret-scrubbed"}
    stored = [path for path in made.root.rglob("*") if path.is_file()]
    assert any(b"[MY_TOKEN]" in _content(path) for path in stored)
    assert [path.name for path in stored if secret.encode() in _content(path)] == []


def _content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def test_a_run_is_worked_on_by_one_process(tmp_path: Path) -> None:
    """A second one is refused, in one line."""
    tiny.write_task(tmp_path)
    agent = Scripted(solved)
    made = create(tmp_path / "tasks", agent)
    with ledger.locked(made.lock), pytest.raises(EnvironmentNotReady, match="another process"):
        work(made, agent)


def test_the_trials_own_time_limit_is_shared_by_its_turns(tmp_path: Path) -> None:
    """Each turn is told what is left of it."""
    root = write_suite(tmp_path / "tasks", sleep_sec=0.0)
    left = []

    def act(desk: Desk, turn: Turn) -> Acted:
        if desk.task.id == "alpha-letters":
            left.append(turn.timeout_sec)
            time.sleep(0.05)
        return solved(desk, turn)

    run(root, Scripted(act), limits=TrialLimits(timeout_sec=100.0))
    assert left[0] == 100.0
    assert 100.0 - 60 < left[2] <= left[1] - 0.05 <= left[0] - 0.1
