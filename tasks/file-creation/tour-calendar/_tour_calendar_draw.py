"""Draws a season: four zones, single appointments, weekly series over the change of clocks, nights, corrections."""

from datetime import date, datetime, timedelta

import _tour_calendar_words as words
from _tour_calendar_rules import DAY, Change, Row, planned_days
from _tour_calendar_zones import AMERICA, EUROPE, SOUTH, STEADY, ZONES, changes_in

HOURS = [("19:30", "21:45"), ("20:00", "22:15"), ("18:00", "19:20"), ("11:00", "12:30"), ("15:00", "16:10"),
         ("10:15", "13:00"), ("19:00", "21:20"), ("16:45", "18:15")]  # fmt: skip
LATE = [("22:00", "00:30"), ("21:30", "00:15"), ("22:30", "01:45"), ("20:30", "00:00"), ("21:00", "01:10")]
WEEKLY = [("10:00", "12:30"), ("17:15", "19:00"), ("11:00", "12:15"), ("18:30", "21:00"), ("09:30", "11:45")]


class Season:
    """The frame of a plan: year, dates, zones, and the Sundays on which their clocks change."""

    def __init__(self, rng):
        self.year = rng.randint(2026, 2029)
        spring = rng.random() < 0.5
        self.first, self.last = (
            (date(self.year, 2, 16), date(self.year, 4, 26))
            if spring
            else (date(self.year, 8, 31), date(self.year, 11, 29))
        )
        self.zones = [
            rng.choice([name for name, (family, _) in ZONES.items() if family == wanted])
            for wanted in (EUROPE, AMERICA, SOUTH, STEADY)
        ]
        self.shifts = {
            zone: found[0]
            for zone in self.zones
            if (found := changes_in(zone, self.year, self.first, self.last))
        }
        self.critical = {day - n * DAY for day, _ in self.shifts.values() for n in (0, 1)}

    def day(self, rng, margin=0):
        """Return a date of the season that is neither a change of clocks nor its eve."""
        while True:
            day = self.first + rng.randint(0, (self.last - self.first).days - margin) * DAY
            if day not in self.critical:
                return day


def draw_rows(rng, season):
    """Return the rows of tour.csv by date."""
    ensembles = rng.sample(words.ENSEMBLES, len(words.ENSEMBLES))
    programmes = rng.sample(words.PROGRAMMES, len(words.PROGRAMMES))
    drafts = [
        *_series(rng, season, ensembles),
        *_nights(rng, season, ensembles),
        _small_hours(rng, season, ensembles),
    ]
    n_plain = rng.randint(14, 18)
    for number in range(n_plain):
        ensemble, programme = ensembles[number % len(ensembles)], programmes[number % len(programmes)]
        zone = season.zones[number % 4] if number < 8 else rng.choice(season.zones)
        if number < len(words.SPECIAL):
            title = words.SPECIAL[number].format(ensemble, programme)
        else:
            title = f"{ensemble}: {programme}{rng.choice(words.TAILS)}"
        start, end = rng.choice(HOURS)
        drafts.append((title, _place(rng, zone), zone, season.day(rng), start, end, (), "plain"))
    ids = [f"BK-{n}" for n in rng.sample(range(112, 400), len(drafts))]
    rows = [Row(name, *draft) for name, draft in zip(ids, drafts, strict=True)]
    return sorted(rows, key=lambda row: (row.day, row.start, row.id))


def _place(rng, zone):
    return rng.choice(words.PLACES[zone])


def _series(rng, season, ensembles):
    """Return one series for each zone; where the clocks change it lasts from before until after."""
    hours = rng.sample(WEEKLY, 4)
    titles = rng.sample(words.SERIES, 4)
    endings = rng.sample(["times", "times", "until", "until-later"], 4)
    drafts = []
    for zone, (start, end), title, ending, name in zip(
        season.zones, hours, titles, endings, ensembles, strict=False
    ):
        n_days = rng.randint(6, 8)
        turn = season.shifts[zone][0] if zone in season.shifts else season.first + 35 * DAY
        day = turn - rng.randint(8, 13) * DAY - 7 * DAY * rng.randint(0, 1)
        last = day + 7 * (n_days - 1) * DAY
        repeat = ("times", n_days) if ending == "times" else ("until", last)
        if ending == "until-later":
            repeat = ("until", last + rng.randint(1, 6) * DAY)
        drafts.append((title.format(name), _place(rng, zone), zone, day, start, end, repeat, "series"))
    return drafts


