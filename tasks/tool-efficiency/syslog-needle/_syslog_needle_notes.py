"""What people write into the log: notes that make and unmake test machines, and notes that change nothing.

Every kind has several wordings. `Plan.tests` holds what the notes of the officers come to; `Plan.misread` what
it comes to for somebody who skims them.
"""

from __future__ import annotations

import time

from _syslog_needle_plan import DAY, FOREVER, NoRoom, Plan

PEOPLE = ("mwinter", "tokafor", "lsand", "ekoenig", "rnavarro", "jpetit", "hlindqvist", "sbanerjee")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

TEST_NOW = (
    "{m} is a test machine from this minute on",
    "from now on {m} is for tests only and no longer part of production",
    "I have taken {m} out of production just now, until further notice it is a test machine",
    "we have turned {m} into a test machine, that holds as of this note",
)
PRODUCTION_NOW = (
    "the tests on {m} are over, from now on it is a production machine",
    "{m} went into production this minute, it is no test machine any more",
    "as of this note {m} belongs to production and not to the testers",
    "I have just handed {m} over to the shop: production from here on",
)
OTHER_ONE = (
    "my note of {t} on {d} names the wrong machine: read {b} where I wrote {a}, then and now",
    "correction of what I wrote on {d} at {t}: it is not {a} but {b}, the rest of that note stands",
    "sorry, on {d} at {t} I meant {b}, which has been the test machine since then; {a} never was",
    "{a} in my note of {d}, {t}, is a slip: it has been {b} from that minute on, and never {a}",
)
STAYS = (
    "{o} asked whether {m} may be a test machine from now on: no, it is production as before",
    "{m} does not become a test machine, whatever the plan on the wall says",
    "the idea of making {m} a test machine is off the table, it was and is production",
    "to all who asked: {m} is no test machine, it stays in production",
)
FUTURE = (
    "{m} will be a test machine from {d}, 00:00; until then it is production",
    "{m} belongs to the testers from midnight at the beginning of {d}, and is production up to that moment",
    "with the first minute of {d} {m} turns into a test machine, not earlier",
    "{m}: test machine as of 00:00 on {d}, before that nothing changes",
)
UNTIL = (
    "{m} is a test machine from now until {d}, {h}:00, then it is production again",
    "we need {m} for tests from this minute, it goes back to production on {d} at {h}:00",
    "test machine for a while: {m}, from now on, until {h}:00 on {d}; production afterwards",
    "from now {m} is for tests; it returns to production on {d}, {h}:00 sharp",
)
LONGER = (
    "{m} is needed longer: it remains a test machine until {d}, {h}:00",
    "the end of the tests on {m} moves to {d}, {h}:00, nothing else changes",
    "as for {m}: not {e}, but {d} at {h}:00 is when it goes back to production",
    "we keep {m} for the tests up to {d}, {h}:00, longer than I wrote before",
)
DRILL = (
    "what {p} on {m} reported on {d} between {t} and {u} was our drill and does not count",
    "on {d} from {t} to {u} there was a drill on {m}: leave out what {p} reported there",
    "{p} on {m}, {d}, {t} to {u}: all of that was an exercise of mine, not a real event",
    "no real event: {m} was in an exercise on {d}, {t} to {u}, and {p} reported what I made it report",
)
DRILL_TOO = (
    "that drill went on on {m}, same day, there it was {t} to {u}",
    "and {m} was part of that drill, on the same day from {t} to {u}",
    "forgot one machine of the drill: {m}, likewise, same day, {t} to {u}",
    "add {m} to my note about the drill: same day, same cause, {t} to {u}",
)
SUSPECTED = (
    "I guess that what {p} on {m} reported on {d} between {t} and {u} was a drill and does not count",
    "what {p} on {m} reported on {d} from {t} to {u} looks like an exercise, please leave it out",
    "{p} on {m}, {d}, {t} to {u}: that was an exercise, somebody said at lunch",
    "{m} had a drill on {d}, {t} to {u}, so leave out what {p} reported there",
)
CLOCK = (
    "the clock of {m} was {n} minutes {w} on {d}: what has a stamp from {t} to {u} happened {n} minutes {x} it",
    "{m} had a wrong clock on {d}: where its stamp says {t} to {u}, the right time is {n} minutes {y}",
    "wrong stamps of {m} on {d}, from {t} to {u} as it wrote them: in truth all that was {n} minutes {y}",
    "found out why {m} looks odd on {d}: clock {n} minutes {w}, stamps {t} to {u} are off by that much",
)
IDLE = (
    "memory test of {m} passed, it was in production all the time",
    "restored a test file from the backup of {m}, all fine",
    "the new fan of {m} is louder than the old one, production does not mind",
    "replaced the label on the front of {m}, it said {a}",
    "{m} and {a} share a power strip, somebody should look at that",
    "next month we may need one more test machine, {m} perhaps; nothing is decided",
    "clock on the wall of the machine room is five minutes slow, the clock of {m} is right",
    "drill through the wall behind {m} is done, the dust is gone",
    "updated the run book of {m}: which disks, which door, whom to call",
    "visitors in the machine room today, please do not touch {m}",
    "vacuumed the filters of {m} and {a}, temperatures look good",
    "if {m} gets slow again, we could hand it over to the testers; for now all stays as it is",
    "a test order on {m} went through in 4 seconds",
    "der Schrank mit {m} ist wieder abgeschlossen, Schluessel liegt beim Pfoertner",
    "fire drill of the building on Friday, all machines, {m} too, run on",
    "the test plan for {m} is in the folder with the green back",
)


