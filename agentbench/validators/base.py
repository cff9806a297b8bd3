"""What a validator gets (`Context`) and what it answers (`Verdict`).

A validator is a function ``(ctx, **params) -> Verdict``. It judges a snapshot, never a live workspace.
Three outcomes are kept apart: the agent's work is wrong (return `failed`, or raise `CheckFailed`), the
check does not apply (raise `CheckSkipped`), the validator itself is broken (any other exception: the
trial is invalid, never 0).
"""

from __future__ import annotations

import builtins
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from agentbench import process, sandbox
from agentbench.model import Metrics
from agentbench.trajectory import Trajectory
from agentbench.validators.limits import csv_rows, parse_json

MAX_READ_BYTES = 64 * 1024 * 1024
_EVIDENCE_CHARS = 600


class Verdict(msgspec.Struct, frozen=True):
    """A validator's answer: the share of the points won, 0–1, and the evidence."""

    share: float
    expected: str = ""
    found: str = ""


Validator = Callable[..., Verdict]
Made = TypeVar("Made")


class CheckFailed(Exception):
    """The agent's output cannot satisfy the check; carries the evidence."""

    def __init__(self, expected: str, found: str = "") -> None:
        super().__init__(expected, found)
        self.expected = expected
        self.found = found


class CheckSkipped(Exception):
    """The check cannot be decided here (for example: no transcript); it leaves the reckoning."""


def passed(found: str = "", *, expected: str = "") -> Verdict:
    """Return the verdict that wins all points."""
    return Verdict(1.0, expected, clip(found))


def failed(expected: str, found: str = "") -> Verdict:
    """Return the verdict that wins nothing, saying what was expected and what was found."""
    return Verdict(0.0, clip(expected), clip(found))


def partial(share: float, expected: str, found: str = "") -> Verdict:
    """Return the verdict that wins ``share`` (0–1) of the points."""
    return Verdict(min(1.0, max(0.0, share)), clip(expected), clip(found))


