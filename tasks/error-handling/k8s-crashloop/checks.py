"""Judges the repaired manifests in a full simulator, aspect by aspect, and the list of what was changed.

The YAML is parsed here, as data: aliases, deep nesting and large files are refused. Each fault has an aspect of
its own beside `ready`, `ingress` and `callers`, so that L0 shows which ones were found.
"""

import functools
import math

import yaml
from _k8s_crashloop_cluster import Cluster
from _k8s_crashloop_diff import claimed, difference, same
from _k8s_crashloop_judge import problems

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, passed, safe_name

FOLDER = "manifests/"
SUFFIXES = (".yaml", ".yml", ".json")
MAX_FILES, MAX_CHARS, MAX_DEPTH, MAX_INT = 100, 100_000, 30, 10**18
MAX_BYTES = 200_000
"""Of all manifests together, over ten times what is given: every aspect goes through all of their rules many times."""
FAULTS = ("services", "memory", "config", "probe", "secret", "callers")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNREADABLE = (
    yaml.YAMLError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    OverflowError,
    RecursionError,
)


def aspect_right(ctx: Context, aspect: str) -> Verdict:
    """Judge one aspect of the system that the manifests describe."""
    cluster, facts = _cluster(ctx), ctx.expected("facts.json")
    wrong = problems(aspect, cluster, facts)
    if aspect == "undone" and not wrong:
        n_decided = sum(group == "decided" for group, *_ in facts["settings"])
        if 2 * (n_lost := len(problems("decided", cluster, facts))) > n_decided:
            return failed(
                "an account of whose word held", f"{n_lost} of {n_decided} decisions undone as well"
            )
    if wrong:
        return failed(
            f"{aspect} as constraints.md has it", safe_name(f"{len(wrong)} wrong: {'; '.join(wrong[:5])}")
        )
    return passed("as constraints.md has it")


def rest_kept(ctx: Context) -> Verdict:
    """Judge that nothing but the faulty values changed: no object, probe, quota, label or other field."""
    facts = ctx.expected("facts.json")
    changed = _difference(ctx)
    other = [place for place in changed if not any(_within(place, tuple(right)) for right in facts["places"])]
    if other:
        shown = "; ".join(f"{file} {pointer}" for file, pointer in other[:5])
        return failed("all else as given", safe_name(f"{len(other)} changed: {shown}"))
    return passed("all else as given")


def fixes_true(ctx: Context) -> Verdict:
    """Judge that the list is the real difference, of manifests in which at least three faults are repaired."""
    stated = _claimed(ctx)
    cluster, facts = _cluster(ctx), ctx.expected("facts.json")
    repaired = [one for one in FAULTS if not problems(one, cluster, facts)]
    if len(repaired) < 3:
        return failed("a list of repairs", f"{len(repaired)} of {len(FAULTS)} faults are repaired")
    real = _difference(ctx)
    wrong = same(real, stated)
    if wrong:
        shown = "; ".join(f"{file} {pointer}" for file, pointer in wrong[:5])
        return failed("the real difference", safe_name(f"{len(wrong)} values differ from it: {shown}"))
    return passed(f"{len(real)} values, as in the files")


def inputs_unchanged(ctx: Context) -> Verdict:
    """Judge that everything given outside of manifests/ is as it was."""
    for path in sorted(ctx.pristine.rglob("*")):
        name = path.relative_to(ctx.pristine).as_posix()
        if name.startswith(FOLDER) or not path.is_file():
            continue
        try:
            same_bytes = ctx.bytes(name) == path.read_bytes()
        except CheckFailed as error:
            return failed(error.expected, error.found)
        if not same_bytes:
            return failed(f"{name} as given", "changed")
    return passed("as given")


def _within(place: tuple[str, str], right: tuple[str, str]) -> bool:
    return place[0] == right[0] and (place[1] == right[1] or place[1].startswith(f"{right[1]}/"))


def _difference(ctx: Context) -> dict[tuple[str, str], tuple[object, object]]:
    return ctx.once("difference", lambda: difference(ctx.expected("facts.json")["given"], _manifests(ctx)))


def _cluster(ctx: Context) -> Cluster:
    return ctx.once("cluster", lambda: Cluster(list(_manifests(ctx).values())))


def _claimed(ctx: Context) -> dict[tuple[str, str], tuple[object, object]]:
    """Return what fixes.json says was changed. Raises CheckFailed."""
    listed = ctx.json("fixes.json")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise CheckFailed("fixes.json: a list of objects", type(listed).__name__)
    entries = []
    for one in listed:
        file, path = one.get("file"), one.get("path")
        if not isinstance(file, str) or not isinstance(path, str):
            raise CheckFailed(
                "fixes.json: file and path as text", f"{type(file).__name__}, {type(path).__name__}"
            )
        file = file.replace("\\", "/").removeprefix("./").removeprefix(FOLDER)
        entries.append((file, path, *(_plain(one.get(key), 0) for key in ("old", "new"))))
    try:
        return claimed(entries)
    except ValueError as error:
        raise CheckFailed("fixes.json: values of manifests", str(error)) from None


def _manifests(ctx: Context) -> dict[str, object]:
    """Return the object of every manifest, read once for all checks. Raises CheckFailed."""
    return ctx.once("manifests", lambda: _read(ctx))


def _read(ctx: Context) -> dict[str, object]:
    """Return the object of every manifest, by file name below manifests/. Raises CheckFailed."""
    names = [name for name in ctx.files(f"{FOLDER}**") if name.endswith(SUFFIXES)]
    if not 0 < len(names) <= MAX_FILES:
        raise CheckFailed("the manifests", f"{len(names)} files")
    if (size := sum((ctx.workspace / name).stat().st_size for name in names)) > MAX_BYTES:
        raise CheckFailed("manifests of sensible size", f"{size} bytes")
    found = {}
    for name in names:
        try:
            found[name.removeprefix(FOLDER)] = _parsed(ctx.text(name))
        except _UNREADABLE as error:
            raise CheckFailed(f"{safe_name(name)}: one object in YAML", safe_name(str(error)[:300])) from None
    return found


@functools.lru_cache(maxsize=400)
def _parsed(text: str) -> object:
    """Return the one object in a text; callers must not change it. Raises one of `_UNREADABLE`."""
    if len(text) > MAX_CHARS:
        raise ValueError(f"{len(text)} characters")
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > MAX_DEPTH:
            raise ValueError("aliases or nesting that no manifest needs")
    return _plain(yaml.load(text, Loader=_LOADER), 0)


def _plain(value: object, depth: int) -> object:
    """Return a value made of JSON types only, with text as keys. Raises CheckFailed for anything else."""
    if depth > MAX_DEPTH:
        raise CheckFailed("values of manifests", "nested too deeply")
    if isinstance(value, dict):
        return {str(_plain(key, depth + 1)): _plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, depth + 1) for one in value]
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)) and (
        math.isfinite(value) if isinstance(value, float) else abs(value) < MAX_INT
    ):
        return value
    raise CheckFailed("values of manifests", f"a value of type {type(value).__name__}, or out of range")
