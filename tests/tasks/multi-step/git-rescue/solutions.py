"""Solutions of multi-step/git-rescue; all of them read RESCUE.md and the repository, nothing else.

`_rescue` is the honest way, step by step with git's plumbing; a wrong solution is the same way with one
mistake in it. `by_porcelain` reaches the state with cherry-pick, filter-branch and gc instead, and
`in_new_repository` by cloning what is wanted.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from _git_rescue_faults import add_file, reprice, rewrite, stray_pack
from _git_rescue_solve import (
    DISCOUNT,
    DISCOUNT_FIRST,
    DISCOUNT_ONLY,
    FUEL,
    FUEL_FIRST,
    ISLANDS,
    MINIMUM,
    PAPER,
    RIGHT_LINES,
    STASHED,
    Found,
    Note,
    Rewriter,
    drop_refs,
    git,
    make_tags,
    merge_quote,
    prune,
    read_edits,
    read_note,
    search,
    take_over,
    write_mapping,
)


def _rescue(workspace: Path, **mistakes) -> None:
    repo, note = workspace / "repo", read_note(workspace)
    if mistakes.get("prune_first"):
        prune(repo)
    found = search(
        repo, note, oldest=mistakes.get("oldest", ()), stash_in_list=bool(mistakes.get("listed_stash"))
    )
    edits = read_edits(repo, note)
    if mistakes.get("abort"):
        git(repo, "rebase", "--abort")
        edits = {
            path: edit for path, edit in edits.items() if path in git(repo, "diff", "--name-only").split()
        }
    if mistakes.get("keep_script"):
        found.original["Mirror sync"] = git(repo, "rev-parse", "main").strip()
        note.subjects.insert(note.subjects.index(MINIMUM), "Mirror sync")
    whole = (repo / note.edits["later"]).read_text("utf-8")
    copy = git(repo, "rev-parse", "HEAD").strip()
    rewriter = Rewriter(repo, note, found, mistakes)
    tip = rewriter.run()
    make_tags(repo, note, rewriter, mistakes)
    take_over(repo, tip, edits)
    if mistakes.get("copy_back"):
        (repo / note.edits["later"]).write_text(whole, "utf-8")
    if not mistakes.get("keep_refs"):
        drop_refs(repo, note)
    if not mistakes.get("keep_objects"):
        prune(repo)
    originals = found.original | ({"Print small weights in grams": copy} if mistakes.get("map_copy") else {})
    write_mapping(
        workspace, [(old, rewriter.new[s]) for s, old in originals.items() if rewriter.new[s] != old]
    )


def oracle(workspace: Path) -> str:
    """Reach the state with plumbing."""
    _rescue(workspace)
    return "main is one line again, with Mia's work; your edits are uncommitted in the working tree."


_FILTER = r"""
import os, re, sys
from pathlib import Path
token, removed, table, what = sys.argv[1:]
if what == "files":
    for path in Path(".").rglob("*"):
        if path.is_file() and token.encode() in path.read_bytes():
            path.write_bytes(path.read_bytes().replace(token.encode(), removed.encode()))
    sys.exit()
picked = dict(line.split() for line in open(table))
def renew(hit):
    for old, new in picked.items():
        if old.startswith(hit[0]):
            path = Path("..", "map", new)
            return (path.read_text().strip() if path.exists() else new)[:len(hit[0])]
    return hit[0]
