"""Figures and codes of a results payload in words, the same in every form of the report.

A value that is not known is a dash here, and never 0; why it is not known is said by `facts`. Text that an
agent or a task author chose keeps its letters, but whatever could steer a terminal or turn the reading
direction is shown as an escape.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from agentbench import i18n, scoring
from agentbench.failures import POLICIES, FailureCause
from agentbench.i18n import N_, NN_, _, ngettext

DASH = "–"
GOOD, FAIR = 80.0, 60.0
LAYERS = (
    ("l0", "L0", N_("Structure")),
    ("l1", "L1", N_("Metrics")),
    ("l2", "L2", N_("Behaviour")),
    ("l3", "L3", N_("Quality")),
)
UTILITY_AGENTS = {
    "oracle": N_("solves every task from its stored solution"),
    "nop": N_("does nothing"),
    "stuffer": N_("writes the named files with likely words and no work"),
}
TIERS = {
    "self-run": N_("the agent ran the benchmark on itself, in its own chat"),
    "harness-run": N_("the harness drove the agent, one fresh session per trial"),
    "verified": N_("a third party graded the stored outputs again"),
}
TOLD_ELSEWHERE = ("no-work", "no-transcript")
"""Flags that need no mention of their own: failures, notes and metrics say the same."""
SOURCES = {"rule": N_("by rule"), "self": N_("self-assessed"), "judge": N_("by a judge")}
METRICS_SOURCES = {
    "transcript": N_("read from the transcript"),
    "self-reported": N_("counted by the agent itself"),
    "none": N_("not known"),
}
NOTHING_SENT = N_(
    "Nothing was sent anywhere. To share a result, give results.json; "
    "the run folder also holds what was said and done."
)
LEGEND = N_(
    "L0 structure: the task's checks. L1 metrics: tool calls, planning, errors. L2 behaviour: how the agent worked. "
    "L3 quality: how good the work is. A task is resolved when all its required checks pass and no guard is broken. "
    "A dash means not known; it is never counted as 0."
)
NOUNS = {
    "attempt": NN_("{n} attempt", "{n} attempts"),
    "domain": NN_("{n} domain", "{n} domains"),
    "entry": NN_("{n} entry", "{n} entries"),
    "flag": NN_("{n} flag", "{n} flags"),
    "part": NN_("{n} part", "{n} parts"),
    "planned task": NN_("{n} planned task", "{n} planned tasks"),
    "planned trial": NN_("{n} planned trial", "{n} planned trials"),
    "problem": NN_("{n} problem", "{n} problems"),
    "request": NN_("{n} request", "{n} requests"),
    "run": NN_("{n} run", "{n} runs"),
    "scored task": NN_("{n} scored task", "{n} scored tasks"),
    "scored trial": NN_("{n} scored trial", "{n} scored trials"),
    "task": NN_("{n} task", "{n} tasks"),
}
"""What is counted in words."""
STATES = {
    "resolved": N_("resolved"),
    "unresolved": N_("unresolved"),
    "invalid": N_("invalid"),
    "unsupported": N_("unsupported"),
    "cancelled": N_("cancelled"),
    "passed": N_("passed"),
    "partial": N_("partial"),
    "failed": N_("failed"),
    "skipped": N_("skipped"),
    "guard": N_("guard"),
    "required": N_("required"),
    "optional": N_("optional"),
    "easy": N_("easy"),
    "medium": N_("medium"),
    "hard": N_("hard"),
    "expert": N_("expert"),
    "waiting": N_("waiting"),
    "working": N_("working"),
    "grading": N_("grading"),
}
"""Codes of a payload that are shown as words."""
_KEPT = "\n\t\u200c\u200d"


def clean(value: Any) -> Any:
    """Return a JSON value with the control, direction and surrogate characters of all its strings escaped."""
    if isinstance(value, str):
        return value if value.isprintable() else "".join(map(_visible, value))
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def one_line(text: object) -> str:
    """Return ``text`` on one line."""
    return " ".join(str(text).split())


def score(value: float | None) -> str:
    """Return a score with one decimal, or a dash."""
    return DASH if value is None else f"{value:.1f}"


def points(value: float) -> str:
    """Return points without needless decimals."""
    return f"{round(value, 2):g}"


def percent(value: float | None) -> str:
    """Return a share (0–1) as a percentage, or a dash. Only a full share reads 100%."""
    if value is None:
        return DASH
    shown = f"{100 * value:.1f}"
    if shown == "100.0" and value < 1:
        shown = "99.9"
    return f"{shown.removesuffix('.0')}%"


def count(value: float | None) -> str:
    """Return a number with thousands separators, or a dash."""
    if value is None:
        return DASH
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def size(value: float | None) -> str:
    """Return bytes as B, kB or MB, or a dash."""
    if value is None:
        return DASH
    if value < 1000:
        return f"{value:.0f} B"
    return f"{value / 1e3:.1f} kB" if value < 999_950 else f"{value / 1e6:.1f} MB"


def money(value: float | None) -> str:
    """Return US dollars, with more decimals below a cent, or a dash."""
    if value is None:
        return DASH
    return f"${value:,.2f}" if value >= 0.01 or value == 0 else f"${value:.4f}"


def seconds(value: float | None) -> str:
    """Return a duration in its two largest units, or a dash."""
    if value is None:
        return DASH
    if value < 9.95:
        return _("{s} s").format(s=f"{value:.1f}")
    total = round(value)
    if total < 60:
        return _("{s} s").format(s=total)
    minutes, rest = divmod(total, 60)
    if total < 3600:
        return _("{m} min {s} s").format(m=minutes, s=rest) if rest else _("{m} min").format(m=minutes)
    hours, minutes = divmod(minutes, 60)
    return _("{h} h {m} min").format(h=hours, m=minutes) if minutes else _("{h} h").format(h=hours)


def clock(value: float | None) -> str:
    """Return an offset as ``m:ss``, or a dash."""
    if value is None:
        return DASH
    return f"{int(value) // 60}:{int(value) % 60:02}"


def when(timestamp: str) -> str:
    """Return an ISO time stamp (UTC) for people; one that cannot be read stays as it is."""
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        return timestamp
    if i18n.language() == "zh":
        return f"{moment.year} 年 {moment.month} 月 {moment.day} 日 {moment:%H:%M} UTC"
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def band(value: float | None) -> str:
    """Return the class of a score: ``good`` from 80, ``fair`` from 60, ``poor`` below, ``none`` without one.

    The score is judged as it is shown, with one decimal.
    """
    if value is None:
        return "none"
    shown = round(value, 1)
    return "good" if shown >= GOOD else "fair" if shown >= FAIR else "poor"


def plural(number: int, noun: str) -> str:
    """Return a count in words: ``1 task``, ``2 tasks``. ``noun`` is a key of `NOUNS`."""
    return ngettext(*NOUNS[noun], number).format(n=number)


def joined(words: list[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return _("{list} and {last}").format(list=_(", ").join(words[:-1]), last=words[-1])


def shown(code: str) -> str:
    """Return a code of `STATES` in words; another as it is."""
    return _(STATES[code]) if code in STATES else code


def state(item: dict[str, Any]) -> str:
    """Return what became of a task or an attempt: resolved, unresolved, or why there is no score."""
    if item["status"] != "scored":
        return str(item["status"])
    return "resolved" if item["resolved"] else "unresolved"


def part_title(name: str) -> str:
    """Return the name of a layer's part for people."""
    return _(scoring.TITLES[name]) if name in scoring.TITLES else name[:1].upper() + name[1:]


