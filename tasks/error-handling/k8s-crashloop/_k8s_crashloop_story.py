"""What the team did and said that day, thread by thread, and what each setting should be in the end.

Each thread is a trap of its own. Times are minutes of the local day.
"""

from _k8s_crashloop_parts import WEB
from _k8s_crashloop_slots import NOUNS, PATHS, Slot, draw_slots
from _k8s_crashloop_words import LINES, NOISE

NOON, EVENING, SHIFT = 720, 1080, 120
"""12:00 and 18:00 local time, and how far it is ahead of UTC."""
PEOPLE = [
    ("Mara", "Keller"), ("Jonas", "Brandt"), ("Priya", "Nair"), ("Tomas", "Novak"), ("Lea", "Vogel"),
    ("Owen", "Hart"), ("Zofia", "Maj"), ("Emil", "Lund"), ("Nadia", "Rossi"), ("Hugo", "Blum"),
]  # fmt: skip
DESKS = ("front", "first", "second", "stores", "batch", "ops", "ops2", "support")


class Story:
    """Collects lines of the channel and edits, and keeps what each setting is and should be."""

    def __init__(self, rng, cast):
        self.rng, self.cast = rng, cast
        people = rng.sample(PEOPLE, len(DESKS))
        self.people = {desk: f"{first} {last}" for desk, (first, last) in zip(DESKS, people, strict=True)}
        german = rng.sample(DESKS, 4)
        self.tongue = {desk: "de" if desk in german else "en" for desk in DESKS}
        self.slots = draw_slots(rng, cast)
        self.lines, self.edits, self.tests = [], [], []
        self.used = set()

    def first(self, desk):
        """Return somebody's first name."""
        return self.people[desk].split()[0]

    def login(self, desk):
        """Return somebody's login."""
        first, last = self.people[desk].lower().split()
        return first[0] + last

    def noun(self, slot, tongue):
        """Return what people call a setting."""
        word, name = NOUNS[slot.what][tongue == "de"], self.cast.names[slot.role]
        return f"{word} von {name}" if tongue == "de" else f"{word} of {name}"

    def say(self, minute, desk, kind, *slots, **words):
        """Add a line of a kind, in its speaker's language; ``{n}`` and ``{n2}`` name the settings."""
        tongue = self.tongue[desk]
        for number, slot in enumerate(slots):
            words["n" if not number else f"n{number + 1}"] = self.noun(slot, tongue)
        words |= {key: self.first(word) for key, word in words.items() if key in ("o", "y")}
        text = self.rng.choice(LINES[kind][tongue]).format(**words)
        self.lines.append((minute * 60 + self.rng.randrange(60), self.first(desk), text))

    def edit(self, minute, desk, slot, value):
        """Add an edit."""
        who = "pipeline" if desk == "pipeline" else self.login(desk)
        second = minute * 60 + self.rng.randrange(10, 50)
        if any(one[2] is slot and one[0] >= second for one in self.edits):
            raise AssertionError("edits of a setting come in the order of time")
        self.edits.append((second, who, slot, slot.now, value))
        slot.now = value
        if minute < NOON:
            slot.noon = value

    def others(self, slot, count):
        """Return values, each different, which the setting has not at noon."""
        return self.rng.sample([one for one in slot.pool if one != slot.noon], count)

    def take(self, role, what):
        """Return a setting that no other thread uses."""
        if (role, what) in self.used:
            raise AssertionError(f"{role} {what} is in two threads")
        self.used.add((role, what))
        return self.slots[role, what]

    def ops(self):
        """Return somebody who owns nothing and changes much."""
        return self.rng.choice(["ops", "ops2"])


def owner(slot):
    """Return whose word counts for a setting."""
    return "stores" if slot.role in ("db", "cache") else slot.role


