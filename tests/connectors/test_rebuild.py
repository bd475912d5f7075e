"""A rebuild derives from the archive, offline, what the syncs had derived from the sources."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connectors import update as writer
from connectors.interface import Connector
from connectors.rebuild import PageRefused
from connectors.update import NothingArchived
from data.controls.catalogue import catalogue
from data.controls.history import History
from data.controls.kept import is_kept
from data.ledger.entry import Asked
from data.ledger.ledger import Ledger
from data.store.archive import Archive, ArchiveDamaged
from data.store.lock import WriterBusy, writing
from data.store.log import EventType
from data.store.manifest import NothingPublished, current_id
from data.store.working import Touched
from data.store.workspace import Workspace
from data.trail import turn
from tests.connectors import scripted
from tests.connectors.scripted import SCRIPT, workspace_at
from tests.connectors.turns import (
    configure,
    content_hash,
    everything,
    manifest,
    rebuild,
    silent,
    sync,
)


@pytest.fixture
def workspace(evaluated: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The same where no control is evaluated: rows are looked at here, and that takes its time."""
    monkeypatch.setattr(turn, "_evaluated", lambda *_: [])
    return evaluated


@pytest.fixture
def evaluated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setitem(scripted.kinds._CLASSES, "scripted", (scripted.__name__, "Scripted"))
    return workspace_at(tmp_path / "workspace")


def remove_two(workspace: Workspace) -> str:
    """Takes the second source out; returns the configuration before."""
    text = workspace.configuration.read_text()
    workspace.configuration.write_text(text[: text.index('[[source]]\nname = "two"')])
    return text


def same_after_rebuild(workspace: Workspace) -> None:
    """Rebuilds without the source, and finds every row, stream and run as it was."""
    before, hash_before = everything(workspace), content_hash(workspace)
    script = workspace.folder / SCRIPT
    script.rename(workspace.folder / "away")
    done = rebuild(workspace)
    (workspace.folder / "away").rename(script)
    assert everything(workspace) == before
    assert done.content_hash == hash_before == content_hash(workspace)


def some_page(workspace: Workspace, source: str = "two") -> Path:
    """The file of a page that only one source has."""
    of: dict[str, set[str]] = {}
    for event in Archive(workspace.archive).events():
        if event.type is EventType.PAGE:
            of.setdefault(event.detail["sha256"], set()).add(event.source)
    digest = next(digest for digest, sources in of.items() if sources == {source})
    return workspace.archive / "objects" / digest[:2] / f"{digest[2:]}.zst"


def test_every_row_stream_and_run_is_as_it_was(workspace: Workspace) -> None:
    for number in (1, 1, 2, 3):
        sync(workspace, number)
        same_after_rebuild(workspace)
    assert [result.touched for result in sync(workspace).sources] == [Touched()] * 2


def test_a_rebuild_publishes_what_it_derived(workspace: Workspace) -> None:
    first = sync(workspace)
    before = manifest(workspace)
    done = rebuild(workspace)
    assert done.is_new
    assert current_id(workspace) == done.snapshot > first.snapshot
    after = manifest(workspace)
    for part in ("as_of", "sources", "rows", "facts", "configuration"):
        assert after[part] == before[part]
    assert not sync(workspace).is_new


def test_what_is_rebuilt_is_evaluated_and_logged_as_after_a_sync(evaluated: Workspace) -> None:
    synced = writer.update(evaluated, silent)
    told = {entry.id for entry in Ledger(evaluated.folder).entries(Asked())}
    done = writer.rebuild(evaluated, silent)
    assert done.followed.troubles == ()
    assert done.followed.flips == ()
    entries = Ledger(evaluated.folder).entries(Asked())
    more = [one.id for one in entries if one.id not in told and one.kind != "log.verified"]
    assert more == [f"snapshot.published:{done.snapshot}"], "nothing is told twice"
    last = History(evaluated.folder).last()
    assert {one.snapshot for one in last.values()} == {done.snapshot}
    assert last.keys() == catalogue().controls.keys()
    assert is_kept(evaluated, done.snapshot)
    assert writer.update(evaluated, silent).followed.entries == 0
    assert synced.snapshot < done.snapshot


