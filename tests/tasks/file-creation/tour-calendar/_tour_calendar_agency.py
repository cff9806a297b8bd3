"""Reads plan and corrections, with care or with one of the slips the task is built around.

Patterns and reckoning are its own and share no code with the generator, so that each proves the other.
"""

import csv
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

from _tour_calendar_reader import read_entries
from _tour_calendar_usual import usual_rules

WEEK = timedelta(days=7)
HALF = timedelta(minutes=30)


def season(workspace: Path, slips=frozenset()):
    """Return what takes place, as dicts with uid, title, place, start, end and ``off``."""
    zones = json.loads((workspace / "zones.json").read_text("utf-8"))["zones"]
    if "usual" in slips:
        zones = usual_rules(zones)
    with (workspace / "tour.csv").open(encoding="utf-8", newline="") as handle:
        plan = [one for row in csv.DictReader(handle, delimiter=";") for one in _expand(row, slips)]
    entries = read_entries((workspace / "changes.txt").read_text("utf-8"))
    _take_back(plan, entries, slips)
    for entry in entries if "order" in slips else reversed(entries):
        if entry["kind"] == "clocks":
            zones = _put_off(zones, entry, slips)
        else:
            _correct(plan, entry, slips)
    kept = [one for one in plan if not one["off"] or {"cancel", "status"} & slips]
    for one in kept:
        one["start"], one["end"] = _instants(one, zones, slips)
        if "new-date" in slips and one["series"]:
            one["uid"] = f"{one['id']}-{one['day']:%Y%m%d}"
    return kept


def _expand(row, slips):
    first = datetime.strptime(row["date"], "%d.%m.%Y")
    repeat, days = row["repeat"], [first]
    step = 2 * WEEK if repeat.startswith("every two") and "fortnight" not in slips else WEEK
    left_out = re.search(r"except (\S+)", repeat)
    if number := re.search(r", (\d+) times", repeat):
        wanted = int(number[1]) + ("times" in slips)
        wanted += bool(left_out) and "except-uncounted" in slips
        days = [first + n * step for n in range(wanted)]
    elif repeat:
        bound = datetime.strptime(repeat.split()[-1], "%d.%m.%Y")
        days = [first + n * step for n in range(60) if first + n * step <= bound]
        if "until" in slips and days[-1] == bound:
            days.pop()
    if left_out and "except" not in slips:
        days.remove(datetime.strptime(left_out[1], "%d.%m.%Y"))
    for day in days:
        yield {
            "uid": f"{row['id']}-{day:%Y%m%d}" if repeat else row["id"],
            "id": row["id"],
            "series": bool(repeat),
            "first": first,
            "planned": day,
            "day": day,
            "hours": (row["start"], row["end"]),
            "plan": (row["start"], row["end"]),
            "place": row["place"],
            "zone": row["zone"],
            "home": (row["place"], row["zone"]),
            "title": row["title"],
            "off": False,
            "touched": False,
        }


def _take_back(plan, entries, slips):
    """Strike the entries that newer ones take back, and give away those that are another's."""
    found = {entry["head"]: entry for entry in entries}
    for entry in entries:
        old = found.get(entry.get("about"))
        if not old:
            continue
        if entry["kind"] == "undo" and "undo-none" not in slips:
            old["kind"] = "restore" if "undo-plan" in slips else "note"
        if entry["kind"] == "meant" and "meant-none" not in slips:
            entry.update(old, ids=[entry["other"]])
            old["kind"] = old["kind"] if "meant-half" in slips else "note"


def _correct(plan, entry, slips):
    kind = entry["kind"]
    if kind == "refused" and "refused" in slips:
        kind = "move"
    if (kind == "rumour" and "rumour" in slips) or (kind == "tail" and "tail" not in slips):
        kind = "cancel"
    ids = entry["ids"] + ([entry["spared"]] if entry.get("spared") and "spared" in slips else [])
    if kind == "which":
        there = sorted(
            (one for one in plan if one["home"][0] == entry["place"]), key=lambda one: one["planned"]
        )
        wrong = "which-other" in slips
        there[entry["later"] != wrong]["off"] |= "which" not in slips
        return
    if kind == "swap":
        _swap(plan, ids, slips)
        return
    if kind == "cancel" and "one-of-two" in slips:
        ids = ids[:1]
    concerned = [one for one in plan if one["id"] in ids]
    if entry["kind"] == "tail":
        concerned = concerned[-2:]
    if "nth" in entry:
        concerned = [concerned[entry["nth"]]]
    for one in concerned:
        _apply(one, kind, entry, slips)


