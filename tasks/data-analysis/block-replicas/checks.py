"""Judge the lists of the given cluster, and those that replay.py makes of hidden ones.

Each hidden cluster dwells on some sections of ops.md, so that the checks tell which was not got right; the last mixes
all. Rows are compared as sets, numbers of blocks as numbers, instants in one spelling.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
from pathlib import Path

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    clip,
    failed,
    is_inside,
    parse_csv,
    same_set,
)

LIMIT_SEC = 60
_MAX_BYTES = 8 * 1024 * 1024
STATES, REPLICAS = ("probe", "state", "block", "node"), ("block", "node")
_BLOCK = re.compile(r"(?:blk_)?([+-]?\d{1,20})")
_NAMES = {"under-replicated": "under", "underreplicated": "under"}


def given_states(ctx: Context) -> Verdict:
    """Judge the lists of the given cluster at every probe."""
    found = _states(ctx.csv("out/state.csv", STATES))
    return same_set(_given(ctx)[0], found, "rows")


def given_replicas(ctx: Context) -> Verdict:
    """Judge the replicas of the given cluster at its last probe."""
    found = _replicas(ctx.csv("out/replicas.csv", REPLICAS))
    return same_set(_given(ctx)[1], found, "replicas")


def cluster_right(ctx: Context, cluster: str) -> Verdict:
    """Judge both files that replay.py writes for a hidden cluster."""
    ctx.path("replay.py")
    out = ctx.once("clusters", lambda: _run_all(ctx))
    known = _clusters(ctx)[cluster]
    place = _unnamed(known)
    end = _read(out, f"{place}.end") if (out / f"{place}.end").exists() else "was not run"
    if end:
        return failed(f"replay.py ends well on {cluster} within {LIMIT_SEC} s", clip(end))
    states, replicas = _wanted(known)
    found = _states(parse_csv(_read(out, f"{place}/state.csv"), STATES, "state.csv"))
    verdict = same_set(states, found, f"rows of state.csv on {cluster}")
    if verdict.share < 1:
        return verdict
    found = _replicas(parse_csv(_read(out, f"{place}/replicas.csv"), REPLICAS, "replicas.csv"))
    return same_set(replicas, found, f"rows of replicas.csv on {cluster}")


def _run_all(ctx: Context) -> Path:
    """Run replay.py on all hidden clusters in one go. Returns the folder of what it wrote."""
    desk, out = ctx.scratch(), ctx.scratch()
    driver = desk / "driver.py"
    driver.write_bytes((ctx.task_dir / "_block_replicas_driver.py").read_bytes())
    clusters = dict(sorted((_unnamed(cluster), cluster) for cluster in _clusters(ctx).values()))
    for name, cluster in clusters.items():
        (desk / name / "logs").mkdir(parents=True)
        (desk / name / "probes.txt").write_text(cluster["probes"], "utf-8")
        for file, text in cluster["logs"].items():
            (desk / name / "logs" / file).write_text(text, "utf-8")
    argv = ["python3", str(driver), "replay.py", str(desk), str(out), str(LIMIT_SEC), *clusters]
    ctx.run(argv, cwd=ctx.copy(), timeout_sec=LIMIT_SEC * (len(clusters) + 1.0))
    return out


def _unnamed(cluster: dict) -> str:
    """Return a name for a cluster that does not tell the program what it dwells on."""
    return hashlib.sha256(json.dumps(cluster["logs"]).encode()).hexdigest()[:12]


def _given(ctx: Context) -> tuple[set[str], set[str]]:
    return ctx.once("given", lambda: _wanted(ctx.expected("given.json")))


def _clusters(ctx: Context) -> dict:
    return ctx.once("hidden", lambda: ctx.expected("clusters.json"))


def _wanted(answers: dict) -> tuple[set[str], set[str]]:
    states = {_row(probe, state, block, node) for probe, state, block, node in answers["states"]}
    return states, {f"{block} {node}" for block, node in answers["replicas"]}


def _states(rows: list[dict[str, str]]) -> set[str]:
    found = set()
    for row in rows:
        state = row["state"].casefold()
        state = _NAMES.get(state, state)
        probe = row["probe"].replace("T", " ").replace(",", ".").removesuffix("Z")
        found.add(_row(probe, state, _number(row["block"]), row["node"] if state == "stale" else ""))
    return found


def _replicas(rows: list[dict[str, str]]) -> set[str]:
    return {f"{_number(row['block'])} {row['node']}" for row in rows}


def _row(probe: str, state: str, block: int | str, node: str) -> str:
    return f"{probe} {state} {block} {node}".strip()


def _number(text: str) -> int | str:
    hit = _BLOCK.fullmatch(text)
    return int(hit[1]) if hit else text


def _read(out: Path, name: str) -> str:
    """Return a file that the program wrote. Raises CheckFailed when it is none, or none that can be read."""
    path = out / name
    if not is_inside(path, out) or not path.exists() or not stat.S_ISREG(path.stat().st_mode):
        raise CheckFailed(f"replay.py writes {name}", "no such file")
    if path.stat().st_size > _MAX_BYTES:
        raise CheckFailed(f"{name} of sensible size", f"{path.stat().st_size} bytes")
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (UnicodeDecodeError, OSError) as error:
        raise CheckFailed(f"{name}: UTF-8 text", type(error).__name__) from None
