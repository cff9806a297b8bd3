"""Why a trial has no score, who is to blame, and what follows: the only such table."""

from __future__ import annotations

from enum import StrEnum

from agentbench.model import Frozen, Status


class FailureCause(StrEnum):
    """What kept a trial from being scored."""

    SETUP = "setup"
    TASK_CHANGED = "task-changed"
    VALIDATOR = "validator"
    WORKSPACE_LOST = "workspace-lost"
    AGENT_UNAVAILABLE = "agent-unavailable"
    AGENT_CRASH = "agent-crash"
    HARNESS = "harness"
    REQUIREMENT = "requirement"
    CANCELLED = "cancelled"


class Policy(Frozen):
    """What a cause means for the trial."""

    blame: str
    """``task``, ``environment``, ``agent``, ``harness`` or ``user``."""
    status: Status
    """What the trial becomes."""
    says: str
    """One line for a person."""


POLICIES: dict[FailureCause, Policy] = {
    FailureCause.SETUP: Policy(blame="task", status=Status.INVALID, says="the task's set-up failed"),
    FailureCause.TASK_CHANGED: Policy(
        blame="user", status=Status.INVALID, says="the task was changed during the run"
    ),
    FailureCause.VALIDATOR: Policy(
        blame="task", status=Status.INVALID, says="a validator of the task failed"
    ),
    FailureCause.WORKSPACE_LOST: Policy(
        blame="environment", status=Status.INVALID, says="the snapshot was lost before it could be graded"
    ),
    FailureCause.AGENT_UNAVAILABLE: Policy(
        blame="environment", status=Status.INVALID, says="the agent could not be started"
    ),
    FailureCause.AGENT_CRASH: Policy(
        blame="agent", status=Status.INVALID, says="the agent ended with an error of its own"
    ),
    FailureCause.HARNESS: Policy(
        blame="harness", status=Status.INVALID, says="AgentBench itself failed; see grader.log"
    ),
    FailureCause.REQUIREMENT: Policy(
        blame="environment", status=Status.UNSUPPORTED, says="this machine lacks what the task needs"
    ),
    FailureCause.CANCELLED: Policy(
        blame="user", status=Status.CANCELLED, says="cancelled before it was finished"
    ),
}
