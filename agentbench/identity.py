"""What a run measures, fixed at its start: ``run.json``. Two runs are alike when their fingerprints are."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from agentbench.agents.base import About
from agentbench.codec import canonical_json, read_json, sha256, write_json
from agentbench.errors import ResultsError
from agentbench.model import Frozen, Task, Weights
from agentbench.paths import RunPaths, data_dir
from agentbench.provenance import Provenance, collect, suite_version
from agentbench.scoring import SCORING_VERSION
from agentbench.validators import registry


class TaskRef(Frozen):
    """A task of the plan."""

    id: str
    name: str
    suite: str
    difficulty: str
    version: str
    digest: str
    path: str
    """Folder below the suite's root, ``<suite>/<slug>``."""
    weights: Weights
    """Share of each layer in its composite."""
    unsupported: str | None = None
    """What this machine lacks for it."""


class TrialLimits(Frozen):
    """What one try of a harness-run may use; None for no limit beside the task's own."""

    timeout_sec: float | None = None
    """Instead of the tasks' own time limits."""
    requests: int | None = None
    """To the model."""
    tokens: int | None = None
    memory_bytes: int | None = None
    disk_bytes: int | None = None
    n_processes: int | None = None


class Identity(Frozen):
    """The identity of a run. What may change on resume (jobs, retries, budgets) is not in it."""

    run_id: str
    created_at: str
    kind: str
    """``self-run`` or ``harness-run``: the tier of the result."""
    about: About
    """The agent with its version, model and settings."""
    sandbox: str | None
    """What confines the agent: ``bubblewrap``, ``docker``, ``none``; None for a self-run."""
    limits: TrialLimits
    profile: str
    """``full``, ``fast``, or ``custom`` where suites or tasks were named."""
    suites: tuple[str, ...]
    task_ids: tuple[str, ...]
    tasks: tuple[TaskRef, ...]
    tasks_dir: str
    attempts: int
    seed: int
    strict: bool
    keep_workspace: bool
    suite_version: str
    """``custom`` for tasks that are not ours."""
    scoring_version: str
    provenance: Provenance
    strangers: tuple[str, ...] = ()
    """Validators of other packages that its tasks use."""
    fingerprint: str = ""

    def plan(self) -> list[tuple[str, int]]:
        """Return the trials, (task id, attempt), in the order they are worked on."""
        return [(task.id, attempt) for attempt in range(1, self.attempts + 1) for task in self.tasks]

    @property
    def agent(self) -> str:
        """The agent's name."""
        return self.about.name

    def seed_of(self, attempt: int) -> int:
        """Return the seed of an attempt: attempts differ in their inputs, equal attempts of two runs do not."""
        return self.seed + attempt - 1


class Options(Frozen):
    """What the user asked for."""

    kind: str
    about: About
    fast: bool
    suites: tuple[str, ...]
    task_ids: tuple[str, ...]
    tasks_dir: str
    attempts: int
    seed: int
    strict: bool
    keep_workspace: bool
    sandbox: str | None = None
    limits: TrialLimits = TrialLimits()


def create(run: RunPaths, options: Options, tasks: Sequence[Task], created_at: str) -> Identity:
    """Write ``run.json`` and return it."""
    identity = Identity(
        run_id=run.run_id,
        created_at=created_at,
        kind=options.kind,
        about=options.about,
        sandbox=options.sandbox,
        limits=options.limits,
        profile=_profile(options),
        suites=options.suites,
        task_ids=options.task_ids,
        tasks=tuple(_reference(task) for task in tasks),
        tasks_dir=options.tasks_dir,
        attempts=options.attempts,
        seed=options.seed,
        strict=options.strict,
        keep_workspace=options.keep_workspace,
        suite_version=_suite_version(options),
        scoring_version=SCORING_VERSION,
        provenance=collect(),
        strangers=tuple(sorted(set().union(*(registry.strangers(task) for task in tasks)))),
    )
    identity = msgspec.structs.replace(identity, fingerprint=fingerprint(identity))
    write_json(run.identity, identity)
    return identity


def load(run: RunPaths) -> Identity:
    """Return ``run.json``. Raises ResultsError when it is damaged or was edited."""
    identity = read_json(run.identity, Identity)
    if identity.fingerprint != fingerprint(identity):
        raise ResultsError("does not match its fingerprint", where=str(run.identity), hint="It was edited.")
    return identity


def fingerprint(identity: Identity) -> str:
    """Return the sha256 over what makes two runs comparable: tasks, seed, attempts, scoring, agent, limits, kind."""
    return sha256(
        canonical_json(
            {
                "kind": identity.kind,
                "about": msgspec.to_builtins(identity.about),
                "sandbox": identity.sandbox,
                "limits": msgspec.to_builtins(identity.limits),
                "tasks": [[task.id, task.digest] for task in identity.tasks],
                "attempts": identity.attempts,
                "seed": identity.seed,
                "scoring_version": identity.scoring_version,
                "suite_version": identity.suite_version,
            }
        )
    )


def _profile(options: Options) -> str:
    if options.suites or options.task_ids:
        return "custom"
    return "fast" if options.fast else "full"


def _suite_version(options: Options) -> str:
    """Return the version of our suite, ``custom`` for any other folder of tasks."""
    ours = Path(options.tasks_dir).resolve() == data_dir("tasks").resolve()
    return suite_version() if ours else "custom"


def _reference(task: Task) -> TaskRef:
    missing = [name for name in task.requires.bins if shutil.which(name) is None]
    missing += [f"capability {name}" for name in task.requires.capabilities]
    return TaskRef(
        id=task.id,
        name=task.name,
        suite=task.suite,
        difficulty=task.difficulty,
        version=task.version,
        digest=task.digest,
        path=f"{task.suite}/{task.slug}",
        weights=task.weights,
        unsupported=f"needs {', '.join(missing)}" if missing else None,
    )
