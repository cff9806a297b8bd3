"""Replays the build on the tree as given and as grown, and plays hidden events on the pipeline.

Nothing of the agent's is run: Dockerfile and ci.json are read as data. A file is known by where it comes from, so
that renaming hides nothing.
"""

from _container_image_app import is_secret, is_shipped
from _container_image_build import BuildError, Built, File, build
from _container_image_ci import Job, Run, play, precedes, read_jobs, started
from _container_image_globs import ignore_patterns, ignored
from _container_image_image import allowed, trouble
from _container_image_rules import ORDER, SECRETS, stopped
from _container_image_tools import packed, read_requirements

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, passed, safe_name

DELIVERED = ("app/Dockerfile", "app/.dockerignore", "ci.json")


def service_starts(ctx: Context) -> Verdict:
    """Judge that the service comes up from the image, today and with the files that come later."""
    for grown in (False, True):
        why = trouble(_built(ctx, grown).final, _facts(ctx)["cast"], _tree(ctx, grown))
        if why:
            return failed(
                "/healthz and the assets are answered", safe_name(f"{'later: ' if grown else ''}{why}")
            )
    return passed("comes up")


def platform_right(ctx: Context) -> Verdict:
    """Judge base image, user and port."""
    cast, final = _facts(ctx)["cast"], _built(ctx, False).final
    found = {
        "base": final.base,
        "user": final.user.split(":")[0].strip("\"'"),
        "EXPOSE": " ".join(sorted({one.removesuffix("/tcp") for one in final.expose})),
        "port": final.env.get(f"{cast['pkg'].upper()}_PORT", "8000"),
    }
    right = {"base": cast["base"], "user": cast["uid"], "EXPOSE": cast["port"], "port": cast["port"]}
    wrong = [f"{key} {value}" for key, value in found.items() if value != right[key]]
    return (
        failed("base, user and port in force", safe_name("; ".join(wrong))) if wrong else passed("in force")
    )


def contents_right(ctx: Context) -> Verdict:
    """Judge that the layers of the final stage hold what belongs there and nothing else."""
    cast = _facts(ctx)["cast"]
    for grown in (False, True):
        tree, final = _tree(ctx, grown), _built(ctx, grown).final
        right = allowed(cast, tree)
        strange = sorted(one for one in final.layers - right if not _python_only(one, right))
        lost = sorted(path for path in tree if is_shipped(cast, path) and f"app:{path}" not in final.layers)
        if strange or lost:
            shown = f"{len(strange)} too many ({', '.join(strange[:4])}); {len(lost)} missing ({', '.join(lost[:4])})"
            return failed("the service and nothing else", safe_name(shown))
    return passed("the service and nothing else")


def context_right(ctx: Context) -> Verdict:
    """Judge that no secret is sent to the builder, and all that the image needs is."""
    cast = _facts(ctx)["cast"]
    for grown in (False, True):
        tree, sent = _tree(ctx, grown), _sent(ctx, grown)
        secret = [path for path in sent if is_secret(cast, path)]
        lost = [path for path in tree if is_shipped(cast, path) and path not in sent]
        if secret or lost:
            shown = f"{len(secret)} secrets sent ({', '.join(secret[:3])}); kept out: {', '.join(lost[:3])}"
            return failed("all but secrets", safe_name(shown))
    return passed("no secret")


def steps_cached(ctx: Context) -> Verdict:
    """Judge that pip and assetpack are cached while only files change that they do not read."""
    tree = _tree(ctx, False)
    plain = {path: (file.origin, file.text) for path, file in tree.items()}
    reads = {
        "pip": read_requirements("requirements.txt", plain)[1],
        "assetpack": packed("build.toml", plain)[2],
    }
    sources = ("/css/", "/js/")
    before = _built(ctx, False).runs
    for tool, read in reads.items():
        changed = {
            path: file if path in read else File(file.origin, file.text + "#\n")
            for path, file in tree.items()
        }
        for path, file in _tree(ctx, True).items():
            web = path.startswith(_facts(ctx)["cast"]["web"] + "/")
            if path not in tree and not (tool == "assetpack" and web and any(one in path for one in sources)):
                changed[path] = file
        known = {key for text, key in before if _calls(text, tool)}
        try:
            after = build(ctx.text(DELIVERED[0]), _kept(ctx, changed)).runs
        except BuildError as error:
            raise CheckFailed("a build of changed files", safe_name(str(error))) from None
        again = [text for text, key in after if _calls(text, tool) and key not in known]
        if not known or again:
            return failed(f"{tool} cached", safe_name(again[0][:100] if again else f"no step calls {tool}"))
    return passed("cached")


def events_right(ctx: Context, kinds: list) -> Verdict:
    """Judge that exactly the right commands run, once each, for events of some kinds."""
    wrong = []
    for event, wanted, runs in _played(ctx):
        if event["event"] in kinds and sorted(one.command for one in runs) != sorted(wanted):
            wrong.append(f"{_shown(event)}: {sorted(one.command for one in runs)}")
    if wrong:
        return failed(
            "the commands of the policy", safe_name(f"{len(wrong)} events wrong, as {'; '.join(wrong[:2])}")
        )
    return passed("all events right")


def secrets_right(ctx: Context) -> Verdict:
    """Judge the secrets that each command sees, where most commands run that should.

    A command that should not run at all is judged elsewhere, unless it hands secrets to a pull request that gets none.
    """
    for event, wanted, runs in _played(ctx):
        strange = event["event"] == "pull_request" and (
            event["from"] == "fork" or event["head"].startswith("robot/")
        )
        for one in runs:
            usual = [] if strange else [SECRETS[one.command]] if one.command in SECRETS else []
            if one.secrets != frozenset(wanted.get(one.command, usual)):
                seen = f"{_shown(event)}: {one.command} sees {sorted(one.secrets)}"
                return failed("the secrets of the policy", safe_name(seen))
    return _mostly(ctx, "least secrets")


