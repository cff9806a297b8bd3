"""Writes what the agent is given."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from random import Random

import _beneficial_owners_chinese as chinese
import _beneficial_owners_english as english
from _beneficial_owners_model import Filing, Limit, Supplier
from _beneficial_owners_people import readings
from _beneficial_owners_world import World


def write(workspace: Path, rng: Random, world: World, texts: Path) -> None:
    """Write extracts, lists and rules to a workspace."""
    (workspace / "filings").mkdir()
    for one in world.filings:
        tongue = chinese if one.language == "zh" else english
        text = tongue.written(one, world.names, _holders(world), rng.choice(("form", "prose")))
        (workspace / "filings" / f"{english.number(one.no)}.txt").write_text(text, "utf-8")
    names = [name for person in world.registry.people.values() for name in person.names]
    people = [
        [one.person_id, one.family, one.given, one.chinese, one.born.isoformat(), one.formerly]
        for one in sorted(names, key=lambda one: one.person_id)
    ]
    _csv(workspace / "people.csv", ["person_id", "family", "given", "chinese", "born", "formerly"], people)
    _csv(workspace / "readings.csv", ["character", "readings"], [list(pair) for pair in readings().items()])
    suppliers = [[one.company, world.names[one.company][0], _critical(one)] for one in world.suppliers]
    suppliers.sort()
    _csv(workspace / "suppliers.csv", ["supplier_id", "name", "critical_from"], suppliers)
    (workspace / "asof.txt").write_text(date.fromordinal(world.asof).isoformat() + "\n", "utf-8")
    for name in ("rules.md", "forms.md"):
        text = (texts / name).read_text("utf-8").replace("$limits", _limits(world.limits))
        (workspace / name).write_text(text, "utf-8")


def _holders(world: World) -> english.Holder:
    def holder(key: str, one: Filing, style: str) -> str:
        zh = one.language == "zh"
        if key == one.company:
            return "本公司" if zh else "the company itself"
        if key in world.names:
            name = world.names[key][zh]
            return f"{name}（{key}）" if zh else f"{name} ({key})"
        name = world.registry.people[key].name(one.language, one.received)
        born = name.born.toordinal()
        if zh:
            return f"{name.chinese or name.latin}（{chinese.day(born, style)}生）"
        latin = name.latin if style == "form" else f"{name.given} {name.family.upper()}"
        return f"{latin if name.family else name.chinese} (born {english.day(born, style)})"

    return holder


def _critical(one: Supplier) -> str:
    return date.fromordinal(one.critical_from).isoformat() if one.critical_from else ""


def _limits(limits: dict[str, list[Limit]]) -> str:
    rows = ["| category | from | economic share: at least | votes: more than |", "|---|---|---|---|"]
    for category, some in limits.items():
        rows += [
            f"| {category} | {date.fromordinal(one.since)} | {one.economic} % | {one.votes} % |"
            for one in some
        ]
    return "\n".join(rows)


def _csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8")
