"""A careful engineer, two who write or find the same otherwise, and one wrong reader for every slip."""

import csv
import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from _incident_timeline_reader import EARLY, Reader, evidence

_done = {}


def _answer(workspace: Path, *slips: str) -> dict:
    """Return the object of timeline.json; where a slip leaves several causes, it falls on a wrong one."""
    ev = evidence(workspace)
    if _done.get("evidence") is not ev:
        _done.clear()
        _done.update(evidence=ev, reader=Reader(workspace))
    if slips not in _done:
        reader = _done["reader"]
        if slips:
            reader = Reader(workspace, slips) if EARLY & {*slips} else reader.also(slips)
        cleared, left = reader.answer()
        right = _answer(workspace)["root_cause"] if slips else left[0]["change"]
        wrong = [change["change"] for change in left if change["change"] != right]
        root = wrong[0] if wrong else right if left else "unknown"
        cause = next(change for change in ev.changes if change["change"] == right)
        _done[slips] = {"root_cause": root, "ruled_out": cleared, **reader.fields(cause)}
    return json.loads(json.dumps(_done[slips]))


def _save(workspace: Path, answer: dict) -> str:
    (workspace / "timeline.json").write_text(json.dumps(answer, indent=2) + "\n", "utf-8")
    text = f"# Postmortem\n\nThe cause was {answer['root_cause']}: it alone was in effect for every outage error.\n"
    (workspace / "postmortem.md").write_text(text, "utf-8")
    return f"The cause was {answer['root_cause']}."


def _slip(workspace: Path, *slips: str) -> str:
    return _save(workspace, _answer(workspace, *slips))


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Bring all clocks together and try every change on every error."""
    return _slip(workspace)


def spelled_otherwise(workspace: Path, turn: int = 1) -> str | None:
    """Write the same in another zone, order and case, with whole seconds, text for numbers, BOM and further keys."""
    answer = _answer(workspace)
    zone = timezone(timedelta(hours=-4))
    for name in ("cause_in_effect", "cause_gone", "first_error", "last_error", "detected"):
        answer[name] = (
            datetime.fromisoformat(answer[name]).astimezone(zone).isoformat(" ", timespec="seconds")
        )
    answer["failed_requests"] = f" {answer['failed_requests']}.0"
    answer["affected_customers"] = [name.lower() for name in answer["affected_customers"][::-1]]
    answer["ruled_out"] = {change.lower(): name.upper() for change, name in answer["ruled_out"].items()}
    text = json.dumps({"notes": ["clocks by pairs"], **dict(reversed(answer.items()))}).replace("\n", "\r\n")
    (workspace / "timeline.json").write_text("\ufeff" + text, "utf-8")
    (workspace / "work.md").write_text("scratch\n", "utf-8")
    return None


def off_by_half_a_second(workspace: Path, turn: int = 1) -> str | None:
    """Align clocks less finely: instants up to half a second off."""
    answer = _answer(workspace)
    for name, ms in (
        ("cause_in_effect", 500),
        ("cause_gone", -450),
        ("first_error", -500),
        ("last_error", 450),
    ):
        _move(answer, name, ms)
    return _save(workspace, answer)


# -- plausible, but wrong ------------------------------------------------------------------------


def told_clocks(workspace: Path, turn: int = 1) -> str | None:
    """Correct only the clocks of machines that say how far they are off."""
    return _slip(workspace, "told-clocks")


def apps_only(workspace: Path, turn: int = 1) -> str | None:
    """Bring the apps to one clock, and of the back ends only those that say how far they are off."""
    return _slip(workspace, "apps-only")


def with_tests(workspace: Path, turn: int = 1) -> str | None:
    """Count test accounts."""
    return _slip(workspace, "tests")


def conflicts_too(workspace: Path, turn: int = 1) -> str | None:
    """Count every aborted try, whatever the back ends say of it."""
    return _slip(workspace, "conflicts-too")


def edge_lines_only(workspace: Path, turn: int = 1) -> str | None:
    """Know only what the edges' access logs say."""
    return _slip(workspace, "edge-lines-only")


