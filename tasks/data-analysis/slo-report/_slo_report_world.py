"""March at four edge hosts, as records: who asked for what, how it ended, how long it took, and how the log shows it.

Times are seconds since the epoch (UTC), durations microseconds. Most requests are plain; the others have a `kind` that
says what a careless reader would get wrong about them.
"""

import itertools
import random
from dataclasses import dataclass, field

DAY = 86_400
ZONES = {
    "Europe/Ostrand": (3600, 7200, 1_774_746_000),
    "Europe/Karsund": (7200, 10_800, 1_774_746_000),
}
"""Zone → offset before and after the change, and the instant of the change: 29 March 2026, 01:00 UTC."""
MONTH = 1_772_323_200
"""1 March 2026, 00:00 UTC."""

HOSTS = ("edge-1", "edge-2", "edge-3", "edge-4")
UNITS = {"s": 1_000_000, "ms": 1000, "us": 1}

ROUTES = (
    ("users-me", "GET", "/users/me", 95.5),
    ("users-one", "GET", "/users/{id}", 98.0),
    ("orders-new", "POST", "/orders", 94.0),
    ("orders-export", "GET", "/orders/export", 88.0),
    ("orders-one", "GET", "/orders/{id}", 97.5),
    ("orders-item", "GET", "/orders/{id}/items/{item}", 96.0),
    ("search", "GET", "/search", 98.0),
    ("files", "*", "/files/**", 92.0),
    ("checkout", "POST", "/checkout/{cart}/pay", 90.0),
    ("reports", "GET", "/reports/**", 92.5),
)
WEIGHTS = (14, 18, 9, 3, 12, 8, 16, 9, 6, 5)
NUMBERS, CUMULATED = range(len(WEIGHTS)), list(itertools.accumulate(WEIGHTS))
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/136.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/134.0.0.0 Safari/537.36",
    "okhttp/4.12.0",
    "python-requests/2.32.3",
)
ODD_AGENTS = (
    r"Pocket \"Pro\" Reader/2.1",
    r"\"GET /users/me HTTP/1.1\" 500 tester",
    r"Shopfront (build \"17\") rt=9.9",
)
BOTS = ("Crawlerbird/3.1", "seekbot (+https://seek.example/bot)", "LINKROVER/0.9")
LATE_BOT = "Pagewarden/1.4"
"""Counts as a bot only from a day on that the changes name."""
APP = "Kestrel/5.0 (app)"
"""Counted as a bot up to a day that the changes name."""


@dataclass(frozen=True)
class Request:
    """One request as it reached one of our hosts."""

    at: int
    host: str
    method: str
    path: str
    status: int
    took: int
    agent: str = AGENTS[0]
    via: str = "-"
    number: str = ""
    kind: str = ""
    client: str = "198.51.100.7"


@dataclass
class World:
    """Everything that was drawn."""

    zone: str
    units: dict = field(default_factory=dict)
    """Host → list of (from, unit), the unit of the first one holding from the beginning."""
    objectives: dict = field(default_factory=dict)
    """Route → list of (from, objective in percent)."""
    bots: dict = field(default_factory=dict)
    """Part of an agent's name → (from, to)."""
    window: tuple = ()
    """Maintenance: (route, from, to)."""
    requests: list = field(default_factory=list)
    routes: dict = field(default_factory=dict)
    """(method, path) → route, as found so far."""
    facts: dict = field(default_factory=dict)
    """What changes.md tells, by name."""

    def local(self, at):
        """Return the offset of the zone at an instant."""
        before, after, change = ZONES[self.zone]
        return after if at >= change else before

    def instant(self, day, hour, minute=0, second=0):
        """Return the instant of a local time in March (day 32 is 1 April)."""
        naive = MONTH + (day - 1) * DAY + hour * 3600 + minute * 60 + second
        before, after, change = ZONES[self.zone]
        return naive - (after if naive - before >= change else before)

    def month(self):
        """Return beginning and end of the local month."""
        return self.instant(1, 0), self.instant(32, 0)


