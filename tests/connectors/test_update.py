"""One turn of the writer: what it publishes and when, and what it does about what it finds."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors import update as turn
from connectors.interface import Context
from data.configuration import ConfigurationError, load
from data.controls.history import History
from data.facts.build import InvariantBroken, definitions
from data.metrics.definition import definitions as metric_definitions
from data.store.archive import ArchiveDamaged
from data.store.lock import WriterBusy, writing
from data.store.refusal import WorkingDamaged
from data.store.retention import pin, published
from data.store.snapshot import SnapshotReader, current_id
from data.store.working import Touched, Working
from data.store.workspace import Workspace
from tests.connectors import scripted
from tests.connectors.scripted import SCRIPT, set_round, workspace_at
from tests.connectors.turns import (
    configure,
    content_hash,
    everything,
    manifest,
    rebuild,
    silent,
    sync,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setitem(scripted.kinds._CLASSES, "scripted", (scripted.__name__, "Scripted"))
    return workspace_at(tmp_path / "work space's")


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Puts the clock that sources are read by at a moment."""
    context_of = turn.context_of

    def stopped(*given: object) -> Context:
        return replace(context_of(*given), clock=lambda: now)  # type: ignore[arg-type]

    monkeypatch.setattr(turn, "context_of", stopped)


# --- what is published ---


def test_the_manifest_says_what_the_snapshot_was_made_from(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOON)
    done = turn.update(workspace, silent)
    told = manifest(workspace)
    assert (done.is_new, done.snapshot) == (True, told["snapshot"])
    assert [mark["source"] for mark in told["sources"]] == ["one", "two"]
    for mark in told["sources"]:
        assert mark["complete_until"] == mark["read_at"] == NOON.isoformat()
    assert told["as_of"] == NOON.isoformat()
    assert told["configuration"] == load(workspace.configuration).sha256
    assert told["facts"] == definitions()
    assert told["metrics"] == {name: m.sha256 for name, m in metric_definitions().items()}
    assert {len(digest) for digest in told["metrics"].values()} == {64}
    assert told["revision"]
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        assert told["rows"]["gap"] == len(opened.rows("from gap")) > 0
        for table, count in told["rows"].items():
            assert opened.rows(f'select count(*) as n from "{table}"') == [{"n": count}]


def test_turns_of_tests_build_what_follows_them_reads(workspace: Workspace) -> None:
    assert sync(workspace).followed.troubles == ()
    evaluated = History(workspace.folder).last().values()
    assert {one.error for one in evaluated} == {None}
    assert len(manifest(workspace)["facts"]) < len(definitions()) / 2


def test_nothing_new_publishes_nothing_and_touches_no_row(workspace: Workspace) -> None:
    first = sync(workspace)
    before = everything(workspace)
    second = sync(workspace)
    assert (second.is_new, second.snapshot) == (False, first.snapshot)
    assert [result.touched for result in second.sources] == [Touched()] * 2
    after = everything(workspace)
    for table in ("deployment", "service", "gap"):
        assert after[table] == before[table]
    assert published(workspace) == [first.snapshot]


def test_a_changed_row_is_published(workspace: Workspace) -> None:
    first = sync(workspace)
    second = sync(workspace, 2)
    assert second.is_new
    assert published(workspace) == [first.snapshot, second.snapshot]


def test_a_new_day_is_published_though_nothing_happened(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOON)
    sync(workspace)
    at(monkeypatch, NOON + timedelta(hours=11, minutes=59))
    assert not sync(workspace).is_new
    at(monkeypatch, NOON + timedelta(hours=12))
    assert sync(workspace).is_new
    assert manifest(workspace)["as_of"] == "2026-11-22T00:00:00+00:00"
    assert not sync(workspace).is_new


def test_a_changed_configuration_is_published_though_no_source_is_read_anew(
    workspace: Workspace,
) -> None:
    sync(workspace)
    configure(workspace, 'name = "makers"', 'name = "keepers"')
    done = sync(workspace)
    assert done.is_new
    assert [result.pages for result in done.sources] == [0, 0]
    assert not sync(workspace).is_new


