"""Reads the contract as its texts stand: documents, paragraphs of amendments, signatures, letters, index."""

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

MONTHS = {name: number for number, names in enumerate(
    [("January", "Januar"), ("February", "Februar"), ("March", "März"), ("April",), ("May", "Mai"), ("June", "Juni"),
     ("July", "Juli"), ("August",), ("September",), ("October", "Oktober"), ("November",), ("December", "Dezember")], 1)
    for name in names}  # fmt: skip
WORDS = {"drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "acht": 8, "neun": 9, "achtzehn": 18, "zwanzig": 20,
         "three": 3, "four": 4, "five": 5}  # fmt: skip
DAY = r"\d{1,2}\.? \w+ \d{4}"
KINDS = [
    ("insert", r"After clause (?P<ref>\S+) a new clause is inserted: “(?P<text>.*)”"),
    ("article", r"After Article (?P<ref>\d+) .* first clause: “(?P<text>.*)” The second clause: “(?P<second>.*)”"),
    ("delete", r"Clause (?P<ref>\S+) \(.*\) is deleted"),
    ("replace", r"Clause (?P<ref>\S+?)(?: of Order Form (?P<order>\d))? is replaced by: “(?P<text>.*)”"),
    ("supplement", r"Clause (?P<ref>\S+) is supplemented by: “(?P<text>.*)”"),
    ("raise", r"The Base Fee in clause (?P<ref>\S+) of Order Form (?P<order>\d), .* is raised by (?P<v>[\d.]+) %"),
    ("fix", r"By an oversight § 1 of Amendment No. 12 .* reads (?P<v>[\d.]+) %"),
    ("days+", r"The number of days of the period in clause (?P<ref>\S+) becomes .* (?P<like>\S+) plus (?P<v>\d+)"),
    ("days+", r"For the number of days that clause (?P<ref>\S+) gives .*, (?P<v>\d+) more than clause (?P<like>\S+)"),
    ("days", r"In clause (?P<ref>\S+) the number of days of the period is changed to (?P<v>\d+)"),
    ("days", r"The period in clause (?P<ref>\S+) is changed: its number of days becomes (?P<v>\d+)"),
    ("days", r"For the number of days that clause (?P<ref>\S+) gives for its period, (?P<v>\d+) is put"),
    ("pct", r"In clause (?P<ref>\S+) the percentage is changed to (?P<v>[\d.]+) %"),
    ("pct", r"The percentage in clause (?P<ref>\S+) becomes (?P<v>[\d.]+) %"),
    ("eur", r"The amount in clause (?P<ref>\S+) becomes EUR (?P<v>[\d.,]+\d)"),
    ("eur", r"In clause (?P<ref>\S+) the amount is changed to EUR (?P<v>[\d.,]+\d)"),
    ("fee", r"In clause (?P<ref>\S+) the number of monthly Base Fees is changed to (?P<v>\d+)"),
    ("date", rf"The date in clause (?P<ref>\S+) becomes (?P<v>{DAY})"),
    ("insert", r"Nach Ziffer (?P<ref>\d) wird eine neue Ziffer eingefügt: „(?P<text>.*)“"),
    ("hours", r"In Ziffer (?P<ref>\d) tritt .* die Zahl (?P<v>\w+)"),
    ("half", r"Die Frist in Ziffer (?P<ref>\d) verlängert sich um die Hälfte"),
    ("holiday", r"Zu den Feiertagen kommt ab dem Jahr 2025 der (?P<v>\d+\. \w+) hinzu"),
]  # fmt: skip


def day_of(text):
    """Return the day that a text in English or German words means."""
    number, month, year = re.match(r"(\d+)\.? (\w+) (\d{4})", text).groups()
    return date(int(year), MONTHS[month], int(number))


def days_of(text):
    """Return the days of the year that a text lists, as (month, day)."""
    return [
        (MONTHS[month], int(number))
        for number, month in re.findall(r"(\d+)\.? ([A-ZÄ]\w+)", text)
        if month in MONTHS
    ]


def _clauses(text):
    """Return articles as lists of (number, text); a document without articles is one."""
    parts = [[]]
    for line in text.splitlines():
        if line.startswith("## Schedule"):
            break
        if line.startswith("## "):
            parts.append([])
        elif found := re.match(r"(\d+(?:\.\d+)?) (.+)", line):
            parts[-1].append((found[1], found[2]))
    return [part for part in parts if part]


