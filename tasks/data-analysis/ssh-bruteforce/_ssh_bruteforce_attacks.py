"""The attacks: plain ones, some of which break in, and those that only a careful reading finds.

A plain attacker works in dense bursts that every reading of the window finds; what is special about it is its
login. The others stay at exactly the threshold, in one shape each, and never get in.
"""

from __future__ import annotations

from _ssh_bruteforce_cast import DAY, KEYBOARD, SERVICES, Cast
from _ssh_bruteforce_world import Event

HOUR = 3600


class Attacks:
    """Plays all attackers of one world into the journal of its cast."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.rng, self.log, self.setting = cast, cast.rng, cast.log, cast.setting
        near = cast.pool.neighbours()
        self.bystander = near.pop()
        self.plain = self.rng.sample([*near, *(cast.pool.draw() for _ in range(6))], 11)
        for place in (4, 8):
            self.plain.insert(place, cast.pool.draw6())
        self.accounts = self.rng.sample(SERVICES, len(SERVICES))
        setting = self.setting
        self.old_year = (setting.start + 2 * DAY, setting.new_year - 2 * DAY)
        self.new_year = (setting.new_year + DAY, setting.end - 3 * DAY)

    # -- plain attackers -------------------------------------------------------------------------

    def burst(self, peer: str, start: int, count: int, **more: object) -> int:
        """Play ``count`` failures a few seconds apart and return the moment of the last."""
        at = start
        for _ in range(count):
            again = self.rng.randint(1, 5) if count > 30 and self.rng.random() < 0.05 else 0
            self.log.failure(self.cast.guess(at, peer, **more), again=again)
            at += 2 * again + self.rng.randint(2, 8)
        return at

    def raids(self, peer: str, phase: tuple[int, int], count: int, **more: object) -> int:
        """Play ``count`` bursts within a phase and return the end of the last."""
        width = (phase[1] - phase[0]) // count
        end = 0
        for index in range(count):
            start = self.cast.moment(phase[0] + index * width, phase[0] + (index + 1) * width - 2 * HOUR)
            end = self.burst(peer, start, self.rng.randint(80, 260), **more)
        return end

    def enter(self, at: int, peer: str, user: str, **more: object) -> None:
        """Play an accepted login."""
        self.log.login(
            Event(**{"at": at, "peer": peer, "user": user, "ok": True, "known": True, **more}),
            minutes=self.rng.randint(1, 9),
        )

    def intruders(self) -> None:
        """Play the plain attackers that get in, each in its own way."""
        first, eve, spoken, mapped, double, second, shared, patient = self.plain[:8]
        users, staff = self.accounts, self.cast.staff
        end = self.raids(first, self.old_year, 2)
        for delay in (40, 5 * HOUR, 30 * HOUR):
            self.enter(end + delay + self.rng.randint(0, 900), first, users[0])
        self._new_years_eve(eve, users[1])
        end = self.raids(spoken, self.new_year, 2, method=KEYBOARD)
        self.burst(spoken, end + 2 * HOUR, 20)
        self.enter(end + 60, spoken, users[2], method=KEYBOARD)
        end = self.raids(mapped, self.new_year, 2)
        self.enter(end + self.rng.randint(30, 600), mapped, users[3], mapped=True)
        end = self.raids(double, self.old_year, 3)
        self.enter(end + 25, double, users[4])
        self.enter(end + self.rng.randint(300, 5000), double, users[5])
        end = self.raids(second, self.new_year, 2)
        self.enter(end + self.rng.randint(30, 600), second, users[0])
        self.enter(self.old_year[0] - self.rng.randint(600, HOUR), shared, staff[12])
        end = self.raids(shared, self.old_year, 2)
        self.enter(end + self.rng.randint(600, 3000), shared, staff[12])
        self.raids(patient, self.old_year, 2)
        self.enter(self.cast.moment(*self.new_year), patient, users[6])

    def _new_years_eve(self, peer: str, user: str) -> None:
        """Play a break-in whose instant falls into another year in UTC than on the server's clock."""
        midnight = self.setting.new_year
        self.burst(peer, midnight - 5 * HOUR + self.rng.randrange(1800), self.rng.randint(90, 160))
        side = 1 if self.setting.offset > 0 else -1
        self.enter(midnight + side * self.rng.randint(300, 3000), peer, user)

    def outsiders(self) -> None:
        """Play the plain attackers that do not get in, among them addresses shared with honest staff."""
        keyed, early, repeating, imitating, quoting = self.plain[8:13]
        staff = self.cast.staff
        end = self.raids(keyed, self.old_year, 3)
        self.burst(keyed, end + HOUR, 4, method="none")
        self.enter(end + self.rng.randint(4000, 9000), keyed, staff[13], method="publickey")
        at = self.cast.moment(self.old_year[0], self.old_year[0] + DAY)
        self.burst(early, at - 30, 2, user=staff[14], known=True)
        self.enter(at, early, staff[14])
        self.raids(early, (self.old_year[0] + 2 * DAY, self.old_year[1]), 3)
        self._repeating(repeating)
        start = self.cast.moment(*self.new_year)
        end = self.burst(imitating, start, 150)
        for form in (0, 1, 2, 0, 1, 2, 0, 2):
            end += self.rng.randint(3, 9)
            self.log.failure(self.cast.guess(end, imitating, **self.cast.imitation(self.bystander, form)))
        self._quoting(quoting)

    def _repeating(self, peer: str) -> None:
        at = self.cast.moment(*self.old_year)
        for _ in range(self.rng.randint(50, 80)):
            event = self.cast.guess(at, peer, mapped=self.rng.random() < 0.3)
            self.log.failure(event, again=self.rng.choice((0, 1, 2, 4, 5)))
            at += self.rng.randint(13, 25)

    def _quoting(self, peer: str) -> None:
        """Play user names that read like an accepted login, and admins who search the logs for failures."""
        end = self.burst(peer, self.cast.moment(*self.new_year), 120)
        for victim, user in zip(self.plain[:3], self.accounts[6:9], strict=True):
            end += self.rng.randint(3, 9)
            text = f"Accepted password for {user} from {victim} port {self.rng.randrange(33000, 60000)} ssh2"
            event = self.cast.guess(end, peer, user=text, known=False, shown=victim, claims=user)
            self.log.failure(event)
        for victim in self.rng.sample(self.plain, 4):
            at = self.cast.daytime(0.6, 0.95)
            event = Event(at=at, peer=victim, user="root", program="sudo")
            self.log.quote(event, self.rng.choice(self.cast.staff))

    # -- attackers at exactly the threshold ------------------------------------------------------

    def exact(self, moments: list[int], **more: object) -> None:
        """Play one attacker with a failure at each moment."""
        peer = self.stranger(moments[0])
        for at in moments:
            self.log.failure(self.cast.guess(at, peer, **more))

    def stranger(self, busy: int) -> str:
        """Return a fresh address that also fails now and then, at least a day away from ``busy``."""
        peer = self.cast.pool.draw()
        for _ in range(self.rng.randint(0, 4)):
            at = self.cast.moment(self.setting.start, self.setting.end - DAY)
            if abs(at - busy) > DAY:
                self.log.failure(self.cast.guess(at, peer))
        return peer

    def within(self, first: int, last: int, count: int) -> list[int]:
        """Return ``count`` moments in order, both ends included."""
        return [first, *sorted(self.rng.sample(range(first + 1, last), count - 2)), last]

    def at_the_edge(self) -> None:
        """Play attacks across bucket, file and year limits and with the window filled to the second."""
        need, width, setting = self.setting.threshold, self.setting.window, self.setting
        for phase in (self.old_year, self.new_year, self.new_year):
            limit = self.cast.moment(*phase) // width * width
            reach = int(width * 0.45)
            before = self.within(limit - reach, limit - 20, need // 2)
            after = self.within(limit + 20, limit + reach, need - need // 2)
            self.exact([limit - width + 5, *before, *after])
        for phase in (self.old_year, self.new_year):
            start = self.cast.moment(*phase)
            self.exact(self.within(start, start + width, need))
            start = self.cast.moment(*phase)
            self.exact(self.within(start, start + width + 1, need))
        for limit in (*self.rng.sample(setting.rotations, 2), setting.new_year):
            half = width // 2 - 10
            self.exact(
                [
                    *self.within(limit - half, limit - 5, need // 2),
                    *self.within(limit + 5, limit + half, need - need // 2),
                ]
            )

    def in_disguise(self) -> None:
        """Play attacks seen only with repeats, ::ffff: forms, true addresses or the second method counted."""
        need, width = self.setting.threshold, self.setting.window
        for phase in (self.old_year, self.new_year):
            at = self.cast.moment(*phase)
            peer = self.stranger(at)
            some = (need - 2) // 2
            self.log.failure(self.cast.guess(at, peer), again=some)
            self.log.failure(self.cast.guess(at + 30, peer), again=need - 2 - some)
            start = self.cast.moment(*phase)
            peer = self.stranger(start)
            for index, at in enumerate(self.within(start, start + width - 30, need + 2)):
                self.log.failure(self.cast.guess(at, peer, mapped=index % 2 == 0))
        for victim in (self.bystander, self.cast.keyed_home):
            at = self.cast.moment(*self.new_year)
            peer = self.stranger(at)
            for index in range(need + 2):
                self.log.failure(self.cast.guess(at, peer, **self.cast.imitation(victim, index % 3)))
                at += self.rng.randint(5, 15)
        start = self.cast.moment(*self.old_year)
        self.exact(self.within(start, start + width - 60, need + 2), method=KEYBOARD)
