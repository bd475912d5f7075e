"""A file is replaced whole or not at all, and is on the disk when the call returns."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from data import durable
from data.durable import PRIVATE, file_hash, make_folder, remove, write_whole


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "CURRENT"
    for content in (b"first", b"second", b""):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_content_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "CURRENT"
    write_whole(path, b"old")

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_threads_that_write_one_file_leave_what_one_of_them_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sync, others = tmp_path / "file", os.fsync, [threading.Thread]

    def meanwhile(descriptor: int) -> None:
        if others:
            other = others.pop()(target=write_whole, args=(path, b"the other"))
            other.start()
            other.join()
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    write_whole(path, b"the one that was first")
    assert path.read_bytes() == b"the one that was first"
    assert list(tmp_path.iterdir()) == [path]


def test_content_is_on_the_disk_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(descriptor: int) -> None:
        done.append(f"fsync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        fsync(descriptor)

    def note_replace(path: Path, target: Path) -> Path:
        done.append(f"rename to {target.name}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    write_whole(tmp_path / "new" / "file", b"x", tmp_path / "part")
    assert done == [f"fsync {tmp_path.name}", "fsync part", "rename to file", "fsync new"]


def test_every_new_folder_is_made_known_to_the_one_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(durable, "sync_folder", synced.append)
    make_folder(tmp_path / "a" / "b")
    assert synced == [tmp_path, tmp_path / "a"]
    make_folder(tmp_path / "a" / "b")
    assert len(synced) == 2


def test_a_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert file_hash(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_private_file_is_readable_by_nobody_else_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights: list[int] = []
    fsync = os.fsync

    def note_rights(descriptor: int) -> None:
        rights.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note_rights)
    write_whole(tmp_path / "key", b"secret", mode=PRIVATE)
    assert rights[0] == stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_file_is_removed_whether_it_is_there_or_not(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    for _ in range(2):
        remove(tmp_path / "x")
        assert list(tmp_path.iterdir()) == []
