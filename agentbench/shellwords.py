"""Split a shell command line into pipelines of simple commands, well enough to say what it did.

Why not `shlex`: it drops the difference between ``grep '|' f`` and a pipe. What holds always: parsing never
raises, whatever the text; nothing is expanded or run; text the shell would refuse is read as far as it goes.
Wrappers that only start another command (``/bin/bash -lc '…'``, ``env A=1``, ``timeout 5``, ``nohup`` …) are
looked through. A command substitution stays part of its word: what it prints goes elsewhere.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

import msgspec

SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})
_RESERVED = frozenset(
    {"do", "done", "then", "else", "elif", "fi", "if", "while", "until", "{", "}", "!", "time", "esac"}
)
_WRAPPERS = frozenset(
    {"env", "exec", "nohup", "nice", "ionice", "stdbuf", "setsid", "sudo", "timeout", "builtin", "xargs"}
)
_WRAPPER_VALUE = {"timeout": re.compile(r"[0-9.]+[smhd]?\Z")}
_OPTION_WITH_VALUE = frozenset({"-n", "-s", "-k", "-u", "-c", "-g", "-I", "-P", "-L", "-d"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_HEREDOC = re.compile(r"(?<!<)<<(-?)[ \t]*(['\"]?)([A-Za-z_][\w.-]*)\2(?!<)")
_SPACE = re.compile(r"(?:[ \t\r]|\\\n)+")
_OPERATOR = re.compile(r"\d*(?:&>>|&>|>>|>\||>&|<<<|<>|<&|>|<)(?!\()|\|\||&&|\|&|;;|[;&|()\n]")
_PLAIN = re.compile(r"[^\s'\"\\;&|()<>$`]+")
_SINGLE = re.compile(r"\$?'([^']*)('|\Z)")
_DOUBLE = re.compile(r'\$?"((?:\\.|[^"\\])*)("|\\?\Z)', re.DOTALL)
_MAX_DEPTH = 4
_MAX_CHARS = 20_000


class Redirect(msgspec.Struct, frozen=True):
    """One redirection, such as ``2>> log``."""

    operator: str
    target: str

    @property
    def writes(self) -> bool:
        """Whether it sends standard output into a file that stays."""
        if self.operator.lstrip("0123456789")[:1] not in ">&" or "<" in self.operator:
            return False
        if self.operator.startswith("2") or self.operator.endswith(">&"):
            return False
        return not self.target.startswith("/dev/")


class Command(msgspec.Struct, frozen=True):
    """One simple command: its words without quotes, its redirections, its here-document."""

    words: tuple[str, ...]
    redirects: tuple[Redirect, ...] = ()
    heredoc: str | None = None
    """Body of the here-document or here-string it reads, else None."""
    folder: str = ""
    """Where an earlier ``cd`` of the same line went; empty when there was none."""

    @property
    def name(self) -> str:
        """The program without its folder; empty for a bare redirection or assignment."""
        return posixpath.basename(self.words[0]) if self.words else ""

    @property
    def written(self) -> tuple[str, ...]:
        """Files that standard output is sent to."""
        return tuple(redirect.target for redirect in self.redirects if redirect.writes)

    @property
    def operands(self) -> tuple[str, ...]:
        """Words after the program that do not look like options."""
        return tuple(word for word in self.words[1:] if not word.startswith("-"))


Pipeline = tuple[Command, ...]


def parse(text: str) -> tuple[Pipeline, ...]:
    """Return the pipelines of a command line in order, wrappers removed and ``cd`` applied.

    ``a && b | c; d`` gives three pipelines. Here-documents may be long; of the rest 20,000 characters are read.
    """
    return tuple(_parse(text, folder="", depth=0))


def _parse(text: str, folder: str, depth: int) -> Iterator[Pipeline]:
    text, bodies = _take_heredocs(text)
    for raw in _pipelines(_tokens(text[:_MAX_CHARS]), bodies):
        commands = [_unwrap(command) for command in raw]
        if len(commands) == 1 and (script := _script(commands[0])) is not None and depth < _MAX_DEPTH:
            yield from _parse(script, folder, depth + 1)
            continue
        if len(commands) == 1 and commands[0].name in ("cd", "pushd"):
            folder = _join(folder, commands[0].operands[0] if commands[0].operands else "~")
        kept = [msgspec.structs.replace(command, folder=folder) for command in commands]
        if any(command.words or command.redirects for command in kept):
            yield tuple(kept)


def _join(folder: str, target: str) -> str:
    if not folder or target.startswith("~"):
        return target
    return posixpath.normpath(posixpath.join(folder, target))


def _take_heredocs(text: str) -> tuple[str, list[str]]:
    """Return the text without the bodies of here-documents, and the bodies in order."""
    bodies: list[str] = []
    kept: list[str] = []
    lines = iter(text.split("\n"))
    for line in lines:
        kept.append(line)
        for dash, _, word in _HEREDOC.findall(line):
            body = []
            for inner in lines:
                if (inner.lstrip("\t") if dash else inner).rstrip("\r") == word:
                    break
                body.append(inner)
            bodies.append("\n".join(body))
    return "\n".join(kept), bodies


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) where kind is ``word``, ``op`` or ``heredoc``."""
    position, word = 0, None
    while position < len(text):
        if match := _SPACE.match(text, position):
            kind, value = "", ""
        elif match := _HEREDOC.match(text, position):
            kind, value = "heredoc", match[3]
        elif (match := _OPERATOR.match(text, position)) and not (word and match[0][0].isdigit()):
            kind, value = "op", match[0]
        elif text[position] == "#" and word is None:
            end = text.find("\n", position)
            position = len(text) if end < 0 else end
            continue
        else:
            piece, position = _piece(text, position)
            word = (word or "") + piece
            continue
        if word is not None:
            yield "word", word
            word = None
        if kind:
            yield kind, value
        position = match.end()
    if word is not None:
        yield "word", word


