"""Single faults in a rescued repository; what has to follow from one (hashes, tags, the mapping) follows."""

import csv
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from _git_rescue_solve import DISCOUNT, RIGHT_LINES, git, read_note, write_mapping

EXTRA = "extra.txt"


def rewrite(
    workspace: Path,
    subject: str,
    *,
    author: Callable[[str], str] = str,
    message: Callable[[str], str] = str,
    path: str = EXTRA,
    text: Callable[[str], str] | None = None,
) -> None:
    """Change author line or message of one commit, or the text of a file from that commit on."""
    repo, new, begun = workspace / "repo", {}, False
    for old in git(repo, "rev-list", "--reverse", "main").split():
        head, _, body = git(repo, "cat-file", "commit", old).partition("\n\n")
        here = body.partition("\n")[0] == subject
        begun = begun or here
        if not begun:
            new[old] = old
            continue
        body = re.sub(r"\b[0-9a-f]{7,40}\b", lambda hit: _renewed(hit[0], new), body)
        if here:
            head, body = re.sub("^author .*$", lambda hit: author(hit[0]), head, flags=re.M), message(body)
        head = re.sub("^parent (.*)$", lambda hit: f"parent {new[hit[1]]}", head, flags=re.M)
        if text:
            head = re.sub("^tree .*$", f"tree {_tree(repo, old, path, text)}", head, flags=re.M)
        new[old] = git(
            repo, "hash-object", "-t", "commit", "-w", "--stdin", input=f"{head}\n\n{body}".encode()
        ).strip()
    if text:
        here = repo / path
        here.write_text(text(here.read_text("utf-8") if here.exists() else ""), "utf-8")
    _follow(workspace, new)


def _tree(repo: Path, commit: str, path: str, text: Callable[[str], str]) -> str:
    """Return the tree of a commit with the file changed."""
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        git(repo, "read-tree", commit, env=index)
        before = git(repo, "show", f"{commit}:{path}") if git(repo, "ls-tree", commit, path) else ""
        blob = git(repo, "hash-object", "-w", "--stdin", input=text(before).encode()).strip()
        git(repo, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", env=index)
        return git(repo, "write-tree", env=index).strip()


def _renewed(short: str, new: dict[str, str]) -> str:
    return next((now[: len(short)] for old, now in new.items() if old.startswith(short)), short)


def _follow(workspace: Path, new: dict[str, str]) -> None:
    """Let main, the index, the tags and the mapping follow the commits that are new."""
    repo = workspace / "repo"
    for name in git(repo, "tag").split():
        oid = git(repo, "rev-parse", f"refs/tags/{name}").strip()
        if oid in new:
            git(repo, "update-ref", f"refs/tags/{name}", new[oid])
            continue
        raw = re.sub("^object (.*)", lambda hit: f"object {new[hit[1]]}", git(repo, "cat-file", "tag", oid))
        tag = git(repo, "hash-object", "-t", "tag", "-w", "--stdin", input=raw.encode()).strip()
        git(repo, "update-ref", f"refs/tags/{name}", tag)
    git(repo, "update-ref", "refs/heads/main", list(new.values())[-1])
    git(repo, "reset", "-q")
    with (workspace / "mapping.csv").open(newline="", encoding="utf-8") as file:
        pairs = {now: old for old, now in list(csv.reader(file))[1:]}
    rows = [(pairs.get(before, before), now) for before, now in new.items()]
    write_mapping(workspace, [row for row in rows if row[0] != row[1]])


def reprice(workspace: Path, lines: str) -> None:
    """Put other lines in the place of the merged ones, from the commit on that merged them."""
    quote = read_note(workspace).quote
    rewrite(workspace, DISCOUNT, path=quote, text=lambda text: text.replace(RIGHT_LINES, lines))


def add_file(workspace: Path, subject: str) -> None:
    """Let one commit bring a file that is none of its business."""
    rewrite(workspace, subject, text=lambda _: "a leftover\n")


def stray_pack(repo: Path) -> None:
    """Leave a pack that git does not know of."""
    pack = next((repo / ".git/objects/pack").glob("pack-*.pack"))
    shutil.copy(pack, pack.with_name(f"pack-{'0' * 40}.pack"))
