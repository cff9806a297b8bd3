"""Answers that the service never gives: recorded ones with one fault.

A fault is a member left out that is always there, a member too many, a value of another JSON type (null included) than
was ever seen under that name, half a number where all are whole, or a word outside a closed set.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator

WORDS = {"status", "state", "kind", "code", "country", "delivery", "told", "wanted"}
"""Members with a closed set of words, beside the level of a customer."""
OPEN = {"extras"}
"""Objects whose members are up to the caller."""
SOMETIMES = {"parameter", "hint", "drop_off", "discount", "voucher", "next", "surplus"}
"""Members that are not always there, beside the weight of an item."""
PLAIN_ERRORS = 12
"""How many answers with an error of a kind that most operations share are given faults."""
INSTEAD = ["seven", 7.25, True, [], {}]


def draw_faults(rng: random.Random, exchanges: list[dict], d: dict) -> list[dict]:
    """Return faults: the number of an exchange, the kind of fault, and the new body or the header left out."""
    bodies = [json.loads(one["body"]) if str(one["media"]).endswith("json") else None for one in exchanges]
    words, sometimes = WORDS | {d["level"]}, SOMETIMES | {d["mass"]}
    seen = _Seen(bodies)
    done, faults = set(), []
    for n in _order(rng, exchanges):
        answer = exchanges[n]["op"], exchanges[n]["status"]
        for kind, at, steps, value in _faults(bodies[n], seen, words, sometimes):
            if (answer, kind, at) not in done:
                done.add((answer, kind, at))
                faults.append({"exchange": n, "kind": kind, "at": at, "body": _with(bodies[n], steps, value)})
    for answer in sorted({(one["op"], one["status"]) for one in exchanges}):
        several = [n for n, one in enumerate(exchanges) if (one["op"], one["status"]) == answer]
        for name in sorted(set.intersection(*(set(exchanges[n]["headers"]) for n in several))):
            faults.append({"exchange": several[0], "kind": "missing", "at": name, "header": name})
    return faults


def _order(rng, exchanges):
    """Return the numbers of the exchanges to give faults to: short answers first, otherwise in a drawn order."""
    order = list(range(len(exchanges)))
    rng.shuffle(order)
    order.sort(key=lambda n: len(exchanges[n]["body"]) // 400)
    common = [n for n in order if exchanges[n]["status"] in (400, 401, 403, 404, 413, 415, 428)]
    return [n for n in order if n not in common[PLAIN_ERRORS:]]


class _Seen:
    """The JSON types that were seen under each name, in all answers."""

    def __init__(self, bodies):
        self.types, self.halves = defaultdict(set), set()
        for body in bodies:
            for _, name, value in places(body):
                self.types[name].add(_type(value))
                if isinstance(value, float):
                    self.halves.add(name)


def places(value: object, steps: tuple = (), name: str = "") -> Iterator[tuple[tuple, str, object]]:
    """Yield (steps, name, value) for a body and all that is in it; elements are named after their list."""
    yield steps, name, value
    if isinstance(value, dict):
        for member, one in value.items():
            yield from places(one, (*steps, member), "*" if name in OPEN else member)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from places(one, (*steps, number), f"{name}[]")


def _type(value):
    if value is None:
        return "null"
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )


def _faults(body, seen, words, sometimes):
    """Yield (kind, place, steps, value) for each fault that a body can be given."""
    if body is None:
        return
    for steps, name, value in places(body):
        at = ".".join("[]" if isinstance(step, int) else step for step in steps)
        if isinstance(value, dict):
            at += f" {sorted(value)[:2] if steps else ''}"
            if name not in OPEN:
                for member in sorted(value.keys() - sometimes):
                    gone = {other: one for other, one in value.items() if other != member}
                    yield "missing", f"{at}.{member}", steps, gone
                yield "unknown", at, steps, {**value, "surplus": 1}
        types = seen.types[name]
        if "null" not in types:
            yield "type", f"{at} null", steps, None
        yield "type", at, steps, next(one for one in INSTEAD if _type(one) not in types)
        if _type(value) == "number" and name not in seen.halves:
            yield "type", f"{at} half", steps, value + 0.5
        if isinstance(value, str) and name.removesuffix("[]") in words:
            yield "word", at, steps, f"un{value}"


def _with(body, steps, value):
    """Return the text of a body with another value in a place."""
    if not steps:
        return json.dumps(value, ensure_ascii=False)
    copy = json.loads(json.dumps(body))
    inner = copy
    for step in steps[:-1]:
        inner = inner[step]
    inner[steps[-1]] = value
    return json.dumps(copy, ensure_ascii=False)
