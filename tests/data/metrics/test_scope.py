"""Teams with the teams below them, and a team alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from data.configuration import Configuration, Team
from data.metrics.definition import Definition, definitions
from data.metrics.engine import evaluate, rows_behind
from data.metrics.scope import NO_TEAM, By, Scope
from data.metrics.subject import Subject
from data.model import ImportedValue
from data.period import Window
from data.store.snapshot import Snapshot
from tests.data.published import at, deployment, published

MAY = Window(date(2026, 5, 1), date(2026, 6, 1))
METRICS = [metric for metric in definitions().values() if metric.subject is Subject.SERVICE]
TEAMS = Configuration(
    team=(
        Team(name="platform", owns=("service:web",)),
        Team(name="search", parent="platform", owns=("service:index",)),
    )
)


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder: Path = tmp_path_factory.mktemp("nested")
    ran = [
        deployment(number, f"2026-05-{number:02}", service=service, id=f"test:{service}/{number}")
        for service, numbers in {"web": range(1, 4), "index": range(4, 11)}.items()
        for number in numbers
    ]
    with published(folder, [*ran, *told_by_files()], TEAMS) as snapshot:
        yield snapshot


def told_by_files() -> list[ImportedValue]:
    """Two things of which files tell the same measures."""
    names = (
        metric.watched.split("'")[1]
        for metric in definitions().values()
        if metric.subject is Subject.MEASURE and metric.watched and " = '" in metric.watched
    )
    return [
        ImportedValue(
            id=f"test:{name}/{about}", source="test", measure=name, team=None, about=about,
            value=share, unit="fraction", from_at=at("2026-05-01"), until_at=at("2026-06-01"),
        )
        for name in sorted(set(names))
        for about, share in (("web", 0.5), ("index", 0.25))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "deployments"),
    [
        (Scope(), 10),
        (Scope("platform"), 10),
        (Scope("platform", is_own=True), 3),
        (Scope("platform", "index", is_own=True), 0),
        (Scope("search"), 7),
        (Scope("search", is_own=True), 7),
    ],
)
def test_a_team_counts_with_those_below_it_or_alone(
    nested: Snapshot, scope: Scope, deployments: int
) -> None:
    metric = definitions()["deployment_frequency"]
    assert evaluate(nested, metric, scope, MAY).figures[0].n == deployments
    assert rows_behind(nested, metric, scope, MAY).num_rows == deployments


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
def test_a_team_alone_is_what_a_breakdown_by_team_shows_of_it(
    nested: Snapshot, metric: Definition
) -> None:
    parts = evaluate(nested, metric, Scope(), MAY, by=[By.TEAM]).figures
    for part in parts:
        (alone,) = evaluate(nested, metric, Scope(part.team, is_own=True), MAY).figures
        assert (alone.value, alone.n, alone.reason) == (part.value, part.n, part.reason)


@pytest.mark.parametrize("metric", definitions().values(), ids=lambda metric: metric.id)
def test_a_thing_alone_is_what_a_breakdown_by_things_shows_of_it(
    nested: Snapshot, metric: Definition
) -> None:
    subject = metric.subject
    parts = evaluate(nested, metric, Scope(), MAY, by=[By(subject.value)]).figures
    # What is watched for some measures alone tells of none where nobody told of those.
    is_told = subject in (Subject.SERVICE, Subject.MEASURE) and metric.watched is None
    assert len(parts) > 1 or not is_told
    for part in parts:
        thing = Scope(**{subject.value: part.item})
        (alone,) = evaluate(nested, metric, thing, MAY).figures
        assert (alone.value, alone.n, alone.reason) == (part.value, part.n, part.reason)


def test_what_is_told_of_no_team_can_be_asked_for_alone(tmp_path: Path) -> None:
    told = [
        ImportedValue(
            id=f"file:{team}",
            source="file",
            measure="user_adoption",
            value=value,
            unit="users",
            from_at=at("2026-05-01"),
            until_at=at("2026-06-01"),
            team=team,
            about=None,
        )
        for team, value in ((None, 3.0), ("platform", 5.0))
    ]
    metric = definitions()["user_adoption"]
    with published(tmp_path, told, TEAMS) as snapshot:
        for scope, count in ((Scope(environment=None), 2), (Scope(NO_TEAM, is_own=True), 1)):
            assert evaluate(snapshot, metric, scope, MAY).figures[0].population == count
