"""Makes mails, and says when they were written: the pools, firms and people of one draw.

The week is one in which Europe and America are an hour closer than usual, since only one has changed its clocks.
"""

from datetime import UTC, date, datetime, time, timedelta

import _inbox_triage_text as text
from _inbox_triage_rules import Mail
from _inbox_triage_words import CUSTOMERS, OWNERS, PEOPLE, SUPPLIERS

MONDAYS = [date(2026, 3, 16), date(2026, 3, 23), date(2026, 10, 26), date(2027, 3, 15), date(2027, 3, 22),
           date(2027, 11, 1)]  # fmt: skip
BERLIN, LONDON, NEW_YORK, KOLKATA = "Europe/Berlin", "Europe/London", "America/New_York", "Asia/Kolkata"
EN_MONTHS = {
    3: "March",
    9: "September",
    10: "October",
    11: "November",
    12: "December",
    4: "April",
    2: "February",
}
DE_MONTHS = {3: "März", 10: "Oktober", 11: "November"}
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def english(day):
    """Return a date as it stands in rules and contacts."""
    return f"{day.day} {EN_MONTHS[day.month]} {day.year}"


def deadline_words(day, language, style):
    """Return a deadline as it is put into a sentence, with the space before it."""
    if day is None:
        return ""
    if language == "zh":
        return f"在{day.month}月{day.day}日之前"
    if language == "de":
        return f" bis zum {day.day}. {DE_MONTHS[day.month]}"
    month = EN_MONTHS[day.month]
    return [f" by {day.day} {month}", f" by {month} {day.day}", f" no later than {day.day} {month}"][style]


def spoken_day(word, written):
    """Return the day that a word means in a mail of a day."""
    if word in DAYS:
        return written + timedelta(days=(DAYS.index(word) - written.weekday() - 1) % 7 + 1)
    return written + timedelta(days={"tomorrow": 1, "the day after tomorrow": 2}[word])


def sunday(year, month, number):
    """Return the n-th Sunday of a month, or with -1 the last."""
    days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
    return [day for day in days if day.month == month and day.weekday() == 6][number]


def zone_table():
    """Return from when on which offset from UTC holds in each zone."""
    table = {zone: [] for zone in (BERLIN, LONDON, NEW_YORK)}
    for year in (2025, 2026, 2027):
        for zone, before, after in ((BERLIN, "+01:00", "+02:00"), (LONDON, "+00:00", "+01:00")):
            table[zone].append({"from": f"{sunday(year, 3, -1)}T01:00:00Z", "offset": after})
            table[zone].append({"from": f"{sunday(year, 10, -1)}T01:00:00Z", "offset": before})
        table[NEW_YORK].append({"from": f"{sunday(year, 3, 1)}T07:00:00Z", "offset": "-04:00"})
        table[NEW_YORK].append({"from": f"{sunday(year, 11, 0)}T06:00:00Z", "offset": "-05:00"})
    return {**table, KOLKATA: [{"from": "1970-01-01T00:00:00Z", "offset": "+05:30"}]}


def berlin_minutes(when):
    """Return how many minutes Berlin is ahead of UTC at a moment."""
    first, last = (datetime.combine(sunday(when.year, m, -1), time(1), tzinfo=UTC) for m in (3, 10))
    return 120 if first <= when < last else 60


