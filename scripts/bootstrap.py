"""Make the environment that `scripts/agentbench` runs in: a virtual environment with the declared dependencies.

Called with the repository's root, the environment's folder and the name of the stamp that says it is ready.
Safe to call twice at once; standard library only. `--dev` adds the packages that the tests need.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path


def main() -> int:
    """Make the environment unless another process just did."""
    root, venv, stamp = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    venv.parent.mkdir(parents=True, exist_ok=True)
    with (venv.parent / f"{venv.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready, project = venv / stamp, root / "pyproject.toml"
        if ready.exists() and ready.stat().st_mtime >= project.stat().st_mtime:
            return 0
        if venv.exists() and not any(venv.glob(".agentbench*ready")):
            shutil.rmtree(venv)  # left behind half made
        print("agentbench: first use, making its environment (about 20 s) ...", file=sys.stderr, flush=True)
        try:
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
    return 0


def make(venv: Path, project: dict, *, dev: bool) -> None:
    """Create the environment and install what ``project`` declares; the package itself stays where it is."""
    wanted = list(project["dependencies"])
    if dev:
        wanted += project["optional-dependencies"]["dev"]
    python = venv / "bin" / "python"
    uv = shutil.which("uv")
    if uv:
        if not python.exists():
            call([uv, "venv", "--quiet", "--python", sys.executable, str(venv)])
        call([uv, "pip", "install", "--quiet", "--python", str(python), *wanted])
    else:
        if not python.exists():
            call([sys.executable, "-m", "venv", "--clear", str(venv)])
        call([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted])


def call(argv: list[str]) -> None:
    """Run a command quietly; raises CalledProcessError with what it said."""
    subprocess.run(argv, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