def failures_right(ctx: Context) -> Verdict:
    """Judge order, and what a failing command stops; what runs without a failure is judged elsewhere."""
    jobs, seen = _jobs(ctx), set()
    for event, _, runs in _played(ctx):
        names = started(jobs, event)
        if names in seen:
            continue
        seen.add(names)
        why = _order(jobs, runs) or _stops(jobs, names, {one.command for one in runs})
        if why:
            return failed("the order of the policy", safe_name(f"{_shown(event)}: {why}"))
    return _mostly(ctx, "order kept")


def inputs_unchanged(ctx: Context) -> Verdict:
    """Judge that everything given is as it was."""
    for path in sorted(ctx.pristine.rglob("*")):
        name = path.relative_to(ctx.pristine).as_posix()
        if path.is_file() and ctx.bytes(name) != path.read_bytes():
            return failed(f"{name} as given", "changed")
    return passed("as given")


def _order(jobs: dict[str, Job], runs: list[Run]) -> str:
    for second in runs:
        for first in runs:
            if first.command in ORDER.get(second.command, ()) and not precedes(jobs, runs, first, second):
                return f"{second.command} does not wait for {first.command}"
    return ""


def _mostly(ctx: Context, praise: str) -> Verdict:
    """Pass if at least six of ten commands run that should, and no more others than these."""
    pairs = [({one.command for one in runs}, wanted) for _, wanted, runs in _played(ctx)]
    total = sum(len(wanted) for _, wanted in pairs)
    ran = sum(len(found & set(wanted)) for found, wanted in pairs)
    others = sum(len(found - set(wanted)) for found, wanted in pairs)
    if ran < 0.6 * total or others > ran:
        return failed("most commands run, and few others", f"{ran} of {total}, {others} others")
    return passed(praise)


def _stops(jobs: dict[str, Job], names: tuple[str, ...], usual: set[str]) -> str:
    for failing in sorted(usual):
        left = {one.command for one in play(jobs, names, failing)}
        right = {one for one in usual if not stopped(one, failing)}
        if left != right:
            return f"{failing} fails, and {sorted(left ^ right)[0]} {'does not run' if left < right else 'runs or not'}"
    return ""


def _shown(event: dict) -> str:
    return " ".join(str(value) for value in event.values())


def _calls(text: str, tool: str) -> bool:
    """Return whether a step runs a tool, quoted or not."""
    plain = text.translate({ord(sign): None for sign in "\"'\\"})
    return any(tool in part.split()[:3] for part in plain.split("&&"))


def _python_only(origin: str, right: set[str]) -> bool:
    """Return whether a package file differs from a right one only in the Python it was installed by."""
    parts = origin.split(":")
    return parts[0] == "dep" and any(
        one.split(":")[:3] + one.split(":")[4:] == parts[:3] + parts[4:] for one in right
    )


def _facts(ctx: Context) -> dict:
    return ctx.once("facts", lambda: ctx.expected("facts.json"))


def _tree(ctx: Context, grown: bool) -> dict[str, File]:
    def make() -> dict[str, File]:
        facts = _facts(ctx)
        texts = {**facts["tree"], **(facts["extra"] if grown else {})}
        return {path: File(f"app:{path}", text) for path, text in sorted(texts.items())}

    return ctx.once(f"tree {grown}", make)


def _kept(ctx: Context, tree: dict[str, File]) -> dict[str, File]:
    try:
        patterns = ctx.once("patterns", lambda: ignore_patterns(ctx.text(DELIVERED[1])))
    except ValueError as error:
        raise CheckFailed(".dockerignore as formats.md has it", safe_name(str(error))) from None
    own = {name: File(f"app:{name}", ctx.text(f"app/{name}")) for name in ("Dockerfile", ".dockerignore")}
    return {path: file for path, file in {**tree, **own}.items() if not ignored(patterns, path)}


def _sent(ctx: Context, grown: bool) -> dict[str, File]:
    return ctx.once(f"sent {grown}", lambda: _kept(ctx, _tree(ctx, grown)))


def _built(ctx: Context, grown: bool) -> Built:
    def make() -> Built | BuildError:
        try:
            return build(ctx.text(DELIVERED[0]), _sent(ctx, grown))
        except BuildError as error:
            return error

    made = ctx.once(f"built {grown}", make)
    if isinstance(made, BuildError):
        raise CheckFailed("a build that ends", safe_name(f"{'later: ' if grown else ''}{made}"))
    return made


def _jobs(ctx: Context) -> dict[str, Job]:
    def make() -> dict[str, Job] | ValueError:
        try:
            return read_jobs(ctx.json(DELIVERED[2]))
        except ValueError as error:
            return error

    made = ctx.once("jobs", make)
    if isinstance(made, ValueError):
        raise CheckFailed("ci.json as formats.md has it", safe_name(str(made)))
    return made


def _played(ctx: Context) -> list[tuple[dict, dict, list[Run]]]:
    def make() -> list[tuple[dict, dict, list[Run]]]:
        jobs = _jobs(ctx)
        events = _facts(ctx)["events"]
        return [(one["event"], one["wanted"], play(jobs, started(jobs, one["event"]))) for one in events]

    return ctx.once("played", make)
