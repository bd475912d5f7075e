"""The page of unit costs: its own measures, and whole quarters at first."""

from __future__ import annotations

from datetime import date

from app.components.discipline import IMPORTED, PIPELINES, UNIT_COSTS
from app.components.filters import address_of
from data.metrics.catalogue import Catalogue
from data.metrics.subject import Subject

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
