"""Find both culprits with few runs of the lab.

Today's failure is the last one, so the search goes back from main in even steps until the failure is not there, and
halves from there. A is cured by the one figure of its culprit, and then B is looked for in cured commits. What the
plans tell is not asked: the same figures have the same verdict.
"""

import contextlib
import io
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

from _costly_bisect_reader import Repo

Edits = dict[tuple[str, str], str]


class Lab:
    """Asks ./probe, never twice for the same plan."""

    def __init__(self, workspace: Path, repo: Repo) -> None:
        self.repo, self.known = repo, {}
        self.probe = load_probe(workspace / "probe")

    def verdict(self, oid: str, edits: Edits | None = None) -> str:
        """Return the verdict on a commit with some settings changed."""
        edits = edits or {}
        plan = str(sorted(self.repo.figures(oid, edits).items()))
        if plan not in self.known:
            asked = self.repo.commit(oid, edits, "refs/trials/lab") if edits else oid
            self.known[plan] = self._run(asked).partition("  ")[0]
        return self.known[plan]

    def _run(self, oid: str) -> str:
        """Run ./probe, in this process, and return what it prints."""
        given, sys.argv = sys.argv, ["probe", oid]
        try:
            with contextlib.redirect_stdout(io.StringIO()) as out:
                self.probe.main()
        finally:
            sys.argv = given
        return out.getvalue()


def load_probe(path: Path) -> ModuleType:
    """Return ./probe as a module, so that Python need not start for each run."""
    loader = SourceFileLoader("probe", str(path))
    module = module_from_spec(spec_from_loader("probe", loader))
    loader.exec_module(module)
    return module


class Search:
    """Both culprits, and the figures to put back: by today's name, with today's value."""

    def __init__(self, workspace: Path) -> None:
        self.repo = Repo(workspace)
        self.lab = Lab(workspace, self.repo)
        self.culprits: dict[str, str] = {}
        self.figures: dict[str, tuple[tuple[str, str], int]] = {}
        self.spoilt: set[str] = set()
        self.old_figure: tuple[tuple[str, str], int] | None = None

    def run(self) -> None:
        """Find everything."""
        self._find("A")
        self.spoilt = self.repo.descendants(self.culprits["A"])
        self._find("B")

    def fails(self, failure: str, oid: str) -> bool:
        """Return whether a commit has a failure; settings that cannot be read are mended, A is cured for B."""
        edits = self.repo.mended(oid)
        if failure == "B" and oid in self.spoilt:
            key, number = self.old_figure if self.repo.old(oid) else self.figures["A"]
            edits[key] = str(number)
        return self.lab.verdict(oid, edits) == f"FAIL {failure}"

    def _find(self, failure: str) -> None:
        def fails(oid: str) -> bool:
            return self.fails(failure, oid)

        line = self.repo.line
        merge = self._last(line, fails)
        known = None
        while True:
            key, number = known if self._restored(merge, known) else self._blame(failure, merge)
            known = key, number
            first, *others = self.repo.parents[merge]
            if not others:
                break
            branch = self.repo.chain(others[0], set(self.repo.ancestors(first)))[1:]
            inside = self._mover(failure, branch, key, fails) if branch else None
            if inside is None:
                break
            merge = inside
        self.culprits[failure] = merge
        moved, told = (key, number)
        self.figures[failure] = self.repo.today(moved, told) if self.repo.old(merge) else (moved, told)
        if failure == "A":
            self.old_figure = moved, told

    def _restored(self, oid: str, known: tuple[tuple[str, str], int] | None) -> bool:
        """Return whether a figure that is known to cure has its value just before a commit, which changes it."""
        if known is None:
            return False
        before = self.repo.parents[oid][0]
        return self.repo.value(before, known[0]) == known[1] != self.repo.value(oid, known[0])

    def _last(self, line: list[str], fails: Callable[[str], bool]) -> str:
        """Return the first commit of the last stretch of a line that fails."""
        bad, step = len(line) - 1, len(line) // 16
        while fails(line[good := max(0, bad - step)]):
            bad = good
        return self._halve(line, good, bad, fails)

    def _halve(self, line: list[str], good: int, bad: int, fails: Callable[[str], bool]) -> str:
        while bad - good > 1:
            middle = (good + bad) // 2
            good, bad = (good, middle) if fails(line[middle]) else (middle, bad)
        return line[bad]

    def _mover(
        self, failure: str, branch: list[str], key: tuple[str, str], fails: Callable[[str], bool]
    ) -> str | None:
        """Return the commit of a branch that brought a failure; None when its tip does not have it."""
        figures = [self.repo.figures(oid, self.repo.mended(oid)) for oid in branch]
        places = [at for at in range(1, len(branch)) if figures[at][key] != figures[at - 1][key]]
        if places and fails(branch[places[-1]]) and not fails(branch[places[-1] - 1]):
            return branch[places[-1]]
        if not fails(branch[-1]):
            return None
        good = places[-1] if places and not fails(branch[places[-1]]) else 0
        syncs = [at for at in range(good + 1, len(branch)) if len(self.repo.parents[branch[at]]) > 1]
        if syncs and fails(branch[syncs[-1]]) and not fails(branch[syncs[-1] - 1]):
            return branch[syncs[-1]]
        return self._halve(branch, good, len(branch) - 1, fails)

    def _blame(self, failure: str, oid: str) -> tuple[tuple[str, str], int]:
        """Return the figure that makes a failure, of those that a commit changed, with its value before."""
        repo = self.repo
        before = repo.parents[oid][0]
        then, now = (repo.figures(one, repo.mended(one)) for one in (before, oid))
        today = repo.figures(repo.main)
        rest = []
        for key, number in then.items():
            place, told = repo.today(key, number) if repo.old(oid) else (key, number)
            if now[key] != number and today[place] != told:
                rest.append((key, number, place, told))
        while len(rest) > 1:
            half = rest[: len(rest) // 2]
            edits = {place: str(told) for _, _, place, told in half}
            if failure == "B":
                edits[self.figures["A"][0]] = str(self.figures["A"][1])
            cured = self.lab.verdict(repo.main, edits) != f"FAIL {failure}"
            rest = half if cured else rest[len(rest) // 2 :]
        return rest[0][:2]
