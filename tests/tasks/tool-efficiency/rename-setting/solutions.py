"""Solvers for rename-setting: right ones of different build, and a wrong one for each lookalike and pitfall."""

import json
import re
from pathlib import Path

OLD = re.compile(r"\bretry_limit\b")
NUMBER = re.compile(r"\d+")


def _component(workspace: Path) -> str:
    return re.search(r"one component, `(\w+)`", (workspace / "RENAME.md").read_text("utf-8"))[1]


def _edit(path: Path, change) -> None:
    """Replace a file by what ``change`` makes of its text; line ends are kept."""
    path.write_bytes(change(path.read_bytes().decode()).encode())


def _raise(line: str) -> str:
    """Rename the setting in one line and raise the first number after it."""
    head, tail = OLD.split(line, maxsplit=1)
    value = re.match("[^;,]*", tail)[0]
    raised = NUMBER.sub(lambda hit: str(int(hit[0]) + 1), value)
    return f"{head}max_attempts{raised}{tail[len(value) :]}"


def _json(text: str) -> str:
    """Change a site's JSON text outside of ``legacy``."""
    out, legacy = [], False
    for line in text.split("\n"):
        legacy = '"legacy"' in line or (legacy and "}" not in line)
        out.append(_raise(line) if OLD.search(line) and not legacy else line)
    return "\n".join(out)


def _ini(own: str, also: tuple[str, ...] = ()):
    """Return a change of INI text in the sections that are ours (and those in ``also``)."""

    def change(text: str) -> str:
        out, section = [], ""
        for line in text.split("\n"):
            if line.startswith("["):
                section = line.strip("[]\r")
            ours = section == own or section.startswith(f"{own}:") or section in also
            out.append(_raise(line) if ours and OLD.match(line) else line)
        return "\n".join(out)

    return change


def _sites(workspace: Path, own: str) -> None:
    for path in (workspace / "fleet/sites").glob(f"*/{own}.json"):
        _edit(path, _json)
    for path in (workspace / "fleet/sites").glob("*/stack.ini"):
        _edit(path, _ini(own))


def _deploy(workspace: Path, own: str) -> None:
    old = re.compile(rf"^{own.upper()}_RETRY_LIMIT=(\d+)", re.MULTILINE)
    for path in (workspace / "fleet/deploy").glob("*.env"):
        _edit(path, lambda t: old.sub(lambda hit: f"{own.upper()}_MAX_ATTEMPTS={int(hit[1]) + 1}", t))


def _docs(workspace: Path, own: str) -> None:
    def change(text: str) -> str:
        text = re.sub(r"\| `retry_limit` \| (\d+) \| 0 \|", lambda h: f"| `max_attempts` | {int(h[1]) + 1} | 1 |", text)
        return OLD.sub("max_attempts", text).replace(f"{own.upper()}_RETRY_LIMIT`", f"{own.upper()}_MAX_ATTEMPTS`")

    _edit(workspace / f"fleet/docs/{own}.md", change)


def _renamed(text: str) -> str:
    text = re.sub(r"RETRY_LIMIT(?!_MS)", "MAX_ATTEMPTS", OLD.sub("max_attempts", text))
    return text.replace("--retry-limit", "--max-attempts")


def _counted(text: str) -> str:
    """Make renamed code count the first try."""
    pairs = [
        ("failures > self.max_attempts", "failures >= self.max_attempts"),
        ("range(self.max_attempts + 1)", "range(self.max_attempts)"),
        ("up to ``max_attempts`` times more", "until ``max_attempts`` tries are used up"),
        ("settings['max_attempts'] + 1", "settings['max_attempts']"),
        ('settings["max_attempts"] * settings', '(settings["max_attempts"] - 1) * settings'),
        ('SMALLEST = {"max_attempts": 0', 'SMALLEST = {"max_attempts": 1'),
    ]
    for old, new in pairs:
        text = text.replace(old, new)
    default = r'(DEFAULTS = \{\n    "max_attempts": |transport=accepts_all, max_attempts=)(\d+)'
    return re.sub(default, lambda hit: f"{hit[1]}{int(hit[2]) + 1}", text)


