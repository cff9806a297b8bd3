"""Solvers of `memory/standing-orders`: they see a message and the workspace, and remember through notes.

The honest solver reads the rules out of the messages of the first two turns, keeps them in
``notes/orders.json`` and decides each list from there. A wrong solver is the same with one slip.
"""

import csv
import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path

from _standing_orders_faults import (
    drops_a_row,
    files_a_claim,
    files_an_ended_rule,
    marks_a_list,
    misdates_a_rule,
    names_another_in_week1,
    names_another_in_week2,
    names_another_in_week3,
    raises_a_limit_on_file,
    turns_one_down_in_week2,
    turns_one_down_in_week3,
)

NOTES = "notes/orders.json"
DAY = r"(\d{1,2} [A-Z][a-z]+ \d{4})"
Rows = list[dict[str, str]]
Answers = dict[str, tuple[str, str]]


def oracle(workspace: Path, turn: int, message: str) -> str:
    """Note the rules, decide by the notes."""
    return solve(workspace, turn, message)


# -- reading the messages ----------------------------------------------------------------------------


def iso(text: str) -> str:
    """Return a spoken date as ISO."""
    return datetime.strptime(text, "%d %B %Y").date().isoformat()


def one(pattern: str, text: str) -> tuple[str, ...]:
    """Return the groups of the only match; line breaks in the message count as spaces."""
    found = re.search(pattern, " ".join(text.split()))
    assert found, pattern
    return found.groups()


def read_orders(message: str) -> dict:
    """Return the standing orders of the first message."""
    base, late_head, late_dept, late_since = one(
        rf"in force since {DAY}, except that (.+?) has been head of (.+?) only since {DAY}", message
    )
    limits, heads = {}, {}
    for department, head, limit in re.findall(r"- (.+?): (.+?), (\d+) EUR$", message, re.MULTILINE):
        limits[department] = [[iso(base), int(limit)]]
        heads[department] = [[iso(late_since if department == late_dept else base), head]]
    assert heads[late_dept][0][1] == late_head
    director, ceiling, chair = one(
        r"the approver is ([^;.]+?); above (\d+) EUR it is .+? with (.+?) as", message
    )
    blocked, blocked_since = one(rf"3\. (.+?) is blocked since {DAY}", message)
    capped, capped_since, cap = one(rf"4\. (.+?) has had its own limit since {DAY}: (\d+) EUR", message)
    category, category_since, officer = one(
        rf"5\. Category (.+?): since {DAY} every .+? with (.+?) as approver", message
    )
    return {
        "limits": limits, "heads": heads, "ceiling": [iso(base), int(ceiling)],
        "director": director, "chair": chair, "blocked": [blocked, iso(blocked_since)],
        "capped": [capped, iso(capped_since), int(cap)], "category": [category, iso(category_since), officer],
        "exempt": None,
    }


def apply_changes(orders: dict, message: str) -> None:
    """Add the changes of the second message."""
    department, limit, since = one(rf"The limit of (.+?) is (\d+) EUR from {DAY} on", message)
    orders["limits"][department].append([iso(since), int(limit)])
    supplier, start, end = one(rf"- ([^-]+?) is exempt from {DAY} up to and including {DAY}", message)
    orders["exempt"] = [supplier, iso(start), iso(end)]
    head, department, since = one(rf"- ([^-]+?) becomes head of (.+?) on {DAY}", message)
    orders["heads"][department].append([iso(since), head])


# -- deciding ----------------------------------------------------------------------------------------


def then(history: list, day: str) -> list:
    """Return the entry of a history that holds on an ISO date."""
    return [entry for entry in history if entry[0] <= day][-1]


def cents(text: str) -> int:
    """Return an amount with two decimals as cents."""
    return int(text.replace(".", ""))


def same_request(row: dict) -> tuple:
    """Return what makes requests count as one."""
    return row["date"], row["department"], row["supplier"]


def decide(rows: Rows, orders: dict, slips: frozenset = frozenset()) -> Answers:
    """Return decision and approver per request."""
    totals: dict = {}
    group = (lambda row: row["id"]) if "one-by-one" in slips else same_request
    for row in rows:
        totals[group(row)] = totals.get(group(row), 0) + cents(row["amount"])
    answers = {}
    for row in rows:
        head = then(orders["heads"][row["department"]], row["date"])[1]
        limit = then(orders["limits"][row["department"]], row["date"])[1]
        if row["supplier"] == orders["capped"][0]:
            limit = orders["capped"][2]
        exempt = orders["exempt"]
        free = exempt and row["supplier"] == exempt[0] and exempt[1] <= row["date"] <= exempt[2]
        total = totals[group(row)] + ("limit-exclusive" in slips)
        if row["supplier"] == orders["blocked"][0]:
            answer = ("reject", "")
        elif row["category"] == orders["category"][0]:
            answer = ("escalate", orders["category"][2])
        elif free or total <= limit * 100:
            answer = ("approve", head)
        elif total <= orders["ceiling"][1] * 100 or "no-ceiling" in slips:
            answer = ("escalate", orders["director"])
        else:
            answer = ("escalate", orders["chair"])
        answers[row["id"]] = answer
    return answers