def app_lines_only(workspace: Path, turn: int = 1) -> str | None:
    """Miss tries whose own line is lost."""
    return _slip(workspace, "app-lines-only")


def visible_tries_only(workspace: Path, turn: int = 1) -> str | None:
    """Miss what follows about tries of which neither app nor edge has a line."""
    return _slip(workspace, "visible-tries-only")


def table_of_the_try(workspace: Path, turn: int = 1) -> str | None:
    """Take the route table of the moment when the try began."""
    return _slip(workspace, "table-of-the-try")


def one_pid(workspace: Path, turn: int = 1) -> str | None:
    """Take the newest process of a host for the one that served."""
    return _slip(workspace, "one-pid")


def published_flags(workspace: Path, turn: int = 1) -> str | None:
    """Take a flag revision to be in use everywhere once it is published."""
    return _slip(workspace, "published-flags")


def higher_holds_lower(workspace: Path, turn: int = 1) -> str | None:
    """Take a generation to hold all with lower numbers."""
    return _slip(workspace, "higher-holds-lower")


def pause_ignored(workspace: Path, turn: int = 1) -> str | None:
    """Take a job to work from start to end."""
    return _slip(workspace, "pause-ignored")


def no_deadline(workspace: Path, turn: int = 1) -> str | None:
    """Count a success after the edge's ten seconds, where the edge's line is lost."""
    return _slip(workspace, "no-deadline")


def any_5xx(workspace: Path, turn: int = 1) -> str | None:
    """Count every 502 and 504, whatever it came from."""
    return _slip(workspace, "any-5xx")


def resends_ignored(workspace: Path, turn: int = 1) -> str | None:
    """List every customer with a failed request."""
    return _slip(workspace, "resends-ignored")


def silenced_alert(workspace: Path, turn: int = 1) -> str | None:
    """Take an alert that nobody got."""
    return _slip(workspace, "silenced-alert")


