"""A careful hand, two that write the same calendar differently, one wrong solution per slip, and single faults."""

import csv
import re
from datetime import timedelta
from pathlib import Path

from _tour_calendar_agency import calendar as _calendar
from _tour_calendar_agency import escaped as _escaped
from _tour_calendar_agency import season as _season

FILE = "tour.ics"


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Read everything with care and write the file by the letter of the standard."""
    appointments = _season(workspace)
    (workspace / FILE).write_bytes(_calendar(appointments))
    return f"{FILE} has {len(appointments)} appointments."


def short_lines_with_tabs(workspace: Path, turn: int = 1) -> str | None:
    """Fold by characters after few of them, with tabs; other order, lower-case names, more properties, notes."""
    out = ["begin:vcalendar", "prodid:-//x//y//EN", "version:2.0", "method:PUBLISH", "calscale:GREGORIAN"]
    for one in sorted(_season(workspace), key=lambda one: one["start"], reverse=True):
        out += [
            "begin:vevent",
            f"location:{_escaped(one['place'])}",
            f"summary;LANGUAGE=de:{_escaped(one['title'])}".replace("\\nFamilien", "\\NFamilien"),
            f"dtend;value=date-time:{one['end']:%Y%m%dT%H%M%SZ}",
            f"dtstart:{one['start']:%Y%m%dT%H%M%SZ}",
            "categories:MUSIC,TOUR",
            f"description:{_escaped('Plan: ' + one['zone'] + ', local; see tour.csv')}",
            'x-agency-note;x-by="Lind; Haberkorn":a, b; c',
            "dtstamp:20250704T120000Z",
            f"uid:{one['uid']}",
            "end:vevent",
        ]
    lines = (
        "\r\n\t".join(line[n : n + 17] for n in range(0, len(line), 17)) for line in [*out, "end:vcalendar"]
    )
    text = "\r\n".join(lines)
    (workspace / FILE).write_bytes(text.encode() + b"\r\n")
    (workspace / "notes.md").write_text("Two appointments were called off and came back.\n", "utf-8")
    return None


def with_alarms(workspace: Path, turn: int = 1) -> str | None:
    """Add a zone definition, alarms and a status, and leave out the last line end."""
    octets = _calendar(_season(workspace)).removesuffix(b"\r\n")
    zone = (
        b"BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\n"
    )
    zone += b"TZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    alarm = (
        b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\\, very soon\r\nTRIGGER:-PT30M\r\nEND:VALARM\r\n"
    )
    octets = octets.replace(b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT", 1)
    octets = octets.replace(b"END:VEVENT", b"STATUS:CONFIRMED\r\nSEQUENCE:1\r\n" + alarm + b"END:VEVENT")
    (workspace / FILE).write_bytes(octets)
    return None


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Copy the lines of the plan into a well-formed calendar as if all clocks showed UTC, and read nothing else."""
    with (workspace / "tour.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    lines = []
    for row in rows:
        day = "".join(reversed(row["date"].split(".")))
        start, end = (f"{day}T{row[key][:5].replace(':', '')}00Z" for key in ("start", "end"))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{row['id']}",
            "DTSTAMP:20260101T000000Z",
            f"DTSTART:{start}",
            f"DTEND:{end}",
        ]
        lines += [f"SUMMARY:{row['id']}", f"LOCATION:{_escaped(row['place'])[:30]}", "END:VEVENT"]
    body = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *lines, "END:VCALENDAR", ""])
    (workspace / FILE).write_bytes(body.encode())
    return "All appointments are in tour.ics, in UTC, folded and escaped by RFC 5545."


def _slip(workspace: Path, *slips: str) -> None:
    kinds = frozenset(slips)
    (workspace / FILE).write_bytes(_calendar(_season(workspace, kinds), kinds))


def order(workspace: Path, turn: int = 1) -> str | None:
    """Apply the corrections from the top of the file down."""
    return _slip(workspace, "order")


def cancel(workspace: Path, turn: int = 1) -> str | None:
    """Leave in what was cancelled."""
    return _slip(workspace, "cancel")


def status(workspace: Path, turn: int = 1) -> str | None:
    """Leave in what was cancelled, with a status that says so."""
    return _slip(workspace, "status")


def until(workspace: Path, turn: int = 1) -> str | None:
    """End a series before the day named."""
    return _slip(workspace, "until")


def times(workspace: Path, turn: int = 1) -> str | None:
    """Count the appointments of a series after the first one."""
    return _slip(workspace, "times")


def new_date(workspace: Path, turn: int = 1) -> str | None:
    """Name a moved appointment of a series by its new date."""
    return _slip(workspace, "new-date")


def drift(workspace: Path, turn: int = 1) -> str | None:
    """Add weeks to the first UTC instant of a series."""
    return _slip(workspace, "drift")


def same_day(workspace: Path, turn: int = 1) -> str | None:
    """End every appointment on the day it begins."""
    return _slip(workspace, "same-day")


def end_offset(workspace: Path, turn: int = 1) -> str | None:
    """Use the offset of the start for the end too."""
    return _slip(workspace, "end-offset")


def first(workspace: Path, turn: int = 1) -> str | None:
    """Take the hour that comes twice the first time it comes."""
    return _slip(workspace, "first")


