"""Make the environment that `scripts/agentbench` runs in: a virtual environment with the declared dependencies.

Called with the repository's root, the environment's folder and the name of the stamp that says it is ready.
Safe to call twice at once; standard library only. `--dev` adds the packages that the tests need.
A folder that carries no stamp of ours is somebody else's: it is neither used nor removed.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

MAKING = ".agentbench-making"


def main() -> int:
    """Make the environment unless another process just did."""
    root, venv, stamp = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    venv.parent.mkdir(parents=True, exist_ok=True)
    with (venv.parent / f"{venv.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready, project = venv / stamp, root / "pyproject.toml"
        whole = any(venv.glob(".agentbench-*ready")) and os.access(venv / "bin" / "python", os.X_OK)
        if whole and ready.exists() and ready.stat().st_mtime >= project.stat().st_mtime:
            return 0
        if os.path.lexists(venv) and not any(venv.glob(".agentbench-*")):
            print(f"agentbench: {venv} is not its own environment: move it away", file=sys.stderr)
            return 5
        doing = "dependencies changed, updating" if whole else "first use, making"
        if not whole and venv.exists():
            doing = "mending"
        print(f"agentbench: {doing} its environment (about 20 s) ...", file=sys.stderr, flush=True)
        try:
            if not whole:
                renew(venv)
            make(venv, tomllib.loads(project.read_text("utf-8"))["project"], dev="--dev" in sys.argv)
        except (OSError, subprocess.CalledProcessError) as error:
            output = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip()
            print(f"agentbench: the environment could not be made: {error}", file=sys.stderr)
            print(
                output[-1500:] or "Is the Python package index reachable? Is the disk full?", file=sys.stderr
            )
            return 5
        ready.touch()
        os.utime(ready)
        (venv / MAKING).unlink(missing_ok=True)
    return 0


def renew(venv: Path) -> None:
    """Put an empty folder that is marked as ours in place of one that is half made or broken.

    At no moment is there a folder of that name without a mark.
    """
    old, new = (venv.with_name(f"{venv.name}.{word}") for word in ("agentbench-old", "agentbench-new"))
    for rest in (old, new):
        shutil.rmtree(rest, ignore_errors=True)
    new.mkdir()
    (new / MAKING).touch()
    if venv.exists():
        venv.rename(old)
    new.rename(venv)
    shutil.rmtree(old, ignore_errors=True)


def make(venv: Path, project: dict, *, dev: bool) -> None:
    """Create the environment and install what ``project`` declares; the package itself stays where it is."""
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["harness"], *extras["analysis"]]
    if dev:
        wanted += extras["dev"]
    python = venv / "bin" / "python"
    uv = shutil.which("uv")
    if uv:
        if not python.exists():
            call([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(venv)])
        call([uv, "pip", "install", "--quiet", "--python", str(python), *wanted])
    else:
        if not python.exists():
            call([sys.executable, "-I", "-m", "venv", str(venv)])
        pip = [str(python), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        call([*pip, *wanted])


def call(argv: list[str]) -> None:
    """Run a command quietly; raises CalledProcessError with what it said."""
    subprocess.run(argv, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
