"""Single faults in what the honest solver leaves, each put in once, in the turn that leaves it."""

import csv
import json
import re
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


def _drop_a_row(answers: Answers) -> None:
    answers.pop(max(answers))


def _turn_one_down(answers: Answers) -> None:
    key = next(key for key, (decision, _) in answers.items() if decision == "approve")
    answers[key] = ("escalate", answers[key][1])


def _name_another(answers: Answers) -> None:
    key = next(key for key, (decision, _) in answers.items() if decision == "approve")
    answers[key] = ("approve", "Nobody Here")


def drops_a_row(workspace: Path, turn: int) -> None:
    """Leave one request of the first list out."""
    _in_list(workspace, turn, 1, _drop_a_row)


def turns_one_down_in_week2(workspace: Path, turn: int) -> None:
    """Escalate one request of the second list that is to be approved."""
    _in_list(workspace, turn, 2, _turn_one_down)


def turns_one_down_in_week3(workspace: Path, turn: int) -> None:
    """Escalate one request of the third list that is to be approved."""
    _in_list(workspace, turn, 3, _turn_one_down)


def names_another_in_week1(workspace: Path, turn: int) -> None:
    """Name one wrong approver in the first list."""
    _in_list(workspace, turn, 1, _name_another)


def names_another_in_week2(workspace: Path, turn: int) -> None:
    """Name one wrong approver in the second list."""
    _in_list(workspace, turn, 2, _name_another)


def names_another_in_week3(workspace: Path, turn: int) -> None:
    """Name one wrong approver in the third list."""
    _in_list(workspace, turn, 3, _name_another)


def _in_rules(workspace: Path, turn: int, change) -> None:
    """Let ``change`` alter the rules on file in the last turn."""
    if turn == max(TURN_OF_WEEK.values()):
        path = workspace / "rules.json"
        content = json.loads(path.read_text("utf-8"))
        change(content["rules"])
        path.write_text(json.dumps(content), "utf-8")


def raises_a_limit_on_file(workspace: Path, turn: int) -> None:
    """File one limit a euro too high."""
    _in_rules(workspace, turn, lambda rules: rules[0].update(value=rules[0]["value"] + 1))


def misdates_a_rule(workspace: Path, turn: int) -> None:
    """File one rule with another first day."""
    _in_rules(workspace, turn, lambda rules: rules[0].update(since="2020-02-29"))


def files_an_ended_rule(workspace: Path, turn: int) -> None:
    """File the exemption that is over."""
    supplier, since, _ = json.loads((workspace / "notes/orders.json").read_text("utf-8"))["exempt"] or ("", "", "")
    ended = {"kind": "exempt", "subject": supplier, "value": None, "since": since}
    _in_rules(workspace, turn, lambda rules: rules.append(ended))


def files_a_claim(workspace: Path, turn: int) -> None:
    """File the limit that a memo claims as one more rule, of a kind the form does not know."""
    text = "".join(path.read_text("utf-8") for path in sorted(workspace.glob("week*.csv")))
    claimed = [int(hit[1]) for line in text.splitlines() if "limit" in line and (hit := re.search(r"(\d+) EUR", line))]
    _in_rules(workspace, turn, lambda rules: rules.append({"kind": "memo", "value": claimed[0]}))


def marks_a_list(workspace: Path, turn: int) -> None:
    """Mark the first list as processed."""
    if turn == 1:
        with (workspace / "week1.csv").open("a", encoding="utf-8") as stream:
            stream.write("processed\n")
