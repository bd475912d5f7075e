"""Targets: all twenty in their order, each a figure or an unknown that names what is missing."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components.discipline import AMBITIONS, VIEWS, home
from app.components.targets import missing
from data.decisions.baseline import baselines, set_baseline
from data.decisions.book import Book
from data.metrics.board import board
from data.metrics.definition import definition
from data.metrics.engine import DEFAULT_EDITION, today
from data.metrics.figure import NoValue
from data.metrics.scope import Scope
from data.period import Grain, parse_window
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.conftest import OpenPage
from tests.app.organisation import publish_into, records

METRICS = [metric for ambition in AMBITIONS for metric in ambition.metrics]
SOURCES = (
    "import",
    "`cairn.toml`",
    "`cairn baseline set",
    "told",
    "measured",
    "checked",
    "deployed",
)


def targets(open_page: OpenPage, folder: Path) -> AppTest:
    shown = open_page(folder)
    shown.switch_page("views/leadership/targets.py").run()
    assert not shown.exception, shown.exception[0].message
    return shown


def test_the_twenty_targets_stand_in_their_order() -> None:
    ids = [target.id for metric in METRICS if (target := definition(metric).target)]
    assert ids == [f"T{number:02}" for number in range(1, 21)]


@pytest.mark.parametrize("metric", METRICS)
def test_each_leads_to_a_page_that_shows_its_rows(metric: str) -> None:
    shown = definition(metric).of or metric
    view, discipline = home(shown)
    assert discipline in VIEWS[view]
    assert shown in discipline.metrics


@pytest.mark.parametrize("metric", METRICS)
def test_of_what_nothing_tells_the_missing_source_is_named(metric: str) -> None:
    words = missing(definition(metric), NoValue.NOTHING_DEPLOYED)
    assert "`cairn.toml`" in words
    if definition(metric).of is not None:
        words = missing(definition(metric), NoValue.NO_BASELINE)
        assert f"`cairn baseline set {definition(metric).of}`" in words


def test_without_any_row_a_baseline_alone_would_not_help() -> None:
    words = missing(definition("data_processing_reduction"), NoValue.NO_BASELINE, has_rows=False)
    assert "`cairn baseline set pipeline_duration`" in words
    assert "Add an orchestrator to `cairn.toml`" in words


def test_each_target_is_a_figure_or_says_what_is_missing(
    open_page: OpenPage, harbour: Path
) -> None:
    page = targets(open_page, harbour)
    assert len(page.metric) == 20
    for shown, metric in zip(page.metric, METRICS, strict=True):
        target = definition(metric).target
        assert target is not None
        assert target.id in shown.label
    unknown = sum(shown.value == "–" for shown in page.metric)
    said = [one.value for one in page.markdown if any(word in one.value for word in SOURCES)]
    assert unknown
    assert len(said) >= unknown


def test_a_baseline_that_is_decided_makes_a_figure_of_a_reduction(
    open_page: OpenPage, tmp_path: Path
) -> None:
    publish_into(tmp_path, records())
    number = METRICS.index("deployment_time_reduction")
    assert targets(open_page, tmp_path).metric[number].value == "–"
    days = (date(2026, 8, 1), date(2026, 9, 1))
    set_baseline(Book(tmp_path), "lead_time", None, days, ("the board", "before all this"))
    page = targets(open_page, tmp_path)
    assert page.metric[number].value.endswith("%")
    assert any("before all this" in one.value for one in page.caption)


def test_in_the_demo_each_is_a_figure_or_names_its_missing_source(demo: Path) -> None:
    """What no machine tells there is an import that is missing, or a baseline nobody decided."""
    with closing(SnapshotReader(Workspace(demo))) as reader, reader.reading() as snapshot:
        window = parse_window("90d", today(snapshot))
        decided = baselines(Book(demo))
        found = board(
            snapshot, METRICS, Scope(), window, Grain.WEEK, DEFAULT_EDITION, decided
        ).totals
    unknown = {}
    for metric in METRICS:
        figure = found[metric].figures[0]
        if figure.value is None:
            assert figure.reason is not None
            unknown[metric] = missing(definition(metric), figure.reason)
    assert len(METRICS) - len(unknown) >= 15
    for metric, words in unknown.items():
        assert "measure `" in words or "`cairn baseline set" in words, (metric, words)
