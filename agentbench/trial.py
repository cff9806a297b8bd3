"""Grade one try: outcome + snapshots + seed in, result out. Grading again gives the same result.

The live workspace plays no part: what is judged is rebuilt from the seed and the stored snapshot, so that
anybody who has the run directory and the suite can repeat it.
"""

from __future__ import annotations

import contextlib
import shutil
from datetime import datetime
from pathlib import Path

import msgspec

from agentbench import audit, behavior, reach, scoring, scratch, snapshot, workspace
from agentbench.codec import atomic_write, read_json, write_json
from agentbench.errors import AgentBenchError, SetupError
from agentbench.failures import POLICIES, FailureCause
from agentbench.model import (
    Assessment,
    Check,
    CheckResult,
    CheckStatus,
    Flag,
    Frozen,
    Layers,
    Metrics,
    MetricsSource,
    ModelUse,
    Status,
    Task,
    TrialResult,
)
from agentbench.paths import CHECKOUT, RunPaths, TryPaths, lacks_room, no_room, require_room
from agentbench.timeline import timeline
from agentbench.trajectory import Trajectory, parse_time
from agentbench.validators import registry
from agentbench.validators.base import Context, find_files, safe_name

OUTPUTS_BYTES = 8 * 1024**2
OUTPUTS_FILES = 100
REPLY_CHECKS = frozenset({"response-contains", "response-not-contains"})


class Outcome(Frozen):
    """What an agent left when it said it was done; with the snapshots, all that grading needs."""

    task_id: str
    attempt: int
    try_no: int
    seed: int
    workspace: str
    frozen: dict[int, str]
    """Turn → where its state lies until the snapshot is written."""
    replies: dict[int, str | None]
    metrics: Metrics
    assessment: Assessment | None = None
    flags: tuple[Flag, ...] = ()
    agent: str | None = None
    agent_version: str | None = None
    model: str | None = None
    execution_trace: str | None = None
    started_at: str = ""
    wall_sec: float = 0.0
    keep_workspace: bool = False
    use: ModelUse | None = None
    """What the metering proxy counted; None without one."""
    cause: str | None = None
    """What ended the agent's work early (a ``FailureCause``), None when it ended by itself."""
    detail: str = ""
    """One line for a person about ``cause``."""
    sandbox: str | None = None
    """What confined the agent; None where that is not ours to say (a self-run)."""


def wants_reply(task: Task) -> bool:
    """Return whether a check of the task looks at what the agent says; else words alone are no work."""
    return any(check.type in REPLY_CHECKS for check in task.checks)


class SnapshotLost(Exception):
    """Neither the frozen state of a turn nor its snapshot is there any more."""


class Judged(msgspec.Struct, frozen=True):
    """What the snapshots of a try say."""

    checks: list[CheckResult]
    adherence: tuple[int, int]
    """Expected behaviours seen, and decided."""
    differences: dict[int, snapshot.Difference]
    inputs: list[str]
    """Names of the files that were given; none where there is no trajectory that could have read them."""


def grade(
    task: Task, outcome: Outcome, paths: TryPaths, generated: workspace.Generated | None = None
) -> TrialResult:
    """Grade a try and return the result. Never raises for anything an agent or a task author did.

    ``generated`` spares a generation to a caller who has one of the same task and seed.
    Raises EnvironmentNotReady when the disk is full: a verdict reached on a full disk is none.
    """
    trajectory = read_json(paths.trajectory, Trajectory) if paths.trajectory.is_file() else None
    with scratch.temporary("grading") as root:
        try:
            generated = generated or workspace.generate(task, outcome.seed, root)
            judged = _judge(task, outcome, paths, trajectory, generated, root)
        except SetupError as error:
            return failure(outcome, FailureCause.SETUP, str(error))
        except registry.ValidatorBroken as error:
            _require_sound(error.__cause__)
            return failure(outcome, FailureCause.VALIDATOR, str(error))
        except SnapshotLost as error:
            return failure(outcome, FailureCause.WORKSPACE_LOST, str(error))
        except OSError as error:
            _require_sound(error)
            raise
        _require_sound(None)
    return _score(task, outcome, judged, trajectory, paths)


def _require_sound(error: BaseException | None) -> None:
    """Raise EnvironmentNotReady when ``error`` is the machine's fault, or its disk is full."""
    if lacks_room(error):
        raise no_room(str(error))
    require_room()


