"""Build the payroll: rules, the month to pay, and the hidden months that the program will be run on.

A draw is used only if every slip of `_payroll_close_traps.TRAPS` costs its check something.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from _payroll_close_deal import draw_deal, texts
from _payroll_close_engine import Payroll
from _payroll_close_files import files, instant
from _payroll_close_model import Month, Result, World
from _payroll_close_months import LATER, OCTOBER, VISIBLE, draw_month, draw_world
from _payroll_close_traps import dead

DRAWS = 40


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write rules and one month to ``workspace``, the later months and all right results to ``hidden``."""
    lost: list[str] = []
    for draw in range(DRAWS):
        rng = Random(f"payroll-close/{seed}/{draw}")
        deal = draw_deal(rng)
        world = draw_world(rng, deal)
        months = {name: draw_month(rng, world, name) for name in (VISIBLE, OCTOBER, *LATER)}
        truths = {name: Payroll(world, month).result() for name, month in months.items()}
        lost = dead(world, months, truths)
        if not lost:
            break
    else:
        raise RuntimeError(f"no usable months in {DRAWS} draws: {lost}")
    for name, text in texts(deal).items():
        _write(workspace / name, text)
    for name, text in files(rng, world, months[VISIBLE]).items():
        _write(workspace / "month" / name, text)
    hidden.mkdir(exist_ok=True)
    later = {name: files(rng, world, months[name]) for name in (OCTOBER, *LATER)}
    _write(hidden / "months.json", json.dumps(later))
    expected = {name: _expected(world, months[name], truths[name]) for name in months}
    _write(hidden / "expected.json", json.dumps(expected, indent=1))


def _expected(world: World, month: Month, truth: Result) -> dict:
    payroll = Payroll(world, month)
    exceptions = sorted((who, instant(second), code) for who, second, code in truth.exceptions)
    return {
        "payslips": truth.payslips,
        "exceptions": [" ".join(one) for one in exceptions],
        "writs": {writ: amount for writ, amount in sorted(truth.writs.items()) if amount},
        "homes": {who: payroll.home(who) for who in month.staff},
        "debtors": {writ.writ: writ.employee for writ in month.writs},
    }


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
