"""Say what this machine has and lacks for a benchmark, with the next step for each problem."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agentbench import __version__, sandbox, scratch, taskcheck, workspace
from agentbench.agents import openclaw_setup
from agentbench.agents.base import Actor, AgentFailed
from agentbench.agents.nop import NopAgent
from agentbench.agents.solution import SolutionAgent
from agentbench.agents.stuffer import StufferAgent
from agentbench.errors import AgentBenchError, EnvironmentNotReady
from agentbench.metering.upstream import ANTHROPIC
from agentbench.model import Frozen, Task
from agentbench.paths import solutions_file, temporary_dir, temporary_root
from agentbench.sandbox.base import Kind

KNOWN_GOOD = "2026.9.6"
SEED = 101
_ENDPOINT_SEC = 60.0
_TOOL = {
    "name": "note",
    "description": "Write a note.",
    "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
}


class State(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    NOTE = "note"
    """Optional, or merely different."""
    PROBLEM = "problem"


class Finding(Frozen):
    """One thing that was looked at."""

    what: str
    state: State
    found: str
    next_step: str = ""


def machine(results: Path) -> Iterator[Finding]:
    """Yield what is installed here."""
    yield Finding(
        what="AgentBench", state=State.OK, found=f"{__version__}, Python {platform.python_version()}"
    )
    for name, why in (("git", "tasks with repositories"), ("bash", "set-up scripts")):
        yield _program(name, f"Install {name}: {why} need it.")
    yield _openclaw()
    if find_spec("aiohttp") is None:
        step = "pip install 'agentbench[harness]'"
        yield Finding(what="Proxy", state=State.PROBLEM, found="aiohttp is missing", next_step=step)
    works = sandbox.name() != "none"
    yield Finding(
        what="Sandbox",
        state=State.OK if works else State.NOTE,
        found="bubblewrap works" if works else "bubblewrap is missing or does not work",
        next_step="" if works else sandbox.SANDBOXES[Kind.BUBBLEWRAP].needs,
    )
    engine = sandbox.SANDBOXES[Kind.DOCKER].works()
    found = "an engine answers" if engine else "no engine answers; needed for --sandbox docker alone"
    yield Finding(what="Docker", state=State.OK if engine else State.NOTE, found=found)
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    found = browser or "none; needed for AgentBench's own tests alone"
    yield Finding(what="Browser", state=State.OK if browser else State.NOTE, found=found)
    yield _room("Workspaces", temporary_root())
    yield _room("Results", results)


def _program(name: str, step: str) -> Finding:
    found = shutil.which(name)
    if found is None:
        return Finding(what=name, state=State.PROBLEM, found="is missing", next_step=step)
    return Finding(what=name, state=State.OK, found=found)


def _openclaw() -> Finding:
    try:
        found = openclaw_setup.installed()
    except EnvironmentNotReady as error:
        text = f"{error.where} {error.what}"
        return Finding(what="OpenClaw", state=State.NOTE, found=text, next_step=error.hint)
    node = subprocess.run(
        [str(found.node), "--version"], capture_output=True, text=True, check=False
    ).stdout.strip()
    if found.version == KNOWN_GOOD:
        return Finding(what="OpenClaw", state=State.OK, found=f"{found.version}, Node {node}")
    step = f"AgentBench is tested with {KNOWN_GOOD}; others should work."
    return Finding(what="OpenClaw", state=State.NOTE, found=f"{found.version}, Node {node}", next_step=step)


def _room(what: str, folder: Path) -> Finding:
    place = folder
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    text = f"{folder}: {free / 1024**3:.0f} GB free"
    if not os.access(place, os.W_OK):
        return Finding(
            what=what, state=State.PROBLEM, found=f"{folder} cannot be written", next_step="Choose another."
        )
    if free < 2 * 1024**3:
        return Finding(what=what, state=State.NOTE, found=text, next_step="Trials may need some gigabytes.")
    return Finding(what=what, state=State.OK, found=text)


def endpoint(found: Mapping[str, Any], key: str | None) -> Iterator[Finding]:
    """Yield whether a model's endpoint answers, and calls a tool: one small request. Nothing of the key is shown."""
    body, path = _request(found["api"], found["model"])
    base = found["base_url"].rstrip("/")
    request = urllib.request.Request(f"{base}/{path}", json.dumps(body).encode(), _headers(found["api"], key))
    began = time.monotonic()
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            request, timeout=_ENDPOINT_SEC
        ) as answer:
            text = answer.read(1024**2).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        said = " ".join(error.read(2000).decode("utf-8", "replace").split())[:200]
        said = said.replace(key, "[key]") if key else said
        yield Finding(
            what="Model", state=State.PROBLEM, found=f"{error.code}: {said}", next_step=_next_step(error.code)
        )
        return
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        step = "Is the endpoint up, and does its address end where `chat/completions` begins, usually in /v1?"
        yield Finding(
            what="Model", state=State.PROBLEM, found=f"no answer from {base} ({reason})", next_step=step
        )
        return
    took = time.monotonic() - began
    calls = any(mark in text for mark in ('"tool_calls"', '"tool_use"', '"function_call"'))
    yield Finding(what="Model", state=State.OK, found=f"{found['model']} answers ({took:.1f} s)")
    step = "" if calls else "Choose a model that can call tools, and switch on tool calls where it is served."
    told = "calls a tool when asked to" if calls else "called no tool when asked to"
    yield Finding(what="Tools", state=State.OK if calls else State.PROBLEM, found=told, next_step=step)