def cause(code: str | None) -> str:
    """Return a failure cause in words; an unknown one as it is."""
    if code is None:
        return _("no reason was recorded")
    known = {item.value for item in FailureCause}
    return _(POLICIES[FailureCause(code)].says) if code in known else code


def agent(payload: dict[str, Any]) -> str:
    """Return the agent with its version, where one is known."""
    return " ".join(filter(None, (payload["agent"]["name"], payload["agent"]["version"])))


def suite(payload: dict[str, Any]) -> str:
    """Return the version of the suite, ``custom`` for tasks that are not ours."""
    version = str(payload["suite_version"])
    return version if version == "custom" else f"v{version}"


def selection(payload: dict[str, Any]) -> str:
    """Return which tasks were run: ``full profile``, or ``2 tasks, chosen by name`` where some were chosen."""
    by = [key for key in ("suite", "task") if payload["filters"][key]]
    if not by and payload["profile"] != "custom":
        profile = str(payload["profile"])
        return {"full": _("full profile"), "fast": _("fast profile")}.get(profile, profile)
    tasks = plural(payload["task_count"], "task")
    if not by:
        return _("{tasks}, a choice").format(tasks=tasks)
    if by == ["suite"]:
        return _("{tasks}, chosen by suite").format(tasks=tasks)
    if by == ["task"]:
        return _("{tasks}, chosen by name").format(tasks=tasks)
    return _("{tasks}, chosen by suite and name").format(tasks=tasks)


def folded(names: list[str]) -> list[str]:
    """Return file names with the entries below each ``.git`` folder as one: ``repo/.git (11 entries)``."""
    counts: dict[str, int] = {}
    for name in names:
        head, git, below = f"/{name}".partition("/.git/")
        shown = f"{head}{git}".strip("/") if below else name
        counts[shown] = counts.get(shown, 0) + (1 if below else 0)
    return [f"{name} ({plural(n, 'entry')})" if n else name for name, n in counts.items()]


def footer(payload: dict[str, Any]) -> str:
    """Return the line that ends every report."""
    name = "OpenClaw" if payload["platform"] == "openclaw" else one_line(payload["agent"]["name"])
    version, tasks = one_line(payload["agentbench_version"]), one_line(suite(payload))
    return _("Generated by AgentBench v{version} ({name}) | Suite {suite} | Profile: {profile}").format(
        version=version, name=name, suite=tasks, profile=payload["profile"]
    )


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes; Chinese characters take two (UAX 11)."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, columns: int) -> str:
    """Return a text with spaces up to a width in columns."""
    return text + " " * max(0, columns - width(text))


def _visible(char: str) -> str:
    if char in _KEPT or char.isprintable() or unicodedata.category(char) in ("Zs", "Co", "Cn"):
        return char
    return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"