def _paragraph(text):
    for kind, pattern in KINDS:
        if found := re.match(pattern, text):
            later = re.search(rf"with effect from ({DAY})\.$", text)
            return {"kind": kind, **found.groupdict(), "from": later and day_of(later[1])}
    raise ValueError(f"cannot read: {text}")


def _signature(line):
    side, rest = re.match(
        r"(?:For the|Für den) (Customer|Supplier|Auftraggeber|Auftragnehmer): (.*)", line
    ).groups()
    if rest.startswith("_"):
        return None
    name, day = re.match(rf"(.*?), ({DAY})", rest).groups()
    until = re.search(rf"by ({DAY}) at the latest", rest)
    return {
        "side": "C" if side in ("Customer", "Auftraggeber") else "S",
        "name": name, "day": day_of(day), "until": until and day_of(until[1]), "apart": False,
    }  # fmt: skip


def _amendment(name, text):
    ops, effect, signs = [], None, []
    for line in text.splitlines():
        if found := re.match(r"§ \d+ (.*)", line):
            whole = re.match(rf"This amendment has effect from ({DAY})", found[1])
            if whole:
                effect = day_of(whole[1])
            else:
                ops.append(_paragraph(found[1]))
        elif line.startswith(("For the", "Für den")):
            signs.append(_signature(line))
    heading = day_of(re.search(rf"(?:Date|Datum): ({DAY})", text)[1])
    return {"name": name, "day": heading, "ops": ops, "effect": effect, "signs": [s for s in signs if s]}


def _letters(folder):
    result = []
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text("utf-8")
        stamp = re.search(rf"Received: ({DAY}), (\d\d):(\d\d)", text)
        received = datetime.combine(day_of(stamp[1]), datetime.min.time()).replace(
            hour=int(stamp[2]), minute=int(stamp[3])
        )
        result.append((received, text))
    return sorted(result)


def _news(letters, names):
    """Return what the letters say of signatories: name, role, day named, moment of receipt."""
    news = []
    for received, text in letters:
        named = next((name for name in names if name in text), None)
        since = re.search(rf"(?:[Ss]ince|[Ff]rom|of) ({DAY})", text)
        if not named or not since or "Signature page" in text or "summary" in text:
            continue
        role = "proxy" if "joint prox" in text and "director" not in text else "director"
        role = "" if "no longer" in text else role
        news.append((named, role, day_of(since[1]), received))
    return news


@lru_cache(maxsize=8)
def read(workspace):
    """Return everything that the workspace says."""
    folder = workspace / "contracts"
    with (folder / "register.csv").open(encoding="utf-8", newline="") as stream:
        files = {row["id"]: folder / row["file"] for row in csv.DictReader(stream) if row["id"]}
    texts = {name: path.read_text("utf-8") for name, path in files.items()}
    master = texts["M"]
    papers = [_amendment(name, text) for name, text in texts.items() if name[0] in "AN"]
    letters = _letters(folder / "letters")
    english = (folder / "annex/annex-d-translation.md").read_text("utf-8")
    signers = dict(re.findall(r"For the Supplier: (.*), (director|holder)", master))
    people = {sign["name"] for paper in papers for sign in paper["signs"]}
    for _, text in letters:
        if found := re.search(r"Signature page to Amendment No. (\d+)\n(.*)", text):
            paper = next(p for p in papers if p["name"] == f"A{found[1]}")
            paper["signs"].append({**_signature(found[2]), "apart": True})
    with (folder / "index.csv").open(encoding="utf-8", newline="") as stream:
        index = [
            (row["month"], row["base"], date.fromisoformat(row["published_on"]), Decimal(row["value"]))
            for row in csv.DictReader(stream)
        ]
    schedule = master.split("## Schedule 2")[1]
    feasts = [
        date(int(year), *one)
        for year, days in re.findall(r"- (\d{4}): (.*)", schedule)
        for one in days_of(days)
    ]
    return {
        "as_of": day_of((workspace / "asof.txt").read_text("utf-8")),
        "documents": {name: _clauses(texts[name]) for name in ("M", "OF1", "OF2", "D")},
        "english": _clauses(english),
        "since": {name: day_of(re.search(rf"in force from ({DAY})", texts[name])[1]) for name in ("M", "OF1", "OF2")},
        "papers": papers, "signers": signers, "news": _news(letters, people), "letters": letters, "index": index,
        "yearly": days_of(schedule.split("\n- ")[0]), "feasts": feasts,
    }  # fmt: skip


def letter_with(book, phrase):
    """Return moment of receipt and text of the letters that contain a phrase."""
    return [(received, text) for received, text in book["letters"] if phrase in text]
