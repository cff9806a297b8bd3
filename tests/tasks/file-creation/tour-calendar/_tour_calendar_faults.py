"""Single faults, each made in the calendar that the oracle has written."""

import re
from datetime import timedelta
from pathlib import Path

from _tour_calendar_agency import season as _season
from _tour_calendar_form import calendar as _calendar
from _tour_calendar_reader import read_entries

FILE = "tour.ics"


def _change(workspace: Path, change) -> None:
    """Rewrite the calendar with appointments that ``change`` has altered in place."""
    appointments = _season(workspace)
    change(appointments)
    (workspace / FILE).write_bytes(_calendar(appointments))


def _late(workspace: Path, chosen, key: str = "start") -> None:
    """Put one end of the first appointment that is ``chosen`` off by an hour."""
    corrections = (workspace / "changes.txt").read_text("utf-8")
    entries = read_entries(corrections)

    def change(appointments) -> None:
        doubled = {one["zone"] for one in appointments if "second" in one["plan"][0]}
        one = next(one for one in appointments if chosen(one, corrections, entries, doubled))
        one[key] += timedelta(hours=-1 if key == "start" else 1)

    _change(workspace, change)


def _refused(entries):
    return next(entry["ids"] for entry in entries if entry["kind"] == "refused")


def _night(one) -> bool:
    return one["plan"][1] <= one["plan"][0] or "second" in one["plan"][0]


def one_plain_late(workspace: Path, turn: int = 1) -> None:
    """Shift an ordinary appointment."""
    _late(workspace, lambda one, text, entries, zones: one["id"] in _refused(entries))


def one_week_late(workspace: Path, turn: int = 1) -> None:
    """Shift the end of one appointment of a series."""

    def chosen(one, text, entries, zones) -> bool:
        return one["series"] and one["planned"] == one["first"] and one["zone"] in zones

    _late(workspace, chosen, "end")


def one_zone_late(workspace: Path, turn: int = 1) -> None:
    """Shift one in the weeks by which a change of clocks was put off."""

    def chosen(one, text, entries, zones) -> bool:
        clocks = next(entry for entry in entries if entry["kind"] == "clocks")
        in_between = clocks["planned"] < one["planned"] < clocks["day"]
        return one["zone"] == clocks["zone"] and in_between and one["id"] not in text

    _late(workspace, chosen)


def one_night_late(workspace: Path, turn: int = 1) -> None:
    """Shift the end of one night."""
    _late(workspace, lambda one, text, entries, zones: _night(one) and one["id"] not in text, "end")


def one_change_late(workspace: Path, turn: int = 1) -> None:
    """Shift an appointment that was moved."""
    _late(workspace, lambda one, text, entries, zones: one["touched"])


def one_dropped(workspace: Path, turn: int = 1) -> None:
    """Leave out one appointment."""
    _change(workspace, lambda appointments: appointments.pop(5))


def one_twice(workspace: Path, turn: int = 1) -> None:
    """Write one appointment twice."""
    _change(workspace, lambda appointments: appointments.append(appointments[3]))


def one_more(workspace: Path, turn: int = 1) -> None:
    """Add an appointment that nobody planned."""
    _change(workspace, lambda appointments: appointments.append({**appointments[3], "uid": "BK-999"}))


def one_rule(workspace: Path, turn: int = 1) -> None:
    """Give one appointment a recurrence rule."""
    _swap(workspace, b"END:VEVENT", b"RRULE:FREQ=WEEKLY;COUNT=2\r\nEND:VEVENT")


def one_title(workspace: Path, turn: int = 1) -> None:
    """Lose the last letter of a title."""
    _change(workspace, lambda appointments: appointments[2].update(title=appointments[2]["title"][:-1]))


def one_place(workspace: Path, turn: int = 1) -> None:
    """Lose the first word of a place."""
    _change(
        workspace,
        lambda appointments: appointments[4].update(place=appointments[4]["place"].split(" ", 1)[1]),
    )


def one_break(workspace: Path, turn: int = 1) -> None:
    """Write a space for the line break in a title."""

    def change(appointments) -> None:
        one = next(one for one in appointments if "\n" in one["title"])
        one["title"] = one["title"].replace("\n", " ")

    _change(workspace, change)


def one_lf(workspace: Path, turn: int = 1) -> None:
    """End one line without a carriage return."""
    _swap(workspace, b"END:VEVENT\r\n", b"END:VEVENT\n")


def one_long_line(workspace: Path, turn: int = 1) -> None:
    """Undo one fold."""
    _swap(workspace, b"\r\n ", b"")


def one_comma(workspace: Path, turn: int = 1) -> None:
    """Lose the escape of one comma."""
    _swap(workspace, b"\\,", b",")


def one_split(workspace: Path, turn: int = 1) -> None:
    """Fold once more, within a letter."""
    _swap(workspace, "ö".encode(), b"\xc3\r\n \xb6")


def one_gap(workspace: Path, turn: int = 1) -> None:
    """Leave an empty line between two appointments."""
    _swap(workspace, b"END:VEVENT\r\n", b"END:VEVENT\r\n\r\n")


def no_product(workspace: Path, turn: int = 1) -> None:
    """Leave out PRODID, which every calendar has to have."""
    _swap(workspace, b"PRODID:-//Agency//Season//DE\r\n", b"")


def one_stamp(workspace: Path, turn: int = 1) -> None:
    """Write one DTSTAMP in local time."""
    _swap(workspace, b"DTSTAMP:20260101T000000Z", b"DTSTAMP:20260101T000000")


def tidies_plan(workspace: Path, turn: int = 1) -> None:
    """Save the plan with other line ends."""
    path = workspace / "tour.csv"
    path.write_bytes(re.sub(rb"\n", b"\r\n", path.read_bytes()))


def _swap(workspace: Path, old: bytes, new: bytes) -> None:
    octets = (workspace / FILE).read_bytes()
    if old not in octets:
        raise ValueError(f"{old!r} is not in the calendar")
    (workspace / FILE).write_bytes(octets.replace(old, new, 1))
