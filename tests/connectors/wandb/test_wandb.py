"""What runs and the registry of Weights & Biases become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from connectors import state_file
from connectors.interface import Json, Severity
from data.model import (
    Evaluation,
    GapReason,
    LineageEdge,
    ModelEvent,
    ModelVersion,
    TrainingRun,
)
from tests.connectors.one_api import OneApi
from tests.connectors.wandb.test_conformance import WandbBinding


class Empty(WandbBinding):
    """A team without runs and a registry without versions."""

    def tell_the_story(self) -> None:
        self.double.runs["tries"] = []


@pytest.fixture
def team(tmp_path: Path) -> Iterator[OneApi]:
    with closing(OneApi(Empty, tmp_path)) as made:
        yield made


@pytest.fixture
def source(team: OneApi) -> Empty:
    assert isinstance(team.source, Empty)
    return team.source


def _aliases(team: OneApi) -> list[tuple[str | None, str | None, str | None, str | None]]:
    found = [event for event in team.rows(ModelEvent) if event.kind == "alias"]
    found.sort(key=lambda event: event.occurred_before_at)
    return [(event.name, event.version, event.value, event.previous) for event in found]


def test_a_team_without_anything_is_empty(team: OneApi) -> None:
    assert team.sync().pages == 0
    assert not team.house.gaps()


@pytest.mark.parametrize(
    ("state", "result"),
    [
        ("finished", "success"),
        ("crashed", "failure"),
        ("killed", "cancelled"),
        ("running", "running"),
    ],
)
def test_a_run_ends_as_its_state_says(team: OneApi, source: Empty, state: str, result: str) -> None:
    source.run("try 0", state)
    team.sync()
    (run,) = team.rows(TrainingRun)
    assert run.result == result
    assert (run.finished_at is None) is (state == "running")
    assert (run.sha, run.started_by, run.has_seed) == ("a" * 40, "dev-1", True)
    assert [(e.metric, e.value) for e in team.rows(Evaluation)] == [("accuracy", 0.5)]


def test_a_run_that_lives_on_is_read_again(team: OneApi, source: Empty) -> None:
    old = source.run("old", "running")
    for number in range(5):
        source.run(f"try {number + 1}")
    team.sync()
    source.wait()
    source.double.live(old, state="finished")
    team.sync()
    assert {run.result for run in team.rows(TrainingRun)} == {"success"}
    assert team.sync().pages == 0


def test_no_number_is_no_value(team: OneApi, source: Empty) -> None:
    source.double.run("tries", "odd", summaryMetrics='{"loss": "NaN", "note": "text"}')
    team.sync()
    assert [(e.metric, e.value) for e in team.rows(Evaluation)] == [("loss", None)]


def test_what_a_run_was_configured_with_is_kept_by_name_only(team: OneApi, source: Empty) -> None:
    source.run("try 0")
    team.sync()
    assert [run.parameter_count for run in team.rows(TrainingRun)] == [2]
    assert not [page for _, page in team.house.pages() if b"s3cr3t-thing" in page]


def test_an_alias_moves_once_and_lies_between_two_readings(team: OneApi, source: Empty) -> None:
    first, second = source.double.version("fraud"), source.double.version("fraud")
    source.double.alias("production", first)
    team.sync()
    before_at = source.time.at
    source.wait(hours=2)
    team.sync()
    seen_at = source.time.at
    source.wait(hours=2)
    source.double.alias("production", second)
    team.sync()
    assert _aliases(team) == [
        ("production", "v0", "v0", None),
        ("production", "v1", "v1", "v0"),
    ]
    moved = next(event for event in team.rows(ModelEvent) if event.previous == "v0")
    assert moved.occurred_after_at == seen_at > before_at
    assert moved.occurred_before_at == seen_at + timedelta(hours=2)


@pytest.mark.parametrize("page", [1, 2])
def test_an_alias_that_moves_while_it_is_read_lies_within_the_bounds_of_that_reading(
    team: OneApi, source: Empty, page: int
) -> None:
    first, *_, last = (source.double.version("fraud") for _ in range(3))
    source.double.alias("production", first)
    team.sync()
    source.wait()
    asked: list[datetime] = []

    def moved_meanwhile(answer: Json) -> Json:
        source.wait()
        asked.append(source.time.at)
        if len(asked) == page:
            source.double.alias("production", last)
        return answer

    source.double.damage(" Versions ", moved_meanwhile)
    team.sync()
    source.double.allow()
    source.wait()
    team.sync()
    (moved,) = (event for event in team.rows(ModelEvent) if event.previous == "v0")
    assert moved.occurred_after_at is not None
    assert moved.occurred_after_at <= asked[page - 1] <= moved.occurred_before_at


def test_an_alias_that_is_removed_points_nowhere(team: OneApi, source: Empty) -> None:
    source.double.alias("production", source.double.version("fraud"))
    team.sync()
    source.wait()
    source.double.alias("production", None)
    team.sync()
    assert _aliases(team)[-1] == ("production", None, None, "v0")


def test_a_version_that_is_gone_stays_with_the_time_it_was_missed(
    team: OneApi, source: Empty
) -> None:
    source.double.version("fraud")
    team.sync()
    seen_at = source.time.at
    source.wait()
    source.double.versions.clear()
    team.sync()
    (version,) = team.rows(ModelVersion)
    assert (version.gone_after_at, version.gone_before_at) == (seen_at, source.time.at)
    assert "deleted" in {event.kind for event in team.rows(ModelEvent)}


def test_what_was_read_before_and_is_lost_is_a_gap_and_no_event_has_a_bound_that_nobody_knows(
    team: OneApi, source: Empty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_LARGEST_IN_CURSOR", 50)
    first, second = source.double.version("fraud"), source.double.version("fraud")
    source.double.alias("production", first)
    team.sync()
    for path in (source.folder / "mirrors").rglob("registry-*.json"):
        path.unlink()
    source.wait()
    source.double.alias("production", second)
    team.sync()
    assert len(team.gaps(GapReason.TRUNCATED)) == 1
    moved = [event for event in team.rows(ModelEvent) if event.version == "v1"]
    assert {e.occurred_after_at for e in moved if e.kind == "alias"} == {None}
    assert len(team.rows(ModelVersion)) == 2


def test_a_version_leads_to_the_run_that_made_it_and_to_those_that_used_it(
    team: OneApi, source: Empty
) -> None:
    maker, user = source.run("maker"), source.run("user")
    source.double.version("fraud", maker, user)
    team.sync()
    runs = {run.name: run.id for run in team.rows(TrainingRun)}
    assert [version.run for version in team.rows(ModelVersion)] == [runs["maker"]]
    edges = {(edge.from_name, edge.to_name) for edge in team.rows(LineageEdge)}
    assert edges == {(runs["maker"], "fraud@v0"), ("fraud@v0", runs["user"])}


def test_lineage_that_is_withheld_is_a_gap(team: OneApi, source: Empty) -> None:
    source.double.version("fraud")
    source.double.refuse(" Lineage ", 403)
    team.sync()
    assert len(team.rows(ModelVersion)) == 1
    assert len(team.gaps(GapReason.NO_PERMISSION)) == 1


def test_an_error_inside_an_answer_is_told(team: OneApi, source: Empty) -> None:
    said = {"errors": [{"message": "permission denied"}], "data": None}
    source.double.damage(" Versions ", lambda answer: said)
    team.sync()
    (gap,) = team.gaps(GapReason.NO_PERMISSION)
    assert "permission denied" in gap.what


class Named(Empty):
    """The same, with its projects named."""

    def settings(self) -> Mapping[str, Json]:
        return {**super().settings(), "projects": ["tries"]}


def test_doctor_asks_for_runs_also_where_projects_are_named(tmp_path: Path) -> None:
    with closing(OneApi(Named, tmp_path)) as team:
        team.source.refuse("runs", 403, 1)
        findings = {finding.where: finding for finding in team.source.connector().check()}
        assert findings["api runs"].severity is Severity.WARNING
