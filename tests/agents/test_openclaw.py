"""The OpenClaw adapter without OpenClaw: what it is told, what it is given, and how its answer is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentbench import providers
from agentbench.agents import openclaw
from agentbench.agents import openclaw_setup as setups
from agentbench.errors import EnvironmentNotReady, UsageError
from agentbench.failures import FailureCause
from agentbench.process import Completed

PROVIDER = setups.provider("http://127.0.0.1:18790/t/x/v1", "openai-completions", "m-1")


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state directory of a user with a configuration, a skill, memory, channels and secrets."""
    state = tmp_path / ".openclaw"
    workspace = tmp_path / "my-workspace"
    for folder in (state / "skills" / "mine", state / "skills" / "agentbench", workspace / "memory"):
        folder.mkdir(parents=True)
    (state / "skills" / "mine" / "SKILL.md").write_text("mine")
    (workspace / "AGENTS.md").write_text("Be brief.")
    (workspace / "memory" / "2026.md").write_text("He likes tea.")
    (workspace / "private.txt").write_text("not read by itself")
    config = {
        "agents": {
            "defaults": {
                "model": {"primary": "openai/gpt-5"},
                "workspace": str(workspace),
                "maxConcurrent": 3,
            }
        },
        "tools": {
            "profile": "full",
            "web": {"search": {"apiKey": "s3cret", "provider": "x"}},
            "deny": ["lobster"],
        },
        "skills": {"entries": {"mine": {"env": {"X": "s3cret"}}}},
        "channels": {"telegram": {"botToken": "s3cret"}},
        "gateway": {"auth": {"token": "s3cret"}},
        "models": {
            "providers": {
                "mine": {"baseUrl": "http://127.0.0.1:8000/v1", "apiKey": "${MINE_KEY}"},
                "local": {"baseUrl": "http://127.0.0.1:8001/v1", "apiKey": "literal"},
            }
        },
    }
    (state / "openclaw.json").write_text(json.dumps(config))
    monkeypatch.setenv("OPENCLAW_STATE_DIR", str(state))
    monkeypatch.delenv("OPENCLAW_CONFIG_PATH", raising=False)
    return state


@pytest.mark.parametrize(
    ("agents", "speaker"),
    [
        ({}, "main"),
        ({"entries": {"work": {}, "home": {}}}, "work"),
        ({"entries": {"work": {}, "home": {"default": True}}}, "home"),
        ({"list": [{"id": "old"}, {"id": "new", "default": True}]}, "new"),
        ({"list": ["nonsense"]}, "main"),
    ],
)
def test_the_users_default_agent_speaks(user: Path, agents: dict[str, object], speaker: str) -> None:
    """In an as-is set-up, with the workspace of its own entry; a clean one knows ``main`` alone."""
    path = user / "openclaw.json"
    config = json.loads(path.read_text())
    for one in agents.get("entries", {}).values():  # type: ignore[attr-defined]
        one["workspace"] = str(user / "its-own")
    path.write_text(json.dumps({**config, "agents": {**config["agents"], **agents}}))
    assert (setups.main_agent("as-is"), setups.main_agent("clean")) == (speaker, "main")
    own = "entries" in agents
    assert setups._user_workspace() == (user / "its-own" if own else user.parent / "my-workspace")


