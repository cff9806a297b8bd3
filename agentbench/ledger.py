"""The run's only source of truth: what happened, in order, appended durably, each line chained to the last.

A line is canonical JSON ``{seq, at, event, …, prev, hash}``; ``hash`` is the sha256 of the line without it,
``prev`` the hash before (``GENESIS`` for the first). A torn last line, as a kill or a full disk leaves it, is
set aside in a file of its own and never counts.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from agentbench.codec import canonical_json, not_writable, sha256, sync_directory
from agentbench.errors import ResultsError
from agentbench.paths import RunPaths

GENESIS = "sha256:" + "0" * 64


class Entry(msgspec.Struct, frozen=True):
    """One line of the ledger."""

    seq: int
    at: str
    event: str
    data: dict[str, Any]
    prev: str
    hash: str


def now() -> str:
    """Return the time as the ledger writes it: ISO 8601, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def append(run: RunPaths, event: str, **data: Any) -> Entry:
    """Append one event and return its entry; it is on disk on return.

    Raises EnvironmentNotReady when it cannot be written (the ledger is then as before), ResultsError when
    the chain is broken.
    """
    with locked(run.ledger_lock):
        last, torn = _tail(run.ledger)
        entry = {
            "seq": last.seq + 1 if last else 1,
            "at": now(),
            "event": event,
            "data": data,
            "prev": last.hash if last else GENESIS,
        }
        digest = sha256(canonical_json(entry))
        line = canonical_json({**entry, "hash": digest}) + b"\n"
        _write(run.ledger, line, torn)
    return msgspec.convert({**entry, "hash": digest}, Entry)


def read(run: RunPaths) -> list[Entry]:
    """Return all whole entries in order. Raises ResultsError naming the line where the chain breaks."""
    return read_after(run, Mark())[0]


class Mark(msgspec.Struct, frozen=True):
    """A place in a ledger: after how many bytes and entries, and the hash of the last of them."""

    offset: int = 0
    seq: int = 0
    hash: str = GENESIS


def read_after(run: RunPaths, mark: Mark) -> tuple[list[Entry], Mark]:
    """Return the whole entries after ``mark`` and where they end. Raises ResultsError where the chain breaks."""
    try:
        with run.ledger.open("rb") as stream:
            stream.seek(mark.offset)
            raw = stream.read()
    except FileNotFoundError:
        return [], mark
    except OSError as error:
        raise ResultsError(error.strerror or "cannot be read", where=str(run.ledger)) from None
    entries, torn = _chained(raw, run.ledger, mark)
    last = entries[-1] if entries else mark
    return entries, Mark(mark.offset + len(raw) - len(torn), last.seq, last.hash)


def head(run: RunPaths) -> str:
    """Return the hash of the last entry, ``GENESIS`` for none."""
    entries = read(run)
    return entries[-1].hash if entries else GENESIS


@contextlib.contextmanager
def locked(path: Path, *, blocking: bool = True) -> Iterator[bool]:
    """Hold an exclusive lock on ``path`` for the body; yields False when not ``blocking`` and it is taken.

    The lock ends with the process that holds it, however that ends.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise not_writable(path, error) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if blocking else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _chained(raw: bytes, path: Path, mark: Mark) -> tuple[list[Entry], bytes]:
    """Return the entries of ``raw``, which follow ``mark``, and the bytes of a torn last line."""
    whole, _, torn = raw.rpartition(b"\n")
    entries: list[Entry] = []
    previous = mark.hash
    for number, line in enumerate(whole.split(b"\n") if whole else (), start=mark.seq + 1):
        entry = _decode(line, f"{path}:{number}")
        body = {
            "seq": entry.seq,
            "at": entry.at,
            "event": entry.event,
            "data": entry.data,
            "prev": entry.prev,
        }
        if entry.prev != previous or entry.seq != number or sha256(canonical_json(body)) != entry.hash:
            raise ResultsError(
                "the chain is broken", where=f"{path}:{number}", hint="The ledger was edited or damaged."
            )
        previous = entry.hash
        entries.append(entry)
    return entries, torn


def _tail(path: Path) -> tuple[Entry | None, bytes]:
    """Return the last whole entry and the bytes of a torn line, without reading the whole file."""
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            window = 64 * 1024
            while True:
                start = max(0, size - window)
                stream.seek(start)
                whole, newline, torn = stream.read().rpartition(b"\n")
                if start == 0 or b"\n" in whole:
                    break
                window *= 4
    except FileNotFoundError:
        return None, b""
    except OSError as error:
        raise not_writable(path, error) from None
    if not newline:
        return None, torn
    return _decode(whole.rpartition(b"\n")[2], f"{path}:last line"), torn


def _decode(line: bytes, where: str) -> Entry:
    try:
        return msgspec.json.decode(line, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ResultsError(f"not a ledger entry ({error})", where=where) from None


def _write(path: Path, line: bytes, torn: bytes) -> None:
    """Append ``line`` in one piece; a failure leaves the file as it was."""
    try:
        if torn:
            _set_aside(path, torn)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            size = os.fstat(descriptor).st_size
            try:
                view = memoryview(line)
                while view:
                    view = view[os.write(descriptor, view) :]
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)
        if size == 0:
            sync_directory(path.parent)
    except OSError as error:
        raise not_writable(path, error) from error


def _set_aside(path: Path, torn: bytes) -> None:
    """Keep the bytes of a torn line in ``ledger.torn-N`` and cut them from the ledger."""
    number = 1
    while (aside := path.with_name(f"ledger.torn-{number}")).exists():
        number += 1
    aside.write_bytes(torn)
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size - len(torn))
        os.fsync(stream.fileno())
