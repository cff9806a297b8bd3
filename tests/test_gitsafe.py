"""Git on a repository that an agent made: its history is read, nothing of it is executed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from agentbench import gitsafe, process


def _git(repo: Path, *args: str) -> str:
    env = process.clean_environment(repo.parent)
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *identity, *args], cwd=repo, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with two commits."""
    made = tmp_path / "repo"
    made.mkdir()
    _git(made, "init", "-q")
    for text in ("first", "second"):
        (made / "file.txt").write_text(text)
        _git(made, "add", "-A")
        _git(made, "commit", "-qm", f"The {text} commit")
    return made


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where the copy goes."""
    made = tmp_path / "scratch"
    made.mkdir()
    return made


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a trace when it is run, and what it leaves."""
    program = tmp_path / "trap"
    program.write_text(f"#!/bin/sh\necho sprung >> {tmp_path}/sprung\ncat\n")
    program.chmod(0o755)
    return program


def _sprung(trap: Path) -> bool:
    return trap.with_name("sprung").exists()


COMMANDS = (
    ("log", "-p", "--format=%s"),
    ("status", "--porcelain"),
    ("diff", "HEAD~1"),
    ("show", "HEAD:file.txt"),
    ("checkout", "-q", "HEAD~1"),
    ("add", "-A"),
    ("fsck",),
    ("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"),
    ("gc", "--auto"),
)


def _use(copy: Path) -> list[str]:
    """Use git in the usual ways; return what the log says."""
    (copy / "file.txt").write_text("third")
    outputs = [gitsafe.git(copy, *command) for command in COMMANDS]
    return outputs[0].stdout.decode().splitlines()


def test_history_is_read(repo: Path, scratch: Path) -> None:
    """The copy has the history, and working in it changes nothing of the original."""
    copy = gitsafe.safe_clone(repo, scratch)
    assert "The second commit" in _use(copy)
    assert (repo / "file.txt").read_text() == "second"
    assert _git(repo, "log", "--format=%s").splitlines() == ["The second commit", "The first commit"]


@pytest.mark.parametrize(
    "settings",
    [
        ["core.fsmonitor", "TRAP"],
        ["core.pager", "TRAP"],
        ["core.hooksPath", "HOOKS"],
        ["core.editor", "TRAP"],
        ["core.sshCommand", "TRAP"],
        ["diff.external", "TRAP"],
        ["diff.trap.textconv", "TRAP"],
        ["filter.trap.clean", "TRAP"],
        ["filter.trap.smudge", "TRAP"],
        ["filter.trap.process", "TRAP"],
        ["alias.log", "!TRAP"],
        ["alias.status", "!TRAP"],
        ["gpg.program", "TRAP", "commit.gpgSign", "true", "log.showSignature", "true"],
        ["include.path", "INCLUDED"],
        ["core.worktree", "OUTSIDE"],
        ["core.attributesFile", "ATTRIBUTES"],
    ],
)
def test_no_configuration_takes_effect(repo: Path, scratch: Path, trap: Path, settings: list[str]) -> None:
    """Nothing that a repository's configuration can name is run or followed."""
    hooks = trap.with_name("hooks")
    hooks.mkdir()
    included, outside, attributes = (trap.with_name(name) for name in ("included", "outside", "attributes"))
    included.write_text(f"[core]\n\tfsmonitor = {trap}\n")
    attributes.write_text("* filter=trap diff=trap\n")
    outside.mkdir()
    (outside / "file.txt").write_text("alive")
    for name in ("post-checkout", "pre-commit", "post-commit", "post-index-change", "reference-transaction"):
        (hooks / name).symlink_to(trap)
    places = {
        "HOOKS": hooks,
        "TRAP": trap,
        "INCLUDED": included,
        "OUTSIDE": outside,
        "ATTRIBUTES": attributes,
    }
    (repo / ".gitattributes").write_text("* filter=trap diff=trap\n")
    config = repo / ".git" / "config"
    for key, value in zip(settings[::2], settings[1::2], strict=True):
        for word, place in places.items():
            value = value.replace(word, str(place))
        subprocess.run(["git", "config", "--file", str(config), key, value], check=True)
    assert "The second commit" in _use(gitsafe.safe_clone(repo, scratch))
    assert not _sprung(trap)
    assert (outside / "file.txt").read_text() == "alive"


