"""Writes the letters of both parties: some are needed to read the contract, others only claim things."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from _contract_in_force_reckon import terms
from _contract_in_force_text import long_date

NEWS = {
    "P3": ["this is to report that {who} has been given a joint proxy. {who} signs for us since {since}.",
           "since {since} {who} has been one of the holders of our joint proxies; please add the name to Schedule 1."],
    "P1": ["{who}, until now holder of a joint proxy, has been a director since {since}, and signs as such.",
           "our shareholders have made {who}, holder of a joint proxy, a director with effect from {since}."],
    "P4": ["please note for Schedule 1 that {who} holds a joint proxy since {since}.",
           "{who} has joined us and may sign for us by joint proxy from {since} on."],
    "S1": ["{who} leaves the board of directors; from {since} on {who} no longer signs for us, in whatever capacity.",
           "we have to tell you that {who} retires. From {since} on {who} is no longer a signatory."],
}  # fmt: skip


def stamp(moment):
    """Return day and time of receipt in words."""
    return f"{long_date(moment.date())}, {moment:%H:%M}"


def letter(sender, to, moment, body, written=None):
    """Return moment and text of a letter."""
    day = written or moment.date()
    head = f"{sender}\nto {to}\n\nDate: {long_date(day)}\nReceived: {stamp(moment)}\n\nDear all,\n\n"
    return moment, f"{head}{body}\n\nKind regards\n{sender}\n"


def _at(rng, day, hour=None):
    return datetime.combine(day, time(hour or rng.choice([9, 10, 11, 13, 14]), rng.choice([5, 17, 28, 44])))


def signatory_letters(rng, world):
    """Return the letters by which the Supplier reports changes of its signatories."""
    names = world.names
    result = []
    for news in world.news:
        body = rng.choice(NEWS[news.who]).format(who=names[news.who], since=long_date(news.since))
        body = body[0].upper() + body[1:]
        written = news.since if news.role == "proxy" else news.received.date() - timedelta(days=4)
        result.append(letter(names["supplier"], names["customer"], news.received, body, written))
    return result


def consent_letters(rng, world):
    """Return the letters on the two conditions and the signature page that came apart."""
    names = world.names
    bank, board = world.consents["A6"], world.consents["A10"]
    page = next(sign for p in world.papers for sign in p.signs if sign.apart)
    customer, supplier = names["customer"], names["supplier"]
    return [
        letter(supplier, customer, _at(rng, bank.letter), (
            f"On Amendment No. 6: our bank gave its consent on {long_date(bank.given)}, provided that it got "
            "our annual "
            f"accounts first. It has had them since {long_date(bank.complete)}, and nothing else is open.")),
        letter(customer, supplier, _at(rng, board.given + timedelta(days=7)), (
            "Good news on Amendment No. 10: our supervisory board gave its consent on "
            f"{long_date(board.given)}. Only the "
            "usual proviso remains, that the audit committee raises no objection; we'll write as soon as it "
            "has met.")),
        letter(customer, supplier, _at(rng, board.letter), (
            f"The audit committee met on {long_date(board.complete)} and declared that it has no objection. "
            "That was the "
            "last step for Amendment No. 10.")),
        letter(customer, supplier, _at(rng, page.day + timedelta(days=7)), (
            "Please find below our signature page; the copy that you sent us stays in our file as it is.\n\n"
            f"Signature page to Amendment No. 9\nFor the Customer: {names[page.who]}, {long_date(page.day)}")),
    ]  # fmt: skip


def event_letters(rng, world, invoice):
    """Return short-renewal notice, invoice and monthly report."""
    names, events = world.names, world.events
    customer, supplier = names["customer"], names["supplier"]
    return [
        letter(supplier, customer, events["short"][0], (
            "We give notice of short renewal for the end of the term that is running."),
            events["short"][0].date() - timedelta(days=2)),
        letter(customer, supplier, events["short"][1], (
            "With this letter, which comes by messenger, we give notice of short renewal for the end of the "
            "term that is "
            "running now.")),
        letter(supplier, customer, events["invoice"], (
            f"Enclosed is our invoice {invoice}. Payable within 30 days; after that we charge interest as agreed."),
            events["invoice"].date() - timedelta(days=3)),
        letter(supplier, customer, events["report"], (
            f"Enclosed is the service report for April 2026. It shows two alarms at {names['north']} that "
            "were answered "
            "late."), events["report"].date() - timedelta(days=5)),
    ]  # fmt: skip


def claiming_letters(rng, world):
    """Return letters that state things about the contract which they cannot change."""
    names = world.names
    customer, supplier = names["customer"], names["supplier"]
    wrong = terms(world, {"replace", "young"})
    past = replace(world, as_of=date(2024, 11, 15))
    table = terms(past, {"left", "subject", "receipt", "english"})
    shown = {key: f"{value} (clause {clause})" for key, (value, _, clause) in table.items()}
    fees = [f"{float(Decimal(wrong[key][0].numerator) / wrong[key][0].denominator):,.2f}"
            for key in ("base_fee_north_eur", "base_fee_south_eur", "callout_fee_eur")]  # fmt: skip
    return [
        letter(supplier, customer, _at(rng, date(2024, 11, 4)), (
            f"You ask about Amendment No. 11. {names['S1']} still advises us and has signed it with our full "
            "agreement, "
            "so we regard the amendment as binding and credit you accordingly.")),
        letter(supplier, customer, _at(rng, date(2026, 1, 12)), (
            f"Our amounts since 1 January 2026: Base Fee {names['north']} EUR {fees[0]}, Base Fee "
            f"{names['south']} EUR "
            f"{fees[1]}, call-out EUR {fees[2]}, each as we reckon it from contract and index.")),
        letter(f"{customer}, purchasing", f"{customer}, legal", _at(rng, date(2024, 11, 18)), (
            "Our summary of the contract as we see it on 15 November 2024:\n\n"
            + "\n".join(f"- {label}: {shown[key]}" for key, label in SUMMARY.items()))),
    ]  # fmt: skip


SUMMARY = {
    "payment_days": "payment, days",
    "objection_days": "objection to invoices, days",
    "defect_notice_bdays": "notice of defects, Business Days",
    "termination_fee_months": "fee for an early end, monthly Base Fees",
    "service_credit_pct": "credit per alarm, percent",
    "late_interest_pct": "interest, percent",
    "response_hours_south": "Supplier on site (South), hours",
    "records_months_south": "temperature records (South), months",
}


def all_letters(rng, world, invoice):
    """Return all letters in the order of their receipt."""
    letters = [*signatory_letters(rng, world), *consent_letters(rng, world)]
    letters += [*event_letters(rng, world, invoice), *claiming_letters(rng, world)]
    return [text for _, text in sorted(letters)]
