"""Solvers of `memory/standing-orders`: they see a message and the workspace, and remember through notes.

The honest solver reads the rules out of the messages, keeps them in ``notes/orders.json`` and decides each
list from there, memos heard. A wrong solver is the same with one slip.
"""

import csv
import json
import re
from pathlib import Path

from _standing_orders_faults import (
    another_first_day,
    escalates_one,
    files_what_is_over,
    leaves_one_out,
    limit_too_high,
    names_another,
    strikes_a_request,
)
from _standing_orders_reading import (
    ARRIVED,
    CORRECTIONS,
    DAY,
    PROMISED,
    SEEMING,
    arrived,
    cents,
    corrections,
    first_message,
    one,
    refers_to,
    second_message,
    shifted,
    third_message,
    weekday,
)

SAID_IN_PASSING = ("no-second-names", "no-leave", "no-earlier-head")
OVERWRITES = ("overwrites-limit", "overwrites-head", "cap-forgotten")
NOTES = "notes/orders.json"
WEEK_OF_TURN = {1: 1, 3: 2, 4: 3}
Rows = list[dict[str, str]]
Answers = dict[str, tuple[str, str]]


def oracle(workspace: Path, turn: int, message: str) -> str:
    """Note the rules, decide by the notes."""
    return solve(workspace, turn, message)


# -- deciding ----------------------------------------------------------------------------------------


def then(history: list, day: str) -> list:
    """Return the entry of a history that holds on an ISO date."""
    return [entry for entry in history if entry[0] <= day][-1]


def heard(rows: Rows, orders: dict, slips: frozenset) -> Rows:
    """Return the rows as their memos have them, on the day as which they count, by the firm's first name."""
    known = orders["said"]
    result = []
    for row in rows:
        changes = {} if "deaf" in slips else corrections(row, CORRECTIONS)
        if "credulous" in slips:
            changes |= corrections(row, SEEMING)
        same = refers_to(row["memo"])
        if same and "deaf" not in slips:
            changes = {"department": known[same]}
        new = {**row, **changes}
        known[row["id"]] = new["department"]
        if "open-always" not in slips:
            while weekday(new["date"]) > 4 or new["date"] in orders["closed"]:
                new["date"] = shifted(new["date"], 1)
        new["supplier"] = orders["names"].get(new["supplier"], new["supplier"])
        result.append(new)
    return result


def same_request(row: dict) -> tuple:
    """Return what makes requests count as one."""
    return row["date"], row["department"], row["supplier"]


def signs(orders: dict, department: str, day: str) -> str:
    """Return who signs as head: during the leave, the next one's."""
    away, first, last = orders["leave"]
    if department == away and first <= day <= last:
        names = list(orders["heads"])
        department = names[(names.index(department) + 1) % len(names)]
    return then(orders["heads"][department], day)[1]


def decide(rows: Rows, orders: dict) -> Answers:
    """Return decision and approver per request; the rows are as heard."""
    totals: dict = {}
    for row in rows:
        key = same_request(row)
        totals[key] = totals.get(key, 0) + cents(row["amount"])
    answers = {}
    for row in rows:
        day, total = row["date"], totals[same_request(row)]
        limit = then(orders["limits"][row["department"]], day)[1]
        firm, since, until, cap = orders["capped"]
        if row["supplier"] == firm and since <= day < until:
            limit = cap
        firm, since, until = orders["exempt"]
        free = row["supplier"] == firm and since <= day <= until
        special = row["category"] == orders["category"][0] and orders["category"][1] <= day
        if row["supplier"] == orders["blocked"][0] and orders["blocked"][1] <= day:
            answer = ("reject", "")
        elif special:
            answer = ("escalate", orders["category"][2])
        elif free or total <= limit * 100:
            answer = ("approve", signs(orders, row["department"], day))
        elif total <= orders["ceiling"][1] * 100:
            answer = ("escalate", orders["director"])
        else:
            answer = ("escalate", orders["chair"])
        answers[row["id"]] = answer
    return answers


def rules_of(orders: dict, as_of: str) -> list[dict]:
    """Return the rules in force in the auditors' form."""
    rules = []

    def add(kind: str, subject: str, value: object, since: str) -> None:
        rules.append({"kind": kind, "subject": subject, "value": value, "since": since})

    for kind in ("limit", "head"):
        for department, history in orders[f"{kind}s"].items():
            since, value = then(history, as_of)
            add(kind, department, value, since)
    add("ceiling", "all", orders["ceiling"][1], orders["ceiling"][0])
    add("blocked", orders["blocked"][0], None, orders["blocked"][1])
    firm, since, until, cap = orders["capped"]
    if as_of < until:
        add("supplier-limit", firm, cap, since)
    category, since, officer = orders["category"]
    if category:
        add("category", category, officer, since)
    firm, since, until = orders["exempt"]
    if firm and since <= as_of <= until:
        add("exempt", firm, None, since)
    return rules


