"""Build a code base of 400 modules with one fault deep inside, and the calls that show whether it is gone.

The fault: a period is opened by counting back a month by date from its closing. That is right where a closing
day is the same every month, and it is what some departments want; for others days are in two periods, or in none.
"""

import json
import random
from datetime import date
from pathlib import Path

import _small_fix_big_repo_callers as callers
import _small_fix_big_repo_core as core
import _small_fix_big_repo_filler as filler
import _small_fix_big_repo_shared as shared
import _small_fix_big_repo_steady as steady
import _small_fix_big_repo_texts as texts
from _small_fix_big_repo_cases import Cases, Groups
from _small_fix_big_repo_rules import Book

N_MODULES = 400
COMPANIES = ["halden", "norbek", "tavira", "ostrau", "merling", "calvert", "brenta", "sundby"]
DEPARTMENTS = [
    "archive",
    "balances",
    "billing",
    "budget",
    "contracts",
    "credit",
    "customs",
    "dunning",
    "freight",
    "insurance",
    "interest",
    "leasing",
    "levies",
    "limits",
    "partners",
    "payroll",
    "production",
    "purchasing",
    "quality",
    "rent",
    "reports",
    "sales",
    "service",
    "shops",
    "staff",
    "statements",
    "stats",
    "stock",
    "tax",
    "treasury",
    "wages",
    "warranty",
]
NAMES = [("opening", "span", "ending"), ("starting", "extent", "closed_on"), ("onset", "reach", "up_to")]
MEMOS = ["warm", "pool", "depot", "keep", "once"]
BOOK_WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heath",
    "inlet",
    "jetty",
    "knoll",
    "larch",
    "moor",
    "north",
    "orchard",
    "pine",
    "quarry",
    "ridge",
    "south",
    "tide",
    "upland",
    "vale",
    "weir",
    "yew",
    "brook",
    "cliff",
    "dune",
    "field",
    "gorge",
    "haven",
    "isle",
    "lake",
    "marsh",
    "rock",
    "canyon",
    "desert",
    "meadow",
    "prairie",
    "summit",
    "harbour",
    "lagoon",
    "tundra",
]
PEOPLE = [
    "Marit",
    "Jonas",
    "Selma",
    "Emre",
    "Ruth",
    "Pavel",
    "Ines",
    "Tarek",
    "Greta",
    "Milan",
    "Nora",
    "Sven",
]
CUSTOMERS = ["Brandt Timber", "Okafor & Lund", "Kestrel Bikes", "Hafen Foods", "Delmare Tiles", "Wierzba Glass",
             "Anders Ovens", "Saltmarsh Rope"]  # fmt: skip
EVER = "2000-01"
DEAD = "gather"


def draw_books(rng: random.Random) -> dict[str, Book]:
    """Draw the book of each role."""
    names = rng.sample(BOOK_WORDS, len(BOOK_WORDS))

    def book(kind: str, *days: tuple[str, int]) -> Book:
        return Book(names.pop(), kind, days)

    def plain(*numbers: int) -> Book:
        return book("closing", (EVER, rng.choice(numbers)))

    def month() -> str:
        return f"{rng.choice([2024, 2025, 2026])}-{rng.randrange(2, 12):02}"

    last = rng.choice([30, 31])
    found = {
        "main-a": book("closing", (EVER, last)),
        "main-b": book("closing", (EVER, 61 - last)),
        "main-c": plain(29),
    }
    found |= {"main-d": plain(28), "main-e": plain(12, 15, 20)}
    found["odd-fewer"] = book("closing", (EVER, rng.choice([30, 31])), (month(), rng.choice([20, 22, 25])))
    found["odd-more"] = book("closing", (EVER, rng.choice([15, 18, 20])), (month(), rng.choice([30, 31])))
    found["odd-quarter"] = book("quarter", (EVER, 31))
    found["odd-workday"] = book("workday", (EVER, rng.choice([30, 31])))
    found["credit-a"] = book("workday", (EVER, rng.choice([30, 31])))
    found["credit-b"] = plain(30, 31)
    found |= {role: plain(30, 31) for role in ("prorate", "forecast", "rent", "limits", "deposits", "cover")}
    found |= {
        role: plain(30, 31) for role in ("turnover", "insured", "royalties", "tax", "guarantee", "dunning")
    }
    found |= {role: plain(29, 30, 31) for role in ("bonus", "pace", "statements", "carry")}
    found["levy"] = book("workday", (EVER, rng.choice([30, 31])))
    found["commission"] = book("quarter", (EVER, 31))
    found |= {"by-period": plain(last), "by-date": plain(61 - last), "third": plain(28)}
    found["premium"] = book("term", (EVER, rng.choice([30, 31])))
    found["storage"] = book("closing", (EVER, 31), (month(), rng.choice([25, 26, 27])))
    found |= {
        "archive": plain(31),
        "interest": book("workday", (EVER, 31)),
        "freight": book("workday", (EVER, 31)),
    }
    found |= {"budget": book("month"), "rota": book("week"), "halves": book("half")}
    return found


