"""The name node's view, event by event, by ops.md; with ``flaws`` as somebody sees it who missed something there.

`Engine.feed` takes events in their order; `Engine.lists` and `Engine.good` answer for the instant reached.
"""

FOREVER = 1 << 62


class Node:
    """A data node as the name node knows it. ``held``: block → generation; ``going``: deletions under way."""

    __slots__ = ("going", "held", "last", "leaving", "live", "name", "queue", "rack", "report", "retired")

    def __init__(self, name):
        self.name, self.rack, self.live, self.last = name, "", False, 0
        self.leaving = self.retired = False
        self.held, self.queue, self.going, self.report = {}, [], set(), None


class Block:
    """A block; ``gen`` is None while it is open, ``wanted`` the generation that a recovery waits for."""

    __slots__ = ("factor", "gen", "number", "on", "since", "wanted")

    def __init__(self, number, factor):
        self.number, self.factor, self.gen, self.wanted, self.since, self.on = number, factor, None, None, 0, {}


class Engine:
    """Holds the view and changes it by one event after the other."""

    def __init__(self, flaws=frozenset(), died=None):
        self.flaws, self.died = flaws, died or (lambda node, numbers: None)
        self.nodes, self.blocks, self.recovering = {}, {}, {}
        self.dead_after = self.limit = FOREVER
        self.per_heartbeat, self.soonest, self.now = 0, FOREVER, 0
        self.handed = []

    def feed(self, instant, rank, kind, node, args):
        """Bring the view to ``instant`` and let the event happen; rank 0 is the name node's, 2 a data node's."""
        if "death-first" in self.flaws or rank > 0:
            self.pass_time(instant if "death-late" not in self.flaws or rank > 2 else instant - 1)
        else:
            self.pass_time(instant - 1)
        self.now = instant
        if rank == 2 and node not in self.nodes:
            return
        touched = getattr(self, "_" + kind.lower())(node, args)
        if touched:
            self.look(touched)

    # -- time ---------------------------------------------------------------------------------------

    def pass_time(self, end):
        """Let everything happen that falls due up to ``end``: at one instant deaths first, then recoveries."""
        while self.soonest <= end:
            due, soonest = [], 1 - 2 * ("recovery-first" in self.flaws)
            for name in sorted(self.nodes):
                node = self.nodes[name]
                if node.live:
                    due.append((max(self._death(node), self.now), 0, name))
            if "no-fallback" not in self.flaws:
                for number in sorted(self.recovering):
                    due.append((max(self.recovering[number].since + self.limit, self.now), soonest, number))
            first = min(due, default=(FOREVER, 0, ""))
            self.soonest = first[0]
            if first[0] > end:
                return
            self.now = first[0]
            if first[1] == 0:
                self._die(self.nodes[first[2]])
            else:
                self.look(self._run_out(self.recovering[first[2]]))

    def _death(self, node):
        return node.last[1] if "config-late" in self.flaws else node.last[0] + self.dead_after

    def _die(self, node):
        self.died(node, node.held)
        node.live = False
        node.leaving = node.leaving and "death-ends-leaving" not in self.flaws
        for number in node.held:
            self.blocks[number].on.pop(node, None)
        node.held = {}
        if "death-keeps-orders" not in self.flaws:
            node.queue = []
        if "death-keeps-going" not in self.flaws:
            node.going = set()
        if "report-survives" not in self.flaws:
            node.report = None

    def _run_out(self, block):
        del self.recovering[block.number]
        if "fallback-wanted" in self.flaws:
            block.gen, block.wanted = block.wanted, None
            return [block.number]
        if not block.on:
            return self._remove(None, (block.number,))
        block.gen, block.wanted = max(block.on.values()), None
        return [block.number]

    # -- surplus ------------------------------------------------------------------------------------

    def look(self, numbers):
        """Order deletions for what these blocks have too much of."""
        for number in sorted(numbers):
            block = self.blocks.get(number)
            if block is None or block.gen is None or len(block.on) <= block.factor or "no-surplus" in self.flaws:
                continue
            twice = "counts-waiting" in self.flaws
            good = [node for node, gen in block.on.items() if gen == block.gen and not node.leaving]
            good = [node for node in good if twice or number not in node.queue]
            while len(good) > block.factor:
                victim = self._victim(good)
                self._order(victim, number)
                good.remove(victim)

    def _victim(self, good):
        racks = {}
        for node in good:
            racks[node.rack] = racks.get(node.rack, 0) + 1
        most = max(racks.values())
        choice = good if "victim-any-rack" in self.flaws else [one for one in good if racks[one.rack] == most]
        if "victim-by-name" in self.flaws:
            return max(choice, key=lambda one: one.name)
        if "load-of-good" in self.flaws:
            return max(choice, key=lambda one: (self._n_good(one), one.name))
        heaviest = max(len(one.held) for one in choice)
        names = {one.name: one for one in choice if len(one.held) == heaviest}
        return names[min(names) if "first-name" in self.flaws else max(names)]

    def _n_good(self, node):
        return sum(self.blocks[number].gen == gen for number, gen in node.held.items())

    def _order(self, node, number):
        node.queue.append(number)
        if "orders-at-once" in self.flaws:
            self._hand_over(node, 1 << 30)

    def _hand_over(self, node, most):
        if "needless-dropped" in self.flaws:
            node.queue = [number for number in node.queue if self._needed(number)]
        for number in node.queue[:most]:
            node.going.add(number)
            if "leaves-when-deleted" not in self.flaws:
                self._drop(node, number)
        self.handed += [(node.name, number) for number in node.queue[:most]]
        del node.queue[:most]

    def _needed(self, number):
        """What an order needs in the eyes of somebody who thinks that the name node thinks again."""
        block = self.blocks.get(number)
        serving = block and [node for node, gen in block.on.items() if gen == block.gen and not node.leaving]
        return not block or block.gen is None or len(serving) > block.factor

    def _withdraw(self, number):
        for node in self.nodes.values():
            if number in node.queue:
                node.queue = [other for other in node.queue if other != number]

    # -- lines of the name node ---------------------------------------------------------------------

    def _config(self, _, args):
        for key, value in args:
            if key == "dead-after":
                self.dead_after = value
            elif key == "recovery-limit":
                self.limit = value
            else:
                self.per_heartbeat = value
        self.soonest = 0

    def _register(self, name, args):
        if name not in self.nodes:
            self.nodes[name] = Node(name)
        elif "rack-once" in self.flaws:
            return
        self.nodes[name].rack = args[0]

    def _allocate(self, _, args):
        number, _gen, factor = args
        self.blocks[number] = Block(number, factor)

    def _commit(self, _, args):
        number, gen = args
        block = self.blocks.get(number)
        if block is None:
            return []
        block.gen, block.wanted = gen, None
        self.recovering.pop(number, None)
        return [number]

    def _append(self, _, args):
        block = self.blocks.get(args[0])
        if block is not None:
            block.gen = None
            if "append-keeps" not in self.flaws:
                self._withdraw(args[0])

    def _recover(self, _, args):
        number, gen = args
        block = self.blocks.get(number)
        if block is None:
            return []
        if "recover-at-once" in self.flaws:
            block.gen = gen
            return [number]
        if block.wanted is None or "recover-once" not in self.flaws:
            block.gen, block.wanted, block.since = None, gen, self.now
        self.recovering[number] = block
        self.soonest = 0
        return self._closed(number)

    def _setrep(self, _, args):
        number, factor = args
        block = self.blocks.get(number)
        if block is None:
            return []
        raised, block.factor = factor > block.factor, factor
        if (raised and "raise-keeps" not in self.flaws) or "lowering-withdraws" in self.flaws:
            self._withdraw(number)
        return [number]

    def _remove(self, _, args):
        block = self.blocks.pop(args[0], None)
        if block is not None:
            for node in block.on:
                node.held.pop(block.number, None)
            self.recovering.pop(block.number, None)
            self._withdraw(block.number)
        return []

    def _invalidate(self, name, args):
        node = self.nodes[name]
        if node.live or "orders-to-dead" in self.flaws:
            for number in args:
                self._order(node, number)

    def _decommission(self, name, _):
        self.nodes[name].leaving = True

    def _retire(self, name, _):
        node = self.nodes[name]
        node.retired = "retired-revives" not in self.flaws
        if node.live:
            self._die(node)

    def _recommission(self, name, _):
        node = self.nodes[name]
        node.leaving = node.retired = False
        return [] if "recommission-no-look" in self.flaws else list(node.held)

    # -- lines of data nodes ------------------------------------------------------------------------

    def _heartbeat(self, name, args):
        """``args``: the notices of the time out of touch."""
        node = self.nodes[name]
        found_dead = not node.live
        if node.retired:
            return
        node.live, node.last = True, (self.now, self.now + self.dead_after)
        self.soonest = min(self.soonest, self.now + self.dead_after)
        most = 1 << 30 if "no-limit" in self.flaws else self.per_heartbeat
        if node.queue:
            self._hand_over(node, most)
        if not found_dead or "gap-revived" in self.flaws:
            for kind, words in args:
                self.look(getattr(self, "_" + kind.lower())(name, words))

    def _received(self, name, args):
        node, (number, gen) = self.nodes[name], args
        if not self._hears(node, number, gen):
            return ()
        self._put(node, number, gen)
        return self._closed(number)

    def _deleted(self, name, args):
        node, number = self.nodes[name], args[0]
        if self._hears(node, number, None):
            self._drop(node, number)
        return ()

    def _hears(self, node, number, gen):
        if number not in self.blocks or not (node.live or "dead-heard" in self.flaws):
            return False
        if gen is None or "received-keeps" not in self.flaws:
            node.going.discard(number)
        if node.report is not None:
            node.report[3][number] = gen
        return True

    def _report(self, name, args):
        serial, part, parts, listed, heard = args
        node = self.nodes[name]
        if not node.live or not (heard or "report-gap" in self.flaws):
            node.report = None
            return []
        if part == 1:
            node.report = [serial, 1, {}, {}]
        elif node.report is None or node.report[:2] != [serial, part]:
            node.report = None
            return []
        node.report[1] += 1
        node.report[2].update(listed)
        if "report-early" in self.flaws:
            return self._counted(node, {**node.held, **dict(listed)}, {})
        if part < parts:
            return []
        _, _, told, since = node.report
        node.report = None
        return self._counted(node, told, since if "report-raw" not in self.flaws else {})

    def _counted(self, node, told, since):
        """Make the node's part of the view anew. Returns the blocks that may have a surplus now."""
        if "report-going" in self.flaws:
            node.going = set()
        view = {number: gen for number, gen in {**told, **since}.items() if gen is not None}
        if "report-adds" in self.flaws:
            view = {**node.held, **view}
        view = {number: gen for number, gen in view.items() if number in self.blocks and number not in node.going}
        for number in [number for number in node.held if number not in view]:
            self._drop(node, number)
        for number, gen in view.items():
            self._put(node, number, gen)
        if "report-no-close" not in self.flaws:
            for number in view:
                self._closed(number)
        return [] if "report-no-look" in self.flaws else list(view)

    # -- the view -----------------------------------------------------------------------------------

    def _put(self, node, number, gen):
        node.held[number] = gen
        self.blocks[number].on[node] = gen

    def _drop(self, node, number):
        if node.held.pop(number, None) is not None:
            self.blocks[number].on.pop(node, None)

    def _closed(self, number):
        """Close the block if its recovery has got what it waits for. Returns the block."""
        block = self.blocks[number]
        if block.wanted is not None and block.wanted in block.on.values():
            block.gen, block.wanted = block.wanted, None
            self.recovering.pop(number, None)
        return (number,)

    def lists(self):
        """Return the rows ``[state, block, node]`` of a probe at the instant reached."""
        flaws, rows = self.flaws, []
        racks = {
            node.rack for node in self.nodes.values() if (node.live and not node.leaving) or "rack-of-all" in flaws
        }
        for number, block in sorted(self.blocks.items()):
            if block.gen is None:
                continue
            good = [node for node, gen in block.on.items() if self._is_good(block, gen)]
            serving = [node for node in good if not node.leaving or "leaving-counts" in flaws]
            least = 1 if "factor-one-rack" in flaws else 2
            narrow = block.factor >= least and len(racks) >= 2 and len({node.rack for node in serving}) == 1
            if not (serving if "leaving-lost" in flaws else good):
                rows.append(["lost", number, ""])
            elif len(serving) < block.factor or (narrow and "no-rack-rule" not in flaws):
                rows.append(["under", number, ""])
            rows += sorted(["stale", number, node.name] for node in block.on if node not in good)
        return rows

    def good(self):
        """Return the good replicas ``[block, node]`` of closed blocks at the instant reached."""
        return sorted(
            [number, node.name]
            for number, block in self.blocks.items()
            if block.gen is not None
            for node, gen in block.on.items()
            if self._is_good(block, gen)
        )

    def _is_good(self, block, gen):
        return gen >= block.gen if "newer-good" in self.flaws else gen == block.gen
