"""Judge the rescued repository: every commit's own work, so that one lost piece costs one check."""

import contextlib
import json
import re
import stat
import zlib
from pathlib import Path
from typing import Any

from _git_rescue_repo import Commit, Repo, files_below, load

from agentbench import gitsafe
from agentbench.validators.base import CheckFailed, Context, Verdict, failed, passed, same_set

_PENDING = ("rebase-merge", "rebase-apply", "sequencer", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD",
            "BISECT_START", "shallow", "info/grafts")  # fmt: skip
_STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{38}|pack/pack-[^/.]+\.(pack|idx|rev|bitmap|mtimes)")
_PACKED = b"PACK\0\0\0"
_DEFLATED = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
_MAX_TREE_BYTES = 16 * 1024**2
_PROBE = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
cases = json.load(sys.stdin)
quote = importlib.import_module(sys.argv[2] + ".quote").quote
found = []
for case in cases:
    try:
        price = quote(case["weight"], case["zone"], express=case["express"], account=case["account"])
    except ValueError:
        price = "ValueError"
    except Exception as error:
        price = repr(error)
    found.append(price)
print()
print(json.dumps(found, default=str))
"""


def state_clean(ctx: Context) -> Verdict:
    """Judge that main is checked out, nothing is pending, only the named refs exist and fsck is content."""
    repo, expected = _load(ctx)
    _rescued(repo, expected)
    wanted = {"refs/heads/main", *(f"refs/tags/{name}" for name in expected["tags"])}
    head = gitsafe.git(repo.clone, "symbolic-ref", "HEAD")
    if head.stdout.strip() != b"refs/heads/main":
        return failed(
            "main is checked out", head.stdout.decode("utf-8", "replace").strip() or "a detached HEAD"
        )
    if left := [name for name in _PENDING if (repo.clone / ".git" / name).exists()]:
        return failed("no operation in progress", f".git/{left[0]}")
    index = gitsafe.git(repo.clone, "ls-files", "--unmerged")
    if index.stdout or not index.ok:
        return failed("a readable index without unmerged paths", index.tail())
    if set(repo.refs) != wanted:
        return same_set(wanted, set(repo.refs), "refs")
    check = gitsafe.git(repo.clone, "--no-replace-objects", "fsck", "--full", "--no-dangling")
    return passed("nothing pending") if check.ok else failed("git fsck --full without errors", check.tail())


def token_gone(ctx: Context) -> Verdict:
    """Judge that no object and no other file of .git has the token."""
    repo, expected = _load(ctx)
    _rescued(repo, expected)
    token = expected["token"].encode()
    if hits := [f"{kind} {oid}" for oid, (kind, data) in sorted(repo.objects.items()) if token in data]:
        return failed("the token in no object", f"{len(hits)} objects, first {hits[0]}")
    git_dir = ctx.workspace / "repo/.git"
    for path in files_below(git_dir):
        name = path.relative_to(git_dir).as_posix()
        inside = name.removeprefix("objects/")
        if name.startswith("objects/") and _STORED.fullmatch(inside):
            if path.suffix == ".pack" and not path.with_suffix(".idx").is_file():
                return failed("no pack that git does not know of", name)
        elif problem := _hides(ctx.bytes(f"repo/.git/{name}"), token):
            return failed(problem, ascii(name))
    return passed(f"{len(repo.objects)} objects without it")


def _hides(data: bytes, token: bytes) -> str:
    """Return what is wrong about a file that git does not read objects from: set aside, old objects have the token."""
    if _PACKED in data:
        return "no pack that git does not know of"
    if data[:2] in _DEFLATED:
        with contextlib.suppress(zlib.error):
            data += zlib.decompressobj().decompress(data, _MAX_TREE_BYTES)
    return "the token in no file below .git" if token in data else ""


def main_line(ctx: Context) -> Verdict:
    """Judge that main is one straight line of the named commits in the named order."""
    repo, expected = _load(ctx)
    _rescued(repo, expected)
    wanted = [commit["subject"] for commit in expected["commits"]]
    found = [commit.subject for commit in repo.main]
    if any(len(commit.parents) > 1 for commit in repo.main):
        return failed("a straight line", "a merge commit")
    if found != wanted:
        at = next(
            (i for i, pair in enumerate(zip(found, wanted, strict=False)) if pair[0] != pair[1]), len(wanted)
        )
        shown = found[at] if at < len(found) else "nothing"
        return failed(
            f"the {len(wanted)} commits in order", f"{len(found)} commits; no. {at + 1} is {shown!r}"
        )
    return passed(f"{len(found)} commits in order")


def authors_kept(ctx: Context) -> Verdict:
    """Judge author name, address, date and zone of every commit."""
    repo, expected = _load(ctx)
    for commit in expected["commits"]:
        found = repo.named(commit["subject"]).author
        if found != commit["author"]:
            return failed(commit["author"], f"{found} in “{commit['subject']}”")
    return passed(f"{len(expected['commits'])} author lines")


def messages_kept(ctx: Context) -> Verdict:
    """Judge every message: to the letter, the token replaced, hashes naming the new commits."""
    repo, expected = _load(ctx)
    for commit in expected["commits"]:
        message = _plain(repo.named(commit["subject"]).message)
        parts = commit["message"]
        pattern = "([0-9a-f]{7,40})".join(
            re.escape(part) for part in _plain("\0".join(parts[::2])).split("\0")
        )
        hit = re.fullmatch(pattern, message)
        if hit is None:
            return failed(f"the message of “{commit['subject']}”", message)
        for subject, short in zip(parts[1::2], hit.groups(), strict=True):
            if not repo.named(subject).oid.startswith(short):
                return failed(f"“{commit['subject']}” names the new hash of “{subject}”", short)
    return passed(f"{len(expected['commits'])} messages")


def work_kept(ctx: Context, keys: list[str] | None = None) -> Verdict:
    """Judge that the commits ``keys`` (default: those of the old main line) bring exactly their change."""
    repo, expected = _load(ctx)
    base = set(expected["base"])
    mine = [c for c in expected["commits"] if (c["key"] in keys if keys else c["subject"] in base)]
    for wanted in mine:
        found = _work(repo, repo.named(wanted["subject"]), wanted)
        if found != wanted["changes"]:
            paths = sorted(
                p for p in {*found, *wanted["changes"]} if found.get(p, 0) != wanted["changes"].get(p, 0)
            )
            shown = ", ".join(ascii(path) for path in paths[:4])
            return failed(f"“{wanted['subject']}” brings exactly its change", f"differs in {shown}")
    return passed(f"{len(mine)} commits bring their change")


def tags_moved(ctx: Context) -> Verdict:
    """Judge that every tag is of its kind, on its commit, with tagger and message."""
    repo, expected = _load(ctx)
    for name, wanted in expected["tags"].items():
        oid = repo.refs.get(f"refs/tags/{name}")
        if oid not in repo.objects:
            return failed(f"a tag {name}", "none")
        kind, data = repo.objects[oid]
        if kind != ("tag" if wanted["tagger"] else "commit"):
            return failed(f"{name} is {'annotated' if wanted['tagger'] else 'lightweight'}", f"a {kind}")
        if kind == "tag":
            head, _, message = data.decode("utf-8", "replace").partition("\n\n")
            fields = dict(line.split(" ", 1) for line in head.split("\n") if " " in line)
            oid = fields.get("object", "")
            if (fields.get("tag"), fields.get("tagger")) != (name, wanted["tagger"]):
                return failed(f"{name} by {wanted['tagger']}", str(fields.get("tagger")))
            if _plain(message) != _plain(wanted["message"]):
                return failed(f"{name}: {wanted['message']}", message)
        if oid != repo.named(wanted["subject"]).oid:
            return failed(f"{name} on “{wanted['subject']}” of main", oid)
    return passed(f"{len(expected['tags'])} tags")


def quotes_right(ctx: Context) -> Verdict:
    """Judge the prices that the code of main quotes in cases the agent never saw."""
    repo, expected = _load(ctx)
    folder, scratch = ctx.scratch(), ctx.scratch()
    _write_tree(repo, folder)
    (scratch / "probe.py").write_text(_PROBE, "utf-8")
    cases = expected["cases"]
    done = ctx.run(
        ["python3", "-I", "-S", "-B", str(scratch / "probe.py"), str(folder), expected["pkg"]],
        cwd=scratch,
        stdin=json.dumps([{key: case[key] for key in case if key != "price"} for case in cases]).encode(),
    )
    try:
        found = json.loads(done.stdout.decode("utf-8", "replace").rstrip().rpartition("\n")[2])
    except (ValueError, RecursionError):
        return failed("a package that quotes prices", done.tail())
    if not isinstance(found, list) or len(found) != len(cases):
        return failed(f"{len(cases)} prices", str(found))
    wrong = [(case, price) for case, price in zip(cases, found, strict=True) if price != case["price"]]
    if wrong:
        case, price = wrong[0]
        shown = ", ".join(f"{key} {case[key]}" for key in ("weight", "zone", "express", "account"))
        return failed(f"{len(cases)} prices; {shown}: {case['price']}", f"{len(wrong)} wrong; there {price}")
    return passed(f"{len(cases)} prices")


def worktree_right(ctx: Context) -> Verdict:
    """Judge that working tree and index are main plus the owner's two edits, uncommitted."""
    repo, expected = _load(ctx)
    tip = repo.tip()
    for path, (old, new) in expected["edits"].items():
        if path not in tip:
            return failed(f"{path} on main", "not there")
        text = repo.data(tip[path][1], "blob").decode("utf-8", "replace")
        if old not in text or _file(ctx, path) != text.replace(old, new).encode():
            return failed(f"{path}: what main has, plus the edit", "something else")
    for path, (mode, oid) in tip.items():
        if path in expected["edits"]:
            continue
        if _file(ctx, path) != repo.data(oid, "blob").replace(b"\r\n", b"\n"):
            return failed(f"{path!a} as main has it", "something else in the working tree")
        if bool(ctx.path(f"repo/{path}").stat().st_mode & stat.S_IXUSR) != (mode == "100755"):
            return failed(f"{path!a} with mode {mode}", "another mode")
    staged = gitsafe.git(repo.clone, "diff-index", "--cached", "--name-only", "-z", "refs/heads/main", "--")
    names = {name for name in staged.stdout.decode("utf-8", "replace").split("\0") if name}
    if not staged.ok or names - set(expected["edits"]):
        found = ", ".join(ascii(name) for name in sorted(names)[:4]) or staged.tail()
        return failed("nothing but the edits differs from main in the index", found)
    return passed("main and the edits")


