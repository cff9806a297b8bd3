"""The planned lines of the log, with what they mean, beside the noise that looks like them.

A `Plan` keeps the lines of one machine apart, so that `last message repeated` always follows what it repeats.
"""

from __future__ import annotations

import time
from calendar import timegm
from dataclasses import dataclass
from random import Random

from _syslog_needle_fleet import Fleet, Machine

DAYS = 9
DAY = 86400
FOREVER = 1 << 40
MARGIN = 130
"""Seconds between two groups of planned lines of one machine."""
LATEST_FETCH = 560
"""Seconds after which syslog has fetched a kernel message."""
NOISE = (
    ("agentd", "config server answered 304, keeping the present rules"),
    ("mountd", "refused mount request from 10.20.9.14 for /srv/share: not exported"),
    ("snmpd", "error on subcontainer 'ia_addr' insert (-1)"),
    ("dhclient", "DHCPREQUEST for 10.20.3.77 on eth0 to 10.20.0.1 port 67"),
    ("timerd", "tick took longer than 250 ms"),
)
KERNEL_NOISE = (
    "perf: interrupt took too long ({0} > 2500), lowering kernel.perf_event_max_sample_rate to {1}000",
    "TCP: request_sock_TCP: Possible SYN flooding on port {0}. Sending cookies.",
    "eth0: renamed from veth{0}",
    "docker0: port 3(veth{0}) entered blocking state",
    "IPv4: martian source 10.20.0.{1} from 10.20.9.14, on dev eth0",
)
BOOT = (
    (0.0, "Linux version 6.1.0-28-amd64 (debian-kernel@example.org) (gcc-12 (Debian 12.2.0-14) 12.2.0)"),
    (0.0, "Command line: BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64 root=/dev/sda2 ro quiet"),
    (0.31, "smpboot: CPU0: AMD EPYC Processor (family: 0x17, model: 0x31, stepping: 0x0)"),
    (1.9, "EXT4-fs (sda2): mounted filesystem with ordered data mode. Quota mode: none."),
    (4.6, "eth0: link becomes ready"),
)


class NoRoom(Exception):
    """The lines of a draw do not fit; another draw is needed."""


@dataclass
class Line:
    """One planned line: ``said`` is what stands after the machine's name."""

    at: int
    machine: Machine
    said: str
    topic: str = ""
    form: str = "plain"
    times: int = 1
    value: int = 0
    true: int = 0
    """Instant of a kernel message by the kernel's own clock, in microseconds."""
    shift: int = 0
    """Seconds by which the machine's clock, and with it the stamp, is ahead."""
    alone: bool = True
    """False for the second of two equal lines of one second."""
    copied: bool = False
    """Whether the relay sends it once more after a break."""

    @property
    def tag(self) -> str:
        """The program with its process."""
        return self.said.partition(":")[0]


