"""Solutions of live-workbook: the author's formulas, the same ones elsewhere, other ones, and ones with a fault."""

from _live_workbook_author import Author


def oracle(workspace):
    """Build the workbook."""
    Author(workspace).finish()
    return "model.xlsx is built."


ALTERNATIVES = []
WRONG = {}
MUTATIONS = {}
