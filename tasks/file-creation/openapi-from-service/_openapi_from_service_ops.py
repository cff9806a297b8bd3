"""The operations of a service: how each is called well, and which gates a request passes on its way."""

from dataclasses import dataclass, field

MERGE = "application/merge-patch+json"


@dataclass
class Op:
    """An operation, a good call of it, and what may be asked of every call."""

    method: str
    template: str
    path: str
    gone: str = ""
    """A path of the right form that leads nowhere."""
    role: bool = False
    """Whether a reader is turned away."""
    site: bool = False
    media: str = ""
    """What a body must be; empty where none is read."""
    empty: bool = False
    keyed: bool = True
    query: str = ""
    body: dict | None = None
    tagged: str = ""
    """The row (table/key) whose ETag has to be sent; empty where none is asked for."""
    bad_path: str = ""
    bad_query: list = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return method and template, without the base."""
        return f"{self.method} {self.template}"

    def send(self, caller, path="", **changes):
        """Call it, well but for the changes."""
        given = {"query": self.query, "headers": {}}
        if self.body is not None:
            given |= {"body": self.body, "media": self.media}
        if self.tagged:
            table, key = self.tagged.split("/")
            row = getattr(caller.app.store, table).get(key)
            if row is not None:
                given["headers"]["If-Match"] = row["etag"]
        given |= changes
        return caller.call(self.method, path or self.path, template=self.template, **given)


def operations(d: dict) -> dict[str, Op]:
    """Return name → operation, of all that this service answers."""
    ref = d["ref"]
    all_ops = [
        Op("GET", "/health", "/health", keyed=False),
        *_customers(d),
        *_items(d),
        Op("GET", "/bookings", "/bookings", site=True, bad_query=["status=lost", "to=soon"]),
        Op("POST", "/bookings", "/bookings", site=True, role=True, media="application/json", body=booking(d)),
        Op(
            "GET",
            "/bookings/{}",
            f"/bookings/{ref}-6001",
            gone=f"/bookings/{ref}-1",
            site=True,
            bad_path="/bookings/none",
            bad_query=["expand=total"],
        ),
        Op(
            "DELETE",
            "/bookings/{}",
            f"/bookings/{ref}-6001",
            gone=f"/bookings/{ref}-1",
            site=True,
            role=True,
            bad_path="/bookings/none",
        ),
        Op(
            "POST",
            "/bookings/{}/confirm",
            f"/bookings/{ref}-6004/confirm",
            gone=f"/bookings/{ref}-1/confirm",
            site=True,
            role=True,
            media="application/json",
            empty=True,
            body={"notify": True},
            bad_path="/bookings/none/confirm",
        ),
        Op(
            "POST",
            "/bookings/{}/remind",
            f"/bookings/{ref}-6002/remind",
            gone=f"/bookings/{ref}-1/remind",
            bad_path="/bookings/none/remind",
        ),
        Op(
            "GET",
            "/reports/usage",
            "/reports/usage",
            role=True,
            query="month=2025-03",
            bad_query=["month=03"],
        ),
        *_plugins(d),
    ]
    return {op.name: op for op in all_ops}


def _customers(d):
    guarded = "customers/102" if d["customer_guarded"] else ""
    changed = {"name": "Ada Lund", d["level"]: d["level_words"][1]}
    return [
        Op("GET", "/customers", "/customers", bad_query=["limit=0", f"{d['level']}=none"]),
        Op("POST", "/customers", "/customers", role=True, media="application/json", body=customer(d)),
        Op("GET", "/customers/{}", "/customers/102", gone="/customers/9999"),
        Op(
            "PATCH",
            "/customers/{}",
            "/customers/102",
            gone="/customers/9999",
            role=True,
            media=MERGE,
            body=changed,
            tagged=guarded,
        ),
        Op(
            "DELETE",
            "/customers/{}",
            "/customers/120",
            gone="/customers/9999",
            role=True,
            tagged=guarded and "customers/120",
        ),
    ]


def _items(d):
    letters = d["sku_letters"]
    sku, bad, gone = f"/items/{letters}-1002", "/items/x", f"/items/{letters}-9999"
    whole = {name: value for name, value in item(d).items() if name != "sku"}
    guarded = f"items/{letters}-1002" if d["item_guarded"] else ""
    return [
        Op("GET", "/items", "/items", bad_query=["offset=-1", "kinds=none", "fragile=2"]),
        Op("POST", "/items", "/items", role=True, media="application/json", body=item(d)),
        Op("GET", "/items/{}", sku, gone=gone, bad_path=bad),
        Op("PUT", "/items/{}", sku, media="application/json", body=whole, tagged=guarded, bad_path=bad),
    ]


def _plugins(d):
    sku = f"{d['sku_letters']}-1001"
    known = {
        "calendar": Op(
            "GET",
            "/items/{}/calendar",
            f"/items/{sku}/calendar",
            gone=f"/items/{d['sku_letters']}-9999/calendar",
            bad_path="/items/x/calendar",
            bad_query=["from=today"],
        ),
        "labels": Op(
            "PUT",
            "/customers/{}/labels",
            "/customers/103/labels",
            gone="/customers/9999/labels",
            role=True,
            media="application/json",
            body={"labels": ["early"]},
        ),
        "stocktake": Op(
            "POST",
            "/stocktakes",
            "/stocktakes",
            role=True,
            media="application/json",
            body={"day": "2025-03-01", "counts": {sku: 4}},
        ),
    }
    return [known[name] for name in d["plugins"]]


def customer(d: dict) -> dict:
    """Return a new customer with little in it."""
    return {"name": "Runa Vik", "email": "runa@vik.example"}


def item(d: dict) -> dict:
    """Return a new item with little in it."""
    return {
        "sku": f"{d['sku_letters']}-4711",
        "title": "spare part",
        "kind": d["kind_words"][0],
        d["rate"]: 12.5,
        d["units"]: 3,
    }


def booking(d: dict) -> dict:
    """Return a new booking with little in it."""
    return {
        "customer": 101,
        "lines": [{"sku": f"{d['sku_letters']}-1001", "count": 1}],
        "start": "2026-05-04",
        "end": "2026-05-06",
        "payment": {"kind": "card", "last4": "0420", "holder": "R Vik"},
    }
