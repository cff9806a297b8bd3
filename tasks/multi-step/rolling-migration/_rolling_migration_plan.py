"""The hidden runs: steps for the driver on databases of their own, and what the model says about them.

Each step has a note beside it: what it stands for (``as``), and for calls and dumps what has to come (``want``).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from _rolling_migration_draw import Draw, Rows, calm, dirty
from _rolling_migration_model import Shop
from _rolling_migration_work import Work, scenes

Step = list[Any]
BOTH = ["v1", "v2"]
DUMP = {
    "v1": ("customers", "orders"),
    "v2": ("members", "homes", "conflicts", "purchases"),
}
KILLS = {"expand": 3, "backfill": 8, "contract": 3, "rollback": 3}
BY = ("stages", "statements")


class Run:
    """A run being written."""

    def __init__(self, draw: Draw, rows: tuple[Rows, Rows]) -> None:
        self.draw, self.rows = draw, rows
        self.steps: list[Step] = []
        self.notes: list[dict[str, Any]] = []

    def add(self, name: str, *step: Any) -> None:
        """Add a step."""
        self.steps.append(list(step))
        self.notes.append({"as": name})

    def calls(self, calls: list[Step], name: str = "call") -> None:
        """Add calls."""
        for call in calls:
            self.add(name, *call)

    def phases(self, *phases: str, name: str = "done") -> None:
        """Add phases that have to end with 0, or with 3 if they are named so."""
        for phase in phases:
            self.add(name, "phase", phase)

    def dump(self, name: str, versions: list[str]) -> None:
        """Add a look at everything, and at whether it is sound."""
        self.add(name, "dump", versions)
        self.add("sound", "sound")

    def shop(self) -> Shop:
        """Return the model at the beginning."""
        return Shop(*self.rows)

    def made(self) -> dict[str, Any]:
        """Return the run, with what has to come."""
        for note, answer in zip(self.notes, answers(self), strict=True):
            if answer is not None:
                note["want"] = answer
        return {"customers": self.rows[0], "orders": self.rows[1], "steps": self.steps, "notes": self.notes}


def dumped(shop: Shop, versions: list[str], only: set[str] | None = None) -> dict[str, Any]:
    """Return what the driver's dump has to be, or only these reads of it."""
    reads = [(one, name) for one in versions for name in DUMP[one] if not only or f"{one}.{name}" in only]
    return {f"{one}.{name}": shop.call(one, name, []) for one, name in reads}


def answers(run: Run, slip: str = "", only: set[str] | None = None) -> list[Any]:
    """Return what each call and dump has to give, None for other steps."""
    shop, found, kept = Shop(*run.rows, slip), [], {}
    for (kind, *rest), note in zip(run.steps, run.notes, strict=True):
        if kind in BOTH:
            found.append(shop.call(kind, *rest))
            continue
        found.append(dumped(shop, rest[0], only) if kind == "dump" else None)
        if kind == "save":
            kept[rest[0]] = deepcopy(shop)
        elif kind == "load":
            shop = deepcopy(kept[rest[0]])
        elif kind in ("phase", "count") and not note["as"].startswith("refused"):
            if rest[0] == "contract" and shop.after is None:
                shop.contract()
            elif rest[0] == "rollback":
                shop.points.clear()
                shop.hints.clear()
    return found


def mixed(draw: Draw, count: int) -> Run:
    """Return a run in which both versions write in turn whatever the rules speak of."""
    run = Run(draw, dirty(draw, count))
    work = Work(draw, run.shop())
    run.phases("expand")
    run.calls(early(draw, work), "mixed")
    run.phases("backfill")
    run.dump("mixed", BOTH)
    for name in scenes(draw.rng):
        work.steps.clear()
        getattr(work, name)()
        run.calls(work.steps, "mixed")
        run.add("mixed", "dump", BOTH)
        if draw.rng.random() < 0.3:
            run.add("sound", "sound")
    return run


