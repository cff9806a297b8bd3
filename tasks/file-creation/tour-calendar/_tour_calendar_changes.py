"""Draws the corrections to a plan, some of which change, take back or give away what earlier ones say."""

from datetime import datetime, timedelta

import _tour_calendar_words as words
from _tour_calendar_draw import HOURS, WEEKLY
from _tour_calendar_rules import DAY, Change, planned_days


class NoDraw(Exception):
    """The rows do not allow for a change that every season has."""


def draw_changes(rng, season, rows):
    """Return the entries of changes.txt, oldest first, each with its time."""
    layers = [[], [], []]
    for chain in (*_single_chains(rng, season, rows), *_series_chains(rng, season, rows)):
        start = rng.randint(0, 3 - len(chain))
        for layer, entry in zip(layers[start:], chain, strict=False):
            layer.append(entry)
    for layer in layers:
        rng.shuffle(layer)
    entries = [entry for layer in layers for entry in layer]
    opening = datetime.combine(season.first, datetime.min.time()) - timedelta(days=rng.randint(40, 45))
    hours = sorted(rng.sample(range(38 * 10), len(entries)))
    stamps = [
        opening + timedelta(days=hour // 10, hours=8 + hour % 10, minutes=rng.randint(0, 59))
        for hour in hours
    ]
    sent = {entry["label"]: stamp for stamp, entry in zip(stamps, entries, strict=True) if "label" in entry}
    return [_dated(entry, stamp, sent) for stamp, entry in zip(stamps, entries, strict=True)]


def _dated(entry, stamp, sent):
    fields = {key: value for key, value in entry.items() if key not in ("label", "about")}
    return Change(stamp, **fields, about=sent[entry["about"]] if "about" in entry else None)


def _single_chains(rng, season, rows):
    """Return, for single appointments, lists of entries of which each has to come after the one before."""
    calm = [row for row in rows if row.role == "plain" and season.calm(row.zone, row.day)]
    gone, twin = _one_of_a_pair(rng, rows, calm)
    calm = [row for row in calm if row not in (gone, twin)]
    picked = iter(rng.sample(calm, 17))
    moved_off, back, twice, elsewhere, undone = (next(picked) for _ in range(5))
    off, off_too, spared, wrong, meant, early = (next(picked) for _ in range(6))
    refused, rumour, quiet = next(picked), next(picked), next(picked)
    swapped = next(picked)
    partner = next((row for row in picked if row.zone != swapped.zone), swapped)
    first = _move(rng, twice)
    while (other := twice.day + rng.choice([-3, -2, 2, 3, 4, 5]) * DAY) == first["day"]:
        pass
    return [
        [_move(rng, moved_off), {"kind": "cancel", "id": moved_off.id}],
        [_elsewhere(rng, season, back, gone.place), {"kind": "cancel", "id": back.id},
         {"kind": "restore", "id": back.id}],
        [first, {"kind": "day", "id": twice.id, "day": other}],
        [_move(rng, elsewhere), _elsewhere(rng, season, elsewhere, gone.place)],
        [_move(rng, undone), {"kind": "cancel", "id": undone.id, "label": 1},
         {"kind": "undo", "id": undone.id, "about": 1}],
        [{"kind": "which", "id": gone.id, "other": twin.id, "place": gone.place}],
        [{"kind": "two", "id": off.id, "other": off_too.id, "spared": spared.id}],
        [{**_move(rng, wrong), "label": 2},
         {"kind": "meant", "id": wrong.id, "other": meant.id, "about": 2}],
        [_move(rng, early), {"kind": "later", "id": early.id}],
        [{"kind": "swap", "id": swapped.id, "other": partner.id}],
        [{**_move(rng, refused), "kind": "refused"}],
        [{"kind": "rumour", "id": rumour.id}],
        [{"kind": "note", "id": quiet.id}],
        [{"kind": "clocks", "zone": season.late, "planned": season.eased[season.late], "day": season.late_day}],
    ]  # fmt: skip


def _one_of_a_pair(rng, rows, calm):
    """Return a row of ``calm`` and the only other one in the plan at its place, on another day."""
    pairs = []
    for row in calm:
        twins = [other for other in rows if other.place == row.place and other.id != row.id]
        if len(twins) == 1 and not twins[0].repeat and twins[0].day != row.day:
            pairs.append((row, twins[0]))
    if not pairs:
        raise NoDraw
    return rng.choice(pairs)


def _series_chains(rng, season, rows):
    """Return the same for series: new hours from a date on, with two that are moved; off, moved, off at the end."""
    series = [row for row in rows if row.repeat]
    fortnight = next(row for row in series if row.repeat[2] == 2)
    weekly = [row for row in series if row.repeat[2] == 1 and row.zone in (season.twice, season.steady)]
    later, both = rng.sample(weekly, 2)
    gone = rng.choice([row for row in series if row not in (later, both, fortnight)])
    days = planned_days(later)
    at = rng.randint(2, len(days) - 3)
    before = {**_move(rng, later, days[at - 1]), "day": days[at] + rng.randint(1, 3) * DAY}
    late = rng.choice(days[at + 1 :])
    after = _move(rng, later, late)
    after["day"] = late + rng.choice([-2, -1, 1, 2]) * DAY
    one, other = rng.sample(planned_days(both)[1:-1], 2)
    return [
        [before, after, _from(rng, later, days[at], {before["start"], after["start"]})],
        [_move(rng, both, one), {"kind": "cancel", "id": both.id, "planned": other}],
        [{"kind": "cancel", "id": gone.id, "planned": rng.choice(planned_days(gone)[1:-1])}],
        [{"kind": "tail", "id": fortnight.id}],
    ]


def _move(rng, row, planned=None):
    day = (planned or row.day) + rng.choice([-3, -2, 2, 3, 4, 5]) * DAY
    start, end = rng.choice([pair for pair in HOURS if pair[0] != row.start])
    return {"kind": "move", "id": row.id, "planned": planned, "day": day, "start": start, "end": end}


def _elsewhere(rng, season, row, taken):
    zone = rng.choice([zone for zone in season.zones if zone != row.zone and season.calm(zone, row.day)])
    place = rng.choice([place for place in words.PLACES[zone] if place != taken])
    return {"kind": "place", "id": row.id, "place": place, "zone": zone}


def _from(rng, row, planned, unlike):
    hours = [pair for pair in WEEKLY if pair[0] not in {row.start, *unlike}]
    start, end = rng.choice(hours)
    return {"kind": "from", "id": row.id, "planned": planned, "start": start, "end": end}
