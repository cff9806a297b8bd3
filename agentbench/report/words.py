"""Figures and codes of a results payload in words, the same in every form of the report.

A value that is not known is a dash here, and never 0; why it is not known is said by `facts`. Text that an
agent or a task author chose keeps its letters, but whatever could steer a terminal or turn the reading
direction is shown as an escape.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from agentbench import scoring
from agentbench.failures import POLICIES, FailureCause

DASH = "–"
GOOD, FAIR = 80.0, 60.0
LAYERS = (
    ("l0", "L0", "Structure"),
    ("l1", "L1", "Metrics"),
    ("l2", "L2", "Behaviour"),
    ("l3", "L3", "Quality"),
)
UTILITY_AGENTS = {
    "oracle": "solves every task from its stored solution",
    "nop": "does nothing",
    "stuffer": "writes the named files with likely words and no work",
}
TIERS = {
    "self-run": "the agent ran the benchmark on itself, in its own chat",
    "harness-run": "the harness drove the agent, one fresh session per trial",
    "verified": "a third party graded the stored outputs again",
}
TOLD_ELSEWHERE = ("no-work", "no-transcript")
"""Flags that need no mention of their own: failures, notes and metrics say the same."""
SOURCES = {"rule": "by rule", "self": "self-assessed", "judge": "by a judge"}
METRICS_SOURCES = {
    "transcript": "read from the transcript",
    "self-reported": "counted by the agent itself",
    "none": "not known",
}
NOTHING_SENT = (
    "Nothing was sent anywhere. To share a result, give results.json; "
    "the run folder also holds the agent's transcript."
)
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
        return f"{value:.1f} s"
    total = round(value)
    if total < 60:
        return f"{total} s"
    if total < 3600:
        whole, rest = f"{total // 60} min", f"{total % 60} s"
    else:
        whole, rest = f"{total // 3600} h", f"{total % 3600 // 60} min"
    return whole if rest.startswith("0 ") else f"{whole} {rest}"


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
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def band(value: float | None) -> str:
    """Return the class of a score: ``good`` from 80, ``fair`` from 60, ``poor`` below, ``none`` without one.

    The score is judged as it is shown, with one decimal.
    """
    if value is None:
        return "none"
    shown = round(value, 1)
    return "good" if shown >= GOOD else "fair" if shown >= FAIR else "poor"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Return ``1 task``, ``2 tasks``."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def joined(words: list[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def state(item: dict[str, Any]) -> str:
    """Return what became of a task or an attempt: resolved, unresolved, or why there is no score."""
    if item["status"] != "scored":
        return str(item["status"])
    return "resolved" if item["resolved"] else "unresolved"


def part_title(name: str) -> str:
    """Return the name of a layer's part for people."""
    return scoring.TITLES.get(name, name[:1].upper() + name[1:])


def cause(code: str | None) -> str:
    """Return a failure cause in words; an unknown one as it is."""
    if code is None:
        return "no reason was recorded"
    known = {item.value for item in FailureCause}
    return POLICIES[FailureCause(code)].says if code in known else code


def agent(payload: dict[str, Any]) -> str:
    """Return the agent with its version, where one is known."""
    return " ".join(filter(None, (payload["agent"]["name"], payload["agent"]["version"])))


def suite(payload: dict[str, Any]) -> str:
    """Return the version of the suite, ``custom`` for tasks that are not ours."""
    version = str(payload["suite_version"])
    return version if version == "custom" else f"v{version}"


def selection(payload: dict[str, Any]) -> str:
    """Return which tasks were run: ``full profile``, or ``2 tasks, chosen by name`` where some were chosen."""
    by = [how for key, how in (("suite", "suite"), ("task", "name")) if payload["filters"][key]]
    if not by and payload["profile"] != "custom":
        return f"{payload['profile']} profile"
    chosen = f"chosen by {joined(by)}" if by else "a choice"
    return f"{plural(payload['task_count'], 'task')}, {chosen}"


def folded(names: list[str]) -> list[str]:
    """Return file names with the entries below each ``.git`` folder as one: ``repo/.git (11 entries)``."""
    counts: dict[str, int] = {}
    for name in names:
        head, git, below = f"/{name}".partition("/.git/")
        shown = f"{head}{git}".strip("/") if below else name
        counts[shown] = counts.get(shown, 0) + (1 if below else 0)
    return [f"{name} ({plural(n, 'entry', 'entries')})" if n else name for name, n in counts.items()]


def footer(payload: dict[str, Any]) -> str:
    """Return the line that ends every report."""
    name = "OpenClaw" if payload["platform"] == "openclaw" else one_line(payload["agent"]["name"])
    version, tasks = one_line(payload["agentbench_version"]), one_line(suite(payload))
    return f"Generated by AgentBench v{version} ({name}) | Suite {tasks} | Profile: {payload['profile']}"


def _visible(char: str) -> str:
    if char in _KEPT or char.isprintable() or unicodedata.category(char) in ("Zs", "Co", "Cn"):
        return char
    return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"
