"""What moved is asked of the engine and adds up to the change that the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from math import fsum

import pytest

from data.metrics.definition import Definition, definitions
from data.metrics.engine import evaluate
from data.metrics.scope import By, Scope
from data.metrics.subject import Subject
from data.period import parse_window
from data.series.moved import Method, Moved, NotExplained, moved, stages
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.organisation import publish_into, records

METRICS = {m.id: m for m in definitions().values() if m.subject is Subject.SERVICE}
TODAY = date(2026, 11, 1)
BEFORE, AFTER = parse_window("2026-Q2", TODAY), parse_window("2026-Q3", TODAY)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("moved")
    publish_into(folder, records())
    reader = SnapshotReader(Workspace(folder))
    with reader.reading() as snapshot:
        yield snapshot
    reader.close()


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.id)
def test_every_metric_is_shared_out_or_says_why_not(harbour: Snapshot, metric: Definition) -> None:
    parts = (By.TEAM, By.SERVICE, By.ENVIRONMENT)
    for scope, by in product((Scope(), Scope("web"), Scope(None, None, None)), parts):
        found = moved(harbour, metric, scope, BEFORE, AFTER, by)
        if isinstance(found, NotExplained):
            assert found is not NotExplained.PARTS_DIFFER
            continue
        whole = [evaluate(harbour, metric, scope, w).figures[0].value for w in (BEFORE, AFTER)]
        assert [found.before.value, found.after.value] == whole
        assert abs(fsum(part.total for part in found.parts) - found.change) <= 1e-9
        assert abs(found.rest) <= 1e-9


def _answer(snapshot: Snapshot, metric: str) -> Moved:
    found = moved(snapshot, METRICS[metric], Scope(), BEFORE, AFTER, By.TEAM)
    assert isinstance(found, Moved), found
    return found


def test_rates_shares_and_medians_each_have_their_method(harbour: Snapshot) -> None:
    methods = {m: _answer(harbour, m).method for m in ("deployment_frequency", "lead_time")}
    assert methods == {"deployment_frequency": Method.COUNTS, "lead_time": Method.RANKS}
    assert _answer(harbour, "change_fail_rate").method is Method.SHARES


def test_days_with_a_deployment_do_not_add_up(harbour: Snapshot) -> None:
    found = moved(harbour, METRICS["deployment_days"], Scope(), BEFORE, AFTER, By.TEAM)
    assert found is NotExplained.NOT_ADDITIVE


def test_a_window_without_a_figure_is_not_explained(harbour: Snapshot) -> None:
    later = parse_window("2027", TODAY)
    found = moved(harbour, METRICS["change_fail_rate"], Scope(), BEFORE, later, By.TEAM)
    assert found is NotExplained.NO_VALUE


def test_a_median_is_told_by_what_lies_above_the_one_before(harbour: Snapshot) -> None:
    found = _answer(harbour, "lead_time")
    assert found.explained[0] == pytest.approx(0.5, abs=0.1)
    assert "Medians of parts do not add up" in found.in_words(str)


def test_changes_that_take_each_other_back_are_counted(harbour: Snapshot) -> None:
    found = _answer(harbour, "deployment_frequency")
    up = fsum(p.total for p in found.parts if p.total > 0)
    down = -fsum(p.total for p in found.parts if p.total < 0)
    assert found.cancelled == pytest.approx(min(up, down))


def test_stages_leave_a_rest_that_is_told(harbour: Snapshot) -> None:
    before, after = _answer(harbour, "lead_time").before, _answer(harbour, "lead_time").after
    changes, rest = stages(before, after)
    assert before.value is not None
    assert after.value is not None
    assert rest is not None
    assert fsum(changes.values()) + rest == pytest.approx(after.value - before.value)
    assert stages(replace(before, value=None), after)[1] is None
