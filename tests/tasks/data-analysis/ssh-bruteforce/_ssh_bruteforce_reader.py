"""Reads the SSH logs, the rules and the handover notes, for the solutions of the task.

It reads nothing but the workspace. `solve` parses the log text by regular expressions and takes the mistakes
as a set of names; `streaming` reads line by line with string methods and keeps one window per address. `Notes`
knows the wordings of the handover notes.
"""

from __future__ import annotations

import gzip
import ipaddress
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

REPEATED = re.compile(r"message repeated (\d+) times: \[ (.*)\]")
STEPPED = re.compile(r" chronyd\[\d+\]: System clock was stepped by (\d+)\.\d+ seconds")
STARTED = re.compile(r"sshd\[\d+\]: Server listening on 0\.0\.0\.0")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
GUESSABLE = r"password|keyboard-interactive/pam"
FAILURE = re.compile(rf"Failed (?:{GUESSABLE}) for .* from ([0-9a-f.:]+) port \d+")
EVER, NEVER = datetime(2000, 1, 1), datetime(2100, 1, 1)
DAY = timedelta(days=1)
ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9A-Fa-f]{1,4}:)+[0-9A-Fa-f:]+\b(?<!\d\d:\d\d)")
FIRMS = re.compile(
    "Kestrel Audit|Nordlicht Security|Bluefin Labs|Halden & Roth|Pinewood Testing|Ortolan|Steinbach IT"
)
# What an entry is about, told by words that no other kind of entry has.
KINDS = {
    "test": (
        *(
            "wake me",
            "has our order",
            "the gateway by",
            "prüft am",
            "unserem Auftrag",
            "two lines",
            "First line",
        ),
        *("the noise is", "all in UTC", "one source", "has a go", "Auftrag an"),
    ),
    "later": (
        *("but tomorrow", "slips by one day", "tomorrow instead of today", "erst morgen"),
        *("the day after", "goes back by a day", "one day later", "einen Tag später"),
    ),
    "returned": ("makes it today after all", "Back to the old day", "Another turn", "Rolle rückwärts"),
    "typo": ("My mistake in the entry", "copied their second line", "Correction for", "Zahlendreher"),
    "hearsay": (
        *("would go on until", "on the phone and wants", "say they have leave", "sie machen heute bis"),
        *("they go on until", "Was told by the people", "According to", "wollen heute bis"),
    ),
    "leave": ("had my leave", "I allowed them", "I prolonged", "tatsächlich verlängert"),
    "cancelled": ("that I wrote up on", "Forget my entry", "does not take place", "ersatzlos"),
    "store": (
        "backup store moved house",
        "Backup store: on",
        "Contract of the old backup",
        "Der Backup-Server läuft",
    ),
    "line": (
        "has its own line",
        "New line of the warehouse",
        "the warehouse sits behind",
        "eigenen Anschluss",
    ),
    "corrected": ("About the warehouse", "The warehouse says", "is wrong for the warehouse", "laut Telefon"),
    "settled": (
        "contract of the warehouse",
        "Went to the warehouse",
        "Last word on the warehouse",
        "mit Vertrag",
    ),
    "hotel": ("I work from a hotel", "Travelling.", "holiday flat", "Bin unterwegs"),
    "left": ("I gave the room back", "I checked out", "Trip cut short", "Früher zurück"),
    "claim": ("under my name", "Before anybody asks", "I was the one", "mit meinem Konto"),
    "retracted": ("I have to take back", "Correction of my entry", "What I claimed here", "Mein Eintrag vom"),
    "rumour": ("Saw a login of", "on the road. Leaving", "desk mate says", "aus dem Urlaub"),
}