def test_after_settings_changed_and_sources_came_and_went(workspace: Workspace) -> None:
    sync(workspace)
    configure(workspace, "size = 9", "size = 5")
    sync(workspace, 2)
    same_after_rebuild(workspace)
    whole = remove_two(workspace)
    sync(workspace)
    same_after_rebuild(workspace)
    workspace.configuration.write_text(whole)
    sync(workspace, 3)
    same_after_rebuild(workspace)


def test_what_outlived_changed_settings_is_rebuilt(workspace: Workspace) -> None:
    configure(workspace, "size = 9", "size = 9\nis_remembering = true")
    sync(workspace)
    configure(workspace, "size = 9", "size = 5")
    sync(workspace, 2)
    same_after_rebuild(workspace)
    names = {row["name"] for row in everything(workspace)["service"]}
    assert {"from 0 to 1", "from 1 to 2"} <= names
    configure(workspace, "is_remembering = true", "")
    sync(workspace, 3)
    same_after_rebuild(workspace)


def test_what_a_reset_took_back_is_not_even_read(workspace: Workspace) -> None:
    configure(workspace, "size = 9", "size = 10")
    sync(workspace)
    old_page = some_page(workspace)
    configure(workspace, "size = 10", "size = 5")
    sync(workspace, 2)
    old_page.unlink()
    same_after_rebuild(workspace)


def test_a_source_that_was_removed_since_the_last_sync_is_left_out_for_good(
    workspace: Workspace,
) -> None:
    sync(workspace)
    whole = remove_two(workspace)
    rebuild(workspace)
    assert {row["source"] for row in everything(workspace)["deployment"]} == {"one"}
    assert [mark["source"] for mark in manifest(workspace)["sources"]] == ["one"]
    workspace.configuration.write_text(whole)
    assert sync(workspace, 3).sources[1].touched.inserted > 0
    same_after_rebuild(workspace)


def test_settings_that_changed_since_the_last_sync_lose_nothing(workspace: Workspace) -> None:
    sync(workspace)
    before = content_hash(workspace)
    configure(workspace, "size = 9", "size = 5")
    assert rebuild(workspace).content_hash == before
    sync(workspace)
    same_after_rebuild(workspace)


def test_pages_of_another_kind_stop_a_rebuild_until_their_settings_are_back(
    workspace: Workspace,
) -> None:
    sync(workspace)
    before, settings = content_hash(workspace), ('kind = "scripted"\nsize = 9', 'kind = "demo"')
    configure(workspace, *settings)
    with pytest.raises(PageRefused, match=r"read with other settings.*put its old settings back"):
        rebuild(workspace)
    assert content_hash(workspace) == before
    configure(workspace, *reversed(settings))
    assert rebuild(workspace).content_hash == before


