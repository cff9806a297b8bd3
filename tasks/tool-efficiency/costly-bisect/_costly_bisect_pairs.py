"""What the lab objects to: two figures together. How they move through the history, and the lab's table of them.

A pair's strain is a sum over its two figures, weighed, less a bound; tiles fail where it is above 0. Figures are
counted in steps from the harmless end of their limits.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from random import Random

from _costly_bisect_kiln import FIRST_ZONES, Key, State, kinds, name, put, shifted, value

BAD = (1, 9)
GOOD = (-13, -3)
CLOSE = (-5, -1)
#: Name, which figure of the pair moves, which way (0: either), and the strain after it.
WAYS = {
    "A": (
        ("a1", 0, 0, GOOD), ("a2", 1, 0, GOOD), ("a3", 0, 0, GOOD),
        ("a-first", 0, 1, BAD), ("a4", 1, 0, BAD), ("a5", 0, 0, BAD),
        ("a-gone", 1, -1, GOOD), ("a6", 0, 0, GOOD), ("a7", 1, 0, GOOD), ("a8", 0, 0, GOOD),
        ("a-near", 0, 1, CLOSE), ("a-today", 1, 1, BAD), ("a-after", 0, 0, BAD),
        ("a9", 1, 0, BAD), ("a10", 0, 0, BAD), ("a11", 1, 0, BAD),
    ),
    "B": (
        ("b1", 0, 0, GOOD), ("b2", 1, 0, GOOD), ("b3", 1, 0, GOOD),
        ("b-first", 1, 1, BAD), ("b4", 0, 0, BAD),
        ("b-gone", 1, -1, (-12, -7)), ("b5", 0, 0, (-12, -7)),
        ("b-branch", 1, 1, CLOSE), ("b-main", 0, 1, BAD),
        ("b6", 1, 0, BAD), ("b7", 0, 0, BAD),
    ),
}  # fmt: skip


@dataclass
class Pair:
    """Two figures that do not go together: where they are, which way is worse, their weights and bound."""

    keys: tuple[Key, Key]
    up: tuple[bool, bool]
    weights: tuple[int, int]
    bound: int
    start: tuple[int, int]
    moves: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Event → which of the two moves, and the step it moves to."""
    ends: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Event → the steps of both after it."""

    def places(self, zones: int, at: int) -> tuple[Key, Key]:
        """Return the keys of the two where there are so many zones."""
        if zones == FIRST_ZONES:
            return self.keys
        return shifted(self.keys[0], at), shifted(self.keys[1], at)

    def number(self, which: int, step: int, zones: int) -> int:
        """Return the figure of a step."""
        kind = kinds(zones)[self.keys[which][1]]
        return kind.low + kind.step * (step if self.up[which] else kind.size - 1 - step)

    def step(self, which: int, number: int, zones: int) -> int:
        """Return the step of a figure."""
        kind = kinds(zones)[self.keys[which][1]]
        step = (number - kind.low) // kind.step
        return step if self.up[which] else kind.size - 1 - step

    def strain(self, steps: tuple[int, int]) -> int:
        """Return the strain at two steps."""
        return self.weights[0] * steps[0] + self.weights[1] * steps[1] - self.bound

    def steps(self, state: State, at: int) -> tuple[int, int]:
        """Return the steps of both in a state."""
        zones = int(str(state[("zones",)]))
        numbers = [value(state, key) or 0 for key in self.places(zones, at)]
        return self.step(0, numbers[0], zones), self.step(1, numbers[1], zones)

    def fails(self, state: State, at: int) -> bool:
        """Return whether the tiles of a state fail."""
        return self.strain(self.steps(state, at)) > 0

    def place(self, state: State, which: int, step: int, at: int) -> None:
        """Set one of the two to a step."""
        zones = int(str(state[("zones",)]))
        put(state, self.places(zones, at)[which], self.number(which, step, zones))


def draw_pair(rng: Random, failure: str, keys: tuple[Key, Key]) -> Pair:
    """Draw how a pair moves through the history, such that putting one figure back is a cure today."""
    while True:
        up = rng.random() < 0.5, rng.random() < 0.5
        weights = (
            rng.choice(((1, 2), (2, 3), (1, 3), (2, 2))) if failure == "A" else rng.choice(((1, 1), (2, 1)))
        )
        sizes = tuple(kinds(FIRST_ZONES)[key[1]].size for key in keys)
        start = tuple(rng.randrange(size * 3 // 10, size // 2) for size in sizes)
        bound = weights[0] * start[0] + weights[1] * start[1] + rng.randrange(5, 10)
        pair = Pair(keys, up, weights, bound, (start[0], start[1]))
        if _draw_moves(rng, pair, failure) and _curable(pair, failure):
            return pair


def _draw_moves(rng: Random, pair: Pair, failure: str) -> bool:
    """Draw all moves; return whether they could be made."""
    steps = list(pair.start)
    sizes = [kinds(FIRST_ZONES)[key[1]].size for key in pair.keys]
    for event, which, way, (low, high) in WAYS[failure]:
        before = steps[which]
        choice = [
            step
            for step in range(max(3, before - 9), min(sizes[which] - 3, before + 10))
            if step != before
            and (not way or (step > before) == (way > 0))
            and low <= pair.strain((step, steps[1]) if which == 0 else (steps[0], step)) <= high
        ]
        if not choice:
            return False
        steps[which] = rng.choice(choice)
        pair.moves[event] = which, steps[which]
        pair.ends[event] = steps[0], steps[1]
    return True


def _curable(pair: Pair, failure: str) -> bool:
    """Return whether today either of two figures put back is a cure: the right one, and the tempting one.

    The right one is also a cure at any time since: so A can be cured on the way to look for B. The other figure that
    moved on the same branch is none.
    """
    ends = pair.ends
    if failure == "A":
        today = ends["a11"]
        right = [(ends[event][0], ends["a-near"][1]) for event in ("a-today", "a-after", "a9", "a10", "a11")]
        tempting = ends["a3"][0], today[1]
        cured = max(map(pair.strain, (*right, tempting))) < 0 and ends["a3"][0] != today[0]
        return cured and pair.strain((ends["a8"][0], today[1])) > 0
    today = ends["b7"]
    right, tempting = (ends["b-branch"][0], today[1]), (today[0], ends["b5"][1])
    main_alone = ends["b-main"][0], ends["b5"][1]
    return max(pair.strain(right), pair.strain(tempting), pair.strain(main_alone)) < 0


def digest(key: str, *parts: str) -> str:
    """Return the lab's keyed digest of some texts."""
    return hashlib.blake2b("|".join(parts).encode(), key=bytes.fromhex(key), digest_size=6).hexdigest()


def table(pair: Pair, key: str, at: int) -> list[str]:
    """Return the digests of all figures of a pair that fail, before and after the renumbering."""
    found = set()
    for zones in (FIRST_ZONES, FIRST_ZONES + 1):
        units = kinds(zones)
        places = pair.places(zones, at)
        for one in range(units[places[0][1]].size):
            for other in range(units[places[1][1]].size):
                if pair.strain((one, other)) > 0:
                    parts = sorted(
                        f"{name(place)}={pair.number(which, step, zones)} {units[place[1]].unit}"
                        for which, (place, step) in enumerate(zip(places, (one, other), strict=True))
                    )
                    found.add(digest(key, str(zones), *parts))
    return sorted(found)