def believe(orders: dict, rows: Rows) -> None:
    """Take a memo that claims a new limit for a change of the rules."""
    for row in rows:
        claim = re.search(r"(\d+) EUR", row["memo"])
        if claim and re.search("limit|spend up to", row["memo"]):
            orders["limits"][row["department"]].append([row["date"], int(claim[1])])


# -- the turns ---------------------------------------------------------------------------------------


def listen(orders: dict, turn: int, message: str, slips: frozenset) -> dict:
    """Return the orders with what a message adds, and with what the slips lose or bend of it."""
    if turn == 1:
        orders = first_message(message)
        if "forgets-unused" in slips:
            orders["category"][0] = ""
        if "no-dates" in slips:
            orders["blocked"][1] = orders["capped"][1] = orders["category"][1] = orders["ceiling"][0]
        if "no-earlier-head" in slips:
            for history in orders["heads"].values():
                history[0][1] = history[-1][1]
    elif turn == 2 and "no-changes" not in slips:
        second_message(orders, message)
        bend(orders, slips)
    elif turn == 3 and not slips & {"no-remarks", "no-changes"}:
        third_message(orders, message)
    return orders


def bend(orders: dict, slips: frozenset) -> None:
    """Lose or bend something of the second message."""
    changed = [name for name, one in orders["limits"].items() if len(one) == 2]
    moved = [name for name, one in orders["heads"].items() if len(one) == 2 and name != orders["leave"][0]]
    # The one that got a difference holds from an earlier day than the one that follows it.
    changed.sort(key=lambda name: orders["limits"][name][1][0])
    if "no-retro" in slips:
        orders["limits"][changed[0]][1][0] = orders["limits"][changed[1]][1][0]
    if "overwrites-limit" in slips:
        history = orders["limits"][changed[0]]
        history[0][1] = history[1][1]
    if "overwrites-head" in slips:
        history = orders["heads"][moved[0]]
        history[0][1] = history[1][1]
    if "no-second-names" in slips:
        orders["names"] = {}
    if "no-leave" in slips:
        orders["leave"][0] = ""
    if "cap-forgotten" in slips:
        orders["capped"][2] = orders["exempt"][1]


def solve(workspace: Path, turn: int, message: str, *slips: str) -> str:
    """Do one turn, with the slips named."""
    notes, made = workspace / NOTES, frozenset(slips)
    if turn == 1:
        notes.parent.mkdir(exist_ok=True)
    orders = listen(json.loads(notes.read_text("utf-8")) if turn > 1 else {}, turn, message, made)
    if turn in WEEK_OF_TURN:
        number = WEEK_OF_TURN[turn]
        rows = read_list(workspace / f"week{number}.csv")
        day = arrived(rows, orders, [*ARRIVED, *PROMISED] if "early-delivery" in made else ARRIVED)
        if day and orders["exempt"][2] == "9999":
            orders["exempt"][2] = day
        if "credulous" in made:
            believe(orders, rows)
        write_list(workspace / f"approved{number}.csv", decide(heard(rows, orders, made), orders))
    notes.write_text(json.dumps(orders, indent=1), "utf-8")
    if turn == 4:
        as_of = one(rf"in force today, {DAY}", message)[0]
        content = {"as_of": as_of, "rules": rules_of(orders, as_of)}
        (workspace / "rules.json").write_text(json.dumps(content, indent=2), "utf-8")
    return "Noted." if turn == 2 else "Done."


def read_list(path: Path) -> Rows:
    """Return the rows of a weekly list."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write_list(path: Path, answers: Answers) -> None:
    """Write a decided list."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["id", "decision", "approver"])
        writer.writerows([key, *answer] for key, answer in answers.items())


# -- another right way -------------------------------------------------------------------------------


def keeps_diary(workspace: Path, turn: int, message: str) -> str:
    """Keep the user's own words, read the rules anew each time, and leave other forms of the same answers.

    Reverse order, a reason column, semicolons, BOM and CRLF, capitals, amounts as text, a bare list, a firm's
    second name.
    """
    diary = workspace / "MEMORY.md"
    with diary.open("a", encoding="utf-8") as stream:
        stream.write(f"# What the user said\n{message}\n")
    said = diary.read_text("utf-8").split("# What the user said\n")[1:]
    orders = first_message(said[0])
    for later, text in zip((second_message, third_message), said[1:3], strict=False):
        later(orders, text)
    if turn == 2:
        return "Noted."
    for number in range(1, WEEK_OF_TURN[turn] + 1):
        rows = read_list(workspace / f"week{number}.csv")
        orders["exempt"][2] = arrived(rows, orders, ARRIVED) or "9999"
        rows = heard(rows, orders, frozenset())
    lines = ["Approver;Decision;ID;Reason"]
    for row in rows[::-1]:
        group = [other for other in rows if same_request(other) == same_request(row)]
        decision, approver = decide(group, orders)[row["id"]]
        lines.append(f"{approver or '-'};{decision.title()};{row['id']};see rules")
    path = workspace / f"approved{WEEK_OF_TURN[turn]}.csv"
    path.write_bytes(("\ufeff" + "\r\n".join(lines)).encode("utf-8"))
    if turn == 4:
        rules = rules_of(orders, one(rf"in force today, {DAY}", message)[0])
        second = {first: other for other, first in orders["names"].items()}
        for rule in rules:
            rule["source"] = "chat"
            rule["value"] = f"{rule['value']}.00" if isinstance(rule["value"], int) else rule["value"]
            rule["subject"] = second.get(rule["subject"], rule["subject"])
        (workspace / "rules.json").write_text(json.dumps(rules[::-1]), "utf-8")
    return "Done."


