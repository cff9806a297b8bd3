"""fields.md, platform.md and the chat."""

from __future__ import annotations

import time
from random import Random

from _incident_timeline_world import SECOND, World

FIELDS = """# The fields of timeline.json

All instants are UTC, ISO 8601, right to within one second, and true: by a clock that is right, see platform.md.

## Words

- A **try** is named `REQUEST/N`, as in the logs of the apps.
- An **outage error** is a try that ended with the code `aborted`, and not for a lock conflict. It is one whatever came
  of its request, whether or not the edge waited for its end, and in whatever log it left a trace. Tries of accounts of
  the kind `test` (accounts.csv) are never outage errors.
- A change is **in effect** for a try when platform.md says so, taken at the moment when the try began. That a try
  went well while a change was in effect says nothing: the fault hits only some of the tries it can hit.
- A request is **answered** if its client got 2xx or 402. Requests of which no line is left anywhere do not count.

## Fields

- `root_cause`: the change of control/changes.csv that was in effect for every outage error. There is exactly one.
- `ruled_out`: an object. Its keys are all other changes that were in effect for at least one outage error; the value
  is the outage error that clears the change: of those for which it was not in effect, the one that began first.
- `cause_in_effect`: when the root cause was in effect for the first time.
- `cause_gone`: from when on the root cause was in effect no more, for good.
- `first_error`: when the first outage error began (the one that began first).
- `last_error`: when the last outage error ended (the one that ended last).
- `detected`: when, after the first outage error had begun, mon-1 first notified somebody of an alert whose rule
  counts `aborted`, alone or with other codes.
- `failed_requests`: the number of requests that were not answered and of whose tries at least one was an outage error.
- `affected_customers`: a list of the customers (accounts.csv) with at least one operation (`op`) of which at least
  one request is among the failed requests and none was answered, before or after.
"""

PLATFORM = """# Our platform and its logs

Clients talk to edge-1 and edge-2, these pass requests on to four apps, and every try of an app uses all three back
ends: ledger-1, stock-1 and pay-1. Between two machines a message takes less than 10 ms.

## Edges

- The first try of a request starts at once. If it ends with `reset` or `aborted` within 3 s, an app that has not had
  the request gets the next try at once, up to three in all, but none later than 9 s after the request began. If the
  first try still runs after 3 s, a second one starts beside it, at another app, and there is no third.
- The first `ok` or `declined` goes to the client (200, 402), and tries still running are canceled. When all tries have
  failed, the client gets 502. Ten seconds after the request began, a client without an answer gets 504; the apps are
  not told and work on. A client may hang up before (499): then running tries are canceled.
- access.log has one line per request, written at its end: `ms` since its beginning, and its tries as far as the edge
  then knew. A client that repeats an operation sends a new request with the same `op`.
- A request is handled to its end by the route table that its edge had loaded when the request began. Every table
  holds what the earlier ones held. A route change is in effect for the tries of requests handled by its table or a
  later one.

## Apps

- app.log has one line per try, written at its end; `ms` is its length.
- A deploy is in effect for the tries of processes of its version. When a new process starts, the old one still serves
  the connections it holds, until it exits.
- A process goes by the flags revision that it loaded last. A flag is on for an account if the CRC-32 (as in zlib) of
  `SALT:ACCOUNT`, modulo 100, is less than the flag's percentage; salts and revisions are in control/flags.json. A
  flag change is in effect for a try for whose account its flag was on in the process that served it.

## Back ends

- A config change is a generation. A generation holds its own change and whatever its base holds, nothing else. The
  change is in effect while the generation that is active holds it.
- A job is in effect while it works, which it does not while it is paused.
- Each back end logs every transaction that is slow or rolled back, at some moment while its try runs, by the name of
  the try. A try that ends in any other way than `ok` or `declined` is always rolled back. If one back end rolls back
  for a lock conflict, as now and then on any day, it says so, and the two others miss its vote.

## Changes and clocks

- Whatever has no row in control/changes.csv, such as going back to an older state, is no change.
- The clock of edge-1 has its own receiver and is right; the control files go by it. No other clock has to be right.
  Every log is in the order in which its machine wrote it.
"""


def chat_text(world: World, rng: Random) -> str:
    """Return what people said while it burned: guesses, blame, and when they thought things happened."""
    t = world.t
    ids = {role: change.id for role, change in world.by_role.items()}
    one, two, three, four = rng.sample(("mara", "jonas", "priya", "tomek", "lin", "aylin"), 4)
    zone = 1 + world.summer
    talk = [
        (t["drill"] + 60_000, one, "that page is the drill with the test accounts, ignore"),
        (world.at(-90), two, f"{ids['DEP']} is nearly through, app-3 is last"),
        (world.at(140), three, "support has people who cannot pay. started about ten minutes ago?"),
        (
            world.at(175),
            one,
            f"has to be the deploy then, it went out minutes before. {world.new} on all four apps",
        ),
        (world.at(215), four, "only edge-2 as far as i see. edge-1 is clean"),
        (world.at(260), four, f"edge-2 has {ids['EDGE']} and edge-1 has not..."),
        (world.at(370), four, f"and now edge-1 as well, right after it got the table. it is {ids['EDGE']}"),
        (world.at(440), two, f"{ids['JOB']} also still runs, it was slow last time too"),
        (world.at(500), two, "paused the job for a bit, no change i think"),
        (world.at(640), three, f"everybody i looked at has {world.flag1} on. i say {ids['FLAG1']}"),
        (
            world.at(560),
            one,
            "edge-2 had its disk full for some minutes, so there is a hole in its access log",
        ),
        (world.at(700), one, "app-2 ran out of memory, is back"),
        (world.at(790), one, f"rolling {world.new} back now, app by app"),
        (world.at(985), one, "rollback done and the errors are gone. it was the deploy"),
        (world.at(1000), three, f"i switched {world.flag1} off as well, so who knows"),
        (world.at(1015), two, "and ops went through the runbook about then, took this and that back"),
        (
            t["by-hand"] + 40_000,
            two,
            "app-2's clock was more than a minute off, set it by hand, should be about right now",
        ),
        (t["again"] + 130_000, three, "errors again, with the old version and the flag off. hm"),
        (t["again"] + 240_000, four, f"as i said, {ids['EDGE']}, nobody took that one back"),
        (
            t["again"] + 300_000,
            two,
            f"or {ids['W']}. {world.y} got it just before the first errors, look at the logs",
        ),
        (t["again"] + 390_000, one, "its log does say so"),
        (t["gone"] + 90_000, two, "pinned some things, errors seem to stop"),
        (t["gone"] + 500_000, one, "alert is still red, so not over yet?"),
        (t["gone"] + 720_000, one, "green. who writes it up?"),
    ]
    lines = []
    for at, who, said in sorted(talk):
        lines.append(time.strftime("%H:%M", time.gmtime(at // SECOND + 3600 * zone)) + f" {who}: {said}")
    return "\n".join(lines) + "\n"
