"""Draws the people of a month and what they clock."""

from __future__ import annotations

from random import Random

from _payroll_close_deal import weekday
from _payroll_close_model import Contract, Correction, Month, Row, Terms, World, Writ

FIRST_NAMES = (
    *("Ada", "Boris", "Carla", "Dilan", "Edda", "Falk", "Greta", "Henk", "Ines", "Jonas", "Kaja", "Lars"),
    *("Mira", "Nuri", "Olga", "Piet", "Runa", "Sven", "Tilda", "Uwe", "Vera", "Wim", "Yara", "Zeno"),
)
LAST_NAMES = (
    *("Ahlers", "Brandt", "Cordes", "Dirksen", "Ehlers", "Feddersen", "Grote", "Harms", "Ibsen", "Janssen"),
    *("Kruse", "Lorenz", "Meinert", "Nissen", "Ohm", "Petersen", "Quade", "Rickmers", "Stahl", "Thoms"),
)
WEEKLY = (2400, 2310, 2250, 2160, 2100)
OLD = -320
"""The day on which old contracts began."""


class Draw:
    """A month that is being drawn; ``sunday`` is the first day of which clock.csv has rows."""

    def __init__(self, rng: Random, world: World, month: Month) -> None:
        self.rng, self.world, self.month = rng, world, month
        self.terms = Terms(world)
        self.monday = month.first - weekday(month.first)
        self.sunday = self.monday - 1
        self.raised = rng.randint(160, 172)
        """The day in June on which everybody got another rate."""
        self.gone = ""
        """Somebody who left long ago and is owed nothing."""
        self.sites = {
            region: [name for name, (where, _) in world.sites.items() if where == region]
            for region in ("North", "South")
        }

    # -- people ----------------------------------------------------------------------------------

    def site(self, region: str) -> str:
        """Return one of the region's sites."""
        return self.rng.choice(self.sites[region])

    def rate(self) -> int:
        """Return an hourly rate in cents."""
        return self.rng.randint(1410, 2190)

    def person(self, *contracts: tuple[int, int | None, str, int, int], dependants: int = 0) -> str:
        """Add somebody with these contracts (since, until, site, weekly, rate); return the number."""
        rng, staff = self.rng, self.month.staff
        number = next(n for n in iter(lambda: f"E{rng.randint(1000, 9899)}", "") if n not in staff)
        known = {name for name, _ in staff.values()}
        names = iter(lambda: f"{rng.choice(LAST_NAMES)}, {rng.choice(FIRST_NAMES)}", "")
        staff[number] = (next(name for name in names if name not in known), dependants)
        self.month.contracts += [Contract(number, *contract) for contract in contracts]
        return number

    def regular(self, region: str, weekly: int = 0, until: int | None = None, dependants: int = 0) -> str:
        """Add somebody who has been here for long, with a raise in June."""
        site, weekly = self.site(region), weekly or self.rng.choice(WEEKLY)
        rate = self.rate()
        old = (OLD, self.raised - 1, site, weekly, rate - self.rng.randint(31, 98))
        return self.person(old, (self.raised, until, site, weekly, rate), dependants=dependants)

    # -- shifts ----------------------------------------------------------------------------------

    def utc(self, site: str, local: int) -> int:
        """Return the (first) minute in UTC at which clocks of the site show this."""
        for later in (0, 60):
            for offset in (240, 180, 120, 60, 0):
                if self.terms.local(site, local + later - offset) == local + later:
                    return local + later - offset
        raise AssertionError(local)

    def jitter(self, minute: int) -> int:
        """Return a second that rounds to this minute."""
        return (minute + self.rng.randint(-2, 2)) * 60 + self.rng.randint(0, 59)

    def shift(self, who: str, site: str, number: int, begin: int, length: int, early: bool = False) -> None:
        """Clock a shift that begins on a day at a local minute; ``length`` is elapsed time.

        With ``early`` the row is from before that minute, and so maybe from the day before.
        """
        start = self.utc(site, number * 1440 + begin)
        first = start * 60 - self.rng.randint(5, 115) if early else self.jitter(start)
        rows = [(first, "in"), (self.jitter(start + length), "out")]
        for second, kind in rows:
            self.month.rows.append(Row(who, site, second, kind))

    def days(self) -> range:
        """Return the days on which shifts begin that clock.csv may have rows of."""
        return range(self.sunday - 1, self.month.last + 2)

    def weeks(
        self, who: str, site: str, weekdays: str, begin: int, lengths: list[int], days: range | None = None
    ) -> None:
        """Clock a shift on each of the weekdays (digits, 0 is Monday) in ``days``."""
        for number in days or self.days():
            if str(weekday(number)) in weekdays:
                start = begin + self.rng.choice([-30, 0, 0, 15])
                self.shift(who, site, number, start, self.rng.choice(lengths))

    # -- faults ----------------------------------------------------------------------------------

    def local_day(self, row: Row) -> int:
        """Return the local date of a row."""
        return self.terms.local(row.site, row.second // 60) // 1440

    def of_day(self, who: str, number: int, kind: str) -> Row:
        """Return the first row of that kind on a day."""
        rows = [row for row in self.month.rows if row.employee == who and row.kind == kind]
        return min((row for row in rows if self.local_day(row) == number), key=lambda row: row.second)

    def drop(self, row: Row) -> None:
        """Lose a row."""
        self.month.rows.remove(row)

    def free(self, who: str, days: range) -> None:
        """Take away the shifts that begin on these days."""
        rows = sorted((row for row in self.month.rows if row.employee == who), key=lambda row: row.second)
        for place, begin in enumerate(rows):
            if begin.kind == "in" and self.local_day(begin) in days:
                self.drop(begin)
                self.drop(rows[place + 1])

    def move_out(self, who: str, number: int, site: str) -> None:
        """Let the shift that begins on a day, if there is one, end at another site."""
        rows = sorted((row for row in self.month.rows if row.employee == who), key=lambda row: row.second)
        for place, row in enumerate(rows):
            if row.kind == "in" and self.local_day(row) == number:
                out = rows[place + 1]
                self.month.rows[self.month.rows.index(out)] = out._replace(site=site)

    def press_twice(self, who: str, number: int) -> None:
        """Add a second `in` within the minute of that day's first."""
        row = self.of_day(who, number, "in")
        start = row.second - row.second % 60
        other = start + (row.second - start + self.rng.randint(7, 50)) % 60
        self.month.rows.append(row._replace(second=other))

    def finish(self) -> None:
        """Keep the rows that clock.csv has, some of them twice, in no order."""
        rows = [row for row in self.month.rows if self.sunday <= self.local_day(row) <= self.month.last + 1]
        within = [row for row in rows if self.month.first <= self.local_day(row) <= self.month.last]
        for kind in ("in", "out", "out"):
            rows.append(self.rng.choice([row for row in within if row.kind == kind]))
        self.rng.shuffle(rows)
        self.month.rows = rows

    # -- papers ----------------------------------------------------------------------------------

    def correct(self, who: str, site: str, number: int, begin: int, paid: int | None, right: int) -> None:
        """Add a correction of a shift of that day: lengths in minutes that were paid and are right."""
        start = self.utc(site, number * 1440 + begin)
        out = None if paid is None else self.jitter(start + paid)
        self.month.corrections.append(
            Correction(who, site, self.jitter(start), out, self.jitter(start + right))
        )

    def writ(self, who: str, kind: str, served: int, balance: int) -> None:
        """Add a writ; numbers ascend in the order of these calls."""
        number = int(self.month.writs[-1].writ[1:]) if self.month.writs else self.rng.randint(984, 993)
        creditor = self.rng.choice(
            ["Kasse Ost", "Sparbank", "Youth office", "Amt Hohenau", "Velo Kredit", "Stadtwerke"]
        )
        if kind == "maintenance":
            creditor = "Youth office"
        self.month.writs.append(
            Writ(f"W{number + self.rng.randint(1, 9)}", who, creditor, kind, served, balance)
        )