def clip(text: str, limit: int = _EVIDENCE_CHARS) -> str:
    """Return ``text`` shortened to ``limit`` characters, safe to store (no lone surrogates)."""
    safe = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return safe if len(safe) <= limit else f"{safe[:limit]}… ({len(safe)} characters)"


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a validator may look at. All paths lead to private copies made for this grading."""

    task_id: str
    seed: int
    workspace: Path
    """The judged snapshot: regular files, directories and symlinks that stay inside."""
    pristine: Path
    """The workspace as the agent was given it for this turn."""
    hidden: Mapping[str, builtins.bytes]
    """What ``build`` wrote to ``hidden``, by relative name; kept in memory, away from programs that run."""
    task_dir: Path
    workspaces: Mapping[int, Path] = {}
    """The snapshot at the end of each turn, by turn number from 1."""
    omitted: Mapping[str, str] = {}
    """Paths the snapshot refused to keep, with the reason (FIFO, too large, leads outside …)."""
    reply: str | None = None
    """The agent's last message of the judged turn; None when nobody recorded it."""
    trajectory: Trajectory | None = None
    metrics: Metrics | None = None
    pattern: str | None = None
    """The ``pattern`` of the expected output the check belongs to."""
    scratch_root: Path | None = None
    memo: dict[str, object] = msgspec.field(default_factory=dict)
    """What `once` has made for the checks of this turn."""

    # -- reading what the agent left -----------------------------------------------------------

    def path(self, name: str) -> Path:
        """Return the regular file ``name`` of the workspace.

        Raises CheckFailed when it is absent, not a regular file, or was refused by the snapshot.
        """
        if name in self.omitted:
            raise CheckFailed(f"{name}: a regular file", self.omitted[name])
        target = self.workspace / name
        try:
            mode = target.lstat().st_mode
            linked = stat.S_ISLNK(mode)
            mode = target.stat().st_mode if linked else mode
        except (OSError, ValueError):
            raise CheckFailed(f"{name} exists", "no such file") from None
        if not stat.S_ISREG(mode):
            raise CheckFailed(f"{name}: a regular file", "a directory or special file")
        inside = self.once(f"inside:{target.parent}", lambda: is_inside(target.parent, self.workspace))
        if not inside or (linked and not is_inside(target, self.workspace)):
            raise CheckFailed(f"{name}: a file of the workspace", "a link that leads out of it")
        return target

    def files(self, pattern: str | None = None) -> list[str]:
        """Return the regular files that match ``pattern`` (default: the check's own), sorted.

        ``*`` stays within a folder, ``**`` does not; ``.git`` is never searched.
        """
        return find_files(self.workspace, pattern or self.pattern or "**")

    def bytes(self, name: str) -> builtins.bytes:
        """Return the content of a workspace file. Raises CheckFailed when absent or over 64 MiB."""
        target = self.path(name)
        if (size := target.stat().st_size) > MAX_READ_BYTES:
            raise CheckFailed(f"{name}: at most {MAX_READ_BYTES} bytes", f"{size} bytes")
        return target.read_bytes()

    def text(self, name: str) -> str:
        """Return a workspace file as text: UTF-8, BOM dropped, line ends as LF. Raises CheckFailed."""
        try:
            text = self.bytes(name).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CheckFailed(f"{name}: UTF-8 text", f"invalid byte at offset {error.start}") from None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def json(self, name: str) -> Any:
        """Return a workspace file parsed as JSON. Raises CheckFailed.

        NaN, numbers beyond a float and nesting over 100 levels count as invalid, so that validators need
        not think of them; so does a text beyond `limits`.
        """
        try:
            return parse_json(self.text(name))
        except ValueError as error:
            raise CheckFailed(f"{name}: valid JSON", str(error)) from None

    def csv(self, name: str, columns: Sequence[str]) -> list[dict[str, str]]:
        """Return the rows of a CSV file of the workspace, cells stripped, keyed by ``columns``.

        Header names are compared without case and surrounding space; extra columns are kept under
        their own (lower-case) names; the delimiter may be ``,`` ``;`` or a tab. Raises CheckFailed.
        """
        return parse_csv(self.text(name), columns, name)

    # -- what the grader knows -----------------------------------------------------------------

    def expected(self, name: str) -> Any:
        """Return the hidden JSON file ``name``, as ``build`` wrote it."""
        return json.loads(self.hidden[name])

    def once(self, key: str, make: Callable[[], Made]) -> Made:
        """Return what ``make()`` gives; it is called once for all checks of this grading and turn.

        A CheckFailed that it raises is kept too, and raised again for every check that asks.
        """
        if key not in self.memo:
            try:
                self.memo[key] = make()
            except CheckFailed as failure:
                self.memo[key] = failure
        known = self.memo[key]
        if isinstance(known, CheckFailed):
            raise CheckFailed(known.expected, known.found)
        return known  # type: ignore[return-value]

    # -- running the agent's programs ----------------------------------------------------------

    def scratch(self) -> Path:
        """Return a new empty directory that is removed after grading."""
        return Path(tempfile.mkdtemp(dir=self.scratch_root, prefix="scratch-"))

    def copy(self, source: Path | None = None) -> Path:
        """Return a fresh writable copy of the snapshot (or of ``source``), removed after grading."""
        target = self.scratch() / "copy"
        shutil.copytree(source or self.workspace, target, symlinks=True)
        return target

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        timeout_sec: float = 30.0,
        stdin: builtins.bytes = b"",
        env: Mapping[str, str] | None = None,
        loopback: bool = False,
    ) -> process.Completed:
        """Run a program that the agent may have written, and return what it did.

        ``cwd`` must be a copy (see `copy`). ``python3`` as first word means the interpreter that runs AgentBench,
        without any packages. The environment is clean plus ``env``; the whole process tree is dead on return.
        In the sandbox it sees, of all temporary folders, only the scratch folders that ``cwd`` and ``argv`` name,
        and no network but one of its own; with ``loopback`` it reaches servers on this machine. A time-out is in the
        answer, not raised.
        """
        home = self.scratch_root / "python" if self.scratch_root else None
        return process.run(
            process.resolve_python(argv, process.bare_python(home) if home else None),
            cwd=cwd,
            timeout_sec=timeout_sec,
            stdin=stdin,
            env=env,
            box=sandbox.for_checks(
                self._desks(cwd, argv),
                readable=[home] if home else [],
                hidden=self._suite(),
                loopback=loopback,
            ),
        )

    def _suite(self) -> list[Path]:
        """Return where the task's suite and its solutions lie, wherever somebody keeps them."""
        above = self.task_dir.absolute().parents
        return [above[1], above[2] / "tests" / "tasks"] if len(above) > 3 else []

    def _desks(self, cwd: Path, argv: Sequence[str]) -> list[Path]:
        """Return the scratch folders that hold ``cwd`` or are named by ``argv``: all that a program may see."""
        named = [cwd, *(Path(word) for word in argv if word.startswith("/"))]
        root = self.scratch_root
        if root is None:
            return [cwd]
        return [root / path.relative_to(root).parts[0] for path in named if root in path.parents]


def is_inside(path: Path, root: Path) -> bool:
    """Return whether ``path``, all links followed, is ``root`` or lies below it."""
    end, top = os.path.realpath(path), os.path.realpath(root)
    return end == top or end.startswith(top.rstrip(os.sep) + os.sep)


def find_files(root: Path, pattern: str) -> list[str]:
    """Return the regular files below ``root`` that match ``pattern``, as sorted relative names."""
    matches = glob_regex(pattern).fullmatch
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            path = Path(folder, name)
            relative = path.relative_to(root).as_posix()
            if matches(relative) and path.is_file() and (not path.is_symlink() or is_inside(path, root)):
                found.append(relative)
    return sorted(found)


