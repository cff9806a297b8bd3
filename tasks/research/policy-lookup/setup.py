"""A staff handbook of thirty files and ten questions that it answers, except for one.

`build` proves that each trap of `_policy_lookup_draw.TRAPS`, when missed, costs exactly the checks listed
there, and draws again where it does not.
"""

import json
import random
import textwrap

from _policy_lookup_draw import GROUPS, TRAPS, draw_handbook, draw_people, governing, lost_checks
from _policy_lookup_texts import DOCUMENTS, GUIDE, MONTHS, RULES


def sound(book):
    """Return whether there are thirty files with the guide and every trap costs exactly its checks."""
    files = {paper.file.rsplit("/", 1)[1] for paper in book.papers}
    if len(files) != 29 or lost_checks(book, frozenset()):
        return False
    return all(lost_checks(book, frozenset({trap})) == costs for trap, costs in TRAPS.items())


def clause(rule, figure):
    """Return a rule in words; one day or one week is not a plural."""
    text = RULES[rule].clause.format(v=figure)
    if str(figure) == "1":
        text = text.replace("there are 1 working days", "there is 1 working day").replace("1 days", "1 day")
    return text


def sections(paper):
    """Return headings and lines of a paper."""
    if not paper.site:
        return [
            (
                heading,
                [clause(item[1:], paper.figures[item[1:]]) if item[0] == "@" else item for item in items],
            )
            for heading, items in DOCUMENTS[paper.number][2]
        ]
    points = []
    for rule, figure in paper.figures.items():
        number, part = next(
            (number, index)
            for number, (_, _, parts) in DOCUMENTS.items()
            for index, (_, items) in enumerate(parts, start=1)
            if f"@{rule}" in items
        )
        points.append((f"Instead of the figure in {number}, section {part}", [clause(rule, figure)]))
    return points


def head(paper):
    """Return title and header fields of a paper, dates in one of three spellings."""
    when = paper.effective
    day = (when.isoformat(), f"{when.day} {MONTHS[when.month - 1]} {when.year}",
           f"{when.day:02d} {MONTHS[when.month - 1][:3]} {when.year}")[paper.layout]  # fmt: skip
    title = f"Site annex {paper.site}" if paper.site else DOCUMENTS[paper.number][0]
    owner = f"Site management {paper.site}" if paper.site else DOCUMENTS[paper.number][1]
    status = "Approved" if paper.status == "approved" else "Draft"
    fields = [
        ("Version", str(paper.version)),
        ("Status", status),
        ("Takes effect", day),
        ("Owner", owner),
        ("Holds for", f"staff in {paper.site}" if paper.site else "all sites"),
    ]
    return f"{paper.number} {title}", fields


def paper_text(paper):
    """Return a whole file, as Markdown or plain text."""
    title, fields = head(paper)
    parts = enumerate(sections(paper), start=1)
    if paper.style == "md":
        out = [f"# {title}", "", "| | |", "|---|---|", *(f"| {a} | {b} |" for a, b in fields), ""]
        for index, (heading, lines) in parts:
            out += [f"## {index}. {heading}", "", *(f"- {line}" for line in lines), ""]
        return "\n".join(out)
    out = [title.upper(), "=" * len(title), "", *(f"{a + ':':<14}{b}" for a, b in fields), ""]
    for index, (heading, lines) in parts:
        out += [f"{index}  {heading}", "", textwrap.fill(" ".join(lines), 78, break_on_hyphens=False), ""]
    return "\n".join(out)


def write_inputs(workspace, rng, book):
    """Write handbook and questions; return the questions by id."""
    folder = workspace / "handbook"
    folder.mkdir(parents=True)
    sites = f"{', '.join(sorted(book.sites)[:-1])} and {sorted(book.sites)[-1]}"
    guide = GUIDE.format(company=book.company, sites=sites, head=book.sites[0])
    (folder / "README.md").write_text(guide, "utf-8")
    for paper in book.papers:
        path = folder / paper.file
        path.parent.mkdir(exist_ok=True)
        path.write_text(paper_text(paper), "utf-8")
    ids = {f"Q{index:02d}": question for index, question in enumerate(book.questions, start=1)}
    asked = [
        {"id": name, "asked_by": person, "site": q.site, "question": q.text, "unit": q.unit}
        for (name, q), person in zip(ids.items(), draw_people(rng), strict=True)
    ]
    table = {"as_of": book.as_of.isoformat(), "questions": asked}
    (workspace / "questions.json").write_text(json.dumps(table, indent=2) + "\n", "utf-8")
    return ids


def build(workspace, hidden, seed):
    """Write the inputs to ``workspace`` and the expected answers to ``hidden``."""
    for redraw in range(200):
        rng = random.Random(f"policy-lookup/{seed}/{redraw}")
        book = draw_handbook(rng)
        if sound(book):
            break
    else:
        raise AssertionError("no draw with all traps alive")
    expected = {}
    for name, question in write_inputs(workspace, rng, book).items():
        value, source = governing(book, question)
        shown = None if value is None else str(value)
        expected[name] = {"value": shown, "source": source, "group": GROUPS[question.role]}
    (hidden / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n", "utf-8")
