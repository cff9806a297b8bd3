"""Reads what people wrote: the user's messages and the memos of the lists, by the wordings they can have."""

import re
from datetime import date, timedelta

MONTHS = [
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
DAY = r"(\d{1,2} [A-Z][a-z]+ \d{4})"
# Each wording as the words before and after what it names.
CORRECTIONS = {
    "department": [
        "this one is |'s",
        "is |'s request, we only",
        "wrong department in this row: | wants",
        "please book as |, not as us",
        "gehört der Abteilung |, nur falsch",
        "ours only if | does not want it; they do",
        "but no: this is for | and none",
    ],
    "amount": [
        "final quote is | EUR",
        "mistyped, it costs | EUR",
        "comes to | EUR now",
        "the | EUR on the quote are right",
        "kostet | EUR",
        "in the end | than typed",
        "wrong by |.END",
    ],
    "category": [
        "strictly speaking |, the menu",
        "these are in fact |, the category",
        "has to run under |, I picked",
        "Kategorie falsch gewählt, das ist |.END",
    ],
    "supplier": [
        "comes from | in the end",
        "wrong supplier picked, we buy it from |.END",
        "at the last minute: | supplies it",
        "falsch eingetragen, es kommt von |.END",
    ],
}
SEEMING = {
    "department": [
        "| may borrow it",
        "keyed in by | for us",
        "is not |'s, though",
        "asked | whether",
        "nicht für |, auch wenn",
        "|'s if they had money left",
        "'s nor |'s, it was",
    ],
    "amount": [
        "list price | EUR",
        "first quote was | EUR",
        "cost | EUR last time",
        "other offer was | EUR",
        "| EUR war das alte",
        "another firm wanted | than typed",
        "had written | EUR first",
    ],
    "category": [
        "contains no |, only",
        "goes beside the |, but",
        "this is not |.END",
        "Regal dafür, | sind es",
    ],
    "supplier": ["| offered too", "the one | sold us", "nearly came from |;", "nicht mehr von |, der"],
}
SAME = [
    "same mix-up as in |:",
    "see |, wrong department here as well",
    "the department that | really belongs to",
    "gleicher Fehler wie in |,",
]
# Those of a delivery name the firm, the day, or both, as FIRM and DAY.
ARRIVED = [
    "the first delivery from FIRM came on DAY, this",
    "FIRM delivered for the first time on DAY, now",
    "for unpacking: FIRM's first delivery arrived on DAY.END",
    "am DAY kam die erste Lieferung von FIRM, dafür",
]
PROMISED = [
    "first delivery from FIRM is announced for DAY, has",
    "FIRM means to bring its first delivery on DAY.END",
    "needed when FIRM delivers for the first time, they say on DAY.END",
    "laut FIRM soll die erste Lieferung am DAY kommen",
]


def iso(text: str) -> str:
    """Return a spoken date as ISO."""
    day, month, year = text.split()
    return f"{year}-{MONTHS.index(month) + 1:02d}-{int(day):02d}"


def cents(text: str) -> int:
    """Return an amount with two decimals as cents."""
    return int(text.replace(".", ""))


def one(pattern: str, text: str) -> tuple[str, ...]:
    """Return the groups of the first match, dates as ISO; line breaks in the message count as spaces."""
    found = re.search(pattern, " ".join(text.split()))
    assert found, pattern
    return tuple(iso(group) if re.fullmatch(DAY, group) else group for group in found.groups())


def first_message(text: str) -> dict:
    """Return the standing orders of the first message."""
    base, late_head, late_dept, late_since, earlier = one(
        rf"since {DAY}, except that (.+?) took over (.+?) only on {DAY}; from .+? it was (.+?)\. Up", text
    )
    limits, heads = {}, {}
    for department, head, limit in re.findall(r"- (.+?): (.+?), (\d+) EUR$", text, re.MULTILINE):
        limits[department] = [[base, int(limit)]]
        heads[department] = [[base, head]]
    assert heads[late_dept][0][1] == late_head
    heads[late_dept] = [[base, earlier], [late_since, late_head]]
    director, ceiling, chair = one(
        r"it is `escalate` to (.+?), above (\d+) EUR .+? `escalate` to (.+?)\.", text
    )
    blocked, blocked_since, other = one(
        rf"same answer\. (.+?) has been blocked since {DAY}.+?Watch out, (.+?) is the same firm", text
    )
    capped, capped_since, cap = one(rf"sign\. (.+?) has had a limit of its own since {DAY}: (\d+) EUR", text)
    category_since, category, officer = one(
        rf"since {DAY} everything of category (.+?) is `escalate` to (.+?), at any", text
    )
    return {
        "limits": limits,
        "heads": heads,
        "ceiling": [base, int(ceiling)],
        "director": director,
        "chair": chair,
        "blocked": [blocked, blocked_since],
        "capped": [capped, capped_since, "9999", int(cap)],
        "category": [category, category_since, officer],
        "exempt": ["", "", ""],
        "names": {other: blocked},
        "closed": [],
        "leave": ["", "", ""],
        "said": {},
    }


def second_message(orders: dict, text: str) -> None:
    """Add what the second message changes."""
    text = "\n" + text
    changed, gap, word, since = one(
        rf"as it is\. (.+?) may spend (\d+) EUR (\w+) than .+? dated {DAY} or", text
    )
    limit = orders["limits"][changed][0][1] + (int(gap) if word == "more" else -int(gap))
    orders["limits"][changed].append([since, limit])
    follower, since = one(rf"now\. (.+?) gets the same new limit as .+?, but from {DAY} on", text)
    orders["limits"][follower].append([since, limit])
    head, department, since = one(rf"on\. ([^.]+?) becomes head of (.+?) on {DAY}", text)
    orders["heads"][department].append([since, head])
    orders["closed"].append(shifted(since, -1))
    away, first, last = one(rf"day before\. (.+?) is on leave from {DAY} to {DAY}", text)
    department = next(name for name, history in orders["heads"].items() if history[-1][1] == away)
    orders["leave"] = [department, first, last]
    firm, other, since = one(
        rf"included\. ([^.]+?) \(some papers say (.+?), it .+? exempt from {DAY} on", text
    )
    orders["exempt"] = [firm, since, "9999"]
    orders["names"][other] = firm
    orders["capped"][2] = one(rf"special limit of .+? is history from {DAY} on", text)[0]


def third_message(orders: dict, text: str) -> None:
    """Add the two remarks of the third message."""
    one(r"(last day of leave is now two days before)", text)
    orders["leave"][2] = shifted(orders["leave"][2], -2)
    orders["closed"].append(one(rf"on {DAY} we are closed for stocktaking", text)[0])


def weekday(day: str) -> int:
    """Return the day of the week, 0 for Monday."""
    return date.fromisoformat(day).weekday()


def shifted(day: str, by: int) -> str:
    """Return the ISO date some days later."""
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()


def named(wording: str, memo: str) -> str:
    """Return what a memo has at the bar of a wording; nothing if it is another one."""
    before, after = wording.split("|")
    start = memo.find(before)
    rest = f"{memo}.END"[start + len(before) :]
    return rest[: rest.index(after)] if start >= 0 and after in rest else ""


def corrections(row: dict, wordings: dict[str, list[str]]) -> dict[str, str]:
    """Return the column that a memo corrects, by the wordings given."""
    for column, kinds in wordings.items() if len(row["memo"]) > 20 else ():
        for wording in kinds:
            found = named(wording, row["memo"])
            if found:
                return {column: amount(row, found) if column == "amount" else found}
    return {}


def refers_to(memo: str) -> str:
    """Return the id of the request that a memo leans on, if it does."""
    return next((found for found in (named(wording, memo) for wording in SAME) if found), "")


def amount(row: dict, text: str) -> str:
    """Return the amount that a memo gives, itself or by its difference from the row."""
    number = text.split()[0]
    if not text.endswith(("more", "less")):
        return number
    total = cents(row["amount"]) + (cents(number) if text.endswith("more") else -cents(number))
    return f"{total // 100}.{total % 100:02d}"


def arrived(rows: list[dict], orders: dict, wordings: list[str]) -> str:
    """Return the day on which the exempt firm's first delivery came, if a memo tells."""
    firm = orders["exempt"][0]
    for name in (firm, *(other for other, first in orders["names"].items() if first == firm)):
        for row in rows:
            for wording in wordings if name and name in row["memo"] else ():
                day = named(wording.replace("FIRM", name).replace("DAY", "|"), row["memo"])
                if day:
                    return iso(day)
    return ""