def draw_story(rng, cast):
    """Return the story of a day; sets the replicas that were decided in ``cast``."""
    a, b, c = rng.sample(WEB, 3)
    grown = rng.choice(["first", "second"])
    cast.replicas[grown] = 2
    story = Story(rng, cast)
    singles = [("db", "pool_max"), ("db", "idle_seconds"), ("cache", "max_keys"), (a, "timeout_ms"), (a, "grace"),
               (a, "live"), (b, "timeout_ms"), (b, "live"), (c, "grace"), (c, "delay")]  # fmt: skip
    rng.shuffle(singles)
    for thread in (_kept, _neighbour, _hearsay, _withdrawn, _corrected, _silent_owner, _overruled, _foreign, _typo,
                   _from_hour):  # fmt: skip
        thread(story, story.take(*singles.pop(0)))
    _window(story, [story.take(a, what) for what in rng.sample(["page_size", "hold_minutes", "delay"], 3)])
    _snapshot(story, story.take(a, "ready"), story.take(b, "ready"))
    _migration(story, story.take("cache", "ttl_seconds"))
    _unit(story, story.take(c, "timeout_ms"))
    _until(story, story.take(b, "level"), story.take(a, "level"))
    _doubled(story, story.take(c, "hold_minutes"))
    _mixed_up(story, *[story.take(b, what) for what in rng.sample(["hold_minutes", "delay"], 2)])
    _tomorrow(story, story.take(c, "page_size"))
    _if_tested(story, story.take(c, "image"))
    _deputy(story, [story.take("batch", what) for what in rng.sample(["keep_days", "chunk_rows"], 2)])
    _two_at_once(story, story.take(b, "page_size"), story.take(b, "grace"))
    _wrong_field(story, story.take(c, "ready"), story.take(c, "live"))
    _by_the_clock(story, [story.take(b, what) for what in rng.sample(["retry_limit", "cache_minutes"], 2)])
    _fixed(story, rng.choice(["front", "db"]))
    _replicas(story, story.take(grown, "replicas"))
    for number, (desk, text) in enumerate(_noise(story)):
        story.lines.append((NOON * 60 + 200 + number * 1030 + rng.randrange(500), story.first(desk), text))
    cast.replicas[grown] = 3
    return story


def _noise(story):
    """Return who said what else, each in their language."""
    said = [(tongue, text) for tongue, texts in NOISE.items() for text in texts]
    story.rng.shuffle(said)
    desks = [desk for desk in DESKS if desk != "batch"]
    return [
        (story.rng.choice([one for one in desks if story.tongue[one] == tongue]), text)
        for tongue, text in said
    ]


def _settle(slot, group, right, *missed):
    """Say what is right of a setting: ``decided`` by a word that holds, or ``undone``; and what is plausible."""
    slot.group, slot.right, slot.missed = group, right, missed


def _kept(story, slot):
    """The owner agrees late; somebody else wants it back."""
    (value,) = story.others(slot, 1)
    by = story.ops()
    story.say(740, by, "propose", slot, v=value, o=owner(slot))
    story.edit(744, by, slot, value)
    story.say(832, owner(slot), "fine", slot, v=value)
    story.say(967, "support", "wants-back", slot)
    _settle(slot, "decided", value)


def _neighbour(story, slot):
    """Somebody else says yes, and the owner has no mind yet."""
    value, old = story.others(slot, 2)
    by = story.ops()
    slot.now = old
    story.edit(630, "pipeline", slot, slot.noon)
    yes = story.rng.choice([one for one in DESKS[:5] if one != owner(slot)])
    story.say(765, by, "propose", slot, v=value, o=owner(slot))
    story.say(769, yes, "go-ahead", slot, v=value)
    story.edit(772, by, slot, value)
    story.say(940, owner(slot), "no-mind", slot)
    _settle(slot, "undone", slot.noon)


def _hearsay(story, slot):
    """Somebody reports that the owner agreed."""
    (value,) = story.others(slot, 1)
    by = story.ops()
    story.say(790, by, "reported", slot, v=value, o=owner(slot))
    story.edit(793, by, slot, value)
    _settle(slot, "undone", slot.noon)


def _withdrawn(story, slot):
    """The owner decides and takes it back hours later."""
    (value,) = story.others(slot, 1)
    story.say(750, owner(slot), "decide", slot, v=value)
    story.edit(758, story.ops(), slot, value)
    story.say(980, owner(slot), "take-back", slot)
    _settle(slot, "undone", slot.noon)


def _corrected(story, slot):
    """The owner corrects a number, and then the correction."""
    one, two = story.others(slot, 2)
    by = story.ops()
    story.say(755, owner(slot), "decide", slot, v=one)
    story.edit(761, by, slot, one)
    story.say(870, owner(slot), "rather", slot, v=two, old=one)
    story.edit(873, by, slot, two)
    story.say(1005, owner(slot), "first-after-all", slot)
    _settle(slot, "decided", one, two)


def _silent_owner(story, slot):
    """The owner edits and says nothing: that is decided."""
    (value,) = story.others(slot, 1)
    story.edit(776, owner(slot), slot, value)
    _settle(slot, "decided", value)


