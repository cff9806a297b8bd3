"""Another program of another architecture: tallies of five-minute slots, exact fractions, dates as `datetime`."""

SLOTS = '''
import csv, json, sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from math import floor
from pathlib import Path

T = TERMS
FIVE, DAY = timedelta(minutes=5), timedelta(days=1)
source, target = Path(sys.argv[1]), Path(sys.argv[2])


def table(name):
    with open(source / (name + ".csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stamp(text):
    return datetime.fromisoformat(text.rstrip("Z"))


def nearest(moment):
    moment = moment.replace(second=0)
    return moment + timedelta(minutes=(2 - (moment.minute + 2) % 5))


def cent(value, unit=1):
    return floor(value * 100 / unit + Fraction(1, 2)) * unit


def D(name):
    return date.fromordinal(T[name])


month = json.loads((source / "month.json").read_text())["month"]
first = date.fromisoformat(month + "-01")
last = (first + 31 * DAY).replace(day=1) - DAY
sites = {row["site"]: row for row in table("sites")}
zones = json.loads((source / "zones.json").read_text())
free = {(date.fromisoformat(row["date"]), row["region"]) for row in table("holidays")}
contracts = defaultdict(list)
for row in sorted(table("contracts"), key=lambda row: row["from"]):
    row["from"] = date.fromisoformat(row["from"])
    row["until"] = date.fromisoformat(row["until"] or "9999-12-31")
    row["rate"] = Fraction(row["rate"])
    row["daily"] = Fraction(row["weekly_hours"]) / 5
    contracts[row["employee"]].append(row)


@lru_cache(None)
def offset(zone, moment):
    known = [step for step in zones[zone] if stamp(step["since"]) <= moment]
    return timedelta(minutes=max(known, key=lambda step: step["since"])["offset_minutes"])


def local(site, moment):
    return moment + offset(sites[site]["zone"], moment.replace(second=0))


def contract(who, day):
    fitting = [row for row in contracts[who] if row["from"] <= day <= row["until"]]
    return fitting[0] if fitting else None


@lru_cache(None)
def holiday(day, region):
    if (day, region) in free or (day, "all") in free:
        return True
    return region == "North" and day.weekday() == 0 and holiday(day - DAY, region)


@lru_cache(None)
def percentages(day, hour, region):
    span, night = (T["night_from"], T["night_to"]), T["night_pct"]
    if D("m1_night") <= day <= D("m3_night_end"):
        night = T["m1_night_pct"]
    if region == "South":
        span, night = (T["south_from"], T["south_to"]), T["south_pct"]
    if day >= (date(2026, 11, 1) if region == "South" else D("m3_window")):
        span = T["m2_from"], T["m2_to"]
    special = []
    if day.weekday() == 6:
        special.append(T["m3_sunday_pct"] if D("m3_advent_from") <= day <= D("m3_advent_to") else T["sunday_pct"])
    eve = day.month == 12 and day.day in (24, 31) and hour >= 14 and region == "South"
    if eve or holiday(day, region):
        special.append(T["holiday_pct"])
    return night if hour >= span[0] or hour < span[1] else 0, max(special, default=0)


def slots(site, begin, end, terms):
    region, length, day = sites[site]["region"], end - begin, local(site, begin).date()
    limits = [(540, T["m2_break_min"] if day >= D("m2_break") else T["break_long"]), (360, 30)]
    if region == "North":
        limits = [(480, T["north_break"]), (360, 30)]
    pause = next((minutes for limit, minutes in limits if length > timedelta(minutes=limit)), 0)
    moment, found, rest = begin, [], (begin + timedelta(hours=4), begin + timedelta(minutes=240 + pause))
    while moment < end:
        if not rest[0] <= moment < rest[1]:
            there = local(site, moment)
            found.append((moment, there.date(), percentages(there.date(), there.hour, region), terms["rate"]))
        moment += FIVE
    return found


def worth(parts):
    """Return base, night and special of some slots, exact."""
    tally = Counter((rate, pair) for _, _, pair, rate in parts)
    base = sum((rate * n / 12 for (rate, _), n in tally.items()), Fraction(0))
    night = sum((rate * n * pair[0] / 1200 for (rate, pair), n in tally.items()), Fraction(0))
    special = sum((rate * n * pair[1] / 1200 for (rate, pair), n in tally.items()), Fraction(0))
    return base, night, special


clock = defaultdict(dict)
for row in table("clock"):
    clock[row["employee"]].setdefault((stamp(row["time"]), row["kind"]), row)
reports = []


def attendance(who):
    queue = [clock[who][key] for key in sorted(clock[who])]
    parts, days = [], set()
    while queue:
        row, code = queue.pop(0), "NO_IN"
        if row["kind"] == "in":
            code = "NO_OUT"
            if queue and queue[0]["kind"] == "out":
                begin, end = nearest(stamp(row["time"])), nearest(stamp(queue.pop(0)["time"]))
                terms = contract(who, local(row["site"], begin).date())
                code = "TOO_LONG" if end - begin > timedelta(hours=16) else "" if terms else "NO_CONTRACT"
                if not code:
                    parts += slots(row["site"], begin, end, terms)
        if code:
            day = local(row["site"], stamp(row["time"])).date()
            days.add(day)
            if first <= day <= last:
                reports.append([who, row["time"], code])
    return parts, days


def overtime(who, parts, odd):
    tally, end = Counter(), first + timedelta(days=6 - first.weekday())
    while end <= last:
        week = [end - n * DAY for n in range(6, -1, -1)]
        goal = Fraction(0)
        for day in week[:5]:
            terms = contract(who, day)
            if terms and not (day >= D("m2_target") and holiday(day, sites[terms["site"]]["region"])):
                goal += terms["daily"]
        end += 7 * DAY
        if odd & set(week):
            continue
        mine = sorted(part for part in parts if part[1] in set(week))
        beyond = len(mine) * 5 - goal * 60
        assert beyond.denominator == 1
        beyond = int(beyond)
        for number, (_, day, (night, _), rate) in enumerate(reversed(mine)):
            share = min(5, beyond - number * 5)
            if share <= 0:
                break
            before = beyond - number * 5 - share
            low = share
            if day >= D("m2_stage"):
                low = min(share, max(0, T["m2_stage_min"] - before))
            off = night if day >= D("m2_overlap") and not D("m3_rest_from") <= day <= D("m3_rest_to") else 0
            tally[rate] += low * max(0, T["ot_pct"] - off) + (share - low) * max(0, T["m2_ot_pct"] - off)
    return sum((rate * value / 6000 for rate, value in tally.items()), Fraction(0))


def shift_worth(row, out):
    begin = nearest(stamp(row["in"]))
    terms = contract(row["employee"], local(row["site"], begin).date())
    by = defaultdict(list)
    if terms is None:
        return 0
    for part in slots(row["site"], begin, nearest(stamp(out)), terms):
        by[part[1] if part[1] < date(2026, 7, 1) else None].append(part)
    return sum(cent(value, 5 if day else 1) for day, parts in by.items() for value in worth(parts))


def split(writs, pool, got):
    writs = sorted(writs, key=lambda writ: (writ["served"], int(writ["writ"][1:])))
    while writs:
        group = [writ for writ in writs if writ["served"] == writs[0]["served"]]
        writs = writs[len(group):]
        owed = [int(writ["balance"].replace(".", "")) for writ in group]
        paid = owed if sum(owed) <= pool else [pool * one // sum(owed) for one in owed]
        if sum(owed) > pool:
            for n, one in enumerate(owed):
                paid[n] += min(one - paid[n], pool - sum(paid))
        got.update((writ["writ"], one) for writ, one in zip(group, paid))
        pool -= sum(paid)


names = "base night special overtime holiday_pay correction gross contribution net garnished payout".split()
payslips, books, paid = [], Counter(), {}
for person in table("staff"):
    who = person["employee"]
    parts, odd = attendance(who)
    now = [part for part in parts if first <= part[1] <= last]
    pay = [cent(value) for value in worth(now)] + [cent(overtime(who, parts, odd))]
    busy, idle, day = {part[1] for part in parts} | odd, Fraction(0), first
    while day <= last:
        terms = contract(who, day)
        if terms and day.weekday() < 5 and day not in busy and holiday(day, sites[terms["site"]]["region"]):
            idle += terms["daily"] * terms["rate"]
        day += DAY
    fixes = [row for row in table("corrections") if row["employee"] == who]
    pay += [cent(idle)]
    pay += [sum(shift_worth(r, r["right_out"]) - (r["paid_out"] and shift_worth(r, r["paid_out"]) or 0) for r in fixes)]
    if not any(pay) and not any(row["from"] <= last and row["until"] >= first for row in contracts[who]):
        continue
    gross, new = sum(pay), last >= date(2027, 1, 1)
    counted = min(gross - pay[1] - pay[2], T["m3_ceiling" if new else "ceiling"])
    contribution = cent(Fraction(counted * T["m3_contribution" if new else "contribution"], 1000000))
    home = [row["site"] for row in contracts[who] if row["from"] <= last][-1]
    safe = T["m2_floor"] if last >= D("m2_floor_day") else T["floor"]
    safe += int(person["dependants"]) * T["per_dependant"]
    safe += T["south_floor"] if sites[home]["region"] == "South" else 0
    excess, got, alms = max(0, gross - contribution - safe), {}, {}
    due = [w for w in table("garnishments") if w["employee"] == who and w["served"] <= month + "-15"]
    split([writ for writ in due if writ["kind"] == "maintenance"], excess, alms)
    rest = max(0, excess * T["share"] // 100 // 100 * 100 - sum(alms.values()))
    split([writ for writ in due if writ["kind"] == "ordinary"], rest, got)
    got.update(alms)
    garnished = sum(got.values())
    pay += [gross, contribution, gross - contribution, garnished, gross - contribution - garnished]
    payslips.append([who] + pay)
    books.update({("2720", writ): -value for writ, value in got.items()})
    sides = {"6010": pay[0], "6020": pay[1] + pay[2] + pay[3], "6030": pay[4], "6040": pay[5], "2710": -pay[7]}
    for account, value in sides.items():
        books[account, home] += value
    books["2700", who] -= pay[10]


def money(value):
    return ("-" if value < 0 else "") + "%d.%02d" % divmod(abs(value), 100)


def save(name, header, rows):
    lines = [",".join(map(str, row)) for row in [header] + rows]
    (target / name).write_text("\\r\\n".join(lines) + "\\r\\n", encoding="utf-8-sig", newline="")


target.mkdir(parents=True, exist_ok=True)
people = {row["employee"]: row["name"].split(",")[0] for row in table("staff")}
slips = [[row[0], people[row[0]]] + [money(value) for value in row[1:]] for row in reversed(payslips)]
save("payslips.csv", ["employee", "name"] + names, slips)
save("exceptions.csv", ["code", "time", "employee"], [row[::-1] for row in reports])
lines = [
    [account, party, money(max(0, value)), money(max(0, -value))]
    for (account, party), value in books.items()
    if value
]
save("journal.csv", ["account", "party", "debit", "credit"], lines)
'''