def failure(outcome: Outcome, cause: FailureCause, message: str) -> TrialResult:
    """Return the result of a try that cannot be scored; it has no score, which is not 0."""
    return TrialResult(
        task_id=outcome.task_id,
        attempt=outcome.attempt,
        try_no=outcome.try_no,
        status=Status.INVALID if POLICIES[cause].graded else POLICIES[cause].status,
        cause=cause,
        resolved=False,
        score=None,
        layers=None,
        checks=(),
        metrics=outcome.metrics,
        flags=outcome.flags,
        message=explain(cause, message),
        use=outcome.use,
        wall_sec=outcome.wall_sec,
        started_at=outcome.started_at,
    )


def explain(cause: FailureCause, detail: str) -> str:
    """Return one line for a person about what ended a try."""
    return f"{POLICIES[cause].says}: {detail}" if detail else POLICIES[cause].says


def store(task: Task, outcome: Outcome, result: TrialResult, run: RunPaths) -> bytes:
    """Write ``result.json`` and the files for people; return the bytes of ``result.json``."""
    paths = run.try_dir(outcome.task_id, outcome.attempt, outcome.try_no)
    folder = run.task(outcome.task_id)
    scores = {
        "score": result.score,
        "resolved": result.resolved,
        "status": result.status,
        "layers": result.layers,
    }
    write_json(
        folder / "scores.json", {**scores, "checks": result.checks, "message": result.message}, durable=False
    )
    write_json(folder / "metrics.json", result.metrics, durable=False)
    if outcome.execution_trace:
        atomic_write(
            folder / "execution-trace.md", outcome.execution_trace.encode("utf-8", "replace"), durable=False
        )
    return write_json(paths.result, result)


def tidy(task: Task, outcome: Outcome, paths: TryPaths) -> None:
    """Remove what grading no longer needs; with ``keep_workspace`` put the workspace back instead.

    The state of a turn that has no snapshot stays where it is: it is all there is of the agent's work.
    """
    for note in workspace.notes(Path(outcome.workspace)):
        scratch.remove_tree(note)
        with contextlib.suppress(OSError):
            note.unlink()
    last = max(outcome.frozen, default=0)
    for turn, name in outcome.frozen.items():
        frozen = Path(name)
        if not paths.snapshot(turn).is_file():
            continue
        if turn == last:
            workspace.teardown(task, frozen, outcome.seed)
        if turn == last and outcome.keep_workspace and not Path(outcome.workspace).exists():
            with contextlib.suppress(OSError):
                frozen.rename(outcome.workspace)
        else:
            scratch.remove_tree(frozen)


def _judge(
    task: Task,
    outcome: Outcome,
    paths: TryPaths,
    trajectory: Trajectory | None,
    generated: workspace.Generated,
    root: Path,
) -> Judged:
    hidden = {
        path.relative_to(generated.hidden).as_posix(): path.read_bytes() for path in _files(generated.hidden)
    }
    if generated.root == root:
        scratch.remove_tree(generated.hidden)
    differences, restored = {}, {}
    for turn in range(1, len(task.turns) + 1):
        archive, given = paths.snapshot(turn), generated.given[turn]
        if not archive.is_file():
            frozen = Path(outcome.frozen.get(turn, ""))
            if not outcome.frozen.get(turn) or not frozen.is_dir():
                raise SnapshotLost(f"no snapshot of turn {turn}")
            snapshot.save(frozen, given, archive)
        restored[turn] = root / f"left-{turn}"
        differences[turn] = snapshot.restore(archive, given, restored[turn])
    last = len(task.turns)
    contexts = {
        turn: Context(
            task_id=task.id,
            seed=outcome.seed,
            workspace=restored[turn],
            pristine=generated.given[turn],
            hidden=hidden,
            task_dir=Path(task.folder),
            workspaces=restored,
            omitted=differences[turn].omitted,
            reply=outcome.replies.get(turn),
            trajectory=trajectory,
            metrics=outcome.metrics,
            scratch_root=root,
        )
        for turn in restored
    }
    functions = registry.functions(task)

    def run(check: Check) -> CheckResult:
        context = registry.context_for(contexts[check.turn or last], check)
        return registry.judge(check, functions[check.type], context)

    checks = [run(check) for check in task.checks]
    seen = [run(check) for behavior_ in task.behaviors for check in behavior_.checks]
    decided = [check for check in seen if check.status is not CheckStatus.SKIPPED]
    _copy_outputs(restored[last], differences[last], paths.root.parents[1] / "outputs")
    return Judged(
        checks=scoring.settle(checks, {check.id: check.after_required for check in task.checks}),
        adherence=(sum(check.status is CheckStatus.PASSED for check in decided), len(decided)),
        differences=differences,
        inputs=_inputs(generated) if trajectory else [],
    )


