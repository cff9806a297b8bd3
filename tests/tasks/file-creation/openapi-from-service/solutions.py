"""Solutions of openapi-from-service. A wrong one, or a mutation, is the oracle's document with one thing misread."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from _openapi_from_service_bodies import Bodies, load
from _openapi_from_service_contract import contract
from _openapi_from_service_forms import changed, inlined, operations, respelled


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Write the contract that the code keeps."""
    _write(workspace, contract(workspace))
    return "openapi.json is written; statuses, bounds and conditions are those of the code."


def all_inline(workspace: Path, turn: int = 1) -> str | None:
    """Same contract without components, with other names and with null as a case of its own."""
    _write(workspace, inlined(contract(workspace)))


def other_words(workspace: Path, turn: int = 1) -> str | None:
    """Same contract with other patterns and conditions, and with shared answers and parameters."""
    _write(workspace, respelled(contract(workspace)))


def counts_blanks(workspace: Path, turn: int = 1) -> str | None:
    """Takes the bounds of a text for bounds of what is sent."""

    def plain(one: dict) -> dict:
        pattern = one.get("pattern")
        if isinstance(pattern, str) and pattern.startswith("^ *(?:"):
            low, high = re.search(r"\{(\d+),(\d+)\}", pattern).groups()
            return {**one, "pattern": rf"^[\s\S]{{{int(low) + 1},{int(high) + 2}}}$"}
        return one

    _write(workspace, changed(contract(workspace), plain))


def null_as_declared(workspace: Path, turn: int = 1) -> str | None:
    """Lets null through only where a field says so, and not for a default."""

    class Declared(Bodies):
        def field(self, field):
            schema = super().field(field)
            if not field.null:
                schema.pop("nullable", None)
            return schema

    svc = load(workspace)
    forms = {
        "CustomerBody": svc.customers.CustomerForm,
        "ItemBody": svc.items.ItemForm,
        "BookingBody": svc.bookings.BookingForm,
    }
    document = contract(workspace)
    for name, form in forms.items():
        document["components"]["schemas"][name]["properties"] = Declared(svc).form(form)["properties"]
    _write(workspace, document)


def believes_routes_of_app(workspace: Path, turn: int = 1) -> str | None:
    """Reads app.py only: the invoice that is switched off, and nothing that plugins claim."""
    document = contract(workspace)
    base = json.loads((workspace / "svc" / "settings.json").read_text("utf-8"))["base"]
    for path in ("/items/{sku}/calendar", "/customers/{id}/labels", "/stocktakes"):
        document["paths"].pop(base + path, None)
    shown = document["paths"][f"{base}/bookings/{{ref}}"]["get"]
    document["paths"][f"{base}/bookings/{{ref}}/invoice"] = {"get": shown}
    _write(workspace, document)


def one_shape_for_all(workspace: Path, turn: int = 1) -> str | None:
    """Merges lines and payments of several shapes into one with optional members."""
    document = contract(workspace)
    members = document["components"]["schemas"]["Booking"]["properties"]
    lines = [case["items"] for case in members["lines"]["oneOf"]]
    members["lines"] = {"type": "array"}
    both_kinds = (members["lines"], "items", lines), (members, "payment", members["payment"]["oneOf"])
    for holder, name, cases in both_kinds:
        merged = {member: schema for case in cases for member, schema in case["properties"].items()}
        if name == "payment":
            kinds = [case["properties"]["kind"]["enum"][0] for case in cases]
            merged["kind"] = {"type": "string", "enum": kinds}
        both = sorted(set.intersection(*(set(case["required"]) for case in cases)))
        holder[name] = {
            "type": "object",
            "properties": merged,
            "required": both,
            "additionalProperties": False,
        }
    _write(workspace, document)


