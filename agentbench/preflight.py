"""One real turn before a run is begun: proves that the model answers and calls tools, for a few requests."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

import msgspec

from agentbench import desks, scratch
from agentbench.agents.base import Turn
from agentbench.desks import Place, Site
from agentbench.errors import EnvironmentNotReady
from agentbench.failures import POLICIES, FailureCause
from agentbench.model import Difficulty, ExpectedMetrics, ModelUse, Requires, Task, Weights
from agentbench.model import Turn as TaskTurn

TIMEOUT_SEC = 180.0
_FILE = "probe.txt"
_HINTS = {
    FailureCause.PROVIDER_AUTH: "Name the variable that holds the key: --api-key-env NAME.",
    FailureCause.PROVIDER_MODEL: "See what the endpoint serves: GET <base url>/models.",
    FailureCause.PROVIDER_LIMIT: "Wait, or ask for a higher limit.",
    FailureCause.PROVIDER_TRANSIENT: "Is the endpoint up, and the address right? See `agentbench doctor`.",
    FailureCause.AGENT_TIMEOUT: "The model is too slow for its agent, or does not stop.",
}


class Passed(msgspec.Struct, frozen=True):
    """What the turn took."""

    seconds: float
    use: ModelUse | None
    model: str | None


def check(site: Site) -> Passed:
    """Let the agent write one word into a file. Raises EnvironmentNotReady with cause and what to do."""
    word = secrets.token_hex(4)
    message = (
        f"Use your tools to write the word {word} into the file {_FILE} in the current folder. Then say done."
    )
    task = _task(message)
    started = time.monotonic()
    with scratch.temporary("home") as root:
        workspace, home = root / "workspace", root / "home"
        for folder in (workspace, home):
            folder.mkdir(mode=0o700)
        with desks.desk(site, Place(task, 1, 1, workspace, home), []) as desk:
            session = site.agent.open(desk)
            acted = session.act(Turn(task, 1, message, True, workspace, TIMEOUT_SEC))
            record = session.close()
            seen = desk.meter.seen() if desk.meter else None
            use = desk.meter.use() if desk.meter else None
            cause = seen.cause if seen else acted.cause
            if cause is not None:
                raise _failed(cause, seen.detail if seen else acted.detail)
            if use is not None and not use.n_requests:
                raise EnvironmentNotReady(
                    "the agent made no request to the model that it was given",
                    where="preflight",
                    hint="Does it take the endpoint's address from AgentBench? See docs/agents.md.",
                )
            if not _holds(workspace / _FILE, word):
                raise EnvironmentNotReady(
                    "the model answered, but wrote no file: it calls no tool",
                    where="preflight",
                    hint="Choose a model that can call tools, and switch on tool calls where it is served.",
                )
        return Passed(round(time.monotonic() - started, 1), use, record.model)


def _failed(cause: FailureCause, detail: str) -> EnvironmentNotReady:
    says = f"{POLICIES[cause].says} ({detail})" if detail else POLICIES[cause].says
    return EnvironmentNotReady(says, where="preflight", hint=_HINTS.get(cause, "See `agentbench doctor`."))


def _holds(path: Path, word: str) -> bool:
    return (
        path.is_file()
        and not path.is_symlink()
        and word in path.read_bytes()[:1000].decode("utf-8", "replace")
    )


def _task(message: str) -> Task:
    return Task(
        id="preflight-probe",
        name="Preflight",
        suite="preflight",
        slug="probe",
        version="1",
        difficulty=Difficulty.EASY,
        mode="sandboxed",
        description="",
        turns=(TaskTurn(message=message, new_session=True),),
        input_files=(),
        output_patterns=(),
        checks=(),
        behaviors=(),
        metrics=ExpectedMetrics(),
        weights=Weights(),
        timeout_sec=TIMEOUT_SEC,
        requires=Requires(),
        network=(),
        folder="",
        digest="",
    )
