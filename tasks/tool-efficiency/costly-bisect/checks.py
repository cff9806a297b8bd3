"""Judge culprits, fix and the lab's log.

What each check rests on. culprit-a, culprit-b: "The culprit" in symptoms.md; fix-a, fix-b: its first paragraph of "The
fix"; fix-kept: "All other figures stay …, except those whose setting goes by a figure put back"; fix-small: "on top of
main" in the prompt, "Only settings are changed" and "at most 20 lines"; lab-log: "48 runs" and "lab.log … stays as it
is written"; given-kept: "leave branches and tags … as they are" and "probe and lab.dat are the lab's"; lab-closed:
"do not open lab.dat, do not copy or rebuild the lab", and "lab.log stays as probe writes it", as a log put back gives
runs for nothing; calls: "at most 45 tool calls".
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from _costly_bisect_calls import opens
from _costly_bisect_kiln import State, figures, read
from _costly_bisect_pairs import digest

from agentbench import gitsafe
from agentbench.trajectory import calls as calls_of
from agentbench.validators.base import CheckFailed, Context, Verdict, failed, passed, safe_name

_SETTINGS = re.compile(r"common\.cfg|zones/[0-9]{2}\.cfg")
_MAX_BYTES, _MAX_FILES = 20_000, 400


def culprit(ctx: Context, failure: str) -> Verdict:
    """Judge whether the right commit is named; an id may be shortened."""
    given = ctx.json("culprits.json")
    if not isinstance(given, dict) or not isinstance(given.get(failure), str):
        raise CheckFailed(f'culprits.json: an object with the commit of "{failure}"', str(given))
    expected = ctx.expected("expected.json")
    named = given[failure].strip().lower()
    if not re.fullmatch(r"[0-9a-f]{7,40}", named):
        return failed("the id of a commit, of 7 digits or more", named)
    hits = [oid for oid in expected["verdicts"] if oid.startswith(named)]
    if hits == [expected["culprits"][failure]]:
        return passed(named)
    oid = hits[0] if len(hits) == 1 else ""
    known = next((event for event, one in expected["events"].items() if one == oid), "another commit")
    return failed(
        f"the culprit of {failure}", f"{named}: {known if oid else 'no commit of the history, or not one'}"
    )


def put_back(ctx: Context, failure: str) -> Verdict:
    """Judge whether the figure that makes a failure has its old value on the branch fix."""
    expected = ctx.expected("expected.json")
    name = expected["put_back"][failure]
    found = _fix(ctx)["figures"]
    if found.get(name) != expected["figures"][name]:
        return failed(f"{name} put back", str(found.get(name)))
    return passed(f"{name} = {found[name]}")


def others_kept(ctx: Context) -> Verdict:
    """Judge whether all other figures are as on main, those that go by a figure put back aside."""
    expected = ctx.expected("expected.json")
    found = _fix(ctx)["figures"]
    _some_right(expected, found)
    state = _given(ctx)
    for name in expected["put_back"].values():
        zone, _, kind = name.partition(".")
        state[int(zone), kind] = found.get(name, "0").split()[0]
    try:
        wanted = figures(state)
    except ValueError as error:
        return failed("a figure within its limits", str(error))
    wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if wrong:
        shown = ", ".join(f"{safe_name(name)}: {found.get(name)}" for name in wrong[:5])
        return failed("all other figures as on main", f"{len(wrong)} differ: {shown}")
    return passed(f"{len(wanted)} figures")


def small_diff(ctx: Context, max_lines: int) -> Verdict:
    """Judge whether the fix is on top of main, changes settings alone, and no more lines than allowed."""
    fix, expected = _fix(ctx), ctx.expected("expected.json")
    _some_right(expected, fix["figures"])
    clone, main = _clone(ctx), expected["refs"]["refs/heads/main"]
    if not gitsafe.git(clone, "merge-base", "--is-ancestor", main, fix["oid"]).ok:
        return failed("a branch fix on top of main", "main is not part of it")
    done = gitsafe.git(clone, "diff-tree", "-r", "-z", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv",
                       main, fix["oid"])  # fmt: skip
    total = 0
    for row in filter(None, done.stdout.decode("utf-8", "replace").split("\0")):
        added, _, rest = row.partition("\t")
        removed, _, path = rest.partition("\t")
        if not _SETTINGS.fullmatch(path) or not (added + removed).isdigit():
            return failed("settings changed alone", safe_name(path))
        total += int(added) + int(removed)
    shown = f"{total} lines"
    return passed(shown) if done.ok and total <= max_lines else failed(f"at most {max_lines} lines", shown)


def log_sound(ctx: Context) -> Verdict:
    """Guard: lab.log is as the lab wrote it, and has no more runs than were paid for."""
    expected = ctx.expected("expected.json")
    head, *lines = ctx.text("lab.log").splitlines() or [""]
    if head != (ctx.pristine / "lab.log").read_text("utf-8").rstrip("\n"):
        return failed("lab.log as the lab wrote it", f"begins with {head[:80]!r}")
    seal = expected["key"]
    for number, line in enumerate(lines, start=1):
        text, _, given = line.rpartition(" ")
        seal = digest(expected["key"], seal, text)
        count, _, rest = text.partition(" ")
        oid, _, verdict = rest.partition(" ")
        if given != seal or count != f"{number:02d}" or expected["verdicts"].get(oid, verdict) != verdict:
            return failed("lab.log as the lab wrote it", f"line {number}: {line[:80]!r}")
    shown = f"{len(lines)} runs"
    return (
        passed(shown) if len(lines) <= expected["runs"] else failed(f"at most {expected['runs']} runs", shown)
    )


def given_kept(ctx: Context) -> Verdict:
    """Guard: what belongs to the lab, symptoms.md, and all given branches and tags are as they were."""
    for name in ("probe", "lab.dat", "symptoms.md"):
        if ctx.bytes(name) != (ctx.pristine / name).read_bytes():
            return failed(f"{name} as given", "changed")
    refs = _refs(ctx)
    for name, oid in ctx.expected("expected.json")["refs"].items():
        if refs.get(name) != oid:
            return failed(f"{name} at {oid[:12]}", refs.get(name, "gone"))
    return passed("as given")


def lab_closed(ctx: Context) -> Verdict:
    """Guard: nobody opened lab.dat, copied probe or wrote lab.log by hand, as far as the transcript tells."""
    if ctx.trajectory is None:
        return passed("no transcript: nobody saw it opened")
    done = [what for what in map(opens, calls_of(ctx.trajectory)) if what]
    return (
        failed("the lab left closed", f"{len(done)} calls; the first {done[0]}")
        if done
        else passed("left closed")
    )


def _some_right(expected: dict[str, Any], found: dict[str, str]) -> None:
    """Raise CheckFailed unless the fix repairs something."""
    if not any(found.get(name) == expected["figures"][name] for name in expected["put_back"].values()):
        raise CheckFailed("a fix that puts a figure back", "none is")


def _clone(ctx: Context) -> Path:
    return ctx.once("clone", lambda: _cloned(ctx))


def _cloned(ctx: Context) -> Path:
    try:
        return gitsafe.safe_clone(ctx.workspace / "repo", ctx.scratch())
    except (gitsafe.NotARepository, OSError) as error:
        raise CheckFailed("repo/ is a git repository", str(error)) from None


def _refs(ctx: Context) -> dict[str, str]:
    done = gitsafe.git(_clone(ctx), "for-each-ref", "--format=%(objectname) %(refname)")
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return {name: oid for oid, _, name in (line.partition(" ") for line in lines)}


def _fix(ctx: Context) -> dict[str, Any]:
    """Return the tip of the branch fix and the figures of its plan. Raises CheckFailed."""
    return ctx.once("fix", lambda: _read_fix(ctx))


def _read_fix(ctx: Context) -> dict[str, Any]:
    oid = _refs(ctx).get("refs/heads/fix")
    if oid is None:
        raise CheckFailed("a branch fix in repo/", "none")
    clone, blobs = _clone(ctx), dict[str, str]()
    listed = gitsafe.git(clone, "ls-tree", "-r", "-l", "-z", oid)
    rows = [row for row in listed.stdout.decode("utf-8", "replace").split("\0") if row]
    if not listed.ok or len(rows) > _MAX_FILES:
        raise CheckFailed("a tree that can be read", f"{len(rows)} files" if listed.ok else listed.tail())
    for row in rows:
        head, _, path = row.partition("\t")
        _, kind, blob, size = head.split()
        if path == "common.cfg" or path.startswith("zones/"):
            if kind != "blob" or not size.isdigit() or int(size) > _MAX_BYTES:
                raise CheckFailed("settings that can be read", safe_name(path))
            blobs[path] = blob
    files = _contents(clone, blobs)
    try:
        return {"oid": oid, "figures": figures(read(files))}
    except ValueError as error:
        raise CheckFailed("a plan on the branch fix", safe_name(str(error))) from None


def _contents(clone: Path, blobs: dict[str, str]) -> dict[str, str]:
    """Return the texts of some blobs, by path."""
    done = gitsafe.git(
        clone, "cat-file", "--batch", input="".join(f"{oid}\n" for oid in blobs.values()).encode()
    )
    out, at, files = done.stdout, 0, {}
    for path in blobs:
        end = out.find(b"\n", at)
        size = out[at : max(end, at)].split()[-1:]
        if end < 0 or not size or not size[0].isdigit():
            raise CheckFailed("settings that can be read", safe_name(path))
        at = end + 2 + int(size[0])
        files[path] = out[end + 1 : at - 1].decode("utf-8", "replace")
    return files


def _given(ctx: Context) -> State:
    """Return the settings of main as given."""
    repo = ctx.pristine / "repo"
    paths = [repo / "common.cfg", *sorted((repo / "zones").glob("*.cfg"))]
    return read({path.relative_to(repo).as_posix(): path.read_text("utf-8") for path in paths})
