"""Single faults, put into what the oracle left."""

import json
import subprocess
from pathlib import Path


def git(workspace: Path, *args: str, stdin: bytes = b"") -> str:
    """Return what git prints in the repository."""
    done = subprocess.run(
        ["git", "-C", str(workspace / "repo"), *args], input=stdin, capture_output=True, check=True
    )
    return done.stdout.decode()


def rename(workspace: Path, failure: str, revision: str) -> None:
    """Name another commit: ``revision`` is seen from the one that was named."""
    path = workspace / "culprits.json"
    named = json.loads(path.read_text("utf-8"))
    named[failure] = git(workspace, "rev-parse", named[failure] + revision).strip()
    path.write_text(json.dumps(named), "utf-8")


def recommit(workspace: Path, path: str, text: str, parent: str = "fix") -> None:
    """Put another commit on the branch fix, with one file changed."""
    size = len(text.encode())
    lines = [
        "commit refs/heads/fix",
        "committer Helper <helper@ockertile.example> 1760000100 +0000",
        "data 5\nAgain",
        f"from {git(workspace, 'rev-parse', parent).strip()}",
        f"M 100644 inline {path}\ndata {size}\n{text}",
        "",
    ]
    git(workspace, "fast-import", "--quiet", "--force", "--date-format=raw", stdin="\n".join(lines).encode())


def show(workspace: Path, path: str) -> str:
    """Return a file of the branch fix."""
    return git(workspace, "show", f"fix:{path}")


def changed(workspace: Path) -> list[tuple[str, str]]:
    """Return which settings the fix changes, as file and line, without common.cfg."""
    found, path = [], ""
    for line in git(workspace, "diff", "-U0", "main", "fix", "--", "zones").splitlines():
        if line.startswith("+++ "):
            path = line[6:]
        elif line.startswith("+"):
            found.append((path, line[1:]))
    return found


def off_by_a_step(workspace: Path, dwell: bool) -> None:
    """Put one of the two figures a step beside."""
    path, line = next(one for one in changed(workspace) if one[1].startswith("dwell") == dwell)
    kind, _, number = line.partition(" = ")
    text = show(workspace, path).replace(line, f"{kind} = {int(number) + 1}")
    recommit(workspace, path, text)
