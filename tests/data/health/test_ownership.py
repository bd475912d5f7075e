"""What nobody owns, and what owns nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from data.health.ownership import (
    IdlePattern,
    Unowned,
    UnownedRepository,
    idle_patterns,
    unowned,
    unowned_repositories,
)
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.organisation import publish_into, records
from tests.data.published import published, repository


def test_services_without_an_owner_come_with_their_last_deployment(tmp_path: Path) -> None:
    publish_into(tmp_path, records())
    reader = SnapshotReader(Workspace(tmp_path))
    with reader.reading() as snapshot:
        found, idle = unowned(snapshot), idle_patterns(snapshot)
    reader.close()
    assert found == (Unowned("orphan", "orphan", None, datetime(2026, 8, 5, tzinfo=UTC)),)
    assert idle == (IdlePattern("nobody", "service:gone-*"),)


def test_repositories_without_an_owner_come_with_where_they_are(tmp_path: Path) -> None:
    with published(tmp_path, [repository("spare", commit_count=7)]) as snapshot:
        found = unowned_repositories(snapshot)
    assert found == (UnownedRepository("spare", "test", "https://git.example/spare", 7),)
