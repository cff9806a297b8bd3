"""The log of an agent that we started: every turn is found by its message, and a foreign log is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentbench.transcripts import headless, segments


def event(number: int, role: str, content: Any, **more: Any) -> dict[str, Any]:
    """Return one message event, a second after the one before."""
    stamp = f"2026-11-20T10:00:{number:02d}.000Z"
    return {
        "type": "message",
        "id": f"e{number}",
        "timestamp": stamp,
        "message": {"role": role, "content": content, **more},
    }


def write(state: Path, session: str, *events: dict[str, Any]) -> None:
    """Write a session as the older builds kept it."""
    folder = state / "agents" / "main" / "sessions"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{session}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in events))


def call(name: str, number: int) -> list[dict[str, Any]]:
    """Return the content of an answer that calls a tool."""
    return [{"type": "toolCall", "id": f"c{number}", "name": name, "arguments": {"path": "x"}}]


def test_turns_of_two_conversations(tmp_path: Path) -> None:
    """Each turn has its own calls and reply, in order, whichever session it was in."""
    write(
        tmp_path,
        "first",
        event(1, "user", "One."),
        event(2, "assistant", call("read", 1)),
        event(3, "toolResult", "ok", toolCallId="c1", toolName="read"),
        event(4, "assistant", "First reply"),
        event(5, "user", "Two."),
        event(6, "assistant", "Second reply", model="m-1", provider="p"),
    )
    write(
        tmp_path,
        "second",
        event(11, "user", "The files are in /ws.\n\nThree."),
        event(12, "assistant", call("write", 2)),
    )
    found = headless.read(tmp_path, ["One.", "Two.", "Three."])
    assert found is not None
    trial, _ = found
    assert [piece.turn for piece in trial.pieces] == [1, 2, 3]
    assert trial.replies == {"1": "First reply", "2": "Second reply"}
    assert trial.model == "p/m-1"
    made = segments.trajectory(trial, "1")
    calls = [one.function_name for step in made.steps for one in step.tool_calls or ()]
    assert calls == ["read", "write"]


def test_no_log_is_none(tmp_path: Path) -> None:
    """An agent that never wrote one."""
    assert headless.read(tmp_path, ["One."]) is None


@pytest.mark.parametrize("messages", [["Another."], ["One.", "Two."]])
def test_a_foreign_log_is_refused(tmp_path: Path, messages: list[str]) -> None:
    """None of our messages in it, or a session at work that was opened by none of ours."""
    write(tmp_path, "first", event(1, "user", "One."), event(2, "assistant", "x"))
    write(tmp_path, "second", event(3, "user", "Somebody else's."), event(4, "assistant", "y"))
    with pytest.raises(headless.Foreign):
        headless.read(tmp_path, messages)
