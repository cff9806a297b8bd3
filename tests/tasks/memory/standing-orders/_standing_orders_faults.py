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


def strikes_a_row(workspace: Path, turn: int) -> None:
    """Strike the last request from the first list, and so leave it out of the answers."""
    if turn == 1:
        for name in ("week1.csv", "approved1.csv"):
            path = workspace / name
            lines = path.read_text("utf-8").splitlines(keepends=True)
            path.write_text("".join(lines[:-1]), "utf-8")


def spoils_a_row_or_two(workspace: Path, turn: int) -> None:
    """Name a wrong approver in each list, and escalate one request of the later ones that is to be approved."""
    for week in TURN_OF_WEEK:
        _in_list(workspace, turn, week, _name_another)
        if week > 1:
            _in_list(workspace, turn, week, _turn_one_down)


def files_wrong_rules(workspace: Path, turn: int) -> None:
    """File one limit a euro too high, the next with another first day, and the exemption that is over."""
    if turn == max(TURN_OF_WEEK.values()):
        path = workspace / "rules.json"
        content = json.loads(path.read_text("utf-8"))
        firm, since, _ = json.loads((workspace / "notes/orders.json").read_text("utf-8"))["exempt"]
        content["rules"][0]["value"] += 1
        content["rules"][1]["since"] = "2020-02-29"
        content["rules"].append({"kind": "exempt", "subject": firm, "value": None, "since": since})
        path.write_text(json.dumps(content), "utf-8")
