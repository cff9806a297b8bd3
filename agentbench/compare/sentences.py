"""The answers of a comparison in words, the same in every form of it: whole sentences, for the sake of translation."""

from __future__ import annotations

from collections.abc import Iterator

from agentbench import inference
from agentbench.compare.data import ALPHA
from agentbench.compare.types import Answer, Comparison, TaskDelta
from agentbench.i18n import _, ngettext
from agentbench.inference import Plan
from agentbench.report import words

LEAST_P = 0.001


def headline(comparison: Comparison) -> str:
    """Return whether the run is better by the overall score, in one sentence."""
    if not comparison.answers:
        return _("{base} and {run} have no task in common that both have a score for.").format(
            **_names(comparison)
        )
    return {
        "better": _better,
        "worse": _better,
        "undetected": _undetected,
        "same": _same,
        "too-few": _too_few,
    }[comparison.answers[0].verdict](comparison, comparison.answers[0])


def details(comparison: Comparison) -> Iterator[str]:
    """Yield what else is to be said: where interval and test disagree, the resolved rate, and a plan."""
    if not comparison.answers:
        return
    overall, resolved = comparison.answers
    if overall.verdict == "undetected":
        yield from _disagreement(overall)
    if resolved.verdict != "too-few":
        yield _resolved(comparison, resolved)
    if overall.verdict == "undetected" and overall.plan is not None:
        yield _visible(overall.plan)
        if overall.plan.visible > overall.plan.target:
            yield from _planned(overall.plan)


def basis(comparison: Comparison) -> str:
    """Return what the answers rest on."""
    n, matched = comparison.paired.n, comparison.paired.matched
    text = ngettext(
        "Over the {n} task that both have a score for, domains weighted alike.",
        "Over the {n} tasks that both have a score for, domains weighted alike.",
        n,
    ).format(n=n)
    if n and matched == n:
        inputs = _("Inputs were the same, attempt by attempt.")
    elif matched:
        inputs = _("Inputs were the same, attempt by attempt, in {n} of them.").format(n=matched)
    else:
        inputs = _("Inputs of the attempts differ.")
    return f"{text} {inputs}" if n else text


def tally(comparison: Comparison) -> str:
    """Return how many tasks went which way."""
    paired = comparison.paired
    return _("Tasks: {better} better, {worse} worse, {same} the same.").format(
        better=paired.better, worse=paired.worse, same=paired.same
    )


def p_value(answer: Answer, adjusted: bool = True) -> str:
    """Return the p-value as it stands in a sentence."""
    value = answer.p_adjusted if adjusted else answer.found.p
    if value < LEAST_P:
        return _("p < {limit}").format(limit=LEAST_P)
    shown = f"{value:.3f}"
    if shown == f"{ALPHA:.3f}" and value > ALPHA:
        shown = f"{value:.4f}"
    return _("p = {value}").format(value=shown)


def number(value: float) -> str:
    """Return points with one decimal, never as -0.0."""
    shown = f"{value:.1f}"
    return shown.removeprefix("-") if float(shown) == 0 else shown


def signed(value: float) -> str:
    """Return points with their sign; what looks like none has no sign."""
    shown = f"{value:+.1f}"
    return "0.0" if float(shown) == 0 else shown


def interval(found: inference.Difference) -> str:
    """Return the interval, or a dash where there is none."""
    if found.interval is None:
        return words.DASH
    return _("{low} to {high}").format(low=number(found.interval[0]), high=number(found.interval[1]))


def change(task: TaskDelta, comparison: Comparison) -> str:
    """Return what became of a task, where its difference alone does not say it; else nothing."""
    if task.a is None or task.b is None:
        letter = (comparison.b if task.a is None else comparison.a).letter
        return _("only in {run}").format(run=letter)
    if task.change == "other-files":
        return _("other files")
    if task.a.state != task.b.state:
        return _("{before} → {after}").format(
            before=words.shown(task.a.state), after=words.shown(task.b.state)
        )
    return ""


def _names(comparison: Comparison) -> dict[str, str]:
    return {"base": comparison.a.letter, "run": comparison.b.letter}


def _better(comparison: Comparison, answer: Answer) -> str:
    sign = 1 if answer.verdict == "better" else -1
    points, p = number(sign * answer.found.delta), p_value(answer)
    if answer.found.interval is None:
        text = (
            _("{run} is better by {points} points, on every task the same ({p}).")
            if sign > 0
            else _("{run} is worse by {points} points, on every task the same ({p}).")
        )
        return text.format(**_names(comparison), points=points, p=p)
    low, high = sorted(sign * bound for bound in answer.found.interval)
    text = (
        _("{run} is better by {points} points (95% interval {low} to {high}; {p}).")
        if sign > 0
        else _("{run} is worse by {points} points (95% interval {low} to {high}; {p}).")
    )
    return text.format(**_names(comparison), points=points, low=number(low), high=number(high), p=p)