def draw(rng: random.Random, size: int) -> World:
    """Return a world with about ``size`` requests."""
    world = World(rng.choice(sorted(ZONES)))
    draw_changes(rng, world)
    first, last = world.month()
    plain = [ordinary(rng, world, rng.randrange(first - 5 * 3600, last + 4 * 3600)) for _ in range(size)]
    world.requests = [*plain, *special(rng, world)]
    world.requests.sort(key=lambda one: (one.at, one.host, one.path, one.took))
    number = rng.randrange(16**7, 16**8 // 2)
    world.requests = [renumber(one, number + 7 * place) for place, one in enumerate(world.requests)]
    inner = doubled(rng, world)
    world.requests += inner
    return world


def renumber(one, number):
    """Give a request its id, and what goes with it."""
    return Request(one.at, one.host, one.method, one.path, one.status, one.took, one.agent, one.via,
                   f"{number:08x}", one.kind, f"198.51.100.{number % 251}")  # fmt: skip


def draw_changes(rng, world):
    """Draw when units, objectives and bots changed, and the maintenance."""
    at = world.instant
    two = [at(rng.randint(4, 5), rng.randint(9, 17), rng.choice((10, 25, 40)))]
    two += [two[0] + rng.randint(15, 22) * 3600, at(rng.randint(8, 10), 2, 15)]
    one = at(rng.randint(17, 21), rng.randint(9, 16), rng.choice((5, 35, 50)))
    four = at(rng.randint(13, 16), 6)
    swap = at(rng.randint(22, 26), rng.randint(9, 15), 30)
    world.units = {
        "edge-1": [(0, "s"), (one, "us")],
        "edge-2": [(0, "s"), (two[0], "us"), (two[1], "s"), (two[2], "us")],
        "edge-3": [(0, "us")],
        "edge-4": [(0, "ms"), (swap, "us")],
    }
    route = rng.choice(("orders-one", "users-one"))
    first = next(o for name, _, _, o in ROUTES if name == route)
    changed = at(rng.randint(11, 18), 0)
    world.objectives = {name: [(0, objective)] for name, _, _, objective in ROUTES}
    world.objectives[route].append((changed, first - rng.choice((0.5, 1.0, 1.5))))
    other = rng.choice(("search", "files"))
    app, late = at(rng.randint(10, 13), 12), at(rng.randint(6, 9), 0)
    world.bots = dict.fromkeys(("crawlerbird", "seekbot", "linkrover"), (0, 2**40))
    world.bots |= {"kestrel": (0, app), "pagewarden": (late, 2**40)}
    start = at(29, 0, 30)
    world.window = ("reports", start + 3600, start + rng.choice((4, 5)) * 3600)
    world.facts = {"two": two, "one": one, "four": four, "swap": swap, "route": route, "changed": changed,
                   "other": other, "app": app, "late": late, "start": start}  # fmt: skip


def path_of(rng, route):
    """Return method and path of a request for a route."""
    _, method, pattern, _ = ROUTES[route]
    if method == "*":
        method = rng.choice(("GET", "GET", "PUT", "DELETE"))
    path = pattern.replace("/**", f"/{rng.choice(('a', 'b', 'x/y'))}/{rng.randrange(90)}")
    while "{" in path:
        head, _, rest = path.partition("{")
        path = f"{head}{rng.randrange(10, 9999)}{rest.partition('}')[2]}"
    return method, path


def ordinary(rng, world, at):
    """Return a plain request."""
    route = rng.choices(NUMBERS, cum_weights=CUMULATED)[0]
    method, path = path_of(rng, route)
    if rng.random() < 0.1:
        path += rng.choice(("?page=2", "?q=a%2Fb", "/"))
    host = rng.choice(HOSTS if at >= world.facts["four"] else HOSTS[:3])
    status = rng.choices((200, 204, 404, 500, 503, 429), cum_weights=(900, 940, 980, 986, 990, 1000))[0]
    took = int(rng.lognormvariate(10.6 + route / 9, 0.55))
    return Request(at, host, method, path, status, took, rng.choice(AGENTS))


def special(rng, world):
    """Return the requests that a careless reader gets wrong, many enough to show in the figures."""
    first, last = world.month()
    out = []

    def add(n, kind, route, between=None, **more):
        begin, end = between or (first, last)
        for _ in range(n):
            at = rng.randrange(begin, end)
            one = ordinary(rng, world, at)
            method, path = path_of(rng, route)
            values = {
                "method": method,
                "path": path,
                "status": one.status,
                "took": one.took,
                "agent": one.agent,
            } | more
            out.append(Request(at, kind=kind, **{"host": one.host, **values}))

    window, late, app = world.window, world.bots["pagewarden"][0], world.bots["kestrel"][1]
    add(260, "me", 0, status=500, took=40_000)
    add(420, "client-gone", 6, status=499, took=4_000_000)
    add(300, "probe", 1, path="/healthz")
    add(150, "probe", 4, agent="kube-probe/1.31", status=503)
    add(500, "bot", 6, agent=rng.choice(BOTS).upper(), status=503)
    add(260, "bot", 1, agent=rng.choice(BOTS[:2]).swapcase(), took=3_000_000)
    add(90, "early-warden", 9, (first, late), agent=LATE_BOT, status=500)
    add(160, "warden", 9, (late, last), agent=LATE_BOT, status=500)
    add(150, "early-app", 8, (first, app), agent=APP, status=503)
    add(260, "app", 8, (app, last), agent=APP, status=500)
    add(340, "quoted", 7, agent=rng.choice(ODD_AGENTS), status=502, took=2_000_000)
    add(150, "quoted", 5, agent=ODD_AGENTS[1], status=200)
    add(170, "export", 3, status=500)
    add(120, "slash", 2, path="/orders/", status=500)
    add(90, "encoded", 5, path="/orders/17%2Fa/items/9", status=500)
    add(90, "lost", 1, path="/users/17/avatar", status=500)
    add(60, "case", 0, path="/Users/me", status=500)
    add(170, "maintenance", 9, (window[1], window[2]), status=503)
    add(60, "first-plan", 9, (world.facts["start"], window[1]), status=503)
    add(50, "edge-of-month", 2, (first, first + 3000), status=500)
    add(50, "before", 2, (first - 3000, first), status=500)
    add(50, "edge-of-month", 4, (last - 3000, last), status=500)
    add(50, "after", 4, (last, last + 3000), status=500)
    swap = world.facts["one"]
    add(130, "swap", 3, sorted((swap, swap - world.local(swap))), host="edge-1", took=8_000_000, status=200)
    out += bad_hours(rng, world)
    return out


def bad_hours(rng, world):
    """Return requests that make some hours bad, and some nearly so."""
    first, last = world.month()
    out = []
    for place, hour in enumerate(rng.sample(range(first // 3600 + 30, last // 3600 - 30), 24)):
        route = rng.choice((2, 5, 8))
        for count in range(rng.randint(30, 44)):
            method, path = path_of(rng, route)
            at = hour * 3600 + (0 if count == 0 else 3599 if count == 1 else rng.randrange(3600))
            status = 500 if count < (6, 3, 5, 4)[place % 4] else 200
            out.append(Request(at, rng.choice(HOSTS[:3]), method, path, status, 45_000, kind="hour"))
    return out


def doubled(rng, world):
    """Return the inner lines of requests that passed two hosts; of some the outer line was lost."""
    inner, lost = [], set()
    for place, one in enumerate(world.requests):
        if place % 23 == 5 and one.kind in {"", "me", "export"}:
            other = rng.choice([host for host in HOSTS[:3] if host != one.host])
            orphan = place % 69 == 5
            status = one.status if orphan or place % 2 else 500
            inner.append(Request(one.at, other, one.method, one.path, status, max(1000, one.took - 900), one.agent,
                                 one.host, one.number, "orphan" if orphan else "inner", one.client))  # fmt: skip
            if orphan:
                lost.add(one.number)
    world.requests = [one for one in world.requests if one.number not in lost]
    return inner


def even_out(rng, world, hours, wrong):
    """Let two hours have exactly one error in ten: add requests and turn some of them into errors.

    ``hours`` and ``wrong`` count requests and errors by (hour, route).
    """
    picked = {"orders-item": 5, "checkout": 8}
    for name, route in picked.items():
        fit = sorted(p for p, n in hours.items() if p[1] == name and n >= 20 and 10 * wrong[p] < n)
        if not fit:
            return False
        hour = rng.choice(fit)[0]
        total = -(-(hours[hour, name] + 6) // 10) * 10
        more = total - hours[hour, name]
        bad = total // 10 - wrong[hour, name]
        if not 0 <= bad <= more:
            return False
        last = max(int(one.number, 16) for one in world.requests)
        for count in range(more):
            method, path = path_of(rng, route)
            one = Request(
                hour * 3600 + 60 * count,
                "edge-3",
                method,
                path,
                502 if count < bad else 200,
                45_000,
                kind="hour",
            )
            world.requests.append(renumber(one, last + 7 + 7 * count))
    return True
