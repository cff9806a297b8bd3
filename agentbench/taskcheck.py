"""The quality gate of tasks: what a task must stand before anybody is measured with it.

Over several seeds: the oracle and every alternative solution get L0 100 and resolve; doing nothing gets 0;
the stuffers resolve nothing and stay at 15 or below; every wrong solution fails exactly the checks that it
declares, and so does every single fault put into the oracle's output, a fault for each required check; a generation
repeated gives the same bytes, another seed other answers. On the first seed, junk in the place of a deliverable gets
a verdict and breaks no validator. With several seeds the wrong solutions and faults are shared out among them, in
turns: the set-up proves for every seed that a trap missed costs its check.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import msgspec

from agentbench import scoring, scratch, tasks, workspace
from agentbench.agents.base import Actor, AgentFailed, Turn
from agentbench.agents.junk import KINDS, JunkAgent, junk_targets
from agentbench.agents.nop import NopAgent
from agentbench.agents.solution import Declared, MutationAgent, SolutionAgent, declared
from agentbench.agents.stuffer import StufferAgent
from agentbench.errors import AgentBenchError, SetupError
from agentbench.model import CheckStatus, Metrics, MetricsSource, Status, Task, TrialResult
from agentbench.paths import TryPaths, solutions_file, temporary_dir
from agentbench.trial import Outcome, grade
from agentbench.validators import registry
from agentbench.workspace import Generated

STUFFER_CAP = 15.0
MIN_WRONG = 2
SIDE_BY_SIDE = 3
TURNS = 3
"""Among so many seeds at most the wrong solutions and faults are shared out; with one all have their turn on it."""
MEMORY_BYTES = 2 * 1024**3
"""How much must be free in memory for the gate to work there."""


class Finding(msgspec.Struct, frozen=True):
    """A rule that a task breaks."""

    task_id: str
    seed: int
    rule: str
    solution: str
    detail: str

    def __str__(self) -> str:
        who = f" {self.solution}" if self.solution else ""
        return f"{self.task_id} seed {self.seed}:{who} {self.rule}: {self.detail}"


class Examined(msgspec.Struct, frozen=True):
    """What the gate found for one task and one seed."""

    task_id: str
    seed: int
    solutions: int
    findings: list[Finding]
    answers: str
    """Digest of inputs and hidden values."""


def examine_all(folders: Sequence[Path], seeds: Sequence[int], jobs: int) -> Iterator[Examined]:
    """Yield the verdict on every (task, seed) as it comes in; ``jobs`` processes work on them."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=work_in_memory) as pool:
        futures = [
            pool.submit(examine, folder, seed, (place, len(seeds)))
            for place, seed in enumerate(seeds)
            for folder in folders
        ]
        for future in as_completed(futures):
            yield future.result()


def work_in_memory(place: Path = Path("/dev/shm")) -> None:
    """Let this process make its workspaces in memory, if the user named no place: files cost a fraction there.

    Nothing changes where the system has no such place, too little of it, or forbids to run programs from there.
    """
    try:
        disk = os.statvfs(place)
    except OSError:
        return
    fit = disk.f_bavail * disk.f_frsize >= MEMORY_BYTES and not disk.f_flag & getattr(os, "ST_NOEXEC", 0)
    if fit and os.access(place, os.W_OK | os.X_OK):
        os.environ.setdefault("AGENTBENCH_TMP", str(place))


def examine(folder: Path, seed: int, among: tuple[int, int] = (0, 1)) -> Examined:
    """Return the verdict on one task and seed. Raises TaskError when the task or its solutions do not load.

    ``among``: the place of the seed, from 0, and how many seeds there are.
    """
    task = tasks.load_task(folder, registry.catalogue(others=True))
    solutions = declared(task)
    root = temporary_dir("examined")
    try:
        judge = _Judge(task, seed, workspace.generate(task, seed, root))
        for path in _to_be_written(folder):
            judge.report("nothing is left to be filled in", "", f"{path.name} says FILL IN")
        answers = judge.generated_again()
        _apply(judge, solutions, among)
    except SetupError as error:
        return Examined(task.id, seed, 0, [Finding(task.id, seed, "set-up works", "", str(error))], "")
    finally:
        scratch.remove_tree(root)
    return Examined(task.id, seed, judge.solutions, judge.findings, answers)


def _to_be_written(folder: Path) -> list[Path]:
    files = [*folder.glob("*.yaml"), *folder.glob("*.py"), solutions_file(folder)]
    return [path for path in sorted(files) if "FILL IN" in path.read_text("utf-8", "replace")]


