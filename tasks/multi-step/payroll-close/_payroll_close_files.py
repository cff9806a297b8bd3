"""The files of a month's folder."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from random import Random

from _payroll_close_deal import DAY_0, as_date
from _payroll_close_model import Month, World

_ZERO = datetime(DAY_0.year, DAY_0.month, DAY_0.day)


def instant(second: int) -> str:
    """Return a second as the clock writes it."""
    return f"{_ZERO + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"


def files(rng: Random, world: World, month: Month) -> dict[str, str]:
    """Return the texts of a month's folder by file name; the order of rows is drawn where it means nothing."""
    zones = {
        zone: [{"since": instant(since * 60), "offset_minutes": offset} for since, offset in reversed(steps)]
        for zone, steps in sorted(world.zones.items())
    }
    staff = [(employee, f'"{name}"', count) for employee, (name, count) in sorted(month.staff.items())]
    contracts = [
        (
            one.employee,
            as_date(one.since),
            "" if one.until is None else as_date(one.until),
            one.site,
            f"{one.weekly / 60:g}",
            _money(one.rate),
        )
        for one in sorted(month.contracts, key=lambda one: (one.employee, one.since))
    ]
    corrections = [
        (
            row.employee,
            row.site,
            instant(row.begin),
            "" if row.paid_out is None else instant(row.paid_out),
            instant(row.right_out),
        )
        for row in rng.sample(month.corrections, len(month.corrections))
    ]
    writs = [
        (one.writ, one.employee, one.creditor, one.kind, as_date(one.served), _money(one.balance))
        for one in rng.sample(month.writs, len(month.writs))
    ]
    holidays = [(as_date(number), region, name) for (number, region), name in sorted(world.holidays.items())]
    sites = [(site, *where) for site, where in sorted(world.sites.items())]
    clock = [(row.employee, row.site, instant(row.second), row.kind) for row in month.rows]
    return {
        "month.json": json.dumps({"month": month.name}) + "\n",
        "zones.json": json.dumps(zones, indent=1) + "\n",
        "staff.csv": _csv("employee,name,dependants", staff),
        "contracts.csv": _csv("employee,from,until,site,weekly_hours,rate", contracts),
        "sites.csv": _csv("site,region,zone", sites),
        "holidays.csv": _csv("date,region,name", holidays),
        "clock.csv": _csv("employee,site,time,kind", clock),
        "corrections.csv": _csv("employee,site,in,paid_out,right_out", corrections),
        "garnishments.csv": _csv("writ,employee,creditor,kind,served,balance", writs),
    }


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _csv(header: str, rows: list) -> str:
    return "".join(f"{line}\n" for line in [header, *(",".join(str(cell) for cell in row) for row in rows)])
