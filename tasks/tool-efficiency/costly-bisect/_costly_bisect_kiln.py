"""The kiln's settings: what a state of the repository says, how it is written, what figures come out of it.

A state maps (zone, kind) to the text of a setting, zone 0 being common.cfg; ("note", number) to a text; and ZONES to
the number of zones. With the renumbering a zone is put in and dwell is told in minutes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

State = dict[tuple, object]
Key = tuple
ZONES: Key = ("zones",)
TEXTS = Path(__file__).with_name("texts")
_VALUE = re.compile(r"([0-9]+)|(common|[0-9]{2})\.(\w+)(?: ([+-]) ([0-9]+))?")
_SECTIONS = ("charging", "drying", "preheating", "firing", "soaking", "quenching", "cooling", "draw")


@dataclass(frozen=True)
class Kind:
    """What settings of a kind may be."""

    low: int
    high: int
    step: int
    unit: str

    @property
    def size(self) -> int:
        """How many values there are."""
        return (self.high - self.low) // self.step + 1


KINDS = {
    "gas": Kind(20, 80, 1, "m3/h"),
    "air": Kind(100, 400, 5, "m3/h"),
    "dwell": Kind(600, 2400, 60, "s"),
    "draft": Kind(5, 65, 1, "Pa"),
    "fan": Kind(20, 80, 1, "%"),
    "damper": Kind(10, 70, 1, "%"),
}
IN_MINUTES = Kind(10, 40, 1, "min")
FIRST_ZONES = 20
COMMON = {"air": 250, "dwell": 1500}
"""What the settings in common.cfg begin with."""


def kinds(zones: int) -> dict[str, Kind]:
    """Return the kinds as they are with so many zones."""
    return KINDS if zones == FIRST_ZONES else {**KINDS, "dwell": IN_MINUTES}


@cache
def parsed(text: str) -> tuple[tuple | None, int] | None:
    """Return what a text refers to, if anything, and the number or offset; None when it is no setting."""
    hit = _VALUE.fullmatch(text)
    if hit is None:
        return None
    if hit[1]:
        return None, int(hit[1])
    zone = 0 if hit[2] == "common" else int(hit[2])
    offset = int(hit[5] or 0)
    return (zone, hit[3]), -offset if hit[4] == "-" else offset


def value(state: State, key: Key) -> int | None:
    """Return the number that a setting stands for; None when it stands for none."""
    total = 0
    for _ in range(99):
        found = parsed(str(state.get(key, "")))
        if found is None:
            return None
        total += found[1]
        if found[0] is None:
            return total
        key = found[0]
    return None


def refer(key: Key, offset: int = 0) -> str:
    """Return the text of a reference."""
    name = f"{'common' if key[0] == 0 else f'{key[0]:02d}'}.{key[1]}"
    return f"{name} {'-' if offset < 0 else '+'} {abs(offset)}" if offset else name


def put(state: State, key: Key, number: int) -> None:
    """Set a setting to a number; where it is a reference it stays one, with another offset."""
    now = parsed(str(state[key]))
    if now is None or now[0] is None:
        state[key] = str(number)
    else:
        state[key] = refer(now[0], number - (value(state, now[0]) or 0))


def name(key: Key) -> str:
    """Return a figure's name in the plan."""
    return f"{key[0]:02d}.{key[1]}"


def figures(state: State) -> dict[str, str]:
    """Return the figures of the plan. Raises ValueError where there is none."""
    zones = int(str(state[ZONES]))
    found = {}
    for zone in range(1, zones + 1):
        for kind, limits in kinds(zones).items():
            number = value(state, (zone, kind))
            if number is None or number not in range(limits.low, limits.high + 1, limits.step):
                raise ValueError(f"{name((zone, kind))}: {number}")
            found[name((zone, kind))] = f"{number} {limits.unit}"
    return found


def readable(state: State) -> bool:
    """Return whether there is a plan."""
    zones = int(str(state[ZONES]))
    return all(
        _within(kind, zones, value(state, key) if (known := _constant(str(state[key]))) is None else known)
        for zone in range(1, zones + 1)
        for kind in KINDS
        for key in ((zone, kind),)
    )


@cache
def _constant(text: str) -> int | None:
    found = parsed(text)
    return None if found is None or found[0] is not None else found[1]