def _apply(judge: _Judge, solutions: Declared, among: tuple[int, int]) -> None:
    """Apply every rule about solutions; they mostly wait for programs, so some run side by side."""
    if not solutions.alternatives:
        judge.report("an alternative right solution", "", "ALTERNATIVES is empty")
    if len(solutions.wrong) < MIN_WRONG:
        judge.report("two plausible wrong solutions", "", f"WRONG has {len(solutions.wrong)}")
    for check in sorted(judge.required - set().union(*solutions.mutations.values())):
        judge.report("a mutation for every required check", "", f"none of MUTATIONS fails {check}")
    rules: list[Callable[[], None]] = [judge.nothing, partial(judge.stuffed, StufferAgent())]
    rules += [partial(judge.right, name) for name in ("oracle", *solutions.alternatives)]
    if solutions.stuffer:
        rules.append(partial(judge.stuffed, SolutionAgent("stuffer")))
    faulty = [partial(judge.wrong, name, fails) for name, fails in solutions.wrong.items()]
    faulty += [partial(judge.mutated, name, fails) for name, fails in solutions.mutations.items()]
    judge.solutions = len(rules) + len(faulty)
    place, turns = among[0], min(among[1], TURNS)
    rules += faulty[place % turns :: turns]
    if place == 0 and junk_targets(judge.task):
        rules += [partial(judge.hostile, JunkAgent(kind)) for kind in KINDS]
    try:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            for done in [pool.submit(rule) for rule in rules]:
                done.result()
    finally:
        judge.forget()


def same_answers(examined: Sequence[Examined]) -> list[Finding]:
    """Return a finding for every task whose seeds do not all give different inputs or answers.

    A seed whose set-up failed gave none, and does not count here.
    """
    by_task: dict[str, list[Examined]] = {}
    for one in examined:
        by_task.setdefault(one.task_id, []).append(one)
    return [
        Finding(task_id, group[0].seed, "other seed, other answers", "", "two seeds gave the same")
        for task_id, group in sorted(by_task.items())
        if len({one.answers for one in group if one.answers}) < sum(bool(one.answers) for one in group)
    ]


def rehearse(
    task: Task, seed: int, agent: Actor, generated: Generated, begun: Path | None = None
) -> TrialResult:
    """Let ``agent`` work on a copy of what was generated and grade it, with no run and nothing stored.

    With ``begun`` it finds a copy of that folder, work of another agent, instead. Raises SetupError, AgentFailed.
    """
    place = temporary_dir(f"task-{task.id}")
    shutil.copytree(begun or generated.given[1], place, symlinks=True, dirs_exist_ok=True)
    messages = workspace.messages(task, generated.hidden)
    root = temporary_dir("rehearsal")
    frozen: dict[int, str] = {}
    replies: dict[int, str | None] = {}
    last = len(task.turns)
    try:
        hidden = shutil.copytree(generated.hidden, root / "hidden")
        for number, (turn, message) in enumerate(zip(task.turns, messages, strict=True), start=1):
            if number > 1:
                workspace.before_turn(task, seed, place, number, hidden=hidden)
            replies[number] = agent.act(
                Turn(task, number, message, turn.new_session, place, task.timeout_sec)
            )
            frozen[number] = str(workspace.freeze(place, number, last=number == last))
        outcome = Outcome(
            task_id=task.id,
            attempt=1,
            try_no=1,
            seed=seed,
            workspace=str(place),
            frozen=frozen,
            replies=replies,
            metrics=Metrics(source=MetricsSource.NONE),
        )
        return grade(task, outcome, TryPaths(root / "attempt-1" / "try-1"), generated)
    finally:
        for path in (place, root, *map(Path, frozen.values())):
            scratch.remove_tree(path)


