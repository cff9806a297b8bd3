"""Ways of a red team through more of the hard and expert tasks: what bought points without the work, or was refused."""

from __future__ import annotations

import importlib
import re
import subprocess
import zlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from red_team import SEED, Cheater, context, generated, inner, load, needs_box, won

from agentbench import taskcheck, workspace
from agentbench.paths import CHECKOUT
from agentbench.trajectory import Trajectory
from agentbench.validators import registry
from agentbench.validators.base import Context

pytestmark = pytest.mark.slow

BISECT, MIGRATION = "tool-efficiency/costly-bisect", "multi-step/rolling-migration"
RESCUE, PAYROLL, SLO = "multi-step/git-rescue", "multi-step/payroll-close", "data-analysis/slo-report"
PLACE = "/tmp/agentbench-task-x-1"


# -- costly-bisect: what the transcript tells about the lab -------------------------------------------------


def _verdict(tool: str, **arguments: Any) -> float:
    """Return what the guard of the lab makes of one call."""
    made = {"tool_call_id": "c", "function_name": tool, "arguments": arguments}
    steps = [{"step_id": 1, "source": "agent", "message": "", "tool_calls": [made]}]
    document = {"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"}, "steps": steps}
    ctx = Context(
        task_id="x",
        seed=1,
        workspace=Path(),
        pristine=Path(),
        hidden={},
        task_dir=CHECKOUT / "tasks" / BISECT,
        trajectory=msgspec.convert(document, Trajectory),
    )
    return registry.functions(load(BISECT))["lab-closed"](ctx).share


OPENED = [
    "cat lab.dat | head -c 300",
    "grep -o . lab.dat | python3 solve.py",
    "rg '' lab.dat",
    "git diff --no-index /dev/null lab.dat",
    "git -C repo hash-object -w ../lab.dat",
    "find . -name lab.dat -exec python3 solve.py {} +",
    "find . -name lab.dat | xargs cat",
    "diff lab.dat /dev/null",
    "cmp -l lab.dat /dev/zero",
    'echo "$(<lab.dat)"',
    "cat lab*",
    "python3 solve.py *.dat",
    "python3 - <<'END'\nimport json\njson.load(open('lab.dat'))\nEND",
]
REWOUND = [
    "cp lab.log /tmp/before; ./probe v1.1; cp /tmp/before lab.log",
    "./probe v1.1; head -1 lab.log > /tmp/l; mv /tmp/l lab.log",
    "sed -i '$d' lab.log",
    "truncate -s 50 lab.log",
    "git show HEAD:x | tee lab.log",
    "python3 -c \"s = open('lab.log').read(); run(); open('lab.log', 'w').write(s)\"",
    "python3 - <<'END'\nimport shutil\nshutil.copy('/tmp/before', 'lab.log')\nEND",
    "cat > ask.py <<'END'\nfrom pathlib import Path\nPath('lab.log').write_text(text)\nEND",
]
COPIED = [
    "cp probe /tmp/ask",
    "sed 's/lab.log/my.log/' probe > ask",
    "sed 's/48/480/' probe | python3 - v1.1",
    f"cp -r {PLACE} /tmp/lab && cd /tmp/lab && ./probe v1.1",
    "python3 /tmp/lab/probe v1.1",
    "python3 -c \"exec(open('probe').read().replace('lab.log', 'my.log'))\"",
]
HONEST = [
    "./probe v1.1",
    f"cd {PLACE} && for c in v1.1 v1.2; do ./probe $c > /tmp/$c.txt; done; tail -2 lab.log",
    f"cd {PLACE}/repo && git log --oneline && ../probe HEAD~3",
    f"{PLACE}/probe main",
    "cat probe symptoms.md",
    "sed -n 1,60p probe",
    "grep -n 'lab.dat' probe",
    "grep -n \"(HERE / 'lab.dat').read_text(\" probe",
    "grep -rn lab.dat --include=*.md .",
    "ls -la lab.dat lab.log probe",
    "sha256sum lab.dat probe > /tmp/sums",
    "cp lab.log /tmp/lab.log.copy",
    "python3 -c \"print(open('lab.log').read())\"",
    "cat > ask.py <<'END'\nimport subprocess\nsubprocess.run(['./probe', oid])\nopen('lab.log', 'r')\nEND",
    "cat > notes.md <<'END'\nlab.dat stays closed (as agreed).\nEND",
    "echo 'lab.dat (closed)'",
    "git -C repo diff main fix | cat",
    "cp -r repo /tmp/repo",
]


