"""Run a task author's code in a process of its own: set-up scripts and the solutions of a checkout.

Started as ``python OPTIONS isolated.py …`` in a clean environment; standard library only, and nothing of
AgentBench is imported, so that set-up and solutions cannot lean on the engine. The gate starts it thousands of times,
so that it imports little.
"""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

#: No packages, no folder of the script. ``-I`` would also ignore the fixed PYTHONHASHSEED.
OPTIONS = ("-P", "-s", "-S", "-B")


def _load(path: Path) -> ModuleType:
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(f"_agentbench_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def build(script: Path, workspace: Path, hidden: Path, seed: int) -> None:
    """Generate a task's workspace and hidden values."""
    _load(script).build(workspace, hidden, seed)


def turn(script: Path, workspace: Path, hidden: Path, seed: int, number: int) -> None:
    """Place and remove the inputs of turn ``number`` (from 2) in an existing workspace."""
    _load(script).before_turn(workspace, hidden, seed, number)


def solve(script: Path, functions: str, workspace: Path, number: int, message: str) -> None:
    """Call solutions, joined by ``+``, one after the other for one turn; print the first one's reply, if any."""
    module = _load(script)
    replies = []
    for name in functions.split("+"):
        solution = getattr(module, name)
        replies.append(solution(*[workspace, number, message][: solution.__code__.co_argcount]))
    if replies[0]:
        sys.stdout.write(replies[0])


def declare(script: Path) -> None:
    """Print, as JSON, the names of a file's solutions and the checks that wrong ones and mutations fail."""
    module = _load(script)
    for name, kind in (("ALTERNATIVES", list), ("WRONG", dict), ("MUTATIONS", dict)):
        if not hasattr(module, name):
            raise SystemExit(f"{name} is missing")
        if not isinstance(getattr(module, name), kind):
            raise SystemExit(f"{name} must be a {kind.__name__}")
    wrong, mutations = (
        {solution.__name__: sorted(fails) for solution, fails in found.items()}
        for found in (module.WRONG, module.MUTATIONS)
    )
    alternatives = [solution.__name__ for solution in module.ALTERNATIVES]
    for name in ("oracle", *alternatives, *wrong, *mutations):
        if not callable(getattr(module, name, None)):
            raise SystemExit(f"{name!r} is no function of the file")
    found = {"alternatives": alternatives, "wrong": wrong, "mutations": mutations}
    sys.stdout.write(json.dumps({**found, "stuffer": hasattr(module, "stuffer")}))


def main(argv: list[str]) -> None:
    """Dispatch ``build|turn|solve|declare`` with positional arguments."""
    action, script, *rest = argv
    if action == "build":
        build(Path(script), Path(rest[0]), Path(rest[1]), int(rest[2]))
    elif action == "turn":
        turn(Path(script), Path(rest[0]), Path(rest[1]), int(rest[2]), int(rest[3]))
    elif action == "solve":
        solve(Path(script), rest[0], Path(rest[1]), int(rest[2]), sys.stdin.read())
    elif action == "declare":
        declare(Path(script))
    else:
        raise SystemExit(f"unknown action {action}")


if __name__ == "__main__":
    main(sys.argv[1:])
