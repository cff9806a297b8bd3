"""Model providers whose endpoint need not be named: where they are, what they speak, which variable holds the key."""

from __future__ import annotations

from agentbench.errors import UsageError, did_you_mean
from agentbench.model import Frozen


class Provider(Frozen):
    """Where a provider's models are served."""

    base_url: str
    api_key_env: str
    api: str = "openai-completions"
    written_key: bool = False
    """Whether the user's configuration holds a key itself, which AgentBench does not take from there."""


PROVIDERS: dict[str, Provider] = {
    "anthropic": Provider(
        base_url="https://api.anthropic.com/v1", api_key_env="ANTHROPIC_API_KEY", api="anthropic-messages"
    ),
    "deepseek": Provider(base_url="https://api.deepseek.com/v1", api_key_env="DEEPSEEK_API_KEY"),
    "groq": Provider(base_url="https://api.groq.com/openai/v1", api_key_env="GROQ_API_KEY"),
    "mistral": Provider(base_url="https://api.mistral.ai/v1", api_key_env="MISTRAL_API_KEY"),
    "openai": Provider(base_url="https://api.openai.com/v1", api_key_env="OPENAI_API_KEY"),
    "openrouter": Provider(base_url="https://openrouter.ai/api/v1", api_key_env="OPENROUTER_API_KEY"),
    "together": Provider(base_url="https://api.together.xyz/v1", api_key_env="TOGETHER_API_KEY"),
    "xai": Provider(base_url="https://api.x.ai/v1", api_key_env="XAI_API_KEY"),
}


def find(model: str, own: dict[str, Provider]) -> tuple[Provider, str]:
    """Return the provider of ``PROVIDER/MODEL`` and the model's name there; ``own`` are the user's, asked first.

    Raises UsageError in one line.
    """
    name, slash, rest = model.partition("/")
    known = {**PROVIDERS, **own}
    if not slash or name not in known:
        hint = "Say PROVIDER/MODEL, or name the endpoint with --base-url URL."
        if slash:
            hint = " ".join(filter(None, (did_you_mean(name, known), "Or name it with --base-url URL.")))
        raise UsageError("unknown provider", where=f"--model {model}", hint=hint)
    return known[name], rest