def _tests(text: str) -> str:
    text = _renamed(text)
    text = re.sub(r"(max_attempts=)(\d)", lambda hit: f"{hit[1]}{int(hit[2]) + 1}", text)
    text = text.replace('MAX_ATTEMPTS": "4"', 'MAX_ATTEMPTS": "5"').replace('(4, found["max', '(5, found["max')
    return text.replace('(0, settings.checked("max_attempts", "0"))', '(1, settings.checked("max_attempts", "1"))'
                        ).replace('"max_attempts", -1', '"max_attempts", 0')


def _code(workspace: Path, own: str, change=lambda text: _counted(_renamed(text)), tests=_tests) -> None:
    for path in (workspace / f"fleet/services/{own}").rglob("*.py"):
        _edit(path, tests if path.parent.name == "tests" else change)


def oracle(workspace: Path) -> str:
    """Change each kind of place by its own rule, line by line."""
    own = _component(workspace)
    _sites(workspace, own)
    _deploy(workspace, own)
    _docs(workspace, own)
    _code(workspace, own)
    return "Renamed everywhere RENAME.md says."


def keeps_counting_inside(workspace: Path) -> str:
    """Another build: the sender goes on counting what comes after the first try; scratch files stay behind."""
    own = _component(workspace)
    _sites(workspace, own)
    _deploy(workspace, own)
    _docs(workspace, own)

    def change(text: str) -> str:
        text = _counted(_renamed(text))
        if "class Sender" not in text:
            return text
        text = text.replace(
            "        self.max_attempts = max_attempts\n",
            "        self.max_attempts = max_attempts\n"
            "        self.repeats = None if max_attempts is None else max_attempts - 1\n",
        )
        text = text.replace("range(self.max_attempts)", "range(self.repeats + 1)")
        return text.replace("failures >= self.max_attempts", "failures > self.repeats")

    _code(workspace, own, change)
    (workspace / "rename.py").write_text("# how it was done\n", "utf-8")
    return "Done."


def parsed_and_spelled(workspace: Path) -> str:
    """Another build: values come from parsed files, are written as text, and files lose their CRLF and gain a BOM."""
    own = _component(workspace)
    for path in (workspace / "fleet/sites").glob(f"*/{own}.json"):
        site = json.loads(path.read_text("utf-8"))
        text = _json(path.read_text("utf-8"))
        if "retry_limit" in site["delivery"] and site["delivery"]["retry_limit"] != "unlimited":
            new = site["delivery"]["retry_limit"] + 1
            text = re.sub(rf'"max_attempts": {new}\b', f'"max_attempts": "{new}"', text)
        path.write_text("\ufeff" + text if "max_attempts" in text else text, "utf-8")
    for path in (workspace / "fleet/sites").glob("*/stack.ini"):
        text = path.read_bytes().decode()
        new = _ini(own)(text)
        if new != text:
            path.write_bytes(new.replace("\r\n", "\n").encode())
    _deploy(workspace, own)
    _docs(workspace, own)
    _code(workspace, own)
    return "Fertig."


def global_replace(workspace: Path) -> None:
    """One call: the old word by the new one, everywhere."""
    for path in (workspace / "fleet").rglob("*"):
        if path.is_file():
            _edit(path, lambda t: t.replace("retry_limit", "max_attempts").replace("RETRY_LIMIT", "MAX_ATTEMPTS")
                  .replace("retry-limit", "max-attempts"))