text = sys.stdin.buffer.read().decode().replace(token, removed)
sys.stdout.buffer.write(re.sub(r"\b[0-9a-f]{7,40}\b", renew, text).encode())
"""


def by_porcelain(workspace: Path) -> str:
    """Cherry-pick everything onto the old line, then filter the branch."""
    repo, note = workspace / "repo", read_note(workspace)
    found, edits = search(repo, note), read_edits(repo, note)
    git(repo, "rebase", "--quit")
    base = [s for s in note.subjects if s in git(repo, "log", "--format=%s", f"{note.topic}~3").split("\n")]
    git(repo, "checkout", "-qf", "--detach", found.original[base[-1]])
    picked = {found.original[subject]: found.original[subject] for subject in base}
    for subject in note.subjects[len(base) :]:
        _pick(repo, note, subject, found.original[subject])
        picked[found.original[subject]] = git(repo, "rev-parse", "HEAD").strip()
    new = _filter_branch(repo, note, found, picked)
    rewriter = Rewriter(repo, note, found, {})
    rewriter.new = {subject: new[picked[oid]] for subject, oid in found.original.items()}
    make_tags(repo, note, rewriter, {})
    take_over(repo, git(repo, "rev-parse", "HEAD").strip(), edits)
    drop_refs(repo, note)
    prune(repo)
    rows = [(old, rewriter.new[subject]) for subject, old in found.original.items()]
    write_mapping(workspace, [row for row in sorted(rows) if row[0] != row[1]])
    return "Done."


def _pick(repo: Path, note: Note, subject: str, oid: str) -> None:
    env = {"GIT_EDITOR": "true"}
    if subject == STASHED:
        git(repo, "cherry-pick", "--no-commit", "-m", "1", oid)
        git(repo, "checkout", "-q", f"{oid}^3", "--", ISLANDS)
        git(repo, "commit", "-q", "-C", oid)
        git(repo, "commit", "-q", "--amend", "-m", subject)
    elif subject == DISCOUNT:
        text = (repo / note.quote).read_text("utf-8")
        done = subprocess.run(
            ["git", "cherry-pick", oid], cwd=repo, env={**os.environ, **env}, capture_output=True
        )
        assert done.returncode == 1, done.stderr
        (repo / note.quote).write_text(merge_quote(text, RIGHT_LINES), "utf-8")
        git(repo, "add", note.quote)
        git(repo, "commit", "-q", "--cleanup=verbatim", "-C", oid)
    else:
        git(repo, "cherry-pick", oid, env=env)


def _filter_branch(repo: Path, note: Note, found: Found, picked: dict[str, str]) -> dict[str, str]:
    """Rewrite HEAD without the token and return old → new of its commits."""
    before = git(repo, "rev-list", "--reverse", "HEAD").split()
    git(repo, "checkout", "-qB", "rescue")
    with tempfile.TemporaryDirectory() as folder:
        script, table = Path(folder, "filter.py"), Path(folder, "table")
        script.write_text(_FILTER, "utf-8")
        table.write_text("".join(f"{old} {new}\n" for old, new in picked.items()), "utf-8")
        call = f"'{sys.executable}' -I -S '{script}' {found.token} {note.removed} '{table}'"
        swap, words = f"{call} files", f"{call} message"
        env = {"FILTER_BRANCH_SQUELCH_WARNING": "1"}
        git(
            repo, "filter-branch", "-f", "--tree-filter", swap, "--msg-filter", words, "--", "rescue", env=env
        )
    return dict(zip(before, git(repo, "rev-list", "--reverse", "HEAD").split(), strict=True))


def in_new_repository(workspace: Path) -> str:
    """Rewrite as the oracle does, but clone the result instead of pruning; stage the edits."""
    _rescue(workspace, keep_objects=True)
    repo, fresh = workspace / "repo", workspace / "fresh"
    edited = git(repo, "diff", "--name-only").split()
    git(workspace, "clone", "-q", "--no-local", "--no-hardlinks", "--branch", "main", "repo", "fresh")
    git(fresh, "remote", "remove", "origin")
    for path in edited:
        shutil.copy(repo / path, fresh / path)
    shutil.copytree(repo / "notes", fresh / "notes")
    git(fresh, "add", *edited)
    shutil.rmtree(repo)
    fresh.rename(repo)
    rows = (workspace / "mapping.csv").read_text("utf-8").split()
    text = "".join(f"{row},{'subject' if at == 0 else at}\r\n" for at, row in enumerate(rows))
    (workspace / "mapping.csv").write_text(text, "utf-8", newline="")
    return "Done, in a fresh clone."


def prunes_first(workspace: Path) -> None:
    _rescue(workspace, prune_first=True)


def takes_tagged_chain(workspace: Path) -> None:
    _rescue(workspace, oldest=(FUEL,))


def takes_dangling_chain(workspace: Path) -> None:
    _rescue(workspace, oldest=(FUEL, PAPER))


def takes_listed_stash(workspace: Path) -> None:
    _rescue(workspace, listed_stash=True)


def forgets_untracked_parent(workspace: Path) -> None:
    _rescue(workspace, untracked="none")


def takes_all_untracked(workspace: Path) -> None:
    _rescue(workspace, untracked="all")


def cleans_first_path_only(workspace: Path) -> None:
    _rescue(workspace, only_first_path=True)


def leaves_token_in_tag(workspace: Path) -> None:
    _rescue(workspace, tag_token=True)


def leaves_token_in_message(workspace: Path) -> None:
    _rescue(workspace, message_token=True)


def removes_every_token(workspace: Path) -> None:
    _rescue(workspace, any_token=True)


def never_prunes(workspace: Path) -> None:
    _rescue(workspace, keep_objects=True)


def keeps_old_branches(workspace: Path) -> None:
    _rescue(workspace, keep_refs=True)


def loses_hash_line(workspace: Path) -> None:
    _rescue(workspace, comments_stripped=True)


def leaves_old_hashes(workspace: Path) -> None:
    _rescue(workspace, stale_hashes=True)


def aborts_rebase(workspace: Path) -> None:
    _rescue(workspace, abort=True)


def copies_edited_file_back(workspace: Path) -> None:
    _rescue(workspace, copy_back=True)


def keeps_script_commit(workspace: Path) -> None:
    _rescue(workspace, keep_script=True)


def adds_files_one_commit_late(workspace: Path) -> None:
    _rescue(workspace, late_files=True)


def leaves_tags_on_old_commits(workspace: Path) -> None:
    _rescue(workspace, old_tags=True)


def maps_rebased_copy(workspace: Path) -> None:
    _rescue(workspace, map_copy=True)


# -- one fault in the rescued repository ---------------------------------------------------------------


def leaves_backup_branch(workspace: Path) -> None:
    """Leave a branch beside main."""
    git(workspace / "repo", "branch", "rescued")


def leaves_stray_pack(workspace: Path) -> None:
    """Leave a pack without an index, as an interrupted gc does."""
    stray_pack(workspace / "repo")


def commits_edits(workspace: Path) -> None:
    """Commit what the owner was typing."""
    names = {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@example.com"}
    names |= {"GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@example.com"}
    git(workspace / "repo", "commit", "-qam", "Pricing and label notes", env=names)


def loses_date(workspace: Path) -> None:
    """Date one commit anew."""
    rewrite(workspace, PAPER, author=lambda line: re.sub(r"> \d+", "> 1700000000", line))


def says_more(workspace: Path) -> None:
    """Add a line to one message."""
    rewrite(workspace, PAPER, message=lambda text: f"{text.rstrip()}\n\nRescued.\n")


def adds_to_old_work(workspace: Path) -> None:
    """Let a commit of the old line bring a file more."""
    add_file(workspace, read_note(workspace).subjects[2])


def adds_to_mia_work(workspace: Path) -> None:
    """Let a commit of Mia's bring a file more."""
    add_file(workspace, FUEL)


