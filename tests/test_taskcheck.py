"""The quality gate: a sound task passes it, and a planted fault breaks exactly its rule, by name."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import tiny

from agentbench import taskcheck, tasks
from agentbench.agents import junk
from agentbench.agents.base import Turn
from agentbench.agents.solution import MutationAgent
from agentbench.errors import TaskError
from agentbench.taskcheck import Examined, examine, same_answers
from agentbench.validators import registry

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the empty folder in which workspaces are made."""
    return tiny.isolate(monkeypatch, tmp_path)


def test_a_sound_task_passes_and_nothing_is_left_over(tmp_path: Path, place: Path) -> None:
    """Oracle, alternative, nop, stuffer, two wrong solutions and two mutations: eight, without a finding."""
    found = examine(tiny.write_task(tmp_path), 11)
    assert found.findings == []
    assert (found.task_id, found.seed, found.solutions) == ("demo-numbers", 11, 8)
    assert list(place.iterdir()) == []


def test_seeds_share_what_must_fail(tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right solutions, nop and stuffers run on every seed; wrong ones and faults in turns, or all on an only seed."""
    monkeypatch.setattr(taskcheck, "TURNS", 2)
    folder = tiny.write_task(tmp_path)
    among = [(0, 1), (0, 3), (1, 3), (2, 3)]
    real, seen = taskcheck.rehearse, [set[str]() for _ in among]
    for number, names in enumerate(seen):

        def noted(task, seed, agent, *rest, names=names):  # type: ignore[no-untyped-def]
            names.add(agent.name)
            return real(task, seed, agent, *rest)

        monkeypatch.setattr(taskcheck, "rehearse", noted)
        assert examine(folder, 11 + number, among[number]).findings == []
    junk_too = {f"junk-{kind}" for kind in junk.KINDS}
    always = {"oracle", "other_order", "nop", "stuffer"}
    faulty = {"forgets_one", "takes_smallest", "oracle+adds_to_sum", "oracle+adds_to_largest"}
    alone, first, second, third = seen
    assert alone - junk_too == always | faulty
    assert alone & junk_too == first & junk_too != set()
    assert (first - junk_too | second, first & second) == (always | faulty, always)
    assert third == first - junk_too


def swap(text: str, old: str, new: str) -> str:
    """Return ``text`` with its only ``old`` replaced."""
    assert text.count(old) == 1
    return text.replace(old, new)


FREE = "\n\ndef anything(ctx):\n    return passed()\n"
GUESSED = "\n\ndef sum_right(ctx):\n    return passed() if ctx.files('answer.json') else failed('a file')\n"
FAULTS: list[tuple[str, dict[str, str], str]] = [
    ("oracle wrong", {"solutions": swap(tiny.SOLUTIONS, "largest=max(numbers))\n    return", "largest=0)\n    return")},
     "oracle a right solution gets L0 100 and resolves"),
    ("alternative wrong", {"solutions": swap(tiny.SOLUTIONS, "largest=numbers[-1], ", "")},
     "other_order a right solution gets L0 100 and resolves"),
    ("no alternative", {"solutions": swap(tiny.SOLUTIONS, "[other_order]", "[]")}, "an alternative right solution"),
    ("one wrong solution", {"solutions": swap(tiny.SOLUTIONS, ", takes_smallest: {\"largest\"}", "")},
     "two plausible wrong solutions"),
    ("wrong one is right", {"solutions": swap(tiny.SOLUTIONS, "numbers[:-1]", "numbers")},
     "forgets_one a wrong solution fails exactly the checks it declares"),
    ("wrong one fails more", {"solutions": swap(tiny.SOLUTIONS, "largest=min(numbers)", "more=1")
                              .replace("sum=sum(numbers), more=1", "more=1")},
     "takes_smallest a wrong solution fails exactly the checks it declares"),
    ("unknown check", {"solutions": swap(tiny.SOLUTIONS, '{"largest"}', '{"largst"}')},
     "takes_smallest a wrong solution names the checks it fails"),
    ("wrong one crashes", {"solutions": swap(tiny.SOLUTIONS, "largest=min(numbers)", "largest=1 / 0")},
     "takes_smallest the solution runs"),
    ("mutation changes nothing", {"solutions": swap(tiny.SOLUTIONS, "answer[key] + 1", "answer[key]")},
     "oracle+adds_to_sum a wrong solution fails exactly the checks it declares"),
    ("mutation fails more", {"solutions": swap(tiny.SOLUTIONS, "{**answer, key: answer[key] + 1}", "{key: 0}")},
     "oracle+adds_to_sum a wrong solution fails exactly the checks it declares"),
    ("a check without mutation", {"solutions": swap(tiny.SOLUTIONS, ', adds_to_largest: ["largest"]}', "}")},
     "a mutation for every required check"),
    ("nothing wins", {"checks": tiny.CHECKS + FREE, "yaml": swap(tiny.YAML, "type: largest-right", "type: anything")},
     "nop nop resolves nothing and gets 0"),
    ("stuffer wins", {"checks": tiny.CHECKS + GUESSED}, "stuffer stuffer stays at 15"),
    ("validator raises", {"checks": swap(tiny.CHECKS, "if found == wanted", "if found == wanted[0]")},
     "oracle the validators work"),
    ("null breaks a validator", {"checks": swap(tiny.CHECKS, "given.get(key) if isinstance(given, dict) else None",
                                                "given.get(key) if given != 5 and given != [] else None")},
     "junk-null hostile outputs give a verdict"),
    ("bytes break a validator", {"checks": swap(tiny.CHECKS, "ctx.json(\"answer.json\")",
                                                "(ctx.bytes('answer.json').decode(), ctx.json('answer.json'))[1]")},
     "junk-binary hostile outputs give a verdict"),
    ("a folder breaks a validator", {"checks": swap(tiny.CHECKS, "ctx.json(\"answer.json\")",
                         "((ctx.workspace / 'answer.json').exists() and (ctx.workspace / 'answer.json').read_bytes(),"
                         " ctx.json('answer.json'))[1]")},
     "junk-directory hostile outputs give a verdict"),
    ("set-up fails", {"setup": tiny.SETUP + "    raise RuntimeError('no luck')\n"}, "set-up works"),
    ("not deterministic", {"setup": tiny.SETUP + "    (workspace / 'id.txt').write_text(str(id(object())))\n"
                                                 "    import os\n    (workspace / 'r').write_bytes(os.urandom(8))\n"},
     "same seed, same bytes"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "rule"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_planted_fault_breaks_its_rule(
    tmp_path: Path, place: Path, files: dict[str, str], rule: str
) -> None:
    """The finding names task, seed, solution and rule; the gate cleans up also after a bad task."""
    found = examine(tiny.write_task(tmp_path, **files), 11)
    assert any(
        f"demo-numbers seed 11: {rule}: " in str(finding).replace("11:  ", "11: ")
        for finding in found.findings
    ), "\n".join(map(str, found.findings))
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("kind", junk.KINDS)
def test_junk_lies_where_the_deliverables_belong(kind: str, tmp_path: Path) -> None:
    """Every output named without a glob holds the junk, in place of what was there; globs are left alone."""
    yaml = (
        tiny.YAML
        + "  - pattern: out/*.txt\n    validators: [{id: any, type: file-exists, required: false}]\n"
    )
    yaml = swap(yaml, "expected_metrics: {tool_calls: [2, 8]}\n", "")
    task = tiny.load(tiny.write_task(tmp_path, yaml=yaml))
    left = tmp_path / "left"
    left.mkdir()
    (left / "numbers.txt").write_text("1\n")
    (left / "outside.txt").symlink_to(tmp_path)
    junk.JunkAgent(kind).act(Turn(task, 1, "", True, left, 9.0))
    content = junk.KINDS[kind]
    assert sorted(path.name for path in left.iterdir()) == ["answer.json", "numbers.txt", "outside.txt"]
    for name in ("answer.json", "numbers.txt"):
        found = None if (left / name).is_dir() else (left / name).read_bytes()
        assert found == content


def test_a_stuffer_of_the_task_itself_is_held_to_the_cap(tmp_path: Path) -> None:
    """A task may bring its own stuffer, which knows better words."""
    stuffer = tiny.SOLUTIONS + "\n\ndef stuffer(workspace):\n    oracle(workspace)\n"
    found = examine(tiny.write_task(tmp_path, solutions=stuffer), 11)
    assert [(finding.rule, finding.solution) for finding in found.findings] == [
        ("stuffer stays at 15", "stuffer")
    ]


@pytest.mark.parametrize(
    ("solutions", "message"),
    [
        (None, "is missing"),
        ("WRONG = {}\nALTERNATIVES = []\nMUTATIONS = {}\n", "'oracle' is no function"),
        ("def oracle(workspace): ...\nWRONG = {}\n", "ALTERNATIVES is missing"),
        ("def oracle(workspace): ...\nALTERNATIVES = []\n", "WRONG is missing"),
        ("def oracle(workspace): ...\nALTERNATIVES = []\nWRONG = []\n", "WRONG must be a dict"),
        ("def oracle(workspace): ...\nALTERNATIVES = []\nWRONG = {}\n", "MUTATIONS is missing"),
        ("def (\n", "cannot be used"),
    ],
)
def test_solutions_that_do_not_load_are_a_task_error(
    tmp_path: Path, solutions: str | None, message: str
) -> None:
    """Without an oracle there is nothing to examine."""
    with pytest.raises(TaskError, match=message):
        examine(tiny.write_task(tmp_path, solutions=solutions), 11)


def test_seeds_must_give_different_answers(tmp_path: Path) -> None:
    """A set-up that ignores its seed is found when two seeds are compared; one that failed says nothing."""
    fixed = tiny.SETUP.replace("seed * 100 + n", "n")
    folder = tiny.write_task(tmp_path, setup=fixed)
    (finding,) = same_answers([examine(folder, 11), examine(folder, 12)])
    assert finding.rule == "other seed, other answers"
    failed = [Examined("demo-x", seed, 0, [], "") for seed in (1, 2)]
    assert same_answers(failed) == []
    sound = [Examined("demo-x", seed, 0, [], str(seed)) for seed in (1, 2, 3)]
    assert same_answers(sound) == []


def test_examine_all_gives_a_verdict_for_every_task_and_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In processes of their own, in any order."""
    folder = tiny.write_task(tmp_path)
    found = list(taskcheck.examine_all([folder], [11, 12], 2))
    assert sorted((one.task_id, one.seed, one.findings) for one in found) == [
        ("demo-numbers", 11, []),
        ("demo-numbers", 12, []),
    ]
    assert same_answers(found) == []


@pytest.mark.parametrize(
    ("free", "named", "expected"), [(2**40, None, "place"), (2**20, None, None), (2**40, "x", "x")]
)
def test_the_gate_works_in_memory_where_there_is_room(
    free: int, named: str | None, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's own choice of a place goes first."""
    monkeypatch.setattr(taskcheck, "MEMORY_BYTES", 2**30)
    monkeypatch.setattr(
        taskcheck.os, "statvfs", lambda _: SimpleNamespace(f_bavail=free, f_frsize=1, f_flag=0)
    )
    monkeypatch.setenv("AGENTBENCH_TMP", named or "")
    if named is None:
        monkeypatch.delenv("AGENTBENCH_TMP")
    taskcheck.work_in_memory(tmp_path)
    assert os.environ.get("AGENTBENCH_TMP") == (str(tmp_path) if expected == "place" else expected)


def test_a_mutation_finds_what_the_oracle_left_and_answers_as_it_did(tmp_path: Path) -> None:
    """The oracle of a task of one turn is not run again for a mutation."""
    task = tasks.load_task(tiny.write_task(tmp_path), registry.catalogue())
    place = tmp_path / "workspace"
    place.mkdir()
    (place / "answer.json").write_text('{"sum": 1, "largest": 1}')
    turn = Turn(task, 1, "m", True, place, 60.0)
    assert MutationAgent("adds_to_sum", "Done.").act(turn) == "Done."
    assert json.loads((place / "answer.json").read_text()) == {"sum": 2, "largest": 1}
