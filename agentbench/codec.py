"""Bytes in, bytes out: canonical JSON, strict decoding, atomic and durable writes.

A file written here is either the old one or the new one, never half of each, also after a power cut.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import rfc8785

from agentbench.errors import EnvironmentNotReady, ResultsError

T = TypeVar("T")


def canonical_json(value: Any) -> bytes:
    """Return ``value`` (structs, dicts, lists, scalars) as canonical JSON bytes, RFC 8785.

    Raises ResultsError for NaN, infinities, or integers beyond 2**53.
    """
    try:
        return rfc8785.dumps(msgspec.to_builtins(value, enc_hook=_encode_other))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise ResultsError(f"cannot be stored as JSON: {error}") from None


def sha256(data: bytes) -> str:
    """Return ``sha256:<hex>`` of ``data``."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def decode_json(data: bytes, kind: type[T], *, where: str) -> T:
    """Return ``data`` decoded as ``kind``. Raises ResultsError naming ``where`` and the faulty field."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ResultsError(
            str(error), where=where, hint="The file is damaged or from another version."
        ) from None


def read_json(path: Path, kind: type[T]) -> T:
    """Return the JSON file ``path`` decoded as ``kind``. Raises ResultsError when absent or damaged."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ResultsError(error.strerror or "cannot be read", where=str(path)) from None
    return decode_json(data, kind, where=str(path))


def atomic_write(path: Path, data: bytes, *, mode: int = 0o644, durable: bool = True) -> None:
    """Write ``data`` to ``path`` so that a reader sees all of it or none, and a power cut keeps it.

    What can be made again from other files need not be ``durable``. Raises EnvironmentNotReady when the
    disk is full or the directory cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        temporary.replace(path)
        if durable:
            sync_directory(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise not_writable(path, error) from error


def write_json(path: Path, value: Any, *, durable: bool = True) -> bytes:
    """Write ``value`` as indented JSON, atomically, and return the bytes written.

    Text that is not Unicode (lone surrogates, as in foreign file names and logs) is written with ``?``.
    """
    data = msgspec.json.format(_packed(value), indent=2) + b"\n"
    atomic_write(path, data, durable=durable)
    return data


def sync_directory(path: Path) -> None:
    """Make a rename in ``path`` durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def not_writable(path: Path, error: OSError) -> EnvironmentNotReady:
    """Return the error to raise when ``path`` could not be written."""
    return EnvironmentNotReady(
        f"cannot be written ({error.strerror or error})",
        where=str(path),
        hint="Free some space or choose another place with --results DIR.",
    )


def json_line(value: Any) -> bytes:
    """Return ``value`` as one line of JSON; text as in `write_json`."""
    return _packed(value) + b"\n"


def _packed(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value, enc_hook=_encode_other)
    except UnicodeEncodeError:
        return msgspec.json.encode(_unicode(msgspec.to_builtins(value, enc_hook=_encode_other)))


def _unicode(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_unicode(key): _unicode(item) for key, item in value.items()}
    return [_unicode(item) for item in value] if isinstance(value, (list, tuple)) else value


def _encode_other(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    raise ResultsError(f"a {type(value).__name__} cannot be stored as JSON")