def adds_to_stash_work(workspace: Path) -> None:
    """Let the commit made of the stash bring a file more."""
    add_file(workspace, STASHED)


def adds_to_own_work(workspace: Path) -> None:
    """Let a commit of the owner's bring a file more."""
    add_file(workspace, MINIMUM)


def takes_one_side(workspace: Path) -> None:
    """Resolve the conflict by the rebased side alone."""
    reprice(workspace, DISCOUNT_ONLY)


def stacks_discount_on_fuel(workspace: Path) -> None:
    """Reckon the discount from the price with the surcharge in it."""
    reprice(workspace, FUEL_FIRST)


def stacks_fuel_on_discount(workspace: Path) -> None:
    """Reckon the surcharge from the discounted price."""
    reprice(workspace, DISCOUNT_FIRST)


def makes_light_tags(workspace: Path) -> None:
    """Make the annotated tags anew, without tagger and message."""
    for name, (kind, _) in read_note(workspace).tags.items():
        if kind == "annotated":
            git(workspace / "repo", "tag", "-f", name, f"{name}^{{}}")


def moves_a_tag(workspace: Path) -> None:
    """Put a lightweight tag one commit too early."""
    name = next(name for name, (kind, _) in read_note(workspace).tags.items() if kind != "annotated")
    git(workspace / "repo", "tag", "-f", name, f"{name}~1")


