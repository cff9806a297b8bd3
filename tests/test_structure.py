"""The shape of the package: who may import whom, how large things get, and that everything is described."""

from __future__ import annotations

import argparse
import ast
import functools
import importlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentbench.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "agentbench"

#: Bottom to top. A module imports from strictly lower layers, or from its own group where the group is a package.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("agentbench", "errors", "model", "isolated", "shellwords", "i18n", "student"),
    ("codec", "paths", "failures", "yamlines", "shellfacts"),
    (
        "scratch",
        "redact",
        "sandbox",
        "survivors",
        "watch",
        "usage",
        "providers",
        "stats",
        "inference",
        "flags",
        "ledger",
        "active",
        "checkspecs",
        "signing",
        "snapshot",
        "trajectory",
    ),
    ("process", "stored", "provenance", "state", "tasks", "behavior", "timeline", "transcripts", "metering", "detours"),
    ("gitsafe", "workspace"),
    ("scoring", "audit", "reach", "validators", "agents"),
    ("identity", "trial", "tally"),
    ("tries", "results", "taskcheck", "scaffold", "cards", "desks", "schedule"),
    ("handin", "instructions", "execution"),
    ("runner", "preflight"),
    ("report", "protocol", "history"),
    ("compare", "analysis"),
    ("finish", "progress"),
    ("estimate", "doctor", "trend", "site"),
    ("cli",),
    ("__main__",),
)
#: What reads the results payload alone.
PAYLOAD_READERS = {"report", "compare", "analysis"}
PAYLOAD_NEEDS = {"agentbench", "errors", "model", "codec", "paths", "failures", "flags", "scoring", "stats", "i18n"}
PAYLOAD_NEEDS |= {"report", "inference", "student"}
"""``scoring`` for the titles of the rubric; it is pure."""
FUNCTION_IMPORTS: dict[tuple[str, str], str] = {}
"""(module, function) → why it imports inside; the command line loads what it needs by `importlib`."""
MAX_MODULE, MAX_FUNCTION, MAX_PARAMETERS = 400, 60, 6

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@functools.cache
def tree(name: str) -> ast.Module:
    """Return a module parsed."""
    return ast.parse(MODULES[name].read_text("utf-8"))


@functools.cache
def imports(name: str) -> frozenset[str]:
    """Return the modules of the package that a module imports anywhere, itself excepted."""
    found: set[str] = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "agentbench"}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno} imports relatively"
            if (node.module or "").split(".")[0] == "agentbench":
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= {one if one in MODULES else str(node.module) for one in whole}
    return frozenset(found - {name})


def group(name: str) -> str:
    """Return the name that a module has in `LAYERS`: its own, or its package's."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def layer(name: str) -> int:
    """Return the number of a module's layer."""
    return next(number for number, names in enumerate(LAYERS) if group(name) in names)


def functions(node: ast.AST) -> Iterator[Function]:
    """Yield all functions below ``node``."""
    return (one for one in ast.walk(node) if isinstance(one, Function))


