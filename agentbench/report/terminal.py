"""The summary that ends a run: plain text, aligned, no colours, safe to print to any terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agentbench import paths
from agentbench.i18n import _
from agentbench.report import facts, notices, words

Json = dict[str, Any]


def terminal_summary(payload: Json, run_dir: Path) -> str:
    """Return the overall score, the domains as aligned lines, the counts, and where the results lie."""
    payload = words.clean(payload)
    run = paths.RunPaths(run_dir)
    lines = [
        f"AgentBench {payload['run_id']}: {words.one_line(words.agent(payload))}, {words.selection(payload)}",
        "",
        *_table(payload),
        "",
        *_labelled(payload),
        "",
        words.padded(_("Report"), 11) + words.clean(str(run.report_html)),
        " " * 11 + words.clean(str(run.report_md)),
        words.padded(_("Results"), 11) + words.clean(str(run.results)),
        _(words.NOTHING_SENT),
    ]
    return "\n".join(lines) + "\n"


def _labelled(payload: Json) -> list[str]:
    rows = [
        (_("Tasks"), facts.counted(payload)),
        *((fact.label, f"{fact.value}  ({fact.note})") for fact in facts.figures(payload)[2:]),
        (_("Scoring"), words.one_line(facts.scoring_sentence(payload))),
        *((_("Note"), words.one_line(notice)) for notice in notices.notices(payload)),
    ]
    return [words.padded(label, 11) + text for label, text in rows]


def _table(payload: Json) -> list[str]:
    rows = [
        (words.one_line(card["name"]), card["score"], ", ".join(filter(None, (card["note"], card["absent"]))))
        for card in facts.domains(payload)
    ]
    resolved = facts.figures(payload)[0]
    rate = "" if payload["resolved_rate"] is None else _("{rate} resolved, ").format(rate=resolved.value)
    rows.append((_("overall"), payload["overall_score"], rate + resolved.note))
    width = max(words.width(name) for name, _score, _note in rows)
    lines = [
        f"{words.padded(name, width)}  {words.score(value):>5}  {note}".rstrip() for name, value, note in rows
    ]
    extra = facts.overall_note(payload)
    indent = " " * (width + 9)
    return [*lines[:-1], "-" * (width + 7), lines[-1], *([f"{indent}{extra}"] if extra else [])]
