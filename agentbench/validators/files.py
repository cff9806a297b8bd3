"""Checks about which files are there, and whether they are as they were given."""

from __future__ import annotations

import filecmp
import re
from pathlib import Path

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    count_of,
    failed,
    find_files,
    partial,
    passed,
    safe_name,
)


def file_exists(ctx: Context) -> Verdict:
    """Judge whether a file matches the pattern: all points or none."""
    if found := ctx.files():
        return passed(f"{safe_name(found[0])} exists")
    refused = [reason for name, reason in ctx.omitted.items() if name == ctx.pattern]
    return failed(f"a file {ctx.pattern}", refused[0] if refused else "no such file")


def filename_matches(ctx: Context, regex: str) -> Verdict:
    """Judge whether every file of the pattern has a name that matches ``regex`` in full."""
    names = [Path(name).name for name in ctx.files()]
    wrong = [safe_name(name) for name in names if not re.fullmatch(regex, name)]
    if names and not wrong:
        return passed(f"{len(names)} names match")
    return failed(f"names like {regex}", ", ".join(wrong[:5]) or "no files")


def directory_structure(ctx: Context, paths: list[str]) -> Verdict:
    """Judge how many of ``paths`` (files or folders) exist: proportional."""
    missing = [name for name in paths if not _present(ctx, name)]
    share = 1 - len(missing) / len(paths) if paths else 0.0
    return partial(share, f"{len(paths)} paths", f"missing: {', '.join(missing)}" if missing else "all exist")


def file_unchanged(ctx: Context, path: str | None = None, file: str | None = None) -> Verdict:
    """Judge whether the given files of the pattern (or ``path``/``file``) are byte for byte as given."""
    pattern = path or file or ctx.pattern or "**"
    given = find_files(ctx.pristine, pattern)
    if not given:
        return failed(f"an input file {pattern}", "the task gave no such file")
    touched = [name for name in given if not _same(ctx, name)]
    if touched:
        shown = ", ".join(safe_name(name) for name in touched[:5])
        return failed(
            f"{count_of(len(given), 'input files')} unchanged", f"{len(touched)} changed or gone: {shown}"
        )
    return passed(f"{count_of(len(given), 'input files')} unchanged")


def file_modified(ctx: Context, path: str | None = None, file: str | None = None) -> Verdict:
    """Judge whether every given file of the pattern is still there and was changed."""
    given = find_files(ctx.pristine, path or file or ctx.pattern or "**")
    untouched = [name for name in given if _same(ctx, name) or not (ctx.workspace / name).is_file()]
    if given and not untouched:
        return passed(f"{count_of(len(given), 'files')} changed")
    return failed("the files are changed", ", ".join(map(safe_name, untouched[:5])) or "no such input file")


def _present(ctx: Context, name: str) -> bool:
    try:
        path = (ctx.workspace / name).resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    return path.is_relative_to(ctx.workspace.resolve())


def _same(ctx: Context, name: str) -> bool:
    try:
        now = ctx.path(name)
    except CheckFailed:
        return False
    if (ctx.workspace / name).is_symlink() != (ctx.pristine / name).is_symlink():
        return False
    return filecmp.cmp(now, ctx.pristine / name, shallow=False)
