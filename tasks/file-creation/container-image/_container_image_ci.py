"""The pipeline of formats.md: which jobs an event starts, what each sees, what comes of a failing step."""

from dataclasses import dataclass, field

from _container_image_globs import chosen, sensible

KEYS = {"on", "needs", "after", "always", "secrets", "steps"}
TRIGGERS = {
    "push": {"branches", "paths"},
    "pull_request": {"branches", "paths", "from", "heads"},
    "tag": {"tags"},
    "schedule": set(),
}
MAX_JOBS, MAX_LIST, MAX_TEXT, MAX_WILD = 60, 2000, 200, 6000


@dataclass
class Job:
    """One job as written; ``before`` is what it waits for."""

    name: str
    on: list[dict]
    steps: list[str]
    needs: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    always: bool = False

    @property
    def before(self) -> list[str]:
        return [*self.needs, *self.after]


@dataclass
class Run:
    """A step that ran: what it saw, and its place in its job."""

    command: str
    secrets: frozenset[str]
    job: str
    place: int


def _texts(value: object, where: str) -> list[str]:
    if (
        not isinstance(value, list)
        or len(value) > MAX_LIST
        or not all(isinstance(one, str) and 0 < len(one) <= MAX_TEXT for one in value)
    ):
        raise ValueError(f"{where}: a list of texts")
    return value


def _trigger(one: object, where: str) -> dict:
    if not isinstance(one, dict) or not isinstance(one.get("event"), str) or one["event"] not in TRIGGERS:
        raise ValueError(f"{where}: an entry of `on` names one of {sorted(TRIGGERS)}")
    strange = set(one) - {"event"} - TRIGGERS[one["event"]]
    if strange:
        raise ValueError(f"{where}: {one['event']} has no {sorted(strange)[0]}")
    for key, value in one.items():
        if key == "from":
            if value not in ("fork", "same"):
                raise ValueError(f"{where}: `from` is fork or same")
        elif key != "event":
            sensible(_texts(value, f"{where}.{key}"))
    return one


def read_jobs(document: object) -> dict[str, Job]:
    """Return the jobs of a parsed ci.json, in an order in which each follows what it waits for. Raises ValueError."""
    if not isinstance(document, dict) or set(document) != {"jobs"} or not isinstance(document["jobs"], dict):
        raise ValueError("an object with the one key `jobs`")
    if not 0 < len(document["jobs"]) <= MAX_JOBS:
        raise ValueError(f"1 to {MAX_JOBS} jobs")
    jobs = {}
    for name, body in document["jobs"].items():
        if not isinstance(body, dict) or set(body) - KEYS or not {"on", "steps"} <= set(body):
            raise ValueError(f"{name[:60]}: keys of a job are {sorted(KEYS)}")
        lists = {
            key: _texts(body.get(key, []), f"{name[:60]}.{key}")
            for key in ("needs", "after", "secrets", "steps")
        }
        on, always = body["on"], body.get("always", False)
        if (
            not isinstance(on, list)
            or not 0 < len(on) <= MAX_LIST
            or not lists["steps"]
            or not isinstance(always, bool)
        ):
            raise ValueError(
                f"{name[:60]}: `on` and `steps` are lists that hold something, `always` is true or false"
            )
        jobs[name] = Job(name, [_trigger(one, name[:60]) for one in on], always=always, **lists)
    if sum(len(job.steps) for job in jobs.values()) > 120:
        raise ValueError("over 120 steps")
    lists = [
        value for job in jobs.values() for one in job.on for value in one.values() if isinstance(value, list)
    ]
    if sum(len(one) for one in lists) > 5000 or sum("".join(one).count("*") for one in lists) > MAX_WILD:
        raise ValueError(f"over 5000 patterns or {MAX_WILD} wildcards")
    return _sorted(jobs)


def _sorted(jobs: dict[str, Job]) -> dict[str, Job]:
    for job in jobs.values():
        for other in job.before:
            if other not in jobs:
                raise ValueError(f"{job.name[:60]} waits for {other[:60]}, which is no job")
    done: dict[str, Job] = {}
    while len(done) < len(jobs):
        ready = [
            job for job in jobs.values() if job.name not in done and all(one in done for one in job.before)
        ]
        if not ready:
            raise ValueError("jobs that wait for each other")
        done.update({job.name: job for job in ready})
    return done


def fits(trigger: dict, event: dict) -> bool:
    """Return whether an entry of `on` fits an event."""
    if trigger["event"] != event["event"]:
        return False
    for key, of in (("branches", "branch"), ("heads", "head"), ("tags", "tag")):
        if key in trigger and not chosen(trigger[key], event[of]):
            return False
    if "from" in trigger and trigger["from"] != event["from"]:
        return False
    return "paths" not in trigger or any(chosen(trigger["paths"], one) for one in event["files"])


def started(jobs: dict[str, Job], event: dict) -> tuple[str, ...]:
    """Return the jobs that an event starts, in order; whatever runs depends on the event through them alone."""
    forked = event.get("from") == "fork"
    return tuple(
        job.name
        for job in jobs.values()
        if not (job.secrets and forked) and any(fits(one, event) for one in job.on)
    )


def play(jobs: dict[str, Job], names: tuple[str, ...], failing: str = "") -> list[Run]:
    """Return the steps that run where ``names`` were started; the step ``failing`` fails wherever it runs."""
    ended: dict[str, bool] = {}
    runs: list[Run] = []
    for job in (jobs[name] for name in names):
        if not job.always and (
            any(not ended.get(one, False) for one in job.needs)
            or any(not ended.get(one, True) for one in job.after)
        ):
            continue
        ended[job.name] = True
        for place, step in enumerate(job.steps):
            runs.append(Run(" ".join(step.split()), frozenset(job.secrets), job.name, place))
            if runs[-1].command == failing:
                ended[job.name] = False
                break
    return runs


def precedes(jobs: dict[str, Job], runs: list[Run], first: Run, second: Run) -> bool:
    """Return whether the first step is surely over before the second begins."""
    if first.job == second.job:
        return first.place < second.place
    ran = {one.job for one in runs}
    todo, seen = [second.job], set()
    while todo:
        for one in jobs[todo.pop()].before:
            if one in ran and one not in seen:
                seen.add(one)
                todo.append(one)
    return first.job in seen
