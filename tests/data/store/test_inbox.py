"""The inbox: what was kept is there after a crash, whoever writes and reads meanwhile."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from data.store.inbox import Inbox, InboxDamaged, Line, Place, inbox_of
from data.store.workspace import Workspace


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "inbox")


def texts(inbox: Inbox, start: Place | None = None) -> list[bytes | None]:
    return [line.text for line in inbox.lines(start)]


def segments(inbox: Inbox) -> list[str]:
    return sorted(path.name for path in inbox.folder.iterdir() if path.name != "lock")


def test_it_belongs_to_the_archive(tmp_path: Path) -> None:
    folder = inbox_of(Workspace(tmp_path), "lineage").folder
    assert folder == tmp_path / "store" / "archive" / "inbox" / "lineage"
    assert not folder.exists()


def test_what_is_kept_is_read_in_order_from_any_place(inbox: Inbox) -> None:
    inbox.keep([b"one", b"two"])
    inbox.keep([b"three"])
    lines = list(inbox.lines(None))
    assert [line.text for line in lines] == [b"one", b"two", b"three"]
    assert texts(inbox, lines[0].end) == [b"two", b"three"]
    assert texts(inbox, lines[-1].end) == []


def test_nothing_was_kept_yet(inbox: Inbox) -> None:
    assert not inbox.exists
    assert texts(inbox) == []
    assert inbox.waiting_bytes(0) == 0


def test_full_segments_are_followed_by_others_and_compressed_when_they_were_read(
    tmp_path: Path,
) -> None:
    inbox = Inbox(tmp_path / "i", segment_bytes=100)
    events = [b"%d" % number * 20 for number in range(9)]
    for event in events:
        inbox.keep([event])
    lines = list(inbox.lines(None))
    assert [line.text for line in lines] == events
    plain = segments(inbox)
    assert len(plain) > 2
    waiting = inbox.waiting_bytes(0)
    inbox.pack(lines[3].end)
    assert segments(inbox)[0] == "0000000001.jsonl.zst"
    assert inbox.waiting_bytes(0) < waiting
    inbox.pack(lines[-1].end)
    assert [name.endswith(".zst") for name in segments(inbox)] == [True] * (len(plain) - 1) + [
        False
    ]
    assert list(inbox.lines(None)) == lines
    assert texts(inbox, lines[3].end) == events[4:]
    inbox.keep([b"after"])
    assert texts(Inbox(tmp_path / "i"), lines[-1].end) == [b"after"]


def test_the_newest_segment_is_never_compressed(inbox: Inbox) -> None:
    inbox.keep([b"one"])
    inbox.pack(Place(9, 0))
    assert segments(inbox) == ["0000000001.jsonl"]


@given(cut=some.integers(1, 40))
def test_a_line_that_was_cut_off_is_left_out_and_what_follows_is_not_lost(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    inbox = Inbox(tmp_path_factory.mktemp("inbox"))
    inbox.keep([b"whole"])
    (whole,) = inbox.lines(None)
    inbox.keep([b"x" * 40])
    inbox.close()
    path = inbox.folder / "0000000001.jsonl"
    os.truncate(path, path.stat().st_size - cut)
    assert texts(inbox) == [b"whole"]
    again = Inbox(inbox.folder)
    again.keep([b"next"])
    assert texts(again) == [b"whole", b"next"]
    assert texts(again, whole.end) == [b"next"]


@given(data=some.data())
def test_a_byte_that_the_disk_changed_spoils_its_own_event_alone(
    tmp_path_factory: pytest.TempPathFactory, data: Any
) -> None:
    inbox = Inbox(tmp_path_factory.mktemp("inbox"))
    events = [b'{"event": %d}' % number for number in range(5)]
    inbox.keep(events)
    path = inbox.folder / "0000000001.jsonl"
    content = bytearray(path.read_bytes())
    at = data.draw(some.integers(0, len(content) - 1))
    content[at] ^= data.draw(some.integers(1, 255))
    path.write_bytes(content)
    found = texts(inbox)
    assert set(found) <= {*events, None}
    assert len([event for event in found if event]) >= len(events) - 2


def test_when_the_disk_is_full_nothing_half_written_stays(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.keep([b"before"])
    write = os.write

    def full(descriptor: int, content: bytes) -> int:
        if len(content) > 20:
            return write(descriptor, content[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            inbox.keep([b"y" * 60])
    assert (inbox.folder / "0000000001.jsonl").read_bytes().count(b"y") == 0
    inbox.keep([b"after"])
    assert texts(inbox) == [b"before", b"after"]


def test_when_the_next_segment_cannot_be_begun_it_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(tmp_path / "i", segment_bytes=20)
    inbox.keep([b"x" * 20])

    def refused(*_: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    for name in ("open", "ftruncate"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, refused)
            with pytest.raises(OSError, match="Too many"):
                inbox.keep([b"lost"])
        inbox.keep([name.encode()])
    assert texts(inbox) == [b"x" * 20, b"open", b"ftruncate"]


def test_when_the_disk_cannot_be_waited_for_the_event_is_taken_back(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    inbox.keep([b"before"])
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="Input/output"):
            inbox.keep([b"lost"])
    inbox.keep([b"after"])
    assert texts(inbox) == [b"before", b"after"]


def test_what_was_read_and_is_gone_is_told(inbox: Inbox, tmp_path: Path) -> None:
    inbox.keep([b"one", b"two"])
    end = list(inbox.lines(None))[-1].end
    path = inbox.folder / "0000000001.jsonl"
    os.truncate(path, 5)
    with pytest.raises(InboxDamaged, match="has not the"):
        texts(inbox, end)
    path.unlink()
    with pytest.raises(InboxDamaged, match="segment 1, read before, is gone"):
        texts(inbox, end)
    with pytest.raises(InboxDamaged, match="are gone"):
        texts(Inbox(tmp_path / "never"), end)


def test_a_compressed_segment_that_is_damaged_is_told(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "i", segment_bytes=10)
    inbox.keep([b"one"])
    inbox.keep([b"two"])
    inbox.pack(Place(2, 0))
    (tmp_path / "i" / "0000000001.jsonl.zst").write_bytes(b"nonsense")
    with pytest.raises(InboxDamaged, match="segment 1 cannot be read"):
        texts(inbox)


_WRITER = """
import sys
from pathlib import Path
from data.store.inbox import Inbox
inbox = Inbox(Path(sys.argv[1]), segment_bytes=2_000)
for number in range(200):
    inbox.keep([f"{sys.argv[2]} {number}".encode()])
