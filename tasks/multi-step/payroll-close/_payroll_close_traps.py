"""Proof that every rule matters: what somebody who misses it gets wrong, and where it must show.

A slip must change one of the columns (or exceptions, or rows) of its check in one of the months named. Months are
shown by their last two digits, so "11" is November 2026 and "01" January 2027.
"""

from __future__ import annotations

from _payroll_close_engine import Payroll
from _payroll_close_model import Month, Result, World

WORKED = ("base", "night", "special", "holiday_pay")
ENDS = ("gross", "contribution", "net", "payout")
CHECKS = {
    "worked": WORKED,
    "overtime": ("overtime",),
    "corrections": ("correction",),
    "creditors": (),
    "payouts": ENDS,
    "exceptions": (),
    "october": ("base", "night", "special", "overtime", "holiday_pay", "correction"),
}
"""Check → the columns it looks at in the months named for a slip."""
ANY = "11 12 01"

TRAPS: dict[str, tuple[str, str]] = {
    "utc-dates": ("worked", ANY),
    "shift-date": ("worked", ANY),
    "wall-clock": ("october", "10"),
    "any-region": ("worked", ANY),
    "home-region": ("worked", ANY),
    "no-substitute": ("worked", "11 01"),
    "no-annex-night": ("worked", ANY),
    "annex-keeps-window": ("worked", ANY),
    "postponed-for-all": ("worked", "11"),
    "not-postponed": ("worked", "11"),
    "memo-over-annex": ("worked", ANY),
    "night-not-ended": ("worked", "01"),
    "no-advent": ("worked", "12 11"),
    "no-eve": ("worked", "12"),
    "special-added": ("worked", "11"),
    "break-at-limit": ("worked", ANY),
    "no-new-break": ("worked", "12"),
    "memo-over-north": ("worked", "12"),
    "break-at-end": ("worked", ANY),
    "rate-by-day": ("worked", ANY),
    "terms-by-start": ("worked", ANY),
    "rounded-daily": ("worked", ANY),
    "half-even": ("worked", ANY),
    "paid-though-worked": ("worked", "11 01"),
    "exception-is-free": ("worked", ANY),
    "repeats-kept": ("exceptions", ANY),
    "any-length": ("worked", ANY),
    "not-held": ("overtime", ANY),
    "held-by-month": ("overtime", ANY),
    "month-part": ("overtime", ANY),
    "last-contract": ("overtime", ANY),
    "holiday-in-target": ("overtime", ANY),
    "all-holidays-off": ("october", "10"),
    "first-minutes": ("overtime", ANY),
    "stage-from-day": ("overtime", "11"),
    "no-overlap": ("overtime", ANY),
    "no-rest": ("overtime", "01 12"),
    "current-rate": ("overtime", ANY),
    "paid-again": ("corrections", ANY),
    "rate-of-today": ("corrections", ANY),
    "new-rounding": ("corrections", ANY),
    "rounding-by-start": ("corrections", ANY),
    "terms-of-first": ("creditors", "12"),
    "latest-begun": ("creditors", "01"),
    "no-dependants": ("creditors", ANY),
    "no-south-floor": ("creditors", ANY),
    "any-served": ("creditors", ANY),
    "numbers-as-text": ("creditors", ANY),
    "future-home": ("creditors", ANY),
    "gone-not-reported": ("exceptions", ANY),
    "before-15th": ("creditors", ANY),
    "by-number": ("creditors", ANY),
    "cents-to-last": ("creditors", ANY),
    "beside-maintenance": ("creditors", ANY),
    "not-full-euros": ("creditors", ANY),
    "premiums-counted": ("payouts", ANY),
    "no-ceiling": ("payouts", ANY),
    "leavers-left-out": ("payouts", ANY),
    "all-reported": ("exceptions", ANY),
    "repeats-by-minute": ("exceptions", ANY),
    "raw-day": ("worked", ANY),
    "less-than-nothing": ("overtime", ANY),
    "ended-with-contract": ("payouts", ANY),
    "idle-left-out": ("payouts", ANY),
    "paired-by-site": ("exceptions", ANY),
}


def dead(world: World, months: dict[str, Month], truths: dict[str, Result]) -> list[str]:
    """Return the slips that cost nothing."""
    return [slip for slip in TRAPS if not alive(world, months, truths, slip)]


def alive(world: World, months: dict[str, Month], truths: dict[str, Result], slip: str) -> bool:
    """Return whether a slip changes what its check looks at."""
    check, where = TRAPS[slip]
    for name in where.split():
        month = next(month for month in months.values() if month.name.endswith(name))
        payroll, truth = Payroll(world, month, slip), truths[month.name]
        debtors = {writ.employee for writ in month.writs}
        for employee in debtors if check == "creditors" else month.staff:
            writs: dict[str, int] = {}
            found, wrong = payroll.person(employee, writs)
            right = truth.payslips.get(employee, {})
            changed = any(found.get(column) != right.get(column) for column in CHECKS[check])
            if check == "creditors":
                mine = [writ.writ for writ in month.writs if writ.employee == employee]
                changed = any(truth.writs.get(writ, 0) != writs.get(writ, 0) for writ in mine)
            if check == "exceptions":
                changed = wrong != {one for one in truth.exceptions if one[0] == employee}
            if changed:
                return True
    return False