def _request(api: str, model: str) -> tuple[dict[str, Any], str]:
    ask = [{"role": "user", "content": "Call the tool `note` with the text hello."}]
    if api == ANTHROPIC:
        tool = {
            "name": _TOOL["name"],
            "description": _TOOL["description"],
            "input_schema": _TOOL["parameters"],
        }
        return {"model": model, "max_tokens": 500, "messages": ask, "tools": [tool]}, "messages"
    if api == "openai-responses":
        return {"model": model, "input": ask, "tools": [{"type": "function", **_TOOL}]}, "responses"
    tools = [{"type": "function", "function": _TOOL}]
    return {"model": model, "max_tokens": 500, "messages": ask, "tools": tools}, "chat/completions"


def _headers(api: str, key: str | None) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if api == ANTHROPIC:
        headers["anthropic-version"] = "2023-06-01"
        return headers | ({"x-api-key": key} if key else {})
    return headers | ({"Authorization": f"Bearer {key}"} if key else {})


def _next_step(status: int) -> str:
    if status in (401, 403):
        return "Name the variable that holds the key: --api-key-env NAME."
    if status == 404:
        return "See what the endpoint serves: GET <base url>/models."
    return "Wait, or ask for a higher limit." if status == 429 else "Look into the endpoint's own log."


def suite(chosen: Sequence[Task]) -> Iterator[Finding]:
    """Yield for each task whether doing nothing, the oracle and the stuffer get what they should, on one seed."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        yield from pool.map(_task, chosen)


def _task(task: Task) -> Finding:
    what, step = f"Task {task.id}", f"agentbench tasks check {task.id}"
    solved = solutions_file(Path(task.folder)).is_file()
    actors: list[Actor] = [NopAgent(), StufferAgent(), *([SolutionAgent("oracle")] if solved else [])]
    root = temporary_dir("examined")
    try:
        generated = workspace.generate(task, SEED, root)
        wrong = [text for actor in actors if (text := _wrong(task, actor, generated))]
    except (AgentBenchError, AgentFailed) as error:
        wrong = [str(error)]
    finally:
        scratch.remove_tree(root)
    if wrong:
        return Finding(what=what, state=State.PROBLEM, found="; ".join(wrong), next_step=step)
    told = (
        "the oracle resolves it, nothing and stuffing do not"
        if solved
        else "nothing and stuffing do not resolve it"
    )
    return Finding(what=what, state=State.OK, found=told)


def _wrong(task: Task, actor: Actor, generated: workspace.Generated) -> str:
    """Return what is wrong with how an actor fares, empty when it is as it should be."""
    result = taskcheck.rehearse(task, SEED, actor, generated)
    l0 = result.layers.l0.score if result.layers else None
    if actor.name == "oracle":
        good = result.resolved and l0 == 100.0
    else:
        good = not result.resolved and l0 is not None and l0 <= taskcheck.STUFFER_CAP
    ending = "resolved" if result.resolved else "not resolved"
    return "" if good else f"{actor.name}: L0 {l0}, {ending} {result.message}".rstrip()
