"""The codes of an analysis in words."""

from __future__ import annotations

from agentbench.analysis.advice import Advice, Figure
from agentbench.analysis.study import Warning
from agentbench.i18n import N_, _
from agentbench.report import words

REASONS = {
    "no-time": N_("no working time was recorded"),
    "no-cost": N_("no cost is known: nothing was metered, or the model has no price"),
    "cost-zero": N_("the cost is 0"),
    "none-resolved": N_("no attempt with a known cost was resolved"),
    "no-tokens": N_("no tokens were counted"),
    "no-calls": N_("no tool calls were counted"),
    "one-attempt": N_("no run repeats its tasks; use --attempts"),
    "few-attempts": N_("too few attempts at too many tasks"),
    "nothing-scored": N_("no attempt was scored"),
    "few-totals": N_("it needs eight rows with different results"),
    "few-rows-2pl": N_("it needs thirty rows"),
    "no-spread": N_("the rows do not differ beyond chance"),
    "few-rows": N_("it needs three rows that share scored tasks"),
    "few-tasks": N_("it needs two tasks that all rows have scored"),
    "one-row": N_("there is only one row"),
    "no-claims": N_("no part that an agent judged was decided by a rule or a judge"),
    "few-rows-any": N_("it needs five rows"),
    "few-rows-advice": N_("fewer than eight rows share scored tasks"),
    "no-spread-advice": N_("the rows hardly differ (reliability below 0.5)"),
}
"""Why a figure is missing."""
ACTIONS = {"drop": N_("drop or repair"), "deepen": N_("deepen"), "check": N_("check")}
_WARNINGS = {
    "digests": N_(
        "{n} tasks differ in their files between the runs ({tasks}): each version counts as a task of its own, "
        "and only equal ones are pooled."
    ),
    "suite_version": N_("The runs are of different suite versions ({values})."),
    "scoring_version": N_(
        "The runs were scored by different rules ({values}): scores do not compare, verdicts do."
    ),
    "scoring_method": N_("L2 and L3 were judged by different methods ({values})."),
    "tier": N_("The runs were driven in different ways ({values})."),
    "gaps": N_(
        "{n} of {rows} rows lack a scored attempt at some task: their figures are over different tasks. Reliability "
        "and order leave out rows or tasks until none is missing."
    ),
    "repeated": N_(
        "{runs} runs of {n} agents: intervals take them as independent, so they speak of these agents, not of others. "
        "--group agent pools them."
    ),
    "utility": N_(
        "Runs of {agents} were left out, as they work on no task themselves; name a run to have it in."
    ),
    "unusable": N_("{n} runs were left out: not finished, damaged or changed ({runs})."),
}
_ADVICE = {
    "negative": N_(
        "better agents resolve it less often: discrimination {discrimination} (95% {low} to {high}, p = {p} for all "
        "tasks together) over {rows} rows. Its checks may reward a mistake."
    ),
    "never": N_(
        "none of {trials} attempts by {rows} rows resolved it (95% at most {high}). Keep it if its oracle passes and "
        "the scores differ."
    ),
    "always": N_(
        "all {trials} attempts by {rows} rows resolved it (95% at least {low}): it tells no agents apart."
    ),
    "luck": N_(
        "its verdict differs between attempts in {mixed} of {runs} runs and says little of the agent: discrimination "
        "{discrimination} (95% {low} to {high})."
    ),
    "weak": N_(
        "it tells agents apart little: discrimination {discrimination} (95% {low} to {high}) over {rows} rows."
    ),
}
_SHARES = ("never", "always")


def reason(code: str) -> str:
    """Return why a figure is missing."""
    return _(REASONS[code])


def warning(one: Warning) -> str:
    """Return a warning as a sentence."""
    values = {name: words.one_line(words.clean(str(value))) for name, value in one.values.items()}
    return _(_WARNINGS[one.code]).format(**values)


def advice(one: Advice) -> str:
    """Return the reason of an advice with its evidence."""
    share = one.reason in _SHARES
    return _(_ADVICE[one.reason]).format(
        **{name: _figure(name, value, share) for name, value in one.evidence.items()}
    )


def _figure(name: str, value: Figure, share: bool) -> str:
    if value is None:
        return words.DASH
    if isinstance(value, float):
        if name == "p" and value < 0.001:
            return "<0.001"
        return words.percent(value) if share else decimals(value, 3 if name == "p" else 2)
    return str(value)


def decimals(value: float | None, digits: int = 2) -> str:
    """Return a number with so many decimals, or a dash; a negative 0 has no sign."""
    return words.DASH if value is None else f"{round(value, digits) + 0.0:.{digits}f}"
