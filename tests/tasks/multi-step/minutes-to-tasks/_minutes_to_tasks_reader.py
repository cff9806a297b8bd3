"""Reads minutes, staff list and nothing else, and follows every ref; takes its slips as a set of names."""

import calendar
import csv
import re
from datetime import date, timedelta

MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
EN_DAYS = "|".join(calendar.day_name)
EN_COUNTS = {"a": 1, "two": 2, "three": 3, "nine": 9, "ten": 10, "twelve": 12}
ZH_COUNTS = {"一": 1, "两": 2, "三": 3, "九": 9, "十": 10, "十二": 12}
REF = re.compile(r"[A-Z]{2,5}-\d{3}")
KINDS = [
    ("correct", r"^Correction|^更正"),
    ("clear", r"still has open|还没完成的全部"),
    ("nobody", r"[Nn]obody|[Nn]o owner|没人|没定|先放着|nothing decided|come back to it|没有结论|下次再说"),
    ("reopen", r"[Oo]pen again|重新打开"),
    ("near", r"not done yet|nearly done|还没完成|快做完了"),
    ("dropped", r"dropped|drop this|取消|不做了"),
    ("done", r"(?::|：)\s*(?:done\.|closed)|finished it, closed|已完成|关闭"),
    ("handover", r"hands this over|takes over|转给|接手"),
    ("delay", r"put back|we give it|推迟|往后延"),
    ("move", r"new date|moved to|改到|改期"),
    ("assign", r""),
]


def staff(workspace):
    """Return every name in use → email address; names of two people are left out."""
    known, twice = {}, set()
    with (workspace / "staff.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for name in (row["name"], row["chinese_name"], *row["also_called"].split(";")):
                if name := name.strip():
                    twice |= {name} & known.keys()
                    known[name] = row["email"]
    return {name: mail for name, mail in known.items() if name not in twice}


def people(text, known):
    """Return the addresses of the people named in a text, in order."""
    names = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    return [known[hit] for hit in re.findall(rf"(?<![A-Za-z])(?:{names})(?![a-z])", text)]


def day(text, meeting, slips):
    """Return the day that a text speaks of, counted from a meeting; None where there is none."""
    monday = meeting - timedelta(days=meeting.weekday())
    if hit := re.search(
        rf"(this|next) ({EN_DAYS})|({EN_DAYS}) after next|(本|下下|下)周([一二三四五六日])", text
    ):
        weekday = (
            "一二三四五六日".index(hit[5]) if hit[5] else list(calendar.day_name).index(hit[2] or hit[3])
        )
        weeks = {"this": 0, "本": 0, "next": 1, "下": 1, None: 2, "下下": 2}[hit[1] or hit[4]]
        if weeks == 1 and "nearest" in slips:
            return meeting + timedelta(days=(weekday - meeting.weekday() - 1) % 7 + 1)
        return monday + timedelta(days=7 * weeks + weekday)
    if hit := re.search(r"in (\w+) (day|week)s", text):
        return meeting + timedelta(days=EN_COUNTS[hit[1]] * (7 if hit[2] == "week" else 1))
    if hit := re.search(r"(十二|[一两三九十])(天|周)后", text):
        return meeting + timedelta(days=ZH_COUNTS[hit[1]] * (7 if hit[2] == "周" else 1))
    if re.search("tomorrow|明天", text):
        return meeting + timedelta(days=1)
    if re.search("end of the month|月底", text):
        return meeting.replace(day=calendar.monthrange(meeting.year, meeting.month)[1])
    if hit := re.search(r"(\d+)月(\d+)日", text):
        return date(meeting.year, int(hit[1]), int(hit[2]))
    if hit := re.search(rf"(\d+) ({'|'.join(MONTHS)})", text):
        return date(meeting.year, MONTHS[hit[2]], int(hit[1]))
    return None


def items(workspace):
    """Yield meeting day, kind and text of every line of the minutes that names a ref."""
    for path in sorted((workspace / "minutes").iterdir()):
        meeting = date.fromisoformat(path.stem)
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("- ") and REF.search(line):
                text = line[2:]
                yield meeting, next(kind for kind, pattern in KINDS if re.search(pattern, text)), text


def follow(workspace, slips=frozenset()):
    """Return ref → owner, due, status."""
    known = staff(workspace)
    tasks, talked = {}, set()
    everything = list(items(workspace))
    for meeting, kind, text in everything:
        base = everything[-1][0] if "last-meeting" in slips else meeting
        ref = REF.search(text)[0]
        saying = re.split(r": |：", text, maxsplit=1)[-1] if kind != "clear" else text
        _step(tasks, (kind, ref, saying, base, people(saying, known)), talked, slips)
    if "twins" in slips:
        first = next(mail for mail in known.values() if mail.replace("@", "2@") in known.values())
        for task in tasks.values():
            task["owner"] = task["owner"].replace(first.replace("@", "2@"), first)
    if "lure" in slips:
        taken = _lures(known)
        for task in tasks.values():
            task["owner"] = taken.get(task["owner"], task["owner"])
    return tasks


def _lures(known):
    """Return the address of whoever goes by a short name → that of the other one whom it would suit."""
    firsts = {mail.split(".")[0]: mail for mail in known.values()}
    found = {}
    for name, mail in known.items():
        suits = [
            firsts[first] for first in firsts if first.startswith(name.lower()) and firsts[first] != mail
        ]
        if suits and " " not in name and mail.startswith(name.lower()):
            found[mail] = suits[0]
    return found


def _step(tasks, item, talked, slips):
    kind, ref, text, base, who = item
    task = tasks.get(ref)
    due = day(text, base, slips)
    if kind == "nobody":
        talked.add(ref)
        if "talk-is-task" in slips and due and who:
            tasks[ref] = {"owner": who[0], "due": due, "status": "open"}
    elif kind == "assign" and not ("first-talk-counts" in slips and ref in talked):
        tasks[ref] = {"owner": who[0], "due": due, "status": "open"}
    elif kind == "clear":
        _clear(tasks, ref, who, slips)
    elif task is None:
        return
    elif kind == "correct" and "no-correction" not in slips:
        task["owner"] = who[0]
    elif kind == "handover" and "no-handover" not in slips:
        task["owner"] = who[1]
    elif kind == "move" and "no-delay" not in slips:
        task["due"] = due
    elif kind == "delay" and "no-delay" not in slips:
        count = re.search(r"(a|two) week", text) or re.search(r"([一两])周", text)
        weeks = {**EN_COUNTS, **ZH_COUNTS}[count[1]]
        task["due"] = (base if "delay-from-meeting" in slips else task["due"]) + timedelta(days=7 * weeks)
    elif kind in ("done", "dropped") and "no-closing" not in slips:
        task["status"] = kind
    elif kind == "near" and "nearly-is-done" in slips:
        task["status"] = "done"
    elif kind == "reopen" and "no-reopening" not in slips:
        task.update(due=due, status="open")


def _clear(tasks, ref, who, slips):
    """Hand over what the leaver has open: the leaver is named first and mostly twice."""
    leaver, rest = who[0], [mail for mail in who if mail != who[0]]
    for other, task in tasks.items() if "no-clearing" not in slips else ():
        if task["owner"] == leaver and (task["status"] == "open" or "clears-closed" in slips):
            task["owner"] = rest[1] if other == ref and "clears-all" not in slips else rest[0]