def glob_regex(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a glob: ``*`` and ``?`` within a folder, ``**`` across folders."""
    out = ""
    for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern.removeprefix("./")):
        out += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
    return re.compile(f"{out}.*" if pattern.endswith("/") else out, re.DOTALL)


def parse_csv(text: str, columns: Sequence[str], name: str = "csv") -> list[dict[str, str]]:
    """Return rows as dicts; see `Context.csv`. Raises CheckFailed when a column is missing."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    try:
        rows = csv_rows(text, delimiter)
    except ValueError as error:
        raise CheckFailed(f"{name}: valid CSV", str(error)) from None
    if not rows:
        raise CheckFailed(f"{name}: columns {', '.join(columns)}", "an empty file")
    names = [cell.strip().casefold() for cell in rows[0]]
    missing = [column for column in columns if column.casefold() not in names]
    if missing:
        raise CheckFailed(f"{name}: columns {', '.join(columns)}", f"header {', '.join(rows[0])}")
    wanted = {column.casefold(): column for column in columns}
    keys = [wanted.get(cell, cell) for cell in names]
    return [{key: (row[i].strip() if i < len(row) else "") for i, key in enumerate(keys)} for row in rows[1:]]


def number(value: object, where: str = "value") -> Decimal:
    """Return ``value`` (number, or text such as ``1.50``) as Decimal. Raises CheckFailed."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise CheckFailed(f"{where}: a number", in_words(value))
    try:
        parsed = Decimal(str(value).strip())
    except InvalidOperation:
        raise CheckFailed(f"{where}: a number", in_words(value)) from None
    if not parsed.is_finite() or abs(parsed.adjusted()) > 100:
        raise CheckFailed(f"{where}: a number of sensible size", clip(in_words(value), 80))
    return parsed


def same_set(expected: set[Any], found: set[Any], what: str) -> Verdict:
    """Judge two sets as equal or not, with the missing and the extra elements as evidence."""
    if expected == found:
        return passed(f"{count_of(len(found), what)}, all right")
    missing, extra = (sorted(map(_plain, some)) for some in (expected - found, found - expected))
    return failed(f"exactly the {count_of(len(expected), f'right {what}')}", _differences(missing, extra))


def same_map(
    expected: Mapping[Any, Any], found: Mapping[Any, Any], what: str, *, tolerance: Decimal | None = None
) -> Verdict:
    """Judge whether ``found`` has every key of ``expected`` with an equal value.

    With ``tolerance`` values are numbers and may differ by at most that much. Extra keys of ``found``
    are the business of another check (`same_set` over the keys).
    """
    wrong = []
    for key, value in sorted(expected.items(), key=lambda item: str(item[0])):
        if key not in found:
            wrong.append(f"{key}: missing")
        elif tolerance is None:
            if found[key] != value:
                wrong.append(f"{key}: {_instead(found[key], value)}")
        elif abs(number(found[key], str(key)) - number(value)) > tolerance:
            wrong.append(f"{key}: {found[key]} instead of {value}")
    if not wrong:
        return passed(f"{count_of(len(expected), what)}, all right")
    return failed(count_of(len(expected), f"right {what}"), f"{len(wrong)} wrong: {'; '.join(wrong[:5])}")


def missing_phrases(text: str, *lists: Sequence[object] | None) -> tuple[list[str], int]:
    """Return the phrases of ``lists`` that do not stand in ``text``, without case, and how many there are."""
    wanted = [str(phrase) for phrases in lists for phrase in phrases or ()]
    folded = text.casefold()
    return [phrase for phrase in wanted if phrase.casefold() not in folded], len(wanted)


def in_words(value: object) -> str:
    """Return a value of JSON as evidence: ``null``, a number, quoted text; ``an object`` or ``a list``."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    plain = value is None or isinstance(value, (str, bool, int, float))
    return json.dumps(value, ensure_ascii=False) if plain else str(value)


def count_of(number: int, what: str) -> str:
    """Return ``2 right rows`` or ``1 right row``; ``what`` ends with an English plural."""
    if number != 1:
        return f"{number} {what}"
    return f"1 {re.sub(r'ies$', 'y', what)}" if what.endswith("ies") else f"1 {what.removesuffix('s')}"


def safe_name(name: str) -> str:
    """Return a file name as printable text (control characters and lone surrogates escaped)."""
    shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return re.sub(r"[\x00-\x1f\x7f]", lambda hit: f"\\x{ord(hit[0]):02x}", shown)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else in_words(value)


def _instead(found: object, expected: object) -> str:
    """Return ``… instead of …``; two containers are shown whole, as their kinds would say nothing."""
    if isinstance(found, (dict, list)) and isinstance(expected, (dict, list)):
        shown = [clip(json.dumps(value, ensure_ascii=False, default=str), 80) for value in (found, expected)]
    else:
        shown = [in_words(found), in_words(expected)]
    return " instead of ".join(shown)


def _differences(missing: list[str], extra: list[str]) -> str:
    parts = []
    if missing:
        parts.append(f"{len(missing)} missing: {', '.join(missing[:5])}")
    if extra:
        parts.append(f"{len(extra)} extra: {', '.join(extra[:5])}")
    return "; ".join(parts)
