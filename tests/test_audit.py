"""Which calls are flagged, by the paths and tools they name, and which are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import tiny

from agentbench import trial, workspace
from agentbench.audit import audit
from agentbench.codec import write_json
from agentbench.model import Metrics, MetricsSource
from agentbench.paths import CHECKOUT, RunPaths
from agentbench.trajectory import Trajectory

SKILL = "/home/user/.openclaw/workspace/skills/agentbench"
SUITE = "/srv/suites/own"
RESULTS = "/home/user/.openclaw/workspace/agentbench-results/20260301-120000"
PLACE = "/tmp/agentbench-task-demo-x1"
Made = tuple[str, dict[str, Any]]


def sh(command: str, **more: Any) -> Made:
    return "exec", {"command": command, **more}


def trajectory(*made: Made, output: str = "ok") -> Trajectory:
    steps = [
        {
            "step_id": number,
            "source": "agent",
            "message": "",
            "tool_calls": [{"tool_call_id": "c", "function_name": tool, "arguments": arguments}],
            "observation": {"results": [{"source_call_id": "c", "content": output}]},
        }
        for number, (tool, arguments) in enumerate(made, start=1)
    ]
    document = {"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"}, "steps": steps}
    return msgspec.convert(document, Trajectory)


def flagged(
    *made: Made, skill: str = SKILL, results: str = RESULTS, workspace: str = PLACE, output: str = "ok"
) -> dict[str, str]:
    """Return code → detail of the flags that the calls earn."""
    found = audit(
        trajectory(*made, output=output),
        skill=Path(skill),
        suite=Path(SUITE),
        results=Path(results),
        workspace=Path(workspace),
    )
    codes = [flag.code for flag in found]
    assert len(codes) == len(set(codes))
    return {flag.code: flag.detail for flag in found}


GRADER = [
    ("read", {"path": f"{SKILL}/tasks/a/b/checks.py"}),
    ("functions.Read", {"file_path": f"{SKILL}/tests/test_cli.py"}),
    ("read", {"path": "skills/agentbench/tasks/a/b/task.yaml"}),
    ("read", {"path": "../../home/user/.openclaw/workspace/skills/agentbench/tasks/a"}),
    ("read", {"path": "~/.openclaw/workspace/skills/agentbench/agentbench/scoring.py"}),
    ("read", {"paths": ["a.txt", f"{SUITE}/x/y/task.yaml"]}),
    ("grep", {"pattern": "def check", "path": SKILL}),
    ("glob", {"pattern": "tasks/**/checks.py", "path": SKILL}),
    ("browser", {"url": f"file://{SKILL}/tasks/a/b/checks.py"}),
    ("apply_patch", {"input": f"*** Begin Patch\n*** Update File: {SKILL}/agentbench/scoring.py\n@@"}),
    sh(f"cat {SKILL}/tasks/*/*/checks.py"),
    sh(f"cat '{SKILL}'/\"tasks\"/a/b/checks.py"),
    sh(f"cat {SKILL}/scripts/../tasks/a/b/checks.py"),
    sh(f"cat {SKILL}//./tasks/a/b/checks.py"),
    sh(f"cat {SKILL}/ta\\sks/a/b/checks.py"),
    sh(f"cat {SKILL}/{{docs,tasks}}/a/b/task.yaml"),
    sh(f"cat {SKILL}/*/*/*/checks.py"),
    sh(f"ls {SKILL}/t*"),
    sh(f"cd {SKILL} && cat tasks/a/b/checks.py"),
    sh(f"cd {SKILL}/tasks && ls -R"),
    sh(f"cd {SKILL}/scripts; cd ..; head tests/x.py"),
    sh(f"cd {PLACE} && cd ~/.openclaw/workspace/skills/agentbench && cat tasks/a/b/checks.py"),
    sh("cat $HOME/.openclaw/workspace/skills/agentbench/tasks/a/b/checks.py"),
    sh(f'D="{SKILL}"; cat "$D/tasks/a/b/checks.py"'),
    sh(f"D={SKILL}\ncat ${{D}}/tasks/a/b/checks.py"),
    sh("cat tasks/a/b/checks.py", workdir=SKILL),
    sh(f"python3 -c \"print(open('{SKILL}/tasks/a/b/checks.py').read())\""),
    sh(f"python3 - <<'E'\nprint(open('{SKILL}/tasks/a/b/checks.py').read())\nE"),
    sh(f"bash -lc 'cat {SKILL}/tasks/a/b/checks.py'"),
    sh(f"X=$(cat {SKILL}/tasks/a/b/checks.py)"),
    sh(f'echo "$(cat {SKILL}/tasks/a/b/checks.py)"'),
    sh(f"diff <(sort {SKILL}/tasks/a) b"),
    sh(f"python3 < {SKILL}/tests/solve.py"),
    sh(f"for f in {SKILL}/tasks/*/*/checks.py; do cat $f; done"),
    sh(f"grep -rn expected {SKILL}"),
    sh(f"cd {SKILL} && rg expected"),
    sh(f"find {SKILL} -name checks.py | xargs cat"),
    sh(f"find {SKILL} -name checks.py -exec cat {{}} +"),
    sh(f"cp -r {SKILL} copy"),
    sh(f"git -C {SKILL} show HEAD:tasks/a/b/checks.py"),
    sh(f"tar -C {SKILL} -cf - tasks"),
    sh(f"{SKILL}/scripts/agentbench status; cat {SKILL}/tasks/a/b/checks.py"),
    sh(f"PYTHONPATH=. python3 {SKILL}/agentbench/scoring.py"),
]


@pytest.mark.parametrize("made", GRADER)
def test_naming_the_grader_is_flagged(made: Made) -> None:
    """However the path is spelled, by whichever tool: the suite, the tests and the package are out of bounds."""
    assert set(flagged(made)) == {"read-the-grader"}


RUN = [
    ("read", {"path": f"{RESULTS}/ledger.jsonl"}),
    ("write", {"path": f"{RESULTS}/results.json", "content": "{}"}),
    ("read", {"path": "agentbench-results/20260301-120000/run.json"}),
    sh(f"ls {RESULTS}"),
    sh(f"ls {RESULTS}/.."),
    sh("ls agentbench-results"),
    sh("cat agentbench-results/*/results.json"),
    sh("cat agentbench-results/20260101-000000/results.json"),
    sh(f"cd {RESULTS} && cat run.json"),
    sh(f"echo '{{}}' > {RESULTS}/results.json"),
    sh(f"{SKILL}/scripts/agentbench status; cat {RESULTS}/run.json"),
]


@pytest.mark.parametrize("made", RUN)
def test_naming_the_results_is_flagged(made: Made) -> None:
    """Reading or writing the run, another run beside it, or listing the folder of runs."""
    assert set(flagged(made)) == {"touched-results"}


DELEGATED = [
    ("sessions_spawn", {"task": "solve it"}),
    ("functions.subagents", {"action": "list"}),
    ("Task", {"prompt": "solve it"}),
    ("agent", {}),
    sh("openclaw agent --message 'solve it'"),
]


@pytest.mark.parametrize("made", DELEGATED)
def test_starting_another_agent_is_flagged(made: Made) -> None:
    """A tool, or OpenClaw's own command, that has somebody else do the work."""
    assert set(flagged(made)) == {"delegated"}