def _piece(text: str, position: int) -> tuple[str, int]:
    """Return the next part of a word, unquoted, and where it ends."""
    if match := _PLAIN.match(text, position):
        return match[0], match.end()
    if match := _SINGLE.match(text, position):
        return match[1], match.end()
    if match := _DOUBLE.match(text, position):
        return re.sub(r'\\([$`"\\\n])', r"\1", match[1]), match.end()
    if text[position] == "\\":
        return text[position + 1 : position + 2], position + 2
    if text[position] == "`":
        end = text.find("`", position + 1)
        end = len(text) if end < 0 else end + 1
        return text[position:end], end
    if text.startswith(("$(", "<(", ">("), position):
        end = _closing(text, position + 1)
        return text[position:end], end
    return text[position], position + 1


def _closing(text: str, start: int) -> int:
    """Return the position after the parenthesis that closes the one at ``start``."""
    depth, position = 0, start
    while position < len(text):
        if match := _SINGLE.match(text, position) or _DOUBLE.match(text, position):
            position = match.end()
            continue
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        position += 1
        if depth == 0:
            break
    return position


def _pipelines(tokens: Iterator[tuple[str, str]], bodies: Sequence[str]) -> Iterator[list[Command]]:
    pending = iter(bodies)
    pipeline: list[Command] = []
    words: list[str] = []
    redirects: list[Redirect] = []
    heredoc: str | None = None

    def close() -> None:
        nonlocal words, redirects, heredoc
        if words or redirects or heredoc is not None:
            pipeline.append(Command(tuple(words), tuple(redirects), heredoc))
        words, redirects, heredoc = [], [], None

    waiting = ""
    for kind, value in tokens:
        if kind == "heredoc":
            heredoc = next(pending, "")
        elif kind == "word" and waiting:
            if waiting == "<<<":
                heredoc = value
            else:
                redirects.append(Redirect(waiting, value))
            waiting = ""
        elif kind == "word":
            words.append(value)
        elif "<" in value or ">" in value:
            waiting = value
        else:
            waiting = ""
            close()
            if value not in ("|", "|&"):
                yield pipeline
                pipeline = []
    close()
    yield pipeline


def _unwrap(command: Command) -> Command:
    """Return the command without reserved words, assignments and wrappers in front."""
    words = list(command.words)
    while words:
        name = posixpath.basename(words[0])
        if words[0] in _RESERVED or _ASSIGNMENT.match(words[0]):
            del words[0]
        elif name in _WRAPPERS and len(words) > 1:
            del words[0]
            _drop_options(words, _WRAPPER_VALUE.get(name))
        else:
            break
    return msgspec.structs.replace(command, words=tuple(words))


def _drop_options(words: list[str], value: re.Pattern[str] | None) -> None:
    while words and words[0].startswith("-"):
        takes_value = words.pop(0) in _OPTION_WITH_VALUE
        if takes_value and len(words) > 1:
            del words[0]
    if value and words and value.match(words[0]):
        del words[0]


def _script(command: Command) -> str | None:
    """Return the script a shell was given with ``-c`` or as here-document, else None."""
    if command.name not in SHELLS:
        return None
    for position, word in enumerate(command.words[1:], start=1):
        if not word.startswith("-"):
            return None
        if not word.startswith("--") and "c" in word:
            return command.words[position + 1] if position + 1 < len(command.words) else None
    return command.heredoc
