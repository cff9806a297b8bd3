"""Reads the agency's letters: what each entry of changes.txt says, as dicts, the newest first."""

import re
from datetime import datetime

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
NTH = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"]
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DATE = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:(\d+) ({_MONTH})|({_MONTH}) (\d+)th)(?! \d{{4}})\b"
)
_HOURS = re.compile(r"(?:from )?(\d\d:\d\d)(?: to |–| until )(\d\d:\d\d)")
_HEAD = r"\w{3} \d+ \w{3} \d{4}, \d\d:\d\d"
D = r"<([\d-]{10})>"
KINDS = [
    ("undo", r"as never written|I take back|does not count"),
    ("meant", r"the wrong number|numbers were mixed up|was meant for"),
    ("clocks", r"zones\.json"),
    ("place", r"new place:"),
    ("swap", r" swap: |change over:|takes over date"),
    ("restore", r"takes place after all|have it back|want \S+ after all"),
    ("refused", r"told them no|given in|nothing comes of it"),
    ("rumour", r"strike is settled|poster says|Do not strike"),
    ("which", r"\b[Oo]f the two |both that the plan has there"),
    ("tail", r"the last two|the last one in the plan nor"),
    ("later", r"30 minutes later|half an hour later|by half an hour"),
    ("from", rf"from the one of {D} on|planned for {D} or later|each one planned after it"),
    ("day", r"agreed last still hold|hours there were right|at the hours agreed last"),
    ("move", r"<\d\d:\d\d "),
    (
        "cancel",
        r"cancelled|not take place|they are off|are off|is off|Please strike|not going to play|dropped",
    ),
]
"""Kind → what only its entries say, once dates and hours are tokens; the first that fits counts."""


def read_entries(text):
    """Return kind, ids, dates, hours and the like of each entry."""
    year = int(re.search(r"all dates are in (\d{4})", text)[1])
    return [_entry(block, year) for block in re.split(r"^--- ", text, flags=re.M)[1:]]


def _entry(block, year):
    head, lines = block.split("\n", 1)
    body = re.sub(r"\s+", " ", lines)
    entry = {"head": head.split(" (")[0]}
    if place := re.search(r"new place: (.+)\n\s+zone: (\S+)", lines):
        entry.update(place=place[1], zone=place[2])
    if about := re.search(_HEAD, body):
        entry["about"] = about[0]
    text = _tokens(body.replace(about[0], "") if about else body, year)
    entry["kind"] = next((kind for kind, words in KINDS if re.search(words, text)), "note")
    entry["ids"] = re.findall(r"BK-\d+", text)
    if hours := re.search(r"<(\d\d:\d\d) (\d\d:\d\d)>", text):
        entry["hours"] = hours.groups()
    _READ.get(entry["kind"], lambda entry, text: None)(entry, text)
    return entry


def _tokens(body, year):
    """Return a text in one line with dates as <2026-11-20> and hours as <19:30 21:00>."""

    def plain(hit):
        month = (hit[2] or hit[3])[:3]
        return f"<{year}-{MONTHS.index(month) + 1:02}-{int(hit[1] or hit[4]):02}>"

    text = _DATE.sub(plain, body)
    return _HOURS.sub(r"<\1 \2>", text)


def _date(pattern, text):
    hit = re.search(pattern, text)
    return hit and datetime.fromisoformat(hit[1])


def _read_meant(entry, text):
    entry["other"] = re.search(r"(?:should say|those of|meant for) (BK-\d+)", text)[1]


def _read_clocks(entry, text):
    entry["zone"] = re.search(r"[A-Z]\w+/\w+", text)[0]
    entry["planned"] = _date(rf"(?:not be changed|no longer|{entry['zone']}) on {D}", text)
    entry["day"] = _date(rf"(?:but|its clocks|only happen) on {D}", text)


def _read_from(entry, text):
    entry["planned"] = _date(rf"(?:from the one of|planned for) {D}", text)


def _read_day(entry, text):
    entry["day"] = _date(D, text)


def _read_move(entry, text):
    entry["day"] = _date(rf"{D},? (?:instead, |now )?<\d\d:", text) or _date(rf"between <\S+> and {D}", text)
    entry["planned"] = _date(rf"planned for {D}", text) or _date(rf"{D} becomes", text)


def _read_which(entry, text):
    entry["place"] = re.match(
        r"(?:Of the two that the plan has at |Bad news from )?(.+?)(?:, the |: )(?=.*off|of)", text
    )[1]
    entry["later"] = "the later" in text


def _read_cancel(entry, text):
    entry["planned"] = _date(rf"(?:planned for|closed on) {D}", text)
    if nth := re.search(rf"all of them but the ({'|'.join(NTH)}) in the plan", text):
        entry["nth"] = NTH.index(nth[1])
    if len(entry["ids"]) == 3:
        entry["spared"] = entry["ids"].pop(0 if "can stay, while" in text else 2)


_READ = {
    "meant": _read_meant,
    "clocks": _read_clocks,
    "from": _read_from,
    "day": _read_day,
    "move": _read_move,
    "refused": _read_move,
    "cancel": _read_cancel,
    "which": _read_which,
}
