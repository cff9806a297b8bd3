"""Who connects to the gateway, when, and how: staff, scanners, slow guessers, attackers.

Every scene is laid out so that one mistake of `_ssh_bruteforce_rules.TRAPS` changes what comes of it.
Addresses come from ranges reserved for documentation, benchmarks and carriers; all people are invented.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from random import Random

from _ssh_bruteforce_log import FIRST_PORT, LAST_PORT, Journal
from _ssh_bruteforce_world import GUESSABLE, Event, Setting

DAY = 86400
PASSWORD, KEYBOARD = GUESSABLE
# fmt: off
STAFF = (
    "anna", "bjorn", "carla", "dmitri", "elif", "farid", "gesa", "henrik", "ines", "jonas", "katja",
    "liu", "marek", "nadia", "oskar", "petra", "quirin", "rosa", "sven", "tomasz", "ulla", "vera",
    "wim", "yusuf",
)
# fmt: on
SERVICES = ("backup", "deploy", "git", "jenkins", "mysql", "nagios", "oracle", "postgres", "www-data")
# fmt: off
GUESSES = (
    "admin", "test", "ubuntu", "guest", "pi", "user", "ftpuser", "support", "hadoop", "minecraft",
    "steam", "odoo", "zabbix", "ansible", "tomcat", "dev", "sysadmin", "info", "student", "vagrant",
    "web", "ec2-user",
)
# fmt: on


class Addresses:
    """Draws addresses nobody has yet; ``allowed`` are the entries of allow.txt."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        carrier, bench = rng.randrange(64, 128), rng.randrange(256)
        self.ranges = [
            "192.0.2",
            "198.51.100",
            "203.0.113",
            f"100.{carrier}.{rng.randrange(256)}",
            f"198.{rng.choice((18, 19))}.{bench}",
        ]
        self.used: set[str] = set()
        self.office = ip_network(f"{rng.choice(self.ranges[:3])}.{16 * rng.randrange(2, 14)}/28")
        self.vpn = ip_network(f"10.{rng.randrange(16, 200)}.{rng.randrange(256)}.0/24")
        self.branch = ip_network(f"2001:db8:{rng.randrange(0x1000, 0x8000):x}::/48")
        self.used.update(map(str, self.office))
        self.monitor, self.store, self.new_store = self.draw(), self.draw(), self.draw()
        self.admin = f"2001:db8:{rng.randrange(0x9000, 0xA000):x}::{rng.randrange(0x1A, 0xFF):x}"
        self.used.add(self.admin)
        self.allowed = (
            str(self.office),
            str(self.vpn),
            self.monitor,
            self.store,
            ip_address(self.admin).exploded.upper(),
            str(self.branch),
        )

    def draw(self) -> str:
        """Return a fresh IPv4 address of one of five networks."""
        while True:
            address = f"{self.rng.choice(self.ranges)}.{self.rng.randrange(1, 255)}"
            if address not in self.used:
                self.used.add(address)
                return address

    def draw6(self) -> str:
        """Return a fresh IPv6 address as sshd spells it."""
        address = (
            f"2001:db8:{self.rng.randrange(0xA001, 0xFFFF):x}:{self.rng.randrange(1, 99):x}::"
            f"{self.rng.randrange(2, 0xFFFF):x}"
        )
        self.used.add(address)
        return address

    def two_alike(self) -> tuple[str, str]:
        """Return two fresh IPv4 addresses of one /24 whose last numbers have two digits, in either order."""
        while True:
            base, last = self.rng.choice(self.ranges), self.rng.sample(range(3, 10), 2)
            pair = tuple(f"{base}.{10 * tens + ones}" for tens, ones in (last, last[::-1]))
            if not self.used & {*pair}:
                self.used.update(pair)
                return pair[0], pair[1]

    def neighbours(self) -> list[str]:
        """Return fresh addresses: the one after the office's network, then five of one aligned /29."""
        after = str(self.office.broadcast_address + 1)
        self.used.add(after)
        while True:
            base = ip_address(f"{self.rng.choice(self.ranges)}.{8 * self.rng.randrange(1, 31)}")
            block = [str(base + i) for i in range(8)]
            if not self.used & {*block}:
                self.used.update(block)
                return [after, *self.rng.sample(block, 5)]