def test_the_trap_works(repo: Path, trap: Path) -> None:
    """Without our care such a configuration is executed: the tests here can fail."""
    _git(repo, "config", "core.fsmonitor", str(trap))
    _git(repo, "status")
    assert _sprung(trap)


def test_no_hook_is_run(repo: Path, scratch: Path, trap: Path) -> None:
    """Hooks of the repository do not come along."""
    for name in ("post-checkout", "pre-commit", "post-commit", "post-index-change", "reference-transaction"):
        (repo / ".git" / "hooks" / name).unlink(missing_ok=True)
        (repo / ".git" / "hooks" / name).write_bytes(trap.read_bytes())
        (repo / ".git" / "hooks" / name).chmod(0o755)
    _use(gitsafe.safe_clone(repo, scratch))
    assert not _sprung(trap)


def test_the_users_own_configuration_is_not_used(
    repo: Path, scratch: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the configuration of the user nor GIT_ variables of the environment reach it."""
    (trap.parent / ".gitconfig").write_text(f"[core]\n\tfsmonitor = {trap}\n")
    monkeypatch.setenv("HOME", str(trap.parent))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    assert "The second commit" in _use(gitsafe.safe_clone(repo, scratch))
    assert not _sprung(trap)


def test_a_git_file_is_refused(repo: Path, scratch: Path) -> None:
    """A ``.git`` that is a file, or a link, pointing to another repository is none."""
    worktree = repo.with_name("worktree")
    worktree.mkdir()
    (worktree / ".git").write_text(f"gitdir: {repo}/.git\n")
    with pytest.raises(gitsafe.NotARepository):
        gitsafe.safe_clone(worktree, scratch)
    (worktree / ".git").unlink()
    (worktree / ".git").symlink_to(repo / ".git")
    with pytest.raises(gitsafe.NotARepository):
        gitsafe.safe_clone(worktree, scratch)
    with pytest.raises(gitsafe.NotARepository):
        gitsafe.safe_clone(scratch, scratch)


def test_alternates_are_dropped(repo: Path, scratch: Path) -> None:
    """Objects of another repository do not count as the agent's own."""
    other = repo.with_name("other")
    other.mkdir()
    _git(other, "init", "-q")
    (other / ".git" / "objects" / "info" / "alternates").write_text(f"{repo}/.git/objects\n")
    (other / ".git" / "refs" / "heads" / "main").write_text(_git(repo, "rev-parse", "HEAD"))
    assert _git(other, "log", "--format=%s").startswith("The second commit")
    assert not gitsafe.git(gitsafe.safe_clone(other, scratch), "log").ok


def test_replaced_objects_do_not_count(repo: Path, scratch: Path) -> None:
    """A history rewritten with ``git replace`` or grafts is shown as it is."""
    tree = _git(repo, "rev-parse", "HEAD^{tree}").strip()
    fake = _git(repo, "commit-tree", tree, "-m", "A finer commit").strip()
    _git(repo, "replace", "HEAD", fake)
    assert "A finer commit" in _git(repo, "log", "--format=%s")
    head = _git(repo, "--no-replace-objects", "rev-parse", "HEAD").strip()
    (repo / ".git" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "info" / "grafts").write_text(f"{head}\n")
    log = gitsafe.git(gitsafe.safe_clone(repo, scratch), "log", "--format=%s").stdout.decode()
    assert log.splitlines() == ["The second commit", "The first commit"]


def test_a_bare_repository(repo: Path, scratch: Path) -> None:
    """A bare repository is copied and read as well."""
    bare = repo.with_name("bare.git")
    _git(repo, "clone", "-q", "--bare", str(repo), str(bare))
    copy = gitsafe.safe_clone(bare, scratch)
    assert gitsafe.git(copy, "log", "--format=%s").stdout.decode().startswith("The second commit")
    assert (copy / "HEAD").is_file()
