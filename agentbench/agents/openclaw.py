"""OpenClaw, headlessly: a state directory, home, configuration and session of its own for every try.

Each turn is one ``openclaw agent --local`` in the try's session; a new conversation gets a new session key over the
same workspace. Fallback models are off. What OpenClaw compiled of its own code is shared read-only between tries, as
that halves its start-up; nothing else is. docs/harness.md says what the two set-ups, clean and as-is, contain.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from agentbench import process, providers
from agentbench.agents import openclaw_setup as setups
from agentbench.agents.base import About, Acted, Desk, Record, Session, Turn
from agentbench.agents.openclaw_setup import Installed
from agentbench.errors import EnvironmentNotReady, UsageError
from agentbench.failures import FailureCause
from agentbench.model import Flag, Task
from agentbench.sandbox.base import Network
from agentbench.transcripts import headless, segments

_GRACE_SEC = 15
"""What OpenClaw gets beyond a turn's time to end by itself."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the user asked for."""

    model: str
    base_url: str
    api: str
    api_key_env: str | None = None
    request_timeout: float | None = None
    thinking: str | None = None
    setup: str = "clean"
    docker_image: str | None = None


def make(options: Mapping[str, Any]) -> OpenClawAgent:
    """Return the agent for JSON options. Raises UsageError, EnvironmentNotReady."""
    given = dict(options.get("endpoint") or {}) | dict(options)
    if not given.get("model"):
        raise UsageError(
            "needs --model",
            where="--agent openclaw",
            hint="PROVIDER/MODEL, or the model's name with --base-url URL. `--agent oracle` needs no model.",
        )
    if not given.get("base_url"):
        found, name = providers.find(given["model"], setups.own_providers())
        given |= {"model": name, "base_url": found.base_url}
        given["api"] = given.get("api") or found.api
        given["api_key_env"] = given.get("api_key_env") or found.api_key_env
        if found.written_key and not given["api_key_env"]:
            raise UsageError(
                "your configuration holds the key itself, where a run cannot take it from",
                where=f"--model {options.get('model')}",
                hint="Put it into a variable and name that: --api-key-env NAME.",
            )
    given["api"] = given.get("api") or "openai-completions"
    fields = {name: given[name] for name in Settings.__struct_fields__ if given.get(name) is not None}
    return OpenClawAgent(msgspec.convert(fields, Settings), setups.installed())


class OpenClawAgent:
    """An OpenClaw installation with a model and a set-up."""

    name = "openclaw"
    boxed = True
    secrets: Mapping[str, str] = {}

    def __init__(self, settings: Settings, found: Installed) -> None:
        self.settings, self.found = settings, found

    @property
    def readable(self) -> tuple[Path, ...]:
        """Node, OpenClaw, and what Node compiled of it."""
        return (*self.found.folders, self.found.cache)

    def about(self) -> About:
        """Return version, model and settings; the endpoint's key is known by the name of its variable alone."""
        chosen = self.settings
        endpoint = {
            "base_url": chosen.base_url,
            "model": chosen.model,
            "api": chosen.api,
            "api_key_env": chosen.api_key_env,
            "request_timeout": chosen.request_timeout,
        }
        settings = {
            "model": chosen.model,
            "thinking": chosen.thinking,
            "setup": chosen.setup,
            "docker_image": chosen.docker_image,
            "endpoint": endpoint,
        }
        return About(name=self.name, version=self.found.version, model=chosen.model, settings=settings)

    def check(self, tasks: Sequence[Task]) -> None:
        """Raise EnvironmentNotReady when there is no set-up to copy; compile OpenClaw's code once."""
        if self.settings.setup == "as-is" and not setups.user_config().is_file():
            raise EnvironmentNotReady(
                "there is no OpenClaw configuration of yours",
                where=str(setups.user_config()),
                hint="Say --setup clean, or name it in OPENCLAW_CONFIG_PATH.",
            )
        setups.warm(self.found)

    def open(self, desk: Desk) -> Session:
        """Return a session with folders of its own below the desk's home."""
        return _OpenClawSession(self, desk)