class Cast:
    """The people and machines of one world; each method plays some of them into the journal."""

    def __init__(self, rng: Random, setting: Setting, addresses: Addresses, journal: Journal) -> None:
        self.rng, self.setting, self.pool, self.log = rng, setting, addresses, journal
        self.span = setting.end - setting.start
        self.staff = rng.sample(STAFF, len(STAFF))
        self.homes: list[tuple[str, str]] = []
        self.keyed_home = ""
        self.moved = setting.new_year - rng.randint(6, 8) * DAY + 9 * 3600 + 60 * rng.randrange(300)
        """When the backup store changed its address."""

    def daytime(self, first: float, last: float) -> int:
        """Return a moment between two shares of the period, in working hours."""
        day = self.rng.randint(int(self.span * first) // DAY, int(self.span * last) // DAY)
        return self.setting.start + day * DAY + self.rng.randrange(7 * 3600, 19 * 3600)

    def moment(self, first: int, last: int) -> int:
        """Return any moment of a stretch."""
        return self.rng.randrange(first, last)

    def guess(self, at: int, peer: str, **more: object) -> Event:
        """Return a failed login with some user name."""
        known = self.rng.random() < 0.45
        names = ("root", "root", "root", *SERVICES) if known else GUESSES
        return Event(at=at, peer=peer, **{"user": self.rng.choice(names), "known": known, **more})

    def staff_life(self) -> None:
        """Play the honest logins, with a typo now and then; homes are not in allow.txt."""
        office = [str(host) for host in self.pool.office.hosts()][:10]
        vpn = [str(self.pool.vpn.network_address + i) for i in range(10, 40)]
        for index, name in enumerate(self.staff):
            home = self.pool.draw6() if index % 8 == 5 else self.pool.draw()
            method = self.rng.choice((PASSWORD, "publickey", KEYBOARD)) if index else "publickey"
            self.homes.append((name, home))
            for day in range(self.span // DAY):
                for place in (home, self.rng.choice(office), self.rng.choice(vpn)):
                    if self.rng.random() < 0.42:
                        at = self.setting.start + day * DAY + self.rng.randrange(6 * 3600, 22 * 3600)
                        self._session(Event(at=at, peer=place, user=name, known=True, method=method))
        self.keyed_home = self.homes[0][1]

    def _session(self, login: Event) -> None:
        mapped = ":" not in login.peer and self.rng.random() < 0.08
        login = login._replace(ok=True, mapped=mapped)
        if login.method != "publickey" and self.rng.random() < 0.12:
            self.log.failure(login._replace(at=login.at - 9, ok=False))
        self.log.login(login, minutes=self.rng.randrange(2, 170))

    def machines(self) -> None:
        """Play cron, the backup pull and the admins' own reading of the logs."""
        for at in range(self.setting.start + 300, self.setting.end - 60, 600):
            self.log.cron(at + 1, "root" if self.rng.random() < 0.8 else "www-data")
        for at in range(self.setting.start + 7200, self.setting.end - 3600, DAY // 2):
            peer = self.pool.store if at < self.moved else self.pool.new_store
            event = Event(at=at, peer=peer, user="backup", ok=True, method="publickey", known=True)
            self.log.login(event, minutes=11)

    def scanners(self, count: int) -> None:
        """Play many hosts that try two or three names and go, some of them again on other days."""
        for _ in range(count):
            peer = self.pool.draw() if self.rng.random() < 0.94 else self.pool.draw6()
            for visit in range(self.rng.randint(1, 5)):
                at = self.setting.start + self.moment(0, self.span - DAY) // 5 + visit * (self.span // 5)
                tries = self.rng.randint(1, 3)
                for step in range(tries):
                    method = "none" if self.rng.random() < 0.05 else PASSWORD
                    again = int(step == tries - 1 and self.rng.random() < 0.2)
                    event = self.guess(at + step * self.rng.randint(3, 9), peer, method=method)
                    self.log.failure(event, again)

    def probes(self, target: int) -> None:
        """Fill the journal up to about ``target`` lines with connections that never log in."""
        regulars = [self.pool.draw() for _ in range(60)]
        while len(self.log.lines) < target:
            self.log.probe(self.setting.start + self.moment(60, self.span - 60), self.rng.choice(regulars))

    def slow_guessers(self) -> None:
        """Play five patient hosts: one failure too few in every window. Two of them have a login."""
        step = self.setting.window // (self.setting.threshold - 1) + 1
        for index in range(5):
            peer = self.pool.draw()
            runs = self.rng.randint(2, 4)
            for run in range(runs):
                part = self.span // runs
                at = self.setting.start + run * part + self.moment(0, part - DAY)
                for _ in range(self.rng.randint(70, 160)):
                    self.log.failure(self.guess(at, peer, method=PASSWORD))
                    at += step + self.rng.randint(0, 3)
            if index < 2:
                at = self.setting.end - self.rng.randrange(3600, 9 * 3600)
                self.log.login(Event(at=at, peer=peer, user=self.staff[index + 4], ok=True, known=True))

    def own_hosts(self) -> None:
        """Play hosts of allow.txt that fail often: typos before a key or a password, a stale script."""
        need, rng, pool = self.setting.threshold, self.rng, self.pool
        office = [str(host) for host in pool.office.hosts()]
        scenes = [
            (office[11], "publickey", False),
            (office[12], PASSWORD, False),
            (pool.admin, PASSWORD, False),
            (str(pool.vpn.network_address + 77), KEYBOARD, True),
            (pool.monitor, "", False),
            (str(pool.branch.network_address + rng.randrange(0x100, 0xFFFF)), PASSWORD, False),
        ]
        for index, (peer, method, mapped) in enumerate(scenes):
            at, user = self.daytime(0.05, 0.9), self.staff[index] if method else "nagios"
            for _ in range(need + rng.randint(1, 4)):
                at += rng.randint(3, 8)
                typo = Event(at=at, peer=peer, user=user, known=True, mapped=mapped)
                self.log.failure(typo)
            if method:
                self.log.login(typo._replace(at=at + 12, method=method, ok=True))

    def many_keys(self) -> None:
        """Play a colleague whose agent offers a row of keys before a password is asked for."""
        name, peer = self.staff[9], self.pool.draw()
        at = self.daytime(0.1, 0.8)
        for step in range(self.setting.threshold + 2):
            self.log.failure(Event(at=at + step // 4, peer=peer, user=name, known=True, method="publickey"))
        self.log.login(Event(at=at + 30, peer=peer, user=name, ok=True, known=True))

    def imitation(self, victim: str, form: int = 0) -> dict[str, object]:
        """Return the fields of a failure whose user name carries another address."""
        name, port = self.rng.choice(GUESSES), self.rng.randrange(FIRST_PORT, LAST_PORT)
        source = f"from {victim} port {port}"
        text = (
            f"{name} {source} ssh2",
            f"{name} {source}",
            f"message repeated 5 times: [ Failed password for root {source} ssh2]",
        )[form]
        return {"user": text, "known": False, "shown": victim}
