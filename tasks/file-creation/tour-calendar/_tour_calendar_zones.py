"""Clock rules of the zones a season uses, and the way from clock time to UTC. All instants are naive UTC."""

from datetime import datetime, timedelta
from itertools import pairwise

EUROPE, AMERICA, SOUTH, STEADY = "europe", "america", "south", "steady"
ZONES = {
    "Europe/Berlin": (EUROPE, 60),
    "Europe/London": (EUROPE, 0),
    "America/New_York": (AMERICA, -300),
    "America/Chicago": (AMERICA, -360),
    "Australia/Sydney": (SOUTH, 600),
    "Pacific/Auckland": (SOUTH, 720),
    "Asia/Tokyo": (STEADY, 540),
    "Asia/Kolkata": (STEADY, 330),
}
"""Name → the family of its rules and its standard offset in minutes."""


def transitions(zone, year):
    """Return ``(instant, offset)`` pairs from the start of ``year`` through its end, the first one without change."""
    family, standard = ZONES[zone]
    start = datetime(year - 1, 12, 31)
    if family == STEADY:
        return [(start, standard)]
    if family == EUROPE:
        return [
            (start, standard),
            (_sunday(year, 3, -1) + timedelta(hours=1), standard + 60),
            (_sunday(year, 10, -1) + timedelta(hours=1), standard),
        ]
    if family == AMERICA:
        return [
            (start, standard),
            (_sunday(year, 3, 2) + timedelta(minutes=120 - standard), standard + 60),
            (_sunday(year, 11, 1) + timedelta(minutes=60 - standard), standard),
        ]
    spring = _sunday(year, 10, 1) if zone == "Australia/Sydney" else _sunday(year, 9, -1)
    return [
        (start, standard + 60),
        (_sunday(year, 4, 1) + timedelta(minutes=120 - standard), standard),
        (spring + timedelta(minutes=120 - standard), standard + 60),
    ]


def offset_at(instant, table):
    """Return the offset in minutes that holds at an instant of UTC."""
    return [offset for start, offset in table if start <= instant][-1]


def to_utc(clock, table, which="first"):
    """Return the instant at which clocks show ``clock``; ``which`` decides where they show it twice."""
    instants = readings(clock, table)
    if not instants:
        raise ValueError(f"the clocks leap over {clock}")
    return instants[-1] if which == "second" else instants[0]


def readings(clock, table):
    """Return every instant at which clocks show ``clock``, the earlier one first."""
    guesses = sorted({clock - timedelta(minutes=offset) for _, offset in table})
    return [guess for guess in guesses if guess + timedelta(minutes=offset_at(guess, table)) == clock]


def changes_in(table, first, last):
    """Return ``(day, shift)`` of each change between two dates: the local date and the minutes gained."""
    found = []
    for (_, before), (instant, after) in pairwise(table):
        day = (instant + timedelta(minutes=before)).date()
        if first <= day <= last:
            found.append((day, after - before))
    return found


def abolished(table, first):
    """Return a table without the changes from the day ``first`` on."""
    return [entry for entry in table if entry[0].date() < first]


def delayed(table, day, days):
    """Return a table in which the change on the local date ``day`` comes some days later."""
    late = timedelta(days=days)
    return [
        (instant + (late if abs(instant.date() - day) <= timedelta(days=1) else 0 * late), offset)
        for instant, offset in table
    ]


def _sunday(year, month, which):
    """Return the n-th Sunday of a month, or the last one for -1, as midnight."""
    days = [datetime(year, month, 1) + timedelta(days=n) for n in range(31)]
    return [day for day in days if day.month == month and day.weekday() == 6][which - (which > 0)]
