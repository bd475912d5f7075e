"""*Team cost* has the unit costs of its team, as the page of them has, or why there is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.components.cost.units import _lines, apart, quarter_of, units_of
from app.components.discipline import UNIT_COSTS
from app.wording import NAMES
from data.metrics.definition import definition
from data.metrics.engine import evaluate
from data.metrics.scope import Scope
from data.period import Window
from data.store.workspace import Workspace
from tests.app.conftest import OpenPage
from tests.data.facts.test_unit_costs import FIVE, charge
from tests.data.facts.test_unit_costs import told as unit_costs

METRIC = "cost_per_deployment"
Q1, Q2 = (Window(date(2026, first, 1), date(2026, first + 3, 1)) for first in (1, 4))


@pytest.mark.parametrize(
    ("month", "today", "quarter"),
    [
        (date(2026, 2, 1), date(2026, 11, 2), Q1),
        (date(2026, 6, 1), date(2026, 7, 1), Q2),
        (date(2026, 6, 1), date(2026, 6, 30), Q1),
        (date(2026, 5, 1), date(2026, 4, 1), Q1),
    ],
)
def test_the_quarter_of_the_month_is_told_or_the_last_that_is_over(
    month: date, today: date, quarter: Window
) -> None:
    assert quarter_of(month, today) == quarter


WHOLE = ("cloud", "a", "2026-04-01", "2026-07-01", "2026-07-03")
"""One bill that holds all of the quarter."""


@pytest.mark.parametrize(("delivered", "cost"), [(5, "10.0"), (4, None)])
def test_each_unit_says_what_it_costs_or_why_that_is_not_known(
    tmp_path: Path, delivered: int, cost: str | None
) -> None:
    with unit_costs(tmp_path, [charge("2026-05-02", 50)], [WHOLE], FIVE[:delivered]) as snapshot:
        found = units_of(snapshot, "pay", Q2)
        own = evaluate(snapshot, definition(METRIC), Scope(team="pay", environment=None), Q2)
    assert dict(found.figures)[METRIC] == own.figures[0], "as the page of unit costs has it"
    assert [name for name, _ in found.figures] == list(UNIT_COSTS.metrics)
    shown = {line["What"]: line for line in _lines(found.figures)}[NAMES[METRIC]]
    assert (shown["Costs"] or "").split(" ")[0] == (cost or "")
    assert shown["Of"] == f"{delivered} deployments"
    assert shown["Not known"] == (None if cost else "fewer than 5 deployments")


def test_the_page_of_a_team_has_them(open_page: OpenPage, billed: Workspace) -> None:
    page = open_page(billed.folder)
    page.switch_page("views/team/team_cost.py")
    page.query_params["team"] = "pay"
    page.run(timeout=120)
    assert not page.exception, page.exception[0].message
    said = " ".join(one.value for one in page.markdown)
    assert "**2026-Q1**" in said
    assert "None in this quarter: deployments, runs, promotions, requests, incidents." in said
    assert not [one for one in page.dataframe if "Costs" in one.value.columns], "nothing is 0"


def test_what_there_was_none_of_is_named_apart_and_the_rest_keeps_its_reason(
    tmp_path: Path,
) -> None:
    with unit_costs(tmp_path, [charge("2026-05-02", 50)], [WHOLE], FIVE[:4]) as snapshot:
        shown, none = apart(units_of(snapshot, "pay", Q2).figures)
    assert METRIC in dict(shown), "four were delivered, which are too few to tell"
    assert "deployments" not in none
    assert "incidents" in none
