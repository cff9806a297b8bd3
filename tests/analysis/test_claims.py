"""Claims against decisions: of each part and each row, with the reasons where there are none."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import simulated

from agentbench.analysis import claims, table
from agentbench.analysis.data import Claim, Run


def having(points: list[list[tuple[str, float, float, str]]]) -> Run:
    """Return a run whose tasks have the given claims."""
    run = simulated.run(np.ones((1, len(points)), dtype=bool))
    tasks = tuple(
        msgspec.structs.replace(
            task, attempts=(simulated.attempt(True, claims=tuple(Claim(*one) for one in claimed)),)
        )
        for task, claimed in zip(run.tasks, points, strict=True)
    )
    return msgspec.structs.replace(run, tasks=tasks)


def found(*runs: Run) -> claims.Claims | str:
    data = table.trials(runs)
    return claims.claims(data, table.grouped(data))


def test_inflation_is_claimed_minus_decided_by_part_and_decider() -> None:
    told = found(
        having(
            [[("l2.tools", 25, 15, "rule"), ("l3.polish", 20, 25, "judge")], [("l2.tools", 25, 25, "rule")]]
        )
    )
    assert isinstance(told, claims.Claims)
    tools, polish = told.parts
    assert (tools.part, tools.by, tools.found.n, tools.found.inflation, tools.found.over) == (
        "l2.tools",
        "rule",
        2,
        5,
        1,
    )
    assert (polish.part, polish.by, polish.found.inflation, polish.found.interval) == (
        "l3.polish",
        "judge",
        -5,
        None,
    )
    assert told.rows[0] is not None
    assert told.rows[0].inflation == pytest.approx(5 / 3, abs=1e-4)


def test_a_row_without_claims_has_none_and_not_0() -> None:
    told = found(having([[("l2.tools", 25, 25, "rule")]]), having([[]]))
    assert isinstance(told, claims.Claims)
    assert told.rows[0] is not None
    assert told.rows[0].inflation == 0
    assert told.rows[1] is None
    assert found(having([[]])) == "no-claims"


def test_agents_that_flatter_themselves_are_told_apart() -> None:
    """Forty runs: the planted claims are 10 too high for every failure."""
    world = simulated.world(40)
    data = table.trials(world.runs)
    told = claims.claims(data, table.grouped(data))
    assert isinstance(told, claims.Claims)
    (tools,) = told.parts
    assert tools.found.inflation == pytest.approx(10 * (1 - data.resolved.mean()), abs=1e-3)
    assert tools.found.interval is not None
    assert tools.found.interval[0] > 2
