"""Builds the sandbox's stock and weather, and the hidden nights that sync.py will be run through.

Every night's script is proven before use: right clients of all habits end with the mirror that is expected, within
the bounds, and a client that does not know a rule the scenario is about ends with another one, or with none.
"""

import importlib.util
import json
import random
from pathlib import Path
from string import Template

import _flaky_api_sync_scripts as nights
import _flaky_api_sync_stock as stocks
from _flaky_api_sync_client import HABITS, Client, GaveUp, Killed, Time

HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location("_flaky_api_sync_server", HERE / "inputs" / "server.py")
server = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(server)
server.GENERATIONS = 30

NEEDS = {
    "visible": ["revision", "discard"],
    "crash": ["removals"],
    "damaged": ["damage", "error-object", "repeats", "count", "others-count", "same-exchange"],
    "moving": ["revision", "discard", "cursor", "last-walk"],
    "tokens": ["save-tokens", "late-tokens", "conflict", "fresh-expiry"],
    "busy": ["own-date"],
    "hush": ["any-answer", "cut-status"],
    "maintenance": ["maintenance", "fraction", "own-date"],
    "forbidden": ["cut-status"],
    "storm": ["revision", "damage", "cursor", "any-answer", "own-date", "same-exchange", "maintenance"],
}
"""Scenario → the rules without which it cannot be passed."""
RIGHT = [
    frozenset(),
    frozenset(["patient"]),
    frozenset(["drops"]),
    frozenset(["flees", "rereads"]),
    frozenset(["early", "by-address", "slow", "rests"]),
    frozenset(HABITS),
]
"""The habits of the clients that pass every scenario."""
SHORT_OF_RULES = [frozenset(), frozenset(["patient", "drops"])]
"""The habits of the clients that pass no scenario for which they lack a rule."""


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write stock.json, weather.json, token.json and api.md, and the hidden nights."""
    rng = random.Random(f"flaky-api-sync/{seed}")
    limits = {"tries": rng.randint(5, 6), "rate": rng.randint(8, 11), "walks": rng.randint(5, 6)}
    scenarios = draw_scenarios(seed, limits)
    visible = scenarios.pop("visible")
    night = visible["nights"][0]
    _write(workspace / "stock.json", night["stock"], indent=1)
    _write(workspace / "weather.json", night["weather"], indent=1)
    _write(workspace / "token.json", visible["tokens"])
    text = Template((HERE / "api.md.tmpl").read_text("utf-8")).substitute(limits)
    (workspace / "api.md").write_text(text, encoding="utf-8")
    _write(hidden / "nights.json", {"items": night["rows"], **limits, "scenarios": scenarios})


def draw_scenarios(seed, limits):
    """Return ``name → {tokens, from, nights: [{stock, weather, rows, ends}]}``, each drawn until its traps are alive.

    ``from`` names the scenario whose mirror and tokens this one goes on with.
    """
    scenarios = {}
    for name, draw in nights.DRAWS.items():
        for attempt in range(300):
            rng = random.Random(f"flaky-api-sync/{seed}/{name}/{attempt}")
            base = scenarios.get("base") if name in nights.AFTER_BASE else None
            drawn = _scenario(
                draw(rng, limits, base and base["nights"][0]["stock"]), nights.ENDS.get(name), base
            )
            if alive(drawn, base, limits, NEEDS.get(name, [])):
                break
        else:
            raise AssertionError(f"no draw keeps every trap of {name} alive")
        scenarios[name] = drawn
    return scenarios


def alive(scenario, base, limits, needs):
    """Return whether right clients pass the nights and clients without one of the needed rules do not.

    Where the last of the walks granted is not needed, right clients pass without it as well.
    """
    spare = frozenset() if "last-walk" in needs else frozenset(["last-walk"])
    return all(passes(scenario, base, limits, spare, habits) for habits in RIGHT) and not any(
        passes(scenario, base, limits, frozenset([rule]), habits)
        for rule in needs
        for habits in SHORT_OF_RULES
    )


def passes(scenario, base, limits, ignores, habits):
    """Return whether a client that ignores these rules ends every night as foreseen, having kept quiet when asked."""
    client = Client(scenario["tokens"].values(), limits, ignores, habits)
    if base:
        rows = base["nights"][0]["rows"]
        client.mirror = {
            row[0]: dict(zip(("id", "name", "qty", "updated"), row, strict=True)) for row in rows
        }
    generation = 0
    for night in scenario["nights"]:
        sandbox = Proof(night, generation, client)
        generation, ended = sandbox.run()
        mirror = [[i["id"], i["name"], i["qty"], i["updated"]] for _, i in sorted(client.mirror.items())]
        kept_bounds = not sandbox.n_forbidden and sandbox.walks <= limits["walks"]
        if ended != night["ends"] or mirror != night["rows"] or not kept_bounds:
            return False
    return True


class Proof(server.Sandbox):
    """A night in a time of its own, with a client in the same process."""

    def __init__(self, night, generation, client):
        self.clock, self.client, self.n_forbidden = Time(), client, 0
        weather = {**night["weather"], "generation": generation}
        super().__init__(
            night["stock"], weather, lambda: 2e9 + self.clock.t, lambda: self.clock.t, self.clock.later
        )

    def run(self):
        """Return the generation of tokens at the end, and how the night ended."""
        try:
            self.client.sync(self, self.clock)
            ended = "mirror"
        except GaveUp:
            ended = "failure"
        except Killed:
            ended = "killed"
        return self.generation, ended

    def answer(self, method, target, authorization, body):
        self.n_forbidden += self.locked
        answer = super().answer(method, target, authorization, body)
        self.n_forbidden += self.note["early"]
        return answer

    def leave(self, pair):
        self.client.stored = [pair["access_token"], pair["refresh_token"]]

    def _strike(self, fault, whole):
        if fault["kind"] == "kill":
            raise Killed
        return super()._strike(fault, whole)


def _scenario(drawn, ends, base):
    done = []
    before = base["nights"][0]["rows"] if base else []
    for number, (stock, weather) in enumerate(drawn):
        end = ends[number] if ends else "mirror"
        rows = stocks.rows(stocks.after(stock, weather["changes"])) if end == "mirror" else before
        done.append({"stock": stock, "weather": weather, "rows": rows, "ends": end})
        before = rows
    access, refresh = server.token_pair(done[0]["stock"]["token_key"], 0)
    tokens = {"access_token": access, "refresh_token": refresh}
    return {"tokens": tokens, "from": "base" if base else None, "nights": done}


def _write(path, document, indent=None):
    path.write_text(json.dumps(document, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")
