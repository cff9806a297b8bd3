"""A run as JUnit XML, which CI servers show: a suite for each domain, a case for each trial.

An unresolved trial is a failure; one that the machinery broke is an error; what was not run is skipped.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from agentbench.report import words
from agentbench.report.findings import Trial, trials

Json = dict[str, Any]


def render_junit(payload: Json) -> bytes:
    """Return results as JUnit XML in UTF-8, with the names that Jenkins, GitLab and GitHub read."""
    payload = words.clean(payload)
    made = list(trials(payload["tasks"]))
    root = ET.Element("testsuites", name=f"AgentBench {payload['run_id']}")
    for suite in dict.fromkeys(trial.task["suite"] for trial in made):
        _add_suite(root, suite, [trial for trial in made if trial.task["suite"] == suite])
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(one.get(key, "0")) for one in root)))
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _add_suite(root: ET.Element, name: str, members: list[Trial]) -> None:
    suite = ET.SubElement(root, "testsuite", name=name)
    for trial in members:
        _add_case(suite, trial)
    suite.set("tests", str(len(members)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in suite):.3f}")


def _add_case(suite: ET.Element, trial: Trial) -> None:
    task, entry = trial.task, trial.entry
    several = len(task["attempts"]) > 1
    name = f"{task['name']} (attempt {entry['attempt']})" if several else task["name"]
    time = f"{entry.get('wall_sec') or 0.0:.3f}"
    case = ET.SubElement(suite, "testcase", classname=task["task_id"], name=words.one_line(name), time=time)
    if entry["status"] == "scored" and entry["resolved"]:
        return
    if entry["status"] == "scored":
        told = [trial.check(check) for check in trial.standing_in_the_way()]
        message = f"not resolved, score {words.score(entry['score'])}"
        ET.SubElement(case, "failure", message=message).text = "\n".join(
            f"{t.where}: {t.detail}" for t in told
        )
        return
    tag = "error" if entry["status"] == "invalid" else "skipped"
    reason = words.cause(entry["cause"])
    message = f"{reason}: {entry['message']}" if entry["message"] else reason
    ET.SubElement(case, tag, message=words.one_line(message))
