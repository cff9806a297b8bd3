"""Any command-line program as an agent: what it is given, how its end is read, and what of its log is believed."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from desks import desk, turn

from agentbench import process
from agentbench.agents import registry
from agentbench.agents.base import Agent
from agentbench.errors import EnvironmentNotReady, UsageError
from agentbench.failures import FailureCause
from agentbench.metering.records import Endpoint
from agentbench.sandbox.base import Box, Kind, Network

ECHO = (
    "import json, os, sys; print(json.dumps([sys.argv[1:], sys.stdin.read(), dict(os.environ), os.getcwd()]))"
)
ENDPOINT = Endpoint(
    base_url="http://127.0.0.1:1/t/x/v1",
    inside_url="http://127.0.0.1:18790/t/x/v1",
    socket=Path("/nowhere"),
    model="m",
    api="openai-completions",
)


def agent(*words: str, code: str = ECHO, **options: object) -> Agent:
    """Return an agent that runs Python code with these words."""
    code = code.replace("{", "{{").replace("}", "}}")
    command = " ".join([shlex.quote(process.python()), "-c", shlex.quote(code), *words])
    return registry.make("command", {"command": command, **options})


def test_placeholders_are_words_and_never_a_shell(tmp_path: Path) -> None:
    """A prompt full of quotes, dollars and braces arrives as one argument, byte for byte."""
    at = desk(tmp_path, endpoint=ENDPOINT)
    message = 'Say "hi" to $HOME; `rm -rf /` {workspace} ümlaut\nsecond line'
    made = agent(
        "-p", "{prompt}", "--cwd={workspace}", "{model}", "{base_url}", "'a b'", "{{x}}", "{turn}", model="mm"
    )
    acted = made.open(at).act(turn(at, message))
    words, stdin, env, cwd = json.loads(acted.reply or "")
    assert words == ["-p", message, f"--cwd={at.workspace}", "mm", ENDPOINT.base_url, "a b", "{x}", "1"]
    assert (stdin, cwd, acted.cause) == ("", str(at.workspace), None)
    assert env["OPENAI_BASE_URL"] == ENDPOINT.base_url
    assert env["ANTHROPIC_BASE_URL"] == ENDPOINT.base_url.removesuffix("/v1")
    assert env["HOME"] == str(at.home)


def test_without_a_place_for_it_the_prompt_comes_on_standard_input(tmp_path: Path) -> None:
    """And a file of it can be named instead."""
    at = desk(tmp_path)
    assert json.loads(agent().open(at).act(turn(at, "Hällo")).reply or "")[1] == "Hällo"
    words, stdin, *_ = json.loads(agent("{prompt_file}").open(at).act(turn(at, "Hällo")).reply or "")
    assert (Path(words[0]).read_text("utf-8"), stdin) == ("Hällo", "")


def test_the_environment_is_clean_but_for_what_is_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named variables only; the run records their names."""
    monkeypatch.setenv("MY_TOKEN", "t0ken")
    monkeypatch.setenv("OTHER", "x")
    at = desk(tmp_path)
    made = agent(pass_env=["MY_TOKEN", "NOT_SET"])
    env = json.loads(made.open(at).act(turn(at)).reply or "")[2]
    assert env["MY_TOKEN"] == "t0ken"
    assert "OTHER" not in env
    assert made.about().settings["pass_env"] == ("MY_TOKEN", "NOT_SET")
    assert "t0ken" not in str(made.about())