class Rules:
    """What rules.md and allow.txt say."""

    def __init__(self, workspace: Path) -> None:
        text = " ".join((workspace / "rules.md").read_text("utf-8").split())
        need, minutes = re.search(r"if (\d+) or more failures of it lie within (\d+) minutes", text).groups()
        self.need, self.window = int(need), timedelta(minutes=int(minutes))
        day, year, hour, minute = map(int, re.search(r"on (\d+) January (\d+) at (\d+):(\d+)", text).groups())
        self.collected = datetime(year, 1, day, hour, minute, 59)
        hours, side = re.search(r"set to (\d+) hours? (ahead of|behind) UTC", text).groups()
        self.ahead = timedelta(hours=int(hours)) * (1 if side == "ahead of" else -1)
        lines = (workspace / "allow.txt").read_text("utf-8").splitlines()
        self.entries = [entry for line in lines if (entry := line.partition("#")[0].strip())]
        self.allowed = [ipaddress.ip_network(entry) for entry in self.entries]
        self.known: dict[str, bool] = {}

    def is_allowed(self, address: str, mistakes: set[str] | None = None) -> bool:
        """Say whether allow.txt has the address, whatever the notes say."""
        if mistakes and "allow-as-strings" in mistakes:
            return address in self.entries
        if address not in self.known:
            self.known[address] = any(ipaddress.ip_address(address) in network for network in self.allowed)
        return self.known[address]


class Notes:
    """What handover.md decides: stretches in which an address does not count, and claimed logins."""

    def __init__(self, workspace: Path, rules: Rules, mistakes: set[str]) -> None:
        self.rules, self.mistakes = rules, mistakes
        self.tests: dict[str, dict] = {}
        self.ours: dict[str, tuple[str, datetime, datetime]] = {}
        self.claims: set[tuple[str, datetime]] = set()
        self.gone = ""
        """The entry of allow.txt that is no longer ours."""
        if "notes-unread" not in mistakes:
            parts = (workspace / "handover.md").read_text("utf-8").split("\n## ")[1:]
            for part in parts:
                title, _, text = part.partition("\n\n")
                self._entry(title, " ".join(text.split()))
        self.quiet: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        for test in self.tests.values():
            for address in test["from"]:
                self.quiet[address].append((test["begin"], test["end"]))
        for address, since, until in self.ours.values():
            self.quiet[address].append((since, until))

    def leave_out(self, address: str, at: datetime) -> bool:
        """Say whether nothing from the address counts at that moment."""
        return address in self.quiet and any(since <= at <= until for since, until in self.quiet[address])

    def is_claimed(self, user: str, at: datetime) -> bool:
        """Say whether the owner of the account says it was his own login."""
        if "pair-cleared" in self.mistakes:
            return any(user == owner for owner, _ in self.claims)
        return (user, at.replace(second=0)) in self.claims

    def _entry(self, title: str, text: str) -> None:
        kinds = [kind for kind, words in KINDS.items() if any(word in text for word in words)]
        if not kinds:
            return
        _, day, month, year, clock, author = title.replace(",", "").split()
        self.now = datetime(int(year), MONTHS.index(month[:3]) + 1, int(day))
        self.written = self.at(clock)
        self.author, self.text = author.lower(), text
        self.addresses = [str(ipaddress.ip_address(found)) for found in ADDRESS.findall(text)]
        rest = ADDRESS.sub("", text)
        self.clocks = re.findall(r"\b\d\d:\d\d\b", rest)
        dates = re.search(r"(\d+)\.? (Dec|Dez|Jan|Nov)\w+", rest)
        if dates:
            month_no = {"Jan": 1, "Nov": 11}.get(dates[2], 12)
            self.day = self.now.replace(day=1, month=month_no)
            if abs(self.day - self.now) > 200 * DAY:
                self.day = self.day.replace(year=self.now.year + (1 if month_no == 1 else -1))
            self.day = self.day.replace(day=int(dates[1]))
        firm = FIRMS.search(text)
        self.test = self.tests.get(firm[0], {}) if firm else {}
        self.firm = firm[0] if firm else ""
        getattr(self, f"_{kinds[0]}")()

    def at(self, clock: str, day: datetime | None = None) -> datetime:
        """Return a moment of a day, else of the day of the entry."""
        hour, minute = map(int, clock.split(":"))
        return (day or self.now) + timedelta(hours=hour, minutes=minute)

    def _test(self) -> None:
        shift = self.rules.ahead if "UTC" in self.text and "first-plan" not in self.mistakes else timedelta(0)
        begin, end = (self.at(clock, self.day) + shift for clock in self.clocks)
        self.tests[self.firm] = {
            "from": self.addresses,
            "begin": begin,
            "end": end,
            "wrote": self.now,
            "by": self.author,
        }

    def _later(self) -> None:
        if "first-plan" not in self.mistakes:
            self.test.update(begin=self.test["begin"] + DAY, end=self.test["end"] + DAY)

    def _returned(self) -> None:
        if "first-plan" not in self.mistakes:
            self.test.update(begin=self.at(self.clocks[0]), end=self.test["end"] - DAY)

    def _typo(self) -> None:
        first, second = self.test["from"]
        start, _, old = second.rpartition(".")
        new = next(number for number in re.findall(r"\b\d\d\b", self.text) if number != old)
        if "first-plan" not in self.mistakes:
            self.test["from"] = [first, f"{start}.{new}"]

    def _hearsay(self) -> None:
        if "hearsay" in self.mistakes:
            self.test["end"] = self.at("01:00", self.now + DAY)

    def _leave(self) -> None:
        if not self.mistakes & {"hearsay", "first-plan"}:
            self.test["end"] = self.at(self.clocks[0])

    def _cancelled(self) -> None:
        if "first-plan" not in self.mistakes:
            kept = {
                firm: test
                for firm, test in self.tests.items()
                if (test["wrote"], test["by"]) != (self.day, self.author)
            }
            assert len(kept) == len(self.tests) - 1
            self.tests = kept

    def _store(self) -> None:
        old = next(address for address in self.addresses if address in self.rules.entries)
        if "old-addresses" not in self.mistakes:
            self.gone = old
            self.ours["store"] = (old, EVER, self.at(self.clocks[0]))

    def _line(self) -> None:
        self.ours["warehouse"] = (self.addresses[0], self.at(self.clocks[0]), NEVER)

    def _corrected(self) -> None:
        new = next(address for address in self.addresses if address != self.ours["warehouse"][0])
        self.ours["warehouse"] = (new, *self.ours["warehouse"][1:])

    def _settled(self) -> None:
        if "old-addresses" not in self.mistakes:
            self.ours["warehouse"] = (self.addresses[0], *self.ours["warehouse"][1:])

    def _hotel(self) -> None:
        self.ours[self.author] = (self.addresses[0], self.written, self.at(self.clocks[0], self.day))

    def _left(self) -> None:
        if "old-addresses" not in self.mistakes:
            self.ours[self.author] = (*self.ours[self.author][:2], self.at(self.clocks[0]))

    def _claim(self) -> None:
        self.claims.add((self.author, self.at(self.clocks[0], self.day)))

    def _retracted(self) -> None:
        if "every-claim" not in self.mistakes:
            self.claims = {claim for claim in self.claims if claim[0] != self.author}

    def _rumour(self) -> None:
        if "every-claim" in self.mistakes:
            user = re.search(r"[lL]ogin of (\w+)|^(\w+) came|Anmeldung von (\w+)", self.text)
            self.claims.add((next(filter(None, user.groups())), self.at(self.clocks[0], self.day)))


