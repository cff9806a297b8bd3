"""What happened on the gateway of one world, and what is peculiar to that world.

All moments are right ones, in seconds of the zone that the server's clock is set to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

GUESSABLE = ("password", "keyboard-interactive/pam")
SECOND, WATCH = "sshd-b", "sshd-watch"
"""The second sshd, and a script that repeats what the sshd of another host wrote."""


class Grant(NamedTuple):
    """A stretch, ends included, in which nothing that comes from an address counts."""

    peer: str
    since: int
    until: int


class Duty(NamedTuple):
    """What the handover notes say that bears on the review, and how it may be misread."""

    grants: dict[str, tuple[Grant, ...]]
    misread: dict[str, tuple[str, tuple[Grant, ...]]]
    """Name of a mistake -> key in ``grants`` and what stands there for somebody who makes it."""
    cleared: frozenset[tuple[str, str, int]]
    """Logins (address, user, moment) that their owners claim."""
    rumoured: frozenset[tuple[str, str, int]]
    """Logins that only others take for the owner's."""
    retracted: frozenset[tuple[str, str, int]]
    """Logins that their owners claimed by mistake and took back."""
    down: int
    """The host was off from here to ``boot``."""
    boot: int
    first_step: int
    last_step: int
    steps: tuple[int, int]
    """By how many seconds the clock was moved forward at the two steps; it was right before ``boot``."""

    def stamp(self, at: int) -> int:
        """Return what the clock of the host shows at a moment."""
        if not self.boot <= at < self.last_step:
            return at
        return at - sum(self.steps) if at < self.first_step else at - self.steps[1]

    def half_right(self, at: int) -> int:
        """Return the moment for somebody who knows of the first step only."""
        shown = self.stamp(at)
        return shown + self.steps[0] if self.boot <= at < self.first_step else shown


class Event(NamedTuple):
    """One line that tells of a failed or accepted login, or that looks as if it did."""

    at: int
    peer: str
    user: str
    ok: bool = False
    method: str = "password"
    times: int = 1
    """How many failures the line stands for."""
    repeated: bool = False
    mapped: bool = False
    """Whether the log shows the IPv4 peer in its ::ffff: form."""
    known: bool = False
    shown: str = ""
    """The address that the user name imitates."""
    claims: str = ""
    """The user whose accepted login the user name imitates."""
    program: str = "sshd"
    """The syslog tag."""
    cut: bool = False
    """Whether the address stands on a continuation line."""

    @property
    def raw(self) -> str:
        return f"::ffff:{self.peer}" if self.mapped and ":" not in self.peer else self.peer


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the rules of one seed leave open: numbers, dates and the allow list."""

    threshold: int
    window: int
    offset: int
    """Hours by which the server's clock is ahead of UTC."""
    start: int
    new_year: int
    end: int
    """The moment of collection."""
    rotations: tuple[int, ...]
    allowed: tuple[str, ...]
    """The entries of allow.txt as they are spelled there, without the one that ended."""
