"""A snapshot appears whole or not at all, and whatever fails leaves the one before."""

from __future__ import annotations

import json
import os
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.durable import file_hash
from data.errors import CairnError
from data.store import publish as publishing
from data.store.publish import PublishFailed, publish
from data.store.retention import published
from data.store.snapshot import SnapshotReader, current_id
from data.store.working import Working
from data.store.workspace import Workspace
from tests.data.store.snapshots import publish_number, stop_clock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Contradiction(CairnError):
    """An invariant does not hold."""


def files(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in workspace.snapshots.iterdir())


def numbers(workspace: Workspace) -> list[dict[str, Any]]:
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as snapshot:
        return snapshot.rows("select distinct number from early union select number from late")


def test_a_snapshot_is_a_file_and_a_manifest_that_names_its_hash(workspace: Workspace) -> None:
    snapshot = publish_number(workspace, 7)
    path = workspace.snapshots / f"snapshot-{snapshot}.duckdb"
    assert files(workspace) == [path.name, path.with_suffix(".json").name]
    manifest = json.loads(path.with_suffix(".json").read_text())
    assert manifest["snapshot"] == snapshot == current_id(workspace)
    assert manifest["sha256"] == file_hash(path)
    assert snapshot.endswith(manifest["sha256"][:8])
    assert manifest["number"] == 7
    assert abs(datetime.fromisoformat(manifest["published_at"]) - datetime.now(UTC)) < timedelta(
        minutes=5
    )
    assert numbers(workspace) == [{"number": 7}]


def test_a_snapshot_can_be_written_by_nobody(workspace: Workspace) -> None:
    path = workspace.snapshots / f"snapshot-{publish_number(workspace, 7)}.duckdb"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_the_builder_cannot_give_the_snapshot_another_name(workspace: Workspace) -> None:
    def build(connection: duckdb.DuckDBPyConnection, into: str) -> dict[str, Any]:
        return {"snapshot": "mine", "sha256": "mine", "published_at": "mine"}

    with closing(Working(workspace.working)) as working:
        snapshot = publish(workspace, working.connection, build, keep=2)
    assert published(workspace) == [snapshot] == [current_id(workspace)]


@pytest.mark.parametrize("hours", [0, -1, -24 * 400])
def test_snapshots_sort_as_they_were_published_though_the_clock_goes_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    stop_clock(monkeypatch, NOON)
    made = [publish_number(workspace, 1)]
    for number in (2, 3, 4):
        stop_clock(monkeypatch, NOON + timedelta(hours=hours * number))
        made.append(publish_number(workspace, number, keep=3))
    assert made == sorted(set(made))
    assert published(workspace) == made[-3:]
    assert current_id(workspace) == made[-1]


def test_the_same_content_published_twice_in_a_second_is_two_snapshots(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_clock(monkeypatch, NOON)
    assert publish_number(workspace, 1) < publish_number(workspace, 1)
    assert len(published(workspace)) == 2


def test_all_is_on_the_disk_before_the_pointer_moves(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(descriptor: int) -> None:
        done.append(f"fsync {Path(f'/proc/self/fd/{descriptor}').readlink().suffix}")
        fsync(descriptor)

    def note_replace(path: Path, target: Path) -> Path:
        done.append(f"rename to {target.suffix or target.name}")
        return replace(path, target)

    publish_number(workspace, 1)
    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    publish_number(workspace, 2)
    assert done == [
        "fsync .duckdb",
        "fsync .part",
        "rename to .json",
        "fsync ",
        "rename to .duckdb",
        "fsync ",
        "fsync .part",
        "rename to CURRENT",
        "fsync ",
    ]


def test_a_snapshot_has_nothing_left_in_a_write_ahead_file(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside: list[list[str]] = []
    hashed = publishing.file_hash

    def look(path: Path) -> str:
        beside.append(files(workspace))
        return hashed(path)

    monkeypatch.setattr(publishing, "file_hash", look)
    publish_number(workspace, 1)
    assert beside == [[".building.duckdb"]]


# --- what fails ---


def failing(connection: duckdb.DuckDBPyConnection, into: str) -> dict[str, Any]:
    connection.execute(f"create table {into}.early as select 8 as number")
    raise Contradiction("an invariant does not hold", "new snapshot", "look at it")


def full(connection: duckdb.DuckDBPyConnection, into: str) -> dict[str, Any]:
    connection.execute(f"create table {into}.early as select 8 as number")
    raise duckdb.IOException('IO Error: Could not write file "/x": No space left on device')


def wrong(connection: duckdb.DuckDBPyConnection, into: str) -> dict[str, Any]:
    connection.execute("select no_such_column")
    return {}


@pytest.mark.parametrize(
    ("build", "error"),
    [(failing, Contradiction), (full, PublishFailed), (wrong, duckdb.BinderException)],
)
def test_a_build_that_fails_leaves_the_last_snapshot_and_nothing_else(
    workspace: Workspace, build: publishing.Build, error: type[Exception]
) -> None:
    snapshot = publish_number(workspace, 7)
    before = files(workspace)
    with closing(Working(workspace.working)) as working:
        with pytest.raises(error):
            publish(workspace, working.connection, build, keep=2)
        assert files(workspace) == before
        attached = working.connection.execute("select database_name from duckdb_databases()")
        assert ("building",) not in attached.fetchall()
    assert current_id(workspace) == snapshot
    assert numbers(workspace) == [{"number": 7}]
    publish_number(workspace, 9)
    assert numbers(workspace) == [{"number": 9}]


def test_a_disk_that_refuses_is_told_in_one_line(workspace: Workspace) -> None:
    with closing(Working(workspace.working)) as working, pytest.raises(PublishFailed) as refused:
        publish(workspace, working.connection, full, keep=2)
    assert str(refused.value) == (
        "/x: no snapshot was written: cannot be used (No space left on device); mend that, then "
        "run `cairn sync`; the last snapshot stays current"
    )


def test_what_a_killed_publishing_left_is_swept_away(workspace: Workspace) -> None:
    workspace.snapshots.mkdir(parents=True)
    for name in (".building.duckdb", ".building.duckdb.wal", ".snapshot-x.json.7.part"):
        (workspace.snapshots / name).write_bytes(b"left")
    (workspace.store / ".CURRENT.7.part").write_bytes(b"left")
    snapshot = publish_number(workspace, 7)
    assert files(workspace) == [f"snapshot-{snapshot}.duckdb", f"snapshot-{snapshot}.json"]
    assert not list(workspace.store.glob(".CURRENT*"))


@pytest.mark.parametrize("name", ["it's here", "näme ☃", 'quo"te', "semi;colon -- x", "a b"])
def test_the_workspace_may_lie_anywhere(tmp_path: Path, name: str) -> None:
    workspace = Workspace(tmp_path / name)
    publish_number(workspace, 7)
    assert numbers(workspace) == [{"number": 7}]


def test_the_workspace_may_be_reached_by_links(tmp_path: Path) -> None:
    real, elsewhere = tmp_path / "real", tmp_path / "elsewhere"
    real.mkdir()
    elsewhere.mkdir()
    (tmp_path / "link").symlink_to(real)
    (real / "store").mkdir()
    (real / "store" / "snapshots").symlink_to(elsewhere)
    publish_number(Workspace(tmp_path / "link"), 7)
    assert len(list(elsewhere.iterdir())) == 2
    for workspace in (Workspace(tmp_path / "link"), Workspace(real)):
        assert numbers(workspace) == [{"number": 7}]
