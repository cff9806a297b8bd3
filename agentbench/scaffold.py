"""Begin a new task: four files that load and pass no gate until they are written."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from agentbench import paths
from agentbench.errors import UsageError
from agentbench.model import Difficulty

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FILES = ("task.yaml", "setup.py", "checks.py", "solutions.py")


def create(root: Path, name: str, difficulty: Difficulty) -> list[Path]:
    """Write the files of the task ``<suite>/<slug>`` below the suites' folder ``root``; return their paths.

    Raises UsageError for a name that cannot be used, or when any of the files is there already.
    """
    suite, _, slug = name.partition("/")
    if not (_NAME.fullmatch(suite) and _NAME.fullmatch(slug)):
        raise UsageError(
            "is no SUITE/SLUG",
            where=name,
            hint="For example research/price-history: small letters, digits, '-'.",
        )
    folder = root / suite / slug
    targets = [folder / file for file in _FILES[:3]] + [paths.solutions_file(folder)]
    if there := next((target for target in targets if target.exists()), None):
        raise UsageError("is there already", where=str(there), hint="Choose another name, or edit that task.")
    words = {
        "id": f"{suite}-{slug}",
        "suite": suite,
        "title": slug.replace("-", " ").capitalize(),
        "difficulty": difficulty.value,
    }
    templates = paths.data_dir("templates") / "task"
    for file, target in zip(_FILES, targets, strict=True):
        target.parent.mkdir(parents=True, exist_ok=True)
        text = Template((templates / f"{file}.tmpl").read_text("utf-8"))
        target.write_text(text.substitute(words), "utf-8")
    return targets
