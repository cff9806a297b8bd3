"""Every flag that a trial may carry: what it says, and whether it keeps the trial from being ``verified``."""

from __future__ import annotations

from agentbench.i18n import N_
from agentbench.model import Frozen


class Meaning(Frozen):
    """What a flag means."""

    says: str
    """One line for a person."""
    excludes: bool = False
    """Whether nobody should vouch for such a trial."""


FLAGS: dict[str, Meaning] = {
    "read-the-grader": Meaning(says=N_("looked at the suite or at AgentBench's own files"), excludes=True),
    "touched-results": Meaning(says=N_("named the results of a run"), excludes=True),
    "delegated": Meaning(says=N_("started or instructed another agent"), excludes=True),
    "left-the-workspace": Meaning(says=N_("wrote outside its workspace"), excludes=True),
    "fetched": Meaning(says=N_("asked for something from the network"), excludes=True),
    "network-denied": Meaning(says=N_("asked for hosts that its task does not allow"), excludes=True),
    "foreign-transcript": Meaning(says=N_("left a transcript that is not that of its trial"), excludes=True),
    "changed-the-suite": Meaning(says=N_("the task's files were changed while it worked"), excludes=True),
    "solutions-present": Meaning(says=N_("the solutions lay in the skill's folder"), excludes=True),
    "shared-context": Meaning(says=N_("conversations were not really separate"), excludes=True),
    "calls-missing": Meaning(says=N_("left a log that lacks calls its model made"), excludes=True),
    "unwatched": Meaning(says=N_("worked where nothing shows what it called"), excludes=True),
    "unsandboxed": Meaning(says=N_("worked without a sandbox"), excludes=True),
    "agents-own-log": Meaning(says=N_("its metrics rest on a log that it wrote itself"), excludes=True),
    "bad-trajectory": Meaning(says=N_("left a log that cannot be read")),
    "no-transcript": Meaning(says=N_("no transcript could be read")),
    "no-work": Meaning(says=N_("changed nothing and answered nothing")),
    "workspace-deleted": Meaning(says=N_("its workspace was gone in the end")),
    "secret-scrubbed": Meaning(says=N_("had the value of a secret in what it left; it was taken out")),
    "files-omitted": Meaning(says=N_("left files that were not kept")),
}


def excluding(codes: list[str]) -> bool:
    """Return whether one of the flags keeps a trial from being verified; an unknown one does."""
    return any(code not in FLAGS or FLAGS[code].excludes for code in codes)