@cache
def _within(kind: str, zones: int, number: int | None) -> bool:
    limits = kinds(zones)[kind]
    return number is not None and number in range(limits.low, limits.high + 1, limits.step)


def read(files: dict[str, str]) -> State:
    """Return the state that files say, as plan.py reads them. Raises ValueError where there is no plan."""
    zones = sorted(path for path in files if path.startswith("zones/"))
    if zones != [f"zones/{number:02d}.cfg" for number in range(1, len(zones) + 1)]:
        raise ValueError("zones/ does not have the zones one after the other")
    state: State = {ZONES: len(zones)}
    for zone, path in enumerate(["common.cfg", *zones]):
        for line in files.get(path, "").splitlines():
            kind, sign, text = line.partition(" = ")
            if line.strip() and not line.startswith("#"):
                if not sign or (zone, kind) in state or not (zone == 0 or kind in KINDS):
                    raise ValueError(f"{path}: {line[:80]}")
                state[zone, kind] = text
    return state


def first_state(rng: Random) -> State:
    """Return the settings of the first commit."""
    state: State = {ZONES: FIRST_ZONES, **{(0, kind): str(number) for kind, number in COMMON.items()}}
    for zone in range(1, FIRST_ZONES + 1):
        for kind, limits in KINDS.items():
            place = rng.randrange(limits.size * 3 // 10, limits.size * 7 // 10)
            state[zone, kind] = str(limits.low + place * limits.step)
    for zone in rng.sample(range(1, FIRST_ZONES + 1), 5):
        state[zone, "air"] = refer((0, "air"), 5 * rng.randrange(-9, 10))
    for number in range(1, 7):
        state["note", number] = "- begun\n"
    return state


def renumber(state: State, at: int, rng: Random) -> State:
    """Return the state with a zone put in at ``at``, what followed moved up by one, and dwell in minutes."""
    new: State = {}
    for key, text in state.items():
        if not isinstance(key[0], int):
            new[key] = text
            continue
        target, number = parsed(str(text)) or (None, 0)
        minutes = number // 60 if key[1] == "dwell" else number
        moved = str(minutes) if target is None else refer(shifted(target, at), minutes)
        new[shifted(key, at)] = moved
    new[ZONES] = int(str(state[ZONES])) + 1
    for kind in KINDS:
        near = value(new, (at + 1, kind)) or 0
        new[at, kind] = str(near + rng.choice((-2, -1, 1, 2)) * kinds(int(str(new[ZONES])))[kind].step)
    return new


def shifted(key: Key, at: int) -> Key:
    """Return a setting's place after a zone was put in."""
    return (key[0] + 1, key[1]) if key[0] >= at else key


def rendered(state: State, keys: set[Key]) -> dict[str, str]:
    """Return the files that the settings ``keys`` are in, by name."""
    zones = int(str(state[ZONES]))
    wanted = {key[0] for key in keys if isinstance(key[0], int)}
    if ZONES in keys:
        wanted |= set(range(zones + 1))
    files = {}
    for zone in sorted(wanted):
        if zone == 0:
            lines = ["# what several zones go by", *(f"{k} = {state[0, k]}" for k in ("air", "dwell"))]
            files["common.cfg"] = "\n".join(lines) + "\n"
        else:
            section = _SECTIONS[(zone - 1) * len(_SECTIONS) // zones]
            lines = [f"# zone {zone:02d}, {section}", *(f"{kind} = {state[zone, kind]}" for kind in KINDS)]
            files[f"zones/{zone:02d}.cfg"] = "\n".join(lines) + "\n"
    if ZONES in keys:
        files["limits.cfg"] = "".join(
            f"{kind} = {one.low}..{one.high} step {one.step} {one.unit}\n"
            for kind, one in kinds(zones).items()
        )
        files["README.md"] = (TEXTS / "readme.md").read_text("utf-8").replace("<<zones>>", str(zones))
        files["plan.py"] = (TEXTS / "plan.py").read_text("utf-8")
    files |= {
        f"notes/{key[1]}.md": f"# Notes {key[1]}\n\n{state[key]}"
        for key in sorted(keys, key=str)
        if key[0] == "note"
    }
    return files
