"""A season's plan with corrections, to become a calendar file.

`build` proves that each trap of `_tour_calendar_rules.TRAPS`, when missed, costs exactly the checks listed
there, and that folding by characters or by octets alone breaks a rule of RFC 5545; it draws again where not.
"""

import json
import random

from _tour_calendar_changes import NoDraw, draw_changes
from _tour_calendar_draw import Season, draw_rows
from _tour_calendar_rules import TRAPS, calendar, marks_are_right, sensitive, settle
from _tour_calendar_text import breaks_naive_folds, changes_text, csv_text, zones_text


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


LEAST = {"changes": 12, "nights": 6, "plain": 5, "series": 12, "zones": 5}
"""Group → how many appointments it must have."""


def sound(season, rows, changes):
    """Return whether the draw has one clear answer and every trap costs exactly its checks."""
    truth = calendar(rows, changes, season.tables)
    titles = [title for _, _, title, _, _ in truth.values()]
    if not breaks_naive_folds(titles) or not all(any(mark in title for title in titles) for mark in "\\\n,;"):
        return False
    if any(start >= end for start, end, *_ in truth.values()):
        return False
    groups = [group for *_, group in truth.values()]
    if any(groups.count(name) < least for name, least in LEAST.items()):
        return False
    for slot in settle(rows, changes).values():
        if slot.day.year != season.year or not marks_are_right(slot, season.tables["true"][slot.zone]):
            return False
        if slot.group in ("changes", "nights") and sensitive(slot, season.tables):
            return False
    missed = {trap: lost_checks(truth, calendar(rows, changes, season.tables, {trap})) for trap in TRAPS}
    return missed == TRAPS


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
        rows = draw_rows(rng, season)
        try:
            changes = draw_changes(rng, season, rows)
        except NoDraw:
            continue
        if sound(season, rows, changes):
            break
    else:
        raise AssertionError("no draw with all traps alive")
    (workspace / "tour.csv").write_text(csv_text(rows), "utf-8")
    (workspace / "changes.txt").write_text(changes_text(rng, rows, changes), "utf-8")
    (workspace / "zones.json").write_text(zones_text(season), "utf-8")
    expected = expected_from(calendar(rows, changes, season.tables))
    (hidden / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8")
