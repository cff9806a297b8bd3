"""Loading tasks: strict, with file, line and field in every error; tasks of the seed format load unchanged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tiny
from suites import parse

from agentbench import finish, ledger, protocol, tasks
from agentbench.agents.base import About
from agentbench.errors import AgentBenchError, TaskError, UsageError
from agentbench.handin import HandIn
from agentbench.identity import Options
from agentbench.model import Difficulty, Task, Weights
from agentbench.scoring import parse_assessment
from agentbench.validators import registry

SEED_FORMAT = """\
id: writing-status-note
name: Status note
suite: writing
difficulty: easy
mode: sandboxed
description: Write a short status note from the given figures.
user_message: |
  Please write status.md with the sections Summary and Risks from figures.csv, 20 to 60 words.
input_files:
  - figures.csv
  - name: style.md
    description: how we write
expected_outputs:
  - pattern: status.md
    required: true
    validators:
      - type: file-exists
      - type: content-contains
        sections: [Summary, Risks, Outlook, Figures]
      - type: word-count-range
        min: 20
        max: 60
expected_behavior:
  - description: Reads the figures before writing
    validators: []
expected_metrics:
  tool_calls: [2, 8]
  planning_ratio: [0.1, 0.5]
scoring:
  layer0_weight: 0.25
  layer1_weight: 0.25
  layer2_weight: 0.25
  layer3_weight: 0.25
