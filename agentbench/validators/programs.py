"""Checks that run something: a command in a copy of the workspace, git on a cleaned copy."""

from __future__ import annotations

from agentbench import gitsafe
from agentbench.validators.base import CheckFailed, Context, Verdict, failed, partial, passed


def command_output_contains(
    ctx: Context, command: str, contains: list[str] | None = None, timeout_sec: float = 30.0
) -> Verdict:
    """Judge whether ``command`` exits with 0 and prints all of ``contains``, without case: all or none."""
    done = ctx.run(["bash", "-c", command], cwd=ctx.copy(), timeout_sec=timeout_sec)
    if not done.ok:
        return failed(f"`{command}` exits with 0", done.tail())
    output = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace").casefold()
    missing = [word for word in contains or [] if str(word).casefold() not in output]
    if missing:
        return failed(
            f"`{command}` prints {', '.join(map(str, contains or []))}", f"missing: {', '.join(missing)}"
        )
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
    text = log.stdout.decode("utf-8", "replace").casefold()
    wanted = [*(contains or []), *(expected or [])]
    missing = [word for word in wanted if word.casefold() not in text]
    count = text.count("\x00")
    enough = [count >= min_commits] if min_commits else []
    total = len(wanted) + len(enough)
    share = (len(wanted) - len(missing) + sum(enough)) / total if total else 0.0
    found = f"{count} commits" + (f", missing: {', '.join(missing)}" if missing else "")
    return partial(share, f"{len(wanted)} phrases, at least {min_commits} commits", found)