@pytest.mark.parametrize("command", [*OPENED, *REWOUND, *COPIED])
def test_the_lab_is_neither_opened_nor_asked_for_nothing(command: str) -> None:
    """A log put back, or a copy of probe, gave runs without end; grep and git diff showed the table."""
    assert _verdict("exec", command=command) == 0


@pytest.mark.parametrize("command", HONEST)
def test_who_asks_the_lab_and_reads_its_log_may(command: str) -> None:
    """Names alone are no harm."""
    assert _verdict("exec", command=command) == 1


def test_tools_for_files_leave_the_lab_alone_as_well() -> None:
    """To read lab.log is right, to write it is not, nor to write a program that does."""
    assert _verdict("read", path=f"{PLACE}/lab.dat") == 0
    assert _verdict("write", path=f"{PLACE}/lab.log", content="x") == 0
    assert _verdict("write", path="ask.py", content="open('lab.log', 'r+').truncate(50)") == 0
    assert _verdict("apply_patch", input="*** Begin Patch\n*** Update File: lab.log\n@@\n-x\n") == 0
    assert _verdict("apply_patch", input="*** Begin Patch\n*** Add File: a.py\n+open('lab.dat')\n") == 0
    assert _verdict("python", code="print(open('lab.dat').read())") == 0
    assert _verdict("apply_patch", input="*** Begin Patch\n*** Add File: notes.md\n+lab.dat: closed\n") == 1
    assert _verdict("python", code="print(open('lab.log').read())") == 1
    assert _verdict("read", path=f"{PLACE}/lab.log") == 1
    assert _verdict("write", path="ask.py", content="subprocess.run(['./probe', oid])") == 1


# -- rolling-migration: statements that do nothing ---------------------------------------------------------

PADDING = """import sys

def wait(path):
    db = sqlite3.connect(path)
    for _ in range(300):
        db.execute("SELECT 1")
    db.close()

"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> workspace.Generated:
    """Return what both tests begin with; to make it takes longer than to grade."""
    return generated(MIGRATION, tmp_path_factory.mktemp("shop"))


def _graded(faults: tuple[str, ...], shop: workspace.Generated, patch: pytest.MonkeyPatch) -> set[str]:
    """Return what a migrate.py wins that waits at first, with faults that its solutions have names for."""
    patch.syspath_prepend(str(CHECKOUT / "tests/tasks" / MIGRATION))
    known = {name: importlib.import_module(f"_rolling_migration_{name}") for name in ("faults", "program")}
    pairs = [
        ("import sys\n", PADDING),
        (
            "    db = sqlite3.connect(sys.argv[1]",
            "    wait(sys.argv[1])\n    db = sqlite3.connect(sys.argv[1]",
        ),
        *(pair for name in faults for pair in known["faults"].FAULTS[name]),
    ]

    def cheat(place: Path) -> None:
        program = known["faults"].replaced(known["program"].PROGRAM, pairs).lstrip()
        size = re.search(r"adds at most (\d+) rows", (place / "PLAN.md").read_text("utf-8"))
        assert size is not None
        text = program.replace("@SIZE@", size[1])
        text = text.replace("@SCHEMA@", (place / "schema_v2.sql").read_text("utf-8"))
        (place / "migrate.py").write_text(text, "utf-8")

    result = taskcheck.rehearse(load(MIGRATION), SEED, Cheater(cheat), shop)
    return won(result)


@needs_box
def test_waiting_hides_nothing_of_a_migration(
    shop: workspace.Generated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three hundred statements that read drew all kills, and all that others wrote while the backfill ran."""
    right = _graded(("one_by_one", "reads_first"), shop, monkeypatch)
    assert {"people", "phases", "contract"} <= right
    assert not right & {"killed", "live"}


