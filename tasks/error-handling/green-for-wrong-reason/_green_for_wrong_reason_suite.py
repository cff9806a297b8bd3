"""Fills the seed's choices into the tests: which of two alike is vacuous, which asks too much, and every value."""

import json
import re
from datetime import date
from decimal import Decimal

from _green_for_wrong_reason_more_tests import MORE
from _green_for_wrong_reason_tests import FILES

_ALIKE = {
    "class": ("not-run", [
        ({"class-prices": ("TestPrices", "TestMorePrices")},
         ["test_usage.TestPrices.test_first_step_to_its_end", "test_usage.TestPrices.test_second_step"]),
        ({"class-order": ("TestOrder", "TestSettled")},
         ["test_credits.TestOrder.test_oldest_first", "test_credits.TestOrder.test_by_number"]),
    ]),
    "base": ("not-run", [
        ({"base-amounts": ("_Near", "_Near, unittest.TestCase")},
         ["test_money.TestSplit.test_sum", "test_money.TestSplit.test_two"]),
        ({"base-days": ("_Near", "_Near, unittest.TestCase")},
         ["test_dunning.TestGrace.test_in_time", "test_dunning.TestGrace.test_late"]),
    ]),
    "folder": ("not-run", [
        ({"package": ("accounts", "tickets")}, ["tickets.test_leaving.TestLeaving.test_fee_until_the_end"]),
        ({"package": ("tickets", "accounts")}, ["accounts.test_vat.TestVat.test_new_rate"]),
    ]),
    "patch": ("not-ours", [
        ({"patch-scale": ('"surcharge"', '"list_price"')}, ["test_usage.TestScale.test_heavy"]),
        ({"patch-today": ("late_fee", "listed")}, ["test_dunning.TestToday.test_second_month"]),
    ]),
    "iterator": ("no-check", [
        ({"map-sizes": ("map", "tuple(map"), "end-sizes": ("", ")")}, ["test_usage.@MORE@.test_grows"]),
        ({"map-amounts": ("map", "tuple(map"), "end-amounts": ("", ")")}, ["test_credits.TestUse.test_each"]),
    ]),
    "examples": ("no-check", [
        ({"kind-split": ("instalments", "split")}, ["test_money.TestInstalments.test_examples"]),
        ({"kind-late": ("late-fee", "late")}, ["test_dunning.TestFees.test_examples"]),
    ]),
    "generator": ("always-true", [
        ({"all-parts": ("", "all("), "end-parts": ("", ")")},
         ["test_money.TestInstalments.test_differ_by_a_cent_at_most"]),
        ({"all-lines": ("", "all("), "end-lines": ("", ")")}, ["test_invoice.TestLines.test_amounts"]),
    ]),
    "method": ("always-true", [
        ({"call-all": ("", "()")}, ["test_credits.@SETTLED@.test_settled"]),
        ({"call-two": ("", "()")}, ["test_credits.@SETTLED@.test_settled_by_two"]),
    ]),
    "or": ("always-true", [
        ({"or-discount": ("discount == <<volume_discount(MEDIUM + 4)>> or <<round_cents(MEDIUM_RATE)>>",
                          "discount in (<<volume_discount(MEDIUM + 4)>>, <<round_cents(MEDIUM_RATE)>>)")},
         ["test_discounts.TestDiscount.test_medium"]),
        ({"or-fee": ('fee == D("0.00") or <<LATE_LEAST>>', 'fee in (D("0.00"), <<LATE_LEAST>>)')},
         ["test_dunning.TestFees.test_least"]),
    ]),
    "exit": ("swallowed", [
        ({"close-till": ("was, self.open = self.open, False\n        return was", "self.open = False")},
         ["test_dunning.TestFees.test_sum"]),
        ({"close-diary": ("was, self.open = self.open, False\n        return was", "self.open = False")},
         ["test_dunning.TestFees.test_noted"]),
    ]),
    "hand": ("self-made", [
        ({"hand-charge": ("usage.usage_charge", "charge_by_hand")}, ["test_usage.@MORE@.test_by_hand"]),
        ({"hand-discount": ("discounts.volume_discount", "discount_by_hand")},
         ["test_discounts.TestDiscount.test_by_hand"]),
    ]),
    "date": ("own-error", [
        ({"day-left": ("29", "28")}, ["test_invoice.TestServed.test_left"]),
        ({"day-later": ("31", "30")}, ["test_invoice.TestServed.test_comes_later"]),
    ]),
    "keyword": ("own-error", [
        ({"parts": ("part", "parts")}, ["test_money.TestInstalments.test_none"]),
        ({"units": ("unit", "units")}, ["test_usage.@MORE@.test_negative"]),
    ]),
}  # fmt: skip
"""Form → code, and the two places of it: placeholder → (text that makes vacuous, text that does not), and the tests."""
_ALWAYS = {
    "test_periods.TestDays.test_until_the_last_day": "not-ours",
    "test_periods.TestDays.test_whole_month": "not-ours",
    "test_periods.TestDue.test_weekend": "not-ours",
}
"""What only calls the old copy of periods in tests/."""
_ASKS_TOO_MUCH = {
    "written": ('str(round_cents(D("7.498")))', "f\"{round_cents(D('7.498')):.2f}\""),
    "thirds": ('split(D("10.00"), 3), [D("3.34"), D("3.33"), D("3.33")]',
               'sorted(split(D("10.00"), 3)), [D("3.33"), D("3.33"), D("3.34")]'),
    "rates": ("from invoicing.rates import SECOND\n\n        self.assertEqual(usage_charge(SECOND - 5) - "
              "usage_charge(SECOND - 15), <<10 * PRICE2>>)",
              "self.assertEqual(usage_charge(<<SECOND - 5>>) - usage_charge(<<SECOND - 15>>), <<10 * PRICE2>>)"),
    "patched": ('with mock.patch("invoicing.engine.volume_discount", return_value=D("1.00")):\n'
                '            invoice = make_invoice(shop(), "2025-02", parcels("2025-02", 20))\n'
                '        self.assertEqual(line(invoice, "discount"), D("-1.00"))',
                'invoice = make_invoice(shop(), "2025-02", parcels("2025-02", 400))\n'
                '        self.assertEqual(line(invoice, "discount"), -volume_discount(line(invoice, "usage")))'),
    "numbers": ('list(use_credits(D("10.00"), credits, ISSUED)), ["K4", "K5"]',
                'use_credits(D("10.00"), credits, ISSUED), {"K4": D("7.00"), "K5": D("3.00")}'),
    "kinds": ('self.assertEqual([found.kind for found in invoice.lines], ["fee", "usage", "discount", "heavy"])',
              'self.assertEqual({found.kind for found in invoice.lines}, {"fee", "usage", "discount", "heavy"})'),
    "minimum": ("invoice.lines[-1].amount, <<MINIMUM - FEE>>", 'line(invoice, "minimum"), <<MINIMUM - FEE>>'),
    "fee": ('[vars(found) for found in invoice.lines if found.kind == "fee"], [{"kind": "fee", "amount": <<FEE>>}]',
            'line(invoice, "fee"), <<FEE>>'),
    "places": ("places=3", 'delta=D("0.001")'),
    "kind": ("BillingError", "ValueError"),
    "words": ("Regex(BillingError, \"unknown month '2025-13'\")", "(ValueError)"),
    "ended": ('replace(shop(), end=day("2025-01-20"))', 'shop(end="2025-01-20")'),
}  # fmt: skip
"""Place → (what asks for more than the rules say, what does not)."""
_NEVER_MILD = ("places", "patched", "ended")


