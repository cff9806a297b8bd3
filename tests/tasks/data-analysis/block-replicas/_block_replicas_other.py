"""A right program of another build: one table of replicas, a heap of waits that may be out of date, a module beside."""

REPLAY_OTHER = r'''
"""Call sedge.py's replay and write what it finds, with tabs and a column for people."""
import pathlib
import sys

import sedge

logs, probes, out = map(pathlib.Path, sys.argv[1:])
state, replicas = sedge.replay(logs, [line for line in probes.read_text().split("\n") if line.strip()])
out.mkdir(parents=True, exist_ok=True)
out.joinpath("state.csv").write_text(
    "node\tblock\tstate\tprobe\tremark\n" + "".join(f"{n}\tblk_{b}\t{s}\t{p}\t-\n" for p, s, b, n in reversed(state))
)
out.joinpath("replicas.csv").write_text("node,block\n" + "".join(f"{n},blk_{b}\n" for b, n in sorted(replicas)))
'''

SEDGE = r'''
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from heapq import heapify, heappop, heappush
from types import SimpleNamespace

ZERO = datetime(2000, 1, 1, tzinfo=timezone.utc)
CLOSE = {"COMMIT", "APPEND", "RECOVER", "ALLOCATE", "SETREP", "REMOVE"}


def at(text):
    moment = datetime.fromisoformat(text[:23]).replace(tzinfo=timezone.utc)
    return (moment - ZERO) // timedelta(milliseconds=1)


def split(word):
    parts = word.removeprefix("blk_").split("_")
    return int(parts[0]), int(parts[1]) if len(parts) > 1 else None


def blocks(words):
    return [split(word) for word in words if word.startswith("blk_")]


def option(words, name):
    return next((int(word[len(name) + 1 :]) for word in words if word.startswith(name + "=")), None)


def read_node(name, lines):
    """All events of a node, in the order of its file; repeats are events of their own, bound to their heartbeat."""
    shift, deaf, waiting = None, False, []
    for place, line in enumerate(lines):
        words = line[24:].split()
        if words[0] == "HEARTBEAT" and words[2] == "lost":
            deaf = True
        elif words[0] == "HEARTBEAT":
            deaf = False
            nn = at(line.split('nn="')[1])
            shift = nn - option(words, "took") - at(line)
            yield (nn, 2, name, place, 0), ("beat", None)
            for turn, notice in enumerate(waiting, 1):
                yield (nn, 2, name, place, turn), ("repeat", notice)
            waiting = []
        elif shift is None:
            continue
        elif words[0] == "CLOCK":
            shift -= option(words, "step")
        elif words[0] in ("RECEIVED", "DELETED"):
            number, gen = split(words[1])
            if deaf:
                waiting.append((number, gen))
            else:
                yield (at(line) + shift, 2, name, place, 0), ("notice", (number, gen))
        elif words[0] == "REPORT":
            part, parts = map(int, words[2].split("/"))
            what = SimpleNamespace(part=part, parts=parts, deaf=deaf, blocks=blocks(words[3:]))
            yield (at(line) + shift, 2, name, place, 0), ("report", what)


def replay(folder, probes):
    events = [((at(text), 3, "", 0, 0), ("probe", text)) for text in set(probes)]
    for path in sorted(folder.glob("*.log")):
        lines = path.read_text().splitlines()
        if path.name != "namenode.log":
            events += read_node(path.name[:-4], lines)
            continue
        for place, line in enumerate(lines):
            events.append(((at(line), 0, "", place, 0), ("line", line[24:].split())))
    events.sort(key=lambda event: event[0])
    store, state, replicas = Store(), [], []
    for (instant, rank, name, _, _), (kind, what) in events:
        store.pass_to(instant, rank)
        if kind == "probe":
            found, replicas = store.picture()
            state += [(what, *row) for row in found]
        elif kind == "line":
            store.line(what)
        elif name in store.nodes:
            getattr(store, kind)(name, what)
        store.settle()
    return state, replicas


class Store:
    def __init__(self):
        self.now, self.heap, self.conf = 0, [], Counter()
        self.nodes, self.blocks = {}, {}
        self.gens = {}  # (node, block) -> generation
        self.of_node, self.of_block = defaultdict(set), defaultdict(set)
        self.dirty = set()  # blocks to look at after the event
        self.fresh = False  # whether the heartbeat just heard found its node alive

    # waits: (instant, 0 for deaths or 1, node or block, what it began with)

    def rebuild(self):
        dead = self.conf["dead-after"]
        self.heap = [(node.last + dead, 0, name, node.last) for name, node in self.nodes.items() if node.up]
        limit = self.conf["recovery-limit"]
        self.heap += [(b.since + limit, 1, n, b.since) for n, b in self.blocks.items() if b.wanted is not None]
        self.heap = [(max(one[0], self.now), *one[1:]) for one in self.heap]
        heapify(self.heap)

    def pass_to(self, instant, rank):
        while self.heap and self.heap[0][0] < instant + (rank > 0):
            when, which, what, began = heappop(self.heap)
            if which == 0:
                if self.nodes[what].up and self.nodes[what].last == began:
                    self.now = when
                    self.bury(what)
            elif what in self.blocks and self.blocks[what].wanted is not None and self.blocks[what].since == began:
                self.now = when
                block, kept = self.blocks[what], [self.gens[name, what] for name in self.of_block[what]]
                if kept:
                    block.gen, block.wanted = max(kept), None
                    self.dirty.add(what)
                else:
                    self.forget(what)
                self.settle()
        self.now = instant

    def bury(self, name):
        node = self.nodes[name]
        node.up, node.queue, node.going, node.report = False, [], set(), None
        for number in list(self.of_node[name]):
            self.take(name, number)

    def forget(self, number):
        for name in list(self.of_block[number]):
            self.take(name, number)
        del self.blocks[number]
        self.unqueue(number)

    def unqueue(self, number):
        for node in self.nodes.values():
            node.queue = [one for one in node.queue if one != number]

    def put(self, name, number, gen):
        self.gens[name, number] = gen
        self.of_node[name].add(number)
        self.of_block[number].add(name)
        self.dirty.add(number)

    def take(self, name, number):
        if self.gens.pop((name, number), None) is not None:
            self.of_node[name].discard(number)
            self.of_block[number].discard(name)

    def settle(self):
        """What the name node does by itself after an event."""
        touched = sorted(self.dirty & self.blocks.keys())
        for number in touched:
            block = self.blocks[number]
            gens = {self.gens[name, number] for name in self.of_block[number]}
            if block.wanted is not None and block.wanted in gens:
                block.gen, block.wanted = block.wanted, None
        for number in touched:
            block = self.blocks[number]
            while block.gen is not None:
                spare = [n for n in self.good(number) if self.serves(n) and number not in self.nodes[n].queue]
                if len(spare) <= block.factor:
                    break
                crowd = Counter(self.nodes[name].rack for name in spare)
                spare.sort(key=lambda n: (crowd[self.nodes[n].rack], len(self.of_node[n]), n))
                top = crowd[self.nodes[spare[-1]].rack]
                assert top == max(crowd.values())
                self.nodes[spare[-1]].queue.append(number)
        self.dirty.clear()

    def good(self, number):
        return [name for name in self.of_block[number] if self.gens[name, number] == self.blocks[number].gen]

    def serves(self, name):
        return self.nodes[name].up and not self.nodes[name].leaving

    def line(self, words):
        kind, *rest = words
        if kind == "CONFIG":
            for key in ("dead-after", "orders-per-heartbeat", "recovery-limit"):
                given = option(rest, key)
                self.conf[key] = self.conf[key] if given is None else given
            self.rebuild()
        elif kind == "REGISTER":
            fresh = dict(up=False, last=0, leaving=False, retired=False, queue=[], going=set(), report=None)
            self.nodes.setdefault(rest[0], SimpleNamespace(**fresh)).rack = rest[1]
        elif kind in CLOSE:
            number, gen = split(rest[0])
            self.dirty.add(number)
            self.block_line(kind, number, gen, option(rest, "rep"))
        elif kind == "INVALIDATE":
            if self.nodes[rest[0]].up:
                self.nodes[rest[0]].queue += [number for number, _ in blocks(rest[1:])]
        elif kind in ("DECOMMISSION", "RETIRE", "RECOMMISSION"):
            node = self.nodes[rest[0]]
            if kind == "RECOMMISSION":
                node.leaving = node.retired = False
                self.dirty |= self.of_node[rest[0]]
            elif kind == "RETIRE":
                node.retired = True
                self.bury(rest[0])
            else:
                node.leaving = True

    def block_line(self, kind, number, gen, rep):
        if kind == "ALLOCATE":
            self.blocks[number] = SimpleNamespace(factor=rep, gen=None, wanted=None, since=0)
            return
        block = self.blocks[number]
        if kind == "COMMIT":
            block.gen, block.wanted = gen, None
        elif kind == "APPEND":
            block.gen = None
            self.unqueue(number)
        elif kind == "RECOVER":
            block.wanted, block.since = gen, self.now
            self.rebuild()
        elif kind == "REMOVE":
            self.forget(number)
        else:
            if rep > block.factor:
                self.unqueue(number)
            block.factor = rep

    def beat(self, name, _):
        node = self.nodes[name]
        self.fresh = node.up
        if node.retired:
            return
        node.up, node.last = True, self.now
        heappush(self.heap, (self.now + self.conf["dead-after"], 0, name, self.now))
        some = self.conf["orders-per-heartbeat"]
        for number in node.queue[:some]:
            self.take(name, number)
            node.going.add(number)
        del node.queue[:some]

    def repeat(self, name, what):
        if self.fresh:
            self.notice(name, what)

    def notice(self, name, what):
        number, gen = what
        node = self.nodes[name]
        if node.up and number in self.blocks:
            node.going.discard(number)
            if node.report:
                node.report[1][number] = gen
            if gen is None:
                self.take(name, number)
            else:
                self.put(name, number, gen)

    def report(self, name, what):
        node = self.nodes[name]
        if not node.up or what.deaf:
            node.report = None
        elif what.part == 1 or node.report:
            told, since = ({}, {}) if what.part == 1 else node.report
            told.update(what.blocks)
            node.report = told, since
            if what.part == what.parts:
                node.report = None
                told.update(since)
                for number in list(self.of_node[name]):
                    self.take(name, number)
                for number, gen in told.items():
                    if gen is not None and number in self.blocks and number not in node.going:
                        self.put(name, number, gen)

    def picture(self):
        racks = {self.nodes[name].rack for name in self.nodes if self.serves(name)}
        rows, kept = [], []
        for number, block in self.blocks.items():
            if block.gen is None:
                continue
            good = self.good(number)
            kept += [(number, name) for name in good]
            rows += [("stale", number, name) for name in self.of_block[number] - set(good)]
            counted = [self.nodes[name].rack for name in good if self.serves(name)]
            if not good:
                rows.append(("lost", number, ""))
            elif len(counted) < block.factor or (block.factor > 1 and len(set(counted)) == 1 < len(racks)):
                rows.append(("under", number, ""))
        return rows, kept
'''