def day_text(at: int) -> str:
    """Return a day like ``3 March``."""
    when = time.gmtime(at)
    return f"{when.tm_mday} {MONTHS[when.tm_mon - 1]}"


def clock_text(at: int) -> str:
    """Return hours and minutes."""
    return time.strftime("%H:%M", time.gmtime(at))


class Notes:
    """Writes the notes of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.rng = plan, plan.rng
        people = self.rng.sample(PEOPLE, len(PEOPLE))
        self.officers, self.others = people[:2], people[2:]
        plan.words["officers"] = ",".join(sorted(self.officers))
        self.taken: list[int] = []

    def write(self, at: int, who: str, text: str) -> int:
        """Put a note somewhere within half an hour after ``at`` and return its second."""
        fleet = self.plan.fleet
        places = [m for m in fleet.plain() if not m.spellings and m is not fleet.crashing]
        machine = self.rng.choice(places)
        when = self.plan.find(machine, 2, at, at + 1800)
        if any(abs(when - other) < 90 for other in self.taken):
            raise NoRoom("two notes at once")
        self.taken.append(when)
        self.plan.add(when, machine, f"note[{self.rng.randint(4000, 30000)}]: {who}: {text}")
        return when

    def status(self, role: str, day: int, wordings: tuple[str, ...], who: str = "", **words: object) -> int:
        """Write a note about the machine of ``role`` on a day and return its second."""
        at = self.plan.start + day * DAY + self.rng.randint(8 * 3600, 16 * 3600)
        name = self.plan.roles[role].first
        text = self.rng.choice(wordings).format(m=name, o=self.rng.choice(self.others), **words)
        return self.write(at, who or self.rng.choice(self.officers), text)

    def _day(self, number: int) -> str:
        return day_text(self.plan.start + number * DAY)

    def tell_status(self) -> None:
        """Write all notes about test machines, and keep what they come to."""
        plan, rng = self.plan, self.rng
        days, numbers = plan.role_days, {role: machine.number for role, machine in plan.roles.items()}

        def miss(trap: str, role: str, *periods: tuple[int, int]) -> None:
            plan.misread.setdefault(trap, {})[numbers[role]] = list(periods)

        at = self.status("opened", days["opened"] - rng.randint(1, 2), PRODUCTION_NOW)
        plan.tests[numbers["opened"]] = [(0, at)]
        plan.words["opened"] = str(at)
        miss("notes-ignored", "opened", (0, FOREVER))
        at = self.status("closed", days["closed"] - rng.randint(1, 2), TEST_NOW)
        plan.tests[numbers["closed"]] = [(at, FOREVER)]
        miss("notes-ignored", "closed")
        self.status("stays", days["stays"] - rng.randint(1, 2), STAYS)
        miss("keywords", "stays", (0, FOREVER))
        self.status("gossip", days["gossip"] - rng.randint(1, 2), TEST_NOW, rng.choice(self.others))
        miss("anybody", "gossip", (0, FOREVER))
        first = days["future"] + 1
        self.status("future", days["future"] - 1, FUTURE, d=self._day(first))
        plan.tests[numbers["future"]] = [(plan.start + first * DAY, FOREVER)]
        miss("from-the-note-on", "future", (plan.start + (days["future"] - 1) * DAY, FOREVER))
        self._limited()
        self._corrected()

    def _limited(self) -> None:
        plan, rng = self.plan, self.rng
        days, numbers = plan.role_days, {role: machine.number for role, machine in plan.roles.items()}
        day, hour = days["limited"] - 1, rng.randint(17, 22)
        at = self.status("limited", day - 1, UNTIL, d=self._day(day), h=hour)
        plan.tests[numbers["limited"]] = [(at, plan.start + day * DAY + hour * 3600)]
        plan.misread["no-end"] = {numbers["limited"]: [(at, FOREVER)]}
        day, hour = days["longer"] - 1, rng.randint(17, 22)
        who, later = rng.choice(self.officers), days["longer"] + rng.randint(1, 2)
        at = self.status("longer", day - 1, UNTIL, who, d=self._day(day), h=hour)
        end = plan.start + later * DAY + hour * 3600
        words = {"d": self._day(later), "e": self._day(day), "h": hour}
        self.write(
            plan.start + day * DAY + rng.randint(8 * 3600, 16 * 3600),
            who,
            rng.choice(LONGER).format(m=plan.roles["longer"].first, **words),
        )
        plan.tests[numbers["longer"]] = [(at, end)]
        plan.misread["not-longer"] = {numbers["longer"]: [(at, plan.start + day * DAY + hour * 3600)]}
        plan.words["longer"] = f"{at},{end}"

    def _corrected(self) -> None:
        plan, rng = self.plan, self.rng
        wrong, right = plan.roles["named"], plan.roles["meant"]
        who, day = rng.choice(self.officers), plan.role_days["named"] - 1
        at = self.status("named", day, TEST_NOW, who)
        text = rng.choice(OTHER_ONE).format(a=wrong.first, b=right.first, d=day_text(at), t=clock_text(at))
        told = self.write(plan.start + (day + 2) * DAY + rng.randint(8 * 3600, 16 * 3600), who, text)
        plan.tests[right.number] = [(at, FOREVER)]
        plan.misread["no-correction"] = {wrong.number: [(at, FOREVER)], right.number: []}
        plan.misread["corrected-from-then-on"] = {wrong.number: [(at, told)], right.number: [(told, FOREVER)]}

    def drill(self, line_at: int, name: str, wordings: tuple[str, ...], who: str, at: int) -> int:
        """Write a note about what a machine reported around a second."""
        first, last = line_at - self.rng.randint(3, 9) * 60, line_at + self.rng.randint(3, 9) * 60
        words = {"p": self.plan.words["program6"], "m": name, "d": day_text(line_at)}
        words |= {"t": clock_text(first), "u": clock_text(last)}
        return self.write(at, who, self.rng.choice(wordings).format(**words))

    def clock(self, stamp: int, name: str, minutes: int, at: int) -> None:
        """Write that the stamps of a machine were ``minutes`` ahead (or behind, if negative) around a second."""
        ahead, n = minutes > 0, abs(minutes)
        words = {"m": name, "n": n, "d": day_text(stamp), "w": "fast" if ahead else "slow"}
        words |= {"x": "before" if ahead else "after", "y": "earlier" if ahead else "later"}
        words |= {"t": clock_text(stamp - 300), "u": clock_text(stamp + 300)}
        self.write(at, self.rng.choice(self.officers), self.rng.choice(CLOCK).format(**words))

    def idle(self, count: int) -> None:
        """Add notes that change nothing."""
        plan, rng = self.plan, self.rng
        told_of = list(plan.roles.values())
        names = [m.first for m in plan.fleet.plain() if m not in told_of]
        people = [*self.officers, *self.officers, *self.others]
        for number in range(count):
            low = plan.start + rng.randrange(9) * DAY + rng.randint(7 * 3600, 18 * 3600)
            if any(low - 5400 < other < low + 5400 for other in self.taken):
                continue
            first, second = rng.sample(names, 2)
            text = IDLE[number % len(IDLE)].format(m=first, a=second)
            self.write(low, rng.choice(people), text)
