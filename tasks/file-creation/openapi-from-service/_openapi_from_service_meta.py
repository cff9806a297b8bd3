"""Whether a document is built as OpenAPI 3.0 wants it: known members of the right kind, references that lead on."""

import re
from typing import Any

from _openapi_from_service_reader import METHODS
from _openapi_from_service_schema import TYPES, BadDocument, Library

MAX_DEPTH = 120
MAX_ERRORS = 20

SHAPES: dict[str, dict[str, str]] = {
    "document": {
        "openapi!": "version",
        "info!": "info",
        "servers": "[server]",
        "paths!": "paths",
        "components": "components",
        "security": "[security]",
        "tags": "[any]",
        "externalDocs": "any",
    },
    "info": {
        "title!": "text",
        "version!": "text",
        "description": "text",
        "termsOfService": "text",
        "contact": "any",
        "license": "any",
    },
    "server": {"url!": "text", "description": "text", "variables": "any"},
    "components": {
        "schemas": "{schema}",
        "responses": "{response}",
        "parameters": "{parameter}",
        "examples": "any",
        "requestBodies": "{requestBody}",
        "headers": "{header}",
        "securitySchemes": "any",
        "links": "any",
        "callbacks": "any",
    },
    "pathItem": {
        "summary": "text",
        "description": "text",
        "servers": "[server]",
        "parameters": "[parameter]",
        **dict.fromkeys(METHODS, "operation"),
    },
    "operation": {
        "tags": "[text]",
        "summary": "text",
        "description": "text",
        "externalDocs": "any",
        "operationId": "text",
        "parameters": "[parameter]",
        "requestBody": "requestBody",
        "responses!": "responses",
        "callbacks": "any",
        "deprecated": "bool",
        "security": "[security]",
        "servers": "[server]",
    },
    "header": {
        "description": "text",
        "required": "bool",
        "deprecated": "bool",
        "allowEmptyValue": "bool",
        "style": "text",
        "explode": "bool",
        "allowReserved": "bool",
        "schema": "schema",
        "example": "any",
        "examples": "any",
        "content": "{media}",
    },
    "requestBody": {"description": "text", "content!": "{media}", "required": "bool"},
    "media": {"schema": "schema", "example": "any", "examples": "any", "encoding": "any"},
    "response": {"description!": "text", "headers": "{header}", "content": "{media}", "links": "any"},
    "schema": {
        **dict.fromkeys(["title", "description", "format"], "text"),
        **dict.fromkeys(["minimum", "maximum", "multipleOf"], "number"),
        **dict.fromkeys(["exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "nullable"], "bool"),
        **dict.fromkeys(["readOnly", "writeOnly", "deprecated"], "bool"),
        **dict.fromkeys(["minLength", "maxLength", "minItems", "maxItems"], "size"),
        **dict.fromkeys(["minProperties", "maxProperties"], "size"),
        **dict.fromkeys(["allOf", "oneOf", "anyOf"], "[schema]"),
        **dict.fromkeys(["not", "items"], "schema"),
        **dict.fromkeys(["discriminator", "xml", "externalDocs", "example", "default"], "any"),
        "type": "type",
        "pattern": "text",
        "required": "[text]",
        "enum": "list",
        "properties": "{schema}",
        "additionalProperties": "open",
    },
}
SHAPES["parameter"] = {"name!": "text", "in!": "place", **SHAPES["header"]}
REFERABLE = {"schema", "response", "parameter", "requestBody", "header", "pathItem"}

PLAIN = {
    "any": lambda value: True,
    "text": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list) and bool(value),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "size": lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    "type": lambda value: isinstance(value, str) and value in TYPES,
    "version": lambda value: isinstance(value, str) and bool(re.fullmatch(r"3\.0\.[0-9]+", value)),
    "place": lambda value: isinstance(value, str) and value in ("query", "header", "path", "cookie"),
    "security": lambda value: isinstance(value, dict),
}


def structure_errors(document: Any) -> list[str]:
    """Return what is wrong with the build of a document; at most a few errors are looked for."""
    reader = _Reader(document)
    reader.read(document, "document", "")
    return reader.errors


class _Reader:
    def __init__(self, document):
        self.errors: list[str] = []
        self.library = Library(document if isinstance(document, dict) else {})
        self.ids: set[str] = set()

    def wrong(self, where, what):
        self.errors.append(f"{where[-120:] or '/'}: {what}")

    def read(self, value, kind, where):
        """Look at a value that has to be of a kind."""
        if len(self.errors) >= MAX_ERRORS:
            return
        if where.count("/") > MAX_DEPTH:
            self.wrong(where, "too deep")
        elif kind in PLAIN:
            if not PLAIN[kind](value):
                self.wrong(where, f"not a {kind} of OpenAPI 3.0")
        elif kind == "open":
            self.read(value, "bool" if isinstance(value, bool) else "schema", where)
        elif kind[0] == "[":
            self.several(value, kind[1:-1], where)
        elif not isinstance(value, dict):
            self.wrong(where, "not an object")
        elif kind[0] == "{":
            for name, one in value.items():
                self.read(one, kind[1:-1], f"{where}/{name}")
        elif kind in ("paths", "responses"):
            self.keyed(value, kind, where)
        elif kind in REFERABLE and "$ref" in value:
            self.reference(value["$ref"], where)
        else:
            self.shape(value, kind, where)

    def several(self, value, kind, where):
        if not isinstance(value, list):
            self.wrong(where, "not a list")
            return
        if where.endswith(("/allOf", "/oneOf", "/anyOf", "/required")) and not value:
            self.wrong(where, "empty")
        for number, one in enumerate(value):
            self.read(one, kind, f"{where}/{number}")

    def reference(self, pointer, where):
        try:
            self.library.find(str(pointer))
        except BadDocument as error:
            self.wrong(where, str(error))

    def keyed(self, value, kind, where):
        """Look at paths, or at responses by status."""
        pattern, inner = (
            ("/.*", "pathItem") if kind == "paths" else ("[1-5]([0-9]{2}|XX)|default", "response")
        )
        if kind == "responses" and not value:
            self.wrong(where, "no response")
        for name, one in value.items():
            if name.startswith("x-"):
                continue
            if not re.fullmatch(pattern, name, re.DOTALL):
                self.wrong(where, f"{name[:40]} has no place here")
            self.read(one, inner, f"{where}/{name.replace('/', '~1')}")
            if kind == "paths" and isinstance(one, dict):
                self.places(name, one, where)

    def places(self, path, item, where):
        """See that the pieces of a path are its parameters."""
        for method in METHODS:
            operation = item.get(method)
            lists = [one.get("parameters", []) for one in (item, operation) if isinstance(one, dict)]
            if not isinstance(operation, dict) or not all(isinstance(one, list) for one in lists):
                continue
            try:
                found = [self.library.resolve(one) for several in lists for one in several]
            except BadDocument:
                continue
            named = {
                str(one.get("name")) for one in found if isinstance(one, dict) and one.get("in") == "path"
            }
            if named != set(re.findall(r"\{([^{}/]*)\}", path)):
                self.wrong(where, f"{method} {path[:60]}: path parameters {sorted(named)}")

    def shape(self, value, kind, where):
        shape = SHAPES[kind]
        known = {name.rstrip("!"): inner for name, inner in shape.items()}
        for name in shape:
            if name.endswith("!") and name[:-1] not in value:
                self.wrong(where, f"{name[:-1]} is missing")
        for name, one in value.items():
            if name in known:
                self.read(one, known[name], f"{where}/{name}")
            elif not name.startswith("x-"):
                self.wrong(where, f"{name[:40]} is not a member in OpenAPI 3.0")
        self.details(value, kind, where)

    def details(self, value, kind, where):
        """Look at what concerns several members of an object."""
        if kind == "parameter" and value.get("in") == "path" and value.get("required") is not True:
            self.wrong(where, "a path parameter is required")
        if kind in ("parameter", "header") and ("schema" in value) == ("content" in value):
            self.wrong(where, "either schema or content")
        if kind == "schema" and value.get("type") == "array" and "items" not in value:
            self.wrong(where, "an array has items")
        name = value.get("operationId") if kind == "operation" else None
        if isinstance(name, str):
            if name in self.ids:
                self.wrong(where, f"operationId {name[:40]} stands there twice")
            self.ids.add(name)
