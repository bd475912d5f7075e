"""Figures against a baseline: the same from every way of asking, and unknown with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data.decisions.baseline import NO_BASELINES, Baseline, Baselines
from data.metrics.board import breakdown
from data.metrics.definition import definition
from data.metrics.engine import evaluate, rows_behind
from data.metrics.figure import NoValue
from data.metrics.scope import By, Scope
from data.metrics.together import evaluate_together
from data.period import Grain, Window, parse_window
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.organisation import publish_into, records

REDUCTION, BASE = definition("deployment_time_reduction"), definition("lead_time")
THEN = Window(date(2026, 8, 1), date(2026, 9, 1))
NOW = parse_window("2026-Q3", date(2026, 11, 1))


def decided(days: Window = THEN, team: str | None = None) -> Baseline:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Baseline(f"of {team}", "lead_time", team, days.start, days.end, "why", "who", at)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder: Path = tmp_path_factory.mktemp("relative")
    publish_into(folder, records())
    with SnapshotReader(Workspace(folder)).reading() as opened:
        yield opened


def test_the_value_is_one_less_now_by_then(snapshot: Snapshot) -> None:
    now = evaluate(snapshot, BASE, Scope(), NOW).figures[0]
    then = evaluate(snapshot, BASE, Scope(), THEN).figures[0]
    answer = evaluate(snapshot, REDUCTION, Scope(), NOW, decided=Baselines((decided(),)))
    assert now.value is not None
    assert then.value
    assert answer.figures[0].value == pytest.approx(1 - now.value / then.value)
    assert answer.figures[0].coverage == min(now.coverage or 0, then.coverage or 0)
    assert answer.decisions == ("of None",)


def test_together_and_alone_give_the_same(snapshot: Snapshot) -> None:
    known = Baselines((decided(),))
    alone = evaluate(snapshot, REDUCTION, Scope(), NOW, Grain.MONTH, decided=known)
    both = evaluate_together(snapshot, [BASE, REDUCTION], Scope(), NOW, Grain.MONTH, decided=known)
    assert both["deployment_time_reduction"] == alone


def test_the_rows_are_those_of_what_is_compared(snapshot: Snapshot) -> None:
    compared = rows_behind(snapshot, REDUCTION, Scope(), NOW)
    assert compared.equals(rows_behind(snapshot, BASE, Scope(), NOW))


def test_without_a_decision_it_is_unknown(snapshot: Snapshot) -> None:
    answer = evaluate(snapshot, REDUCTION, Scope(), NOW, decided=NO_BASELINES)
    assert answer.figures[0].value is None
    assert answer.figures[0].reason is NoValue.NO_BASELINE
    assert answer.decisions == ()


def test_a_baseline_before_all_that_is_known_is_unknown(snapshot: Snapshot) -> None:
    days = Window(date(2019, 1, 1), date(2019, 7, 1))
    answer = evaluate(snapshot, REDUCTION, Scope(), NOW, decided=Baselines((decided(days),)))
    assert answer.figures[0].value is None
    assert answer.figures[0].reason is NoValue.BASELINE_UNKNOWN


def test_each_team_is_compared_with_itself(snapshot: Snapshot) -> None:
    known = Baselines((decided(),))
    parts = breakdown(snapshot, [REDUCTION.id], Scope(), NOW, By.TEAM, "dora_2024", known)
    for team, figures in parts.items():
        scope = Scope(team=team, is_own=True)
        own = evaluate(snapshot, REDUCTION, scope, NOW, decided=known).figures[0]
        assert figures[REDUCTION.id].value == own.value
        assert figures[REDUCTION.id].reason == own.reason


def test_the_decision_of_a_team_counts_for_it_alone(snapshot: Snapshot) -> None:
    known = Baselines((decided(team="web"),))
    assert evaluate(snapshot, REDUCTION, Scope(team="web"), NOW, decided=known).decisions == (
        "of web",
    )
    for_all = evaluate(snapshot, REDUCTION, Scope(), NOW, decided=known)
    assert for_all.figures[0].reason is NoValue.NO_BASELINE
