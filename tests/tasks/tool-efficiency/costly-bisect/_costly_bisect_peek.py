"""The same answers without the lab: by its table, which the prompt forbids to open, and which costs no time here.

Wrong solutions and a second right one are made with it, so that the gate need not run the lab for each of them.
"""

import hashlib
import itertools
import json
from pathlib import Path

from _costly_bisect_reader import Repo

Key = tuple[str, str]


class Peek:
    """The two pairs of figures, which commits fail, and what a fix has to put back."""

    def __init__(self, workspace: Path) -> None:
        self.workspace, self.repo = workspace, Repo(workspace)
        lab = json.loads((workspace / "lab.dat").read_text("utf-8"))
        self.keyed = hashlib.blake2b(key=bytes.fromhex(lab["key"]), digest_size=6)
        self.table = {one: set(lab[one]) for one in "AB"}
        self.zones = len(self.repo.settings[self.repo.main]) - 2
        self.units = {old: self._units(old) for old in (True, False)}
        now = self.repo.figures(self.repo.main)
        self.pairs = {}
        told = {self._told(False, key, figure): key for key, figure in now.items()}
        for pair in itertools.combinations(sorted(told), 2):
            mark = self._mark(False, *pair)
            for failure in "AB":
                if mark in self.table[failure]:
                    self.pairs[failure] = tuple(told[one] for one in pair)
        self.bad = {one: {oid for oid in self.repo.parents if self.fails(one, oid)} for one in "AB"}
        self.culprit = {one: self._culprit(self.bad[one]) for one in "AB"}

    def _units(self, old: bool) -> dict[str, str]:
        limits = self.repo.settings[self.repo.line[0] if old else self.repo.main]["limits"]
        return {kind: text.split()[-1] for kind, text in limits.items()}

    def _told(self, old: bool, key: Key, figure: int) -> str:
        return f"{key[0]}.{key[1]}={figure} {self.units[old][key[1]]}"

    def _mark(self, old: bool, one: str, other: str) -> str:
        state = self.keyed.copy()
        state.update(f"{self.zones - old}|{one}|{other}".encode())
        return state.hexdigest()

    def before(self, key: Key) -> Key:
        """Return what a figure of today was called before the renumbering."""
        return f"{int(key[0]) - (int(key[0]) > self.repo.inserted):02d}", key[1]

    def pair(self, failure: str, oid: str) -> tuple[Key, ...]:
        """Return the names of a pair's figures at a commit."""
        old = self.repo.old(oid)
        return tuple(self.before(key) if old else key for key in self.pairs[failure])

    def fails(self, failure: str, oid: str) -> bool:
        """Return whether a commit has a failure."""
        old = self.repo.old(oid)
        told = sorted(self._told(old, key, self.repo.value(oid, key)) for key in self.pair(failure, oid))
        return self._mark(old, *told) in self.table[failure]

    def _culprit(self, bad: set[str]) -> str:
        unbroken = dict.fromkeys(self.repo.parents, True)
        for oid, parents in reversed(self.repo.parents.items()):
            for parent in parents:
                unbroken[parent] &= oid in bad and unbroken[oid]
        (found,) = (o for o in self.begun(bad) if unbroken[o])
        return found

    def begun(self, bad: set[str]) -> list[str]:
        """Return the commits that fail while none of their parents does, oldest first."""
        return [o for o, parents in self.repo.parents.items() if o in bad and not bad.intersection(parents)]

    def put_back(self, failure: str, oid: str, parent: int = 0) -> dict[Key, int]:
        """Return the figures of the pair that a commit changed against a parent, by today's name and value."""
        before = self.repo.parents[oid][parent]
        found = {}
        for key in self.pair(failure, oid):
            number = self.repo.value(before, key)
            if number != self.repo.value(oid, key):
                place, told = self.repo.today(key, number)
                found[place] = told
        return found

    def deliver(
        self, culprits: dict[str, str], figures: dict[Key, int], more: dict[Key, str] | None = None
    ) -> None:
        """Write culprits.json, and a branch fix with these figures and settings."""
        edits = {**{key: str(number) for key, number in figures.items()}, **(more or {})}
        self.repo.commit(self.repo.main, edits, "refs/heads/fix", "Mend both")
        (self.workspace / "culprits.json").write_text(json.dumps(culprits), "utf-8")

    def right(self) -> dict[Key, int]:
        """Return the figures of the right fix."""
        return {**self.put_back("A", self.culprit["A"]), **self.put_back("B", self.culprit["B"])}
