"""One message event of an OpenClaw session, whichever store it comes from.

The shape is the same in the SQLite store and in the older JSON lines: ``{"type": "message", "id",
"timestamp", "message": {"role", "content", …}}``. Foreign or damaged content never raises; it reads as empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from agentbench.trajectory import ToolCall, parse_time

_CALL_TYPES = frozenset({"toolCall", "toolUse", "tool_use", "functionCall"})
_THOUGHT_TYPES = frozenset({"thinking", "reasoning"})


class Event(msgspec.Struct, frozen=True):
    """A message of the user or the agent, or what a tool returned."""

    id: str
    time: datetime
    """When it was stored: for an answer of the model, when it was complete."""
    role: str
    """``user``, ``assistant`` or ``toolResult``."""
    message: dict[str, Any]
    raw: dict[str, Any]

    @property
    def text(self) -> str:
        """All of its text parts."""
        content = self.message.get("content")
        if isinstance(content, str):
            return content
        return "\n".join(
            str(part.get("text", "")) for part in _parts(self.message) if part.get("type") == "text"
        )

    @property
    def thoughts(self) -> str:
        """What the model was thinking, where the log holds it."""
        parts = (part for part in _parts(self.message) if part.get("type") in _THOUGHT_TYPES)
        return "\n".join(str(part.get("thinking") or part.get("text") or "") for part in parts)

    @property
    def call_id(self) -> str:
        """The call a tool result answers."""
        return str(self.message.get("toolCallId", ""))

    @property
    def tool(self) -> str:
        """The tool whose result this is."""
        return str(self.message.get("toolName", ""))

    @property
    def details(self) -> dict[str, Any]:
        """What the tool noted beside the text of its result."""
        found = self.message.get("details")
        return found if isinstance(found, dict) else {}

    @property
    def is_error(self) -> bool:
        """Whether a tool result is marked as failed; a non-zero exit alone is none."""
        marked = self.message.get("isError")
        return marked if isinstance(marked, bool) else self.details.get("status") in ("error", "failed")

    @property
    def still_running(self) -> bool:
        """Whether a tool result says that the command went to the background."""
        return self.details.get("status") == "running"

    @property
    def requested_at(self) -> datetime:
        """When the model was asked for this answer; `time` where the log does not say."""
        stamp = self.message.get("timestamp")
        return min(self.time, _from_millis(stamp)) if isinstance(stamp, (int, float)) else self.time

    @property
    def usage(self) -> dict[str, Any]:
        """Token counts of an answer."""
        found = self.message.get("usage")
        return found if isinstance(found, dict) else {}

    @property
    def model(self) -> str | None:
        """``provider/model`` of an answer."""
        name, provider = self.message.get("model"), self.message.get("provider")
        if not isinstance(name, str) or not name:
            return None
        return f"{provider}/{name}" if isinstance(provider, str) and provider else name


class Session(msgspec.Struct, frozen=True):
    """Events of one session, in order; possibly only its end."""

    id: str
    events: list[Event]


def read_events(records: Iterable[Any]) -> list[Event]:
    """Return the message events among decoded records, in order, each id once."""
    found: dict[str, Event] = {}
    for number, record in enumerate(records):
        event = _event(record, number)
        if event is not None and event.id not in found:
            found[event.id] = event
    return list(found.values())


def tool_calls(event: Event) -> Iterator[ToolCall]:
    """Yield the tool calls of an answer."""
    if event.role != "assistant":
        return
    for part in _parts(event.message):
        if part.get("type") in _CALL_TYPES:
            arguments = part.get("arguments", part.get("input"))
            if isinstance(arguments, str):
                arguments = _object(arguments)
            yield ToolCall(
                tool_call_id=str(part.get("id", "")),
                function_name=str(part.get("name", "")),
                arguments=arguments if isinstance(arguments, dict) else {},
            )


def _event(record: Any, number: int) -> Event | None:
    if not isinstance(record, dict) or record.get("type") != "message":
        return None
    message = record.get("message")
    if not isinstance(message, dict) or message.get("role") not in ("user", "assistant", "toolResult"):
        return None
    time = _time(record, message)
    if time is None:
        return None
    return Event(str(record.get("id", f"#{number}")), time, message["role"], message, record)


def _time(record: dict[str, Any], message: dict[str, Any]) -> datetime | None:
    stamp = record.get("timestamp")
    if isinstance(stamp, str):
        try:
            return parse_time(stamp)
        except ValueError:
            stamp = None
    if not isinstance(stamp, (int, float)):
        stamp = message.get("timestamp")
    return _from_millis(stamp) if isinstance(stamp, (int, float)) else None


def _from_millis(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp / 1000, UTC)


def _parts(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message.get("content")
    return [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
