"""Schemas of OpenAPI 3.0: whether a value fits one, with limits on depth and work.

A document that cannot be read, leads in circles or takes too much work raises BadDocument.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from _openapi_from_service_regex import Pattern

MAX_STEPS = 20_000
MAX_ALL_STEPS = 2_000_000
"""How much work one value may take, and all values together."""
MAX_PATTERN_STEPS = 20_000_000
"""How many steps all searches for patterns may take together."""
MAX_DEPTH = 60
REQUEST, RESPONSE = "request", "response"


class BadDocument(Exception):
    """The document cannot be read as OpenAPI 3.0."""


class Work:
    """What is left of the work that one value may take, and which way the value goes."""

    def __init__(self, way: str):
        self.way, self.steps, self.depth = way, MAX_STEPS, 0


Rule = Callable[[Any, Work], bool]


class Schema:
    """A schema, read when it is first needed."""

    def __init__(self, library: "Library", raw: object):
        self.library, self.raw = library, library.resolve(raw)
        if not isinstance(self.raw, dict):
            raise BadDocument("a schema is an object")
        self.rules: list[Rule] | None = None
        self.known_lists: dict[int, tuple[Schema | None, bool]] = {}

    def fits(self, value: Any, work: Work) -> bool:
        """Return whether a value fits."""
        if self.rules is None:
            self.rules = rules_of(self.library, self.raw)
        work.steps -= 1
        self.library.left -= 1
        if work.steps < 0 or self.library.left < 0 or work.depth > MAX_DEPTH:
            raise BadDocument("a schema leads in circles or takes too much work")
        if value is None and self.raw.get("nullable") is True:
            return True
        work.depth += 1
        for rule in self.rules:
            if not rule(value, work):
                work.depth -= 1
                return False
        work.depth -= 1
        return True

    def absent(self, way: str) -> bool:
        """Return whether a member with this schema is out of place in bodies that go this way."""
        return self.raw.get("readOnly" if way == REQUEST else "writeOnly") is True

    def listed(self, depth: int = 0) -> "tuple[Schema | None, bool]":
        """Return (the schema of the elements, whether this is a list), looking into combinations too."""
        if depth not in self.known_lists:
            self.known_lists[depth] = self._listed(depth)
        return self.known_lists[depth]

    def _listed(self, depth: int) -> "tuple[Schema | None, bool]":
        if depth > 8:
            return None, False
        if self.raw.get("type") == "array":
            items = self.raw.get("items")
            return (self.library.schema(items) if items is not None else None), True
        for name in ("allOf", "oneOf", "anyOf"):
            several = self.raw.get(name)
            for one in several if isinstance(several, list) else []:
                items_schema, is_list = self.library.schema(one).listed(depth + 1)
                if is_list:
                    return items_schema, True
        return None, False


class Library:
    """The schemas of a document, each read once."""

    def __init__(self, document: dict):
        self.document = document
        self.known: dict[int, Schema] = {}
        self.left, self.pattern_left = MAX_ALL_STEPS, MAX_PATTERN_STEPS

    def schema(self, raw: object) -> Schema:
        """Return a schema."""
        if id(raw) not in self.known:
            self.known[id(raw)] = Schema(self, raw)
        return self.known[id(raw)]

    def resolve(self, raw: object) -> Any:
        """Return what a reference leads to, or the thing itself."""
        for _ in range(20):
            if not isinstance(raw, dict) or not isinstance(raw.get("$ref"), str):
                return raw
            raw = self.find(raw["$ref"])
        raise BadDocument("references lead in circles")

    def find(self, pointer: str) -> object:
        """Return what a pointer within the document names."""
        if not pointer.startswith("#/"):
            raise BadDocument(f"not a reference within the document: {pointer[:80]}")
        place: Any = self.document
        for piece in pointer[2:].split("/"):
            name = unquote(piece).replace("~1", "/").replace("~0", "~")
            if isinstance(place, list) and name.isdecimal() and int(name) < len(place):
                place = place[int(name)]
            elif isinstance(place, dict) and name in place:
                place = place[name]
            else:
                raise BadDocument(f"nothing at {pointer[:80]}")
        return place


def plain(value: Any) -> object:
    """Return something that is equal for equal values of JSON, and only for those."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return type(value).__name__, value
    if isinstance(value, dict):
        return "object", frozenset((name, plain(one)) for name, one in value.items())
    if isinstance(value, list):
        return "list", tuple(plain(one) for one in value)
    return "number", exact(value)


def exact(value: Any) -> Decimal:
    """Return a number of a document or a body without error."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise BadDocument("not a number")
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 400:
        raise BadDocument("a number out of reach")
    return number


def is_number(value: Any) -> bool:
    """Return whether a value is a number of JSON."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": is_number,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def rules_of(library: Library, raw: dict) -> list[Rule]:
    """Return the rules of a schema. Keywords that OpenAPI 3.0 does not have are no rules."""
    rules: list[Rule] = []
    if "type" in raw:
        kind = raw["type"]
        if not isinstance(kind, str) or kind not in TYPES:
            raise BadDocument(f"not a type of OpenAPI 3.0: {str(kind)[:40]}")
        rules.append(lambda value, work, fits=TYPES[kind]: fits(value))  # type: ignore[misc]
    if "enum" in raw:
        words = {plain(one) for one in _list(raw, "enum")}
        rules.append(lambda value, work: plain(value) in words)
    rules += _number_rules(raw) + _text_rules(library, raw) + _list_rules(library, raw)
    if raw.keys() & {"properties", "required", "additionalProperties", "minProperties", "maxProperties"}:
        rules += _object_rules(library, raw)
    return rules + _combined(library, raw)