def test_a_changed_definition_is_published(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(workspace)
    with monkeypatch.context() as changed:
        changed.setattr(turn, "definitions", lambda: {**definitions(), "one_more": "x"})
        assert sync(workspace).is_new
    assert not sync(workspace).is_new
    fewer = dict(list(metric_definitions().items())[1:])
    monkeypatch.setattr(turn, "metric_definitions", lambda: fewer)
    assert sync(workspace).is_new
    assert manifest(workspace)["metrics"].keys() == fewer.keys()
    assert not sync(workspace).is_new


def test_a_source_that_went_with_nothing_else_changed_is_published(workspace: Workspace) -> None:
    sync(workspace)
    text = workspace.configuration.read_text()
    workspace.configuration.write_text(text[: text.index('[[source]]\nname = "two"')])
    done = sync(workspace)
    assert done.is_new
    assert [mark["source"] for mark in manifest(workspace)["sources"]] == ["one"]


def test_rows_that_were_committed_but_never_published_are_published_by_the_next_turn(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sync(workspace)

    def die(*given: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(turn, "publish", die)
        with pytest.raises(KeyboardInterrupt):
            sync(workspace, 2)
    assert current_id(workspace) == first.snapshot
    done = sync(workspace)
    assert done.is_new
    assert [result.touched for result in done.sources] == [Touched()] * 2


def test_a_failing_source_is_published_with_its_gap_and_the_others(workspace: Workspace) -> None:
    sync(workspace)
    done = sync(workspace, 2)
    assert [len(result.errors) for result in done.sources] == [1, 1]
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        gaps = opened.rows("select id from gap where reason = 'unavailable' order by id")
    assert [gap["id"] for gap in gaps] == [f"gap:{s}:flaky:unavailable" for s in ("one", "two")]


def test_a_broken_invariant_leaves_the_last_snapshot_and_keeps_what_was_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sync(workspace)

    def contradict(*given: object, **named: object) -> dict[str, object]:
        raise InvariantBroken("it does not hold", "new snapshot", "report it")

    with monkeypatch.context() as patched:
        patched.setattr(turn, "build", contradict)
        with pytest.raises(InvariantBroken):
            sync(workspace, 2)
    assert current_id(workspace) == first.snapshot
    assert len(list(workspace.snapshots.iterdir())) == 2
    assert sync(workspace).is_new


def test_only_so_many_snapshots_are_kept_and_the_pinned_one(workspace: Workspace) -> None:
    configure(workspace, "[organisation]", "[organisation]\nkeep_snapshots = 2")
    first = sync(workspace).snapshot
    pin(workspace, first)
    made = []
    for number in range(3):
        configure(workspace, '"Scripted', f'"Scripted {number}')
        made.append(sync(workspace).snapshot)
    assert published(workspace) == [first, *made[-2:]]


# --- who may write ---


def test_a_second_turn_at_the_same_time_is_refused_before_it_touches_anything(
    workspace: Workspace,
) -> None:
    sync(workspace)
    before = workspace.working.read_bytes()
    with writing(workspace, "cairn sync"):
        for another in (sync, rebuild):
            with pytest.raises(WriterBusy, match=r"`cairn sync` .* is still writing here"):
                another(workspace)
    assert workspace.working.read_bytes() == before


def test_a_wrong_configuration_is_refused_before_anything_is_written(workspace: Workspace) -> None:
    configure(workspace, "[organisation]", "[organization]")
    with pytest.raises(ConfigurationError):
        sync(workspace)
    assert not workspace.store.exists()


# --- a working database that is not what it was ---


def test_a_missing_working_database_says_rebuild_and_a_rebuild_brings_all_back(
    workspace: Workspace,
) -> None:
    first = sync(workspace)
    before = everything(workspace)
    workspace.working.unlink()
    with pytest.raises(WorkingDamaged, match=r"working.duckdb: the working database is missing; "):
        sync(workspace)
    assert not workspace.working.exists()
    assert current_id(workspace) == first.snapshot
    rebuild(workspace)
    assert everything(workspace) == before
    assert [result.touched for result in sync(workspace).sources] == [Touched()] * 2


@pytest.mark.parametrize("content", [b"", b"junk" * 9999, None])
def test_a_damaged_working_database_says_rebuild_and_a_rebuild_brings_all_back(
    workspace: Workspace, content: bytes | None
) -> None:
    first = sync(workspace)
    before = everything(workspace)
    whole = workspace.working.read_bytes()
    workspace.working.write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(WorkingDamaged, match="run `cairn rebuild` to derive it again"):
        sync(workspace)
    assert current_id(workspace) == first.snapshot
    rebuild(workspace)
    assert everything(workspace) == before


def test_a_block_that_is_found_damaged_only_while_reading_says_rebuild(
    workspace: Workspace,
) -> None:
    sync(workspace)
    set_round(workspace, 2)
    whole = workspace.working.read_bytes()
    told: list[WorkingDamaged] = []
    for start in range(12_288, len(whole), 262_144):
        workspace.working.write_bytes(whole[: start + 64] + b"damage" + whole[start + 70 :])
        try:
            sync(workspace)
        except WorkingDamaged as error:
            told.append(error)
        workspace.working.write_bytes(whole)
    assert {error.fix for error in told} == {
        "run `cairn rebuild` to derive it again from the archive"
    }


def test_an_older_working_database_catches_up_from_the_log(workspace: Workspace) -> None:
    sync(workspace)
    older = workspace.folder / "backup.duckdb"
    shutil.copy(workspace.working, older)
    for number in (2, 3):
        sync(workspace, number)
    expected = everything(workspace)
    shutil.copy(older, workspace.working)
    (workspace.folder / SCRIPT).unlink()
    sync(workspace)
    found = everything(workspace)
    for table in ("deployment", "service"):
        assert found[table] == expected[table]
    assert len(found["sync_run"]) == len(expected["sync_run"]) + 2


def test_an_archive_older_than_the_working_database_is_told(workspace: Workspace) -> None:
    sync(workspace)
    log = workspace.archive / "log.jsonl"
    older = log.read_bytes()
    first = sync(workspace, 2)
    newer = log.read_bytes()
    log.write_bytes(older)
    for another in (sync, rebuild):
        with pytest.raises(ArchiveDamaged, match=f"it has not the {len(newer):,} bytes"):
            another(workspace)
    assert current_id(workspace) == first.snapshot
    log.write_bytes(newer)
    assert not sync(workspace).is_new


def test_a_write_ahead_file_that_was_lost_is_made_up_from_the_log(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(workspace)
    expected = content_hash(workspace)
    close = Working.close

    def leave_open(working: Working) -> None:
        working.connection.execute("pragma disable_checkpoint_on_shutdown")
        close(working)

    with monkeypatch.context() as patched:
        patched.setattr(Working, "close", leave_open)
        sync(workspace, 3)
    wal = workspace.working.with_name("working.duckdb.wal")
    assert wal.exists()
    wal.unlink()
    assert content_hash(workspace) == expected
    (workspace.folder / SCRIPT).rename(workspace.folder / "away")
    sync(workspace)
    (workspace.folder / "away").rename(workspace.folder / SCRIPT)
    sync(workspace)
    fresh = workspace_at(workspace.folder.parent / "fresh")
    for number in (1, 3):
        sync(fresh, number)
    assert content_hash(workspace) == content_hash(fresh)


# --- a snapshot that is not what it was ---


@pytest.mark.parametrize(
    "damage", ["no pointer", "empty pointer", "wrong pointer", "flipped", "gone"]
)
def test_a_snapshot_that_cannot_be_read_is_published_anew(
    workspace: Workspace, damage: str
) -> None:
    first = sync(workspace).snapshot
    path = workspace.snapshots / f"snapshot-{first}.duckdb"
    match damage:
        case "no pointer":
            workspace.current.unlink()
        case "empty pointer":
            workspace.current.write_text("")
        case "wrong pointer":
            workspace.current.write_text("20200101T000000-00000000\n")
        case "flipped":
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 1
            path.chmod(0o644)
            path.write_bytes(content)
        case _:
            path.unlink()
    done = sync(workspace)
    assert done.is_new
    assert manifest(workspace)["snapshot"] == done.snapshot > first


def test_a_turn_leaves_only_what_belongs_there(workspace: Workspace) -> None:
    sync(workspace)
    (workspace.store / "rebuilding.duckdb").write_bytes(b"left by a killed rebuild")
    sync(workspace, 2)
    rebuild(workspace)
    assert sorted(path.name for path in workspace.store.iterdir()) == [
        "CURRENT",
        "archive",
        "snapshots",
        "tallies.json",
        "working.duckdb",
        "writer.lock",
    ]
    assert {path.suffix for path in workspace.archive.rglob("*") if path.is_file()} == {
        ".jsonl",
        ".zst",
    }


def test_a_mistake_in_the_program_is_not_told_as_trouble_with_the_disk(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistake(
        connection: duckdb.DuckDBPyConnection, *_: object, **__: object
    ) -> dict[str, object]:
        connection.execute("select no_such_column")
        return {}

    monkeypatch.setattr(turn, "build", mistake)
    with pytest.raises(duckdb.BinderException):
        sync(workspace)
