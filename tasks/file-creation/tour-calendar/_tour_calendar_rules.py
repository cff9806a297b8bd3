"""What really takes place: the plan with its changes, read right or with one of the slips of `TRAPS`."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from _tour_calendar_zones import readings, to_utc

DAY = timedelta(days=1)
TRAPS = {
    "order": {"uids", "times-changes"},
    "cancel": {"uids"},
    "until": {"uids"},
    "times": {"uids"},
    "except": {"uids"},
    "except-uncounted": {"uids"},
    "fortnight": {"uids"},
    "new-date": {"uids"},
    "tail": {"uids"},
    "one-of-two": {"uids"},
    "spared": {"uids"},
    "which": {"uids"},
    "which-other": {"uids"},
    "rumour": {"uids"},
    "refused": {"times-plain"},
    "drift": {"times-series"},
    "same-day": {"times-nights"},
    "end-offset": {"times-nights"},
    "first": {"times-nights"},
    "next-day": {"times-nights"},
    "from-all": {"times-series", "times-changes"},
    "from-none": {"times-changes"},
    "from-day": {"times-changes"},
    "from-unmoved": {"times-changes"},
    "old-zone": {"times-changes"},
    "old-place": {"titles"},
    "restore-place": {"titles", "times-changes"},
    "undo-none": {"uids"},
    "undo-plan": {"times-changes"},
    "meant-none": {"times-changes"},
    "meant-half": {"times-changes"},
    "swap-none": {"times-changes"},
    "swap-zone": {"times-changes"},
    "plan-hours": {"times-changes"},
    "later-plan": {"times-changes"},
    "later-both": {"times-changes"},
    "tzdata": {"times-zones"},
    "no-delay": {"times-zones"},
}
"""Slip → the checks it must cost, and no others."""


@dataclass(frozen=True)
class Row:
    """A line of tour.csv; clock times as printed there (``02:30 (second)``).

    ``repeat`` is empty or: times or until, its bound, weeks from one to the next, a date left out or None.
    """

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
    """An entry of changes.txt.

    ``kind``: move, day (the hours stay), later (half an hour, the end stays), cancel, which (cancels one of the two
    at a place, ``other`` is the other one), two (two ids, a third is spared), tail (the last two of a series),
    restore, from, place, swap, undo, meant, clocks; or one that changes nothing: refused, rumour, note. ``about``
    is the time of the entry that an undo or meant speaks of.
    """

    sent: datetime
    kind: str
    id: str = ""
    planned: date | None = None
    day: date | None = None
    start: str = ""
    end: str = ""
    place: str = ""
    zone: str = ""
    other: str = ""
    spared: str = ""
    about: datetime | None = None


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
    moved: bool = False


def planned_days(row, slips=frozenset()):
    """Return the dates on which a row is planned."""
    if not row.repeat:
        return [row.day]
    kind, bound, weeks, left_out = row.repeat
    step = 7 * (1 if "fortnight" in slips else weeks) * DAY
    if kind == "times":
        number = bound + ("times" in slips) + (left_out is not None and "except-uncounted" in slips)
    else:
        last = bound - DAY if "until" in slips else bound
        number = (last - row.day) // step + 1
    days = [row.day + n * step for n in range(number)]
    return [day for day in days if day != left_out or "except" in slips]


def settle(rows, changes, slips=frozenset()):
    """Return the slots, by uid, after all changes; cancelled ones are left in, not alive."""
    slots = {}
    for row in rows:
        for day in planned_days(row, slips):
            uid = f"{row.id}-{day:%Y%m%d}" if row.repeat else row.id
            slots[uid] = Slot(uid, row, day, day, row.start, row.end, row.zone, row.place, row.role)
    plan = {row.id: row for row in rows}
    for change in sorted(_in_force(changes, slips), key=lambda c: c.sent, reverse="order" in slips):
        concerned = [slot for slot in slots.values() if _concerns(change, slot, slips)]
        if change.kind == "tail":
            concerned = sorted(concerned, key=lambda slot: slot.planned)[-2:]
        for slot in concerned:
            slots[slot.uid] = _changed(slot, change, plan, slips)
    for change in changes:
        if change.kind in ("undo", "meant") and change.id in slots:
            slots[change.id] = replace(slots[change.id], group="changes")
    return slots


def _in_force(changes, slips):
    """Return the changes without those that were taken back, and those meant for another at their time."""
    found = {change.sent: change for change in changes}
    for change in changes:
        if change.kind == "undo" and "undo-none" not in slips:
            entry = found[change.about]
            found[change.about] = replace(entry, kind="restore" if "undo-plan" in slips else "note")
        if change.kind == "meant" and "meant-none" not in slips:
            entry = found[change.about]
            found[change.sent] = replace(entry, sent=change.sent, id=change.other)
            if "meant-half" not in slips:
                found[change.about] = replace(entry, kind="note")
    return found.values()


def _concerns(change, slot, slips):
    name = slot.row.id
    if change.kind == "two":
        names = {change.id, change.other, change.spared}
        return name in names - ({change.other} if "one-of-two" in slips else set()) - (
            set() if "spared" in slips else {change.spared}
        )
    if change.kind == "which":
        return name == (change.other if "which-other" in slips else change.id)
    if change.kind == "swap":
        return name in (change.id, change.other)
    if name != change.id:
        return False
    if change.kind == "from":
        if "from-unmoved" in slips and slot.moved:
            return False
        return "from-all" in slips or (slot.day if "from-day" in slips else slot.planned) >= change.planned
    return change.planned is None or slot.planned == change.planned


def _changed(slot, change, plan, slips):
    kind, row = change.kind, slot.row
    if kind in ("cancel", "two", "tail", "which") or (kind == "rumour" and "rumour" in slips):
        off = "cancel" not in slips and not (kind in ("tail", "which") and kind in slips)
        return replace(slot, alive=slot.alive and not off)
    if kind == "restore":
        back = replace(slot, alive=True, day=slot.planned, start=row.start, end=row.end, group="changes")
        return back if "restore-place" in slips else replace(back, place=row.place, zone=row.zone)
    if kind == "move" or (kind == "refused" and "refused" in slips):
        new = {"alive": True, "moved": True, "day": change.day, "start": change.start, "end": change.end}
        return replace(slot, **new, group="changes")
    if kind == "day":
        hours = {"start": row.start, "end": row.end} if "plan-hours" in slips else {}
        return replace(slot, day=change.day, **hours, group="changes")
    if kind == "later":
        return _later(slot, slips)
    if kind == "from" and "from-none" not in slips:
        return replace(slot, start=change.start, end=change.end, group="changes")
    if kind == "place":
        place = slot.place if "old-place" in slips else change.place
        zone = slot.zone if "old-zone" in slips else change.zone
        return replace(slot, place=place, zone=zone, group="changes")
    if kind == "swap":
        return _swapped(slot, plan[change.other if row.id == change.id else change.id], slips)
    return slot


def _later(slot, slips):
    start = _clock(slot.day, slot.row.start if "later-plan" in slips else slot.start) + timedelta(minutes=30)
    end = slot.end
    if "later-both" in slips:
        end = f"{_clock(slot.day, slot.end) + timedelta(minutes=30):%H:%M}"
    return replace(slot, start=f"{start:%H:%M}", end=end, group="changes")


def _swapped(slot, other, slips):
    if "swap-none" in slips:
        return replace(slot, group="changes")
    zone = other.zone if "swap-zone" in slips else slot.zone
    return replace(slot, day=other.day, start=other.start, end=other.end, zone=zone, group="changes")


def calendar(rows, changes, tables, slips=frozenset()):
    """Return uid → (start, end, title, place, group) of all that takes place; instants are naive UTC.

    ``tables`` holds the rules of the zones as they are (``true``), as zones.json has them (``file``) and as they
    are outside of this task (``real``). What only the latter two get wrong is of the group ``zones``.
    """
    found = {}
    used = "real" if "tzdata" in slips else "file" if "no-delay" in slips else "true"
    for slot in settle(rows, changes, slips).values():
        if not slot.alive:
            continue
        uid = slot.uid
        if "new-date" in slips and slot.row.repeat:
            uid = f"{slot.row.id}-{slot.day:%Y%m%d}"
        start, end = instants(slot, tables[used], slips)
        group = slot.group
        if group in ("plain", "series") and sensitive(slot, tables):
            group = "zones"
        found[uid] = (start, end, slot.row.title, slot.place, group)
    return found


def sensitive(slot, tables):
    """Return whether the rules outside of this task, or zones.json alone, put a slot at other instants."""
    return len({instants(slot, table) for table in tables.values()}) > 1


def instants(slot, zones, slips=frozenset()):
    """Return when a slot begins and ends."""
    table = zones[slot.zone]
    if "drift" in slips and slot.group == "series":
        first = slot.row.day
        weeks = slot.planned - first
        return to_utc(_clock(first, slot.start), table) + weeks, to_utc(
            _clock(first, slot.end), table
        ) + weeks
    which = "second" if "(second)" in slot.start and "first" not in slips else "first"
    opening, closing = _clock(slot.day, slot.start), _clock(slot.day, slot.end)
    start = to_utc(opening, table, which)
    if "end-offset" in slips:
        return start, start + (closing - opening) % DAY
    if "next-day" in slips:
        return start, to_utc(closing + (DAY if closing <= opening else 0 * DAY), table)
    return start, _end(start, closing, slot.end, table, "same-day" in slips)


def _end(start, closing, text, table, same_day):
    """Return the first moment after ``start`` at which clocks show ``closing``, in the pass that ``text`` names."""
    for clock in (closing, closing + DAY):
        moment = to_utc(clock, table, "second" if "(second)" in text else "first")
        if moment > start or same_day:
            return moment
    raise ValueError(f"no end after {start}")


def marks_are_right(slot, table):
    """Return whether exactly those times of a slot that come twice say which one is meant."""
    start, end = instants(slot, {slot.zone: table})
    shown = {start: slot.start, end: slot.end}
    for moment, text in shown.items():
        clocks = {
            clock for n in (0, 1) if moment in readings(clock := _clock(slot.day + n * DAY, text), table)
        }
        twice = [len(readings(clock, table)) == 2 for clock in clocks]
        if twice != ["(" in text]:
            return False
    return True


def _clock(day, text):
    return datetime.combine(day, datetime.strptime(text[:5], "%H:%M").time())
