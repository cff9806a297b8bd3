"""What is done in a world: blocks come and go, machines fail, operators step in. A deed chooses its object itself."""

from _block_replicas_world import Machine, World


class Deeds(World):
    """A world in which its plan's deeds are done at random instants."""

    def begin(self):
        """Set the world up: settings, nodes, births, deeds and probes."""
        rng, plan = self.rng, self.plan
        self.at(plan.start, 0, "", self._settings)
        for number in range(1, plan.nodes + 1):
            self._machine(f"dn-{number:02}", f"/r{(number - 1) % plan.racks + 1}")
        for _ in range(plan.births):
            self.at(self._whenever(0.02, 0.6 if plan.grid > 1 or plan.births < 100 else 0.95), 0, "", self.allocate)
        names = rng.choices(list(plan.deeds), list(plan.deeds.values()), k=plan.n_deeds)
        for name in names:
            rank = 2 if name in OF_MACHINES else 0
            self.at(self._whenever(0.12, 0.99), rank, "", getattr(self, name))
        for _ in range(plan.noise):
            name = rng.choice(sorted(self.logs))
            text = rng.choice(REMARKS).format(n=rng.randrange(10_000), ms=rng.randint(300, 9000))
            self.at(self._whenever(0.01, 0.999), 0, "", lambda name=name, text=text: self.remark(name, text))
        for share in sorted(rng.uniform(0.15, 1.0) for _ in range(plan.probes - 1)):
            self.at(self._place(share), 3, "", self.probe)
        self.at(self.end + plan.after, 3, "", self.probe)
        return self

    def _settings(self):
        plan = self.plan
        known = [("dead-after", plan.dead_after), ("orders-per-heartbeat", plan.per_heartbeat)]
        self.configure([*known, ("recovery-limit", plan.recovery_limit)])

    def _machine(self, name, rack):
        from_clock = (self.rng.randint(-190_000, 190_000), self.rng.randint(-60, 60)) if self.plan.skew else (0, 0)
        self.logs[name] = []
        machine = self.machines[name] = Machine(name, *from_clock)
        self.at(self.plan.start, 0, "", lambda: self.order(f"{name} rack={rack}", "REGISTER", name, (rack,)))
        first = self.plan.start + self.rng.randint(1, self.plan.beat // self.plan.grid) * self.plan.grid
        self.at(first, 2, name, lambda: self.beat(machine))

    def _place(self, share):
        return self.plan.start + int(self.plan.length * share) // self.plan.grid * self.plan.grid

    def _whenever(self, least, most):
        return self._place(self.rng.uniform(least, most))

    # -- choices ------------------------------------------------------------------------------------

    def _blocks(self, fits):
        """Return blocks that fit: all, or where there are many, those among a few."""
        born, blocks = self.born, self.engine.blocks
        some = born if len(born) < 100 else self.rng.choices(born, k=20)
        return [blocks[number] for number in some if number in blocks and fits(blocks[number])]

    def _closed_block(self):
        return self._one(self._blocks(lambda block: block.gen is not None))

    def _one(self, things):
        return self.rng.choice(things) if things else None

    def _machine_up(self, fits=lambda machine: True):
        return self._one([one for one in self.machines.values() if one.up and fits(one)])

    def _next_gen(self):
        self.gen += 1
        return self.gen

    # -- blocks -------------------------------------------------------------------------------------

    def allocate(self):
        """Let a block come into being: allocated, received, mostly committed, at times by a pipeline that broke."""
        rng, gen = self.rng, self._next_gen()
        number = -rng.choice(self.born) if self.born and rng.random() < 0.2 else rng.randint(1, 1 << 31)
        while number in self.taken:
            number = rng.choice([-1, 1]) * rng.randint(1, 1 << 31)
        self.taken.add(number)
        self.born.append(number)
        factor = rng.choice([1, 2, 2, 3, 3, 3, 4]) if self.plan.births < 100 else rng.choice([2, 3, 3, 3, 3, 3])
        self.order(f"blk_{number}_{gen} rep={factor}", "ALLOCATE", None, (number, gen, factor))
        up = [one for one in self.machines.values() if one.up]
        targets = rng.sample(up, min(len(up), factor + (rng.random() < 0.05)))
        for target in targets:
            self.at(self.soon(300, 15_000), 2, target.name, self.copying(target, number, gen))
        if rng.random() < self.plan.behind and len(targets) > 1:
            gen = self._next_gen()
            for target in targets[1:]:
                self.at(self.soon(16_000, 25_000), 2, target.name, self.copying(target, number, gen))
        if rng.random() >= self.plan.abandon:
            self.at(self.soon(16_000, 40_000), 0, "", lambda: self.commit(number, gen))

    def commit(self, number, gen):
        """Close a block, if it is open still."""
        block = self.engine.blocks.get(number)
        if block is not None and block.gen is None:
            self.order(f"blk_{number}_{gen}", "COMMIT", None, (number, gen))

    def append(self):
        """Open a block again; some of its holders take part."""
        waiting = {number for node in self.engine.nodes.values() for number in node.queue}
        block = self._one(self._blocks(lambda block: block.gen is not None and block.number in waiting))
        block = block or self._closed_block()
        if block is None:
            return
        gen, number = self._next_gen(), block.number
        self.order(f"blk_{number}_{gen}", "APPEND", None, (number, gen))
        for machine in self._holders(number):
            if machine.up and self.rng.random() < 0.7:
                self.at(self.soon(500, 25_000), 2, machine.name, self.copying(machine, number, gen))
        if self.rng.random() >= self.plan.abandon:
            self.at(self.soon(5_000, 40_000), 0, "", lambda: self.commit(number, gen))

    def recover(self):
        """Begin to recover an open block; a holder takes part in time, too late, or not at all."""
        block = self._one(self._blocks(lambda block: block.gen is None))
        if block is None:
            return
        gen, number, limit = self._next_gen(), block.number, self.engine.limit
        self.order(f"blk_{number}_{gen}", "RECOVER", None, (number, gen))
        holders = self._holders(number)
        holders = [one for one in holders if one.up and not self.engine.nodes[one.name].live] or holders
        if holders and self.rng.random() < 0.6:
            machine, grid = self.rng.choice(holders), self.plan.grid
            delay = self.rng.choice([limit // 6, limit // 2, limit, limit + 20_000]) // grid * grid
            delay += 0 if grid > 1 else self.rng.randint(-15_000, 15_000)
            self.at(self.now + max(delay, grid), 2, machine.name, self.copying(machine, number, gen))

    def setrep(self):
        """Change a factor by one."""
        block = self._one(self._blocks(lambda block: True))
        if block is not None:
            self._factor(block, max(1, min(5, block.factor + self.rng.choice([-1, -1, 1]))))

    def shrink(self):
        """Lower a factor by one."""
        block = self._one(self._blocks(lambda block: block.factor > 1))
        if block is not None:
            self._factor(block, block.factor - 1)

    def waver(self):
        """Lower a factor and raise it again before all orders are handed over."""
        block = self._one(self._blocks(lambda block: block.gen is not None and block.factor > 1))
        if block is None:
            return
        was, number = block.factor, block.number
        self._factor(block, was - 1)

        def raised():
            known = self.engine.blocks.get(number)
            if known is not None:
                self._factor(known, was)

        self.at(self.soon(2_000, 40_000), 0, "", raised)

    def _factor(self, block, factor):
        self.order(f"blk_{block.number} rep={factor}", "SETREP", None, (block.number, factor))

    def remove(self):
        """Remove a block; the nodes drop what they have in their own time."""
        block = self._one(self._blocks(lambda block: True))
        if block is None:
            return
        number = block.number
        self.order(f"blk_{number}", "REMOVE", None, (number,))
        for machine in self._holders(number):
            if self.rng.random() < 0.6:
                self.at(self.soon(2_000, 90_000), 2, machine.name, lambda one=machine: self.erase(one, number))

    def invalidate(self):
        """Have replicas deleted on one node, stale ones first."""
        name = self.rng.choice(list(self.machines))
        node, blocks = self.engine.nodes[name], self.engine.blocks
        pool = list(node.held)[-300:] or [number for number in self.machines[name].disk if number in blocks]
        held = [number for number in pool if number in node.held]
        stale = [number for number in held if blocks[number].gen not in (None, node.held[number])]
        chosen = stale[:3] or self.rng.sample(pool, min(len(pool), self.rng.randint(1, 2)))
        if chosen:
            words = " ".join(f"blk_{number}" for number in chosen)
            self.order(f"{name} {words}", "INVALIDATE", name, chosen)

    # -- nodes --------------------------------------------------------------------------------------

    def configure(self, settings):
        """Write settings."""
        self.order(" ".join(f"{key}={value}" for key, value in settings), "CONFIG", None, settings)

    def config(self):
        """Change a setting or two."""
        plan, rng, grid = self.plan, self.rng, self.plan.grid
        dead = rng.choice([plan.beat * 2, plan.dead_after // 2, plan.dead_after, plan.dead_after * 2]) // grid * grid
        limit = rng.choice([plan.recovery_limit // 3, plan.recovery_limit, plan.recovery_limit * 2]) // grid * grid
        known = [("dead-after", dead), ("orders-per-heartbeat", rng.randint(1, 3)), ("recovery-limit", limit)]
        self.configure(rng.sample(known, rng.randint(1, 2)))

    def decommission(self):
        """Let a node leave; after a while it is taken back."""
        name = self.rng.choice(list(self.machines))
        if sum(node.leaving for node in self.engine.nodes.values()) < max(2, self.plan.nodes // 2):
            self.order(name, "DECOMMISSION", name, ())

    def retire(self):
        """Put a node out of service, for some time."""
        if any(node.retired for node in self.engine.nodes.values()):
            return
        name = self.rng.choice(list(self.machines))
        self.order(name, "RETIRE", name, ())
        self.at(self.soon(40_000, 400_000), 0, "", lambda: self.order(name, "RECOMMISSION", name, ()))

    def recommission(self):
        """Take back a node that is leaving."""
        leaving = [name for name, node in sorted(self.engine.nodes.items()) if node.leaving]
        if leaving:
            name = self.rng.choice(leaving)
            self.order(name, "RECOMMISSION", name, ())

    def rerack(self):
        """Move a node to another rack."""
        name = self.rng.choice(list(self.machines))
        rack = f"/r{self.rng.randint(1, self.plan.racks)}"
        self.order(f"{name} rack={rack}", "REGISTER", name, (rack,))

    # -- machines -----------------------------------------------------------------------------------

    def copy(self):
        """Let a machine get a replica that it has not."""
        block = self._closed_block()
        machine = block and self._machine_up(lambda one: block.number not in one.disk)
        if machine:
            self.at(self.now, 2, machine.name, self.copying(machine, block.number, block.gen))

    def stray(self):
        """Let a machine lose a replica, and tell."""
        machine = self._machine_up(lambda one: one.disk)
        if machine:
            self.at(self.now, 2, machine.name, lambda: self.erase(machine, self._one(sorted(machine.disk))))

    def vanish(self):
        """Let a machine lose a replica without noticing."""
        machine = self._machine_up(lambda one: one.disk)
        if machine:
            del machine.disk[self._one(sorted(machine.disk))]

    def recount(self):
        """Let a machine report, though nobody asked."""
        machine = self._machine_up()
        if machine:
            self.at(self.now, 2, machine.name, lambda: self.report(machine))

    def step(self):
        """Set a clock."""
        machine = self._machine_up(lambda one: one.known)
        if machine:
            self.at(self.now, 2, machine.name, lambda: self._set_clock(machine))

    def _set_clock(self, machine):
        step = self.rng.choice([-1, 1]) * self.rng.randint(9_000, 90_000)
        if machine.up:
            machine.correction -= step
            self.say(machine, f"CLOCK step={step}")

    def crash(self):
        """Stop a machine, for a short or a long time."""
        machine = self._machine_up()
        if machine:
            machine.up = machine.reporting = False
            self.at(self.now + self._outage(), 2, machine.name, lambda: self._boot(machine))

    def _boot(self, machine):
        machine.up = True
        self.beat(machine)

    def cut(self):
        """Cut a machine's link, for a short or a long time."""
        machine = self._machine_up(lambda one: one.link)
        if machine:
            machine.link = False

            def mended():
                machine.link = True

            self.at(self.now + self._outage(), 2, machine.name, mended)

    def _outage(self):
        beat, dead, grid = self.plan.beat, self.plan.dead_after, self.plan.grid
        if self.rng.random() < 0.5:
            return self.rng.randint(beat, 3 * beat) // grid * grid
        return self.rng.randint(dead - beat, dead + 4 * beat) // grid * grid

    def _holders(self, number):
        return [machine for machine in self.machines.values() if number in machine.disk]


OF_MACHINES = ("copy", "stray", "vanish", "recount", "step", "crash", "cut")
REMARKS = [
    "INFO checkpoint {n} written",
    "WARN slow read took {ms} ms",
    "INFO scan pass {n} finished, nothing to do",
    "INFO balancer asks for bandwidth, refused ({n})",
    "WARN gc pause of {ms} ms",
    "INFO client 10.4.0.{n} closed its stream",
]
