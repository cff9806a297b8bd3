"""Judges the notes after each message: facts, their reports, links both ways, and the form that was asked for once.

A line is read leniently (spaces, bullets, order of lines are free), so that a slip in form costs the check of form.
Both sides of a link are facts of their own files.
"""

import re

from agentbench.validators.base import CheckFailed, Context, Verdict, failed, find_files, passed, safe_name

LINKED = {
    "works-for": "employs", "owns": "owned-by", "supplies": "supplied-by", "located-in": "houses",
}  # fmt: skip
BOTH = LINKED | {back: there for there, back in LINKED.items()}
LINE = re.compile(r"[-*] ?([a-z-]+) ?: ?(\S.*?) ?\(([^()]*)\)(?: ?ended ?\(([^()]*)\))?")
"""A line of a fact, once all space in it is single: runs of it would keep the matching busy."""
_NUMBERS = r"\(\d{4}-\d\d-\d\d S-\d+(?:; \d{4}-\d\d-\d\d S-\d+)*\)"
STRICT = re.compile(rf"- [a-z-]+: \S.* {_NUMBERS}(?: ended {_NUMBERS})?")
ENOUGH = 0.8
"""Share of the facts that must be there before links or reports earn anything."""
MOST_FILES, MOST_LINES, MOST_BYTES = 300, 20_000, 4_000_000
"""Of all notes together."""


def facts_right(ctx: Context, when: str) -> Verdict:
    """Judge the facts of every file, those that hold and those that ended, whatever reports they name."""
    right, given = _right(ctx, when), _given(ctx)
    wanted = {(*fact, bool(how[1])) for fact, how in right.items()}
    found = {(*fact, bool(how[1])) for fact, how in given.items()}
    files = {f"{code}.md" for code, _, _ in right}
    stray = [name for name in _notes(ctx) if name.split("/")[-1] not in files]
    missing, extra = sorted(wanted - found), sorted(found - wanted)
    if missing or extra or stray:
        shown = [f"missing {_said(one)}" for one in missing[:3]] + [
            f"too much {_said(one)}" for one in extra[:3]
        ]
        shown += [f"{safe_name(name)} has no fact" for name in stray[:2]]
        return failed(
            f"{len(wanted)} facts", f"{len(missing)} missing, {len(extra)} too many: {'; '.join(shown)}"
        )
    return passed(f"{len(wanted)} facts, both sides counted")


def sources_right(ctx: Context, when: str) -> Verdict:
    """Judge the reports and dates behind every fact."""
    right, given = _right(ctx, when), _given(ctx)
    _enough(right, given)
    days = ctx.expected("expected.json")["days"]
    wrong = []
    for fact, (sources, enders) in right.items():
        wanted = tuple(
            tuple(f"{days[number]} {number}" for number in several) for several in (sources, enders)
        )
        found = given.get(fact, ((), ()))
        if tuple(set(one) for one in wanted) != tuple(set(one) for one in found):
            wrong.append(f"{_said((*fact, bool(enders)))}: {'; '.join(found[0]) or 'not there'}")
    if wrong:
        return failed("the reports behind every fact", f"{len(wrong)} wrong: {'; '.join(wrong[:4])}")
    return passed(f"the reports behind {len(right)} facts")


def links_both_ways(ctx: Context) -> Verdict:
    """Judge that each link leads to a file in which the way back stands, with the same brackets."""
    given = _given(ctx)
    _enough(_right(ctx, str(_turn(ctx))), given)
    names = {name.split("/")[-1] for name in _notes(ctx)}
    broken = []
    for (code, attribute, value), how in given.items():
        if attribute not in BOTH:
            continue
        if f"{value}.md" not in names:
            broken.append(f"{code}: [[{value}]] has no file")
        elif given.get((value, BOTH[attribute], code)) != how:
            broken.append(f"{code} {attribute} {value}: the way back differs")
    return (
        failed("links both ways", f"{len(broken)}: {'; '.join(broken[:5])}")
        if broken
        else passed("links both ways")
    )


def merged_right(ctx: Context) -> Verdict:
    """Judge that one of the two ids is gone, and the other has the facts of both."""
    known = ctx.expected("expected.json")
    gone, kept = known["gone"], known["kept"]
    right = {fact for fact in _right(ctx, "2") if kept in (fact[0], fact[2])}
    given = {fact for fact in _given(ctx) if kept in (fact[0], fact[2])}
    if right != given:
        return failed(f"the facts of {kept}", f"{len(right - given)} missing, {len(given - right)} too many")
    for name in _notes(ctx):
        if name.endswith(f"/{gone}.md") or f"[[{gone}]]" in ctx.text(name):
            return failed(f"no {gone} any more", safe_name(name))
    return passed(f"{kept} has the facts of both")


