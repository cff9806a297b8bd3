"""The agent's repository as plain data, read once through git and then judged without it.

Every object is read, reachable or not, and its id is recomputed. Whatever cannot be read within the limits
raises CheckFailed; nothing of the repository is ever run.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agentbench import gitsafe
from agentbench.validators.base import CheckFailed, Context

CHUNK_BYTES = 2 * 1024**2
MAX_BYTES = 32 * 1024**2
MAX_OBJECTS = 30_000
MAX_ENTRIES = 3_000
MAX_COMMITS = 500

Leaves = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Commit:
    """A commit of `main`."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    author: str
    message: str

    @property
    def subject(self) -> str:
        return self.message.strip().partition("\n")[0].strip()


@dataclass(frozen=True)
class Repo:
    """All objects, all refs, and the commits of `main` (first parents), oldest first."""

    clone: Path
    objects: dict[str, tuple[str, bytes]]
    refs: dict[str, str]
    main: tuple[Commit, ...]

    def named(self, subject: str) -> Commit:
        """Return the one commit of `main` with this subject. Raises CheckFailed when there is not one."""
        found = [commit for commit in self.main if commit.subject == subject]
        if len(found) != 1:
            raise CheckFailed(f"one commit “{subject}” on main", f"{len(found)} of them")
        return found[0]

    def leaves(self, tree: str) -> Leaves:
        """Return path → (mode, object id) of a tree, recursively. Raises CheckFailed."""
        found: Leaves = {}
        pending = [("", tree)]
        steps = 0
        while pending:
            prefix, oid = pending.pop()
            for mode, name, target in _entries(self.data(oid, "tree")):
                steps += 1
                if steps > MAX_ENTRIES or len(prefix) > 1_000:
                    raise CheckFailed("trees of a sane size", f"over {MAX_ENTRIES} entries or very deep")
                if mode == "40000":
                    pending.append((f"{prefix}{name}/", target))
                else:
                    found[prefix + name] = (mode, target)
        return found

    def data(self, oid: str, kind: str) -> bytes:
        """Return the content of an object of that kind. Raises CheckFailed."""
        if oid not in self.objects or self.objects[oid][0] != kind:
            raise CheckFailed(f"a {kind} {oid}", "missing" if oid not in self.objects else "of another kind")
        return self.objects[oid][1]

    def tip(self) -> Leaves:
        """Return the files of `main`. Raises CheckFailed."""
        if not self.main:
            raise CheckFailed("a branch main", "none")
        return self.leaves(self.main[-1].tree)

    def changes(self, commit: Commit) -> dict[str, list[str] | None]:
        """Return what a commit does to its first parent: path → [mode, blob id], or None where deleted."""
        before: Leaves = {}
        if commit.parents:
            before = self.leaves(parse(self, commit.parents[0]).tree)
        after = self.leaves(commit.tree)
        paths = [path for path in {*before, *after} if before.get(path) != after.get(path)]
        return {path: list(after[path]) if path in after else None for path in paths}


def load(ctx: Context) -> Repo:
    """Return the repository ``repo/`` of the judged workspace, read once per grading. Raises CheckFailed."""
    return ctx.once("repo", lambda: _load(ctx))


def _load(ctx: Context) -> Repo:
    try:
        clone = gitsafe.safe_clone(ctx.workspace / "repo", ctx.scratch())
    except (gitsafe.NotARepository, OSError) as error:
        raise CheckFailed("repo/ is a git repository", str(error)) from None
    if not (clone / ".git").is_dir():
        raise CheckFailed("repo/ is a repository with a working tree", "a bare one")
    refs = {}
    for line in _git(clone, "for-each-ref", "--format=%(objectname) %(refname)").splitlines():
        oid, _, name = line.decode("utf-8", "replace").partition(" ")
        refs[name] = oid
    repo = Repo(clone, _objects(clone), refs, ())
    return Repo(clone, repo.objects, refs, tuple(_main(repo)))