"""


@pytest.fixture
def seed_suite(tmp_path: Path) -> Path:
    """Return a folder with one suite in the seed format: task.yaml, inputs/ and setup.sh."""
    folder = tmp_path / "suites" / "writing" / "status-note"
    (folder / "inputs").mkdir(parents=True)
    (folder / "task.yaml").write_text(SEED_FORMAT)
    (folder / "inputs" / "figures.csv").write_text("month,eur\n1,100\n")
    (folder / "inputs" / "style.md").write_text("Be short.\n")
    (folder / "setup.sh").write_text('#!/bin/bash\nset -e\necho "seed $AGENTBENCH_SEED" > "$1/made.txt"\n')
    return tmp_path / "suites"


def only(root: Path) -> Task:
    """Return the only task of a folder of suites."""
    (task,) = tasks.load_suites(root, registry.catalogue())
    return task


def test_seed_format_loads_unchanged(seed_suite: Path) -> None:
    """Points, required and weights are those of the seed format; input files may be objects."""
    task = only(seed_suite)
    assert [(check.id, check.points, check.required) for check in task.checks] == [
        ("file-exists", 30.0, True),
        ("content-contains", 40.0, True),
        ("word-count-range", 30.0, True),
    ]
    assert task.weights == Weights(l0=0.25, l1=0.25, l2=0.25, l3=0.25)
    assert task.metrics.tool_calls == (2, 8)
    assert task.input_files == ("figures.csv", "style.md")
    assert (task.difficulty, task.slug, len(task.turns)) == (Difficulty.EASY, "status-note", 1)


def test_seed_format_runs_by_start_and_done(seed_suite: Path, tmp_path: Path) -> None:
    """inputs/ and setup.sh make the workspace; half of the sections and 10 words give 30 + 20 + 15 of 100."""
    options = Options(
        kind="self-run",
        about=About(name="openclaw"),
        fast=False,
        suites=(),
        task_ids=(),
        tasks_dir=str(seed_suite),
        attempts=1,
        seed=5,
        strict=False,
        keep_workspace=False,
    )
    run, report = protocol.start(options, [only(seed_suite)], tmp_path / "results")
    turn = parse("\n".join(report.lines))
    assert turn is not None
    assert turn.last
    assert (turn.workspace / "made.txt").read_text() == "seed 5\n"
    assert sorted(path.name for path in turn.workspace.iterdir()) == ["figures.csv", "made.txt", "style.md"]
    (turn.workspace / "status.md").write_text("# Summary\n\n# Risks\n\none two three four five six\n")
    own = parse_assessment("30,25,25,20", "25,25,25,25")
    given = HandIn(token=turn.token, assessment=own, calls=4, errors=0, planning=0.2)
    _, report = protocol.done(tmp_path / "results", given)
    assert report.complete
    payload = finish.finish(run)
    (task,) = payload["tasks"]
    assert task["layers"] == {"l0": 65.0, "l1": 100.0, "l2": 100.0, "l3": 100.0}
    assert (task["score"], task["resolved"]) == (91.25, False)
    assert ledger.read(run)[-1].event == "run-finished"


BROKEN: list[tuple[str, str, str]] = [
    (
        "difficulty: easy",
        "dificulty: easy",
        r"task.yaml:4 dificulty: unknown key 'dificulty'. Did you mean 'difficulty'",
    ),
    (
        "difficulty: easy",
        "difficulty: eazy",
        r"task.yaml:4 difficulty: .*'eazy'. Allowed: easy, medium, hard, expert",
    ),
    ("difficulty: easy", "difficulty: easy\nmode: box", r"task.yaml:5 mode: .*Allowed: real, sandboxed"),
    ("difficulty: easy", "difficulty: easy\nnetwork: all", r"task.yaml:5 network: .*Allowed: none"),
    ("name: Sum of numbers\n", "", r"task.yaml:\d+: .*missing required field `name`"),
    ("name: Sum of numbers", "name: [a]", r"task.yaml:2 name: expected `str`"),
    ("suite: demo", "suite: other", r"task.yaml:3 suite: 'other' does not match the folder 'demo'"),
    ("id: demo-numbers", "id: ../up", r"task.yaml:1 id: '../up' is not a usable id"),
    ("id: demo-numbers", "id: results.json", r"task.yaml:1 id: 'results.json' is not a usable id"),
    (
        "type: sum-right",
        "type: sum-rihgt",
        r"task.yaml:11 expected_outputs\[0\].validators\[0\].type: unknown validator"
        r" 'sum-rihgt'. Did you mean 'sum-right'",
    ),
    (
        "type: file-unchanged",
        "type: file-unchanged, fiel: x",
        r"task.yaml:15 expected_outputs\[1\].validators\[0\].fiel: .* takes no 'fiel'. .*'file'",
    ),
    (
        "type: sum-right, points: 30",
        "type: word-count-range, min: 3",
        r"task.yaml:11 .*validators\[0\]: .* needs 'max'",
    ),
    ("points: 30", "points: -1", r"task.yaml:11 .*points: must be a number that is not negative"),
    ("points: 30", "points: .nan", r"task.yaml:11 .*points: must be a number"),
    ("points: 30", "points: .inf", r"task.yaml:11 .*points: must be a number"),
    (
        "points: 30",
        "points: 0",
        r"task.yaml:11 .*points: a check that is no guard must be able to win points",
    ),
    ("guard: true", "guard: true, points: 5", r"task.yaml:15 .*points: a guard wins no points"),
    ("guard: true", "guard: yes please", r"task.yaml:15 .*guard: must be true or false"),
    ("id: largest,", "id: sum,", r"task.yaml:12 .*id: check id 'sum' is used twice"),
    (
        "input_files: [numbers.txt]",
        "input_files: [/etc/passwd]",
        r"task.yaml:7 input_files\[0\]: '/etc/passwd' is not",
    ),
    ("input_files: [numbers.txt]", "input_files: [{}]", r"task.yaml:7 input_files\[0\]: '' is not the name"),
    ("[2, 8]", "[8, 2]", r"task.yaml:16 expected_metrics.tool_calls: must be \[low, high\]"),
    ("[2, 8]", "[2]", r"task.yaml:16 expected_metrics.tool_calls: expected `array` of length 2"),
    ("user_message: |\n", "timeout_sec: 0\nuser_message: |\n", r"task.yaml:5 timeout_sec: must be a number"),
    (
        "user_message: |\n",
        "timeout_sec: .nan\nuser_message: |\n",
        r"task.yaml:5 timeout_sec: must be a number",
    ),
    (
        "user_message: |\n",
        "turns: [{message: hi}]\nuser_message: |\n",
        r"task.yaml:6 user_message: a task has either",
    ),
    (
        "user_message: |\n",
        "scoring: {layer0_weight: 0}\nuser_message: |\n",
        r"task.yaml:5 scoring: weights must not",
    ),
    (
        "user_message: |\n",
        "scoring: {layer3_weight: .inf}\nuser_message: |\n",
        r"task.yaml:5 scoring: weights must",
    ),
    ("name: Sum", "name: Sum\nname: Sum", r"task.yaml:3: the key 'name' stands twice"),
    ("name: Sum of numbers", "name: 'Sum", r"task.yaml:\d+: is not valid YAML"),
    ("name: Sum of numbers", "name: 2024-13-45", r"task.yaml:\d+: is not valid YAML: month must be in 1..12"),
    ("name: Sum of numbers", "name: &a [*a]", r"task.yaml:2: is nested too deeply"),
]


@pytest.mark.parametrize(("old", "new", "message"), BROKEN, ids=[new[:40].strip() for _, new, _ in BROKEN])
def test_every_error_names_file_line_and_field(tmp_path: Path, old: str, new: str, message: str) -> None:
    """One line: where (file:line and field), what, and where possible the nearest known name."""
    assert tiny.YAML.count(old) == 1
    folder = tiny.write_task(tmp_path, yaml=tiny.YAML.replace(old, new))
    with pytest.raises(TaskError) as caught:
        tiny.load(folder)
    assert re.search(message, str(caught.value)), str(caught.value)
    assert str(caught.value).startswith(str(folder))
    assert "\n" not in str(caught.value)


def test_aliases_that_explode_are_refused_at_once(tmp_path: Path) -> None:
    """Nine levels of eight references each would be 134 million values."""
    bomb = "a0: &a0 [x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 8)}]\n" for n in range(1, 10)
    )
    with pytest.raises(TaskError, match="holds more than 20000 values"):
        tiny.load(tiny.write_task(tmp_path, yaml=bomb))


def test_a_task_needs_a_check_that_wins(tmp_path: Path) -> None:
    """Neither no check at all nor guards alone make a task."""
    head = tiny.YAML.partition("expected_outputs")[0]
    guard = "expected_outputs:\n  - {pattern: x, validators: [{type: file-unchanged, guard: true}]}\n"
    for tail, message in (("", "at least one check"), (guard, "guards win none")):
        with pytest.raises(TaskError, match=message):
            tiny.load(tiny.write_task(tmp_path, yaml=head + tail))


def test_after_required_needs_something_to_wait_for(tmp_path: Path) -> None:
    """Without a required check "once all required checks hold" would always be true."""
    yaml = tiny.YAML.replace("points: 30}", "points: 30, required: false, after_required: true}")
    assert tiny.load(tiny.write_task(tmp_path, yaml=yaml)).checks[0].after_required
    yaml = yaml.replace("points: 10}", "points: 10, required: false}")
    with pytest.raises(TaskError, match="after_required needs a required check"):
        tiny.load(tiny.write_task(tmp_path, yaml=yaml))


def test_checks_py_is_parsed_and_never_run(tmp_path: Path) -> None:
    """Loading a task runs none of its code; what does not parse names the line."""
    canary = tmp_path / "canary"
    checks = f"open({str(canary)!r}, 'w')\n{tiny.CHECKS}"
    tiny.load(tiny.write_task(tmp_path, checks=checks))
    assert not canary.exists()
    with pytest.raises(TaskError, match=r"checks.py:2: does not parse"):
        tiny.load(tiny.write_task(tmp_path, checks="x = 1\ndef (\n"))


def test_own_validators_take_their_parameters(tmp_path: Path) -> None:
    """Defaults make a parameter optional, ``**`` opens the list; private and other functions are none."""
    source = "def a_b(ctx, x, y=1, *, z, w=2): ...\ndef opened(ctx, **more): ...\n"
    source += "def _no(ctx): ...\ndef other(x): ...\n"
    found = tasks.own_validators(tiny.write_task(tmp_path, checks=source))
    assert set(found) == {"a-b", "opened"}
    assert found["a-b"].params == {"x", "y", "z", "w"}
    assert found["a-b"].required_params == {"x", "z"}
    assert found["opened"].open_ended


def test_unnamed_checks_get_unique_ids(tmp_path: Path) -> None:
    """The type, then the type with a number."""
    yaml = tiny.YAML.replace("id: sum, type: sum-right", "type: file-exists")
    yaml = yaml.replace("id: largest, type: largest-right", "type: file-exists")
    assert [one.id for one in tiny.load(tiny.write_task(tmp_path, yaml=yaml)).checks] == [
        "file-exists",
        "file-exists-2",
        "inputs",
    ]


def test_turns_start_a_session_and_go_on_in_it(tmp_path: Path) -> None:
    """The first turn opens a conversation; later ones do so only when they say it; checks know their turn."""
    turns = (
        "turns:\n  - {message: one}\n"
        "  - {message: two, validators: [{id: early, type: file-exists}]}\n  - {message: three, new_session: true}\n"
    )
    yaml = re.sub(r"user_message: \|\n.*\n", turns, tiny.YAML)
    task = tiny.load(tiny.write_task(tmp_path, yaml=yaml))
    assert [turn.new_session for turn in task.turns] == [True, False, True]
    assert {check.id: check.turn for check in task.checks} == {
        "early": 2,
        "sum": None,
        "largest": None,
        "inputs": None,
    }


def test_digest_changes_with_every_byte_and_name(tmp_path: Path) -> None:
    """Any file of the folder counts, by name and content; caches of Python do not."""
    folder = tiny.write_task(tmp_path)
    seen = {tasks.folder_digest(folder)}
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"1")
    assert tasks.folder_digest(folder) in seen
    for name, content in (
        ("task.yaml", tiny.YAML + "\n"),
        ("new.txt", ""),
        ("inputs/a", "b"),
        ("inputs/ab", ""),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
        seen.add(tasks.folder_digest(folder))
    (folder / "new.txt").rename(folder / "newer.txt")
    seen.add(tasks.folder_digest(folder))
    assert len(seen) == 6
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in seen)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        (".DS_Store", False),
        ("inputs/.DS_Store", False),
        (".checks.py.swp", False),
        ("checks.py~", False),
        (".idea/workspace.xml", False),
        ("__pycache__/setup.cpython-311.pyc", False),
        ("inputs/.env", True),
        ("inputs/.github/ci.yml", True),
        ("inputs/old.txt~", True),
        ("new.py", True),
    ],
)
def test_droppings_are_no_part_of_a_task(tmp_path: Path, name: str, counts: bool) -> None:
    """What editors and desktops leave does not change a task; a hidden file among its inputs does."""
    folder = tiny.write_task(tmp_path / ".hidden")
    before = tasks.folder_digest(folder)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("x")
    assert (tasks.folder_digest(folder) != before) is counts


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> list[Task]:
    """Return four tasks in two suites, one of each difficulty."""
    root = tmp_path_factory.mktemp("filters")
    for suite, slug, difficulty in (
        ("alpha", "one", "easy"),
        ("alpha", "two", "hard"),
        ("beta", "one", "medium"),
        ("beta", "three", "expert"),
    ):
        yaml = tiny.YAML.replace("demo-numbers", f"{suite}-{slug}").replace("suite: demo", f"suite: {suite}")
        tiny.write_task(root, path=f"{suite}/{slug}", yaml=yaml.replace("easy", difficulty))
    return tasks.load_suites(root / "tasks", registry.catalogue())


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({}, ["alpha-one", "alpha-two", "beta-one", "beta-three"]),
        ({"fast": True}, ["alpha-one", "beta-one"]),
        ({"suites": ["beta"]}, ["beta-one", "beta-three"]),
        ({"suites": ["beta"], "fast": True}, ["beta-one"]),
        ({"ids": ["alpha-two"], "fast": True}, ["alpha-two"]),
        ({"ids": ["beta/three", "alpha-one"]}, ["alpha-one", "beta-three"]),
        ({"ids": ["two"]}, ["alpha-two"]),
        ({"suites": ["alpha", "beta"], "ids": ["beta-one"]}, ["beta-one"]),
    ],
)
def test_filters(loaded: list[Task], filters: dict[str, list[str]], ids: list[str]) -> None:
    """Filters combine; --fast takes easy and medium, but never away what was named."""
    assert [task.id for task in tasks.select(loaded, **filters)] == ids  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"suites": ["aplha"]}, "'aplha': unknown suite. Did you mean 'alpha'"),
        ({"ids": ["beta-thre"]}, r"'beta-thre': unknown task. Did you mean 'beta-three' or 'beta-one'\?"),
        ({"ids": ["thre"]}, r"'thre': unknown task. Did you mean 'three'\?"),
        ({"ids": ["zzz"]}, "'zzz': unknown task. Known: alpha-one, alpha-two, beta-one, beta-three"),
        ({"suites": ["alpha"], "ids": ["beta-one"]}, "no task passes these filters"),
        ({"ids": ["one"]}, "'one': unknown task. Did you mean"),
    ],
)
def test_unknown_names_and_empty_choices_are_usage_errors(
    loaded: list[Task], filters: dict[str, list[str]], message: str
) -> None:
    """Also a short name that two tasks bear: which one is meant is not guessed."""
    with pytest.raises(UsageError, match=message):
        tasks.select(loaded, **filters)  # type: ignore[arg-type]


def test_no_task_is_skipped_silently(tmp_path: Path) -> None:
    """A folder without task.yaml, an id used twice and an empty suite folder are errors."""
    tiny.write_task(tmp_path)
    root = tmp_path / "tasks"
    (root / "demo" / "empty").mkdir()
    with pytest.raises(TaskError, match=r"demo/empty: task.yaml is missing"):
        tasks.load_suites(root, registry.catalogue())
    (root / "demo" / "empty").rmdir()
    tiny.write_task(tmp_path, path="demo/twin")
    with pytest.raises(TaskError, match=r"'demo-numbers' is used by .*numbers too"):
        tasks.load_suites(root, registry.catalogue())
    (tmp_path / "none").mkdir()
    with pytest.raises(TaskError, match="no tasks there"):
        tasks.load_suites(tmp_path / "none", registry.catalogue())


def test_naming_tasks_loads_these_alone(tmp_path: Path) -> None:
    """A broken task elsewhere does not keep `start --task ID` from its task."""
    tiny.write_task(tmp_path)
    tiny.write_task(tmp_path, path="demo/broken", yaml="id: [")
    root = tmp_path / "tasks"
    (task,) = tasks.load_suites(root, registry.catalogue(), ids=["demo-numbers"])
    assert task.id == "demo-numbers"
    with pytest.raises(AgentBenchError):
        tasks.load_suites(root, registry.catalogue())


def test_every_task_of_the_suite_loads_with_known_names() -> None:
    """The shipped tasks load, and their ids follow from their folders."""
    root = Path(__file__).resolve().parents[1] / "tasks"
    for task in tasks.load_suites(root, registry.catalogue()):
        assert task.id == f"{task.suite}-{task.slug}"
