"""What the on-call people noted, and what happened around it: tests, addresses that changed hands, a slow clock.

`Duties.play` plays the scenes into the journal and gathers the notes on them; `Duties.duty` is what the notes come
to, with every foreseeable misreading of them. All moments are right ones of the server's zone.
"""

from __future__ import annotations

from ipaddress import ip_address

from _ssh_bruteforce_attacks import HOUR, Attacks
from _ssh_bruteforce_cast import DAY, GUESSES
from _ssh_bruteforce_log import CUT_NAME, LIMIT
from _ssh_bruteforce_notes import IDLE, SECURITY, Note, clock, dated
from _ssh_bruteforce_world import SECOND, WATCH, Duty, Event, Grant

FIRMS = (
    "Kestrel Audit",
    "Nordlicht Security",
    "Bluefin Labs",
    "Halden & Roth",
    "Pinewood Testing",
    "Ortolan",
    "Steinbach IT",
)
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Duties:
    """Plays what the handover notes are about."""

    def __init__(self, attacks: Attacks) -> None:
        self.attacks, self.cast, self.rng = attacks, attacks.cast, attacks.rng
        self.setting, self.pool = attacks.setting, attacks.cast.pool
        self.notes: list[Note] = []
        self.grants: dict[str, tuple[Grant, ...]] = {}
        self.misread: dict[str, tuple[str, tuple[Grant, ...]]] = {}
        self.cleared: set[tuple[str, str, int]] = set()
        self.rumoured: set[tuple[str, str, int]] = set()
        self.firms = self.rng.sample(FIRMS, len(FIRMS))
        people = [name for name in self.cast.staff if name not in SECURITY]
        self.crew, self.owners = people[:15], people[15:]
        self.new_year = (self.setting.new_year - self.setting.start) // DAY
        """The number of New Year's Day; the first day of the logs is 0."""
        boot = self.moment(self.new_year + 3, 5, self.rng.randrange(50))
        steps = (self.rng.randrange(400, 900), self.setting.window + self.rng.randrange(240, 700))
        self.boot, self.steps, self.down = boot, steps, boot - sum(steps) - 1800
        self.step = self.moment(self.new_year + 5, self.rng.randint(8, 10), self.rng.randrange(60))
        self.last_step = self.moment(self.new_year + 6, self.rng.randint(13, 16), self.rng.randrange(60))
        self.retracted: set[tuple[str, str, int]] = set()

    @property
    def duty(self) -> Duty:
        """What the notes come to."""
        claims = (frozenset(logins) for logins in (self.cleared, self.rumoured, self.retracted))
        clock = (self.down, self.boot, self.step, self.last_step, self.steps)
        return Duty(self.grants, self.misread, *claims, *clock)

    def play(self) -> None:
        """Play all scenes; there are some fifty notes in the end."""
        self._postponed()
        self._returned()
        self._two_lines()
        self._longer()
        self._in_utc()
        self._cancelled()
        self._store()
        self._warehouse()
        self._hotel()
        self._own_logins()
        self._slow_clock()
        self._second_sshd()
        self._long_names()
        for text in self.rng.sample(IDLE, 20):
            at = self.moment(
                self.rng.randint(1, self.new_year + 10), self.rng.randint(7, 23), self.rng.randrange(60)
            )
            self.note(at, text, ip=self.rng.choice(self.attacks.plain), n=str(self.rng.randint(12, 90)))

    # -- means ----------------------------------------------------------------------------------------------------

    def moment(self, day: int, hour: int, minute: int = 0) -> int:
        """Return a moment of a day of the logs."""
        return self.setting.start + day * DAY + hour * HOUR + minute * 60

    def note(self, at: int, kind: str, author: str = "", **values: str) -> None:
        """Add a note, by anybody on call if no author is given."""
        taken = {note.at for note in self.notes}
        while at in taken:
            at += 60
        self.notes.append(Note(at, author or self.rng.choice(self.crew), kind, values))

    def burst(self, peer: str, start: int, count: int = 0, **more: object) -> int:
        """Play a short burst of some more failures than it takes and return the moment of the last."""
        return self.attacks.burst(
            peer, start, count or self.setting.threshold + self.rng.randint(3, 20), **more
        )

    def security(self) -> str:
        """Return one of the two who may order tests."""
        return self.rng.choice(SECURITY)

    # -- tests ----------------------------------------------------------------------------------------------------

    def _hours(self, day: int) -> tuple[int, int]:
        begin = self.moment(day, self.rng.randint(18, 20), self.rng.choice((0, 15, 30)))
        return begin, begin + 3 * HOUR

    def _postponed(self) -> None:
        day, peer, firm = self.rng.randint(3, 6), self.pool.draw(), self.firms[0]
        begin, end = self._hours(day + 2)
        hours = {"begin": clock(begin), "end": clock(end)}
        self.note(self.moment(day, 11), "test", self.security(), firm=firm, ip=peer, **dated(begin), **hours)
        self.note(self.moment(day + 2, 9, 20), "postponed", self.security(), firm=firm)
        self.grants["postponed"] = (Grant(peer, begin + DAY, end + DAY),)
        self.misread["postponed"] = ("postponed", (Grant(peer, begin, end),))
        self.burst(peer, begin + DAY + self.rng.randint(300, 2 * HOUR), 40)
        self.burst(peer, begin + self.rng.randint(300, 2 * HOUR), 55)

    def _returned(self) -> None:
        """Play a test that is put off in the morning before, and put back a day later with another begin."""
        day, peer, firm = self.rng.randint(5, 8), self.pool.draw(), self.firms[5]
        begin, end = self._hours(day + 2)
        late = begin + HOUR
        hours = {"begin": clock(begin), "end": clock(end)}
        self.note(
            self.moment(day, 8, 50), "test", self.security(), firm=firm, ip=peer, **dated(begin), **hours
        )
        self.note(self.moment(day + 1, 17, 5), "deferred", self.security(), firm=firm)
        self.note(self.moment(day + 2, 10, 40), "returned", self.security(), firm=firm, begin=clock(late))
        self.grants["returned"] = (Grant(peer, late, end),)
        self.misread["returned"] = ("returned", (Grant(peer, begin + DAY, end + DAY),))
        self.misread["old begin"] = ("returned", (Grant(peer, begin, end),))
        self.burst(peer, begin + self.rng.randint(300, 1800))
        self.burst(peer, late + self.rng.randint(300, HOUR), 30)

    def _longer(self) -> None:
        """Play a test that goes on with leave, though not as long as the testers say."""
        day, peer, firm, author = self.new_year - 3, self.pool.draw6(), self.firms[6], self.security()
        begin, end = self._hours(day)
        leave = self.moment(day + 1, 0, 15)
        hours = {"begin": clock(begin), "end": clock(end)}
        shown = ip_address(peer).exploded.upper()
        self.note(self.moment(day - 2, 10), "test", author, firm=firm, ip=shown, **dated(begin), **hours)
        told = self.rng.choice(self.crew)
        self.note(end - 40 * 60, "longer", told, firm=firm, end=clock(end))
        self.note(
            self.moment(day + 1, 9, 10),
            "leave",
            author,
            firm=firm,
            teller=told.capitalize(),
            end=clock(leave),
        )
        self.grants["longer"] = (Grant(peer, begin, leave),)
        self.misread["longer"] = ("longer", (Grant(peer, begin, self.moment(day + 1, 1)),))
        self.misread["shorter"] = ("longer", (Grant(peer, begin, end),))
        self.burst(peer, begin + 1200, 60)
        self.burst(peer, end + 240, 3)
        self.burst(peer, leave + self.rng.randint(120, 1200))

    def _two_lines(self) -> None:
        day, firm, author = self.rng.randint(9, 10), self.firms[1], self.security()
        first, (wrong, right) = self.pool.draw(), self.pool.two_alike()
        begin, end = self._hours(day + 3)
        late = self.moment(day + 4, 1)
        hours = {"begin": clock(begin), "end": clock(end)}
        self.note(
            self.moment(day, 9, 40),
            "test-two",
            author,
            firm=firm,
            ip=first,
            ip2=wrong,
            **dated(begin),
            **hours,
        )
        digits = {"new": right.rpartition(".")[2], "old": wrong.rpartition(".")[2]}
        self.note(self.moment(day + 1, 16), "typo", author, firm=firm, **digits)
        self.note(end - 25 * 60, "hearsay", firm=firm, end=clock(end))
        self.grants["two"] = (Grant(first, begin, end), Grant(right, begin, end))
        self.misread["typo"] = ("two", (Grant(first, begin, end), Grant(wrong, begin, end)))
        self.misread["hearsay"] = ("two", (Grant(first, begin, late), Grant(right, begin, end)))
        for place, peer in enumerate((first, right, wrong)):
            self.burst(peer, begin + (place + 1) * 2000 + self.rng.randrange(900))
        last = self.burst(first, end + self.rng.randint(600, 1500))
        self.attacks.enter(last + self.rng.randint(60, 900), first, self.rng.choice(GUESSES[:9]))

    def _in_utc(self) -> None:
        day, peer, shift = self.rng.randint(14, 15), self.pool.draw(), self.setting.offset * HOUR
        begin = self.moment(day + 2, 10, 30)
        end = begin + 4 * HOUR
        hours = {"begin": clock(begin), "end": clock(end)}
        self.note(
            self.moment(day, 10, 5),
            "test-utc",
            self.security(),
            firm=self.firms[2],
            ip=peer,
            **dated(begin),
            **hours,
        )
        self.grants["utc"] = (Grant(peer, begin + shift, end + shift),)
        self.misread["utc"] = ("utc", (Grant(peer, begin, end),))
        self.burst(peer, (end if shift > 0 else begin) + shift + (-2400 if shift > 0 else 1200))

    def _cancelled(self) -> None:
        day, peer, author = self.rng.randint(18, 19), self.pool.draw(), self.security()
        begin, end = self._hours(day + 3)
        hours = {"begin": clock(begin), "end": clock(end)}
        wrote = self.moment(day, 15, 10)
        self.note(wrote, "test", author, firm=self.firms[3], ip=peer, **dated(begin), **hours)
        on = dated(wrote)
        self.note(self.moment(day + 2, 9, 15), "cancelled", author, wrote=on["day"], schrieb=on["tag"])
        self.grants["cancelled"] = ()
        self.misread["cancelled"] = ("cancelled", (Grant(peer, begin, end),))
        self.burst(peer, begin + self.rng.randint(600, 2 * HOUR))

    # -- addresses that change hands ------------------------------------------------------------------------------

    def _store(self) -> None:
        at = self.cast.moved
        old, new = self.pool.store, self.pool.new_store
        self.note(at + 3 * HOUR, "store", old=old, new=new, clock=clock(at))
        self.grants["store"] = (Grant(old, self.setting.start, at),)
        self.misread["store"] = ("store", (Grant(old, self.setting.start, self.setting.end),))
        self.burst(old, at - 8 * DAY + self.rng.randrange(HOUR), 5, user="backup", known=True)
        self.burst(old, at + self.rng.randint(2 * DAY, 4 * DAY), 60)

    def _warehouse(self) -> None:
        day, ips = self.new_year + 1, [self.pool.draw() for _ in range(3)]
        since = self.moment(day, 9, self.rng.randrange(50))
        crew = self.rng.sample(self.crew, 3)
        self.note(since + 900, "line", crew[0], ip=ips[0], clock=clock(since))
        self.note(self.moment(day, 16, 35), "corrected", crew[1], old=ips[0], ip=ips[1])
        self.note(self.moment(day + 1, 11, 50), "settled", crew[2], ip=ips[2])
        ours = [(Grant(ip, since, self.setting.end),) for ip in ips]
        self.grants["line"] = ours[2]
        self.misread["line"] = ("line", ours[0])
        self.misread["corrected"] = ("line", ours[1])
        for ip in ips:
            self.burst(ip, self.moment(self.new_year + self.rng.randint(6, 8), self.rng.randint(8, 17), 12))
        self.burst(ips[2], since + self.rng.randint(1800, 3 * HOUR), user="deploy", known=True)

    def _hotel(self) -> None:
        guest, ip, first = self.owners[0], self.pool.draw(), self.new_year + 1
        since = self.moment(first, 17, self.rng.randrange(60))
        planned = self.moment(first + 7, 20)
        left = self.moment(first + 5, 9, self.rng.randrange(60))
        self.note(since, "hotel", guest, ip=ip, end=clock(planned), **dated(planned))
        self.note(left + 9 * HOUR, "left", guest, clock=clock(left))
        self.grants["hotel"] = (Grant(ip, since, left),)
        self.misread["hotel"] = ("hotel", (Grant(ip, since, planned),))
        self.misread["no hotel"] = ("hotel", ())
        self.burst(ip, since + self.rng.randint(HOUR, DAY), 4, user=guest, known=True)
        self.burst(ip, left + self.rng.randint(3 * HOUR, 9 * HOUR))

    # -- logins that somebody speaks for --------------------------------------------------------------------------

    def _own_logins(self) -> None:
        whole, half, rumoured, wrong = self.owners[1:5]
        days = {
            whole: self.rng.randint(4, 8),
            half: self.rng.randint(11, 16),
            wrong: self.rng.randint(17, 20),
        }
        for user, day in days.items():
            peer, at = self._raided(day)
            self.attacks.enter(at, peer, user)
            (self.retracted if user == wrong else self.cleared).add((peer, user, at))
            wrote = at + self.rng.randint(5, 30) * HOUR
            self.note(wrote, "claim", user, clock=clock(at), **dated(at))
            if user == half:
                self.attacks.enter(at + self.rng.randint(2 * DAY, 3 * DAY), peer, user)
            if user == wrong:
                self.note(wrote + 3 * DAY + HOUR, "retracted", user, **dated(wrote))
        peer, at = self._raided(self.new_year + 7)
        self.attacks.enter(at, peer, rumoured)
        self.rumoured.add((peer, rumoured, at))
        names = {"user": rumoured, "User": rumoured.capitalize(), "ip": peer, "clock": clock(at)}
        self.note(at + 4 * HOUR, "rumour", **names, **dated(at))

    def _raided(self, day: int) -> tuple[str, int]:
        peer = self.pool.draw()
        self.burst(peer, self.moment(day, 6, self.rng.randrange(60)), 70)
        return peer, self.moment(day, self.rng.randint(9, 16), self.rng.randrange(60)) + self.rng.randrange(
            60
        )

    # -- the host itself ------------------------------------------------------------------------------------------

    def _slow_clock(self) -> None:
        """Play the days of the wrong clock: a test on its hours' edge, an attack across the step, a break-in."""
        step, need = self.last_step, self.setting.threshold
        self.note(self.boot + 1500, "power", clock=clock(self.boot))
        self.note(self.step + 2 * HOUR, "step", clock=clock(self.step))
        self.note(step + HOUR, "step-two", clock=clock(step))
        day, peer = self.new_year + 4, self.pool.draw()
        begin, end = self._hours(day)
        hours = {"begin": clock(begin), "end": clock(end)}
        self.note(
            self.moment(day - 2, 13, 30),
            "test",
            self.security(),
            firm=self.firms[4],
            ip=peer,
            **dated(begin),
            **hours,
        )
        self.grants["slow"] = (Grant(peer, begin, end),)
        self.burst(peer, begin + 90, need - 2)
        self.burst(peer, begin + HOUR, 50)
        self.burst(peer, end + 70, need + 4)
        reach = int(self.setting.window * 0.45)
        before = self.attacks.within(step - reach, step - 15, need // 2)
        after = self.attacks.within(step + 15, step + reach, need - need // 2)
        self.attacks.exact([*before, *after])
        for place, on in enumerate((day, day + 2)):
            peer = self.pool.draw()
            last = self.burst(peer, self.moment(on, self.rng.randint(1, 4), 7), 80)
            self.attacks.enter(last + self.rng.randint(600, 3000), peer, self.attacks.accounts[6 + place])

    def _second_sshd(self) -> None:
        first, last = self.rng.randint(7, 8), self.rng.randint(19, 20)
        since = self.moment(first, 9, self.rng.randrange(60))
        self.note(self.moment(0, 16, 45), "authsum")
        self.note(since + 1200, "second", clock=clock(since))
        self.note(self.moment(last, 12, 30), "closed")
        self.note(self.moment(self.rng.randint(2, 4), 13, 55), "watch")
        for _ in range(30):
            at = self.cast.daytime(0.15, 0.95)
            peer = self.rng.choice(self.attacks.plain[:4])
            self.cast.log.repeat(Event(at=at, peer=peer, user="root", known=True, program=WATCH))
        more: dict[str, object] = {"program": SECOND}
        for day in range(first + 1, last, 3):
            at = self.moment(day, self.rng.randint(8, 18), self.rng.randrange(60))
            key = Event(at=at, peer=self.cast.keyed_home, user="git", ok=True, known=True, method="publickey")
            self.cast.log.login(key._replace(**more))
        peer, day = self.pool.draw(), self.rng.randint(first + 1, last - 1)
        end = self.burst(peer, self.moment(day, self.rng.randrange(1, 6)), self.setting.threshold + 1, **more)
        self.attacks.enter(end + self.rng.randint(100, 2000), peer, self.attacks.accounts[8], **more)
        self.burst(self.attacks.plain[12], self.moment(day, self.rng.randrange(10, 22)), 9, **more)

    def _long_names(self) -> None:
        """Play failures whose address does not fit on the first line."""
        need = self.setting.threshold
        for phase in (self.attacks.old_year, self.attacks.new_year):
            at = self.cast.moment(*phase)
            peer = self.attacks.stranger(at)
            for index in range(need):
                length = (
                    LIMIT - CUT_NAME - 6 - self.rng.randint(3, 6) if index else self.rng.randint(610, 680)
                )
                cut = {"user": self._junk(length), "known": False, "cut": True} if index < 3 else {}
                self.cast.log.failure(self.cast.guess(at, peer, **cut))
                at += self.rng.randint(3, 12)
        at = self.cast.moment(*self.attacks.new_year)
        victim = self.attacks.plain[0]
        for _ in range(3):
            fake = f" from {victim} port {self.rng.randrange(33000, 60000)} ssh2"
            name = self._junk(LIMIT - CUT_NAME - len(fake)) + fake + self._junk(self.rng.randint(5, 20))
            at += self.rng.randint(3, 30)
            cut = {"user": name, "known": False, "cut": True, "shown": victim}
            self.cast.log.failure(self.cast.guess(at, self.attacks.plain[11], **cut))

    def _junk(self, length: int) -> str:
        return "".join(self.rng.choices(LETTERS, k=length))