def _list(raw: dict, name: str) -> list:
    if not isinstance(raw[name], list):
        raise BadDocument(f"{name} is a list")
    return raw[name]


def _size(raw: dict, name: str) -> int | None:
    size = raw.get(name)
    if name in raw and (not isinstance(size, int) or isinstance(size, bool) or size < 0):
        raise BadDocument(f"{name} is a number")
    return size


def _number_rules(raw: dict) -> list[Rule]:
    rules: list[Rule] = []
    for name, sign in (("minimum", 1), ("maximum", -1)):
        if name in raw:
            bound, open_end = exact(raw[name]) * sign, raw.get(f"exclusiveM{name[1:]}") is True
            rules.append(_bound(bound, sign, open_end))
    if "multipleOf" in raw:
        step = exact(raw["multipleOf"])
        if step <= 0 or step.adjusted() < -20:
            raise BadDocument("multipleOf is more than 0")
        rules.append(lambda value, work: not is_number(value) or _multiple(exact(value), step))
    return rules


def _multiple(number: Decimal, step: Decimal) -> bool:
    """Return whether a number is a multiple; one with too many digits is none."""
    scale = 10 ** max(0, -int(number.as_tuple().exponent), -int(step.as_tuple().exponent))
    return int(number * scale) % int(step * scale) == 0 and abs(number.adjusted()) < 20


def _bound(bound: Decimal, sign: int, open_end: bool) -> Rule:
    def holds(value: Any, work: Work) -> bool:
        if not is_number(value):
            return True
        number = exact(value) * sign
        return number > bound if open_end else number >= bound

    return holds


def _text_rules(library: Library, raw: dict) -> list[Rule]:
    rules = _within(str, _size(raw, "minLength"), _size(raw, "maxLength"))
    if "pattern" in raw:
        if not isinstance(raw["pattern"], str):
            raise BadDocument("pattern is a text")
        rules.append(_pattern_rule(library, raw["pattern"]))
    return rules


def _pattern_rule(library: Library, text: str) -> Rule:
    try:
        pattern = Pattern(text)
    except ValueError as error:
        raise BadDocument(f"pattern {text[:60]}: {error}") from None

    def holds(value: Any, work: Work) -> bool:
        try:
            found, steps = (True, 0) if not isinstance(value, str) else pattern.search(value)
        except ValueError as error:
            library.pattern_left -= MAX_PATTERN_STEPS // 100
            raise BadDocument(f"pattern {text[:60]}: {error}") from None
        library.pattern_left -= steps
        if library.pattern_left < 0:
            raise BadDocument("the patterns take too long")
        return found

    return holds


def _within(kind: type, low: int | None, high: int | None) -> list[Rule]:
    """Return the rule, if there is one, for the size of texts, lists or objects."""
    if low is None and high is None:
        return []

    def holds(value: Any, work: Work) -> bool:
        size = len(value) if isinstance(value, kind) else None
        return size is None or ((low is None or size >= low) and (high is None or size <= high))

    return [holds]


def _list_rules(library: Library, raw: dict) -> list[Rule]:
    rules = _within(list, _size(raw, "minItems"), _size(raw, "maxItems"))
    if raw.get("uniqueItems") is True:
        rules.append(
            lambda value, work: (
                not isinstance(value, list) or len({plain(one) for one in value}) == len(value)
            )
        )
    if "items" in raw:
        items = library.schema(raw["items"])
        rules.append(
            lambda value, work: not isinstance(value, list) or all(items.fits(one, work) for one in value)
        )
    return rules


def _object_rules(library: Library, raw: dict) -> list[Rule]:
    members, more = raw.get("properties", {}), raw.get("additionalProperties", True)
    needed = _list(raw, "required") if "required" in raw else []
    if not isinstance(members, dict) or not all(isinstance(name, str) for name in needed):
        raise BadDocument("properties is an object, required a list of names")
    schemas = {name: library.schema(one) for name, one in members.items()}
    others = None if isinstance(more, bool) else library.schema(more)
    absent = {way: {name for name, one in schemas.items() if one.absent(way)} for way in (REQUEST, RESPONSE)}

    def holds(value: Any, work: Work) -> bool:
        if not isinstance(value, dict):
            return True
        away = absent[work.way]
        for name in needed:
            if name not in value and name not in away:
                return False
        for name, one in value.items():
            schema = schemas.get(name, others)
            if name in away:
                return False
            if schema is None and more is False:
                return False
            if schema is not None and not schema.fits(one, work):
                return False
        return True

    return [*_within(dict, _size(raw, "minProperties"), _size(raw, "maxProperties")), holds]


def _combined(library: Library, raw: dict) -> list[Rule]:
    rules: list[Rule] = []
    for name in ("allOf", "anyOf", "oneOf"):
        if name in raw:
            parts = [library.schema(one) for one in _list(raw, name)]
            if not parts:
                raise BadDocument(f"{name} is empty")
            rules.append(_counted(parts, name))
    if "not" in raw:
        part = library.schema(raw["not"])
        rules.append(lambda value, work: not part.fits(value, work))
    return rules


def _counted(parts: list[Schema], name: str) -> Rule:
    if name == "allOf":
        return lambda value, work: all(part.fits(value, work) for part in parts)
    if name == "anyOf":
        return lambda value, work: any(part.fits(value, work) for part in parts)
    return lambda value, work: sum(part.fits(value, work) for part in parts) == 1
