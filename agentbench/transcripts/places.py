"""Where the agent that called us may keep its log: cheapest guesses first, each place once.

1. ``$AGENTBENCH_TRANSCRIPTS``, a folder; when set, it is the only place.
2. ``$OPENCLAW_STATE_DIR``, then ``.openclaw`` and ``.openclaw-<profile>`` in ``$OPENCLAW_HOME`` and at home.
3. The same, as seen in the environment and the command line of the processes above us.
4. SQLite files that those processes hold open.

A place that did not change lately is left out. Processes that may not be looked at are passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import psutil

SQLITE = "openclaw-sqlite"
JSONL = "openclaw-jsonl"
OVERRIDE = "AGENTBENCH_TRANSCRIPTS"
_MAX_ANCESTORS = 12


class Store(msgspec.Struct, frozen=True):
    """A SQLite file, or a folder of JSON lines."""

    path: Path
    kind: str


def stores(since: float) -> Iterator[Store]:
    """Yield the stores that changed after ``since`` (epoch seconds), the likeliest first."""
    seen: set[Path] = set()
    for store in _candidates():
        if store.path not in seen:
            seen.add(store.path)
            if _written(store) >= since:
                yield store


def _candidates() -> Iterator[Store]:
    if override := os.environ.get(OVERRIDE):
        yield from _in_folder(Path(override))
        return
    for state in _state_dirs(os.environ):
        yield from in_state_dir(state)
    above = _ancestors()
    for process in above:
        for state in _states_of(process):
            yield from in_state_dir(state)
    for process in above:
        yield from (Store(path, SQLITE) for path in _open_databases(process))


def _in_folder(folder: Path) -> Iterator[Store]:
    """A state directory, a folder of agents' files, or files lying directly in it."""
    yield from in_state_dir(folder)
    yield from (Store(path, SQLITE) for path in sorted(folder.glob("*.sqlite")))
    if any(folder.glob("*.jsonl")):
        yield Store(folder, JSONL)


def in_state_dir(state: Path) -> Iterator[Store]:
    """Yield the stores of an OpenClaw state directory, the newest first."""
    try:
        found = [Store(path, SQLITE) for path in state.glob("agents/*/agent/*.sqlite")]
        found += [Store(path, JSONL) for path in state.glob("agents/*/sessions") if any(path.glob("*.jsonl"))]
    except OSError:
        return
    yield from sorted(found, key=_written, reverse=True)


def _state_dirs(env: Mapping[str, str]) -> Iterator[Path]:
    if state := env.get("OPENCLAW_STATE_DIR"):
        yield Path(state).expanduser()
    for name in ("OPENCLAW_HOME", "HOME", "USERPROFILE"):
        if home := env.get(name):
            yield Path(home) / ".openclaw"
            yield from sorted(Path(home).glob(".openclaw-*"))


def _ancestors() -> list[psutil.Process]:
    try:
        above: list[psutil.Process] = psutil.Process().parents()
        return above[:_MAX_ANCESTORS]
    except psutil.Error:
        return []


def _states_of(process: psutil.Process) -> Iterator[Path]:
    try:
        yield from _from_words(process.cmdline())
        yield from _state_dirs(process.environ())
    except (psutil.Error, OSError):
        return


def _from_words(words: Sequence[str]) -> Iterator[Path]:
    for position, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option == "--state-dir":
            given = value if equals else "".join(words[position + 1 : position + 2])
            if given:
                yield Path(given).expanduser()


def _open_databases(process: psutil.Process) -> list[Path]:
    try:
        return sorted({Path(item.path) for item in process.open_files() if item.path.endswith(".sqlite")})
    except (psutil.Error, OSError):
        return []


def _written(store: Store) -> float:
    """Return when the store was last written; SQLite may have it in the write-ahead log only."""
    if store.kind == SQLITE:
        return max(_mtime(store.path), _mtime(store.path.with_name(f"{store.path.name}-wal")))
    return max((_mtime(path) for path in store.path.glob("*.jsonl")), default=0.0)


def _mtime(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
