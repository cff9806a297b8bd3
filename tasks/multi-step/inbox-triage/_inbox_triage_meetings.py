"""Draws invitations on four days around what is in the calendar; in that week Berlin has winter time."""

from datetime import UTC, datetime, time, timedelta

from _inbox_triage_draw import BERLIN, KOLKATA, LONDON, NEW_YORK
from _inbox_triage_rules import Invite


class Week:
    """Makes invitations and entries on four days, in an order of its own, a little later or not."""

    def __init__(self, desk):
        self.desk, self.rng = desk, desk.rng
        self.days = self.rng.sample(range(1, 5), 4)
        self.shifts = [self.rng.choice([0, 15, 30]) for _ in self.days]
        self.entries = []

    def at(self, day, clock, shift=True):
        """Return a wall clock time of one of the four days; of Saturday with 4."""
        hour, minute = divmod(clock, 100)
        number = [*self.days, 5][day]
        start = datetime.combine(self.desk.monday + timedelta(days=number), time(hour, minute))
        return start + timedelta(minutes=self.shifts[day] if shift and day < 4 else 0)

    def anybody(self):
        """Return a colleague or somebody of a supplier."""
        return self.desk.person(self.rng.choice([self.desk.own, self.desk.suppliers[1]]))

    def invite(self, start, minutes, who=None, zone=BERLIN, **more):
        """Add a mail with an invitation."""
        who, when, older = who or self.anybody(), more.pop("when", None), more.pop("older", None)
        number = f"{self.rng.randrange(16**8):08x}-{self.rng.randrange(100, 999)}"
        uid = older.invite.uid if older else f"{number}@{who[1].split('@')[1]}"
        title = older.invite.title if older else self.desk.pick("TITLES")
        event = Invite(uid, title, start, minutes, zone, **more)
        subject = f"{'Cancelled' if event.cancelled else 'Invitation'}: {title}"
        line = f"{title} is cancelled." if event.cancelled else self.desk.pick("INVITES").format(title=title)
        return self.desk.mail("meeting", who, subject, [line], invite=event, look="calendar", when=when)

    def entry(self, day, start, minutes, **more):
        """Add an entry of the calendar."""
        begin = self.at(day, start)
        words = [(begin + timedelta(minutes=m)).isoformat() + "+01:00" for m in (0, minutes)]
        if more.pop("utc", False):
            words = [(begin + timedelta(minutes=m - 60)).isoformat() + "Z" for m in (0, minutes)]
        self.add(words, **more)

    def weekly(self, day, start, minutes, title, left_out):
        """Add an entry that has been repeated since a day of summer time."""
        begin = self.at(day, start)
        monday = self.desk.monday
        year = monday.year if monday.month > 6 else monday.year - 1
        first = begin
        while not (first.year == year and first.month in (6, 7)):
            first -= timedelta(days=7)
        first -= timedelta(days=7 * self.rng.randrange(3))
        words = [(first + timedelta(minutes=m)).isoformat() + "+02:00" for m in (0, minutes)]
        off = [begin + timedelta(days=7 * n) for n in ((-9, 0) if left_out else (-6, 1))]
        until = (begin + timedelta(days=7 * self.rng.randrange(2, 7))).date().isoformat()
        more = {"every": "week", "until": until, "except": [day.date().isoformat() for day in off]}
        self.add(words, title=title, **more)

    def add(self, words, title, **more):
        """Add an entry with its beginning and end."""
        uid = f"{self.rng.randrange(16**8):08x}@{self.desk.own}"
        self.entries.append(
            {"uid": uid, "title": title, "start": words[0], "end": words[1], "busy": True, **more}
        )


def draw_meetings(desk):
    """Add invitations on four days around what is in the calendar; return the calendar."""
    week = Week(desk)
    _first_day(week)
    _far_places(week)
    _repeated(week)
    _rivals(week)
    spare = [
        (0, 1230, 30),
        (1, 1215, 30),
        (2, 1515, 30),
        (3, 1245, 30),
        (0, 915, 30),
        (4, 1000, 60),
        (1, 915, 30),
    ]
    for day, clock, minutes in week.rng.sample(spare, 2):
        week.invite(week.at(day, clock), minutes)
    week.rng.shuffle(week.entries)
    return week.entries


def _first_day(week):
    """Meetings that touch what is in the calendar, and one that clashes with an entry in UTC."""
    week.entry(0, 930, 60, title="Dentist")
    week.entry(0, 1400, 60, title="Works council", utc=True)
    week.invite(week.at(0, 1030), 30)
    if week.rng.random() < 0.5:
        week.invite(week.at(0, 1330), 30)
    week.invite(week.at(0, 1415), 45)


def _far_places(week):
    """Meetings of other zones, one of them in an older version that came later, one beyond the working hours."""
    desk, rng = week.desk, week.rng
    week.entry(1, 900, 60, title="Supplier rating")
    week.invite(week.at(1, 900), 45, desk.person(desk.plain[0]), NEW_YORK)
    clock = rng.choice([1645, 1700, 700, 715])
    week.invite(week.at(1, clock, False), 45, desk.person(desk.plain[1]), LONDON)
    early, late = desk.monday - timedelta(days=3), desk.monday - timedelta(days=1)
    who = desk.person(desk.suppliers[1])
    when = datetime.combine(early, time(16, rng.randrange(60)), tzinfo=UTC)
    high = rng.randrange(2, 5)
    moved = week.invite(week.at(1, 1530), 60, who, KOLKATA, sequence=high, when=when)
    when = datetime.combine(late, time(8, rng.randrange(60)), tzinfo=UTC)
    week.invite(week.at(1, 1345), 60, who, KOLKATA, sequence=high - 1, older=moved, when=when)


def _repeated(week):
    """A cancelled meeting, one within a time that does not block, and one that clashes with a weekly entry."""
    desk, rng = week.desk, week.rng
    week.entry(2, 1000, 360, title="Open day in the hall", busy=False)
    week.entry(2, 1600, 60, title="Appraisal interviews")
    week.weekly(2, 1400, 60, "Table of the foremen", left_out=False)
    early, late = desk.monday - timedelta(days=3), desk.monday - timedelta(days=1)
    who = desk.person(desk.own)
    when = datetime.combine(early, time(15, rng.randrange(10, 60)), tzinfo=UTC)
    gone = week.invite(week.at(2, 900), 60, who, when=when)
    when = datetime.combine(late, time(11, rng.randrange(60)), tzinfo=UTC)
    week.invite(week.at(2, 900), 60, who, older=gone, sequence=1, cancelled=True, when=when)
    week.invite(week.at(2, 1300), 60)
    week.invite(week.at(2, 1415), 30)


def _rivals(week):
    """A customer's meeting, forwarded, before a colleague's, which would keep a third from being taken."""
    desk = week.desk
    week.entry(3, 900, 60, title="Safety walk")
    week.weekly(3, 1500, 60, "Round of the fitters", left_out=True)
    week.invite(week.at(3, 1015), 75)
    week.invite(week.at(3, 1030), 30)
    review = week.invite(week.at(3, 1100), 60, desk.person(desk.top[0]))
    desk.mails.remove(review)
    desk.forward(review)
    week.invite(week.at(3, 1515), 45)
    week.invite(week.at(3, 1400), 30, desk.person(desk.lookalike(desk.top[1])))
