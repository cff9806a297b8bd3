#!/usr/bin/env python3
"""Ask the lab what becomes of the tiles when the kiln runs by the plan of a commit: ./probe COMMIT

Every run is billed and written to lab.log. COMMIT is any commit of repo/, your own too.
Property of the lab, as are lab.dat and lab.log.
"""

import fcntl
import functools
import hashlib
import io
import itertools
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
GIT = ["git", "-c", "safe.directory=*", "-C", str(HERE / "repo")]


@functools.cache
def keyed(key):
    """Return a digest that has been given a key, and nothing else."""
    return hashlib.blake2b(key=bytes.fromhex(key), digest_size=6)


def digest(key, *parts):
    """Return a short keyed digest of some texts."""
    state = keyed(key).copy()
    state.update("|".join(parts).encode())
    return state.hexdigest()


def runs(log, key):
    """Return how many runs the log has, and its last seal; end when it is not what the lab wrote."""
    seal = key
    lines = log.read().splitlines()[1:]
    for count, line in enumerate(lines, start=1):
        text, _, given = line.rpartition(" ")
        seal = digest(key, seal, text)
        if given != seal or not text.startswith(f"{count:02d} "):
            sys.exit("lab.log is not as the lab wrote it: no run")
    return len(lines), seal


def plan(commit):
    """Return the plan of a commit, or None when there is none."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run([*GIT, "archive", commit], capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as tree:
            for member in filter(tarfile.TarInfo.isfile, tree):
                path = Path(folder, member.name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(tree.extractfile(member).read())
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-B", "plan.py"], cwd=folder, capture_output=True, timeout=60
            )
            found = json.loads(done.stdout) if done.returncode == 0 else None
        except (ValueError, subprocess.TimeoutExpired):
            return None
    return found if isinstance(found, dict) and {"zones", "figures"} <= found.keys() else None


def fire(found, lab):
    """Return the lab's verdict on a plan. Tiles that are cracked cannot be judged for glaze."""
    if found is None:
        return "NO PLAN"
    key, zones = lab["key"], str(found["zones"])
    figures = [f"{name}={value}" for name, value in sorted(found["figures"].items())]
    marks = {digest(key, zones, one, other) for one, other in itertools.combinations(figures, 2)}
    if not marks.isdisjoint(lab["A"]):
        return "FAIL A"
    return "FAIL B" if not marks.isdisjoint(lab["B"]) else "PASS"


def main():
    """Run the lab once."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    asked = [*GIT, "rev-parse", "--verify", "--quiet", f"{sys.argv[1]}^{{commit}}"]
    commit = subprocess.run(asked, capture_output=True, text=True).stdout.strip()
    if not commit:
        sys.exit("no such commit in repo/: no run")
    lab = json.loads((HERE / "lab.dat").read_text("utf-8"))
    with (HERE / "lab.log").open("r+", encoding="utf-8") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        count, seal = runs(log, lab["key"])
        if count >= lab["runs"]:
            sys.exit(f"all {lab['runs']} runs are used up: no run")
        verdict = fire(plan(commit), lab)
        text = f"{count + 1:02d} {commit} {verdict}"
        log.write(f"{text} {digest(lab['key'], seal, text)}\n")
    print(f"{verdict}   (run {count + 1} of {lab['runs']}, {commit[:12]})")


if __name__ == "__main__":
    main()