class Plan:
    """All planned lines of a seed."""

    def __init__(self, rng: Random, fleet: Fleet) -> None:
        self.rng, self.fleet = rng, fleet
        self.start = timegm((rng.randint(2023, 2026), 1, 1, 0, 0, 0)) + rng.randint(8, 340) * DAY
        self.end = self.start + DAYS * DAY
        self.lines: list[Line] = []
        self.silences: list[tuple[int, int, int]] = []
        """(machine number, first second, last second) in which it writes nothing ordinary."""
        self.outages: list[tuple[int, int]] = []
        self.tests: dict[int, list[tuple[int, int]]] = {m.number: [(0, FOREVER)] for m in fleet.tests}
        """Machine number -> (first second, end) in which it is a test machine."""
        self.misread: dict[str, dict[int, list[tuple[int, int]]]] = {}
        """What can be missed -> the same for somebody who missed it, where it differs."""
        self.roles: dict[str, Machine] = {}
        """The machines that notes are about."""
        self.role_days: dict[str, int] = {}
        """Role -> the day on which its value of question 5 is bad."""
        self.variants: list[int] = []
        self.words: dict[str, str] = {}
        self.picked: dict[str, list[Line]] = {}
        """Question -> the lines that its answer can rest on."""
        self._reserved: dict[int, list[tuple[int, int]]] = {}
        self._make_outages()
        self._make_renames()
        self._make_boots()

    # -- placing ---------------------------------------------------------------------------------

    def reserve(self, machine: Machine, first: int, last: int) -> bool:
        """Reserve seconds of a machine and tell whether they were free."""
        taken = self._reserved.setdefault(machine.number, [])
        if any(first - MARGIN <= end and start - MARGIN <= last for start, end in taken):
            return False
        taken.append((first, last))
        return True

    def find(self, machine: Machine, span: int, first: int = 0, last: int = 0) -> int:
        """Reserve ``span`` seconds of a machine, between two instants, and return the first of them."""
        low, high = first or self.start + 600, (last or self.end - 900) - span
        for _ in range(2000):
            at = self.rng.randint(low, high)
            if self.reserve(machine, at, at + span):
                return at
        raise NoRoom(f"no room on {machine.name}")

    def add(self, at: int, machine: Machine, said: str, topic: str = "", **more: object) -> None:
        """Add one line."""
        self.lines.append(Line(at, machine, said, topic, **more))  # type: ignore[arg-type]

    def silence(self, machine: Machine, first: int, last: int) -> None:
        """Keep a machine's ordinary lines out of these seconds."""
        self.silences.append((machine.number, first, last))

    def settle(self) -> None:
        """Bring all lines into the order in which they are written."""
        self.lines.sort(key=lambda line: line.at)
        for question in "3456":
            self.picked[question] = [line for line in self.lines if line.topic == question]
        tellers = {line.machine.number for line in self.lines if line.topic == "1"}
        self.picked["1"] = [
            line for line in self.lines if line.machine.number in tellers and line.form != "kernel"
        ]
        self.picked["2"] = [line for line in self.lines if line.said.startswith(f"{self.words['program2']}[")]

    # -- the world -------------------------------------------------------------------------------

    def _make_outages(self) -> None:
        for day in (1, 4, 7):
            first = self.start + day * DAY + self.rng.randint(2 * 3600, 20 * 3600)
            self.outages.append((first, first + self.rng.randint(1800, 4200)))

    def _make_renames(self) -> None:
        rng, fleet = self.rng, self.fleet
        days = rng.sample((3, 4, 5), 3)
        days.append(days[0] + rng.randint(1, 2))
        machines = (fleet.moved, fleet.mover, fleet.old_test, fleet.spare)
        for machine, day in zip(machines, days, strict=True):
            machine.renamed = self.start + day * DAY + rng.randint(7 * 3600, 17 * 3600)
            self.reserve(machine, machine.renamed - 5, machine.renamed + 5)
            self.silence(machine, machine.renamed, machine.renamed)
            change = f"Changed static hostname from '{machine.first}' to '{machine.name}'"
            self.add(machine.renamed, machine, f"systemd-hostnamed[{rng.randint(4000, 30000)}]: {change}")

    def _make_boots(self) -> None:
        rng = self.rng
        for machine in self.fleet.machines:
            ago = rng.randint(20 * DAY, 190 * DAY)
            machine.boots.append((self.start - ago) * 1_000_000 + rng.randrange(1_000_000))
            days: list[int] = [rng.randint(0, 7)] if rng.random() < 0.35 else []
            if machine is self.fleet.crashing:
                days = [1, 3, 6]
            for day in days:
                low = self.start + day * DAY + 3600
                wrong = rng.random() < 0.3 and machine is not self.fleet.crashing
                if machine is self.fleet.crashing and day == 3:
                    wrong = True
                off = rng.choice((-1, 1)) * rng.randint(95, 2900) if wrong else 0
                self._boot(machine, self.find(machine, 180, low, low + 20 * 3600), off)

    def _boot(self, machine: Machine, down: int, off: int) -> None:
        """Let a machine boot, its clock ``off`` seconds ahead until it is set."""
        rng = self.rng
        clock = down + rng.randint(25, 50)
        after = rng.randint(1_100_000, 1_790_000)
        machine.boots.append(clock * 1_000_000 - after)
        if machine is self.fleet.crashing and off:
            machine.callers.add(machine.boots[-1])
            self.words["off"] = str(off)
        up = clock + rng.randint(25, 70)
        stepped = up + rng.randint(4, 9)
        self.silence(machine, down, stepped)
        self.add(down, machine, "systemd[1]: Reached target reboot.target - System Reboot.")
        rows = [(second + (rng.random() if second else 0) * 0.2, text) for second, text in BOOT]
        set_to = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(clock + off))
        said = f"rtc_cmos rtc_cmos: setting system clock to {set_to} UTC ({clock + off})"
        rows.append((after / 1_000_000, said))
        for second, text in sorted(rows):
            self.add(up, machine, self._kernel_text(machine, machine.boots[-1], second, text), shift=off)
        if off:
            said = f"{self.fleet.pid(machine, 'chronyd')}: System clock was stepped by {-off}.000000 seconds"
            self.add(stepped, machine, said)

    def _kernel_text(self, machine: Machine, boot: int, since: float, text: str) -> str:
        caller = f"[{f'T{self.rng.randint(1, 9999)}':>6}]" if boot in machine.callers else ""
        return f"kernel: [{since:12.6f}]{caller} {text}"

    def boot_of(self, machine: Machine, at: int) -> int:
        """Return the boot (in microseconds) that a machine runs on at the second ``at``."""
        return max(boot for boot in machine.boots if boot <= at * 1_000_000)

    def kernel(self, machine: Machine, at: int, late: int, text: str, topic: str = "") -> None:
        """Add a kernel message of the second ``at`` that syslog fetches ``late`` seconds later."""
        true = at * 1_000_000 + self.rng.randint(250_000, 450_000)
        boot = self.boot_of(machine, at)
        said = self._kernel_text(machine, boot, (true - boot) / 1_000_000, text)
        self.add(at + late, machine, said, topic, form="kernel", true=true)

    # -- noise -----------------------------------------------------------------------------------

    def make_noise(self) -> None:
        """Add repeated messages of all kinds and kernel messages to all machines."""
        rng = self.rng
        inside = [machine for machine in self.fleet.machines if not machine.behind and not machine.spellings]
        for _ in range(260):
            machine, (program, text) = rng.choice(inside), rng.choice(NOISE)
            gap = rng.randint(12, 58)
            at = self.find(machine, gap)
            self.add(at, machine, f"{self.fleet.pid(machine, program)}: {text}")
            self.repeat(machine, at, at + gap, rng.randint(1, 30))
        for machine in self.fleet.machines:
            for _ in range(rng.randint(30, 70)):
                late = rng.randint(3, LATEST_FETCH)
                at = self.find(machine, late)
                text = rng.choice(KERNEL_NOISE).format(rng.randint(2501, 9999), rng.randint(2, 250))
                self.kernel(machine, at, late, text)

    def repeat(self, machine: Machine, message: int, at: int, times: int) -> None:
        """Add ``last message repeated`` at ``at`` for a message written at ``message``."""
        self.silence(machine, message, at)
        said = f"last message repeated {times} time{'s' if times > 1 else ''}"
        self.add(at, machine, said, form="repeat", times=times)
