"""The page of unit costs: its own measures, and whole quarters at first."""

from __future__ import annotations

from datetime import date

from app.components.discipline import IMPORTED, PIPELINES, UNIT_COSTS
from app.components.filters import address_of
from app.components.heat import rows_of
from data.metrics.catalogue import Catalogue
from data.metrics.scope import By
from data.metrics.subject import Subject
from tests.app.figures import figure

MEASURES = {"cost_per_deployment: pay": "pay", "infrastructure_cost: Cloud": "pay", "visits": ""}
KNOWN = Catalogue((), {Subject.MEASURE: MEASURES, Subject.PIPELINE: {"a": ""}}, (), (),
                  date(2026, 11, 2))  # fmt: skip


def test_measures_of_units_stand_on_their_page_and_no_other() -> None:
    units, others = (one.narrowed(KNOWN).things[Subject.MEASURE] for one in (UNIT_COSTS, IMPORTED))
    assert list(units) == ["cost_per_deployment: pay"]
    assert list(others) == ["infrastructure_cost: Cloud", "visits"]
    assert PIPELINES.narrowed(KNOWN) is KNOWN


def test_it_begins_with_the_last_whole_quarter() -> None:
    assert address_of(UNIT_COSTS, date(2026, 11, 2))._defaults["window"] == "2026-Q3"
    assert address_of(UNIT_COSTS, date(2026, 1, 1))._defaults["window"] == "2025-Q4"
    assert address_of(IMPORTED, date(2026, 11, 2))._defaults["window"] == "90d"


def test_measures_of_one_thing_stand_in_one_row_each_below_its_own_metric() -> None:
    told = figure(13.7)
    names = (
        "cost_per_deployment: web",
        "cost_per_promoted_model: search",
        "cost_per_incident: web",
    )
    parts = {name: {name.partition(":")[0]: told} for name in names}
    rows = rows_of(parts, UNIT_COSTS.tiles, {}, By.MEASURE)
    assert [(row.title, dict(row.parts)) for row in rows] == [
        ("web", {"cost_per_deployment": "cost_per_deployment: web",
                 "cost_per_incident": "cost_per_incident: web"}),
        ("search", {"cost_per_promoted_model": "cost_per_promoted_model: search"}),
    ]  # fmt: skip
    (visits,) = rows_of({"visits": {"cost_per_incident": told}}, UNIT_COSTS.tiles, {}, By.MEASURE)
    assert visits.title == "visits"
    (team,) = rows_of({"pay": {}}, UNIT_COSTS.tiles, {"pay": "Payments"}, By.TEAM)
    assert (team.title, set(team.parts)) == ("Payments", set(UNIT_COSTS.tiles))
