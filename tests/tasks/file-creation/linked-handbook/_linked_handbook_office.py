"""Reads the logbook as a careful person does, or one who misses something; knows how its people put things."""

import re

_NOTE = re.compile(r'[„"](.+?)[“"](?: \((deutsch|englisch|German|English)\))?')
_DAY = re.compile(r"(\d+)\.? (März|March|April)")
_LAST = 31
#: (kind, how such entries sound), the first that fits decides.
_SOUNDS = [
    ("rename", r"heißt jetzt|umbenannt, der|ist heute „|is now called|^Renamed|bears the title"),
    ("propose", r"Sollten wir|gern in|Could we not|love to rename"),
    (
        "stand-in",
        r"entscheidet (\w+) für mich|(\w+) vertritt mich|(\w+) decides in my place|(\w+) stands in for me",
    ),
    ("sweep", r"`review`"),
    (
        "only",
        r"nur die (deutsch)|nur die (englisch)|allein der (deutsch|englisch)|(?:only|just) the (German|English)",
    ),
    ("same-if", r"halten wir es wie|gilt genauso|the same goes|holds for"),
    ("swap", r"verwechselt|vertan|mixed up|and meant"),
    ("void", r"bitte vergessen|nehme ich zurück|Please forget|take back what"),
    ("unvoid", r"gilt, wie er dasteht|war falsch, es bleibt|stands as it is|were wrong, what"),
    ("back", r"Was (\w+) am .* heruntergenommen|um die es (\w+) am|that (\w+) took off|What (\w+) took down"),
    ("agreed-they-say", r"hörte ich|ausgerichtet|I was told|so they say"),
    ("agreed", r"einverstanden\.$|von mir aus ja|Agreed\.$|yes from me"),
    ("release-from", r"öffentlich\.|auf die Seite, vorher|goes public|not earlier"),
    ("withdraw-from", r"verschwindet am|Ab dem .* zeigen wir|comes off on \d|no longer show"),
    ("withdraw-if", r"herunter, sobald|^Wenn \w+ die neue|comes off once|^As soon as"),
    ("release-if", r"erst wenn \w+ zugestimmt|Solange das Ja|not before|provided"),
    ("release", r"am Telefon|laut|on the phone|says \w+\. I am"),
    ("withdraw", r"sofort weg|zurückgezogen, so|withdrawn as of|cannot stay online"),
    ("release", r"kann raus|^Freigabe für|noch einmal durchgesehen|good to go|Nothing left|No objections"),
    ("withdraw", r"vorerst herunter|nicht mehr zeigen\.|^Taking|has to go\. I will"),
]
_SOUNDS_LIKE = [(kind, re.compile(pattern)) for kind, pattern in _SOUNDS]
_TONGUE = {"deutsch": "de", "German": "de", "englisch": "en", "English": "en"}
#: What corrections say: the note meant, or the day that stands, comes last in these.
_LATER = re.compile(r"vertan|and meant|war falsch|were wrong")


class Entry:
    """One entry: its day, its author and what it says."""

    def __init__(self, day, who, text):
        self.day, self.who, self.kind, self.person = day, who, "", ""
        quoted, _, own = text.partition("\n\n") if text.startswith(">") else ("", "", text)
        self.days = [int(d) + (_LAST if month == "April" else 0) for d, month in _DAY.findall(own)]
        self.names = [(name, _TONGUE.get(lang)) for name, lang in _NOTE.findall(quoted or own)]
        if quoted:
            self.kind = "quote"
            return
        for kind, sound in _SOUNDS_LIKE:
            if hit := sound.search(own):
                self.kind, self.person = kind, next((some for some in hit.groups() if some), "")
                break
        if self.kind == "same-if" and "halten" not in own and "the same goes" not in own:
            self.names.reverse()
        if _LATER.search(own):
            self.names.reverse()
            self.days.reverse()


