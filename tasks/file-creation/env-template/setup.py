"""Generate a small Python service that reads its environment in many ways, and the list of what it reads.

Every read is a `Read`; sources and expected answers are both made from the same reads. A draft is kept only
if each trap is in it: leaving out what a hurried reader overlooks then changes the names or the required set.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path

from _env_template_parts import (
    BRANDS,
    CHILD_NAMES,
    DECOYS,
    FEATURES,
    HELPER,
    MAIN,
    SETTINGS,
    TEST,
    TEST_NAMES,
)

HELPERS = [("settings", "cfg"), ("config", "option"), ("options", "setting"), ("conf", "cfg")]
ALIASES = {"os-alias": ["system", "_os", "platform_os"], "environ-alias": ["env", "ENV", "given"],
           "getenv-alias": ["lookup", "read_env", "from_env"]}


@dataclass(frozen=True)
class Dialect:
    """How one module gets at the environment."""

    kind: str
    imports: str
    mapping: str = ""
    getter: str = ""
    helper: str = ""


@dataclass(frozen=True)
class Read:
    """One look-up of one variable; ``default`` None means that there is no fallback."""

    module: str
    key: str
    name: str
    default: str | None
    dialect: str
    access: str
    joined: bool = False
    constant: bool = False
    lazy: bool = False


class Draft:
    """One candidate service: its modules, reads and decoys."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.brand, self.prefix = rng.choice(BRANDS)
        self.helper_module, self.helper = rng.choice(HELPERS)
        self.modules = sorted(rng.sample(sorted(FEATURES), rng.randint(7, 10)))
        self.dialects = self._draw_dialects()
        self.names = self._draw_names()
        self.constants: dict[str, str] = {}
        self.reads: list[Read] = []
        decoys = rng.sample(DECOYS, 5)
        self.comment_decoys, self.text_decoy, self.stale = decoys[:2], decoys[2], decoys[3:]
        self.child = rng.choice(CHILD_NAMES)
        self.child_used = False
        self.test_names = rng.sample(TEST_NAMES, 4)
        self.sources: dict[str, str] = {}
        self._plan()

    def _draw_dialects(self) -> dict[str, Dialect]:
        kinds = ["os", "helper", "helper", "environ-alias", "getenv-alias", "os-alias"]
        spare = len(self.modules) - len(kinds)
        kinds += self.rng.choices(["os", "helper", "both", "os"], k=spare)
        self.rng.shuffle(kinds)
        return {module: self._dialect(kind) for module, kind in zip(self.modules, kinds, strict=True)}

    def _dialect(self, kind: str) -> Dialect:
        if kind == "os":
            return Dialect(kind, "import os", "os.environ", "os.getenv")
        if kind == "both":
            return Dialect(kind, "from os import environ, getenv", "environ", "getenv")
        if kind == "helper":
            return Dialect(kind, f"from .{self.helper_module} import {self.helper}", helper=self.helper)
        alias = self.rng.choice(ALIASES[kind])
        if kind == "os-alias":
            return Dialect(kind, f"import os as {alias}", f"{alias}.environ", f"{alias}.getenv")
        if kind == "environ-alias":
            return Dialect(kind, f"from os import environ as {alias}", alias, f"{alias}.get")
        return Dialect(kind, f"from os import getenv as {alias}", getter=alias)

    def _draw_names(self) -> dict[str, str]:
        """Choose each setting's short name once; a module with the helper adds the prefix."""
        names: dict[str, str] = {}
        for module in self.modules:
            for key, _ in _slots(FEATURES[module]):
                name = self.rng.choice(SETTINGS[key][0])
                names[key] = self.prefix + name if self.dialects[module].kind == "helper" else name
        return names

    def _plan(self) -> None:
        """Decide for every slot how it reads, then for two shared slots what they repeat."""
        for module in self.modules:
            for key, lazy in _slots(FEATURES[module]):
                self.reads.append(self._draw_read(module, key, lazy))
        self._join_names()
        self._share()

    def _draw_read(self, module: str, key: str, lazy: bool) -> Read:
        dialect, defaults = self.dialects[module], SETTINGS[key][1]
        required = not defaults or (not lazy and self.rng.random() < 0.25)
        default = None if required else self.rng.choice(defaults)
        constant = default not in (None, "") and self.rng.random() < 0.2
        access = self._access(dialect, default)
        return Read(module, key, self.names[key], default, dialect.kind, access, constant=constant, lazy=lazy)

    def _access(self, dialect: Dialect, default: str | None) -> str:
        if dialect.kind == "helper":
            return "helper"
        if default is None:
            return self.rng.choice(["subscript", "subscript", "checked"] if dialect.mapping else ["checked"])
        ways = ["getter"] * 2
        ways += ["get", "get", "caught"] if dialect.mapping else []
        ways += ["or"] if default else []
        return self.rng.choice(ways)

    def _join_names(self) -> None:
        """Compose two or three names from constants instead of writing them out."""
        fit = [i for i, read in enumerate(self.reads) if read.access != "helper" and "_" in read.name]
        for i in sorted(self.rng.sample(fit, min(len(fit), self.rng.randint(2, 3)))):
            self.reads[i] = replace(self.reads[i], joined=True)

    def _share(self) -> None:
        """Let one module repeat a required variable with a fallback, and another an optional one alike."""
        hosts = [m for m in self.modules if "@@shared" in FEATURES[m] and self.dialects[m].kind != "helper"]
        strict = [r for r in self.reads if r.default is None and SETTINGS[r.key][1]]
        loose = [r for r in self.reads if r.default and not r.lazy and not r.constant]
        self.rng.shuffle(hosts)
        for pool, host in zip((strict, loose), hosts, strict=False):
            pool = [r for r in pool if r.module != host]
            if pool:
                seen = self.rng.choice(pool)
                default = seen.default or self.rng.choice(SETTINGS[seen.key][1]) or "none"
                kind, lazy = self.dialects[host].kind, "@@shared lazy" in FEATURES[host]
                access = "getter" if kind == "getenv-alias" else "get"
                self.reads.append(Read(host, "shared", seen.name, default, kind, access, lazy=lazy))

    # -- source text -----------------------------------------------------------------------------

    def render(self) -> None:
        """Write all sources to ``self.sources``, by path inside the service."""
        comments = list(self.comment_decoys)
        told = next(m for m in self.modules if "@@note" not in FEATURES[m])
        for module in self.modules:
            self.sources[f"{module}.py"] = self._render_module(module, comments, module == told)
        parts = ", ".join(self.modules)
        self.sources["__main__.py"] = MAIN.replace("@@modules", parts).replace("@@parts", parts)
        helper = HELPER.replace("@@prefix", self.prefix).replace("@@helper", self.helper)
        self.sources[f"{self.helper_module}.py"] = helper
        self.sources["__init__.py"] = f'"""{self.brand}: parcels in, parcels out."""\n'
        lines = [f"{name} = {json.dumps(value)}" for name, value in sorted(self.constants.items())]
        lines = ['"""Values that more than one module uses."""', "", *lines]
        self.sources["constants.py"] = "\n".join(lines) + "\n"
        self.sources["README.md"] = self._readme()
        for number, module in enumerate(self.rng.sample(self.modules, 2)):
            first, second = self.test_names[2 * number : 2 * number + 2]
            text = TEST.replace("@@module", module).replace("@@class", module.title())
            text = text.replace("@@test_a", first).replace("@@test_b", second)
            self.sources[f"tests/test_{module}.py"] = text
        self.sources["tests/__init__.py"] = ""

    def _render_module(self, module: str, comments: list[str], told: bool) -> str:
        dialect, used, out = self.dialects[module], set(), []
        reads = [r for r in self.reads if r.module == module]
        text = FEATURES[module]
        if told:
            old = f'It used to call os.getenv("{self.text_decoy}", "off") here; that switch is gone.'
            text = text.replace('."""', f'.\n\n{old}\n"""', 1)
        for line in text.splitlines():
            words = line.split()
            pad = line[: len(line) - len(line.lstrip())]
            if not words or not words[0].startswith("@@"):
                out.append(line)
            elif words[0] == "@@note" and comments:
                out.append(f'{pad}# {comments[0].lower()} = os.environ["{comments.pop(0)}"]')
            elif words[0] == "@@child" and dialect.mapping:
                self.child_used = True
                out.append(f'{pad}{dialect.mapping}["{self.child}"] = "1"')
            elif words[0] in ("@@", "@@lazy", "@@shared"):
                repeat = words[0] == "@@shared"
                read = next((r for r in reads if r.key == ("shared" if repeat else words[2])), None)
                if read:
                    target, conv = ("shown", "") if repeat else (words[1], " ".join(words[3:]))
                    out += [pad + row for row in self._statement(read, target, conv, used)]
                    out += [pad + 'sys.stderr.write(f"{__name__}: {shown}\\n")'] if repeat else []
            elif words[0] == "@@imports":
                out.append(line)
        block = self._imports(dialect.imports, used, "\n".join(out))
        return re.sub(r"\n{4,}", "\n\n\n", "\n".join(out).replace("@@imports", block)) + "\n"

    def _imports(self, access: str, used: set[str], text: str) -> str:
        rows = [access, *(["import sys"] if "sys.stderr" in text else [])]
        rows += [f"from .constants import {', '.join(sorted(used))}"] if used else []
        groups = [[row for row in rows if row.startswith("from .") is local] for local in (False, True)]
        return "\n\n".join("\n".join(sorted(group)) for group in groups if group)

    def _statement(self, read: Read, target: str, conv: str, used: set[str]) -> list[str]:
        """Return the lines that read one variable into ``target``."""
        dialect = self.dialects[read.module]
        name = self._name_expression(read, used)
        fallback = self._default_expression(read, used)
        if read.access == "helper":
            short = json.dumps(read.name.removeprefix(self.prefix).lower())
            value = f"{dialect.helper}({short}{'' if read.default is None else ', ' + fallback})"
        elif read.access == "subscript":
            value = f"{dialect.mapping}[{name}]"
        elif read.access == "checked":
            rows = [f"{target} = {dialect.getter}({name})", f"if {target} is None:",
                    f'    raise SystemExit("no {target.lower()} configured")']
            return rows + ([f"{target} = {conv}({target})"] if conv else [])
        elif read.access == "caught":
            rows = ["try:", f"    {target} = {dialect.mapping}[{name}]", "except KeyError:",
                    f"    {target} = {fallback}"]
            return rows + ([f"{target} = {conv}({target})"] if conv else [])
        elif read.access == "or":
            value = f"{dialect.getter}({name}) or {fallback}"
        elif read.access == "get":
            value = f"{dialect.mapping}.get({name}, {fallback})"
        else:
            value = f"{dialect.getter}({name}, {fallback})"
        return [f"{target} = {conv}({value})" if conv else f"{target} = {value}"]

    def _name_expression(self, read: Read, used: set[str]) -> str:
        if not read.joined:
            return json.dumps(read.name)
        head, tail = read.name.split("_", 1)
        constant = f"{read.key}_FAMILY"
        self.constants[constant] = head
        used.add(constant)
        return [f'f"{{{constant}}}_{tail}"', f'{constant} + "_{tail}"', f'"_".join(({constant}, "{tail}"))'][
            len(tail) % 3]

    def _default_expression(self, read: Read, used: set[str]) -> str:
        if not read.constant or read.default is None:
            return json.dumps(read.default)
        constant = f"{read.key}_DEFAULT"
        self.constants[constant] = read.default
        used.add(constant)
        return constant

    def _readme(self) -> str:
        """A list nobody kept up: settings that are gone, values that have changed, most of it missing."""
        known = sorted(name for name, entry in answers(self.reads).items() if entry["default"])
        rows = [f"| `{name}` | `off` |" for name in self.stale]
        rows += [f"| `{name}` | `changeme` |" for name in self.rng.sample(known, 3)]
        about = "Takes parcels from shops, prints labels, tells people where their parcel is."
        head = [f"# {self.brand}", "", about, "", "## Settings", "", "As of version 2.", ""]
        return "\n".join([*head, "| variable | default |", "|---|---|", *rows]) + "\n"


