"""Solvers for env-template: right ones of different build, and one wrong one for each trap."""

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

Table = dict[str, str | None]


@dataclass(frozen=True)
class Read:
    """One read found in the code, and how it is written there; ``default`` None means no fallback."""

    name: str
    default: str | None
    late: bool
    aliased: bool = False
    helped: bool = False
    joined: bool = False
    caught: bool = False


class Finder(ast.NodeVisitor):
    """Collects the reads of one part of one module."""

    def __init__(self, tree: ast.Module, constants: dict[str, str], helper: str, late: bool) -> None:
        self.constants, self.helper, self.late = constants, helper, late
        self.systems, self.mappings, self.getters = set(), set(), set()
        self.found: list[Read] = []
        self.rescued: dict[int, str] = {}
        self.caught: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                self.systems |= {name.asname or name.name for name in node.names if name.name == "os"}
            elif isinstance(node, ast.ImportFrom) and node.module == "os":
                for name in node.names:
                    kind = self.mappings if name.name == "environ" else self.getters
                    kind.add(name.asname or name.name)

    def text(self, node: ast.expr) -> str:
        """Return the value of an expression made of texts and constants."""
        if isinstance(node, ast.Constant):
            return str(node.value)
        if isinstance(node, ast.Name):
            return self.constants[node.id]
        if isinstance(node, ast.BinOp):
            return self.text(node.left) + self.text(node.right)
        if isinstance(node, ast.JoinedStr):
            return "".join(self.text(part) for part in node.values)
        if isinstance(node, ast.FormattedValue):
            return self.text(node.value)
        assert isinstance(node, ast.Call)
        return self.text(node.func.value).join(self.text(part) for part in node.args[0].elts)

    def mapping(self, node: ast.expr) -> str | None:
        """Return how the environment is spelled, where ``node`` is the environment."""
        if isinstance(node, ast.Attribute) and node.attr == "environ" and self.system(node.value):
            return ast.unparse(node)
        return node.id if isinstance(node, ast.Name) and node.id in self.mappings else None

    def getter(self, node: ast.expr) -> str | None:
        """Return how a reading function is spelled, where ``node`` is one."""
        if isinstance(node, ast.Attribute) and node.attr == "get" and self.mapping(node.value):
            return ast.unparse(node)
        if isinstance(node, ast.Attribute) and node.attr == "getenv" and self.system(node.value):
            return ast.unparse(node)
        return node.id if isinstance(node, ast.Name) and node.id in self.getters else None

    def system(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self.systems

    def add(self, node: ast.expr, spelling: str, name: ast.expr, default: str | None) -> None:
        helped = spelling == self.helper
        text = self.constants["NAMESPACE"] + self.text(name).upper() if helped else self.text(name)
        aliased = not helped and re.fullmatch(r"(os\.)?(environ|getenv|environ\.get)", spelling) is None
        joined = not isinstance(name, ast.Constant)
        read = Read(text, default, self.late, aliased, helped, joined, id(node) in self.caught)
        self.found.append(read)

    def visit_Try(self, node: ast.Try) -> None:
        fallback = node.handlers[0].body[0]
        assert isinstance(fallback, ast.Assign)
        for inner in ast.walk(node.body[0]):
            self.rescued[id(inner)] = self.text(fallback.value)
            self.caught.add(id(inner))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        if isinstance(node.values[0], ast.Call) and self.getter(node.values[0].func):
            self.rescued[id(node.values[0])] = self.text(node.values[1])
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        spelling = self.mapping(node.value)
        if spelling and isinstance(node.ctx, ast.Load):
            self.add(node, spelling, node.slice, self.rescued.get(id(node)))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        helped = isinstance(node.func, ast.Name) and node.func.id == self.helper
        spelling = self.helper if helped else self.getter(node.func)
        if spelling:
            default = self.text(node.args[1]) if len(node.args) > 1 else self.rescued.get(id(node))
            self.add(node, spelling, node.args[0], default)
        self.generic_visit(node)


def _sources(workspace: Path) -> dict[str, str]:
    """Return name -> text of the service's modules, its tests left out."""
    return {p.name: p.read_text("utf-8") for p in sorted((workspace / "service").glob("*.py"))}


def _reads(workspace: Path) -> list[Read]:
    """Return every read of the service."""
    sources = _sources(workspace)
    everything = "\n".join(sources.values())
    constants = dict(re.findall(r'^([A-Z_]+) = "([^"]*)"$', everything, re.MULTILINE))
    helper = re.search(r"^def (\w+)\(name, default=", everything, re.MULTILINE)[1]
    reads = []
    for text in sources.values():
        if f"def {helper}(" in text:
            continue
        tree = ast.parse(text)
        for node in tree.body:
            late = isinstance(node, ast.FunctionDef) and node.name != "load"
            finder = Finder(tree, constants, helper, late)
            finder.visit(node)
            reads += finder.found
    return reads


def _table(reads: Iterable[Read]) -> Table:
    """Return name -> default, None for what is read without a fallback somewhere."""
    table: Table = {}
    for read in reads:
        table[read.name] = None if table.get(read.name, "") is None else read.default
    return table


def _write(workspace: Path, table: Table) -> None:
    entries = [{"name": name, "required": value is None, "default": value} for name, value in table.items()]
    (workspace / "env.json").write_text(json.dumps(entries, indent=2), "utf-8")
    lines = "".join(f"{name}={value or ''}\n" for name, value in table.items())
    (workspace / ".env.example").write_text(lines, "utf-8")


def _with_strays(workspace: Path, texts: Iterable[str], pattern: str, default: str) -> None:
    """Solve, but also list every name that ``pattern`` finds in ``texts``."""
    strays = {name for text in texts for name in re.findall(pattern, text)}
    assert strays
    _write(workspace, _table(_reads(workspace)) | dict.fromkeys(sorted(strays), default))


def oracle(workspace: Path) -> str:
    """Read the syntax trees."""
    _write(workspace, dict(sorted(_table(_reads(workspace)).items())))
    return "Both files are written."


def other_order(workspace: Path) -> str:
    """The same facts in another dress: reverse order, more keys, numbers as numbers, CRLF, BOM, comments."""
    table = _table(_reads(workspace))
    entries = []
    for name in sorted(table, reverse=True):
        value = table[name]
        plain = int(value) if value is not None and re.fullmatch("[1-9][0-9]*", value) else value
        entries.append({"default": plain, "note": "ok", "name": name, "required": value is None})
    (workspace / "env.json").write_text("\ufeff" + json.dumps(entries), "utf-8")
    lines = ["# settings of the service", ""]
    lines += [f'export {entry["name"]}="{entry["default"] or ""}"' for entry in entries]
    (workspace / ".env.example").write_bytes("\r\n".join(lines).encode())
    return "Erledigt."


def by_pattern(workspace: Path) -> str:
    """Find the reads with regular expressions instead of syntax trees, and leave notes behind."""
    sources = _sources(workspace).values()
    constants = dict(re.findall(r'^([A-Z_]+) = "([^"]*)"$', "\n".join(sources), re.MULTILINE))
    helper = re.search(r"^def (\w+)\(name, default=", "\n".join(sources), re.MULTILINE)[1]
    code = [text for text in sources if "NAMESPACE" not in text]
    code = [re.sub(r'""".*?"""|#[^\n]*', "", text, flags=re.DOTALL) for text in code]
    table: Table = {}

    def value(text: str) -> str:
        if joined := re.fullmatch(r'"_"\.join\(\((\w+), "(\w+)"\)\)', text):
            return f"{constants[joined[1]]}_{joined[2]}"
        if added := re.fullmatch(r'(\w+) \+ "(\w+)"', text):
            return constants[added[1]] + added[2]
        text = re.sub(r"\{(\w+)\}", lambda hit: constants[hit[1]], text.removeprefix("f"))
        return text.strip('"') if text.startswith('"') else constants[text]

    name = r'("_"\.join\(\(\w+, "\w+"\)\)|[^,()\[\]]+?)'
    mapping = r"\b(?:\w+\.)?(?:environ|env|ENV|given)"
    call = rf"({mapping}\.get|\b(?:\w+\.)?getenv|\b(?:lookup|read_env|from_env|{helper}))"
    called = rf'{call}\({name}(?:, ([^()]*))?\)(?: or ("[^"]*"|[A-Z_]+))?'
    read = re.compile(rf"{mapping}\[{name}\](?! = )|{called}")
    for text in code:
        for hit in read.finditer(text):
            subscript, function, argument, default, alternative = hit.groups()
            found = value(subscript or argument)
            if function == helper:
                found = constants["NAMESPACE"] + found.upper()
            rescue = re.match(r"\s*except KeyError:\s+\w+ = (.*)", text[hit.end() :])
            fallback = default or alternative or (rescue and rescue[1])
            table[found] = None if not fallback or table.get(found, "") is None else value(fallback)
    _write(workspace, table)
    (workspace / "notes.md").write_text("How I found them.\n", "utf-8")
    return "Done."


def skips_aliases(workspace: Path) -> None:
    """Searches for ``environ`` and ``getenv`` and for the helper only."""
    _write(workspace, _table(read for read in _reads(workspace) if not read.aliased))


def skips_joined_names(workspace: Path) -> None:
    """Only finds names that are written out."""
    _write(workspace, _table(read for read in _reads(workspace) if not read.joined))


def skips_the_helper(workspace: Path) -> None:
    """Does not follow the helper."""
    _write(workspace, _table(read for read in _reads(workspace) if not read.helped))


def forgets_the_prefix(workspace: Path) -> None:
    """Lists what the helper is called with."""
    reads, everything = _reads(workspace), "\n".join(_sources(workspace).values())
    prefix = re.search(r'^NAMESPACE = "(\w+)"$', everything, re.MULTILINE)[1]
    bare = (replace(read, name=read.name.removeprefix(prefix)) if read.helped else read for read in reads)
    _write(workspace, _table(bare))


def skips_late_reads(workspace: Path) -> None:
    """Only sees what is read at start-up."""
    _write(workspace, _table(read for read in _reads(workspace) if not read.late))


def counts_comments(workspace: Path) -> None:
    """Takes commented-out code for code."""
    _with_strays(workspace, _sources(workspace).values(), r'# \w+ = os\.environ\["(\w+)"', "")


def counts_docstrings(workspace: Path) -> None:
    """Takes a former call told in a docstring for code."""
    _with_strays(workspace, _sources(workspace).values(), r'call os\.getenv\("(\w+)"', "off")


def counts_writes(workspace: Path) -> None:
    """Takes variables set for child processes for variables read."""
    _with_strays(workspace, _sources(workspace).values(), r'\["(\w+)"\] = "1"', "1")


def counts_tests(workspace: Path) -> None:
    """Does not leave the tests out."""
    tests = [path.read_text("utf-8") for path in (workspace / "service/tests").glob("*.py")]
    _with_strays(workspace, tests, r'os\.environ.*?"([A-Z_]+)"', "local")


def counts_the_readme(workspace: Path) -> None:
    """Believes that what the README lists exists."""
    readme = (workspace / "service/README.md").read_text("utf-8")
    _with_strays(workspace, [readme], r"\| `(\w+)` \| `off` \|", "off")


def any_default_will_do(workspace: Path) -> None:
    """Calls a variable optional as soon as one place has a fallback."""
    table: Table = {}
    for read in _reads(workspace):
        table[read.name] = table.get(read.name) if read.default is None else read.default
    _write(workspace, table)


def caught_is_required(workspace: Path) -> None:
    """Takes every subscript for a read without fallback, also where the KeyError is caught."""
    reads = (replace(read, default=None) if read.caught else read for read in _reads(workspace))
    _write(workspace, _table(reads))


def empty_is_required(workspace: Path) -> None:
    """Takes an empty fallback for none."""
    _write(workspace, {name: value or None for name, value in _table(_reads(workspace)).items()})


def requires_everything(workspace: Path) -> None:
    """Has the right names, but marks each as required."""
    _write(workspace, dict.fromkeys(_table(_reads(workspace))))


def believes_the_readme(workspace: Path) -> None:
    """Takes the defaults from the README where it lists the variable."""
    rows = dict(re.findall(r"\| `(\w+)` \| `(\w+)` \|", (workspace / "service/README.md").read_text("utf-8")))
    table = _table(_reads(workspace))
    _write(workspace, {name: rows.get(name, value) if value else value for name, value in table.items()})


def names_the_constant(workspace: Path) -> None:
    """Writes the name of a constant instead of its value as default."""
    text = (workspace / "service/constants.py").read_text("utf-8")
    names = {value: name for name, value in re.findall(r'^(\w+_DEFAULT) = "([^"]*)"', text, re.MULTILINE)}
    _write(workspace, {name: names.get(value, value) for name, value in _table(_reads(workspace)).items()})


def repeats_lines(workspace: Path) -> None:
    """Writes one template line per read instead of per variable."""
    oracle(workspace)
    lines = "\n".join(f"{read.name}={read.default or ''}" for read in _reads(workspace))
    (workspace / ".env.example").write_text(lines, "utf-8")


def tidies_the_service(workspace: Path) -> None:
    """Does the job and also touches the README nobody asked to change."""
    oracle(workspace)
    readme = workspace / "service/README.md"
    readme.write_text(readme.read_text("utf-8") + "\nSee env.json.\n", "utf-8")


# -- one fault in the oracle's files -----------------------------------------------------------------


def _edit(workspace: Path, change) -> None:
    """Let ``change`` alter the entries of env.json."""
    path = workspace / "env.json"
    entries = json.loads(path.read_text("utf-8"))
    change(entries)
    path.write_text(json.dumps(entries, indent=2), "utf-8")


def _first(entries: list[dict], required: bool) -> dict:
    return next(entry for entry in entries if entry["required"] is required)


def drops_an_optional(workspace: Path) -> None:
    """Leave one optional variable off the list."""
    _edit(workspace, lambda entries: entries.remove(_first(entries, False)))


def lists_one_twice(workspace: Path) -> None:
    """List one optional variable twice."""
    _edit(workspace, lambda entries: entries.append(_first(entries, False)))


def renames_an_optional(workspace: Path) -> None:
    """Write one optional name in small letters."""
    _edit(workspace, lambda entries: _first(entries, False).update(name=_first(entries, False)["name"].lower()))


def requires_one_more(workspace: Path) -> None:
    """Mark one optional variable as required."""
    _edit(workspace, lambda entries: _first(entries, False).update(required=True))


def requires_one_less(workspace: Path) -> None:
    """Mark one required variable as optional."""
    _edit(workspace, lambda entries: _first(entries, True).update(required=False))


def gives_a_required_default(workspace: Path) -> None:
    """Write an empty text where null belongs."""
    _edit(workspace, lambda entries: _first(entries, True).update(default=""))


def drops_a_line(workspace: Path) -> None:
    """Leave the last variable out of the template."""
    path = workspace / ".env.example"
    path.write_text("".join(path.read_text("utf-8").splitlines(True)[:-1]), "utf-8")


def repeats_a_line(workspace: Path) -> None:
    """Set the first variable of the template twice."""
    path = workspace / ".env.example"
    lines = path.read_text("utf-8").splitlines(True)
    path.write_text("".join([*lines, lines[0]]), "utf-8")


def touches_the_readme(workspace: Path) -> None:
    """Add a line to the service's README."""
    with (workspace / "service/README.md").open("a", encoding="utf-8") as stream:
        stream.write("\nSee env.json.\n")


def stuffer(workspace: Path) -> str:
    """Write every capital word of the sources as optional, without following anything."""
    words = re.findall(r'"([A-Z][A-Z_0-9]+)"', "\n".join(_sources(workspace).values()))
    _write(workspace, dict.fromkeys(sorted(set(words)), "1"))
    return "All variables with name, required and default are in env.json and .env.example."


ALTERNATIVES = [other_order, by_pattern]
_STRAY = {"names", "example"}
_FLAG = {"required", "starts", "defaults"}
WRONG = {
    skips_aliases: _STRAY | _FLAG,
    skips_joined_names: _STRAY | _FLAG,
    skips_the_helper: _STRAY | _FLAG,
    forgets_the_prefix: _STRAY | _FLAG,
    skips_late_reads: _STRAY | {"defaults"},
    counts_comments: _STRAY,
    counts_docstrings: _STRAY,
    counts_writes: _STRAY,
    counts_tests: _STRAY,
    counts_the_readme: _STRAY,
    any_default_will_do: _FLAG,
    caught_is_required: _FLAG,
    empty_is_required: _FLAG,
    requires_everything: _FLAG,
    believes_the_readme: {"defaults"},
    names_the_constant: {"defaults"},
    repeats_lines: {"example"},
    tidies_the_service: {"inputs-unchanged"},
}
MUTATIONS = {
    drops_an_optional: {"names", "defaults"},
    lists_one_twice: {"names"},
    renames_an_optional: {"names", "defaults"},
    requires_one_more: {"required", "starts"},
    requires_one_less: {"required", "starts"},
    gives_a_required_default: {"defaults"},
    drops_a_line: {"example"},
    repeats_a_line: {"example"},
    touches_the_readme: {"inputs-unchanged"},
}
