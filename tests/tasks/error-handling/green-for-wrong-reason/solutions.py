"""Solutions of green-for-wrong-reason. A wrong one misses one kind of thing; a mutation is the oracle's work with a fault."""

import json
import re
from pathlib import Path

from _green_for_wrong_reason_model import model_tests
from _green_for_wrong_reason_reader import ASKS_TOO_MUCH, drop_tests, mend, new_tests, vacuous


def oracle(workspace: Path) -> str:
    """Mend the code, replace the tests by a model of the rules and what it is asked, list what could not fail."""
    return _solve(workspace)


def mends_the_given(workspace: Path) -> None:
    """Keep the given tests but what contradicts the rules, asks too much or cannot fail, and add tests in a package."""
    _list(workspace)
    mend(workspace)
    (workspace / "tests/periods.py").unlink()
    drop_tests(workspace, ASKS_TOO_MUCH)
    folder = workspace / "tests/rules"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "test_all_rules.py").write_text(model_tests(workspace), "utf-8")


def looks_up_a_table(workspace: Path) -> None:
    """Move the figures to another module; the tests compare with a model kept in a module of its own."""
    _list(workspace)
    mend(workspace)
    text = model_tests(workspace)
    at = text.index("\n\ndef shop(")
    new_tests(workspace, "from model_of_rules import *\n" + text[at:])
    (workspace / "tests/model_of_rules.py").write_text(text[:at], "utf-8")
    package = workspace / "src/invoicing"
    (package / "rates.py").rename(package / "_figures.py")
    for path in package.glob("*.py"):
        code = path.read_text("utf-8")
        path.write_text(code.replace("from invoicing import rates", "from invoicing import _figures as rates"), "utf-8")


def trusts_green_periods(workspace: Path) -> None:
    """Does not see that tests/ has a periods of its own: neither that bug nor those tests."""
    _list(workspace, lambda test, code: not test.startswith("test_periods."))
    mend(workspace, ("bound", "rounding", "combined"))
    new_tests(workspace, model_tests(workspace), stale=True)


def leaves_the_copy(workspace: Path) -> None:
    """Mends periods, and leaves the copy where the tests find it first."""
    _solve(workspace, stale=True)


def keeps_what_asks_too_much(workspace: Path) -> None:
    """Corrects the tests that contradict the rules, and keeps all others that are green."""
    _list(workspace)
    mend(workspace)
    (workspace / "tests/periods.py").unlink()
    drop_tests(workspace, ("test_a_c",))
    (workspace / "tests/test_all_rules.py").write_text(model_tests(workspace), "utf-8")


def compares_to_three_places(workspace: Path) -> None:
    """Takes the average's tolerance for a number of decimals."""
    _solve(workspace, ('self.assertLessEqual(abs(found.average - average), D("0.001"))',
                       "self.assertAlmostEqual(found.average, average, places=3)"))  # fmt: skip


def believes_the_customers_test(workspace: Path) -> None:
    """Sees no fault where a test agrees with the code, and leaves that rule alone."""
    _list(workspace)
    mend(workspace, ("days", "bound", "rounding"))
    (workspace / "tests/periods.py").unlink()
    drop_tests(workspace, (*ASKS_TOO_MUCH[:-1], "test_a_cent"))


def only_repairs(workspace: Path) -> None:
    """Makes the given tests right, and adds none."""
    _list(workspace)
    mend(workspace)
    (workspace / "tests/periods.py").unlink()
    drop_tests(workspace, ASKS_TOO_MUCH)


def lists_the_weak(workspace: Path) -> None:
    """Takes tests that notice little for tests that notice nothing."""
    weak = ("TestRounding.test_negative", "TestInstalments.test_into_one")
    _solve(workspace)
    _relist(workspace, lambda found: found | {f"test_money.{name}": "always-true" for name in weak})


def lists_what_ran_only(workspace: Path) -> None:
    """Looks at the tests that the command runs."""
    _solve(workspace)
    _relist(workspace, lambda found: {test: code for test, code in found.items() if code != "not-run"})


def misses_own_errors(workspace: Path) -> None:
    """Believes every assertRaises."""
    _solve(workspace)
    _relist(workspace, lambda found: {test: code for test, code in found.items() if code != "own-error"})


def misses_swallowed(workspace: Path) -> None:
    """Does not follow the context manager to its end."""
    _solve(workspace)
    _relist(workspace, lambda found: {test: code for test, code in found.items() if code != "swallowed"})


def mixes_up_codes(workspace: Path) -> None:
    """Takes the last code that fits instead of the first."""
    _relist(workspace, lambda found: {test: code.replace("own-error", "always-true") for test, code in found.items()})


def changes_a_signature(workspace: Path) -> None:
    """Gives a public function another parameter."""
    file = workspace / "src/invoicing/dunning.py"
    file.write_text(file.read_text("utf-8").replace("paid: date)", "paid: date, days: int = 30)"), "utf-8")


def edits_the_rules(workspace: Path) -> None:
    """Adapts a document."""
    for name in ("billing-rules.md", "codes.md"):
        file = workspace / name
        file.write_text(file.read_text("utf-8") + "\nAs discussed.\n", "utf-8")


def brings_a_bug_back(workspace: Path) -> None:
    """Leaves the bug of a bound."""
    mend(workspace, ("bound",), back=True)


def breaks_another_rule(workspace: Path) -> None:
    """Lets goodwill pay without limit and heavy parcels count towards the minimum, by too much zeal."""
    file = workspace / "src/invoicing/engine.py"
    text = file.read_text("utf-8")
    file.write_text(text.replace("least - (fee + usage - discount)", "least - (fee + usage - discount + heavy)"), "utf-8")