def parse(repo: Repo, oid: str) -> Commit:
    """Return a commit. Raises CheckFailed."""
    head, _, message = repo.data(oid, "commit").decode("utf-8", "replace").partition("\n\n")
    lines = [line.partition(" ") for line in head.split("\n")]
    fields = {name: value for name, _, value in reversed(lines)}
    if not {"tree", "author"} <= set(fields):
        raise CheckFailed("well-formed commits", oid)
    parents = tuple(value for name, _, value in lines if name == "parent")
    return Commit(oid, fields["tree"], parents, fields["author"], message)


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the regular files below ``folder``, sorted, links not followed."""
    for where, names, files in os.walk(folder):
        names.sort()
        yield from (
            path for name in sorted(files) if (path := Path(where, name)).is_file() and not path.is_symlink()
        )


def _main(repo: Repo) -> list[Commit]:
    found: list[Commit] = []
    oid = repo.refs.get("refs/heads/main", "")
    while oid:
        found.append(parse(repo, oid))
        if len(found) > MAX_COMMITS:
            raise CheckFailed("a main of the commits in the table", f"more than {MAX_COMMITS}")
        oid = found[-1].parents[0] if found[-1].parents else ""
    return found[::-1]


def _objects(clone: Path) -> dict[str, tuple[str, bytes]]:
    listing = _git(clone, "cat-file", "--batch-all-objects", "--batch-check").decode("ascii", "replace")
    rows = [line.split() for line in listing.splitlines()]
    if any(len(row) != 3 or not row[2].isdigit() for row in rows):
        raise CheckFailed("a readable object database", "git cannot list it")
    sizes = {oid: int(size) for oid, _, size in rows}
    if len(sizes) > MAX_OBJECTS or sum(sizes.values()) > MAX_BYTES:
        raise CheckFailed(
            "a repository of its old size", f"{len(sizes)} objects, {sum(sizes.values())} bytes"
        )
    found: dict[str, tuple[str, bytes]] = {}
    group: list[str] = []
    room = CHUNK_BYTES
    for oid, size in [*sizes.items(), ("", 0)]:
        if group and (not oid or size > room or len(group) >= 2_000):
            found.update(_contents(clone, group))
            group, room = [], CHUNK_BYTES
        if oid:
            group.append(oid)
            room -= size
    return found


def _contents(clone: Path, oids: list[str]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    out = _git(clone, "cat-file", "--batch", input="".join(f"{oid}\n" for oid in oids).encode())
    at = 0
    for oid in oids:
        end = out.find(b"\n", at)
        head = out[at:end].decode("ascii", "replace").split() if end >= 0 else []
        if len(head) != 3 or head[0] != oid or not head[2].isdigit():
            raise CheckFailed("a readable object database", f"object {oid} cannot be read")
        data = out[end + 1 : end + 1 + int(head[2])]
        at = end + 2 + int(head[2])
        if hashlib.sha1(f"{head[1]} {len(data)}\0".encode() + data).hexdigest() != oid:
            raise CheckFailed("an undamaged SHA-1 object database", f"object {oid} is damaged or cut off")
        yield oid, (head[1], data)


def _entries(data: bytes) -> Iterator[tuple[str, str, str]]:
    at = 0
    while at < len(data):
        space, end = data.find(b" ", at), data.find(b"\0", at)
        if not at < space < end or end + 21 > len(data):
            raise CheckFailed("well-formed trees", "a malformed one")
        mode = data[at:space].decode("ascii", "replace")
        yield mode, data[space + 1 : end].decode("utf-8", "surrogateescape"), data[end + 1 : end + 21].hex()
        at = end + 21


def _git(clone: Path, *args: str, input: bytes = b"") -> bytes:
    done = gitsafe.git(clone, "--no-replace-objects", *args, input=input)
    if not done.ok:
        raise CheckFailed("a repository that git can read", done.tail())
    return done.stdout
