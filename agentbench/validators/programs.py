"""Checks that run something: a command in a copy of the workspace, git on a cleaned copy."""

from __future__ import annotations

from agentbench import gitsafe
from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    failed,
    missing_phrases,
    partial,
    passed,
)


def command_output_contains(
    ctx: Context, command: str, contains: list[str] | None = None, timeout_sec: float = 30.0
) -> Verdict:
    """Judge whether ``command`` exits with 0 and prints all of ``contains``, without case: all or none."""
    done = ctx.run(["bash", "-c", command], cwd=ctx.copy(), timeout_sec=timeout_sec)
    if not done.ok:
        return failed(f"`{command}` exits with 0", done.tail())
    output = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
    missing, total = missing_phrases(output, contains)
    if missing:
        return failed(f"`{command}` prints {total} phrases", f"missing: {', '.join(missing)}")
    return passed(f"`{command}` prints what it should")


def git_log_contains(
    ctx: Context,
    contains: list[str] | None = None,
    expected: list[str] | None = None,
    min_commits: int = 0,
    repo: str = ".",
) -> Verdict:
    """Judge how many phrases stand in the commit messages, and the number of commits: proportional."""
    try:
        clone = gitsafe.safe_clone(ctx.workspace / repo, ctx.scratch())
    except gitsafe.NotARepository as error:
        raise CheckFailed("a git repository", str(error)) from None
    log = gitsafe.git(clone, "log", "--format=%s%n%b%x00")
    if not log.ok:
        return failed("a repository with commits", log.tail())
    text = log.stdout.decode("utf-8", "replace")
    missing, n_phrases = missing_phrases(text, contains, expected)
    count = text.count("\x00")
    enough = [count >= min_commits] if min_commits else []
    total = n_phrases + len(enough)
    share = (n_phrases - len(missing) + sum(enough)) / total if total else 0.0
    found = f"{count} commits" + (f", missing: {', '.join(missing)}" if missing else "")
    return partial(share, f"{n_phrases} phrases, at least {min_commits} commits", found)
