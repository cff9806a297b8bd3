"""Draws a season: four zones and their clocks, single appointments, series over the change of clocks, nights."""

from datetime import date

import _tour_calendar_words as words
from _tour_calendar_rules import DAY, Row
from _tour_calendar_zones import (
    AMERICA,
    EUROPE,
    SOUTH,
    STEADY,
    ZONES,
    abolished,
    changes_in,
    delayed,
    transitions,
)

HOURS = [("19:30", "21:45"), ("20:00", "22:15"), ("18:00", "19:20"), ("11:00", "12:30"), ("15:00", "16:10"),
         ("10:15", "13:00"), ("19:00", "21:20"), ("16:45", "18:15")]  # fmt: skip
LATE = [("22:00", "00:30"), ("21:30", "00:15"), ("22:30", "01:45"), ("20:30", "00:00"), ("21:00", "01:10")]
WEEKLY = [("10:00", "12:30"), ("17:15", "19:00"), ("11:00", "12:15"), ("18:30", "21:00"), ("09:30", "11:45"),
          ("14:00", "16:30"), ("16:15", "17:45")]  # fmt: skip


class Season:
    """The frame of a plan: year, dates, zones, and the rules of their clocks.

    Of the zones, ``fixed`` has abolished its change of clocks, which zones.json knows; ``late`` has put its own off,
    which only changes.txt knows; in ``twice`` an hour comes twice; ``steady`` has never known a change.
    """

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
        north, south = self.zones[:2], self.zones[2]
        self.twice = south if spring else rng.choice(north)
        self.fixed, self.late = rng.sample([zone for zone in self.zones[:3] if zone != self.twice], 2)
        self.steady = self.zones[3]
        self._set_clocks(rng)

    def _set_clocks(self, rng):
        real = {zone: transitions(zone, self.year) for zone in self.zones}
        self.eased = {
            zone: changes_in(real[zone], self.first, self.last)[0][0] for zone in (self.fixed, self.late)
        }
        as_filed = real | {self.fixed: abolished(real[self.fixed], self.eased[self.fixed])}
        planned = self.eased[self.late]
        weeks = 2 if planned + 21 * DAY > date(self.year, 11, 20) else rng.choice([2, 3])
        late = delayed(real[self.late], planned, 7 * weeks)
        self.tables = {"true": as_filed | {self.late: late}, "file": as_filed, "real": real}
        self.late_day = planned + 7 * weeks * DAY
        self.turns = self.eased | {
            self.late: self.late_day,
            self.twice: changes_in(real[self.twice], self.first, self.last)[0][0],
            self.steady: self.first + 35 * DAY,
        }
        sundays = {*self.eased.values(), *self.turns.values()}
        self.critical = {day - n * DAY for day in sundays for n in (0, 1)}

    def day(self, rng, margin=0):
        """Return a date of the season that is neither a change of clocks nor its eve."""
        while True:
            day = self.first + rng.randint(0, (self.last - self.first).days - margin) * DAY
            if day not in self.critical:
                return day

    def calm(self, zone, day):
        """Return whether everybody agrees on the clocks of a zone around a date."""
        if zone in (self.twice, self.steady):
            return True
        after = self.late_day + 8 * DAY if zone == self.late else date.max
        return day < self.eased[zone] - 8 * DAY or day > after

    def calm_day(self, rng, zone, margin=0):
        """Return a date on which everybody agrees on the clocks of a zone."""
        while not self.calm(zone, day := self.day(rng, margin)):
            pass
        return day


def draw_rows(rng, season):
    """Return the rows of tour.csv by date."""
    ensembles = rng.sample(words.ENSEMBLES, len(words.ENSEMBLES))
    drafts = [
        *_series(rng, season, ensembles),
        *_nights(rng, season, ensembles),
        *_small_hours(rng, season, ensembles),
        *_singles(rng, season, ensembles),
    ]
    ids = [f"BK-{n}" for n in rng.sample(range(112, 400), len(drafts))]
    rows = [Row(name, *draft) for name, draft in zip(ids, drafts, strict=True)]
    return sorted(rows, key=lambda row: (row.day, row.start, row.id))


def _place(rng, zone):
    return rng.choice(words.PLACES[zone])


