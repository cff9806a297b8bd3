"""What an expert does with the workspace: find the tests that cannot fail, and mend what the rules contradict."""

import ast
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

FIXES = [
    ("periods.py", "(ends - begins).days + (ends == last)", "1 + (ends - begins).days"),
    ("periods.py", "due.weekday() == 5:\n        due += timedelta(days=2)",
     "due.weekday() in (5, 6):\n        due += timedelta(days=7 - due.weekday())"),
    ("invoicing/usage.py", "min(units, rates.FIRST - 1)", "min(rates.FIRST, units)"),
    ("invoicing/dunning.py", "if paid < due +", "if not paid > due +"),
    ("invoicing/usage.py", "weight >= rates.HEAVY", "rates.HEAVY < weight"),
    ("invoicing/discounts.py", '(charge * percent / 100).quantize(Decimal("0.01"))',
     "round_cents(percent * charge / 100)"),
    ("invoicing/usage.py",
     "sum((round_cents(count * price) for count, price in zip(counts, rates.PRICES)), Decimal(0))",
     "round_cents(sum((price * count for count, price in zip(counts, rates.PRICES)), Decimal(0)))"),
    ("invoicing/engine.py", "sum(round_cents(line.amount * percent / 100) for line in lines)",
     "round_cents(percent * net / 100)"),
    ("invoicing/engine.py", "_vat_rate(last)", "_vat_rate(day=ends)"),
    ("invoicing/engine.py",
     "    single = {parcel.number: parcel for parcel in sorted(parcels, key=lambda parcel: parcel.weight)}\n"
     "    return [parcel for parcel in single.values() if begins <= parcel.day <= ends]\n",
     "    here = [parcel for parcel in parcels if begins <= parcel.day <= ends]\n"
     "    return list({parcel.number: parcel for parcel in sorted(here, key=lambda one: one.weight)}.values())\n"),
    ("invoicing/credits.py", "        kindness = min(kindness - amount * credit.goodwill, "
     "round_cents((left - amount) * rates.GOODWILL / 100))\n", "        kindness -= amount * credit.goodwill\n"),
]  # fmt: skip
"""(file, what contradicts the rules, what keeps them): whatever of these the workspace has.

No right text stands in the package as given, so that what was mended can be told from what was right before.
"""
GROUPS = {"days": (0, 1), "bound": (2, 3, 4), "rounding": (5, 6, 7), "combined": (8, 9, 10)}
ASKS_TOO_MUCH = (
    "str(round_cents", "split(D(\"10.00\"), 3), [", "invoicing.rates", "invoicing.engine.volume_discount",
    "list(use_credits", "[found.kind", "lines[-1]", "vars(found)", "places=3", "BillingError", "replace(shop",
    "test_a_c",
)  # fmt: skip


def mend(workspace: Path, groups=tuple(GROUPS), back: bool = False) -> None:
    """Take the bugs of these groups out of src/; with ``back`` put in again what was taken out."""
    for group in groups:
        for number in GROUPS[group]:
            path, *pair = FIXES[number]
            old, new = reversed(pair) if back else pair
            file = workspace / "src" / path
            text = file.read_text("utf-8")
            if old in text:
                file.write_text(text.replace(old, new), "utf-8")


def new_tests(workspace: Path, text: str, *, stale: bool = False) -> None:
    """Replace tests/ by one file; ``stale``: leave the copy of periods."""
    copy = (workspace / "tests/periods.py").read_text("utf-8")
    shutil.rmtree(workspace / "tests")
    (workspace / "tests").mkdir()
    (workspace / "tests/test_rules.py").write_text(text, "utf-8")
    if stale:
        (workspace / "tests/periods.py").write_text(copy, "utf-8")


def drop_tests(workspace: Path, markers: tuple[str, ...]) -> None:
    """Take the test methods out of tests/ whose text has one of the markers."""
    for path in sorted((workspace / "tests").rglob("test_*.py")):
        text = path.read_text("utf-8")
        lines = text.splitlines(keepends=True)
        for _, method in reversed(list(_methods(ast.parse(text)))):
            body = "".join(lines[method.lineno - 1 : method.end_lineno])
            if any(marker in body for marker in markers):
                lines[method.lineno - 1 : method.end_lineno] = ["    pass\n"]
        path.write_text("".join(lines), "utf-8")


def vacuous(workspace: Path) -> dict[str, str]:
    """Return id → code of the tests that cannot fail."""
    tests = workspace / "tests"
    support = (tests / "support.py").read_text("utf-8")
    kinds = {case["kind"] for case in json.loads((tests / "data/cases.json").read_text("utf-8"))}
    found = {}
    for path in sorted(tests.rglob("test_*.py")):
        text = path.read_text("utf-8")
        tree = ast.parse(text)
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        for owner, method in _methods(tree):
            hidden = any(later.name == owner.name for later in classes[classes.index(owner) + 1 :])
            name = ".".join([*path.relative_to(tests).with_suffix("").parts, owner.name, method.name])
            lone = path.parent != tests and not (path.parent / "__init__.py").exists()
            base = ast.unparse(owner.bases[0])
            bare = re.search(rf"class {base.removeprefix('support.')}\(_Near\)", support) is not None
            code = "not-run" if hidden or lone or bare else _code(text, owner, method, support, kinds)
            if code:
                found[name] = code
    return found


def _methods(tree: ast.Module) -> Iterator[tuple[ast.ClassDef, ast.FunctionDef]]:
    for owner in tree.body:
        if isinstance(owner, ast.ClassDef):
            for method in owner.body:
                if isinstance(method, ast.FunctionDef) and method.name.startswith("test"):
                    yield owner, method


def _code(text, owner, method, support, kinds) -> str:
    body, whole = ast.unparse(method), ast.unparse(owner)
    dates = [tuple(map(int, hit)) for hit in re.findall(r"\bdate\((\d+), (\d+), (\d+)\)", body)]
    if "assertRaises" in body and (
        any(not _real(*one) for one in dates) or re.search(r"\b(unit|part)=", body)
    ):
        return "own-error"
    if "from periods" in text and "make_invoice" not in body:
        return "not-ours"
    if re.search(r"late_fee=listed|'surcharge': list_price", whole):
        return "not-ours"
    if hit := re.search(r"with support\.(\w+)\(\)", body):
        ends = support.split(f"class {hit[1]}:")[1].split("\nclass")[0]
        if "return was" in ends:
            return "swallowed"
    if re.search(r"[ (]map\(", body) and "tuple(map" not in body:
        return "no-check"
    if (hit := re.search(r"\bcases\('([\w-]+)'\)", body)) and hit[1] not in kinds:
        return "no-check"
    if (hit := re.search(r"by_hand\('(\w+)'", body)) and re.search(rf'"{hit[1]}": \w+\.', support):
        return "self-made"
    for call in ast.walk(method):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "self.assertTrue":
            first = call.args[0]
            always = isinstance(first, (ast.GeneratorExp, ast.BoolOp)) or ast.unparse(first).endswith(
                ".settled"
            )
            if always:
                return "always-true"
    return ""


def _real(year, month, number) -> bool:
    try:
        date(year, month, number)
    except ValueError:
        return False
    return True
