"""Workspaces: private, the same bytes everywhere, and hidden values nowhere while the agent works."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import tiny

from agentbench import workspace
from agentbench.errors import SetupError
from agentbench.paths import PACKAGE

TURNS = "turns:\n  - {message: 'First {{word}}.'}\n  - {message: Second.}\n"
TURNS_YAML = tiny.YAML.replace(
    "user_message: |\n  Write `answer.json` with the keys `sum` and `largest` of the numbers in `numbers.txt`.\n",
    TURNS,
)
TURNS_SETUP = """\
import json


def build(workspace, hidden, seed):
    (workspace / "one.txt").write_text(f"one {seed}")
    (hidden / "messages.json").write_text(json.dumps({"word": f"secret-{seed}"}))


def before_turn(workspace, hidden, seed, turn):
    word = json.loads((hidden / "messages.json").read_text())["word"]
    (workspace / "one.txt").unlink(missing_ok=True)
    (workspace / f"{turn}.txt").write_text(word.upper())
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the empty folder in which workspaces are made."""
    return tiny.isolate(monkeypatch, tmp_path)


def everything(root: Path) -> dict[str, bytes]:
    """Return the bytes of all files below ``root``."""
    return {
        str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
    }


def test_hidden_never_exists_while_the_agent_works(tmp_path: Path, place: Path) -> None:
    """After the workspace is made nothing else is left, and no file holds an expected value."""
    task = tiny.load(tiny.write_task(tmp_path))
    made, messages = workspace.make_live(task, 7)
    assert list(place.iterdir()) == [made]
    assert [path.name for path in made.iterdir()] == ["numbers.txt"]
    total = str(sum(map(int, (made / "numbers.txt").read_text().split()))).encode()
    assert all(total not in content for content in everything(place).values())
    assert messages == [task.turns[0].message]


def test_a_workspace_is_private_and_named_after_its_task(tmp_path: Path, place: Path) -> None:
    """Mode 0700, also where inputs/ is a folder that everybody may read."""
    folder = tiny.write_task(tmp_path)
    (folder / "inputs").mkdir(mode=0o755)
    (folder / "inputs" / "given.txt").write_text("given")
    made, _ = workspace.make_live(tiny.load(folder), 7)
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert made.name.startswith("agentbench-task-demo-numbers-")
    assert sorted(path.name for path in made.iterdir()) == ["given.txt", "numbers.txt"]


@pytest.mark.parametrize(
    "setup",
    [
        "def build(workspace, hidden, seed):\n    (workspace / 'x').touch()\n    raise RuntimeError('no luck')\n",
        "import agentbench\n",
        "def build(workspace, hidden, seed):\n    import yaml\n",
        "def (\n",
    ],
    ids=["raises", "leans on the engine", "leans on a package", "does not parse"],
)
def test_a_failed_set_up_leaves_nothing_behind(tmp_path: Path, place: Path, setup: str) -> None:
    """One SetupError that names the script; no directory remains."""
    task = tiny.load(tiny.write_task(tmp_path, setup=setup))
    with pytest.raises(SetupError, match=r"setup\.py"):
        workspace.make_live(task, 7)
    assert list(place.iterdir()) == []


def test_a_set_up_that_hangs_is_ended(tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time-out is an error of the task, and its process is gone."""
    monkeypatch.setattr(workspace, "SETUP_TIMEOUT_SEC", 0.5)
    setup = "import time\n\n\ndef build(workspace, hidden, seed):\n    time.sleep(60)\n"
    task = tiny.load(tiny.write_task(tmp_path, setup=setup))
    with pytest.raises(SetupError, match="timed out"):
        workspace.make_live(task, 7)
    assert list(place.iterdir()) == []


def test_setup_sh_gets_the_workspace_and_the_seed(tmp_path: Path, place: Path) -> None:
    """The seed format's set-up script; a failing one leaves nothing."""
    folder = tiny.write_task(tmp_path, setup=None)
    (folder / "setup.sh").write_text('echo "$AGENTBENCH_SEED" > "$1/seed.txt"\n')
    made, _ = workspace.make_live(tiny.load(folder), 7)
    assert (made / "seed.txt").read_text() == "7\n"
    shutil.rmtree(made)
    (folder / "setup.sh").write_text("echo broken >&2; exit 3\n")
    with pytest.raises(SetupError, match=r"setup\.sh: exit code 3: broken"):
        workspace.make_live(tiny.load(folder), 7)
    assert list(place.iterdir()) == []


def test_placeholders_are_filled_and_turns_place_their_inputs(tmp_path: Path, place: Path) -> None:
    """``{{name}}`` comes from hidden/messages.json; before_turn works on the live workspace."""
    task = tiny.load(tiny.write_task(tmp_path, yaml=TURNS_YAML, setup=TURNS_SETUP))
    made, messages = workspace.make_live(task, 7)
    assert messages == ["First secret-7.", "Second."]
    (made / "mine.txt").write_text("kept")
    for _ in range(2):
        workspace.before_turn(task, 7, made, 2)
        assert everything(made) == {"2.txt": b"SECRET-7", "mine.txt": b"kept"}
    assert list(place.iterdir()) == [made]


