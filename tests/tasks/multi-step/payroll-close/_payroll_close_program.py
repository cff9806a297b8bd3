"""The program that the oracle delivers; TERMS stands for the numbers that the texts of the workspace state."""

PROGRAM = '''
"""Pays a month by rules/. Days are ordinals, times minutes since day 0 in UTC, amounts 1/6000 cent until rounded."""
import csv
import json
import os
import sys
from calendar import monthrange
from datetime import date
from fractions import Fraction

T = TERMS
JULY = date(2026, 7, 1).toordinal()
NOVEMBER = date(2026, 11, 1).toordinal()
JANUARY = date(2027, 1, 1).toordinal()
HALF_DAYS = {date(2026, 12, 24).toordinal(), date(2026, 12, 31).toordinal()}
PAY = ["base", "night", "special", "overtime", "holiday_pay", "correction"]
ENDS = ["gross", "contribution", "net", "garnished", "payout"]


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day_of(text):
    return date.fromisoformat(text).toordinal()


def second_of(text):
    hours, minutes, seconds = text[11:].rstrip("Z").split(":")
    return day_of(text[:10]) * 86400 + int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def cents_of(text):
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def exact(text, factor):
    value = Fraction(text) * factor
    return value.numerator if value.denominator == 1 else value


def sunday(day):
    return day % 7 == 0


def round_time(second):
    return (second // 60 + 2) // 5 * 5


def round_cent(exact):
    return (exact + 3000) // 6000


def round_five(exact):
    return (exact + 15000) // 30000 * 5


class Contract:
    def __init__(self, row):
        self.first = day_of(row["from"])
        self.last = day_of(row["until"]) if row["until"] else 9999999
        self.site = row["site"]
        self.daily = exact(row["weekly_hours"], 12)
        self.rate = exact(row["rate"], 100)


class Payroll:
    def __init__(self, folder):
        with open(os.path.join(folder, "month.json"), encoding="utf-8") as file:
            year, month = map(int, json.load(file)["month"].split("-"))
        self.first = date(year, month, 1).toordinal()
        self.last = self.first + monthrange(year, month)[1] - 1
        with open(os.path.join(folder, "zones.json"), encoding="utf-8") as file:
            zones = json.load(file)
        steps = {
            zone: sorted((second_of(step["since"]) // 60, step["offset_minutes"]) for step in rows)[::-1]
            for zone, rows in zones.items()
        }
        rows = read(folder, "sites.csv")
        self.region = {row["site"]: row["region"] for row in rows}
        self.steps = {row["site"]: steps[row["zone"]] for row in rows}
        self.holidays = set()
        for row in read(folder, "holidays.csv"):
            day = day_of(row["date"])
            for region in ["North", "South"] if row["region"] == "all" else [row["region"]]:
                self.holidays.add((day, region))
                if region == "North" and sunday(day):
                    self.holidays.add((day + 1, region))
        self.staff = {row["employee"]: int(row["dependants"]) for row in read(folder, "staff.csv")}
        self.contracts = {who: [] for who in self.staff}
        for row in read(folder, "contracts.csv"):
            self.contracts[row["employee"]].append(Contract(row))
        for contracts in self.contracts.values():
            contracts.sort(key=lambda contract: contract.first)
        self.clock = {who: {} for who in self.staff}
        for row in read(folder, "clock.csv"):
            key = second_of(row["time"]), row["kind"]
            self.clock[row["employee"]].setdefault(key, (*key, row["site"], row["time"]))
        self.corrections = read(folder, "corrections.csv")
        self.writs = read(folder, "garnishments.csv")
        self.percents = {}
        self.paid = {}
        self.exceptions = []

    # terms

    def local(self, site, minute):
        for since, offset in self.steps[site]:
            if since <= minute:
                return minute + offset
        return minute + self.steps[site][-1][1]

    def contract(self, who, day):
        for contract in self.contracts[who]:
            if contract.first <= day <= contract.last:
                return contract
        return None

    def night(self, day, hour, region):
        begin, end = T["night_from"], T["night_to"]
        if region == "South":
            begin, end = T["south_from"], T["south_to"]
        if day >= (NOVEMBER if region == "South" else T["m3_window"]):
            begin, end = T["m2_from"], T["m2_to"]
        if end <= hour < begin:
            return 0
        if region == "South":
            return T["south_pct"]
        if T["m1_night"] <= day <= T["m3_night_end"]:
            return T["m1_night_pct"]
        return T["night_pct"]

    def special(self, day, hour, region):
        found = 0
        if sunday(day):
            found = T["sunday_pct"]
            if T["m3_advent_from"] <= day <= T["m3_advent_to"]:
                found = T["m3_sunday_pct"]
        if (day, region) in self.holidays or (region == "South" and day in HALF_DAYS and hour >= 14):
            found = max(found, T["holiday_pct"])
        return found

    def premiums(self, day, hour, region):
        key = day, hour, region
        if key not in self.percents:
            self.percents[key] = self.night(*key), self.special(*key)
        return self.percents[key]

    def pause(self, day, length, region):
        if region == "North":
            return T["north_break"] if length > 480 else 30 if length > 360 else 0
        long = T["m2_break_min"] if day >= T["m2_break"] else T["break_long"]
        return long if length > 540 else 30 if length > 360 else 0

    # rules 2 and 3

    def spells(self, site, begin, end, contract):
        """Return working time as [begin, minutes, day, hour, region, rate], each in one local hour."""
        region = self.region[site]
        pause = self.pause(self.local(site, begin) // 1440, end - begin, region)
        parts = [(begin, end)]
        if pause:
            parts = [(begin, begin + 240), (begin + 240 + pause, end)]
        found = []
        for start, stop in parts:
            while start < stop:
                day, minute = divmod(self.local(site, start), 1440)
                changes = [since for since, _ in self.steps[site] if since > start]
                until = min(stop, start + 60 - minute % 60, *changes)
                found.append((start, until - start, day, minute // 60, region, contract.rate))
                start = until
        return found

    def sort_out(self, who):
        """Return an employee's working time and the days of the exceptions; note those to report."""
        rows = sorted(self.clock[who].values())
        spells, odd = [], []
        at = 0
        while at < len(rows):
            second, kind, site, text = rows[at]
            at += 1
            code = None
            if kind == "out":
                code = "NO_IN"
            elif at == len(rows) or rows[at][1] == "in":
                code = "NO_OUT"
            else:
                begin, end = round_time(second), round_time(rows[at][0])
                at += 1
                contract = self.contract(who, self.local(site, begin) // 1440)
                if end - begin > 16 * 60:
                    code = "TOO_LONG"
                elif contract is None:
                    code = "NO_CONTRACT"
                else:
                    spells += self.spells(site, begin, end, contract)
            if code:
                day = self.local(site, second // 60) // 1440
                odd.append(day)
                if self.first <= day <= self.last:
                    self.exceptions.append((who, text, code))
        return spells, odd

    # rules 3 to 7

    def sums(self, spells):
        base = night = special = 0
        for _, minutes, day, hour, region, rate in spells:
            at_night, on_day = self.premiums(day, hour, region)
            base += minutes * rate * 100
            night += minutes * rate * at_night
            special += minutes * rate * on_day
        return base, night, special

    def target(self, who, monday):
        total = 0
        for day in range(monday, monday + 5):
            contract = self.contract(who, day)
            if contract is None:
                continue
            if day >= T["m2_target"] and (day, self.region[contract.site]) in self.holidays:
                continue
            total += contract.daily
        return total

    def overtime(self, who, spells, odd):
        total = 0
        for end in range(self.first, self.last + 1):
            if not sunday(end):
                continue
            week = range(end - 6, end + 1)
            if any(day in week for day in odd):
                continue
            left = self.target(who, end - 6)
            used = 0
            for _, minutes, day, hour, region, rate in sorted(spell for spell in spells if spell[2] in week):
                regular = min(left, minutes)
                left -= regular
                minutes -= regular
                minus = 0
                if day >= T["m2_overlap"] and not T["m3_rest_from"] <= day <= T["m3_rest_to"]:
                    minus = self.premiums(day, hour, region)[0]
                low = minutes
                if day >= T["m2_stage"]:
                    low = min(minutes, max(0, T["m2_stage_min"] - used))
                used += minutes
                total += low * rate * max(0, T["ot_pct"] - minus)
                total += (minutes - low) * rate * max(0, T["m2_ot_pct"] - minus)
        return total

    def holiday_pay(self, who, spells, odd):
        busy = {spell[2] for spell in spells} | set(odd)
        total = 0
        for day in range(self.first, self.last + 1):
            contract = self.contract(who, day)
            if contract is None or day % 7 in (0, 6) or day in busy:
                continue
            if (day, self.region[contract.site]) in self.holidays:
                total += contract.daily * contract.rate * 100
        return total

    def shift_value(self, row, out):
        begin = round_time(second_of(row["in"]))
        contract = self.contract(row["employee"], self.local(row["site"], begin) // 1440)
        if contract is None:
            return 0
        spells = self.spells(row["site"], begin, round_time(second_of(out)), contract)
        total = sum(map(round_cent, self.sums([spell for spell in spells if spell[2] >= JULY])))
        for day in {spell[2] for spell in spells if spell[2] < JULY}:
            total += sum(map(round_five, self.sums([spell for spell in spells if spell[2] == day])))
        return total

    def correction(self, who):
        total = 0
        for row in self.corrections:
            if row["employee"] == who:
                total += self.shift_value(row, row["right_out"])
                if row["paid_out"]:
                    total -= self.shift_value(row, row["paid_out"])
        return total

    # rule 9

    def home(self, who):
        return [contract.site for contract in self.contracts[who] if contract.first <= self.last][-1]

    def protected(self, who):
        amount = T["floor"]
        if self.last >= T["m2_floor_day"]:
            amount = T["m2_floor"]
        if self.region[self.home(who)] == "South":
            amount += T["south_floor"]
        return amount + self.staff[who] * T["per_dependant"]

    def share(self, writs, pool):
        total = 0
        for served in sorted({writ["served"] for writ in writs}):
            group = sorted((writ for writ in writs if writ["served"] == served), key=lambda writ: int(writ["writ"][1:]))
            owed = [cents_of(writ["balance"]) for writ in group]
            parts = owed
            if sum(owed) > pool:
                parts = [pool * one // sum(owed) for one in owed]
                for at, one in enumerate(owed):
                    parts[at] += min(one - parts[at], pool - sum(parts))
            for writ, part in zip(group, parts):
                self.paid[writ["writ"]] = part
            pool -= sum(parts)
            total += sum(parts)
        return total

    def garnish(self, who, net):
        excess = max(0, net - self.protected(who))
        writs = [
            writ
            for writ in self.writs
            if writ["employee"] == who and day_of(writ["served"]) <= self.first + 14
        ]
        taken = self.share([writ for writ in writs if writ["kind"] == "maintenance"], excess)
        rest = max(0, excess * T["share"] // 10000 * 100 - taken)
        return taken + self.share([writ for writ in writs if writ["kind"] != "maintenance"], rest)

    def payslip(self, who):
        spells, odd = self.sort_out(who)
        own = [spell for spell in spells if self.first <= spell[2] <= self.last]
        slip = dict(zip(PAY, map(round_cent, self.sums(own))))
        slip["overtime"] = round_cent(self.overtime(who, spells, odd))
        slip["holiday_pay"] = round_cent(self.holiday_pay(who, spells, odd))
        slip["correction"] = self.correction(who)
        employed = any(c.first <= self.last and c.last >= self.first for c in self.contracts[who])
        if not employed and not any(slip.values()):
            return None
        gross = sum(slip.values())
        percent, ceiling = T["contribution"], T["ceiling"]
        if self.last >= JANUARY:
            percent, ceiling = T["m3_contribution"], T["m3_ceiling"]
        counted = min(gross - slip["night"] - slip["special"], ceiling)
        contribution = (counted * percent + 5000) // 10000
        net = gross - contribution
        garnished = self.garnish(who, net)
        slip.update(zip(ENDS, [gross, contribution, net, garnished, net - garnished]))
        return slip

    def run(self, out):
        slips = {}
        for who in sorted(self.staff):
            slip = self.payslip(who)
            if slip:
                slips[who] = slip
        os.makedirs(out, exist_ok=True)
        rows = [[who] + [amount(slip[name]) for name in PAY + ENDS] for who, slip in slips.items()]
        write(out, "payslips.csv", ["employee"] + PAY + ENDS, rows)
        write(out, "exceptions.csv", ["employee", "time", "code"], sorted(self.exceptions))
        write(out, "journal.csv", ["account", "party", "debit", "credit"], self.journal(slips))

    def journal(self, slips):
        sums = {}
        def book(account, party, value):
            sums[account, party] = sums.get((account, party), 0) + value
        for who, slip in slips.items():
            home = self.home(who)
            book("6010", home, slip["base"])
            book("6020", home, slip["night"] + slip["special"] + slip["overtime"])
            book("6030", home, slip["holiday_pay"])
            book("6040", home, slip["correction"])
            book("2710", home, -slip["contribution"])
            book("2700", who, -slip["payout"])
        for writ, value in self.paid.items():
            book("2720", writ, -value)
        return [
            [account, party, amount(max(0, value)), amount(max(0, -value))]
            for (account, party), value in sorted(sums.items())
            if value
        ]


def amount(cents):
    return "%s%d.%02d" % ("-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100)


def write(out, name, header, rows):
    with open(os.path.join(out, name), "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\\n").writerows([header] + rows)


Payroll(sys.argv[1]).run(sys.argv[2])
'''
