"""What the notes in the log say, wording by wording, as a person would read them."""

import re
from datetime import datetime, timedelta

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
M, DAY, T, U = r"(?P<m>[\w-]+)", r"(?P<d>\d+ [A-Z][a-z]+)", r"(?P<t>\d\d:\d\d)", r"(?P<u>\d\d:\d\d)"
A, B, H, N = r"(?P<a>[\w-]+)", r"(?P<b>[\w-]+)", r"(?P<h>\d+):00", r"(?P<n>\d+)"
WORDINGS = {
    "test": (
        f"{M} is a test machine from this minute on",
        f"from now on {M} is for tests only and no longer part of production",
        f"I have taken {M} out of production just now, until further notice it is a test machine",
        f"we have turned {M} into a test machine, that holds as of this note",
    ),
    "production": (
        f"the tests on {M} are over, from now on it is a production machine",
        f"{M} went into production this minute, it is no test machine any more",
        f"as of this note {M} belongs to production and not to the testers",
        f"I have just handed {M} over to the shop: production from here on",
    ),
    "other": (
        f"my note of {T} on {DAY} names the wrong machine: read {B} where I wrote {A}, then and now",
        f"correction of what I wrote on {DAY} at {T}: it is not {A} but {B}, the rest of that note stands",
        f"sorry, on {DAY} at {T} I meant {B}, which has been the test machine since then; {A} never was",
        f"{A} in my note of {DAY}, {T}, is a slip: it has been {B} from that minute on, and never [\\w-]+",
    ),
    "future": (
        f"{M} will be a test machine from {DAY}, 00:00; until then it is production",
        f"{M} belongs to the testers from midnight at the beginning of {DAY}, and is production up to that moment",
        f"with the first minute of {DAY} {M} turns into a test machine, not earlier",
        f"{M}: test machine as of 00:00 on {DAY}, before that nothing changes",
    ),
    "until": (
        f"{M} is a test machine from now until {DAY}, {H}, then it is production again",
        f"we need {M} for tests from this minute, it goes back to production on {DAY} at {H}",
        f"test machine for a while: {M}, from now on, until {H} on {DAY}; production afterwards",
        f"from now {M} is for tests; it returns to production on {DAY}, {H} sharp",
    ),
    "longer": (
        f"{M} is needed longer: it remains a test machine until {DAY}, {H}",
        f"the end of the tests on {M} moves to {DAY}, {H}, nothing else changes",
        f"as for {M}: not [\\w ]+, but {DAY} at {H} is when it goes back to production",
        f"we keep {M} for the tests up to {DAY}, {H}, longer than I wrote before",
    ),
    "drill": (
        f"what [a-z]+ on {M} reported on {DAY} between {T} and {U} was our drill and does not count",
        f"on {DAY} from {T} to {U} there was a drill on {M}: leave out what [a-z]+ reported there",
        f"[a-z]+ on {M}, {DAY}, {T} to {U}: all of that was an exercise of mine, not a real event",
        f"no real event: {M} was in an exercise on {DAY}, {T} to {U}, and .*",
        f"I guess that what [a-z]+ on {M} reported on {DAY} between {T} and {U} was a drill .*",
        f"what [a-z]+ on {M} reported on {DAY} from {T} to {U} looks like an exercise, please leave it out",
        f"[a-z]+ on {M}, {DAY}, {T} to {U}: that was an exercise, somebody said at lunch",
        f"{M} had a drill on {DAY}, {T} to {U}, so leave out what [a-z]+ reported there",
    ),
    "drill-too": (
        f"that drill went on on {M}, same day, there it was {T} to {U}",
        f"and {M} was part of that drill, on the same day from {T} to {U}",
        f"forgot one machine of the drill: {M}, likewise, same day, {T} to {U}",
        f"add {M} to my note about the drill: same day, same cause, {T} to {U}",
    ),
    "clock": (
        f"the clock of {M} was {N} minutes [a-z]+ on {DAY}: what has a stamp from {T} to {U} happened "
        "[0-9]+ minutes (?P<x>before|after) it",
        f"{M} had a wrong clock on {DAY}: where its stamp says {T} to {U}, the right time is {N} minutes "
        "(?P<x>earlier|later)",
        f"wrong stamps of {M} on {DAY}, from {T} to {U} as it wrote them: in truth all that was {N} minutes "
        "(?P<x>earlier|later)",
        f"found out why {M} looks odd on {DAY}: clock {N} minutes (?P<x>fast|slow), stamps {T} to {U} .*",
    ),
}
PATTERNS = [(kind, re.compile(text)) for kind, texts in WORDINGS.items() for text in texts]
EVER = timedelta(days=4000)