FINE = [
    ("read", {"path": "notes.txt"}),
    ("read", {"path": f"{PLACE}/tests/test_a.py"}),
    ("read", {"path": "tasks/today.md"}),
    ("read", {"path": f"{SKILL}/SKILL.md"}),
    ("read", {"path": f"{SKILL}/docs/scoring.md"}),
    ("read", {"path": f"{SKILL}/tasks/../README.md"}),
    ("read", {"path": f"{SKILL}/tasks-of-mine/a.md"}),
    ("write", {"path": "a.md", "content": f"see {SKILL}/tasks/a and {RESULTS}"}),
    ("grep", {"pattern": f"{SKILL}/tasks", "path": PLACE}),
    ("sessions_list", {}),
    sh(f"cat {SKILL}/README.md"),
    sh(f"ls {SKILL}"),
    sh("ls */*"),
    sh("ls /tmp/*/*/*"),
    sh(f"find {SKILL} -name SKILL.md"),
    sh(f"cd {PLACE} && python3 -m pytest tests && git show HEAD:tests/a.py"),
    sh("cd agentbench && cat tests/a.py"),
    sh(f"cd {SKILL} && ./scripts/agentbench status"),
    sh(f"{SKILL}/scripts/agentbench done t; python3 solve.py"),
    sh(f"cat > notes.md <<'E'\n{SKILL}/tasks/a/b/checks.py\n{RESULTS}\nE"),
    sh(f"echo 'not {SKILL}/tasks'"),
    sh("python3 agent.py; git log --grep openclaw agent"),
]


