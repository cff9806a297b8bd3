"""The published schema fits what a run writes, and refuses what contradicts itself."""

from __future__ import annotations

import json

import msgspec
import pytest
from jsonschema import Draft202012Validator
from payloads import Json, payload, simple_task
from report_helpers import RUNS, every_run

from agentbench import paths, report, results
from agentbench.identity import Identity
from agentbench.model import Metrics, TrialResult
from agentbench.trial import Outcome


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    content = json.loads((paths.data_dir("schemas") / "results.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


@every_run()
def test_fixtures_fit_the_published_schema(schema: Draft202012Validator, run: Json) -> None:
    assert [error.message for error in schema.iter_errors(run)] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("score", None), ("score", 100.5), ("status", "skipped"), ("status", "invalid"), ("attempts", None)],
)
def test_the_schema_refuses_a_task_that_contradicts_itself(
    schema: Draft202012Validator, field: str, value: object
) -> None:
    run = payload([simple_task("memory", "a")])
    run["tasks"][0][field] = value
    assert list(schema.iter_errors(run))


def test_the_schema_describes_every_field_once_and_refuses_others(schema: Draft202012Validator) -> None:
    run = payload([simple_task("memory", "a")])
    for holder in (run, run["tasks"][0], run["tasks"][0]["attempts"][0], run["tasks"][0]["metrics"]):
        holder["unknown"] = 1
        assert list(schema.iter_errors(run))
        del holder["unknown"]
    assert not list(schema.iter_errors(run))


def rebuilt(run: Json) -> Json:
    """Return what `results.build` makes of the tries of a fixture."""
    references = [
        {key: item[key] for key in ("name", "suite", "difficulty", "version", "digest", "weights")}
        | {"id": item["task_id"], "path": item["suite"]}
        for item in run["tasks"]
    ]
    plan = {
        "kind": run["tier"],
        "created_at": run["timestamp"],
        "about": {"name": run["agent"]["name"]},
        "sandbox": None,
        "limits": {},
        "suites": run["filters"]["suite"],
        "task_ids": run["filters"]["task"],
        "tasks": references,
        "tasks_dir": "tasks",
        "strict": False,
        "keep_workspace": False,
    }
    copied = (
        "run_id",
        "profile",
        "attempts",
        "seed",
        "suite_version",
        "scoring_version",
        "provenance",
        "fingerprint",
    )
    identity = msgspec.convert(plan | {key: run[key] for key in copied}, Identity)
    tries = {}
    for item in run["tasks"]:
        for entry in item["attempts"]:
            told = {"execution_trace", "blame", "verifiable", "tries"}
            values = {key: value for key, value in entry.items() if key not in told}
            outcome = Outcome(
                task_id=item["task_id"],
                attempt=entry["attempt"],
                try_no=1,
                seed=0,
                workspace="",
                frozen={},
                replies={},
                metrics=msgspec.convert(entry["metrics"], Metrics),
                agent_version=run["agent"]["version"],
                model=run["model"],
                execution_trace=entry["execution_trace"],
            )
            result = msgspec.convert(values | {"task_id": item["task_id"]}, TrialResult)
            tries[item["task_id"], entry["attempt"]] = results.Tried(result, outcome)
    built = results.build(identity, tries, duration_ms=run["duration_ms"], ledger_head=run["ledger_head"])
    assert report.render_html(built) == report.render_html(json.loads(msgspec.json.encode(built)))
    return dict(json.loads(msgspec.json.encode(built)))


@pytest.mark.parametrize("name", ["sample", "nop", "oracle", "nothing-scored"])
def test_the_results_builder_fits_the_schema_and_these_fixtures(
    schema: Draft202012Validator, name: str
) -> None:
    """What the tests of this file read is what a run writes: same fields, same sums, same notes."""
    built = rebuilt(RUNS[name])
    assert [error.message for error in schema.iter_errors(built)] == []
    made_up = {"signature", "notes"} if name == "sample" else {"signature"}
    expected = {key: value for key, value in RUNS[name].items() if key not in made_up}
    assert {key: value for key, value in built.items() if key not in made_up} == expected