class _Judge:
    """Applies the rules to one task and seed and collects what is broken."""

    def __init__(self, task: Task, seed: int, generated: Generated) -> None:
        self.task = task
        self.seed = seed
        self.generated = generated
        self.findings: list[Finding] = []
        self.solutions = 0
        self.required = {check.id for check in task.checks if check.required and not check.guard}
        self._oracle = threading.Lock()
        self._place: Path | None = None
        self._finished: tuple[Path, str | None] | None = None

    def report(self, rule: str, solution: str, detail: str) -> None:
        self.findings.append(Finding(self.task.id, self.seed, rule, solution, detail))

    def generated_again(self) -> str:
        """Generate once more, compare, and return the digest of what was generated."""
        root = temporary_dir("generation")
        try:
            workspace.generate(self.task, self.seed, root, hash_seed=1)
            first, again = tree_digest(self.generated.root), tree_digest(root)
        finally:
            scratch.remove_tree(root)
        if first != again:
            self.report("same seed, same bytes", "", "two generations differ")
        return first

    def right(self, name: str) -> None:
        result = self._run(SolutionAgent(name), name)
        if result is not None:
            score = scoring.score_l0(result.checks).score
            if score != 100.0 or not result.resolved:
                self.report("a right solution gets L0 100 and resolves", name, _broken(result))

    def nothing(self) -> None:
        result = self._run(NopAgent(), "nop")
        if result is not None:
            won = [check.id for check in result.checks if check.points > 0]
            if won or result.resolved or result.score != 0.0:
                self.report("nop resolves nothing and gets 0", "nop", f"won points in {', '.join(won)}")

    def stuffed(self, agent: Actor) -> None:
        result = self._run(agent, agent.name)
        if result is not None:
            score = scoring.score_l0(result.checks).score
            if result.resolved or score is None or score > STUFFER_CAP:
                won = [check.id for check in result.checks if check.points > 0]
                self.report(
                    f"stuffer stays at {STUFFER_CAP:g}", agent.name, f"L0 {score}, won {', '.join(won)}"
                )

    def hostile(self, agent: JunkAgent) -> None:
        self._run(agent, agent.name, broken="hostile outputs give a verdict")

    def mutated(self, name: str, fails: set[str]) -> None:
        """Judge a mutation; where there is one turn, on a copy of what the oracle left, as it does the same again."""
        if len(self.task.turns) > 1:
            self.wrong(f"oracle+{name}", fails)
            return
        try:
            begun, reply = self._left_by_oracle()
        except AgentFailed as error:
            self.report("the solution runs", f"oracle+{name}", str(error))
            return
        self._wrong(MutationAgent(name, reply), fails, begun)

    def _left_by_oracle(self) -> tuple[Path, str | None]:
        """Return the folder that the oracle leaves in a task of one turn, and its reply. Raises AgentFailed."""
        with self._oracle:
            if self._finished is None:
                self.forget()
                place = self._place = temporary_dir(f"task-{self.task.id}")
                shutil.copytree(self.generated.given[1], place, symlinks=True, dirs_exist_ok=True)
                message = workspace.messages(self.task, self.generated.hidden)[0]
                turn = Turn(self.task, 1, message, True, place, self.task.timeout_sec)
                self._finished = place, SolutionAgent("oracle").act(turn)
            return self._finished

    def forget(self) -> None:
        """Remove what the oracle left for mutations."""
        if self._place is not None:
            scratch.remove_tree(self._place)

    def wrong(self, name: str, fails: set[str]) -> None:
        self._wrong(SolutionAgent(name), fails)

    def _wrong(self, agent: SolutionAgent, fails: set[str], begun: Path | None = None) -> None:
        name = agent.name
        known = {check.id for check in self.task.checks}
        if not fails or fails - known:
            self.report(
                "a wrong solution names the checks it fails", name, f"unknown: {sorted(fails - known)}"
            )
        result = self._run(agent, name, begun=begun)
        if result is not None:
            failed = _failed(result)
            if failed != fails:
                self.report(
                    "a wrong solution fails exactly the checks it declares",
                    name,
                    f"declares {', '.join(sorted(fails))}; failed {_broken(result) or 'none'}",
                )
            needed = {check.id for check in self.task.checks if check.required or check.guard}
            if result.resolved and needed & fails:
                self.report("a wrong solution is not resolved", name, "it resolved the task")

    def _run(
        self, agent: Actor, name: str, *, broken: str = "the validators work", begun: Path | None = None
    ) -> TrialResult | None:
        try:
            result = rehearse(self.task, self.seed, agent, self.generated, begun)
        except (AgentFailed, AgentBenchError) as error:
            self.report("the solution runs", name, str(error))
            return None
        if result.status is not Status.SCORED:
            self.report(broken, name, result.message)
            return None
        return result


def _failed(result: TrialResult) -> set[str]:
    good = {CheckStatus.PASSED, CheckStatus.SKIPPED}
    return {
        check.id
        for check in result.checks
        if check.status not in good and "(counts once" not in check.expected
    }


def _broken(result: TrialResult) -> str:
    return "; ".join(f"{check.id} ({check.found})" for check in result.checks if check.id in _failed(result))


def tree_digest(root: Path) -> str:
    """Return a digest of all files below ``root``: names, modes, bytes. The git index has file times in it."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.parts[-2:] == (".git", "index"):
                continue
            digest.update(
                f"{path.relative_to(root)}\0{path.lstat().st_mode}\0".encode("utf-8", "surrogateescape")
            )
            digest.update(os.readlink(path).encode() if path.is_symlink() else path.read_bytes())
    return digest.hexdigest()
