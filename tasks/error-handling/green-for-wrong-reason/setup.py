"""Builds the package with four bugs, its tests, and what a repair is judged by: cases, another package, broken ones.

Before it writes anything it proves that every bug and every broken package shows in a case, that the other package
answers like the right one, and that the tests that agree with a bug are the two that are meant to.
"""

import inspect
import json
import random
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import _green_for_wrong_reason_bugs as bugs
import _green_for_wrong_reason_cases as cases
import _green_for_wrong_reason_given as given
import _green_for_wrong_reason_other as other
import _green_for_wrong_reason_suite as suite
from _green_for_wrong_reason_probe import PUBLIC
from _green_for_wrong_reason_rates import draw, fill, fill_all

HERE = Path(__file__).resolve().parent


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write src/, tests/ and the two documents; hide the cases and the packages."""
    for attempt in range(50):
        world = World(random.Random(f"green-for-wrong-reason/{seed}/{attempt}"))
        if world.settle():
            break
    else:
        raise AssertionError("no draw shows every bug")
    for path, text in world.bad.items():
        _write(workspace / "src" / path, text)
    for path, text in world.tests().items():
        _write(workspace / "tests" / path, text)
    _assert_green(workspace)
    rules = fill((HERE / "billing-rules.md.tmpl").read_text("utf-8"), world.figures)
    _write(workspace / "billing-rules.md", rules)
    expected = {
        "cases": world.cases,
        "answers": world.answers,
        "groups": world.groups,
        "vacuous": world.choices["vacuous"],
        "signatures": signatures(world.right),
    }
    _write(hidden / "expected.json", json.dumps(expected))
    _write(hidden / "packages.json", json.dumps(world.packages()))


def _assert_green(workspace: Path) -> None:
    command = [sys.executable, "-S", "-s", "-B", "-m", "unittest", "discover", "-s", "tests"]
    done = subprocess.run(command, cwd=workspace, env={"PYTHONPATH": "src"}, capture_output=True)
    if done.returncode:
        raise AssertionError(done.stderr.decode()[-800:])


def signatures(space) -> dict:
    """Return public name → parameters, as the sandbox shows them."""
    found = {}
    for path, listed in PUBLIC.items():
        for name in listed:
            parameters = inspect.signature(space[name]).parameters.values()
            found[f"{path}.{name}"] = [[p.name, int(p.kind), repr(p.default)] for p in parameters]
    return found


class World:
    """One draw: figures, bugs, choices for the tests."""

    def __init__(self, rng):
        self.rng = rng
        self.figures = draw(rng)
        self.good = fill_all(given.SOURCES, self.figures)
        self.bugs = {group: rng.choice(sorted(names)) for group, names in bugs.BUGS.items()}
        if self.bugs["days"] == "end" and self.bugs["combined"] == "vat-day":
            self.bugs["combined"] = "goodwill"  # else no case would show one of the two alone
        if self.bugs["bound"] == "first" and self.bugs["rounding"] == "tiers":
            self.bugs["rounding"] = "discount"
        self.patches = {group: bugs.BUGS[group][name] for group, name in self.bugs.items()}
        self.bad = self._bad(set(self.patches))
        self.broken = {group: self._drawn(mutants) for group, mutants in other.MUTANTS.items()}
        self.choices = suite.choose(rng)
        self.cases = cases.draw(rng, self.figures)

    def _drawn(self, mutants):
        pinned = [name for name in mutants if name in other.PINNED]
        return pinned + self.rng.sample([n for n in mutants if n not in pinned], other.EACH - len(pinned))

    def _bad(self, groups):
        sources = self.good
        for group in sorted(groups):
            sources = bugs.with_bug(sources, self.patches[group])
        return sources

    def settle(self) -> bool:
        """Sort the cases by the bug that they show; return whether every bug, and every broken package, shows."""
        self.right = cases.load(self.good)
        compiled = [compile(case, "case", "eval") for case in self.cases]
        self.answers = cases.answers(self.right, compiled)
        alone = {g: self._differ(cases.load(self._bad({g})), compiled) for g in self.patches}
        rest = {
            g: self._differ(cases.load(self._bad(set(self.patches) - {g})), compiled) for g in self.patches
        }
        self.groups = {group: sorted(alone[group] - rest[group]) for group in self.patches}
        self.groups["others"] = sorted(
            set(range(len(compiled))) - set().union(*alone.values(), *rest.values())
        )
        base = fill_all(other.SOURCES, self.figures)
        if strange := self._differ(cases.load(base), compiled):
            raise AssertionError(
                f"the other package differs: {[self.cases[at] for at in sorted(strange)[:3]]}"
            )
        shown = min(len(found) for found in self.groups.values()) >= 2
        unseen = [
            name
            for name, sources in self._broken(base)
            if not self._shows(cases.load(sources), compiled, name)
        ]
        self.witness = self._witnesses()
        return shown and not unseen and bool(self.witness) and self._agree()

    def _differ(self, space, compiled):
        found = cases.answers(space, compiled)
        return {at for at, pair in enumerate(zip(found, self.answers, strict=True)) if not cases.same(*pair)}

    def _shows(self, space, compiled, name):
        """Return whether a broken package answers some case wrongly, asking likely cases first."""
        order = sorted(
            range(len(compiled)), key=lambda at: (name[0] == "combined") != ("view" in self.cases[at])
        )
        return any(not cases.same(cases.answers(space, [compiled[at]])[0], self.answers[at]) for at in order)

    def _broken(self, base):
        for group, mutants in other.MUTANTS.items():
            for name in self.broken[group]:
                path, old, new = (fill(text, self.figures) for text in mutants[name])
                assert base[path].count(old) > 0, (group, name)
                yield (group, name), {**base, path: base[path].replace(old, new)}

    def packages(self):
        """Return the other package twice and every broken one, in an order that says nothing."""
        base = fill_all(other.SOURCES, self.figures)
        found = [
            {"group": group, "name": name, "files": files} for (group, name), files in self._broken(base)
        ]
        found += [{"group": "other", "name": "other", "files": base}] * 2
        self.rng.shuffle(found)
        return found

    # -- the tests -------------------------------------------------------------------------------------

    def tests(self):
        """Return the tests as the user has them; they are green, as the old copy of periods is right."""
        now = self._space(cases.load({**self.bad, "periods.py": self.good["periods.py"]}))
        return suite.write(self.choices, self.witness, self.good["periods.py"], lambda text: eval(text, now))

    def _agree(self):
        """Return whether the tests contradict the rules in the customers' two cases and nowhere else."""
        right = self._space(self.right)
        wanted = suite.write(self.choices, self.witness, "", lambda text: eval(text, right))
        found = self.tests()
        return {path for path in wanted if found[path] != wanted[path]} == {"periods.py", "test_customers.py"}

    def _space(self, names):
        space = dict(names)
        for name, text in self.figures.items():
            space[name] = (
                Decimal(text) if not text.startswith("20") or "-" not in text else date.fromisoformat(text)
            )
        whole = ("ALLOWANCE", "FIRST", "SECOND", "DUE_DAYS", "GRACE")
        space |= {name: int(self.figures[name]) for name in whole}
        contract, parcel = names["Contract"], names["Parcel"]
        day = date.fromisoformat

        def shop(start="2024-03-01", end=None, exempt=False):
            return contract("Nettle & Sons", day(start), end and day(end), exempt)

        def parcels(month, count, weight="2"):
            return [
                parcel(f"P{n:04}", day(f"{month}-{n % 19 + 2:02}"), Decimal(weight)) for n in range(count)
            ]

        space |= {"shop": shop, "parcels": parcels, "n": str, "ISSUED": day("2025-03-01")}
        return space

    def _witnesses(self):
        """Return an expression for each of the two customers' tests, in which the bug shows; {} if none is found."""
        right = self._space(self.right)
        found = {}
        for group, key in (("rounding", "ROUNDING"), ("combined", "COMBINED")):
            wrong = self._space(cases.load(self._bad({group})))
            for text in self._candidates(group):
                value = eval(text, right)
                if eval(text, wrong) != value:
                    found[key] = text
                    break
            else:
                return {}
        return found

    def _candidates(self, group):
        change = date.fromisoformat(self.figures["VAT_CHANGE"])
        until, month = change - timedelta(days=3), f"{change:%Y-%m}"
        heavy = int(self.figures["HEAVY"]) + 3
        gift = 'Credit("K8", day("2025-02-02"), D("90.00"), goodwill=True)'

        def usual(n):
            return f'Credit("K7", day("2025-01-09"), D("{n % 30 + 10}.00"))'

        for n in self.rng.sample(range(2000), 2000):
            yield {
                "discount": f'volume_discount(D("{30 + n / 10:.2f}"))',
                "tiers": f"usage_charge({n % 400 + 10})",
                "vat": f'make_invoice(shop(), "2025-0{n % 3 + 1}", parcels("2025-0{n % 3 + 1}", {n % 350 + 1})).vat',
                "vat-day": f'make_invoice(shop(end="{until}"), "{month}", parcels("{month}", {n % 60 + 3})).vat',
                "numbers": f'make_invoice(shop(), "2025-02", parcels("2025-02", {n % 60 + 120}) + '
                           f'[Parcel("P0001", day("2025-03-0{n % 9 + 1}"), D("{heavy}"))]).net',
                "goodwill": f'use_credits(D("{n // 10 + 60}.00"), [{usual(n)}, {gift}], day("2025-03-01"))',
            }[self.bugs[group]]  # fmt: skip


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
