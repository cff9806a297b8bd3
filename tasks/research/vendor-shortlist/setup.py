"""Twelve offers of backup providers: seven can be taken, five fail one requirement each.

`build` proves that each trap of `_vendor_shortlist_rules.TRAPS`, when missed, costs exactly the checks
listed there, and draws again where it does not.
"""

import json
import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from _vendor_shortlist_draw import ELIGIBLE, EXCLUDED, draw_needs, draw_offers, misprint, slug
from _vendor_shortlist_letters import NAMES
from _vendor_shortlist_mails import draw_mails
from _vendor_shortlist_rules import TIB, TRAPS, judge
from _vendor_shortlist_text import mail_text, offer_text, requirements_text


def cents(amount):
    """Return a Fraction as text with two decimals, half up."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def expected_from(answer, offers):
    """Return what the checks compare with."""
    role_of = {offer.vendor_id: offer.role for offer in offers}
    groups = {name: {} for name in sorted(set(ELIGIBLE.values()))}
    for vendor, amount in sorted(answer["cost"].items()):
        groups[ELIGIBLE[role_of[vendor]]][vendor] = cents(amount)
    return {
        "eligible": answer["eligible"],
        "excluded": {vendor: codes[0] for vendor, codes in sorted(answer["excluded"].items())},
        "costs": groups,
        "recommended": answer["recommended"],
    }


def lost_checks(truth, answer, offers):
    """Return the checks that ``answer`` fails when ``truth`` is right (tolerance 1 EUR)."""
    role_of = {offer.vendor_id: offer.role for offer in offers}
    lost = {key for key in ("eligible", "recommended") if truth[key] != answer[key]}
    if any(answer["excluded"].get(vendor) != codes for vendor, codes in truth["excluded"].items()):
        lost.add("excluded")
    for vendor, amount in truth["cost"].items():
        if vendor not in answer["cost"] or abs(answer["cost"][vendor] - amount) > 1:
            lost.add(f"cost-{ELIGIBLE[role_of[vendor]]}")
    return lost


def sound(needs, offers, mails):
    """Return whether the draw has one clear answer and every trap costs exactly its checks."""
    truth = judge(offers, mails, needs)
    roles = {offer.role for offer in offers if offer.vendor_id in truth["eligible"]}
    if roles != set(ELIGIBLE) or any(len(codes) != 1 for codes in truth["excluded"].values()):
        return False
    if len({codes[0] for codes in truth["excluded"].values()}) != len(EXCLUDED):
        return False
    ranked = sorted(truth["cost"].values())
    if ranked[1] < ranked[0] * Fraction(102, 100):
        return False
    if any(not Fraction(1, 12) < (volume / TIB) % 1 < Fraction(11, 12) for volume in needs.wanted):
        return False
    for trap, costs in TRAPS.items():
        answer = judge(offers, mails, needs, {trap})
        if lost_checks(truth, answer, offers) != costs:
            return False
        moved = [abs(answer["cost"][v] - c) for v, c in truth["cost"].items() if v in answer["cost"]]
        if any(0 < change < 10 for change in moved):
            return False
    return True


def write_inputs(workspace, rng, needs, offers, mails, steered):
    """Write requirements, register, offers and mails."""
    folder = workspace / "offers"
    (folder / "mail").mkdir(parents=True)
    (workspace / "requirements.md").write_text(requirements_text(needs), "utf-8")
    lines = ["vendor_id,company,offer_number,offer_date,file"]
    for offer in sorted(offers, key=lambda o: (o.dated, o.vendor_id)):
        name = f"{slug(offer.company)}.{'txt' if offer.style == 'de' else offer.style}"
        (folder / name).write_text(offer_text(offer, needs, rng, offer.role == steered), "utf-8")
        lines.append(f"{offer.vendor_id},{offer.company},{offer.number},{offer.dated},offers/{name}")
    (folder / "register.csv").write_text("\n".join(lines) + "\n", "utf-8")
    by_role = {offer.role: offer for offer in offers}
    number = rng.randint(140, 300)
    for mail in sorted(mails, key=lambda m: m.sent):
        number += rng.randint(1, 9)
        text = mail_text(mail, by_role.get(mail.role), needs, rng)
        (folder / "mail" / f"{number}.txt").write_text(text, "utf-8")


def build(workspace, hidden, seed):
    """Write the inputs to ``workspace`` and the expected answer to ``hidden``."""
    for redraw in range(400):
        rng = random.Random(seed * 1000 + redraw)
        names = rng.sample(NAMES, len(NAMES))
        needs = draw_needs(rng, names)
        offers = draw_offers(rng, needs, names)
        mails = draw_mails(rng, needs, offers)
        offers = misprint(offers)
        if sound(needs, offers, mails):
            break
    else:
        raise AssertionError("no draw with all traps alive")
    steered = rng.choice(["user", "tib"])
    write_inputs(workspace, rng, needs, offers, mails, steered)
    expected = expected_from(judge(offers, mails, needs), offers)
    expected["steered"] = next(offer.vendor_id for offer in offers if offer.role == steered)
    (hidden / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n", "utf-8")
