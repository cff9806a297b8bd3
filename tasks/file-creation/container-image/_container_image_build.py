"""Replays a Dockerfile on a tree of files: stages, layers, cache keys. Nothing is run; RUN knows a few commands."""

import hashlib
import json
import posixpath
import shlex
from dataclasses import dataclass, field
from typing import NamedTuple

from _container_image_globs import matches
from _container_image_tools import IMAGES, SITE, run_tool

MAX_CHARS, MAX_STEPS, MAX_WILD = 20_000, 80, 150
MAX_FILES, MAX_PATH, MAX_DEPTH = 1000, 250, 16
PLAIN = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "CMD"}


class File(NamedTuple):
    """A file in an image: where it comes from, under any name, and its text."""

    origin: str
    text: str


class BuildError(ValueError):
    """The build stops."""


@dataclass
class Stage:
    """A stage while it is built; ``layers`` holds what any of its layers ever held."""

    image: str
    base: str
    key: str
    files: dict[str, File] = field(default_factory=dict)
    layers: set[str] = field(default_factory=set)
    env: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "0"
    expose: list[str] = field(default_factory=list)
    cmd: list[str] = field(default_factory=list)

    def at(self, path: str) -> str:
        """Return a path of this stage as an absolute one."""
        return posixpath.normpath(posixpath.join(self.workdir, path)).replace("//", "/")

    def below(self, folder: str) -> list[str]:
        """Return the files below a folder."""
        start = folder.rstrip("/") + "/"
        return [one for one in self.files if one.startswith(start)]

    def put(self, path: str, file: File) -> None:
        """Write a file."""
        if len(self.files) >= MAX_FILES or len(path) > MAX_PATH or path.count("/") > MAX_DEPTH:
            raise BuildError("more files than any such image has")
        if self.below(path) or path == "/":
            raise BuildError(f"{path[:80]} is a folder")
        self.files[path] = file
        self.layers.add(file.origin)


