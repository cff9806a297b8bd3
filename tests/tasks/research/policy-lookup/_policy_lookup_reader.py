"""Reads the handbook as a careful clerk would, or with one of the slips the task is built around.

Patterns are its own and share no code with the generator, so that each proves the other.
"""

import json
import re
from datetime import date, datetime
from fractions import Fraction

# What the question talks about -> how the handbook words it, `@` where the figure stands.
SUBJECTS = (
    ("recommended her", "receives a bonus of EUR @,"),
    ("applicant to an interview", "journey to an interview up to EUR @."),
    ("How long is the probation", "The first @ months of every employment"),
    ("still on probation", "may end the employment with @ weeks' notice"),
    ("as a? ?full-time employee|weekly hours", "full-time employee has @ hours"),
    ("days of annual leave (do I have|does that)", "has @ working days of annual leave"),
    ("into next year", "Up to @ working days that were not taken"),
    ("second child", "partner gives birth there (?:is|are) @ working day"),
    ("mother has died", "or a partner there (?:is|are) @ working day"),
    ("medical certificate|doctor's certificate", "due from day @ of an absence"),
    ("top up sick pay", "another @ weeks"),
    ("parental leave", "at least @ weeks before it begins"),
    ("flexitime account", "up to @ hours in credit"),
    ("may I work from home|study at home", "Up to @ days? a week may be worked from home"),
    ("desk and chair", "once up to EUR @."),
    ("training budget|spend on training", "training budget of EUR @ per"),
    ("pay back a share", "leaves within @ months after a course"),
    ("weekend", "flat sum of EUR @,"),
    ("a hotel", "may cost up to EUR @ per night"),
    ("first class", "journeys of more than @ hours"),
    ("own car", "own car the company pays EUR @ per"),
    ("meal allowance", "meal allowance of EUR @."),
    ("expense claim", "at most @ weeks after the end"),
    ("lost the receipt", "expenses of up to EUR @ are"),
    ("approve an order", "approve orders of up to EUR @;"),
    ("supplier", "up to a value of EUR @ per"),
    ("new password", "at least @ characters"),
    ("failed attempts", "After @ failed attempts"),
    ("laptop", "replaced after @ months"),
    ("company phone", "bears up to EUR @ of"),
    ("mailbox", "is kept for @ months"),
    ("lost my badge", "replaced for EUR @."),
    ("register them with reception", "at least @ hours ahead"),
    ("first-aiders", "at least @ first-aiders"),
    ("season ticket", "pays EUR @ a month"),
    ("for ten years", "jubilee bonus of EUR @."),
)
NEAREST = (
    ("adoption", "partner gives birth there (?:is|are) @ working day"),
    ("by bicycle", "own car the company pays EUR @ per"),
    ("from abroad", "Up to @ days? a week may be worked from home"),
    ("private phone", "bears up to EUR @ of"),
    ("parking space", "pays EUR @ a month"),
    ("25 years", "jubilee bonus of EUR @."),
)


def _day(text):
    for form in ("%Y-%m-%d", "%d %B %Y", "%d %b %Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(text)


def papers(workspace):
    """Return every document of the handbook as a dict."""
    found = []
    root = workspace / "handbook"
    for path in sorted(root.rglob("*-v*.*")):
        text = path.read_text("utf-8")

        def field(name, text=text):
            return re.search(rf"^(?:\| )?{name}(?: \||:) *(.*?)(?: \|)?$", text, re.M)[1]

        site = re.match(r"staff in (.*)", field("Holds for"))
        found.append(
            {
                "file": path.relative_to(root).as_posix(),
                "number": path.name[:5],
                "version": int(field("Version")),
                "draft": field("Status") == "Draft",
                "since": _day(field("Takes effect")),
                "site": site and site[1],
                "text": re.sub(r"\s+", " ", text),
            }
        )
    return found


def _in_force(versions, day, slips):
    if "newest" in slips:
        return max(versions, key=lambda paper: paper["version"])
    if "oldest" in slips:
        return min(versions, key=lambda paper: paper["version"])
    fit = [
        paper
        for paper in versions
        if ("status" in slips or not paper["draft"])
        and ("effective" in slips or paper["since"] <= day)
        and not ("first-day" in slips and paper["since"] == day)
    ]
    return max(fit, key=lambda paper: paper["version"], default=None)


def answers(workspace, slips=frozenset()):
    """Return the content of `answers.json`."""
    asked = json.loads((workspace / "questions.json").read_text("utf-8"))
    day = date(2026, 12, 24) if "as-of" in slips else date.fromisoformat(asked["as_of"])
    groups = {}
    for paper in papers(workspace):
        groups.setdefault(paper["number"], []).append(paper)
    valid = [paper for versions in groups.values() if (paper := _in_force(versions, day, slips))]
    result = {}
    for question in asked["questions"]:
        subjects = [words for about, words in NEAREST if re.search(about, question["question"])]
        if not subjects or "similar" in slips:
            subjects = subjects or [
                words for about, words in SUBJECTS if re.search(about, question["question"])
            ]
            (words,) = subjects
            result[question["id"]] = _answer(words, question, valid, slips)
        else:
            result[question["id"]] = {"value": None, "source": None}
    return result


def _answer(words, question, valid, slips):
    pattern = re.compile(words.replace(".", r"\.").replace("@", r"(\d+(?:\.\d+)?)"))
    hits = [(paper, hit[1]) for paper in valid if (hit := pattern.search(paper["text"]))]
    here = [
        hit for hit in hits if hit[0]["site"] and (hit[0]["site"] == question["site"] or "any-annex" in slips)
    ]
    (general,) = [hit for hit in hits if not hit[0]["site"]]
    paper, figure = general
    if here and "no-annex" not in slips:
        paper, figure = here[0]
        if "newer-wins" in slips and general[0]["since"] > paper["since"]:
            paper, figure = general
    value = Fraction(figure)
    if "weeks" in words and question["unit"] == "calendar days" and "weeks" not in slips:
        value *= 7
    return {
        "value": int(value) if value.denominator == 1 else float(value),
        "source": f"handbook/{paper['file']}",
    }
