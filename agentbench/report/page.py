"""Pages from templates, in HTML and in Markdown: what every page of ours has in common.

What a page shows is text and nothing else: the HTML environment escapes by default, the Markdown one escapes whatever
an expression yields, and no value enters a script or a style. A page is one file and loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from agentbench import i18n, paths
from agentbench.report import words

_FILTERS: dict[str, Callable[..., Any]] = {
    "agent": words.agent,
    "band": words.band,
    "cause": words.cause,
    "clock": words.clock,
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
    "shown": words.shown,
    "size": words.size,
    "state": words.state,
    "suite": words.suite,
    "when": words.when,
}
_GLOBALS: dict[str, Callable[..., Any]] = {"_": i18n._, "ngettext": i18n.ngettext, "language": i18n.language}


def render_page(
    template: str, context: dict[str, Any], *, assets: Sequence[str] = (), live: bool = False
) -> str:
    """Return ``template`` as one HTML page with the style and script of all pages and of ``assets``.

    ``assets`` names what lies in the templates' folder without its ending: ``report`` brings report.css and report.js,
    where they exist. Only a ``live`` page may ask the server that it came from, for more or by a form.
    """
    folder = paths.data_dir("templates")
    style, script = (_asset(folder, ("page", *assets), ending) for ending in ("css", "js"))
    return (
        _html_environment(folder)
        .get_template(template)
        .render(
            **context,
            style=style,
            script=script,
            style_hash=_csp_hash(style),
            script_hash=_csp_hash(script),
            connect="'self'" if live else "'none'",
        )
    )


def render_markdown_page(template: str, context: dict[str, Any]) -> str:
    """Return ``template`` as Markdown; whatever an expression yields is one escaped line."""
    text = _markdown_environment(paths.data_dir("templates")).get_template(template).render(**context)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


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


def _asset(folder: Path, names: Sequence[str], ending: str) -> Markup:
    files = [folder / f"{name}.{ending}" for name in names]
    return Markup("\n".join(file.read_text("utf-8") for file in files if file.is_file()))


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
    environment.globals |= _GLOBALS
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
    environment.globals |= _GLOBALS
    return environment


def _csp_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
