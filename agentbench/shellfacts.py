"""Say what a shell command line did: viewed a file, wrote one, edited one, only read, or worked.

These are the facts behind L2 that cannot be claimed away, so every rule errs in the agent's favour: what the
parser does not understand is work, and work is never penalised. An inline Python script or an SQL query reads
when it opens something and none of its words can write.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from agentbench.shellwords import Command, Pipeline, parse


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VIEWERS = _words("cat head tail less more bat batcat nl")
_SILENT = _words(
    "cd pushd popd pwd echo printf tee set true false : date sleep which type test [ [[ export unset umask"
    " exit return wait break continue shopt ulimit trap alias source . clear command"
)
_LISTERS = (_SILENT - {"tee"}) | _words("ls dir tree stat file wc for realpath dirname basename")
_SEARCHERS = _words("grep egrep fgrep rg ag")
_READERS = (
    _VIEWERS
    | _LISTERS
    | _SEARCHERS
    | _words(
        "find fd awk gawk mawk sed cut sort uniq tr paste join comm diff cmp jq yq column fold rev tac od xxd"
        " hexdump strings du df md5sum sha1sum sha256sum sha512sum cksum zcat zgrep zless bzcat xzcat env"
        " printenv whoami id uname hostname ps command seq xmllint csvlook man iconv readlink"
    )
)
_NO_CONTENT = (
    _LISTERS | _words("find fd du df printenv env tee mkdir touch rm rmdir chmod chown ln kill cp mv install")
) - _words("wc for")
_COPIERS = _words("cp mv install")
_GIT_READS = _words(
    "status log show diff blame ls-files ls-tree cat-file rev-parse rev-list grep shortlog describe reflog"
    " fsck name-rev for-each-ref show-ref count-objects verify-pack --version"
)
_GIT_CONTENT = _words("show diff grep blame cat-file log")
_SUBSTITUTES = _words("awk gawk mawk sed perl")
_SED_SCRIPT_OPTIONS = _words("-e -f --expression --file")
_LINE_RANGE = re.compile(r"(?:[0-9$]+(?:,[+~]?[0-9$]+)?p;?\s*)+\Z")
_HELPER = "agentbench"
_BESIDE = _words("env exec nohup nice ionice stdbuf setsid sudo timeout builtin xargs")
_HELPER_CALLS = _words("start done status list results compare report")
_IDLE = _words("cd pushd popd pwd export set true false : sleep wait echo printf date test [ [[ exit")
_SUBSTITUTION = re.compile(r"\$\((?!\()|`|[<>]\(")
_INTERPRETERS = re.compile(r"(?:python|pypy)[0-9.]*\Z|(?:ba|z|da)?sh\Z|uv\Z|run\Z")
_HIJACKS = re.compile(
    r"\b(?:PATH|BASH_ENV|ENV|IFS|LD_\w+|PYTHON\w*|AGENTBENCH_\w+|XDG_\w+)=|\b(?:alias|hash)\b|\(\s*\)"
)
"""What makes the shell run something else under a known name."""
_SYSTEM_PROGRAMS = ("/bin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/", "/dev/")
_PYTHON = re.compile(r"(?:python|pypy)[0-9.]*\Z")
_PYTHON_WRITES = re.compile(
    r"write|dump\(|save|\.to_(?:csv|json|excel|parquet|sql|pickle|feather|hdf)|mkdir|touch|unlink|rmtree|shutil"
    r"|subprocess|popen|os\.(?:system|remove|re)"
    r"|['\"][wax]b?\+?['\"]|['\"]r\+b?['\"]|commit\(|extractall|connect\(|urlopen|requests|import_module|exec\(",
    re.IGNORECASE,
)
_PYTHON_READS = re.compile(r"open\(|\.read|read_|listdir|glob|walk|load|scandir|stat\(")
_SQL_WRITES = re.compile(
    r"\b(?:insert|update|delete|create|drop|alter|replace|vacuum|attach|reindex)\b|^\s*\.(?:import|output|save|once)",
    re.IGNORECASE | re.MULTILINE,
)


class ShellFacts(msgspec.Struct, frozen=True):
    """What one command line did. Paths are as written, joined to the ``cd`` before them."""

    views: bool
    """Viewing files was its point: every command views or lists, and a file's content was shown."""
    writes: bool
    """It wrote text to a file by echo, printf, a here-document or tee."""
    edits: bool
    """It changed a file in place by sed, awk or perl."""
    reads_only: bool
    """Nothing in it can produce content; making a folder produces none."""
    targets: tuple[str, ...]
    """Files it is known to have written or changed."""
    sources: tuple[str, ...]
    """Words of commands that read content, which may be files, folders or patterns."""
    roams: bool
    """It read without naming anything: a listing, a search or a program over the current folder."""
    text: str
    """Here-documents and scripts given on the line, in which file names may stand."""


