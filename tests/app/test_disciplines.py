"""The pages Models, Data and Operations: their tiles, their filters, and where nothing is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components.discipline import (
    AMBITIONS,
    DATASETS,
    DELIVERY,
    IMPORTED,
    MODELS,
    OPERATIONS,
    PIPELINES,
    UNIT_COSTS,
    Discipline,
)
from app.components.heat import cell
from app.components.history import table
from app.value import IN_PART
from data.metrics.definition import definition, definitions
from data.metrics.figure import NoValue
from data.model import Incident
from tests.app.conftest import OpenPage
from tests.app.figures import figure
from tests.app.organisation import CONFIGURATION, UNTIL, publish_into, records
from tests.data.facts.operations import alert, check, dataset, day, edge
from tests.data.facts.operations import run as pipeline_run
from tests.data.facts.registry import CHURN, alias, run, version
from tests.data.published import at

DISCIPLINES = (DELIVERY, MODELS, PIPELINES, DATASETS, OPERATIONS, IMPORTED, UNIT_COSTS)
PAGES = {"models": MODELS, "data": PIPELINES, "operations": OPERATIONS}
EXPECTED = """
[[team]]
name = "growth"
title = "Growth"
owns = ["model:*", "pipeline:*", "dataset:*"]

[[pipeline]]
name = "load"
freshness_minutes = 60
"""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small organisation, with a model, a pipeline, two datasets and an alert."""
    folder = tmp_path_factory.mktemp("busy")
    learning = [
        CHURN,
        *(version(number) for number in (1, 2)),
        *(run(number) for number in (1, 2)),
        alias(1, "2026-09-01"),
        alias(2, "2026-10-01 06:00", "2026-10-01"),
    ]
    flows = [
        pipeline_run(number, f"2026-10-{number:02} 00:30", slot_at=at(f"2026-10-{number:02}"))
        for number in range(1, 31)
    ]
    data = [dataset("orders"), dataset("raw", is_source=True), edge("raw", "orders")]
    seen = [check(1, "pass", "2026-10-05"), alert(1, "2026-10-06", "2026-10-07")]
    measured = [day("2026-10-05", 0.9995), day("2026-10-06", None)]
    told = [*records(), *learning, *flows, *data, *seen, *measured]
    publish_into(folder, told, CONFIGURATION + EXPECTED, UNTIL)
    return folder


def opened(open_page: OpenPage, page: str, folder: Path, **address: str) -> AppTest:
    shown = open_page(folder)
    for key, value in address.items():
        shown.query_params[key] = value
    shown.switch_page(f"views/team/{page}.py").run()
    assert not shown.exception, shown.exception[0].message
    return shown


@pytest.mark.parametrize("discipline", DISCIPLINES, ids=lambda discipline: discipline.key)
def test_the_metrics_of_a_discipline_are_about_its_subject(discipline: Discipline) -> None:
    for metric in discipline.metrics:
        assert definition(metric).subject is discipline.subject


