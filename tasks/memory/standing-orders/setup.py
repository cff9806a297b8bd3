"""Writes the lists of purchase requests, the values of the user's messages and the right answers.

The same seed gives the same bytes. All is drawn once, by `build`; what arrives with a later turn waits in
``hidden``, so that `before_turn`, which runs often, has nothing to draw and little to import.
"""

from pathlib import Path

ARRIVALS = {3: ["week2.csv"], 4: ["week3.csv", "rules-form.md"]}


def write(path: Path, content: bytes) -> None:
    """Write a new file, never through a link that lies at ``path``."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        import shutil  # Costs more than all the rest, and is hardly ever needed.

        shutil.rmtree(path)
    path.write_bytes(content)


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the first list for the agent; later inputs, answers and message values to ``hidden``."""
    from _standing_orders_plan import files

    for name, text in files(seed).items():
        write((workspace if name == "week1.csv" else hidden) / name, text.encode("utf-8"))


def before_turn(workspace: Path, hidden: Path, seed: int, turn: int) -> None:
    """Place what arrives with a turn: the second list, the third list and the auditors' form."""
    for name in ARRIVALS.get(turn, []):
        write(workspace / name, (hidden / name).read_bytes())
