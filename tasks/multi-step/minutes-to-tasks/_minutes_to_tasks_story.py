"""What happens in three meetings, and how it leaves the tasks: drawn once, replayed rightly or with slips.

People are named by their part in the story: ``twin`` and ``other`` have names that sound alike, ``nick`` goes by a
short name that would suit ``lure`` better, ``leaver`` hands over everything, ``closer`` ends with nothing to do.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

# (name, first of the pair, second of the pair, their nicknames)
TWINS = [
    ("Li Lei", "李雷", "李蕾", "Ray", "Lily"),
    ("Wang Fang", "王方", "王芳", "Frank", "Fanny"),
    ("Chen Yu", "陈宇", "陈雨", "Joe", "Rainy"),
    ("Lin Jing", "林靖", "林静", "Jim", "Jean"),
]
# (who goes by the short name, the short name, whom one would take for it, what that one is called)
NICKS = [
    ("Robin Falk", "Rob", "Robert Osei", "Bert"),
    ("Samira Haddad", "Sam", "Samuel Okafor", "Muel"),
    ("Alexandra Lindqvist", "Alex", "Alexander Brandt", "Xander"),
    ("Christine Wolska", "Chris", "Christopher Penn", "Topher"),
]
CHINESE = [("Han Meimei", "韩梅梅", "Maggie"), ("Zhang Wei", "张伟", "老张"), ("Zhou Tao", "周涛", "涛哥"),
           ("Zhao Min", "赵敏", "小赵")]  # fmt: skip
WESTERN = [("Johanna Ekdal", "Hanna"), ("Thomas Reuter", "Tom"), ("Eleanor Tibbs", "Nell"),
           ("Dimitrios Pappas", "Dimi"), ("Katarzyna Nowik", "Kasia"), ("Mateus Prado", "Teo")]  # fmt: skip
FIRMS = ["tidewell", "brockhurst", "lanternfish", "quayside"]
PREFIXES = [("INV", "PAY"), ("INV", "CON"), ("BILL", "PAY"), ("ACC", "INV")]

NEXT, THIS, AFTER_NEXT, DAYS, WEEKS, MONTH_END, ON, TOMORROW = (
    "next", "this", "after-next", "days", "weeks", "month-end", "on", "tomorrow",
)  # fmt: skip

# Each slip, with the checks that it must cost.
SLIPS = {
    "last-meeting": {"due", "reminder-dates"},
    "nearest-weekday": {"due", "reminder-dates"},
    "delay-from-meeting": {"due", "reminder-dates"},
    "no-delay": {"due", "reminder-dates"},
    "no-handover": {"owners", "reminders"},
    "no-clearing": {"owners", "reminders"},
    "clears-all": {"owners", "reminders"},
    "clears-closed": {"owners"},
    "twins": {"owners", "reminders"},
    "lure": {"owners", "reminders"},
    "no-correction": {"owners", "reminders"},
    "talk-is-task": {"refs", "reminders"},
    "first-talk-counts": {"refs", "reminders"},
    "no-closing": {"owners", "statuses", "reminders"},
    "nearly-is-done": {"statuses", "reminders"},
    "no-reopening": {"due", "statuses", "reminders"},
}


@dataclass(frozen=True)
class When:
    """A day as people say it; ``number`` is a weekday (Monday 0), or a count of days or weeks."""

    kind: str
    number: int = 0
    day: date | None = None

    def counted_from(self, meeting: date) -> date:
        """Return the day that is meant when this is said in a meeting."""
        monday = meeting - timedelta(days=meeting.weekday())
        if self.kind == MONTH_END:
            return meeting.replace(day=monthrange(meeting.year, meeting.month)[1])
        if self.kind == ON:
            return self.day
        if self.kind in (DAYS, WEEKS, TOMORROW):
            return meeting + timedelta(days={DAYS: 1, WEEKS: 7, TOMORROW: 1}[self.kind] * max(1, self.number))
        weeks = {THIS: 0, NEXT: 1, AFTER_NEXT: 2}[self.kind]
        return monday + timedelta(days=7 * weeks + self.number)


@dataclass(frozen=True)
class Event:
    """One item of the minutes. ``who`` gets or has the task, ``other`` is the second person named."""

    meeting: int
    kind: str
    ref: str
    who: str = ""
    other: str = ""
    when: When | None = None
    third: str = ""


@dataclass(frozen=True)
class Story:
    """Three meetings, the people in them, and all that happened."""

    days: tuple
    staff: dict
    titles: dict
    events: tuple


def draw_staff(rng):
    """Draw the people: part → (email, name, Chinese name, further names)."""
    firm = rng.choice(FIRMS)
    sound, first, second, nick1, nick2 = rng.choice(TWINS)
    short_name, short, lure_name, lure_short = rng.choice(NICKS)
    chinese = rng.sample(CHINESE, 2)
    western = rng.sample(WESTERN, 3)
    surname, given = sound.lower().split()
    twins = [(first, nick1), (second, nick2)]
    rng.shuffle(twins)

    def address(name):
        return f"{'.'.join(name.lower().split())}@{firm}.example"

    staff = {
        "twin": (f"{given}.{surname}@{firm}.example", sound, twins[0][0], [twins[0][1]]),
        "other": (f"{given}.{surname}2@{firm}.example", sound, twins[1][0], [twins[1][1]]),
        "nick": (address(short_name), short_name, "", [short]),
        "lure": (address(lure_name), lure_name, "", [lure_short]),
        "steady": (address(chinese[0][0]), *chinese[0][:2], [chinese[0][2]]),
        "guest": (address(chinese[1][0]), *chinese[1][:2], [chinese[1][2]]),
    }
    for part, (name, nickname) in zip(("leaver", "closer", "chair"), western, strict=True):
        staff[part] = (address(name), name, "", [nickname])
    return staff


def draw_days(rng):
    """Draw three meeting days, Tuesday to Thursday, one or two weeks apart."""
    monday = date(2026, 3, 2) + timedelta(days=7 * rng.randrange(12))
    days = []
    for _ in range(3):
        days.append(monday + timedelta(days=rng.randint(1, 3)))
        monday += timedelta(days=7 * rng.randint(1, 2))
    return tuple(days)


def draw_story(rng):
    """Draw everything."""
    days = draw_days(rng)
    used = set()

    def when(meeting, *kinds):
        for _ in range(100):
            kind = rng.choice(kinds)
            number = {DAYS: rng.choice([9, 10, 12]), WEEKS: rng.choice([2, 3]), THIS: 4, TOMORROW: 0,
                      NEXT: rng.randint(0, 4), AFTER_NEXT: rng.randint(0, 4)}.get(kind, 0)  # fmt: skip
            on = days[meeting] + timedelta(days=rng.randint(6, 16)) if kind == ON else None
            found = When(kind, number, on)
            due = found.counted_from(days[meeting])
            if due > days[meeting] and (due, kind) not in used:
                used.add((due, kind))
                return found
        return When(ON, 0, days[meeting] + timedelta(days=rng.randint(17, 25)))

    prefixes = rng.choice(PREFIXES)
    numbers = rng.sample(range(201, 289), 19)
    refs = [f"{rng.choice(prefixes)}-{number}" for number in sorted(numbers)]
    rng.shuffle(refs)
    titles = dict(zip(refs, rng.sample(range(22), 19), strict=True))
    events = [*_first(refs, when), *_second(refs, when, rng), *_third(refs, when)]
    order = {0: [], 1: [], 2: []}
    for event in events:
        order[event.meeting].append(event)
    for items in order.values():
        rng.shuffle(items)
    return Story(days, draw_staff(rng), titles, tuple(e for items in order.values() for e in items))


def _first(refs, when):
    """The first meeting: nine tasks, two refs that are only talked about."""
    return [
        Event(0, "assign", refs[0], "twin", when=when(0, NEXT)),
        Event(0, "assign", refs[1], "other", when=when(0, DAYS, AFTER_NEXT)),
        Event(0, "assign", refs[2], "nick", when=when(0, MONTH_END, WEEKS)),
        Event(0, "assign", refs[3], "leaver", when=when(0, ON, AFTER_NEXT)),
        Event(0, "assign", refs[4], "closer", when=when(0, THIS, TOMORROW)),
        Event(0, "assign", refs[5], "steady", when=when(0, WEEKS, ON)),
        Event(0, "assign", refs[6], "lure", when=when(0, NEXT)),
        Event(0, "assign", refs[7], "leaver", when=when(0, THIS, NEXT)),
        Event(0, "assign", refs[8], "steady", when=when(0, NEXT, DAYS)),
        Event(0, "wish", refs[16], "chair", when=when(0, NEXT, THIS)),
        Event(0, "talk", refs[9]),
    ]


def _second(refs, when, rng):
    """The second meeting: changes to the first tasks, five new ones."""
    return [
        Event(1, "handover", refs[1], "nick", "other"),
        Event(1, "delay", refs[3], when=When(WEEKS, rng.choice([1, 2]))),
        Event(1, "done", refs[4], "closer"),
        Event(1, "dropped", refs[5]),
        Event(1, "done", refs[6], "lure"),
        Event(1, "done", refs[7], "leaver"),
        Event(1, "nearly", refs[8], "guest"),
        Event(1, "talk", refs[16]),
        Event(1, "assign", refs[9], "twin", when=when(1, WEEKS, NEXT)),
        Event(1, "assign", refs[10], "nick", when=when(1, NEXT, DAYS)),
        Event(1, "assign", refs[11], "twin", when=when(1, NEXT, AFTER_NEXT)),
        Event(1, "assign", refs[12], "leaver", when=when(1, DAYS, WEEKS)),
        Event(1, "assign", refs[13], "closer", when=when(1, NEXT, MONTH_END)),
        Event(1, "asked", refs[17], "chair", "steady"),
    ]


def _third(refs, when):
    """The third meeting: one task comes back, one person leaves, two new tasks."""
    return [
        Event(2, "done", refs[2], "nick"),
        Event(2, "reopen", refs[6], "lure", when=when(2, NEXT, DAYS)),
        Event(2, "move", refs[10], when=when(2, NEXT, ON)),
        Event(2, "correct", refs[11], "other", "twin"),
        Event(2, "clear", refs[12], "steady", "leaver", third="lure"),
        Event(2, "dropped", refs[13]),
        Event(2, "assign", refs[14], "other", when=when(2, NEXT)),
        Event(2, "assign", refs[15], "steady", when=when(2, AFTER_NEXT, WEEKS)),
        Event(2, "wish", refs[18], "guest", when=when(2, NEXT, MONTH_END)),
    ]


def replay(story, slips=frozenset()):
    """Return ref → [part, due, status] after the last meeting, for a reader who makes ``slips``."""
    tasks = {}
    for event in story.events:
        _apply(tasks, event, story, slips)
    names = {"twins": {"other": "twin"}, "lure": {"nick": "lure"}}
    for slip in sorted(slips & names.keys()):
        for task in tasks.values():
            task[0] = names[slip].get(task[0], task[0])
    return tasks


def _apply(tasks, event, story, slips):
    meeting = story.days[2] if "last-meeting" in slips else story.days[event.meeting]
    due = event.when and event.when.counted_from(meeting)
    if event.when and event.when.kind == NEXT and "nearest-weekday" in slips:
        due = meeting + timedelta(days=(event.when.number - meeting.weekday() - 1) % 7 + 1)
    kind, task = event.kind, tasks.get(event.ref)
    talked = any(e.ref == event.ref and e.kind == "talk" and e.meeting == 0 for e in story.events)
    given = kind == "assign" and not (talked and "first-talk-counts" in slips)
    if given or (kind == "wish" and "talk-is-task" in slips):
        tasks[event.ref] = [event.who, due, "open"]
    elif kind == "clear":
        _clear(tasks, event, slips)
    elif task is None:
        return
    elif kind in ("handover", "correct"):
        if {"handover": "no-handover", "correct": "no-correction"}[kind] not in slips:
            task[0] = event.who
    elif kind == "delay" and "no-delay" not in slips:
        task[1] = (meeting if "delay-from-meeting" in slips else task[1]) + timedelta(
            days=7 * event.when.number
        )
    elif kind == "move" and "no-delay" not in slips:
        task[1] = due
    elif kind in ("done", "dropped") and "no-closing" not in slips:
        task[2] = kind
    elif kind == "nearly" and "nearly-is-done" in slips:
        task[2] = "done"
    elif kind == "reopen" and "no-reopening" not in slips:
        task[1:] = [due, "open"]


def _clear(tasks, event, slips):
    """Hand over all open tasks of somebody, but for one that goes elsewhere."""
    for ref, task in tasks.items() if "no-clearing" not in slips else ():
        if task[0] == event.other and (task[2] == "open" or "clears-closed" in slips):
            task[0] = event.third if ref == event.ref and "clears-all" not in slips else event.who


def lost(truth, answer):
    """Return the checks that ``answer`` fails where ``truth`` is right, its reminders made from it."""
    common = truth.keys() & answer.keys()
    found = set()
    if truth.keys() != answer.keys():
        found.add("refs")
    for index, check in enumerate(("owners", "due", "statuses")):
        if any(truth[ref][index] != answer[ref][index] for ref in common):
            found.add(check)
    if reminders(truth) != reminders(answer):
        found.add("reminders")
    open_refs = [ref for ref in common if truth[ref][2] == answer[ref][2] == "open"]
    if any(truth[ref][1] != answer[ref][1] for ref in open_refs):
        found.add("reminder-dates")
    return found


def reminders(tasks):
    """Return part → refs of the open tasks, sorted."""
    parts = sorted({task[0] for task in tasks.values() if task[2] == "open"})
    return {p: sorted(r for r, t in tasks.items() if t[0] == p and t[2] == "open") for p in parts}