@lru_cache(maxsize=1024)
def facts(command: str) -> ShellFacts:
    """Return what ``command`` did. Never raises; an empty command only reads."""
    pipelines = parse(command)
    commands = [item for pipeline in pipelines for item in pipeline]
    shown = [pipeline for pipeline in pipelines if _is_view(pipeline)]
    viewing = bool(shown) and all(_is_view(pipeline) or _is_listing(pipeline) for pipeline in pipelines)
    return ShellFacts(
        views=viewing,
        writes=any(_is_text_write(pipeline) for pipeline in pipelines),
        edits=any(_is_edit(item) for item in commands) or _replaces(commands),
        reads_only=all(_reads_only(item) for item in commands),
        targets=tuple(_joined(item, path) for item in commands for path in _targets(item)),
        sources=tuple(
            _joined(item, word) for item in commands if _reads_content(item) for word in _sources(item)
        ),
        roams=any(_roams(item) for item in commands),
        text="\n".join(part for item in commands for part in _scripts(item)),
    )


def is_helper_only(command: str, launcher: str | None = None, folder: str = "") -> bool:
    """Return whether the line does nothing but call ``agentbench start|done|status|list|results|…``.

    Beside it may stand what does no work: cd, sleep, ``echo $?``, ``|| true`` and the like, an interpreter
    in front of it, a pipe into cat, head or tail. What stands in a command substitution is work. With ``launcher``
    it must be the program of that path, seen from ``folder``, and no other can have taken the place of a program.
    """
    if _SUBSTITUTION.search(command):
        return False
    if launcher is not None and not _is_genuine(command, launcher, folder):
        return False
    called = False
    for pipeline in parse(command):
        first, *rest = pipeline
        if any(item.written for item in pipeline):
            return False
        if first.name in _IDLE and not rest:
            continue
        if not _is_helper(first) or any(item.name not in _VIEWERS or _files(item) for item in rest):
            return False
        called = True
    return called


def _is_helper(command: Command) -> bool:
    words = _past_interpreters(command)
    return len(words) > 1 and posixpath.basename(words[0]) == _HELPER and words[1] in _HELPER_CALLS


def _past_interpreters(command: Command) -> list[str]:
    words = list(command.words)
    while words and _INTERPRETERS.match(posixpath.basename(words[0])):
        del words[0]
        while words and words[0].startswith("-"):
            del words[0]
    return words


def _at_home(path: str) -> Path:
    """Return a path with a leading ``~`` spelled out."""
    return Path.home() / path[2:] if path == "~" or path.startswith("~/") else Path(path)


def _is_genuine(command: str, launcher: str, folder: str) -> bool:
    """Return whether a helper's line runs the real launcher, with nothing of the agent's own beside or below it."""
    called = [item for pipeline in parse(command) for item in pipeline if _is_helper(item)]
    for item in called:
        path = _past_interpreters(item)[0]
        place = _at_home(folder) / _at_home(item.folder) / _at_home(path)
        if path != launcher and os.path.realpath(place) != os.path.realpath(launcher):
            return False
    spelled = {_past_interpreters(item)[0] for item in called}
    programs = (_BESIDE | _VIEWERS | _IDLE) - {"["}
    others = [word for word in re.split(r"[\s;&|()'\"<>]+", command) if "/" in word and word not in spelled]
    return not _HIJACKS.search(re.sub(r"['\"\\]", "", command)) and not any(
        not word.startswith(_SYSTEM_PROGRAMS)
        and (posixpath.basename(word) in programs or _INTERPRETERS.match(posixpath.basename(word)))
        for word in others
    )


# -- viewing ------------------------------------------------------------------------------------


def _is_view(pipeline: Pipeline) -> bool:
    """``cat f``, ``head -5 f``, ``sed -n 1,9p f``, ``cat f | head``; not ``cat f | grep x``."""
    if any(item.written or not (item.name in _VIEWERS or _is_sed_print(item)) for item in pipeline):
        return False
    first = pipeline[0]
    return any(not name.startswith(("/proc/", "/sys/", "/dev/")) for name in _files(first))


def _is_sed_print(command: Command) -> bool:
    """``sed -n 5,9p``: lines by number. With a pattern it is a search."""
    if command.name != "sed":
        return False
    words = command.words[1:]
    quiet = any(
        word in ("--quiet", "--silent") or re.fullmatch(r"-[Ersz]*n[nEersz]*", word) for word in words
    )
    return quiet and any(_LINE_RANGE.match(word) for word in words)


def _is_listing(pipeline: Pipeline) -> bool:
    return all(
        (item.name in _LISTERS or (item.name in _VIEWERS and not _files(item)) or not item.words)
        and not item.written
        for item in pipeline
    )


def _files(command: Command) -> list[str]:
    """Return the operands of a viewer that are files, plus what it reads through ``<``."""
    names = [redirect.target for redirect in command.redirects if redirect.operator in ("<", "0<")]
    words = list(command.words[1:])
    if command.name == "sed":
        return names + _sed_files(words)
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in ("-n", "-c", "--lines", "--bytes") and command.name in ("head", "tail"):
            skip = True
        elif not word.startswith(("-", "+")):
            names.append(word)
    return names


def _sed_files(words: Sequence[str]) -> list[str]:
    explicit = any(word in _SED_SCRIPT_OPTIONS for word in words)
    names: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in _SED_SCRIPT_OPTIONS:
            skip = True
        elif not word.startswith("-"):
            names.append(word)
    return names if explicit else names[1:]


