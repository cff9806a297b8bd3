"""Planned requests: the tries that clear each suspect, and the requests that are hard to count."""

from __future__ import annotations

from _incident_timeline_traffic import Request, Traffic
from _incident_timeline_world import SECOND

Script = list[tuple[str, int, str]]


class Planter:
    """Adds planned requests to the traffic; each uses an account that nobody else uses."""

    def __init__(self, traffic: Traffic) -> None:
        self.traffic, self.rng, self.t = traffic, traffic.rng, traffic.world.t
        self.accounts = list(traffic.inside)
        self.rng.shuffle(self.accounts)

    def put(self, at: int, edge: str, script: Script, **more: object) -> Request:
        """Add one request; durations vary a little."""
        varied = [(host, length + self.rng.randint(0, length // 12), code) for host, length, code in script]
        account = str(more.pop("account", "")) or self.accounts.pop()
        op = str(more.pop("op", "")) or self.traffic.new_op()
        request = Request(at, edge, account, op, script=varied, resends=0, **more)  # type: ignore[arg-type]
        self.traffic.add(request)
        return request

    def hit(self, at: int, edge: str, host: str, **more: object) -> Request:
        """Add a request whose first try the fault hits and whose second try ends well."""
        other = "app-1" if host != "app-1" else "app-4"
        return self.put(at, edge, [(host, 620, "aborted"), (other, 210, "ok")], **more)

    def clearing(self) -> None:
        """Add one or two outage errors for each suspect for which it was not in effect, and the last error."""
        t, rng = self.t, self.rng
        self.hit(t["e1"], "edge-2", "app-4")
        self.hit(t["e1b"], "edge-2", rng.choice(("app-1", "app-2")))
        self.hit(t["dep-try"], "edge-2", "app-3", old_pid=True)
        outside = rng.choice(self.traffic.outside)
        self.hit(t["flag1-try"], "edge-2", rng.choice(("app-1", "app-2")), account=outside)
        hedged = [("app-2", 4300, "ok"), ("app-4", 820, "aborted")]
        self.put(t["edge-1"] - rng.randint(1500, 1700), "edge-1", hedged)
        self.put(t["pause"] - 4 * SECOND, "edge-2", [("app-3", 6800, "aborted"), ("app-2", 900, "reset")])
        self.hit(t["job-try"], rng.choice(("edge-1", "edge-2")), "app-1")
        self.hit(t["oom"] + rng.randint(24, 34) * SECOND, rng.choice(("edge-1", "edge-2")), "app-2")
        second = [("app-1", 120, "reset"), ("app-3", 820, "aborted"), ("app-2", 230, "ok")]
        self.put(t["hot-try"], rng.choice(("edge-1", "edge-2")), second)
        last = [("app-3", 11_400, "aborted"), ("app-2", 1300, "reset")]
        self.put(t["gone"] - rng.randint(8800, 9300), "edge-1", last)

    def counting(self) -> None:
        """Add requests that are failed, or are not, for a reason that is easy to miss."""
        t, rng = self.t, self.rng
        three = [("app-1", 700, "aborted"), ("app-4", 650, "aborted"), ("app-2", 800, "aborted")]
        late = [("app-2", 11_200, "ok"), ("app-1", 900, "aborted")]
        self.put(t["w"] + 8 * SECOND, "edge-2", late)
        first = self.put(t["w"] + 45 * SECOND, "edge-2", three)
        self.put(first.at + 35 * SECOND, "edge-2", late, op=first.op, account=first.account)
        good = self.put(t["w"] + 52 * SECOND, "edge-2", three)
        self.put(good.at + 21 * SECOND, "edge-2", [("app-2", 240, "ok")], op=good.op, account=good.account)
        reset = [("app-3", 150, "reset"), ("app-2", 170, "reset")]
        self.put(t["lost"] + 5 * SECOND, "edge-2", [three[0], *reset])
        at = t["lost4"] + rng.randint(3, 5) * SECOND
        for _ in range(3):
            self.put(at, "edge-2", [("app-1", 700, "aborted"), ("app-4", 190, "ok")])
            at += rng.randint(3, 5) * SECOND
        self.put(at, "edge-2", [("app-4", 650, "aborted"), *reset])
        at = t["again"] + rng.randint(30, 50) * SECOND
        for _ in range(2):
            self.put(
                at, rng.choice(("edge-1", "edge-2")), [("app-1", 11_300, "aborted"), ("app-2", 700, "reset")]
            )
            at += rng.randint(20, 40) * SECOND
        self.put(at, "edge-1", [three[0], ("app-3", 260, "declined")])
        at += rng.randint(20, 40) * SECOND
        self.put(at, "edge-1", [three[0], ("app-2", 8300, "ok")], hang_up=5200)
        at += rng.randint(20, 40) * SECOND
        refused = self.put(at, "edge-2", three)
        at += rng.randint(20, 40) * SECOND
        self.put(at, "edge-1", [("app-3", 300, "declined")], op=refused.op, account=refused.account)
        locks = [(host, length, "conflict") for host, length, _ in three]
        for seconds in (-400, 730, 1190, 1900):
            self.put(
                self.traffic.world.at(seconds + rng.randint(0, 25)), rng.choice(("edge-1", "edge-2")), locks
            )
        for seconds in (-1500, 700, 1150):
            noise = [("app-1", 130, "reset"), *reset]
            self.put(
                self.traffic.world.at(seconds + rng.randint(0, 60)), rng.choice(("edge-1", "edge-2")), noise
            )

    def drill(self) -> None:
        """Add test traffic that is aborted on purpose, before the outage."""
        three = [("app-1", 700, "aborted"), ("app-4", 650, "aborted"), ("app-2", 800, "aborted")]
        tests = sorted(self.traffic.tests)
        for number in range(6):
            at = self.t["drill"] + number * 7 * SECOND
            self.put(at, self.rng.choice(("edge-1", "edge-2")), three, account=self.rng.choice(tests))
