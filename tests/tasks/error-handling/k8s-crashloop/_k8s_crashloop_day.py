"""Reads the day as a careful person would: whose word held when, and what each setting should be at 18:00.

``astray`` names things in which a reader goes wrong; without any it is the right reading.
"""

import json
import re
from pathlib import Path

BOX = "/spec/template/spec/containers/0"
FIELDS = {
    "readiness period|Readiness-Periode": f"{BOX}/readinessProbe/periodSeconds",
    "liveness period|Liveness-Periode": f"{BOX}/livenessProbe/periodSeconds",
    "liveness delay|Liveness-Verzögerung": f"{BOX}/livenessProbe/initialDelaySeconds",
    "grace period|Abschaltfrist": "/spec/template/spec/terminationGracePeriodSeconds",
    "log level|Loglevel": f"{BOX}/env/0/value",
    "image|Image": f"{BOX}/image",
    "replicas|Replikas": "/spec/replicas",
    "page size|Seitengröße": "page_size",
    "hold time|Haltezeit": "hold_minutes",
    "timeout|Zeitlimit": "timeout_ms",
    "retry limit|Wiederholgrenze": "retry_limit",
    "cache time|Cachezeit": "cache_minutes",
    "pool limit|Poolgrenze": "pool_max",
    "idle time|Leerlaufzeit": "idle_seconds",
    "time to live|Lebensdauer": "ttl_seconds",
    "key limit|Schlüsselgrenze": "max_keys",
    "retention|Aufbewahrung": "keep_days",
    "chunk size|Blockgröße": "chunk_rows",
}
KINDS = {
    "window": "14:05",
    "clock": "13:16",
    "hand-over": "in my place|word as mine|an meiner Stelle|als mein Wort",
    "wish": "should go back|somebody reset|sieht falsch aus|zurücksetzen",
    "tested": "load test at|15:30 load test|Lasttest",
    "two": r"\(1\)",
    "first": "first yes|only the first|Erste ja|nur das Erste",
    "second": "second yes|only the second|Zweite ja|nur das Zweite",
    "mixed": "mixed something|My answer about|Verwechselt|Meine Antwort",
    "after-all": "first one was right|stays with what I said|die erste richtig|bei der ersten Zahl",
    "back": "no longer holds|withdraw|gilt nicht mehr|ziehe ich zurück",
    "same": "keeps that one|right now, fixed|und zwar fest|Die bleibt dann",
    "migration": "[Mm]igration",
    "double": "double|twice|verdoppeln|doppelt",
    "debug": "debug",
    "tomorrow": "From tomorrow|tomorrow's shift|Ab morgen|ab morgen",
    "open": "made up my mind|cannot say|keine Meinung|sage ich morgen",
    "report": "on the phone|told me|telefoniert|hat mir",
    "proposal": "I would like|I would try|My proposal|ich würde|Ich probiere|Vorschlag:",
    "correction": "rather|, not |lieber|statt",
    "yes": "yes, [A-Z]|Agreed on|: ja, |^Bei .* einverstanden",
    "hour": "17:00|at five|17 Uhr|um fünf",
    "seconds": "minute|seconds|[Mm]inute|Sekunden",
    "number": r"\d",
}
SPANS = {
    "three quarters|forty-five|Dreiviertel|45": 45, "and a half minutes|150|zweieinhalb": 150,
    "minute and a half|ninety|anderthalb|90": 90, "two|zwei": 120, "minute|Minute": 60,
}  # fmt: skip
NOUN = re.compile(rf"({'|'.join(FIELDS)}) (?:of|von) ([a-z-]+)")