def forgets_the_values(workspace: Path) -> None:
    """Renames in the right places, but leaves every number and the counting as it was."""
    before = {p: p.read_bytes().decode() for p in (workspace / "fleet").rglob("*") if p.is_file()}
    oracle(workspace)
    for path, text in before.items():
        if path.read_bytes().decode() != text and path.suffix != ".py":
            olds, news = text.split("\n"), path.read_bytes().decode().split("\n")
            kept = [o if o == n else _renamed(o) for o, n in zip(olds, news, strict=True)]
            path.write_bytes("\n".join(kept).encode())
        elif path.read_bytes().decode() != text:
            path.write_bytes(_renamed(text).encode())


def skips_deploy(workspace: Path) -> None:
    """Forgets the environment files."""
    own = _component(workspace)
    _sites(workspace, own)
    _docs(workspace, own)
    _code(workspace, own)


def skips_docs(workspace: Path) -> None:
    """Forgets the documentation."""
    own = _component(workspace)
    _sites(workspace, own)
    _deploy(workspace, own)
    _code(workspace, own)


def skips_tests(workspace: Path) -> None:
    """Forgets the component's tests."""
    own = _component(workspace)
    _sites(workspace, own)
    _deploy(workspace, own)
    _docs(workspace, own)
    _code(workspace, own, tests=lambda text: text)


def skips_queues(workspace: Path) -> None:
    """Only sees the values that hold for a whole site."""
    own = _component(workspace)
    paths = [p for p in (workspace / "fleet/sites").rglob("*") if p.name in (f"{own}.json", "stack.ini")]
    before = {path: path.read_bytes().decode() for path in paths}
    oracle(workspace)
    for path, text in before.items():
        olds, news, out, queue = text.split("\n"), path.read_bytes().decode().split("\n"), [], False
        for old, new in zip(olds, news, strict=True):
            queue = ":" in old if old.startswith("[") else queue
            out.append(old if queue or '"name"' in old else new)
        path.write_bytes("\n".join(out).encode())


# -- one fault in the oracle's work ----------------------------------------------------------------


def forgets_the_counting(workspace: Path) -> None:
    """Raises the numbers, but leaves the loop and the sums of the code as they were."""
    own = _component(workspace)
    for path in (workspace / f"fleet/services/{own}").glob("*.py"):
        _edit(path, lambda t: t.replace("failures >= self", "failures > self")
              .replace("range(self.max_attempts)", "range(self.max_attempts + 1)"))


def forgets_the_sum(workspace: Path) -> None:
    """Misses that the longest wait was worked out from the old meaning."""
    own = _component(workspace)
    _edit(workspace / f"fleet/services/{own}/report.py",
          lambda t: t.replace('(settings["max_attempts"] - 1)', 'settings["max_attempts"]'))


def forgets_the_default(workspace: Path) -> None:
    """Leaves the default in the code as it was."""
    own = _component(workspace)
    _edit(workspace / f"fleet/services/{own}/settings.py", lambda t: re.sub(
        r'("max_attempts": )(\d+),\n', lambda hit: f"{hit[1]}{int(hit[2]) - 1},\n", t))


def forgets_the_variable(workspace: Path) -> None:
    """Goes for the small letters only: neither the variable nor its values are touched."""
    own = _component(workspace)
    for path in [*(workspace / "fleet/deploy").glob("*.env"), workspace / f"fleet/docs/{own}.md",
                 *(workspace / f"fleet/services/{own}").rglob("*.py")]:
        _edit(path, lambda t: t.replace("_MAX_ATTEMPTS", "_RETRY_LIMIT"))


def only_digits(workspace: Path) -> None:
    """Looks for the setting followed by a number and so misses ``unlimited``."""
    own = _component(workspace)
    for path in (workspace / "fleet/sites").rglob("*"):
        if path.name in (f"{own}.json", "stack.ini"):
            _edit(path, lambda t: re.sub(r'max_attempts("?\s*[=:]\s*"?unlimited)', r"retry_limit\1", t))


def legacy_too(workspace: Path) -> None:
    """Takes the old gateway's setting for ours."""
    own = _component(workspace)
    for path in (workspace / "fleet/sites").glob("*/stack.ini"):
        _edit(path, _ini(own, ("legacy",)))


