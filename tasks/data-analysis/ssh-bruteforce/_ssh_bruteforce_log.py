"""The auth log as sshd, PAM, cron, sudo and logind of one host write it, and its rotation into files.

A `Journal` collects lines with their time; whoever writes a line that matters passes the `Event` it tells of,
so lines and events cannot drift apart. Files are byte-equal on every machine: the gzip members are made of
stored blocks, since compressed ones differ between zlib implementations.
"""

from __future__ import annotations

import struct
import time
import zlib
from base64 import b64encode
from bisect import bisect_right
from collections import defaultdict
from functools import lru_cache
from random import Random

from _ssh_bruteforce_world import GUESSABLE, SECOND, Duty, Event, Setting

HOST = "gate1"
DAY = 86400
LIMIT = 300
"""The length from which on syslog puts the rest of a message on another line."""
CONTINUED = "[cont.] "
CUT_NAME = len("Failed password for invalid user ")
"""Where the name of an invalid user begins."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PAM = "logname= uid=0 euid=0 tty=ssh ruser= rhost="
FIRST_PORT, LAST_PORT = 32768, 60999


class Journal:
    """Lines and events of one host; ``peers`` are all addresses that ever connected."""

    def __init__(self, rng: Random, setting: Setting) -> None:
        self.rng, self.setting = rng, setting
        self.lines: list[tuple[int, int, str]] = []
        self.events: list[Event] = []
        self.peers: set[str] = set()

    def write(self, at: int, program: str, message: str) -> None:
        """Add a message, in pieces where it is long; equal times keep the order of writing."""
        self.lines.append((at, len(self.lines), f"{program}: {message[:LIMIT]}"))
        for start in range(LIMIT, len(message), LIMIT):
            if program.startswith("sshd["):
                self.lines.append((at, len(self.lines), self._between()))
            self.lines.append(
                (at, len(self.lines), f"{program}: {CONTINUED}{message[start : start + LIMIT]}")
            )

    def _between(self) -> str:
        return f"CRON[{self._pid()}]: pam_unix(cron:session): session closed for user root"

    def failure(self, event: Event, again: int = 0) -> None:
        """Add a failed login with the lines around it, then ``again`` repetitions on one further line."""
        sshd, port, who = self._sshd(event.program), self._port(), self._who(event)
        self._saw(event)
        if event.method in ("publickey", "none"):
            self._other_failure(event, sshd, port)
            return
        if not event.known:
            self.write(event.at, sshd, f"Invalid user {event.user} from {event.raw} port {port}")
        tail = f"  user={event.user}" if event.known else ""
        self.write(
            event.at,
            sshd,
            f"pam_unix(sshd:auth): authentication failure; {PAM}{event.raw}{tail}",
        )
        text = f"Failed {event.method} for {who} from {event.raw} port {port} ssh2"
        self.write(event.at, sshd, text)
        at = event.at
        if again:
            at += 2 * again
            self.write(at, sshd, f"message repeated {again} times: [ {text}]")
            self.events.append(event._replace(at=at, times=again, repeated=True))
        self._hang_up(event, at, f"{sshd}|{port}")

    def _hang_up(self, event: Event, at: int, connection: str) -> None:
        sshd, port = connection.split("|")
        kind = "authenticating" if event.known else "invalid"
        choice = self.rng.random()
        peer = f"{kind} user {event.user} {event.raw} port {port}"
        if choice < 0.45:
            self.write(at + 1, sshd, f"Connection closed by {peer} [preauth]")
        elif choice < 0.65:
            self.write(
                at + 1, sshd, f"Received disconnect from {event.raw} port {port}:11: Bye Bye [preauth]"
            )
            self.write(at + 1, sshd, f"Disconnected from {peer} [preauth]")
        elif choice < 0.7:
            source = f"{self._who(event)} from {event.raw} port {port} ssh2 [preauth]"
            self.write(at + 1, sshd, f"error: maximum authentication attempts exceeded for {source}")
            self.write(at + 1, sshd, f"Disconnecting {peer}: Too many authentication failures [preauth]")
            self.write(at + 1, sshd, f"PAM 2 more authentication failures; {PAM}{event.raw}")

    def _other_failure(self, event: Event, sshd: str, port: int) -> None:
        key = f": RSA SHA256:{self._fingerprint()}" if event.method == "publickey" else ""
        text = f"Failed {event.method} for {self._who(event)} from {event.raw} port {port} ssh2{key}"
        self.write(event.at, sshd, text)

    def login(self, event: Event, minutes: int = 20) -> None:
        """Add an accepted login and the session that follows it."""
        sshd, port = self._sshd(event.program), self._port()
        self._saw(event)
        key = f": ED25519 SHA256:{self._fingerprint()}" if event.method == "publickey" else ""
        self.write(
            event.at, sshd, f"Accepted {event.method} for {event.user} from {event.raw} port {port} ssh2{key}"
        )
        uid = 1000 + sum(event.user.encode()) % 60
        number = 211 + (event.at - self.setting.start) // 40
        opened = f"session opened for user {event.user}(uid={uid}) by (uid=0)"
        self.write(event.at, sshd, f"pam_unix(sshd:session): {opened}")
        self.write(event.at, "systemd-logind[611]", f"New session {number} of user {event.user}.")
        self.write(event.at, f"systemd[{self._pid()}]", f"pam_unix(systemd-user:session): {opened}")
        end = event.at + 60 * minutes + self.rng.randrange(60)
        child = self._sshd(event.program)
        self.write(end, child, f"Received disconnect from {event.raw} port {port}:11: disconnected by user")
        self.write(end, child, f"Disconnected from user {event.user} {event.raw} port {port}")
        self.write(end, sshd, f"pam_unix(sshd:session): session closed for user {event.user}")
        self.write(end, "systemd-logind[611]", f"Session {number} logged out. Waiting for processes to exit.")
        self.write(end, "systemd-logind[611]", f"Removed session {number}.")

    def quote(self, event: Event, admin: str) -> None:
        """Add a sudo line whose command line holds the text of a failed login."""
        self.events.append(event)
        text = f"Failed password for root from {event.raw} port {self._port()} ssh2"
        shell = f"{admin} : TTY=pts/1 ; PWD=/home/{admin} ; USER=root"
        self.write(event.at, "sudo", f"  {shell} ; COMMAND=/usr/bin/grep -rc /var/log -e {text}")

    def repeat(self, event: Event) -> None:
        """Add a line by which a script repeats what the sshd of another host wrote."""
        self.events.append(event)
        text = f"Failed password for {event.user} from {event.peer} port {self._port()} ssh2"
        self.write(event.at, f"{event.program}[811]", text)

    def probe(self, at: int, peer: str) -> None:
        """Add a connection that never tried to log in."""
        self.peers.add(peer)
        sshd, port = self._sshd(), self._port()
        self.write(
            at,
            sshd,
            self.rng.choice(
                (
                    f"Connection closed by {peer} port {port} [preauth]",
                    f"Connection reset by {peer} port {port} [preauth]",
                    f"Did not receive identification string from {peer} port {port}",
                    f"banner exchange: Connection from {peer} port {port}: invalid format",
                    f"Unable to negotiate with {peer} port {port}: no matching key exchange method found. "
                    "Their offer: diffie-hellman-group14-sha1 [preauth]",
                )
            ),
        )

    def cron(self, at: int, user: str) -> None:
        """Add the two lines of a cron job."""
        cron = f"CRON[{self._pid()}]"
        self.write(at, cron, f"pam_unix(cron:session): session opened for user {user}(uid=0) by (uid=0)")
        self.write(
            at + self.rng.randrange(3), cron, f"pam_unix(cron:session): session closed for user {user}"
        )

    def power_cut(self, duty: Duty) -> None:
        """Take out what cannot have happened while the host was off, and add the start and the step of the clock."""
        self.lines = [line for line in self.lines if not duty.down <= line[0] < duty.boot]
        self.events = [event for event in self.events if not duty.down <= event.at < duty.boot]
        self.write(duty.boot, "systemd-logind[611]", "New seat seat0.")
        self.write(duty.boot + 1, "sshd[702]", "Server listening on 0.0.0.0 port 22.")
        self.write(duty.boot + 1, "sshd[702]", "Server listening on :: port 22.")
        for at, seconds in zip((duty.first_step, duty.last_step), duty.steps, strict=True):
            moved = f"{seconds}.000{self.rng.randrange(100, 400)}"
            self.write(at, "chronyd[5211]", f"System clock was stepped by {moved} seconds")

    def sums(self, duty: Duty) -> None:
        """Add the line that counts the failures of each day, by the clock of the host."""
        days: dict[int, int] = defaultdict(int)
        for event in self.events:
            if event.program in ("sshd", SECOND) and not event.ok and event.method in GUESSABLE:
                days[duty.stamp(event.at) // DAY] += event.times
        for day in range(self.setting.start // DAY, self.setting.end // DAY):
            at = (day + 1) * DAY + 3
            for late in (duty.steps[1], sum(duty.steps)):
                if duty.stamp(at + late) == at:
                    at += late
                    break
            self.write(at, "authsum", f"{days[day]} failures in the day that ended")

    def files(self, duty: Duty) -> dict[str, bytes]:
        """Return file name -> bytes: ``auth.log`` the newest, ``.1`` plain, older ones gzipped."""
        setting = self.setting
        parts: list[list[str]] = [[] for _ in range(len(setting.rotations) + 1)]
        for at, _, text in sorted(self.lines):
            if setting.start <= at <= setting.end:
                line = f"{stamp(duty.stamp(at))} {HOST} {text}\n"
                parts[bisect_right(setting.rotations, at)].append(line)
        files = {}
        for age, lines in enumerate(reversed(parts)):
            data = "".join(lines).encode()
            name = "auth.log" + (f".{age}" if age else "") + (".gz" if age > 1 else "")
            files[name] = stored_gzip(data) if age > 1 else data
        return files

    def _saw(self, event: Event) -> None:
        self.events.append(event)
        self.peers.add(event.peer)

    def _who(self, event: Event) -> str:
        return event.user if event.known else f"invalid user {event.user}"

    def _pid(self) -> int:
        return self.rng.randrange(1200, 64000)

    def _sshd(self, program: str = "sshd") -> str:
        return f"{program}[{self._pid()}]"

    def _port(self) -> int:
        return self.rng.randrange(FIRST_PORT, LAST_PORT)

    def _fingerprint(self) -> str:
        return b64encode(self.rng.randbytes(32)).decode().rstrip("=")


def stamp(at: int) -> str:
    """Return the traditional syslog stamp, which has no year and pads the day with a blank."""
    minute, second = divmod(at, 60)
    return f"{_minute(minute)}:{second:02}"


@lru_cache(maxsize=4)
def _minute(minute: int) -> str:
    moment = time.gmtime(60 * minute)
    return f"{MONTHS[moment.tm_mon - 1]} {moment.tm_mday:2} {moment.tm_hour:02}:{moment.tm_min:02}"


def stored_gzip(data: bytes) -> bytes:
    """Return ``data`` as a gzip member (RFC 1952) of stored deflate blocks, with no time and no name."""
    blocks = [data[i : i + 65535] for i in range(0, len(data), 65535)] or [b""]
    body = b"".join(
        struct.pack("<BHH", block is blocks[-1], len(block), len(block) ^ 0xFFFF) + block for block in blocks
    )
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    return header + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