# -- writing and editing ------------------------------------------------------------------------


def _is_text_write(pipeline: Pipeline) -> bool:
    """``echo x > f``, ``printf … >> f``, ``cat > f <<EOF``, ``echo x | tee f``, ``tee f <<EOF``."""
    for item in pipeline:
        literal = item.name in ("echo", "printf") or (item.name == "cat" and item.heredoc is not None)
        if literal and item.written:
            return True
    last, first = pipeline[-1], pipeline[0]
    given = first.name in ("echo", "printf") or (first.name in ("cat", "tee") and first.heredoc is not None)
    return given and last.name == "tee" and any(not name.startswith("/dev/") for name in last.operands)


def _is_edit(command: Command) -> bool:
    """``sed -i``, ``perl -pi``, ``gawk -i inplace``, and awk or sed written back over its own operand."""
    words = command.words[1:]
    if command.name == "sed" and any(re.match(r"-[nEersz]*i|--in-place", word) for word in words):
        return True
    if command.name == "perl" and any(re.match(r"-[a-hj-zA-HJ-Z0-9]*i", word) for word in words):
        return True
    if command.name in ("awk", "gawk") and "inplace" in words:
        return True
    return command.name in _SUBSTITUTES and any(name in words for name in command.written)


def _replaces(commands: Sequence[Command]) -> bool:
    """``awk … f > tmp && mv tmp f``, and the same with sed or perl."""
    for position, item in enumerate(commands):
        if item.name not in _SUBSTITUTES:
            continue
        for later in commands[position + 1 :]:
            moved = later.operands
            if later.name == "mv" and len(moved) == 2 and moved[0] in item.written and moved[1] in item.words:
                return True
    return False


def _targets(command: Command) -> Iterator[str]:
    """Yield the files a command is known to write."""
    yield from command.written
    if command.name == "tee":
        yield from command.operands
    elif command.name in _COPIERS and len(command.operands) > 1:
        yield command.operands[-1]
    elif command.name == "sed" and _is_edit(command):
        yield from _sed_files(list(command.words[1:]))
    elif command.name == "perl" and _is_edit(command):
        yield from command.operands[1:]


# -- reading ------------------------------------------------------------------------------------


def _reads_only(command: Command) -> bool:
    if command.written or _is_edit(command):
        return False
    if command.name == "git":
        return _git_verb(command) in _GIT_READS
    if command.name == "find":
        return _find_reads(command)
    if len(command.words) == 2 and command.words[1] in ("--version", "-V", "--help", "-version"):
        return True
    if _PYTHON.match(command.name):
        script = "\n".join(_scripts(command))
        return bool(_PYTHON_READS.search(script)) and not _PYTHON_WRITES.search(script)
    if command.name == "sqlite3":
        return not _SQL_WRITES.search("\n".join((*command.words[2:], command.heredoc or "")))
    return not command.words or command.name in _READERS or command.name == "mkdir"


def _find_reads(command: Command) -> bool:
    """Whether ``find`` deletes and writes nothing, and ``-exec`` starts a reader."""
    words = command.words
    if "-delete" in words or "-fprint" in words:
        return False
    starts = [words[i + 1] for i, word in enumerate(words[:-1]) if word in ("-exec", "-execdir")]
    return all(posixpath.basename(name) in _READERS - {"sed", "awk", "gawk"} for name in starts)


def _git_verb(command: Command) -> str:
    words = iter(command.words[1:])
    for word in words:
        if word in ("-C", "-c", "--git-dir", "--work-tree"):
            next(words, None)
        elif word == "--version" or not word.startswith("-"):
            return word
    return ""


def _reads_content(command: Command) -> bool:
    """Whether the command shows or works on what stands in files (a listing or a copy does not)."""
    if command.name == "find":
        return "-exec" in command.words or "-execdir" in command.words
    if command.name == "git":
        return _git_verb(command) in _GIT_CONTENT
    return bool(command.words) and command.name not in _NO_CONTENT and not _is_edit(command)


def _sources(command: Command) -> Iterator[str]:
    yield from command.operands
    yield from (redirect.target for redirect in command.redirects if redirect.operator in ("<", "0<"))
    yield from (word.partition("=")[2] for word in command.words[1:] if word.startswith("-") and "=" in word)
    if command.name in _SEARCHERS and len(command.operands) < 2:
        yield "."


def _roams(command: Command) -> bool:
    """A listing, search or program that may look at the whole current folder."""
    quiet = _SILENT | _VIEWERS | _words("mkdir touch rm rmdir chmod chown ln kill cp mv install")
    return bool(command.words) and command.name not in quiet


def _scripts(command: Command) -> Iterator[str]:
    if command.heredoc is not None and command.name not in ("cat", "tee"):
        yield command.heredoc
    for option, word in zip(command.words[1:], command.words[2:], strict=False):
        if option in ("-c", "-e"):
            yield word


def _joined(command: Command, path: str) -> str:
    return posixpath.join(command.folder, path) if command.folder else path
