"""The steps of a rescue with git's plumbing, each with the mistakes that one can make in it."""

import csv
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ISLANDS = "data/islands.csv"
DISCOUNT, ACCOUNT = "Give account customers their discount", "Take the account on the command line"
FUEL, PAPER, MINIMUM = (
    "Add the fuel surcharge table",
    "Document the fuel surcharge",
    "Introduce a minimum price",
)
STASHED = "Treat island postcodes as slow"


@dataclass
class Note:
    """What RESCUE.md says."""

    subjects: list[str]
    authors: list[str]
    tags: dict[str, tuple[str, str]]
    mia: str
    removed: str
    topic: str
    token_path: str
    edits: dict[str, str]
    quote: str


@dataclass
class Found:
    """What was found in the object database: the right original of each subject, and the token."""

    original: dict[str, str]
    token: str
    tag_objects: dict[str, str]
    objects: dict[str, tuple[str, bytes]]

    def text(self, oid: str) -> str:
        return self.objects[oid][1].decode()


@dataclass
class Commit:
    """A commit's own words."""

    tree: str
    parents: list[str]
    author: str
    when: int
    message: str

    @property
    def subject(self) -> str:
        return self.message.strip().partition("\n\n")[0].replace("\n", " ")

    @property
    def name(self) -> str:
        return self.author.partition(" <")[0]


def parse(raw: str) -> Commit:
    """Return a commit from the text of its object."""
    head, _, message = raw.partition("\n\n")
    fields = [line.partition(" ")[::2] for line in head.split("\n")]
    first = dict(reversed(fields))
    parents = [value for name, value in fields if name == "parent"]
    return Commit(first["tree"], parents, first["author"], int(first["committer"].split()[-2]), message)


def git(repo: Path, *args: str, input: bytes | None = None, env: dict[str, str] | None = None) -> str:
    """Run git and return its output. Raises CalledProcessError."""
    done = subprocess.run(
        ["git", "-c", "core.quotePath=false", *args],
        cwd=repo,
        input=input or b"",
        env={**os.environ, **(env or {})},
        check=True,
        capture_output=True,
    )
    return done.stdout.decode()


def read_note(workspace: Path) -> Note:
    text = (workspace / "RESCUE.md").read_text("utf-8")
    rows = re.findall(r"^\| \d+ \| (.*?) \| (.*?) \|", text, re.M)
    tags = re.findall(r"^\| (v[\d.]+) \| (\w+) \| \d+ (.*?) \|", text, re.M)
    return Note(
        subjects=[subject for _, subject in rows],
        authors=[author for author, _ in rows],
        tags={name: (kind, subject) for name, kind, subject in tags},
        mia=re.search(r"^- (.*?)'s three lost commits", text, re.M)[1],
        removed=re.search(r"the text `(.*?)` takes", text)[1],
        topic=re.search(r"the three on `(.*?)`", text)[1],
        token_path=re.search(r"`RELAY_TOKEN` in `(.*?)`", text)[1],
        edits=dict(zip(("later", "aside"), re.findall(r"the one\s+to\s+`(.*?)`", text), strict=True)),
        quote=re.search(r"`(\w+/quote\.py)`", text)[1],
    )


def objects(repo: Path) -> dict[str, str]:
    rows = git(repo, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").split(
        "\n"
    )
    return dict(row.split() for row in rows if row)


def read_all(repo: Path) -> dict[str, tuple[str, bytes]]:
    """Return all objects, reachable or not: id → (kind, content)."""
    command = ["git", "cat-file", "--batch-all-objects", "--batch"]
    out = subprocess.run(command, cwd=repo, check=True, capture_output=True).stdout
    found, at = {}, 0
    while at < len(out):
        end = out.index(b"\n", at)
        oid, kind, size = out[at:end].decode().split()
        found[oid] = kind, out[end + 1 : end + 1 + int(size)]
        at = end + 2 + int(size)
    return found