def test_a_key_written_into_the_configuration_is_asked_for_as_a_variable(
    user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A placeholder, as local endpoints want one, is no key, nor is anything that an endpoint of this machine takes."""
    path = user / "openclaw.json"
    config = json.loads(path.read_text())
    config["models"]["providers"]["mine"] = {"baseUrl": "https://x.example/v1", "apiKey": "sk-0123456789abcdef"}
    path.write_text(json.dumps(config))
    with pytest.raises(UsageError, match="--api-key-env NAME"):
        openclaw.make({"model": "mine/m-1"})
    assert not setups.own_providers()["local"].written_key


def test_the_clean_set_up_is_the_model_and_coding_tools(tmp_path: Path) -> None:
    """No fallback, no bootstrap, no question before a command, no tool that needs the network in a box."""
    config = setups.configuration("clean", tmp_path, PROVIDER, private=True)
    defaults = config["agents"]["defaults"]
    assert defaults["model"] == {"primary": "agentbench/m-1", "fallbacks": []}
    assert (defaults["workspace"], defaults["skipBootstrap"]) == (str(tmp_path), True)
    assert config["tools"]["exec"] == {"mode": "full"}
    assert config["tools"]["profile"] == "coding"
    assert "web_search" in config["tools"]["deny"]
    assert list(config["models"]["providers"]) == ["agentbench"]
    assert "deny" not in setups.configuration("clean", tmp_path, PROVIDER, private=False)["tools"]


def test_the_as_is_set_up_keeps_what_shapes_the_agent_and_no_secret(user: Path, tmp_path: Path) -> None:
    """Tools and agents as the user has them; model, workspace, channels and everything secret are gone."""
    config = setups.configuration("as-is", tmp_path / "place", PROVIDER, private=True)
    assert "s3cret" not in json.dumps(config)
    assert "channels" not in config
    assert "gateway" not in config
    assert config["agents"]["defaults"]["maxConcurrent"] == 3
    assert config["agents"]["defaults"]["model"]["primary"] == "agentbench/m-1"
    assert config["tools"]["profile"] == "full"
    assert config["tools"]["web"]["search"] == {"provider": "x"}
    assert set(config["tools"]["deny"]) >= {"lobster", "web_fetch"}


def test_a_thinking_level_makes_a_model_that_reasons() -> None:
    """OpenClaw would refuse the level otherwise; without one nothing is said of it."""
    plain = setups.provider("http://h/v1", "openai-completions", "m")["models"][0]
    assert "reasoning" not in plain
    assert setups.provider("http://h/v1", "openai-completions", "m", "off")["models"][0] == plain
    assert setups.provider("http://h/v1", "openai-completions", "m", "high")["models"][0]["reasoning"] is True


def test_the_as_is_set_up_brings_skills_and_memory(user: Path, tmp_path: Path) -> None:
    """Copies of what OpenClaw reads by itself, without our own skill; the clean one brings nothing."""
    home, workspace = tmp_path / "home", tmp_path / "ws"
    (home / "state").mkdir(parents=True)
    workspace.mkdir()
    assert setups.furnish("clean", workspace, home) == workspace
    place = setups.furnish("as-is", workspace, home)
    found = sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file())
    assert place == home / "agent-workspace"
    assert found == [
        "agent-workspace/AGENTS.md",
        "agent-workspace/memory/2026.md",
        "state/skills/mine/SKILL.md",
    ]


def test_providers_of_the_user_are_found_by_name(user: Path) -> None:
    """The variable of a key, never a key; one that stands in the file itself is not taken."""
    found, model = providers.find("mine/m-1", setups.own_providers())
    assert (found.base_url, found.api_key_env, model) == ("http://127.0.0.1:8000/v1", "MINE_KEY", "m-1")
    assert providers.find("local/x", setups.own_providers())[0].api_key_env == ""
    assert providers.find("openai/gpt-5", {})[0].api_key_env == "OPENAI_API_KEY"
    with pytest.raises(UsageError, match="Did you mean 'openai'"):
        providers.find("openaii/gpt-5", {})
    with pytest.raises(UsageError, match="PROVIDER/MODEL"):
        providers.find("gpt-5", {})


def test_settings_make_the_same_agent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run records is enough to resume it, and holds the name of a key's variable, never its value."""
    monkeypatch.setenv("MY_KEY", "s3cret")
    there = setups.Installed(Path("/n/node"), Path("/o/openclaw.mjs"), "2026.9.6", (Path("/o"),), tmp_path)
    monkeypatch.setattr(setups, "installed", lambda: there)
    options = {"model": "m-1", "base_url": "http://h/v1", "api_key_env": "MY_KEY", "thinking": "high"}
    about = openclaw.make(options).about()
    assert "s3cret" not in str(about)
    assert openclaw.make(about.settings).about() == about
    assert about.settings["endpoint"]["api_key_env"] == "MY_KEY"


def completed(out: str = "", rc: int = 0, **more: object) -> Completed:
    """Return how a call of OpenClaw ended."""
    made = {"stdout": out.encode(), "stderr": b"", "timed_out": False, "duration_sec": 1.0, **more}
    return Completed(rc=rc, **made)  # type: ignore[arg-type]


ENVELOPE = json.dumps({"payloads": [{"text": "Done."}, {"text": None}, {"text": "Bye."}], "meta": {}})


@pytest.mark.parametrize("out", [ENVELOPE, f"[log] {{x}} before\n{ENVELOPE}\n[log] after {{}}"])
def test_the_reply_is_found_among_log_lines(out: str) -> None:
    """Whatever surrounds the envelope."""
    assert openclaw._acted(completed(out), 60.0).reply == "Done.\nBye."


@pytest.mark.parametrize(
    ("done", "cause"),
    [
        (completed(ENVELOPE), None),
        (completed(ENVELOPE, rc=1), FailureCause.AGENT_CRASH),
        (completed('{"payloads": [], "meta": {"error": {"message": "boom"}}}'), FailureCause.AGENT_CRASH),
        (completed(rc=127), FailureCause.AGENT_UNAVAILABLE),
        (completed(rc=-9, timed_out=True), FailureCause.AGENT_TIMEOUT),
        (completed(ENVELOPE, rc=1, duration_sec=61.0), FailureCause.AGENT_TIMEOUT),
        (completed(rc=-9, limit="memory"), FailureCause.AGENT_BUDGET),
        (completed("not json at all", rc=3), FailureCause.AGENT_CRASH),
    ],
)
def test_how_a_turn_ended(done: Completed, cause: FailureCause | None) -> None:
    """From exit code, clock and envelope."""
    assert openclaw._acted(done, 60.0).cause is cause


def test_a_missing_openclaw_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With what to do."""
    monkeypatch.setenv("AGENTBENCH_OPENCLAW", str(tmp_path / "none.mjs"))
    with pytest.raises(EnvironmentNotReady, match=r"none\.mjs: does not start"):
        setups.installed()
