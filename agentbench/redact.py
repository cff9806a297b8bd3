"""Secrets that were handed out, taken out of what comes back: scrub by value, and find what was missed.

A short value (``EMPTY``, ``ollama``) is a placeholder and no secret: it would be cut from honest text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

MIN_CHARS = 12
MAX_FILE_BYTES = 64 * 1024**2
_BLOCK = 1024**2


class Scrubber:
    """Replaces the values of secrets, name → value, by ``[NAME]``, also as JSON spells them.

    Values under 12 characters are left alone.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        kept = {value: name for name, value in secrets.items() if len(value) >= MIN_CHARS}
        kept |= {json.dumps(value)[1:-1]: name for value, name in kept.items()}
        longest_first = sorted(kept.items(), key=lambda item: -len(item[0]))
        self._words = [(value, f"[{name}]") for value, name in longest_first]
        self._bytes = [(value.encode(), word.encode()) for value, word in self._words]

    def __bool__(self) -> bool:
        return bool(self._words)

    def text(self, text: str) -> str:
        """Return ``text`` without the values."""
        for value, word in self._words:
            text = text.replace(value, word)
        return text

    def data(self, data: bytes) -> bytes:
        """Return ``data`` without the values."""
        for value, word in self._bytes:
            data = data.replace(value, word)
        return data

    def stream(self) -> Stream:
        """Return a scrubber of data that comes in blocks."""
        return Stream(self)

    def tree(self, root: Path) -> list[str]:
        """Scrub every regular file below ``root`` in place; return the changed ones, as sorted relative names.

        Links are not followed, and a file that has another name elsewhere keeps its content there. One over 64 MiB that
        holds a value is removed. What cannot be reached, not even with its modes changed, is left: it is not stored.
        """
        changed, folders = [], [root] if self else []
        while folders:
            folder = folders.pop()
            for entry in _entries(folder):
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False) and self._scrubbed(Path(entry.path)):
                    changed.append(Path(entry.path).relative_to(root).as_posix())
        return sorted(changed)

    def _scrubbed(self, path: Path) -> bool:
        try:
            mode = path.stat().st_mode
            path.chmod(mode | 0o400)
            if not self._is_in(path):
                path.chmod(mode)
                return False
            data = self.data(path.read_bytes()) if path.stat().st_size <= MAX_FILE_BYTES else None
            path.unlink()
            if data is not None:
                path.write_bytes(data)
                path.chmod(mode)
        except OSError:
            return False
        return True

    def _is_in(self, path: Path) -> bool:
        """Return whether a file holds a value, reading it block by block."""
        overlap = max(len(value) for value, _ in self._bytes) - 1
        tail = b""
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                seen = tail + block
                if any(value in seen for value, _ in self._bytes):
                    return True
                tail = seen[-overlap:]
        return False


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what is in a folder, which is made accessible; nothing where that cannot be."""
    try:
        folder.chmod(folder.stat().st_mode | 0o700)
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


class Stream:
    """Scrubs blocks as they pass. Holds back only an end that may be the beginning of a value."""

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        self._held = b""

    def keep(self, block: bytes) -> bytes:
        """Return what may be passed on of what has come so far."""
        data = self._scrubber.data(self._held + block)
        held = max((_begun(data, value) for value, _ in self._scrubber._bytes), default=0)
        self._held = data[len(data) - held :]
        return data[: len(data) - held]

    def rest(self) -> bytes:
        """Return what was held back, at the end."""
        rest, self._held = self._held, b""
        return rest


def _begun(data: bytes, value: bytes) -> int:
    """Return the length of the longest end of ``data`` that is a true beginning of ``value``."""
    most = min(len(value) - 1, len(data))
    return next((n for n in range(most, 0, -1) if data.endswith(value[:n])), 0)
