"""A season's plan with corrections, to become a calendar file.

`build` proves that each trap of `_tour_calendar_rules.TRAPS`, when missed, costs exactly the checks listed
there, and that folding by characters or by octets alone breaks a rule of RFC 5545; it draws again where not.
"""

import json
import random
from datetime import datetime

from _tour_calendar_draw import Season, draw_changes, draw_rows
from _tour_calendar_rules import TRAPS, calendar, settle
from _tour_calendar_text import breaks_naive_folds, changes_text, csv_text, zones_text
from _tour_calendar_zones import readings, transitions


def lost_checks(truth, answer):
    """Return the checks that ``answer`` fails when ``truth`` is right; what is missing costs `uids` alone."""
    lost = {"uids"} if set(truth) != set(answer) else set()
    for uid in truth.keys() & answer.keys():
        start, end, title, place, group = truth[uid]
        if answer[uid][:2] != (start, end):
            lost.add(f"times-{group}")
        if answer[uid][2:4] != (title, place):
            lost.add("titles")
    return lost


def sound(season, rows, changes, tables):
    """Return whether the draw has one clear answer and every trap costs exactly its checks."""
    truth = calendar(rows, changes, tables)
    titles = [title for _, _, title, _, _ in truth.values()]
    if not breaks_naive_folds(titles) or not all(any(mark in title for title in titles) for mark in "\\\n,;"):
        return False
    if any(start >= end for start, end, *_ in truth.values()):
        return False
    groups = [group for *_, group in truth.values()]
    if any(
        groups.count(name) < least
        for name, least in (("changes", 6), ("nights", 5), ("plain", 6), ("series", 8))
    ):
        return False
    for slot in settle(rows, changes).values():
        hours = [clock_reading(slot.day, text) for text in (slot.start, slot.end)]
        doubled = [len(readings(clock, tables[slot.zone])) for clock in hours]
        if ("(second)" in slot.start) != (doubled[0] == 2) or doubled[1] != 1 or 0 in doubled:
            return False
    missed = {trap: lost_checks(truth, calendar(rows, changes, tables, {trap})) for trap in TRAPS}
    return missed == TRAPS


def clock_reading(day, text):
    """Return the clock reading of a printed time."""
    return datetime.combine(day, datetime.strptime(text[:5], "%H:%M").time())


def expected_from(truth):
    """Return what the checks compare with: uid → start and end as in a calendar, title, place, group."""
    return {
        uid: {
            "start": f"{start:%Y%m%dT%H%M%SZ}",
            "end": f"{end:%Y%m%dT%H%M%SZ}",
            "title": title,
            "place": place,
            "group": group,
        }
        for uid, (start, end, title, place, group) in sorted(truth.items())
    }


def build(workspace, hidden, seed):
    """Write the inputs to ``workspace`` and the expected calendar to ``hidden``."""
    for redraw in range(500):
        rng = random.Random(f"tour-calendar/{seed}/{redraw}")
        season = Season(rng)
        tables = {zone: transitions(zone, season.year) for zone in season.zones}
        rows = draw_rows(rng, season)
        changes = draw_changes(rng, season, rows)
        if sound(season, rows, changes, tables):
            break
    else:
        raise AssertionError("no draw with all traps alive")
    (workspace / "tour.csv").write_text(csv_text(rows), "utf-8")
    (workspace / "changes.txt").write_text(changes_text(rng, changes), "utf-8")
    (workspace / "zones.json").write_text(zones_text(season), "utf-8")
    expected = expected_from(calendar(rows, changes, tables))
    (hidden / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8")
