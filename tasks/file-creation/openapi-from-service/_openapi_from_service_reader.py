"""An OpenAPI 3.0 document as a reader of requests and answers, the way `partners.md` says it is read."""

import functools
import json
import re
from decimal import Decimal
from typing import Any

from _openapi_from_service_schema import REQUEST, RESPONSE, BadDocument, Library, Schema, Work

METHODS = ("get", "put", "post", "delete", "patch", "options", "head", "trace")
OWN_HEADERS = ("accept", "content-type", "authorization")


def is_watched(name: str) -> bool:
    """Return whether a header of an answer has to be in the document."""
    return name.lower().startswith("x-") or name.lower() in ("location", "etag", "retry-after")


@functools.lru_cache(maxsize=4096)
def parsed(text: str) -> Any:
    """Return the value of a JSON text, with its numbers as they are written; nobody changes it."""
    return json.loads(text, parse_float=Decimal)


class Document:
    """All operations of a document. Raises BadDocument."""

    def __init__(self, raw: object):
        if not isinstance(raw, dict) or not isinstance(raw.get("paths"), dict):
            raise BadDocument("an object with paths")
        self.library = Library(raw)
        self.operations: dict[str, Operation] = {}
        for path, given in raw["paths"].items():
            if path.startswith("x-"):
                continue
            item = self.library.resolve(given)
            if not isinstance(item, dict) or not path.startswith("/"):
                raise BadDocument(f"{path[:60]}: a path begins with / and leads to an object")
            for method in METHODS:
                if method in item:
                    name = f"{method.upper()} {_shape(path)}"
                    if name in self.operations:
                        raise BadDocument(f"{name[:80]} stands there twice")
                    self.operations[name] = Operation(self.library, path, item, item[method])


def _shape(path: str) -> str:
    return re.sub(r"\{[^{}/]*\}", "{}", path)


def _object(value: object, what: str) -> dict:
    if not isinstance(value, dict):
        raise BadDocument(f"{what} is an object")
    return value


class Operation:
    """What may be sent to a path by a method, and what may come back."""

    def __init__(self, library: Library, path: str, item: dict, raw: object):
        self.library, self.raw = library, _object(raw, "an operation")
        self.places = re.findall(r"\{([^{}/]*)\}", path)
        responses = _object(self.raw.get("responses"), "responses")
        self.responses = {
            code: one for code, one in responses.items() if re.fullmatch("[1-5][0-9][0-9]", code)
        }
        self.parameters = {}
        for several in (item.get("parameters", []), self.raw.get("parameters", [])):
            if not isinstance(several, list):
                raise BadDocument("parameters is a list")
            for one in several:
                parameter = Parameter(library, library.resolve(one))
                self.parameters[parameter.place, parameter.name] = parameter

    def accepts(self, request: dict) -> bool:
        """Return whether a request is well formed."""
        pieces = dict(zip(self.places, request["pieces"], strict=False))
        headers = {name.lower(): value for name, value in request["headers"].items()}
        for (place, name), parameter in self.parameters.items():
            if place == "query":
                values = [value for other, value in request["query"] if other == name]
            elif place == "header" and name not in OWN_HEADERS:
                values = [headers[name]] if name in headers else []
            elif place == "path":
                values = [pieces[name]] if name in pieces else []
            else:
                continue
            if not parameter.accepts(values):
                return False
        return self._accepts_body(request)

    def _accepts_body(self, request: dict) -> bool:
        body = self.library.resolve(self.raw.get("requestBody"))
        if body is None:
            return request["raw"] is None
        if request["raw"] is None:
            return _object(body, "requestBody").get("required") is not True
        media = _media(_object(_object(body, "requestBody").get("content"), "content")).get(request["media"])
        return media is not None and _fits(self.library, media, parsed(request["raw"]), REQUEST)

    def answers(self, status: int, headers: dict[str, str], media: str | None, text: str) -> bool:
        """Return whether an answer with a documented status fits the document."""
        response = _object(self.library.resolve(self.responses[str(status)]), "a response")
        known = {name.lower(): one for name, one in _object(response.get("headers", {}), "headers").items()}
        given = {name.lower(): value for name, value in headers.items() if is_watched(name)}
        if given.keys() - known.keys():
            return False
        for name, raw in known.items():
            header = Parameter(
                self.library, {"name": name, "in": "header", **_header(self.library.resolve(raw))}
            )
            if (name in given or is_watched(name)) and not header.accepts(
                [given[name]] if name in given else []
            ):
                return False
        content = _media(_object(response.get("content", {}), "content"))
        if media is None or not content:
            return media is None and not content
        value = parsed(text) if media.endswith("json") else text
        return media in content and _fits(self.library, content[media], value, RESPONSE)


def _header(raw: object) -> dict:
    return {
        name: value for name, value in _object(raw, "a header").items() if name not in ("name", "in", "style")
    }


def _media(content: dict) -> dict:
    """Return media type → what is there, without parameters such as a charset."""
    return {name.split(";")[0].strip().lower(): one for name, one in content.items()}


def _fits(library: Library, media: object, value: Any, way: str) -> bool:
    """Return whether a body fits what is said of its media type."""
    said = _object(media, "a media type")
    return "schema" not in said or library.schema(said["schema"]).fits(value, Work(way))


class Parameter:
    """A parameter, or a header of an answer."""

    def __init__(self, library: Library, raw: object):
        given = _object(raw, "a parameter")
        self.name, self.place = given.get("name"), given.get("in")
        if not isinstance(self.name, str) or self.place not in ("query", "header", "path", "cookie"):
            raise BadDocument("a parameter has a name and a place")
        if self.place == "header":
            self.name = self.name.lower()
        self.needed = given.get("required") is True
        style = given.get("style", "form" if self.place in ("query", "cookie") else "simple")
        self.joined = given.get("explode", style == "form") is not True or self.place != "query"
        self.schema = library.schema(given.get("schema", {}))

    def accepts(self, values: list[str]) -> bool:
        """Return whether the values that came under this name are right; none came where the list is empty."""
        if not values:
            return not self.needed
        items, is_list = self.schema.listed()
        if not is_list:
            return len(values) == 1 and any(
                self.schema.fits(one, Work(REQUEST)) for one in _readings(values[0])
            )
        if self.joined:
            if len(values) > 1:
                return False
            values = values[0].split(",")
        return self.schema.fits([_element(items, value) for value in values], Work(REQUEST))


def _element(items: Schema | None, text: str) -> Any:
    """Return the reading of an element that fits, or the text itself."""
    readings = [one for one in _readings(text) if items is not None and items.fits(one, Work(REQUEST))]
    return readings[0] if readings else text


def _readings(text: str) -> list[Any]:
    """Return all that a text may stand for: itself, and a number or a truth value where it is written as one."""
    found: list[Any] = [text]
    if re.fullmatch("-?[0-9]{1,18}", text):
        found.append(int(text))
    elif re.fullmatch(r"-?[0-9]{1,18}\.[0-9]{1,18}", text):
        found.append(Decimal(text))
    elif text in ("true", "false"):
        found.append(text == "true")
    return found
