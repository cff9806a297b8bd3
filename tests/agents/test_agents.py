"""Agents by name: ours, and those of other packages, as docs/agents.md shows it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tiny

from agentbench.agents import registry
from agentbench.errors import UsageError
from agentbench.paths import CHECKOUT


def test_the_built_in_ones_are_made_without_a_search() -> None:
    """Each says its own name, and is no stranger."""
    for name in registry.ACTORS:
        agent = registry.make(name, {})
        assert agent.about().name == agent.name == name
        assert not agent.about().nonstandard


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    """In one line."""
    with pytest.raises(UsageError, match="Did you mean 'openclaw'"):
        registry.make("openclaww", {})


@pytest.mark.parametrize("name", ["openclaw", "command", "replay"])
def test_an_agent_that_lacks_its_options_says_which(name: str) -> None:
    """Model, command or run."""
    with pytest.raises(UsageError, match=r"needs --(model|command|from)"):
        registry.make(name, {})


def test_the_example_of_the_docs_runs_and_is_marked(tmp_path: Path) -> None:
    """A package with entry points: its agent works in a box, its validator judges, and the results name both."""
    page = (CHECKOUT / "docs" / "agents.md").read_text("utf-8")
    code = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    entry = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(code) == len(entry) == 1
    packages = tmp_path / "packages"
    info = packages / "greeter-1.0.dist-info"
    info.mkdir(parents=True)
    (packages / "greeter.py").write_text(code[0])
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: greeter\nVersion: 1.0\n")
    group, point = re.findall(r'"(agentbench\.agents)"\]\n(.*)\n', entry[0])[0]
    points = f"[{group}]\n{point.replace(chr(34), '')}\n[agentbench.validators]\npolite = polite:polite\n"
    (info / "entry_points.txt").write_text(points)
    (packages / "polite.py").write_text(
        "from agentbench.validators.base import failed, passed\n\n\n"
        "def polite(ctx, word):\n    return passed() if word in ctx.text('greeting.txt') else failed(word, 'rude')\n"
    )
    first = "      - {id: sum, type: sum-right, points: 30}"
    foreign = "      - {id: polite, type: polite, word: hello, required: false}"
    yaml = tiny.YAML.replace(first, f"{foreign}\n{first}")
    tiny.write_task(tmp_path, yaml=yaml)
    environment = {
        **os.environ,
        "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{packages}",
        "AGENTBENCH_TMP": str(tmp_path / "tmp"),
    }
    (tmp_path / "tmp").mkdir()
    words = ["run", "--agent", "greeter", "--tasks", str(tmp_path / "tasks"), "--json"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "agentbench", *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout.splitlines()[-1])["results"]
    assert results["nonstandard"] == ["greeter", "polite"]
    assert results["agent"]["name"] == "greeter"
    (attempt,) = results["tasks"][0]["attempts"]
    assert attempt["changed_files"] == ["greeting.txt"]
    assert (attempt["status"], attempt["resolved"]) == ("scored", False)
    assert {check["id"]: check["status"] for check in attempt["checks"]}["polite"] == "passed"
