"""Where in the history what happens, and what an event does to the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import _costly_bisect_kiln as kiln
from _costly_bisect_kiln import FIRST_ZONES, KINDS, ZONES, Key, State
from _costly_bisect_pairs import Pair, draw_pair

if TYPE_CHECKING:
    from _costly_bisect_history import History

LENGTH = 420
SHARED = 3
"""How many zones go by common.dwell beside the one that matters."""
#: What happens on main, at which share of its length.
_SHARES = {
    "a1": 0.05, "b1": 0.09, "a2": 0.13, "b2": 0.18, "a3": 0.235, "a-first": 0.285, "a4": 0.36, "b3": 0.44,
    "a5": 0.52, "a-gone": 0.565, "a6": 0.585, "share": 0.605, "a7": 0.635, "b-first": 0.665, "a8": 0.70,
    "b4": 0.725, "a9": 0.81, "b-gone": 0.828, "b5": 0.855, "a10": 0.865, "b-main": 0.8995, "b6": 0.941,
    "renumber": 0.953, "a11": 0.97, "b7": 0.98,
}  # fmt: skip
_A_FORK = 0.745
#: What moves its figure by common.dwell, which it goes by since "share".
BY_COMMON = ("a7", "a-today", "a9")
#: How far main is broken, from which share on for how many commits.
_BROKEN = ((0.07, 7), (0.21, 8), (0.33, 6), (0.47, 9), (0.615, 7), (0.68, 6), (0.79, 6), (0.875, 4))
_BROKEN_TEXTS = ("common.damp", "{digits}O", "common.dwell 60", "{digits},5", "{digits} %%")


@dataclass(frozen=True)
class Fixed:
    """A branch that is planned: where it forks and ends, and its steps by the place of main."""

    failure: str
    forks: int
    ends: int
    steps: dict[int, list[str]]


@dataclass
class Plan:
    """What happens where: on main by place, and on the two planned branches."""

    length: int
    main: dict[int, str]
    tags: dict[int, str]
    branches: list[Fixed]
    renumbered: int
    enough: int = 1755


def draw_plan(rng: Random) -> Plan:
    """Draw the places of all events."""
    length = LENGTH + rng.randrange(-12, 13)
    main = {round(share * length) + rng.randrange(-1, 2): event for event, share in _SHARES.items()}
    for number, (share, span) in enumerate(_BROKEN):
        begin = _next(main, round(share * length))
        main[begin] = f"break {number}"
        main[_next(main, begin + span)] = f"mend {number}"
    tags, place = {}, 4
    for number in range(10):
        place = _next(main, place)
        tags[place] = f"v1.{number}"
        place += length // 11 + rng.randrange(-4, 5)
    renumbered = next(place for place, event in main.items() if event == "renumber")
    branches = [_first_branch(rng, length, main), _second_branch(rng, main)]
    return Plan(length, main, tags, branches, renumbered)


def _next(main: dict[int, str], place: int) -> int:
    return next(at for at in range(place, place + 99) if at not in main)


def _first_branch(rng: Random, length: int, main: dict[int, str]) -> Fixed:
    """The branch on which A came back, in the middle of commits that give no plan."""
    forks = _next(main, round(_A_FORK * length))
    inside = ["", "", "a-near", "", "", "a-today", "", "", "a-after", ""]
    for _ in range(rng.randrange(3)):
        inside.insert(rng.randrange(3), "")
    for _ in range(rng.randrange(3)):
        inside.insert(-rng.randrange(1, 4), "")
    steps = ["", "", "", "break 90", *inside, "mend 90", "", "", ""]
    ends = _next(main, forks + 9)
    return Fixed("A", forks, ends, spread(rng, steps, forks + 1, ends))


def _second_branch(rng: Random, main: dict[int, str]) -> Fixed:
    """The branch into which main was merged, and with it what does not go with its own figure."""
    raised = next(place for place, event in main.items() if event == "b-main")
    forks = raised - rng.randrange(4, 6)
    before = spread(rng, ["", "", "", "b-branch", "", "", ""], forks + 1, raised + 2)
    after = spread(rng, ["b-today", *[""] * rng.randrange(7, 11)], raised + 2, raised + 8)
    ends = next(at for at in range(raised + 9, raised + 30) if at not in main)
    return Fixed("B", forks, ends, {**before, **after})


def spread(rng: Random, steps: list[str], begin: int, end: int) -> dict[int, list[str]]:
    """Spread steps over places of main, in their order."""
    places = sorted(rng.randrange(begin, end) for _ in steps)
    found: dict[int, list[str]] = {}
    for place, step in zip(places, steps, strict=True):
        found.setdefault(place, []).append(step)
    return found


@dataclass
class World:
    """The two pairs, where a zone is put in, and what events do."""

    pairs: dict[str, Pair]
    at: int
    later: Key
    """A figure that from the renumbering on goes by the dwell that matters; its place before."""
    lively: dict[Key, float]
    """How readily a figure is moved: some hardly ever, as those that matter; by their places before the renumbering."""
    coupled: dict[Key, Key]
    """Figures that go by the same kind of another zone from the start, and what they go by."""
    texts: dict[str, tuple[Key, str]] = field(default_factory=dict)

    def begin(self, state: State) -> None:
        """Set the four figures that matter, and coupled ones, in the first state."""
        for key, other in self.coupled.items():
            number = kiln.value(state, other) or 0
            state[other] = str(number)
            state[key] = kiln.refer(other, KINDS[key[1]].step * (2 if self.at % 2 else -2))
        for pair in self.pairs.values():
            for which in (0, 1):
                state[pair.keys[which]] = "0"
                pair.place(state, which, pair.start[which], self.at)

    def held(self, zones: int) -> set[Key]:
        """Return the figures that only events move."""
        return {*self.pairs["A"].places(zones, self.at), *self.pairs["B"].places(zones, self.at)}

    def event(self, state: State, event: str, history: History) -> list[Key]:
        """Let an event happen in a state; return the figures that a message may name."""
        rng, zones = history.rng, int(str(state[ZONES]))
        if event == "renumber":
            new = kiln.renumber(state, self.at, rng)
            state.clear()
            state.update(new)
            return []
        if event == "share":
            self._share(state, rng)
            return []
        if event.startswith(("break ", "mend ")):
            return [self._broken(state, event, history)]
        pair = self.pairs[event[0].upper()]
        which, step = pair.moves[event]
        key = pair.places(zones, self.at)[which]
        if event in BY_COMMON:
            more = pair.number(1, step, zones) - (kiln.value(state, key) or 0)
            state[0, "dwell"] = str(int(str(state[0, "dwell"])) + more)
            return [key]
        pair.place(state, which, step, self.at)
        if event == "a11":
            state[kiln.shifted(self.later, self.at)] = kiln.refer(key, self._room(state, key, zones))
        return [key]

    def _room(self, state: State, key: Key, zones: int) -> int:
        """Return an offset that keeps a figure which goes by another one near the middle of its limits."""
        limits = kiln.kinds(zones)[key[1]]
        return limits.step * (3 if (kiln.value(state, key) or 0) < (limits.low + limits.high) // 2 else -3)

    def _share(self, state: State, rng: Random) -> None:
        """Let some zones, among them the one that matters, go by common.dwell, figures unchanged."""
        mine = self.pairs["A"].keys[1]
        middle = KINDS["dwell"].low + KINDS["dwell"].step * (KINDS["dwell"].size // 2)
        others = [
            (zone, "dwell") for zone in range(1, FIRST_ZONES + 1) if (zone, "dwell") not in (mine, self.later)
        ]
        others = [key for key in others if str(state[key]).isdigit()]
        others.sort(key=lambda key: abs(int(str(state[key])) - middle))
        for key in [mine, *rng.sample(others[:7], SHARED)]:
            number = kiln.value(state, key) or 0
            state[key] = kiln.refer((0, "dwell"), number - int(str(state[0, "dwell"])))

    def _broken(self, state: State, event: str, history: History) -> Key:
        """Put in a setting that nobody can read, or mend it."""
        rng, number = history.rng, event.split()[1]
        if event.startswith("mend"):
            key, text = self.texts[number]
            state[key] = text
            return key
        while True:
            key = rng.randrange(1, FIRST_ZONES + 1), rng.choice(list(KINDS))
            text = str(state[key])
            if key not in self.held(FIRST_ZONES) and text.isdigit() and key not in history.broken:
                break
        state[key] = rng.choice(_BROKEN_TEXTS).replace("%%", "%").format(digits=text[:-1])
        history.broken[key] = str(state[key])
        self.texts[number] = key, text
        return key


def draw_world(rng: Random) -> World:
    """Draw which figures matter; they are of zones far from each other, and most are renumbered."""
    at = rng.randrange(4, 9)
    low, high = rng.sample(range(2, at), 2), rng.sample(range(at, FIRST_ZONES + 1), 5)
    others = [kind for kind in KINDS if kind not in ("dwell", "air")]
    kinds = rng.sample(others, 3)
    zones = [*high[:3], low[0]]
    first = draw_pair(rng, "A", ((zones[3], kinds[0]), (zones[0], "dwell")))
    second = draw_pair(rng, "B", ((zones[1], kinds[1]), (zones[2], kinds[2])))
    lively = {
        (zone, kind): rng.choice((0.08, 0.12, 0.4, 1.0))
        for zone in range(1, FIRST_ZONES + 1)
        for kind in KINDS
    }
    free = {(z, kind) for z in range(1, FIRST_ZONES + 1) for kind in KINDS}
    free -= {*first.keys, *second.keys, (high[3], "dwell")}
    coupled = {}
    for key in rng.sample(sorted(free), 9):
        other = key[0] + rng.choice((-2, -1, 1, 2)), key[1]
        if other in free and other not in coupled and key not in coupled.values():
            coupled[key] = other
    return World({"A": first, "B": second}, at, (high[3], "dwell"), lively, coupled)