class Office:
    """What the logbook decides; ``slips`` name what its reader missed."""

    def __init__(self, folder, heads, slips):
        self.heads, self.slips = heads, slips
        parts = re.split(r"(?m)^### ", (folder / "logbook.md").read_text("utf-8"))[1:]
        self.entries = []
        for part in parts:
            first, _, text = part.partition("\n")
            day, _, who = first.partition(", ")
            self.entries.append(Entry(int(day[-2:]), who, text.strip()))
        syntax = (folder / "SYNTAX.md").read_text("utf-8")
        self._had = {}
        self._had = self.former()
        self.editors = re.search(r"2\. (\w+), (\w+) and (\w+) decide", syntax).groups()

    def file(self, name, day=_LAST + 1):
        """Return the file of the note that had a title on a day."""
        title, lang = name
        if "today" in self.slips:
            found = [file for (_, old), file in self._had.items() if old == title]
            if found:
                return found[0]
        renames = [one for one in self.entries if one.kind == "rename" and one.day >= day]
        for one in renames:
            if one.names[0][0] == title:
                title = one.names[1][0]
        return next(
            f for f, head in self.heads.items() if head["title"] == title and lang in (None, head["lang"])
        )

    def published(self):
        """Return the files of published notes."""
        state = {file: head["status"] == "published" for file, head in self.heads.items()}
        changes = []
        for entry in [] if "log" in self.slips else self._standing():
            changes += self._changes(entry)
        for _, file, on in sorted((one for one in changes if one[0] <= _LAST), key=lambda one: one[0]):
            state[file] = on
        return {file for file, on in state.items() if on}

    def _entry(self, who, day):
        return next(entry for entry in self.entries if (entry.who, entry.day) == (who, day))

    def _standing(self):
        gone, kept = set(), []
        away = next(entry for entry in self.entries if entry.kind == "stand-in")
        for entry in self.entries:
            if entry.kind == "void" and "void" not in self.slips:
                gone.add(self._entry(entry.who, entry.days[0]))
            elif entry.kind == "unvoid" and "unvoid" not in self.slips:
                gone.discard(self._entry(entry.who, entry.days[0]))
            elif entry.kind == "swap" and "swap" not in self.slips:
                self._entry(entry.who, entry.days[0]).names = entry.names[:1]
            stands = entry.who in self.editors or "standing" in self.slips
            if entry.who == away.person and away.days[0] <= entry.day <= away.days[1]:
                stands = stands or "stand-in-never" not in self.slips
            if stands or (entry.who == away.person and "stand-in-always" in self.slips):
                kept.append(entry)
        return [entry for entry in kept if entry not in gone]

    def _changes(self, entry):
        kind, day = entry.kind, entry.day
        if kind in ("release", "withdraw"):
            return [(day, self.file(entry.names[0], day), kind == "release")]
        if kind == "quote":
            return [(day, self.file(entry.names[0], day), "quote" in self.slips)]
        if kind in ("release-from", "withdraw-from"):
            at = day if "days" in self.slips else entry.days[0]
            return [(at, self.file(entry.names[0], day), kind == "release-from")]
        if kind in ("release-if", "withdraw-if", "same-if"):
            file = self.file(entry.names[0], day)
            met = self._met(file, day)
            return [(met, file, kind != "withdraw-if")] if met else []
        if kind == "back":
            return [(day, self.file(self._entry(entry.person, entry.days[0]).names[0], entry.days[0]), True)]
        if kind == "only":
            langs = ["de", "en"] if "both-languages" in self.slips else [_TONGUE[entry.person]]
            return [(day, self.file((entry.names[0][0], lang), day), True) for lang in langs]
        if kind == "sweep":
            but = "" if "sweep-all" in self.slips else self.file(entry.names[0], day)
            review = [
                f for f, head in self.heads.items() if head["status"] == "review" and head["lang"] == "de"
            ]
            return [(day, file, True) for file in review if file != but]
        return []

    def _met(self, file, day):
        if "agreed-anyway" in self.slips:
            return day
        kinds = ("agreed", "agreed-they-say") if "they-say" in self.slips else ("agreed",)
        return next(
            (
                one.day
                for one in self.entries
                if one.kind in kinds and self.file(one.names[0], one.day) == file
            ),
            None,
        )

    def former(self):
        """Return the file of the note for each former title, by language and title."""
        steps = [entry for entry in self.entries if entry.kind == "rename"]
        steps += [entry for entry in self.entries if entry.kind == "propose" and "proposed" in self.slips]
        found = {}
        for place, step in enumerate(steps):
            (old, _), (new, _) = step.names
            if step.kind == "propose":
                old, new = new, old
            for other in steps[place + 1 :] if step.kind == "rename" else []:
                if other.kind == "rename" and other.names[0][0] == new:
                    new = other.names[1][0]
            file = self.file((new, None))
            key = (self.heads[file]["lang"], old)
            if key not in found or "first-bearer" not in self.slips:
                found[key] = file
        return found