def tidies_the_evidence(workspace: Path, turn: int = 1) -> str | None:
    """Answer right, but take out the lines that two files of a log share."""
    said = _slip(workspace)
    folder = workspace / "evidence/edge-1"
    older = set((folder / "access.log.1").read_text("ascii").splitlines(keepends=True))
    lines = (folder / "access.log").read_text("ascii").splitlines(keepends=True)
    (folder / "access.log").write_text("".join(line for line in lines if line not in older), "ascii")
    return said


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Guess: the first change, the first errors that a search finds, all customers."""
    rows = _changes(workspace)
    text = (workspace / "evidence/app-1/app.log").read_text("ascii")
    found = re.search(r"(\w+/\d) op=\S+ acct=\S+ via=\S+ code=aborted", text)[1]
    changes = [row["change"] for row in rows]
    customers = re.findall(r",(C\d+),", (workspace / "evidence/accounts.csv").read_text("ascii"))
    times = ("cause_in_effect", "cause_gone", "first_error", "last_error", "detected")
    answer = dict.fromkeys(times, rows[0]["ordered_utc"])
    answer |= {
        "root_cause": changes[0],
        "ruled_out": dict.fromkeys(changes[1:], found),
        "failed_requests": 300,
    }
    return _save(workspace, {**answer, "affected_customers": sorted(set(customers))})


ALTERNATIVES = [spelled_otherwise, off_by_half_a_second]
_CAUSE = {"root", "ruled-set"}
_COUNTS = {"failed", "customers"}
WRONG = {
    told_clocks: {*_CAUSE, "evidence-clocks", "times-errors", *_COUNTS},
    apps_only: {*_CAUSE, "evidence-clocks"},
    with_tests: {*_CAUSE, "evidence-clocks", "evidence-traffic", "times-errors", "detected", *_COUNTS},
    conflicts_too: {*_CAUSE, "evidence-clocks", "evidence-traffic", "times-errors", "detected", *_COUNTS},
    edge_lines_only: {*_CAUSE, "evidence-clocks", "evidence-traffic", "times-errors", "detected", *_COUNTS},
    app_lines_only: {"evidence-clocks", *_COUNTS},
    visible_tries_only: _COUNTS,
    table_of_the_try: {*_CAUSE, "evidence-traffic"},
    one_pid: {"evidence-traffic"},
    published_flags: {*_CAUSE, "evidence-traffic"},
    higher_holds_lower: {*_CAUSE, "evidence-clocks"},
    pause_ignored: {"evidence-clocks"},
    no_deadline: _COUNTS,
    any_5xx: _COUNTS,
    resends_ignored: {"customers"},
    silenced_alert: {"detected"},
    tidies_the_evidence: {"inputs-unchanged"},
}


# -- one fault in the oracle's output ------------------------------------------------------------


def _move(answer: dict, name: str, ms: int) -> None:
    answer[name] = (datetime.fromisoformat(answer[name]) + timedelta(milliseconds=ms)).isoformat()


def _edit(workspace: Path, change) -> None:
    path = workspace / "timeline.json"
    answer = json.loads(path.read_text("utf-8"))
    change(answer)
    path.write_text(json.dumps(answer), "utf-8")


def _changes(workspace: Path) -> list[dict]:
    with (workspace / "evidence/control/changes.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def _first(workspace: Path, kind: str, answer: dict) -> str:
    return next(row["change"] for row in _changes(workspace)
                if row["kind"] == kind and row["change"] in answer["ruled_out"])  # fmt: skip


def another_cause(workspace: Path, turn: int = 1) -> None:
    """The cause is another change."""
    _edit(workspace, lambda answer: answer.update(root_cause=_first(workspace, "route", answer)))


def rules_out_one_more(workspace: Path, turn: int = 1) -> None:
    """One change too many is ruled out."""
    _edit(workspace, lambda answer: answer["ruled_out"].update({"CHG-1": "r00000000/1"}))


def forgets_the_deploy(workspace: Path, turn: int = 1) -> None:
    """The deploy is not ruled out."""
    _edit(workspace, lambda answer: answer["ruled_out"].pop(_first(workspace, "deploy", answer)))


def another_try_for_the_job(workspace: Path, turn: int = 1) -> None:
    """Another try of the same request clears the job."""

    def change(answer: dict) -> None:
        answer["ruled_out"][_first(workspace, "job", answer)] = "r00000000/3"

    _edit(workspace, change)


def ends_late(workspace: Path, turn: int = 1) -> None:
    """The cause is gone two seconds later."""
    _edit(workspace, lambda answer: _move(answer, "cause_gone", 2000))


def first_error_early(workspace: Path, turn: int = 1) -> None:
    """The first error is two seconds early."""
    _edit(workspace, lambda answer: _move(answer, "first_error", -2000))


def told_late(workspace: Path, turn: int = 1) -> None:
    """Somebody was told two seconds later."""
    _edit(workspace, lambda answer: _move(answer, "detected", 2000))


def one_failed_more(workspace: Path, turn: int = 1) -> None:
    """One failed request too many."""
    _edit(workspace, lambda answer: answer.update(failed_requests=answer["failed_requests"] + 1))


def one_customer_less(workspace: Path, turn: int = 1) -> None:
    """One customer is missing."""
    _edit(workspace, lambda answer: answer["affected_customers"].pop())


def notes_in_the_papers(workspace: Path, turn: int = 1) -> None:
    """Somebody wrote into fields.md."""
    with (workspace / "fields.md").open("a", encoding="utf-8") as text:
        text.write("done\n")


MUTATIONS = {
    another_cause: {"root"},
    rules_out_one_more: {"ruled-set"},
    forgets_the_deploy: {"ruled-set", "evidence-traffic"},
    another_try_for_the_job: {"evidence-clocks"},
    ends_late: {"times-cause"},
    first_error_early: {"times-errors"},
    told_late: {"detected"},
    one_failed_more: {"failed"},
    one_customer_less: {"customers"},
    notes_in_the_papers: {"inputs-unchanged"},
}