class _OpenClawSession:
    def __init__(self, agent: OpenClawAgent, desk: Desk) -> None:
        self._agent, self._desk = agent, desk
        self._state, self._config = desk.home / "state", desk.home / "openclaw.json"
        self._speaker = setups.main_agent(agent.settings.setup)
        self._key = self._new_key()
        self._messages: list[str] = []
        for folder in (self._state, desk.home / "tmp"):
            folder.mkdir()
        self._place = setups.furnish(agent.settings.setup, desk.workspace, desk.home)
        self._config.write_text(json.dumps(self._configuration()), "utf-8")

    def act(self, turn: Turn) -> Acted:
        """Play one turn in the session, or in a new one."""
        if turn.new_session and turn.number > 1:
            self._key = self._new_key()
        message = turn.message
        if self._place != self._desk.workspace:
            message = f"The files are in {self._desk.workspace}; work there.\n\n{message}"
        self._messages.append(turn.message)
        text = self._desk.home / f"message-{turn.number}.txt"
        text.write_text(message, "utf-8")
        words = [str(self._agent.found.node), str(self._agent.found.program), "agent", "--local"]
        words += ["--session-key", self._key, "--message-file", str(text), "--json"]
        words += ["--timeout", str(max(1, int(turn.timeout_sec)))]
        if self._agent.settings.thinking:
            words += ["--thinking", self._agent.settings.thinking]
        done = process.run(
            words,
            cwd=self._place,
            timeout_sec=turn.timeout_sec + _GRACE_SEC,
            env=self._environment(),
            box=self._desk.box,
        )
        return _acted(done, turn.timeout_sec)

    def close(self) -> Record:
        """Read the sessions of this try from its own state directory."""
        try:
            found = headless.read(self._state, self._messages)
        except headless.Foreign as error:
            return Record(
                cause=FailureCause.FOREIGN_TRANSCRIPT,
                detail=str(error),
                flags=(Flag(code="foreign-transcript", detail=str(error)),),
            )
        if found is None:
            return Record(version=self._agent.found.version)
        trial, version = found
        return Record(
            trajectory=segments.trajectory(trial, version or self._agent.found.version),
            raw=tuple(event.raw for event in trial.raw),
            version=version or self._agent.found.version,
            model=trial.model.removeprefix(f"{setups.PROVIDER}/") if trial.model else None,
        )

    def _new_key(self) -> str:
        return f"agent:{self._speaker}:agentbench-{secrets.token_hex(6)}"

    def _configuration(self) -> dict[str, Any]:
        endpoint = self._desk.endpoint
        if endpoint is None:
            raise EnvironmentNotReady("has no endpoint for its model", where="--agent openclaw")
        private = self._desk.box.network is Network.PRIVATE
        url = endpoint.inside_url if private else endpoint.base_url
        if endpoint.api == "anthropic-messages":
            url = url.removesuffix("/v1")
        provider = setups.provider(url, endpoint.api, endpoint.model, self._agent.settings.thinking)
        return setups.configuration(self._agent.settings.setup, self._place, provider, private=private)

    def _environment(self) -> dict[str, str]:
        home = self._desk.home
        return {
            **self._desk.env,
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "PATH": f"{self._agent.found.node.parent}:{os.environ.get('PATH', os.defpath)}",
            "OPENCLAW_STATE_DIR": str(self._state),
            "OPENCLAW_CONFIG_PATH": str(self._config),
            "NODE_COMPILE_CACHE": str(self._agent.found.cache),
        }


def _acted(done: process.Completed, timeout_sec: float) -> Acted:
    envelope = _envelope(done.stdout.decode("utf-8", "replace"))
    texts = [part.get("text") for part in envelope.get("payloads") or () if isinstance(part, dict)]
    reply = "\n".join(text for text in texts if isinstance(text, str)) or None
    if done.limit is not None:
        return Acted(reply=reply, cause=FailureCause.AGENT_BUDGET, detail=done.tail())
    if done.timed_out or done.duration_sec >= timeout_sec:
        return Acted(reply=reply, cause=FailureCause.AGENT_TIMEOUT, detail=f"{timeout_sec:.0f} s were over")
    if done.rc in (126, 127) or b"MODULE_NOT_FOUND" in done.stderr:
        return Acted(reply=reply, cause=FailureCause.AGENT_UNAVAILABLE, detail=done.tail())
    meta = envelope.get("meta")
    error = meta.get("error") if isinstance(meta, dict) else None
    if done.rc or error:
        said = error.get("message") if isinstance(error, dict) else error
        return Acted(reply=reply, cause=FailureCause.AGENT_CRASH, detail=str(said) if said else done.tail())
    return Acted(reply=reply)


def _envelope(text: str) -> dict[str, Any]:
    """Return the JSON object that OpenClaw printed, whatever log lines surround it; {} for none."""
    decoder, start = json.JSONDecoder(), text.find("{")
    while start >= 0:
        try:
            found, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and "payloads" in found:
            return found
        start = text.find("{", start + 1)
    return {}