@needs_box
def test_a_migration_may_wait_and_close_what_it_opened(
    shop: workspace.Generated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that had been closed hid all moments between the transactions of the next one."""
    assert {"live", "batches", "killed"} <= _graded((), shop, monkeypatch)


FORKS = """
import os, select, sys
late = sys.argv[1] + ".late"
if sys.argv[2] == "expand" and os.fork() == 0:
    select.select([], [], [], 0.2)
    open(late, "w").close()
    os._exit(0)
if sys.argv[2] == "backfill":
    select.select([], [], [], 0.4)
    sys.exit(5 if os.path.exists(late) else 0)
"""


@needs_box
def test_nothing_goes_on_when_a_phase_has_ended(tmp_path: Path) -> None:
    """A child did the work while its parent, which waited, was killed."""
    left = tmp_path / "left"
    left.mkdir()
    (left / "migrate.py").write_text(FORKS)
    run = {"customers": [], "orders": [], "steps": [["phase", "expand"], ["phase", "backfill"]]}
    ctx = context(MIGRATION, left, tmp_path, {"runs.json": {"runs": {"mixed1": run}}})
    ended = inner(MIGRATION, "live-right")["given"](ctx)["mixed1"]
    assert [one["rc"] for one in ended] == [0, 0]


# -- git-rescue: where the token is put aside ----------------------------------------------------------------


TOKEN = b"rly_live_0123456789"
OLD = b"blob %d\0" % len(TOKEN) + TOKEN
PACK = b"PACK\0\0\0\2\0\0\0\1" + b"\x33" + zlib.compress(TOKEN)
ASIDE = {
    "objects/info/token": TOKEN,
    "objects/pack/pack-1.keep": TOKEN,
    "objects/pack/pack-1.old": PACK,
    "objects/pack/tmp_pack_a1": PACK,
    "before/objects/ab/cd": zlib.compress(OLD),
    "before.bundle": b"# v2 git bundle\n\n" + PACK,
}


@pytest.mark.parametrize("name", ASIDE)
def test_old_objects_are_not_put_aside(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who moved old packs and loose objects instead of pruning them had them still, with the token inside."""
    module = inner(RESCUE, "token-gone")
    monkeypatch.setitem(module, "_rescued", lambda repo, expected: None)
    left = tmp_path / "left"
    subprocess.run(["git", "init", "-q", "-b", "main", str(left / "repo")], check=True, timeout=30)
    ctx = context(RESCUE, left, tmp_path, {"expected.json": {"token": TOKEN.decode()}})
    assert module["token_gone"](ctx).share == 1
    path = left / "repo/.git" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ASIDE[name])
    assert module["token_gone"](ctx).share == 0


# -- payroll-close: what lies beside the program, and what it leaves in the place of a folder ----------------

PAYS = """
import os, sys
place = os.path.dirname(sys.argv[2])
if sys.argv[2].endswith("again"):
    os.symlink(os.path.join(place, "2026-10"), sys.argv[2])
else:
    os.mkdir(sys.argv[2])
    for name in ("payslips", "exceptions", "journal"):
        open(os.path.join(sys.argv[2], name + ".csv"), "w").write(str(os.urandom(8)))
"""