def from_all(workspace: Path, turn: int = 1) -> str | None:
    """Give a series its new hours from its beginning."""
    return _slip(workspace, "from-all")


def from_none(workspace: Path, turn: int = 1) -> str | None:
    """Overlook the new hours of a series."""
    return _slip(workspace, "from-none")


def old_zone(workspace: Path, turn: int = 1) -> str | None:
    """Change the place and keep the zone."""
    return _slip(workspace, "old-zone")


def old_place(workspace: Path, turn: int = 1) -> str | None:
    """Change the zone and keep the place."""
    return _slip(workspace, "old-place")


def local(workspace: Path, turn: int = 1) -> str | None:
    """Write local times as if they were UTC."""
    return _slip(workspace, "local")


def floating(workspace: Path, turn: int = 1) -> str | None:
    """Write times with a zone instead of in UTC."""
    return _slip(workspace, "floating")


def no_escapes(workspace: Path, turn: int = 1) -> str | None:
    """Write titles as they are."""
    return _slip(workspace, "no-escapes")


def no_backslash(workspace: Path, turn: int = 1) -> str | None:
    """Escape commas, semicolons and line breaks, but not the backslash."""
    return _slip(workspace, "no-backslash")


def no_folds(workspace: Path, turn: int = 1) -> str | None:
    """Leave long lines long."""
    return _slip(workspace, "no-folds")


def fold_characters(workspace: Path, turn: int = 1) -> str | None:
    """Count characters where octets are meant."""
    return _slip(workspace, "fold-characters")


def fold_octets(workspace: Path, turn: int = 1) -> str | None:
    """Fold after 75 octets, even within a character."""
    return _slip(workspace, "fold-octets")


def bare_lf(workspace: Path, turn: int = 1) -> str | None:
    """End lines as Unix does."""
    return _slip(workspace, "bare-lf")


def no_stamp(workspace: Path, turn: int = 1) -> str | None:
    """Leave out DTSTAMP."""
    return _slip(workspace, "no-stamp")


# -- one fault each, made in the oracle's calendar -------------------------------------------------


def _change(workspace: Path, change) -> None:
    """Rewrite the calendar with appointments that ``change`` has altered in place."""
    appointments = _season(workspace)
    change(appointments)
    (workspace / FILE).write_bytes(_calendar(appointments))


def _late(workspace: Path, chosen, key: str = "start") -> None:
    """Put one end of the first appointment that is ``chosen`` off by an hour."""
    corrections = (workspace / "changes.txt").read_text("utf-8")

    def change(appointments) -> None:
        one = next(one for one in appointments if chosen(one, corrections))
        one[key] += timedelta(hours=-1 if key == "start" else 1)

    _change(workspace, change)


def _quiet(one, corrections: str) -> bool:
    return not one["series"] and one["id"] not in corrections


def _night(one) -> bool:
    return one["plan"][1] <= one["plan"][0] or "second" in one["plan"][0]


def one_plain_late(workspace: Path, turn: int = 1) -> None:
    """Shift an ordinary appointment."""
    _late(workspace, lambda one, corrections: _quiet(one, corrections) and not _night(one))


def one_week_late(workspace: Path, turn: int = 1) -> None:
    """Shift the end of one appointment of a series."""
    _late(workspace, lambda one, _: one["series"] and one["planned"] == one["first"], "end")


def one_night_late(workspace: Path, turn: int = 1) -> None:
    """Shift the end of one night."""
    _late(workspace, lambda one, corrections: _quiet(one, corrections) and _night(one), "end")


def one_change_late(workspace: Path, turn: int = 1) -> None:
    """Shift an appointment that was moved."""
    _late(workspace, lambda one, _: one["touched"])


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


ALL_TIMES = {"times-plain", "times-series", "times-nights", "times-changes"}
ALTERNATIVES = [short_lines_with_tabs, with_alarms]
WRONG = {
    order: {"uids", "times-changes"},
    cancel: {"uids"},
    status: {"uids"},
    until: {"uids"},
    times: {"uids"},
    new_date: {"uids"},
    drift: {"times-series"},
    same_day: {"times-nights"},
    end_offset: {"times-nights"},
    first: {"times-nights"},
    from_all: {"times-series"},
    from_none: {"times-changes"},
    old_zone: {"times-changes"},
    old_place: {"titles"},
    local: ALL_TIMES,
    floating: ALL_TIMES,
    no_escapes: {"form", "titles"},
    no_backslash: {"titles"},
    no_folds: {"form"},
    fold_characters: {"form"},
    fold_octets: {"form"},
    bare_lf: {"form"},
    no_stamp: {"dtstamp"},
}
MUTATIONS = {
    one_plain_late: {"times-plain"},
    one_week_late: {"times-series"},
    one_night_late: {"times-nights"},
    one_change_late: {"times-changes"},
    one_dropped: {"uids"},
    one_twice: {"uids"},
    one_more: {"uids"},
    one_rule: {"uids"},
    one_title: {"titles"},
    one_place: {"titles"},
    one_break: {"titles"},
    one_lf: {"form"},
    one_long_line: {"form"},
    one_comma: {"form"},
    one_split: {"form"},
    one_gap: {"form"},
    no_product: {"form"},
    one_stamp: {"dtstamp"},
    tidies_plan: {"inputs-unchanged"},
}