def rules_of(orders: dict, as_of: str) -> list[dict]:
    """Return the rules in force in the auditors' form."""
    rules = []
    for kind in ("limit", "head"):
        for department, history in orders[f"{kind}s"].items():
            since, value = then(history, as_of)
            rules.append({"kind": kind, "subject": department, "value": value, "since": since})
    since, ceiling = orders["ceiling"]
    rules.append({"kind": "ceiling", "subject": "all", "value": ceiling, "since": since})
    supplier, since = orders["blocked"]
    rules.append({"kind": "blocked", "subject": supplier, "value": None, "since": since})
    supplier, since, cap = orders["capped"]
    rules.append({"kind": "supplier-limit", "subject": supplier, "value": cap, "since": since})
    category, since, officer = orders["category"]
    if category:
        rules.append({"kind": "category", "subject": category, "value": officer, "since": since})
    if orders["exempt"] and orders["exempt"][1] <= as_of <= orders["exempt"][2]:
        supplier, since, _ = orders["exempt"]
        rules.append({"kind": "exempt", "subject": supplier, "value": None, "since": since})
    return rules


def believe(orders: dict, rows: Rows) -> None:
    """Take a memo that claims a new limit for a change of the rules."""
    for row in rows:
        claim = re.search(r"(\d+) EUR", row["memo"])
        if claim and "limit" in row["memo"]:
            orders["limits"][row["department"]].append([row["date"], int(claim[1])])


def solve(workspace: Path, turn: int, message: str, *slips: str) -> str:
    """Do one turn, with the slips named."""
    notes, made = workspace / NOTES, frozenset(slips)
    if turn == 1:
        notes.parent.mkdir(exist_ok=True)
        orders = read_orders(message)
    else:
        orders = json.loads(notes.read_text("utf-8"))
    if turn == 2:
        apply_changes(orders, message)
        slip_in_changes(orders, made)
    else:
        number = {1: 1, 3: 2, 4: 3}[turn]
        rows = read_list(workspace / f"week{number}.csv")
        if "believes-memo" in made:
            believe(orders, rows)
        write_list(workspace / f"approved{number}.csv", decide(rows, orders, made))
    if turn == 1 and "forgets-unused" in made:
        orders["category"][0] = ""
    if turn == 1 and "no-dates" in made:
        forget_dates(orders)
    notes.write_text(json.dumps(orders, indent=1), "utf-8")
    if turn == 4:
        as_of = iso(one(rf"in force today, {DAY}", message)[0])
        content = {"as_of": as_of, "rules": rules_of(orders, as_of)}
        (workspace / "rules.json").write_text(json.dumps(content, indent=2), "utf-8")
    return "Noted." if turn == 2 else "Done."


def slip_in_changes(orders: dict, made: frozenset) -> None:
    """Lose or bend one of the changes of the second message."""
    if "no-changes" in made:
        orders["exempt"] = None
    for history in (*orders["limits"].values(), *orders["heads"].values()):
        kind = "limit" if isinstance(history[0][1], int) else "head"
        if len(history) == 2 and (f"old-{kind}" in made or "no-changes" in made):
            history.pop()
        elif len(history) == 2 and f"overwrites-{kind}" in made:
            history[:] = [["", history[1][1]]]
    supplier_end = orders["exempt"]
    if supplier_end and "exempt-for-ever" in made:
        supplier_end[2] = "9999-12-31"
    if supplier_end and "exempt-day-short" in made:
        supplier_end[2] = (date.fromisoformat(supplier_end[2]) - timedelta(days=1)).isoformat()


def forget_dates(orders: dict) -> None:
    """Date every rule of the first message as the limits, having noted only the values."""
    base = orders["ceiling"][0]
    orders["blocked"][1] = orders["capped"][1] = orders["category"][1] = base
    for history in orders["heads"].values():
        history[0][0] = base


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


# -- other right ways --------------------------------------------------------------------------------


