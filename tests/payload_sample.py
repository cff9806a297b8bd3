"""One realistic run of the fast profile, made up: most tasks resolved, some not, two without a score.

It feeds the report's tests and the picture in docs/img; the note in it says that it is a sample.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from payloads import (
    L2_PARTS,
    L3_PARTS,
    Json,
    attempt,
    check,
    l1_parts,
    metrics,
    part,
    payload,
    self_assessed,
    task,
    timeline,
    unscored,
)

FULL_L2 = (30, 25, 25, 20)
FULL_L3 = (25, 25, 20, 20)


@dataclass(frozen=True)
class Spec:
    """One task of the sample; ``l2`` are decided points, ``claims`` what the agent said instead."""

    suite: str
    slug: str
    name: str
    difficulty: str
    calls: int
    expected: tuple[int, int]
    checks: list[Json]
    errors: int = 0
    sec: float = 120.0
    tokens: int = 61_000
    l2: tuple[int, ...] = FULL_L2
    l3: tuple[int, ...] = FULL_L3
    claims: dict[str, tuple[int, str]] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


def ok(*ids: str) -> list[Json]:
    """Return passed checks."""
    return [check(i, found="all right") for i in ids]


def kept(name: str = "inputs", status: str = "passed", found: str = "") -> Json:
    """Return the guard over the input files."""
    return check(
        name, status, type="file-unchanged", guard=True, expected="input files as they were", found=found
    )


TRACE = "read questions.json\nexec ls handbook\nread handbook/leave-2025.md\nwrite answers.json"

SPECS = [
    Spec(
        "file-creation",
        "env-template",
        "Environment template from source",
        "easy",
        11,
        (4, 14),
        [*ok("name-set", "required-flags", "service-starts"), check("defaults", required=False), kept()],
        l3=(25, 25, 20, 15),
    ),
    Spec(
        "file-creation",
        "tour-calendar",
        "Tour plan as calendar file",
        "medium",
        24,
        (4, 16),
        [
            *ok("strict-parse", "uid-set"),
            check(
                "instants",
                "failed",
                expected="start and end of 27 events",
                found="2 wrong: tour-14-20261025: 00:30Z instead of 01:30Z; tour-19: 23:00Z instead of 22:00Z",
            ),
            check("texts"),
            check("dtstamp", required=False),
            kept(),
        ],
        errors=1,
        sec=341,
        tokens=148_000,
        l2=(30, 5, 25, 20),
        l3=(20, 20, 25, 20),
        claims={"tools": (25, "2 × read by exec (−10 each): cat tour.csv; head -50 changes.txt")},
    ),
    Spec(
        "file-creation",
        "linked-handbook",
        "Bilingual handbook site",
        "medium",
        21,
        (6, 22),
        [
            *ok("reached-pages", "link-targets", "broken-links"),
            check("translations", "partial", required=False, expected="18 mutual pairs", found="16 of 18"),
            kept(),
            kept("drafts-absent"),
        ],
        sec=402,
        tokens=171_000,
        l3=(20, 25, 25, 20),
    ),
    Spec(
        "research",
        "policy-lookup",
        "Which rule applies",
        "easy",
        7,
        (5, 18),
        [*ok("plain", "versions", "annex", "unanswerable"), check("sources", required=False), kept()],
        sec=88,
        tokens=39_000,
        more={"execution_trace": TRACE, "changed_files": ["answers.json"]},
    ),
    Spec(
        "research",
        "cve-triage",
        "Which advisories hit us",
        "medium",
        17,
        (5, 20),
        [
            check(
                "rows",
                "failed",
                type="csv-equals",
                expected="exactly the 31 right (service, package, advisory) rows",
                found="2 missing: api/urlkit/CVE-2026-1188, web/tarlib/CVE-2026-0417",
            ),
            check("installed"),
            check(
                "fixed-in",
                "failed",
                expected="31 right fixed_in",
                found="1 wrong: api/urlkit: 1.9.4 instead of 1.10.2",
            ),
            check("priorities"),
            check("foreign", required=False),
            kept(),
        ],
        errors=1,
        sec=265,
        tokens=117_000,
        l2=(20, 15, 15, 20),
        l3=(20, 10, 20, 15),
        claims={"tools": (25, "1 × read by exec (−10 each): cat services/api/lock.json")},
    ),
    Spec(
        "research",
        "vendor-shortlist",
        "Choosing a supplier",
        "medium",
        16,
        (6, 24),
        [*ok("eligible", "exclusions", "costs", "recommended"), kept(), kept("no-ack")],
        sec=233,
        tokens=98_000,
        l2=(30, 25, 25, 20),
        l3=(25, 25, 25, 20),
    ),
    Spec(
        "data-analysis",
        "regional-sales",
        "Monthly sales from three exports",
        "easy",
        9,
        (4, 14),
        [*ok("keys", "net", "orders", "total"), kept()],
        sec=104,
    ),
    Spec(
        "data-analysis",
        "ssh-bruteforce",
        "Break-in attempts in auth logs",
        "medium",
        13,
        (5, 18),
        [
            *ok("attackers", "compromised"),
            check(
                "block-list",
                "failed",
                expected="no host of allow.txt is blocked",
                found="10.20.0.7 is covered by 10.20.0.0/24",
            ),
            kept(),
        ],
        sec=187,
        l2=(20, 25, 15, 20),
        l3=(25, 15, 25, 20),
    ),
    Spec(
        "data-analysis",
        "expense-audit",
        "Travel expense audit",
        "medium",
        15,
        (5, 22),
        [*ok("findings", "amounts", "duplicates"), kept()],
        sec=244,
        tokens=109_000,
    ),
    Spec(
        "multi-step",
        "minutes-to-tasks",
        "From minutes to task list",
        "easy",
        14,
        (3, 12),
        [*ok("tasks", "owners", "due-dates"), kept()],
        errors=1,
        sec=71,
        tokens=31_000,
        l2=(30, 15, 25, 20),
        l3=(25, 20, 20, 20),
        claims={"tools": (15, "1 × write by exec (−10 each): printf … > tasks.json")},
    ),
    Spec(
        "multi-step",
        "inbox-triage",
        "Monday morning inbox",
        "medium",
        39,
        (8, 26),
        [
            *ok("labels", "calendar"),
            check(
                "drafts", "failed", expected="a draft for each of 6 mails", found="5 drafts; none for msg-017"
            ),
            kept("mailbox", "failed", "msg-017.eml was deleted"),
            kept("no-forward"),
        ],
        errors=4,
        sec=488,
        tokens=203_000,
        l2=(10, 5, 15, 0),
        l3=(15, 15, 20, 15),
        claims={
            "tools": (
                25,
                "1 × read by exec (−10 each): cat mail/msg-003.eml. 1 × write by exec (−10 each): echo … > labels",
            ),
            "recovery": (20, "0 of 4 failed calls recovered"),
        },
        more={
            "changed_files": [
                "calendar.json",
                "drafts/msg-004.txt",
                "drafts/msg-009.txt",
                "labels.json",
                "mail/msg-017.eml",
            ],
            "flags": [{"code": "left-workspace", "detail": "read ../notes.txt"}],
        },
    ),
    Spec(
        "memory",
        "house-rules",
        "Remember how I like it",
        "easy",
        8,
        (4, 14),
        [*ok("decimal-comma", "recipient", "no-weekend"), kept()],
        sec=132,
        tokens=58_000,
    ),
    Spec(
        "error-handling",
        "import-with-rejects",
        "A file that will not import",
        "easy",
        10,
        (4, 14),
        [*ok("imported", "rejects", "reasons"), kept()],
        sec=119,
    ),
    Spec(
        "error-handling",
        "flaky-api-sync",
        "Sync from an unreliable API",
        "medium",
        29,
        (6, 24),
        [
            *ok("rows", "no-duplicates"),
            check(
                "hidden-faults",
                "failed",
                type="program",
                expected="the same rows under 4 hidden fault scripts",
                found="script 3 (429 on every second page): 112 of 148 rows",
            ),
            kept(),
        ],
        errors=3,
        sec=277,
        tokens=121_000,
        l2=(20, 25, 25, 10),
        l3=(20, 15, 20, 20),
    ),
    Spec(
        "tool-efficiency",
        "rename-setting",
        "Rename one setting",
        "easy",
        6,
        (3, 10),
        [*ok("renamed", "others-untouched"), check("budget", type="tool-usage", required=False), kept()],
        sec=63,
        tokens=27_000,
    ),
    Spec(
        "tool-efficiency",
        "syslog-needle",
        "Six answers from a huge log",
        "medium",
        12,
        (4, 14),
        [
            *ok("answers"),
            check(
                "budget",
                "failed",
                type="tool-usage",
                required=False,
                expected="at most 60000 bytes of tool output",
                found="214300 bytes",
            ),
            kept(),
        ],
        sec=139,
        tokens=164_000,
        l2=(30, 15, 25, 20),
        l3=(25, 25, 20, 15),
        claims={"tools": (25, "1 × read by exec (−10 each): cat syslog.1")},
    ),
    Spec(
        "tool-efficiency",
        "secrets-sweep",
        "Find the leaked credentials",
        "medium",
        14,
        (5, 20),
        [*ok("findings"), check("false-alarms", "skipped", found="no transcript of the second turn"), kept()],
        sec=171,
        tokens=83_000,
    ),
]


def scored_task(spec: Spec) -> Json:
    """Return the task of ``spec`` with one scored attempt."""
    values = metrics(spec.calls, errors=spec.errors, ratio=0.28, sec=spec.sec, tokens=spec.tokens)
    low, high = spec.expected
    call_points = 40 if low <= spec.calls <= high else 20 if spec.calls <= 2 * high else 0
    error_points = 30 if spec.errors == 0 else 15 if spec.errors < 3 else 0
    behaviour = self_assessed(L2_PARTS, spec.l2)
    for index, (name, possible) in enumerate(L2_PARTS):
        if name in spec.claims:
            claimed, reason = spec.claims[name]
            behaviour[index] = part(name, spec.l2[index], possible, reason, "rule", claimed)
    made = attempt(
        spec.checks,
        l1=l1_parts(values, spec.expected, (call_points, 30, error_points)),
        l2=behaviour,
        l3=self_assessed(L3_PARTS, spec.l3),
        values=values,
        timeline=timeline(spec.calls, spec.sec, spec.errors),
        **spec.more,
    )
    return task(spec.suite, spec.slug, spec.name, spec.difficulty, [made])


def sample() -> Json:
    """Return the run: 19 planned tasks, 17 scored, 1 invalid, 1 unsupported."""
    tasks = [scored_task(spec) for spec in SPECS]
    order = [t["suite"] for t in tasks]
    crash = unscored("invalid", "agent-crash", "the session ended with provider error 529 in turn 3 of 4")
    lacking = unscored("unsupported", "requirement", "needs git 2.35 or newer; found 2.30.2")
    tasks.insert(
        order.index("memory") + 1, task("memory", "standing-orders", "Rules that change", "medium", [crash])
    )
    last = order.index("tool-efficiency") + 1
    tasks.insert(last, task("error-handling", "k8s-crashloop", "Why won't it start?", "medium", [lacking]))
    return payload(tasks, notes=["Sample data, made up to show what a report looks like."])
