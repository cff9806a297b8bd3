"""Finds since when the register itself showed an owner: a clerk for each day on which something came in."""

from datetime import timedelta

from _beneficial_owners_clerk import Clerk


def seen(clerk, rows):
    """Return (supplier, person) → the first day of the run by what was known on each day."""
    found = {}
    for supplier in clerk.suppliers:
        group = set(clerk.group(supplier["supplier_id"]))
        raw = [one for one in clerk.raw if one.company in group]
        running = {row[1]: clerk.asof for row in rows if row[0] == supplier["supplier_id"]}
        above = clerk.asof + timedelta(days=1)
        for came in sorted({one.received for one in raw if one.received <= clerk.asof}, reverse=True):
            if not running:
                break
            then = Clerk(clerk.workspace, clerk.slips, came, clerk, raw)
            days = {
                step for one in then.group(supplier["supplier_id"]) for step in then.steps(one)
            } | then._turns(supplier)
            for day in sorted((day for day in days | {came} if came <= day < above), reverse=True):
                owners = then.owners(supplier, day)
                for who in list(running):
                    if who in owners:
                        running[who] = day
                    else:
                        found[supplier["supplier_id"], who] = running.pop(who)
            above = came
        found |= {(supplier["supplier_id"], who): day for who, day in running.items()}
    return found
