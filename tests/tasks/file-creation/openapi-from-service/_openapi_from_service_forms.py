"""Other right ways to write the same contract, and helpers that walk through a document."""

import json
import re
from collections.abc import Callable, Iterator

from _openapi_from_service_bodies import DAY

METHODS = ("get", "put", "post", "patch", "delete")


def operations(document: dict) -> Iterator[tuple[str, dict]]:
    """Yield (method and path, operation)."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def changed(value: object, change: Callable[[dict], dict]) -> object:
    """Return a value with every object in it changed, the innermost first."""
    if isinstance(value, dict):
        return change({name: changed(one, change) for name, one in value.items()})
    if isinstance(value, list):
        return [changed(one, change) for one in value]
    return value


def inlined(document: dict) -> dict:
    """Write every schema where it is used, null as a choice of its own, bounds apart; the key as a parameter."""
    known = document["components"]["schemas"]

    def resolved(one: dict) -> dict:
        name = one.get("$ref")
        return changed(known[name.rsplit("/", 1)[1]], resolved) if isinstance(name, str) else one

    def respelled(one: dict) -> dict:
        if one.get("nullable") is True:
            rest = {name: part for name, part in one.items() if name != "nullable"}
            return {"anyOf": [respelled(rest), {"enum": [None], "nullable": True}]}
        if one.get("type") == "integer" and "minimum" in one:
            return {
                "allOf": [{"type": "integer"}, {name: part for name, part in one.items() if name != "type"}]
            }
        return one

    paths = changed(changed(document["paths"], resolved), respelled)
    key = {"name": "x-api-key", "in": "header", "required": True, "schema": {"type": "string"}}
    for path in list(paths):
        item = paths.pop(path)
        for method in item:
            item[method]["parameters"] = [*item[method].get("parameters", []), key]
            if path.endswith("/health"):
                del item[method]["parameters"]
        paths[re.sub(r"\{\w+\}", "{piece}", path)] = item
    for _, operation in operations({"paths": paths}):
        for parameter in operation.get("parameters", []):
            parameter["name"] = "piece" if parameter["in"] == "path" else parameter["name"]
    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "0"},
        "paths": json.loads(json.dumps(paths)),
    }


def respelled(document: dict) -> dict:
    """Write patterns, choices and conditions in other words, and share answers and parameters as components."""
    text = json.dumps(document)
    day = r"^(?=20)\d{4}-(?!00|1[3-9]|[2-9])\d\d-(?!00|3[2-9]|[4-9])\d\d$"
    document = changed(
        json.loads(text), lambda one: {**one, "pattern": day} if one.get("pattern") == DAY else one
    )
    document = changed(document, _trimmed)
    document = changed(document, _conditions)
    responses, parameters = document["components"].setdefault("responses", {}), {}
    for _, operation in operations(document):
        for code, response in operation["responses"].items():
            name = f"R{len(responses)}"
            responses[name] = response
            operation["responses"][code] = {"$ref": f"#/components/responses/{name}"}
        for number, parameter in enumerate(operation.get("parameters", [])):
            name = f"P{len(parameters)}"
            parameters[name] = parameter
            operation["parameters"][number] = {"$ref": f"#/components/parameters/{name}"}
    document["components"]["parameters"] = parameters
    return document


def _trimmed(one: dict) -> dict:
    """Return a schema that looks around for blanks instead of naming the first and the last character."""
    pattern = one.get("pattern")
    if not isinstance(pattern, str):
        return one
    short = re.fullmatch(r"\^ \*\(\?:\[\^ \]\(\?:\[\\s\\S\]\{0,(\d+)\}\[\^ \]\)\?\)(\??) \*\$", pattern)
    long = re.fullmatch(r"\^ \*\(\?:\[\^ \]\[\\s\\S\]\{(\d+),(\d+)\}\[\^ \]\)(\??) \*\$", pattern)
    if not short and not long:
        return one
    low, high = (1, int(short[1]) + 2) if short else (int(long[1]) + 2, int(long[2]) + 2)
    core = rf"^ *(?! )(?:.|\n){{{low},{high}}}(?<! ) *$"
    return {**one, "pattern": f"{core}|^ *$" if (short or long).groups()[-1] else core}


def _conditions(one: dict) -> dict:
    """Return a schema with `anyOf` of two as one of three cases."""
    parts = one.get("anyOf")
    if isinstance(parts, list) and len(parts) == 2:
        first, second = parts
        cases = [
            {"allOf": [first, second]},
            {"allOf": [first, {"not": second}]},
            {"allOf": [second, {"not": first}]},
        ]
        return {**{name: part for name, part in one.items() if name != "anyOf"}, "oneOf": cases}
    return one