def only_what_was_seen(workspace: Path, turn: int = 1) -> str | None:
    """Describes answers as a first look shows them: nothing expanded, nobody gone, and leaves out sequences."""
    document = contract(workspace)
    members = document["components"]["schemas"]["Booking"]["properties"]
    members["customer"] = {"type": "integer"}
    for name, operation in operations(document):
        if name.startswith("POST") and "remind" in name:
            del operation["responses"]["429"]
    _write(workspace, document)


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Lists the routes that app.py shows, with the usual statuses and open schemas."""
    base = json.loads((workspace / "svc" / "settings.json").read_text("utf-8"))["base"]
    anything = {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}
    answers = dict.fromkeys(("200", "201", "400", "401", "404", "422", "500"), anything)
    paths: dict[str, dict] = {}
    for name in ("customers", "items", "bookings"):
        paths[f"{base}/{name}"] = {method: {"responses": answers} for method in ("get", "post")}
        piece = {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {}}]}
        member = {method: {"responses": answers} for method in ("get", "put", "patch", "delete")}
        paths[f"{base}/{name}/{{id}}"] = {**member, **piece}
    paths[f"{base}/health"] = {"get": {"responses": answers}}
    _write(workspace, {"openapi": "3.0.3", "info": {"title": "API", "version": "1"}, "paths": paths})
    return "openapi.json covers every route, parameter, header and status, as strict as the code."


# -- mutations of what the oracle left ----------------------------------------------------------------


def forgets_a_removal(workspace: Path) -> None:
    """Leaves out that customers can be removed, which the base class does."""
    document = _read(workspace)
    next(item for path, item in document["paths"].items() if path.endswith("/customers/{id}")).pop("delete")
    _write(workspace, document)


def gate_that_is_not_there(workspace: Path) -> None:
    """Takes it that a role is asked for where an override has lost the gate."""
    _operation(
        workspace,
        "PUT",
        "/items/{sku}",
        lambda one: one["responses"].update({"403": one["responses"]["401"]}),
    )


def never_in_conflict(workspace: Path) -> None:
    """Misses a conflict that only a sequence shows."""
    _operation(workspace, "DELETE", "/bookings/{ref}", lambda one: one["responses"].pop("409"))


def always_a_customer(workspace: Path) -> None:
    """Misses that the customer of an old booking may be gone."""
    _schema(workspace, "Booking", lambda one: one["properties"]["customer"].pop("nullable"))


def always_a_number(workspace: Path) -> None:
    """Misses that some refusals come before a request has its number."""

    def required(one: dict) -> None:
        one["responses"]["400"]["headers"]["X-Request-Id"]["required"] = True

    _operation(workspace, "POST", "/bookings/{ref}/confirm", required)


def no_next_page(workspace: Path) -> None:
    """Misses the header that only a page with a successor has."""
    _operation(
        workspace, "GET", "/customers", lambda one: one["responses"]["200"]["headers"].pop("X-Next-Offset")
    )


def open_within(workspace: Path) -> None:
    """Closes answers, but not the objects within them."""
    _schema(workspace, "ItemList", lambda one: one["properties"]["page"].pop("additionalProperties"))


def optional_total(workspace: Path) -> None:
    """Lists a header that is always there without saying so."""
    listed = "X-Total-Count"
    _operation(
        workspace, "GET", "/customers", lambda one: one["responses"]["200"]["headers"][listed].pop("required")
    )


def any_code(workspace: Path) -> None:
    """Takes the codes of problems for free text."""

    def free(one: dict) -> None:
        one["properties"]["errors"]["items"]["properties"]["code"].pop("enum")

    _schema(workspace, "CustomerProblems", free)


def halves(workspace: Path) -> None:
    """Takes whole numbers for numbers."""
    _schema(workspace, "Item", lambda one: one["properties"]["box"]["items"].update({"type": "number"}))


def somebody_is_reached(workspace: Path) -> None:
    """Misses what holds for two members together."""
    _schema(workspace, "CustomerBody", lambda one: one["anyOf"][1].pop("properties"))


def fixed_the_other_way(workspace: Path) -> None:
    """Takes the members that the service sets the other way."""

    def other(one: dict) -> None:
        if one["properties"].pop("id", None) is None:
            one["properties"]["id"] = {} if one.get("additionalProperties") is False else {"readOnly": True}

    _schema(workspace, "CustomerBody", other)


def only_numbers(workspace: Path) -> None:
    """Misses that digits in a text are a number here."""

    def number(one: dict) -> None:
        name = next(name for name, schema in one["properties"].items() if "anyOf" in schema)
        one["properties"][name] = one["properties"][name]["anyOf"][0]

    _schema(workspace, "ItemBody", number)


def as_new(workspace: Path) -> None:
    """Takes a replacement for a new item without its code."""
    document = _read(workspace)
    new, other = (
        document["components"]["schemas"][name]["properties"] for name in ("ItemBody", "ReplacementBody")
    )
    other["serial"] = new["serial"]
    _write(workspace, document)


def beginning_or_whole(workspace: Path) -> None:
    """Takes a match of the beginning for a match of all, or the other way round."""
    _schema(workspace, "BookingBody", lambda one: _turn_anchor(one["properties"]["voucher"]))


def no_condition(workspace: Path) -> None:
    """Misses what holds when something is brought."""
    _schema(workspace, "BookingBody", lambda one: one["allOf"].pop(0))


def until_an_hour_before(workspace: Path) -> None:
    """Takes the closing time itself for closed."""

    def earlier(one: dict) -> None:
        pattern = one["properties"]["pickup"]["pattern"]
        one["properties"]["pickup"]["pattern"] = f"{pattern.rsplit('|', 1)[0]})$"

    _schema(workspace, "BookingBody", earlier)


def limit_has_an_end(workspace: Path) -> None:
    """Takes a number that is cut for one that is refused."""

    def cut(one: dict) -> None:
        next(each for each in one["parameters"] if each["name"] == "limit")["schema"]["maximum"] = 40

    _operation(workspace, "GET", "/items", cut)


def site_the_other_way(workspace: Path) -> None:
    """Takes the header to be matched in the other way."""
    _operation(workspace, "POST", "/bookings", lambda one: _turn_anchor(one["parameters"][0]["schema"]))


def body_always(workspace: Path) -> None:
    """Asks for a body where none is needed."""

    def needed(one: dict) -> None:
        one["requestBody"]["required"] = True

    _operation(workspace, "POST", "/bookings/{ref}/confirm", needed)


def newer_keyword(workspace: Path) -> None:
    """Uses a keyword that OpenAPI 3.0 does not have."""
    _schema(workspace, "Health", lambda one: one["properties"]["status"].update({"const": "ok"}))


def repairs_the_service(workspace: Path) -> None:
    """Changes the code instead of describing it."""
    file = workspace / "svc" / "items.py"
    file.write_text(
        file.read_text("utf-8").replace("    @keyed\n    @reads()", "    @keyed\n    @writer\n    @reads()")
    )


ALTERNATIVES = [all_inline, other_words]
WRONG = {
    counts_blanks: {"customers", "items", "bookings"},
    null_as_declared: {"customers", "items", "bookings"},
    believes_routes_of_app: {"routes"},
    one_shape_for_all: {"members"},
    only_what_was_seen: {"answers", "statuses"},
}
MUTATIONS = {
    forgets_a_removal: {"routes"},
    gate_that_is_not_there: {"statuses"},
    never_in_conflict: {"statuses"},
    always_a_customer: {"answers"},
    always_a_number: {"answers"},
    no_next_page: {"answers"},
    open_within: {"members"},
    optional_total: {"members"},
    any_code: {"values"},
    halves: {"values"},
    somebody_is_reached: {"customers"},
    fixed_the_other_way: {"customers"},
    only_numbers: {"items"},
    as_new: {"items"},
    beginning_or_whole: {"bookings"},
    no_condition: {"bookings"},
    until_an_hour_before: {"bookings"},
    limit_has_an_end: {"parameters"},
    site_the_other_way: {"parameters"},
    body_always: {"parameters"},
    newer_keyword: {"document"},
    repairs_the_service: {"inputs-unchanged"},
}


def _read(workspace: Path) -> dict:
    return json.loads((workspace / "openapi.json").read_text("utf-8"))


def _write(workspace: Path, document: dict) -> None:
    (workspace / "openapi.json").write_text(json.dumps(document, indent=1), "utf-8")


def _schema(workspace: Path, name: str, change: Callable[[dict], object]) -> None:
    """Change a component."""
    document = _read(workspace)
    before = json.dumps(document)
    change(document["components"]["schemas"][name])
    _write_changed(workspace, document, before)


def _operation(workspace: Path, method: str, path: str, change: Callable[[dict], object]) -> None:
    """Change an operation."""
    document = _read(workspace)
    before = json.dumps(document)
    found = [
        one for name, one in operations(document) if name.startswith(f"{method} ") and name.endswith(path)
    ]
    change(min(found, key=lambda one: len(json.dumps(one))) if len(found) > 1 else found[0])
    _write_changed(workspace, document, before)


def _write_changed(workspace: Path, document: dict, before: str) -> None:
    if json.dumps(document) == before:
        raise ValueError("the mutation changed nothing")
    _write(workspace, document)


def _turn_anchor(schema: dict) -> None:
    """Anchor the end of a pattern that has no anchor there, and the other way round."""
    pattern = schema["pattern"]
    schema["pattern"] = pattern[:-1] if pattern.endswith("$") else f"{pattern}$"
