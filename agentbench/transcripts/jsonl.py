"""Read the JSON lines that OpenClaw kept before 2026.8: ``agents/<id>/sessions/<session>.jsonl``.

Same events as in the SQLite store. Files are looked at newest first, and only those that changed lately.
A half-written last line is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from agentbench.transcripts.events import Session, read_events
from agentbench.transcripts.places import JSONL, Store

KIND = JSONL
_MAX_FILE_BYTES = 256 * 1024 * 1024


def holding(store: Store, tokens: Sequence[str], since: float) -> list[Session]:
    """Return the sessions of the folder that hold any of ``tokens``, the oldest first."""
    wanted = [token.encode() for token in tokens]
    found = []
    for path in _recent(store.path, since):
        data = path.read_bytes()
        if any(token in data for token in wanted):
            found.append(Session(path.stem, read_events(_records(data))))
    return sorted((item for item in found if item.events), key=lambda item: item.events[0].time)


def newest(store: Store, since: float, limit: int) -> list[Session]:
    """Return the last ``limit`` message events of each session that changed lately."""
    return [
        Session(path.stem, read_events(_records(path.read_bytes()))[-limit:])
        for path in _recent(store.path, since)
    ]


def agent_version(store: Store) -> str | None:
    """Return None: these files do not name the version of OpenClaw."""
    return None


def _recent(folder: Path, since: float) -> list[Path]:
    known = [(path, path.stat()) for path in folder.glob("*.jsonl") if path.is_file()]
    fit = [
        (stat.st_mtime, path)
        for path, stat in known
        if stat.st_mtime >= since and stat.st_size <= _MAX_FILE_BYTES
    ]
    return [path for _, path in sorted(fit, reverse=True)]


def _records(data: bytes) -> Iterator[Any]:
    for line in data.split(b"\n"):
        if line.strip():
            try:
                yield msgspec.json.decode(line)
            except msgspec.DecodeError:
                continue
