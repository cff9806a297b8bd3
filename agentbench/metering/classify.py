"""What a failed request to a model's endpoint means.

| answer of the endpoint                                   | cause                |
|----------------------------------------------------------|----------------------|
| 429, 402, or an error that names a quota                 | provider-limit       |
| 401, 403                                                 | provider-auth        |
| 404, or a 400 that says the model is unknown             | provider-model       |
| 408, 409, 425, 5xx, no connection, no answer, cut stream | provider-transient   |
| 400/413 for a context that is too long                   | agent-budget         |
| any other 4xx: the request itself was wrong              | agent-crash          |
| an error within a 2xx answer                             | by what it says, else provider-transient |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from agentbench.failures import FailureCause

_QUOTA = re.compile(r"insufficient[_ ](?:quota|balance|credit)|quota exceeded|billing", re.IGNORECASE)
_NO_MODEL = re.compile(
    r"model[_ ]not[_ ]found|(?:unknown|invalid|no such) model|model\b.{0,80}\b(?:does not exist|not found|unknown)",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(
    r"context[_ ](?:length|window)|maximum context|too many tokens|prompt is too long|too large",
    re.IGNORECASE,
)
_TRANSIENT = frozenset({408, 409, 425})
_RATE = re.compile(r"rate[_ ]limit|too many requests", re.IGNORECASE)
_AUTH = re.compile(
    r"invalid[_ ](?:api[_ ]key|authentication)|authentication_error|unauthorized", re.IGNORECASE
)


def cause_of(status: int, message: str) -> FailureCause:
    """Return what an error answer means; ``message`` is what its body says."""
    if status in (402, 429) or (status in (400, 403) and _QUOTA.search(message)):
        return FailureCause.PROVIDER_LIMIT
    if status in (401, 403):
        return FailureCause.PROVIDER_AUTH
    if status == 404 or (status in (400, 422) and _NO_MODEL.search(message)):
        return FailureCause.PROVIDER_MODEL
    if status < 400:
        return _by_words(message)
    if status >= 500 or status in _TRANSIENT:
        return FailureCause.PROVIDER_TRANSIENT
    return FailureCause.AGENT_BUDGET if _TOO_LONG.search(message) else FailureCause.AGENT_CRASH


def _by_words(message: str) -> FailureCause:
    """Return what an error means that came without a status of its own, in a stream that had begun well."""
    by_pattern = (
        (_QUOTA, FailureCause.PROVIDER_LIMIT),
        (_RATE, FailureCause.PROVIDER_LIMIT),
        (_AUTH, FailureCause.PROVIDER_AUTH),
        (_TOO_LONG, FailureCause.AGENT_BUDGET),
    )
    return next(
        (cause for words, cause in by_pattern if words.search(message)), FailureCause.PROVIDER_TRANSIENT
    )


def retry_after_sec(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that ``Retry-After-Ms`` or ``Retry-After`` (seconds or an HTTP date) asks for."""
    if (millis := _number(headers.get("retry-after-ms"))) is not None:
        return millis / 1000
    text = headers.get("retry-after")
    if (seconds := _number(text)) is not None:
        return seconds
    if text is None:
        return None
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - (now or datetime.now(UTC))).total_seconds())


def _number(text: str | None) -> float | None:
    try:
        found = float(text) if text else None
    except ValueError:
        return None
    return found if found is not None and 0 <= found < 1e7 else None
