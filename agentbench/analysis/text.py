"""An analysis told to people: sections with tables. A figure that is missing is a dash, and a note says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentbench.analysis import sentences
from agentbench.analysis.claims import Claims
from agentbench.analysis.figures import Interval
from agentbench.analysis.items import ItemFigures
from agentbench.analysis.layout import Grid, Section
from agentbench.analysis.reliability import Reliability
from agentbench.analysis.sentences import decimals
from agentbench.analysis.study import Analysis
from agentbench.analysis.table import Row
from agentbench.analysis.views import View
from agentbench.i18n import N_, _
from agentbench.report import words

MOST_ROWS = 60
_LONGEST = 36
_VIEW_NAMES = {
    "resolved": N_("Resolved"),
    "score": N_("Score"),
    "sec": N_("Time"),
    "cost_usd": N_("Cost"),
    "score_per_min": N_("Points/min"),
    "score_per_usd": N_("Points/$"),
    "usd_per_resolved": N_("$/resolved"),
    "worst": N_("Worst of k"),
    "pass_hat": N_("pass^k"),
}
_STEADY_SHARES = N_(
    "Reliability of shares resolved: alpha {alpha} (95% {interval}), split half {half} ({splits}); error of "
    "measurement {error}%, standard deviation of the rows {spread}%."
)
_STEADY_SCORES = N_(
    "Reliability of scores: alpha {alpha} (95% {interval}), split half {half} ({splits}); error of measurement "
    "{error} points, standard deviation of the rows {spread} points."
)
_PARTS = {
    "rasch": N_("No Rasch model: {why}."),
    "two_pl": N_("No slopes (2PL): {why}."),
    "advice": N_("Nothing is said of discrimination here: {why}."),
    "claims": N_("No comparison: {why}."),
    "resolved.ranks": N_("No order: {why}."),
    "resolved.reliability": N_("No reliability of shares resolved: {why}."),
    "score.reliability": N_("No reliability of scores: {why}."),
}


def sections(analysis: Analysis) -> list[Section]:
    """Return all that an analysis says."""
    return [
        Section(
            title=_("Analysis"),
            before=(
                _("{runs}, {tasks}; {scored} of {trials} scored.").format(
                    runs=words.plural(analysis.runs, "run"),
                    tasks=words.plural(analysis.tasks, "task"),
                    scored=analysis.scored,
                    trials=words.plural(analysis.trials, "planned trial"),
                ),
                *(_("Warning: {text}").format(text=sentences.warning(one)) for one in analysis.warnings),
            ),
        ),
        _views(analysis),
        _order(analysis),
        _tasks(analysis),
        _claims(analysis),
        _advice(analysis),
    ]


def label(row: Row, group: str) -> str:
    """Return the name of a row."""
    if group == "run":
        return row.run_ids[0]
    if group == "model":
        return _short(row.model)
    return (
        ", ".join(_short(name) for name in (row.agent, row.setup, row.model) if name is not None)
        or words.DASH
    )


def _short(name: str | None) -> str:
    text = words.one_line(words.clean(name or words.DASH))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _right(*names: str) -> tuple[str, ...]:
    """Return heads of columns of numbers, which are set to the right."""
    return tuple(f">{name}" for name in names)


def _grid(head: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Grid:
    """Return the table without the columns in which no row has a value."""
    used = [place for place in range(len(head)) if any(row[place] != words.DASH for row in rows)]
    return Grid(
        head=tuple(head[place] for place in used),
        rows=tuple(tuple(row[place] for place in used) for row in rows),
    )


def _lacking(analysis: Analysis, *names: str) -> Iterator[str]:
    for name in names:
        if name in analysis.missing:
            yield _(_PARTS[name]).format(why=sentences.reason(analysis.missing[name]))


def _between(interval: Interval | None, *, share: bool = False, digits: int = 2) -> str:
    if interval is None:
        return words.DASH
    low, high = (f"{100 * end:.0f}" if share else decimals(end, digits) for end in interval)
    return _("{low} to {high}").format(low=low, high=high)


def _views(analysis: Analysis) -> Section:
    k = analysis.views.k
    by_run = analysis.group == "run"
    setups = any(view.row.setup is not None for view in analysis.views.rows)
    about = (_("Run"), _("Agent"), *((_("Set-up"),) if setups else ()), _("Model"))
    if not by_run:
        about = (_("Who"), *_right(_("Runs")))
    head = (
        *about,
        *_right(_("Tasks"), _("Resolved"), _("95% (%)"), _("Score"), _("Time"), _("Cost")),
        *_right(_("Points/min"), _("Points/$"), _("$/resolved")),
        *(_right(_("Worst of {k}").format(k=k), f"pass^{k}") if k is not None else ()),
    )
    rows = [_view(view, analysis.group, k, setups) for view in analysis.views.rows]
    return Section(title=_("Results"), grid=_grid(head, rows), notes=tuple(_view_notes(analysis)))


def _view(view: View, group: str, k: int | None, setups: bool) -> tuple[str, ...]:
    row = view.row
    about: tuple[str, ...] = (label(row, group), str(len(row.run_ids)))
    if group == "run":
        setup = (_short(row.setup),) if setups else ()
        about = (row.run_ids[0], _short(row.agent), *setup, _short(row.model))
    return (
        *about,
        str(view.tasks),
        words.percent(view.resolved),
        _between(view.resolved_interval, share=True),
        words.score(view.score),
        words.seconds(view.sec),
        words.money(view.cost_usd),
        decimals(view.score_per_min, 1),
        decimals(view.score_per_usd, 1),
        words.money(view.usd_per_resolved),
        *((words.score(view.worst), words.percent(view.pass_hat)) if k is not None else ()),
    )


def _view_notes(analysis: Analysis) -> Iterator[str]:
    views = analysis.views.rows
    found: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name in _VIEW_NAMES:
        lacking = tuple(
            (label(view.row, analysis.group), view.missing[name]) for view in views if name in view.missing
        )
        if lacking:
            found.setdefault(lacking, []).append(_(_VIEW_NAMES[name]))
    for lacking, names in found.items():
        by_code: dict[str, list[str]] = {}
        for who, code in lacking:
            by_code.setdefault(code, []).append(who)
        for code, rows in by_code.items():
            told = words.joined([*rows[:3], *(["…"] if len(rows) > 3 else [])])
            yield _("– {names} ({rows}): {why}.").format(
                names=", ".join(names),
                rows=_("all rows") if len(rows) == len(views) else told,
                why=sentences.reason(code),
            )
    if any(view.row.model is None for view in views):
        yield _("– Model: none was recorded, or the runs are of several.")
    partly = [view for view in analysis.views.rows if 0 < view.known_cost < view.scored]
    if partly:
        yield _(
            "Cost is known for {known} of {scored} scored trials in {n} of the rows; figures are over those."
        ).format(
            known=sum(view.known_cost for view in partly),
            scored=sum(view.scored for view in partly),
            n=len(partly),
        )


def _order(analysis: Analysis) -> Section:
    ranks, rasch = analysis.resolved.ranks, analysis.rasch
    block = analysis.block
    before = [
        _("Over the {tasks} tasks that {rows} of {all} rows have all scored.").format(
            tasks=block.tasks, rows=block.rows, all=len(analysis.views.rows)
        )
    ]
    for sentence, one, factor in (
        (_STEADY_SHARES, analysis.resolved.reliability, 100.0),
        (_STEADY_SCORES, analysis.score.reliability, 1.0),
    ):
        if one is not None:
            before.append(_steady(_(sentence), one, factor))
    before += _lacking(analysis, "resolved.reliability", "score.reliability")
    if ranks is None:
        return Section(
            title=_("Order"), before=tuple(before), notes=tuple(_lacking(analysis, "resolved.ranks"))
        )
    head = (
        *_right(_("Rank")),
        _("Who"),
        *_right(_("Resolved"), _("95% of ranks"), _("Above next"), _("Ability"), "±"),
    )
    rows = []
    for place in ranks.places:
        ability = rasch.abilities[place.row] if rasch is not None else None
        rows.append(
            (
                f"{place.rank:g}",
                label(analysis.views.rows[place.row].row, analysis.group),
                words.percent(place.value),
                _between(place.rank_interval, digits=0),
                words.percent(place.above_next),
                decimals(ability.value if ability else None),
                decimals(ability.error if ability else None),
            )
        )
    notes = list(_lacking(analysis, "rasch"))
    if len(rows) > MOST_ROWS:
        notes.append(_("{n} more rows are in --json.").format(n=len(rows) - MOST_ROWS))
    grid = _grid(head, rows[:MOST_ROWS])
    return Section(title=_("Order"), before=tuple(before), grid=grid, notes=tuple(notes))


def _steady(sentence: str, one: Reliability, factor: float) -> str:
    return sentence.format(
        alpha=decimals(one.alpha),
        interval=_between(one.alpha_interval),
        half=decimals(one.split_half),
        splits=_between(one.split_range),
        error=decimals(one.error * factor, 1),
        spread=decimals(one.deviation * factor, 1),
    )


def _tasks(analysis: Analysis) -> Section:
    head = (
        _("Task"),
        _("Intended"),
        *_right(_("Resolved"), _("95% (%)"), _("Score"), _("Discrimination"), "95%"),
        *_right(_("Difficulty"), _("Slope"), _("Mixed"), _("Kappa")),
    )
    ids = [item.item.task_id for item in analysis.items]
    order = sorted(range(len(ids)), key=lambda place: (-(analysis.items[place].share or 0.0), ids[place]))
    rows = tuple(_task(analysis, place, ids.count(ids[place]) > 1) for place in order)
    notes = list(_lacking(analysis, "rasch", "two_pl"))
    if any(item.state in ("always", "never") for item in analysis.items):
        notes.append(
            _("– where all or no attempts resolved a task, it has no discrimination, difficulty or kappa.")
        )
    if any(item.discrimination is None and item.state == "varies" for item in analysis.items):
        notes.append(_("– discrimination: it needs three rows that differ."))
    if not any(item.flips.runs for item in analysis.items):
        notes.append(_("– mixed verdicts: no run has two scored attempts at a task."))
    return Section(title=_("Tasks, the easiest first"), grid=_grid(head, rows), notes=tuple(notes))


def _task(analysis: Analysis, place: int, several: bool) -> tuple[str, ...]:
    item: ItemFigures = analysis.items[place]
    difficulty = analysis.rasch.difficulties[place] if analysis.rasch is not None else None
    slope = analysis.two_pl.slopes[place] if analysis.two_pl is not None else None
    flips = item.flips
    digest = f" ({item.item.digest.removeprefix('sha256:')[:8]})" if several else ""
    return (
        f"{item.item.task_id}{digest}",
        words.shown(item.item.difficulty),
        words.percent(item.share),
        _between(item.interval, share=True),
        words.score(item.mean_score),
        decimals(item.discrimination),
        _between(item.discrimination_interval),
        decimals(difficulty.value if difficulty else None),
        decimals(slope.value if slope else None),
        f"{flips.mixed}/{flips.runs}" if flips.runs else words.DASH,
        decimals(flips.kappa),
    )


def _claims(analysis: Analysis) -> Section:
    found: Claims | None = analysis.claims
    if found is None:
        return Section(title=_("Self-assessment"), before=tuple(_lacking(analysis, "claims")))
    head = (
        _("Part"),
        _("Decided"),
        *_right(_("Claims"), _("Claimed"), _("Given"), _("Inflation"), "95%"),
    )
    lines = [
        (
            f"{one.part[:2].upper()} {words.part_title(one.part[3:])}",
            _(words.SOURCES.get(one.by, one.by)),
            one.found,
        )
        for one in found.parts
    ]
    if len(found.rows) > 1:
        lines += [
            (label(view.row, analysis.group), "", one)
            for view, one in zip(analysis.views.rows, found.rows, strict=True)
            if one is not None
        ]
    shown = len(found.parts) + MOST_ROWS
    notes = (_("{n} more rows are in --json.").format(n=len(lines) - shown),) if len(lines) > shown else ()
    rows = tuple(
        (
            name,
            by,
            str(one.n),
            decimals(one.claimed, 1),
            decimals(one.decided, 1),
            f"{one.inflation + 0.0:+.1f}",
            _between(one.interval, digits=1),
        )
        for name, by, one in lines[:shown]
    )
    note = _("Mean points where the agent judged a part that was then decided otherwise than by its word.")
    return Section(title=_("Self-assessment"), before=(note,), grid=_grid(head, rows), notes=notes)


def _advice(analysis: Analysis) -> Section:
    rows = tuple(
        (_(sentences.ACTIONS[one.action]), one.task_id, sentences.advice(one)) for one in analysis.advice
    )
    if analysis.missing.get("advice") == "few-rows-any":
        why = sentences.reason("few-rows-any")
        return Section(title=_("Advice"), before=(_("No advice: {why}.").format(why=why),))
    notes = tuple(_lacking(analysis, "advice"))
    if not rows:
        return Section(title=_("Advice"), before=(_("Nothing speaks against a task."), *notes))
    return Section(
        title=_("Advice"), grid=Grid(head=(_("Do"), _("Task"), _("Because")), rows=rows), notes=notes
    )
