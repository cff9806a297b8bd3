"""The machines whose lines the log holds: names that change, boots, and what each writes all day long."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from random import Random

SITES = ("quay", "mill", "fjord", "ridge")
NEW_NAMES = ("shop-front", "tariff-api", "stock-api", "label-print", "night-batch", "customs-feed")
TEST_NAMES = ("preview-2", "sandbox-4", "trial-5")
PATHS = (
    "/shop/item/{0}",
    "/shop/cart",
    "/static/app.4f{1:02x}.js",
    "/search?page={1}",
    "/api/orders/{0}",
    "/health",
)
ROUTES = ("orders.create", "orders.list", "labels.render", "stock.reserve", "customs.declare", "tours.plan")
USERS = ("deploy", "ansible", "backup", "mwinter", "tokafor", "lsand")
POOL = 65_536
TABLES = ("parcel", "tour", "invoice", "stock_move", "customer", "label")

#: Role -> (weight, program, text); {0} and {3} are 0-65535, {1} 0-255, {2} 0-999, <word> is filled in once.
COMMON = (
    (2, "sshd[{0}]", "Accepted publickey for <user> from 10.20.0.{1} port {3} ssh2: ED25519"),
    (2, "sshd[{0}]", "Disconnected from user <user> 10.20.0.{1} port {3}"),
    (2, "systemd[1]", "session-{0}.scope: Deactivated successfully."),
    (2, "systemd[1]", "Started session-{0}.scope - Session {0} of User <user>."),
    (3, "CRON[{0}]", "(root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)"),
    (3, "node-exporter[<pid>]", 'level=info msg="scrape done" collector=diskstats duration_ms={2}'),
    (1, "chronyd[<pid>]", "Selected source 10.20.0.{1} (ntp{1}.example.net)"),
    (2, "sudo", "  <user> : TTY=pts/{1} ; PWD=/srv ; USER=root ; COMMAND=/usr/bin/systemctl status app@{2}"),
)
ROLES = {
    "web": (
        (40, "nginx[<pid>]", '10.20.4.{1} - - "GET <path> HTTP/1.1" 200 {3} "-" "Mozilla/5.0" rt=0.{2:03}'),
        (
            4,
            "nginx[<pid>]",
            '10.20.4.{1} - - "POST /api/orders HTTP/1.1" 201 {3} "-" "okhttp/4.12.0" rt=0.{2:03}',
        ),
        (2, "nginx[<pid>]", "*{0}{3} client 10.20.4.{1} closed keepalive connection"),
    ),
    "app": (
        (
            20,
            "parceld[<pid>]",
            "INFO request id=r{0:04x}{1:02x} route=<route> status=200 took={2}ms user={3}",
        ),
        (3, "parceld[<pid>]", "WARN slow query on <table>: {2}ms, request id=r{0:04x}{1:02x}"),
        (3, "parceld[<pid>]", "INFO job {0} of queue <route> done in {2}ms, {1} left"),
    ),
    "db": (
        (
            8,
            "postgres[{0}]",
            "LOG:  duration: {2}.{1:03} ms  statement: SELECT * FROM <table> WHERE id = {3}",
        ),
        (
            3,
            "postgres[<pid>]",
            "LOG:  checkpoint complete: wrote {0} buffers ({1}.{2}%); 0 WAL file(s) added",
        ),
        (
            2,
            "postgres[{0}]",
            'LOG:  automatic vacuum of table "parcel.public.<table>": index scans: 1, pages: {3} remain',
        ),
    ),
    "mx": (
        (9, "postfix/smtpd[{0}]", "connect from mail{1}.example.org[203.0.113.{1}]"),
        (
            9,
            "postfix/qmgr[<pid>]",
            "{0:04X}{3:05X}: from=<no-reply@example.com>, size={3}, nrcpt=1 (queue active)",
        ),
        (
            9,
            "postfix/smtp[{0}]",
            "{0:04X}{3:05X}: relay=198.51.100.{1}:25, delay={1}.{2:03}, status=sent (250 ok)",
        ),
    ),
    "cache": ((9, "redis[<pid>]", "{3} changes in 300 seconds. Saving... {2} MB of memory used by RDB"),),
    "site": (
        (12, "meterd[<pid>]", "sensor s{1} value={0} quality=good seq={3}"),
        (4, "doord[<pid>]", "gate {1}: badge {3}-{2:03} accepted, opening for 8 s"),
    ),
    "lab": ((9, "parceld[<pid>]", "DEBUG replay id=r{0:04x}{1:02x} route=<route> status=200 took={2}ms"),),
}


@dataclass(eq=False)
class Machine:
    """One machine; ``first`` is its name at the beginning of the log, ``name`` the one at the end."""

    number: int
    first: str
    name: str
    role: str
    renamed: int = 0
    test: bool = False
    boots: list[int] = field(default_factory=list)
    """Instants of its boots in microseconds, the first of them before the log."""
    pids: dict[str, int] = field(default_factory=dict)
    spellings: list[tuple[int, int, str]] = field(default_factory=list)
    """(first second, last second, form with {0}) in which its name is not written plainly."""
    callers: set[int] = field(default_factory=set)
    """Boots whose kernel writes the caller behind the seconds."""

    @property
    def behind(self) -> bool:
        """Whether its lines come through the relay of the outside site."""
        return self.role == "site"

    def called(self, at: int) -> str:
        """Return the name it writes at the second ``at``."""
        return self.name if self.renamed and at >= self.renamed else self.first

    def written(self, at: int) -> str:
        """Return what stands for it in a line of the second ``at``."""
        name = self.called(at)
        for first, last, form in self.spellings:
            if first <= at <= last:
                return name.upper() if form == "CAPITALS" else form.format(name)
        return name


class Fleet:
    """All machines of a seed, with their parts in the story."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.site = rng.choice(SITES)
        sizes = {"web": 14, "app": 14, "db": 4, "mx": 2, "cache": 2, "site": 5, "lab": 2}
        self.machines: list[Machine] = []
        for role, size in sizes.items():
            for number in range(1, size + 1):
                name = f"{self.site if role == 'site' else role}-{number}"
                self.machines.append(Machine(len(self.machines), name, name, role))
        self.spare = Machine(len(self.machines), "spare-1", "spare-1", "app")
        self.machines.append(self.spare)
        fresh = rng.sample(NEW_NAMES, 2)
        self.moved = self.by_name(rng.choice(("web-1", "app-1")))
        self.moved.name = fresh[0]
        self.spare.name = self.moved.first
        self.mover = self.by_name(f"app-{rng.randint(3, 6)}")
        self.mover.name = fresh[1]
        self.old_test = self.by_name(f"web-{rng.randint(7, 9)}")
        self.old_test.name = rng.choice(TEST_NAMES)
        names = [f"app-{rng.randint(7, 9)}", f"web-{rng.randint(4, 6)}", f"{self.site}-5", "lab-1", "lab-2"]
        self.tests = [self.old_test, *(self.by_name(name) for name in names)]
        for machine in self.tests:
            machine.test = True
        self.crashing = self.by_name(f"db-{rng.randint(1, 4)}")

    def by_name(self, name: str) -> Machine:
        """Return the machine that has ``name`` at the beginning."""
        return next(machine for machine in self.machines if machine.first == name)

    def plain(self, *roles: str) -> list[Machine]:
        """Return production machines that were not renamed, of some roles or of all but the outside site."""
        kept = [m for m in self.machines if not m.test and m.first == m.name]
        return [m for m in kept if (m.role in roles if roles else not m.behind)]

    def pid(self, machine: Machine, program: str) -> str:
        """Return ``program[pid]``, always the same for one machine."""
        number = machine.pids.setdefault(program, self.rng.randint(400, 3900))
        return f"{program}[{number}]"

    def make_pool(self) -> list[tuple[int, str]]:
        """Return 65,536 draws of (machine, line from its program on)."""
        entries: list[tuple[int, str]] = []
        weights: list[int] = []
        busy = {"web": 3, "app": 3, "db": 3, "mx": 2, "site": 1, "cache": 1, "lab": 1}
        for machine in self.machines:
            for weight, program, text in (*COMMON, *ROLES[machine.role]):
                for _ in range(6):
                    entries.append((machine.number, self._filled(machine, program, text)))
                    weights.append(weight * busy[machine.role])
        numbers = struct.iter_unpack("<HBxHH", self.rng.randbytes(8 * POOL))
        drawn = self.rng.choices(entries, weights, k=POOL)
        return [
            (number, text.format(a, b, c % 1000, d))
            for (number, text), (a, b, c, d) in zip(drawn, numbers, strict=True)
        ]

    def _filled(self, machine: Machine, program: str, text: str) -> str:
        rng = self.rng
        name = program.partition("[")[0]
        words = {"user": USERS, "path": PATHS, "route": ROUTES, "table": TABLES}
        if "<pid>" in program:
            program = self.pid(machine, name)
        for word, choices in words.items():
            if f"<{word}>" in text:
                text = text.replace(f"<{word}>", rng.choice(choices))
        return f"{program}: {text}"
