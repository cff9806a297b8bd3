"""Results payloads for tests of everything that reads results.json.

Every builder returns a payload that fits ``schemas/results.schema.json`` and whose sums are computed from its
tasks, so a reader cannot pass by luck. The figures are made up.
"""

from __future__ import annotations

from itertools import combinations
from statistics import mean
from typing import Any

from agentbench import stats
from agentbench.failures import POLICIES, FailureCause

Json = dict[str, Any]

HARMLESS = {"no-work", "no-transcript", "files-omitted", "workspace-deleted", "bad-trajectory"}
"""Flags that do not keep a trial from being verified."""

WEIGHTS = {"l0": 0.20, "l1": 0.35, "l2": 0.20, "l3": 0.25}
L2_PARTS = (("adherence", 30), ("tools", 25), ("approach", 25), ("recovery", 20))
L3_PARTS = (("completeness", 25), ("accuracy", 25), ("formatting", 25), ("polish", 25))
PROVENANCE = {
    "agentbench": "0.1.0",
    "python": "3.11.7",
    "system": "Linux 6.1 x86_64",
    "git_commit": None,
    "git_dirty": None,
    "sandbox": "none",
}
STATUSES = ("scored", "invalid", "unsupported", "cancelled")
NO_TOKENS: Json = dict.fromkeys(("input", "output", "cache_read", "cache_write", "total", "cost_usd"))

HOSTILE_NAMES = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "first line\nsecond | `line` **bold** [link](javascript:alert(1))",
    "\u202egnp.exe שלום עולם <b>rtl</b>",
    "long-" + "x" * 400,
    "escape \x1b[31mred\x1b[0m \x07 {{ 7 * 7 }} {% raw %}",
)


def check(
    check_id: str,
    status: str = "passed",
    *,
    type: str = "",
    possible: float = 30,
    expected: str = "",
    found: str = "",
    required: bool = True,
    guard: bool = False,
) -> Json:
    """Return one check; its points follow from its status (a partial one wins half)."""
    share = {"passed": 1.0, "partial": 0.5}.get(status, 0.0)
    possible = 0 if guard else possible
    return {
        "id": check_id,
        "type": type or check_id,
        "status": status,
        "points": possible * share,
        "possible": possible,
        "required": required,
        "guard": guard,
        "turn": None,
        "expected": expected,
        "found": found,
    }


def part(
    name: str,
    points: float,
    possible: float,
    reason: str = "",
    source: str = "rule",
    claimed: float | None = None,
) -> Json:
    """Return one line of a layer."""
    return {
        "name": name,
        "points": points,
        "possible": possible,
        "reason": reason,
        "source": source,
        "claimed": claimed,
    }


def metrics(
    calls: int | None = 9,
    *,
    errors: int | None = 0,
    ratio: float | None = 0.3,
    sec: float | None = 95.0,
    tokens: int | None = 52_000,
    source: str = "transcript",
) -> Json:
    """Return the metrics of a trial; with ``source="none"`` nothing is known."""
    if source == "none":
        calls = errors = ratio = sec = tokens = None
    counted = dict(NO_TOKENS)
    if tokens is not None:
        counted = {
            "input": tokens // 5,
            "output": tokens // 20,
            "cache_read": tokens - tokens // 5 - tokens // 20,
            "cache_write": 0,
            "total": tokens,
            "cost_usd": round(tokens * 3.2e-6, 6),
        }
    return {
        "source": source,
        "tool_calls": calls,
        "errors": errors,
        "planning_ratio": ratio,
        "working_sec": sec,
        "tool_output_bytes": None if calls is None else calls * 2_100,
        "max_tool_output_bytes": None if calls is None else 9_400,
        "tokens": counted,
    }


def layer(parts: list[Json], score: float | None = None) -> Json:
    """Return a layer whose score is the share of its parts' points, unless ``score`` is given."""
    possible = sum(p["possible"] for p in parts)
    if score is None and possible:
        score = round(100 * sum(p["points"] for p in parts) / possible, 2)
    return {"score": score, "parts": parts}


def self_assessed(pairs: tuple[tuple[str, int], ...], points: tuple[float, ...]) -> list[Json]:
    """Return parts that the agent judged itself."""
    return [
        part(name, won, possible, "the agent's own word", "self")
        for (name, possible), won in zip(pairs, points, strict=True)
    ]


