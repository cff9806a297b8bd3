"""The files of the task: logs, rules, routes, zones, and what people wrote about changes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from _slo_report_rules import logged
from _slo_report_world import ROUTES, ZONES

IN_UTC = ("edge-2", "edge-4")
"""Hosts whose lines bear UTC; the others bear local time."""
ADA, YUSUF, KIM = "Ada Brandt", "Yusuf Demir", "Kim Aaltonen (on call)"


def log_text(world, host):
    """Return the log of a host."""
    stamps, lines = {}, []
    for one in sorted((one for one in world.requests if one.host == host), key=lambda one: one.at):
        hour, rest = divmod(one.at, 3600)
        if hour not in stamps:
            offset = 0 if host in IN_UTC else world.local(one.at)
            local = datetime.fromtimestamp(hour * 3600 + offset, UTC)
            sign = "-" if offset < 0 else "+"
            stamps[hour] = f"{local:%d/%b/%Y:%H}", f"{sign}{abs(offset) // 3600:02}00"
        begin, zone = stamps[hour]
        lines.append(
            f'{one.client} [{begin}:{rest // 60:02}:{rest % 60:02} {zone}] "{one.method} {one.path} HTTP/1.1" '
            f'{one.status} "{one.agent}" id={one.number} via={one.via} rt={logged(world, one)}'
        )
    return "\n".join(lines) + "\n"


def rules_text(world):
    """Return slo.md."""
    text = Path(__file__).with_name("slo.md.tmpl").read_text("utf-8")
    return Template(text).substitute(zone=world.zone)


def routes_text(world):
    """Return routes.txt."""
    rows = ["# method  path  route  objective (percent)"]
    rows += [
        f"{method:<5} {path:<28} {name:<14} {world.objectives[name][0][1]}"
        for name, method, path, _ in ROUTES
    ]
    return "\n".join(rows) + "\n"


def zones_text(world):
    """Return zones.json."""
    zones = {
        name: {
            "utc_offset_minutes": before // 60,
            "changes": [
                {
                    "at_utc": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}",
                    "utc_offset_minutes": after // 60,
                }
            ],
        }
        for name, (before, after, at) in sorted(ZONES.items())
    }
    return json.dumps(zones, indent=1) + "\n"


class Changes:
    """Writes changes.md."""

    def __init__(self, rng, world):
        self.rng, self.world, self.facts = rng, world, world.facts
        self.entries = []

    def text(self):
        """Return what was written, by day."""
        self.units()
        self.levels()
        self.bots()
        self.talk()
        self.entries.sort(key=lambda entry: entry[0])
        out = ["# Changes, March 2026", ""]
        for at, who, what in self.entries:
            out += [f"**{self.date(at)}, {who}**: {what}", ""]
        return "\n".join(out)

    def add(self, at, who, *wordings):
        """Add an entry in one of several wordings, written soon after an instant."""
        self.entries.append((at + self.rng.randint(600, 3000), who, self.rng.choice(wordings)))

    def at(self, instant, utc=False):
        """Return the clock time of an instant."""
        return datetime.fromtimestamp(instant + (0 if utc else self.world.local(instant)), UTC)

    def date(self, instant):
        """Return the day of an instant as people write it."""
        return f"{self.at(instant):%-d %B}"

    def time(self, instant, utc=False):
        """Return the time of an instant as people write it."""
        return f"{self.at(instant, utc):%H:%M}"

    def units(self):
        """Say when hosts changed the unit of their durations."""
        first, back, again = self.facts["two"]
        one, four, swap = self.facts["one"], self.facts["four"], self.facts["swap"]
        t = self.time
        self.add(first, ADA, f"edge-2 has the new proxy since {t(first)}. It logs `rt` in microseconds.",
                 f"New proxy on edge-2 as of {t(first)}; mind that its `rt` is microseconds.")  # fmt: skip
        self.add(back, ADA, f"The new proxy leaks memory. edge-2 has the old one again since {t(back)}, unit and all.",
                 f"Had to put the old proxy back on edge-2 at {t(back)}. So `rt` is as it was.")  # fmt: skip
        self.add(again, ADA, f"edge-2 got the mended new proxy at {t(again)} this night.",
                 f"The mended proxy is on edge-2 since {t(again)}, this time for good.")  # fmt: skip
        self.add(one - 5 * 86400, KIM, "edge-1 has the new proxy too now, as far as I can see.")
        self.add(one - 5 * 86400 + 4000, ADA, "No, edge-1 has the old one. I will say when it changes.")
        self.add(one, ADA, f"edge-1 follows with the new proxy, since {t(one, utc=True)}.",
                 f"edge-1 has had the new proxy as of {t(one, utc=True)} today.")  # fmt: skip
        self.add(one + 86400, ADA, "What I wrote yesterday about edge-1 had the time in UTC, from the console.",
                 "Yesterday's time for edge-1 was UTC, sorry. I had it from the console.")  # fmt: skip
        self.add(
            four - 86400,
            ADA,
            f"edge-4 joins tomorrow at {t(four)}. Yet another proxy: `rt` in milliseconds.",
        )
        self.add(swap, ADA, f"edge-4 has the same proxy as the others from {t(swap)} today on.",
                 f"Changed edge-4 to the proxy that the others have, {t(swap)}.")  # fmt: skip

    def levels(self):
        """Say how objectives changed, and when there was maintenance."""
        facts, route, other = self.facts, self.facts["route"], self.facts["other"]
        changed, (_, begin, end) = facts["changed"], self.world.window
        new = self.world.objectives[route][1][1]
        day = self.date(changed)
        self.add(changed - 3 * 86400, YUSUF,
                 f"As of {day}, 00:00, the objective of {route} is {new} %; that of {other} goes down by one point.",
                 f"From {day} (midnight) on: {route} at {new} %, {other} one point lower than now.")  # fmt: skip
        self.add(changed - 86400, YUSUF, f"No change for {other} after all, sales did not agree. The other one stands.",
                 f"Sales wants {other} as it is, so it is. {route} changes as I wrote.")  # fmt: skip
        start, stop = begin - 3600, end - 3600
        self.add(begin - 6 * 86400, YUSUF,
                 f"Maintenance of reports on Sunday, 29 March, from {self.time(start)} to {self.time(stop)}.",
                 f"reports: maintenance on Sunday, 29 March, {self.time(start)} until {self.time(stop)}.")  # fmt: skip
        self.add(begin - 2 * 86400, YUSUF, "The maintenance of reports begins and ends an hour later.",
                 "reports on Sunday: everything an hour later than I wrote.")  # fmt: skip

    def bots(self):
        """Say which clients became bots or ceased to be."""
        app, late = self.facts["app"], self.facts["late"]
        self.add(
            late - 86400,
            ADA,
            f"`Pagewarden` crawls us now. It is a bot from {self.date(late)}, 00:00, on.",
        )
        self.add(app - 86400, ADA,
                 f"Our new app goes out at noon on {self.date(app)}. Its client is called Kestrel, like that old "
                 "crawler; so from then on that name is no bot.",
                 f"From {self.date(app)}, 12:00, on `kestrel` is no bot: it is the client of our new app.")  # fmt: skip
        self.add(app + 2 * 86400, KIM, "`okhttp` looks like a bot to me, should we leave it out?")

    def talk(self):
        """Add what changes nothing."""
        middle = self.facts["four"]
        self.add(
            middle + 8000,
            YUSUF,
            "The 499s of search are people who type on. As the rules say: requests, no errors.",
        )
        self.add(
            middle + 86400, KIM, "Quite a few lines of edge-2 are missing around lunch, its disk was full."
        )
