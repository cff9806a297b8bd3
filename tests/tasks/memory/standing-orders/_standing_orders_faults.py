"""Single faults in what the honest solver leaves, each put in once, in the turn that leaves it."""

import csv
import json
from pathlib import Path

Answers = dict[str, tuple[str, str]]
TURN_OF_WEEK = {1: 1, 2: 3, 3: 4}


def _in_list(workspace: Path, turn: int, week: int, change) -> None:
    """Let ``change`` alter the answers of a list in the turn that asks for it."""
    if turn == TURN_OF_WEEK[week]:
        path = workspace / f"approved{week}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            answers = {key: (decision, approver) for key, decision, approver in list(csv.reader(stream))[1:]}
        change(answers)
        with path.open("w", encoding="utf-8", newline="") as stream:
            rows = [(key, *answer) for key, answer in answers.items()]
            csv.writer(stream).writerows([("id", "decision", "approver"), *rows])


def _turn_one_down(answers: Answers) -> None:
    key = [key for key, (decision, _) in answers.items() if decision == "approve"][-1]
    answers[key] = ("escalate", answers[key][1])


def _name_another(answers: Answers) -> None:
    key = next(key for key, (decision, _) in answers.items() if decision == "approve")
    answers[key] = ("approve", "Nobody Here")


def _fault(name: str, week: int, change, description: str):
    """Return a mutation that changes one answer in the list of a week."""

    def fault(workspace: Path, turn: int) -> None:
        _in_list(workspace, turn, week, change)

    fault.__name__, fault.__doc__ = name, description
    return fault


def _leave_out(answers: Answers) -> None:
    answers.popitem()


escalates_one = {
    week: _fault(f"escalates_one_of_week_{week}", week, _turn_one_down, "Escalate what is to be approved.")
    for week in TURN_OF_WEEK
}
names_another = {
    week: _fault(f"names_another_in_week_{week}", week, _name_another, "Name a wrong approver.")
    for week in TURN_OF_WEEK
}
leaves_one_out = _fault("leaves_one_out", 1, _leave_out, "Leave the last request undecided.")


def strikes_a_request(workspace: Path, turn: int) -> None:
    """Strike the last request from the list that was given."""
    if turn == 1:
        path = workspace / "week1.csv"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[:-1]), "utf-8")


def _in_rules(workspace: Path, turn: int, change) -> None:
    """Let ``change`` alter the list of rules in the turn that asks for it."""
    if turn == max(TURN_OF_WEEK.values()):
        path = workspace / "rules.json"
        content = json.loads(path.read_text("utf-8"))
        change(content["rules"])
        path.write_text(json.dumps(content), "utf-8")


def limit_too_high(workspace: Path, turn: int) -> None:
    """File one limit a euro too high."""
    _in_rules(workspace, turn, lambda rules: rules[0].update(value=rules[0]["value"] + 1))


def another_first_day(workspace: Path, turn: int) -> None:
    """File one limit with another first day."""
    _in_rules(workspace, turn, lambda rules: rules[1].update(since="2020-02-29"))


def files_what_is_over(workspace: Path, turn: int) -> None:
    """File the exemption that is over."""
    firm, since, _ = json.loads((workspace / "notes/orders.json").read_text("utf-8"))["exempt"]
    ended = {"kind": "exempt", "subject": firm, "value": None, "since": since}
    _in_rules(workspace, turn, lambda rules: rules.append(ended))