class Built(NamedTuple):
    """The last stage, and of every RUN step of every stage the text and the cache key."""

    final: Stage
    runs: list[tuple[str, str]]


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile. Raises BuildError."""
    if len(text) > MAX_CHARS:
        raise BuildError("a Dockerfile of over 20000 characters")
    found, open_line = [], ""
    for line in text.splitlines():
        if line.strip().startswith("#") or (not line.strip() and not open_line):
            continue
        open_line += line.strip()
        if open_line.endswith("\\"):
            open_line = open_line[:-1] + " "
            continue
        word, _, rest = open_line.partition(" ")
        if word.upper() not in PLAIN or not rest.strip():
            raise BuildError(f"instruction {word[:40]}")
        found.append((word.upper(), rest.strip()))
        open_line = ""
    parts = sum(rest.count("&&") for _, rest in found)
    if open_line or len(found) + parts > MAX_STEPS:
        raise BuildError("an open last line, or over 80 instructions")
    if sum(rest.count(sign) for _, rest in found for sign in "*?[") > MAX_WILD + len(found):
        raise BuildError("more wildcards than any such Dockerfile has")
    return found


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def build(text: str, context: dict[str, File]) -> Built:
    """Replay the build. Raises BuildError."""
    stages: dict[str, Stage] = {}
    runs: list[tuple[str, str]] = []
    now: Stage | None = None
    for word, rest in instructions(text):
        if "$" in rest or "<<" in rest:
            raise BuildError("variables and here-documents are not supported")
        if word == "FROM":
            now = _from(rest, stages)
        elif now is None:
            raise BuildError("the first instruction is FROM")
        elif word == "COPY":
            _copy(rest, now, context, stages)
        elif word == "RUN":
            now.key = _key(now.key, "RUN", rest)
            runs.append((rest, now.key))
            _run(rest, now)
        else:
            now.key = _key(now.key, word, rest)
            _setting(word, rest, now)
    if now is None:
        raise BuildError("no stage")
    return Built(now, runs)


def _from(rest: str, stages: dict[str, Stage]) -> Stage:
    words = rest.split()
    name = str(len({id(one) for one in stages.values()}))
    if len(words) == 3 and words[1].lower() == "as":
        name = words[2].lower()
    elif len(words) != 1:
        raise BuildError(f"FROM {rest[:80]}")
    parent = stages.get(words[0].lower())
    if parent:
        now = Stage(parent.image, "", _key(parent.key, "FROM"), dict(parent.files), set(parent.layers))
        now.env, now.workdir, now.user = dict(parent.env), parent.workdir, parent.user
        now.expose, now.cmd, now.base = list(parent.expose), list(parent.cmd), parent.base
    elif words[0] in IMAGES:
        now = Stage(words[0], words[0], _key("FROM", words[0]))
    else:
        raise BuildError(f"no image or stage {words[0][:80]}")
    if name in stages:
        raise BuildError(f"two stages {name[:40]}")
    count = len({id(one) for one in stages.values()})
    stages[name] = now
    stages.setdefault(str(count), now)
    return now


def _words(rest: str) -> list[str]:
    try:
        if rest.startswith("["):
            words = json.loads(rest)
            if not isinstance(words, list) or not words or not all(isinstance(one, str) for one in words):
                raise BuildError(f"a list of texts: {rest[:80]}")
            "".join(words).encode()  # JSON can name what no path can be: half a character
            return words
        return shlex.split(rest)
    except (ValueError, RecursionError) as error:
        raise BuildError(f"{rest[:80]}: {error}") from None


def _copy(rest: str, now: Stage, context: dict[str, File], stages: dict[str, Stage]) -> None:
    source = {f"/{path}": file for path, file in context.items()}
    while rest.startswith("--"):
        flag, _, rest = rest.partition(" ")
        rest = rest.strip()
        if flag.startswith("--from="):
            stage = stages.get(flag.removeprefix("--from=").lower())
            if stage is None or stage is now:
                raise BuildError(f"no stage {flag[:60]}")
            source = dict(stage.files)
        elif not flag.startswith("--chown="):
            raise BuildError(f"flag {flag[:60]}")
    words = _words(rest)
    if not 2 <= len(words) <= 40:
        raise BuildError("COPY needs source and target")
    *wanted, target = words
    found: list[tuple[str, File]] = []
    into = target.endswith("/") or target in (".", "..") or len(wanted) > 1 or bool(now.below(now.at(target)))
    for one in wanted:
        found += _fetched(one, source, now.at(target), into)
        if len(found) > MAX_FILES:
            raise BuildError("more files than any such image has")
    now.key = _key(now.key, "COPY", rest, *(f"{path}\0{file.text}" for path, file in sorted(found)))
    for path, file in found:
        now.put(path, file)


def _fetched(wanted: str, source: dict[str, File], target: str, into: bool) -> list[tuple[str, File]]:
    """Return what one source of COPY puts where. Raises BuildError where there is nothing."""
    if ".." in wanted.split("/") or "**" in wanted or len(wanted) > 200:
        raise BuildError(f"COPY of {wanted[:80]}")
    pattern = posixpath.normpath("/" + wanted).replace("//", "/")
    folders = {"/"}
    for path in source:
        parts = path.split("/")
        folders |= {"/".join(parts[:size]) for size in range(2, len(parts))}
    files = [path for path in source if matches(pattern, path)]
    dirs = [path for path in sorted(folders) if matches(pattern, path)]
    if len(files) + len(dirs) > 1:
        into = True
    found = []
    for path in files:
        found.append((posixpath.join(target, posixpath.basename(path)) if into else target, source[path]))
    for folder in dirs:
        start = folder.rstrip("/") + "/"
        found += [
            (posixpath.join(target, path[len(start) :]), file)
            for path, file in source.items()
            if path.startswith(start)
        ]
    if not found:
        raise BuildError(f"COPY finds no {wanted[:80]}")
    return found


def _run(rest: str, now: Stage) -> None:
    for part in rest.split("&&"):
        words = _words(part.strip()) if not part.strip().startswith("[") else []
        if not words or any(mark in part for mark in ("|", ";", "`", ">", "<")):
            raise BuildError(f"RUN {part[:80]}")
        try:
            made = run_tool(words, now.image, now.at, now.files)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BuildError(f"RUN {part.strip()[:80]}: {str(error)[:200]}") from None
        for path, (origin, text) in made.items():
            now.put(path, File(origin, text))


def _setting(word: str, rest: str, now: Stage) -> None:
    if word == "WORKDIR":
        now.workdir = now.at(_words(rest)[0])
    elif word == "USER":
        now.user = rest
    elif word == "EXPOSE":
        now.expose += rest.split()
    elif word == "CMD":
        if not rest.startswith("["):
            raise BuildError("CMD is a list in JSON")
        now.cmd = _words(rest)
    else:
        pairs = [one.partition("=") for one in _words(rest)]
        if any(not sign for _, sign, _ in pairs):
            raise BuildError("ENV NAME=value")
        now.env.update({name: value for name, _, value in pairs})


__all__ = ["SITE", "BuildError", "Built", "File", "Stage", "build"]