def mapping_right(ctx: Context) -> Verdict:
    """Judge mapping.csv: one row for each commit whose hash changed, none else."""
    repo, expected = _load(ctx)
    wanted = set()
    for commit in expected["commits"]:
        new = repo.named(commit["subject"]).oid
        if new != commit["original"]:
            wanted.add((commit["original"], new))
    rows = [(row["old"].lower(), row["new"].lower()) for row in ctx.csv("mapping.csv", ["old", "new"])]
    found = {(old, new) for old, new in rows if old != new}
    return same_set(wanted, found, "rows")


def edits_kept(ctx: Context) -> Verdict:
    """Judge that what the owner was typing is still in the files, and not committed."""
    expected = ctx.expected("expected.json")
    path, (note, text) = expected["later"], expected["untracked"]
    old, new = expected["edits"][path]
    now = _file(ctx, path).decode("utf-8", "replace")
    if new not in now or old in now:
        return failed(f"{path} with the owner's edit", "without it")
    if _file(ctx, note) != text.encode():
        return failed(f"{note} as it was", "changed")
    try:
        repo = load(ctx)
        tip = repo.tip()
        committed = path in tip and new.encode() in repo.data(tip[path][1], "blob")
    except CheckFailed:
        return passed("the edits are there")
    return (
        failed("edits not committed", "committed")
        if committed or note in tip
        else passed("the edits are there")
    )