def form_right(ctx: Context) -> Verdict:
    """Judge the form of the files that came after the first message: head, sections, lines."""
    known = ctx.expected("expected.json")
    before = {name.split("/")[-1] for name in find_files(ctx.workspaces[1], "kb/Q-*.md")}
    new = [code for code in sorted({fact[0] for fact in _right(ctx, "2")}) if f"{code}.md" not in before]
    names = {name.split("/")[-1]: name for name in _notes(ctx)}
    if missing := [code for code in new if f"{code}.md" not in names]:
        return failed(f"files for {', '.join(new)}", f"missing: {', '.join(missing[:5])}")
    _enough(_right(ctx, "2"), _given(ctx))
    for name in names.values():
        code = name.split("/")[-1].removesuffix(".md")
        if problem := _misformed(ctx.text(name), code, known):
            return failed("the form that was asked for", f"{safe_name(name)}: {problem}")
    return passed(f"{len(names)} files, {len(new)} of them new")


def answers_right(ctx: Context) -> Verdict:
    """Judge the answers to all questions."""
    right, given = ctx.expected("expected.json")["answers"], ctx.json("answers.json")
    if not isinstance(given, dict):
        raise CheckFailed("answers.json: an object", type(given).__name__)
    wrong = [
        f"{key}: {str(given.get(key))[:60]}"
        for key, value in right.items()
        if not _same(given.get(key), value)
    ]
    return (
        failed(f"{len(right)} answers", f"{len(wrong)} wrong: {'; '.join(wrong)}")
        if wrong
        else passed("all right")
    )


def kb_as_it_was(ctx: Context) -> Verdict:
    """Judge that the last message changed nothing in the notes."""
    for name in find_files(ctx.workspaces[3], "kb/Q-*.md"):
        path = ctx.workspace / name
        if (
            path.is_symlink()
            or not path.is_file()
            or path.read_bytes() != (ctx.workspaces[3] / name).read_bytes()
        ):
            return failed("the notes as they were before the questions", safe_name(name))
    return passed("the notes as they were")


def _same(given: object, right: object) -> bool:
    if isinstance(right, list):
        return isinstance(given, list) and sorted(str(one).strip().upper() for one in given) == sorted(
            map(str.upper, right)
        )
    if isinstance(right, int):
        return not isinstance(given, bool) and str(given).strip() == str(right)
    return re.sub(r"[\s/.-]", "", str(given)).upper() == re.sub(r"[\s/.-]", "", str(right)).upper()


def _misformed(text: str, code: str, known: dict) -> str | None:
    """Return what is wrong with the form of a file."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    if not lines or lines[0] != f"# {known['names'].get(code)}":
        return "the name in the first line"
    if f"id: {code}" not in lines[1:4] or f"type: {known['types'].get(code)}" not in lines[1:4]:
        return "id and type"
    facts = [line for line in lines if line.startswith(("-", "*"))]
    bad = [line for line in facts if not STRICT.fullmatch(line)]
    return f"the line {bad[0][:80]}" if bad else None


def _turn(ctx: Context) -> int:
    """Return the number of the message whose state is judged."""
    return next(turn for turn, root in ctx.workspaces.items() if root == ctx.workspace)


def _enough(right: dict, given: dict) -> None:
    share = len(right.keys() & given.keys()) / len(right)
    if share < ENOUGH:
        raise CheckFailed(f"at least {ENOUGH:.0%} of the facts", f"{share:.0%}")


def _right(ctx: Context, when: str) -> dict:
    """Return {(file, attribute, value): (sources, enders)} as it must be."""
    rows = ctx.expected("expected.json")["bases"][when]
    return {(code, attribute, value): (sources, enders) for code, attribute, value, sources, enders in rows}


def _notes(ctx: Context) -> list[str]:
    names = find_files(ctx.workspace, "kb/Q-*.md")
    if len(names) > MOST_FILES:
        raise CheckFailed("a file for each entity", f"{len(names)} files")
    ctx.once("sizes", lambda: _sensible(ctx, names))
    return names


def _sensible(ctx: Context, names: list[str]) -> None:
    """Raise CheckFailed where the notes are far too large."""
    size = sum(ctx.path(name).stat().st_size for name in names)
    n_lines = sum(len(ctx.text(name).splitlines()) for name in names) if size <= MOST_BYTES else 0
    if size > MOST_BYTES or n_lines > MOST_LINES:
        raise CheckFailed("notes of a sensible size", f"{size} bytes, {n_lines} lines")


def _given(ctx: Context) -> dict:
    """Return {(file, attribute, value): (sources, enders)} as the notes have it."""

    def read():
        found = {}
        for name in _notes(ctx):
            code, section = name.split("/")[-1].removesuffix(".md"), ""
            for line in ctx.text(name).splitlines():
                if line.startswith("#"):
                    section = line.strip("# ").casefold()
                hit = LINE.fullmatch(" ".join(line.split())) if len(line) < 500 else None
                if hit is None or section not in {"facts", "earlier"}:
                    continue
                value = re.sub(r"^\[\[(.*)\]\]$", r"\1", hit[2])
                enders = _numbers(hit[4] or "")
                if bool(enders) == (section == "earlier"):
                    found[code, hit[1], value] = _numbers(hit[3]), enders
        if not found:
            raise CheckFailed("facts in kb/Q-….md", "none")
        return found

    return ctx.once("given", read)


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(" ".join(one.split()) for one in re.split(r"[;,]", text) if one.strip())


def _said(fact: tuple) -> str:
    code, attribute, value, ended = fact
    return f"'{code} {attribute} {value[:40]}'{' (ended)' if ended else ''}"
