"""Judges the renamed setting by what the files say when parsed and what the component does when run.

What each check rests on, in RENAME.md: sites - points 2 and 3 of "Where it is ours"; deploy-and-docs - points
4 and 5; old-name-gone - "none of the places that are ours mentions the old name any more"; behaviour -
"behave exactly as before", point 1, "No bridge"; guard rest-unchanged - "Where it is not", "Small diff".
"""

from __future__ import annotations

import ast
import configparser
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from agentbench.validators.base import (
    CheckFailed,
    Context,
    Verdict,
    failed,
    find_files,
    number,
    passed,
    safe_name,
    same_map,
)

OLD, NEW = "retry_limit", "max_attempts"
_ANY_OLD = re.compile(r"retry[_-]?limit(?![_-]?ms)", re.IGNORECASE)
_FAULTS = {
    "sender.py": "\n\nSender.deliver = lambda self, message: None\n",
    "settings.py": "\n\ndef checked(name, value):\n    return -7\n",
}
"""What is appended to a module of the component so that its tests have to fail."""
_TRIALS = Path(__file__).with_name("_rename_setting_trials.py").read_text("utf-8")
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")


# -- reading ---------------------------------------------------------------------------------------


def _facts(ctx: Context) -> dict[str, Any]:
    return ctx.expected("answers.json")


def _json_places(ctx: Context, name: str, key: str) -> dict[str, object]:
    """Return place -> value of ``key`` in a site's JSON file, the old gateway's object left out."""
    site = _without_repeats(ctx, name)
    found: dict[str, object] = {}
    for place, node in _objects(site):
        if key in node:
            found[place] = node[key]
    return found


