"""A careful hand, two that write the same calendar differently, one wrong solution per slip, and single faults."""

import csv
from pathlib import Path

from _tour_calendar_agency import season as _season
from _tour_calendar_faults import (
    no_product,
    one_break,
    one_change_late,
    one_comma,
    one_dropped,
    one_gap,
    one_lf,
    one_long_line,
    one_more,
    one_night_late,
    one_place,
    one_plain_late,
    one_rule,
    one_split,
    one_stamp,
    one_title,
    one_twice,
    one_week_late,
    one_zone_late,
    tidies_plan,
)
from _tour_calendar_form import calendar as _calendar
from _tour_calendar_form import escaped as _escaped
from _tour_calendar_slips import (
    bare_lf,
    cancel,
    drift,
    end_offset,
    first,
    floating,
    fold_characters,
    fold_octets,
    fortnight,
    from_all,
    from_day,
    from_none,
    from_unmoved,
    later_both,
    later_plan,
    leaves_none_out,
    local,
    makes_up,
    meant_half,
    meant_none,
    new_date,
    next_day,
    no_backslash,
    no_delay,
    no_escapes,
    no_folds,
    no_stamp,
    old_place,
    old_zone,
    one_of_two,
    order,
    plan_hours,
    refused,
    restore_place,
    rumour,
    same_day,
    spared,
    status,
    swap_none,
    swap_zone,
    tail,
    times,
    undo_none,
    undo_plan,
    until,
    usual_clocks,
    which,
    which_other,
)

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


ALL_TIMES = {"times-plain", "times-series", "times-nights", "times-changes", "times-zones"}
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
    from_all: {"times-series", "times-changes"},
    from_none: {"times-changes"},
    old_zone: {"times-changes"},
    old_place: {"titles"},
    leaves_none_out: {"uids"},
    makes_up: {"uids"},
    fortnight: {"uids"},
    tail: {"uids"},
    one_of_two: {"uids"},
    spared: {"uids"},
    which: {"uids"},
    which_other: {"uids"},
    rumour: {"uids"},
    refused: {"times-plain"},
    next_day: {"times-nights"},
    from_day: {"times-changes"},
    from_unmoved: {"times-changes"},
    restore_place: {"titles", "times-changes"},
    undo_none: {"uids"},
    undo_plan: {"times-changes"},
    meant_none: {"times-changes"},
    meant_half: {"times-changes"},
    swap_none: {"times-changes"},
    swap_zone: {"times-changes"},
    plan_hours: {"times-changes"},
    later_plan: {"times-changes"},
    later_both: {"times-changes"},
    usual_clocks: {"times-zones"},
    no_delay: {"times-zones"},
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
    one_zone_late: {"times-zones"},
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
