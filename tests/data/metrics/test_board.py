"""Many figures at once are the same as one by one, and add up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from data.metrics.board import board, breakdown
from data.metrics.catalogue import catalogue
from data.metrics.compose import Statement
from data.metrics.definition import definitions
from data.metrics.engine import evaluate, rows_behind
from data.metrics.evidence import add_up, filled, page_of_rows
from data.metrics.scope import By, Scope
from data.metrics.subject import Subject
from data.metrics.together import evaluate_together
from data.period import Grain, Window, parse_window
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.organisation import publish_into, records

METRICS = [
    metric
    for metric in definitions().values()
    if metric.subject is Subject.SERVICE and metric.of is None
]
TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("harbour")
    publish_into(folder, records())
    reader = SnapshotReader(Workspace(folder))
    with reader.reading() as snapshot:
        yield snapshot
    reader.close()


@pytest.mark.parametrize("scope", [Scope(), Scope("web"), Scope("silent"), Scope(None, None, None)])
@pytest.mark.parametrize("period", ["2026-Q3", "2026-10", "2026-04", "2027"])
@pytest.mark.parametrize(
    ("grain", "by"), [(None, []), (Grain.MONTH, []), (None, [By.TEAM]), (Grain.MONTH, [By.SERVICE])]
)
def test_together_is_the_same_as_one_by_one(
    harbour: Snapshot, scope: Scope, period: str, grain: Grain | None, by: list[By]
) -> None:
    window = parse_window(period, TODAY)
    together = evaluate_together(harbour, METRICS, scope, window, grain, by, "cairn")
    assert list(together) == [metric.id for metric in METRICS]
    for metric in METRICS:
        assert together[metric.id] == evaluate(harbour, metric, scope, window, grain, by, "cairn")


@pytest.mark.parametrize("grain", [Grain.WEEK, Grain.MONTH, Grain.QUARTER])
def test_the_periods_of_a_window_hold_its_rows_and_no_others(
    harbour: Snapshot, grain: Grain
) -> None:
    window = Window(date(2026, 8, 5), TODAY)
    found = board(harbour, [metric.id for metric in METRICS], Scope(), window, grain, "dora_2024")
    for metric in METRICS:
        assert sum(f.n for f in found.trend(metric.id)) == found.total(metric.id).n
        for figure in found.trend(metric.id):
            rows = rows_behind(harbour, metric, Scope(), figure.window)
            assert figure.population == rows.num_rows


def test_a_window_inside_one_period_is_its_only_period(harbour: Snapshot) -> None:
    window = Window(date(2026, 8, 5), date(2026, 8, 20))
    found = board(harbour, ["lead_time"], Scope(), window, Grain.QUARTER, "dora_2024")
    (only,) = found.trend("lead_time")
    assert (only.window, only.value) == (window, found.total("lead_time").value)


def test_the_parts_of_a_scope_hold_its_rows(harbour: Snapshot) -> None:
    window = parse_window("2026-Q3", TODAY)
    found = breakdown(
        harbour, [metric.id for metric in METRICS], Scope(), window, By.TEAM, "dora_2024"
    )
    assert set(found) == {"web", "silent", "few", "staged", "unowned"}
    for metric in METRICS:
        whole = evaluate(harbour, metric, Scope(), window).figures[0]
        assert sum(part[metric.id].n for part in found.values()) == whole.n


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
@pytest.mark.parametrize("scope", [Scope(), Scope("web"), Scope("few"), Scope("silent")])
def test_the_rows_behind_a_figure_add_up_to_it(
    harbour: Snapshot, metric: object, scope: Scope
) -> None:
    window = parse_window("2026-Q3", TODAY)
    figure = evaluate(harbour, metric, scope, window).figures[0]  # type: ignore[arg-type]
    found = add_up(harbour, metric, scope, window)  # type: ignore[arg-type]
    assert (found.rows, found.known) == (figure.population, figure.n)
    if figure.value is None:
        assert not found.measure
    elif metric.per is None:  # type: ignore[attr-defined]
        assert found.measure == pytest.approx(figure.value)
    else:
        length = 1 if metric.per == "day" else 7  # type: ignore[attr-defined]
        days = 92 if scope != Scope("few") else 29
        assert found.measure == pytest.approx(figure.value * days / length)


def test_pages_of_rows_are_all_rows_in_their_order(harbour: Snapshot) -> None:
    metric, window = definitions()["lead_time"], parse_window("2026-Q3", TODAY)
    whole = rows_behind(harbour, metric, Scope(), window)
    pages = [page_of_rows(harbour, metric, Scope(), window, skip, 40) for skip in (0, 40, 80)]
    assert [page.num_rows for page in pages] == [40, 40, whole.num_rows - 80]
    assert [i for page in pages for i in page["id"].to_pylist()] == whole["id"].to_pylist()


def test_sql_with_its_parameters_filled_in_runs_as_it_stands(harbour: Snapshot) -> None:
    for metric in METRICS:
        answer = evaluate(harbour, metric, Scope("web"), parse_window("2026-Q3", TODAY))
        sql = filled(answer.statement)
        assert "$" not in sql
        values = [row["value"] for row in harbour.rows(sql)]
        assert values[-1] == answer.figures[0].value


def test_a_quote_in_a_name_stays_inside_its_literal() -> None:
    statement = Statement("select $team as team, $teams", {"team": "o'neil", "teams": "x"})
    assert filled(statement) == "select 'o''neil' as team, 'x'"


def test_the_catalogue_holds_the_names_a_question_may_use(harbour: Snapshot) -> None:
    found = catalogue(harbour)
    assert [team.team for team in found.teams] == [
        "few", "nobody", "silent", "staged", "web", "unowned",
    ]  # fmt: skip
    assert found.services["orphan"] == "unowned"
    assert found.environments == ("production", "staging")
    assert found.today == TODAY
    assert [note.team for note in found.notes] == ["web"]
    assert found.team("nowhere") is None
