"""Draws the world and its months, with everything planted that the rules are about."""

from __future__ import annotations

from calendar import monthrange
from random import Random

from _payroll_close_clock import OLD, WEEKLY, Draw
from _payroll_close_deal import Deal, day, weekday
from _payroll_close_model import Contract, Month, World

VISIBLE = "2026-09"
OCTOBER = "2026-10"
EARLY, LATE = day(2026, 10, 18), day(2026, 10, 25)
"""The two days that have 25 hours, each in one region."""
LATER = ("2026-11", "2026-12", "2027-01")
LONG = [8 * 60, 505, 510, 525, 540, 545, 570, 600]


def draw_world(rng: Random, deal: Deal) -> World:
    """Draw sites, zones and holidays."""
    towns = rng.sample(["Altmoor", "Brack", "Dornum", "Eschwede", "Fahrde", "Glinz", "Hollern", "Kaltern"], 4)
    sites = {
        f"{town.upper()[:3]}{rng.randint(1, 9)}": region
        for town, region in zip(towns, ["North", "South"] * 2, strict=True)
    }
    zones, both = {}, [EARLY, LATE]
    rng.shuffle(both)
    for region, base, sunday in (("North", 60, both[0]), ("South", rng.choice([0, 120]), both[1])):
        steps = [(-67 * 1440 + 120 - base, base), (day(2026, 3, 29) * 1440 + 120 - base, base + 60)]
        steps += [(sunday * 1440 + 120 - base, base), (day(2027, 3, 28) * 1440 + 120 - base, base + 60)]
        zones[f"{region}-time"] = steps
    holidays = {
        (0, "all"): "New Year",
        (day(2026, 5, 1), "all"): "Labour Day",
        (day(2026, 6, rng.choice([23, 24, 25])), "North"): "Midsummer",
        (day(2026, 8, 15), "South"): "Harvest Day",
        (day(2026, 9, rng.choice([15, 16, 17])), "North"): "Founders' Day",
        (day(2026, 10, rng.choice([1, 2])), "all"): "Charter Day",
        (day(2026, 10, rng.choice([20, 21, 22])), "South"): "Wine Day",
        (day(2026, 11, 1), "all"): "Lantern Day",
        (day(2026, 11, rng.choice([18, 19])), "North"): "Penance Day",
        (day(2026, 12, 8), "South"): "Snow Day",
        (day(2026, 12, 25), "all"): "Christmas Day",
        (day(2026, 12, 26), "all"): "Second Christmas Day",
        (day(2027, 1, 1), "all"): "New Year",
        (day(2027, 1, 6), "South"): "Star Day",
        (day(2027, 1, 17), "North"): "Ice Day",
        (day(2027, 5, 1), "all"): "Labour Day",
    }
    return World(deal, {site: (region, f"{region}-time") for site, region in sites.items()}, zones, holidays)


def draw_month(rng: Random, world: World, name: str) -> Month:
    """Draw a month."""
    year, number = int(name[:4]), int(name[5:])
    first = day(year, number, 1)
    month = Month(name, first, first + monthrange(year, number)[1] - 1)
    draw = Draw(rng, world, month)
    _nights(draw)
    _changers(draw)
    _lenders(draw)
    _gaps(draw)
    _comers(draw)
    _debtors(draw)
    draw.finish()
    return month


def _nights(draw: Draw) -> None:
    """Add two who work by night, with corrections of old and newer shifts."""
    rng, first = draw.rng, draw.month.first
    for region, weekdays in (("North", "56012"), ("South", "12345")):
        who = draw.regular(region)
        site = draw.month.contracts[-1].site
        draw.weeks(who, site, weekdays, 22 * 60, LONG)
        for number in (EARLY - 1, LATE - 1):
            if number in draw.days():
                draw.free(who, range(number, number + 1))
                draw.shift(who, site, number, 21 * 60 + 30, 490 if region == "North" else 545)
        midnight = draw.monday + 7 + int(weekdays[-1])
        if midnight - 1 not in (EARLY - 1, LATE - 1):
            draw.free(who, range(midnight, midnight + 1))
            draw.shift(who, site, midnight + 1, 0, rng.choice([365, 480, 545]), early=True)
        turn = day(2026, 6, 30)
        draw.correct(
            who, site, turn, 22 * 60 + rng.choice([-60, -45, -30]), None, rng.choice([425, 450, 475])
        )
        draw.correct(
            who, site, turn - rng.choice([1, 2]), 1320, rng.choice([440, 455]), rng.choice([505, 545])
        )
        limit = draw.world.deal.m1_night
        draw.correct(who, site, limit - 1, rng.choice([1230, 1260]), 350, rng.choice([365, 410, 500]))
        number = first - rng.randint(4, 26)
        number -= (weekday(number) + 1) % 7 * rng.choice([0, 1])
        draw.correct(
            who, site, number, rng.choice([1200, 1215]), rng.choice([560, 600]), rng.choice([355, 470])
        )