def _apply(one, kind, entry, slips):
    planned, day = entry.get("planned"), entry.get("day")
    if kind == "from":
        passed = (one["day"] if "from-day" in slips else one["planned"]) >= planned
        unmoved = "from-unmoved" not in slips or one["day"] == one["planned"]
        if "from-none" not in slips and unmoved and ("from-all" in slips or passed):
            one.update(hours=entry["hours"], touched=True)
    elif planned and one["planned"] != planned:
        return
    elif kind == "place":
        one.update({} if "old-place" in slips else {"place": entry["place"]})
        one.update({} if "old-zone" in slips else {"zone": entry["zone"]})
    elif kind == "move":
        one.update(day=day, hours=entry["hours"], off=False, touched=True)
    elif kind == "day":
        one.update(day=day, hours=one["plan"] if "plan-hours" in slips else one["hours"], touched=True)
    elif kind == "later":
        start = (one["plan"] if "later-plan" in slips else one["hours"])[0]
        end = one["hours"][1]
        one["hours"] = (_half_past(start), _half_past(end) if "later-both" in slips else end)
    elif kind == "restore":
        one.update(day=one["planned"], hours=one["plan"], off=False)
        if "restore-place" not in slips:
            one["place"], one["zone"] = one["home"]
    elif kind == "cancel":
        one["off"] = True


def _half_past(text):
    return (datetime.strptime(text, "%H:%M") + HALF).strftime("%H:%M")


def _swap(plan, ids, slips):
    pair = [one for one in plan if one["id"] in ids]
    for one, other in (pair, pair[::-1]):
        if "swap-none" not in slips:
            one.update(day=other["planned"], hours=other["plan"], touched=True)
            one["zone"] = other["home"][1] if "swap-zone" in slips else one["zone"]


def _put_off(zones, entry, slips):
    """Return the rules with one change of clocks on another day."""
    if {"no-delay", "usual"} & slips:
        return zones
    late = entry["day"] - entry["planned"]
    periods = []
    for period in zones[entry["zone"]]:
        instant = datetime.fromisoformat(period["from"].removesuffix("Z"))
        if abs((instant.date() - entry["planned"].date()).days) <= 1:
            period = {**period, "from": f"{instant + late:%Y-%m-%dT%H:%M:%SZ}"}
        periods.append(period)
    return {**zones, entry["zone"]: periods}


def _instants(one, zones, slips):
    start, end = one["hours"]
    periods = zones[one["zone"]]
    if "drift" in slips and one["series"] and not one["touched"]:
        late = one["planned"] - one["first"]
        return tuple(_utc(_at(one["first"], text), periods) + late for text in (start, end))
    opening, closing = _at(one["day"], start), _at(one["day"], end)
    if "local" in slips:
        return opening, closing + timedelta(days=closing <= opening)
    begin = _utc(opening, periods, "second" in start and "first" not in slips)
    if "end-offset" in slips:
        return begin, begin + (closing - opening) % timedelta(days=1)
    if "next-day" in slips:
        return begin, _utc(closing + timedelta(days=closing <= opening), periods)
    ends = [_utc(closing + timedelta(days=n), periods, "second" in end) for n in (0, 1)]
    return begin, ends[0] if ends[0] > begin or "same-day" in slips else ends[1]


def _at(day, text):
    hour, minute = text.split()[0].split(":")
    return day + timedelta(hours=int(hour), minutes=int(minute))


def _utc(clock, periods, second=False):
    """Try the offset of each period and keep the instants that lie in their period."""
    fits = []
    for number, period in enumerate(periods):
        sign, hours, minutes = re.fullmatch(r"([+-])(\d\d):(\d\d)", period["utc_offset"]).groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
        instant = clock - offset
        until = periods[number + 1]["from"] if number + 1 < len(periods) else "9999"
        if period["from"] <= f"{instant:%Y-%m-%dT%H:%M:%SZ}" < until:
            fits.append(instant)
    return fits[-1 if second else 0]
