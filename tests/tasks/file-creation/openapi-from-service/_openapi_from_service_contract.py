"""The contract as an expert writes it after reading the service: operations, parameters, answers."""

import re
from pathlib import Path

from _openapi_from_service_answers import Answers
from _openapi_from_service_bodies import DAY, Bodies, booking_rules, confirm_rules, customer_rules, load

MERGE = "application/merge-patch+json"
JSON = "application/json"


def contract(workspace: Path) -> dict:
    """Return the document."""
    return Contract(workspace).document()


class Contract:
    """What was read, and the document made of it."""

    def __init__(self, workspace: Path):
        self.svc = load(workspace)
        self.bodies = Bodies(self.svc)
        self.forms = {
            "customer": self.svc.customers.CustomerForm,
            "change": self.svc.customers.Customers.change_form,
            "item": self.svc.items.ItemForm,
            "replacement": self.svc.items.ItemReplacement,
            "booking": self.svc.bookings.BookingForm,
            "confirm": self.svc.bookings.ConfirmForm,
        }
        self.names = {name: list(form.fields) for name, form in self.forms.items()}
        self.courier = self.forms["booking"].fields["delivery"].words[1]
        self.guarded = {
            "customer": self.svc.customers.Customers.guarded,
            "item": self.svc.items.Items.guarded,
        }
        source = self.svc.source("gates")
        self.site_header = re.search(r'"which site\?", "([^"]+)"', source)[1]
        end = "$" if "SITE.fullmatch" in source else ""
        self.site = {
            "name": self.site_header,
            "in": "header",
            "required": True,
            "schema": {"type": "string", "pattern": f"^(?:{self.svc.gates.SITE.pattern}){end}"},
        }
        self.answers = Answers(self)
        self.base = self.svc.config.SETTINGS["base"]

    def document(self) -> dict:
        """Return the document."""
        paths: dict[str, dict] = {}
        for name, operation in {
            **self._customers(),
            **self._items(),
            **self._bookings(),
            **self._others(),
        }.items():
            method, path = name.split(" ")
            paths.setdefault(self.base + path, {})[method.lower()] = operation
        return {
            "openapi": "3.0.3",
            "info": {"title": "Bookings", "version": "1"},
            "paths": paths,
            "components": {
                "schemas": self.schemas(),
                "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
            },
        }

    def schemas(self) -> dict:
        """Return the components."""
        bodies = {f"{name.title()}Body": self.bodies.form(form) for name, form in self.forms.items()}
        bodies["CustomerBody"] = customer_rules(bodies["CustomerBody"])
        bodies["BookingBody"] = booking_rules(bodies["BookingBody"], self.courier)
        bodies["ConfirmBody"] = confirm_rules(bodies["ConfirmBody"])
        codes = {name: self.bodies.codes(form) for name, form in self.forms.items()}
        codes["booking"].add("unknown_reference")
        problems = {
            f"{name.title()}Problems": self.answers.problems(several) for name, several in codes.items()
        }
        return {**bodies, **problems, **self.answers.schemas()}

    # -- operations ----------------------------------------------------------------------------------

    def _operation(self, answers: dict, parameters: list | None = None, body: dict | None = None) -> dict:
        said = {400: self.answers.malformed(parameters or [], body is not None)}
        if body:
            (media,) = body["content"].values()
            said[422] = {"$ref": media["schema"]["$ref"].removesuffix("Body") + "Problems"}
        for code in said.keys() & answers.keys():
            answers[code]["content"] = {JSON: {"schema": said[code]}}
        found: dict = {"responses": {str(code): one for code, one in sorted(answers.items())}}
        if parameters:
            found["parameters"] = parameters
        if body:
            found["requestBody"] = body
        return found

    def _body(self, name: str, *, media: str = JSON, required: bool = True) -> dict:
        content = {media: {"schema": {"$ref": f"#/components/schemas/{name}Body"}}}
        return {"required": True, "content": content} if required else {"content": content}

    def _customers(self) -> dict:
        a, guard = self.answers, self.guarded["customer"]
        level = self.names["customer"][3]
        words = {"type": "array", "items": {"type": "string", "enum": list(self.svc.customers.LEVELS)}}
        texts = {"type": "array", "items": {"type": "string"}}
        number = place("id", {"type": "integer", "minimum": 1})
        stale, match = a.errors(412, 428) if guard else {}, [matched(True)] if guard else []
        kept, taken = self.svc.customers.Customers.keeps, a.taken(*self.svc.customers.Customers.unique)
        held = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        brief = {"type": "array", "items": ref("CustomerBrief")}
        listed = a.answer(brief, total=True, more={"X-Next-Offset": {"schema": {"type": "integer"}}})
        full = a.answer(ref("Customer"), tag=guard)
        return {
            "GET /customers": self._operation(
                {200: listed, **a.errors(400, 401)}, [*PAGE, query(level, words), query("q", texts)]
            ),
            "POST /customers": self._operation(
                {
                    201: a.answer(ref("Customer"), location=True, tag=guard),
                    409: taken,
                    **a.errors(400, 401, 403, 413, 415, 422),
                },
                body=self._body("Customer"),
            ),
            "GET /customers/{id}": self._operation({200: full, **a.errors(401, 404)}, [number]),
            "PATCH /customers/{id}": self._operation(
                {
                    200: full,
                    409: taken,
                    **a.errors(400, 401, 403, 404, 413, 415, 422),
                    **stale,
                },
                [number, *match],
                self._body("Change", media=MERGE),
            ),
            "DELETE /customers/{id}": self._operation(
                {
                    204: a.answer(None),
                    **({409: a.conflict("in_use", bookings=held)} if kept else {}),
                    **a.errors(401, 403, 404),
                    **stale,
                },
                [number, *match],
            ),
        }

    def _items(self) -> dict:
        a, guard, unique = self.answers, self.guarded["item"], self.svc.items.Items.unique
        sku = place("sku", self.bodies.field(self.svc.items.SKU))
        kinds = {"type": "array", "items": {"type": "string", "enum": list(self.svc.items.KINDS)}}
        words = re.search(r'text not in \("([^"]+)", "([^"]+)"\)', self.svc.source("query")).groups()
        switch = {"type": "string", "enum": list(words)}
        created = a.answer(ref("Item"), location=True, tag=guard)
        whole = a.answer(ref("Item"), tag=guard)
        put = {200: whole, 201: created, **a.errors(400, 401, 413, 415, 422)}
        if guard:
            put.update(a.errors(412, 428))
        if unique:
            put[409] = a.taken(*unique)
        parameters = [*PAGE, query("kinds", kinds, explode=False), query("fragile", switch)]
        return {
            "GET /items": self._operation({200: a.answer(ref("ItemList")), **a.errors(400, 401)}, parameters),
            "POST /items": self._operation(
                {201: created, 409: a.taken("sku", *unique), **a.errors(400, 401, 403, 413, 415, 422)},
                body=self._body("Item"),
            ),
            "GET /items/{sku}": self._operation({200: whole, **a.errors(400, 401, 404)}, [sku]),
            "PUT /items/{sku}": self._operation(
                put, [sku, *([matched(False)] if guard else [])], self._body("Replacement")
            ),
        }

    def _bookings(self) -> dict:
        a, site = self.answers, self.site
        start = re.search(r'startswith\("([^"]+)"\)', self.svc.source("bookings"))[1]
        number = place("ref", {"type": "string", "pattern": f"^{start}"})
        parts = {"type": "array", "items": {"type": "string", "enum": list(self.svc.bookings.PARTS)}}
        statuses = {"type": "array", "items": {"type": "string", "enum": list(self.svc.bookings.STATUSES)}}
        most = int(re.search(r"PARTS, most=(\d+)", self.svc.source("bookings"))[1])
        several = query("expand", {**parts, "maxItems": most}, explode=False)
        days = [query(name, {"type": "string", "pattern": DAY}) for name in ("from", "to")]
        sold = a.conflict("sold_out", sku={"type": "string"}, left={"type": "integer", "minimum": 0})
        return {
            "GET /bookings": self._operation(
                {200: a.answer(ref("BookingList"), total=True), **a.errors(400, late=True), **a.errors(401)},
                [site, *PAGE, query("status", statuses), *days, several],
            ),
            "POST /bookings": self._operation(
                {
                    201: a.answer(ref("NewBooking"), location=True),
                    409: sold,
                    **a.errors(400, late=True),
                    **a.errors(401, 403, 413, 415, 422),
                },
                [site],
                self._body("Booking"),
            ),
            "GET /bookings/{ref}": self._operation(
                {200: a.answer(ref("Booking")), **a.errors(400, late=True), **a.errors(401, 404)},
                [site, number, query("expand", parts, explode=False)],
            ),
            "DELETE /bookings/{ref}": self._operation(
                {
                    200: a.answer(ref("Removed")),
                    409: a.state("draft", "returned"),
                    **a.errors(400, 401, 403, 404),
                },
                [site, number],
            ),
            "POST /bookings/{ref}/confirm": self._operation(
                {
                    200: a.answer(ref("Confirmed")),
                    409: a.state("draft"),
                    **a.errors(400, late=True),
                    **a.errors(401, 403, 404, 413, 415, 422),
                },
                [site, number],
                self._body("Confirm", required=False),
            ),
            "POST /bookings/{ref}/remind": self._operation(
                {
                    202: a.answer(ref("Reminded")),
                    409: a.state("confirmed"),
                    429: a.too_soon(),
                    **a.errors(400, 401, 404),
                },
                [number],
            ),
        }

    def _others(self) -> dict:
        a = self.answers
        least = int(re.search(r'"top", 50, (\d+)', self.svc.source("reports"))[1])
        month = query("month", {"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"}, required=True)
        top = query("top", {"type": "integer", "minimum": least, "maximum": 999999})
        found = {
            "GET /health": self._operation({200: a.answer(ref("Health"), keyed=False)}),
            "GET /reports/usage": self._operation(
                {200: a.csv(), **a.errors(400, 401, 403)},
                [month, top],
            ),
        }
        for name in self.svc.config.SETTINGS["plugins"]:
            found.update(getattr(self, f"_{name}")())
        return found

    def _calendar(self) -> dict:
        a, sku = self.answers, place("sku", self.bodies.field(self.svc.items.SKU))
        spans = a.answer({"type": "array", "items": ref("Span")}, total=True)
        start = query("from", {"type": "string", "pattern": DAY})
        operation = self._operation({200: spans, **a.errors(400, 401, 404)}, [sku, start])
        return {"GET /items/{sku}/calendar": operation}

    def _labels(self) -> dict:
        self.forms["labels"] = self.svc.labels.LabelForm
        answers = {
            200: self.answers.answer(ref("Labelled")),
            **self.answers.errors(400, 401, 403, 404, 413, 415, 422),
        }
        number = place("id", {"type": "integer", "minimum": 1})
        return {"PUT /customers/{id}/labels": self._operation(answers, [number], self._body("Labels"))}

    def _stocktake(self) -> dict:
        self.forms["stocktake"] = self.svc.stocktake.StocktakeForm
        a = self.answers
        counted = a.answer(
            ref("Stocktake"), more={"X-Stocktake": {"required": True, "schema": {"type": "integer"}}}
        )
        answers = {201: counted, 409: a.taken("day"), **a.errors(400, 401, 403, 413, 415, 422)}
        return {"POST /stocktakes": self._operation(answers, body=self._body("Stocktake"))}


def ref(name: str) -> dict:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def query(name: str, schema: dict, **more: bool) -> dict:
    """Return a parameter of the query."""
    return {"name": name, "in": "query", "schema": schema, **more}


def place(name: str, schema: dict) -> dict:
    """Return a parameter of the path."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def matched(required: bool) -> dict:
    """Return the header that tells which state was seen."""
    return {"name": "If-Match", "in": "header", "required": required, "schema": {"type": "string"}}


PAGE = [
    query("limit", {"type": "integer", "minimum": 1, "maximum": 999999}),
    query("offset", {"type": "integer", "minimum": 0, "maximum": 999999}),
]
