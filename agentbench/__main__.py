"""Run the command line as ``python -m agentbench``."""

from agentbench.cli.main import entry

if __name__ == "__main__":
    entry()