def early(draw: Draw, work: Work) -> list[Step]:
    """Return what v1 writes before there is a version 2."""
    mails = work.shop.mails()
    calm = [id for id in work.ids() if mails[id][2] is None and not work.twins(mails[id][0])]
    one, two, three, four, five = draw.rng.sample(calm, 5)
    work.steps.clear()
    work.call("v1", "change_customer", one, {"name": draw.name(), "email": draw.mail()})
    work.call("v1", "change_customer", two, dict(zip(("street", "zip", "city"), draw.place(), strict=True)))
    work.call("v1", "delete_customer", three)
    work.call("v1", "import_customer", four, *work.new_card())
    work.call("v1", "add_customer", work.unborn(), *work.new_card())
    work.call("v1", "place_order", work.order_id(), work.one(), *draw.order())
    work.call("v1", "cancel_order", draw.rng.choice(sorted(work.shop.orders)))
    work.call("v1", "renumber_customer", five, work.unborn())
    return list(work.steps)


def later(draw: Draw, work: Work) -> list[Step]:
    """Return what both write with nothing odd about it: nobody shares, nobody is in conflict."""
    alone = [id for id, row in sorted(work.shop.mails().items()) if row[0] and not work.twins(row[0])]
    ids = draw.rng.sample(alone, 3)
    work.steps.clear()
    new = work.unborn()
    work.call("v2", "register", new, draw.name(), draw.mail(), "", *draw.place())
    work.call("v2", "add_points", new, 7)
    work.call("v2", "set_hint", new, "blue door")
    work.call("v2", "record", work.order_id(), new, *draw.order())
    work.call("v2", "set_email", ids[0], draw.mail())
    work.call("v2", "save", ids[1], {"name": draw.name(), "phone": "01"})
    work.call("v2", "add_points", ids[1], 20)
    work.call("v2", "move", ids[1], *draw.place())
    work.call("v2", "set_hint", ids[1], "ring twice")
    work.call("v1", "change_customer", ids[2], {"name": draw.name()})
    work.call("v1", "place_order", work.order_id(), ids[2], *draw.order())
    work.call("v2", "close", ids[0])
    work.call("v2", "void", draw.rng.choice(sorted(work.shop.orders)))
    return list(work.steps)


def last(draw: Draw, work: Work) -> list[Step]:
    """Return what v2 writes once v1 is gone, or as if it were."""
    alone = [id for id, row in sorted(work.shop.mails().items()) if row[0] and not work.twins(row[0])]
    ids = draw.rng.sample(alone, 3)
    work.steps.clear()
    new = work.unborn()
    work.call("v2", "register", new, draw.name(), draw.mail(), None, *draw.place())
    work.call("v2", "add_points", ids[0], 11)
    work.call("v2", "save", ids[0], {"phone": "02"})
    work.call("v2", "record", work.order_id(), ids[0], *draw.order())
    work.call("v2", "correct_address", ids[1], *draw.place())
    work.call("v2", "close", ids[2])
    return list(work.steps)


def live(draw: Draw, count: int) -> dict[str, Any]:
    """Return a run in which others write between the transactions of the backfill."""
    run = Run(draw, calm(draw, count))
    customers = [meanwhile(draw, n) for n in range(40)]
    orders = [
        [
            ["v1", "change_order", ["@order 0", *draw.order()]],
            ["v1", "change_order", ["@last 0", *draw.order()]],
            *([["v1", "cancel_order", [f"@{place} 0"]] for place in ("order", "last")] if n % 3 == 0 else ()),
            ["v1", "place_order", [n + 1, "@moved 3", *draw.order()]],
        ]
        for n in range(12)
    ]
    others = [
        [["v2", "add_points", ["@moved 0", 5]]],
        [["v2", "register", [501, draw.name(), draw.mail(), "", *draw.place()]]],
        [["v2", "save", ["@moved 1", {"name": draw.name()}]], ["v2", "record", [951, 501, *draw.order()]]],
        [["v2", "set_email", ["@moved 2", draw.mail()]], ["v2", "move", ["@moved 3", *draw.place()]]],
        [["v2", "record", [952, "@moved 0", *draw.order()]], ["v1", "delete_customer", ["@moved 1"]]],
        [["v2", "add_points", ["@moved 3", 9]], ["v2", "close", ["@moved 2"]]],
        [["v1", "change_customer", ["@moved 1", card(draw)]], ["v1", "rename_city", ["Norden", "Nordend"]]],
        [["v2", "save", ["@moved 2", {"phone": ""}]], ["v2", "move", ["@moved 1", "", "", ""]]],
    ]
    run.phases("expand")
    run.add("watched", "watch", "backfill", {"customers": customers, "orders": orders, "others": others})
    run.dump("live", BOTH)
    again = [
        [["v2", "add_points", ["@moved 4", 2]], ["v1", "change_customer", ["@moved 5", card(draw)]]],
        [["v2", "set_email", ["@moved 6", draw.mail()]], ["v1", "delete_customer", ["@moved 7"]]],
        [
            ["v2", "save", ["@moved 4", {"phone": "05"}]],
            ["v1", "place_order", [53, "@moved 0", *draw.order()]],
        ],
    ]
    run.add("again", "watch", "backfill", {"others": again})
    run.dump("live", BOTH)
    return run.made()