def _overruled(story, slot):
    """The owner decides one value, and hours later edits another without a word."""
    said, value = story.others(slot, 2)
    story.say(788, owner(slot), "decide", slot, v=said)
    story.edit(791, story.ops(), slot, said)
    story.edit(998, owner(slot), slot, value)
    _settle(slot, "decided", value, said)


def _foreign(story, slot):
    """The owner of something else edits and says nothing."""
    (value,) = story.others(slot, 1)
    story.edit(912, story.rng.choice([one for one in DESKS[:4] if one != owner(slot)]), slot, value)
    _settle(slot, "undone", slot.noon)


def _typo(story, slot):
    """What was agreed to is not what was typed."""
    (value,) = story.others(slot, 1)
    by = story.ops()
    typed = value[::-1] if value[-1] != "0" else value[:-1] if len(value) > 2 else f"{value}0"
    typed += "0" if typed in (value, slot.noon) else ""
    story.say(798, by, "propose", slot, v=value, o=owner(slot))
    story.say(803, owner(slot), "yes-please", slot, y=by)
    story.edit(806, by, slot, typed)
    _settle(slot, "decided", value)


def _from_hour(story, slot):
    """Decided for an hour that has come, and never done."""
    (value,) = story.others(slot, 1)
    story.say(830, owner(slot), "from-hour", slot, v=value)
    _settle(slot, "decided", value)


def _doubled(story, slot):
    """The owner doubles what somebody else had left there; it was done from the value of noon."""
    (value,) = story.others(slot, 1)
    by = story.ops()
    story.edit(784, by, slot, value)
    story.say(886, owner(slot), "twice", slot)
    story.edit(891, by, slot, str(2 * int(slot.noon)))
    _settle(slot, "decided", str(2 * int(value)))


def _mixed_up(story, one, two):
    """The owner agreed to one thing and meant the other."""
    values = [story.others(slot, 1)[0] for slot in (one, two)]
    for minute, slot, value in ((772, one, values[0]), (842, two, values[1])):
        by = story.ops()
        story.say(minute, by, "propose", slot, v=value, o=owner(slot))
        story.edit(minute + 3, by, slot, value)
    story.say(885, owner(one), "fine", one, v=values[0])
    story.say(952, owner(one), "meant-other", one, two)
    _settle(one, "undone", one.noon)
    _settle(two, "decided", values[1])


def _window(story, slots):
    """The owner undoes what they edited in half an hour of local time, but for one thing."""
    undone, spared, later = slots
    desk = owner(undone)
    for minute, slot in ((849, undone), (862, spared), (973, later)):
        story.edit(minute, desk, slot, story.others(slot, 1)[0])
    story.say(1015, desk, "window", spared)
    _settle(undone, "undone", undone.noon)
    _settle(spared, "decided", spared.now)
    _settle(later, "decided", later.now)


def _snapshot(story, model, slot):
    """One takes the number that another has at that moment, and which changes afterwards."""
    one, two = story.others(model, 2)
    rest = [value for value in slot.pool if value not in (one, two, model.noon)]
    slot.noon = slot.now = story.rng.choice(rest)
    story.edit(770, owner(model), model, one)
    story.say(880, owner(slot), "same-as", slot, model)
    story.edit(914, owner(model), model, two)
    _settle(model, "decided", two, one)
    _settle(slot, "decided", one, two)


def _migration(story, slot):
    """Back to what it was before the migration, which was before noon."""
    before, other, during = story.others(slot, 3)
    slot.now = other
    story.edit(528, "pipeline", slot, before)
    story.edit(562, "pipeline", slot, during)
    (tried,) = [v for v in story.others(slot, 4) if v not in (before, other)][:1]
    story.edit(810, story.ops(), slot, tried)
    story.say(925, owner(slot), "before-migration", slot)
    _settle(slot, "decided", before, other, during, tried)


def _unit(story, slot):
    """The owner speaks of seconds, the entry is in milliseconds, and the edit wrote seconds."""
    seconds = story.rng.choice(["45", "60", "90", "120", "150"])
    story.say(815, owner(slot), f"seconds-{seconds}", slot)
    story.edit(824, story.ops(), slot, seconds)
    _settle(slot, "decided", f"{seconds}000")


def _until(story, slot, late):
    """Debug until an hour that is past, and elsewhere until one that is to come."""
    story.say(872, owner(late), "until-late", late)
    story.edit(875, story.ops(), late, "debug")
    _settle(late, "decided", "debug")
    story.say(785, owner(slot), "until", slot)
    story.edit(787, story.ops(), slot, "debug")
    _settle(slot, "undone", slot.noon)