def choose(rng) -> dict:
    """Return the seed's choices: texts for all placeholders, and id → code of the vacuous tests."""
    texts, vacuous = {}, dict(_ALWAYS)
    for form, (code, places) in _ALIKE.items():
        hollow = rng.randrange(2)
        for place, (holders, tests) in enumerate(places):
            if form == "folder" and place != hollow:
                continue
            texts |= {name: pair[place != hollow] for name, pair in holders.items()}
            if place == hollow:
                vacuous |= dict.fromkeys(tests, code)
    names = {"MORE": texts["class-prices"], "SETTLED": texts["class-order"]}
    vacuous = {re.sub("@(.*?)@", lambda hit: names[hit[1]], test): code for test, code in vacuous.items()}
    mild = set(rng.sample([name for name in _ASKS_TOO_MUCH if name not in _NEVER_MILD], 3))
    return {
        "texts": texts | {name: pair[name in mild] for name, pair in _ASKS_TOO_MUCH.items()},
        "vacuous": vacuous,
    }


def literal(value) -> str:
    """Return a value as it is written in a test."""
    if isinstance(value, Decimal):
        return f'D("{value}")'
    if isinstance(value, date):
        return f'day("{value}")'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(one)}" for key, one in value.items()) + "}"
    return json.dumps(value)