def test_in_a_private_box_the_model_is_behind_the_gateway(tmp_path: Path) -> None:
    """The address that the program is given is the one inside."""
    at = desk(tmp_path, endpoint=ENDPOINT)
    box = Box(kind=Kind.BUBBLEWRAP, writable=(at.workspace, at.home), network=Network.PRIVATE)
    try:
        acted = agent("{base_url}").open(desk(tmp_path, endpoint=ENDPOINT, box=box)).act(turn(at))
    except FileNotFoundError:
        pytest.skip("bubblewrap is missing")
    assert json.loads(acted.reply or "")[0] == [ENDPOINT.inside_url]


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("raise SystemExit(3)", FailureCause.AGENT_CRASH),
        ("import os; os.kill(os.getpid(), 11)", FailureCause.AGENT_CRASH),
        ("raise SystemExit(127)", FailureCause.AGENT_UNAVAILABLE),
        ("import time; time.sleep(60)", FailureCause.AGENT_TIMEOUT),
    ],
)
def test_how_it_ended(tmp_path: Path, code: str, cause: FailureCause) -> None:
    """From the exit code and the clock alone, never from words in its output."""
    at = desk(tmp_path)
    acted = agent(code=code).open(at).act(turn(at, timeout_sec=1.0))
    assert acted.cause is cause
    assert acted.detail


def test_turns_of_one_conversation_share_a_session(tmp_path: Path) -> None:
    """A new conversation gets a new one."""
    at = desk(tmp_path)
    session = agent("{session}").open(at)

    def name(number: int, new: bool) -> str:
        acted = session.act(turn(at, number=number, new_session=new))
        found: str = json.loads(acted.reply or "")[0][0]
        return found

    first, second, third = name(1, True), name(2, False), name(3, True)
    assert first == second != third


def test_a_trajectory_that_the_program_left_is_read_and_labelled(tmp_path: Path) -> None:
    """As the agent's own word."""
    at = desk(tmp_path)
    step = {"step_id": 1, "source": "agent", "message": "hi", "timestamp": "2026-01-01T00:00:00Z"}
    log = {
        "schema_version": "ATIF-v1.7",
        "session_id": "s",
        "agent": {"name": "mine", "version": "2", "model_name": "m"},
        "steps": [step],
    }
    session = agent(
        "{trajectory}", code=f"import sys; open(sys.argv[1], 'w').write({json.dumps(log)!r})"
    ).open(at)
    assert session.act(turn(at)).cause is None
    record = session.close()
    assert record.trajectory is not None
    assert (record.version, record.model, [flag.code for flag in record.flags]) == (
        "2",
        "m",
        ["agents-own-log"],
    )


@pytest.mark.parametrize("content", ["{", '{"steps": 7}', None], ids=["cut", "wrong", "link"])
def test_a_trajectory_that_cannot_be_read_is_none(tmp_path: Path, content: str | None) -> None:
    """It is flagged; a link to somewhere else is not followed."""
    at = desk(tmp_path)
    session = agent("{trajectory}", code="pass").open(at)
    place = at.home / "trajectory.json"
    if content is None:
        place.symlink_to("/etc/passwd")
    else:
        place.write_text(content)
    record = session.close()
    assert record.trajectory is None
    assert [flag.code for flag in record.flags] == ([] if content is None else ["bad-trajectory"])


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("mycli {promt}", "Did you mean 'prompt'"),
        ("mycli 'a", "no closing quotation"),
        ("", "is empty"),
    ],
)
def test_a_template_that_cannot_be_used(command: str, said: str) -> None:
    """In one line, before anything runs."""
    with pytest.raises(UsageError, match=said):
        registry.make("command", {"command": command})


def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    """Before a run exists; and so is a folder that cannot be shown."""
    with pytest.raises(EnvironmentNotReady, match="no-such-cli: no such program"):
        registry.make("command", {"command": "no-such-cli {prompt}"}).check([])
    with pytest.raises(EnvironmentNotReady, match="--show /no/such"):
        agent(show=["/no/such"]).check([])


def test_a_program_of_ones_own_can_be_read_in_a_box(tmp_path: Path) -> None:
    """The file itself and what it links to, not the folder it lies in; system programs need nothing."""
    real, link = tmp_path / "real.sh", tmp_path / "bin" / "mycli"
    real.write_text("#!/bin/sh\necho ok\n")
    real.chmod(0o755)
    link.parent.mkdir()
    link.symlink_to(real)
    made = registry.make("command", {"command": str(link), "show": [str(tmp_path)]})
    assert made.readable == (tmp_path, link, real)
    assert registry.make("command", {"command": "sh -c true"}).readable == ()