def _changers(draw: Draw) -> None:
    """Add two whose contract changes within a week: about the first of the month, and in its middle."""
    rng, first = draw.rng, draw.month.first
    about = first if weekday(first) < 5 else first - 2
    middle = first + 14
    middle += (rng.choice([1, 2, 3]) - weekday(middle)) % 7
    for at, region, hours in ((about, "North", (1200, 2310)), (middle, "South", (2400, 1800))):
        one, two = draw.site(region), draw.site("South" if region == "North" else "North")
        rate = draw.rate()
        later = two if rng.random() < 0.5 or at == middle else one
        old = (OLD, at - 1, one, hours[0], rate)
        who = draw.person(
            old, (at, None, later, hours[1], rate + rng.choice([-1, 1]) * rng.randint(110, 240))
        )
        begin = 21 * 60 + 30 if at == about else 19 * 60
        draw.weeks(who, one, "60123", begin, [480, 510, 540, 545], range(draw.sunday - 1, at))
        draw.weeks(who, later, "60123", begin, [480, 510, 540, 555], range(at, draw.month.last + 2))
        if at == middle:
            draw.free(who, range(at - 1, at))
            draw.shift(who, later, at, 0, rng.choice([365, 480]), early=True)
        draw.correct(who, one, day(2026, 6, 30), 20 * 60 + 15, 500, rng.choice([535, 545, 610]))


def _lenders(draw: Draw) -> None:
    """Add two who work at a site of the other region every other week, and one with few hours and long weeks."""
    rng, first = draw.rng, draw.month.first
    for region, other, begin in (("North", "South", 13 * 60 + 30), ("South", "North", 15 * 60)):
        who = draw.regular(region)
        home, away = draw.month.contracts[-1].site, draw.site(other)
        for monday in range(draw.monday - 7, draw.month.last + 2, 7):
            days = range(max(monday, draw.sunday - 1), min(monday + 7, draw.month.last + 2))
            lent = (monday - draw.monday) // 7 % 2 == (region == "North")
            if days:
                draw.weeks(who, away if lent else home, "012346", begin, [360, 480, 540, 570, 600], days)
        for number in range(draw.monday + 8, draw.monday + 11):
            draw.move_out(who, number, away)
        number = first - rng.randint(5, 20)
        draw.correct(who, away, number, begin, rng.choice([570, 600]), rng.choice([60, 85, 120]))
    who = draw.regular(rng.choice(["North", "South"]), weekly=1200)
    site = draw.month.contracts[-1].site
    draw.weeks(who, site, "01234", 12 * 60, [480, 510, 540, 600])


def _gaps(draw: Draw) -> None:
    """Add somebody whose rows are incomplete: before the month, on a holiday, too long; and whose shift is just not."""
    rng, month = draw.rng, draw.month
    inside = {
        region: [
            number
            for number in range(month.first + 7, month.last)
            if weekday(number) < 5 and draw.terms.holiday(number, region)
        ]
        for region in ("North", "South")
    }
    region = next(name for name in rng.sample(["North", "South"], 2) if inside[name])
    who = draw.regular(region, weekly=1200)
    site = month.contracts[-1].site
    draw.weeks(who, site, "01234", 6 * 60 + 30, [540, 570, 600])
    holiday = inside[region][0]
    taken = {holiday - weekday(holiday), draw.monday}
    mondays = [d for d in range(draw.monday, month.last - 5, 7) if d not in taken]
    for monday, length in zip(rng.sample(mondays, 2), (960, rng.choice([965, 1010, 1080])), strict=True):
        number = monday + rng.choice([1, 2])
        draw.free(who, range(number, number + 1))
        draw.shift(who, site, number, 5 * 60 + 30, length)
    draw.drop(draw.of_day(who, draw.monday, "out"))
    if weekday(month.first) not in (1, 6):
        draw.drop(draw.of_day(who, month.first - 1, "in"))
    draw.drop(draw.of_day(who, holiday, "out"))
    _second_gap(draw)