def write(choices, witnesses, stale, evaluate) -> dict[str, str]:
    """Return path below tests/ → text. ``evaluate`` gives an expression's value in the package as the user has it."""
    texts = choices["texts"]

    def filled(text):
        text = re.sub(r"(?:\{\{|\[\[)([a-z-]+)(?:\}\}|\]\])", lambda hit: texts[hit[1]], text)
        text = re.sub("@([A-Z]+)@", lambda hit: witnesses[hit[1]], text)
        return re.sub("<<(.*?)>>", lambda hit: literal(evaluate(hit[1])), text)

    found = {path: stale if text == "STALE" else tidy(filled(text)) for path, text in (FILES | MORE).items()}
    return found | {f"{texts['package']}/__init__.py": "", "data/cases.json": _examples(texts, evaluate)}


def tidy(text: str) -> str:
    """Return a test file without the imports that it does not need."""
    if "dataclasses" not in text and "replace(shop" in text:
        text = text.replace("import unittest\n", "import unittest\nfrom dataclasses import replace\n", 1)
    head, _, body = text.partition("\n\n\n")
    lines = []
    for row in head.split("\n"):
        hit = re.fullmatch(r"(from \S+ import )(.*)|import (\S+)", row)
        if hit is None or '"""' in row:
            lines.append(row)
            continue
        names = [
            name for name in re.split(", ", hit[2] or hit[3]) if _used(name.rpartition(" ")[2], head, body)
        ]
        if names:
            lines.append((hit[1] or "import ") + ", ".join(names))
    ours = [row for row in lines if re.match(r"(from|import) (support|invoicing|periods)\b", row)]
    if ours:
        at = lines.index(ours[0])
        lines = [row for row in lines if row not in ours]
        lines[at:at] = sorted(ours, key=lambda row: (row.split()[1], row))
    return "\n".join(lines) + "\n\n\n" + body


def _used(name, head, body):
    below = "\n".join(row for row in head.split("\n") if not re.match("from|import", row))
    return re.search(rf"\b{name}\b", below + body) is not None


def _examples(texts, evaluate):
    rows = []
    for amount, parts in (("10.00", 4), ("0.05", 3), ("100.00", 7)):
        found = sorted(evaluate(f'split(D("{amount}"), {parts})'))
        rows.append(
            {"kind": texts["kind-split"], "amount": amount, "parts": parts, "found": list(map(str, found))}
        )
    for amount, days in (("180.00", 12), ("75.50", 47), ("310.00", 68)):
        fee = evaluate(
            f'late_fee(D("{amount}"), day("2025-03-17"), day("2025-03-17") + timedelta(days={days}))'
        )
        rows.append({"kind": texts["kind-late"], "open": amount, "days": days, "fee": str(fee)})
    return "[\n" + ",\n".join(" " + json.dumps(row) for row in rows) + "\n]\n"
