"""What really takes place: the plan with its changes, read right or with one of the slips of `TRAPS`."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from _tour_calendar_zones import to_utc

DAY = timedelta(days=1)
TRAPS = {
    "order": {"uids", "times-changes"},
    "cancel": {"uids"},
    "until": {"uids"},
    "times": {"uids"},
    "new-date": {"uids"},
    "drift": {"times-series"},
    "same-day": {"times-nights"},
    "end-offset": {"times-nights"},
    "first": {"times-nights"},
    "from-all": {"times-series"},
    "from-none": {"times-changes"},
    "old-zone": {"times-changes"},
    "old-place": {"titles"},
}
"""Slip → the checks it must cost, and no others."""


@dataclass(frozen=True)
class Row:
    """A line of tour.csv; clock times as printed there (``02:30 (second)``)."""

    id: str
    title: str
    place: str
    zone: str
    day: date
    start: str
    end: str
    repeat: tuple = ()
    role: str = "plain"


@dataclass(frozen=True)
class Change:
    """An entry of changes.txt. ``kind``: move, cancel, restore, from, place or note (changes nothing)."""

    sent: datetime
    kind: str
    id: str
    planned: date | None = None
    day: date | None = None
    start: str = ""
    end: str = ""
    place: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Slot:
    """One appointment on the way to its VEVENT."""

    uid: str
    row: Row
    planned: date
    day: date
    start: str
    end: str
    zone: str
    place: str
    group: str
    alive: bool = True


def planned_days(row, slips=frozenset()):
    """Return the dates on which a row is planned."""
    if not row.repeat:
        return [row.day]
    kind, bound = row.repeat
    if kind == "times":
        return [row.day + 7 * n * DAY for n in range(bound + ("times" in slips))]
    last = bound - DAY if "until" in slips else bound
    return [row.day + 7 * n * DAY for n in range((last - row.day).days // 7 + 1)]


def settle(rows, changes, slips=frozenset()):
    """Return the slots, by uid, after all changes; cancelled ones are left in, not alive."""
    slots = {}
    for row in rows:
        for day in planned_days(row, slips):
            uid = f"{row.id}-{day:%Y%m%d}" if row.repeat else row.id
            slots[uid] = Slot(uid, row, day, day, row.start, row.end, row.zone, row.place, row.role)
    for change in sorted(changes, key=lambda c: c.sent, reverse="order" in slips):
        for uid, slot in slots.items():
            if slot.row.id == change.id and _concerns(change, slot, slips):
                slots[uid] = _changed(slot, change, slips)
    return slots


def _concerns(change, slot, slips):
    if change.kind == "from":
        return "from-all" in slips or slot.planned >= change.planned
    return change.planned is None or slot.planned == change.planned


def _changed(slot, change, slips):
    if change.kind == "cancel" and "cancel" not in slips:
        return replace(slot, alive=False)
    if change.kind == "restore":
        row = slot.row
        return replace(slot, alive=True, day=slot.planned, start=row.start, end=row.end)
    if change.kind == "move":
        return replace(slot, alive=True, day=change.day, start=change.start, end=change.end, group="changes")
    if change.kind == "from" and "from-none" not in slips:
        return replace(slot, start=change.start, end=change.end, group="changes")
    if change.kind == "place":
        place = slot.place if "old-place" in slips else change.place
        zone = slot.zone if "old-zone" in slips else change.zone
        return replace(slot, place=place, zone=zone, group="changes")
    return slot


def calendar(rows, changes, tables, slips=frozenset()):
    """Return uid → (start, end, title, place, group) of all that takes place; instants are naive UTC."""
    found = {}
    for slot in settle(rows, changes, slips).values():
        if not slot.alive:
            continue
        uid = slot.uid
        if "new-date" in slips and slot.row.repeat:
            uid = f"{slot.row.id}-{slot.day:%Y%m%d}"
        start, end = _instants(slot, tables, slips)
        found[uid] = (start, end, slot.row.title, slot.place, slot.group)
    return found


def _instants(slot, tables, slips):
    table = tables[slot.zone]
    if "drift" in slips and slot.group == "series":
        first = slot.row.day
        weeks = slot.planned - first
        return to_utc(_clock(first, slot.start), table) + weeks, to_utc(
            _clock(first, slot.end), table
        ) + weeks
    which = "second" if "(second)" in slot.start and "first" not in slips else "first"
    opening = _clock(slot.day, slot.start)
    closing = _clock(slot.day, slot.end)
    start = to_utc(opening, table, which)
    if closing <= opening and "same-day" not in slips:
        closing += DAY
    if "end-offset" in slips:
        return start, start + (closing - opening)
    return start, to_utc(closing, table)


def _clock(day, text):
    return datetime.combine(day, datetime.strptime(text[:5], "%H:%M").time())
