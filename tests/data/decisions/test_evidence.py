"""Evidence: what is taken as it is, what is refused, and what became of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from data.decisions import evidence
from data.decisions.evidence import Evidence, EvidenceRefused, Kept, evidence_of, take, verify


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "proof.pdf"
    path.write_bytes(b"brought back whole")
    return path


def test_a_file_is_kept_with_the_hash_of_its_bytes(file: Path, tmp_path: Path) -> None:
    found = take(str(file), tmp_path)
    assert found == Evidence("proof.pdf", hashlib.sha256(b"brought back whole").hexdigest(), 18)
    assert evidence_of(found.kept()) == found
    assert verify(found, tmp_path) is Kept.SAME


def test_a_file_elsewhere_is_kept_by_its_whole_path(file: Path, tmp_path: Path) -> None:
    home = tmp_path / "data"
    home.mkdir()
    found = take(str(file), home)
    assert found.place == str(file.resolve())
    assert verify(found, home) is Kept.SAME


def test_a_file_is_named_from_where_the_user_is(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "data"
    home.mkdir()
    monkeypatch.chdir(tmp_path)
    assert take("proof.pdf", home).place == str(file.resolve())
    assert take("proof.pdf", tmp_path).place == "proof.pdf"


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (lambda path: path.write_bytes(b"brought back whole."), Kept.CHANGED),
        (lambda path: path.write_bytes(b"brought back Whole"), Kept.CHANGED),
        (lambda path: path.unlink(), Kept.MISSING),
        (lambda path: path.touch(), Kept.SAME),
    ],
    ids=["longer", "other bytes", "gone", "touched"],
)
def test_what_became_of_a_file_is_told(
    file: Path, tmp_path: Path, change: Callable[[Path], None], kept: Kept
) -> None:
    found = take(str(file), tmp_path)
    change(file)
    assert verify(found, tmp_path) is kept


def test_a_folder_that_is_gone_is_a_missing_file(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "a").write_text("a")
    found = take(str(folder / "a"), tmp_path)
    (folder / "a").unlink()
    folder.rmdir()
    folder.write_text("a file now")
    assert verify(found, tmp_path) is Kept.MISSING


def test_a_file_that_cannot_be_read_now_is_neither_the_same_nor_missing(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = take(str(file), tmp_path)

    def refused(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(evidence.os, "open", refused)
    assert verify(found, tmp_path) is Kept.UNREADABLE
    with pytest.raises(EvidenceRefused, match=r"cannot be read \(Permission denied\)"):
        take(str(file), tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_rights_is_refused(file: Path, tmp_path: Path) -> None:
    file.chmod(0)
    with pytest.raises(EvidenceRefused, match="cannot be read"):
        take(str(file), tmp_path)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(EvidenceRefused, match=r"is no file|Is a directory"):
            take(str(tmp_path / name), tmp_path)
    with pytest.raises(EvidenceRefused, match="No such file"):
        take(str(tmp_path / "gone"), tmp_path)
    (tmp_path / "empty").touch()
    with pytest.raises(EvidenceRefused, match="nothing in it"):
        take(str(tmp_path / "empty"), tmp_path)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(file: Path, tmp_path: Path) -> None:
    assert take(str(file), tmp_path, 18).size == 18
    with pytest.raises(EvidenceRefused, match="has 18 bytes, more than 17"):
        take(str(file), tmp_path, 17)


@pytest.mark.parametrize("how", ["written", "grown", "replaced", "gone"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"something else now")
    os.utime(other, ns=(1, 1))

    class Changing:
        """Lets another write while bytes are hashed."""

        def __init__(self) -> None:
            self.hash = hashlib.new("sha256")
            self.hexdigest = self.hash.hexdigest

        def update(self, piece: bytes) -> None:
            self.hash.update(piece)
            if how == "written":
                file.write_bytes(b"brought back Whole")
            elif how == "grown":
                with file.open("ab") as growing:
                    growing.write(b"!")
            elif how == "replaced":
                other.replace(file)
            else:
                file.unlink(missing_ok=True)

    monkeypatch.setattr(evidence.hashlib, "sha256", Changing)
    os.utime(file, ns=(5, 5))
    with pytest.raises(EvidenceRefused, match=r"changes while it is read|cannot be read"):
        take(str(file), tmp_path)


@pytest.mark.parametrize("address", ["https://wiki.example/a?b=c#d", "http://wiki.example"])
def test_a_link_is_kept_as_it_is_and_not_asked(address: str, tmp_path: Path) -> None:
    found = take(address, tmp_path)
    assert found == Evidence(address)
    assert verify(found, tmp_path) is Kept.NOT_CHECKED


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://me:secret@wiki.example/", "a user or a password"),
        ("https://token@wiki.example/", "a user or a password"),
        ("ftp://wiki.example/", "is no link"),
        ("https://", "is no link"),
        ("https://[wiki/", "is no link"),
        ("https://wiki.example/a b", "is no link"),
        ("https://wiki.example/\x1b", "is no link"),
    ],
)
def test_what_is_no_link_or_would_keep_a_secret_is_refused(
    address: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(EvidenceRefused, match=says) as refused:
        take(address, tmp_path)
    assert "secret" not in str(refused.value)
