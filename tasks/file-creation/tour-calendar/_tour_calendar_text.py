"""Writes the plan, its corrections and the rules of the zones as the agency would keep them."""

import csv
import io
import json

import _tour_calendar_words as words
from _tour_calendar_zones import transitions

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
HEAD = """CORRECTIONS TO THE PLAN
Newest on top. Where two entries do not agree, the newer one counts; what no entry mentions stays as in tour.csv.
A date after "planned for" or "from" is the date in the plan. Clock times are local to the place. What is cancelled is
not made up for.
"""
MOVE = [
    "{id}: moved to {day}, {start} to {end}. Same place.",
    "{id}: new date, {day}, now {start} to {end}.",
    "{id}: they can only have us on {day}, {start} to {end}. I have said yes.",
]
MOVE_ONE = [
    "{id}: the one planned for {planned} is on {day} instead, {start} to {end}.",
    "{id}: planned for {planned}, moved to {day}, {start} to {end}.",
]
CANCEL = [
    "{id}: cancelled. No other date will be found.",
    "{id}: does not take place, the hall is flooded.",
    "{id}: the promoter has withdrawn, so this is off.",
]
CANCEL_ONE = [
    "{id}: the one planned for {planned} is cancelled.",
    "{id}: planned for {planned}, does not take place.",
]
RESTORE = [
    "{id}: takes place after all, exactly as in the plan.",
    "{id}: we have it back, on the day and at the time in the plan.",
]
FROM = ["{id}: from {planned} on it is {start} to {end}, every time until the end of the series."]
PLACE = [
    "{id}: changes places. The clock times stay the same, local there.\n    new place: {place}\n    zone: {zone}",
]


def csv_text(rows):
    """Return tour.csv, semicolons between the columns and dates as day.month.year."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["id", "title", "place", "zone", "date", "start", "end", "repeat"])
    for row in rows:
        repeat = ""
        if row.repeat:
            kind, bound = row.repeat
            repeat = f"weekly, {bound} times in all" if kind == "times" else f"weekly until {_german(bound)}"
        writer.writerow(
            [row.id, row.title, row.place, row.zone, _german(row.day), row.start, row.end, repeat]
        )
    return out.getvalue()


def changes_text(rng, changes):
    """Return changes.txt, the newest entry on top."""
    notes = rng.sample(words.NOISE, len(words.NOISE))
    blocks = []
    for change in changes:
        if change.kind == "note":
            form = notes.pop()
        else:
            form = rng.choice(_forms(change))
        body = form.format(
            id=change.id,
            planned=change.planned and _english(change.planned),
            day=change.day and _english(change.day),
            start=change.start,
            end=change.end,
            place=change.place,
            zone=change.zone,
        )
        who = rng.choice(words.STAFF)
        blocks.append(f"--- {_english(change.sent.date())}, {change.sent:%H:%M} ({who})\n{body}\n")
    return "\n".join([HEAD, *reversed(blocks)])


def _forms(change):
    single = change.planned is None
    return {
        "move": MOVE if single else MOVE_ONE,
        "cancel": CANCEL if single else CANCEL_ONE,
        "restore": RESTORE,
        "from": FROM,
        "place": PLACE,
    }[change.kind]


def zones_text(season):
    """Return zones.json: for each zone, from which instant on which offset holds."""
    zones = {}
    for zone in sorted(season.zones):
        zones[zone] = [
            {"from": f"{instant:%Y-%m-%dT%H:%M:%SZ}", "utc_offset": _offset(minutes)}
            for instant, minutes in transitions(zone, season.year)
        ]
    note = "From the instant 'from' (UTC) on, clocks in the zone show UTC plus 'utc_offset', until the next entry."
    return json.dumps({"note": note, "zones": zones}, indent=2) + "\n"


def _offset(minutes):
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _german(day):
    return f"{day.day:02}.{day.month:02}.{day.year}"


def _english(day):
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def content_line(name, text):
    """Return the octets of an iCalendar text line before folding."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return f"{name}:{escaped}"


def breaks_naive_folds(texts):
    """Return whether folding by characters makes too long a line, and folding by octets splits a character."""
    lines = [content_line("SUMMARY", text) for text in texts]
    by_character = any(
        len(line[n : n + 74].encode()) > 75
        for line in lines
        if len(line) > 75
        for n in range(0, len(line), 74)
    )
    by_octet = all(any(_splits(line.encode(), width) for line in lines) for width in (73, 74, 75))
    return by_character and by_octet


def _splits(octets, first):
    """Return whether cuts after ``first`` octets and then every 74 fall within a character."""
    cuts = range(first, len(octets), 74)
    return any(octets[cut] & 0xC0 == 0x80 for cut in cuts)