def log_files(workspace: Path) -> list[tuple[int, str]]:
    """Return age and text of the log files, the oldest first."""
    files = []
    for path in (workspace / "logs").glob("auth.log*"):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        digits = re.search(r"\.(\d+)", path.name)
        files.append((int(digits[1]) if digits else 0, data.decode("utf-8")))
    return sorted(files, reverse=True)


def whole_lines(text: str) -> list[str]:
    """Return the lines with the pieces of long messages put together."""
    if "[cont.] " not in text:
        return text.splitlines()
    lines: list[str] = []
    open_at: dict[str, int] = {}
    for line in text.splitlines():
        if ": [cont.] " in line:
            start, _, rest = line.partition(": [cont.] ")
            lines[open_at[start[15:]]] += rest
            continue
        if len(line) > 300:
            open_at[line[15:].partition(": ")[0]] = len(lines)
        lines.append(line)
    return lines


def messages(workspace: Path, rules: Rules, mistakes: set[str]) -> Iterator[tuple[datetime, str, str]]:
    """Yield right moment, program and message of each line about a login."""
    files = log_files(workspace)
    steps = [int(found) for _, text in files for found in STEPPED.findall(text)]
    if "first-step" in mistakes:
        steps = steps[:1]
    slow = 0
    hours: dict[str, datetime] = {}
    for _, text in files:
        for line in text.splitlines() if "first-piece" in mistakes else whole_lines(text):
            if "Failed" not in line and "Accepted" not in line:
                if "Server listening" in line and STARTED.search(line):
                    slow = sum(steps)
                elif "chronyd" in line and STEPPED.search(line) and steps:
                    slow -= steps.pop(0)
                continue
            tag, _, message = line[16:].partition(": ")
            program = tag.partition(" ")[2].partition("[")[0]
            hour = line[:9]
            if hour not in hours:
                parts = (MONTHS.index(line[:3]) + 1, int(line[4:6]), int(line[7:9]))
                hours[hour] = datetime(rules.collected.year, *parts)
                if hours[hour] > rules.collected and "one-year" not in mistakes:
                    hours[hour] = datetime(rules.collected.year - 1, *parts)
            yield (
                hours[hour] + timedelta(0, slow + 60 * int(line[10:12]) + int(line[13:15])),
                program,
                message,
            )


