"""Judges the list of variables against what the generator put into the code, and by starting the service.

What each check rests on, in the prompt: names - "one object per variable", "the name exactly as it has to be
set", "What counts is what this code itself looks up"; required - "at least one place … without having a
fallback"; starts - the sentence on ``python3 -m service --check``; defaults - "the text that the code falls
back on", "default is then null"; example - "every variable once"; guard - "leave the files … as they are".
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, number, passed, same_set

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_LINE = re.compile(r"(?:export\s+)?([^=\s]+)\s*=.*")
_MOST = 200
_STARTS = """
import json, os, runpy, sys
ended = []
for given in json.load(sys.stdin):
    if not (child := os.fork()):
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 1), os.dup2(nothing, 2)
        os.environ.update(given)
        sys.argv = ["service", "--check"]
        try:
            runpy.run_module("service", run_name="__main__", alter_sys=True)
            left = 0
        except SystemExit as end:
            left = 1 if end.code else 0
        except BaseException:
            left = 1
        os._exit(left)
    ended.append(os.waitpid(child, 0)[1])
print(json.dumps(ended))
"""
"""Starts the given service with one environment after another, in forks, and prints how each start ended."""


def names_exact(ctx: Context) -> Verdict:
    """Judge whether the list names exactly the variables the code reads, each once."""
    names = [entry["name"] for entry in _entries(ctx)]
    if twice := sorted(name for name, times in Counter(names).items() if times > 1):
        return failed("one object per variable", f"twice: {', '.join(twice[:5])}")
    return same_set(set(_truth(ctx)), set(names), "names")


def required_exact(ctx: Context) -> Verdict:
    """Judge whether exactly the variables without a fallback somewhere are marked as required."""
    right = {name for name, entry in _truth(ctx).items() if entry["required"]}
    return same_set(right, _required(ctx), "required variables")


def starts_with_required(ctx: Context) -> Verdict:
    """Judge whether the service starts with the required variables alone, and with none of them missing."""
    names = sorted(_required(ctx))
    if len(names) > 3 * len(_truth(ctx)):
        raise CheckFailed("the variables the service needs", f"{len(names)} required variables")
    if strays := sorted(set(names) - set(_truth(ctx))):  # never set here: some would start another program
        return failed("the service needs every required variable", f"it does not read {', '.join(strays[:5])}")
    samples = ctx.expected("answers.json")["samples"]
    values = {name: samples.get(name, "1") for name in names}
    tries = [values, *({name: values[name] for name in names if name != left_out} for left_out in names)]
    argv = ["python3", "-c", _STARTS]
    done = ctx.run(argv, cwd=ctx.copy(ctx.pristine), timeout_sec=60, stdin=json.dumps(tries).encode())
    with_all, *without_one = json.loads(done.stdout)
    if with_all:
        return failed("the service starts with the required variables", f"not with {', '.join(names)}")
    for left_out, ended in zip(names, without_one, strict=True):
        if not ended:
            return failed("the service needs every required variable", f"it also starts without {left_out}")
    return passed(f"starts with {len(names)} variables and with none of them missing")


def defaults_right(ctx: Context) -> Verdict:
    """Judge whether each variable has the fallback of the code, and null where it is required."""
    listed = {entry["name"]: entry.get("default") for entry in _entries(ctx)}
    wrong = []
    for name, entry in sorted(_truth(ctx).items()):
        if name not in listed:
            wrong.append(f"{name}: missing")
        elif not _same_default(entry["default"], listed[name]):
            wrong.append(f"{name}: {_shown(listed[name])} instead of {entry['default']!r}")
    if wrong:
        return failed("the fallback of each variable", f"{len(wrong)} wrong: {'; '.join(wrong[:5])}")
    return passed(f"{len(listed)} defaults, all right")


def example_names(ctx: Context) -> Verdict:
    """Judge whether the template sets exactly the variables the code reads, none twice."""
    names = []
    for line in ctx.text(".env.example").split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            if not (hit := _LINE.fullmatch(line.strip())):
                return failed("lines NAME=default", line)
            names.append(hit[1])
    if twice := sorted(name for name, times in Counter(names).items() if times > 1):
        return failed("every variable once", f"twice: {', '.join(twice[:5])}")
    return same_set(set(_truth(ctx)), set(names), "names")


def _truth(ctx: Context) -> dict[str, dict[str, Any]]:
    return ctx.expected("answers.json")["variables"]


def _entries(ctx: Context) -> list[dict[str, Any]]:
    """Return the objects of env.json, each with a name that a variable can have. Raises CheckFailed."""
    listed = ctx.json("env.json")
    if not isinstance(listed, list) or not listed:
        raise CheckFailed("env.json: a list of objects", _shown(listed))
    if len(listed) > _MOST:
        raise CheckFailed("env.json: one object per variable", f"{len(listed)} objects")
    for entry in listed:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise CheckFailed("env.json: objects with a variable's name", _shown(entry))
    return listed


def _required(ctx: Context) -> set[str]:
    entries = _entries(ctx)
    for entry in entries:
        if not isinstance(entry.get("required"), bool):
            raise CheckFailed("required: true or false", _shown(entry))
    return {entry["name"] for entry in entries if entry["required"]}


def _same_default(right: str | None, found: object) -> bool:
    if right is None or found is None:
        return right is found
    if isinstance(found, str) and found == right:
        return True
    try:
        return number(found) == number(right)
    except CheckFailed:
        return False


def _shown(value: object) -> str:
    try:
        return f"{value!r:.80}"
    except (RecursionError, ValueError):
        return type(value).__name__