def public(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """Yield public functions and classes, and the public methods of these classes."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def tracked() -> list[Path]:
    """Return the files that belong to the project: tracked, or new and not ignored."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_every_module_has_a_layer_and_every_layer_its_modules() -> None:
    """A new module must be given its place here; a name that is gone must not linger."""
    listed = {name for names in LAYERS for name in names}
    assert {group(name) for name in MODULES} == listed


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_downward_only(name: str) -> None:
    """A module imports from lower layers; inside a package its modules may import each other."""
    upward = {other for other in imports(name) if group(other) != group(name) and layer(other) >= layer(name)}
    assert not upward


def test_there_is_no_import_cycle() -> None:
    """Not even inside a package: following imports never leads back."""
    done: set[str] = set()

    def follow(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for other in sorted(imports(name)):
                follow(other, (*trail, name))
            done.add(name)

    for name in MODULES:
        follow(name, ())
    assert done >= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_validators_and_agents_never_import_each_other(name: str) -> None:
    """What judges and what is judged share no code but the layers below both."""
    seen, pending = set(), [name]
    while pending:
        for other in imports(pending.pop()) - seen:
            seen.add(other)
            pending.append(other)
    reached = {group(other) for other in seen}
    assert not (group(name) == "validators" and "agents" in reached)
    assert not (group(name) == "agents" and "validators" in reached)


@pytest.mark.parametrize("name", [name for name in MODULES if group(name) in PAYLOAD_READERS])
def test_readers_of_the_payload_know_nothing_of_the_engine(name: str) -> None:
    """A report can be made of any results.json, without the run it came from."""
    assert {group(other) for other in imports(name)} <= PAYLOAD_NEEDS | {group(name)}


@pytest.mark.parametrize("name", MODULES)
def test_imports_stand_at_the_top(name: str) -> None:
    """An import inside a function needs a listed reason."""
    inside = {
        (name, function.name)
        for function in functions(tree(name))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert inside <= FUNCTION_IMPORTS.keys()


@pytest.mark.parametrize("name", MODULES)
def test_modules_and_functions_stay_small(name: str) -> None:
    """At most 400 lines a module, 60 a function, 6 parameters (``self`` and ``cls`` not counted)."""
    assert len(MODULES[name].read_text("utf-8").splitlines()) <= MAX_MODULE
    for function in functions(tree(name)):
        assert (function.end_lineno or 0) - function.lineno + 1 <= MAX_FUNCTION, function.name
        given = function.args
        names = [arg.arg for arg in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        assert len([one for one in names if one not in {"self", "cls"}]) <= MAX_PARAMETERS, function.name


@pytest.mark.parametrize("name", MODULES)
def test_everything_public_is_described(name: str) -> None:
    """Modules, classes, functions and methods that are public have a docstring."""
    module = tree(name)
    assert ast.get_docstring(module)
    silent = [node.name for node in public(module.body) if not ast.get_docstring(node)]
    assert silent == []


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_left_undone(name: str) -> None:
    """No stub and no note to self."""
    text = MODULES[name].read_text("utf-8")
    assert not re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", text)
    empty = [
        function.name
        for function in functions(tree(name))
        if all(isinstance(one, ast.Pass) for one in function.body)
    ]
    assert empty == []


def test_architecture_names_every_module() -> None:
    """A reader finds every module (of a package at least its name) in ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    names = {group(name) for name in MODULES} - {"agentbench", "__main__"}
    missing = sorted(name for name in names if not re.search(rf"(?m)(?:^|\s\s|, ){name}(?:/|,|\s\s)", text))
    assert missing == []


def options(command: str) -> list[str]:
    """Return the long options of a command."""
    parser = argparse.ArgumentParser()
    module = importlib.import_module(f"agentbench.cli.{COMMANDS[command][0]}")
    module.COMMANDS[command].configure(parser)
    words = [word for action in parser._actions for word in action.option_strings]
    return [word for word in words if word.startswith("--") and word != "--help"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented(command: str) -> None:
    """Each command and each of its options is named in README.md, SKILL.md or docs/."""
    pages = [ROOT / "README.md", ROOT / "SKILL.md", *sorted((ROOT / "docs").rglob("*.md"))]
    text = "\n".join(page.read_text("utf-8") for page in pages if page.is_file())
    assert re.search(rf"(?:agentbench`?|\|) {command}\b|`{command}\b", text), command
    missing = [word for word in options(command) if not re.search(rf"{re.escape(word)}(?![\w-])", text)]
    assert missing == []


def test_what_an_agent_installs_holds_no_solutions() -> None:
    """No solution file and no function of a solution's name lies under tasks/."""
    found = [
        path for path in (ROOT / "tasks").rglob("*.py") if path.stem in {"solutions", "oracle", "solution"}
    ]
    assert found == []
    for path in (ROOT / "tasks").rglob("*.py"):
        names = {function.name for function in functions(ast.parse(path.read_text("utf-8")))}
        assert not names & {"oracle", "stuffer"}, path


MACHINE = re.compile(
    rb"(?<![\w.$}/-])/(?:root|work|mnt/data|home/(?!u\b|user\b|agent\b|\w*>|\w*\{)\w+)/\w"
    rb"|registry\.npmjs\.org/|npmmirror|pypi\.tuna|nexus\.|artifactory"
)


def test_no_file_names_a_path_or_registry_of_a_machine() -> None:
    """Files of the project hold no path of the machine they were written on and no package registry's host."""
    found = []
    for path in tracked():
        if path == Path(__file__) or path.suffix in {".png", ".gz"}:
            continue
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if hit := MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} {hit[0].decode()}")
    assert found == []
