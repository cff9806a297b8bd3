"""The hidden runs: steps for the driver, each with its group and with what has to come back."""

import copy
import json
import math
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import _money_refactor_world as worlds
from _money_refactor_model import PLUGIN_FILES, Model, exact

Step = dict[str, Any]
NEVER = 10**9


class Run:
    """Steps on one database, and the model beside it."""

    def __init__(self, config: dict[str, Any], slips: frozenset[str], **changed: Any) -> None:
        self.config = copy.deepcopy(config) | changed
        self.model, self.steps = Model(self.config, slips), [
            {"kind": "write", "path": "settings.json", "text": json.dumps(self.config)}
        ]  # fmt: skip

    def ask(self, group: str, op: str, **request: Any) -> Any:
        """Add a request; the model answers it."""
        expected = getattr(self.model, op)(copy.deepcopy(request))
        step = {"kind": "ask", "request": {"op": op, **request}, "group": [group], "expect": expected}
        self.steps.append(step)
        return expected

    def add(self, kind: str, *groups: str, **more: Any) -> None:
        """Add a step of another kind."""
        self.steps.append({"kind": kind, "group": list(groups), **more})

    def dump(self, reals: set[float], inbox: list[list[Any]] | None = None) -> None:
        """Add looks into the database: at what others read, where there is an inbox, and at how amounts lie there."""
        if inbox is not None:
            self.add("dump", "outside", view=self.model.ledger(), inbox=inbox)
        self.add("dump", "stored", reals=sorted(reals))
        self.add("migrate", "stored", expect=0)
        self.add("dump", "stored", same_as=len(self.steps) - 2, reals=sorted(reals))