@pytest.mark.parametrize("made", FINE)
def test_ordinary_work_is_not_flagged(made: Made) -> None:
    """The workspace, the skill's own pages, calls of the launcher, and text that is only written or printed."""
    assert flagged(made) == {}


def test_what_a_call_printed_never_counts() -> None:
    """A task's file may name the grader; only what the agent asks for is looked at."""
    assert flagged(sh("cat todo.md"), output=f"cat {SKILL}/tasks/a/b/checks.py {RESULTS}") == {}


def test_a_workspace_below_a_guarded_folder_is_a_workspace() -> None:
    """Somebody may keep workspaces below the checkout or the results; work there is work."""
    for place in (f"{SKILL}/tests/tmp/w", f"{RESULTS}/w"):
        made = [sh(f"cd {place} && cat a.txt"), ("read", {"path": f"{place}/b.txt"}), sh("cat c/d.txt")]
        assert flagged(*made, workspace=place) == {}
        assert flagged(("read", {"path": f"{place}/../x"}), workspace=place) != {}


def test_a_folder_of_runs_that_holds_other_things_is_not_guarded_whole() -> None:
    """With results in /tmp, a look at /tmp is no look at the results; a look at the run is."""
    run = "/tmp/20260301-120000"
    assert flagged(sh("ls /tmp"), results=run) == {}
    assert set(flagged(sh(f"ls {run}"), results=run)) == {"touched-results"}


def test_the_private_prefix_of_a_mac_changes_nothing() -> None:
    """/tmp and /private/tmp are one folder there."""
    made = sh("cat /tmp/skill/tasks/a/b/checks.py")
    assert set(flagged(made, skill="/private/tmp/skill")) == {"read-the-grader"}


def test_a_flag_names_the_first_call_and_how_many() -> None:
    """One flag of a kind, on one line and short, with the command or the tool and its path."""
    long = f"cat {SKILL}/tasks/a/b/checks.py\n{'x' * 500}"
    detail = flagged(sh(long), ("read", {"path": f"{SKILL}/tests/a.py"}))["read-the-grader"]
    assert detail.startswith(f"2 calls, the first: cat {SKILL}/tasks/a/b/checks.py x")
    assert len(detail) < 160
    assert detail.endswith("…")
    alone = flagged(("read", {"path": f"{SKILL}/tests/a.py"}), ("sessions_spawn", {}))
    assert alone == {"read-the-grader": f"read {SKILL}/tests/a.py", "delegated": "sessions_spawn"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"command": "a" * 100_000},
        {"command": "cat " + "{a,b}" * 5000},
        {"command": "A=$A " * 5000},
        {"command": "cat " + "../" * 20_000 + "x"},
        {"command": "x $( ` {, [ **/.. ~ $"},
        {"command": ["cat", "**", "[", ""]},
        {"command": 5, "path": None, "workdir": 3},
        {"command": "", "workdir": "\0"},
    ],
)
def test_hostile_arguments_neither_raise_nor_hang(arguments: dict[str, Any]) -> None:
    """Whatever an agent passes, the audit ends and finds nothing where nothing is named."""
    assert flagged(("exec", arguments), ("read", arguments)) == {}


def test_grading_asks_for_the_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graded trial carries the flags: our own package, the suite it is from and its run are guarded."""
    tiny.isolate(monkeypatch, tmp_path)
    task = tiny.load(tiny.write_task(tmp_path / "suite"))
    place, _ = workspace.make_live(task, 7)
    run = RunPaths(tmp_path / "results" / "20260301-120000")
    paths = run.try_dir(task.id, 1, 1)
    paths.root.mkdir(parents=True)

    def codes(*made: Made) -> list[str]:
        write_json(paths.trajectory, trajectory(*made))
        return [flag.code for flag in trial.grade(task, outcome, paths).flags if flag.code != "no-work"]

    outcome = trial.Outcome(
        task_id=task.id,
        attempt=1,
        try_no=1,
        seed=7,
        workspace=str(place),
        frozen={1: str(workspace.freeze(place, 1, last=True))},
        replies={},
        metrics=Metrics(source=MetricsSource.TRANSCRIPT),
    )
    assert codes(sh(f"cat {place}/numbers.txt")) == []
    assert codes(sh(f"cat {task.folder}/checks.py")) == ["read-the-grader"]
    assert codes(("read", {"path": str(CHECKOUT / "agentbench" / "scoring.py")})) == ["read-the-grader"]
    assert codes(sh(f"cat {run.ledger}"), ("sessions_spawn", {})) == ["touched-results", "delegated"]
