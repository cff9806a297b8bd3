"""YAML with line numbers: so that every error about a file can name the line.

Duplicate keys, aliases that explode, and anything but plain data are refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from agentbench.errors import TaskError, did_you_mean

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

T = TypeVar("T")
Key = tuple[str | int, ...]
MAX_NODES = 20_000
_FIELD = re.compile(r"\$((?:\.\w+|\[\d+\]|\[\.\.\.\])*)")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")


class Document:
    """A parsed YAML file that remembers where each value stands."""

    def __init__(self, path: Path, value: Any, lines: dict[Key, int]) -> None:
        self.path = path
        self.value = value
        self._lines = lines

    def error(self, key: Key, what: str, hint: str = "") -> TaskError:
        """Return the error for the value at ``key``: ``file:line field: what. hint``."""
        line = next((self._lines[key[:n]] for n in range(len(key), -1, -1) if key[:n] in self._lines), 1)
        where = f"{self.path}:{line}"
        return TaskError(what, where=f"{where} {_shown(key)}" if key else where, hint=hint)

    def convert(self, kind: type[T]) -> T:
        """Return the value as ``kind``. Raises TaskError naming line, field and the nearest known name."""
        try:
            return msgspec.convert(self.value, kind)
        except msgspec.ValidationError as error:
            raise self._explain(str(error), kind) from None

    def _explain(self, message: str, kind: type[Any]) -> TaskError:
        text, _, where = message.partition(" - at ")
        key = _key(where)
        if unknown := _UNKNOWN.search(text):
            known = _fields(kind, key)
            return self.error(
                (*key, unknown[1]), f"unknown key {unknown[1]!r}", did_you_mean(unknown[1], known)
            )
        known = _values(kind, key) if text.startswith("Invalid enum value") else []
        return self.error(key, text[0].lower() + text[1:], f"Allowed: {', '.join(known)}." if known else "")


def load_yaml(path: Path) -> Document:
    """Return the YAML file ``path``. Raises TaskError with file and line when it is not readable as such."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise TaskError(error.strerror or "cannot be read", where=str(path)) from None
    except UnicodeDecodeError:
        raise TaskError("is not UTF-8 text", where=str(path)) from None
    try:
        node = yaml.compose(text, Loader=_Loader)
        lines: dict[Key, int] = {}
        _walk(node, (), lines, path, depth=0)
        value = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        what = getattr(error, "problem", None) or str(error)
        raise TaskError(f"is not valid YAML: {what}", where=f"{path}:{line}") from None
    if not isinstance(value, dict):
        raise TaskError("must hold keys and values", where=f"{path}:1")
    return Document(path, value, lines)


def _walk(node: Any, key: Key, lines: dict[Key, int], path: Path, *, depth: int) -> None:
    lines[key] = node.start_mark.line + 1 if node is not None else 1
    if depth > 20 or len(lines) > MAX_NODES:
        what = "is nested too deeply" if depth > 20 else f"holds more than {MAX_NODES} values"
        raise TaskError(what, where=f"{path}:{lines[key]}")
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            inner = (*key, str(name.value))
            if inner in lines:
                raise TaskError(
                    f"the key {name.value!r} stands twice", where=f"{path}:{name.start_mark.line + 1}"
                )
            _walk(value, inner, lines, path, depth=depth + 1)
            lines[inner] = name.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for n, value in enumerate(node.value):
            _walk(value, (*key, n), lines, path, depth=depth + 1)


def _key(where: str) -> Key:
    hit = _FIELD.search(where)
    parts = re.findall(r"\.(\w+)|\[(\d+)\]", hit[1]) if hit else []
    return tuple(name if name else int(index) for name, index in parts)


def _shown(key: Key) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return text.lstrip(".")


def _fields(kind: Any, key: Key) -> list[str]:
    """Return the field names of the struct that ``key`` leads to."""
    info = _struct_of(_type_at(kind, key))
    return [field.encode_name for field in getattr(info, "fields", ())]


def _values(kind: Any, key: Key) -> list[str]:
    """Return the values that an enumeration or literal at ``key`` allows, in their order."""
    info = _type_at(kind, key)
    found: list[str] = []
    for option in getattr(info, "types", (info,)):
        if isinstance(option, msgspec.inspect.EnumType):
            found += [str(member.value) for member in option.cls]
        elif isinstance(option, msgspec.inspect.LiteralType):
            found += [str(value) for value in option.values]
    return found


def _type_at(kind: Any, key: Key) -> Any:
    info: Any = msgspec.inspect.type_info(kind)
    for part in key:
        info = _step(info, part)
    return info


def _step(info: Any, part: str | int) -> Any:
    info = _struct_of(info)
    if isinstance(part, int):
        return getattr(info, "item_type", info)
    for field in getattr(info, "fields", ()):
        if field.encode_name == part:
            return field.type
    return info


def _struct_of(info: Any) -> Any:
    for option in getattr(info, "types", ()):
        if hasattr(option, "fields") or hasattr(option, "item_type"):
            return option
    return info
