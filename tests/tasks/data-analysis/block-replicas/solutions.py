"""Solutions of block-replicas. A wrong one, or a mutation, is the oracle's program that misses a sentence of ops.md."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

from _block_replicas_other import REPLAY_OTHER, SEDGE
from _block_replicas_programs import REPLAY


def oracle(workspace: Path, turn: int = 1) -> str | None:
    """Write the program and run it on the given cluster."""
    return _deliver(workspace, REPLAY)


def other_build(workspace: Path, turn: int = 1) -> str | None:
    """One table of replicas and a heap of waits, in a module beside it; tabs, other columns, other order."""
    (workspace / "sedge.py").write_text(SEDGE, "utf-8")
    return _deliver(workspace, REPLAY_OTHER)


def plain_numbers(workspace: Path, turn: int = 1) -> str | None:
    """The oracle's rules, run as a script without a main; numbers without ``blk_``, semicolons, rows sorted."""
    return _deliver(
        workspace,
        _replaced(
            ('f"blk_{number}", name)\n                for number', 'f"{number}", name)\n                for number'),
            ('states += [(what, state, f"blk_{number}", name)', 'states += [(what, state, f"{number}", name)'),
            ("csv.writer(stream)", 'csv.writer(stream, delimiter=";")'),
            ("[header, *rows]", "[header, *sorted(rows)]"),
            ('if __name__ == "__main__":\n    main(*sys.argv[1:4])', "main(*sys.argv[1:4])"),
        ),
    )


# -- wrong from the beginning ----------------------------------------------------------------------


def believes_the_clocks(workspace: Path, turn: int = 1) -> str | None:
    """Takes the stamps of data nodes as they are."""
    return _deliver(workspace, _replaced(("offset = arrived - took - millis(line)", "offset = 0")))


def forgets_to_run(workspace: Path, turn: int = 1) -> str | None:
    """Leaves the program, and no lists of this site."""
    (workspace / "replay.py").write_text(REPLAY.lstrip(), "utf-8")
    return "replay.py is written."


# -- one fault in the oracle's program; the given cluster's lists stay -------------------------------


def knows_no_surplus(workspace: Path) -> None:
    """Replays what is logged, and gives no orders itself."""
    _swap(workspace, ("        while len(candidates) > factor:", "        while False:"))


def answers_this_site_only(workspace: Path) -> None:
    """Gives the rows of the given cluster whatever it is asked."""
    states, replicas = ((workspace / "out" / name).read_text("utf-8") for name in ("state.csv", "replicas.csv"))
    (workspace / "replay.py").write_text(
        "import os, sys\n"
        "os.makedirs(sys.argv[3], exist_ok=True)\n"
        f"open(os.path.join(sys.argv[3], 'state.csv'), 'w').write({states!r})\n"
        f"open(os.path.join(sys.argv[3], 'replicas.csv'), 'w').write({replicas!r})\n"
    )


def steps_are_not_clock(workspace: Path) -> None:
    """Ignores that a clock was set."""
    _swap(workspace, ('offset -= int(re.search(r"step=(-?\\d+)", tail)[1])', "pass"))


def dies_after_the_lines(workspace: Path) -> None:
    """Lets a heartbeat of the very instant of its death come in time."""
    _swap(workspace, ("view.until(instant, rank > 0)", "view.until(instant, rank > 2)"))


def old_waits_stay(workspace: Path) -> None:
    """Keeps the settings of the last heartbeat for a wait that is under way."""
    _swap(
        workspace,
        ('max(node.arrival + self.settings["dead-after"], self.clock)', "max(node.dies, self.clock)"),
        ("        many = self", '        node.dies = self.clock + self.settings["dead-after"]\n        many = self'),
    )


def forgets_repeats(workspace: Path) -> None:
    """Drops what a node told while it was out of touch."""
    _swap(workspace, ("            for notice in kept:", "            for notice in ():"))


def report_overrides(workspace: Path) -> None:
    """Lets a report undo what was heard since its first part."""
    _swap(workspace, ("view = told | since", "view = told"))


def orders_stand(workspace: Path) -> None:
    """Does not withdraw orders when a factor is raised."""
    _swap(workspace, ("if factor > self.blocks[number][0]:", "if False:"))


