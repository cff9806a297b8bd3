"""Reads the log line by line as questions.md says, or with one of the slips the task is built around.

It shares no code with the generator, so that each proves the other. ``slips`` name what a reader got wrong.
"""

import re
from datetime import UTC, datetime, timedelta

MONTHS = {
    name: f"{n:02}"
    for n, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}
MONTH_NAMES = [
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
BOOTED = re.compile(r"\[ *([\d.]+)\] .*setting system clock to (\S+) UTC")
RENAMED = re.compile(r"Changed static hostname from '([^']+)' to '([^']+)'")
REPEATED = re.compile(r"last message repeated (\d+) times?")
SUPPRESSED = re.compile(r"(\d+) messages suppressed")


class Questions:
    """What questions.md asks."""

    def __init__(self, workspace):
        text = (workspace / "questions.md").read_text("utf-8")
        self.year = re.search(r"no year: it is (\d{4})", text)[1]
        self.tests = set(re.findall(r"`([^`]+)`", re.search(r"\*\*Test machines\*\*.*", text)[0]))
        asked = dict(re.findall(r"^(\d)\. (.*)$", text, re.M))
        ticked = {key: re.findall(r"`([^`]+)`", line) for key, line in asked.items()}
        self.repeated = ticked["1"][:2]
        self.suppressed = ticked["2"][:2]
        day, month, _ = re.search(r" on (\d+) (\w+) (\d{4}) \(UTC\)", asked["2"]).groups()
        self.day = f"{MONTH_NAMES[int(MONTH_NAMES.index(month))][:3]} {int(day):2}"
        program, machine, text = ticked["3"]
        self.renamed = (program, text, machine)
        self.kernel_host = ticked["4"][0]
        self.kernel_text = ticked["4"][-1].split("…")
        self.measured = (ticked["5"][0], int(re.search(r"(?:fewer|more) than (\d+)", asked["5"])[1]))
        self.fewer = "fewer than" in asked["5"]
        self.first = " the first " in asked["6"]
        text, program = ticked["6"]
        self.reported = (program, text)


class Reader:
    """One pass over the log; afterwards `answers` has all six."""

    def __init__(self, workspace, slips=()):
        self.ask, self.slips = Questions(workspace), set(slips)
        self.new_name = {}
        self.repeated = self.suppressed = 0
        self.counted = {}
        self.kernel = []
        self.boots = {}
        self.values = []
        self.reports = []
        self._read(workspace)

    def _read(self, workspace):
        ask = self.ask
        last, before, seen = {}, "", {}
        programs = {ask.suppressed[0], ask.renamed[0], ask.measured[0], ask.reported[0], "systemd-hostnamed"}
        said = {}
        with (workspace / "syslog").open(encoding="ascii", newline="\n") as lines:
            for line in lines:
                host, _, text = line[16:-1].partition(" ")
                if text.startswith("last message "):
                    self._repeat(line, host, text, last, before, seen)
                    before = line
                    continue
                last[host], before = text, line
                program = text.partition(":")[0].partition("[")[0]
                if program == ask.repeated[0] and text.endswith(f": {ask.repeated[1]}"):
                    self.repeated += 1
                    seen[host] = self._at(line)
                elif program == "kernel":
                    self._kernel(line, host, text)
                if program in programs:
                    self._program(line, host, program, text.partition(": ")[2], said)

    def _at(self, line):
        stamp = f"{self.ask.year}-{MONTHS[line[:3]]}-{int(line[4:6]):02}T{line[7:15]}"
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC)

    def _repeat(self, line, host, text, last, before, seen):
        target = f": {self.ask.repeated[1]}"
        if "by-file-line" in self.slips:
            ours = before.rstrip("\n").endswith(target)
        elif "of-anything" in self.slips:
            ours = host in seen and self._at(line) - seen[host] <= timedelta(seconds=60)
            ours = ours or last[host].endswith(target)
        else:
            ours = last[host].endswith(target)
        if ours and "no-repeats" not in self.slips:
            self.repeated += int(REPEATED.fullmatch(text)[1])

    def _program(self, line, host, program, message, said):
        ask, slips = self.ask, self.slips
        if program == "systemd-hostnamed" and (change := RENAMED.fullmatch(message)):
            self.new_name[change[1]] = change[2]
        if program == ask.suppressed[0]:
            hit = SUPPRESSED.fullmatch(message)
            if hit is None:
                said[host] = (message, line[:6])
            ours = said[host][0] == ask.suppressed[1] or (hit and "suppressed-of-anything" in slips)
            day = said[host][1] if "when-first-said" in slips else line[:6]
            if ours and (day == ask.day or "all-days" in slips) and not (hit and "no-suppressed" in slips):
                self.suppressed += int(hit[1]) if hit else 1
        if program == ask.renamed[0] and message == ask.renamed[1]:
            self.counted[host] = self.counted.get(host, 0) + 1
        if program == ask.measured[0]:
            self.values.append((host, int(re.search(r"(\d+) (?:days|Currently)", message)[1])))
        if program == ask.reported[0] and message == ask.reported[1]:
            self.reports.append((self._at(line), host))

    def _kernel(self, line, host, text):
        if hit := BOOTED.search(text):
            clock = datetime.fromisoformat(hit[2]).replace(tzinfo=UTC)
            exact = self._at(line) if "boot-stamp" in self.slips else clock - timedelta(seconds=float(hit[1]))
            self.boots.setdefault(host, []).append(exact)
        head, tail = self.ask.kernel_text
        if head in text and text.endswith(tail) and host == self.ask.kernel_host:
            since = float(re.search(r"\[ *([\d.]+)\]", text)[1])
            self.kernel.append((len(self.boots.get(host, ())) - 1, since, self._at(line)))

    def _current(self, host):
        while host in self.new_name:
            host = self.new_name[host]
        return host

    def _moved(self):
        name = self.ask.renamed[2]
        if "one-name" in self.slips:
            return self.counted.get(name, 0)
        if "name-prefix" in self.slips:
            starts = [old for old, new in self.new_name.items() if new == name] + [name]
            return sum(n for host, n in self.counted.items() if host.startswith(tuple(starts)))
        return sum(n for host, n in self.counted.items() if self._current(host) == name)

    def _when(self):
        order = (lambda row: row[1]) if "fewest-seconds" in self.slips else (lambda row: row[:2])
        boot, since, stamp = min(self.kernel, key=order)
        if "stamp" in self.slips:
            return stamp
        boots = self.boots[self.ask.kernel_host]
        if "first-boot" in self.slips:
            boot = 0
        elif "last-boot" in self.slips:
            boot = -1
        return (boots[boot] + timedelta(seconds=since)).replace(microsecond=0)

    def _machines(self):
        bound, slips, last = self.ask.measured[1], self.slips, {}
        found = set()
        for host, value in self.values:
            name = host if "one-name" in slips else self._current(host)
            known = host if "test-by-written-name" in slips else name
            if known in self.ask.tests and "tests-too" not in slips:
                continue
            past = value < bound if self.ask.fewer else value > bound
            last[name] = past = past or ("bound-itself" in slips and value == bound)
            if past:
                found.add(name)
        return {name for name, past in last.items() if past} if "last-value" in slips else found

    def answers(self):
        """Return the content of answers.json."""
        reports = self.reports if "file-order" in self.slips else sorted(self.reports)
        at, host = reports[0] if self.ask.first else reports[-1]
        return {
            "1": self.repeated,
            "2": self.suppressed,
            "3": self._moved(),
            "4": utc(self._when()),
            "5": sorted(self._machines()),
            "6": {"machine": self._current(host), "at": utc(at)},
        }


def utc(at):
    """Return an instant as text."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