def _objects(site: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object of a site's JSON file with the name of its place, except ``legacy``."""
    if not isinstance(site, dict):
        raise CheckFailed("a JSON object", type(site).__name__)
    yield "top", site
    for block, value in site.items():
        if isinstance(value, dict) and block != "legacy":
            yield block, value
        for position, entry in enumerate(value if isinstance(value, list) else []):
            if isinstance(entry, dict):
                name = entry.get("name")
                yield f"queue {name[:80] if isinstance(name, str) else position}", entry


def _without_repeats(ctx: Context, name: str) -> Any:
    """Return a JSON file of the workspace; a key given twice in one object is a failure."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(items)) != len(items):
            raise CheckFailed(f"{name}: every key once", ", ".join(key for key, _ in items)[:120])
        return dict(items)

    try:
        return json.loads(ctx.text(name), object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        raise CheckFailed(f"{name}: valid JSON", str(error)) from None


def _ini(text: str, name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(inline_comment_prefixes=(";",), interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise CheckFailed(f"{name}: a valid INI file", str(error)) from None
    return parser


def _ini_places(ctx: Context, name: str, key: str) -> dict[str, object]:
    """Return section -> value of ``key`` in the component's sections of a site's INI file."""
    parser, own = _ini(ctx.text(name), name), _facts(ctx)["component"]
    sections = [section for section in parser.sections() if section == own or section.startswith(f"{own}:")]
    return {section: parser[section][key] for section in sections if key in parser[section]}


def _places(ctx: Context, name: str, key: str) -> dict[str, object]:
    return _ini_places(ctx, name, key) if name.endswith(".ini") else _json_places(ctx, name, key)


def _plain(value: object) -> object:
    """Return numbers as Decimal, however spelled, and everything else as text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return type(value).__name__
    text = value.strip().strip("\"'") if isinstance(value, str) else value
    try:
        return number(text)
    except CheckFailed:
        return f"{text!s:.40}"


def _environment(ctx: Context, name: str) -> dict[str, str]:
    """Return variable -> value of an environment file; a variable set twice is a failure."""
    found: dict[str, str] = {}
    for line in ctx.text(name).split("\n"):
        key, sign, value = line.strip().removeprefix("export ").partition("=")
        if sign and not key.startswith("#"):
            if key.strip() in found:
                raise CheckFailed(f"{name}: every variable once", f"{key.strip():.80} twice")
            found[key.strip()] = value.strip()
    return found


def _table(text: str) -> dict[str, list[str]]:
    """Return first cell -> other cells of all table rows of a Markdown text, backticks dropped."""
    hits = [hit for line in text.split("\n") if (hit := _ROW.match(line))]
    rows = [[cell.strip().strip("`").strip() for cell in hit[1].split("|")] for hit in hits]
    return {row[0]: row[1:] for row in rows}


# -- checks ----------------------------------------------------------------------------------------


def site_settings(ctx: Context) -> Verdict:
    """Judge whether each site's files have the new setting where they had the old one, one higher."""
    expected: dict[str, object] = {}
    found: dict[str, object] = {}
    for name, places in sorted(_facts(ctx)["sites"].items()):
        expected |= {f"{name} {place}": _plain(value) for place, value in places.items()}
        now = _places(ctx, f"fleet/{name}", NEW)
        found |= {f"{name} {place}": _plain(value) for place, value in now.items()}
    if extra := sorted(set(found) - set(expected)):
        return failed("the new setting where the old one was", f"also at {', '.join(extra[:3])}")
    return same_map(expected, found, "site settings")


def deploy_and_docs(ctx: Context) -> Verdict:
    """Judge the values in the environment files, and the component's tables in its documentation."""
    facts = _facts(ctx)
    variable = f"{facts['component'].upper()}_MAX_ATTEMPTS"
    expected = {name: _plain(value) for name, value in facts["deploy"].items()}
    found = {name: _plain(_environment(ctx, f"fleet/{name}").get(variable, "missing")) for name in expected}
    rows = _table(ctx.text(f"fleet/docs/{facts['component']}.md"))
    cells = [*rows.get(NEW, []), "missing", "missing"]
    expected |= {"documented default": Decimal(facts["default"]), "documented smallest value": Decimal(1)}
    found |= {"documented default": _plain(cells[0]), "documented smallest value": _plain(cells[1])}
    expected["documented variable"] = NEW
    found["documented variable"] = [*rows.get(variable, []), "missing"][0]
    return same_map(expected, found, "values")


def old_name_gone(ctx: Context) -> Verdict:
    """Judge whether the old name is gone from every place that is ours."""
    facts, left = _facts(ctx), []
    for name in sorted(facts["sites"]):
        left += [f"{name} {place}" for place in _places(ctx, f"fleet/{name}", OLD)]
    variable = f"{facts['component'].upper()}_RETRY_LIMIT"
    left += [name for name in facts["deploy"] if variable in _environment(ctx, f"fleet/{name}")]
    texts = [f"docs/{facts['component']}.md", *facts["code"]]
    folder = ctx.workspace / "fleet/services" / facts["component"]
    texts += [str(path.relative_to(ctx.workspace / "fleet")) for path in sorted(folder.rglob("*.py"))]
    for name in dict.fromkeys(texts):
        left += [f"{safe_name(name)}: {hit[0]}" for hit in _ANY_OLD.finditer(ctx.text(f"fleet/{name}"))]
    if left:
        return failed("the old name nowhere in our component", f"{len(left)} left: {'; '.join(left[:5])}")
    return passed(f"gone from {len(facts['sites']) + len(facts['deploy']) + len(texts)} files")


def behaves_as_before(ctx: Context) -> Verdict:
    """Judge the component by its own tests, by its classes' defaults and by hidden trial deliveries."""
    facts = _facts(ctx)
    component, services = facts["component"], ctx.workspace / "fleet/services"
    if not (services / component).is_dir():
        return failed(f"fleet/services/{component}", "no such folder")
    if trouble := _tests(ctx, services, component):
        return failed("the component's own tests pass, and would not if it were broken", trouble)
    folder = ctx.copy(services)
    probe = (
        f"from {component}.sender import Sender\n"
        "def tries(**given):\n"
        "    return Sender(lambda message: False, **given).deliver('x').tries\n"
        "print(tries(), tries(max_attempts=4))\n"
    )
    done = ctx.run(["python3", "-c", probe], cwd=folder)
    if not done.ok or done.stdout.split() != [str(facts["default"]).encode(), b"4"]:
        return failed(f"Sender makes {facts['default']} tries by default, 4 with max_attempts=4", done.tail())
    for case, ended in zip(facts["cases"], _trials(ctx, folder, component), strict=True):
        if trouble := _trouble(case, *ended):
            return failed("deliveries as before", trouble)
    return passed(f"{len(facts['cases'])} trial deliveries as before")


def _tests(ctx: Context, services: Path, component: str) -> str | None:
    """Run the component's tests, also on copies in which it is broken, and return what is wrong with them."""
    command = ["python3", "-P", "-m", "unittest", "discover", "-s", f"{component}/tests", "-t", "."]
    done = ctx.run(command, cwd=ctx.copy(services))
    ran = re.findall(rb"^Ran (\d{1,6}) tests? ", done.stderr, re.MULTILINE)
    given = (ctx.pristine / "fleet/services" / component / "tests").glob("test_*.py")
    n_given = sum(len(re.findall(r"^ +def test_", path.read_text("utf-8"), re.MULTILINE)) for path in given)
    if not done.ok or not ran:
        return done.tail()
    if int(ran[-1]) < n_given or done.stderr.rstrip().rpartition(b"\n")[2] != b"OK":
        return f"{ran[-1].decode()} of {n_given} tests, or some skipped: {done.tail()}"
    for name, fault in _FAULTS.items():
        folder = ctx.copy(services)
        with (folder / component / name).open("a", encoding="utf-8") as stream:
            stream.write(fault)
        if ctx.run(command, cwd=folder).ok:
            return f"they also pass with a broken {name}"
    return None


def _trials(ctx: Context, folder: Path, component: str) -> list[tuple[int, str, str]]:
    """Run all trial deliveries; return exit code, output and end of the errors of each."""
    desk, asked = ctx.scratch(), []
    for place, case in enumerate(_facts(ctx)["cases"]):
        given, argv = case["given"], ["try", "--failures", str(case.get("failures", 0))]
        settings = desk / f"{place}" / ("stack.ini" if "ini" in given else "site.json")
        if "ini" in given or "json" in given:
            settings.parent.mkdir()
            settings.write_text(given["ini"] if "ini" in given else json.dumps(given["json"]), "utf-8")
            argv += ["--config", str(settings)]
        asked.append({"argv": argv + given.get("argv", []), "env": given.get("env") or {}})
    program = desk / "trials.py"
    program.write_text(_TRIALS, "utf-8")
    done = ctx.run(["python3", str(program), component], cwd=folder, stdin=json.dumps(asked).encode())
    try:
        found = json.loads(done.stdout.decode("utf-8", "replace").rstrip().rpartition("\n")[2])
        ended = [(int(code), str(shown), str(told)) for code, shown, told in found]
    except (ValueError, TypeError, RecursionError):
        ended = []
    if len(ended) != len(asked):
        raise CheckFailed("trial deliveries that can be run", done.tail())
    return ended


def _trouble(case: dict[str, Any], code: int, shown: str, errors: str) -> str | None:
    """Return what is wrong with how a trial delivery ended."""
    told = json.dumps(case["given"])
    if case.get("refused"):
        return None if code else f"{told} is accepted"
    if code:
        return f"{told}: exit code {code}: {errors.rpartition(chr(10))[2]}"
    try:
        answer = json.loads(shown)
        wrong = {key: answer.get(key) for key, value in case["expect"].items() if answer.get(key) != value}
        said = re.findall(r"\d+", str(answer.get("verdict")))
    except (ValueError, AttributeError, RecursionError):
        return f"{told}: {shown[:100]!r}"
    if wrong:
        return f"{told}, {case['failures']} failures: {str(wrong)[:200]} instead of {case['expect']}"
    return None if said == [str(case["expect"]["tries"])] else f"{told}: verdict says {said[:3]}"


def rest_unchanged(ctx: Context) -> Verdict:
    """Guard: files without the setting are byte-identical; in the others so is every other line."""
    facts, changed = _facts(ctx), []
    ours = {f"fleet/{name}" for name in [*facts["sites"], *facts["deploy"], *facts["code"]]}
    ours.add(f"fleet/docs/{facts['component']}.md")
    for name in find_files(ctx.pristine, "**"):
        path = ctx.pristine / name
        try:
            same = _kept(ctx, name, path) if name in ours else ctx.bytes(name) == path.read_bytes()
        except CheckFailed as failure:
            changed.append(f"{name}: {failure.found}")
            continue
        if not same:
            changed.append(name)
    if changed:
        return failed("everything else unchanged", f"{len(changed)} changed: {'; '.join(changed[:4])}")
    return passed("everything else unchanged")


def _kept(ctx: Context, name: str, path: Path) -> bool:
    """Tell whether a file has every line that need not change, in order, and all its other settings."""
    before, now = path.read_bytes().decode("utf-8").replace("\r\n", "\n"), ctx.text(name)
    lines = iter(now.split("\n"))
    if not all(line in lines for line in _fixed_lines(before, name)):
        return False
    if name.endswith(".json"):
        return _stripped(_without_repeats(ctx, name)) == _stripped(json.loads(before))
    if name.endswith(".ini"):
        own = _facts(ctx)["component"]
        return _sections(_ini(now, name), own) == _sections(_ini(before, name), own)
    return True


def _fixed_lines(text: str, name: str) -> list[str]:
    """Return the lines that may not change: those without the setting; in code, outside what uses it."""
    lines = text.split("\n")
    free = {number for number, line in enumerate(lines) if _ANY_OLD.search(line)}
    if name.endswith(".py"):
        for node in ast.parse(text).body:
            block = range(node.lineno - 1, node.end_lineno or node.lineno)
            imports = isinstance(node, (ast.Import, ast.ImportFrom))
            if imports or "tests/" in name or any(number in free for number in block):
                free |= set(block)
    return [line for number, line in enumerate(lines) if number not in free and line.strip()]


def _stripped(site: Any) -> Any:
    """Return a site's data without the setting in our places."""
    for _, node in _objects(site):
        node.pop(OLD, None)
        node.pop(NEW, None)
    return site


def _sections(parser: configparser.ConfigParser, own: str) -> dict[str, dict[str, str]]:
    """Return all sections, ours without the setting."""
    found = {section: dict(parser[section]) for section in parser.sections()}
    for section, settings in found.items():
        if section == own or section.startswith(f"{own}:"):
            settings.pop(OLD, None)
            settings.pop(NEW, None)
    return found