def _tomorrow(story, slot):
    """Decided from tomorrow on, and edited at once."""
    (value,) = story.others(slot, 1)
    story.say(855, owner(slot), "tomorrow", slot, v=value)
    story.edit(858, story.ops(), slot, value)
    _settle(slot, "undone", slot.noon)


def _if_tested(story, slot):
    """A version goes in if the load test at half past three local time passes; there is one two hours later too."""
    major, minor, _ = slot.noon.split(".")
    value = f"{major}.{int(minor) + 1}.0"
    good = story.rng.random() < 0.5
    story.say(805, owner(slot), "if-tested", slot, v=value)
    story.edit(811, story.ops(), slot, value)
    for minute, passes in ((930, good), (1050, not good)):
        limit = story.rng.choice([400, 500, 600])
        slow = limit - story.rng.randrange(30, 200) if passes else limit + story.rng.randrange(40, 900)
        story.tests.append((minute - SHIFT - 780, slot.role, slow, limit))
    _settle(slot, "decided", *((value, slot.noon) if good else (slot.noon, value)))


def _deputy(story, slots):
    """Somebody decides in the owner's place from three o'clock on, and said yes once before."""
    early, late = slots
    desk, by = owner(early), story.ops()
    deputy = story.rng.choice(DESKS[:4])
    story.say(835, desk, "hand-over", y=deputy, b=story.cast.names["batch"])
    for minute, slot in ((865, early), (935, late)):
        value = story.others(slot, 1)[0]
        story.say(minute, by, "propose", slot, v=value, o=desk if slot is early else deputy)
        story.say(minute + 4, deputy, "go-ahead", slot, v=value)
        story.edit(minute + 7, by, slot, value)
    _settle(early, "undone", early.noon)
    _settle(late, "decided", late.now)


def _two_at_once(story, one, two):
    """Two proposals in one line, one of them accepted."""
    values = [story.others(slot, 1)[0] for slot in (one, two)]
    by, accepted = story.ops(), story.rng.choice([0, 1])
    story.say(825, by, "two", one, two, v=values[0], v2=values[1], o=owner(one))
    for slot, value in zip((one, two), values, strict=True):
        story.edit(828 + (slot is two), by, slot, value)
    story.say(890, owner(one), ("yes-no", "no-yes")[accepted], o=by, v=values[0], v2=values[1])
    for number, slot in enumerate((one, two)):
        _settle(slot, *(("decided", slot.now) if number == accepted else ("undone", slot.noon)))


def _wrong_field(story, ready, live):
    """What was decided for one probe was written into the other."""
    (value,) = story.others(ready, 1)
    story.say(915, owner(ready), "decide", ready, v=value)
    story.edit(919, story.ops(), live, value)
    _settle(ready, "decided", value)
    _settle(live, "undone", live.noon)


def _by_the_clock(story, slots):
    """The owner agrees to an edit by its hour alone; another was made at that hour in UTC."""
    kept, undone = slots
    by = story.ops()
    for minute, slot in ((796, kept), (916, undone)):
        story.edit(minute, by, slot, story.others(slot, 1)[0])
    story.say(960, owner(kept), "your-edit", y=by, b=story.cast.names[kept.role])
    _settle(kept, "decided", kept.now)
    _settle(undone, "undone", undone.noon)


def _fixed(story, role):
    """The owner lowers what a table of constraints.md fixes."""
    space, name = story.cast.space_of(role), story.cast.names[role]
    slot = Slot(
        role, "limit", "Deployment", space, name, PATHS["limit"], f"{space}/{name}-deployment.yaml", []
    )
    slot.noon = slot.now = f"{story.cast.memory[role]}Mi"
    value = f"{story.cast.memory[role] * 3 // 4}Mi"
    story.say(748, owner(slot), "decide", slot, v=value)
    story.edit(751, story.ops(), slot, value)
    story.slots[role, "limit"] = slot
    _settle(slot, "memory", slot.noon)


def _replicas(story, slot):
    """Decided, done, and undone by somebody who met an error."""
    by = story.ops()
    story.say(775, owner(slot), "decide", slot, v="3")
    story.edit(778, by, slot, "3")
    story.edit(800, by, slot, "2")
    story.say(802, by, "stepped-back", slot, v="2")
    _settle(slot, "decided", "3")