def failure_of(message: str) -> tuple[str, int] | None:
    """Return address and number of failures that a message of sshd stands for."""
    times = 1
    if message.startswith("message") and (repeated := REPEATED.fullmatch(message)):
        times, message = int(repeated[1]), repeated[2]
    failure = FAILURE.match(message)
    return (failure[1], times) if failure else None


def login_of(message: str) -> tuple[str, str] | None:
    """Return address and user of an accepted login that counts."""
    login = re.match(rf"Accepted (?:{GUESSABLE}) for (\S+) from (\S+) port", message)
    return (login[2], login[1]) if login else None


def crossing(stamps: list[datetime], rules: Rules) -> datetime | None:
    """Return the moment at which the stamps fill a window, or None."""
    for first, last in zip(stamps, stamps[rules.need - 1 :], strict=False):
        if last - first <= rules.window:
            return last
    return None


def programs(mistakes: set[str]) -> set[str]:
    """Return the tags whose messages are those of sshd on this host."""
    return {"sshd"} if "one-instance" in mistakes else {"sshd", "sshd-b"}


def solve(workspace: Path, *names: str) -> dict[str, dict]:
    """Return attackers (address -> failures) and break-ins ((address, user) -> instant)."""
    mistakes, rules = set(names), Rules(workspace)
    notes, tags = Notes(workspace, rules, mistakes), programs(mistakes)
    stamps: dict[str, list[datetime]] = defaultdict(list)
    logins = []
    for at, program, message in messages(workspace, rules, mistakes):
        if program not in tags:
            continue
        if failure := failure_of(message):
            source = plain(failure[0], mistakes)
            if not notes.leave_out(source, at):
                stamps[source].extend([at] * failure[1])
        elif login := login_of(message):
            logins.append((at, plain(login[0], mistakes), login[1]))
    crossed = {}
    for address, moments in stamps.items():
        at = crossing(sorted(moments), rules)
        if at and (address == notes.gone or not rules.is_allowed(address, mistakes)):
            crossed[address] = at
    breakins: dict[tuple[str, str], datetime] = {}
    shift = timedelta(0) if "server-clock" in mistakes else rules.ahead
    for at, address, user in sorted(logins, reverse=True):
        counts = not notes.leave_out(address, at) and not notes.is_claimed(user, at)
        if counts and address in crossed and at > crossed[address]:
            breakins[address, user] = at - shift
    return {"attackers": {address: len(stamps[address]) for address in crossed}, "breakins": breakins}


def plain(address: str, mistakes: set[str]) -> str:
    """Return an IPv4 address without its ::ffff: prefix."""
    return address if "mapped-apart" in mistakes else address.removeprefix("::ffff:")


def write(workspace: Path, found: dict[str, dict], block: list[str] | None = None) -> str:
    """Write both files and return the reply."""
    rows = [
        {"ip": ip, "user": user, "first_success_utc": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        for (ip, user), at in sorted(found["breakins"].items())
    ]
    report = {"attackers": found["attackers"], "compromised": rows}
    (workspace / "report.json").write_text(json.dumps(report, indent=2), "utf-8")
    lines = block if block is not None else sorted(found["attackers"])
    (workspace / "block.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return f"{len(found['attackers'])} attackers, {len(rows)} compromised pairs."