def forgets_a_weight(workspace: Path) -> None:
    """Does not weigh a parcel of just the weight."""
    _retest(workspace, ("(D(1), HEAVY, HEAVY + D", "(D(1), HEAVY + D"), ("HEAVY + dice.randrange(-8, 14)", "D(1)"))


def forgets_an_expiry(workspace: Path) -> None:
    """Does not use a credit on its last day."""
    _retest(workspace, ('self.same("50.00", ("K1", date(2025, 1, 1), D("9.00"), at))\n', "pass\n"))


def forgets_negatives(workspace: Path) -> None:
    """Rounds nothing below zero."""
    _retest(workspace, ('"-0.015", "-0.125", "-0.124", ', ""))


def forgets_a_tie(workspace: Path) -> None:
    """Has no two credits of one day."""
    _retest(workspace, ('        self.same("10.00", ("K9", early, D("8.00")), ("K1", early, D("7.00")))\n', ""))


def wants_an_order(workspace: Path) -> None:
    """Asks for the order that its own code has."""
    _retest(workspace, ('"lines": {line.kind: line.amount for line in lines}}\n',
                        '"lines": {line.kind: line.amount for line in lines}}\n        self.assertEqual(lines[0].kind, "fee")\n'))  # fmt: skip


def is_red(workspace: Path) -> None:
    """Leaves a test of its own that is red."""
    (workspace / "tests/test_more.py").write_text(
        "import unittest\nfrom pathlib import Path\n\n\nclass TestHere(unittest.TestCase):\n    def test_here(self):\n"
        "        self.assertFalse(Path('src/invoicing/rates.py').exists())\n"
    )


def bug_in_days(workspace: Path) -> None:
    """Leaves the bug in periods."""
    mend(workspace, ("days",), back=True)


def bug_in_rounding(workspace: Path) -> None:
    """Leaves the bug in a rounding."""
    mend(workspace, ("rounding",), back=True)


def bug_of_two_rules(workspace: Path) -> None:
    """Leaves the bug that needs two rules to be seen."""
    mend(workspace, ("combined",), back=True)


def stuffer(workspace: Path) -> None:
    """Rename nothing, mend nothing: tests that are always red, and every test listed."""
    (workspace / "tests/test_zz.py").write_text(
        "import unittest\n\n\nclass TestZ(unittest.TestCase):\n    def test_z(self):\n        self.fail()\n"
    )
    found = {}
    for path in sorted((workspace / "tests").rglob("test_*.py")):
        module = ".".join(path.relative_to(workspace / "tests").with_suffix("").parts)
        owner = ""
        for line in path.read_text("utf-8").splitlines():
            owner = hit[1] if (hit := re.match(r"class (\w+)", line)) else owner
            if hit := re.match(r"    def (test\w+)", line):
                found[f"{module}.{owner}.{hit[1]}"] = "not-run"
    (workspace / "vacuous.json").write_text(json.dumps(found))


ALTERNATIVES = [mends_the_given, looks_up_a_table]
WRONG = {
    trusts_green_periods: {"bug-days", "red-calendar", "vacuous"},
    leaves_the_copy: {"red-calendar"},
    keeps_what_asks_too_much: {"green-there"},
    compares_to_three_places: {"green-there"},
    believes_the_customers_test: {
        "bug-combined", "green-there", "red-bounds", "red-calendar", "red-rounding", "red-combined",
    },
    only_repairs: {"red-bounds", "red-calendar", "red-rounding", "red-combined"},
    lists_the_weak: {"vacuous"},
    lists_what_ran_only: {"vacuous", "codes"},
    misses_own_errors: {"vacuous"},
    misses_swallowed: {"vacuous"},
}  # fmt: skip
MUTATIONS = {
    mixes_up_codes: {"codes"},
    changes_a_signature: {"signatures"},
    edits_the_rules: {"rules-unchanged", "codes-unchanged"},
    brings_a_bug_back: {"bug-bound", "green-here"},
    bug_in_days: {"bug-days", "green-here"},
    bug_in_rounding: {"bug-rounding", "green-here"},
    bug_of_two_rules: {"bug-combined", "green-here"},
    breaks_another_rule: {"others", "green-here"},
    forgets_a_weight: {"red-bounds"},
    forgets_an_expiry: {"red-calendar"},
    forgets_negatives: {"red-rounding"},
    forgets_a_tie: {"red-combined"},
    wants_an_order: {"green-there"},
    is_red: {"green-here"},
}


def _solve(workspace: Path, *without: tuple[str, str], stale: bool = False) -> str:
    _list(workspace)
    mend(workspace)
    new_tests(workspace, model_tests(workspace, *without), stale=stale)
    return "Code and tests follow billing-rules.md now; vacuous.json lists the tests that could not fail."


def _retest(workspace: Path, *without: tuple[str, str]) -> None:
    (workspace / "tests/test_rules.py").write_text(model_tests(workspace, *without), "utf-8")


def _list(workspace: Path, keep=lambda test, code: True) -> None:
    found = {test: code for test, code in vacuous(workspace).items() if keep(test, code)}
    (workspace / "vacuous.json").write_text(json.dumps(found, indent=1), "utf-8")


def _relist(workspace: Path, change) -> None:
    file = workspace / "vacuous.json"
    file.write_text(json.dumps(change(json.loads(file.read_text("utf-8")))), "utf-8")
