"""Reads the travel desk's mail: who says what about which approval, trip or claim."""

import re
from pathlib import Path

MONTHS = "January February March April May June July August September October November December"
FROM_DESK = {
    "pending": [r"is with us\. Up to (?P<limit>\d+)", r"form about the (?P<limit>\d+) EUR",
                r"inclined to allow the (?P<limit>\d+) EUR"],
    "wait": [r"still to tell us", r"nothing has been changed\.$"],
    "agree": [r"changed everything just as you", r"is booked that way now", r"changed accordingly"],
    "second": [r"approved on those terms", r"exactly as your head"],
    "undo": [r"did not come about", r"nothing was changed", r"was called off"],
    "regrant": [r"the entertainment of (?P<limit>\d+) EUR was meant for (?P<gainer>T\d+)",
                r"approves (?P<limit>\d+) EUR .* should have said (?P<gainer>T\d+)",
                r"It is (?P<gainer>T\d+) that has the (?P<limit>\d+) EUR"],
    "revoke": [r"take it as revoked", r"no longer stands", r"we cannot keep A\d+ up", r"A\d+ is void"],
    "raise": [r"now good for (?P<limit>\d+)", r"become (?P<limit>\d+)", r"make it (?P<limit>\d+)",
              r"(?P<limit>\d+) EUR, then, on"],
    "end": [r"as in the table, but on (?P<day>[\d-]+)", r"last day is (?P<day>[\d-]+)", r"ends on (?P<day>[\d-]+)",
            r"but (?P<day>[\d-]+) is the last day"],
    "start": [r"began on (?P<day>[\d-]+)", r", to (?P<day>[\d-]+), and that is the day on which it began"],
    "grant": [r"stays within (?P<limit>\d+)", r"we say yes, though to (?P<limit>\d+)", r"the limit is (?P<limit>\d+)",
              r"its entertainment, with (?P<limit>\d+)", r"out: (?P<limit>\d+) EUR of entertainment go on",
              r"as your draft has it, but (?P<limit>\d+)"],
}  # fmt: skip
FROM_OTHERS = {
    "grant": [r"may take the customer out .* up to (?P<limit>\d+)", r"hereby approve (?P<limit>\d+)",
              r"say anything against (?P<limit>\d+)"],
    "end": [r"like to stay in \w+ until (?P<day>[\d-]+)", r"come back from T\d+ on (?P<day>[\d-]+) only",
            r"moved my flight to (?P<day>[\d-]+)"],
    "restore": [r"treat (?P<claim>C\d+) as if I had never", r": (?P<claim>C\d+) is right and should stay",
                r"and (?P<claim>C\d+) is to be treated like all"],
    "withdraw": [r"but the (?P<latter>latter)\.$", r"drop the (?P<former>former) of the two",
                 r"let me withdraw the (?P<latter>latter)",
                 r"second .* the one to stand; I withdraw the (?P<former>other)",
                 r"^(?P<former>C\d+) was a private dinner", r"It is C\d+ (?P<latter>that I would like to have back)",
                 r"The one that I named (?P<former>first)", r"want to pay (?P<former>C\d+)",
                 r"Please take (?P<former>C\d+) out", r"talked about (?P<former>C\d+), which is not"],
}  # fmt: skip


def letters(workspace: Path, trips: list[dict[str, str]], year: str) -> list[dict[str, str]]:
    """Return what each message says, oldest first: ``day_sent``, ``sender``, ``kind`` and what it is about."""
    found: list[dict[str, str]] = []
    for part in (workspace / "desk-mail.txt").read_text("utf-8").split("\n----\n"):
        day, sender, to, body = re.search(
            r"Date: ([\d-]+) .*\nFrom: (.*)\nTo: (.*)\n\n(.*)", part, re.S
        ).groups()
        desk = sender.startswith("Travel Desk")
        owner = re.search(r"E\d+", to if desk else sender)
        if not owner:
            continue
        text = _plain(" ".join(body.split()), trips, owner[0], year)
        said = _said(text, FROM_DESK if desk else FROM_OTHERS)
        said |= {"day_sent": day, "sender": "desk" if desk else owner[0]}
        if said["kind"] in ("agree", "second", "wait"):
            (wish,) = [
                one
                for one in found
                if one["sender"] != "desk" and one.get("trip") == said["trip"] and one["day_sent"] in text
            ]
            said |= {key: wish[key] for key in ("day", "limit") if key in wish}
        found.append(said)
    return found


def _plain(text, trips, owner, year):
    """Write trips as their numbers, and days in figures."""

    def trip(match):
        person = owner if match["owner"].lower() in ("your", "my") else match["owner"][:-2]
        own = [row for row in trips if row["employee_id"] == person]
        if match["nth"]:
            return sorted(own, key=lambda row: row["first_day"])[
                ("first", "second", "third").index(match["nth"])
            ]["trip_id"]
        month = f"{year}-{MONTHS.split().index(match['month']) + 1:02}"
        (one,) = [row for row in own if (row["city"], row["first_day"][:7]) == (match["city"], month)]
        return one["trip_id"]

    named = r"(?P<owner>[Yy]our|[Mm]y|E\d+'s) "
    named += r"(?:trip to (?P<city>\w+) in (?P<month>\w+)|(?P<nth>\w+) trip of the quarter)"
    text = re.sub(named, trip, text)
    return re.sub(
        rf"\b(\d+) ({MONTHS.replace(' ', '|')})",
        lambda day: f"{year}-{MONTHS.split().index(day[2]) + 1:02}-{int(day[1]):02}",
        text,
    )


def _said(text, patterns):
    """Return the kind of a message and what it names."""
    for kind, match in ((kind, re.search(one, text)) for kind, some in patterns.items() for one in some):
        if not match:
            continue
        said = {"kind": kind, **match.groupdict()}
        numbers = {letter: re.findall(rf"\b{letter}\d+", text) for letter in "TAC"}
        if kind == "withdraw":
            pair = numbers["C"] if "former" in said else numbers["C"][::-1]
            said["claim"], said["twin"] = pair[0], pair[-1]
        for letter, name in (("T", "trip"), ("A", "approval")):
            names = [number for number in numbers[letter] if number != said.get("gainer")]
            if names:
                said[name] = names[0]
        return said
    raise ValueError(f"cannot read: {text}")
