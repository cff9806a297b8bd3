"""The endpoint behind the proxy: where it is, and how patient to be with it."""

from __future__ import annotations

from urllib.parse import urlsplit

from agentbench.errors import UsageError
from agentbench.model import Frozen

ANTHROPIC = "anthropic-messages"
APIS = ("openai-completions", "openai-responses", ANTHROPIC)


class Upstream(Frozen):
    """The endpoint behind the proxy. Times in seconds."""

    base_url: str
    """Where its API begins, usually ending in ``/v1``."""
    model: str
    api: str = "openai-completions"
    connect_sec: float = 20.0
    first_byte_sec: float = 600.0
    """How long it may take to begin its answer."""
    idle_sec: float = 300.0
    """How long a begun answer may pause."""

    @property
    def root(self) -> str:
        """The address that paths like ``chat/completions`` are appended to. Raises UsageError."""
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(
                "is no http or https address",
                where=f"--base-url {self.base_url}",
                hint="For example http://127.0.0.1:8000/v1",
            )
        if parts.username is not None:
            raise UsageError(
                "holds credentials, which a run would record",
                where="--base-url",
                hint="Name the variable that holds the key: --api-key-env NAME.",
            )
        bare = self.base_url.rstrip("/")
        return (
            f"{bare}/v1"
            if parts.path in ("", "/") or (self.api == ANTHROPIC and "/v1" not in parts.path)
            else bare
        )