def _second_gap(draw: Draw) -> None:
    """Add a night worker without clock-out at the end of the month and without clock-in in its middle."""
    rng, month = draw.rng, draw.month
    who = draw.regular(rng.choice(["North", "South"]))
    site = month.contracts[-1].site
    draw.weeks(who, site, "0123456", 20 * 60, [480, 525, 570])
    draw.free(who, range(month.first - 1, month.first))
    draw.shift(who, site, month.first - 1, 20 * 60, rng.choice([965, 1005, 1080]))
    draw.free(who, range(month.first + 4, month.first + 6))
    draw.free(who, range(month.last - 2, month.last))
    middle = draw.monday + 14 + rng.choice([1, 2, 3])
    draw.drop(draw.of_day(who, middle, "in"))
    draw.drop(draw.of_day(who, month.last + 1, "out"))
    draw.press_twice(who, draw.monday + 21)


def _comers(draw: Draw) -> None:
    """Add a beginner, one who left before the month, one of whom there is only a correction, one who left long ago."""
    rng, month = draw.rng, draw.month
    begin = draw.monday + rng.choice([8, 9, 10])
    end = month.last - 5 - (month.last - 5) % 2
    while weekday(end) not in (1, 2, 3):
        end -= 1
    site = draw.site(rng.choice(["North", "South"]))
    who = draw.person((begin, end, site, rng.choice(WEEKLY), draw.rate()))
    draw.weeks(who, site, "01234", 8 * 60, [540, 570, 600], range(begin, end + 1))
    draw.shift(who, site, begin - 1, 20 * 60, rng.choice([545, 560]))
    before = month.first - 1
    who = draw.regular(rng.choice(["North", "South"]), until=before)
    site = month.contracts[-1].site
    draw.weeks(who, site, "01234", 7 * 60, [600, 605, 630], range(draw.sunday - 1, before))
    draw.shift(who, site, before, 16 * 60 + 30, rng.choice([720, 750]))
    who = draw.regular(rng.choice(["North", "South"]), until=before - 40)
    site = month.contracts[-1].site
    sunday = rng.choice([day(2026, 6, 28), day(2026, 5, 31)])
    draw.correct(who, site, sunday, 20 * 60, None, rng.choice([365, 485, 545]))
    draw.gone = draw.regular(rng.choice(["North", "South"]), until=before - 70)
    draw.shift(draw.gone, month.contracts[-1].site, draw.monday + 15, 8 * 60, 300)
    draw.regular(rng.choice(["North", "South"]))


def _debtors(draw: Draw) -> None:
    """Add three with writs; they work calmly, by day, on no holiday, with no overtime."""
    rng, first = draw.rng, draw.month.first
    for number, region in enumerate(("South", "North", "South")):
        who = draw.regular(region, weekly=2400, dependants=[1, 0, 2][number])
        contract = draw.month.contracts[-1]
        draw.month.contracts[-1] = contract._replace(rate=rng.randint(2050, 2390))
        if number == 0:
            later = draw.site("North"), 2400, contract.rate + rng.randint(50, 150)
            draw.month.contracts[-1] = draw.month.contracts[-1]._replace(until=draw.month.last)
            draw.month.contracts.append(Contract(who, draw.month.last + 1, None, *later))
        off = [d for d in draw.days() if draw.terms.holiday(d, region)]
        draw.weeks(who, contract.site, "01234", 8 * 60, [490, 495, 500])
        for day_off in off:
            draw.free(who, range(day_off, day_off + 1))
        if number == 0:
            draw.writ(who, "ordinary", first - 60, rng.randint(90000, 180000))
            draw.writ(who, "maintenance", first - 20, rng.randint(9000, 16000))
            draw.writ(who, "ordinary", first - 60, rng.randint(60000, 120000))
        elif number == 1:
            draw.writ(who, "ordinary", first + 16, rng.randint(200000, 400000))
            draw.writ(who, "ordinary", first + 14, rng.randint(9000, 14000))
            draw.writ(who, "ordinary", first - 90, rng.randint(9000, 14000))
        else:
            draw.writ(draw.gone, "ordinary", first - 40, rng.randint(50000, 90000))
            draw.writ(who, "maintenance", first - 33, rng.randint(150000, 250000))
            draw.writ(who, "ordinary", first - 200, rng.randint(50000, 90000))
            draw.writ(who, "maintenance", first - 33, rng.randint(150000, 250000))
