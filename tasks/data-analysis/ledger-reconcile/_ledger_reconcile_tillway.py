"""Draws a shop's events at the payment processor and the payouts they end up in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random

from _ledger_reconcile_records import FIRST, LAST, WAITS, Entry, Event, Rates, Terms, cutoff, rounded
from _ledger_reconcile_search import Chain, chains, due

WEEKDAYS = {"EUR": (1, 4), "USD": (3,), "GBP": (0,)}
PER_DAY = {"EUR": 7.6, "USD": 1.9, "GBP": 1.5}
MENU = (1290, 1490, 1990, 2490, 2990, 3490, 3990, 4490, 5980, 6980)
HELD = {"EUR": (3, 4), "USD": (1, 3), "GBP": (1, 2)}
END = datetime(2026, 7, 1, 4)


def draw_terms(rng: Random) -> Terms:
    """Draw what the rules leave to the year's contracts."""
    first = rng.choice([280000, 300000, 320000])
    steps = {
        "EUR": [first, first * 2 + 60000],
        "USD": [first // 4, first // 2],
        "GBP": [first // 5, first // 5 * 2],
    }
    tenths = rng.choice([[240, 190, 145], [260, 205, 155], [225, 180, 140]])
    left, right = rng.sample(["31", "37", "52", "58", "73"], 2)
    return Terms(
        modulus=97,
        steps=steps,
        tenths=tenths,
        may=rng.choice([165, 175, 185]),
        fixed=rng.choice([25, 30, 35]),
        dispute=1500,
        discount=rng.choice([200, 300]),
        days=rng.choice([8, 10]),
        ours=f"44{rng.randint(10, 99)} {left}{right} 0{rng.randint(1, 9)}",
        days_of={name: _payout_days(name) for name in WEEKDAYS},
    )


def _payout_days(account: str) -> list[date]:
    days = [date(2026, 5, 20) + timedelta(days=number) for number in range(42)]
    return [day for day in days if day.weekday() in WEEKDAYS[account] and day <= LAST]


def draw_rates(rng: Random) -> Rates:
    """Draw rates for the working days; some are missing."""
    table: dict[str, dict[date, Fraction]] = {}
    for account, near in (("USD", 9230), ("GBP", 11710)):
        value, table[account] = near + rng.randint(-60, 60), {}
        for number in range(44):
            day = date(2026, 5, 20) + timedelta(days=number)
            if day.weekday() < 5 and day != date(2026, 6, 4):
                value += rng.choice([-31, -22, -14, -9, 8, 13, 21, 33])
                table[account][day] = Fraction(value, 10000)
    return Rates(table)


def draw_events(rng: Random, terms: Terms) -> list[Event]:
    """Draw the events that were not paid out in May, in the order of their time."""
    events: list[Event] = []
    for account, rate in PER_DAY.items():
        may = [day for day in terms.days_of[account] if day < FIRST][-1]
        moment = cutoff(may)
        for hours in (rng.randint(5, 22), rng.randint(26, 46)):
            early = moment - timedelta(hours=hours, minutes=7)
            events.append(Event(early, account, "charge", rng.choice(MENU), ""))
        while True:
            moment += timedelta(minutes=rng.randint(25, int(2880 / rate) - 25), seconds=rng.randint(0, 59))
            if moment >= END - timedelta(hours=6, minutes=5):
                break
            events.append(_event(rng, moment, account))
    for account in ("EUR", "EUR", "USD"):
        moment = datetime(2026, 6, 30, 22) + timedelta(minutes=rng.randint(9, 340))
        events.append(Event(moment, account, "charge", rng.choice(MENU), ""))
    events.sort(key=lambda one: (one.at, one.account))
    _number(rng, events)
    return events


def _event(rng: Random, moment: datetime, account: str) -> Event:
    chance = rng.random()
    amount = rng.choice(MENU) * (2 if rng.random() < 0.08 else 1)
    if chance < 0.905 or account == "GBP":
        return Event(moment, account, "charge", amount, "")
    kind = "refund" if chance < 0.97 else "chargeback" if chance < 0.992 else "won"
    return Event(moment, account, kind, amount if kind == "won" else -amount, "")


def _number(rng: Random, events: list[Event]) -> None:
    """Give numbers and orders: those of refunds and chargebacks are earlier ones, often from before the file."""
    number, order = rng.randint(410000, 470000), rng.randint(310, 690) * 1000
    orders: list[str] = []
    for event in events:
        number += rng.randint(2, 61)
        event.number = number
        order += rng.randint(1, 4)
        if event.kind == "charge":
            event.order = f"HL-WEB-2026-{order:06d}"
            orders.append(event.order)
        elif orders and rng.random() < 0.3:
            event.order = rng.choice(orders[-60:])
        else:
            event.order = f"HL-WEB-2026-{order - rng.randint(600, 5000):06d}"


def sink_a_payout(rng: Random, events: list[Event], terms: Terms) -> None:
    """Let a chargeback of an earlier order be more than all else that is due on one payout day in pounds."""
    days = terms.days_of["GBP"]
    day = days[-3]
    window = [one for one in events if one.account == "GBP" and cutoff(days[-4]) <= one.at < cutoff(day)]
    hit = window[len(window) // 2]
    hit.kind = "chargeback"
    hit.amount = (
        -sum(one.amount for one in window if one is not hit and one.amount > 0) - rng.randint(90, 160) * 100
    )
    hit.order = f"HL-WEB-2026-{int(hit.order[-6:]) - rng.randint(3000, 9000):06d}"


def draw_payouts(rng: Random, events: list[Event], terms: Terms, rates: Rates) -> tuple[list[Entry], Chain]:
    """Draw the payouts of June and what each consists of. A day whose sum is not positive is left out."""
    made: Chain = []
    for account in WEEKDAYS:
        mine = [one for one in events if one.account == account]
        paid: set[int] = set()
        for day in [day for day in terms.days_of[account] if day >= FIRST]:
            days = terms.days_of[account]
            ready = [one for one in mine if one.at < cutoff(day) and id(one) not in paid]
            if sum(one.net for one in ready) <= 0:
                days.remove(day)
                continue
            out = _held_back(rng, account, [one for one in ready if one.kind == "charge"], days, day)
            taken = tuple(one for one in ready if one not in out)
            paid |= {id(one) for one in taken}
            made.append((_payout(rng, account, day, taken, terms, rates), taken))
    return [payout for payout, _ in made], made


def _held_back(rng: Random, account: str, ready: list[Event], days: list[date], day: date) -> list[Event]:
    place = days.index(day)
    waited = {id(one): place - due(one, days) for one in ready}
    new = [one for one in ready if not waited[id(one)]]
    old = [one for one in ready if 0 < waited[id(one)] < WAITS]
    low, high = HELD[account]
    out = [one for one in old[:1] if rng.random() < 0.5]
    for one in rng.sample(new, min(len(new) - 1, rng.randint(low, high))):
        if one.their_day not in {other.their_day for other in out}:
            out.append(one)
    return out


def _payout(
    rng: Random, account: str, day: date, taken: tuple[Event, ...], terms: Terms, rates: Rates
) -> Entry:
    rate = Fraction(1)
    if account != "EUR":
        rate = Fraction(int(rates.at(account, day) * 100000) - rng.randint(300, 900), 100000)
    return Entry(
        day,
        "PAY",
        rounded(sum(one.net for one in taken) * rate),
        "",
        count=len(taken),
        control=sum(one.number for one in taken) % terms.modulus,
        rate=rate,
        who=account,
    )


def decoys(rng: Random, made: Chain, terms: Terms) -> int:
    """Renumber charges like others that were held back, where only the rule of one a day tells them apart.

    Returns how many payouts have such a pair.
    """
    count = 0
    mine = [(payout, taken) for payout, taken in made if payout.who == "EUR"]
    days = terms.days_of["EUR"]
    for place, (payout, taken) in enumerate(mine[:-1]):
        later = {id(one) for _, some in mine[place + 1 :] for one in some}
        events = [one for _, some in mine for one in some]
        out = [one for one in events if id(one) in later and one.at < cutoff(payout.day)]
        new = [one for one in out if days[due(one, days)] == payout.day]
        found = [
            (held, other)
            for held in new
            for other in taken
            if other.net == held.net and other.kind == "charge" and days[due(other, days)] == payout.day
            if any(third is not held and third.their_day == other.their_day for third in out)
        ]
        if found:
            held, other = rng.choice(found)
            other.number += (
                held.number - other.number + terms.modulus // 2
            ) % terms.modulus - terms.modulus // 2
            count += 1
    for payout, taken in made:
        payout.control = sum(one.number for one in taken) % terms.modulus
    return count


def settle(rng: Random, events: list[Event], terms: Terms, made: Chain) -> None:
    """Renumber events until the payouts of every account can be composed in one way only. Raises LookupError."""
    for account in WEEKDAYS:
        payouts = [payout for payout, _ in made if payout.who == account]
        for _ in range(12):
            other = _another(events, payouts, terms, made)
            if other is None:
                break
            event = rng.choice(other)
            event.number += rng.choice([-1, 1])
            for payout, taken in made:
                payout.control = sum(one.number for one in taken) % terms.modulus
        else:
            raise LookupError(f"{account}: payouts stay ambiguous")
    if len({one.number for one in events}) != len(events):
        raise LookupError("two events of one number")


def _another(events: list[Event], payouts: list[Entry], terms: Terms, made: Chain) -> list[Event] | None:
    """Return the events that another composition places elsewhere, or None if there is no other."""
    truth = {id(payout): set(map(id, taken)) for payout, taken in made}
    for found in chains(events, payouts, terms):
        for payout, taken in found:
            if set(map(id, taken)) != truth[id(payout)]:
                return [
                    one
                    for one in events
                    if (id(one) in truth[id(payout)]) != (id(one) in set(map(id, taken)))
                ]
    return None