class Day:
    """The channel and the edits, and the words that held."""

    def __init__(self, workspace: Path, files, astray=frozenset()):
        self.workspace, self.files, self.astray = workspace, files, astray
        text = (workspace / "constraints.md").read_text("utf-8")
        rows = re.findall(r"^\| (\S+) \S+ \| `(\w+)` \| (.*) \|$", text, re.M)
        self.owners = {app: (first, login) for first, login, apps in rows for app in apps.split(" and ")}
        self.word, self.said, self.proposed, self.deputies = {}, {}, {}, {}
        self.edits = [edit for edit in map(self.edit, self.lines("events.txt")) if edit]
        chat = [re.fullmatch(r"(\d\d):(\d\d) (\w+): (.*)", line) for line in self.lines("chat.txt")]
        self.chat = [(int(m[1]) * 3600 + int(m[2]) * 60, m[3], m[4]) for m in chat if m]

    def lines(self, name):
        return (self.workspace / name).read_text("utf-8").splitlines()

    def edit(self, line):
        """Return (second of the local day, login, setting, old, new) of an edit."""
        match = re.fullmatch(r"(\S+) +(\S+) +Normal +Edited +(\w+)/(\S+) +(\S+) by (\w+): (.*) -> (.*)", line)
        if not match:
            return None
        hour, minute, second = map(int, match[1].split(":"))
        setting = (f"manifests/{match[2]}/{match[4]}-{match[3]}.yaml", match[5])
        return (
            (hour + 2) * 3600 + minute * 60 + second,
            match[6],
            setting,
            json.loads(match[7]),
            json.loads(match[8]),
        )

    def app(self, setting):
        """Return the workload that a setting belongs to."""
        file, pointer = setting
        key = pointer.removeprefix("/data/")
        return (
            key.partition(".")[0] if key != pointer else file.split("/")[-1].removesuffix("-deployment.yaml")
        )

    def settings(self, text):
        """Return the settings that a line names."""
        found = []
        for noun, app in NOUN.findall(text):
            what = next(what for nouns, what in FIELDS.items() if noun in nouns.split("|"))
            key, wanted = f"{app}.{what}", f"/{app}-deployment.yaml"
            for file, one in self.files.items():
                if what[0] == "/" and file.endswith(wanted):
                    found.append((file, what))
                elif what[0] != "/" and one["kind"] == "ConfigMap" and key in one["data"]:
                    found.append((file, f"/data/{key}"))
        return found

    def at(self, setting, when):
        """Return the value of a setting at some second."""
        mine = [edit for edit in self.edits if edit[2] == setting]
        past = [edit for edit in mine if edit[0] <= when]
        if mine:
            return past[-1][4] if past else mine[0][3]
        value = self.files[setting[0]]
        for step in setting[1].split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        return value

    def may(self, who, app, when):
        """Tell whether somebody's word counts for a workload."""
        deputy, since = self.deputies.get(app, ("", 0))
        return who == (deputy if deputy and when >= since else self.owners[app][0])

    def right(self):
        """Return setting → value at 18:00, of all that were edited or spoken of."""
        happened = [(when, 1, edit) for when, *_, edit in ((one[0], one) for one in self.edits)]
        happened += [(line[0], 0, line) for line in self.chat]
        for when, kind, one in sorted(happened, key=lambda item: item[:2]):
            if kind and when >= 12 * 3600:
                self.edited(one)
            elif not kind:
                self.spoken(*one)
        touched = {edit[2] for edit in self.edits} | self.word.keys()
        right = {one: None if "noon" in self.astray else self.word.get(one) for one in sorted(touched)}
        return {
            one: self.typed(self.at(one, 12 * 3600) if value is None else value, one)
            for one, value in right.items()
        }

    def typed(self, value, setting):
        """Return a value in the form that the manifest has it."""
        given = self.at(setting, 12 * 3600)
        if setting[1].endswith("/image") and ":" not in str(value):
            return f"{given.partition(':')[0]}:{value}"
        return type(given)(value)

    def edited(self, edit):
        _, login, setting, _, new = edit
        own = login == self.owners[self.app(setting)][1]
        other = "foreign" in self.astray and login in {one[1] for one in self.owners.values()}
        if (own and "silent" not in self.astray) or other:
            self.word[setting] = new

    def spoken(self, when, who, text):
        kind = next((kind for kind, pattern in KINDS.items() if re.search(pattern, text)), "")
        named = self.settings(text)
        plain = NOUN.sub("", text)
        numbers = re.findall(r"\d+(?:\.\d+)*", re.sub(r"\d+:\d\d|\d+ Uhr|\([12]\)", "", plain))
        if kind == "hand-over":
            app = next(app for app, owner in self.owners.items() if owner[0] == who)
            others = {first for first, _ in self.owners.values()} - {who}
            deputy = next(one for one in others if re.search(rf"\b{one}\b", text))
            self.deputies[app] = (deputy, 15 * 3600)
        elif kind in ("proposal", "two"):
            self.proposed.update(zip(named, numbers[-len(named) :], strict=True))
            if kind == "two":
                self.pair = named
        elif kind in ("first", "second"):
            place = (kind == "second") ^ ("ordinal" in self.astray)
            self.word[self.pair[place]] = self.proposed[self.pair[place]]
        elif kind == "window":
            self.window(who, named)
        elif kind == "clock":
            self.clock(who)
        elif named and self.may(who, self.app(named[0]), when):
            self.owner_says(kind, when, named, numbers, text)
        elif named and numbers and "anyone" in self.astray and kind in ("report", "number"):
            self.word[named[0]] = numbers[-1]

    def window(self, who, spared):
        shift = 7200 if "utc" in self.astray else 0
        for when, login, setting, *_ in self.edits:
            inside = 14 * 3600 + 300 <= when - shift < 14 * 3600 + 36 * 60
            if inside and self.owners[self.app(setting)] == (who, login) and setting not in spared:
                self.word[setting] = None

    def clock(self, who):
        shift = 7200 if "utc" in self.astray else 0
        for when, _, setting, _, new in self.edits:
            if (when - shift) // 60 == 13 * 60 + 16 and self.owners[self.app(setting)][0] == who:
                self.word[setting] = new

    def owner_says(self, kind, when, named, numbers, text):
        """Take an owner's word."""
        setting, value = named[0], None
        if kind in ("open", "wish", "tomorrow") and not (kind == "tomorrow" and "clock" in self.astray):
            return
        if kind == "debug":
            late = re.search("20:00|evening|20 Uhr|abends", text) or "clock" in self.astray
            value = "debug" if late else None
        elif kind == "mixed":
            if "mixed" in self.astray:
                return
            setting = named[1]
            self.word[named[0]] = None
            value = self.proposed[setting]
        elif kind == "after-all":
            value = self.said[setting][-1 if "corrected" in self.astray else 0]
        elif kind == "back":
            value = self.word[setting] if "withdrawn" in self.astray else None
        elif kind == "same":
            value = self.at(named[1], 18 * 3600 if "snapshot" in self.astray else when)
        elif kind == "migration":
            value = self.at(setting, 12 * 3600 if "migration" in self.astray else self.migration())
        elif kind == "double":
            value = 2 * int(self.at(setting, 12 * 3600 if "double" in self.astray else when))
        elif kind == "tested":
            value = numbers[0] if self.passed(self.app(setting)) else None
        elif kind == "seconds":
            span = next(span for words, span in SPANS.items() if re.search(words, text.replace(":", " ")))
            value = span if "unit" in self.astray else span * 1000
        elif kind == "yes":
            value = self.at(setting, 18 * 3600) if "typo" in self.astray else self.proposed[setting]
        elif numbers:
            value = numbers[0] if re.search(", not |statt", text) else numbers[-1]
            self.said.setdefault(setting, []).append(value)
        else:
            return
        self.word[setting] = value

    def migration(self):
        """Return the second at which the migration began."""
        line = next(line for line in self.lines("events.txt") if "MigrationStarted" in line)
        hour, minute, second = map(int, line.split()[0].split(":"))
        return (hour + 2) * 3600 + minute * 60 + second

    def passed(self, app):
        """Tell whether the load test of 15:30 passed."""
        log = next((self.workspace / "podlogs").glob(f"*_{app}-*.log")).read_text("utf-8")
        hour = "15" if "tested" in self.astray else "13"
        slow, limit = re.search(
            rf"T{hour}\S+Z INFO +load test finished: p95 (\d+) ms, limit (\d+)", log
        ).groups()
        return int(slow) < int(limit)
