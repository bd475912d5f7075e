"""The history that benchmarks run on: what they measure must be all of the work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest

from benchmarks.history import CHANGES_PER_DEPLOYMENT, Size, configuration, fill, tables
from data.facts.build import build
from data.model import ENTITIES
from data.store.publish import publish
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.working import Working
from data.store.workspace import Workspace

SMALL = Size(20_000)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The facts of a small history."""
    workspace = Workspace(tmp_path_factory.mktemp("history"))
    with closing(Working(workspace.working)) as working:
        fill(working.connection, SMALL)
        publish(workspace, working.connection, partial(build, configuration=configuration()), 2)
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        yield opened


def test_it_has_the_size_that_was_asked_for() -> None:
    told = tables(SMALL)
    assert len(told["deployment"]) == SMALL.deployments
    assert len(told["change"]) == SMALL.deployments * CHANGES_PER_DEPLOYMENT
    assert all(rows.schema == ENTITIES[entity].schema for entity, rows in told.items())


def test_a_longer_history_has_the_same_pace() -> None:
    longer = Size(SMALL.deployments * 10, years=20)
    assert longer.services == SMALL.services
    assert longer.per_service == SMALL.per_service * 10


@pytest.mark.parametrize(
    ("fact", "column", "values"),
    [
        (
            "change_delivery",
            "state",
            "delivered waiting baseline unplaced no_commit_time negative no_deployment",
        ),
        ("change_delivery", "link_method", "commit,tag,branch,cherry-pick,head commit,time"),
        ("change_delivery", "environment", "production staging"),
        ("deployment_outcome", "excluded", "not deployed,same version again"),
        ("deployment_outcome", "failure_reason", "incident rollback revert hotfix"),
        ("deployment_outcome", "rework_reason", "rollback revert hotfix"),
        ("deployment_outcome", "position_method", "commit tag branch"),
        ("incident_cause", "link_method", "named by the source,commit named by the source,time"),
    ],
)
def test_no_branch_of_the_facts_is_idle(
    snapshot: Snapshot, fact: str, column: str, values: str
) -> None:
    rows = snapshot.rows(f"select distinct {column} as value from {fact}")
    found = {row["value"] for row in rows} - {None}
    assert found == set(values.split(",") if "," in values else values.split())


def test_runs_told_twice_count_once(snapshot: Snapshot) -> None:
    (row,) = snapshot.rows("select count(*) as rows from deployment_outcome")
    assert 0 < SMALL.deployments - row["rows"] < SMALL.deployments / 100


def test_teams_and_time_zones_are_at_work(snapshot: Snapshot) -> None:
    (row,) = snapshot.rows(
        "select count(distinct local_at - cast(happened_at as timestamp)) as offsets,"
        " count(distinct team) as teams, count(*) filter (where team = 'unowned') as unowned"
        " from deployment_outcome"
    )
    assert row["offsets"] > 1
    assert row["teams"] > 1
    assert row["unowned"] == 0