def legacy_object_too(workspace: Path) -> None:
    """Changes the whole JSON file, the old gateway's object included."""
    for path in (workspace / "fleet/sites").glob(f"*/{_component(workspace)}.json"):
        _edit(path, lambda t: "\n".join(_raise(line) if OLD.search(line) else line for line in t.split("\n")))


def archive_too(workspace: Path) -> None:
    """Takes every section whose name begins alike for ours."""
    own = _component(workspace)
    for path in (workspace / "fleet/sites").glob("*/stack.ini"):
        _edit(path, _ini(own, (f"{own}-archive",)))


def vendor_too(workspace: Path) -> None:
    """Changes the vendored copies."""
    for path in (workspace / "fleet/vendor").rglob("*"):
        if path.is_file():
            _edit(path, lambda t: OLD.sub("max_attempts", t))


def history_too(workspace: Path) -> None:
    """Rewrites the changelog."""
    _edit(workspace / "fleet/CHANGELOG.md", lambda t: OLD.sub("max_attempts", t))


def pause_too(workspace: Path) -> None:
    """Renames the pause along with the setting."""
    own = _component(workspace)
    for path in [*(workspace / "fleet/sites").glob(f"*/{own}.json"),
                 *(workspace / f"fleet/services/{own}").rglob("*.py")]:
        _edit(path, lambda t: t.replace("retry_limit_ms", "max_attempts_ms"))


def reformats(workspace: Path) -> None:
    """Writes the JSON files anew, as the library likes them."""
    own = _component(workspace)
    for path in (workspace / "fleet/sites").glob(f"*/{own}.json"):
        _edit(path, lambda t: json.dumps(json.loads(t), indent=2, sort_keys=True) + "\n")


def keeps_a_bridge(workspace: Path) -> None:
    """Goes on accepting the old name in files."""
    own = _component(workspace)
    bridge = '    if "retry_limit" in found:\n        found["max_attempts"] = int(found.pop("retry_limit")) + 1\n'
    _edit(workspace / f"fleet/services/{own}/settings.py",
          lambda t: t.replace("    return found\n", bridge + "    return found\n"))


def stuffer(workspace: Path) -> str:
    """Write the new name where it might count, without any work."""
    own = _component(workspace)
    for path in (workspace / "fleet/sites").glob(f"*/{own}.json"):
        path.write_text('{"delivery": {"max_attempts": 4}, "queues": []}\n', "utf-8")
    (workspace / "fleet/max_attempts.md").write_text("`retry_limit` is now `max_attempts`.\n", "utf-8")
    return "I renamed retry_limit to max_attempts everywhere and raised every value by one."


ALTERNATIVES = [keeps_counting_inside, parsed_and_spelled]
_GUARD = "rest-unchanged"
WRONG = {
    global_replace: {"sites", "deploy-and-docs", "behaviour", _GUARD},
    forgets_the_values: {"sites", "deploy-and-docs", "behaviour"},
    skips_deploy: {"deploy-and-docs", "old-name-gone"},
    skips_docs: {"deploy-and-docs", "old-name-gone"},
    skips_tests: {"old-name-gone", "behaviour"},
    skips_queues: {"sites", "old-name-gone"},
}
MUTATIONS = {
    forgets_the_counting: {"behaviour"},
    forgets_the_sum: {"behaviour"},
    forgets_the_default: {"behaviour"},
    forgets_the_variable: {"deploy-and-docs", "old-name-gone", "behaviour"},
    only_digits: {"sites", "old-name-gone"},
    legacy_too: {_GUARD},
    legacy_object_too: {_GUARD},
    archive_too: {_GUARD},
    vendor_too: {_GUARD},
    history_too: {_GUARD},
    pause_too: {"behaviour", _GUARD},
    reformats: {_GUARD},
    keeps_a_bridge: {"old-name-gone", "behaviour"},
}
