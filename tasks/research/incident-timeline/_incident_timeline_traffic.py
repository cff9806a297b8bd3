"""Requests of one afternoon: first tries, retries, hedges, hang-ups, and which of them the fault hits.

The fault hits tries for which the root cause is in effect. By chance it only hits those for which every suspect
is in effect too; the tries that clear a suspect are planted.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from random import Random

from _incident_timeline_world import APPS, DEADLINE, EDGES, HEDGE, SECOND, Process, World

FINAL = ("ok", "declined")


@dataclass
class Try:
    """One try of a request at an app."""

    request: Request
    number: int
    process: Process
    begin: int
    end: int
    code: str
    conflict: bool = False
    """Whether it was aborted for a lock conflict, as some always are, and not by the fault."""

    @property
    def name(self) -> str:
        return f"{self.request.id}/{self.number}"


@dataclass
class Request:
    """One request of a client and what came of it."""

    at: int
    edge: str
    account: str
    op: str
    id: str = ""
    tries: list[Try] = field(default_factory=list)
    answered: int = 0
    status: int = 0
    script: list[tuple[str, int, str]] = field(default_factory=list)
    """(host, duration, code) of each try, where it is planned."""
    old_pid: bool = False
    hang_up: int = 0
    resends: int = 3


class Traffic:
    """Plays all requests; `requests` holds them in the order of their beginning."""

    def __init__(self, rng: Random, world: World) -> None:
        self.rng, self.world = rng, world
        self._draw_accounts()
        self.requests: list[Request] = []
        self.hit: list[Request] = []
        """Those of which the fault hit a try."""
        self.by_op: dict[str, list[Request]] = {}
        self._queue: list[tuple[int, int, Request]] = []
        self._count = 0
        t = world.t
        self._cross = [t[k] for k in ("root", "w", "w-received", "late", "pause", "resume", "hot", "restored", "back",
                                      "job-end", "again", "gone", "edge-1", "edge-2", "early-end")]  # fmt: skip

    def _draw_accounts(self) -> None:
        rng = self.rng
        numbers = rng.sample(range(100_000, 999_999), 290)
        names = [f"A{number}" for number in numbers]
        owners = rng.sample(range(1000, 9999), 200)
        self.customer: dict[str, str] = {}
        self.tests = set(names[:8])
        self.reserved = names[8:56]
        for number, name in enumerate(names):
            one = owners[number] if number < 60 else rng.choice(owners[60:])
            self.customer[name] = f"C{one}"
        self.usual = names[56:]
        world = self.world
        last = world.revisions[4][1]
        self.inside = [name for name in self.reserved if world.on(world.flag1, name, last)]
        self.outside = [name for name in self.usual if not world.on(world.flag1, name, last)]

    def add(self, request: Request) -> None:
        """Put a request into the queue."""
        self._count += 1
        heapq.heappush(self._queue, (request.at, self._count, request))

    def new_op(self) -> str:
        """Return a fresh name of an operation."""
        return f"{self.rng.getrandbits(40):010x}"

    def play(self) -> None:
        """Draw ordinary traffic and play everything in order."""
        rng, world = self.rng, self.world
        at = world.start
        while at < world.end - 15 * SECOND:
            account = rng.choice(self.usual)
            if rng.random() < 0.02:
                account = rng.choice(sorted(self.tests))
            self.add(Request(at, rng.choice(EDGES), account, self.new_op()))
            at += round(rng.expovariate(1 / 1000)) + 20
        number = rng.randrange(0x1000, 0x7000) * 0x10000
        while self._queue:
            _, _, request = heapq.heappop(self._queue)
            number += rng.randint(3, 4000)
            request.id = f"r{number:08x}"
            self._play(request)
            self.requests.append(request)
            self._resend(request)
        self.hit = [one for one in self.requests if any(a.code == "aborted" for a in one.tries)]
        for one in self.requests:
            self.by_op.setdefault(one.op, []).append(one)

    def _resend(self, request: Request) -> None:
        rng, world = self.rng, self.world
        if request.status in (200, 402) or not request.resends or request.account in self.tests:
            return
        wait = request.answered + rng.randint(4, 45) * SECOND
        if rng.random() < 0.7 and wait < world.end - 15 * SECOND:
            again = Request(wait, rng.choice(EDGES), request.account, request.op, resends=request.resends - 1)
            self.add(again)

    # -- one request -----------------------------------------------------------------------------

    def _play(self, request: Request) -> None:
        rng = self.rng
        if request.hang_up == 0 and not self.in_gap(request) and not request.script and rng.random() < 0.05:
            request.hang_up = rng.randint(3500, 8000)
        first = self._try(request, request.at + rng.randint(2, 9))
        last = first
        if first.end - request.at <= HEDGE:
            while (
                last.code not in FINAL
                and len(request.tries) < 3
                and last.end < request.at + DEADLINE - SECOND
            ):
                last = self._try(request, last.end + rng.randint(5, 25))
        else:
            last = self._try(request, request.at + HEDGE + rng.randint(2, 9))
        self._answer(request)

    def _answer(self, request: Request) -> None:
        net = self.rng.randint(2, 9)
        wins = sorted((one for one in request.tries if one.code in FINAL), key=lambda one: one.end)
        ends = max(one.end for one in request.tries)
        limit = request.at + DEADLINE
        gone = request.at + request.hang_up if request.hang_up else limit + 1
        answer = (wins[0].end if wins else ends) + net
        status = (200 if wins[0].code == "ok" else 402) if wins else 502
        if min(answer, limit) > gone:
            answer, status = gone, 499
        elif answer > limit:
            answer, status = limit, 504
        request.answered, request.status = answer, status
        if status == 504:
            return
        for one in request.tries:
            if one.end > answer:
                one.code, one.end = "canceled", max(answer, one.begin) + self.rng.randint(2, 9)
        request.tries = [one for one in request.tries if one.begin < answer]

    def _try(self, request: Request, begin: int) -> Try:
        number = len(request.tries)
        if number < len(request.script):
            host, length, code = request.script[number]
            process = self._process(host, begin, old=request.old_pid)
            made = Try(request, number + 1, process, begin, begin + length, code)
            if code == "conflict":
                made.code, made.conflict = "aborted", True
        else:
            used = {one.process.host for one in request.tries}
            hosts = [host for host in APPS if host not in used and self._up(host, begin)]
            if self.unseen(request, "app-4", begin) and request.resends < 3:
                hosts = [host for host in hosts if host != "app-4"]
            process = self._process(self.rng.choice(hosts), begin)
            made = Try(request, number + 1, process, begin, begin, "")
            self._decide(made)
        request.tries.append(made)
        return made

    def _decide(self, made: Try) -> None:
        rng, request = self.rng, made.request
        chance = rng.random()
        made.code = "reset" if chance < 0.008 else "declined" if chance < 0.04 else "ok"
        made.conflict = 0.04 <= chance < 0.052
        if made.conflict or (self._hit(made) and rng.random() < 0.56):
            made.code = "aborted"
        slow = rng.random() < (0.13 if made.code == "aborted" and not self._near_end(made.begin) else 0.02)
        slow = slow and not self.unseen(request, made.process.host, made.begin)
        for _ in range(100):
            if slow:
                length = rng.randint(3400, 11_900)
            else:
                length = rng.randint(400, 1600) if made.code == "aborted" else rng.randint(60, 700)
            made.end = made.begin + length
            if abs(made.end - request.at - DEADLINE) > 900:
                break

    def _hit(self, made: Try) -> bool:
        """Tell whether the fault may hit a try by chance: all suspects in effect, and no bound near."""
        world, t, begin = self.world, self.world.t, made.begin
        if made.request.account in self.tests:
            return self._root(begin) and self.rng.random() < 0.6
        if any(abs(begin - bound) < 2500 for bound in self._cross) or not self._root(begin):
            return False
        revision = made.process.revision(begin)
        if not world.on(world.flag2, made.request.account, revision) or begin < t["w"]:
            return False
        if made.request.edge == "edge-1" and made.request.at < t["edge-1"] + 500:
            return False
        if begin >= t["again"]:
            return begin < t["gone"] - 14 * SECOND
        if t["hot"] <= begin < t["restored"] or t["pause"] <= begin < t["resume"]:
            return False
        return made.process.version == world.new and world.on(world.flag1, made.request.account, revision)

    def _near_end(self, begin: int) -> bool:
        t = self.world.t
        return t["gone"] - 60 * SECOND < begin < t["gone"] or t["back"] - 30 * SECOND < begin < t["back"]

    def _root(self, begin: int) -> bool:
        t = self.world.t
        return t["root"] <= begin < t["back"] or t["again"] <= begin < t["gone"]

    # -- where and when --------------------------------------------------------------------------

    def in_gap(self, request: Request) -> bool:
        """Tell whether the edge's line of a request may be lost."""
        t = self.world.t
        return request.edge == "edge-2" and t["gap"] - 13 * SECOND < request.at < t["gap-end"]

    def unseen(self, request: Request, host: str, begin: int) -> bool:
        """Tell whether neither edge nor app may have a line of a try that begins now."""
        t = self.world.t
        return self.in_gap(request) and host == "app-4" and t["lost4"] - 13 * SECOND < begin < t["lost4-end"]

    def _up(self, host: str, begin: int) -> bool:
        t = self.world.t
        return host != "app-2" or not t["oom"] - 13 * SECOND < begin < t["oom"] + 5000

    def _process(self, host: str, begin: int, *, old: bool = False) -> Process:
        alive = [one for one in self.world.processes if one.host == host and one.start + 1500 <= begin]
        alive = [
            one
            for one in alive
            if not one.exit or begin + 13 * SECOND < one.exit or (one.killed and begin < one.exit)
        ]
        draining = [one for one in alive if one.drain and one.drain <= begin]
        if draining and (old or self.rng.random() < 0.3):
            return draining[0]
        return alive[-1]