class Board:
    """What holds after all notes: test machines, drills and clocks. ``slips`` name what was skimmed over."""

    def __init__(self, begin: datetime, tests: set[str], officers: set[str], slips: set[str]) -> None:
        self.year = begin.replace(month=1, day=1, hour=0, minute=0, second=0)
        self.slips, self.officers = slips, officers
        self.periods = {name: [(begin - EVER, begin + EVER)] for name in tests}
        self.drills: list[tuple[str, datetime, datetime]] = []
        self.clocks: list[tuple[str, datetime, datetime, timedelta]] = []
        self.told: dict[tuple[str, str], tuple[datetime, str]] = {}
        self.drill_day = ""

    def note(self, at: datetime, who: str, text: str) -> None:
        """Take in one note."""
        if "notes-ignored" in self.slips or (who not in self.officers and "anybody" not in self.slips):
            return
        for kind, pattern in PATTERNS:
            if hit := pattern.fullmatch(text):
                self._take(kind, at, who, hit.groupdict())
                return

    def _when(self, day: str, hours: int = 0, minutes: int = 0) -> datetime:
        number, month = day.split()
        date = self.year.replace(month=MONTHS.index(month) + 1, day=int(number))
        return date + timedelta(hours=hours, minutes=minutes)

    def _take(self, kind: str, at: datetime, who: str, said: dict[str, str]) -> None:
        name, day, hour = said.get("m", ""), said.get("d", ""), int(said.get("h", 0))
        if kind in ("test", "until"):
            end = self._when(day, hour) if kind == "until" and "no-end" not in self.slips else at + EVER
            self.periods.setdefault(name, []).append((at, end))
            self.told[who, f"{at.day} {MONTHS[at.month - 1]} {at:%H:%M}"] = (at, name)
        elif kind == "production":
            self.periods[name] = [(first, min(end, at)) for first, end in self.periods.get(name, [])]
        elif kind == "future":
            begin = at if "from-the-note-on" in self.slips else self._when(day)
            self.periods.setdefault(name, []).append((begin, at + EVER))
        elif kind == "longer" and "not-longer" not in self.slips:
            begin = self.periods[name].pop()[0]
            self.periods[name].append((begin, self._when(day, hour)))
        elif kind == "other" and "no-correction" not in self.slips:
            since, wrong = self.told[who, f"{day} {said['t']}"]
            assert wrong == said["a"]
            self.periods[said["b"]] = [(since, self.periods.pop(wrong)[0][1])]
        elif kind.startswith("drill") or kind == "clock":
            self._event(kind, name, day, said)

    def _event(self, kind: str, name: str, day: str, said: dict[str, str]) -> None:
        self.drill_day = day = day or self.drill_day
        first, last = (self._when(day, *map(int, said[key].split(":"))) for key in "tu")
        if kind == "clock":
            off = timedelta(minutes=int(said["n"]))
            self.clocks.append(
                (name, first, last, -off if said["x"] in ("before", "earlier", "fast") else off)
            )
        elif kind == "drill" or "second-drill-missed" not in self.slips:
            self.drills.append((name, first, last))

    def is_test(self, name: str, at: datetime) -> bool:
        """Tell whether a machine was a test machine."""
        return any(first <= at < end for first, end in self.periods.get(name, ()))

    def right_time(self, name: str, stamp: datetime) -> datetime:
        """Return when something with this stamp happened."""
        offs = [off for who, first, last, off in self.clocks if who == name and first <= stamp <= last]
        return stamp + offs[0] if offs and "clock-ignored" not in self.slips else stamp

    def in_drill(self, name: str, stamp: datetime) -> bool:
        """Tell whether what a machine reported belonged to a drill."""
        return any(who == name and first <= stamp <= last for who, first, last in self.drills)