def test_every_metric_is_shown_on_some_page() -> None:
    shown = {metric for discipline in DISCIPLINES for metric in discipline.metrics}
    shown |= {metric for ambition in AMBITIONS for metric in ambition.metrics}
    assert shown == set(definitions())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_tile_for_each_metric_and_rows_that_add_up(
    open_page: OpenPage, busy: Path, name: str
) -> None:
    page = opened(open_page, name, busy)
    assert page.title[0].value == PAGES[name].title
    assert len(page.metric) == len(PAGES[name].tiles)
    text = " ".join(element.value for element in page.markdown)
    assert ":material/check_circle:" in text
    assert "does not add up" not in text


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small organisation without its incidents: only code and deployments are told."""
    folder = tmp_path_factory.mktemp("calm")
    publish_into(folder, [one for one in records() if not isinstance(one, Incident)])
    return folder


def test_incidents_alone_are_worth_the_page_of_operations(
    open_page: OpenPage, harbour: Path
) -> None:
    page = opened(open_page, "operations", harbour)
    assert "Incidents" in [head.value for head in page.header]
    assert {tile.value for tile in page.metric} == {"–"}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_which_no_source_tells_says_which_source_would(
    open_page: OpenPage, calm: Path, name: str
) -> None:
    page = opened(open_page, name, calm)
    assert len(page.metric) == 0
    text = " ".join(element.value for element in page.markdown)
    assert PAGES[name].nothing.split("(")[0] in text


def test_every_metric_of_a_page_can_be_chosen(open_page: OpenPage, busy: Path) -> None:
    page = opened(open_page, "models", busy)
    for metric in MODELS.metrics:
        page.session_state["metric"] = metric
        page.run()
        assert not page.exception, (metric, page.exception[0].message)
        text = " ".join(element.value for element in page.markdown)
        assert "does not add up" not in text, metric


def test_datasets_are_the_other_half_of_the_data_page(open_page: OpenPage, busy: Path) -> None:
    page = opened(open_page, "data", busy)
    page.session_state["about"] = "datasets"
    page.run()
    assert not page.exception
    assert [tile.label for tile in page.metric] == ["Quality", "Lineage"]
    assert page.query_params["about"] == "datasets"


def test_team_and_period_stay_on_the_way_to_another_page(open_page: OpenPage, busy: Path) -> None:
    page = open_page(busy, team="growth", window="30d")
    page.switch_page("views/team/models.py").run()
    assert page.selectbox(key="team").value == "growth"
    assert page.selectbox(key="window").value == "30d"
    page.selectbox(key="team").set_value("").run()
    page.switch_page("views/team/delivery.py").run()
    assert page.selectbox(key="team").value == ""
    assert page.selectbox(key="window").value == "30d"


def test_the_inventory_says_what_to_look_at_first(open_page: OpenPage, busy: Path) -> None:
    page = opened(open_page, "models", busy)
    text = " ".join(element.value for element in page.markdown)
    assert "1 model: 1 in production without a drift check, 1 in production without a card." in text
    (row,) = page.dataframe[0].value.to_dict("records")
    assert (row["Model"], row["Version"], row["Give or take"]) == ("churn", "2", "within 6 h")
    assert (row["Drift"], row["Card"], row["Fresh enough"]) == (
        "not monitored",
        "none",
        "nothing agreed",
    )


def test_of_a_model_that_serves_nowhere_nothing_is_said_that_holds_of_one_that_serves(
    open_page: OpenPage, tmp_path: Path
) -> None:
    publish_into(tmp_path, [*records(), CHURN, version(1), run(1)], CONFIGURATION, UNTIL)
    page = opened(open_page, "models", tmp_path)
    (table,) = [t.value for t in page.dataframe if "Give or take" in t.value.columns]
    row = table.iloc[0]
    assert row["Version"] == "none"
    assert row[["Gate", "Drift", "Performance", "Approved", "Reproducible"]].isna().all()


@pytest.mark.parametrize(
    "view",
    ["team/delivery", "team/models", "team/data", "team/operations", "team/imported",
     "team/unit_costs", "leadership/targets", "admin/sources"],
)  # fmt: skip
def test_headings_leave_no_level_out(open_page: OpenPage, busy: Path, view: str) -> None:
    page = open_page(busy)
    page.switch_page(f"views/{view}.py").run()
    assert len(page.title) == 1
    assert page.header
    assert not page.subheader


def test_a_reason_that_a_tile_has_no_room_for_is_told_below_its_pill(
    open_page: OpenPage, busy: Path
) -> None:
    page = opened(open_page, "operations", busy)
    tile = next(shown for shown in page.metric if shown.label == "Utilisation")
    assert (tile.value, tile.delta) == ("–", "not known")
    assert "No use of a resource was ever measured." in [told.value for told in page.caption]


def test_rows_of_a_share_are_told_in_hundredths(open_page: OpenPage, busy: Path) -> None:
    page = opened(open_page, "operations", busy, metric="system_uptime")
    (rows,) = [t.value for t in page.dataframe if {"value", "target"} <= {*t.value.columns}]
    assert rows["value"].dropna().tolist() == pytest.approx([99.95])
    assert rows["target"].dropna().between(99, 100).all()


def test_a_cell_without_a_figure_says_why_and_keeps_what_to_import_for_the_tile() -> None:
    untold = figure(None, reason=NoValue.NOTHING_DEPLOYED)
    assert cell("feature_reuse", untold, has_bands=False) == "no import tells it"


def test_the_numbers_of_a_trend_have_a_column_of_limits_only_where_there_are_any() -> None:
    metric = definition("system_uptime")
    assert "bear in mind" not in table(metric, [figure(0.99)])
    limited = table(metric, [figure(0.99), figure(0.98, is_partly_unread=True)])
    assert limited["bear in mind"].tolist() == ["", IN_PART]


def test_one_model_has_a_timeline_in_words_and_its_versions(
    open_page: OpenPage, busy: Path
) -> None:
    page = opened(open_page, "models", busy)
    page.selectbox(key="model").set_value("churn").run()
    captions = " ".join(element.value for element in page.caption)
    assert "churn: 2 stretches, 0 rollbacks, 0 failed within a week" in captions
    assert "serving now: 2 in production" in captions
    (table,) = [t.value for t in page.dataframe if "at the latest (UTC)" in t.value.columns]
    assert table["source"].str.startswith("http").all()
    assert {"Inventory", "Timeline", "Versions"} <= {head.value for head in page.header}


def test_one_model_has_a_page_without_parts(open_page: OpenPage, busy: Path) -> None:
    page = opened(open_page, "models", busy)
    page.selectbox(key="model").set_value("churn").run()
    assert not page.exception
    assert "Models" not in [element.value for element in page.header]
    assert page.query_params["model"] == "churn"
