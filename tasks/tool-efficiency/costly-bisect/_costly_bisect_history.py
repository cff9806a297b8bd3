"""The history: main, branches that fork from it and come back, and what the two pairs do on the way.

Everything that moves one of the four figures that matter is planned (`_costly_bisect_plan`); all else is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import _costly_bisect_kiln as kiln
from _costly_bisect_kiln import COMMON, ZONES, Key, State
from _costly_bisect_plan import Plan, World, spread
from _costly_bisect_words import NOTES, PEOPLE, RENUMBERED, message

TOTAL = 1800
START = 1_694_000_000


@dataclass
class Commit:
    """A commit; parents are marks, which count from 1."""

    mark: int
    parents: tuple[int, ...]
    state: State
    event: str
    who: str
    when: int
    text: str


@dataclass
class Branch:
    """A branch under way: what it began with, its tip, and which steps it takes at which place of main."""

    name: str
    base: State
    tip: Commit
    ends: int
    steps: dict[int, list[str]] = field(default_factory=dict)
    failure: str = ""


class History:
    """Builds all commits of one draw."""

    def __init__(self, rng: Random, world: World, plan: Plan) -> None:
        self.rng, self.world, self.plan = rng, world, plan
        self.commits: list[Commit] = []
        self.events: dict[str, Commit] = {}
        self.refs: dict[str, int] = {}
        self.line: list[Commit] = []
        """The commits of main, first parents only."""
        self.open: list[Branch] = []
        self.ends: dict[int, Branch] = {}
        self.broken: dict[Key, str] = {}
        self.clock = START + rng.randrange(9_000_000)
        self.number = rng.randrange(100, 300)
        self.held = {*world.pairs["A"].keys, *world.pairs["B"].keys}
        self._run()

    def _run(self) -> None:
        plan = self.plan
        first = self._commit((), kiln.first_state(self.rng), "", "The settings as they are")
        self.world.begin(first.state)
        self.line.append(first)
        for place in range(1, plan.length):
            self._main(place)
            if len(self.commits) + self._pending() < plan.enough * place / plan.length + 25:
                self._fork(place)
            for branch in list(self.open):
                for step in branch.steps.pop(place, ()):
                    branch.tip = self._step(branch.tip, step, branch)
        self.refs["refs/heads/main"] = self.line[-1].mark
        self._leave_branches()

    def _main(self, place: int) -> None:
        """Add the next commit of main: a merge, something planned, or anything."""
        tip = self.line[-1]
        branch = self.ends.get(place)
        if branch is not None:
            self.open.remove(branch)
            state = merged(branch.base, tip.state, branch.tip.state)
            text = f"Merge branch '{branch.name}'"
            event = f"{branch.failure.lower()}-merged" if branch.failure else ""
            new = self._commit((tip.mark, branch.tip.mark), state, event, text)
        else:
            new = self._step(tip, self.plan.main.get(place, ""))
        self.line.append(new)
        if place in self.plan.tags:
            self.refs[f"refs/tags/{self.plan.tags[place]}"] = new.mark
        for one in self.plan.branches:
            if one.forks == place:
                self._open(Branch(self._name(), new.state, new, one.ends, dict(one.steps), one.failure))

    def _open(self, branch: Branch) -> None:
        self.open.append(branch)
        self.ends[branch.ends] = branch

    def _fork(self, place: int) -> None:
        """Begin a branch, now and then, where its end is free."""
        rng, plan = self.rng, self.plan
        ends = [end for end in range(place + 3, place + 16) if self._free(place, end)]
        if not ends:
            return
        end = rng.choice(ends)
        steps = [""] * rng.randrange(4, 18)
        if end - place > 8 and rng.random() < 0.4:
            steps.insert(rng.randrange(2, len(steps)), "sync")
        if rng.random() < 0.1 and place < plan.renumbered:
            begin = rng.randrange(1, len(steps) - 1)
            steps.insert(begin, f"break {100 + place}")
            steps.insert(rng.randrange(begin + 2, len(steps) + 1), f"mend {100 + place}")
        self._open(Branch(self._name(), *self._from_main(), end, spread(rng, steps, place + 1, end)))

    def _name(self) -> str:
        """Return a name for a branch."""
        self.number += self.rng.randrange(1, 4)
        return f"{self.rng.choice(PEOPLE).split()[0].lower()}/{self.number}"

    def _pending(self) -> int:
        """Return how many commits are still to come on branches."""
        return sum(len(steps) for branch in self.open for steps in branch.steps.values())

    def _from_main(self) -> tuple[State, Commit]:
        return self.line[-1].state, self.line[-1]

    def _free(self, place: int, end: int) -> bool:
        """Return whether a branch may run from a place to an end: nothing planned there, not across the renumbering."""
        plan = self.plan
        taken = end in self.ends or end in plan.main or end in plan.tags or end >= plan.length - 1
        taken = taken or any(branch.ends == end for branch in plan.branches)
        return not taken and not place < plan.renumbered <= end

    def _step(self, tip: Commit, step: str, branch: Branch | None = None) -> Commit:
        """Add a commit after a tip: a planned event, a merge of main, or anything else."""
        if step == "sync" or step == "b-today":
            assert branch is not None
            main = self.line[-1]
            state = merged(branch.base, tip.state, main.state)
            branch.base = main.state
            text = f"Merge branch 'main' into {branch.name}"
            return self._commit((tip.mark, main.mark), state, step if step != "sync" else "", text)
        state, rng = dict(tip.state), self.rng
        if step:
            moved = self.world.event(state, step, self)
        elif rng.random() < 0.02:
            self._move_common(state, branch is None)
            moved = []
        elif rng.random() < 0.2:
            key = rng.choice([key for key in state if key[0] == "note"])
            state[key] = f"{state[key]}- {rng.choice(NOTES)}\n"
            return self._commit((tip.mark,), state, "", message(rng, None))
        else:
            moved = []
        if step == "renumber":
            return self._commit((tip.mark,), state, step, RENUMBERED)
        moved += self._move(state, rng.randrange(1, 3) if step else rng.randrange(1, 4))
        return self._commit((tip.mark,), state, step, message(rng, rng.choice(moved) if moved else None))

    def _move(self, state: State, count: int) -> list[Key]:
        """Move some figures that do not matter."""
        rng, zones, moved = self.rng, int(str(state[ZONES])), list[Key]()
        world = self.world
        held, lively = world.held(zones), world.lively
        while len(moved) < count:
            key = rng.randrange(1, zones + 1), rng.choice(list(kiln.KINDS))
            limits, now = kiln.kinds(zones)[key[1]], kiln.value(state, key)
            if (
                key in held
                or rng.random() > lively.get(key, 1.0)
                or now is None
                or self.broken.get(key) == state[key]
            ):
                continue
            more = rng.choice((-1, 1)) * (
                rng.randrange(1, 4) if rng.random() < 0.85 else rng.randrange(4, 10)
            )
            if self._fits(state, key, now + more * limits.step, limits):
                kiln.put(state, key, now + more * limits.step)
                moved.append(key)
        return moved

    def _fits(self, state: State, key: Key, number: int, limits: kiln.Kind) -> bool:
        """Return whether a figure may move to a number, and stays within its limits when what it goes by moves."""
        place, edge = (number - limits.low) // limits.step, limits.size // 6
        goes_by, _ = kiln.parsed(str(state[key])) or (None, 0)
        if goes_by is not None and goes_by[0] == 0:
            edge = limits.size // 3
        elif goes_by is not None and abs(number - (kiln.value(state, goes_by) or 0)) > 4 * limits.step:
            return False
        return edge <= place < limits.size - edge

    def _move_common(self, state: State, on_main: bool) -> None:
        """Move what several zones go by; of dwell only as long as no zone goes by it."""
        kind, rng = kiln.kinds(int(str(state[ZONES]))), self.rng
        free = on_main and "share" not in self.events
        which = "dwell" if free and rng.random() < 0.3 else "air"
        now = int(str(state[0, which])) + rng.choice((-2, -1, 1, 2)) * kind[which].step
        if abs(now - COMMON[which]) <= 5 * kind[which].step:
            state[0, which] = str(now)

    def _commit(self, parents: tuple[int, ...], state: State, event: str, text: str) -> Commit:
        self.clock += self.rng.randrange(600, 40_000)
        new = Commit(len(self.commits) + 1, parents, state, event, self.rng.choice(PEOPLE), self.clock, text)
        self.commits.append(new)
        if event:
            self.events[event] = new
        return new

    def _leave_branches(self) -> None:
        """Leave branches behind that were never merged, until there are enough commits."""
        left = TOTAL - len(self.commits)
        for number in range(3):
            tip = self.line[-self.rng.randrange(2, 12)]
            for _ in range(left // 3 + (number < left % 3)):
                tip = self._step(tip, "")
            self.refs[f"refs/heads/{self._name()}"] = tip.mark


def merged(base: State, ours: State, theirs: State) -> State:
    """Return the merge of two states; where both changed a setting, ours stays."""
    state = dict(ours)
    for key, text in theirs.items():
        if base.get(key) != text and base.get(key) == ours.get(key):
            state[key] = text
    return state


def ancestors(commits: list[Commit], tip: int) -> set[int]:
    """Return the marks of a commit and all before it."""
    found, pending = set(), [tip]
    while pending:
        mark = pending.pop()
        if mark not in found:
            found.add(mark)
            pending += commits[mark - 1].parents
    return found


def culprits(commits: list[Commit], tip: int, fails: Callable[[Commit], bool]) -> list[Commit]:
    """Return the commits that fail, none of whose parents does, and after which all up to the tip fail."""
    among = ancestors(commits, tip)
    bad = {mark for mark in among if fails(commits[mark - 1])}
    spoilt = set[int]()
    for mark in sorted(among, reverse=True):
        if mark not in bad or mark in spoilt:
            spoilt |= set(commits[mark - 1].parents)
    return [
        commits[mark - 1]
        for mark in sorted(bad)
        if mark not in spoilt and not bad.intersection(commits[mark - 1].parents)
    ]
