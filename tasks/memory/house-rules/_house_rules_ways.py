"""A way of writing payment lists: Dana's, Kim's, or Dana's as somebody remembers it who missed a point."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

DATE_FORMS = ["DD.MM.YYYY", "DD/MM/YYYY", "DD-MM-YYYY", "YYYY/MM/DD", "YYYY.MM.DD"]
AMOUNT_FORMS = [("'", "."), (".", ","), (" ", ","), (",", ".")]
WEEKENDS = {"after": "the Monday after it", "before": "the Friday before it"}
DANAS_NAMES = ["dana-YYYY-MM.csv", "dana_YYYYMM.csv", "YYYY-MM-dana.csv", "pay-dana-MM-YYYY.csv"]
KIMS_NAMES = ["payments_YYYY-MM.csv", "paylist-YYYYMM.csv", "YYYY_MM_payments.csv", "run-MM-YYYY.csv"]


@dataclass(frozen=True)
class Invoice:
    """One line of `invoices.csv`."""

    number: str
    supplier: str
    received: date
    due: date
    cents: int
    cost_centre: str
    remark: str

    @property
    def weekend(self) -> bool:
        """Tell whether it falls due on a Saturday or Sunday."""
        return self.due.weekday() > 4


@dataclass(frozen=True)
class Way:
    """How somebody likes their lists. ``weekend``: after, before or none."""

    date_form: str
    thousands: str
    decimal: str
    weekend: str
    cost_centre: str
    name_form: str

    def day(self, day: date) -> str:
        """Return a date in this form."""
        return filled(self.date_form, day)

    def amount(self, cents: int) -> str:
        """Return an amount in this form."""
        whole = f"{cents // 100:,}".replace(",", self.thousands)
        return f"{whole}{self.decimal}{cents % 100:02d}"

    def shown(self, due: date) -> date:
        """Return the due date as it is shown."""
        past = due.weekday() - 4
        if past <= 0 or self.weekend == "none":
            return due
        return due + timedelta(days=3 - past if self.weekend == "after" else -past)

    def name(self, month: date) -> str:
        """Return the file name of the list for a month."""
        return filled(self.name_form, month)

    def row(self, invoice: Invoice) -> dict[str, str]:
        """Return an invoice as a line of the list."""
        return {
            "invoice": invoice.number,
            "due": self.day(self.shown(invoice.due)),
            "amount": self.amount(invoice.cents),
            "cost_centre": self.cost_centre or invoice.cost_centre,
        }


def filled(form: str, day: date) -> str:
    """Return a form with the parts of a date in the places of YYYY, MM and DD."""
    parts = (("YYYY", f"{day:%Y}"), ("MM", f"{day:%m}"), ("DD", f"{day:%d}"))
    for word, value in parts:
        form = form.replace(word, value)
    return form


def misremembered(dana: Way, kim: Way) -> dict[str, Way]:
    """Return Dana's way with one point forgotten or taken from Kim, by the check that this must cost."""
    return {
        "file-name": replace(dana, name_form=kim.name_form),
        "date-form": replace(dana, date_form=kim.date_form),
        "amount-form": replace(dana, thousands=kim.thousands, decimal=kim.decimal),
        "weekend": replace(dana, weekend=kim.weekend),
        "weekend as it is": replace(dana, weekend="none"),
        "cost-centre": replace(dana, cost_centre=kim.cost_centre),
        "cost-centre of the invoice": replace(dana, cost_centre=""),
        "date-form of the input": replace(dana, date_form="YYYY-MM-DD"),
        "amount-form without grouping": replace(dana, thousands=""),
    }