def card(draw: Draw) -> dict[str, Any]:
    """Return changes of everything on a card."""
    place = dict(zip(("street", "zip", "city"), draw.place(), strict=True))
    return {"name": draw.name(), "email": draw.mail(), "phone": "04", **place}


def meanwhile(draw: Draw, n: int) -> list[Step]:
    """Return what v1 does about those who are not moved yet, from both ends, and about those who are new."""
    mail = draw.mail()
    calls: list[Step] = [
        ["v1", "change_customer", ["@low 0", card(draw)]],
        ["v1", "change_customer", ["@high 0", card(draw)]],
    ]
    if n % 3 == 0:
        calls += [["v1", "delete_customer", ["@low 1"]], ["v1", "delete_customer", ["@high 1"]]]
    if n % 3 == 1:
        calls += [
            ["v1", "change_customer", ["@high 1", {"email": mail.upper()}]],
            ["v1", "change_customer", ["@low 1", {"email": f" {mail}"}]],
        ]
    extra: list[Step] = [
        ["v1", "add_customer", [1, *card(draw).values()]],
        ["v1", "renumber_customer", ["@high 2", 2]],
        ["v1", "import_customer", ["@low 1", *card(draw).values()]],
        ["v1", "add_customer", [997, *card(draw).values()]],
    ]
    return [*calls, *extra[n : n + 1]]


def killed(draw: Draw, count: int) -> dict[str, Any]:
    """Return a run with every phase killed at several points."""
    run = Run(draw, dirty(draw, count))
    rng = draw.rng
    shop = run.shop()
    run.add("start", "schema")
    run.add("", "save", "bare")
    first = some(draw, shop, early, {"change_customer", "delete_customer", "place_order"})
    _kills(run, "expand", first, ["schema", "phase backfill", "dump v1 v2"])
    run.add("", "load", "bare")
    run.phases("expand")
    run.calls(first)
    run.add("", "save", "ready")
    wanted = {"delete_customer", "import_customer", "add_customer", "place_order", "cancel_order"}
    second = some(draw, shop, early, {*wanted, "renumber_customer"})
    second += some(draw, shop, newcomer, {"register", "record"})
    _kills(run, "backfill", second, ["dump v1 v2"])
    run.add("", "load", "ready")
    run.add("", "kill", "backfill", 0.5)
    run.calls(second[:5])
    run.phases("rollback")
    run.add("undone", "schema")
    run.add("", "load", "ready")
    run.phases("backfill")
    run.calls(second)
    work = Work(draw, shop)
    run.calls(later(draw, work))
    run.add("", "save", "moved")
    third = some(draw, deepcopy(shop), last, {"register", "record", "close"})
    run.calls(third)
    run.phases("rollback")
    run.dump("base undo", ["v1"])
    for n, point in enumerate(points(rng, "contract", 2)):
        run.add("", "load", "moved")
        if point == "count":
            run.add("done", "count", "contract")
            continue
        run.add("killed", "kill", "contract", point, BY[(n + 1) % 2])
        run.calls(third)
        run.add("undo", "undo")
        run.dump("like undo", BOTH)
    _kills(run, "contract", third, ["dump v2", "form"])
    fourth = some(draw, shop, early, {"import_customer", "delete_customer", "place_order"})
    _kills(run, "rollback", fourth, ["dump v1", "schema"])
    return run.made()


def some(draw: Draw, shop: Shop, make: Callable[[Draw, Work], list[Step]], names: set[str]) -> list[Step]:
    """Return the calls of these functions, few as they run often, and let the model go along."""
    calls = [call for call in make(draw, Work(draw, deepcopy(shop))) if call[1] in names]
    for call in calls:
        shop.call(*call)
    return calls