def search(repo: Path, note: Note, *, oldest: tuple[str, ...] = (), stash_in_list: bool = False) -> Found:
    """Find the right version of every commit, reachable or not; of the subjects ``oldest`` the first one."""
    everything = read_all(repo)
    commits = {oid: parse(data.decode()) for oid, (kind, data) in everything.items() if kind == "commit"}
    versions: dict[str, list[tuple[int, str]]] = {}
    for oid, commit in sorted(commits.items()):
        subject = commit.subject
        if subject in note.subjects and commit.name == note.authors[note.subjects.index(subject)]:
            versions.setdefault(subject, []).append((commit.when, oid))
        if subject.endswith("island postcodes") and commit.name == note.mia:
            versions.setdefault(STASHED, []).append((commit.when, oid))
    original = {name: (min if name in oldest else max)(found)[1] for name, found in versions.items()}
    for oid in git(repo, "rev-list", "-3", note.topic).split():
        original[commits[oid].subject] = oid
    if stash_in_list:
        original[STASHED] = git(repo, "rev-parse", "stash").strip()
    with_token = (s for s in note.subjects if s in original and _has(repo, original[s], note.token_path))
    first = git(repo, "show", f"{original[next(with_token)]}:{note.token_path}")
    named = {}
    for oid, (kind, data) in everything.items():
        if kind == "tag":
            named[re.search("^tag (.*)$", data.decode(), re.M)[1]] = oid
    return Found(original, re.search("RELAY_TOKEN=(.*)", first)[1], named, everything)


def _has(repo: Path, commit: str, path: str) -> bool:
    return bool(git(repo, "ls-tree", commit, path))


def _edit_of(old: str, new: str) -> tuple[str, str]:
    """Return the one changed run of lines between two texts, as (before, after)."""
    a, b = old.splitlines(True), new.splitlines(True)
    start = next(i for i in range(len(a)) if a[i] != b[i])
    end = next(i for i in range(1, len(a)) if a[-i] != b[-i]) - 1
    return "".join(a[start : len(a) - end]), "".join(b[start : len(b) - end])


def read_edits(repo: Path, note: Note) -> dict[str, tuple[str, str]]:
    """Return the owner's edits: file → (text before, text after), without those already lost."""
    found, path, other = {}, note.edits["later"], note.edits["aside"]
    before, now = git(repo, "show", f"HEAD:{path}"), (repo / path).read_text("utf-8")
    if now != before:
        found[path] = _edit_of(before, now)
    aside = (repo / ".git/rebase-merge/autostash").read_text().strip()
    if aside in objects(repo):
        found[other] = _edit_of(git(repo, "show", f"{aside}^:{other}"), git(repo, "show", f"{aside}:{other}"))
    return found


RIGHT_LINES = """\
    base = rates.base_price(weight_g, zone)
    price = base + money.share(base, fuel.PER_MILLE) - money.share(base, discount.per_mille(account))
"""
FUEL_FIRST = """\
    price = rates.base_price(weight_g, zone)
    price += money.share(price, fuel.PER_MILLE)
    price -= money.share(price, discount.per_mille(account))
"""
DISCOUNT_FIRST = """\
    price = rates.base_price(weight_g, zone)
    price -= money.share(price, discount.per_mille(account))
    price += money.share(price, fuel.PER_MILLE)
"""
DISCOUNT_ONLY = """\
    price = rates.base_price(weight_g, zone)
    price -= money.share(price, discount.per_mille(account))
"""


def merge_quote(text: str, lines: str) -> str:
    """Return Mia's version of the quote with the discount in it."""
    text = text.replace("from . import fuel, money, rates", "from . import discount, fuel, money, rates")
    text = text.replace("express=False):", "express=False, account=None):")
    return re.sub(r"    price = rates\.base_price.*?(?=    if express)", lambda _: lines, text, flags=re.S)


