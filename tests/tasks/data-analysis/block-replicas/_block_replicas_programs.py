"""The program of the oracle, and one of another build; a wrong solution is one of them with a fault."""

REPLAY = r'''
"""replay.py LOGDIR PROBES OUT: what the name node knew of its blocks, by ops.md."""
import csv
import gc
import os
import re
import sys
from datetime import datetime
from itertools import takewhile

EPOCH = datetime(2000, 1, 1)
minutes = {}
BLOCK = re.compile(r"blk_-?\d+(_\d+)?")


def millis(text):
    """A stamp as milliseconds; the minute is worked out once."""
    minute = text[:16]
    if minute not in minutes:
        passed = datetime.strptime(minute, "%Y-%m-%d %H:%M") - EPOCH
        minutes[minute] = passed.days * 86400000 + passed.seconds * 1000
    return minutes[minute] + int(text[17:19] + text[20:23])


def block_of(word):
    """blk_-5_1007 as (-5, 1007)."""
    number, _, gen = word[4:].partition("_")
    return int(number), int(gen or 0)


def blocks_of(words):
    """The blocks at the beginning of these words."""
    return [block_of(word) for word in takewhile(BLOCK.fullmatch, words)]


# -- from lines to events: (instant, class, node, line, kind, what) ---------------------------------

BEAT = re.compile(r'HEARTBEAT \d+ nn="([^"]*)" took=(\d+)')


def name_node_events(path):
    with open(path, encoding="utf-8") as stream:
        for place, line in enumerate(stream):
            words = line[24:].split()
            if words and words[0] in HANDLERS:
                yield millis(line), 0, "", place, words[0], words[1:]


def data_node_events(path, node):
    offset, touch, kept = None, True, []
    with open(path, encoding="utf-8") as stream:
        for place, line in enumerate(stream):
            rest = line[24:]
            kind, _, tail = rest.partition(" ")
            if kind == "HEARTBEAT":
                hit = BEAT.match(rest)
                if hit is None:
                    touch = False
                    continue
                arrived, took = millis(hit[1]), int(hit[2])
                offset = arrived - took - millis(line)
                yield arrived, 2, node, place, kind, kept
                touch, kept = True, []
            elif offset is None:
                continue
            elif kind == "CLOCK":
                offset -= int(re.search(r"step=(-?\d+)", tail)[1])
            elif kind in ("RECEIVED", "DELETED"):
                notice = (kind, *block_of(tail.split()[0]))
                if touch:
                    yield millis(line) + offset, 2, node, place, "NOTICE", notice
                else:
                    kept.append(notice)
            elif kind == "REPORT":
                yield millis(line) + offset, 2, node, place, kind, (tail.split(), touch)


class Node:
    def __init__(self):
        self.rack, self.alive, self.arrival = None, False, 0
        self.leaving = self.retired = False
        self.forget()

    def forget(self):
        self.held, self.orders, self.under_way = {}, [], set()
        self.report = None


class View:
    def __init__(self):
        self.nodes, self.blocks, self.recoveries = {}, {}, {}
        self.settings = {"dead-after": 10**15, "recovery-limit": 10**15, "orders-per-heartbeat": 0}
        self.clock = -1
        self.next_wait = 0  # no wait ends before

    # blocks: number -> [factor, generation or None]; recoveries: number -> (generation, since)

    def holders(self, number):
        return [(name, node.held[number]) for name, node in self.nodes.items() if number in node.held]

    def good(self, number):
        gen = self.blocks[number][1]
        return [name for name, held in self.holders(number) if held == gen]

    # -- time

    def waits(self):
        for name, node in self.nodes.items():
            if node.alive:
                yield max(node.arrival + self.settings["dead-after"], self.clock), 0, name
        for number, (_, since) in self.recoveries.items():
            yield max(since + self.settings["recovery-limit"], self.clock), 1, number

    def until(self, instant, inclusive):
        while True:
            if self.next_wait > instant or (self.next_wait == instant and not inclusive):
                return
            first = min(self.waits(), default=(10**15, 0, ""))
            self.next_wait = first[0]
            if first[0] > instant or (first[0] == instant and not inclusive):
                return
            self.clock, which, what = first
            if which == 0:
                self.kill(self.nodes[what])
            else:
                self.run_out(what)

    def kill(self, node):
        node.alive = False
        node.forget()

    def run_out(self, number):
        gens = [gen for _, gen in self.holders(number)]
        if gens:
            del self.recoveries[number]
            self.blocks[number][1] = max(gens)
            self.surplus(number)
        else:
            self.REMOVE([f"blk_{number}"])

    # -- orders

    def surplus(self, number):
        factor, gen = self.blocks.get(number, (0, None))
        if gen is None:
            return
        candidates = [
            name
            for name, node in self.nodes.items()
            if node.held.get(number) == gen and not node.leaving and number not in node.orders
        ]
        while len(candidates) > factor:
            racks = [self.nodes[name].rack for name in candidates]
            most = max(map(racks.count, racks))
            victim = max(
                (len(self.nodes[name].held), name)
                for name in candidates
                if racks.count(self.nodes[name].rack) == most
            )[1]
            self.nodes[victim].orders.append(number)
            candidates.remove(victim)

    def withdraw(self, number):
        for node in self.nodes.values():
            node.orders = [other for other in node.orders if other != number]

    # -- lines of the name node

    def CONFIG(self, words):
        for word in words:
            key, _, value = word.partition("=")
            if key in self.settings:
                self.settings[key] = int(value)
        self.next_wait = 0

    def REGISTER(self, words):
        self.nodes.setdefault(words[0], Node()).rack = words[1].partition("=")[2]

    def ALLOCATE(self, words):
        self.blocks[block_of(words[0])[0]] = [int(words[1].partition("=")[2]), None]

    def COMMIT(self, words):
        number, gen = block_of(words[0])
        self.blocks[number][1] = gen
        self.recoveries.pop(number, None)
        self.surplus(number)

    def APPEND(self, words):
        number, _ = block_of(words[0])
        self.blocks[number][1] = None
        self.withdraw(number)

    def RECOVER(self, words):
        number, gen = block_of(words[0])
        self.recoveries[number] = (gen, self.clock)
        self.next_wait = 0
        self.try_close(number)
        self.surplus(number)

    def SETREP(self, words):
        number, factor = block_of(words[0])[0], int(words[1].partition("=")[2])
        if factor > self.blocks[number][0]:
            self.withdraw(number)
        self.blocks[number][0] = factor
        self.surplus(number)

    def REMOVE(self, words):
        number, _ = block_of(words[0])
        del self.blocks[number]
        self.recoveries.pop(number, None)
        self.withdraw(number)
        for node in self.nodes.values():
            node.held.pop(number, None)

    def INVALIDATE(self, words):
        node = self.nodes[words[0]]
        if node.alive:
            node.orders += [number for number, _ in blocks_of(words[1:])]

    def DECOMMISSION(self, words):
        self.nodes[words[0]].leaving = True

    def RETIRE(self, words):
        self.nodes[words[0]].retired = True
        self.kill(self.nodes[words[0]])

    def RECOMMISSION(self, words):
        node = self.nodes[words[0]]
        node.leaving = node.retired = False
        for number in sorted(node.held):
            self.surplus(number)

    # -- what comes from data nodes

    def heartbeat(self, node, kept):
        if node.retired:
            return
        found_dead, node.alive, node.arrival = not node.alive, True, self.clock
        self.next_wait = min(self.next_wait, self.clock + self.settings["dead-after"])
        many = self.settings["orders-per-heartbeat"]
        for number in node.orders[:many]:
            node.held.pop(number, None)
            node.under_way.add(number)
        node.orders = node.orders[many:]
        if not found_dead:
            for notice in kept:
                self.notice(node, notice)

    def notice(self, node, notice):
        kind, number, gen = notice
        if not node.alive or number not in self.blocks:
            return
        node.under_way.discard(number)
        if node.report:
            node.report["since"][number] = gen if kind == "RECEIVED" else None
        if kind == "DELETED":
            node.held.pop(number, None)
            return
        node.held[number] = gen
        self.try_close(number)
        self.surplus(number)

    def report(self, node, what):
        (serial, part, *entries), touch = what
        if not node.alive or not touch:
            node.report = None
            return
        part, _, parts = part.partition("/")
        if part == "1":
            node.report = {"serial": serial, "next": 1, "told": {}, "since": {}}
        if node.report is None or node.report["serial"] != serial or node.report["next"] != int(part):
            node.report = None
            return
        node.report["next"] += 1
        node.report["told"].update(blocks_of(entries))
        if part == parts:
            told, since, node.report = node.report["told"], node.report["since"], None
            view = told | since
            node.held = {
                number: gen
                for number, gen in view.items()
                if gen is not None and number in self.blocks and number not in node.under_way
            }
            for number in node.held:
                self.try_close(number)
            for number in sorted(node.held):
                self.surplus(number)

    def try_close(self, number):
        gen, _ = self.recoveries.get(number, (None, 0))
        if gen is not None and any(held == gen for _, held in self.holders(number)):
            self.blocks[number][1] = gen
            del self.recoveries[number]

    # -- the lists

    def lists(self):
        serving = {name for name, node in self.nodes.items() if node.alive and not node.leaving}
        racks = {self.nodes[name].rack for name in serving}
        for number, (factor, gen) in self.blocks.items():
            if gen is None:
                continue
            holders = self.holders(number)
            good = [name for name, held in holders if held == gen]
            counted = [name for name in good if name in serving]
            narrow = factor >= 2 and len({self.nodes[name].rack for name in counted}) == 1 and len(racks) > 1
            if not good:
                yield "lost", number, ""
            elif len(counted) < factor or narrow:
                yield "under", number, ""
            for name, held in holders:
                if held != gen:
                    yield "stale", number, name


HANDLERS = {name: getattr(View, name) for name in dir(View) if name.isupper()}


def main(folder, probes, out):
    gc.disable()  # nothing here refers back to itself
    events = []
    for file in os.listdir(folder):
        path = os.path.join(folder, file)
        if file == "namenode.log":
            events += name_node_events(path)
        elif file.endswith(".log"):
            events += data_node_events(path, file[: -len(".log")])
    with open(probes, encoding="utf-8") as stream:
        wanted = {line.strip() for line in stream if line.strip()}
    events += [(millis(text), 3, "", 0, "PROBE", text) for text in wanted]
    events.sort(key=lambda one: one[:4])
    view, states, final = View(), [], []
    for instant, rank, node, _, kind, what in events:
        view.until(instant, rank > 0)
        view.clock = instant
        if rank == 0:
            HANDLERS[kind](view, what)
        elif rank == 2 and node not in view.nodes:
            continue
        elif kind == "HEARTBEAT":
            view.heartbeat(view.nodes[node], what)
        elif kind == "NOTICE":
            view.notice(view.nodes[node], what)
        elif kind == "REPORT":
            view.report(view.nodes[node], what)
        else:
            states += [(what, state, f"blk_{number}", name) for state, number, name in view.lists()]
            final = [
                (f"blk_{number}", name)
                for number, (_, gen) in view.blocks.items()
                if gen is not None
                for name in view.good(number)
            ]
    os.makedirs(out, exist_ok=True)
    for name, header, rows in [
        ("state.csv", ("probe", "state", "block", "node"), states),
        ("replicas.csv", ("block", "node"), final),
    ]:
        with open(os.path.join(out, name), "w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([header, *rows])


if __name__ == "__main__":
    main(*sys.argv[1:4])
'''
