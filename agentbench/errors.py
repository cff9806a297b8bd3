"""Every error a user can meet, drawn as one tree.

AgentBenchError                exit 3   something unexpected; the message says what
├── UsageError                 exit 2   the command line asks for something that cannot be
├── TaskError                  exit 4   a task definition is wrong: file:line, what, hint
├── ResultsError               exit 4   a run directory or results file is damaged or does not fit
├── EnvironmentNotReady        exit 5   this machine lacks something, or refuses something (disk, rights)
└── SetupError                 exit 4   a task's set-up script failed or timed out

A message is one line, ``where: what. hint``; the command line prints it without a traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class AgentBenchError(Exception):
    """Base of all errors that are shown to the user as one line.

    ``where`` names the file, option or object; ``what`` says what is wrong; ``hint`` says what to do.
    """

    exit_code = 3

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.hint:
            text = f"{text.rstrip('.')}. {self.hint}"
        return " ".join(text.split())


class UsageError(AgentBenchError):
    """The command line asks for something that cannot be."""

    exit_code = 2


class TaskError(AgentBenchError):
    """A task definition is wrong."""

    exit_code = 4


class ResultsError(AgentBenchError):
    """A run directory or a results file is damaged or does not fit."""

    exit_code = 4


class SetupError(AgentBenchError):
    """A task's set-up script failed or timed out."""

    exit_code = 4


class EnvironmentNotReady(AgentBenchError):
    """This machine lacks something, or refuses something."""

    exit_code = 5


def did_you_mean(word: str, known: Iterable[str], *, most: int = 3) -> str:
    """Return a hint naming the known words nearest to ``word``, or all of them when few are known."""
    options = sorted(known)
    near = difflib.get_close_matches(word, options, n=most, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(repr(option) for option in near)}?"
    if len(options) <= 12:
        return f"Known: {', '.join(options)}." if options else ""
    return ""