class Runs:
    """All hidden runs of a seed."""

    def __init__(
        self, seed: str, config: dict[str, Any], schema: str, slips: frozenset[str] = frozenset()
    ) -> None:
        self.rng, self.config, self.schema, self.slips = random.Random(seed), config, schema, slips
        self.digits = config["currencies"]
        self.runs = {"fresh": self.fresh(), "limits": self.limits(), "partners": self.partners()}
        for place in range(3):
            self.runs[f"old{place}"] = self.old(place)

    def order(self, run: Run, group: str, number: str, currency: str, lines: list[Any], **more: Any) -> Any:
        """Place an order."""
        day = f"2025-0{self.rng.randrange(4, 7)}-1{self.rng.randrange(9)}"
        more = {"currency": currency, "lines": lines, "discount_pct": 0} | more
        return run.ask(group, "order", no=number, customer="C7", day=day, **more)

    def fresh(self) -> Run:
        """New database: totals, splits, refunds, cards."""
        rng, run = self.rng, Run(self.config, self.slips, free_shipping_from=NEVER, review_above=NEVER)
        names = list(self.digits)
        reals: set[float] = {0.0, 7.5, 12.5, 3.0}
        for place in range(36):
            currency = names[place % len(names)]
            made = worlds.halves if place % 3 == 0 else worlds.lines
            lines = made(rng, self.digits[currency])
            reals |= {float(value) for line in lines for value in (line["qty"], line["price"])}
            self.order(
                run, "totals", f"N{place:02d}", currency, lines, discount_pct=rng.choice([0, 3, 7.5, 12.5])
            )
        deposit = [{"sku": "pot", "qty": 3, "price": 7}, {"sku": "crate", "qty": -1, "price": 8}]
        self.order(run, "totals", "N90", "EUR", deposit, discount_pct=12.5)
        reals |= {3.0, 7.0, -1.0, 8.0}
        for place in range(250):
            currency = names[place % len(names)]
            self.split(run, currency, place)
        for place, currency in enumerate(names):
            price = (rng.randrange(1000, 9000, 10) + 5) / 10 ** self.digits[currency]
            lines = [{"sku": "tea", "qty": 0.3, "price": price}, {"sku": "cup", "qty": 1.1, "price": price}]
            self.order(run, "refunds", f"R{place}", currency, lines, discount_pct=3)
            reals |= {0.3, 1.1, price, 0.1, 0.4, 0.35, 0.2}
            for pos, parts in ((0, [0.1, 0.1, 0.1, 0.1]), (1, [0.4, 0.35, 0.35])):
                for qty in parts:
                    run.ask("refunds", "refund", no=f"R{place}", pos=pos, qty=qty, day="2025-06-20")
            value = rng.randrange(100, 1500) / 10 ** self.digits[currency]
            run.ask("refunds", "card_sell", code=f"K{place}", sold_with=f"R{place}", value=value)
            for count, paid in enumerate((names[(place + 1) % len(names)], currency, currency, currency)):
                price = rng.randrange(50, 900) / 10 ** self.digits[paid]
                reals |= {1.0, price}
                lines = [{"sku": "jar", "qty": 1, "price": price}]
                self.order(run, "refunds", f"P{place}{count}", paid, lines)  # no slip in totals bears on it
                run.ask("refunds", "card_pay", code=f"K{place}", no=f"P{place}{count}")
        run.dump(reals)
        return run

    def split(self, run: Run, currency: str, place: int) -> None:
        """Add a division of an amount."""
        rng = self.rng
        weights = [rng.choice([0, 1, 1, 2, 3, 7, rng.randrange(1, 999)]) for _ in range(rng.randrange(4, 38))]
        if place % 7 == 0:
            weights = [rng.choice([1, 2]) * (place % 2 or 1)] * rng.choice([3, 6, 7, 11])
        if place % 29 == 0:
            weights = [0] * len(weights)
        if place % 31 == 5:
            weights = [one / 1000 for one in weights]
        units = rng.randrange(1, 10 ** rng.choice([2, 4, 7, 11])) * rng.choice([1, 1, -1])
        value = Decimal(units).scaleb(-self.digits[currency])
        shares = run.model.split(value, [exact(one) for one in weights], currency)
        assert sum(shares) == value
        step = {"op": "split", "currency": currency, "amount": f"{value:f}", "weights": weights}
        expected = {"shares": [run.model.text(one, currency) for one in shares]}
        run.add("ask", "splits", request=step, expect=expected)

    def limits(self) -> Run:
        """Thresholds in major units, reached to the unit and missed by one, in all currencies."""
        run = Run(self.config, self.slips, plugins=[])
        rng = self.rng
        for name in ("free_shipping_from", "review_above"):
            limit = self.config[name]
            for place, (currency, digits) in enumerate(self.digits.items()):
                for off in (-1, 0, 1):
                    price = float(Decimal(limit) + off * Decimal(1).scaleb(-digits))
                    lines = [{"sku": "urn", "qty": 1, "price": price}]
                    self.order(run, "thresholds", f"L{name[0]}{place}{off + 1}", currency, lines)
            parts = missed_sum(rng, limit)
            lines = [{"sku": "cup", "qty": 1, "price": price} for price in parts]
            self.order(run, "thresholds", f"L{name[0]}9", "EUR", lines)
        for least in (self.config["free_shipping_from"], self.config["review_above"], 0.5, limit + 0.001):
            run.ask("thresholds", "search", min_total=least)
        return run

    def partners(self) -> Run:
        """Other plugins, and quotes."""
        names = ["plugins.tenth", "plugins.coins", "plugins.silent"]
        run = Run(self.config, self.slips, plugins=names, free_shipping_from=NEVER, review_above=NEVER)
        for path, text in PLUGIN_FILES.items():
            run.steps.append({"kind": "write", "path": path, "text": text})
        for place, (currency, digits) in enumerate([*self.digits.items()] * 3):
            unit = 10**digits
            lines = [{"sku": "cup", "qty": 3, "price": self.rng.randrange(101, 2000) * 10 / unit + 5 / unit}]
            lines += worlds.lines(self.rng, digits, tiny=False)
            self.order(run, "plugin", f"P{place:02d}", currency, lines, discount_pct=self.rng.choice([0, 5]))
        for place in range(4):
            lines = missed_tenth(self.rng)
            self.order(run, "plugin", f"P8{place}", "EUR", lines)
        self.order(run, "plugin", "P90", "EUR", [{"sku": "tea", "qty": 1, "price": 0.85}])
        return run

    def old(self, place: int) -> Run:
        """An old database, brought into the new form."""
        rng, run = self.rng, Run(self.config, self.slips, free_shipping_from=NEVER, review_above=NEVER)
        old = worlds.Old(rng, self.config, 18 + place, wild=True)
        run.add("sql", script=old.script(self.schema))
        kept = {
            f"Q{place}{name}": worlds.kept_quote(rng, self.config, name, False) for name in ("JPY", "KWD")
        }
        kept[f"Q{place}first"] = worlds.kept_quote(rng, self.config, self.config["home"], True)
        for number, found in kept.items():
            run.add("write", path=f"cache/{number}.json", text=worlds.quote_text(found, number))
        run.add("migrate", "migrated", "stored", "outside", "cache", expect=0)
        run.model.load(old.rows)
        reals = {float(value) for row in old.rows["lines"] for value in row[3:5]} | {0.1, 0.0, 5.0, 10.0}
        for row in old.rows["orders"]:
            run.ask("migrated", "show", no=row[0])
            if row[4] and worlds.told_right(row[4], self.digits[row[3]]):
                run.ask("outside", "receipt", no=row[0])
        for code, *_ in old.rows["cards"]:
            run.ask("migrated", "card", code=code)
        for month in ("2025-01", "2025-02", "2025-03"):
            run.ask("outside", "report", month=month)
        for row in old.rows["refunds"][::2]:
            run.ask("migrated", "refund", no=row[0], pos=1, qty=0.1, day="2025-04-02")
        run.ask("outside", "report", month="2025-04")
        self.bank(run, old)
        for number, found in kept.items():
            expected = run.model.accept({"no": f"A{number}", "day": "2025-04-03"}, found)
            request = {
                "op": "accept",
                "id": number,
                "no": f"A{number}",
                "customer": "C1",
                "day": "2025-04-03",
            }
            run.add("ask", "cache", request=request, expect=expected)
            run.add("file", "cache", path=f"cache/{number}.json", expect=worlds.quote_text(found, number))
            reals |= {float(line[name]) for line in found["lines"] for name in ("qty", "price")}
        self.quote(run, f"Q{place}new", rng.choice([name for name in self.digits if self.digits[name]]))
        inbox = [[*row[:2], 1] for row in old.rows["bank_inbox"]] + [[*row, 1] for row in self.later]
        run.dump(reals, inbox)
        return run

    def bank(self, run: Run, old: worlds.Old) -> None:
        """Let the bank write more, and book it."""
        fresh = [row[:2] for row in old.rows["bank_inbox"] if not row[2]]
        self.later = [[row[0], worlds.bank(self.rng, self.digits[row[3]])] for row in old.rows["orders"][:7]]
        insert = "INSERT INTO bank_inbox (ref, amount) VALUES (?, ?)"
        run.add("sql", script=[[insert, self.later]])
        expected = run.model.settle([(row[0], row[1]) for row in (*fresh, *self.later)])
        run.add("ask", "outside", request={"op": "settle"}, expect=expected)

    def quote(self, run: Run, number: str, currency: str) -> None:
        """Ask for a quote and look at what is kept."""
        request = {
            "currency": currency,
            "lines": worlds.halves(self.rng, self.digits[currency]),
            "discount_pct": 5,
        }
        request["day"] = "2025-04-04"
        priced = run.model.priced(copy.deepcopy(request))
        total = float(priced["total"])
        run.add(
            "ask",
            "cache",
            request={"op": "quote", "id": number} | request,
            expect={"id": number, "total": total},
        )
        lines = [
            {name: float(exact(line[name])) for name in ("qty", "price", "amount", "net")}
            | {"sku": line["sku"]}
            for line in priced["lines"]
        ]
        kept = {name: float(priced[name]) for name in ("total", "shipping", "discount")}
        kept |= {"id": number, "currency": currency, "discount_pct": 5, "lines": lines}
        run.add("file", "cache", path=f"cache/{number}.json", json=kept)