class Desk:
    """Makes mails with the pools of one draw."""

    def __init__(self, rng):
        self.rng = rng
        self.monday = rng.choice(MONDAYS)
        name, host, firm = rng.choice(OWNERS)
        self.owner = (name, f"{name.lower().replace(' ', '.')}@{host}.example")
        self.own = f"{host}.example"
        self.rows = [[firm, self.own, "", "own", ""]]
        before, after = (self.monday + timedelta(days=rng.randrange(*some)) for some in ((-8, -2), (7, 20)))
        levels = ["A", f"B; A from {english(self.monday)}", f"A; B from {english(before)}",
                  f"C; A from {english(after)}", "B", "C"]  # fmt: skip
        chosen = [(firm, f"{slug}.example") for firm, slug in rng.sample(CUSTOMERS, 6)]
        self.rows += [[f, h, "", "customer", lv] for (f, h), lv in zip(chosen, levels, strict=True)]
        self.rows += [[f, f"{s}.example", "", "supplier", ""] for f, s in rng.sample(SUPPLIERS, 3)]
        self.top, self.plain = [h for _, h in chosen[:2]], [h for _, h in chosen[2:]]
        self.suppliers = [row[1] for row in self.rows[-3:]]
        self.far, self.near = self.further(self.plain[0], self.plain[2])
        self.people = rng.sample(PEOPLE, len(PEOPLE))
        self.pools = {}
        self.mails = []
        self.minutes = rng.sample(range(16, 3780), 140)

    def further(self, far_of, near_of):
        """Give two customers a further domain each, one of which is nearly the first; return both."""
        head, _, tail = near_of.removesuffix(".example").partition("-")
        near = self.rng.choice([f"{head}{tail}", f"{head}s-{tail}", f"{head}-{tail[:-1]}"]) + ".example"
        far = f"{far_of.partition('-')[0]}-{self.rng.choice(['group', 'holding', 'international'])}.example"
        for row in self.rows:
            if row[1] in (far_of, near_of):
                row[2] = far if row[1] == far_of else f"{near} {head}-online.example"
        return far, near

    def pick(self, name):
        """Return something from a pool of the texts, nothing twice before the pool is used up."""
        if not self.pools.get(name):
            pool = getattr(text, name)
            self.pools[name] = self.rng.sample(pool, len(pool))
        return self.pools[name].pop()

    def person(self, host):
        """Return somebody of a firm: name and address."""
        name = self.people.pop()
        plain = name.lower().replace("ö", "oe").replace("ä", "ae").replace(" ", ".")
        return name, f"{plain}@{host}"

    def moment(self):
        """Return a moment between Friday afternoon and Monday morning, none twice."""
        start = datetime.combine(self.monday - timedelta(days=3), time(15), tzinfo=UTC)
        return start + timedelta(minutes=self.minutes.pop())

    def at_noon(self, weekday):
        """Return a moment around noon of Friday (-3) to Sunday (-1)."""
        start = datetime.combine(
            self.monday + timedelta(days=weekday), time(15 if weekday == -3 else 10), tzinfo=UTC
        )
        return start + timedelta(minutes=self.rng.randrange(15, 180))

    def mail(self, role, who, subject, lines, **more):
        """Add a mail to the inbox and return it."""
        when = more.pop("when", None) or self.moment()
        if role not in ("letter", "meeting") and not more.get("coded"):
            lines = self.padded(lines)
        mail = Mail(role, *who, subject, lines, when, **{"offset": berlin_minutes(when), **more})
        mail.hello = self.rng.choice(text.HELLOS)
        if mail.look == "plain":
            mail.look = self.rng.choice(["plain", "plain", "qp", "base64", "alt", "html"])
        self.mails.append(mail)
        return mail

    def padded(self, lines):
        """Return the paragraphs of a mail with some around them that ask for nothing."""
        before = [self.chat("OPENERS") for _ in range(self.rng.choice([0, 1, 1, 1, 2]))]
        after = [self.chat("CLOSERS") for _ in range(self.rng.choice([0, 1, 1, 2]))]
        return [*before, *lines, *after]

    def chat(self, name):
        """Return a sentence or two about nothing."""
        slots = {slot: self.rng.choice(words) for slot, words in text.SLOTS.items()}
        other = self.rng.choice([mood for mood in text.SLOTS["mood"] if mood != slots["mood"]])
        said = self.pick(name).format(mood2=other, **slots)
        return said[0].upper() + said[1:]

    def request(self, pool="TOPICS", by="", loud=None):
        """Return subject and sentence of a request; a loud one has a question mark."""
        subject, thing = self.pick(pool)
        loud = self.rng.random() < 0.3 if loud is None else loud
        return subject, self.pick("ASKS_OPEN" if loud else "ASKS_QUIET").format(np=thing, by=by)

    def once_more(self, subject, pool="TOPICS"):
        """Return another request for the same thing."""
        return self.pick("ASKS_QUIET").format(np=dict(getattr(text, pool))[subject], by="")

    def ask(self, role, who, pool="TOPICS", days=None, **more):
        """Add a mail that asks for something, with a deadline so many days after Monday, or one in a word."""
        language, loud, word = more.pop("language", "en"), more.pop("loud", None), more.pop("word", None)
        deadline = None if days is None else self.monday + timedelta(days=days)
        by = deadline_words(deadline, language, self.rng.randrange(3))
        if word:
            by, deadline = f" by {word}", spoken_day(word, more["when"].date())
            more["misread"] = spoken_day(word, self.monday)
        if language == "en":
            subject, sentence = more.pop("same", None) or self.request(pool, by, loud)
        else:
            subject, sentence = self.pick("GERMAN" if language == "de" else "CHINESE")
            sentence = sentence.format(by=by)
        lines = [*more.pop("first", []), sentence]
        return self.mail(role, who, more.pop("subject", subject), lines, asks=True, deadline=deadline, **more)

    def info(self, role, who, pool=None, **more):
        """Add a mail that asks for nothing; the pool is one of whole sentences."""
        subject, thing = self.pick("TOPICS")
        sentence = self.pick(pool) if pool else self.pick("NEWS").format(np=thing)
        subject = self.rng.choice(["For your information", "A note", "In passing"]) if pool else subject
        return self.mail(role, who, more.pop("subject", subject), [sentence], **more)

    def forward(self, inner, **more):
        """Add a mail of a colleague to whom a mail went, which is attached."""
        name, address = self.person(self.own)
        when = self.moment()
        more = {"asks": True, "look": "mixed", "inner": inner, "when": when, **more}
        self.mail("wrapper", (name, address), f"Fwd: {inner.subject}", [self.pick("FORWARDS")], **more)
        inner.when = when - timedelta(minutes=self.rng.randrange(40, 1200))
        inner.offset = berlin_minutes(inner.when)
        inner.to = f"{name} <{address}>"

    def lookalike(self, host):
        """Return a domain that is nearly ``host``."""
        stem = host.removesuffix(".example")
        spot = self.rng.randrange(2, len(stem) - 2)
        swaps = [("l", "1"), ("m", "rn"), ("o", "0"), ("i", "1"), ("e", "3")]
        changed = [stem.replace(a, b, 1) for a, b in swaps if a in stem]
        changed += [stem[:spot] + stem[spot] + stem[spot:], stem[:spot] + stem[spot + 1 :]]
        return f"{self.rng.choice(changed)}.example"
