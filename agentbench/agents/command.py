"""Any command-line agent, by a template: ``mycli -p {prompt} --cwd {workspace}``.

The template is split into words once, as a shell would, and placeholders are replaced word by word: nothing of a prompt
is ever read by a shell. docs/agents.md lists the placeholders.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from agentbench import process
from agentbench.agents.base import About, Acted, Desk, Record, Session, Turn
from agentbench.errors import EnvironmentNotReady, UsageError, did_you_mean
from agentbench.failures import FailureCause
from agentbench.model import Flag, Task
from agentbench.sandbox.base import Network
from agentbench.trajectory import Trajectory, parse_time

PLACEHOLDERS = (
    *("prompt", "prompt_file", "workspace", "home", "base_url", "model", "trajectory"),
    *("turn", "session", "timeout"),
)
PLACEHOLDER_KEY = "agentbench-placeholder"
MAX_LOG_BYTES = 64 * 1024**2
_MAX_REPLY = 256 * 1024
_HOLE = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASS|AUTH|CRED|COOKIE|PRIVATE", re.IGNORECASE)
_SYSTEM = ("/usr/", "/bin/", "/sbin/", "/lib", "/opt/")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the user asked for."""

    command: str
    model: str | None = None
    pass_env: tuple[str, ...] = ()
    """Names of variables of the user's environment that the program gets."""
    show: tuple[str, ...] = ()
    """What else it may read in a box."""
    docker_image: str | None = None


def make(options: Mapping[str, Any]) -> CommandAgent:
    """Return the agent for JSON options. Raises UsageError for a template that cannot be used."""
    known = {name: options[name] for name in Settings.__struct_fields__ if options.get(name) is not None}
    if "command" not in known:
        raise UsageError("needs --command", where="--agent command", hint="For example 'mycli -p {prompt}'.")
    return CommandAgent(msgspec.convert(known, Settings))


class CommandAgent:
    """A command-line program as an agent."""

    name = "command"
    boxed = True

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._words = _split(settings.command)
        self._program = shutil.which(self._words[0])

    @property
    def readable(self) -> tuple[Path, ...]:
        """The program itself, where it lies outside of the system's folders, and what the user shows."""
        found = [Path(path).expanduser().absolute() for path in self.settings.show]
        if self._program:
            here = Path(self._program).absolute()
            found += [path for path in (here, here.resolve()) if not str(path).startswith(_SYSTEM)]
        return tuple(dict.fromkeys(found))

    @property
    def passed(self) -> dict[str, str]:
        """The variables that the user passes on."""
        return {name: os.environ[name] for name in self.settings.pass_env if name in os.environ}

    @property
    def secrets(self) -> dict[str, str]:
        """Those of them that are secrets by their names: a time zone or an address is an honest word in a file."""
        return {name: value for name, value in self.passed.items() if _SECRET.search(name)}

    def about(self) -> About:
        """Return the template and the options, never a value of the environment."""
        settings = msgspec.to_builtins(self.settings)
        return About(name=self.name, model=self.settings.model, settings=settings)

    def check(self, tasks: Sequence[Task]) -> None:
        """Raise EnvironmentNotReady when the program, or something it is to be shown, is missing."""
        if self._program is None:
            raise EnvironmentNotReady(
                "no such program",
                where=f"--command {self._words[0]}",
                hint="Install it, or give its full path.",
            )
        for path in self.settings.show:
            if not Path(path).expanduser().exists():
                raise EnvironmentNotReady("no such file or folder", where=f"--show {path}")

    def open(self, desk: Desk) -> Session:
        """Return a session for one try."""
        return _CommandSession(self, desk)