def forgets_autostash(workspace: Path) -> None:
    """Lose the edit that the rebase had put aside."""
    git(workspace / "repo", "checkout", "-q", "--", read_note(workspace).edits["aside"])


def drops_a_row(workspace: Path) -> None:
    """Leave one commit out of the mapping."""
    path = workspace / "mapping.csv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(True)[:-1]))


def signs_the_note(workspace: Path) -> None:
    """Add a line to RESCUE.md."""
    with (workspace / "RESCUE.md").open("a", encoding="utf-8") as file:
        file.write("\nDone.\n")


def stuffer(workspace: Path) -> str:
    """Make a repository of the right shape: subjects, names, tags, all files of the working tree, no history."""
    repo, note = workspace / "repo", read_note(workspace)
    shutil.rmtree(repo / ".git")
    git(repo, "init", "-q")
    git(repo, "symbolic-ref", "HEAD", "refs/heads/main")
    names = {"GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@example.com"}
    git(repo, "add", ".", ":!notes")
    for author, subject in zip(note.authors, note.subjects, strict=True):
        git(
            repo,
            "commit",
            "-q",
            "--allow-empty",
            f"--author={author} <x@example.com>",
            "-m",
            subject,
            env=names,
        )
        for name in (name for name, (_, on) in note.tags.items() if on == subject):
            git(repo, "tag", "-m", note.removed, name, env=names)
    shas = git(repo, "rev-list", "main").split()
    write_mapping(workspace, list(pairwise(shas)))
    return "mapping.csv is written, main is linear, tags are on equivalent commits, the token is removed."


ALTERNATIVES = [by_porcelain, in_new_repository]
WRONG = {
    prunes_first: {
        "state",
        "main",
        "authors",
        "messages",
        "mia-work",
        "stash-work",
        "tags",
        "quotes",
        "worktree",
        "mapping",
    },
    takes_tagged_chain: {"mia-work", "mapping"},
    takes_dangling_chain: {"mia-work", "mapping"},
    takes_listed_stash: {"stash-work", "authors", "mapping"},
    forgets_untracked_parent: {"stash-work"},
    takes_all_untracked: {"stash-work"},
    cleans_first_path_only: {"token", "old-work"},
    leaves_token_in_tag: {"token", "tags"},
    leaves_token_in_message: {"token", "messages"},
    removes_every_token: {"old-work"},
    never_prunes: {"token"},
    keeps_old_branches: {"state", "token"},
    loses_hash_line: {"messages"},
    leaves_old_hashes: {"messages"},
    aborts_rebase: {"worktree", "edits"},
    copies_edited_file_back: {"worktree"},
    keeps_script_commit: {"main", "mapping"},
    adds_files_one_commit_late: {"own-work"},
    leaves_tags_on_old_commits: {"token", "tags"},
    maps_rebased_copy: {"mapping"},
}
MUTATIONS = {
    leaves_backup_branch: {"state"},
    leaves_stray_pack: {"token"},
    commits_edits: {"main", "worktree", "edits"},
    loses_date: {"authors"},
    says_more: {"messages"},
    adds_to_old_work: {"old-work"},
    adds_to_mia_work: {"mia-work"},
    adds_to_stash_work: {"stash-work"},
    adds_to_own_work: {"own-work"},
    takes_one_side: {"quotes"},
    stacks_discount_on_fuel: {"quotes"},
    stacks_fuel_on_discount: {"quotes"},
    makes_light_tags: {"tags"},
    moves_a_tag: {"tags"},
    forgets_autostash: {"worktree"},
    drops_a_row: {"mapping"},
    signs_the_note: {"note-unchanged"},
}
