"""Reads the terms out of the texts in rules/, as somebody would who knows what to look for."""

import re
from datetime import datetime
from pathlib import Path

_EUR, _DAY = r"([\d,.]+) EUR", r"(\d+ [A-Z][a-z]+ \d{4})"

_PLACES = {
    "agreement": {
        "break_long": r"more than 9 hours a break of (\d+) minutes",
        "night_from": r"`night`: from (\d\d):00",
        "night_to": r"`night`: from \d\d:00 to (\d\d):00",
        "night_pct": r"`night`: from \S+ to \S+ (\d+) %",
        "sunday_pct": r"on Sundays (\d+) %",
        "holiday_pct": r"on public holidays (\d+) %",
        "ot_pct": r"everything else, (\d+) %",
        "contribution": r"`contribution` is ([\d.]+) %",
        "ceiling": rf"of no more than {_EUR}",
        "floor": rf"Protected are {_EUR}",
        "per_dependant": rf"plus {_EUR} for each dependant",
        "share": r"may take (\d+) % of the excess",
    },
    "annex-north": {"north_break": r"(\d+) minutes in one of more than 8 hours"},
    "annex-south": {
        "south_from": r"Night is from (\d\d):00",
        "south_to": r"Night is from \d\d:00 to (\d\d):00",
        "south_pct": r"brings (\d+) %",
        "south_floor": rf"it is {_EUR} more",
    },
    "memo-1": {
        "m1_night": rf"2\. From {_DAY}",
        "m1_night_pct": r"night brings (\d+) %",
        "m1_floor": rf"{_EUR} are protected",
    },
    "memo-2": {
        "m2_from": r"night is from (\d\d):00",
        "m2_to": r"night is from \d\d:00 to (\d\d):00",
        "m2_stage": rf"2\. From {_DAY}",
        "m2_stage_min": r"first (\d+) overtime minutes",
        "m2_ot_pct": r"a week and (\d+) %",
        "m2_overlap": rf"3\. From {_DAY}",
        "m2_floor_day": rf"4\. From {_DAY}",
        "m2_floor": rf"{_EUR} are protected",
        "m2_break": rf"5\. From {_DAY}",
        "m2_break_min": r"contains a break of (\d+) minutes",
        "m2_target": rf"6\. From {_DAY}",
    },
    "memo-3": {
        "m3_window": rf"point 1 begins on {_DAY}",
        "m3_rest_from": rf"point 3 rests from {_DAY}",
        "m3_rest_to": rf"point 3 rests from [\w ]+ to {_DAY}",
        "m3_advent_from": rf"On Sundays from {_DAY}",
        "m3_advent_to": rf"On Sundays from [\w ]+ to {_DAY}",
        "m3_sunday_pct": r"Sunday work brings (\d+) %",
        "m3_night_end": rf"last day is {_DAY}",
        "m3_contribution": r"contribution is ([\d.]+) %",
        "m3_ceiling": rf"no more than {_EUR}",
    },
}


def terms(workspace: Path) -> dict[str, int]:
    """Return the terms: amounts in cents, percentages of contributions in hundredths, days as ordinals."""
    found = {}
    for name, places in _PLACES.items():
        text = " ".join((workspace / "rules" / f"{name}.md").read_text("utf-8").split())
        for key, pattern in places.items():
            found[key] = _value(re.search(pattern, text)[1], pattern)
    return found


def _value(text: str, pattern: str) -> int:
    if _DAY in pattern:
        return datetime.strptime(text, "%d %B %Y").toordinal()
    if "EUR" in pattern or "." in text:
        return round(float(text.replace(",", "")) * 100)
    return int(text)
