"""What of a snapshot lies in the scope of a decision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from data.decisions.scope import parse_scope
from data.inventory.scope import teams_in, things_in
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.cli.granted import publish_rights


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("granted")
    publish_rights(folder)
    with closing(SnapshotReader(Workspace(folder))) as reader, reader.reading() as opened:
        yield opened


@pytest.mark.parametrize(
    ("scope", "teams", "things"),
    [
        ("organisation", {"shops", "web", "unowned"}, 1),
        ("team:shops", {"shops", "web"}, 1),
        ("team:web", {"web"}, 1),
        ("repository:shop-*", {"web"}, 2),
        ("repository:tools", {"unowned"}, 1),
        ("service:shop", {"web"}, 1),
        ("service:gone", set(), 0),
        ("row:test:deploy@shop-app", {"web"}, 1),
        ("row:nothing", set(), 0),
    ],
)
def test_a_scope_has_things_and_the_teams_that_own_them(
    snapshot: Snapshot, scope: str, teams: set[str], things: int
) -> None:
    assert teams_in(snapshot, parse_scope(scope)) == teams
    assert things_in(snapshot, parse_scope(scope)) == things
