"""The report as HTML and as Markdown, rendered from the results payload alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agentbench import codec, flags, paths
from agentbench.i18n import _
from agentbench.report import advice, charts, facts, findings, notices, words
from agentbench.report.page import render_markdown_page, render_page

Json = dict[str, Any]

SHOWN_AT_ONCE = 6
MOST_FILES = 200
MOST_TRACE_CHARS = 20_000


def render_html(payload: Json) -> str:
    """Return the report as one self-contained HTML page, which loads nothing and works from ``file://``."""
    return render_page("report.html.j2", _context(payload), assets=("lists", "report"))


def render_markdown(payload: Json) -> str:
    """Return the same facts as Markdown, to be read in a terminal or a pull request."""
    return render_markdown_page("report.md.j2", _context(payload))


def write_reports(run_dir: Path, payload: Json) -> tuple[Path, Path]:
    """Write report.md and report.html into ``run_dir``, each atomically, and return their paths.

    Raises EnvironmentNotReady when they cannot be written.
    """
    run = paths.RunPaths(run_dir)
    codec.atomic_write(run.report_md, render_markdown(payload).encode())
    codec.atomic_write(run.report_html, render_html(payload).encode())
    return run.report_md, run.report_html


def _context(payload: Json) -> Json:
    payload = words.clean(payload)
    return {
        "run": payload,
        "tasks": payload["tasks"],
        "anchors": {task["task_id"]: f"task-{number}" for number, task in enumerate(payload["tasks"], 1)},
        "figures": facts.figures(payload),
        "identity": facts.identity(payload),
        "domains": (cards := facts.domains(payload)),
        **_charts(payload, cards),
        "notices": notices.notices(payload),
        "overall_note": facts.overall_note(payload),
        "scoring": facts.scoring_sentence(payload),
        "tier": _(words.TIERS[payload["tier"]]),
        "failures": findings.top_failures(payload),
        "recommendations": advice.recommendations(payload),
        "nothing_failed": findings.nothing_failed(payload),
        "nothing_sent": _(words.NOTHING_SENT),
        "legend": _(words.LEGEND),
        "reckoning": facts.reckoning,
        "time_taken": facts.time_taken,
        "missing_layer": facts.missing_layer,
        "missing_score": facts.missing_score,
        "layers": words.LAYERS,
        "sources": words.SOURCES,
        "metrics_sources": words.METRICS_SOURCES,
        "told_elsewhere": words.TOLD_ELSEWHERE,
        "flag_meanings": flags.FLAGS,
        "dash": words.DASH,
        "footer": words.footer(payload),
        "shown_at_once": SHOWN_AT_ONCE,
        "most_files": MOST_FILES,
        "most_trace_chars": MOST_TRACE_CHARS,
    }


def _charts(payload: Json, cards: list[Json]) -> Json:
    radar = charts.radar(cards)
    return {
        "radar": radar,
        "radar_summary": charts.summary(radar) if radar else "",
        "bars": charts.bars(payload, cards),
        "steps": charts.steps(payload),
        "by_time": charts.by_time(payload),
        "by_cost": charts.by_cost(payload),
        "chart_height": charts.height,
        "chart_gap": charts.said,
    }
