"""Run the real OpenClaw, one chat turn at a time, with a home, state and configuration of its own."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[2]
CACHE = REPO / ".cache"
NODE_BIN = CACHE / "node" / "node_modules" / "node" / "bin"
OPENCLAW = CACHE / "openclaw" / "node_modules" / "openclaw" / "openclaw.mjs"
COMPILED = CACHE / "compiled"
"""What Node compiled of OpenClaw, kept for all tests: compiling it takes longer than a turn."""
TURN_TIMEOUT_SEC = 900


def missing() -> str | None:
    """Return why OpenClaw cannot be run here, or None."""
    if not OPENCLAW.is_file() or not (NODE_BIN / "node").exists():
        return "OpenClaw is not installed; run scripts/install-openclaw"
    return None


@dataclass(frozen=True)
class Answer:
    """What one turn returned."""

    text: str
    envelope: dict[str, Any]
    seconds: float


class OpenClaw:
    """One agent set-up below ``root``; ``base_url`` is where its model listens."""

    def __init__(self, root: Path, base_url: str, *, env: dict[str, str] | None = None) -> None:
        self.root = root
        self.home, self.state, self.workspace = root / "home", root / "state", root / "ws"
        for folder in (self.home, self.state, self.workspace, root / "tmp"):
            folder.mkdir(parents=True)
        self.config = root / "openclaw.json"
        self.config.write_text(json.dumps(_config(base_url, self.workspace), indent=2))
        self._env = {
            "HOME": str(self.home),
            "PATH": f"{NODE_BIN}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "TMPDIR": str(root / "tmp"),
            "NODE_COMPILE_CACHE": str(COMPILED / "node"),
            "OPENCLAW_STATE_DIR": str(self.state),
            "OPENCLAW_CONFIG_PATH": str(self.config),
            **(env or {}),
        }

    @property
    def store(self) -> Path:
        """The SQLite store of the main agent."""
        return self.state / "agents" / "main" / "agent" / "openclaw-agent.sqlite"

    def install_skill(self, source: Path) -> Path:
        """Install the skill folder ``source`` with OpenClaw's own installer and return where it went."""
        done = self.command("skills", "install", str(source), timeout_sec=180)
        if done.returncode:
            raise RuntimeError(f"openclaw skills install failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return next((self.workspace / "skills").iterdir())

    def say(self, message: str, *, session: str = "agent:main:e2e") -> Answer:
        """Send one user message and wait for the answer. Raises RuntimeError when the turn fails."""
        began = time.monotonic()
        done = self.command(
            "agent",
            "--local",
            "--session-key",
            session,
            "--message",
            message,
            "--json",
            timeout_sec=TURN_TIMEOUT_SEC,
        )
        seconds = time.monotonic() - began
        if done.returncode:
            raise RuntimeError(f"openclaw agent failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        envelope = _first_object(done.stdout)
        text = "\n".join(part.get("text") or "" for part in envelope.get("payloads", []))
        return Answer(text, envelope, seconds)

    def command(self, *words: str, timeout_sec: float = 120) -> subprocess.CompletedProcess[str]:
        """Run ``openclaw WORDS`` in this set-up and return what it printed."""
        argv = [str(NODE_BIN / "node"), str(OPENCLAW), *words]
        return subprocess.run(
            argv,
            cwd=self.workspace,
            env=self._env,
            text=True,
            capture_output=True,
            timeout=timeout_sec,
            check=False,
        )


def copy_skill(target: Path) -> Path:
    """Export the skill as a user does before installing it: no caches, no results, no solutions."""
    subprocess.run([str(REPO / "scripts" / "export-skill"), str(target)], capture_output=True, check=True)
    assert not (target / "tests").exists()
    return target


def _config(base_url: str, workspace: Path) -> dict[str, Any]:
    model = {"id": "scripted", "name": "Scripted", "contextWindow": 1_000_000, "maxTokens": 8192}
    provider = {"baseUrl": base_url, "apiKey": "sk-loopback", "api": "openai-completions", "models": [model]}
    defaults = {
        "model": {"primary": "loopback/scripted", "fallbacks": []},
        "workspace": str(workspace),
        "skipBootstrap": True,
    }
    return {"agents": {"defaults": defaults}, "models": {"providers": {"loopback": provider}}}


def _first_object(text: str) -> dict[str, Any]:
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            found, _ = decoder.raw_decode(text, start)
        except ValueError:
            found = None
        if isinstance(found, dict) and "payloads" in found:
            return found
        start = text.find("{", start + 1)
    raise RuntimeError(f"no JSON envelope in: {text[-2000:]}")