class Shop:
    """The code base as it is made: ``files`` by path below erp/, and ``where`` the modules of the roles are."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.pkg = rng, rng.choice(COMPANIES)
        self.books = draw_books(rng)
        self.names = rng.choice(NAMES)
        self.cents = sorted(rng.sample(range(310, 980, 7), 4))
        self.memo, self.plugin = rng.choice(MEMOS), rng.random() < 0.5
        self.files: dict[str, str] = {}
        self.where: dict[str, str] = {}
        self.modules: dict[str, str] = {}
        self._make_core()
        self._make_callers()
        self._make_settings()
        self._make_tests()
        self._make_rest()

    def _put(self, path: str, text: str) -> None:
        self.files[path] = self.filled(text)

    def filled(self, text: str) -> str:
        """Return a text with the names of this code base in it."""
        opening, span, ending = self.names
        marks = {"open": opening, "span": span, "ending": ending, "pkg": self.pkg, "memo": self.memo}
        marks |= {
            "company": self.pkg.capitalize(),
            "cents": str(self.cents)[1:-1],
            "main": self.books["main-a"].name,
        }
        marks |= {f"book:{role}": book.name for role, book in self.books.items()}
        marks |= {f"number:{role}": str(book.days[-1][1]) for role, book in self.books.items() if book.days}
        marks |= {"collect": self.modules.get("collect", ""), "billing": self.modules.get("billing", "")}
        marks |= {"credit_mod": self.modules.get("credit", ""), "credit": self.books["credit-a"].name}
        for role in ("limits", "tax", "lease", "budget"):
            marks[role] = self.modules.get(role, "")
        for mark, value in marks.items():
            text = text.replace(f"@{mark}@", value)
        return text

    def _make_core(self) -> None:
        build, needed = "windows.window_to(self, close)", ""
        if not self.plugin:
            build = 'registry.find("builder", settings.read("runtime")["builder"])(self, close)'
            needed = ", registry, settings"
        for path, text in (core.FILES | (shared.PLUGIN if self.plugin else shared.BUILDERS)).items():
            text = text.replace("@build@", build)
            text = text.replace(
                "from ..core import windows\n@build_import@\n",
                f"from ..core import {needed[2:] + ', ' if needed else ''}windows\n\n",
            )
            self._put(f"{self.pkg}/{path.replace('@memo@', self.memo)}", text)
        self._put(f"{self.pkg}/core/__init__.py", '"""What all departments share."""\n')
        self._put(f"{self.pkg}/__init__.py", shared.INIT)

    def _make_callers(self) -> None:
        places: dict[str, tuple[str, tuple[str, ...], str]] = {
            "collect": ("billing", ("collect", "select", "choose"), callers.COLLECT),
            "billing": ("billing", ("invoicing", "run", "bills"), callers.BILLING),
            "credit": ("credit", ("notes", "credits", "refunds"), callers.CREDIT),
            "reports": callers.ENGINE,
            "partners": callers.PARTNERS,
            DEAD: steady.DEAD,
        }
        places |= callers.WRONG_TODAY | callers.BY_DATE | steady.MAKES_UP | steady.STURDY
        for role, (department, options, _) in places.items():
            self.modules[role] = self.rng.choice(options)
            self.where[role] = f"{self.pkg}.{department}.{self.modules[role]}"
        for role, (department, _, text) in places.items():
            self._put(f"{self.pkg}/{department}/{self.modules[role]}.py", text)
        self.where["ranges"] = f"{self.pkg}.core.ranges"
        for department in DEPARTMENTS:
            self._put(f"{self.pkg}/{department}/__init__.py", f'"""{department.capitalize()}."""\n')

    def _make_settings(self) -> None:
        partners = {role: self.books[role] for role in ("by-period", "by-date", "third")}
        lines = []
        for role, book in sorted(partners.items(), key=lambda item: item[1].name):
            about = callers.PARTNER_WORDS["by-date" if role == "by-date" else "by-period"]
            from_ = "@open@"
            lines.append(
                f"  {json.dumps(book.name)}: {json.dumps({'about': about} | book.entry() | {'from': from_})}"
            )
        self._put("settings/partners.json", "{\n" + ",\n".join(lines) + "\n}\n")
        books = sorted(self.books.values(), key=lambda book: book.name)
        books = [book for book in books if book not in partners.values()]
        rows = [f"  {json.dumps(book.name)}: {json.dumps(book.entry())}" for book in books]
        self._put("settings/books.json", "{\n" + ",\n".join(rows) + "\n}\n")
        rules = []
        for name, (about, trim) in callers.REPORTS.items():
            rule = {
                "about": about.replace("{month}", "Monthly"),
                "book": self.books[name].name,
                "from": "@open@",
            }
            rules.append(f"  {json.dumps(name)}: {json.dumps(rule | ({'trim': True} if trim else {}))}")
        self.rng.shuffle(rules)
        self._put("settings/reports.json", "{\n" + ",\n".join(rules) + "\n}\n")
        modules = {"closing": "closing", "workday": "workday", "quarter": "quarter"}
        modules |= dict.fromkeys(("month", "half", "week"), "plain")
        kinds = {kind: f"calendars.{module}:{kind.capitalize()}Calendar" for kind, module in modules.items()}
        kinds["term"] = f"insurance.{self.modules['term']}:TermCalendar"
        registry: dict[str, dict[str, str]] = {"calendar": kinds}
        runtime: dict[str, object] = {"plugins": ["tags", self.memo] if self.plugin else ["tags"]}
        if not self.plugin:
            registry["builder"] = {"plain": "core.@memo@:plain", "shared": "core.@memo@:shared"}
            runtime["builder"] = "shared"
        self._put("settings/registry.json", json.dumps(registry, indent=2) + "\n")
        self._put("settings/runtime.json", json.dumps(runtime, indent=2) + "\n")

    def _make_tests(self) -> None:
        self._put("suite.py", texts.SUITE)
        self._put("tests/__init__.py", "")
        self._put("tests/ledger.py", texts.LEDGER)
        self._put("README.md", texts.README)
        self._put("docs/periods.md", texts.PERIODS)
        for role, body in texts.TESTS.items():
            if role == "core":
                imports, name = f"from {self.pkg}.core import books, days, months", "core"
            else:
                name = self.where[role].split(".")[1]
                imports = f"from {self.pkg}.{name} import {self.modules[role]}"
                imports += f"\nfrom {self.pkg}.core import books" if role == "credit" else ""
            fields = {"what": name, "imports": imports, "name": name.capitalize(), "body": body}
            self._put(f"tests/test_{name}.py", texts.TEST.format(**fields))

    def _make_rest(self) -> None:
        count = N_MODULES - sum(path.startswith(self.pkg) for path in self.files)
        for place, department in enumerate(DEPARTMENTS):
            share = count // len(DEPARTMENTS) + (place < count % len(DEPARTMENTS))
            made = filler.names(self.rng, share, set(self.modules.values()))
            for noun, ending in made:
                self._put(
                    f"{self.pkg}/{department}/{noun}_{ending}.py", filler.module(self.rng, noun, ending)
                )
            if f"tests/test_{department}.py" not in self.files:
                module = f"{made[0][0]}_{made[0][1]}"
                fields = {"what": department, "imports": f"from {self.pkg}.{department} import {module}"}
                fields |= {"name": department.capitalize(), "body": texts.FILLER_TEST.format(module=module)}
                self._put(f"tests/test_{department}.py", texts.TEST.format(**fields))

    def ticket(self) -> str:
        """Return the ticket."""
        rng, main = self.rng, self.books["main-a"]
        clerk, shop, dev = rng.sample(PEOPLE, 3)
        one, other = rng.sample(CUSTOMERS, 2)
        day = rng.randrange(3, 10)
        marks = {
            "number": str(rng.randrange(3000, 9000)),
            "clerk": clerk,
            "shop": shop,
            "dev": dev,
            "customer": one,
        }
        marks |= {
            "other": other,
            "order": str(rng.randrange(40_000, 90_000)),
            "guess": rng.choice(texts.GUESSES),
        }
        marks |= {f"date{n}": f"{date(2025, 3, day + n):%d %b %Y}" for n in range(4)}
        marks |= {"jan": f"{main.closing(2025, 1):%d} January", "suite": rng.choice(texts.SUITE_WORDS)}
        text = texts.TICKET
        for mark, value in marks.items():
            text = text.replace(f"@{mark}@", value)
        return self.filled(text)


def traps_alive(shop: Shop, cases: dict[str, Groups]) -> None:
    """Assert that each shortcut gives something else than what is expected."""
    books = shop.books
    assert date(2025, 1, 30) >= books["main-a"].by_date(date(2025, 2, 28)), "the ticket is true"
    for role, book in books.items():
        if book.days and role not in {"main-d", "main-e", "third"}:
            assert len(book.lapses()) >= 2, f"{role}: month by date and period differ"
    assert not books["main-e"].lapses(), "a book that is right today"
    for role in ("odd-fewer", "odd-more", "storage"):
        since, number = books[role].days[1]
        close = books[role].closing(int(since[:4]), int(since[5:]))
        always = Book("", "closing", ((EVER, number),))
        assert always.first(close) != books[role].first(close), f"{role}: the old closing day is needed"
    lengths = {(close - books["storage"].first(close)).days + 1 for close in books["storage"].closings()}
    assert min(lengths) < 28, "a period that has no price of its own"
    firsts: dict[tuple[str, date], set[date]] = {}
    for book in (book for role, book in books.items() if role.startswith("main")):
        for close in book.closings(range(2024, 2027)):
            firsts.setdefault((book.kind, close), set()).add(book.first(close))
    assert any(len(found) > 1 for found in firsts.values()), "books that close on one day and opened on two"
    assert all(cases.values())


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write erp/ and ticket.txt, and the hidden calls."""
    rng = random.Random(f"small-fix-big-repo {seed}")
    shop = Shop(rng)
    cases = Cases(shop.where, shop.books, shop.cents, rng).all()
    traps_alive(shop, cases)
    for path, text in shop.files.items():
        target = workspace / "erp" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    (workspace / "ticket.txt").write_text(shop.ticket(), "utf-8")
    assert sum(1 for path in shop.files if path.startswith(f"{shop.pkg}/")) == N_MODULES
    (hidden / "cases.json").write_text(
        json.dumps({"pkg": shop.pkg, "checks": cases}, separators=(",", ":")), "utf-8"
    )