def missed_tenth(rng: random.Random) -> list[dict[str, Any]]:
    """Return lines a tenth of which lies between two units, and below that as floats."""
    while True:
        prices = [rng.randrange(101, 5000) / 100 for _ in range(3)]
        exactly = sum(Decimal(str(price)) * 3 for price in prices) / 10
        found = sum(round(price * 3, 2) for price in prices) / 10
        if exactly * 1000 % 10 == 5 and Decimal(repr(found)) < exactly:
            return [{"sku": "tin", "qty": 3, "price": price} for price in prices]


def missed_sum(rng: random.Random, limit: int) -> list[float]:
    """Return amounts that are worth a limit, and less than it as a sum of floats."""
    while True:
        cuts = sorted(rng.sample(range(100, limit * 100 - 100), 4))
        parts = [(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, limit * 100], strict=True)]
        total = 0.0
        for part in parts:
            total += part
        less = total < limit and not math.isclose(total, 0)
        if less:
            return parts


def old_schema(folder: Path, config: dict[str, Any]) -> str:
    """Return the statements that make a database of the old form, taken from the given shop."""
    space: dict[str, Any] = {}
    text = (folder / "store.py").read_text("utf-8")
    text = text.replace("from . import settings", "")
    exec(compile(text, "store.py", "exec"), space)  # the given module, with the settings of this seed
    space["settings"] = type("Settings", (), {"load": staticmethod(lambda: config)})
    return str(space["SCHEMA"]) + str(space["view"]())