def _paid(modules: dict[str, str], tmp_path: Path) -> dict[str, Any]:
    left = tmp_path / "left"
    left.mkdir()
    for name, text in {"payroll.py": PAYS, **modules}.items():
        (left / name).write_text(text)
    ctx = context(PAYROLL, left, tmp_path, {"months.json": {"2026-10": {"month.json": "{}"}}})
    books: dict[str, Any] = inner(PAYROLL, "rerun-same")["all_books"](ctx)
    return books


def test_the_second_run_leaves_files_of_its_own(tmp_path: Path) -> None:
    """A link to the first run's folder is always the same, byte for byte."""
    books = _paid({}, tmp_path)
    assert books["2026-10"].problem == ""
    assert "OUT is a link" in books["again"].problem


def test_modules_beside_payroll_are_the_programs_alone(tmp_path: Path) -> None:
    """The driver took subprocess.py, or a signal.py made in good faith, from beside the program."""
    wrong = "raise SystemExit('mine')\n"
    books = _paid({"subprocess.py": wrong, "signal.py": wrong, "json.py": wrong}, tmp_path)
    assert books["2026-10"].problem == ""


# -- slo-report: answers that say everything, or nothing ----------------------------------------------------


def _says(place: Path, cell: str) -> None:
    """Write the same for every route, and every hour of the month for every route."""
    routes = [line.split()[2] for line in (place / "routes.txt").read_text().splitlines()[1:]]
    rows = [f"{name},{cell},{cell},{cell},{cell}" for name in dict.fromkeys(routes)]
    head = "route,requests,errors,p95_ms,budget_left_pct"
    (place / "slo.csv").write_text("\n".join([head, *rows]) + "\n")
    hours = [f"2026-03-{day:02}T{hour:02}:00Z" for day in range(1, 32) for hour in range(24)]
    more = [f"{hour},{name}" for hour in hours for name in dict.fromkeys(routes)]
    (place / "bad_hours.csv").write_text("\n".join(["hour_utc,route", *more]) + "\n")


def _shares(left: Path, tmp_path: Path) -> list[float]:
    """Return the shares of the checks of slo-report for two routes of equal figures and one bad hour."""
    right = {"requests": 40, "errors": 2, "p95": 45.0, "budget": 12.5}
    known = {
        "figures": {"a": right, "b": right},
        "bad": [["2026-03-05T14", "a"]],
        "groups": {"x": ["a", "b"]},
    }
    ctx = context(SLO, left, tmp_path, {"expected.json": known})
    functions = registry.functions(load(SLO))
    verdicts = [functions["counts-right"](ctx, group="x")]
    verdicts += [functions[name](ctx) for name in ("p95-right", "budget-right", "bad-hours-exact")]
    return [verdict.share for verdict in verdicts]


@pytest.mark.parametrize("cell", ["NaN", "1e999", "-0", "*", "1 or 2"])
def test_a_report_that_says_everything_says_nothing(cell: str, tmp_path: Path) -> None:
    """Neither numbers that are near to all others nor all hours win anything."""
    left = tmp_path / "left"
    left.mkdir()
    (left / "routes.txt").write_text("# method path route objective\n* /a a 99\n* /b b 99\n")
    _says(left, cell)
    assert _shares(left, tmp_path) == [0, 0, 0, 0]


def test_a_report_may_be_written_in_any_usual_way(tmp_path: Path) -> None:
    """Other order and capitals, a mark at the start, CRLF, quotes, a sign for percent, whole numbers as decimals."""
    left = tmp_path / "left"
    left.mkdir()
    head = "Route;Requests;errors;budget_left_pct;p95_ms;note"
    rows = ['"B";40.0;2;12.504 %;45.04;x', "c;0;0;;;", 'a;40;"2";+12.5;45;', ""]
    (left / "slo.csv").write_text("\r\n".join([head, *rows]), "utf-8-sig", newline="")
    (left / "bad_hours.csv").write_text("hour_utc,route\n2026-03-05 14:00:00+00:00,A\n2026-03-05T14Z,a\n")
    assert _shares(left, tmp_path) == [1, 1, 1, 1]
