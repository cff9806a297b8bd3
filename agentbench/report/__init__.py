"""The report of a run, built from its results payload and from nothing else.

words       figures and codes in words
facts       the run as a whole: figures, missing values and their reasons
notices     what to know before believing the figures
charts      geometry of the charts
findings    failures by cause, with their evidence
advice      recommendations, with their evidence
page        what all pages share: escaping, style, script, language
render      report.html and report.md
junit       the same for CI servers
terminal    the summary at the end of a run
"""

from agentbench.report.advice import Recommendation, recommendations
from agentbench.report.findings import Evidence, Failure, top_failures
from agentbench.report.junit import render_junit
from agentbench.report.render import render_html, render_markdown, write_reports
from agentbench.report.terminal import terminal_summary

__all__ = [
    "Evidence",
    "Failure",
    "Recommendation",
    "recommendations",
    "render_html",
    "render_junit",
    "render_markdown",
    "terminal_summary",
    "top_failures",
    "write_reports",
]
