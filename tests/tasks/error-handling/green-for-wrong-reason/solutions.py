"""Solutions of green-for-wrong-reason. A wrong one misses one thing; a mutation is a fault in the oracle's work."""

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
        path.write_text(
            code.replace("from invoicing import rates", "from invoicing import _figures as rates"), "utf-8"
        )


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
    _relist(workspace, lambda found: found | {f"test_money.{name}": "always-true" for name in weak})


def lists_what_ran_only(workspace: Path) -> None:
    """Looks at the tests that the command runs."""
    _relist(workspace, lambda found: {test: code for test, code in found.items() if code != "not-run"})


def mixes_up_codes(workspace: Path) -> None:
    """Takes the last code that fits instead of the first."""
    _relist(
        workspace,
        lambda found: {test: code.replace("own-error", "always-true") for test, code in found.items()},
    )


def adds_a_parameter(workspace: Path) -> None:
    """Gives a public function another parameter."""
    file = workspace / "src/invoicing/dunning.py"
    file.write_text(file.read_text("utf-8").replace("paid: date)", "paid: date, days: int = 30)"), "utf-8")


def _document(name: str):
    def adapts(workspace: Path) -> None:
        file = workspace / f"{name}.md"
        file.write_text(file.read_text("utf-8") + "\nAs discussed.\n", "utf-8")

    return _named(f"adapts_{name.replace('-', '_')}", adapts)


def _bug(group: str):
    return _named(f"misses_bug_of_{group}", lambda workspace: mend(workspace, (group,), back=True))


def _named(name: str, fault):
    fault.__name__ = name
    globals()[name] = fault
    return fault


def breaks_another_rule(workspace: Path) -> None:
    """Takes out what looks superfluous."""
    file = workspace / "src/invoicing/money.py"
    file.write_text(file.read_text("utf-8").replace("if parts < 1:", "if parts < 0:"), "utf-8")


def weighs_nothing_at_the_limit(workspace: Path) -> None:
    """Has no parcel that weighs just what the first weight is."""
    _retest(
        workspace,
        ("(D(1), HEAVY, HEAVY + D", "(D(1), HEAVY + D"),
        ("HEAVY + dice.randrange(-8, 14)", "D(1)"),
    )


def uses_nothing_on_the_last_day(workspace: Path) -> None:
    """Has no credit that is used on the last of its days."""
    _retest(workspace, ('self.same("50.00", ("K1", date(2025, 1, 1), D("9.00"), at))\n', "pass\n"))


def rounds_nothing_below_zero(workspace: Path) -> None:
    """Rounds no negative amounts."""
    _retest(workspace, ('"-0.015", "-0.125", "-0.124", ', ""))


def grants_one_a_day(workspace: Path) -> None:
    """Has no two credits of the same day."""
    _retest(workspace, ('            self.same("10.00", ("K9", early, *one), ("K1", early, *two))\n', ""))


def wants_an_order(workspace: Path) -> None:
    """Asks for the order that its own code has."""
    (workspace / "tests/test_order.py").write_text(
        "import unittest\nfrom datetime import date\n\nfrom invoicing.engine import make_invoice\n"
        "from invoicing.model import Contract\n\n\nclass TestOrder(unittest.TestCase):\n    def test_fee_first(self):\n"
        '        invoice = make_invoice(Contract("A", date(2024, 1, 1)), "2025-01", [])\n'
        '        self.assertEqual(invoice.lines[0].kind, "fee")\n'
    )


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
    believes_the_customers_test: {
        "bug-combined", "green-there", "red-bounds", "red-calendar", "red-rounding", "red-combined",
    },
    only_repairs: {"red-bounds", "red-calendar", "red-rounding", "red-combined"},
}  # fmt: skip
MUTATIONS = {
    lists_the_weak: {"vacuous"},
    lists_what_ran_only: {"vacuous", "codes"},
    mixes_up_codes: {"codes"},
    adds_a_parameter: {"signatures"},
    _document("billing-rules"): {"rules-unchanged"},
    _document("codes"): {"codes-unchanged"},
    **{_bug(group): {f"bug-{group}", "green-here"} for group in ("days", "bound", "rounding", "combined")},
    breaks_another_rule: {"others", "green-here"},
    weighs_nothing_at_the_limit: {"red-bounds"},
    uses_nothing_on_the_last_day: {"red-calendar"},
    rounds_nothing_below_zero: {"red-rounding"},
    grants_one_a_day: {"red-combined"},
    wants_an_order: {"green-there"},
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
