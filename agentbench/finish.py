"""Close a run: payload, signature, reports and the ledger's last line. Repeating it changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from agentbench import identity as identities
from agentbench import ledger, report, results
from agentbench.codec import read_json, sha256, write_json
from agentbench.errors import ResultsError
from agentbench.failures import FailureCause
from agentbench.identity import Identity
from agentbench.ledger import Entry
from agentbench.model import Metrics, MetricsSource, Status, TrialResult
from agentbench.paths import RunPaths
from agentbench.results import Tried
from agentbench.trial import Outcome


def finish(run: RunPaths) -> dict[str, Any]:
    """Write results.json and the reports from the ledger, record the end, and return the payload."""
    with ledger.locked(run.lock):
        payload = collect(run)
        data = write_json(run.results, payload)
        report.write_reports(run.root, payload)
        digest = sha256(data)
        if not any(
            entry.event == "run-finished" and entry.data["results"] == digest for entry in ledger.read(run)
        ):
            ledger.append(run, "run-finished", results=digest)
        return payload


def collect(run: RunPaths) -> dict[str, Any]:
    """Return the payload of a run as its ledger stands. Raises ResultsError when stored tries do not match it."""
    identity = identities.load(run)
    entries = [entry for entry in ledger.read(run) if entry.event != "run-finished"]
    verdicts: dict[tuple[str, int], list[Entry]] = {}
    for entry in entries:
        if entry.event == "try-graded":
            verdicts.setdefault((entry.data["task_id"], entry.data["attempt"]), []).append(entry)
    due = _retries_due(entries)
    tries = {key: _tried(run, found, key in due) for key, found in verdicts.items()}
    head = entries[-1].hash if entries else ledger.GENESIS
    return results.build(identity, tries, duration_ms=_duration(identity, entries), ledger_head=head)


def _retries_due(entries: list[Entry]) -> set[tuple[str, int]]:
    """Return the trials whose last try failed and was to be followed by another."""
    due: set[tuple[str, int]] = set()
    for entry in entries:
        if entry.event == "retry-due":
            due.add((entry.data["task_id"], entry.data["attempt"]))
        elif entry.event in ("try-graded", "retry-dropped"):
            due.discard((entry.data["task_id"], entry.data["attempt"]))
    return due


def _tried(run: RunPaths, entries: list[Entry], retry_due: bool) -> Tried:
    before = tuple(_result(run, entry.data) for entry in entries[:-1])
    last = entries[-1].data
    paths = run.try_dir(last["task_id"], last["attempt"], last["try_no"])
    outcome = None if last["result"] is None else read_json(paths.outcome, Outcome)
    if outcome is not None:  # what was said is not told in the results, and may be long
        outcome = msgspec.structs.replace(outcome, replies={})
    return Tried(_result(run, last), outcome, before, retry_due)


def _result(run: RunPaths, data: dict[str, Any]) -> TrialResult:
    if data["result"] is None:
        return _unbegun(data)
    paths = run.try_dir(data["task_id"], data["attempt"], data["try_no"])
    try:
        digest = sha256(paths.result.read_bytes())
    except OSError as error:
        raise ResultsError(error.strerror or "cannot be read", where=str(paths.result)) from None
    if digest != data["result"]:
        raise ResultsError("was changed after grading", where=str(paths.result), hint="The ledger disagrees.")
    return read_json(paths.result, TrialResult)


def _unbegun(data: dict[str, Any]) -> TrialResult:
    return TrialResult(
        task_id=data["task_id"],
        attempt=data["attempt"],
        try_no=data["try_no"],
        status=Status(data["status"]),
        cause=FailureCause(data["cause"]),
        resolved=False,
        score=None,
        layers=None,
        checks=(),
        metrics=Metrics(source=MetricsSource.NONE),
        message=data["message"],
    )


def _duration(identity: Identity, entries: list[Entry]) -> int:
    """Return the milliseconds between the run's start and its last event."""
    if not entries:
        return 0
    started, ended = (datetime.fromisoformat(text) for text in (identity.created_at, entries[-1].at))
    return max(0, int((ended - started).total_seconds() * 1000))