def l1_parts(values: Json, calls: tuple[int, int], points: tuple[int, int, int]) -> list[Json]:
    """Return the three lines of L1 as scoring words them."""
    return [
        part("tool calls", points[0], 40, f"{values['tool_calls']}, expected {calls[0]} to {calls[1]}"),
        part("planning ratio", points[1], 30, f"{values['planning_ratio']}, expected 0.1 to 0.5"),
        part(
            "errors", points[2], 30, f"{values['errors']} failed call{'' if values['errors'] == 1 else 's'}"
        ),
    ]


def attempt(
    checks: list[Json],
    *,
    number: int = 1,
    l1: list[Json] | None = None,
    l2: list[Json] | None = None,
    l3: list[Json] | None = None,
    values: Json | None = None,
    **more: Any,
) -> Json:
    """Return a scored attempt. ``l1=None`` means no metrics (50 points); ``l2``/``l3`` None: not assessed."""
    possible = sum(c["possible"] for c in checks if c["status"] != "skipped")
    broken = any(c["guard"] and c["status"] == "failed" for c in checks)
    l0 = round(100 * sum(c["points"] for c in checks) / possible, 2) if possible else 0.0
    lines = [part(c["id"], c["points"], c["possible"], c["found"]) for c in checks if not c["guard"]]
    if broken:
        lines.append(part("guards", 0, 0, "broken guard caps L0 at 20"))
    layers = {
        "l0": layer(lines, min(l0, 20.0) if broken else l0),
        "l1": layer(l1) if l1 else layer([part("metrics", 50, 100, "no metrics: counted as 50")]),
        "l2": layer(l2 or []),
        "l3": layer(l3 or []),
    }
    known = {key: value["score"] for key, value in layers.items() if value["score"] is not None}
    score = sum(WEIGHTS[k] * v for k, v in known.items()) / sum(WEIGHTS[k] for k in known)
    values = values or metrics(source="none")
    result = {
        "attempt": number,
        "try_no": 1,
        "status": "scored",
        "cause": None,
        "resolved": not broken
        and all(c["status"] == "passed" for c in checks if c["required"] and not c["guard"]),
        "score": round(score, 2),
        "message": "",
        "wall_sec": (values["working_sec"] or 30.0) + 4.5,
        "started_at": "2026-11-19T08:12:00Z",
        "layers": layers,
        "checks": checks,
        "metrics": values,
        "flags": [],
        "changed_files": ["answer.json"],
        "omitted_files": [],
        "execution_trace": None,
        "timeline": None,
    }
    return result | more


def unscored(status: str, cause: str, message: str, *, number: int = 1) -> Json:
    """Return an attempt without a score."""
    return attempt([], number=number) | {
        "status": status,
        "cause": cause,
        "message": message,
        "score": None,
        "resolved": False,
        "layers": None,
        "changed_files": [],
    }


def timeline(n_calls: int, sec: float, errors: int = 0) -> Json:
    """Return a timeline of ``n_calls`` that spread over ``sec`` seconds; the last but one and those before failed."""
    kinds = (("read", "questions.md"), ("exec", "python3 solve.py --all"), ("write", "answer.json"))
    calls = [
        {
            "at_sec": round(sec * (place + 0.2) / n_calls, 3),
            "tool": kinds[place % 3][0],
            "target": kinds[place % 3][1],
            "sec": round(0.2 + place * 37 % 11 / 4, 3),
            "ok": not n_calls - 1 - errors <= place < n_calls - 1,
        }
        for place in range(n_calls)
    ]
    return {"calls": calls, "omitted": 0}


def idle(checks: list[Json], **more: Any) -> Json:
    """Return an attempt that changed nothing and answered nothing: 0 in every layer."""
    failed = [c | {"status": "passed" if c["guard"] else "failed", "points": 0} for c in checks]
    nothing = part("work", 0, 100, "changed nothing, answered nothing")
    zero = {key: layer([nothing]) for key in WEIGHTS}
    return attempt(failed) | {"score": 0.0, "layers": zero, "changed_files": []} | more


def task(suite: str, slug: str, name: str, difficulty: str, attempts: list[Json]) -> Json:
    """Return a task whose values are the means over its scored attempts."""
    scored = [a for a in attempts if a["status"] == "scored"]
    keys = ("l0", "l1", "l2", "l3")
    return {
        "task_id": f"{suite}-{slug}",
        "name": name,
        "suite": suite,
        "difficulty": difficulty,
        "version": "1.0",
        "digest": "sha256:" + "c4" * 32,
        "weights": WEIGHTS,
        "status": "scored" if scored else attempts[0]["status"],
        "resolved": bool(scored) and all(a["resolved"] for a in scored),
        "score": average([a["score"] for a in scored]),
        "layers": {k: average([a["layers"][k]["score"] for a in scored]) for k in keys},
        "metrics": [*scored, *attempts][0]["metrics"],
        "metrics_source": [*scored, *attempts][0]["metrics"]["source"],
        "flags": [flag for a in attempts for flag in a["flags"]],
        "attempts": attempts,
    }