def _slots(template: str) -> list[tuple[str, bool]]:
    """Return (setting, lazy) for each read slot of a template."""
    rows = [line.split() for line in template.splitlines()]
    return [(row[2], row[0] == "@@lazy") for row in rows if row and row[0] in ("@@", "@@lazy")]


def answers(reads: list[Read]) -> dict[str, dict[str, object]]:
    """Return name -> required, default, by the rule that one read without fallback makes it required."""
    found: dict[str, dict[str, object]] = {}
    for read in reads:
        entry = found.setdefault(read.name, {"required": False, "default": read.default})
        if read.default is None:
            entry.update(required=True, default=None)
        elif not entry["required"] and entry["default"] != read.default:
            raise AssertionError(f"{read.name} has two defaults")
    return found


def traps_alive(draft: Draft) -> bool:
    """Tell whether each way of overlooking something gives another answer."""
    reads, right = draft.reads, answers(draft.reads)
    overlooked = [
        [r for r in reads if r.dialect not in ("environ-alias", "getenv-alias", "os-alias")],
        [r for r in reads if r.dialect != "helper"],
        [replace(r, name=r.name.removeprefix(draft.prefix)) if r.dialect == "helper" else r for r in reads],
        [r for r in reads if not r.joined],
        [r for r in reads if not r.lazy],
    ]
    if any(set(answers(naive)) == set(right) for naive in overlooked):
        return False
    needed = {name for name, entry in right.items() if entry["required"]}
    if any(needed <= set(answers(naive)) for naive in overlooked[:4]):
        return False
    by_name: dict[str, set[bool]] = {}
    for read in reads:
        by_name.setdefault(read.name, set()).add(read.default is None)
    kinds = {(r.dialect == "helper", r.default is None) for r in reads}
    strays = {*draft.comment_decoys, draft.text_decoy, *draft.stale, draft.child, *draft.test_names}
    return (
        sum(len(ways) == 2 for ways in by_name.values()) == 1
        and len(reads) == len(right) + 2
        and len(kinds) == 4
        and any(r.access == "caught" for r in reads)
        and any(r.constant and r.default for r in reads)
        and any(entry["default"] == "" for entry in right.values())
        and 4 <= sum(bool(entry["required"]) for entry in right.values()) <= 10
        and sum(bool(entry["default"]) for entry in right.values()) >= 5
        and any(draft.dialects[m].mapping and "@@child" in FEATURES[m] for m in draft.modules)
        and sum("@@note" in FEATURES[m] for m in draft.modules) >= 2
        and any("@@note" not in FEATURES[m] for m in draft.modules)
        and not strays & set(right)
    )


def draw(seed: int) -> Draft:
    """Return the first draft of this seed in which every trap is alive."""
    for attempt in range(3000):
        draft = Draft(random.Random(f"env-template:{seed}:{attempt}"))
        if traps_alive(draft):
            return draft
    raise AssertionError("no draft with all traps")


def build(workspace: Path, hidden: Path, seed: int) -> None:
    """Write the service to ``workspace/service`` and the expected list to ``hidden/answers.json``."""
    draft = draw(seed)
    draft.render()
    for name, text in sorted(draft.sources.items()):
        target = workspace / "service" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    samples = {read.name: SETTINGS[read.key][2] for read in draft.reads if read.key != "shared"}
    payload = {"variables": answers(draft.reads), "samples": samples}
    (hidden / "answers.json").write_text(json.dumps(payload, indent=1, sort_keys=True), "utf-8")
