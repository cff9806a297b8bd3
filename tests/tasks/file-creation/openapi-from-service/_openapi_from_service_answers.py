"""What the service answers, as components."""

TEXT = {"type": "string"}
WHOLE = {"type": "integer", "minimum": 0}
MAYBE = {"type": "string", "nullable": True}
NOTHING = {"enum": [None], "nullable": True}
JSON = "application/json"
FAULTY = {"query": "bad_query", "path": "bad_path", "header": "bad_header"}
TAKEN_AS_THEY_COME = ("q", "id", "If-Match")
"""Parameters that no 400 is about."""


def ref(name: str) -> dict:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def words(*several: str) -> dict:
    """Return the schema of one of several words."""
    return {"type": "string", "enum": list(several)}


def closed(optional: dict | None = None, **members: dict) -> dict:
    """Return the schema of an object with these members and no others."""
    return {
        "type": "object",
        "properties": {**members, **(optional or {})},
        "required": list(members),
        "additionalProperties": False,
    }


class Answers:
    """Answers with their headers, and the schemas of their bodies."""

    def __init__(self, contract):
        self.contract = contract

    def answer(
        self, schema: dict | None, *, keyed=True, total=False, tag=False, location=False, more=None
    ) -> dict:
        """Return an answer; `keyed` ones carry the number of the request."""
        headers = dict(more or {})
        for name, wanted in (("X-Request-Id", keyed), ("ETag", tag), ("Location", location)):
            if wanted:
                headers[name] = {"required": True, "schema": TEXT}
        if total:
            headers["X-Total-Count"] = {"required": True, "schema": WHOLE}
        found: dict = {"description": "as it says", "headers": headers}
        if schema is not None:
            found["content"] = {JSON: {"schema": schema}}
        return found

    def csv(self) -> dict:
        """Return the answer of the report."""
        found = self.answer(None, more={"X-Rows": {"required": True, "schema": WHOLE}})
        return {**found, "content": {"text/csv": {"schema": TEXT}}}

    def errors(self, *codes: int, late: bool = False) -> dict[int, dict]:
        """Return answers with errors; with `late` some come before the request has a number.

        What 400 and 422 can say, each operation fills in.
        """
        found = {}
        for code in codes:
            schema = ref("Plain" if code in (401, 403, 413, 415) else f"Error{code}")
            one = self.answer(None if code in (400, 422) else schema, keyed=code != 401, tag=code == 412)
            if late:
                one["headers"]["X-Request-Id"] = {"schema": TEXT}
            found[code] = one
        return found

    def malformed(self, parameters: list, body: bool) -> dict:
        """Return what is said of a parameter, or of a body that is no JSON object."""
        kinds = []
        for place, code in FAULTY.items():
            names = [one["name"] for one in parameters if one["in"] == place]
            if names := [name for name in names if name not in TAKEN_AS_THEY_COME]:
                kinds.append(closed(code=words(code), message=TEXT, parameter=words(*names)))
        if body:
            kinds.append(closed(code=words("bad_json", "bad_body"), message=TEXT))
        return closed(error={"oneOf": kinds})

    def problems(self, codes: set[str]) -> dict:
        """Return what is said of a body whose members are wrong."""
        problem = closed(where=TEXT, code=words(*sorted(codes)))
        return closed(errors={"type": "array", "items": problem, "minItems": 1}, count=WHOLE)

    def conflict(self, code: str, **members: dict) -> dict:
        """Return the answer of a conflict."""
        return self.answer(closed(code=words(code), message=TEXT, conflict=closed(**members)))

    def taken(self, *members: str) -> dict:
        """Return the answer where another row has what must be its own."""
        return self.conflict("taken", member=words(*members), value=TEXT)

    def state(self, *wanted: str) -> dict:
        """Return the answer where a booking is in none of the states that are wanted."""
        others = [one for one in self.contract.svc.bookings.STATUSES if one not in wanted]
        several = {"type": "array", "items": words(*wanted), "minItems": len(wanted), "maxItems": len(wanted)}
        return self.conflict("state", status=words(*others), wanted=several)

    def too_soon(self) -> dict:
        """Return the answer to a second reminder."""
        found = self.answer(closed(error=TEXT, retry_after=WHOLE))
        found["headers"]["Retry-After"] = {"required": True, "schema": WHOLE}
        return found

    def schemas(self) -> dict:
        """Return the components."""
        return {**self._errors(), **self._customers(), **self._items(), **self._bookings()}

    def _errors(self) -> dict:
        def coded(*codes, **more):
            return closed(error=closed(code=words(*codes), message=TEXT), **more)

        return {
            "Plain": closed(error=TEXT),
            "Error404": coded("not_found"),
            "Error412": coded("stale", current=TEXT),
            "Error428": coded("no_condition"),
        }

    def _customers(self) -> dict:
        _, _, _, level, _, credit, _, _ = self.contract.names["customer"]
        svc = self.contract.svc
        countries = svc.customers.AddressForm.fields["country"].words
        address = closed({"hint": TEXT}, street=TEXT, postcode=TEXT, country=words(*countries))
        grade = words(*svc.customers.LEVELS)
        return {
            "CustomerBrief": closed(**{"id": WHOLE, "name": TEXT, level: grade, "contact": MAYBE}),
            "Customer": closed(
                **{
                    "id": WHOLE,
                    "name": TEXT,
                    "email": MAYBE,
                    "phone": MAYBE,
                    level: grade,
                    "tags": {"type": "array", "items": TEXT},
                    credit: MAYBE,
                    "address": {**address, "nullable": True},
                    "open_bookings": WHOLE,
                    "created_at": TEXT,
                }
            ),
            "Labelled": closed(labels={"type": "array", "items": TEXT}, reason=MAYBE),
        }

    def _items(self) -> dict:
        _, _, _, rate, units, mass, *_ = self.contract.names["item"]
        svc = self.contract.svc
        brief = {"sku": TEXT, "title": TEXT, "kind": words(*svc.items.KINDS), rate: {"type": "number"}}
        box = {"type": "array", "items": WHOLE, "minItems": 3, "maxItems": 3, "nullable": True}
        full = {
            **brief,
            units: WHOLE,
            "box": box,
            "serial": MAYBE,
            "extras": {"type": "object", "additionalProperties": TEXT},
            "fragile": {"type": "boolean"},
            "state": words(*svc.items.STATES),
            "created_at": TEXT,
        }
        page = closed(limit=WHOLE, offset=WHOLE, total=WHOLE)
        return {
            "ItemBrief": closed(**brief),
            "Item": closed({mass: {"type": "number"}}, **full),
            "ItemList": closed(items={"type": "array", "items": ref("ItemBrief")}, page=page),
            "Span": closed(start=TEXT, end=TEXT, count=WHOLE),
            "Stocktake": closed(id=WHOLE, day=TEXT, items=WHOLE),
        }

    def _bookings(self) -> dict:
        svc, notes = self.contract.svc, self.contract.names["booking"][-1]
        account = list(self.contract.forms["booking"].fields["payment"].forms)[2]
        whole = "self.app.customers.full(" in svc.source("bookings")
        payments = [
            closed(kind=words("card"), last4=TEXT),
            closed(kind=words("transfer"), iban=TEXT, holder=MAYBE),
            closed(kind=words(account), order=MAYBE, days=WHOLE),
        ]
        customer = {"oneOf": [WHOLE, ref("Customer" if whole else "CustomerBrief")], "nullable": True}
        lines = [
            {"type": "array", "items": closed(count=WHOLE, **line), "minItems": 1}
            for line in ({"sku": TEXT}, {"item": ref("ItemBrief")})
        ]
        booking = closed(
            {"drop_off": TEXT, "discount": WHOLE, "voucher": TEXT},
            **{
                "ref": TEXT,
                "status": words(*svc.bookings.STATUSES),
                "customer": customer,
                "lines": {"oneOf": lines},
                "start": TEXT,
                "end": TEXT,
                "pickup": MAYBE,
                "payment": {"oneOf": payments},
                "delivery": words("counter", self.contract.courier),
                notes: MAYBE,
                "total": TEXT,
                "created_at": TEXT,
                "confirmed_at": MAYBE,
            },
        )
        new = {"status": words("draft"), "customer": WHOLE, "lines": lines[0], "confirmed_at": NOTHING}
        told = {**words("mail", "text"), "nullable": True}
        several = {"type": "array", "items": ref("Booking")}
        return {
            "Booking": booking,
            "NewBooking": {**booking, "properties": {**booking["properties"], **new}},
            "BookingList": closed({"next": TEXT}, bookings=several),
            "Removed": closed(ref=TEXT, status=words("draft", "returned"), refund=TEXT),
            "Confirmed": closed(ref=TEXT, status=words("confirmed"), told=told),
            "Reminded": closed(ref=TEXT, sent_at=TEXT),
            "Health": closed(status=words("ok"), bookings=WHOLE),
        }
