"""``results``: the runs, one a line, and whether the latest is worse than those before."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from agentbench import history, inference, trend
from agentbench.cli.common import Command, add_results, print_json, results_dir, say
from agentbench.errors import ResultsError, UsageError
from agentbench.history import Summary
from agentbench.i18n import _, ngettext
from agentbench.inference import Difference
from agentbench.report import words

_RIGHT = (False, False, False, False, True, True, False, True, True)
_BLOCKS = "▁▂▃▄▅▆▇█"
_TREND_RUNS = 8
_LEAST_SPAN = 20.0


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--trend",
        action="store_true",
        help="say whether the latest run is worse than the comparable ones before",
    )
    parser.add_argument(
        "--gate", action="store_true", help="with --trend: exit with 1 if it is, with 4 if it is not whole"
    )
    parser.add_argument(
        "--need-earlier",
        action="store_true",
        help="with --gate: exit with 4 if there is nothing to compare with",
    )
    add_results(parser)


def _results(args: argparse.Namespace) -> int:
    if args.gate and not args.trend:
        raise UsageError("needs --trend", where="--gate")
    if args.need_earlier and not args.gate:
        raise UsageError("needs --gate", where="--need-earlier")
    runs = history.load(results_dir(args))
    if args.trend:
        return _trend(args, runs)
    if args.json:
        print_json([_row(run) for run in runs])
        return 0
    if not runs:
        say(_("No runs in {folder} yet.").format(folder=results_dir(args)))
        return 0
    say("\n".join(_table(runs)))
    return 0


def _trend(args: argparse.Namespace, runs: list[Summary]) -> int:
    found, left = trend.trend(runs), trend.passed_over(runs)
    if left is not None and (args.gate or found is None):
        hint = "Finish it (`agentbench resume`) or run again."
        raise ResultsError(f"the newest run is not compared: {_why(left)}", where=left.run_id, hint=hint)
    if found is None:
        raise ResultsError("no finished run here", where=str(results_dir(args)), hint="Finish one first.")
    if args.need_earlier and not found.n_tasks:
        raise ResultsError(
            "there is nothing to compare with",
            where=found.run.run_id,
            hint="Keep the results folder from run to run, or leave --need-earlier out.",
        )
    if args.json:
        print_json(
            {
                "run": _row(found.run),
                "baseline": [run.run_id for run in found.baseline],
                "score": found.score,
                "resolved": found.resolved,
                "regressed": found.regressed,
                "n_tasks": found.n_tasks,
                "too_few": found.too_few,
                "passed_over": left.run_id if left is not None else None,
            }
        )
    else:
        if left is not None:
            say(
                _("{run} is newer, but not compared: {why}.").format(
                    run=left.run_id, why=_remark(left) or _("unfinished")
                )
            )
        say("\n".join(_told(found)))
    return 1 if args.gate and found.regressed else 0


def _why(run: Summary) -> str:
    """Return why a run is not whole, for an error."""
    if run.error is not None:
        return f"it cannot be read ({words.one_line(words.clean(run.error))})"
    if not run.finished:
        return "it is not finished"
    if not run.intact:
        return "its signature does not match"
    return f"only {run.settled} of its {run.planned} trials are settled"


def _remark(run: Summary) -> str:
    """Return what is wrong with a run, in few words; empty for one that is whole or goes on."""
    if run.error is not None:
        return words.one_line(words.clean(_("cannot be read: {why}").format(why=run.error)))
    if run.intact is False:
        return _("signature does not match")
    if run.finished and not run.complete:
        return _("{n} of {all} trials").format(n=run.settled, all=run.planned)
    return ""


def _told(found: trend.Trend) -> list[str]:
    """Return the answer of a trend in words."""
    if not found.baseline:
        return [
            _(
                "{run}: no earlier run here measured the same (agent, set-up, model, tasks, scoring, tier); "
                "nothing to compare with."
            ).format(run=found.run.run_id)
        ]
    before = ngettext("the {n} comparable run before", "the {n} comparable runs before", len(found.baseline))
    lines = [
        _("{run} against {before} ({first} to {last}), over {tasks}").format(
            run=found.run.run_id,
            before=before.format(n=len(found.baseline)),
            first=found.baseline[0].run_id,
            last=found.baseline[-1].run_id,
            tasks=words.plural(found.n_tasks, "task"),
        )
    ]
    for name, label, one, factor, unit in (
        ("score", _("Score"), found.score, 1.0, ""),
        ("resolved", _("Resolved"), found.resolved, 100.0, "%"),
    ):
        if one is not None:
            told = _("worse") if name in found.regressed else "" if found.too_few else _("no detectable loss")
            lines.append(f"  {words.padded(label, 10)}{_figures(one, factor, unit)}  {told}".rstrip())
    if found.too_few:
        lines.append(_("Too few tasks to tell: at least {least} are needed.").format(least=inference.FEWEST))
    else:
        lines.append(_("Regression.") if found.regressed else _("No regression is detectable."))
    return lines


def _figures(one: Difference, factor: float, unit: str) -> str:
    text = f"{one.a * factor:.1f}{unit} → {one.b * factor:.1f}{unit} ({one.delta * factor:+.1f}"
    if one.interval is not None:
        low, high = (value * factor for value in one.interval)
        text += _("; 95% interval {low} to {high}").format(low=f"{low:+.1f}", high=f"{high:+.1f}")
    p = "p < 0.001" if one.p < 0.001 else f"p = {one.p:.3f}"
    return f"{text}; {p})"


def _row(run: Summary) -> dict[str, Any]:
    """Return a run for programs: all of its summary but the tasks."""
    row: dict[str, Any] = msgspec.to_builtins(run)
    del row["tasks"]
    if run.error is not None:
        row["finished"] = None
    return row


def _table(runs: list[Summary]) -> list[str]:
    """Return the runs as aligned lines; one that cannot be read with the reason."""
    head = (
        _("Run"),
        _("Date (UTC)"),
        _("Agent"),
        _("Model"),
        _("Overall"),
        _("Resolved"),
        _("Profile"),
        _("Tasks"),
        _("Seed"),
    )
    shown = [run for run in runs if run.error is None]
    lines = [head, *map(_cells, shown)]
    widths = [max(map(words.width, column)) for column in zip(*lines, strict=True)]
    aligned = ["  ".join(map(_aligned, line, widths, _RIGHT)) for line in lines]
    told = {id(run): line for run, line in zip(shown, aligned[1:], strict=True)}
    made = ["  ".join((aligned[0], _("Trend")))]
    alike = history.series(runs)
    for run in runs:
        if run.error is not None:
            text = _("{run}  cannot be read: {why}").format(run=run.run_id, why=run.error)
            made.append(words.one_line(words.clean(text)))
        else:
            before = alike.get(run.run_id, [])[-_TREND_RUNS:]
            spark = sparkline([one.overall_score for one in before])
            made.append("  ".join(filter(None, (told[id(run)], spark, _remark(run)))).rstrip())
    return made


def sparkline(scores: list[float | None]) -> str:
    """Return scores, 0-100, as blocks of eight heights over at least 20 points; empty for fewer than two known ones."""
    known = [score for score in scores if score is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    span = max(_LEAST_SPAN, high - low)
    base = (low + high - span) / 2
    return "".join(_BLOCKS[min(7, int(8 * (score - base) / span))] for score in known)


def _cells(run: Summary) -> tuple[str, ...]:
    """Return what the head announces of a run; a dash for what is not known."""
    return (
        run.run_id,
        str(run.timestamp)[:16].replace("T", " "),
        *(_short(name) for name in (run.agent, run.model)),
        words.score(run.overall_score) if run.finished else _("unfinished"),
        words.percent(run.resolved_rate),
        _scope(run),
        str(run.task_count),
        str(run.seed),
    )


def _scope(run: Summary) -> str:
    """Return what was chosen of the suite: the names where some were given, else the profile."""
    chosen = [one.partition(":")[2] for one in (run.filters or "").split()]
    return _short(", ".join(chosen) or run.profile, 28)


def _short(name: str | None, most: int = 40) -> str:
    text = words.one_line(words.clean(name or words.DASH))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _aligned(text: str, width: int, right: bool) -> str:
    gap = " " * max(0, width - words.width(text))
    return gap + text if right else text + gap


COMMANDS = {"results": Command(_configure, _results)}
