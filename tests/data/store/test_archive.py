"""The archive keeps every page as it came, and tells when it no longer has it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store.archive import Archive, ArchiveDamaged, Event, EventType
from data.store.log import Log

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAYLOAD = b'{"a": 1}\n' * 40


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def page_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "archive").glob("objects/*/*.zst")
    return path


def event(stream: str, at: datetime = NOON) -> Event:
    return Event(EventType.RESET, "web", stream, at, {"note": "é\n"})


def append(archive: Archive, *streams: str, sync: str = "s") -> list[int]:
    with closing(archive.writer(sync)) as log:
        return [log.append(event(stream)) for stream in streams]


# --- pages ---


@given(payload=st.binary(max_size=3000))
def test_any_page_comes_back_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory, payload: bytes
) -> None:
    archive = Archive(tmp_path_factory.getbasetemp() / "any")
    digest = archive.put(payload)
    assert digest == hashlib.sha256(payload).hexdigest()
    assert archive.get(digest) == payload


def test_the_same_page_is_kept_once_and_nothing_else_is(archive: Archive, tmp_path: Path) -> None:
    assert archive.put(PAYLOAD) == archive.put(PAYLOAD)
    before = page_file(tmp_path).stat().st_mtime_ns
    archive.put(PAYLOAD)
    assert page_file(tmp_path).stat().st_mtime_ns == before
    assert [p for p in (tmp_path / "archive").rglob("*") if p.is_file()] == [page_file(tmp_path)]


def test_what_a_kill_left_half_written_is_written_over(archive: Archive, tmp_path: Path) -> None:
    archive.put(b"first")
    part = tmp_path / "archive" / "objects" / "page.part"
    part.write_bytes(b"torn")
    archive.put(PAYLOAD)
    assert not part.exists()


def test_every_flipped_bit_of_a_page_is_noticed(archive: Archive, tmp_path: Path) -> None:
    digest = archive.put(PAYLOAD)
    path = page_file(tmp_path)
    good = path.read_bytes()
    for position in range(len(good)):
        for bit in range(8):
            path.write_bytes(
                good[:position] + bytes([good[position] ^ 1 << bit]) + good[position + 1 :]
            )
            # There are bits that mean nothing to zstd: then the page is as it was.
            with suppress(ArchiveDamaged):
                assert archive.get(digest) == PAYLOAD
    path.write_bytes(good)
    assert archive.get(digest) == PAYLOAD


def test_a_page_that_the_disk_does_not_give_is_told_in_one_line(
    archive: Archive, tmp_path: Path
) -> None:
    digest = archive.put(PAYLOAD)
    path = page_file(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(ArchiveDamaged, match=r"page cannot be read \(Is a directory\)"):
        archive.get(digest)


@pytest.mark.parametrize("length", [0, 1, 5, 20])
def test_a_page_cut_short_is_noticed(archive: Archive, tmp_path: Path, length: int) -> None:
    digest = archive.put(PAYLOAD)
    path = page_file(tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ArchiveDamaged, match="an archived page is damaged"):
        archive.get(digest)


def test_a_page_that_is_gone_is_told_with_the_way_out(archive: Archive, tmp_path: Path) -> None:
    digest = archive.put(PAYLOAD)
    page_file(tmp_path).unlink()
    with pytest.raises(ArchiveDamaged, match="an archived page is missing; restore it from a bac"):
        archive.get(digest)


def test_reading_a_damaged_page_again_at_its_source_mends_it(
    archive: Archive, tmp_path: Path
) -> None:
    digest = archive.put(PAYLOAD)
    page_file(tmp_path).write_bytes(b"garbage")
    assert archive.put(PAYLOAD) == digest
    assert archive.get(digest) == PAYLOAD


# --- the log ---


def test_events_come_back_in_order_with_the_byte_they_end_at(
    archive: Archive, tmp_path: Path
) -> None:
    ends = append(archive, "a", "b", "c")
    assert [(end, e.stream) for end, e in archive.log.events()] == [*zip(ends, "abc", strict=True)]
    assert [e.stream for _, e in archive.log.events(ends[0])] == ["b", "c"]
    assert list(archive.log.events(ends[-1])) == []
    assert (tmp_path / "archive" / "log.jsonl").stat().st_size == ends[-1]
    assert next(archive.events()) == event("a")


def test_the_log_is_in_the_order_of_writing_though_the_clock_goes_back(archive: Archive) -> None:
    for day, stream in ((21, "a"), (3, "b"), (21, "c")):
        with closing(archive.writer("s")) as log:
            log.append(event(stream, NOON.replace(day=day)))
    assert [e.stream for e in archive.events()] == ["a", "b", "c"]


def test_an_archive_nobody_wrote_to_has_no_events_and_no_file(
    archive: Archive, tmp_path: Path
) -> None:
    archive.writer("s").close()
    assert archive.log.is_empty
    assert list(archive.events()) == []
    assert list(tmp_path.iterdir()) == []


@given(cut=st.integers(min_value=0), streams=st.lists(st.text(max_size=4), min_size=1, max_size=6))
def test_a_log_cut_anywhere_keeps_its_whole_lines_and_goes_on_after_them(
    tmp_path_factory: pytest.TempPathFactory, cut: int, streams: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    archive = Archive(folder)
    ends = append(archive, *streams)
    length = cut % (ends[-1] + 1)
    os.truncate(folder / "log.jsonl", length)
    whole = [stream for end, stream in zip(ends, streams, strict=True) if end <= length]
    assert [e.stream for e in archive.events()] == whole
    append(archive, "after")
    assert [e.stream for e in archive.events()] == [*whole, "after"]


def test_a_line_longer_than_a_block_that_was_torn_is_taken_away(
    archive: Archive, tmp_path: Path
) -> None:
    append(archive, "a")
    with (tmp_path / "archive" / "log.jsonl").open("ab") as file:
        file.write(b"x" * 200_000)
    append(archive, "b")
    assert [e.stream for e in archive.events()] == ["a", "b"]


def test_a_log_of_nothing_but_a_torn_line_begins_anew(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "log.jsonl").write_bytes(b'{"type": "pa')
    assert list(archive.events()) == []
    assert append(archive, "a") == [next(archive.log.events())[0]]


@pytest.mark.parametrize("line", [b"{}", b"[1]", b"7", b"\xff", b'{"type": "page"', b""])
def test_a_line_inside_the_log_that_cannot_be_read_is_told(
    archive: Archive, tmp_path: Path, line: bytes
) -> None:
    append(archive, "a", "b")
    path = tmp_path / "archive" / "log.jsonl"
    first, second = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([first, line, second, b""]))
    with pytest.raises(ArchiveDamaged, match=r"log\.jsonl: the line that ends at byte"):
        list(archive.events())


def test_a_log_shorter_than_what_was_read_is_told(archive: Archive, tmp_path: Path) -> None:
    ends = append(archive, "a", "b")
    os.truncate(tmp_path / "archive" / "log.jsonl", ends[0])
    with pytest.raises(ArchiveDamaged, match=f"it has not the {ends[1]:,} bytes"):
        list(archive.log.events(ends[1]))
    (tmp_path / "archive" / "log.jsonl").unlink()
    with pytest.raises(ArchiveDamaged, match="the log of the archive is missing"):
        list(archive.log.events(ends[1]))


@pytest.mark.parametrize("odd", ["caf\udce9", object(), {1, 2}])
def test_what_json_or_unicode_cannot_tell_is_not_written(
    archive: Archive, tmp_path: Path, odd: object
) -> None:
    append(archive, "a")
    with closing(archive.writer("s")) as log, pytest.raises((ValueError, TypeError)):
        log.append(Event(EventType.PAGE, "web", "s", NOON, {"odd": odd}))
    assert [e.stream for e in archive.events()] == ["a"]


def test_an_event_is_on_the_disk_when_it_is_appended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    path = tmp_path / "log.jsonl"
    monkeypatch.setattr(os, "fsync", lambda descriptor: sizes.append(path.stat().st_size))
    with closing(Log(path).writer("s")) as log:
        ends = [log.append(event("a")), log.append(event("b"))]
    assert sizes == [0, *ends]


@pytest.fixture(autouse=True)
def _no_file_stays_open() -> Iterator[None]:
    before = len(list(Path("/proc/self/fd").iterdir()))
    yield
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