def newcomer(draw: Draw, work: Work) -> list[Step]:
    """Return what v2 writes about somebody new."""
    work.steps.clear()
    new = work.unborn()
    work.call("v2", "register", new, draw.name(), draw.mail(), "", *draw.place())
    work.call("v2", "record", work.order_id(), new, *draw.order())
    return list(work.steps)


def points(rng: Random, phase: str, number: int = 0) -> list[Any]:
    """Return ``count``, then where to kill, in shares of what the counted run did."""
    number = number or KILLS[phase]
    return ["count", *(round((n + 0.1 + 0.8 * rng.random()) / number, 3) for n in range(number))]


def _kills(run: Run, phase: str, calls: list[Step], looks: list[str]) -> None:
    """Add a run of a phase without a kill and several with one, from where the database is kept."""
    slot = {"expand": "bare", "backfill": "ready", "contract": "moved", "rollback": "moved"}[phase]
    for n, point in enumerate(points(run.draw.rng, phase)):
        counting = point == "count"
        run.add("", "load", slot)
        if counting:
            run.add("done", "count", phase)
        else:
            run.add("killed", "kill", phase, point, BY[(n + 1) % 2])
            run.add("sound", "sound")
        run.calls(calls)
        if not counting:
            run.phases(phase)
        for index, look in enumerate(looks):
            name = f"{'base' if counting else 'like'} {phase} {index}"
            kind, *rest = look.split()
            if kind == "dump":
                run.dump(name, rest)
            else:
                run.add("done" if kind == "phase" else name, kind, *rest)


def ordered(draw: Draw, count: int) -> dict[str, Any]:
    """Return a run with phases called out of order and more than once."""
    run = Run(draw, calm(draw, count))
    work = Work(draw, run.shop())
    run.add("same bare", "schema")
    run.phases("backfill", "contract", name="refused")
    run.phases("rollback", "expand", "rollback")
    run.add("same bare", "schema")
    run.phases("backfill", name="refused")
    run.phases("expand")
    run.add("prepared", "dump", ["v2"])
    run.phases("contract", name="refused")
    run.add("watched", "watch", "backfill", {})
    run.phases("rollback")
    run.add("same bare", "schema")
    run.phases("contract", "backfill", name="refused")
    run.phases("expand")
    run.phases("contract", name="refused")
    run.add("killed", "kill", "backfill", 0.25)
    run.add("left", "left")
    run.phases("contract", name="refused if left")
    run.phases("expand", "backfill")
    run.calls(later(draw, work))
    run.add("same moved", "dump", BOTH)
    run.add("same ready", "schema")
    run.phases("expand", "backfill", "backfill")
    run.add("same moved", "dump", BOTH)
    run.add("same ready", "schema")
    run.phases("contract")
    run.add("same new", "form")
    run.add("same end", "dump", ["v2"])
    run.phases("expand", "backfill", "rollback", name="refused")
    run.phases("contract")
    run.add("same new", "form")
    run.add("same end", "dump", ["v2"])
    return run.made()


def rolled_back(draw: Draw, count: int) -> dict[str, Any]:
    """Return a run that goes back and begins anew."""
    run = Run(draw, dirty(draw, count))
    work = Work(draw, run.shop())
    run.add("bare", "schema")
    run.phases("expand", "backfill")
    run.calls(later(draw, work))
    run.dump("before", ["v1"])
    run.phases("rollback")
    run.add("bare", "schema")
    run.dump("after", ["v1"])
    work.shop.points.clear()
    work.shop.hints.clear()
    run.calls(early(draw, work))
    run.phases("expand", "backfill")
    run.dump("anew", BOTH)
    return run.made()


def contracted(draw: Draw, count: int) -> dict[str, Any]:
    """Return a run that goes to its end."""
    run = Run(draw, dirty(draw, count))
    work = Work(draw, run.shop())
    run.phases("expand", "backfill")
    run.calls(later(draw, work))
    run.dump("before", ["v2"])
    run.phases("contract")
    run.dump("after", ["v2"])
    run.add("form", "form")
    work.shop.contract()
    run.calls(last(draw, work))
    run.dump("later", ["v2"])
    return run.made()
