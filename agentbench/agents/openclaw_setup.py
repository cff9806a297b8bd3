"""What an OpenClaw of the harness is made of: installation, compile cache, configuration, the user's own set-up.

The clean set-up has no bootstrap files, memory or skills. The as-is set-up takes from the user's configuration the
sections that shape the agent, without models, credentials and channels, and copies the user's skills and the files of
the user's workspace that OpenClaw reads by itself. Our own skill is left out of both.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from agentbench import process, scratch
from agentbench.errors import EnvironmentNotReady
from agentbench.paths import CHECKOUT
from agentbench.providers import Provider
from agentbench.redact import MIN_CHARS
from agentbench.sandbox.base import Box, Kind

COMMAND = "AGENTBENCH_OPENCLAW"
PROVIDER = "agentbench"
_SHAPING = ("agents", "memory", "plugins", "skills", "tools")
_SECRET = re.compile(r"api_?key|token|secret|password|credential|auth", re.IGNORECASE)
_READ_BY_ITSELF = (
    "AGENTS.md",
    "SOUL.md",
    "USER.md",
    "IDENTITY.md",
    "TOOLS.md",
    "MEMORY.md",
    "memory",
    "skills",
)
_WEB = ["web_search", "web_fetch", "x_search", "browser"]
_OWN_SKILL = "agentbench"
_WARM_SEC = 90.0
_WARM_BYTES = 8 * 1024**3
_EFFORTS = ["minimal", "low", "medium", "high", "xhigh", "max"]


class Installed(msgspec.Struct, frozen=True):
    """An OpenClaw on this machine."""

    node: Path
    program: Path
    version: str
    folders: tuple[Path, ...]
    """What of it a box must show."""
    cache: Path
    """Where Node keeps what it compiled of this version."""


def installed() -> Installed:
    """Return the OpenClaw named in ``$AGENTBENCH_OPENCLAW``, on the PATH, or in the checkout's ``.cache``.

    Raises EnvironmentNotReady when there is none, or it does not start.
    """
    local = CHECKOUT / ".cache" / "openclaw" / "node_modules" / "openclaw" / "openclaw.mjs"
    named = os.environ.get(COMMAND) or shutil.which("openclaw") or (str(local) if local.is_file() else None)
    if named is None:
        raise EnvironmentNotReady(
            "is not installed",
            where="openclaw",
            hint="Run scripts/install-openclaw, install it with npm, or name it in AGENTBENCH_OPENCLAW.",
        )
    program = Path(named).resolve()
    node = _node()
    try:
        done = subprocess.run(
            [str(node), str(program), "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EnvironmentNotReady(f"does not start ({error})", where=str(program)) from None
    hit = re.search(r"\d{4}\.\d+\.\d+\S*", done.stdout)
    if done.returncode or hit is None:
        said = " ".join((done.stderr or done.stdout).split())[:200]
        raise EnvironmentNotReady(
            f"does not start: {said}", where=str(program), hint="It needs Node 24.16 or newer."
        )
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    cache = Path(base) / "agentbench" / f"openclaw-{hit[0]}"
    return Installed(node, program, hit[0], (node.parent, _packages(program)), cache)


def _node() -> Path:
    local = CHECKOUT / ".cache" / "node" / "node_modules" / "node" / "bin" / "node"
    found = str(local) if local.exists() else shutil.which("node")
    if found is None:
        raise EnvironmentNotReady("is missing", where="node", hint="OpenClaw needs Node 24.16 or newer.")
    return Path(found).resolve()


def _packages(program: Path) -> Path:
    """Return the outermost ``node_modules`` that holds the program: what it imports lies there."""
    above = [path for path in program.parents if path.name == "node_modules"]
    return above[-1] if above else program.parent


def warm(found: Installed) -> None:
    """Let Node compile OpenClaw's code once for all tries; what it makes of it is kept by version.

    It takes one turn, in which a server of our own says "ok" instead of a model.
    """
    done = found.cache / "warm"
    if done.is_file():
        return
    found.cache.mkdir(parents=True, exist_ok=True)
    with scratch.temporary("home") as home, _parrot() as address:
        for name in ("state", "work", "tmp"):
            (home / name).mkdir()
        made = configuration(
            "clean", home / "work", provider(address, "openai-completions", "none"), private=True
        )
        (home / "openclaw.json").write_text(json.dumps(made), "utf-8")
        words = [str(found.node), str(found.program), "agent", "--local", "--session-key", "agent:main:warm"]
        ended = process.run(
            [*words, "--message", "hi", "--json", "--timeout", "60"],
            cwd=home / "work",
            timeout_sec=_WARM_SEC,
            env={
                "HOME": str(home),
                "TMPDIR": str(home / "tmp"),
                "OPENCLAW_STATE_DIR": str(home / "state"),
                "OPENCLAW_CONFIG_PATH": str(home / "openclaw.json"),
                "NODE_COMPILE_CACHE": str(found.cache),
            },
            box=Box(kind=Kind.NONE, writable=(home,), memory_bytes=_WARM_BYTES),
        )
    if ended.ok:
        done.touch()


class _Parrot(BaseHTTPRequestHandler):
    """Answers every chat request with the same word."""

    def do_POST(self) -> None:
        """Stream one word and the end."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for delta, finish in (({"role": "assistant", "content": "ok"}, None), ({}, "stop")):
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            chunk = {"id": "ok", "object": "chat.completion.chunk", "model": "none", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


@contextlib.contextmanager
def _parrot() -> Iterator[str]:
    """Serve `_Parrot` on loopback for the body; yields its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Parrot) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()


def provider(base_url: str, api: str, model: str, thinking: str | None = None) -> dict[str, Any]:
    """Return a provider section with one model; its key is a placeholder, the real one stays in the proxy.

    A ``thinking`` level is refused by OpenClaw for a model that is not said to reason, and not sent without ``compat``.
    """
    entry: dict[str, Any] = {"id": model, "name": model, "contextWindow": 200_000, "maxTokens": 32_000}
    if thinking not in (None, "off"):
        entry |= {
            "reasoning": True,
            "compat": {"supportsReasoningEffort": True, "supportedReasoningEfforts": _EFFORTS},
        }
    return {"baseUrl": base_url, "apiKey": "agentbench-placeholder", "api": api, "models": [entry]}


def configuration(setup: str, workspace: Path, made: dict[str, Any], *, private: bool) -> dict[str, Any]:
    """Return the configuration of one try. ``private``: there is no network, so tools that need it are off."""
    clean: dict[str, Any] = {"tools": {"profile": "coding"}}
    config = _shaping(user_config()) if setup == "as-is" else clean
    agents = config.setdefault("agents", {})
    defaults = agents.setdefault("defaults", {})
    for one in (defaults, *_entries(agents)):
        for key in ("model", "models", "workspace", "imageModel", "sandbox", "heartbeat"):
            one.pop(key, None)
    model = made["models"][0]["id"]
    defaults["model"] = {"primary": f"{PROVIDER}/{model}", "fallbacks": []}
    defaults |= {"workspace": str(workspace), "skipBootstrap": True}
    tools = config.setdefault("tools", {})
    tools["exec"] = {"mode": "full"}
    if private:
        tools["deny"] = sorted({*tools.get("deny", []), *_WEB})
    config["models"] = {"providers": {PROVIDER: made}}
    config["update"] = {"checkOnStart": False}
    return config


def furnish(setup: str, workspace: Path, home: Path) -> Path:
    """Return the folder that OpenClaw takes as its workspace: the try's own, or for as-is a copy of the user's."""
    if setup != "as-is":
        return workspace
    place = home / "agent-workspace"
    place.mkdir()
    source = _user_workspace()
    for name in _READ_BY_ITSELF:
        _copied(source / name, place / name)
    _copied(user_state() / "skills", home / "state" / "skills")
    for skills in (place / "skills", home / "state" / "skills"):
        scratch.remove_tree(skills / _OWN_SKILL)
    return place


def main_agent(setup: str) -> str:
    """Return the id of the agent that speaks: ``main``, or for as-is the user's default one."""
    return str(_main_entry(_read(user_config()))["id"]) if setup == "as-is" else "main"


def _main_entry(config: dict[str, Any]) -> dict[str, Any]:
    """Return the entry of the user's default agent: the marked one, else the first, else an empty ``main``."""
    agents = config.get("agents")
    agents = agents if isinstance(agents, dict) else {}
    keyed = agents.get("entries")
    by_id = keyed.items() if isinstance(keyed, dict) else ()
    named = [{**one, "id": name} for name, one in by_id if isinstance(one, dict)]
    known = named or [one for one in _entries(agents) if isinstance(one.get("id"), str)]
    return next((one for one in known if one.get("default") is True), known[0] if known else {"id": "main"})


def user_state() -> Path:
    """Return the user's OpenClaw state directory."""
    return Path(os.environ.get("OPENCLAW_STATE_DIR") or Path.home() / ".openclaw")


def user_config() -> Path:
    """Return the user's OpenClaw configuration file."""
    return Path(os.environ.get("OPENCLAW_CONFIG_PATH") or user_state() / "openclaw.json")


def own_providers() -> dict[str, Provider]:
    """Return the providers of the user's configuration whose key comes from a variable, or that need none."""
    try:
        found = _read(user_config()).get("models", {}).get("providers", {})
    except (EnvironmentNotReady, AttributeError):
        return {}
    own = {}
    for name, one in found.items() if isinstance(found, dict) else ():
        if isinstance(one, dict) and isinstance(one.get("baseUrl"), str):
            key, url = one.get("apiKey") or "", str(one["baseUrl"])
            hit = re.fullmatch(r"\$\{?(\w+)\}?", str(key))
            own[name] = Provider(
                base_url=one["baseUrl"],
                api_key_env=hit[1] if hit else "",
                api=one.get("api") or "openai-completions",
                written_key=isinstance(key, str)
                and hit is None
                and len(key) >= MIN_CHARS
                and not _is_here(url),
            )
    return own


def _is_here(url: str) -> bool:
    """Return whether an address is this machine's: servers there take any word for a key."""
    return (urlsplit(url).hostname or "") in {"localhost", "127.0.0.1", "::1"}


def _user_workspace() -> Path:
    config = _read(user_config())
    agents = config.get("agents")
    defaults = agents.get("defaults") if isinstance(agents, dict) else None
    shared = defaults.get("workspace") if isinstance(defaults, dict) else None
    named = _main_entry(config).get("workspace") or shared
    return Path(str(named)).expanduser() if named else user_state() / "workspace"


def _shaping(path: Path) -> dict[str, Any]:
    config = _read(path)
    return {name: _without_secrets(config[name]) for name in _SHAPING if isinstance(config.get(name), dict)}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key != "env" and not _SECRET.search(str(key))}
        return {key: _without_secrets(item) for key, item in kept.items()}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


def _entries(agents: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the agents' own sections, of ``entries`` (by id) or of the older ``list`` (each with its ``id``)."""
    found = agents.get("entries")
    listed = list(found.values()) if isinstance(found, dict) else agents.get("list")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _read(path: Path) -> dict[str, Any]:
    """Return a configuration (JSON5), {} for none. Raises EnvironmentNotReady when it cannot be read."""
    if not path.is_file():
        return {}
    text = path.read_text("utf-8")
    try:
        found = json.loads(text)
    except ValueError:
        found = _json5(path)
    return found if isinstance(found, dict) else {}


def _json5(path: Path) -> Any:
    """Let OpenClaw's own JSON5 parser read a file."""
    there = installed()
    code = (
        "const{createRequire}=require('module');const r=createRequire(process.argv[1]);"
        "console.log(JSON.stringify(r('json5').parse(require('fs').readFileSync(process.argv[2],'utf8'))))"
    )
    done = subprocess.run(
        [str(there.node), "-e", code, str(there.program), str(path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise EnvironmentNotReady(
            "cannot be read", where=str(path), hint="See `openclaw config validate`."
        ) from None


def _copied(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore_dangling_symlinks=True)
    elif source.is_file():
        shutil.copyfile(source, target)
