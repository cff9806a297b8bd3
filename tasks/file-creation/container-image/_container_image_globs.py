"""Patterns of ignore files, of COPY and of the pipeline: matched in time linear in pattern times path."""

import functools


@functools.lru_cache(maxsize=4096)
def _tokens(pattern: str) -> tuple[str, ...]:
    found, at = [], 0
    while at < len(pattern):
        size = next((len(one) for one in ("**/", "**", "[0-9]") if pattern.startswith(one, at)), 1)
        found.append(pattern[at : at + size])
        at += size
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def _ends(pattern: str) -> tuple[str, str, bool]:
    """Return the plain text that a fitting path begins and ends with, and whether that is all of the pattern."""
    special = [at for at, sign in enumerate(pattern) if sign in "*?["]
    if not special:
        return pattern, "", True
    tail = pattern[special[-1] + 1 :]
    if pattern[special[-1]] == "[":
        tail = ""
    elif pattern[: special[-1] + 1].endswith("**"):
        tail = tail.removeprefix("/")
    return pattern[: special[0]], tail, False


@functools.lru_cache(maxsize=100_000)
def matches(pattern: str, path: str) -> bool:
    """Return whether a whole path fits a pattern."""
    head, tail, plain = _ends(pattern)
    if plain or not (path.startswith(head) and path.endswith(tail)):
        return plain and path == pattern
    places = {0}
    for token in _tokens(pattern):
        if token == "**":
            places = set(range(min(places), len(path) + 1))
        elif token == "**/":
            first = min(places)
            places |= {at + 1 for at in range(first, len(path)) if path[at] == "/"}
        elif token == "*":
            for at in sorted(places):
                while at < len(path) and path[at] != "/" and at + 1 not in places:
                    at += 1
                    places.add(at)
        elif token == "?":
            places = {at + 1 for at in places if at < len(path) and path[at] != "/"}
        elif token == "[0-9]":
            places = {at + 1 for at in places if at < len(path) and path[at] in "0123456789"}
        else:
            places = {at + 1 for at in places if at < len(path) and path[at] == token}
        if not places:
            return False
    return len(path) in places


def sensible(patterns: list[str]) -> None:
    """Raise ValueError where a pattern is so long that it would be there to keep the checker busy."""
    for one in patterns:
        if len(one) > 160 or sum(one.count(sign) for sign in "*?[") > 24:
            raise ValueError(f"a pattern of over 160 characters or 24 wildcards: {one[:60]}")


def chosen(patterns: list[str], text: str) -> bool:
    """Return what the last fitting pattern of a list says; False where none fits."""
    for pattern in reversed(patterns):
        if matches(pattern.removeprefix("!"), text):
            return not pattern.startswith("!")
    return False


def ignored(patterns: list[str], path: str) -> bool:
    """Return whether an ignore file keeps a path out: the last pattern that fits it or a folder above it decides."""
    parts = path.split("/")
    above = ["/".join(parts[:size]) for size in range(1, len(parts) + 1)]
    for pattern in reversed(patterns):
        if any(matches(pattern.removeprefix("!"), one) for one in above):
            return not pattern.startswith("!")
    return False


def ignore_patterns(text: str) -> list[str]:
    """Return the patterns of an ignore file, in order. Raises ValueError."""
    found = []
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        sign, line = ("!", line[1:].strip()) if line.startswith("!") else ("", line)
        found.append(sign + line.removeprefix("./").strip("/"))
    if len(found) > 120:
        raise ValueError("an ignore file of over 120 patterns")
    sensible(found)
    return found