def _nights(rng, season, ensembles):
    """Return three shows that end past midnight and one that lasts over a change of clocks."""
    drafts = []
    titles, hours = rng.sample(words.NIGHTS, 4), rng.sample(LATE, 3)
    for title, (start, end), name in zip(titles, hours, ensembles[4:], strict=False):
        zone = rng.choice(season.zones)
        drafts.append(
            (title.format(name), _place(rng, zone), zone, season.day(rng, 2), start, end, (), "nights")
        )
    zone = rng.choice(sorted(season.shifts))
    start, end = rng.choice(["21:30", "22:00", "22:30"]), rng.choice(["04:30", "05:00", "04:15"])
    title = titles[3].format(ensembles[8])
    drafts.append((title, _place(rng, zone), zone, season.shifts[zone][0] - DAY, start, end, (), "nights"))
    return drafts


def _small_hours(rng, season, ensembles):
    """Return the appointment that begins when an hour runs for the second time."""
    zone = rng.choice(sorted(zone for zone, (_, shift) in season.shifts.items() if shift < 0))
    hour = 1 if zone in ("Europe/London", "America/New_York", "America/Chicago") else 2
    start, end = (
        f"{hour:02}:{rng.choice([10, 15, 30, 40, 45]):02} (second)",
        f"{hour + 3:02}:{rng.choice(['00', '20'])}",
    )
    title = rng.choice(words.SMALL_HOURS).format(rng.choice(ensembles))
    return title, _place(rng, zone), zone, season.shifts[zone][0], start, end, (), "nights"


def draw_changes(rng, season, rows):
    """Return the entries of changes.txt, oldest first, each with its time."""
    plain = rng.sample([row for row in rows if row.role == "plain"], 9)
    moved, off, moved_off, back, elsewhere, twice, *quiet = plain
    series = rng.sample([row for row in rows if row.repeat], 4)
    gone, shifted, later, both = series
    one, other = rng.sample(planned_days(both)[1:-1], 2)
    turn = rng.choice(planned_days(later)[3:-2] or planned_days(later)[-2:-1])
    older = [
        _move(rng, season, moved_off), _cancel(back), _move(rng, season, twice), _move(rng, season, moved),
        _cancel(gone, rng.choice(planned_days(gone)[1:-1])), _move(rng, season, both, one),
    ]  # fmt: skip
    newer = [
        _cancel(moved_off), {"kind": "restore", "id": back.id}, _move(rng, season, twice, unlike=older[2]),
        _cancel(off), _elsewhere(rng, season, elsewhere),
        _move(rng, season, shifted, rng.choice(planned_days(shifted)[1:-1])), _from(rng, later, turn),
        _cancel(both, other),
    ]  # fmt: skip
    notes = [{"kind": "note", "id": row.id} for row in quiet]
    rng.shuffle(older)
    rng.shuffle(newer)
    entries = [*older, *newer]
    for note in notes:
        entries.insert(rng.randint(0, len(entries)), note)
    opening = datetime.combine(season.first, datetime.min.time()) - timedelta(days=rng.randint(40, 45))
    hours = sorted(rng.sample(range(38 * 10), len(entries)))
    stamps = [
        opening + timedelta(days=hour // 10, hours=8 + hour % 10, minutes=rng.randint(0, 59))
        for hour in hours
    ]
    return [Change(stamp, **entry) for stamp, entry in zip(stamps, entries, strict=True)]


def _move(rng, season, row, planned=None, unlike=None):
    day = (planned or row.day) + rng.choice([-3, -2, 2, 3, 4, 5]) * DAY
    hours = [pair for pair in HOURS if pair[0] != row.start and (not unlike or pair[0] != unlike["start"])]
    start, end = rng.choice(hours)
    return {"kind": "move", "id": row.id, "planned": planned, "day": day, "start": start, "end": end}


def _cancel(row, planned=None):
    return {"kind": "cancel", "id": row.id, "planned": planned}


def _elsewhere(rng, season, row):
    zone = rng.choice([zone for zone in season.zones if zone != row.zone])
    return {"kind": "place", "id": row.id, "place": _place(rng, zone), "zone": zone}


def _from(rng, row, planned):
    start, end = rng.choice([pair for pair in WEEKLY if pair[0] != row.start])
    return {"kind": "from", "id": row.id, "planned": planned, "start": start, "end": end}
