"""Plays a cluster: what happens on its machines, what they log of it, and what the name node makes of it.

A world is played in one pass; `Engine` is fed as the lines are written, as orders that are handed over lead to
deletions on disk later. Operations that change things are in `_block_replicas_deeds`.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush

from _block_replicas_engine import Engine
from _block_replicas_reader import stamp

LATER = 1 << 40
"""The place of a line that is written at its instant, behind all that began further up in the file."""


@dataclass(frozen=True)
class Plan:
    """What a world is like; times in milliseconds. ``deeds``: name → weight, done ``n_deeds`` times in all."""

    nodes: int = 6
    racks: int = 2
    start: int = 0
    length: int = 2_400_000
    grid: int = 1
    beat: int = 30_000
    dead_after: int = 150_000
    per_heartbeat: int = 2
    recovery_limit: int = 240_000
    births: int = 26
    deeds: dict = field(default_factory=dict)
    n_deeds: int = 160
    probes: int = 30
    after: int = 0
    skew: bool = False
    slow: float = 0.0
    abandon: float = 0.1
    behind: float = 0.1
    part: int = 8
    pause: tuple = (4_000, 30_000)
    remake: float = 0.4
    noise: int = 0


class Machine:
    """A data node as it is: its disk, its clock and its link."""

    def __init__(self, name, correction, drift):
        self.name, self.correction, self.drift = name, correction, drift
        self.up = self.link = True
        self.gap, self.reporting, self.known = False, False, False
        self.disk, self.missed = {}, []
        self.beats, self.serial = 0, 0


class World:
    """Writes the logs of one cluster and keeps the lists of every probe."""

    def __init__(self, rng, plan):
        self.rng, self.plan, self.now = rng, plan, plan.start
        self.engine = Engine(died=self._died)
        self.heap, self.count, self.gen = [], 0, rng.randrange(1000, 9000)
        self.logs, self.machines, self.states, self.replicas = {"namenode": []}, {}, {}, []
        self.end = plan.start + plan.length
        self.born, self.taken = [], set()

    # -- time ---------------------------------------------------------------------------------------

    def at(self, instant, rank, name, deed, place=LATER):
        """Have ``deed`` called at ``instant``, in the order of the logs."""
        self.count += 1
        heappush(self.heap, (instant, rank, name, place, self.count, deed))

    def soon(self, least, most):
        """Return an instant between ``least`` and ``most`` from now, on the grid."""
        grid = self.plan.grid
        return self.now + max(self.rng.randint(least, most) // grid, least > 0) * grid

    def play(self):
        """Let everything happen."""
        while self.heap:
            instant, rank, *_, deed = heappop(self.heap)
            if instant > self.end and rank != 3:
                continue
            self.now = instant
            self.engine.pass_time(instant - (rank == 0))
            deed()

    # -- the name node ------------------------------------------------------------------------------

    def order(self, text, kind, node, args):
        """Let the name node write a line and heed it."""
        self.logs["namenode"].append(f"{stamp(self.now)} {kind} {text}")
        self.engine.feed(self.now, 0, kind, node, args)

    def remark(self, name, text):
        """Write a line that means nothing."""
        correction = self.machines[name].correction if name in self.machines else 0
        self.logs[name].append(f"{stamp(self.now - correction)} {text}")

    def probe(self):
        """Keep the lists of this instant."""
        self.states[self.now] = self.engine.lists()
        if self.now == self.end + self.plan.after:
            self.replicas = self.engine.good()

    def _died(self, node, held):
        """Have some of the replicas made anew elsewhere."""
        for number in sorted(held):
            block = self.engine.blocks[number]
            if self.rng.random() < self.plan.remake and block.gen == held[number]:
                target = self.rng.choice(list(self.machines.values()))
                self.at(self.soon(5_000, self.plan.dead_after), 2, target.name, self.copying(target, number, block.gen))

    # -- the machines -------------------------------------------------------------------------------

    def say(self, machine, text):
        """Let a machine write a line by its own clock. Returns its place in the file."""
        log = self.logs[machine.name]
        log.append(f"{stamp(self.now - machine.correction)} {text}")
        return len(log) - 1

    def notice(self, machine, kind, args, tail=""):
        """Let a machine tell that it has a replica, or has none any more."""
        self.say(machine, f"{kind} blk_{'_'.join(map(str, args))}{tail}")
        if machine.gap:
            machine.missed.append((kind, args))
        else:
            self.engine.feed(self.now, 2, kind, machine.name, args)

    def beat(self, machine, again=True):
        """Send a heartbeat, and the next one after the usual time."""
        if not machine.up:
            return
        if again:
            self.at(self.now + self.plan.beat, 2, machine.name, lambda: self.beat(machine))
        machine.beats += 1
        if not machine.link:
            machine.gap = True
            self.say(machine, f"HEARTBEAT {machine.beats} lost")
            return
        rng, grid = self.rng, self.plan.grid
        took = 0 if grid > 1 else rng.randint(3, 90)
        if rng.random() < self.plan.slow:
            took = rng.randint(15_000, 100_000) // grid * grid
        machine.correction += machine.drift
        missed, machine.missed, machine.gap, machine.known = tuple(machine.missed), [], False, True
        words = f'HEARTBEAT {machine.beats} nn="{stamp(self.now + took)}" took={took}'
        place = self.say(machine, words)
        self.at(self.now + took, 2, machine.name, lambda: self._arrives(machine, missed), place)

    def _arrives(self, machine, missed):
        node = self.engine.nodes[machine.name]
        was_dead, self.engine.handed = not node.live, []
        self.engine.feed(self.now, 2, "HEARTBEAT", machine.name, missed)
        if was_dead and node.live and self.rng.random() < 0.9:
            self.at(self.soon(2_000, 20_000), 2, machine.name, lambda: self.report(machine))
        for _, number in self.engine.handed:
            if self.rng.random() < 0.85:
                self.at(self.soon(1_000, 80_000), 2, machine.name, lambda number=number: self.erase(machine, number))

    def erase(self, machine, number):
        """Delete a replica from the disk, and tell."""
        if machine.up and machine.disk.pop(number, None) is not None:
            self.notice(machine, "DELETED", (number,))

    def copying(self, machine, number, gen):
        """Return the deed of a machine that gets a replica."""

        def receive():
            if machine.up:
                machine.disk[number] = gen
                size = 134_217_728 if self.rng.random() < 0.7 else self.rng.randrange(4096, 134_217_728)
                self.notice(machine, "RECEIVED", (number, gen), f" size={size}")

        return receive

    def report(self, machine):
        """List the disk, in parts that are sent one after the other."""
        if not machine.up or machine.reporting:
            return
        machine.reporting, machine.serial = True, machine.serial + 1
        entries = self.rng.sample(sorted(machine.disk.items()), len(machine.disk))
        size = self.plan.part
        parts = [entries[i : i + size] for i in range(0, len(entries), size)] or [[]]
        self._part(machine, machine.serial, parts, 1)

    def _part(self, machine, serial, parts, number):
        if not machine.up or not machine.reporting or serial != machine.serial:
            return
        listed = parts[number - 1]
        text = "".join(f" blk_{block}_{gen}" for block, gen in listed)
        self.say(machine, f"REPORT {serial} {number}/{len(parts)}{text}")
        self.engine.feed(self.now, 2, "REPORT", machine.name, (serial, number, len(parts), listed, not machine.gap))
        if number < len(parts):
            pause = self.soon(*self.plan.pause)
            self.at(pause, 2, machine.name, lambda: self._part(machine, serial, parts, number + 1))
        else:
            machine.reporting = False