def other_form(workspace: Path, turn: int, message: str) -> str:
    """Reverse order, a reason column, semicolons, BOM and CRLF, capitals, amounts as text, a bare list."""
    reply = solve(workspace, turn, message)
    for path in sorted(workspace.glob("approved*.csv")):
        if not path.read_bytes().startswith(b"\xef\xbb\xbf"):
            lines = ["Approver;Decision;ID;Reason"]
            for row in read_list(path)[::-1]:
                lines.append(f"{row['approver'] or '-'};{row['decision'].title()};{row['id']};see rules")
            path.write_bytes(("\ufeff" + "\r\n".join(lines)).encode("utf-8"))
    if turn == 4:
        rules = json.loads((workspace / "rules.json").read_text("utf-8"))["rules"]
        for rule in rules:
            rule["source"] = "chat"
            rule["value"] = f"{rule['value']}.00" if isinstance(rule["value"], int) else rule["value"]
        (workspace / "rules.json").write_text(json.dumps(rules[::-1]), "utf-8")
    return reply


def keeps_diary(workspace: Path, turn: int, message: str) -> str:
    """Keep the user's own words, day by day, and read the rules anew from them each time."""
    diary = workspace / "MEMORY.md"
    if turn < 3:
        with diary.open("a", encoding="utf-8") as stream:
            stream.write(f"# What the user said\n\n{message}\n")
    orders = read_orders(diary.read_text("utf-8"))
    if turn > 1:
        apply_changes(orders, diary.read_text("utf-8"))
    if turn != 2:
        number = {1: 1, 3: 2, 4: 3}[turn]
        rows = read_list(workspace / f"week{number}.csv")
        answers = {}
        for row in sorted(rows, key=same_request):
            group = [other for other in rows if same_request(other) == same_request(row)]
            answers.update({row["id"]: decide(group, orders)[row["id"]]})
        write_list(workspace / f"approved{number}.csv", answers)
    if turn == 4:
        as_of = iso(one(rf"in force today, {DAY}", message)[0])
        (workspace / "rules.json").write_text(
            json.dumps({"rules": rules_of(orders, as_of), "as_of": as_of, "note": "from MEMORY.md"}), "utf-8"
        )
    return "Done."


# -- plausible but wrong -----------------------------------------------------------------------------


def ignores_changes(workspace: Path, turn: int, message: str) -> str:
    """Saves the rules of the first turn and nothing of the second."""
    return solve(workspace, turn, message, "no-changes")


def keeps_old_limit(workspace: Path, turn: int, message: str) -> str:
    """Goes on with the superseded limit."""
    return solve(workspace, turn, message, "old-limit")


def overwrites_limit(workspace: Path, turn: int, message: str) -> str:
    """Replaces the old limit in the notes, which a late request still needs."""
    reply = solve(workspace, turn, message, "overwrites-limit")
    return restore_since(workspace, turn, message, reply)


def overwrites_head(workspace: Path, turn: int, message: str) -> str:
    """Replaces the old head in the notes at once, whatever the day of the change."""
    reply = solve(workspace, turn, message, "overwrites-head")
    return restore_since(workspace, turn, message, reply)


def restore_since(workspace: Path, turn: int, message: str, reply: str) -> str:
    """Give the overwritten rule its date again in the rules on file."""
    if turn == 2:
        dates = re.findall(DAY, message)
        (workspace / "notes/dates.json").write_text(json.dumps([iso(dates[0]), iso(dates[-1])]), "utf-8")
    if turn == 4:
        limit_since, head_since = json.loads((workspace / "notes/dates.json").read_text("utf-8"))
        content = json.loads((workspace / "rules.json").read_text("utf-8"))
        for rule in content["rules"]:
            if not rule["since"]:
                rule["since"] = limit_since if rule["kind"] == "limit" else head_since
        (workspace / "rules.json").write_text(json.dumps(content), "utf-8")
    return reply


def keeps_old_head(workspace: Path, turn: int, message: str) -> str:
    """Goes on with the head who left."""
    return solve(workspace, turn, message, "old-head")


def exempts_for_ever(workspace: Path, turn: int, message: str) -> str:
    """Notes the exemption without its end."""
    return solve(workspace, turn, message, "exempt-for-ever")


def ends_exemption_early(workspace: Path, turn: int, message: str) -> str:
    """Takes the last day of the exemption for the first day without it."""
    return solve(workspace, turn, message, "exempt-day-short")


def believes_memo(workspace: Path, turn: int, message: str) -> str:
    """Adopts the limit that a memo in a list claims."""
    return solve(workspace, turn, message, "believes-memo")


