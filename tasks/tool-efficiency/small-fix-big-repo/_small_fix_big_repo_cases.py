"""The hidden calls: function, arguments and what has to come back, in groups that each run in a process of its own.

Arguments are JSON: ``{"d": "2025-01-31"}`` is a day, ``{"days": [first, number, columns]}`` a list of entries, one
for each of some days. The program that makes the calls turns them into values.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from _small_fix_big_repo_rules import DAY, YEARS, Book, later

Case = dict[str, Any]
Groups = dict[str, list[Case]]
SUMS, NUMBERS, ORDERS = "sums", "numbers", "orders"


def day(value: date) -> dict[str, str]:
    """Return a day as an argument."""
    return {"d": value.isoformat()}


def around(book: Book, close: date, shape: str) -> dict[str, list[Any]]:
    """Return entries for the days at both ends of a period and for some others, as an argument."""
    return {"days": [close.isoformat(), [(one - close).days for one in _days(book, close)], shape]}


def _days(book: Book, close: date) -> list[date]:
    edges = {
        book.first(close) if book.days else close.replace(day=1),
        book.by_date(close),
        close,
        close + DAY,
    }
    near = {edge + DAY * n for edge in edges for n in (-2, -1, 0, 1, 2)}
    spread = {close - DAY * n for n in range(6, 32 * book.every, 5 * book.every)}
    return sorted(near | spread)


def worth(when: date) -> int:
    """Return the amount of the entry of a day, another one for each."""
    return when.toordinal() % 997 * 101 + 7


def total(book: Book, close: date, first: date, last: date | None = None) -> int:
    """Return the amounts of the entries around a closing that are on a day from ``first`` to ``last`` or ``close``."""
    return sum(worth(one) for one in _days(book, close) if first <= one <= (last or close))


def numbers(book: Book, close: date, first: date, last: date | None = None) -> list[int]:
    """Return the numbers of such entries."""
    return [one.toordinal() for one in _days(book, close) if first <= one <= (last or close)]


class Cases:
    """Collects the calls; ``where`` names the module and function of a role, ``books`` the book of a role."""

    def __init__(self, where: dict[str, str], books: dict[str, Book], cents: list[int], rng: random.Random):
        self.where, self.books, self.rng = where, books, rng
        self.cents = cents

    def case(self, role: str, function: str, args: list[Any], expect: Any) -> Case:
        return {"call": f"{self.where[role]}:{function}", "args": args, "expect": expect}

    def billed(self, book: Book, close: date) -> Case:
        """A run on some day of a period, often its first or last."""
        first, last = book.first(close), close
        run = self.rng.choice([last, last, first, first + DAY * self.rng.randrange((last - first).days)])
        by_customer: dict[str, list[int]] = {}
        for number in numbers(book, close, first):
            by_customer.setdefault(f"C{number % 7}", []).append(number)
        return self.case(
            "billing", "invoices", [around(book, close, ORDERS), book.name, day(run)], by_customer
        )

    def noted(self, book: Book, close: date) -> Case:
        args = [around(book, close, NUMBERS), book.name, day(close)]
        return self.case("credit", "credited", args, numbers(book, close, book.first(close)))

    def together(self) -> Groups:
        """Calls of many books in one process, in the order of the closings and again in any order."""
        ours = {book.name: book for role, book in self.books.items() if role.startswith(("main", "odd"))}
        closes = sorted(
            (close, book.name) for book in ours.values() for close in book.closings(range(2024, 2027))
        )
        found = [self.billed(ours[name], close) for close, name in closes]
        partners = [self.books["by-period"], self.books["by-date"], self.books["third"]]
        settled = [
            self._settled(book, close) for book in partners for close in book.closings(range(2024, 2027))
        ]
        return {
            "in order": found,
            "in any order": self.rng.sample(found, 120),
            "partners": self.rng.sample(settled, len(settled)),
        }

    def _settled(self, book: Book, close: date) -> Case:
        return self.case(
            "partners", "settled_at", [book.name, day(close)], [str(book.first(close)), str(close)]
        )

    def _chosen(self, book: Book) -> list[date]:
        """Return the closings that the code gets wrong, and as many of the others as make 20, or 6."""
        lapses, every = book.lapses(), book.closings()
        others = [close for close in every if close not in lapses]
        return sorted([*lapses, *self.rng.sample(others, min(len(others), max(6, 20 - len(lapses))))])

    def _wrong(self, makers: dict[str, Callable[[Book, date], Case]]) -> Groups:
        return {
            role: [make(self.books[role], close) for close in self._chosen(self.books[role])]
            for role, make in makers.items()
        }

    def same_cause(self) -> Groups:
        """Calls of functions that ask for periods and suffer from the same cause."""
        groups = self._wrong(self._by_period())
        book = self.books["statements"]
        groups["statements"] = []
        for year in YEARS:
            pages = [[f"{c:%Y-%m}", str(book.first(c)), str(c)] for c in book.closings(range(year, year + 1))]
            groups["statements"].append(self.case("statements", "pages", [book.name, year], pages))
        return groups

    def _by_period(self) -> dict[str, Callable[[Book, date], Case]]:
        def prorate(b: Book, c: date) -> Case:
            first, whole = b.first(c), (c - b.first(c)).days + 1
            begins = first + DAY * self.rng.randrange(whole)
            days, cents = (c - begins).days + 1, self.rng.randrange(10_000, 90_000)
            fee = (2 * cents * days + whole) // (2 * whole)
            return self.case("prorate", "first_fee", [cents, day(begins), b.name], fee)

        def forecast(b: Book, c: date) -> Case:
            after = b.period(c + DAY)
            return self.case("forecast", "capacity", [11, day(c)], 11 * ((after[1] - after[0]).days + 1))

        def rent(b: Book, c: date) -> Case:
            return self.case("rent", "Meters.used", [around(b, c, SUMS), day(c)], total(b, c, b.first(c)))

        def storage(b: Book, c: date) -> Case:
            length = (c - b.first(c)).days + 1
            return self.case("storage", "pallet_fee", [day(c)], self.cents[min(max(length, 28), 31) - 28])

        return {"prorate": prorate, "forecast": forecast, "rent": rent, "storage": storage}

    def other_routes(self) -> Groups:
        """Calls of functions that should ask for periods, and ask for something else."""

        def bonus(b: Book, c: date) -> Case:
            return self.case("bonus", "Bonus.base", [around(b, c, SUMS), day(c)], total(b, c, b.first(c)))

        def levy(b: Book, c: date) -> Case:
            return self.case("levy", "tonnes", [around(b, c, SUMS), day(c)], total(b, c, b.first(c)))

        def interest(b: Book, c: date) -> Case:
            return self.case("interest", "interest_days", [b.name, day(c)], (c - b.first(c)).days + 1)

        def carry(b: Book, c: date) -> Case:
            name = self.rng.choice(["brought", "brought", "carried"])
            return self.case(
                "carry", "edge", [b.name, name, day(c)], str(b.first(c) if name == "brought" else c)
            )

        def report(name: str) -> Callable[[Book, date], Case]:
            def one(b: Book, c: date) -> Case:
                return self.case(
                    "reports", "figure", [name, around(b, c, SUMS), day(c)], total(b, c, b.first(c))
                )

            return one

        made = {"bonus": bonus, "levy": levy, "interest": interest, "carry": carry}

        def partner(b: Book, c: date) -> Case:
            return self.case("partners", "settled_from", [b.name, day(c)], str(b.first(c)))

        made["by-period"] = partner
        return self._wrong(made | {name: report(name) for name in ("turnover", "commission")})

    def right_today(self) -> Groups:
        """Calls of functions that are right before the fix, and have to stay so."""
        groups: Groups = {}
        for role in ("tax", "guarantee", "royalties", "dunning", "archive"):
            book = self.books[role]
            groups[role] = [self._kept(role, book, close) for close in self._chosen(book)]
        apart = groups["no period of a book"] = [*self._plain_books(), *self._plain_months()]
        apart += [*self._stocktaking(), *self._helpers()]
        for role in ("limits", "pace", "freight", "deposits", "insured", "cover", "by-date"):
            apart += [self._by_date(role, self.books[role], when) for when in self._days(self.books[role])]
        book = self.books["premium"]
        for close in self._chosen(book):
            apart.append(
                self.case("premium", "insured_days", [day(close)], [str(book.by_date(close)), str(close)])
            )
        return groups

    def _days(self, book: Book) -> list[date]:
        """Return the closings, the last days of months and some others."""
        ends = [date(year, month, 1) - DAY * n for year in YEARS for month in range(1, 13) for n in (1, 2, 3)]
        any_day = [date(2023, 1, 1) + DAY * self.rng.randrange(2100) for _ in range(10)]
        return sorted({*book.lapses(), *self.rng.sample(ends, 12), *any_day})

    def _by_date(self, role: str, b: Book, when: date) -> Case:
        first = b.by_date(when)
        length = (when - first).days + 1
        if role == "pace":
            pieces = self.rng.randrange(40_000, 90_000)
            return self.case(role, "per_day", [pieces, day(when)], pieces // length)
        if role == "deposits":
            return self.case(role, "free_days", [day(when)], length)
        if role == "insured":
            return self.case(
                "reports", "figure", ["insured", around(b, when, SUMS), day(when)], total(b, when, first)
            )
        if role == "by-date":
            return self.case("partners", "settled_from", [b.name, day(when)], str(first))
        if role == "cover":
            return self.case(role, "cover_from", [day(when)], str(first))
        function = {"limits": "Limits.used", "freight": "carried"}[role]
        return self.case(role, function, [around(b, when, SUMS), day(when)], total(b, when, first))

    def _kept(self, role: str, b: Book, c: date) -> Case:
        first = b.first(c)
        run = self.rng.choice([first, c, first + DAY * self.rng.randrange((c - first).days)])
        if role == "tax":
            return self.case(role, "Returns.taxed", [around(b, c, SUMS), day(run)], total(b, c, first))
        if role == "guarantee":
            return self.case(role, "guaranteed", [731, day(run)], 731 * ((c - first).days + 1))
        if role == "royalties":
            return self.case(
                "reports", "figure", ["royalties", around(b, c, SUMS), day(c)], total(b, c, first)
            )
        function = {"dunning": "round_of", "archive": "box"}[role]
        return self.case(role, function, [around(b, c, NUMBERS), day(run)], numbers(b, c, first))

    def _plain_books(self) -> Iterator[Case]:
        for book in (self.books["odd-workday"], self.books["odd-quarter"]):
            for year in range(2023, 2029):
                expect = [str(close) for close in book.closings(range(year, year + 1))]
                yield self.case("reminder", "reminders", [book.name, year], expect)
        book = self.books["odd-workday"]
        for when in (date(2024, 1, 1) + DAY * n for n in sorted(self.rng.sample(range(1100), 15))):
            pay = str(book.period(when)[1] + DAY * 14)
            yield self.case("terms", "pay_on", [book.name, day(when), 14], pay)
            first, last = when.replace(day=1), later(when.replace(day=1), 1) - DAY
            yield self.case(
                "budget", "spent", [around(book, when, SUMS), day(when)], total(book, when, first, last)
            )
            half = (first, when.replace(day=15)) if when.day <= 15 else (when.replace(day=16), last)
            yield self.case(
                "advance", "hours_paid", [around(book, when, SUMS), day(when)], total(book, when, *half)
            )
            monday = when - DAY * when.weekday()
            weeks = [[str(monday + DAY * 7 * n), str(monday + DAY * (7 * n + 6))] for n in range(3)]
            yield self.case("rota", "weeks", [day(when), 3], weeks)

    def _plain_months(self) -> Iterator[Case]:
        ends = [date(y, m, 1) - DAY * n for y in (2024, 2025) for m in (1, 3, 5, 7, 8, 12) for n in (1, 2, 3)]
        for when in [*ends, date(2024, 3, 15), date(2025, 12, 1)]:
            term = self.rng.choice([1, 3, 12, 24])
            yield self.case("warranty", "covered_until", [day(when), term], str(later(when, term)))
            yield self.case("notice", "leaves_after", [day(when), term], str(later(when, term) - DAY))
            yield self.case("lease", "due_days", [day(when), 4], [str(later(when, n)) for n in range(4)])
            yield self.case("lease", "back_rate", [day(when)], str(later(when, -1)))
            yield self.case("deposit", "deposit_month", [day(when)], [str(later(when, -1)), str(when - DAY)])

    def _stocktaking(self) -> Iterator[Case]:
        """Days that go from closing to closing, both included."""
        for number in (28, 30, 31):
            book = Book("", "closing", (("2000-01", number),))
            for when in (date(2024, 1, 27) + DAY * n for n in range(0, 70, 6)):
                close = book.period(when)[1]
                first = book.first(close) - DAY
                args = [around(book, close, ORDERS), day(when), number]
                yield self.case("gather", "pending", args, numbers(book, close, first))

    def _helpers(self) -> Iterator[Case]:
        """What departments ask for the month by date."""
        for role in ("limits", "freight", "levy", "commission", "bonus"):
            book = self.books[role]
            for when in [*self.rng.sample(book.lapses(), 3), *self.rng.sample(self._days(book), 7)]:
                first = book.by_date(when)
                yield self.case("ranges", "since", [book.name, day(when)], str(first))
                args = [book.name, day(when), around(book, when, SUMS)]
                yield self.case("ranges", "upto", args, total(book, when, first))
                if role in {"limits", "bonus"}:
                    span = [str(first), str(when)]
                    yield self.case(role, f"{role.capitalize()}.month", [day(when)], span)

    def all(self) -> dict[str, Groups]:
        """Return the groups of each check."""
        names = {
            role: book for role, book in self.books.items() if role.startswith(("main", "odd", "credit"))
        }

        def per_book(prefix: str, make: Callable[[Book, date], Case]) -> Groups:
            ours = [book for role, book in names.items() if role.startswith(prefix)]
            return {book.name: [make(book, close) for close in self._chosen(book)] for book in ours}

        return {
            "ticket": per_book("main", self.billed),
            "odd-books": per_book("odd", self.billed),
            "credit-notes": per_book("credit", self.noted),
            "books-together": self.together(),
            "same-cause": self.same_cause(),
            "other-routes": self.other_routes(),
            "callers-kept": self.right_today(),
        }
