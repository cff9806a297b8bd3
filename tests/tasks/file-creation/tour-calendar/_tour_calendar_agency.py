"""Reads plan and corrections and writes the calendar, with care or with one of the slips the task is built around.

Patterns and reckoning are its own and share no code with the generator, so that each proves the other.
"""

import csv
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

WEEK = timedelta(days=7)
DATE = r"\w{3} (\d+ \w{3} \d{4})"
HOURS = r"(\d\d:\d\d) to (\d\d:\d\d)"


def season(workspace: Path, slips=frozenset()):
    """Return what takes place, as dicts with uid, title, place, start, end and ``off``."""
    zones = json.loads((workspace / "zones.json").read_text("utf-8"))["zones"]
    with (workspace / "tour.csv").open(encoding="utf-8", newline="") as handle:
        plan = [one for row in csv.DictReader(handle, delimiter=";") for one in _expand(row, slips)]
    entries = _entries((workspace / "changes.txt").read_text("utf-8"))
    for body in entries if "order" in slips else reversed(entries):
        _correct(plan, body, slips)
    kept = [one for one in plan if not one["off"] or {"cancel", "status"} & slips]
    for one in kept:
        one["start"], one["end"] = _instants(one, zones, slips)
        if "new-date" in slips and one["series"]:
            one["uid"] = f"{one['id']}-{one['day']:%Y%m%d}"
    return kept


def _expand(row, slips):
    first = datetime.strptime(row["date"], "%d.%m.%Y")
    days = [first]
    if row["repeat"].startswith("weekly, "):
        wanted = int(row["repeat"].split()[1]) + ("times" in slips)
        days = [first + n * WEEK for n in range(wanted)]
    elif row["repeat"]:
        bound = datetime.strptime(row["repeat"].split()[-1], "%d.%m.%Y")
        days = [first + n * WEEK for n in range(60) if first + n * WEEK <= bound]
        if "until" in slips and days[-1] == bound:
            days.pop()
    for day in days:
        uid = f"{row['id']}-{day:%Y%m%d}" if row["repeat"] else row["id"]
        yield {
            "uid": uid,
            "id": row["id"],
            "series": bool(row["repeat"]),
            "first": first,
            "planned": day,
            "day": day,
            "hours": (row["start"], row["end"]),
            "plan": (row["start"], row["end"]),
            "place": row["place"],
            "zone": row["zone"],
            "title": row["title"],
            "off": False,
            "touched": False,
        }


def _entries(text):
    return [block.split("\n", 1)[1].strip() for block in re.split(r"^--- ", text, flags=re.M)[1:]]


def _correct(plan, body, slips):
    name = body.split(":")[0]
    planned = _day(re.search(rf"(?:planned for|from) {DATE}", body))
    moved = re.search(rf"{DATE},? (?:instead, |now )?{HOURS}", body)
    series = re.search(rf"from {DATE} on it is {HOURS}", body)
    place = re.search(r"new place: (.+)\n\s+zone: (\S+)", body)
    off = re.search(r"cancelled|not take place|withdrawn", body)
    back = re.search(r"after all|have it back", body)
    for one in plan:
        if one["id"] != name:
            continue
        if series:
            if "from-none" not in slips and ("from-all" in slips or one["planned"] >= planned):
                one.update(hours=series.groups()[1:], touched=True)
        elif planned and one["planned"] != planned:
            continue
        elif place:
            one.update({} if "old-place" in slips else {"place": place[1]})
            one.update({} if "old-zone" in slips else {"zone": place[2]})
        elif moved:
            one.update(day=_day(moved), hours=moved.groups()[1:], off=False, touched=True)
        elif back:
            one.update(day=one["planned"], hours=one["plan"], off=False)
        elif off:
            one["off"] = True


def _day(match):
    return match and datetime.strptime(match[1], "%d %b %Y")


def _instants(one, zones, slips):
    start, end = one["hours"]
    if "drift" in slips and one["series"] and not one["touched"]:
        late = one["planned"] - one["first"]
        base = one["first"]
        return tuple(_utc(_at(base, text), zones[one["zone"]]) + late for text in (start, end))
    opening, closing = _at(one["day"], start), _at(one["day"], end)
    if "local" in slips:
        return opening, closing + timedelta(days=closing <= opening)
    first = "(second)" not in start or "first" in slips
    begin = _utc(opening, zones[one["zone"]], first)
    if closing <= opening and "same-day" not in slips:
        closing += timedelta(days=1)
    if "end-offset" in slips:
        return begin, begin + (closing - opening)
    return begin, _utc(closing, zones[one["zone"]])


def _at(day, text):
    hour, minute = text.split()[0].split(":")
    return day + timedelta(hours=int(hour), minutes=int(minute))


def _utc(clock, periods, first=True):
    """Try the offset of each period and keep the instants that lie in their period."""
    fits = []
    for number, period in enumerate(periods):
        sign, hours, minutes = re.fullmatch(r"([+-])(\d\d):(\d\d)", period["utc_offset"]).groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
        instant = clock - offset
        until = periods[number + 1]["from"] if number + 1 < len(periods) else "9999"
        if period["from"] <= f"{instant:%Y-%m-%dT%H:%M:%SZ}" < until:
            fits.append(instant)
    return fits[0 if first else -1]


def escaped(text, slips=frozenset()):
    """Return a TEXT value."""
    if "no-escapes" in slips:
        return text
    if "no-backslash" not in slips:
        text = text.replace("\\", "\\\\")
    return text.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line, slips=frozenset()):
    """Return the octets of one content line, folded."""
    if "no-folds" in slips:
        return line.encode()
    if "fold-characters" in slips:
        return "\r\n ".join([line[:75], *(line[n : n + 74] for n in range(75, len(line), 74))]).encode()
    octets = line.encode()
    if "fold-octets" in slips:
        return b"\r\n ".join([octets[:75], *(octets[n : n + 74] for n in range(75, len(octets), 74))])
    parts, room = [], 75
    while len(octets) > room:
        cut = room
        while octets[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(octets[:cut])
        octets, room = octets[cut:], 74
    return b"\r\n ".join([*parts, octets])


def calendar(appointments, slips=frozenset()):
    """Return the octets of the calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Agency//Season//DE"]
    for one in appointments:
        lines += ["BEGIN:VEVENT", f"UID:{one['uid']}"]
        lines += [] if "no-stamp" in slips else ["DTSTAMP:20260101T000000Z"]
        if "floating" in slips:
            lines += [f"{name};TZID={one['zone']}:{one[key]:%Y%m%dT%H%M%S}" for name, key in _ENDS]
        else:
            lines += [f"{name}:{one[key]:%Y%m%dT%H%M%SZ}" for name, key in _ENDS]
        lines += [f"SUMMARY:{escaped(one['title'], slips)}", f"LOCATION:{escaped(one['place'], slips)}"]
        lines += ["STATUS:CANCELLED"] if one["off"] and "status" in slips else []
        lines += ["END:VEVENT"]
    octets = b"".join(folded(line, slips) + b"\r\n" for line in [*lines, "END:VCALENDAR"])
    return octets.replace(b"\r\n", b"\n") if "bare-lf" in slips else octets


_ENDS = (("DTSTART", "start"), ("DTEND", "end"))