def test_generation_gives_what_each_turn_was_given(tmp_path: Path, place: Path) -> None:
    """The pristine workspace of every turn, as the live one was before the agent touched it."""
    task = tiny.load(tiny.write_task(tmp_path, yaml=TURNS_YAML, setup=TURNS_SETUP))
    (tmp_path / "again").mkdir()
    generated = workspace.generate(task, 7, tmp_path / "again")
    assert everything(generated.given[1]) == {"one.txt": b"one 7"}
    assert everything(generated.given[2]) == {"2.txt": b"SECRET-7"}
    assert set(everything(generated.hidden)) == {"messages.json"}
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("content", ['{"other": "x"}', "{", '["word"]', '{"word": ["x"]}'])
def test_messages_that_cannot_be_filled_are_an_error_of_the_task(
    tmp_path: Path, place: Path, content: str
) -> None:
    """The agent never sees a raw placeholder where the task has a messages.json."""
    setup = f"def build(workspace, hidden, seed):\n    (hidden / 'messages.json').write_text({content!r})\n"
    task = tiny.load(tiny.write_task(tmp_path, yaml=TURNS_YAML, setup=setup))
    with pytest.raises(SetupError, match=r"messages\.json"):
        workspace.make_live(task, 7)
    assert list(place.iterdir()) == []


def test_braces_of_a_message_stay_without_messages_json(tmp_path: Path) -> None:
    """A task of the seed format may speak of ``{{templates}}``."""
    yaml = tiny.YAML.replace("`numbers.txt`.", "`numbers.txt` and {{ x }}.")
    _, (message,) = workspace.make_live(tiny.load(tiny.write_task(tmp_path, yaml=yaml)), 7)
    assert "{{ x }}" in message


ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "123",
    "HOME": "/nonexistent",
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "user.email",
    "GIT_CONFIG_VALUE_0": "x@example.org",
}
NOSY = """\
import json
import locale
import os
import subprocess
import time


def build(workspace, hidden, seed):
    facts = {
        "zone": time.tzname, "locale": locale.setlocale(locale.LC_ALL, ""), "hash": hash("x"),
        "order": list({"a", "b", "c", "d"}), "cwd": os.getcwd(), "who": os.environ.get("GIT_AUTHOR_NAME"),
        "config": subprocess.run(["git", "config", "--get", "user.email"], capture_output=True, text=True).stdout,
    }
    (workspace / "facts.json").write_text(json.dumps(facts))
    (workspace / "mode").mkdir()
    (workspace / "modes.txt").write_text(oct((workspace / "mode").stat().st_mode))
"""


def test_same_bytes_on_any_machine(tmp_path: Path) -> None:
    """Zone, locale, umask, directory, HOME, hash seed and git settings of the caller do not reach a set-up."""
    folder = tiny.write_task(tmp_path, setup=NOSY)
    here = tmp_path / "here"
    here.mkdir()
    workspace.generate(tiny.load(folder), 7, here)
    (tmp_path / "there").mkdir()
    program = (
        f"import os, sys; os.umask(0o077); sys.path.insert(0, {str(PACKAGE.parent)!r})\n"
        f"from pathlib import Path\nfrom agentbench import tasks, workspace\n"
        f"from agentbench.validators import registry\n"
        f"task = tasks.load_task(Path({str(folder)!r}), registry.catalogue())\n"
        f"workspace.generate(task, 7, Path({str(tmp_path / 'there')!r}))\n"
    )
    subprocess.run([sys.executable, "-c", program], env={**os.environ, **ELSEWHERE}, cwd="/usr", check=True)
    assert everything(tmp_path / "there") == everything(here)


@pytest.mark.parametrize("last", [True, False])
def test_freezing_is_repeatable(tmp_path: Path, place: Path, last: bool) -> None:
    """The last state is moved, an earlier one copied; a second call changes nothing."""
    made, _ = workspace.make_live(tiny.load(tiny.write_task(tmp_path)), 7)
    frozen = workspace.freeze(made, 1, last=last)
    assert made.exists() is not last
    kept = everything(frozen)
    made.mkdir(exist_ok=True)
    (made / "late.txt").write_text("too late")
    assert workspace.freeze(made, 1, last=last) == frozen
    assert everything(frozen) == kept
    assert "late.txt" not in kept


def test_what_a_cut_off_freezing_left_is_removed_too(tmp_path: Path, place: Path) -> None:
    """A copy that was never finished bears another name, and would lie there for good."""
    made, _ = workspace.make_live(tiny.load(tiny.write_task(tmp_path)), 7)
    frozen = workspace.freeze(made, 1, last=False)
    shutil.copytree(frozen, f"{frozen}.part")
    workspace.remove_frozen(made, 1)
    assert list(place.iterdir()) == [made]


def test_a_workspace_that_is_gone_freezes_as_empty(tmp_path: Path, place: Path) -> None:
    """Also when a link stands in its place: what it leads to is not taken."""
    made, _ = workspace.make_live(tiny.load(tiny.write_task(tmp_path)), 7)
    shutil.rmtree(made)
    made.symlink_to(tmp_path)
    assert everything(workspace.freeze(made, 1, last=True)) == {}


def test_teardown_runs_on_the_workspace_and_may_fail(tmp_path: Path) -> None:
    """The seed format's teardown.sh; its failure is no failure of the trial."""
    folder = tiny.write_task(tmp_path)
    (folder / "teardown.sh").write_text('echo gone > "$1/torn.txt"; exit 9\n')
    made, _ = workspace.make_live(tiny.load(folder), 7)
    workspace.teardown(tiny.load(folder), made, 7)
    assert (made / "torn.txt").read_text() == "gone\n"