def _load(ctx: Context) -> tuple[Repo, dict[str, Any]]:
    return load(ctx), ctx.expected("expected.json")


def _rescued(repo: Repo, expected: dict[str, Any]) -> None:
    """Raise CheckFailed unless main has the old commits and most of its commits do their work."""
    subjects = {commit.subject for commit in repo.main}
    if missing := [subject for subject in expected["base"] if subject not in subjects]:
        raise CheckFailed("a main with the named commits", f"without “{missing[0]}”")
    wanted = {commit["subject"]: commit for commit in expected["commits"]}
    known = [commit for commit in repo.main if commit.subject in wanted][: 3 * len(wanted)]
    right = sum(_work(repo, c, wanted[c.subject]) == wanted[c.subject]["changes"] for c in known)
    if right * 2 < len(wanted):
        raise CheckFailed("commits that bring their changes", f"{right} of {len(wanted)} do")


def _work(repo: Repo, commit: Commit, wanted: dict[str, Any]) -> dict[str, Any]:
    return {path: leaf for path, leaf in repo.changes(commit).items() if path not in wanted["free"]}


def _plain(message: str) -> str:
    return "\n".join(line.rstrip() for line in message.split("\n")).strip()


def _file(ctx: Context, path: str) -> bytes:
    return ctx.bytes(f"repo/{path}").replace(b"\r\n", b"\n")


def _write_tree(repo: Repo, folder: Path) -> None:
    room = _MAX_TREE_BYTES
    for path, (mode, oid) in sorted(repo.tip().items()):
        if mode not in {"100644", "100755"} or {"", ".", "..", ".git"} & set(path.split("/")):
            continue
        data = repo.data(oid, "blob")
        room -= len(data)
        if room < 0:
            raise CheckFailed("a main of its old size", f"over {_MAX_TREE_BYTES} bytes")
        try:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        except (OSError, ValueError) as error:
            raise CheckFailed("files that can be written", str(error)) from None
