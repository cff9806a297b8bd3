"""Read OpenClaw's SQLite store (2026.8 and later): ``agents/<id>/agent/openclaw-agent.sqlite``.

An event stands in ``event_json`` or, from 1 KiB up, compressed in ``event_zstd``: a reader that selects
the first alone misses the very results our launcher printed. The database is opened read-only; a busy or
damaged one raises one of `ERRORS`. An event that is damaged or larger than 64 MiB loses its
content and its failure mark; who spoke, when and which call it answers is kept where its beginning says so.
No event loses another. Row ids grow with time, so a search walks back from the newest row and stops at the
first one that is too old: its cost follows the age of the trial, not the size of the store.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from agentbench.trajectory import ToolCall, command_of
from agentbench.transcripts.events import Session, read_events, tool_calls
from agentbench.transcripts.places import SQLITE, Store

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

KIND = SQLITE
SEARCH_SEC = 2.0
ERRORS = (sqlite3.Error, zstd.ZstdError)
_BUSY_SEC = 0.2
_MAX_EVENT_BYTES = 64 * 1024 * 1024
_HEAD = 400
_PREFIX = 16 * 1024
_STATED = re.compile(r'"(id|timestamp|role|toolCallId|toolName)":"([^"\\]{1,200})"')
_OPENERS = frozenset({"start", "done"})
_MESSAGE, _RESULT = '"type":"message"', '"role":"toolResult"'
Row = tuple[str, int, str]
_CUSTOM = '{"type":"custom"%'


def holding(store: Store, tokens: Sequence[str], since: float) -> list[Session]:
    """Return the sessions that hold any of ``tokens``, each from the call that first showed one, or whole.

    The search ends where every token was first printed, at events older than ``since`` (epoch seconds), or
    after `SEARCH_SEC`. The oldest session comes first.
    """
    with closing(_open(store.path)) as database:
        first = _first_mentions(_newest_first(database, since), tokens)
        found = [Session(session, _from(database, session, number)) for session, number in first.items()]
    return sorted((item for item in found if item.events), key=lambda item: item.events[0].time)


def _first_mentions(rows: Iterator[Row], tokens: Sequence[str]) -> dict[str, int]:
    """Return for each session that mentions a token the number of the first event to read, 0 for all."""
    first: dict[str, int] = {}
    missing = set(tokens)
    shown: dict[str, set[str]] = {}
    deadline = time.monotonic() + SEARCH_SEC
    for session, number, body in rows:
        hits = {token for token in tokens if token in body}
        if hits and _RESULT in body[:_HEAD]:
            first[session] = number
            for event in read_events([_record(body)]):
                shown[event.call_id] = hits
        elif hits:
            first.setdefault(session, 0)
        for call_id in [name for name in shown if name in body]:
            for event in read_events([_record(body)]):
                for call in tool_calls(event):
                    if call.tool_call_id == call_id:
                        first[session] = number
                        missing -= shown.pop(call_id) if _prints_first(call) else set()
        if not missing or time.monotonic() > deadline:
            break
    return first


def _prints_first(call: ToolCall) -> bool:
    """Whether a call is one that shows a turn for the first time: start, done, or a look at one of them."""
    command = command_of(call.function_name, call.arguments)
    return call.function_name == "process" if command is None else not _OPENERS.isdisjoint(command.split())


def newest(store: Store, since: float, limit: int) -> list[Session]:
    """Return the last ``limit`` message events of the store, by session."""
    records: dict[str, list[Any]] = {}
    with closing(_open(store.path)) as database:
        for count, (session, _, body) in enumerate(_newest_first(database, since)):
            if count >= limit:
                break
            records.setdefault(session, []).insert(0, _record(body))
    return [Session(session, read_events(items)) for session, items in records.items()]


def agent_version(store: Store) -> str | None:
    """Return the version of OpenClaw that last used the store, None when it does not say."""
    try:
        with closing(_open(store.path)) as database:
            row = database.execute("SELECT app_version FROM schema_meta WHERE role = 'agent'").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row and row[0] else None


def _open(path: Path) -> sqlite3.Connection:
    quoted = str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    database = sqlite3.connect(f"file:{quoted}?mode=ro", uri=True, timeout=_BUSY_SEC)
    database.text_factory = _lenient
    return database


def _lenient(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _body(database: sqlite3.Connection) -> str:
    columns = {row[1] for row in database.execute("PRAGMA table_info(transcript_events)")}
    return "event_zstd" if "event_zstd" in columns else "NULL"


def _newest_first(database: sqlite3.Connection, since: float) -> Iterator[Row]:
    """Yield (session, number, JSON text) of message events, newest first, until they are too old."""
    rows = database.execute(
        f"SELECT created_at, session_id, seq, event_json, {_body(database)} FROM transcript_events "
        "ORDER BY rowid DESC"
    )
    for created, session, number, plain, packed in rows:
        if created < since * 1000:
            return
        text = _text(plain, packed)
        if _MESSAGE in text[:_HEAD]:
            yield session, number, text


def _from(database: sqlite3.Connection, session: str, number: int) -> list[Any]:
    rows = database.execute(
        f"SELECT event_json, {_body(database)}, created_at FROM transcript_events "
        "WHERE session_id = ? AND seq >= ? AND (event_json IS NULL OR event_json NOT LIKE ?) ORDER BY seq",
        (session, number, _CUSTOM),
    )
    return read_events(_record(_text(plain, packed), created) for plain, packed, created in rows)


def _text(plain: str | None, packed: bytes | None) -> str:
    """Return the JSON text of an event; of a damaged or too large one its beginning, possibly nothing."""
    if isinstance(plain, str):
        return plain
    if not isinstance(packed, bytes):
        return ""
    for limit in (_MAX_EVENT_BYTES, _PREFIX):
        reader = zstd.ZstdDecompressor()
        try:
            text = reader.decompress(packed, max_length=limit)
        except zstd.ZstdError:
            continue
        return _lenient(text if reader.eof else text[:_PREFIX])
    return ""


def _record(text: str, created: int | None = None) -> Any:
    """Return an event decoded; of one that cannot be, what its beginning states, without its content.

    ``created`` (epoch milliseconds) stands in for a time that is not stated. A result that no longer says
    which call it answers is None: it would count as a call of its own.
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        start = text[:_PREFIX]
    if _MESSAGE not in start[:_HEAD]:
        return None
    envelope, _, message = start.partition('"message":{')
    outer, inner = (
        dict(reversed(_STATED.findall(part))) for part in (envelope, message.partition('"content":')[0])
    )
    if inner.get("role") == "toolResult" and "toolCallId" not in inner:
        return None
    stated = {name: inner[name] for name in ("role", "toolCallId", "toolName") if name in inner}
    record = {"timestamp": created} | {name: outer[name] for name in ("id", "timestamp") if name in outer}
    return record | {"type": "message", "message": stated | {"content": []}}
