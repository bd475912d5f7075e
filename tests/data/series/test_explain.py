"""A trend is judged by what came before it, and nothing to come is told of days long past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from data.metrics.definition import Definition, definition, definitions
from data.metrics.scope import Scope
from data.metrics.subject import Subject
from data.period import Grain, Window, parse_window
from data.series.explain import explain
from data.series.forecast import Forecast, TooShort
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.organisation import publish_into, records

TODAY = date(2026, 11, 1)
METRICS = [m for m in definitions().values() if m.subject is Subject.SERVICE]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("explained")
    publish_into(folder, records())
    reader = SnapshotReader(Workspace(folder))
    with reader.reading() as snapshot:
        yield snapshot
    reader.close()


def test_a_short_window_is_judged_by_the_months_before_it(harbour: Snapshot) -> None:
    window = parse_window("30d", TODAY)
    told = explain(harbour, definition("deployment_frequency"), Scope("web"), window, Grain.DAY)
    assert told.read.start == window.start - timedelta(days=182)
    assert (told.judged.judged, told.judged.unjudged) == (30, 0)
    assert isinstance(told.forecast, Forecast)
    assert told.forecast.expected[0].window.start == TODAY


def test_a_deployment_a_day_is_nothing_unusual(harbour: Snapshot) -> None:
    window = parse_window("90d", TODAY)
    told = explain(harbour, definition("deployment_frequency"), Scope("web"), window, Grain.DAY)
    assert not told.judged.anomalies
    assert not told.changes
    assert told.drawn_forecast is not None
    assert {each.value for each in told.drawn_forecast.expected} == {1.0}


def test_of_days_long_past_nothing_to_come_is_told(harbour: Snapshot) -> None:
    window = parse_window("2026-09", TODAY)
    told = explain(harbour, definition("deployment_frequency"), Scope("web"), window, Grain.DAY)
    assert told.forecast is None
    assert told.drawn_forecast is None


def test_a_team_of_which_nothing_is_known_is_told_nothing_of(harbour: Snapshot) -> None:
    window = parse_window("90d", TODAY)
    told = explain(harbour, definition("lead_time"), Scope("silent"), window, Grain.WEEK)
    assert (told.judged.judged, told.judged.latest, told.changes) == (0, None, ())
    assert isinstance(told.forecast, TooShort)


def test_a_window_as_long_as_can_be_is_read_alone(harbour: Snapshot) -> None:
    window = Window(TODAY - timedelta(days=1500), TODAY)
    told = explain(harbour, definition("deployment_frequency"), Scope(), window, Grain.DAY)
    assert told.read == window


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
def test_what_is_told_lies_in_the_window(harbour: Snapshot, metric: Definition) -> None:
    window = parse_window("2026-Q3", TODAY)
    told = explain(harbour, metric, Scope(), window, Grain.WEEK)
    starts = [at.window.start for at in (*told.judged.anomalies, *told.changes)]
    assert all(window.start <= start < window.end for start in starts)