class Rewriter:
    """Build the new main commit by commit, without touching HEAD or the working tree."""

    def __init__(self, repo: Path, note: Note, found: Found, mistakes: dict) -> None:
        self.repo, self.note, self.found, self.mistakes = repo, note, found, mistakes
        self.new: dict[str, str] = {}
        self.index = {"GIT_INDEX_FILE": str(Path(tempfile.mkdtemp()) / "index")}
        self.blobs: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.rows_due: list[str] = []

    def run(self) -> str:
        """Make all commits and return the last."""
        parent = ""
        for subject in self.note.subjects:
            if subject in self.found.original:
                parent = self.new[subject] = self.commit(subject, parent)
        return parent

    def commit(self, subject: str, parent: str) -> str:
        old = self.found.original[subject]
        before = parse(self.found.text(old))
        self.carry(old, subject)
        if subject == STASHED:
            self.carry_untracked(old)
        message = f"{subject}\n" if subject == STASHED else self.message(old, subject)
        git(self.repo, "update-index", "--index-info", input="".join(self.rows_due).encode(), env=self.index)
        self.rows_due.clear()
        tree = git(self.repo, "write-tree", env=self.index).strip()
        same = (before.tree, " ".join(before.parents), before.message.rstrip()) == (tree, parent, message.rstrip())
        if same:
            return old
        raw = re.search("^(.*) <(.*)> (.*)$", before.author)
        env = {"GIT_AUTHOR_NAME": raw[1], "GIT_AUTHOR_EMAIL": raw[2], "GIT_AUTHOR_DATE": raw[3],
               "GIT_COMMITTER_NAME": "Rescue", "GIT_COMMITTER_EMAIL": "rescue@example.com"}  # fmt: skip
        parents = ["-p", parent] if parent else []
        return git(self.repo, "commit-tree", tree, *parents, input=message.encode(), env=env).strip()

    def carry(self, old: str, subject: str) -> None:
        """Bring the change of ``old`` against its first parent into the index, file by file."""
        for mode, before, after, status, path in self.rows(old, subject):
            if path == self.note.quote and subject == DISCOUNT:
                text = self.found.text(self.files[path])
                self.put(path, self.store(merge_quote(text, RIGHT_LINES)))
            elif status == "D":
                del self.files[path]
                self.rows_due.append(f"0 {'0' * 40}\t{path}\n")
            else:
                self.put(path, self.merge(path, before, after), mode)

    def rows(self, old: str, subject: str) -> list[list[str]]:
        """Return (mode, blob before, blob after, status, path) of what a commit does."""
        first = parse(self.found.text(old)).parents[:1] or [git(self.repo, "mktree", input=b"").strip()]
        cells = git(self.repo, "diff-tree", "-r", "-z", *first, old).split("\0")[:-1]
        rows = [[*meta.split()[1:], path] for meta, path in zip(cells[::2], cells[1::2], strict=True)]
        if self.mistakes.get("late_files") and subject == DISCOUNT:
            return [row for row in rows if row[3] != "A"]
        if self.mistakes.get("late_files") and subject == ACCOUNT:
            return rows + [row for row in self.rows(self.found.original[DISCOUNT], "") if row[3] == "A"]
        return rows

    def carry_untracked(self, stash: str) -> None:
        names = {"none": [], "all": git(self.repo, "ls-tree", "-r", "--name-only", f"{stash}^3").split()}
        for name in names.get(self.mistakes.get("untracked"), [ISLANDS]):
            self.put(name, self.clean(git(self.repo, "rev-parse", f"{stash}^3:{name}").strip(), name))

    def merge(self, path: str, before: str, after: str) -> str:
        """Return the blob that has the change before → after on top of what is in the index."""
        here = self.files.get(path)
        if here is None or here == self.clean(before, path):
            return self.clean(after, path)
        with tempfile.TemporaryDirectory() as folder:
            names = []
            for number, oid in enumerate((here, self.clean(before, path), self.clean(after, path))):
                names.append(str(Path(folder, str(number))))
                Path(names[-1]).write_text(self.found.text(oid), "utf-8")
            return self.store(git(self.repo, "merge-file", "-p", *names))

    def clean(self, oid: str, path: str) -> str:
        """Return the blob without the token."""
        if self.mistakes.get("only_first_path") and path != self.note.token_path:
            return oid
        if oid not in self.blobs:
            text = self.found.text(oid)
            clean = self.redact(text)
            self.blobs[oid] = self.store(clean) if clean != text else oid
        return self.blobs[oid]

    def redact(self, text: str) -> str:
        if self.mistakes.get("any_token"):
            return re.sub(r"rly_\w+", self.note.removed, text)
        return text.replace(self.found.token, self.note.removed)

    def store(self, text: str) -> str:
        oid = git(self.repo, "hash-object", "-w", "--stdin", input=text.encode()).strip()
        self.found.objects[oid] = "blob", text.encode()
        return oid

    def put(self, path: str, oid: str, mode: str = "100644") -> None:
        self.files[path] = oid
        self.rows_due.append(f"{mode} {oid}\t{path}\n")

    def message(self, old: str, subject: str) -> str:
        raw = parse(self.found.text(old)).message
        text = raw if self.mistakes.get("message_token") else self.redact(raw)
        if self.mistakes.get("comments_stripped") and subject == DISCOUNT:
            text = re.sub(r"^#.*\n", "", text, flags=re.M)
        if self.mistakes.get("stale_hashes"):
            return text

        def renew(hit: re.Match) -> str:
            for name, oid in self.found.original.items():
                if oid.startswith(hit[0]) and name in self.new:
                    return self.new[name][: len(hit[0])]
            return hit[0]

        return re.sub(r"\b[0-9a-f]{7,40}\b", renew, text)


