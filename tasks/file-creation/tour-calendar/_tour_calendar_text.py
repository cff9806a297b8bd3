"""Writes the plan, its corrections and the rules of the zones as the agency would keep them."""

import csv
import io
import json
import textwrap

import _tour_calendar_words as words
from _tour_calendar_letters import FORMS, HEAD
from _tour_calendar_rules import DAY, planned_days

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
FULL_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
FULL_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
NTH = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"]


def csv_text(rows):
    """Return tour.csv, semicolons between the columns and dates as day.month.year."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["id", "title", "place", "zone", "date", "start", "end", "repeat"])
    for row in rows:
        writer.writerow(
            [row.id, row.title, row.place, row.zone, _german(row.day), row.start, row.end, _repeat(row)]
        )
    return out.getvalue()


def _repeat(row):
    if not row.repeat:
        return ""
    kind, bound, weeks, left_out = row.repeat
    often = "weekly" if weeks == 1 else "every two weeks"
    if kind == "until":
        return f"{often} until {_german(bound)}"
    return f"{often}, {bound} times in all" + (f", except {_german(left_out)}" if left_out else "")


def changes_text(rng, rows, changes):
    """Return changes.txt, the newest entry on top."""
    plan = {row.id: row for row in rows}
    blocks = []
    for change in changes:
        blanks = _blanks(rng, change, plan)
        forms = [form for form in FORMS[_form(change)] if "{nth}" not in form or "nth" in blanks]
        body = _wrapped(rng.choice(forms).format(**blanks))
        who = rng.choice(words.STAFF)
        blocks.append(f"--- {_english(change.sent.date())}, {change.sent:%H:%M} ({who})\n{body}\n")
    return "\n".join([HEAD.format(year=rows[0].day.year), *reversed(blocks)])


def _wrapped(body):
    """Return a text with its first paragraph in lines of a usual length."""
    text, *rest = body.split("\n")
    return "\n".join([textwrap.fill(text, 100, break_on_hyphens=False, break_long_words=False), *rest])


def _form(change):
    single = change.planned is None or change.kind not in ("move", "cancel")
    return change.kind if single else f"{change.kind}-one"


def _blanks(rng, change, plan):
    """Return what fills the blanks of a form."""
    blanks = {"id": change.id, "other": change.other, "spared": change.spared}
    blanks |= {"place": change.place, "zone": change.zone}
    if change.start:
        between = rng.choice(["{} to {}", "{}–{}", "from {} until {}"])
        blanks["hours"] = between.format(change.start, change.end)
    if change.planned:
        blanks["planned"] = _spoken(rng, change.planned)
        if change.id and not plan[change.id].repeat[3]:
            blanks["nth"] = NTH[planned_days(plan[change.id]).index(change.planned)]
    if change.day:
        blanks["day"] = _spoken(rng, change.day)
        decoy = change.day + rng.choice([-4, -3, 4, 5, 6, 8]) * DAY
        blanks["decoy"] = _spoken(rng, decoy)
    if change.kind == "which":
        earlier = min((row for row in plan.values() if row.place == change.place), key=lambda row: row.day)
        blanks["which"] = "earlier" if earlier.id == change.id else "later"
    if change.about:
        blanks["ref"] = f"{_english(change.about.date())}, {change.about:%H:%M}"
    return blanks


def _spoken(rng, day):
    weekday, month = FULL_DAYS[day.weekday()], FULL_MONTHS[day.month - 1]
    forms = [
        _english(day).removesuffix(f" {day.year}"),
        f"{day.day} {month}",
        f"{weekday}, {day.day} {month}",
    ]
    if day.day not in (1, 2, 3, 21, 22, 23, 31):
        forms.append(f"{month} {day.day}th")
    return rng.choice(forms)


def zones_text(season):
    """Return zones.json: for each zone, from which instant on which offset holds."""
    zones = {}
    for zone in sorted(season.zones):
        zones[zone] = [
            {"from": f"{instant:%Y-%m-%dT%H:%M:%SZ}", "utc_offset": _offset(minutes)}
            for instant, minutes in season.tables["file"][zone]
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
