"""Read the log of an agent that we started ourselves: its state directory holds nothing but the sessions of one try.

A turn is found by the user's message that opens it; it ends before the next one, or with its session. A session in
which the model worked without any message of ours is foreign, and so is a log without our messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agentbench.transcripts import jsonl, places, sqlite
from agentbench.transcripts.events import Event, Session, tool_calls
from agentbench.transcripts.segments import Piece, Trial

_ALL = 1_000_000


class Foreign(Exception):
    """The log is not that of the try; the message says why."""


def read(state_dir: Path, messages: Sequence[str]) -> tuple[Trial, str | None] | None:
    """Return the trial whose turns were opened by ``messages``, and the agent's version; None without any log.

    Turns whose message is not in the log are left out. Raises Foreign.
    """
    for store in places.in_state_dir(state_dir):
        reader = sqlite if store.kind == places.SQLITE else jsonl
        try:
            sessions = reader.newest(store, 0.0, _ALL)
            version = reader.agent_version(store)
        except (*sqlite.ERRORS, OSError, ValueError):
            continue
        sessions = sorted((one for one in sessions if one.events), key=lambda one: one.events[0].time)
        if sessions:
            return Trial(_pieces(sessions, messages)), version
    return None


def _pieces(sessions: Sequence[Session], messages: Sequence[str]) -> list[Piece]:
    pieces: list[Piece] = []
    waiting = list(enumerate(messages, start=1))
    for session in sessions:
        openings: list[tuple[int, int]] = []
        for position, event in enumerate(session.events):
            if event.role == "user" and waiting and _is(event, waiting[0][1]):
                openings.append((position, waiting.pop(0)[0]))
        if not openings and any(event.role == "assistant" for event in session.events):
            raise Foreign(f"session {session.id} holds none of our messages")
        ends = [position for position, _ in openings[1:]] + [len(session.events)]
        pieces += [
            _piece(session, start, end, turn) for (start, turn), end in zip(openings, ends, strict=True)
        ]
    if not pieces:
        raise Foreign("no session holds our message")
    return pieces


def _is(event: Event, message: str) -> bool:
    return message.strip() in event.text or event.text.strip() == message.strip()


def _piece(session: Session, start: int, end: int, turn: int) -> Piece:
    events = session.events[start + 1 : end]
    known = {call.tool_call_id for event in session.events for call in tool_calls(event)}
    orphans = frozenset(
        event.id for event in events if event.role == "toolResult" and event.call_id not in known
    )
    return Piece(session.id, str(turn), turn, session.events[start], events, orphans, None)
