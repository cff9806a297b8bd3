"""The report as HTML and as Markdown, rendered from the results payload alone.

What comes from the payload is text and nothing else: the HTML environment escapes by default, the Markdown
one escapes whatever an expression yields, and no payload value enters a script or a style.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from agentbench import codec, flags, paths
from agentbench.report import advice, facts, findings, words

Json = dict[str, Any]

SHOWN_AT_ONCE = 6
MOST_FILES = 200
MOST_TRACE_CHARS = 20_000

_FILTERS: dict[str, Callable[..., Any]] = {
    "agent": words.agent,
    "band": words.band,
    "cause": words.cause,
    "count": words.count,
    "folded": words.folded,
    "money": words.money,
    "one_line": words.one_line,
    "part_title": words.part_title,
    "percent": words.percent,
    "plural": words.plural,
    "points": words.points,
    "score": words.score,
    "seconds": words.seconds,
    "selection": words.selection,
    "size": words.size,
    "state": words.state,
    "suite": words.suite,
    "when": words.when,
}


def render_html(payload: Json) -> str:
    """Return the report as one self-contained HTML page, which loads nothing and works from ``file://``."""
    folder = paths.data_dir("templates")
    style, script = (Markup((folder / name).read_text("utf-8")) for name in ("report.css", "report.js"))
    page = _html_environment(folder).get_template("report.html.j2")
    return page.render(
        **_context(payload),
        style=style,
        script=script,
        style_hash=_csp_hash(style),
        script_hash=_csp_hash(script),
    )


def render_markdown(payload: Json) -> str:
    """Return the same facts as Markdown, to be read in a terminal or a pull request."""
    page = _markdown_environment(paths.data_dir("templates")).get_template("report.md.j2")
    return re.sub(r"\n{3,}", "\n\n", page.render(**_context(payload))).strip() + "\n"


def write_reports(run_dir: Path, payload: Json) -> tuple[Path, Path]:
    """Write report.md and report.html into ``run_dir``, each atomically, and return their paths.

    Raises EnvironmentNotReady when they cannot be written.
    """
    run = paths.RunPaths(run_dir)
    codec.atomic_write(run.report_md, render_markdown(payload).encode())
    codec.atomic_write(run.report_html, render_html(payload).encode())
    return run.report_md, run.report_html


def escape_markdown(value: object) -> str:
    """Return ``value`` as one line of Markdown that shows exactly its text.

    HTML, emphasis, links, code, tables, maths, headings and lists are escaped; ``@name`` notifies nobody.
    """
    text = words.one_line(value)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([\\`*_\[\]|~#$])", r"\\\1", text)
    text = re.sub(r"^([-+=])", r"\\\1", text)
    text = re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", text)
    return re.sub(r"(?<![\w.])@(?=\w)", "@\u2060", text)


def _context(payload: Json) -> Json:
    payload = words.clean(payload)
    return {
        "run": payload,
        "tasks": payload["tasks"],
        "anchors": {task["task_id"]: f"task-{number}" for number, task in enumerate(payload["tasks"], 1)},
        "figures": facts.figures(payload),
        "identity": facts.identity(payload),
        "domains": facts.domains(payload),
        "notices": facts.notices(payload),
        "overall_note": facts.overall_note(payload),
        "scoring": facts.scoring_sentence(payload),
        "tier": words.TIERS[payload["tier"]],
        "failures": findings.top_failures(payload),
        "recommendations": advice.recommendations(payload),
        "nothing_failed": findings.nothing_failed(payload),
        "nothing_sent": words.NOTHING_SENT,
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


@cache
def _html_environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= _FILTERS
    return environment


@cache
def _markdown_environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=False,
        finalize=escape_markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= _FILTERS
    return environment


def _csp_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