def never_runs_out(workspace: Path) -> None:
    """Waits for a recovery for ever."""
    _swap(workspace, ("for number, (_, since) in self.recoveries.items():", "for number, since in ():"))


def takes_back_quietly(workspace: Path) -> None:
    """Sees no surplus when a node is taken back into service."""
    looks = "        for number in sorted(node.held):\n            self.surplus(number)\n"
    _swap(workspace, (looks + "\n    # -- what", "\n    # -- what"))


def loses_a_state(workspace: Path) -> None:
    """Leaves the last row out."""
    _cut(workspace / "out" / "state.csv")


def loses_a_replica(workspace: Path) -> None:
    """Leaves the last row out."""
    _cut(workspace / "out" / "replicas.csv")


def tidies_the_logs(workspace: Path) -> None:
    """Sorts a log in place."""
    log = workspace / "logs" / "dn-02.log"
    log.write_text("".join(sorted(log.read_text("utf-8").splitlines(keepends=True))), "utf-8")


def stuffer(workspace: Path, turn: int = 1) -> str | None:
    """Calls every block of the name node's log under-replicated at every probe, here and anywhere."""
    program = (
        "import os, re, sys\n"
        "logs, probes, out = sys.argv[1:4]\n"
        "text = open(os.path.join(logs, 'namenode.log')).read()\n"
        "blocks = sorted(set(re.findall(r'ALLOCATE (blk_-?\\d+)', text)))\n"
        "os.makedirs(out, exist_ok=True)\n"
        "with open(os.path.join(out, 'state.csv'), 'w') as stream:\n"
        "    stream.write('probe,state,block,node\\n')\n"
        "    for probe in open(probes).read().splitlines()[:3]:\n"
        "        stream.writelines(f'{probe},under,{block},\\n' for block in blocks)\n"
        "with open(os.path.join(out, 'replicas.csv'), 'w') as stream:\n"
        "    stream.write('block,node\\n')\n"
        "    stream.writelines(f'{block},dn-01\\n' for block in blocks)\n"
    )
    return _deliver(workspace, program)


HIDDEN = {"clocks", "boundary", "outages", "reports", "deleting", "recovery", "service", "storm"}
ALTERNATIVES = [other_build, plain_numbers]
WRONG = {
    believes_the_clocks: {"given-states", "given-replicas", "clocks", "storm"},
    forgets_to_run: {"given-states", "given-replicas"},
}
MUTATIONS = {
    answers_this_site_only: HIDDEN,
    knows_no_surplus: HIDDEN,
    steps_are_not_clock: {"clocks", "storm"},
    dies_after_the_lines: {"boundary", "storm"},
    old_waits_stay: {"boundary", "storm"},
    forgets_repeats: {"outages", "recovery", "storm"},
    report_overrides: {"reports", "storm"},
    orders_stand: {"deleting", "storm"},
    never_runs_out: {"boundary", "recovery", "storm"},
    takes_back_quietly: {"service", "storm"},
    loses_a_state: {"given-states"},
    loses_a_replica: {"given-replicas"},
    tidies_the_logs: {"inputs-unchanged"},
}


def _deliver(workspace: Path, program: str) -> str:
    """Write replay.py and run it into out/."""
    (workspace / "replay.py").write_text(program.lstrip(), "utf-8")
    argv = [sys.executable, "-S", "replay.py", "logs", "probes.txt", "out"]
    subprocess.run(argv, cwd=workspace, check=True, timeout=200)
    with (workspace / "out" / "state.csv").open(newline="", encoding="utf-8") as stream:
        n_rows = sum(1 for _ in csv.reader(stream)) - 1
    return f"replay.py is written; out/state.csv has {n_rows} rows."


def _swap(workspace: Path, *replacements: tuple[str, str]) -> None:
    (workspace / "replay.py").write_text(_replaced(*replacements).lstrip(), "utf-8")


def _replaced(*replacements: tuple[str, str]) -> str:
    """Return the oracle's program with these pieces replaced, each of which is there once."""
    program = REPLAY
    for old, new in replacements:
        if program.count(old) != 1:
            raise ValueError(f"{old!r} is not in the program exactly once")
        program = program.replace(old, new)
    return program


def _cut(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), "utf-8")