def average(values: list[float | None]) -> float | None:
    """Return the mean of the known values, None when there is none."""
    known = [value for value in values if value is not None]
    return round(mean(known), 2) if known else None


def rate(scored: list[Json]) -> float | None:
    """Return the share of resolved attempts, None when none was scored."""
    return round(sum(a["resolved"] for a in scored) / len(scored), 4) if scored else None


def total(values: list[float | None]) -> Any:
    """Return the sum of the known values, None when there is none."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def payload(tasks: list[Json], **more: Any) -> Json:
    """Return results.json over ``tasks``; ``more`` replaces top-level fields."""
    attempts = max([a["attempt"] for t in tasks for a in t["attempts"]], default=1)
    domains = {
        name: domain([t for t in tasks if t["suite"] == name])
        for name in dict.fromkeys(t["suite"] for t in tasks)
    }
    tries = [a for t in tasks for a in t["attempts"]]
    scored = [a for a in tries if a["status"] == "scored"]
    measured = [a["metrics"] for a in scored]
    counts = {key: sum(a["status"] == key for a in tries) for key in STATUSES}
    planned = len(tasks) * attempts
    counts["cancelled"] += planned - len(tries)
    as_zero = {n: [t["score"] or 0.0 for t in tasks if t["suite"] == n] for n in domains}
    result: Json = {
        "schema_version": 1,
        "run_id": "20261119-081158",
        "timestamp": "2026-11-19T08:11:58Z",
        "platform": "openclaw",
        "mode": "sandboxed",
        "profile": "fast",
        "suite_version": "1.0.0",
        "agentbench_version": "0.1.0",
        "scoring_version": "1",
        "scoring_method": "self-scored",
        "tier": "self-run",
        "agent": {"name": "openclaw", "version": "2026.9.6"},
        "model": "example/sample-large",
        "seed": 42,
        "fingerprint": "sha256:" + "5a" * 32,
        "attempts": attempts,
        "ledger_head": "0f" * 32,
        "filters": {"suite": [], "task": []},
        "provenance": PROVENANCE,
        "strict": {"requested": False, "unmet": []},
        "overall_score": average([d["score"] for d in domains.values()]),
        "resolved_rate": rate(scored),
        "coverage": round(len(scored) / planned, 4) if planned else None,
        "score_if_invalid_is_zero": average([average(list(v)) for v in as_zero.values()]),
        "duration_ms": int(1000 * sum(a["wall_sec"] for a in tries)),
        "task_count": len(tasks),
        "counts": {"planned": planned} | counts,
        "metrics": {
            "total_tool_calls": total([m["tool_calls"] for m in measured]),
            "total_errors": total([m["errors"] for m in measured]),
            "avg_planning_ratio": average([m["planning_ratio"] for m in measured]),
            "est_tokens": total([m["tokens"]["total"] for m in measured]),
            "cost_usd": total([m["tokens"]["cost_usd"] for m in measured]),
        },
        "domain_scores": domains,
        "notes": [],
        "tasks": tasks,
        "signature": "ab" * 32,
    }
    return _harness_fields(result | more)


def _harness_fields(run: Json) -> Json:
    """Return the run with what a harness adds: nothing metered, one try an attempt, a pass table."""
    entries = [entry for item in run["tasks"] for entry in item["attempts"]]
    for entry in entries:
        blame = _blame(entry["cause"])
        codes = {flag["code"] for flag in entry["flags"]}
        told = {key: entry[key] for key in ("try_no", "status", "cause", "message", "wall_sec")}
        entry |= {
            "blame": blame,
            "use": None,
            "verifiable": entry["status"] == "scored" and not codes - HARMLESS,
            "tries": [told | {"blame": blame, "use": None}],
        }
    for item in run["tasks"]:
        item["pass_at"], item["pass_hat"] = _pass_table([item])
    n = sum(entry["status"] == "scored" for entry in entries)
    causes = sorted({entry["cause"] for entry in entries if entry["cause"]})
    at, hat = _pass_table([item for item in run["tasks"] if item["status"] == "scored"])
    added = {
        "model_requested": None,
        "sandbox": None,
        "nonstandard": [],
        "retries_due": 0,
        "complete": run["counts"]["cancelled"] == 0,
        "usage": None,
        "failures": [
            {
                "cause": cause,
                "blame": _blame(cause) or "harness",
                "tries": sum(entry["cause"] == cause for entry in entries),
                "retried": 0,
            }
            for cause in causes
        ],
        "pass_at": at,
        "pass_hat": hat,
        "resolved_interval": list(stats.wilson(sum(entry["resolved"] for entry in entries), n) or ()) or None,
    }
    run["agent"] = {"settings": {}, **run["agent"]}
    return added | run


def _blame(cause: str | None) -> str | None:
    """Return who is to blame; None for a cause that only a hostile payload has."""
    return POLICIES[FailureCause(cause)].blame if cause in set(FailureCause) else None


def _pass_table(tasks: list[Json]) -> tuple[Json, Json]:
    """Return pass@k and pass^k of tasks, worked out over all samples of k scored attempts."""
    outcomes = [[one["resolved"] for one in item["attempts"] if one["status"] == "scored"] for item in tasks]
    outcomes = [one for one in outcomes if one]
    most = min(map(len, outcomes), default=0)

    def share(test: Any, k: int) -> float:
        samples = [list(combinations(one, k)) for one in outcomes]
        return round(sum(sum(map(test, one)) / len(one) for one in samples) / len(samples), 4)

    return tuple({str(k): share(test, k) for k in range(1, most + 1)} for test in (any, all))  # type: ignore[return-value]


def domain(tasks: list[Json]) -> Json:
    """Return the line of one domain."""
    return {
        "score": average([t["score"] for t in tasks]),
        "resolved_rate": rate([a for t in tasks for a in t["attempts"] if a["status"] == "scored"]),
        "task_count": len(tasks),
        "scored": sum(t["status"] == "scored" for t in tasks),
    }


def simple_task(suite: str, slug: str, *, status: str = "passed", difficulty: str = "easy") -> Json:
    """Return a task with one required check of the given status and nothing assessed by anybody."""
    checks = [check("answer", status, expected="42", found="41" if status != "passed" else "42")]
    return task(suite, slug, f"{slug} task", difficulty, [attempt(checks)])


def hostile() -> Json:
    """Return a run in which every string an agent or a task author can choose is an attack."""
    tasks = []
    for index, name in enumerate(HOSTILE_NAMES):
        checks = [check(name, "failed", type=name, expected=name, found=name, guard=index == 1)]
        judged = [part(name, 5, 25, name, name, 25)]
        made = attempt(checks, l1=judged, l2=judged, l3=judged, values=metrics())
        made |= {
            "changed_files": [name],
            "omitted_files": [name],
            "flags": [{"code": name, "detail": name}],
            "execution_trace": name,
        }
        tasks.append(task(name, str(index), name, "hard", [made]))
    tasks.append(
        task(HOSTILE_NAMES[0], "u", HOSTILE_NAMES[1], "easy", [unscored("invalid", *HOSTILE_NAMES[:2])])
    )
    return payload(
        tasks,
        agent={"name": HOSTILE_NAMES[0], "version": HOSTILE_NAMES[1]},
        model=HOSTILE_NAMES[2],
        notes=list(HOSTILE_NAMES),
        scoring_method=HOSTILE_NAMES[0],
        strict={"requested": True, "unmet": [HOSTILE_NAMES[1]]},
        filters={"suite": [HOSTILE_NAMES[0]], "task": [HOSTILE_NAMES[1]]},
        suite_version=HOSTILE_NAMES[0],
        fingerprint=HOSTILE_NAMES[1],
        platform="harness",
    )


def utility(agent: str = "nop") -> Json:
    """Return a run of a utility agent: no metrics, and nobody assessed L2 and L3."""
    checks = [check("names", expected="5 names"), check("inputs", required=True, guard=True)]
    make = idle if agent == "nop" else attempt
    tasks = [
        task("file-creation", "env-template", "Environment template from source", "easy", [make(checks)]),
        task("research", "policy-lookup", "Which rule applies", "easy", [make(checks)]),
    ]
    notes = []
    if agent != "nop":
        notes = [
            "Trials without metrics have L1 = 50 by the rule; see docs/scoring.md.",
            "Nobody assessed L2 and L3: the weights of the other layers were scaled up.",
        ]
    return payload(
        tasks,
        agent={"name": agent, "version": None},
        model=None,
        platform="harness",
        tier="harness-run",
        notes=notes,
    )


def nothing_scored() -> Json:
    """Return a run in which no task was scored."""
    gone = unscored("invalid", "agent-unavailable", "the agent did not start: connection refused")
    return payload([task("memory", "house-rules", "Remember how I like it", "easy", [gone])])
