"""Builds the sandbox's stock and weather, and the hidden nights that sync.py will be run through.

Every night's script is proven before use: two right clients of different habits end with the mirror that is
expected, and a client that does not know the rule a scenario is about ends with another one, or with none.
"""

import importlib.util
import json
import random
from pathlib import Path
from string import Template

import _flaky_api_sync_stock as stocks
from _flaky_api_sync_client import Client, GaveUp

HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location("_flaky_api_sync_server", HERE / "inputs" / "server.py")
server = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(server)

NEEDS = {
    "visible": ["revision", "discard"],
    "damaged": ["damage", "error-object", "repeats"],
    "moving": ["revision", "discard", "cursor"],
    "tokens": ["save-tokens"],
    "second-run": ["removals"],
    "storm": ["revision", "discard", "damage", "error-object", "cursor"],
}
"""Scenario → the rules without which it cannot be passed."""


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write stock.json, weather.json, token.json and api.md, and the hidden nights."""
    for attempt in range(200):
        rng = random.Random(f"flaky-api-sync/{seed}/{attempt}")
        tries, rate = rng.randint(4, 6), rng.randint(8, 12)
        scenarios = draw_scenarios(rng, tries, rate)
        if all(alive(scenarios[name], tries, NEEDS.get(name, [])) for name in scenarios):
            break
    else:
        raise AssertionError("no draw keeps every trap alive")
    visible = scenarios.pop("visible")
    night = visible["nights"][0]
    _write(workspace / "stock.json", night["stock"], indent=1)
    _write(workspace / "weather.json", night["weather"], indent=1)
    _write(workspace / "token.json", visible["tokens"])
    text = Template((HERE / "api.md.tmpl").read_text("utf-8")).substitute(tries=tries, rate=rate)
    (workspace / "api.md").write_text(text, encoding="utf-8")
    _write(hidden / "nights.json", {"items": night["rows"], "tries": tries, "rate": rate, "scenarios": scenarios})


def draw_scenarios(rng, tries, rate):
    """Return ``name → {tokens, nights: [{stock, weather, rows, ends}]}`` for the visible night and the hidden ones."""
    return {
        "visible": _scenario(_visible(rng)),
        "damaged": _scenario(_damaged(rng, tries)),
        "moving": _scenario(_moving(rng)),
        "tokens": _scenario(*_tokens(rng)),
        "second-run": _scenario(*_second_run(rng, rate)),
        "busy": _scenario(_busy(rng, [{"at": 2}, {"at": 4, "status": 503}, {"at": 6, "form": "date", "wait": 2}])),
        "forbidden": _scenario(*_stopped(rng, "locked"), last="failure"),
        "outage": _scenario(*_stopped(rng, "down"), last="failure"),
        "storm": _scenario(_storm(rng)),
    }


def alive(scenario, tries, needs):
    """Return whether right clients pass the nights and clients without one of the needed rules do not."""
    right = all(passes(scenario, tries, frozenset(), patient) for patient in (False, True))
    wrong = any(passes(scenario, tries, frozenset([rule]), patient) for rule in needs for patient in (False, True))
    return right and not wrong


def passes(scenario, tries, ignores, patient):
    """Return whether a client that ignores these rules ends every night as foreseen."""
    client = Client(scenario["tokens"].values(), tries, ignores, patient=patient)
    generation = 0
    for night in scenario["nights"]:
        sandbox = server.Sandbox(night["stock"], {**night["weather"], "generation": generation}, wall=lambda: 2e9)
        try:
            client.sync(sandbox)
            ended = "mirror"
        except GaveUp:
            ended = "failure"
        generation = sandbox.generation
        mirror = [[i["id"], i["name"], i["qty"], i["updated"]] for _, i in sorted(client.mirror.items())]
        if ended != night["ends"] or mirror != night["rows"]:
            return False
    return True


# -- the nights ------------------------------------------------------------------------------------


def _visible(rng):
    stock = stocks.draw_stock(rng, rng.randint(13, 17), rng.randint(22, 30))
    clock = stocks.Clock(rng)
    faults = [{"at": 3, "kind": "busy"}, {"at": 6, "kind": "broken"}, {"at": 10, "kind": "expired-token"}]
    changes = [_removal(rng, stock, 4), _arrival(rng, clock, stock, 8)]
    return stock, _weather(rng, faults, changes)


def _damaged(rng, tries):
    stock = stocks.draw_stock(rng, rng.randint(7, 8), rng.randint(9, 14))
    row = [rng.choice(["broken", "short", "torn", "drop"]) for _ in range(tries - 1)]
    kinds = ["error-object", "short", "torn", "drop", "broken"]
    rng.shuffle(kinds)
    faults = [{"at": 1 + 2 * n, "kind": kind} for n, kind in enumerate(kinds[:3])]
    faults += [{"at": 7 + n, "kind": kind} for n, kind in enumerate(row)]
    faults += [{"at": 8 + tries + 2 * n, "kind": kind} for n, kind in enumerate(kinds[3:])]
    for fault in faults:
        if fault["kind"] == "broken":
            fault["status"] = rng.choice([500, 502, 503, 504])
    return stock, _weather(rng, faults, [])


def _moving(rng):
    stock = stocks.draw_stock(rng, rng.randint(6, 7), rng.randint(9, 14))
    clock = stocks.Clock(rng)
    changes = [_removal(rng, stock, 6), _arrival(rng, clock, stock, 10)]
    return stock, _weather(rng, [{"at": 4, "kind": "expired-cursor"}], changes)


def _tokens(rng):
    stock = stocks.draw_stock(rng, 4, rng.randint(9, 14))
    first = stock, _weather(rng, [{"at": 3, "kind": "expired-token"}], [])
    changed = stocks.after(stock, [_news(rng, stocks.Clock(rng), stock)])
    second = changed, _weather(rng, [{"at": 1, "kind": "expired-token"}, {"at": 4, "kind": "expired-token"}], [])
    return first, second


def _second_run(rng, rate):
    stock = stocks.draw_stock(rng, rate + 3, rng.randint(6, 8))
    news = _news(rng, stocks.Clock(rng), stock)
    kept = {item["id"] for item in news["set"]}
    gone = rng.sample([item["id"] for item in stock["items"] if item["id"] not in kept], rng.randint(3, 5))
    return (stock, _weather(rng, [], [])), (stocks.after(stock, [news, {"remove": gone}]), _weather(rng, [], []))


def _busy(rng, faults):
    stock = stocks.draw_stock(rng, 5, rng.randint(9, 14))
    return stock, _weather(rng, [{"kind": "busy", **fault} for fault in faults], [])


def _stopped(rng, kind):
    stock = stocks.draw_stock(rng, 4, rng.randint(9, 14))
    first = stock, _weather(rng, [], [])
    changed = stocks.after(stock, [_news(rng, stocks.Clock(rng), stock)])
    return first, (changed, _weather(rng, [{"at": 3, "kind": kind}], []))


def _storm(rng):
    stock = stocks.draw_stock(rng, 5, rng.randint(9, 14))
    clock = stocks.Clock(rng)
    early, late = rng.sample(["short", "torn", "drop"], 2)
    faults = [
        {"at": 1, "kind": "expired-token"},
        {"at": 3, "kind": early},
        {"at": 4, "kind": "error-object"},
        {"at": 6, "kind": "expired-token"},
        {"at": 7, "kind": "busy", "form": "date", "wait": 2},
        {"at": 9, "kind": "expired-cursor"},
        {"at": 11, "kind": late},
        {"at": 13, "kind": "broken", "status": rng.choice([500, 502, 503])},
    ]
    changes = [_removal(rng, stock, 4), _arrival(rng, clock, stock, 8)]
    return stock, _weather(rng, faults, changes)


# -- parts of a night ------------------------------------------------------------------------------


def _scenario(*nights, last="mirror"):
    ends = ["mirror"] * (len(nights) - 1) + [last]
    done = []
    for (stock, weather), end in zip(nights, ends, strict=True):
        rows = stocks.rows(stocks.after(stock, weather["changes"])) if end == "mirror" else done[-1]["rows"]
        done.append({"stock": stock, "weather": weather, "rows": rows, "ends": end})
    access, refresh = server.token_pair(done[0]["stock"]["token_key"], 0)
    return {"tokens": {"access_token": access, "refresh_token": refresh}, "nights": done}


def _weather(rng, faults, changes):
    return {"clock_offset_sec": -rng.randint(40, 400), "faults": faults, "changes": changes}


def _removal(rng, stock, after_pages):
    first_pages = stocks.listing(stock)[: 2 * stock["page_size"]]
    gone = rng.sample([item["id"] for item in first_pages], 2)
    return {"after_pages": after_pages, "remove": sorted(gone)}


def _arrival(rng, clock, stock, after_pages):
    late = rng.sample(stocks.listing(stock)[-2 * stock["page_size"] :], 2)
    moved = [stocks.touched(rng, clock, late[0]), stocks.renamed(rng, clock, late[1])]
    return {"after_pages": after_pages, "set": [*moved, stocks.added(rng, clock, stock)]}


def _news(rng, clock, stock):
    chosen = rng.sample(stock["items"], rng.randint(6, 9))
    changed = [stocks.touched(rng, clock, item) for item in chosen[:-2]]
    changed += [stocks.renamed(rng, clock, item) for item in chosen[-2:]]
    return {"set": [*changed, stocks.added(rng, clock, stock)]}


def _write(path, document, indent=None):
    path.write_text(json.dumps(document, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")