def _singles(rng, season, ensembles):
    """Return the single appointments; the last four are where the clocks do not do what is usual."""
    programmes = rng.sample(words.PROGRAMMES, len(words.PROGRAMMES))
    zones = [*[season.twice, season.steady] * 8, season.fixed, season.late, season.fixed, season.late]
    days = [season.calm_day(rng, zone) for zone in zones]
    for zone in (season.fixed, season.fixed, season.late, season.late):
        last = season.last if zone == season.fixed else season.late_day - 2 * DAY
        zones.append(zone)
        day = season.eased[zone]
        while day in season.critical:
            day = season.eased[zone] + rng.randint(1, (last - season.eased[zone]).days) * DAY
        days.append(day)
    titles = []
    for number in range(len(zones)):
        ensemble, programme = ensembles[number % len(ensembles)], programmes[number % len(programmes)]
        if number < len(words.SPECIAL):
            titles.append(words.SPECIAL[number].format(ensemble, programme))
        else:
            titles.append(f"{ensemble}: {programme}{rng.choice(words.TAILS)}")
    rng.shuffle(titles)
    for title, zone, day in zip(titles, zones, days, strict=True):
        start, end = rng.choice(HOURS)
        yield title, _place(rng, zone), zone, day, start, end, (), "plain"


def _series(rng, season, ensembles):
    """Return a weekly series for each zone, over its change of clocks, and one that takes place every two weeks."""
    hours = rng.sample(WEEKLY, 5)
    titles = rng.sample(words.SERIES, 5)
    endings = [*rng.sample(["times", "except", "until", "until-later"], 4), "fortnight"]
    zones = [
        season.fixed,
        season.late,
        season.twice,
        season.steady,
        rng.choice([season.twice, season.steady]),
    ]
    for zone, (start, end), title, ending, name in zip(
        zones, hours, titles, endings, ensembles, strict=False
    ):
        n_days = rng.randint(4, 5) if ending == "fortnight" else rng.randint(6, 7)
        step = 14 * DAY if ending == "fortnight" else 7 * DAY
        back = rng.randint(1, 2) if zone == season.late else rng.randint(0, 1)
        day = season.turns[zone] - rng.randint(8, 13) * DAY - 7 * DAY * back
        last = day + (n_days - 1) * step
        repeat = ("until", last, step.days // 7, None)
        if ending in ("times", "except"):
            left_out = day + rng.randint(1, n_days - 3) * step if ending == "except" else None
            repeat = ("times", n_days, 1, left_out)
        if ending == "until-later":
            repeat = ("until", last + rng.randint(1, 6) * DAY, 1, None)
        yield title.format(name), _place(rng, zone), zone, day, start, end, repeat, "series"


def _nights(rng, season, ensembles):
    """Return three shows that end past midnight and one that lasts over a change of clocks."""
    titles, hours = rng.sample(words.NIGHTS, 4), rng.sample(LATE, 3)
    for title, (start, end), name in zip(titles, hours, ensembles[4:], strict=False):
        zone = rng.choice(season.zones)
        day = season.calm_day(rng, zone, 2)
        yield title.format(name), _place(rng, zone), zone, day, start, end, (), "nights"
    zone = season.twice
    start, end = rng.choice(["21:30", "22:00", "22:30"]), rng.choice(["04:30", "05:00", "04:15"])
    title = titles[3].format(ensembles[8])
    yield title, _place(rng, zone), zone, season.turns[zone] - DAY, start, end, (), "nights"


def _small_hours(rng, season, ensembles):
    """Return one that begins when an hour runs for the second time, and one that lasts from its first run to it."""
    zone = season.twice
    hour = 1 if zone in ("Europe/London", "America/New_York", "America/Chicago") else 2
    titles, names = rng.sample(words.SMALL_HOURS, 2), rng.sample(ensembles, 2)
    hours = [
        (f"{hour:02}:{rng.choice([10, 15, 30, 40, 45]):02} (second)", f"{hour + 3:02}:{rng.choice(['00', '20'])}"),
        (f"{hour:02}:{rng.choice([35, 40, 50])} (first)", f"{hour:02}:{rng.choice([20, 25, 30])} (second)"),
    ]  # fmt: skip
    for title, name, (start, end) in zip(titles, names, hours, strict=True):
        yield title.format(name), _place(rng, zone), zone, season.turns[zone], start, end, (), "nights"
