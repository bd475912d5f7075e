"""The newest snapshots stay, and the current one, and every pinned one."""

from __future__ import annotations

from contextlib import closing

import pytest

from data.store.retention import NoSuchSnapshot, pin, pinned, published, retire, unpin
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.data.store.snapshots import publish_number


def publish_many(workspace: Workspace, count: int, keep: int = 99) -> list[str]:
    return [publish_number(workspace, number, keep) for number in range(count)]


def test_snapshots_beyond_the_newest_go(workspace: Workspace) -> None:
    made = publish_many(workspace, 5, keep=3)
    assert published(workspace) == made[-3:]
    assert len(list(workspace.snapshots.iterdir())) == 6


def test_a_pinned_snapshot_stays_until_it_is_unpinned(workspace: Workspace) -> None:
    made = publish_many(workspace, 3)
    pin(workspace, made[0])
    pin(workspace, made[1])
    pin(workspace, made[0])
    assert pinned(workspace) == set(made[:2])
    assert retire(workspace, keep=1) == []
    unpin(workspace, made[1])
    assert retire(workspace, keep=1) == [made[1]]
    assert published(workspace) == [made[0], made[2]]


def test_the_current_snapshot_stays_though_newer_ones_are_there(workspace: Workspace) -> None:
    made = publish_many(workspace, 4)
    workspace.current.write_text(f"{made[0]}\n")
    assert retire(workspace, keep=2) == [made[1]]
    assert published(workspace) == [made[0], *made[2:]]


def test_a_snapshot_that_is_not_there_cannot_be_pinned(workspace: Workspace) -> None:
    with pytest.raises(NoSuchSnapshot, match="there is no snapshot `x`; run `cairn sync`"):
        pin(workspace, "x")
    (made,) = publish_many(workspace, 1)
    with pytest.raises(NoSuchSnapshot, match=f"the newest of the 1 there is {made}"):
        pin(workspace, "../working")
    unpin(workspace, "x")
    assert pinned(workspace) == set()


def test_half_a_snapshot_is_none_and_goes_when_it_is_older_than_the_newest(
    workspace: Workspace,
) -> None:
    made = publish_many(workspace, 4)
    (workspace.snapshots / f"snapshot-{made[0]}.json").unlink()
    (workspace.snapshots / f"snapshot-{made[1]}.duckdb").unlink()
    (workspace.snapshots / f"snapshot-{made[3]}.json").unlink()
    assert published(workspace) == [made[2]]
    assert retire(workspace, keep=1) == made[:2], "the current one may still be mended"


def test_files_of_other_names_are_nobodys_snapshots(workspace: Workspace) -> None:
    made = publish_many(workspace, 2)
    for name in ("snapshot-old.duckdb", "snapshot-old.json", "notes.txt"):
        (workspace.snapshots / name).write_text("mine")
    assert published(workspace) == made
    assert retire(workspace, keep=1) == made[:1]
    assert (workspace.snapshots / "snapshot-old.json").exists()


def test_a_reader_goes_on_with_a_snapshot_that_retention_removed(workspace: Workspace) -> None:
    publish_number(workspace, 1)
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as old:
        publish_number(workspace, 2, keep=1)
        assert published(workspace) != [old.id]
        assert old.rows("select sum(number) as sum from early") == [{"sum": 1000}]
