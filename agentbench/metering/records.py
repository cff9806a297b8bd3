"""What the metering proxy has seen of one try: every request to the model, with tokens, times and failures.

`Meter` is filled by the proxy's thread and read by the harness; everything it returns is a copy.
"""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from agentbench.failures import POLICIES, FailureCause
from agentbench.model import Frozen, ModelUse, Tokens

GATEWAY_PORT = 18790
"""Where the proxy is reached on the loopback of a box."""
EGRESS_PORT = 18791
"""Where the hosts that a task allows are reached through."""
GONE = "client-gone"
"""The finish of a request whose client left before the end."""
PATIENCE = 3
"""Failed requests in a row after which the try is ended, whatever the agent would still do."""
LONG_WAIT_SEC = 15.0
"""The longest Retry-After that an agent may wait for by itself."""


class Endpoint(Frozen):
    """Where an agent reaches its model: the proxy, for one try."""

    base_url: str
    """``http://127.0.0.1:PORT/t/TOKEN/v1``, from outside of boxes."""
    inside_url: str
    """The same from inside a box with a network of its own, through the gateway to `socket`."""
    socket: Path
    """The Unix socket behind the gateway."""
    model: str
    """The model to ask for."""
    api: str
    """``openai-completions``, ``openai-responses`` or ``anthropic-messages``."""


class Request(Frozen):
    """One request of an agent to its model. Times in seconds, None where it did not come to that."""

    at: str
    """When it arrived, ISO 8601 in UTC."""
    started: float
    """The same on the monotonic clock."""
    path: str
    model: str | None
    """The model that was asked for."""
    status: int | None
    """HTTP status of the endpoint; None when it gave none."""
    answered_by: str | None = None
    """The model that the answer names."""
    duration_sec: float | None = None
    ttft_sec: float | None = None
    """Time to the first byte of content."""
    tokens: Tokens = Tokens()
    n_tool_calls: int = 0
    n_text: int = 0
    """Characters of text in the answer."""
    finish: str | None = None
    """Why the model stopped, in the endpoint's own word."""
    refused: bool = False
    """Whether the answer is marked as a refusal or was stopped by a content filter."""
    cause: FailureCause | None = None
    """What failed, None for an answer that arrived whole."""
    detail: str = ""
    """One line about ``cause``; never a key."""
    retry_after_sec: float | None = None
    ours: bool = False
    """Whether the proxy itself refused it, as a limit of the try is used up."""


class Seen(Frozen):
    """Why a try failed at its model, from the proxy's point of view."""

    cause: FailureCause
    detail: str
    retry_after_sec: float | None = None


class Meter:
    """The requests of one try, in order of their end. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._limit: str | None = None
        self.when_hopeless: Callable[[], object] | None = None
        """Called when going on makes no sense: the harness ends the try, and tries again without holding a slot."""

    def add(self, request: Request) -> None:
        """Note a request that ended, well or not."""
        with self._lock:
            self._requests.append(request)
            last = self._requests[-PATIENCE:]
        if self.when_hopeless is not None and _is_hopeless(last):
            self.when_hopeless()

    def exhaust(self, why: str) -> None:
        """Note that a limit of the try is used up: further requests are refused by the proxy."""
        with self._lock:
            self._limit = self._limit or why

    @property
    def requests(self) -> tuple[Request, ...]:
        """All requests so far."""
        with self._lock:
            return tuple(self._requests)

    def n_tool_calls(self, *, cut_off: bool = False) -> int:
        """Return how many calls of tools stood in the answers that arrived whole.

        An agent that was ``cut_off`` may not have come to note down the last of them.
        """
        whole = [one for one in self.requests if not one.ours and one.cause is None and one.finish != GONE]
        return sum(one.n_tool_calls for one in (whole[:-1] if cut_off else whole))

    @property
    def exhausted(self) -> str | None:
        """Which limit of the try is used up, None for none."""
        with self._lock:
            return self._limit

    def seen(self) -> Seen | None:
        """Return why the try failed at its model; None when it did not, or nothing was asked.

        The last request failed: a failure that the agent got over by itself is none. Or the last answer was a
        refusal. Or none of all answers held any text or call.
        """
        requests = [one for one in self.requests if not one.ours and one.finish != GONE]
        if not requests:
            return None
        last = requests[-1]
        if last.cause is not None:
            return Seen(cause=last.cause, detail=last.detail, retry_after_sec=last.retry_after_sec)
        if last.refused:
            return Seen(cause=FailureCause.AGENT_REFUSAL, detail=f"finish reason {last.finish}")
        answers = [one for one in requests if one.cause is None and one.status is not None]
        if answers and not any(one.n_text or one.n_tool_calls for one in answers):
            detail = f"{len(answers)} answers without text or tool call"
            return Seen(cause=FailureCause.AGENT_EMPTY, detail=detail)
        return None

    def wait_sec(self) -> float:
        """Return the seconds spent on failed requests and between them and the next one: not working time."""
        waited = 0.0
        requests = sorted(self.requests, key=lambda one: one.started)
        for number, one in enumerate(requests):
            if one.cause is not None:
                end = one.started + (one.duration_sec or 0.0)
                after = requests[number + 1].started if number + 1 < len(requests) else end
                waited += max(end, after) - one.started
        return round(waited, 3)

    def use(self) -> ModelUse:
        """Return the sums over all requests; a sum with an unknown part is unknown.

        A request that got no whole answer and no count was not billed, as far as anyone can say: it adds nothing.
        """
        requests = [one for one in self.requests if not one.ours]
        whole = [one for one in requests if one.cause is None and one.finish != GONE]
        counted = [one.tokens for one in requests if one in whole or one.tokens.total is not None]
        costs = [one.cost_usd for one in counted]
        firsts = [one.ttft_sec for one in requests if one.ttft_sec is not None]
        return ModelUse(
            n_requests=len(requests),
            n_failed=sum(one.cause is not None for one in requests),
            tokens=Tokens(
                input=total([one.input for one in counted]),
                output=total([one.output for one in counted]),
                cache_read=total([one.cache_read for one in counted]),
                cache_write=total([one.cache_write for one in counted]),
                total=total([one.total for one in counted]),
                cost_usd=None if not costs or None in costs else round(sum(filter(None, costs)), 8),
            ),
            ttft_sec=round(statistics.median(firsts), 4) if firsts else None,
            wait_sec=self.wait_sec(),
            models=tuple(sorted({one.answered_by for one in requests if one.answered_by})),
        )


def _is_hopeless(last: list[Request]) -> bool:
    """Return whether an agent should stop asking: `PATIENCE` failures in a row, or one that no retry mends soon."""
    failed = [one for one in last if one.cause is not None and POLICIES[one.cause].blame == "provider"]
    if not failed or failed[-1] is not last[-1]:
        return False
    now = last[-1]
    stops = now.cause is not None and POLICIES[now.cause].stops_run
    return stops or (now.retry_after_sec or 0.0) > LONG_WAIT_SEC or len(failed) == PATIENCE


def total(values: list[int | None]) -> int | None:
    """Return the sum, None when a part is unknown or there is none."""
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


class Limits(msgspec.Struct, frozen=True):
    """What one try may ask of its model."""

    requests: int | None = None
    tokens: int | None = None


NO_LIMITS = Limits()
