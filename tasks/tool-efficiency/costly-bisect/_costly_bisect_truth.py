"""What is right for a history, what the lab says of each commit, and whether every trap is alive."""

from __future__ import annotations

from _costly_bisect_history import Commit, History, ancestors, culprits
from _costly_bisect_kiln import ZONES, Key, State, figures, name, readable, value
from _costly_bisect_plan import World

EVENTS = {"A": "a-today", "B": "b-today"}


class Truth:
    """The verdict on each commit, and the figures that a right fix has."""

    def __init__(self, history: History, world: World) -> None:
        self.history, self.world = history, world
        self.fails = {
            failure: {c.mark for c in history.commits if pair.fails(c.state, world.at)}
            for failure, pair in world.pairs.items()
        }
        self.unread = {commit.mark for commit in history.commits if not readable(commit.state)}
        self.verdicts = {commit.mark: self._verdict(commit.mark) for commit in history.commits}

    def _verdict(self, mark: int) -> str:
        if mark in self.unread:
            return "NO PLAN"
        if mark in self.fails["A"]:
            return "FAIL A"
        return "FAIL B" if mark in self.fails["B"] else "PASS"

    @property
    def today(self) -> State:
        """The settings of main."""
        return self.history.line[-1].state

    def keys(self) -> dict[str, Key]:
        """Return for each failure the figure to put back, by its place today."""
        zones = int(str(self.today[ZONES]))
        pairs, at = self.world.pairs, self.world.at
        return {"A": pairs["A"].places(zones, at)[1], "B": pairs["B"].places(zones, at)[0]}

    def values(self) -> dict[str, int]:
        """Return for each failure the value that its figure gets."""
        zones = int(str(self.today[ZONES]))
        pairs = self.world.pairs
        return {
            "A": pairs["A"].number(1, pairs["A"].ends["a-near"][1], zones),
            "B": pairs["B"].number(0, pairs["B"].ends["b-branch"][0], zones),
        }

    def fixed(self) -> State:
        """Return the settings of main with both figures put back."""
        state = dict(self.today)
        for failure, key in self.keys().items():
            state[key] = str(self.values()[failure])
        return state

    def flaws(self) -> list[str]:
        """Return what keeps this draw from being used: a second answer, or a trap that is dead."""
        history, events = self.history, self.history.events
        tip = history.line[-1].mark
        found = [] if self.unread == self._broken() else ["figures out of their limits"]
        for failure, event in EVENTS.items():
            marks = self.fails[failure]
            if culprits(history.commits, tip, lambda commit, bad=marks: commit.mark in bad) != [
                events[event]
            ]:
                found.append(f"another culprit of {failure}")
        wanted = {
            "a-first": "FAIL A", "a-gone": "PASS", "b-first": "FAIL B", "a-today": "NO PLAN", "a-after": "NO PLAN",
            "a-merged": "FAIL A", "b-gone": "FAIL A", "b-today": "FAIL A", "b-merged": "FAIL A",
        }  # fmt: skip
        found += [event for event, verdict in wanted.items() if self.verdicts[events[event].mark] != verdict]
        if self.verdicts[history.refs["refs/tags/v1.0"]] != "PASS":
            found.append("v1.0")
        for failure, naive in (
            ("A", self.halved_line()),
            ("A", self.halved_graph()),
            ("B", self._seen("FAIL B")),
        ):
            if naive == events[EVENTS[failure]].mark:
                found.append(f"halving finds {failure}")
        return found + self._flaws_of_fix()

    def _broken(self) -> set[int]:
        """Return the commits that have a setting which nobody can read."""
        texts = self.history.broken.items()
        return {
            commit.mark
            for commit in self.history.commits
            if any(commit.state.get(key) == text for key, text in texts)
        }

    def _flaws_of_fix(self) -> list[str]:
        """Return what is wrong with today's figures, fixed ones, or those of a fix gone wrong."""
        fixed, at, pairs = self.fixed(), self.world.at, self.world.pairs
        found = []
        try:
            here, there = figures(self.today), figures(fixed)
            differ = {one for one in here if here[one] != there[one]}
            keys = self.keys()
            later = self.world.later[0] + (self.world.later[0] >= at), "dwell"
            if differ != {name(keys["A"]), name(keys["B"]), name(later)}:
                found.append("figures of the fix")
        except ValueError as error:
            found.append(str(error))
        if any(pair.fails(fixed, at) for pair in pairs.values()):
            found.append("fix fails")
        shared = dict(self.today)
        key = self.keys()["A"]
        shared[0, "dwell"] = str(
            int(str(shared[0, "dwell"])) + int(str(fixed[key])) - (value(shared, key) or 0)
        )
        if not readable(shared):
            found.append("common.dwell cannot be put back")
        only = dict(self.today)
        only[self.keys()["A"]] = fixed[self.keys()["A"]]
        if pairs["A"].fails(only, at) or not pairs["B"].fails(only, at):
            found.append("A cured alone")
        return found

    def halved_line(self) -> int:
        """Return the commit of main that halving for A ends on, first parents only, passing over what has no plan."""
        line = [commit.mark for commit in self.history.line]
        good, bad = line.index(self.history.refs["refs/tags/v1.0"]), len(line) - 1
        while True:
            between = [at for at in range(good + 1, bad) if line[at] not in self.unread]
            if not between:
                return line[bad]
            middle = min(between, key=lambda at: abs(2 * at - good - bad))
            good, bad = (good, middle) if self.verdicts[line[middle]] == "FAIL A" else (middle, bad)

    def halved_graph(self) -> int:
        """Return the commit that halving for A ends on, over the whole graph, as git does."""
        commits = self.history.commits
        before = [0]
        for commit in commits:
            before.append(sum({1 << commit.mark}, 0) | _union(before, commit))
        bad = commits[self.history.line[-1].mark - 1]
        known = before[self.history.refs["refs/tags/v1.0"]]
        while True:
            among = before[bad.mark] & ~known
            count = among.bit_count()
            rest = [
                commit.mark
                for commit in commits
                if among >> commit.mark & 1 and commit.mark not in self.unread and commit.mark != bad.mark
            ]
            if not rest:
                return bad.mark
            mark = max(rest, key=lambda one: min(n := (before[one] & among).bit_count(), count - n))
            if self.verdicts[mark] == "FAIL A":
                bad = commits[mark - 1]
            else:
                known |= before[mark]

    def _seen(self, verdict: str) -> int:
        """Return the commit of main from which on a verdict is first seen."""
        return next(one.mark for one in self.history.line if self.verdicts[one.mark] == verdict)

    def merged_marks(self) -> set[int]:
        """Return the marks of all commits that are part of main."""
        return ancestors(self.history.commits, self.history.line[-1].mark)


def _union(before: list[int], commit: Commit) -> int:
    total = 0
    for mark in commit.parents:
        total |= before[mark]
    return total