def _undetected(comparison: Comparison, answer: Answer) -> str:
    points, p = signed(answer.found.delta), p_value(answer)
    if answer.found.interval is None:
        return _("No detectable difference between {base} and {run}: {points} points ({p}).").format(
            **_names(comparison), points=points, p=p
        )
    return _(
        "No detectable difference between {base} and {run}: {points} points (95% interval {low} to {high}; {p})."
    ).format(
        **_names(comparison),
        points=points,
        low=number(answer.found.interval[0]),
        high=number(answer.found.interval[1]),
        p=p,
    )


def _same(comparison: Comparison, answer: Answer) -> str:
    return ngettext(
        "No difference: {base} and {run} score the same on the {n} task that both have.",
        "No difference: {base} and {run} score the same on each of the {n} tasks that both have.",
        answer.found.n_tasks,
    ).format(**_names(comparison), n=answer.found.n_tasks)


def _too_few(comparison: Comparison, answer: Answer) -> str:
    return ngettext(
        "Too few tasks to tell: {points} points over {n} task; at least {least} are needed.",
        "Too few tasks to tell: {points} points over {n} tasks; at least {least} are needed.",
        answer.found.n_tasks,
    ).format(points=signed(answer.found.delta), n=answer.found.n_tasks, least=inference.FEWEST)


def _disagreement(answer: Answer) -> Iterator[str]:
    if answer.found.excludes_zero and answer.found.p > ALPHA:
        yield _("The interval leaves 0 out, but the sign flip test does not confirm it.")
    elif answer.found.excludes_zero and answer.p_adjusted > ALPHA:
        yield _("The interval leaves 0 out, but not once the number of runs compared is allowed for.")
    elif answer.p_adjusted <= ALPHA:
        yield _("The sign flip test finds a difference, but the interval holds 0.")


def _resolved(comparison: Comparison, answer: Answer) -> str:
    found = answer.found
    if answer.verdict == "same":
        return _("Resolved rate: the same on every task.")
    if found.interval is None:
        return _("Resolved rate: {points} points, on every task the same ({p}).").format(
            points=signed(found.delta), p=p_value(answer)
        )
    text = {
        "better": _("Resolved rate: {run} is better by {points} points (95% interval {low} to {high}; {p})."),
        "worse": _("Resolved rate: {run} is worse by {points} points (95% interval {low} to {high}; {p})."),
        "hint": _(
            "Resolved rate: {points} points (95% interval {low} to {high}; {p}); the overall score does not "
            "confirm it, so take it as a hint."
        ),
        "undetected": _(
            "Resolved rate: no detectable difference, {points} points (95% interval {low} to {high}; {p})."
        ),
    }[answer.verdict]
    sign = -1 if answer.verdict == "worse" else 1
    low, high = sorted(sign * bound for bound in found.interval)
    shown = number if answer.verdict in ("better", "worse") else signed
    return text.format(
        **_names(comparison),
        points=shown(sign * found.delta),
        low=number(low),
        high=number(high),
        p=p_value(answer),
    )


def _visible(plan: Plan) -> str:
    return _("A difference of {points} points would show in 4 of 5 such comparisons.").format(
        points=number(plan.visible)
    )


def _planned(plan: Plan) -> Iterator[str]:
    """Yield what would show a difference of the target."""
    target = number(plan.target)
    if plan.attempts is not None:
        yield ngettext(
            "{n} more attempt per task would show a difference of {points} points.",
            "{n} more attempts per task would show a difference of {points} points.",
            plan.attempts,
        ).format(n=plan.attempts, points=target)
        return
    if plan.attempts_at_least is None or plan.share is not None:
        yield _(
            "No number of attempts (up to {most} per task) would show a difference of {points} points."
        ).format(most=inference.MOST_ATTEMPTS, points=target)
    else:
        yield ngettext(
            "With so few repeats it is not known what more attempts would bring: for {points} points at least {n} "
            "more per task, if any number suffices.",
            "With so few repeats it is not known what more attempts would bring: for {points} points at least {n} "
            "more per task, if any number suffices.",
            plan.attempts_at_least,
        ).format(n=plan.attempts_at_least, points=target)
    yield ngettext(
        "About {n} more task of this kind would.",
        "About {n} more tasks of this kind would.",
        plan.tasks,
    ).format(n=plan.tasks)