"""


def test_two_processes_write_and_one_reads_and_compresses_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "inbox"
    Inbox(folder).keep([b"first"])
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(folder), name], cwd=Path.cwd())
        for name in ("one", "two")
    ]
    found: list[Line] = []
    while any(writer.poll() is None for writer in writers):
        reading = Inbox(folder, segment_bytes=2_000)
        found += reading.lines(found[-1].end if found else None)
        reading.pack(found[-1].end)
    found += Inbox(folder).lines(found[-1].end)
    assert [writer.returncode for writer in writers] == [0, 0]
    expected = [f"{name} {number}".encode() for name in ("one", "two") for number in range(200)]
    assert sorted(line.text or b"" for line in found) == sorted([b"first", *expected])
    for name in (b"one", b"two"):
        mine = [line.text for line in found if (line.text or b"").startswith(name)]
        assert mine == [b"%b %d" % (name, number) for number in range(200)]


def test_a_reader_sees_nothing_that_the_disk_does_not_have_yet(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.keep([b"before"])
    is_written, may_go_on = threading.Event(), threading.Event()
    fsync = os.fsync

    def slow(descriptor: int) -> None:
        is_written.set()
        may_go_on.wait(20)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    writer = threading.Thread(target=inbox.keep, args=([b"during"],))
    writer.start()
    is_written.wait(20)
    seen: list[bytes | None] = []
    reader = threading.Thread(target=lambda: seen.extend(texts(Inbox(inbox.folder))))
    reader.start()
    reader.join(0.2)
    assert seen == []
    may_go_on.set()
    writer.join()
    reader.join()
    assert seen == [b"before", b"during"]
