"""Reads the log as questions.md says, or with some of the slips that the task is built around.

It shares no code with the generator, so that each proves the other. ``slips`` name what a reader got wrong.
One search through the bytes finds the lines that can matter; only these are read.
"""

import mmap
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from _syslog_needle_notes_read import MONTHS, Board

NUMBERS = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
BOOTED = re.compile(r"setting system clock to (\S+) UTC")
RENAMED = re.compile(r"Changed static hostname from '([^']+)' to '([^']+)'")
REPEATED = re.compile(r"last message repeated (\d+) times?")
ITSELF = re.compile(r"message repeated (\d+) times?: \[ (.*)\]")
SUPPRESSED = re.compile(r"(\d+) messages suppressed")


class Questions:
    """What questions.md asks."""

    def __init__(self, workspace):
        text = (workspace / "questions.md").read_text("utf-8")
        self.year = int(re.search(r"no year: it is (\d{4})", text)[1])
        flat = " ".join(text.split())
        self.tests = set(re.findall(r"`([^`]+)`", re.search(r"these were: ([^.]*)\.", flat)[1]))
        self.officers = set(re.search(r"officers on duty, `(\w+)` and `(\w+)`", flat).groups())
        asked = dict(re.findall(r"^(\d)\. (.*)$", text, re.M))
        ticked = {key: re.findall(r"`([^`]+)`", line) for key, line in asked.items()}
        self.repeated = ticked["1"][:2]
        self.suppressed = ticked["2"][:2]
        day, month = re.search(r" on (\d+) (\w+) \d{4} \(UTC\)", asked["2"]).groups()
        self.day = (MONTHS.index(month) + 1, int(day))
        program, machine, said = ticked["3"]
        self.renamed = (program, said, machine)
        self.kernel_host = ticked["4"][0]
        self.kernel_text = ticked["4"][-1].split("…")
        self.measured = (ticked["5"][0], int(re.search(r"(?:fewer|more) than (\d+)", asked["5"])[1]))
        self.fewer = "fewer than" in asked["5"]
        self.first = " the first " in asked["6"]
        said, program = ticked["6"]
        self.reported = (program, said)
        self.programs = {self.repeated[0], self.suppressed[0], self.renamed[0], self.measured[0], program}


class Entry(NamedTuple):
    """A line of the log; ``who`` is the machine by the name it began with."""

    at: datetime
    who: str
    host: str
    program: str
    tag: str
    said: str