def make_tags(repo: Path, note: Note, rewriter: Rewriter, mistakes: dict) -> None:
    """Put every tag on the commit that has taken its old commit's place."""
    for name, (kind, subject) in note.tags.items():
        if subject not in rewriter.new:
            continue
        target = rewriter.found.original[subject] if mistakes.get("old_tags") else rewriter.new[subject]
        if kind == "annotated":
            raw = git(repo, "cat-file", "tag", rewriter.found.tag_objects[name])
            raw = re.sub("^object .*", f"object {target}", raw)
            raw = raw if mistakes.get("tag_token") else rewriter.redact(raw)
            target = git(repo, "hash-object", "-t", "tag", "-w", "--stdin", input=raw.encode()).strip()
        git(repo, "update-ref", f"refs/tags/{name}", target)


def take_over(repo: Path, tip: str, edits: dict[str, tuple[str, str]]) -> None:
    """Make main the given commit, end the rebase, and put the edits on top of it."""
    shutil.rmtree(repo / ".git/rebase-merge", ignore_errors=True)
    git(repo, "update-ref", "--no-deref", "HEAD", tip)
    git(repo, "update-ref", "refs/heads/main", tip)
    git(repo, "symbolic-ref", "HEAD", "refs/heads/main")
    git(repo, "reset", "-q", "--hard")
    for path, (old, new) in edits.items():
        text = (repo / path).read_text("utf-8")
        (repo / path).write_text(text.replace(old, new), "utf-8")


def drop_refs(repo: Path, note: Note) -> None:
    wanted = {"refs/heads/main", *(f"refs/tags/{name}" for name in note.tags)}
    for name in git(repo, "for-each-ref", "--format=%(refname)").split():
        if name not in wanted:
            git(repo, "update-ref", "-d", name)
    for name in ("ORIG_HEAD", "REBASE_HEAD", "MERGE_MSG", "AUTO_MERGE", "CHERRY_PICK_HEAD", "COMMIT_EDITMSG"):
        (repo / ".git" / name).unlink(missing_ok=True)


def prune(repo: Path) -> None:
    git(repo, "reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")
    git(repo, "gc", "-q", "--prune=now")


def write_mapping(workspace: Path, pairs: list[tuple[str, str]]) -> None:
    with (workspace / "mapping.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("old", "new"), *pairs])
