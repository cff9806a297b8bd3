"""What somebody misses: fault → the replacements in the oracle's program."""

FAULTS: dict[str, list[tuple[str, str]]] = {
    "pays_by_first_day": [
        (
            "                found.append((start,",
            "                day = self.local(site, begin) // 1440\n                found.append((start,",
        ),
    ],
    "rate_of_the_day": [
        (
            '        self.site = row["site"]\n',
            '        self.site, self.who = row["site"], row["employee"]\n',
        ),
        (
            "                found.append((start,",
            "                now = self.contract(contract.who, day) or contract\n"
            "                found.append((start,",
        ),
        (
            "region, contract.rate))",
            "region, now.rate))",
        ),
    ],
    "overtime_of_the_month": [
        (
            "if spell[2] in week)",
            "if spell[2] in week and spell[2] >= self.first)",
        ),
    ],
    "old_gaps_forgotten": [
        (
            "if any(day in week for day in odd):",
            "if any(day in week and day >= self.first for day in odd):",
        ),
    ],
    "corrects_to_the_cent": [
        (
            "if spell[2] >= JULY])))",
            "])))",
        ),
        (
            "if spell[2] < JULY}",
            "if False}",
        ),
    ],
    "seconds_do_not_count": [
        (
            "rows = sorted(self.clock[who].values())",
            "rows = sorted({(row[0] // 60, row[1]): row for row in sorted(self.clock[who].values())[::-1]}.values())",
        ),
    ],
    "one_by_one": [
        (
            'sorted({writ["served"] for writ in writs}):',
            'sorted({(writ["served"], writ["writ"]) for writ in writs}):',
        ),
        (
            'if writ["served"] == served)',
            'if (writ["served"], writ["writ"]) == served)',
        ),
    ],
    "clock_on_the_wall": [
        (
            "1440, end - begin, region)",
            "1440, self.local(site, end) - self.local(site, begin), region)",
        ),
    ],
    "postponed_for_all": [
        (
            '(NOVEMBER if region == "South" else T["m3_window"])',
            'T["m3_window"]',
        ),
    ],
    "eves_are_holidays": [
        (
            "        self.staff = {",
            '        self.holidays |= {(day, "South") for day in HALF_DAYS}\n        self.staff = {',
        ),
    ],
    "counts_from_the_day": [
        (
            "                used += minutes\n",
            '                used += minutes if day >= T["m2_stage"] else 0\n',
        ),
    ],
    "memo_begun_last": [
        (
            '            amount = T["m2_floor"]\n',
            '            amount = T["m2_floor"]\n'
            "        if self.last >= JANUARY:\n"
            '            amount = T["m1_floor"]\n',
        ),
    ],
    "holidays_in_target": [
        (
            'if day >= T["m2_target"] and (day',
            "if False and (day",
        ),
    ],
    "reports_all": [
        (
            "                if self.first <= day <= self.last:\n",
            "                if True:\n",
        ),
    ],
    "negative_debits": [
        (
            "            [account, party, amount(max(0, value)), amount(max(0, -value))]",
            "            [account, party] + [amount(one) for one in ((value, 0) if account[0] == "
            '"6" else (0, -value))]',
        ),
    ],
    "in_any_order": [
        (
            "sorted(self.exceptions))",
            "list(set(self.exceptions)))",
        ),
    ],
}

STUFFER = """
import csv, os, sys
source, out = sys.argv[1:]
NAMES = "base night special overtime holiday_pay correction gross contribution net garnished payout".split()
with open(os.path.join(source, "staff.csv")) as file:
    staff = [row["employee"] for row in csv.DictReader(file)]
os.makedirs(out, exist_ok=True)
with open(os.path.join(out, "payslips.csv"), "w") as file:
    csv.writer(file).writerows([["employee"] + NAMES] + [[who] + ["0.00"] * 11 for who in staff])
with open(os.path.join(out, "exceptions.csv"), "w") as file:
    file.write("employee,time,code\\n")
with open(os.path.join(out, "journal.csv"), "w") as file:
    file.write("account,party,debit,credit\\n")
"""


def replaced(program: str, *pairs: tuple[str, str]) -> str:
    """Return the program with these pieces replaced, each of which must be in it exactly once."""
    for old, new in pairs:
        if program.count(old) != 1:
            raise ValueError(f"{old!r} is not in the program exactly once")
        program = program.replace(old, new)
    return program
