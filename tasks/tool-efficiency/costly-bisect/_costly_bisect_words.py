"""Names and messages. Messages tell little, and some of them the wrong thing."""

from __future__ import annotations

from random import Random

from _costly_bisect_kiln import Key

PEOPLE = ("Ida Brandt", "Jonas Petry", "Marek Ruhl", "Selma Ott", "Tilo Kranz", "Wanda Fiedler")
NOTES = (
    "car 14 squeaks again", "two tiles off at the door, swept up", "new thermocouple in the roof",
    "clay from the north pit this week", "burners cleaned", "quiet night", "damper chain greased",
    "inspector was here, no remarks", "gas meter read", "tiles a shade darker, as ordered",
)  # fmt: skip
_LESS = (
    "A little {kind} in zone {zone:02d}", "Zone {zone:02d}: {kind} as tried last night", "Trim {kind}, zone {zone:02d}",
    "{kind} {zone:02d}: by the reading of the probe", "Zone {zone:02d} after the shift meeting",
)  # fmt: skip
_VAGUE = (
    "Tidy up, the plan stays the same", "Notes", "Typing error", "As agreed with the lab", "Small things",
    "Better evenness across the car", "Hairline cracks: this should do it", "Back to what we had",
    "Revert \"As tried last night\"", "Glaze is fine again", "For the winter", "For the red tiles", "No change of plan",
    "Save gas", "Shorter cycle", "After the repair of the fan",
)  # fmt: skip
RENUMBERED = "A new zone is put in: renumber those behind it, and tell dwell in minutes"


def message(rng: Random, key: Key | None) -> str:
    """Return a commit's message; ``key`` is a figure that it moves, if any."""
    if key is None or key[0] == 0 or rng.random() < 0.4:
        return rng.choice(_VAGUE)
    return rng.choice(_LESS).format(kind=key[1], zone=key[0]).capitalize()
