"""Reads the evidence into plain records, each machine still by its own clock (milliseconds since 1970)."""

import csv
import json
import re
from bisect import bisect_left
from calendar import timegm
from dataclasses import dataclass, field
from datetime import datetime

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
TRY = re.compile(r"app\[(\d+)\]: (\w+)/(\d) op=(\w+) acct=(\w+) via=([\w-]+) code=(\w+) ms=(\d+)")
REQUEST = re.compile(r"(\w+) op=(\w+) acct=(\w+) status=(\d+) ms=(\d+) tries=(\S+)")


@dataclass
class Try:
    """One try; ``begin`` and ``end`` are by the host's clock until `clocks` puts them right."""

    request: str
    number: int
    host: str
    code: str
    pid: int = 0
    begin: int = 0
    end: int = 0
    place: int = -1
    op: str = ""
    account: str = ""
    edge: str = ""

    @property
    def name(self):
        return f"{self.request}/{self.number}"

    def earlier(self, ms):
        """Return the same try so many milliseconds earlier."""
        begin, end = self.begin - ms, self.end - ms
        return Try(self.request, self.number, self.host, self.code, self.pid, begin, end, self.place,
                   self.op, self.account, self.edge)  # fmt: skip


@dataclass
class Request:
    """One request; ``status`` 0 means that its line is missing."""

    id: str
    edge: str
    op: str
    account: str
    begin: int
    end: int = 0
    status: int = 0
    shown: list = field(default_factory=list)
    tries: dict = field(default_factory=dict)

    def earlier(self, ms):
        """Return the same request so many milliseconds earlier, its tries unknown."""
        begin, end = self.begin - ms, self.end - ms
        return Request(self.id, self.edge, self.op, self.account, begin, end, self.status, self.shown)


class Evidence:
    """All files, parsed."""

    def __init__(self, folder):
        self.folder = folder
        self.lines = {}
        for host in [*(f"edge-{n}" for n in (1, 2)), *(f"app-{n}" for n in range(1, 5)), "ledger-1", "stock-1",
                     "pay-1", "mon-1"]:  # fmt: skip
            self.lines[host] = [
                line for path in sorted((folder / host).iterdir(), reverse=True)
                if not path.name.startswith("access") for line in self._parsed(host, path)
            ]  # fmt: skip
        with (folder / "control/changes.csv").open(newline="") as stream:
            self.changes = list(csv.DictReader(stream))
        with (folder / "accounts.csv").open(newline="") as stream:
            rows = list(csv.DictReader(stream))
        self.customer = {row["account"]: row["customer"] for row in rows}
        self.tests = {row["account"] for row in rows if row["kind"] == "test"}
        flags = json.loads((folder / "control/flags.json").read_text())
        self.salts = flags["salts"]
        self.revisions = {row["rev"]: row["flags"] for row in flags["revisions"]}
        self.published = [(_iso(row["published"]), row["rev"]) for row in flags["revisions"]]
        self.requests = {edge: self._requests(edge) for edge in ("edge-1", "edge-2")}
        self.tries = {host: self._tries(host) for host in self.lines if host.startswith("app")}

    def _parsed(self, host, path):
        text = path.read_text("ascii")
        offset, year = 0, ""
        if text.startswith("#"):
            head, text = text.split("\n", 1)
            year, hours = re.search(r"opened (\d+)-.* UTC\+(\d\d)", head).groups()
            offset = int(hours) * 3_600_000
        days = {}
        for line in text.splitlines():
            if year:
                stamp, rest = line[:19], line[20:]
                day = stamp[:6]
                if day not in days:
                    days[day] = timegm((int(year), MONTHS.index(day[:3]) + 1, int(day[4:]), 0, 0, 0))
                seconds = days[day] + int(stamp[7:9]) * 3600 + int(stamp[10:12]) * 60 + int(stamp[13:15])
                yield seconds * 1000 + int(stamp[16:]) - offset, rest
            elif host == "stock-1":
                yield _iso(line[:29]), line[30:]
            else:
                stamp, rest = line.split(" ", 1)
                yield _number(stamp) if stamp[4] != "-" else _iso(stamp), rest

    def _requests(self, edge):
        found = {}
        for path in sorted((self.folder / edge).glob("access*"), reverse=True):
            for at, text in self._parsed(edge, path):
                name, op, account, status, ms, tries = REQUEST.fullmatch(text).groups()
                shown = [tuple(one.split(":")) for one in tries.split(",")]
                found[name] = Request(name, edge, op, account, at - int(ms), at, int(status), shown)
        return found

    def _tries(self, host):
        found = []
        for place, (at, text) in enumerate(self.lines[host]):
            if hit := TRY.fullmatch(text):
                pid, request, number, op, account, edge, code, ms = hit.groups()
                found.append(
                    Try(
                        request, int(number), host, code, int(pid), at - int(ms), at, place, op, account, edge
                    )
                )
        return found


def _number(stamp):
    whole, _, part = stamp.partition(".")
    return int(whole) * 1000 + int(part) if part else int(whole)


def _iso(stamp):
    return round(datetime.fromisoformat(stamp).timestamp() * 1000)


def nearest(places, samples, place, low, high):
    """Return the median of the samples next to a line, none from beyond the places ``low`` and ``high``."""
    first, last = bisect_left(places, low), bisect_left(places, high)
    middle = min(max(bisect_left(places, place), first), last)
    some = sorted(samples[max(first, middle - 3) : min(last, middle + 3)])
    return some[len(some) // 2]
