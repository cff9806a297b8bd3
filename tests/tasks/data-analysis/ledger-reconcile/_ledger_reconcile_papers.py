"""Reads the files of a month to close: rules, ledger, statement and events with their fees."""

import csv
import re
import sqlite3
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("1")


def half_up(value):
    """Return whole cents."""
    return int(Decimal(value).quantize(CENT, ROUND_HALF_UP))


class Row(dict):
    """A record with its fields as attributes."""

    __getattr__ = dict.__getitem__
    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other


def swapped(one, two):
    """Say whether two amounts in cents differ by two neighbouring digits exchanged."""
    if one * two <= 0 or one == two:
        return False
    text, other = str(abs(one)).zfill(3), str(abs(two)).zfill(3)
    return any(text[:p] + text[p + 1] + text[p] + text[p + 2 :] == other for p in range(len(text) - 1))


class Papers:
    """The records of a workspace, all amounts in cents."""

    def __init__(self, workspace, slips=()):
        self.slips = frozenset(slips)
        self.rules = (workspace / "close-rules.md").read_text("utf-8")
        self.read_rules()
        self.read_ledger(workspace / "ledger.sqlite")
        self.read_bank((workspace / "bank.txt").read_text("utf-8"))
        self.read_events(workspace / "processor.csv")
        self.groups, self.open, self.journal = [], {}, []
        self.bank = self.closing

    def read_rules(self):
        """Take the figures from the rules."""
        text = re.sub(r"\s+", " ", self.rules)

        def find(pattern):
            return re.search(pattern, text).groups()

        self.ours = find(r"statement of our account ([\d ]+\d)\.")[0]
        self.modulus = int(find(r"divided by (\d+)")[0])
        self.rates_of = [
            Decimal(one) for one in find(r"account \| ([\d.]+) % \| ([\d.]+) % from \| ([\d.]+) %")
        ]
        self.may, self.fixed = (
            Decimal(one) for one in find(r"Tillway's May cost ([\d.]+) % plus ([\d.]+)\.")
        )
        self.dispute = int(Decimal(find(r"chargeback costs ([\d.]+)")[0]) * 100)
        self.days, self.kept = (int(one) for one in find(r"at most (\d+) days after .*? keeps (\d+) %"))
        steps = re.findall(r"\| (EUR|USD|GBP) \| below \| ([\d.]+) \| ([\d.]+)", text)
        self.steps = {name: [int(Decimal(a) * 100), int(Decimal(b) * 100)] for name, a, b in steps}

    def read_ledger(self, file):
        """Read postings, opening balance and rates."""
        base = sqlite3.connect(file)
        fields = ("line", "day", "ref", "text", "cents", "contra")
        self.lines = [
            Row(zip(fields, (row[0], date.fromisoformat(row[1]), *row[2:]), strict=True))
            for row in base.execute(
                "select line, day, ref, text, amount_cents, contra from postings order by line"
            )
        ]
        self.opening = base.execute("select amount_cents from opening where account = '1200'").fetchone()[0]
        self.rates = defaultdict(dict)
        for day, currency, rate in base.execute("select day, currency, eur from rates"):
            self.rates[currency][date.fromisoformat(day)] = Decimal(rate)
        base.close()

    def rate(self, currency, day):
        """Return the rate of a day."""
        if currency == "EUR":
            return Decimal(1)
        return self.rates[currency][max(one for one in self.rates[currency] if one <= day)]

    def read_bank(self, text):
        """Read the statement: entries with their text joined."""
        self.entries = []
        for line in text.splitlines():
            if hit := re.match(r"(\d{4})  (\d\d)\.(\d\d)\.  (\w{3})  +([\d.,]+)([+-])   (.*)", line):
                cents = int(re.sub(r"\D", "", hit[5])) * (-1 if hit[6] == "-" else 1)
                day = date(2026, int(hit[3]), int(hit[2]))
                self.entries.append(Row(id=hit[1], day=day, kind=hit[4], cents=cents, text=hit[7]))
            elif line.startswith(" " * 44) and line.strip():
                self.entries[-1]["text"] += " " + line.strip()
            elif hit := re.search(r"BALANCE 30.06.2026 +([\d.,]+)([+-])", line):
                self.closing = int(re.sub(r"\D", "", hit[1])) * (-1 if hit[2] == "-" else 1)
        for entry in self.entries:
            hit = re.search(r"CTL (\d+)/(\d+)", entry.text)
            entry["n"], entry["t"] = (int(hit[1]), int(hit[2])) if hit else (0, 0)

    def read_events(self, file):
        """Read the events and find their fees."""
        with file.open(encoding="utf-8", newline="") as stream:
            self.events = [Row(row) for row in csv.DictReader(stream)]
        for event in self.events:
            event["at"] = datetime.fromisoformat(event.created_utc[:-1])
            event["day"] = (event.at + timedelta(hours=2)).date()
            event["theirs"] = (event.at - timedelta(hours=4)).date()
            event["cents"] = int(Decimal(event.amount) * 100)
            event["no"] = int(event.event_id[2:])
            event["value"] = half_up(event.cents * self.rate(event.account, event.day))
        self.events.sort(key=lambda event: event.at)
        volume = defaultdict(int)
        for event in self.events:
            june = event.theirs.month > 5
            level = sum(volume[event.account] >= step for step in self.steps[event.account])
            share = self.rates_of[level] if june else self.may
            charge = half_up(event.cents * share / 100) + int(self.fixed * 100)
            fees = {"charge": charge, "chargeback": self.dispute, "won": -self.dispute, "refund": 0}
            event["fee"] = fees[event.kind]
            event["net"] = event.cents - event.fee
            if june and event.kind in ("charge", "refund"):
                volume[event.account] += event.cents
