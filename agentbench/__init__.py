"""AgentBench: the benchmark an OpenClaw agent can run on itself, and that others can believe."""

__version__ = "0.1.0"