def _inputs(generated: workspace.Generated) -> list[str]:
    """Return the names of all files that were given, in any turn."""
    return sorted({name for given in generated.given.values() for name in find_files(given, "**")})


def _files(root: Path) -> list[Path]:
    return [path for path in sorted(root.rglob("*")) if path.is_file()]


def _score(
    task: Task, outcome: Outcome, judged: Judged, trajectory: Trajectory | None, paths: TryPaths
) -> TrialResult:
    answered = wants_reply(task) and any(reply and reply.strip() for reply in outcome.replies.values())
    idle = not answered and all(difference.empty for difference in judged.differences.values())
    facts = behavior.behavior(trajectory, judged.inputs, outcome.workspace) if trajectory else None
    cause = FailureCause(outcome.cause) if outcome.cause else None
    if idle and cause is not None and POLICIES[cause].status is not Status.SCORED:
        return failure(outcome, cause, outcome.detail)
    if idle:
        layers = scoring.no_work()
    else:
        layers = Layers(
            l0=scoring.score_l0(judged.checks),
            l1=scoring.score_l1(outcome.metrics, task.metrics),
            l2=scoring.score_l2(outcome.assessment, facts, judged.adherence),
            l3=scoring.score_l3(outcome.assessment),
        )
    last = judged.differences[len(task.turns)]
    return TrialResult(
        task_id=outcome.task_id,
        attempt=outcome.attempt,
        try_no=outcome.try_no,
        status=Status.SCORED,
        cause=cause,
        message=explain(cause, outcome.detail) if cause else "",
        use=outcome.use,
        resolved=not idle and scoring.is_resolved(judged.checks),
        score=scoring.composite(layers, task.weights),
        layers=layers,
        checks=tuple(judged.checks),
        metrics=outcome.metrics,
        flags=(
            *outcome.flags,
            *_flags(outcome, judged, idle),
            *_audited(task, outcome, trajectory, paths),
        ),
        changed_files=tuple(safe_name(name) for name in last.changed[:200]),
        omitted_files=tuple(
            f"{safe_name(name)}: {reason}" for name, reason in list(last.omitted.items())[:50]
        ),
        wall_sec=outcome.wall_sec,
        started_at=outcome.started_at,
        timeline=timeline(trajectory, outcome.workspace, _began(outcome)) if trajectory else None,
    )


def _began(outcome: Outcome) -> datetime | None:
    return parse_time(outcome.started_at) if outcome.started_at else None


def _flags(outcome: Outcome, judged: Judged, idle: bool) -> list[Flag]:
    flags = []
    if idle:
        flags.append(Flag(code="no-work", detail="the agent changed nothing and answered nothing"))
    if outcome.metrics.source is not MetricsSource.TRANSCRIPT:
        flags.append(Flag(code="no-transcript", detail=f"metrics: {outcome.metrics.source}"))
    omitted = sum(len(difference.omitted) for difference in judged.differences.values())
    if omitted:
        flags.append(Flag(code="files-omitted", detail=f"{omitted} entries were not kept; see omitted_files"))
    return flags


def _audited(
    task: Task, outcome: Outcome, trajectory: Trajectory | None, paths: TryPaths
) -> tuple[Flag, ...]:
    if trajectory is None:
        return ()
    beyond = reach.reach(trajectory, Path(outcome.workspace))
    return beyond + audit.audit(
        trajectory,
        skill=CHECKOUT,
        suite=Path(task.folder).parents[1],
        results=paths.root.parents[2],
        workspace=Path(outcome.workspace),
    )


def _copy_outputs(left: Path, difference: snapshot.Difference, target: Path) -> None:
    """Copy what the agent made to ``outputs/`` for people to open, within limits; ``.git`` stays out."""
    room = OUTPUTS_BYTES
    names = [name for name in difference.changed if ".git" not in Path(name).parts]
    with contextlib.suppress(OSError, AgentBenchError):
        scratch.remove_tree(target)
        for name in names[:OUTPUTS_FILES]:
            source = left / name
            if source.is_symlink() or not source.is_file() or (size := source.stat().st_size) > room:
                continue
            room -= size
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / name)
