"""Readers see one whole snapshot each, while new ones appear and old ones go."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.errors import CairnError
from data.store import hub, snapshot
from data.store.retention import NoSuchSnapshot, published
from data.store.snapshot import (
    NothingPublished,
    Snapshot,
    SnapshotDamaged,
    SnapshotReader,
    current_id,
)
from data.store.workspace import Workspace
from tests.data.store.snapshots import publish_number

SUMS = "select (select sum(number) from early) as l, (select sum(number) from late) as r"
NOISE = "select max(noise) as noise from early"


@pytest.fixture
def reader(workspace: Workspace) -> Iterator[SnapshotReader]:
    with closing(SnapshotReader(workspace)) as opened:
        yield opened


def number(opened: Snapshot) -> int:
    """The one number that both tables hold, if the snapshot is whole."""
    ((early, late),) = (row.values() for row in opened.rows(SUMS))
    assert early == late == 1000 * opened.manifest["number"]
    return int(early) // 1000


def attached(reader: SnapshotReader) -> int:
    """How many snapshots are attached now."""
    with reader._hub._connection.cursor() as cursor:
        names = cursor.execute("select database_name from duckdb_databases()").fetchall()
    return sum(name.startswith("snapshot_") for (name,) in names)


def database(workspace: Workspace, name: str | None = None) -> Path:
    return workspace.snapshots / f"snapshot-{name or current_id(workspace)}.duckdb"


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(change(content))


# --- which snapshot a reader gets ---


def test_a_new_snapshot_is_seen_at_the_next_reading_and_the_old_one_goes_with_its_last_reader(
    workspace: Workspace, reader: SnapshotReader
) -> None:
    publish_number(workspace, 1)
    with ExitStack() as first_two, reader.reading() as one:
        also_one = first_two.enter_context(reader.reading())
        publish_number(workspace, 2)
        with reader.reading() as two:
            assert [number(each) for each in (one, also_one, two)] == [1, 1, 2]
        first_two.close()
        assert attached(reader) == 2
        assert number(one) == 1
    assert attached(reader) == 1
    with reader.reading() as two:
        assert number(two) == 2


def test_what_is_remembered_is_asked_of_each_snapshot_once(
    workspace: Workspace, reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    run = hub.Snapshot._run

    def note(self: Snapshot, sql: str, *rest: Any) -> Any:
        asked.append(self.id)
        return run(self, sql, *rest)

    monkeypatch.setattr(hub.Snapshot, "_run", note)
    names = [publish_number(workspace, 1), publish_number(workspace, 2)]
    for name in names:
        with reader.reading(name) as opened:
            told = [opened.remembered("from (show tables)") for _ in range(2)]
            assert told[0] == told[1] == opened.rows("from (show tables)")
            assert opened.remembered("select 1 as one") == [{"one": 1}]
    assert asked == [names[0]] * 3 + [names[1]] * 3


def test_the_current_snapshot_stays_open_between_readings(
    workspace: Workspace, reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_number(workspace, 1)
    opened: list[str] = []
    attach = hub.Hub.open

    def note(self: hub.Hub, name: str) -> Snapshot:
        opened.append(name)
        return attach(self, name)

    monkeypatch.setattr(hub.Hub, "open", note)
    for _ in range(3):
        with reader.reading() as one:
            assert number(one) == 1
    assert len(opened) == 1


def test_a_snapshot_that_is_named_is_read_beside_the_current_one_and_goes_after(
    workspace: Workspace, reader: SnapshotReader
) -> None:
    old, new = publish_number(workspace, 1), publish_number(workspace, 2)
    with reader.reading(old) as one, reader.reading() as two, reader.reading(new) as also_two:
        assert [number(each) for each in (one, two, also_two)] == [1, 2, 2]
        assert two.alias == also_two.alias
    assert attached(reader) == 1
    with reader.reading(old) as one:
        assert number(one) == 1
    with reader.reading() as two:
        assert number(two) == 2
    assert attached(reader) == 1


def test_a_snapshot_is_hashed_once_and_again_when_its_file_was_touched(
    workspace: Workspace, reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, _ = publish_number(workspace, 1), publish_number(workspace, 2)
    hashed: list[str] = []
    verify = hub.verified_manifest
    monkeypatch.setattr(hub, "verified_manifest", lambda p: hashed.append(p.name) or verify(p))
    for _ in range(3):
        with reader.reading(old) as one:
            assert number(one) == 1
    assert hashed == [database(workspace, old).name]
    rewrite(database(workspace, old), lambda content: content[:-1] + b"x")
    with pytest.raises(SnapshotDamaged), reader.reading(old):
        pytest.fail("a damaged snapshot was opened")


@pytest.mark.parametrize("name", ["20260101T000000-00000000", "x", "", "../CURRENT", "a'; drop --"])
def test_a_name_that_no_snapshot_has_is_told(
    workspace: Workspace, reader: SnapshotReader, name: str
) -> None:
    made = publish_number(workspace, 1)
    with pytest.raises(NoSuchSnapshot) as refused, reader.reading(name):
        pytest.fail("there is no such snapshot")
    assert made in refused.value.fix


# --- how it answers ---


def test_times_are_utc_wherever_the_machine_stands(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        publish_number(workspace, 1)
        with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
            (row,) = opened.rows(
                "select timestamptz '2026-05-01 00:00:00+00' as at, "
                "date_trunc('day', timestamptz '2026-05-01 20:00:00+00')::varchar as day"
            )
            assert row["at"].utcoffset().total_seconds() == 0
            assert row["day"] == "2026-05-01 00:00:00+00"
            assert opened.as_of.isoformat() == "2026-11-21T12:00:00+00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_parameters_go_by_place_or_by_name(workspace: Workspace, reader: SnapshotReader) -> None:
    publish_number(workspace, 1)
    with reader.reading() as opened:
        assert opened.rows("select ? as a, ? as b", [1, "x"]) == [{"a": 1, "b": "x"}]
        assert opened.rows("select $b as b", {"b": "'; drop"}) == [{"b": "'; drop"}]


def test_a_query_reaches_neither_files_nor_writes(
    workspace: Workspace, reader: SnapshotReader, tmp_path: Path
) -> None:
    publish_number(workspace, 1)
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with reader.reading() as opened:
        for statement in (
            f"from read_csv('{tmp_path}/secret.csv')",
            f"attach '{workspace.working}' as w",
            f"copy (select 1) to '{tmp_path}/out.csv'",
            f"copy (select 1) to '{workspace.store}/out.csv'",
            "create table early (i int)",
            "delete from early",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                opened.query(statement)
        assert number(opened) == 1


def test_what_does_not_fit_into_memory_leaves_nothing_behind(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_number(workspace, 1)
    monkeypatch.chdir(workspace.folder)
    there = list(workspace.folder.rglob("*"))
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
        with reader._hub._connection.cursor() as cursor:
            cursor.execute("set global memory_limit = '60MB'")
        opened.query(
            "select count(*) from (select md5(range::varchar) m from range(2000000) order by m)"
        )
    assert list(workspace.folder.rglob("*")) == there


# --- many at once ---


def test_many_threads_read_while_snapshots_come_and_go(
    workspace: Workspace, reader: SnapshotReader
) -> None:
    publish_number(workspace, 0)
    is_over = threading.Event()

    def read() -> list[int]:
        seen = []
        while not is_over.is_set() or not seen:
            with reader.reading() as opened:
                seen.append(number(opened))
                assert number(opened) == seen[-1]
        return seen

    with ThreadPoolExecutor(8) as threads:
        readings = [threads.submit(read) for _ in range(8)]
        try:
            last = [publish_number(workspace, n, keep=2) for n in range(1, 9)][-1]
        finally:
            is_over.set()
        for reading in readings:
            seen = reading.result()
            assert seen == sorted(seen), "a reader went back in time"
    with reader.reading() as opened:
        assert (opened.id, number(opened)) == (last, 8)
    assert attached(reader) == 1


def test_a_reader_does_not_wait_for_a_new_snapshot_to_be_checked(
    workspace: Workspace, reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_number(workspace, 1)
    with reader.reading() as opened:
        assert number(opened) == 1
    is_checked = threading.Event()
    verify = hub.verified_manifest

    def slowly(path: Path) -> dict[str, Any]:
        assert is_checked.wait(60)
        return verify(path)

    monkeypatch.setattr(hub, "verified_manifest", slowly)
    monkeypatch.setattr(snapshot, "_PATIENCE_SECONDS", 0.01)
    publish_number(workspace, 2)
    for _ in range(5):
        with reader.reading() as opened:
            assert number(opened) == 1
    is_checked.set()
    monkeypatch.setattr(snapshot, "_PATIENCE_SECONDS", 60)
    with reader.reading() as opened:
        assert number(opened) == 2
    assert attached(reader) == 1


def test_the_first_reader_waits_as_there_is_nothing_else_to_show(
    workspace: Workspace, reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_number(workspace, 1)
    monkeypatch.setattr(snapshot, "_PATIENCE_SECONDS", 0)
    with reader.reading() as opened:
        assert number(opened) == 1


def test_a_reader_that_was_too_slow_for_retention_reads_what_is_current_then(
    workspace: Workspace, reader: SnapshotReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = publish_number(workspace, 1), publish_number(workspace, 2, keep=1)
    assert published(workspace) == [new]
    named = iter([old])
    monkeypatch.setattr(snapshot, "current_id", lambda w: next(named, None) or current_id(w))
    with reader.reading() as opened:
        assert number(opened) == 2


def test_two_readers_of_one_process_do_not_disturb_each_other(workspace: Workspace) -> None:
    publish_number(workspace, 1)
    with (
        closing(SnapshotReader(workspace)) as one,
        closing(SnapshotReader(workspace)) as two,
        one.reading() as first,
        two.reading() as second,
    ):
        assert number(first) == number(second) == 1
        publish_number(workspace, 2)
        with one.reading() as third:
            assert number(third) == 2
        assert number(second) == 1


# --- damage ---


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a flipped byte": (".duckdb", lambda p: rewrite(p, flip), "its bytes are not those that were"),
    "cut short": (".duckdb", lambda p: rewrite(p, lambda c: c[:-4096]), "its bytes are not those"),
    "empty": (".duckdb", lambda p: rewrite(p, lambda c: b""), "its bytes are not those that were"),
    "gone": (".duckdb", Path.unlink, r"snapshot-\S+\.duckdb is missing"),
    "manifest gone": (".json", Path.unlink, r"snapshot-\S+\.json is missing"),
    "manifest cut short": (".json", lambda p: rewrite(p, lambda c: c[:40]), "manifest cannot be"),
    "manifest not UTF-8": (".json", lambda p: rewrite(p, lambda c: b"\xff"), "manifest cannot be"),
    "manifest of nothing": (".json", lambda p: rewrite(p, lambda c: b"[]"), "its manifest is not"),
    "manifest of another": (
        ".json",
        lambda p: rewrite(p, lambda c: json.dumps({**json.loads(c), "snapshot": "x"}).encode()),
        "its manifest is not that of this snapshot",
    ),
    "manifest without a hash": (
        ".json",
        lambda p: rewrite(
            p, lambda c: json.dumps({"snapshot": json.loads(c)["snapshot"]}).encode()
        ),
        "its bytes are not those that were published",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_snapshot_is_told_and_published_anew(workspace: Workspace, damage: str) -> None:
    old = publish_number(workspace, 1)
    publish_number(workspace, 2)
    suffix, do, said = DAMAGES[damage]
    do(database(workspace).with_suffix(suffix))
    with closing(SnapshotReader(workspace)) as reader:
        for _ in range(2):
            with pytest.raises(SnapshotDamaged, match=said) as refused, reader.reading():
                pytest.fail("a damaged snapshot was opened")
            assert "\n" not in str(refused.value)
            assert "run `cairn sync` to publish it anew" in refused.value.fix
        with reader.reading(old) as opened:
            assert number(opened) == 1
        publish_number(workspace, 3)
        with reader.reading() as opened:
            assert number(opened) == 3


def test_a_snapshot_damaged_while_it_is_open_is_told_and_the_others_answer(
    workspace: Workspace, reader: SnapshotReader
) -> None:
    old = publish_number(workspace, 1)
    publish_number(workspace, 2)
    with reader.reading(old) as one, reader.reading() as two:
        rewrite(database(workspace), lambda content: content[:12_288] + b"x" * 500_000)
        with pytest.raises(SnapshotDamaged, match=r"Corrupt|Could not read"):
            two.rows(NOISE)
        assert one.rows(NOISE) == [{"noise": "ffeabd223de0d4eacb9a3e6e53e5448d"}]


# --- the pointer ---


def test_before_anything_is_published_the_next_step_is_told(workspace: Workspace) -> None:
    with pytest.raises(NothingPublished, match="nothing has been published here yet; run `cairn s"):
        current_id(workspace)


def test_a_missing_pointer_says_what_is_there(workspace: Workspace, reader: SnapshotReader) -> None:
    made = [publish_number(workspace, n) for n in range(3)]
    workspace.current.unlink()
    said = f"the pointer is missing, though snapshot {made[-1]} and 2 older are there; run `cairn"
    with pytest.raises(NothingPublished, match=said), reader.reading():
        pytest.fail("there is no pointer")
    publish_number(workspace, 9)
    with reader.reading() as opened:
        assert number(opened) == 9


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "the pointer names no snapshot"),
        (b"\xff\xfe\n", "the pointer names no snapshot"),
        (b"../../etc/passwd\n", "the pointer names no snapshot"),
        (b"20260101T000000-0123abcd\n", r"snapshot-20260101T000000-0123abcd.json is missing"),
    ],
)
def test_a_pointer_to_nothing_is_told(
    workspace: Workspace, reader: SnapshotReader, text: bytes, said: str
) -> None:
    publish_number(workspace, 1)
    workspace.current.write_bytes(text)
    with pytest.raises(SnapshotDamaged, match=said), reader.reading():
        pytest.fail("the pointer names nothing")


def test_a_pointer_that_cannot_be_read_is_told(workspace: Workspace) -> None:
    publish_number(workspace, 1)
    workspace.current.unlink()
    workspace.current.mkdir()
    with pytest.raises(CairnError, match=r"CURRENT: cannot be used \(Is a directory\)"):
        current_id(workspace)


def open_files() -> list[str]:
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


def test_no_file_stays_open(workspace: Workspace) -> None:
    publish_number(workspace, 1)
    before = open_files()
    for _ in range(3):
        with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
            assert number(opened) == 1
    assert open_files() == before