class _CommandSession:
    def __init__(self, agent: CommandAgent, desk: Desk) -> None:
        self._agent, self._desk = agent, desk
        self._log = desk.home / "trajectory.json"
        self._session = secrets.token_hex(8)

    def act(self, turn: Turn) -> Acted:
        """Run the program for one message."""
        if turn.new_session and turn.number > 1:
            self._session = secrets.token_hex(8)
        values = self._values(turn)
        words = [_filled(word, values) for word in self._agent._words]
        takes = {name for word in self._agent._words for name in _HOLE.findall(word)}
        given = not {"prompt", "prompt_file"} & takes
        done = process.run(
            words,
            cwd=turn.workspace,
            timeout_sec=turn.timeout_sec,
            stdin=turn.message.encode() if given else b"",
            env=self._environment(),
            box=self._desk.box,
        )
        reply = done.stdout[-_MAX_REPLY:].decode("utf-8", "replace").strip() or None
        return Acted(reply=reply, cause=_cause(done), detail="" if done.ok else done.tail())

    def close(self) -> Record:
        """Read the trajectory that the program may have left."""
        if self._log.is_symlink() or not self._log.is_file():
            return Record()
        try:
            if self._log.stat().st_size > MAX_LOG_BYTES:
                raise ValueError(f"is larger than {MAX_LOG_BYTES} bytes")
            found = msgspec.json.decode(self._log.read_bytes(), type=Trajectory)
            times = [parse_time(step.timestamp) for step in found.steps if step.timestamp]
        except (OSError, ValueError) as error:
            return Record(flags=(Flag(code="bad-trajectory", detail=" ".join(str(error).split())[:200]),))
        return Record(
            trajectory=found,
            version=found.agent.version,
            model=found.agent.model_name,
            flags=(Flag(code="agents-own-log", detail=f"{len(times)} steps with a time"),),
        )

    def _base_url(self) -> str:
        endpoint = self._desk.endpoint
        if endpoint is None:
            return ""
        return endpoint.inside_url if self._desk.box.network is Network.PRIVATE else endpoint.base_url

    def _values(self, turn: Turn) -> dict[str, str]:
        prompt_file = self._desk.home / f"prompt-{turn.number}.txt"
        prompt_file.write_text(turn.message, "utf-8")
        endpoint = self._desk.endpoint
        return {
            "prompt": turn.message,
            "prompt_file": str(prompt_file),
            "workspace": str(turn.workspace),
            "home": str(self._desk.home),
            "base_url": self._base_url(),
            "model": self._agent.settings.model or (endpoint.model if endpoint else ""),
            "trajectory": str(self._log),
            "turn": str(turn.number),
            "session": self._session,
            "timeout": f"{turn.timeout_sec:.0f}",
        }

    def _environment(self) -> dict[str, str]:
        chosen = self._agent.passed
        url = self._base_url()
        if url:
            chosen |= {
                "OPENAI_BASE_URL": url,
                "OPENAI_API_KEY": PLACEHOLDER_KEY,
                "ANTHROPIC_BASE_URL": url.removesuffix("/v1"),
                "ANTHROPIC_API_KEY": PLACEHOLDER_KEY,
            }
        if self._agent.settings.model:
            chosen["AGENTBENCH_MODEL"] = self._agent.settings.model
        return chosen | self._desk.env


def _split(template: str) -> list[str]:
    where = f"--command {template!r}"
    try:
        words = shlex.split(template)
    except ValueError as error:
        raise UsageError(str(error).lower(), where=where) from None
    if not words:
        raise UsageError("is empty", where=where, hint="For example 'mycli -p {prompt}'.")
    for name in [name for word in words for name in _HOLE.findall(word) if name]:
        if name not in PLACEHOLDERS:
            raise UsageError(
                f"unknown placeholder {{{name}}}", where=where, hint=did_you_mean(name, PLACEHOLDERS)
            )
    return words


def _filled(word: str, values: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: values[hole[1]] if hole[1] else hole[0][0], word)


def _cause(done: process.Completed) -> FailureCause | None:
    if done.limit is not None:
        return FailureCause.AGENT_BUDGET
    if done.timed_out:
        return FailureCause.AGENT_TIMEOUT
    if done.rc in (126, 127):
        return FailureCause.AGENT_UNAVAILABLE
    return FailureCause.AGENT_CRASH if done.rc else None