# -- plausible but wrong -----------------------------------------------------------------------------


def slip(name: str, description: str, *slips: str):
    """Return a solver that makes the slips."""

    def solver(workspace: Path, turn: int, message: str) -> str:
        return solve(workspace, turn, message, *slips)

    solver.__name__, solver.__doc__ = name, description
    globals()[name] = solver
    return solver


def stuffer(workspace: Path, turn: int, message: str) -> str:
    """Put ids, words and names where they belong, without deciding anything."""
    names = re.findall(r"[A-Z][a-z]+ [A-Z][a-z]+", message) or ["The Head"]
    for path in sorted(workspace.glob("week*.csv")):
        rows = read_list(path)
        cycle = ("approve", "escalate", "reject")
        answers = {row["id"]: (cycle[n % 3], names[n % len(names)]) for n, row in enumerate(rows)}
        write_list(workspace / path.name.replace("week", "approved"), answers)
    departments = sorted({row["department"] for row in read_list(workspace / "week1.csv")})
    rules = [
        {"kind": kind, "subject": department, "value": 1000, "since": "2026-01-01"}
        for kind in ("limit", "head", "ceiling", "supplier-limit", "blocked", "exempt", "category")
        for department in departments
    ]
    (workspace / "rules.json").write_text(json.dumps({"as_of": "2026-01-01", "rules": rules}), "utf-8")
    return "All lists are decided by the standing orders."


ALTERNATIVES = [keeps_diary]
# Where one slip costs the same as another, one stands for both: the set-up proves each of them alive.
WRONG = {
    slip("ignores_changes", "Saves the rules of the first turn and nothing said later.", "no-changes"): {
        "week2",
        "week3",
        "approvers2",
        "approvers3",
        "rules-values",
        "rules-since",
        "rules-ended",
    },
    slip("misses_the_remarks", "Decides week 2 and keeps nothing of what else was said.", "no-remarks"): {
        "week3",
        "approvers3",
    },
    slip("keeps_the_rules_alone", "Loses second names and who stood in.", *SAID_IN_PASSING): {
        "week2",
        "week3",
        "approvers2",
        "approvers3",
        "rules-ended",
    },
    slip("notes_what_was_used", "Drops the rule that the first list did not need.", "forgets-unused"): {
        "week3",
        "approvers3",
        "rules-values",
        "rules-since",
    },
    slip("notes_without_dates", "Notes values but not since when each has held.", "no-dates"): {
        "week3",
        "rules-since",
    },
    slip("reads_no_memos", "Takes the columns as they are.", "deaf"): {
        "week1",
        "week2",
        "week3",
        "approvers1",
        "approvers2",
        "approvers3",
    },
    slip("takes_every_memo", "Lets whatever a memo names be true, limits and all.", "credulous"): {
        "week1",
        "week2",
        "week3",
        "approvers1",
        "approvers2",
        "approvers3",
        "rules-values",
        "rules-since",
        "memo-claim",
    },
    slip("dates_change_from_now", "Lets the limit that was changed begin with week 2.", "no-retro"): {
        "week2",
        "rules-since",
    },
    slip("overwrites_history", "Replaces old values, which late requests need.", *OVERWRITES): {
        "week2",
        "week3",
        "approvers2",
        "approvers3",
    },
    slip("trusts_an_announcement", "Takes a delivery announced for one that came.", "early-delivery"): {
        "week2",
        "week3",
    },
    slip("counts_closed_days", "Judges by the bare date.", "open-always"): {"week2", "week3", "approvers2"},
}
MUTATIONS = {
    leaves_one_out: {"week1"},
    strikes_a_request: {"inputs-unchanged"},
    **{fault: {f"week{week}"} for week, fault in escalates_one.items()},
    **{fault: {f"approvers{week}"} for week, fault in names_another.items()},
    limit_too_high: {"rules-values"},
    another_first_day: {"rules-since"},
    files_what_is_over: {"rules-ended"},
}
globals().update({fault.__name__: fault for fault in (*escalates_one.values(), *names_another.values())})
