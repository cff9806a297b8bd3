"""RESCUE.md: the owner's description of the state the repository has to reach."""

from _git_rescue_changes import later_edit, set_aside_edit
from _git_rescue_story import Change, Draw

_WHERE = {
    "minimum": "Tomas put it on the forced `main`, not knowing",
    "fuel": "lost", "charge": "lost", "paper": "lost",
    "islands": "not a commit yet, see below",
    "grams": "mine", "discount": "mine", "account": "mine",
}  # fmt: skip


def note(d: Draw, order: list[Change], tags: dict[str, dict[str, str]], removed: str) -> str:
    """Return the text of RESCUE.md."""
    number = {change.key: at for at, change in enumerate(order, 1)}
    rows = "".join(
        f"| {at} | {change.who.name} | {change.subject} | {_WHERE.get(change.key, '')} |\n"
        for at, change in enumerate(order, 1)
    )
    subject = {change.key: change.subject for change in order}
    kinds = "".join(
        f"| {name} | {'annotated' if tag['tagger'] else 'lightweight'} | {number[tag['key']]} {subject[tag['key']]} |\n"
        for name, tag in tags.items()
    )
    values = {
        "pkg": d.pkg, "mia": d.mia.name, "topic": d.topic, "removed": removed, "rows": rows, "kinds": kinds,
        "owner": d.owner.name, "aside": set_aside_edit(d)[1], "later": later_edit()[1],
        **{f"n_{key}": number[key] for key in _WHERE}, "n_relay": number["relay"], "env": d.env_name,
    }  # fmt: skip
    return _TEXT.format(**values)


_TEXT = """\
# The state I need `repo/` in

The mirror script force-moved `main` onto an old state of ours and put its own "Mirror sync" commits there;
then it expired the reflogs. I pulled that, began to rebase `{topic}` onto it, and stopped
at a conflict. There is no other copy, and the remote is gone.

## main

`main` is checked out and is one straight line, oldest commit first:

| no. | author | subject | |
|---|---|---|---|
{rows}
- Nothing else is on `main`; the script's commits in particular are not.
- {mia}'s three lost commits are on no branch any more. She amends a lot, one commit at a time and
  without restacking the others: of each commit several versions may be lying about, and the one with the
  latest committer date counts, whatever it sits on.
- No. {n_islands} is still a stash of hers, named "island postcodes". She made more than one; again the latest
  counts. The commit takes the stash's changes to tracked files and, of its untracked files,
  `data/islands.csv` and nothing else. Author and author date are those of the stash commit, the message is
  just the subject above.
- Mine are the three on `{topic}`, not the copy that the rebase has made.
- Every commit brings the change that it brought originally, no more and no less. Author (name and address),
  author date with its zone, and message stay to the letter, with two exceptions: the token (below), and
  hashes: where a message names another commit by an abbreviated hash, it names that commit's new hash, by
  its first seven digits or more. Committer and committer date do not matter.
- `{pkg}/quote.py`: no. {n_charge} and no. {n_discount} change the same lines. Both changes stay, and a price
  comes out as the messages of no. {n_minimum}, {n_charge} and {n_discount} say, taken together; a share is
  always rounded by itself. What is in the file now, with the conflict markers, is of no use to anybody.

## The token

The live relay token was committed in no. {n_relay} (`RELAY_TOKEN` in `deploy/{env}`) and has got around
since. In all that remains (files, commit messages, tag messages) the text `{removed}` takes its
place, and nothing else changes. It is in no object of the object database any more, reachable or not, and in
no other file below `.git`. The `rly_test_` token is harmless and stays.

## Tags

| tag | kind | on |
|---|---|---|
{kinds}
Annotated tags keep tagger, date and message (but for the token). v0.4.0 went when {mia}'s commits did;
its tag object should still be somewhere.

## The rest

- No refs but `main` and these tags: no other branch, no remote-tracking branch, no stash. No rebase, merge or
  the like in progress. `git fsck --full` finds nothing wrong. Whether `.git/config` still names the remote, and
  whether there are reflogs, does not matter.
- My edits are in the working tree, uncommitted (staged or not is all one), on top of the new `main`: the one
  to `{later}`, which I made after the rebase had stopped, and the one to
  `{aside}`, which `git rebase --autostash` put aside when it started. `notes/` stays untracked
  as it is. Otherwise the working tree is what `main` has; further untracked files do not matter.
- `mapping.csv`, beside this file, columns `old,new`, full hashes: one row for each commit of the table whose
  hash is not the original one any more, and no others. The original is the version named above: of
  {mia}'s commits the one that counts, of mine the one on `{topic}`, of no. {n_islands} the
  stash commit.

{owner}
"""