class Reader:
    """Everything that matters in the log; `answers` has all six."""

    def __init__(self, workspace, slips=()):
        self.ask, self.slips = Questions(workspace), set(slips)
        self.by_name: dict[str, str] = {}
        self.boots: dict[str, list[datetime]] = {}
        self.entries: list[Entry] = []
        self.before: dict[int, str] = {}
        with (
            (workspace / "syslog").open("rb") as log,
            mmap.mmap(log.fileno(), 0, prot=mmap.PROT_READ) as data,
        ):
            self._read(data)
        self.final = {who: name for name, who in self.by_name.items()}
        tests = {self.by_name.get(name, name) for name in self.ask.tests}
        if "test-by-written-name" in self.slips:
            tests = self.ask.tests
        self.board = Board(self.entries[0].at, tests, self.ask.officers, self.slips)
        for entry in self.entries:
            if entry.program == "note":
                who, _, text = entry.said.partition(": ")
                self.board.note(entry.at, who, text)

    def _read(self, data):
        programs = "|".join(sorted({*self.ask.programs, "kernel", "note", "relayd", "systemd-hostnamed"}))
        matter = re.compile(
            rf" (?:(?:{programs})[\[:]|last message repeated|System clock was stepped)".encode("ascii")
        )
        copies = begun = -1
        for hit in matter.finditer(data):
            start = data.rfind(b"\n", 0, hit.start()) + 1
            if start == begun or (start < copies and "copies-counted" not in self.slips):
                continue
            begun = start
            line = data[start : data.find(b"\n", start)].decode("ascii")
            if line[16:].split(" ", 2)[1].startswith("last"):
                self.before[len(self.entries)] = _line_before(data, start, line[16:].split(" ", 1)[0])
            self._take(line)
            if count := re.search(r"relayd.* sending the last (\d+) lines", line):
                copies = data.find(b"\n", start) + 1
                for _ in range(int(count[1])):
                    copies = data.find(b"\n", copies) + 1

    def _take(self, line):
        host, _, text = line[16:].partition(" ")
        who = host
        if "spelling" not in self.slips:
            host = host.rpartition("/")[2].partition(".")[0].lower()
            who = self.by_name.get(host, host)
        else:
            who = self.by_name.get(host, host)
        tag, _, said = text.partition(": ")
        program = tag.partition("[")[0]
        if program == "systemd-hostnamed" and (change := RENAMED.fullmatch(said)):
            old, new = change.groups()
            who = self.by_name[new] = self.by_name.pop(old, old)
        at = datetime(
            self.ask.year, NUMBERS[line[:3]], int(line[4:6]), *map(int, line[7:15].split(":")), tzinfo=UTC
        )
        self.entries.append(Entry(at, who, host, program, tag, said or text))

    def _name(self, who):
        return self.final.get(who, who)

    # -- 1 and 2 ---------------------------------------------------------------------------------

    def _parts(self, text):
        """Return how often a line, from its program on, says the message of question 1."""
        tag, _, said = text.partition(": ")
        if tag.partition("[")[0] != self.ask.repeated[0]:
            return int("quoted-too" in self.slips and said.endswith(": ".join(self.ask.repeated)))
        if own := ITSELF.fullmatch(said):
            return int(own[1]) * (own[2] == self.ask.repeated[1]) * ("own-repeats" not in self.slips)
        if "joined-whole" in self.slips:
            return int(said == self.ask.repeated[1])
        count = said.split("#012").count(self.ask.repeated[1])
        return min(count, 1) if "joined-once" in self.slips else count

    def _repeated(self):
        total, last, seen = 0, {}, set()
        for number, entry in enumerate(self.entries):
            if hit := REPEATED.fullmatch(entry.said):
                before = self.before[number]
                if not before.startswith("last message repeated"):
                    last[entry.who] = self._parts(before)
                count = 0 if "no-repeats" in self.slips else last[entry.who] * int(hit[1])
            else:
                count = self._parts(f"{entry.tag}: {entry.said}")
                if count and "equal-once" in self.slips:
                    count *= (entry.at, entry.who, entry.said) not in seen
                    seen.add((entry.at, entry.who, entry.said))
            if count and not self._is_test(entry):
                total += count
        return total

    def _suppressed(self):
        total, last, slips = 0, {}, self.slips
        for entry in self.entries:
            if entry.program != self.ask.suppressed[0] or self._is_test(entry):
                continue
            key = (entry.who, entry.program if "by-program" in slips else entry.tag)
            hit = SUPPRESSED.fullmatch(entry.said)
            if hit is None:
                last[key] = entry
            said = last.get(key, entry)
            ours = said.said == self.ask.suppressed[1] or (hit and "suppressed-of-anything" in slips)
            at = said.at if "when-first-said" in slips else entry.at
            today = (at.month, at.day) == self.ask.day or "all-days" in slips
            if ours and today and not (hit and "no-suppressed" in slips):
                total += int(hit[1]) if hit else 1
        return total

    # -- 3 and 4 ---------------------------------------------------------------------------------

    def _moved(self):
        program, said, name = self.ask.renamed
        found = [entry for entry in self.entries if (entry.program, entry.said) == (program, said)]
        if "one-name" in self.slips:
            return sum(entry.host == name for entry in found)
        first = self.by_name[name]
        if "name-prefix" in self.slips:
            return sum(entry.host.startswith((first, name)) for entry in found)
        if "name-reuse" in self.slips:
            return sum(entry.who in (first, self.by_name[first]) for entry in found)
        return sum(entry.who == first for entry in found)

    def _kernel(self):
        """Return (number of the boot, seconds, stamp) of each message asked for, and the boots."""
        number = r"\[ *([\d.]+)\] " if "plain-brackets" in self.slips else r"\[ *([\d.]+)\](?:\[ *T\d+\])? "
        boots, found = [], []
        head, tail = self.ask.kernel_text
        for entry in self.entries:
            if self._name(entry.who) != self.ask.kernel_host:
                continue
            if step := re.search(r"clock was stepped by (\S+) seconds", entry.said):
                if "step-ignored" not in self.slips:
                    boots[-1] += timedelta(seconds=float(step[1]))
            elif entry.program == "kernel" and (since := re.match(number, entry.said)):
                if clock := BOOTED.search(entry.said):
                    exact = datetime.fromisoformat(clock[1]).replace(tzinfo=UTC) - timedelta(
                        seconds=float(since[1])
                    )
                    boots.append(entry.at if "boot-stamp" in self.slips else exact)
                elif head in entry.said and entry.said.endswith(tail):
                    found.append((len(boots) - 1, float(since[1]), entry.at))
        return found, boots

    def _when(self):
        found, boots = self._kernel()
        boot, since, stamp = min(found, key=lambda row: row[1] if "fewest-seconds" in self.slips else row[:2])
        if "stamp" in self.slips:
            return stamp
        boot = 0 if "first-boot" in self.slips else -1 if "last-boot" in self.slips else boot
        return (boots[boot] + timedelta(seconds=since)).replace(microsecond=0)

    # -- 5 and 6 ---------------------------------------------------------------------------------

    def _is_test(self, entry):
        if "tests-too" in self.slips:
            return False
        who = entry.host if "test-by-written-name" in self.slips else entry.who
        return self.board.is_test(who, entry.at)

    def _machines(self):
        (program, bound), slips, last, newer = self.ask.measured, self.slips, {}, {}
        found = set()
        for entry in self.entries:
            if entry.program != program:
                continue
            if unit := re.search(r"all values in (\w+)", entry.said):
                newer[entry.who] = unit[1] in ("hours", "Fahrenheit") and "units-ignored" not in slips
                continue
            value = float(re.search(r"[\d.]+$", entry.said)[0])
            if newer.get(entry.who):
                value = value / 24 if self.ask.fewer else (value - 32) / 1.8
            name = entry.host if "one-name" in slips else self._name(entry.who)
            if "name-reuse" in slips and entry.who != self._name(entry.who):
                name = self._name(name)
            past = value < bound if self.ask.fewer else value > bound
            past = past or ("bound-itself" in slips and abs(value - bound) < 0.001)
            if not self._is_test(entry):
                last[name] = past
                if past:
                    found.add(name)
        return {name for name, past in last.items() if past} if "last-value" in slips else found

    def _first_or_last(self):
        reports = []
        for entry in self.entries:
            drill = self.board.in_drill(entry.who, entry.at)
            if (entry.program, entry.said) == self.ask.reported and not drill and not self._is_test(entry):
                reports.append((self.board.right_time(entry.who, entry.at), entry.who))
        if "file-order" not in self.slips:
            reports.sort()
        return reports[0] if self.ask.first else reports[-1]

    def answers(self):
        """Return the content of answers.json."""
        at, who = self._first_or_last()
        return {
            "1": self._repeated(),
            "2": self._suppressed(),
            "3": self._moved(),
            "4": utc(self._when()),
            "5": sorted(self._machines()),
            "6": {"machine": self._name(who), "at": utc(at)},
        }


def _line_before(data, start, host):
    """Return what a machine wrote last before ``start``, from the program on."""
    mark, place = f" {host} ".encode("ascii"), start
    while True:
        place = data.rfind(mark, 0, place)
        begin = data.rfind(b"\n", 0, place) + 1
        if place - begin == 15:
            return data[place + len(mark) : data.find(b"\n", place)].decode("ascii")


def utc(at):
    """Return an instant as text."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