def test_rows_that_a_better_mapping_would_derive_are_derived(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(workspace)
    before = content_hash(workspace)
    monkeypatch.setattr(scripted, "START", scripted.START.replace(year=2025))
    assert rebuild(workspace).content_hash != before
    assert everything(workspace)["deployment"][0]["deployed_at"].year == 2025


# --- what stops it ---


def test_nothing_archived_is_nothing_to_rebuild(workspace: Workspace) -> None:
    with pytest.raises(NothingArchived, match="nothing has been archived here yet; run `cairn sy"):
        rebuild(workspace)
    with pytest.raises(NothingPublished):
        current_id(workspace)


def test_a_rebuild_beside_a_sync_is_refused(workspace: Workspace) -> None:
    sync(workspace)
    with writing(workspace, "cairn sync"), pytest.raises(WriterBusy, match="`cairn sync`"):
        rebuild(workspace)


@pytest.mark.parametrize("damage", ["gone", "flipped", "short", "empty"])
def test_a_damaged_page_stops_a_rebuild_and_all_is_there_once_it_is_mended(
    workspace: Workspace, damage: str
) -> None:
    configure(workspace, "size = 9", "size = 10")
    first = sync(workspace)
    before = everything(workspace)
    page = some_page(workspace)
    whole = page.read_bytes()
    match damage:
        case "gone":
            page.unlink()
        case "flipped":
            page.write_bytes(whole[:30] + bytes([whole[30] ^ 4]) + whole[31:])
        case "short":
            page.write_bytes(whole[:30])
        case _:
            page.write_bytes(b"")
    with pytest.raises(ArchiveDamaged) as refused:
        rebuild(workspace)
    assert refused.value.where == str(page)
    assert "restore it from a backup; without one, take its source out" in refused.value.fix
    assert everything(workspace) == before
    assert current_id(workspace) == first.snapshot
    assert [result.touched for result in sync(workspace).sources] == [Touched()] * 2
    before = everything(workspace)
    page.write_bytes(whole)
    rebuild(workspace)
    assert everything(workspace) == before


def test_the_way_out_without_a_backup_leads_out(workspace: Workspace) -> None:
    configure(workspace, "size = 9", "size = 10")
    sync(workspace)
    before = content_hash(workspace)
    some_page(workspace).write_bytes(b"lost")
    workspace.working.unlink()
    whole = remove_two(workspace)
    rebuild(workspace)
    workspace.configuration.write_text(whole)
    sync(workspace)
    assert content_hash(workspace) == before
    same_after_rebuild(workspace)


def test_a_log_line_torn_by_a_crash_was_never_applied(workspace: Workspace) -> None:
    sync(workspace)
    log = workspace.archive / "log.jsonl"
    size = log.stat().st_size
    with log.open("ab") as file:
        file.write(log.read_bytes()[:200])
    same_after_rebuild(workspace)
    sync(workspace, 2)
    assert log.read_bytes()[size : size + 1] == b"{"
    same_after_rebuild(workspace)


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_log_that_lost_its_end_replaces_no_good_database(
    workspace: Workspace, is_gone: bool
) -> None:
    first = sync(workspace)
    before = everything(workspace)
    log = workspace.archive / "log.jsonl"
    if is_gone:
        log.unlink()
    else:
        os.truncate(log, log.stat().st_size - 50)
    with pytest.raises(ArchiveDamaged, match=r"restore the file from a backup; without one, move"):
        rebuild(workspace)
    assert everything(workspace) == before
    assert current_id(workspace) == first.snapshot


def test_the_way_out_of_a_lost_log_leads_out(workspace: Workspace) -> None:
    sync(workspace)
    before = content_hash(workspace)
    (workspace.archive / "log.jsonl").write_bytes(b"garbage\n")
    with pytest.raises(ArchiveDamaged):
        sync(workspace)
    (workspace.archive / "log.jsonl").rename(workspace.folder / "log.jsonl")
    workspace.working.rename(workspace.folder / "working.duckdb")
    sync(workspace)
    assert content_hash(workspace) == before
    same_after_rebuild(workspace)


def test_a_page_that_can_no_longer_be_mapped_stops_a_rebuild_with_the_old_database_in_place(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(workspace)
    before = everything(workspace)

    def refuse(connector: Connector, stream: str, payload: bytes) -> list[object]:
        raise KeyError("renamed")

    with monkeypatch.context() as patched:
        patched.setattr(scripted.Scripted, "rows", refuse)
        with pytest.raises(
            PageRefused, match=r"one: a page of deployments cannot be stored \(KeyErr"
        ):
            rebuild(workspace)
    assert everything(workspace) == before


def test_a_damaged_old_database_and_what_lies_beside_it_do_not_matter(
    workspace: Workspace,
) -> None:
    sync(workspace)
    before = everything(workspace)
    workspace.working.write_bytes(b"junk")
    workspace.working.with_name("working.duckdb.wal").write_bytes(b"junk")
    workspace.working.with_name("rebuilding.duckdb").write_bytes(b"junk")
    workspace.working.with_name("rebuilding.duckdb.wal").write_bytes(b"junk")
    rebuild(workspace)
    assert everything(workspace) == before
    assert not list(workspace.store.glob("*.wal"))
