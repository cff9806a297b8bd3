"""Stores as OpenClaw writes them, filled from a real session (paths scrubbed) or from hand-made events."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Record = dict[str, Any]
Keep = Callable[..., Path]
SESSION = Path(__file__).with_name("openclaw-session.jsonl")
TOKEN = "3fa91c07be"
OTHER = "4fa91c07be"
LAUNCHER = "/home/user/skills/agentbench/scripts/agentbench"
COMPRESSED_FROM = 1024
SCHEMA = """
CREATE TABLE schema_meta (
  meta_key TEXT NOT NULL PRIMARY KEY, role TEXT NOT NULL, schema_version INTEGER NOT NULL, agent_id TEXT,
  app_version TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
CREATE TABLE transcript_events (
  session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, created_at INTEGER NOT NULL,
  event_zstd BLOB, event_utf8_bytes INTEGER, navigation_json TEXT, PRIMARY KEY (session_id, seq)) STRICT;
INSERT INTO schema_meta VALUES ('primary', 'agent', 23, 'main', '2026.9.6', 0, 0);
"""


def recent_session() -> list[Record]:
    """Return the real session, moved to end a minute ago."""
    records = [json.loads(line) for line in SESSION.read_text("utf-8").splitlines()]
    last = datetime.fromisoformat(records[-1]["timestamp"])
    shift = datetime.now(UTC) - timedelta(seconds=60) - last
    for record in records:
        record["timestamp"] = (datetime.fromisoformat(record["timestamp"]) + shift).isoformat()
        message = record.get("message")
        if isinstance(message, dict) and "timestamp" in message:
            message["timestamp"] += int(shift.total_seconds() * 1000)
    return records


class Talk:
    """Hand-made events on a clock that starts ten minutes ago."""

    def __init__(self) -> None:
        self.began = datetime.now(UTC) - timedelta(minutes=10)
        self.records: list[Record] = []
        self._calls = 0
        self._last = self.began

    def _add(self, second: float, message: Record, *, asked: float | None = None) -> Talk:
        moment = self.began + timedelta(seconds=second)
        asked_at = self._last if asked is None else self.began + timedelta(seconds=asked)
        self._last = moment
        record = {
            "type": "message",
            "id": f"{id(self)}-{len(self.records)}",
            "timestamp": moment.isoformat(timespec="milliseconds"),
            "message": message | {"timestamp": int(asked_at.timestamp() * 1000)},
        }
        self.records.append(record)
        return self

    def user(self, second: float, text: str) -> Talk:
        return self._add(second, {"role": "user", "content": text})

    def says(self, second: float, text: str, *, asked: float | None = None) -> Talk:
        content = [{"type": "text", "text": text}]
        return self._add(second, {"role": "assistant", "content": content, "usage": usage()}, asked=asked)

    def calls(self, second: float, *commands: str, text: str = "", asked: float | None = None) -> Talk:
        """The agent runs commands; `returns` answers them in order."""
        content: list[Record] = [{"type": "text", "text": text}] if text else []
        for command in commands:
            self._calls += 1
            call = {"type": "toolCall", "id": f"{id(self)}c{self._calls}", "name": "exec"}
            content.append(call | {"arguments": {"command": command}})
        return self._add(second, {"role": "assistant", "content": content, "usage": usage()}, asked=asked)

    def returns(self, second: float, text: str, *, of: int = 0, fails: bool = False, **details: Any) -> Talk:
        """The result of the last call, or of the one ``of`` before it."""
        result = {
            "role": "toolResult",
            "toolCallId": f"{id(self)}c{self._calls - of}",
            "toolName": "exec",
            "content": [{"type": "text", "text": text}],
            "details": details,
            "isError": fails,
        }
        return self._add(second, result)


def usage() -> Record:
    return {
        "input": 10,
        "output": 2,
        "cacheRead": 5,
        "cacheWrite": 0,
        "totalTokens": 17,
        "cost": {"total": 0},
    }


def write_sqlite(path: Path, sessions: Mapping[str, Sequence[Record]]) -> Path:
    """Write a store with the newest schema: records from 1 KiB up are compressed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA journal_mode = wal")
        database.executescript(SCHEMA)
        database.executemany(
            "INSERT INTO transcript_events (session_id, seq, event_json, created_at, event_zstd, event_utf8_bytes)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                row(name, number, record)
                for name, records in sessions.items()
                for number, record in enumerate(records)
            ),
        )
    return path


def row(session: str, number: int, record: Record) -> tuple[str, int, str | None, int, bytes | None, int]:
    text = json.dumps(record, separators=(",", ":"))
    created = int(datetime.fromisoformat(record["timestamp"]).timestamp() * 1000)
    packed = zstd.compress(text.encode(), 1) if len(text) >= COMPRESSED_FROM else None
    return session, number, None if packed else text, created, packed, len(text)


def write_jsonl(folder: Path, sessions: Mapping[str, Sequence[Record]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, records in sessions.items():
        lines = [json.dumps(record, separators=(",", ":")) for record in records]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder
