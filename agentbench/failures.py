"""What kept a try from its end, who is to blame, and what follows: the only such table.

A try that an agent's own failure ended is scored on what it left (`Policy.graded`); a failure of the machinery
is tried again where that can help (`Policy.retry`) and is never a zero.
"""

from __future__ import annotations

from enum import StrEnum

from agentbench.i18n import N_
from agentbench.model import Frozen, Status


class FailureCause(StrEnum):
    """What ended a try early, or kept it from being scored."""

    AGENT_TIMEOUT = "agent-timeout"
    AGENT_BUDGET = "agent-budget"
    AGENT_REFUSAL = "agent-refusal"
    AGENT_EMPTY = "agent-empty"
    AGENT_CRASH = "agent-crash"
    AGENT_UNAVAILABLE = "agent-unavailable"
    PROVIDER_TRANSIENT = "provider-transient"
    PROVIDER_LIMIT = "provider-limit"
    PROVIDER_AUTH = "provider-auth"
    PROVIDER_MODEL = "provider-model"
    ENVIRONMENT = "environment"
    SETUP = "setup"
    TASK_CHANGED = "task-changed"
    VALIDATOR = "validator"
    WORKSPACE_LOST = "workspace-lost"
    FOREIGN_TRANSCRIPT = "foreign-transcript"
    HARNESS = "harness"
    REQUIREMENT = "requirement"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"


class Retry(StrEnum):
    """When a failed try is followed by another."""

    NEVER = "never"
    BACKOFF = "backoff"
    """After a wait that doubles, with jitter, up to ``--retries`` times."""
    FREELY = "freely"
    """At once when the run goes on; it does not count against ``--retries``."""


class Policy(Frozen):
    """What a cause means for the trial."""

    blame: str
    """``agent``, ``provider``, ``task``, ``environment``, ``harness`` or ``user``."""
    says: str
    """One line for a person."""
    status: Status = Status.INVALID
    """What the trial becomes when there is no further try and nothing to grade; ``scored`` is then 0."""
    retry: Retry = Retry.NEVER
    graded: bool = False
    """Whether the work that lies in the workspace is graded all the same, once there is no further try."""
    stops_run: bool = False
    """Whether every other trial would fail the same way, so that no new try begins."""


POLICIES: dict[FailureCause, Policy] = {
    FailureCause.AGENT_TIMEOUT: Policy(
        blame="agent", status=Status.SCORED, graded=True, says=N_("the agent ran out of time")
    ),
    FailureCause.AGENT_BUDGET: Policy(
        blame="agent", status=Status.SCORED, graded=True, says=N_("the agent used up a limit of the trial")
    ),
    FailureCause.AGENT_REFUSAL: Policy(
        blame="agent", status=Status.SCORED, graded=True, says=N_("the model refused")
    ),
    FailureCause.AGENT_EMPTY: Policy(
        blame="agent",
        status=Status.SCORED,
        retry=Retry.BACKOFF,
        graded=True,
        says=N_("the model answered nothing"),
    ),
    FailureCause.AGENT_CRASH: Policy(
        blame="agent", retry=Retry.BACKOFF, graded=True, says=N_("the agent ended with an error of its own")
    ),
    FailureCause.AGENT_UNAVAILABLE: Policy(
        blame="environment", retry=Retry.BACKOFF, says=N_("the agent could not be started")
    ),
    FailureCause.PROVIDER_TRANSIENT: Policy(
        blame="provider", retry=Retry.BACKOFF, says=N_("the model's endpoint failed")
    ),
    FailureCause.PROVIDER_LIMIT: Policy(
        blame="provider", retry=Retry.BACKOFF, says=N_("the model's endpoint limits the rate")
    ),
    FailureCause.PROVIDER_AUTH: Policy(
        blame="provider", stops_run=True, says=N_("the model's endpoint does not accept the key")
    ),
    FailureCause.PROVIDER_MODEL: Policy(
        blame="provider", stops_run=True, says=N_("the model's endpoint does not know the model")
    ),
    FailureCause.ENVIRONMENT: Policy(
        blame="environment", retry=Retry.BACKOFF, says=N_("this machine failed")
    ),
    FailureCause.SETUP: Policy(blame="task", says=N_("the task's set-up failed")),
    FailureCause.TASK_CHANGED: Policy(blame="user", says=N_("the task was changed during the run")),
    FailureCause.VALIDATOR: Policy(blame="task", says=N_("a validator of the task failed")),
    FailureCause.WORKSPACE_LOST: Policy(
        blame="environment", retry=Retry.FREELY, says=N_("the snapshot was lost before it could be graded")
    ),
    FailureCause.FOREIGN_TRANSCRIPT: Policy(
        blame="environment", retry=Retry.BACKOFF, says=N_("the transcript is not that of the trial")
    ),
    FailureCause.HARNESS: Policy(blame="harness", says=N_("AgentBench itself failed; see grader.log")),
    FailureCause.REQUIREMENT: Policy(
        blame="environment", status=Status.UNSUPPORTED, says=N_("this machine lacks what the task needs")
    ),
    FailureCause.INTERRUPTED: Policy(
        blame="user", status=Status.CANCELLED, retry=Retry.FREELY, says=N_("the run was killed during it")
    ),
    FailureCause.CANCELLED: Policy(
        blame="user", status=Status.CANCELLED, retry=Retry.FREELY, says=N_("cancelled before it was finished")
    ),
}