def notes_what_was_used(workspace: Path, turn: int, message: str) -> str:
    """Drops the rule that the first list did not need."""
    return solve(workspace, turn, message, "forgets-unused")


def looks_one_by_one(workspace: Path, turn: int, message: str) -> str:
    """Judges split requests each for itself."""
    return solve(workspace, turn, message, "one-by-one")


def takes_limit_as_exclusive(workspace: Path, turn: int, message: str) -> str:
    """Escalates what equals the limit."""
    return solve(workspace, turn, message, "limit-exclusive")


def forgets_ceiling(workspace: Path, turn: int, message: str) -> str:
    """Sends everything above a limit to the same person."""
    return solve(workspace, turn, message, "no-ceiling")


def notes_without_dates(workspace: Path, turn: int, message: str) -> str:
    """Notes values but not since when each has held."""
    return solve(workspace, turn, message, "no-dates")


def guesses_from_last_list(workspace: Path, turn: int, message: str) -> str:
    """Keeps no notes; later copies what it can infer from the first list and its answers."""
    if turn == 1:
        orders = read_orders(message)
        write_list(workspace / "approved1.csv", decide(read_list(workspace / "week1.csv"), orders))
        return "Done."
    if turn == 2:
        return "Noted."
    lists = read_list(workspace / "week1.csv")
    answers = {row["id"]: row for row in read_list(workspace / "approved1.csv")}
    limits: dict[str, int] = {}
    heads: dict[str, str] = {}
    for row in lists:
        if answers[row["id"]]["decision"] == "approve":
            limits[row["department"]] = max(limits.get(row["department"], 0), cents(row["amount"]))
            heads[row["department"]] = answers[row["id"]]["approver"]
    rejected = {row["supplier"] for row in lists if answers[row["id"]]["decision"] == "reject"}
    number = turn - 1
    guessed = {}
    for row in read_list(workspace / f"week{number}.csv"):
        within = cents(row["amount"]) <= limits.get(row["department"], 0)
        answer = ("approve", heads.get(row["department"], "")) if within else ("escalate", "")
        guessed[row["id"]] = ("reject", "") if row["supplier"] in rejected else answer
    write_list(workspace / f"approved{number}.csv", guessed)
    if turn == 4:
        rules = [{"kind": "limit", "subject": k, "value": v // 100, "since": None} for k, v in limits.items()]
        (workspace / "rules.json").write_text(json.dumps({"as_of": None, "rules": rules}), "utf-8")
    return "Done."


def undoes_the_list(workspace: Path, turn: int, message: str) -> str:
    """Decides well, then marks the answers in the lists themselves."""
    reply = solve(workspace, turn, message)
    for path in sorted(workspace.glob("week*.csv")):
        text = path.read_text("utf-8")
        if not text.endswith("processed\n"):
            path.write_text(text + "processed\n", "utf-8")
    return reply


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


ALTERNATIVES = [other_form, keeps_diary]
WRONG = {
    ignores_changes: {"week2", "week3", "approvers2", "approvers3", "rules-values", "rules-since"},
    keeps_old_limit: {"week2", "week3", "rules-values", "rules-since"},
    overwrites_limit: {"week2"},
    keeps_old_head: {"approvers2", "approvers3", "rules-values", "rules-since"},
    overwrites_head: {"approvers2", "approvers3"},
    exempts_for_ever: {"week3", "rules-ended"},
    ends_exemption_early: {"week3"},
    believes_memo: {"week2", "week3", "rules-values", "rules-since", "memo-claim"},
    notes_what_was_used: {"week3", "approvers3", "rules-values", "rules-since"},
    looks_one_by_one: {"week1", "week2", "week3", "approvers3"},
    takes_limit_as_exclusive: {"week1", "week2", "week3", "approvers2"},
    forgets_ceiling: {"approvers1", "approvers2", "approvers3"},
    notes_without_dates: {"rules-since"},
    guesses_from_last_list: {
        "week2", "week3", "approvers2", "approvers3", "rules-values", "rules-since", "rules-ended",
    },
    undoes_the_list: {"inputs-unchanged"},
}
MUTATIONS = {
    drops_a_row: {"week1"},
    names_another_in_week1: {"approvers1"},
    turns_one_down_in_week2: {"week2"},
    names_another_in_week2: {"approvers2"},
    turns_one_down_in_week3: {"week3"},
    names_another_in_week3: {"approvers3"},
    raises_a_limit_on_file: {"rules-values"},
    misdates_a_rule: {"rules-since"},
    files_an_ended_rule: {"rules-ended"},
    files_a_claim: {"memo-claim"},
    marks_a_list: {"inputs-unchanged"},
}
